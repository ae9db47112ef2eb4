/* The Nagios plug-in output: one line with performance data, then one line a problem. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/report_fixture.h"

static char *report(struct mxw_round *const *rounds, size_t n)
{
	struct mxw_report_result results[4];
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	for (size_t i = 0; i < n; i++)
		results[i].round = rounds[i];
	assert_int_equal(mxw_report_check_nagios(results, n, &fixture_context, &text), 0);
	char *taken = mxw_strbuf_take(&text);
	if (!taken)
		abort();
	return taken;
}

static void test_critical(void **state)
{
	struct mxw_round *round = fixture_broken();
	char *text = report(&round, 1);
	assert_string_equal(
		text,
		"MXWATCH CRITICAL - example.com: example.com has no MX and no address record; mail cannot be delivered "
		"(mx-none) | domains=1 critical=1 warning=0 unknown=0 ok=0\n"
		"example.com mx CRITICAL: example.com has no MX and no address record; mail cannot be delivered "
		"(mx-none), 2 of 3 resolvers\n");
	free(text);
	fixture_free(round);
}

static void test_ok(void **state)
{
	struct mxw_round *round = fixture_healthy();
	char *text = report(&round, 1);
	assert_string_equal(
		text, "MXWATCH OK - example.org: no problem found | domains=1 critical=0 warning=0 unknown=0 ok=1\n");
	free(text);
	fixture_free(round);
}

/* The worst domain makes the headline, wherever it stands. */
static void test_several(void **state)
{
	struct mxw_round *rounds[] = { fixture_healthy(), fixture_broken(), fixture_healthy() };
	char *text = report(rounds, 3);
	assert_true(strncmp(text, "MXWATCH CRITICAL - example.com: ", 32) == 0);
	assert_non_null(
		strstr(text, "(mx-none); 1 of 3 domains not ok | domains=3 critical=1 warning=0 unknown=0 ok=2\n"));
	free(text);
	for (size_t i = 0; i < 3; i++)
		fixture_free(rounds[i]);
}

/* What failed beats what merely could not be decided. */
static void test_unknown(void **state)
{
	struct mxw_round *round = fixture_new("example.net", 3);
	for (size_t view = 0; view < 3; view++) {
		fixture_cannot_tell(round, FIXTURE_MX, view, &fixture_mx_defs[DEF_MX_NONE]);
		fixture_say(round, FIXTURE_PTR, view, &fixture_ptr_defs[DEF_PTR_TIMEOUT], "example.net/MX");
	}
	fixture_judge(round);
	char *text = report(&round, 1);
	assert_true(strncmp(text,
			    "MXWATCH UNKNOWN - example.net: example.net/MX: no answer at 3/3 resolvers (dns-timeout) |",
			    86) == 0);
	free(text);
	fixture_free(round);
}

/* Nothing could be decided: the reason stands in for thirty lines that say the same. */
static void test_nothing_decided(void **state)
{
	struct mxw_round *round = fixture_new("example.net", 3);
	for (size_t view = 0; view < 3; view++) {
		fixture_cannot_tell(round, FIXTURE_MX, view, &fixture_mx_defs[DEF_MX_NONE]);
		fixture_cannot_tell(round, FIXTURE_MX, view, &fixture_mx_defs[DEF_MX_SYNTAX]);
		fixture_answer(round, view, "example.net", MXW_TYPE_MX, MXW_OUTCOME_REFUSED, NULL, 0);
	}
	fixture_judge(round);
	char *text = report(&round, 1);
	assert_string_equal(
		text,
		"MXWATCH UNKNOWN - example.net: too few resolvers gave a usable answer: example.net MX: refused at "
		"9.9.9.9, office, 2001:db8::53 | domains=1 critical=0 warning=0 unknown=1 ok=0\n"
		"example.net UNKNOWN: 2 findings undecided: too few resolvers gave a usable answer: example.net MX: "
		"refused at 9.9.9.9, office, 2001:db8::53\n");
	free(text);
	fixture_set_cap(round, "it needs too many questions");
	text = report(&round, 1);
	assert_non_null(
		strstr(text, "example.net UNKNOWN: 2 findings undecided: it needs too many questions: example.net MX"));
	free(text);
	fixture_free(round);
}

/* One '|' a report, printable ASCII only, long text is cut. */
static void test_hostile_text(void **state)
{
	char value[600];
	struct mxw_round *round = fixture_new("example.com", 3);
	for (size_t i = 0; i < sizeof(value) - 1; i++)
		value[i] = (char)(i % 255 + 1);
	value[sizeof(value) - 1] = '\0';
	for (size_t view = 0; view < 3; view++) {
		struct mxw_finding *syntax = fixture_say(round, FIXTURE_MX, view, &fixture_mx_defs[DEF_MX_SYNTAX],
							 value);
		fixture_set(round, FIXTURE_MX, view, syntax, "mx", value);
	}
	fixture_judge(round);
	char *text = report(&round, 1);
	size_t n_bars = 0, n_lines = 0;
	for (const char *c = text; *c; c++) {
		n_bars += *c == '|';
		n_lines += *c == '\n';
		assert_true(*c == '\n' || ((unsigned char)*c >= 0x20 && (unsigned char)*c <= 0x7e));
	}
	assert_int_equal(n_bars, 1);
	assert_int_equal(n_lines, 2);
	assert_non_null(strstr(text, "... (mx-target-syntax)"));
	free(text);
	fixture_free(round);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_critical),        cmocka_unit_test(test_ok),
		cmocka_unit_test(test_several),         cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_nothing_decided), cmocka_unit_test(test_hostile_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
