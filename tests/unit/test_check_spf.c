/* The check spf: number and spelling of SPF records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/check/spf_text.h"
#include "tests/unit/zone_view.h"

#define UNKNOWN_ROWS "spf-none ? example.com\nspf-multiple ? example.com\nspf-version-typo ? example.com\n"
#define TYPO "spf-none warning example.com\nspf-version-typo warning example.com"

static const struct zone_case worlds[] = {
	{ "one record", "example.com. 300 IN TXT \"v=spf1 mx -all\"\n", "" },
	{ "one record in capitals, beside others",
	  "example.com. 300 IN TXT \"V=SPF1 mx -all\"\nexample.com. 300 IN TXT \"x\"\n", "" },
	{ "the version alone", "example.com. 300 IN TXT \"v=spf1\"\n", "" },
	{ "split inside the version", "example.com. 300 IN TXT \"v=s\" \"pf1 mx -all\"\n", "" },
	{ "no TXT", "example.com. 300 IN A 20.0.0.1\n", "spf-none warning example.com" },
	{ "no such domain", "example.org. 300 IN A 20.0.0.1\n", "spf-none warning example.com" },
	{ "other TXT", "example.com. 300 IN TXT \"google-site-verification=x\"\n", "spf-none warning example.com" },
	{ "a Sender ID record is none", "example.com. 300 IN TXT \"spf2.0/mfrom +mx\"\n",
	  "spf-none warning example.com" },
	{ "a name is none", "example.com. 300 IN TXT \"spf1.example.org\"\n", "spf-none warning example.com" },
	{ "declared not to send", "example.com. 300 IN A 20.0.0.1\n", "spf-none info example.com", { .send = MXW_NO } },
	{
		"two records",
		"example.com. 300 IN TXT \"v=spf1 mx ~all\"\nexample.com. 300 IN TXT \"v=spf1 a -all\"\n",
		"spf-multiple critical example.com",
	},
	{
		"two records, each denying all",
		"example.com. 300 IN TXT \"v=spf1 -all\"\nexample.com. 300 IN TXT \"v=spf1  -all\"\n",
		"spf-multiple critical example.com",
	},
	{
		"two records, declared not to send",
		"example.com. 300 IN TXT \"v=spf1 mx ~all\"\nexample.com. 300 IN TXT \"v=spf1 a -all\"\n",
		"spf-multiple warning example.com",
		{ .send = MXW_NO },
	},
	{ "the same record twice",
	  "example.com. 300 IN TXT \"v=spf1 mx ~all\"\nexample.com. 300 IN TXT \"v=spf1 mx ~all\"\n", "" },
	{ "semicolon", "example.com. 300 IN TXT \"v=spf1; mx -all\"\n", TYPO },
	{ "comma", "example.com. 300 IN TXT \"v=spf1,mx,-all\"\n", TYPO },
	{ "space in the version", "example.com. 300 IN TXT \"v=spf 1 mx -all\"\n", TYPO },
	{ "no tag", "example.com. 300 IN TXT \"spf1 mx -all\"\n", TYPO },
	{ "version 10", "example.com. 300 IN TXT \"v=spf10 mx -all\"\n", TYPO },
	{ "leading space", "example.com. 300 IN TXT \" v=spf1 mx -all\"\n", TYPO },
	{ "leading quote", "example.com. 300 IN TXT \"\\\"v=spf1 mx -all\\\"\"\n", TYPO },
	{ "byte order mark", "example.com. 300 IN TXT \"\\239\\187\\191v=spf1 mx -all\"\n", TYPO },
	{ "smart quotes", "example.com. 300 IN TXT \"\\226\\128\\156v=spf1 mx -all\\226\\128\\157\"\n", TYPO },
	{
		"declared not to send, misspelt",
		"example.com. 300 IN TXT \" v=spf1 -all\"\n",
		"spf-none info example.com\nspf-version-typo info example.com",
		{ .send = MXW_NO },
	},
	{ "misspelt beside a good one",
	  "example.com. 300 IN TXT \" v=spf1 -all\"\nexample.com. 300 IN TXT \"v=spf1 -all\"\n", "" },
	{ "SERVFAIL", "example.com TXT SERVFAIL\n", "dns-servfail unknown example.com/TXT\n" UNKNOWN_ROWS },
	{ "TIMEOUT", "example.com TXT TIMEOUT\n", "dns-timeout unknown example.com/TXT\n" UNKNOWN_ROWS },
	{ "TRUNCATED", "example.com TXT TRUNCATED\n", "dns-truncated unknown example.com/TXT\n" UNKNOWN_ROWS },
	{ "FORMERR", "example.com TXT FORMERR\n", "dns-malformed unknown example.com/TXT\n" UNKNOWN_ROWS },
	{ "BOGUS", "example.com TXT BOGUS\n", "dnssec-bogus unknown example.com/TXT\n" UNKNOWN_ROWS },
	{ "REFUSED", "example.com TXT REFUSED\n", UNKNOWN_ROWS },
	{ "REFERRAL", "example.com TXT REFERRAL\n", UNKNOWN_ROWS },
	{ "FILTERED", "example.com TXT FILTERED\n", UNKNOWN_ROWS },
	{ "never answered", "example.com TXT UNANSWERED\n", UNKNOWN_ROWS },
	{ "a circle", "example.com. 300 IN CNAME example.com.\n",
	  "dns-cname-loop unknown example.com/TXT\n" UNKNOWN_ROWS },
};

static void test_worlds(void **state)
{
	zone_view_run(&mxw_check_spf, worlds, MXW_ARRAY_SIZE(worlds));
}

static void assert_fix(const char *zone, const struct mxw_profile *profile, const char *id, const char *expect)
{
	struct zone_case world = { "fix", zone, "", .profile = *profile };
	struct mxw_findings findings = { 0 };
	struct mxw_strbuf fix = MXW_STRBUF_INIT;
	zone_view_judge(&mxw_check_spf, &world, &findings);
	const struct mxw_finding_def *def = mxw_check_find_finding(id, NULL);
	const struct mxw_finding *finding = mxw_findings_get(&findings, def, "example.com");
	assert_non_null(finding);
	mxw_finding_expand(finding, def->fix, &fix);
	if (strncmp(mxw_strbuf_get(&fix), expect, strlen(expect)) != 0)
		fail_msg("expected \"%s\", got \"%s\"", expect, mxw_strbuf_get(&fix));
	mxw_strbuf_done(&fix);
	mxw_findings_done(&findings);
}

static void test_fixes(void **state)
{
	const struct mxw_profile plain = { 0 };
	struct mxw_ip ips[2];
	assert_int_equal(mxw_ip_parse("20.0.0.1", &ips[0]), 0);
	assert_int_equal(mxw_ip_parse("2a00:1::1", &ips[1]), 0);
	const struct mxw_profile sender = { .send_ip = ips, .n_send_ip = 2 };
	assert_fix("example.com. 300 IN A 20.0.0.1\n", &plain, "spf-none",
		   "example.com. 3600 IN TXT \"v=spf1 mx -all\" ;");
	assert_fix("example.com. 300 IN A 20.0.0.1\n", &sender, "spf-none",
		   "example.com. 3600 IN TXT \"v=spf1 mx ip4:20.0.0.1 ip6:2a00:1::1 -all\" ;");
	assert_fix("example.com. 300 IN TXT \"v=spf1; mx -all\"\n", &plain, "spf-version-typo",
		   "example.com. 300 IN TXT \"v=spf1 mx -all\"");
	assert_fix("example.com. 300 IN TXT \"\\226\\128\\156v=spf 1 mx -all\\226\\128\\157\"\n", &plain,
		   "spf-version-typo", "example.com. 300 IN TXT \"v=spf1 mx -all\"");
	assert_fix("example.com. 300 IN TXT \"v=spf1 mx include:a.org ~all\"\n"
		   "example.com. 300 IN TXT \"v=spf1 INCLUDE:a.org a redirect=b.org -all\"\n",
		   &plain, "spf-multiple",
		   "example.com. 300 IN TXT \"v=spf1 mx include:a.org a -all\" ; and delete the other 2");
	assert_fix("example.com. 300 IN TXT \"v=spf1 a\"\nexample.com. 300 IN TXT \"v=spf1 redirect=b.org\"\n", &plain,
		   "spf-multiple", "example.com. 300 IN TXT \"v=spf1 a redirect=b.org\"");
}

/* What a stranger's text may hold neither ends the reading early nor passes into the record. */
static void test_octets(void **state)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	char octets[600];
	memset(octets, 'a', sizeof(octets));
	mxw_spf_text_quote("\"\\\0\x7f ", 5, &text);
	assert_string_equal(mxw_strbuf_get(&text), "\"\\\"\\\\\\000\\127 \"");
	mxw_strbuf_clear(&text);
	mxw_spf_text_quote(octets, sizeof(octets), &text);
	assert_int_equal(text.len, sizeof(octets) + 2 + 2 * 3);
	mxw_strbuf_clear(&text);
	assert_false(mxw_spf_text_correct("v\0spf1", 6, &text));
	assert_false(mxw_spf_text_correct("", 0, &text));
	assert_true(mxw_spf_text_correct("v=spf1\0mx", 9, &text));
	mxw_strbuf_done(&text);
}

static void test_coverage(void **state)
{
	static const char *const list[] = {
		"spf-none info warning",         "spf-multiple warning critical",
		"spf-version-typo info warning", "dns-servfail unknown",
		"dns-timeout unknown",           "dns-truncated unknown",
		"dns-malformed unknown",         "dns-cname-loop unknown",
		"dnssec-bogus unknown",          NULL,
	};
	zone_view_assert_covered(&mxw_check_spf, list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worlds),
		cmocka_unit_test(test_fixes),
		cmocka_unit_test(test_octets),
		cmocka_unit_test(test_coverage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
