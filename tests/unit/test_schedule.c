/* Start-up spread, jitter and back-off: bounds over many draws, and the exact values that have no chance in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/schedule/schedule.h"

static void test_first_round(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < 10; i++)
		assert_int_equal(mxw_schedule_first_ms(i, 10, 300000), 0);
	/* 100,000 domains: never more than MXW_START_PER_SECOND in one second (but for the first few), all within an interval. */
	static unsigned per_second[301];
	int64_t last = 0;
	for (size_t i = 0; i < 100000; i++) {
		int64_t at = mxw_schedule_first_ms(i, 100000, 300000);
		assert_true(at >= last && at <= 300000);
		last = at;
		per_second[at / 1000]++;
	}
	for (size_t s = 0; s < MXW_ARRAY_SIZE(per_second); s++)
		assert_true(per_second[s] <= MXW_START_PER_SECOND + 50);
	assert_true(last > 190000);
	/* So many that the rate would take longer than an interval: then the interval bounds it. */
	assert_true(mxw_schedule_first_ms(999999, 1000000, 300000) < 300000);
	assert_true(mxw_schedule_first_ms(500000, 1000000, 300000) >= 149000);
}

static void test_jitter(void **unused)
{
	struct mxw_rng rng;
	int64_t min = INT64_MAX, max = 0;
	(void)unused;
	mxw_rng_seed(&rng, 1);
	for (int i = 0; i < 10000; i++) {
		int64_t delay = mxw_schedule_jitter_ms(300000, &rng);
		min = MXW_MIN(min, delay);
		max = MXW_MAX(max, delay);
	}
	assert_in_range(min, 270000, 271000);
	assert_in_range(max, 299000, 300000);
	assert_int_equal(mxw_schedule_jitter_ms(0, &rng), 0);
	assert_int_equal(mxw_schedule_jitter_ms(5, &rng), 5);
}

static void test_backoff(void **unused)
{
	static const struct {
		unsigned attempt;
		int64_t retry_after_ms, min, max;
	} rows[] = {
		{ 1, 0, 1000, 2000 },
		{ 2, 0, 2000, 4000 },
		{ 5, 0, 16000, 32000 },
		{ 9, 0, 256000, 512000 },
		{ 10, 0, 450000, 900000 },
		{ 1000000, 0, 450000, 900000 },
		{ 1, 30000, 30000, 30000 },
		{ 10, 30000, 450000, 900000 },
		{ 1, 7200000, 3600000, 3600000 },
		{ 1, INT64_MAX, 3600000, 3600000 },
	};
	struct mxw_rng rng;
	(void)unused;
	mxw_rng_seed(&rng, 2);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		for (int k = 0; k < 200; k++)
			assert_in_range(mxw_schedule_backoff_ms(rows[i].attempt, rows[i].retry_after_ms, &rng),
					rows[i].min, rows[i].max);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_first_round), cmocka_unit_test(test_jitter),
					    cmocka_unit_test(test_backoff) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
