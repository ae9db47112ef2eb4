/* Memory that is freed all at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/arena.h"

static void test_objects_are_zeroed_aligned_and_apart(void **state)
{
	struct mxw_arena arena = { 0 };
	unsigned char *objects[500];
	for (size_t i = 0; i < 500; i++) {
		objects[i] = mxw_arena_alloc(&arena, i);
		assert_non_null(objects[i]);
		assert_int_equal((uintptr_t)objects[i] % _Alignof(max_align_t), 0);
		for (size_t k = 0; k < i; k++)
			assert_int_equal(objects[i][k], 0);
		memset(objects[i], (int)(i % 255 + 1), i);
	}
	for (size_t i = 0; i < 500; i++)
		for (size_t k = 0; k < i; k++)
			assert_int_equal(objects[i][k], i % 255 + 1); /* nobody wrote into a neighbour */
	mxw_arena_done(&arena);
	assert_null(arena.blocks);
	mxw_arena_done(&arena);
}

static void test_objects_larger_than_a_block(void **state)
{
	struct mxw_arena arena = { 0 };
	char *small = mxw_arena_text(&arena, "before");
	for (size_t n = 1000; n < 1000 * 1000; n *= 3) {
		unsigned char *object = mxw_arena_alloc(&arena, n);
		assert_non_null(object);
		memset(object, 0xff, n);
	}
	char *after = mxw_arena_text(&arena, "after");
	assert_string_equal(small, "before");
	assert_string_equal(after, "after");
	mxw_arena_done(&arena);
}

static void test_texts(void **state)
{
	struct mxw_arena arena = { 0 };
	char text[] = "abc";
	char *copy = mxw_arena_text(&arena, text);
	char *part = mxw_arena_textn(&arena, text, 2);
	char *octets = mxw_arena_textn(&arena, "a\0b", 3);
	text[0] = 'X';
	assert_string_equal(copy, "abc");
	assert_string_equal(part, "ab");
	assert_memory_equal(octets, "a\0b", 4);
	assert_string_equal(mxw_arena_text(&arena, ""), "");
	assert_string_equal(mxw_arena_textf(&arena, "%d %s", 42, "x"), "42 x");
	char *wide = mxw_arena_textf(&arena, "%5000d", 7);
	assert_int_equal(strlen(wide), 5000);
	assert_int_equal(wide[4999], '7');
	assert_false(arena.failed);
	mxw_arena_done(&arena);
}

static void test_failure_is_sticky(void **state)
{
	struct mxw_arena arena = { 0 };
	char *before = mxw_arena_text(&arena, "kept");
	assert_null(mxw_arena_alloc(&arena, SIZE_MAX));
	assert_true(arena.failed);
	assert_null(mxw_arena_alloc(&arena, 1));
	assert_string_equal(mxw_arena_text(&arena, "lost"), "");
	assert_string_equal(mxw_arena_textf(&arena, "%d", 1), "");
	assert_string_equal(before, "kept");
	mxw_arena_done(&arena);
	assert_false(arena.failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_objects_are_zeroed_aligned_and_apart),
		cmocka_unit_test(test_objects_larger_than_a_block),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_failure_is_sticky),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
