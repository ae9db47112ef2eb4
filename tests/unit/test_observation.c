/* Answers by (name, type), and sets of missing questions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/observation/observation.h"

static struct mxw_answer *new_failure(enum mxw_outcome outcome)
{
	struct mxw_answer *answer;
	assert_int_equal(mxw_answer_new_failure(&answer, outcome), 0);
	return answer;
}

static void put(struct mxw_observation *observation, const char *name, uint16_t type, enum mxw_outcome outcome)
{
	struct mxw_answer *answer MXW_CLEANUP(mxw_answer_unrefp) = new_failure(outcome);
	assert_int_equal(mxw_observation_put(observation, name, type, answer), 0);
}

static void test_get_returns_what_was_put(void **state)
{
	struct mxw_observation *observation;
	assert_int_equal(mxw_observation_new(&observation), 0);
	assert_null(mxw_observation_get(observation, "a.example", MXW_TYPE_MX));
	put(observation, "a.example", MXW_TYPE_MX, MXW_OUTCOME_TIMEOUT);
	put(observation, "a.example", MXW_TYPE_A, MXW_OUTCOME_SERVFAIL);
	put(observation, "a.example", MXW_TYPE_AAAA, MXW_OUTCOME_REFUSED);
	put(observation, "b.example", MXW_TYPE_A, MXW_OUTCOME_MALFORMED);
	assert_int_equal(mxw_observation_count(observation), 4);
	assert_int_equal(mxw_observation_get(observation, "a.example", MXW_TYPE_MX)->outcome, MXW_OUTCOME_TIMEOUT);
	assert_int_equal(mxw_observation_get(observation, "a.example", MXW_TYPE_A)->outcome, MXW_OUTCOME_SERVFAIL);
	assert_int_equal(mxw_observation_get(observation, "a.example", MXW_TYPE_AAAA)->outcome, MXW_OUTCOME_REFUSED);
	assert_int_equal(mxw_observation_get(observation, "b.example", MXW_TYPE_A)->outcome, MXW_OUTCOME_MALFORMED);
	assert_null(mxw_observation_get(observation, "b.example", MXW_TYPE_MX));
	assert_null(mxw_observation_get(observation, "a.exampl", MXW_TYPE_A));
	assert_null(mxw_observation_get(observation, "", MXW_TYPE_A));
	mxw_observation_free(observation);
	mxw_observation_free(NULL);
}

static void test_first_answer_stays(void **state)
{
	struct mxw_observation *observation;
	assert_int_equal(mxw_observation_new(&observation), 0);
	for (int turn = 0; turn < 3; turn++) {
		put(observation, "a.example", MXW_TYPE_A, turn ? MXW_OUTCOME_TIMEOUT : MXW_OUTCOME_SERVFAIL);
		put(observation, "a.example", MXW_TYPE_MX, turn ? MXW_OUTCOME_TIMEOUT : MXW_OUTCOME_BOGUS);
	}
	assert_int_equal(mxw_observation_count(observation), 2);
	assert_int_equal(mxw_observation_get(observation, "a.example", MXW_TYPE_A)->outcome, MXW_OUTCOME_SERVFAIL);
	assert_int_equal(mxw_observation_get(observation, "a.example", MXW_TYPE_MX)->outcome, MXW_OUTCOME_BOGUS);
	mxw_observation_free(observation);
}

static void test_answers_are_shared(void **state)
{
	struct mxw_observation *one, *two;
	assert_int_equal(mxw_observation_new(&one), 0);
	assert_int_equal(mxw_observation_new(&two), 0);
	struct mxw_answer *answer = new_failure(MXW_OUTCOME_TIMEOUT);
	assert_int_equal(mxw_observation_put(one, "a", 1, answer), 0);
	assert_int_equal(mxw_observation_put(two, "b", 1, answer), 0);
	assert_int_equal(answer->refs, 3);
	mxw_answer_unref(answer);
	mxw_observation_free(one);
	assert_int_equal(mxw_observation_get(two, "b", 1)->outcome, MXW_OUTCOME_TIMEOUT);
	mxw_observation_free(two);
}

static void test_many_names(void **state)
{
	enum { N = 3000 };
	struct mxw_observation *observation;
	assert_int_equal(mxw_observation_new(&observation), 0);
	for (unsigned i = 0; i < N; i++) {
		char name[32];
		snprintf(name, sizeof(name), "n%u.example", i / 3);
		put(observation, name, (uint16_t)(i % 3 + 1), i % 2 ? MXW_OUTCOME_TIMEOUT : MXW_OUTCOME_SERVFAIL);
	}
	assert_int_equal(mxw_observation_count(observation), N);
	for (unsigned i = 0; i < N; i++) {
		char name[32];
		snprintf(name, sizeof(name), "n%u.example", i / 3);
		const struct mxw_answer *answer = mxw_observation_get(observation, name, (uint16_t)(i % 3 + 1));
		assert_non_null(answer);
		assert_int_equal(answer->outcome, i % 2 ? MXW_OUTCOME_TIMEOUT : MXW_OUTCOME_SERVFAIL);
	}
	mxw_observation_free(observation);
}

static void test_missing_is_a_set_in_order(void **state)
{
	struct mxw_missing missing = { 0 };
	mxw_missing_add(&missing, "b", 15);
	mxw_missing_add(&missing, "a", 1);
	mxw_missing_add(&missing, "b", 15);
	mxw_missing_add(&missing, "a", 28);
	assert_int_equal(missing.n, 3);
	assert_string_equal(missing.items[0].name, "b");
	assert_int_equal(missing.items[2].type, 28);
	assert_int_equal(mxw_missing_find(&missing, "a", 1), 1);
	assert_true(mxw_missing_find(&missing, "a", 15) < 0);
	mxw_missing_clear(&missing);
	assert_int_equal(missing.n, 0);
	mxw_missing_add(&missing, "c", 1);
	assert_int_equal(missing.n, 1);
	assert_false(missing.failed);
	mxw_missing_done(&missing);
	mxw_missing_done(&missing);
}

static void test_missing_is_bounded(void **state)
{
	struct mxw_missing missing = { 0 };
	for (unsigned i = 0; i < 4 * MXW_MAX_MISSING; i++) {
		char name[16];
		snprintf(name, sizeof(name), "n%u", i);
		mxw_missing_add(&missing, name, 1);
	}
	assert_int_equal(missing.n, MXW_MAX_MISSING);
	assert_false(missing.failed);
	mxw_missing_done(&missing);
}

static void test_want(void **state)
{
	struct mxw_missing missing = { 0 };
	struct mxw_observation *observation;
	assert_int_equal(mxw_observation_new(&observation), 0);
	put(observation, "a", 1, MXW_OUTCOME_TIMEOUT);
	assert_non_null(mxw_observation_want(observation, &missing, "a", 1));
	assert_int_equal(missing.n, 0);
	assert_null(mxw_observation_want(observation, &missing, "a", 28));
	assert_null(mxw_observation_want(observation, &missing, "a", 28));
	assert_int_equal(missing.n, 1);
	assert_string_equal(missing.items[0].name, "a");
	assert_int_equal(missing.items[0].type, 28);
	mxw_missing_done(&missing);
	mxw_observation_free(observation);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_get_returns_what_was_put),
		cmocka_unit_test(test_first_answer_stays),
		cmocka_unit_test(test_answers_are_shared),
		cmocka_unit_test(test_many_names),
		cmocka_unit_test(test_missing_is_a_set_in_order),
		cmocka_unit_test(test_missing_is_bounded),
		cmocka_unit_test(test_want),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
