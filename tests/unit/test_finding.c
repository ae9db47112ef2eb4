/* Rows, placeholders, symptoms and severity words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/finding/finding.h"
#include "lib/finding/symptom.h"

static const struct mxw_finding_def dead = {
	.id = "x-dead",
	.severity = MXW_WARNING,
	.message = "{mx} of {domain} is dead",
	.symptom = "skipped, or B-DEAD at {mx}",
};
static const struct mxw_finding_def plain = { .id = "x-plain", .severity = MXW_INFO, .symptom = "" };
static const struct mxw_finding_def two = { .id = "x-two", .severity = MXW_CRITICAL, .symptom = "B-NX B-SENDER" };

static void test_severity_words(void **state)
{
	static const char *const words[] = { "ok", "info", "unknown", "warning", "critical", "off" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(words); i++) {
		enum mxw_severity severity;
		assert_string_equal(mxw_severity_name((enum mxw_severity)i), words[i]);
		assert_int_equal(mxw_severity_parse(words[i], &severity), 0);
		assert_int_equal(severity, i);
	}
	enum mxw_severity severity;
	assert_true(mxw_severity_parse("", &severity) < 0);
	assert_true(mxw_severity_parse("WARNING", &severity) < 0);
	assert_true(mxw_severity_parse("warn", &severity) < 0);
}

static void test_severity_order(void **state)
{
	static const struct {
		enum mxw_severity a, b, worse;
	} rows[] = {
		{ MXW_OK, MXW_OK, MXW_OK },
		{ MXW_OK, MXW_INFO, MXW_OK },
		{ MXW_OFF, MXW_INFO, MXW_OK },
		{ MXW_OFF, MXW_WARNING, MXW_WARNING },
		{ MXW_INFO, MXW_UNKNOWN, MXW_UNKNOWN },
		{ MXW_UNKNOWN, MXW_WARNING, MXW_WARNING },
		{ MXW_CRITICAL, MXW_WARNING, MXW_CRITICAL },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		assert_int_equal(mxw_severity_worse(rows[i].a, rows[i].b), rows[i].worse);
		assert_int_equal(mxw_severity_worse(rows[i].b, rows[i].a), rows[i].worse);
	}
}

static void test_rows_are_keyed_by_definition_and_subject(void **state)
{
	struct mxw_findings findings = { 0 };
	char subject[] = "a.example";
	struct mxw_finding *first = mxw_findings_add(&findings, &dead, subject);
	subject[0] = 'b'; /* the row has its own copy */
	assert_string_equal(first->subject, "a.example");
	assert_int_equal(first->vote, MXW_VOTE_YES);
	assert_int_equal(first->severity, MXW_WARNING);
	assert_ptr_equal(mxw_findings_add(&findings, &dead, "a.example"), first);
	assert_ptr_not_equal(mxw_findings_add(&findings, &plain, "a.example"), first);
	assert_ptr_not_equal(mxw_findings_add(&findings, &dead, "b.example"), first);
	assert_int_equal(findings.n, 3);
	assert_ptr_equal(mxw_findings_get(&findings, &dead, "a.example"), first);
	assert_null(mxw_findings_get(&findings, &two, "a.example"));
	assert_null(mxw_findings_get(&findings, &dead, ""));
	mxw_findings_done(&findings);
	mxw_findings_done(&findings);
}

static void test_yes_beats_unknown(void **state)
{
	struct mxw_findings findings = { 0 };
	struct mxw_finding *all = mxw_findings_add_unknown(&findings, &dead, NULL);
	assert_string_equal(all->subject, "");
	assert_int_equal(all->vote, MXW_VOTE_UNKNOWN);
	assert_int_equal(all->severity, MXW_WARNING);
	struct mxw_finding *yes = mxw_findings_add(&findings, &dead, "a");
	assert_ptr_equal(mxw_findings_add_unknown(&findings, &dead, "a"), yes);
	assert_int_equal(yes->vote, MXW_VOTE_YES);
	struct mxw_finding *unknown = mxw_findings_add_unknown(&findings, &dead, "b");
	assert_int_equal(mxw_findings_add(&findings, &dead, "b")->vote, MXW_VOTE_YES);
	assert_int_equal(unknown->vote, MXW_VOTE_YES);
	assert_int_equal(findings.n, 3);
	mxw_findings_done(&findings);
}

static void test_too_many_subjects_become_unknown(void **state)
{
	struct mxw_findings findings = { 0 };
	for (unsigned i = 0; i < MXW_MAX_SUBJECTS + 500; i++) {
		char subject[16];
		snprintf(subject, sizeof(subject), "s%u", i);
		struct mxw_finding *row = mxw_findings_add(&findings, &dead, subject);
		assert_int_equal(row == &findings.sink, i >= MXW_MAX_SUBJECTS);
		mxw_finding_set(&findings, row, "mx", subject);
		mxw_finding_setf(&findings, row, "n", "%u", i);
		mxw_finding_cite(&findings, row, subject, 15);
	}
	assert_int_equal(findings.n, MXW_MAX_SUBJECTS + 1);
	const struct mxw_finding *rest = mxw_findings_get(&findings, &dead, "");
	assert_non_null(rest);
	assert_int_equal(rest->vote, MXW_VOTE_UNKNOWN);
	assert_int_equal(rest->n_vars, 0);
	assert_int_equal(findings.sink.n_vars, 0);
	assert_int_equal(mxw_findings_add(&findings, &plain, "s1")->vote,
			 MXW_VOTE_YES); /* other ids have room of their own */
	assert_false(mxw_findings_failed(&findings));
	mxw_findings_done(&findings);
}

static void test_evidence_is_a_set(void **state)
{
	struct mxw_findings findings = { 0 };
	struct mxw_finding *row = mxw_findings_add(&findings, &dead, "");
	for (int turn = 0; turn < 2; turn++) {
		mxw_finding_cite(&findings, row, "a.example", 1);
		mxw_finding_cite(&findings, row, "a.example", 28);
		mxw_finding_cite(&findings, row, "b.example", 1);
	}
	assert_int_equal(row->n_evidence, 3);
	assert_string_equal(row->evidence[2].name, "b.example");
	assert_int_equal(row->evidence[1].type, 28);
	mxw_findings_done(&findings);
}

static void test_expand(void **state)
{
	static const struct {
		const char *template, *expected;
	} rows[] = {
		{ "", "" },
		{ "no placeholder", "no placeholder" },
		{ "{mx}", "mx1.example" },
		{ "{mx}{mx} {n}.", "mx1.examplemx1.example 7." },
		{ "{subject} has {id}", "example.org has x-dead" },
		{ "{later} wins", "second wins" },
		{ "{unknown} stays, {} too", "{unknown} stays, {} too" },
		{ "open {mx", "open {mx" },
		{ "{{mx}}", "{mx1.example}" },
		{ "close } alone", "close } alone" },
		{ "{evil} is not expanded again", "{mx} is not expanded again" },
		{ "{m} {mxx}", "{m} {mxx}" },
	};
	struct mxw_findings findings = { 0 };
	struct mxw_finding *row = mxw_findings_add(&findings, &dead, "example.org");
	mxw_finding_set(&findings, row, "mx", "mx1.example");
	mxw_finding_setf(&findings, row, "n", "%d", 7);
	mxw_finding_set(&findings, row, "later", "first");
	mxw_finding_set(&findings, row, "later", "second");
	mxw_finding_set(&findings, row, "evil", "{mx}");
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_strbuf text MXW_CLEANUP(mxw_strbuf_done) = MXW_STRBUF_INIT;
		mxw_finding_expand(row, rows[i].template, &text);
		assert_string_equal(mxw_strbuf_get(&text), rows[i].expected);
	}
	mxw_findings_done(&findings);
}

static void assert_symptom(const struct mxw_finding_def *def, const char *expected)
{
	struct mxw_findings findings = { 0 };
	struct mxw_strbuf text MXW_CLEANUP(mxw_strbuf_done) = MXW_STRBUF_INIT;
	struct mxw_finding *row = mxw_findings_add(&findings, def, "");
	mxw_finding_set(&findings, row, "mx", "mx1.example");
	mxw_finding_symptom(row, &text);
	assert_string_equal(mxw_strbuf_get(&text), expected);
	mxw_findings_done(&findings);
}

static void test_symptom(void **state)
{
	char expected[1024];
	snprintf(expected, sizeof(expected), "skipped, or %s at mx1.example", mxw_symptom_text("B-DEAD", 6));
	assert_symptom(&dead, expected);
	snprintf(expected, sizeof(expected), "%s; %s", mxw_symptom_text("B-NX", 4), mxw_symptom_text("B-SENDER", 8));
	assert_symptom(&two, expected);
	assert_symptom(&plain, "");
	const struct mxw_finding_def unknown = { .id = "x", .symptom = "B-XYZ, B- and B" };
	assert_symptom(&unknown, "B-XYZ, B- and B");
}

static void test_symptom_table(void **state)
{
	static const char *const codes[] = { "B-NX",    "B-NODATA", "B-DEAD", "B-NULL",  "B-TEMP", "B-CONN",   "B-LOOP",
					     "B-RELAY", "B-PTR",    "B-AUTH", "B-DMARC", "B-TLS",  "B-SENDER", "B-BL" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(codes); i++)
		assert_non_null(mxw_symptom_text(codes[i], strlen(codes[i])));
	assert_null(mxw_symptom_text("B-N", 3));
	assert_null(mxw_symptom_text("B-NXX", 5));
	size_t n = 0;
	for (const struct mxw_symptom *s = mxw_symptoms; s->code; s++, n++)
		assert_null(strchr(s->text, '{'));
	assert_int_equal(n, MXW_ARRAY_SIZE(codes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_severity_words),
		cmocka_unit_test(test_severity_order),
		cmocka_unit_test(test_rows_are_keyed_by_definition_and_subject),
		cmocka_unit_test(test_yes_beats_unknown),
		cmocka_unit_test(test_too_many_subjects_become_unknown),
		cmocka_unit_test(test_evidence_is_a_set),
		cmocka_unit_test(test_expand),
		cmocka_unit_test(test_symptom),
		cmocka_unit_test(test_symptom_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
