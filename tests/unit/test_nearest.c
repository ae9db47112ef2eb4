/* The nearest word: typing mistakes are found, other words are not. */
#include "lib/base/nearest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"

static const char *const words[] = { "interval", "retry_interval", "resolvers", "checks", "mx", "ptr",
				     "spf",      "quorum",         "strict" };

static void test_nearest(void **state)
{
	static const struct {
		const char *word, *expected;
	} rows[] = {
		{ "interval", "interval" },
		{ "INTERVAL", "interval" },
		{ "intervall", "interval" }, /* one too many */
		{ "intrval", "interval" },   /* one too few */
		{ "intervel", "interval" },  /* another */
		{ "intrevall", "interval" }, /* swapped, and one too many */
		{ "retry-interval", "retry_interval" },
		{ "resolver", "resolvers" },
		{ "qourum", "quorum" },
		{ "cheks", "checks" },
		{ "pt", "ptr" },
		{ "spff", "spf" },
		{ "sfp", "spf" }, /* a swap of neighbours is one mistake */
		{ "domains", NULL },
		{ "unrelated", NULL },
		{ "", NULL },
		{ "abc", NULL },
		{ "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", NULL },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		const char *nearest = mxw_nearest(rows[i].word, words, MXW_ARRAY_SIZE(words));
		if (!nearest != !rows[i].expected || (nearest && strcmp(nearest, rows[i].expected) != 0))
			fail_msg("\"%s\": %s", rows[i].word, nearest ? nearest : "none");
	}
}

static void test_longest_word_and_no_candidates(void **state)
{
	char word[64], candidate[64];
	memset(word, 'a', sizeof(word));
	word[63] = '\0';
	memcpy(candidate, word, sizeof(word));
	candidate[62] = 'b';
	const char *const candidates[] = { candidate };
	assert_ptr_equal(mxw_nearest(word, candidates, 1), candidate);
	assert_null(mxw_nearest(word, NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_longest_word_and_no_candidates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
