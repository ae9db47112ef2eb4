/* Durations: what is accepted, what is refused, and that what is printed reads back. */
#include "lib/base/duration.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const int64_t second = 1000, minute = 60 * 1000, hour = 60 * 60 * 1000, day = 24 * 60 * 60 * 1000;

static void test_parse(void **state)
{
	const struct {
		const char *text;
		int r;
		int64_t ms;
	} rows[] = {
		{ "0", 0, 0 },
		{ "0s", 0, 0 },
		{ "1ms", 0, 1 },
		{ "500ms", 0, 500 },
		{ "30s", 0, 30 * second },
		{ "5m", 0, 5 * minute },
		{ "90m", 0, 90 * minute },
		{ "1h30m", 0, 90 * minute },
		{ "7d", 0, 7 * day },
		{ "1d2h3m4s5ms", 0, day + 2 * hour + 3 * minute + 4 * second + 5 },
		{ "1d5ms", 0, day + 5 },
		{ "007s", -EINVAL, 0 },
		{ "36600d", 0, 36600 * day },
		{ "36600d1ms", -ERANGE, 0 },
		{ "36601d", -ERANGE, 0 },
		{ "99999999999999999999s", -ERANGE, 0 },
		{ "9223372036854775807d", -ERANGE, 0 },
		{ "", -EINVAL, 0 },
		{ "00", -EINVAL, 0 },
		{ "1h05m", -EINVAL, 0 },
		{ "5", -EINVAL, 0 },
		{ "s", -EINVAL, 0 },
		{ "5x", -EINVAL, 0 },
		{ "5M", -EINVAL, 0 },
		{ "5 m", -EINVAL, 0 },
		{ " 5m", -EINVAL, 0 },
		{ "5m ", -EINVAL, 0 },
		{ "-5m", -EINVAL, 0 },
		{ "+5m", -EINVAL, 0 },
		{ "1.5h", -EINVAL, 0 },
		{ "1e3s", -EINVAL, 0 },
		{ "0x10s", -EINVAL, 0 },
		{ "30m1h", -EINVAL, 0 },
		{ "1m1m", -EINVAL, 0 },
		{ "1h30", -EINVAL, 0 },
		{ "5w", -EINVAL, 0 },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		int64_t ms = -1;
		int r = mxw_duration_parse(rows[i].text, &ms);
		if (r != rows[i].r || (r == 0 && ms != rows[i].ms))
			fail_msg("\"%s\": %d, %lld ms", rows[i].text, r, (long long)ms);
		if (r < 0)
			assert_int_equal(ms, -1); /* a refusal writes nothing */
	}
}

static const struct {
	int64_t ms;
	const char *exact, *brief;
} formats[] = {
	{ 0, "0s", "0s" },
	{ -5, "0s", "0s" },
	{ 1, "1ms", "1ms" },
	{ 999, "999ms", "999ms" },
	{ 1000, "1s", "1s" },
	{ 1999, "1s999ms", "1s" },
	{ 12345, "12s345ms", "12s" },
	{ 90 * 60 * 1000, "1h30m", "1h30m" },
	{ 3600 * 1000 + 7, "1h7ms", "1h" },
	{ 86400 * 1000, "1d", "1d" },
	{ 86400 * 1000 + 5, "1d5ms", "1d" },
	{ 86400LL * 1000 + 59000, "1d59s", "1d" },
	{ 3LL * 86400 * 1000 + 4 * 3600 * 1000 + 59 * 60 * 1000, "3d4h59m", "3d4h" },
	{ 2LL * 3600 * 1000 + 5 * 60 * 1000 + 59999, "2h5m59s999ms", "2h5m" },
};

static void test_format(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(formats); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf exact = MXW_STRBUF_INIT, brief = MXW_STRBUF_INIT;
		mxw_duration_format(&exact, formats[i].ms);
		mxw_duration_format_short(&brief, formats[i].ms);
		assert_string_equal(mxw_strbuf_get(&exact), formats[i].exact);
		assert_string_equal(mxw_strbuf_get(&brief), formats[i].brief);
	}
}

/* Steps of a prime cover units and their gaps without a table. */
static void test_what_is_printed_reads_back(void **state)
{
	for (int64_t ms = 0; ms < 400 * day; ms = ms * 3 + 7919) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
		int64_t again = -1;
		mxw_duration_format(&text, ms);
		assert_int_equal(mxw_duration_parse(mxw_strbuf_get(&text), &again), 0);
		assert_int_equal(again, ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_what_is_printed_reads_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
