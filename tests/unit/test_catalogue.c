/* `mxwatch list` and `mxwatch explain`: the same rows as text, JSON and Markdown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "lib/report/catalogue.h"
#include "tests/unit/report_fixture.h"

static const char *const columns[] = { "name", "note" };
static const char *const cells[] = { "a", "first | with a bar", "longer",
				     "second <b> one two three four five six seven" };
static const struct mxw_catalogue_table table = { .columns = columns, .n_columns = 2, .cells = cells, .n_rows = 2 };

static void test_text_is_aligned_and_wrapped(void **state)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	assert_int_equal(mxw_catalogue_print(&table, MXW_CATALOGUE_TEXT, 40, &text), 0);
	assert_string_equal(mxw_strbuf_get(&text), "a       first | with a bar\n"
						   "longer  second <b> one two three four\n"
						   "        five six seven\n");
	mxw_strbuf_done(&text);
}

static void test_markdown(void **state)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	assert_int_equal(mxw_catalogue_print(&table, MXW_CATALOGUE_MARKDOWN, 0, &text), 0);
	assert_string_equal(mxw_strbuf_get(&text), "| name | note |\n|---|---|\n"
						   "| a | first \\| with a bar |\n"
						   "| longer | second \\<b\\> one two three four five six seven |\n");
	mxw_strbuf_done(&text);
}

static void test_json(void **state)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	assert_int_equal(mxw_catalogue_print(&table, MXW_CATALOGUE_JSON, 0, &text), 0);
	assert_string_equal(mxw_strbuf_get(&text),
			    "[{\"name\":\"a\",\"note\":\"first | with a bar\"},"
			    "{\"name\":\"longer\",\"note\":\"second <b> one two three four five six seven\"}]\n");
	mxw_strbuf_done(&text);
}

static void test_checks(void **state)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	assert_int_equal(mxw_catalogue_checks(MXW_CATALOGUE_TEXT, 0, &text), 0);
	assert_string_equal(mxw_strbuf_get(&text), "mx   MX records\nptr  reverse DNS\nspf  SPF records\n");
	mxw_strbuf_done(&text);
}

/* Each id once, with every check that reports it; what the monitor says of itself is no check's. */
static void test_findings(void **state)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	assert_int_equal(mxw_catalogue_findings(MXW_CATALOGUE_JSON, 0, &text), 0);
	json_t *array = json_loads(mxw_strbuf_get(&text), 0, NULL);
	assert_int_equal(json_array_size(array), 10);
	for (size_t i = 0; i < 10; i++) {
		json_t *row = json_array_get(array, i);
		if (i >= 6) {
			assert_memory_equal(json_string_value(json_object_get(row, "id")), "mon-", 4);
			assert_string_equal(json_string_value(json_object_get(row, "check")), "monitor");
		}
		if (strcmp(json_string_value(json_object_get(row, "id")), "dns-timeout") == 0)
			assert_string_equal(json_string_value(json_object_get(row, "check")), "mx, ptr");
		assert_non_null(json_string_value(json_object_get(row, "severity")));
		assert_non_null(json_string_value(json_object_get(row, "message")));
	}
	json_decref(array);
	mxw_strbuf_done(&text);
}

static void test_explain(void **state)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_report_style style = { 0 };
	assert_int_equal(mxw_catalogue_explain("mx-none", &style, &text), 0);
	assert_non_null(strstr(mxw_strbuf_get(&text), "mx-none: critical by default, check mx\n"));
	assert_non_null(strstr(mxw_strbuf_get(&text), "\nmeaning   No MX, A or AAAA record exists.\n"));
	assert_non_null(strstr(mxw_strbuf_get(&text), "\nrule      RFC 5321 5.1\n"));
	assert_non_null(strstr(mxw_strbuf_get(&text), "\nlook      dig {domain} MX\n          dig {domain} A\n"));
	assert_non_null(strstr(mxw_strbuf_get(&text), "\nfix       {domain}. 3600 IN MX 10 {cand}.\n"));
	mxw_strbuf_clear(&text);
	assert_int_equal(mxw_catalogue_explain("mon-blind", &style, &text), 0);
	assert_non_null(strstr(mxw_strbuf_get(&text), "mon-blind: critical by default, about the monitor itself\n"));
	assert_non_null(strstr(mxw_strbuf_get(&text), "\noverride  severity: { mon-blind: "));
	mxw_strbuf_clear(&text);
	assert_int_equal(mxw_catalogue_explain("mx-nonsense", &style, &text), -ENOENT);
	assert_int_equal(text.len, 0);
	mxw_strbuf_done(&text);
}

static void test_ids(void **state)
{
	const char *ids[16];
	assert_int_equal(mxw_catalogue_finding_ids(ids, MXW_ARRAY_SIZE(ids)), 10);
	assert_string_equal(ids[9], "mon-blind");
	assert_int_equal(mxw_catalogue_finding_ids(ids, 3), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_is_aligned_and_wrapped),
		cmocka_unit_test(test_markdown),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_checks),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_explain),
		cmocka_unit_test(test_ids),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
