/* The check spf: every finding at every severity that it can have, and no false friends; the worlds are in spf_worlds_*.c.
 * What the findings propose is the business of test_spf_fix.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "tests/unit/spf_worlds.h"

static void run(const struct spf_worlds *worlds)
{
	zone_view_run_weighed(&mxw_check_spf, worlds->cases, worlds->n);
}

static void test_records(void **state)
{
	run(&spf_worlds_records);
}

static void test_limits(void **state)
{
	run(&spf_worlds_limits);
}

static void test_policy(void **state)
{
	run(&spf_worlds_policy);
}

static void test_senders(void **state)
{
	run(&spf_worlds_senders);
}

/* An UNKNOWN row weighs what the finding would at worst, so that a failed lookup eases no state. */
static void test_unknown_weighs_as_the_finding(void **state)
{
	static const struct {
		struct zone_case world;
		const char *id, *subject;
		enum mxw_severity severity;
	} cases[] = {
		{ { "", "example.com TXT REFUSED\n", "" }, "spf-none", "", MXW_WARNING },
		{ { "", "example.com TXT REFUSED\n", "", SENDS_NO }, "spf-none", "", MXW_INFO },
		{ { "", "example.com TXT REFUSED\n", "" }, "spf-multiple", "", MXW_CRITICAL },
		{ { "", "example.com TXT REFUSED\n", "", SENDS_NO }, "spf-multiple", "", MXW_WARNING },
		{ { "", "example.com TXT REFUSED\n", "" }, "spf-void-lookups", "", MXW_WARNING },
		{ { "", "example.com TXT REFUSED\n", "", ONE_SENDER }, "spf-void-lookups", "", MXW_CRITICAL },
		{ { "", "example.com TXT REFUSED\n", "", ONE_SENDER }, "spf-sender-fail", "", MXW_CRITICAL },
		{ { "", "example.com TXT REFUSED\n", "" }, "spf-ptr", "", MXW_WARNING },
		{ { "", "example.com TXT REFUSED\n", "" }, "spf-not-covering-mx", "", MXW_INFO },
		{ { "", "example.com TXT REFUSED\n", "", MX_SENDS }, "spf-not-covering-mx", "", MXW_WARNING },
		{ { "", "example.com TXT REFUSED\n", "" }, "spf-parked-weak", "", MXW_INFO },
		{ { "", "example.com TXT REFUSED\n", "", SENDS_NO }, "spf-parked-weak", "", MXW_WARNING },
		{ { "", "example.com TXT REFUSED\n", "", SENDS_NO }, "spf-include-unregistered", "", MXW_CRITICAL },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		struct mxw_findings findings = { 0 };
		zone_view_judge(&mxw_check_spf, &cases[i].world, &findings);
		const struct mxw_finding *row = mxw_findings_get(&findings, mxw_check_find_finding(cases[i].id, NULL),
								 cases[i].subject);
		if (!row || row->vote != MXW_VOTE_UNKNOWN || row->severity != cases[i].severity)
			fail_msg("case %zu: %s is not unknown at %s", i, cases[i].id,
				 mxw_severity_name(cases[i].severity));
		mxw_findings_done(&findings);
	}
}

/* The largest record that a packet can hold, of one term again and again ("%zu" in it: a number each). */
static struct mxw_answer *large_record(const char *format)
{
	static uint8_t rdata[65000];
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_answer *answer;
	size_t n = 0, at = 0;
	mxw_strbuf_adds(&text, "v=spf1");
	while (text.len < 64000) {
		mxw_strbuf_addc(&text, ' ');
		mxw_strbuf_add(&text, format, strcspn(format, "#"));
		if (strchr(format, '#'))
			mxw_strbuf_addf(&text, "%zu%s", at++, strchr(format, '#') + 1);
	}
	for (size_t i = 0; i < text.len; i += 255) {
		uint8_t len = (uint8_t)MXW_MIN(text.len - i, (size_t)255);
		rdata[n++] = len;
		memcpy(rdata + n, mxw_strbuf_get(&text) + i, len);
		n += len;
	}
	const struct mxw_rr rr = { .ttl = 300, .type = MXW_TYPE_TXT, .n_rdata = (uint16_t)n, .rdata = rdata };
	const struct mxw_answer_parts parts = { .head = { .ede = -1 }, .rrs = &rr, .n_rrs = 1 };
	assert_int_equal(mxw_answer_new(&answer, &parts), 0);
	mxw_strbuf_done(&text);
	return answer;
}

/* What a stranger makes large costs neither memory nor questions without end. */
static void test_large_records(void **state)
{
	static const char *const terms[] = {
		"ip4:10.0.0.1",
		"ip4:10.1.#",
		"ip4:20.0.0.0/#",
		"a:h#.example.org",
		"a",
		"include:#..org",
		"include:a..org",
		"exists:%{i}.#",
		"include:i#.example.org",
		"mx",
		"ptr",
		"foo",
		"x#=y",
		"ip=1",
		"-all",
	};
	const struct mxw_profile profile = { .send_ip = spf_senders, .n_send_ip = 3, .mx_hosts_send = MXW_YES };
	const struct mxw_target target = { "example.com", &profile, true };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(terms); i++) {
		struct mxw_answer *answer = large_record(terms[i]);
		struct mxw_findings findings = { 0 };
		struct mxw_missing missing = { 0 };
		struct mxw_observation *observation;
		assert_int_equal(mxw_observation_new(&observation), 0);
		assert_int_equal(mxw_observation_put(observation, "example.com", MXW_TYPE_TXT, answer), 0);
		assert_int_equal(mxw_check_spf.ask(&target, NULL, observation, 1, &missing), 0);
		assert_true(missing.n <= 50);
		assert_int_equal(mxw_check_spf.judge(&target, NULL, observation, &findings), 0);
		assert_true(findings.n > 0 && findings.n <= 4 * MXW_MAX_SUBJECTS);
		mxw_findings_done(&findings);
		mxw_missing_done(&missing);
		mxw_observation_free(observation);
		mxw_answer_unref(answer);
	}
}

static void test_coverage(void **state)
{
	static const char *const list[] = {
		"spf-ok ok",
		"spf-none info warning",
		"spf-version-typo info warning",
		"spf-multiple warning critical",
		"spf-syntax warning critical",
		"spf-join-glue warning critical",
		"spf-too-many-lookups warning critical",
		"spf-lookups-near info",
		"spf-void-lookups warning critical",
		"spf-mx-too-many warning critical",
		"spf-include-none warning critical",
		"spf-include-unregistered critical",
		"spf-loop warning critical",
		"spf-pass-all warning",
		"spf-too-broad warning",
		"spf-neutral-all info",
		"spf-no-all warning",
		"spf-after-all info warning",
		"spf-ptr info warning",
		"spf-macro info",
		"spf-sender-fail warning critical",
		"spf-not-covering-mx info warning",
		"spf-helo-none info",
		"spf-parked-weak info warning",
		"spf-response-size info",
		"spf-type99 info",
		"spf-senderid info",
		"spf-private-ip info",
		"spf-temperror unknown",
		"dns-servfail unknown",
		"dns-timeout unknown",
		"dns-truncated unknown",
		"dns-malformed unknown",
		"dns-cname-loop unknown",
		"dnssec-bogus critical",
		NULL,
	};
	zone_view_assert_covered(&mxw_check_spf, list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_senders),
		cmocka_unit_test(test_unknown_weighs_as_the_finding),
		cmocka_unit_test(test_large_records),
		cmocka_unit_test(test_coverage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
