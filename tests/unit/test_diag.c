/* Diagnostics: the form of a line, the order, the bound, and that nothing of the input reaches a terminal raw. */
#include "lib/base/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void expect_print(const struct mxw_diags *diags, const char *expected)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_diags_print(diags, &text);
	assert_string_equal(mxw_strbuf_get(&text), expected);
}

static void test_lines_are_in_order_of_position(void **state)
{
	MXW_CLEANUP(mxw_diags_done) struct mxw_diags diags = { 0 };
	mxw_diags_add(&diags, MXW_DIAG_ERROR, (struct mxw_position){ "a.yaml", 7, 3 }, "interval: %s", "too short");
	mxw_diags_add(&diags, MXW_DIAG_WARNING, (struct mxw_position){ "a.yaml", 2, 9 }, "second");
	mxw_diags_add(&diags, MXW_DIAG_ERROR, (struct mxw_position){ "a.yaml", 2, 1 }, "first");
	mxw_diags_add(&diags, MXW_DIAG_ERROR, (struct mxw_position){ "b.txt", 1, 1 }, "another file stays behind");
	mxw_diags_add(&diags, MXW_DIAG_ERROR, (struct mxw_position){ "c.txt" }, "a file without a line");
	mxw_diags_add(&diags, MXW_DIAG_ERROR, (struct mxw_position){ 0 }, "no file at all");
	assert_int_equal(diags.n, 6);
	assert_int_equal(diags.n_errors, 5);
	expect_print(&diags, "a.yaml:2:1: first\n"
			     "a.yaml:2:9: warning: second\n"
			     "a.yaml:7:3: interval: too short\n"
			     "b.txt:1:1: another file stays behind\n"
			     "c.txt: a file without a line\n"
			     "no file at all\n");
}

static void test_equal_positions_keep_their_order(void **state)
{
	MXW_CLEANUP(mxw_diags_done) struct mxw_diags diags = { 0 };
	for (int i = 0; i < 3; i++)
		mxw_diags_add(&diags, MXW_DIAG_ERROR, (struct mxw_position){ "f", 1, 1 }, "%d", i);
	expect_print(&diags, "f:1:1: 0\nf:1:1: 1\nf:1:1: 2\n");
}

static void test_control_characters_are_escaped(void **state)
{
	MXW_CLEANUP(mxw_diags_done) struct mxw_diags diags = { 0 };
	mxw_diags_add(&diags, MXW_DIAG_ERROR, (struct mxw_position){ "a\nb", 1, 1 }, "%s", "x\x1b[31m\r\ny\xc3\xbc");
	expect_print(&diags, "a\\x0ab:1:1: x\\x1b[31m\\x0d\\x0ay\\xc3\\xbc\n");
}

static void test_the_list_is_bounded(void **state)
{
	MXW_CLEANUP(mxw_diags_done) struct mxw_diags diags = { 0 };
	for (unsigned i = 0; i < MXW_MAX_DIAGS + 5; i++)
		mxw_diags_add(&diags, MXW_DIAG_ERROR, (struct mxw_position){ "f", i + 1, 1 }, "wrong");
	assert_int_equal(diags.n, MXW_MAX_DIAGS);
	assert_int_equal(diags.n_errors, MXW_MAX_DIAGS + 5);
	assert_int_equal(diags.n_dropped, 5);
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_diags_print(&diags, &text);
	assert_non_null(strstr(mxw_strbuf_get(&text), "f:200:1: wrong\nand 5 more\n"));
}

static void test_empty(void **state)
{
	struct mxw_diags diags = { 0 };
	expect_print(&diags, "");
	mxw_diags_done(&diags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines_are_in_order_of_position),
		cmocka_unit_test(test_equal_positions_keep_their_order),
		cmocka_unit_test(test_control_characters_are_escaped),
		cmocka_unit_test(test_the_list_is_bounded),
		cmocka_unit_test(test_empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
