/* Time zones: TZif files good and hostile, TZ strings, and the instants of local times around a change of the clocks. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "lib/mute/civil.h"
#include "lib/mute/window.h"
#include "tests/unit/tzif.h"

#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
#define SYDNEY "AEST-10AEDT,M10.1.0,M4.1.0/3"

/* "2026-03-29 02:00" as if it were UTC. */
static int64_t at(const char *text)
{
	int64_t s = 0;
	assert_int_equal(mxw_window_parse_date(text, &s), 0);
	return s;
}

static void test_calendar(void **unused)
{
	static const struct {
		int year, month, day;
		int64_t number;
		int weekday;
	} rows[] = {
		{ 1970, 1, 1, 0, 4 },     { 1969, 12, 31, -1, 3 },      { 2000, 2, 29, 11016, 2 },
		{ 2000, 3, 1, 11017, 3 }, { 1900, 3, 1, -25508, 4 },    { 2026, 11, 23, 20780, 1 },
		{ 2100, 3, 1, 47541, 1 }, { 9999, 12, 31, 2932896, 5 }, { 1, 1, 1, -719162, 1 },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		assert_int_equal(mxw_civil_day(rows[i].year, rows[i].month, rows[i].day), rows[i].number);
		assert_int_equal(mxw_civil_weekday(rows[i].number), rows[i].weekday);
		assert_int_equal(mxw_civil_year(rows[i].number), rows[i].year);
	}
	for (int year = 1; year < 9999; year++) {
		int64_t last = mxw_civil_day(year, 12, 31);
		assert_int_equal(last + 1, mxw_civil_day(year + 1, 1, 1));
		assert_int_equal(mxw_civil_year(last), year);
	}
}

static void test_names(void **unused)
{
	static const struct {
		const char *name;
		bool is_name;
	} rows[] = {
		{ "Europe/Berlin", true },
		{ "America/Argentina/Buenos_Aires", true },
		{ "Etc/GMT+5", true },
		{ "UTC", true },
		{ "", false },
		{ "/etc/passwd", false },
		{ "../../etc/passwd", false },
		{ "Europe/../passwd", false },
		{ "Europe//Berlin", false },
		{ "Europe/", false },
		{ "Europe/.", false },
		{ "Europe/Ber lin", false },
		{ "Europe/Berlin\n", false },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		assert_int_equal(mxw_zone_is_name(rows[i].name), rows[i].is_name);
	assert_true(mxw_zone_is_utc("Etc/UTC") && !mxw_zone_is_utc("utc"));
}

static void test_rules(void **unused)
{
	static const struct {
		const char *rule, *utc;
		int32_t offset_s;
	} rows[] = {
		{ BERLIN, "2026-03-29 00:59", 3600 },
		{ BERLIN, "2026-03-29 01:00", 7200 },
		{ BERLIN, "2026-10-25 00:59", 7200 },
		{ BERLIN, "2026-10-25 01:00", 3600 },
		{ BERLIN, "2099-07-01 00:00", 7200 },
		{ BERLIN, "2025-12-31 23:30", 3600 },
		{ SYDNEY, "2026-01-01 00:00", 39600 },
		{ SYDNEY, "2026-04-04 15:59", 39600 },
		{ SYDNEY, "2026-04-04 16:00", 36000 },
		{ SYDNEY, "2026-10-03 16:00", 39600 },
		{ "EST5EDT,M3.2.0,M11.1.0", "2026-03-08 07:00", -14400 },
		{ "EST5EDT,M3.2.0,M11.1.0", "2026-03-08 06:59", -18000 },
		{ "<+0530>-5:30", "2026-01-01 00:00", 19800 },
		{ "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "2026-03-29 00:59", -10800 }, /* Nuuk: 22:00 the day before */
		{ "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "2026-03-29 01:00", -7200 },
		{ "XXX3EDT4,0/0,J365/23", "2026-06-01 00:00", -14400 },      /* daylight time all year */
		{ "IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-27 00:00", 10800 }, /* the Friday after the fourth Thursday */
		{ "IST-2IDT,M3.4.4/26,M10.5.0", "2026-03-26 23:59", 7200 },
		{ "AAA0BBB,J60,J300", "2024-03-01 01:59", 0 }, /* J60 is March 1, leap year or not */
		{ "AAA0BBB,J60,J300", "2024-03-01 02:00", 3600 },
	};
	struct mxw_arena arena = { 0 };
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_zone zone;
		tzif_zone(&zone, rows[i].rule, &arena);
		assert_int_equal(mxw_zone_offset(&zone, at(rows[i].utc)), rows[i].offset_s);
	}
	mxw_arena_done(&arena);
}

static void test_bad_rules(void **unused)
{
	static const char *const rules[] = {
		"CE-1",
		"CET",
		"CET-25",
		"CET-1CEST",
		"CET-1CEST,M3.5.0",
		"CET-1:60",
		"CET-1CEST,M13.5.0,M10.5.0",
		"CET-1CEST,M3.6.0,M10.5.0",
		"CET-1CEST,M3.5.7,M10.5.0",
		"<CET-1",
		"CET-1CEST,M3.5.0,M10.5.0x",
		"CET-1CEST,J0,J1",
		"CET-1CEST,366,1",
		"CET-1CEST,M3.5.0/168,M10.5.0",
		"CET-1CEST,M3.5.0,M10.5.0/",
		"CET-99999999999999999999",
	};
	struct mxw_zone_rule rule;
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rules); i++)
		assert_int_equal(mxw_zone_rule_parse(&rule, rules[i], strlen(rules[i])), -EINVAL);
}

static const int64_t times[] = { -1000000, 0, 5000000000 };
static const uint8_t types_at[] = { 1, 0, 2 };
static const int32_t offsets[] = { 3600, -7200, 1800 };

static struct tzif good_file(char version)
{
	return (struct tzif){ .version = version,
			      .at = times,
			      .types_at = types_at,
			      .n_times = version ? 3 : 2,
			      .offsets = offsets,
			      .n_types = 3,
			      .footer = "" };
}

static void test_files(void **unused)
{
	static const struct {
		int64_t utc_s;
		int32_t offset_s;
	} rows[] = { { -1000001, 3600 }, { -1000000, -7200 },  { -1, -7200 },
		     { 0, 3600 },        { 4999999999, 3600 }, { 5000000000, 1800 } };
	static const char versions[] = { '\0', '2', '3', '4' };
	(void)unused;
	for (size_t v = 0; v < sizeof(versions); v++) {
		struct mxw_arena arena = { 0 };
		struct mxw_zone zone;
		unsigned char bytes[TZIF_MAX];
		struct tzif file = good_file(versions[v]);
		assert_int_equal(mxw_zone_parse(&zone, "x", bytes, tzif_write(bytes, &file), &arena), 0);
		for (size_t i = 0; i < MXW_ARRAY_SIZE(rows) - !versions[v]; i++)
			assert_int_equal(mxw_zone_offset(&zone, rows[i].utc_s), rows[i].offset_s);
		mxw_arena_done(&arena);
	}
}

static int parse(const unsigned char *bytes, size_t n)
{
	struct mxw_arena arena = { 0 };
	struct mxw_zone zone;
	int r = mxw_zone_parse(&zone, "x", bytes, n, &arena);
	mxw_arena_done(&arena);
	return r;
}

/* Nothing that is cut, and no count or index that lies, is read. */
static void test_hostile_files(void **unused)
{
	unsigned char good[TZIF_MAX], bad[TZIF_MAX];
	struct tzif file = good_file('2');
	size_t n = tzif_write(good, &file);
	(void)unused;
	for (size_t i = 0; i < n; i++)
		assert_int_equal(parse(good, i), -EINVAL);
	for (size_t i = 0; i < n; i++) { /* whatever one octet does, nothing outside is read (ASan) */
		for (unsigned value = 0; value < 256; value += 15) {
			memcpy(bad, good, n);
			bad[i] = (unsigned char)value;
			int r = parse(bad, n);
			assert_true(r == 0 || r == -EINVAL);
		}
	}
	file.n_leap = 27;
	assert_int_equal(parse(bad, tzif_write(bad, &file)), -EINVAL);
	file = good_file('2');
	file.types_at = (const uint8_t[]){ 1, 0, 3 };
	assert_int_equal(parse(bad, tzif_write(bad, &file)), -EINVAL);
	file = good_file('2');
	file.at = (const int64_t[]){ 0, 0, 1 };
	assert_int_equal(parse(bad, tzif_write(bad, &file)), -EINVAL);
	file = good_file('2');
	file.offsets = (const int32_t[]){ 100000, 0, 0 };
	assert_int_equal(parse(bad, tzif_write(bad, &file)), -EINVAL);
	file = good_file('2');
	file.footer = "nonsense";
	assert_int_equal(parse(bad, tzif_write(bad, &file)), -EINVAL);
}

static void test_local_times(void **unused)
{
	static const struct {
		const char *local, *begin, *end;
	} rows[] = {
		{ "2026-01-10 02:30", "2026-01-10 01:30", "2026-01-10 01:30" },
		{ "2026-07-10 02:30", "2026-07-10 00:30", "2026-07-10 00:30" },
		/* Clocks go from 02:00 to 03:00: both at the change. */
		{ "2026-03-29 01:59", "2026-03-29 00:59", "2026-03-29 00:59" },
		{ "2026-03-29 02:00", "2026-03-29 01:00", "2026-03-29 01:00" },
		{ "2026-03-29 02:30", "2026-03-29 01:00", "2026-03-29 01:00" },
		{ "2026-03-29 03:00", "2026-03-29 01:00", "2026-03-29 01:00" },
		{ "2026-03-29 03:01", "2026-03-29 01:01", "2026-03-29 01:01" },
		/* Clocks go from 03:00 back to 02:00: the first to begin, the second to end. */
		{ "2026-10-25 02:00", "2026-10-25 00:00", "2026-10-25 00:00" },
		{ "2026-10-25 02:30", "2026-10-25 00:30", "2026-10-25 01:30" },
		{ "2026-10-25 03:00", "2026-10-25 02:00", "2026-10-25 02:00" },
		{ "2026-10-25 01:59", "2026-10-24 23:59", "2026-10-24 23:59" },
	};
	struct mxw_arena arena = { 0 };
	struct mxw_zone zone;
	(void)unused;
	tzif_zone(&zone, BERLIN, &arena);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		assert_int_equal(mxw_zone_begin(&zone, at(rows[i].local)), at(rows[i].begin));
		assert_int_equal(mxw_zone_end(&zone, at(rows[i].local)), at(rows[i].end));
	}
	mxw_arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calendar),    cmocka_unit_test(test_names), cmocka_unit_test(test_rules),
		cmocka_unit_test(test_bad_rules),   cmocka_unit_test(test_files), cmocka_unit_test(test_hostile_files),
		cmocka_unit_test(test_local_times),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
