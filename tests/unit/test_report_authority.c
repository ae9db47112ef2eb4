/* Reports of rounds in which the zone's name servers took part: what they say stands beside the votes, and never under the
 * name of a resolver. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "tests/unit/report_asserts.h"
#include "tests/unit/report_fixture.h"

enum { NS1 = FIXTURE_MAX_RESOLVERS, NS2 };

/* example.com, without MX in the views whose letter is "y"; "n" sees none of that, "u" cannot tell. */
static struct mxw_round *make_round(const char *views, enum mxw_age age)
{
	static const char *const mx_set[] = { "10 mail.example.com" };
	struct mxw_round *round = fixture_new("example.com", 3);
	fixture_add_servers(round);
	for (size_t view = 0; views[view]; view++) {
		bool is_gone = views[view] == 'y';
		enum mxw_outcome outcome = is_gone              ? MXW_OUTCOME_NODATA
					   : views[view] == 'n' ? MXW_OUTCOME_ANSWER
								: MXW_OUTCOME_TIMEOUT;
		fixture_answer(round, view, "example.com", MXW_TYPE_MX, outcome, mx_set, views[view] == 'n');
		if (views[view] == 'u')
			fixture_cannot_tell(round, FIXTURE_MX, view, &fixture_mx_defs[DEF_MX_NONE]);
		if (!is_gone)
			continue;
		struct mxw_finding *none = fixture_say(round, FIXTURE_MX, view, &fixture_mx_defs[DEF_MX_NONE],
						       "example.com");
		fixture_set(round, FIXTURE_MX, view, none, "cand", "mail.example.com");
		fixture_cite(round, FIXTURE_MX, view, none, "example.com", MXW_TYPE_MX);
	}
	fixture_judge_aged(round, age);
	return round;
}

static char *text_of(const struct mxw_round *round)
{
	const struct mxw_report_result result = { round };
	const struct mxw_report_style style = { 0 };
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	assert_int_equal(mxw_report_check_text(&result, 1, &fixture_context, &style, &text), 0);
	char *taken = mxw_strbuf_take(&text);
	if (!taken)
		abort();
	return taken;
}

/* What stands in the text; the last line is the first command. */
static void test_text(void **state)
{
	static const struct {
		const char *views;
		enum mxw_age age;
		const char *expected;
	} rows[] = {
		{ "yynyy", MXW_AGE_UNKNOWN,
		  "  CRITICAL  example.com has no MX and no address record; mail cannot be delivered (visible at 2 of "
		  "3 "
		  "resolvers so far) [mx-none]\n"
		  "            seen by  2 of 3 resolvers: 9.9.9.9, office; disagrees: 2001:db8::53\n"
		  "                     authority: yes; yes: ns1.example.com[192.0.2.1], "
		  "ns2.example.com[2001:db8::2]\n" },
		{ "nnnyu", MXW_AGE_UNKNOWN,
		  "(visible at 0 of 3 resolvers so far) [mx-none]\n"
		  "            seen by  no resolver; says no: 9.9.9.9, office, 2001:db8::53\n"
		  "                     authority: yes; yes: ns1.example.com[192.0.2.1]; could not tell: "
		  "ns2.example.com[2001:db8::2]\n" },
		{ "yyyyy", MXW_AGE_UNKNOWN, "; mail cannot be delivered [mx-none]\n" },
		{ "nnnny", MXW_AGE_UNKNOWN,
		  "  WARNING   the zone's name servers disagree: example.com has no MX and no address record; mail "
		  "cannot "
		  "be delivered [mx-none]\n"
		  "            seen by  no resolver; says no: 9.9.9.9, office, 2001:db8::53\n"
		  "                     authority: split; yes: ns2.example.com[2001:db8::2]; no: "
		  "ns1.example.com[192.0.2.1]\n" },
		{ "yynnn", MXW_AGE_OLD_IN_TIME,
		  "  UNKNOWN   mended at the zone's name servers, caches still show it: example.com has no MX and no "
		  "address record; mail cannot be delivered [mx-none]\n"
		  "            seen by  2 of 3 resolvers: 9.9.9.9, office; disagrees: 2001:db8::53\n"
		  "                     authority: no; no: ns1.example.com[192.0.2.1], "
		  "ns2.example.com[2001:db8::2]\n" },
		{ "yynuu", MXW_AGE_UNKNOWN,
		  "            seen by  2 of 3 resolvers: 9.9.9.9, office; disagrees: 2001:db8::53\n"
		  "                     authority: unknown; could not tell: ns1.example.com[192.0.2.1], "
		  "ns2.example.com[2001:db8::2]\n" },
	};
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_round *round = make_round(rows[i].views, rows[i].age);
		char *text = text_of(round);
		assert_contains(text, rows[i].expected);
		free(text);
		fixture_free(round);
	}
}

/* {votes} and {resolver} where no resolver says so. */
static void test_placeholders(void **state)
{
	static const char said[] = "example.com/MX: no answer at 0/3 resolvers";
	struct mxw_round *round = fixture_new("example.com", 3);
	(void)state;
	fixture_add_servers(round);
	fixture_say(round, FIXTURE_MX, NS2, &fixture_mx_defs[DEF_MX_TIMEOUT], "example.com/MX")->severity = MXW_WARNING;
	fixture_cannot_tell(round, FIXTURE_MX, 1, &fixture_mx_defs[DEF_MX_TIMEOUT]);
	fixture_cannot_tell(round, FIXTURE_MX, NS1, &fixture_mx_defs[DEF_MX_TIMEOUT]);
	fixture_judge(round);
	char *text = text_of(round);
	assert_contains(text, said);
	free(text);
	fixture_free(round);
}

/* What is late or never was is told by other findings, not as one of these. */
static void test_not_listed(void **state)
{
	static const enum mxw_age ages[] = { MXW_AGE_OLD_LATE, MXW_AGE_UNKNOWN };
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(ages); i++) {
		struct mxw_round *round = make_round("ynnnn", ages[i]);
		char *text = text_of(round);
		assert_null(strstr(text, "mx-none"));
		assert_contains(text, "example.com: OK\n");
		free(text);
		fixture_free(round);
	}
}

/* A command for each side, and none at a server that could not tell. */
static void test_commands(void **state)
{
	static const struct {
		const char *views, *expected;
	} rows[] = {
		{ "yynyy", "            look     dig example.com MX @9.9.9.9 +noall +comments +answer +authority\n"
			   "                     dig example.com MX @2001:db8::53 +noall +comments +answer +authority\n"
			   "                     dig example.com MX @192.0.2.1 +norecurse +noall +comments +answer "
			   "+authority\n" },
		{ "nnnny", "            look     dig example.com MX @2001:db8::2 +norecurse +noall +comments +answer "
			   "+authority\n"
			   "                     dig example.com A @2001:db8::2 +norecurse" },
		{ "nnnny", "                     dig +trace example.com NS\n" },
		{ "yyynn", "            look     dig example.com MX @9.9.9.9 +noall +comments +answer +authority\n"
			   "                     dig example.com MX @192.0.2.1 +norecurse +noall" },
		{ "yyyuu", "            look     dig example.com MX @9.9.9.9 +noall +comments +answer +authority\n"
			   "                     dig example.com A @9.9.9.9 +noall" },
	};
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_round *round = make_round(rows[i].views, MXW_AGE_UNKNOWN);
		char *text = text_of(round);
		assert_contains(text, rows[i].expected);
		free(text);
		fixture_free(round);
	}
}

static json_t *first_finding(const struct mxw_round *round, bool alerting_only, json_t **ret_all)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	assert_int_equal(mxw_report_findings_json(round, FIXTURE_MX, &fixture_context, alerting_only, &text), 0);
	*ret_all = json_loads(mxw_strbuf_get(&text), JSON_REJECT_DUPLICATES, NULL);
	mxw_strbuf_done(&text);
	assert_non_null(*ret_all);
	return json_array_get(*ret_all, 0);
}

static void test_json(void **state)
{
	static const struct {
		const char *views;
		enum mxw_age age;
		const char *authority, *severity;
		size_t n_yes, n_alerting;
	} rows[] = {
		{ "nnnyy", MXW_AGE_UNKNOWN, "yes", "critical", 0, 1 },
		{ "yynyn", MXW_AGE_UNKNOWN, "split", "critical", 2, 1 },
		{ "ynnyn", MXW_AGE_UNKNOWN, "split", "warning", 1, 1 },
		{ "yynnn", MXW_AGE_UNKNOWN, "no", "critical", 2, 1 },
		{ "yynuu", MXW_AGE_UNKNOWN, "unknown", "critical", 2, 1 },
		{ "yynnn", MXW_AGE_OLD_IN_TIME, "no", "unknown", 2, 0 },
	};
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		json_t *all, *votes;
		struct mxw_round *round = make_round(rows[i].views, rows[i].age);
		json_t *finding = first_finding(round, false, &all);
		assert_string_equal(json_string_value(json_object_get(finding, "authority")), rows[i].authority);
		assert_string_equal(json_string_value(json_object_get(finding, "severity")), rows[i].severity);
		votes = json_object_get(finding, "votes");
		assert_int_equal(json_array_size(json_object_get(votes, "yes")), rows[i].n_yes);
		assert_int_equal(json_array_size(json_object_get(votes, "yes")) +
					 json_array_size(json_object_get(votes, "no")) +
					 json_array_size(json_object_get(votes, "unknown")),
				 3); /* of resolvers only */
		json_decref(all);
		first_finding(round, true, &all);
		assert_int_equal(json_array_size(all), rows[i].n_alerting);
		json_decref(all);
		fixture_free(round);
	}
}

/* Each answer stands under the name of who gave it. */
static void test_evidence(void **state)
{
	static const struct {
		const char *name, *outcome;
	} expected[] = {
		{ "9.9.9.9", "answer" },
		{ "office", "nodata" },
		{ "2001:db8::53", "answer" },
		{ "ns1.example.com[192.0.2.1]", "nodata" },
		{ "ns2.example.com[2001:db8::2]", "timeout" },
	};
	json_t *all;
	(void)state;
	struct mxw_round *round = make_round("nynyu", MXW_AGE_UNKNOWN);
	json_t *evidence = json_object_get(first_finding(round, true, &all), "evidence");
	assert_int_equal(json_array_size(evidence), MXW_ARRAY_SIZE(expected));
	for (size_t i = 0; i < MXW_ARRAY_SIZE(expected); i++) {
		json_t *item = json_array_get(evidence, i);
		assert_string_equal(json_string_value(json_object_get(item, "resolver")), expected[i].name);
		assert_string_equal(json_string_value(json_object_get(item, "outcome")), expected[i].outcome);
	}
	json_decref(all);
	fixture_free(round);
}

/* Without servers nothing is said of an authority. */
static void test_no_servers(void **state)
{
	json_t *all;
	(void)state;
	struct mxw_round *round = fixture_broken();
	char *text = text_of(round);
	assert_null(strstr(text, "authority:"));
	assert_null(json_object_get(first_finding(round, false, &all), "authority"));
	json_decref(all);
	free(text);
	fixture_free(round);
}

static void test_nagios(void **state)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	(void)state;
	struct mxw_round *round = make_round("nnnyn", MXW_AGE_UNKNOWN);
	const struct mxw_report_result result = { round };
	assert_int_equal(mxw_report_check_nagios(&result, 1, &fixture_context, &text), 0);
	assert_contains(mxw_strbuf_get(&text), "(mx-none), 0 of 3 resolvers, authority split\n");
	mxw_strbuf_done(&text);
	fixture_free(round);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),       cmocka_unit_test(test_placeholders),
		cmocka_unit_test(test_not_listed), cmocka_unit_test(test_commands),
		cmocka_unit_test(test_json),       cmocka_unit_test(test_evidence),
		cmocka_unit_test(test_no_servers), cmocka_unit_test(test_nagios),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
