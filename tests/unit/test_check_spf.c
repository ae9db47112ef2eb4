/* The check spf: every finding at every severity that it can have, and no false friends; the worlds are in spf_worlds_*.c.
 * What the findings propose is the business of test_spf_fix.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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
		"dnssec-bogus unknown",
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
		cmocka_unit_test(test_coverage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
