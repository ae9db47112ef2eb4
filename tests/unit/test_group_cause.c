/* What real findings of real checks have as their causes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/group/cause.h"
#include "tests/unit/zone_view.h"

#define BROKEN "a.mail-farm.net"
#define MX(preference, host) "example.com. 300 IN MX " #preference " " host ".\n"
#define GOOD(host, octet) host ". 300 IN A 20.0.0." #octet "\n" host ". 300 IN AAAA 2a00:1::" #octet "\n"

/* There must be no MX record. */
static const struct mxw_expectation expectation = { .type = MXW_RECORD_MX, .old = { .is_given = true } };
static const struct mxw_expect pins = { &expectation, 1 };

static const struct {
	const char *name;
	const struct mxw_check *check;
	const char *zone;
	enum mxw_severity to;
	const char *expect; /* roots of a finding, separated by blanks, "-" for none; findings separated by ", " */
	const struct mxw_expect *pins;
} cases[] = {
	{ "a dead host", &mxw_check_mx, MX(10, BROKEN) GOOD("b.mail-farm.net", 1), MXW_CRITICAL, BROKEN },
	{ "two dead hosts: either may be it", &mxw_check_mx,
	  MX(10, BROKEN) MX(20, "b.mail-farm.net") GOOD("c.mail-farm.net", 1), MXW_CRITICAL,
	  BROKEN " b.mail-farm.net" },
	{ "a name that cannot be a host is the record's fault", &mxw_check_mx, MX(10, BROKEN) MX(20, "b.invalid"),
	  MXW_CRITICAL, BROKEN },
	{ "the primary is dead, the backup is not", &mxw_check_mx,
	  MX(10, BROKEN) MX(20, "b.mail-farm.net") GOOD("b.mail-farm.net", 1), MXW_WARNING, BROKEN ", " BROKEN },
	{ "a host without a public address: the check address tells why", &mxw_check_mx,
	  MX(10, BROKEN) BROKEN ". 300 IN A 10.0.0.1\n", MXW_CRITICAL, BROKEN },
	{ "a host below the domain", &mxw_check_mx, MX(10, "a.example.com") GOOD("b.example.com", 1), MXW_CRITICAL,
	  "a.example.com" },
	{ "the domain does not exist", &mxw_check_mx, "other.net. 300 IN A 20.0.0.1\n", MXW_CRITICAL, "-" },
	{ "its own records", &mxw_check_mx, MX(0, "") MX(10, BROKEN) GOOD(BROKEN, 1), MXW_CRITICAL, "-" },
	{ "the lookup of an include fails for long", &mxw_check_spf,
	  "example.com. 300 IN TXT \"v=spf1 include:" BROKEN " -all\"\n" BROKEN " TXT SERVFAIL\n", MXW_WARNING,
	  BROKEN ", " BROKEN },
	{ "a lookup of the domain fails for long", &mxw_check_mx, "example.com MX SERVFAIL\n", MXW_WARNING, "-" },
	{ "an include that is not there", &mxw_check_spf,
	  "example.com. 300 IN TXT \"v=spf1 include:" BROKEN " -all\"\n" GOOD("b.mail-farm.net", 1), MXW_CRITICAL,
	  BROKEN },
	{ "a syntax error of one's own", &mxw_check_spf, "example.com. 300 IN TXT \"v=spf1 ipv4:1 -all\"\n",
	  MXW_CRITICAL, "-" },
	{ "an address without a name", &mxw_check_ptr,
	  MX(10, BROKEN) BROKEN ". 300 IN A 20.0.0.1\nexample.com. 300 IN TXT \"v=spf1 mx -all\"\n", MXW_WARNING,
	  "20.0.0.1" },
	{ "records that somebody expects", &mxw_check_consistency, MX(10, BROKEN), MXW_CRITICAL, "-", &pins },
};

static void write_roots(const struct mxw_group_item *item, struct mxw_strbuf *ret)
{
	for (size_t i = 0; i < item->n_findings; i++) {
		mxw_strbuf_adds(ret, i ? ", " : "");
		for (size_t k = 0; k < item->findings[i].n_roots; k++)
			mxw_strbuf_addf(ret, "%s%s", k ? " " : "", item->findings[i].roots[k]);
		mxw_strbuf_adds(ret, item->findings[i].n_roots ? "" : "-");
	}
}

static void test_roots(void **state)
{
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf roots = MXW_STRBUF_INIT;
		const struct zone_case world = { .name = cases[i].name, .zone = cases[i].zone, .pins = cases[i].pins };
		struct mxw_group_item item = { .domain = "example.com", .to = cases[i].to };
		struct mxw_findings findings = { 0 };
		struct mxw_arena arena = { 0 };
		struct mxw_verdict verdict;
		zone_view_judge(cases[i].check, &world, &findings);
		const struct mxw_verdict_view view = { .findings = &findings };
		assert_int_equal(mxw_verdict_count(&verdict, &view, 1, 1), 0);
		assert_int_equal(mxw_cause_find(&verdict, &arena, &item), 0);
		write_roots(&item, &roots);
		if (strcmp(mxw_strbuf_get(&roots), cases[i].expect) != 0)
			fail_msg("%s: \"%s\" instead of \"%s\"", cases[i].name, mxw_strbuf_get(&roots),
				 cases[i].expect);
		mxw_verdict_done(&verdict);
		mxw_findings_done(&findings);
		mxw_arena_done(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_roots) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
