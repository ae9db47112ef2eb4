/* Where the records that fixes propose belong: nothing stands beside a CNAME, and no TTL is what a cache has left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "tests/unit/zone_view.h"

/* shop.example.com is an alias: of a name of ours, of one of others. */
#define OURS "shop.example.com. 300 IN CNAME www.example.com.\n"
#define OTHERS "shop.example.com. 300 IN CNAME c.example.org.\n"
#define HOST "a.example.com. 300 IN A 20.0.0.1\n"

struct row {
	const struct mxw_check *check;
	const char *zone, *id, *subject, *fix;
};

static void assert_fix(const struct row *row)
{
	const struct zone_case world = { "place", row->zone, "", .domain = "shop.example.com" };
	struct mxw_findings findings = { 0 };
	struct mxw_strbuf fix = MXW_STRBUF_INIT;
	zone_view_judge(row->check, &world, &findings);
	const struct mxw_finding *finding = mxw_findings_get(&findings, mxw_check_find_finding(row->id, NULL),
							     row->subject);
	if (!finding || finding->vote != MXW_VOTE_YES)
		fail_msg("no %s of %s in\n%s", row->id, row->subject, row->zone);
	mxw_finding_expand(finding, finding->def->fix, &fix);
	assert_string_equal(mxw_strbuf_get(&fix), row->fix);
	mxw_strbuf_done(&fix);
	mxw_findings_done(&findings);
}

static void test_mx(void **state)
{
	static const struct row rows[] = {
		{ &mxw_check_mx, OURS "www.example.com. 400 IN MX 10 a.example.com.\n" HOST, "mx-single",
		  "shop.example.com",
		  "www.example.com. 400 IN MX 20 <second-host>. ; put the name of another mail host here" },
		{ &mxw_check_mx, OTHERS "c.example.org. 400 IN MX 10 a.example.com.\n" HOST, "mx-single",
		  "shop.example.com",
		  "shop.example.com. 400 IN MX 20 <second-host>. ; in place of the CNAME ; put the name of another "
		  "mail host "
		  "here" },
		{ &mxw_check_mx, OTHERS "c.example.org. 300 IN A 20.0.0.1\n", "mx-implicit", "shop.example.com",
		  "shop.example.com. 3600 IN MX 10 <your-mail-host>. ; in place of the CNAME ; put the name of your "
		  "mail host "
		  "here" },
		{ &mxw_check_mx, OURS "www.example.com. 300 IN A 20.0.0.1\nmail.shop.example.com. 300 IN A 20.0.0.1\n",
		  "mx-implicit", "shop.example.com", "www.example.com. 3600 IN MX 10 mail.shop.example.com." },
		{ &mxw_check_mx,
		  OTHERS
		  "c.example.org. 300 IN MX 10 a.example.com.\nc.example.org. 300 IN MX 20 a.example.com.\n" HOST,
		  "mx-duplicate", "a.example.com", "; delete c.example.org. 300 IN MX 20 a.example.com." },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		assert_fix(&rows[i]);
}

static void test_spf(void **state)
{
	static const struct row rows[] = {
		{ &mxw_check_spf, OURS "www.example.com. 300 IN A 20.0.0.1\n", "spf-none", "shop.example.com",
		  "www.example.com. 3600 IN TXT \"v=spf1 mx -all\" ; begin with ~all while you look for all senders\n"
		  "www.example.com. 3600 IN TXT \"v=spf1 -all\" ; if the domain sends no mail" },
		{ &mxw_check_spf, OTHERS "c.example.org. 300 IN A 20.0.0.1\n", "spf-none", "shop.example.com",
		  "shop.example.com. 3600 IN TXT \"v=spf1 mx -all\" ; in place of the CNAME ; begin with ~all while "
		  "you look for "
		  "all senders\n"
		  "shop.example.com. 3600 IN TXT \"v=spf1 -all\" ; in place of the CNAME ; if the domain sends no "
		  "mail" },
		{ &mxw_check_spf, OURS "www.example.com. 300 IN TXT \"v=spf1 a\"\n", "spf-no-all", "shop.example.com",
		  "www.example.com. 300 IN TXT \"v=spf1 a -all\"" },
		{ &mxw_check_spf, OTHERS "c.example.org. 300 IN TXT \"v=spf1 a\"\n", "spf-no-all", "shop.example.com",
		  "shop.example.com. 300 IN TXT \"v=spf1 a -all\" ; in place of the CNAME" },
		{ &mxw_check_spf, OTHERS "c.example.org. 300 IN TXT \"v=spf1; a -all\"\n", "spf-version-typo",
		  "shop.example.com", "shop.example.com. 300 IN TXT \"v=spf1 a -all\" ; in place of the CNAME" },
		/* What is included is ours where its alias ends, not where it begins. */
		{ &mxw_check_spf,
		  "shop.example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.1 include:b.example.com -all\"\n"
		  "b.example.com. 300 IN CNAME b.example.org.\nb.example.org. 300 IN TXT \"v=spf1 ip4:300.0.0.1 "
		  "-all\"\n",
		  "spf-syntax", "b.example.com",
		  "b.example.org. 300 IN TXT \"v=spf1 ~all\" ; without \"ip4:300.0.0.1\" nobody is left who may send: "
		  "list "
		  "those that do\n"
		  "shop.example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.1 -all\" ; until then, without "
		  "\"include:b.example.com\"" },
		{ &mxw_check_spf,
		  "shop.example.com. 300 IN TXT \"v=spf1 include:b.example.com -all\"\nb.example.com. 300 IN CNAME "
		  "c.example.com.\nc.example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.1 ip4:300.0.0.1 -all\"\n",
		  "spf-syntax", "b.example.com", "c.example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.1 -all\"\n" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		assert_fix(&rows[i]);
}

/* Below five minutes it is most likely the rest of a longer time. */
static void test_ttl(void **state)
{
	static const struct row rows[] = {
		{ &mxw_check_mx, "shop.example.com. 299 IN MX 10 a.example.com.\n" HOST, "mx-single",
		  "shop.example.com",
		  "shop.example.com. 3600 IN MX 20 <second-host>. ; put the name of another mail host here" },
		{ &mxw_check_mx, "shop.example.com. 37 IN MX 10 mail.local.\n", "mx-target-special", "mail.local",
		  "shop.example.com. 3600 IN MX 10 <your-mail-host>. ; put the name of your mail host here" },
		{ &mxw_check_spf, "shop.example.com. 37 IN TXT \"v=spf1 a\"\n", "spf-no-all", "shop.example.com",
		  "shop.example.com. 3600 IN TXT \"v=spf1 a -all\"" },
		{ &mxw_check_spf, "shop.example.com. 300 IN TXT \"v=spf1 a\"\n", "spf-no-all", "shop.example.com",
		  "shop.example.com. 300 IN TXT \"v=spf1 a -all\"" },
	};
	struct mxw_findings findings = { 0 };
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		assert_fix(&rows[i]);
	/* The finding about the TTL tells what was seen. */
	const struct zone_case world = { "ttl", rows[0].zone, "", .domain = "shop.example.com" };
	zone_view_judge(&mxw_check_mx, &world, &findings);
	const struct mxw_finding *finding = mxw_findings_get(&findings, mxw_check_find_finding("mx-ttl", NULL),
							     "shop.example.com");
	assert_non_null(finding);
	mxw_finding_expand(finding, finding->def->message, &text);
	assert_string_equal(mxw_strbuf_get(&text), "the MX TTL of shop.example.com is 299 s");
	mxw_strbuf_done(&text);
	mxw_findings_done(&findings);
}

/* Only what somebody meant to be a host is proposed as one. */
static void test_hosts(void **state)
{
#define MX(name) "shop.example.com. 300 IN MX 10 " name ".\n"
#define CANDIDATE "shop.example.com. 300 IN MX 10 <your-mail-host>. ; put the name of your mail host here\n"
	static const struct row rows[] = {
		{ &mxw_check_mx, MX("a.example.com"), "mx-all-dead", "shop.example.com",
		  CANDIDATE "a.example.com. 3600 IN A <ipv4-address> ; put its address here" },
		{ &mxw_check_mx, MX("20.0.0.1"), "mx-all-dead", "shop.example.com", CANDIDATE },
		{ &mxw_check_mx, MX("mail.local"), "mx-all-dead", "shop.example.com", CANDIDATE },
		{ &mxw_check_mx, MX("*.example.com"), "mx-all-dead", "shop.example.com", CANDIDATE },
		{ &mxw_check_mx, MX("10\\032mail.example.com"), "mx-all-dead", "shop.example.com", CANDIDATE },
		{ &mxw_check_mx, MX("mx.example.com.example.com"), "mx-all-dead", "shop.example.com", CANDIDATE },
		{ &mxw_check_mx, MX("my_mx.example.com") "my_mx.example.com. 300 IN CNAME a.example.com.\n" HOST,
		  "mx-target-cname", "my_mx.example.com", "shop.example.com. 300 IN MX 10 a.example.com.\n" },
		{ &mxw_check_ptr, MX("my_mx.example.com") "my_mx.example.com. 300 IN A 20.0.0.1\n", "ptr-none",
		  "20.0.0.1",
		  "1.0.0.20.in-addr.arpa. 3600 IN PTR <your-mail-host>. ; at the holder of the address, in the zone "
		  "in-addr.arpa" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		assert_fix(&rows[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mx),
		cmocka_unit_test(test_spf),
		cmocka_unit_test(test_ttl),
		cmocka_unit_test(test_hosts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
