/* RFC 3339 times: known dates, leap days, the clamp, and agreement with the C library. */
#include "lib/base/wallclock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

#include "lib/base/util.h"

static void test_known_times(void **state)
{
	static const struct {
		int64_t ms;
		const char *expected;
	} rows[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ 999, "1970-01-01T00:00:00.999Z" },
		{ -1, "1969-12-31T23:59:59.999Z" },
		{ -86400000, "1969-12-31T00:00:00.000Z" },
		{ 951782399999, "2000-02-28T23:59:59.999Z" },
		{ 951782400000, "2000-02-29T00:00:00.000Z" }, /* 400 divides the year */
		{ 4107456000000, "2100-02-28T00:00:00.000Z" },
		{ 4107542400000, "2100-03-01T00:00:00.000Z" }, /* 100 does, 400 does not */
		{ 1795425165123, "2026-11-23T09:12:45.123Z" },
		{ 2147483648000, "2038-01-19T03:14:08.000Z" },
		{ -62167219200000, "0000-01-01T00:00:00.000Z" },
		{ -62167219200001, "0000-01-01T00:00:00.000Z" },
		{ INT64_MIN, "0000-01-01T00:00:00.000Z" },
		{ 253402300799999, "9999-12-31T23:59:59.999Z" },
		{ 253402300800000, "9999-12-31T23:59:59.999Z" },
		{ INT64_MAX, "9999-12-31T23:59:59.999Z" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		char text[MXW_RFC3339_MAX];
		mxw_wallclock_rfc3339(rows[i].ms, text);
		assert_string_equal(text, rows[i].expected);
	}
}

/* A step that meets every month, leap day and hour somewhere between the years 0 and 9999. */
static void test_agrees_with_the_c_library(void **state)
{
	for (int64_t seconds = -62167219200; seconds < 253402300800; seconds += 2629743) {
		char text[MXW_RFC3339_MAX], expected[64];
		time_t t = (time_t)seconds;
		struct tm tm;
		assert_non_null(gmtime_r(&t, &tm));
		snprintf(expected, sizeof(expected), "%04d-%02d-%02dT%02d:%02d:%02d.007Z", tm.tm_year + 1900,
			 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
		mxw_wallclock_rfc3339(seconds * 1000 + 7, text);
		assert_string_equal(text, expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_times),
		cmocka_unit_test(test_agrees_with_the_c_library),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
