/* What is muted: patterns of domains, silences, acknowledgements, and maintenance windows around midnight and changes of the clocks. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "lib/mute/pattern.h"
#include "lib/mute/silence.h"
#include "lib/mute/window.h"
#include "tests/unit/tzif.h"

static void test_patterns(void **unused)
{
	static const struct {
		const char *text, *pattern; /* NULL: refused */
	} forms[] = {
		{ "*", "*" },
		{ "Example.COM.", "example.com" },
		{ "*.Example.com", "*.example.com" },
		{ "*.com", "*.com" },
		{ "b\xc3\xbc"
		  "cher.example",
		  "xn--bcher-kva.example" },
		{ "*.*.example.com", NULL },
		{ "a*.example.com", NULL },
		{ "example.*", NULL },
		{ "", NULL },
		{ "*.", NULL },
		{ "**", NULL },
		{ "com", NULL },
		{ "exa mple.com", NULL },
	};
	static const struct {
		const char *pattern, *domain;
		bool matches;
	} rows[] = {
		{ "*", "example.com", true },
		{ "example.com", "example.com", true },
		{ "example.com", "www.example.com", false },
		{ "*.example.com", "www.example.com", true },
		{ "*.example.com", "a.b.example.com", true },
		{ "*.example.com", "example.com", false },
		{ "*.example.com", "badexample.com", false },
		{ "*.example.com", "example.org", false },
	};
	char pattern[MXW_PATTERN_MAX];
	const char *reason;
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(forms); i++) {
		int r = mxw_pattern_parse(forms[i].text, pattern, &reason);
		assert_int_equal(r, forms[i].pattern ? 0 : -EINVAL);
		if (r == 0)
			assert_string_equal(pattern, forms[i].pattern);
	}
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		assert_int_equal(mxw_pattern_matches(rows[i].pattern, rows[i].domain), rows[i].matches);
}

static char example[] = "example.com", below[] = "*.example.com", mx[] = "mx", spf[] = "spf", because[] = "because";

static void test_silences(void **unused)
{
	struct mxw_mutes mutes = { 0 };
	struct mxw_silence one = { .id = 1, .pattern = example, .until_wall_ms = 1000, .reason = because },
			   two = { .id = 2, .pattern = below, .check = mx, .until_wall_ms = 3000 };
	(void)unused;
	assert_int_equal(mxw_mutes_add_silence(&mutes, &two), 0);
	assert_int_equal(mxw_mutes_add_silence(&mutes, &one), 0);
	assert_int_equal(mutes.silences[0].id, 1);
	assert_string_equal(mxw_mutes_find_silence(&mutes, 1)->reason, "because");
	assert_string_equal(mxw_mutes_find_silence(&mutes, 2)->author, "");
	assert_null(mxw_mutes_find_silence(&mutes, 3));
	static const struct {
		const char *domain, *check;
		int64_t now_ms;
		uint64_t id; /* 0: not silenced */
	} rows[] = {
		{ "example.com", "mx", 999, 1 },  { "example.com", "spf", 0, 1 },
		{ "example.com", "mx", 1000, 0 }, { "a.example.com", "mx", 2999, 2 },
		{ "a.example.com", "spf", 0, 0 }, { "a.example.com", "mx", 3000, 0 },
		{ "example.org", "mx", 0, 0 },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		const struct mxw_silence *found = mxw_mutes_find_holding(&mutes, rows[i].domain, rows[i].check,
									 rows[i].now_ms);
		assert_int_equal(found ? found->id : 0, rows[i].id);
	}
	mxw_mutes_remove_silence(&mutes, 1);
	mxw_mutes_remove_silence(&mutes, 1);
	assert_int_equal(mutes.n_silences, 1);
	mxw_mutes_done(&mutes);
}

static void test_too_many_silences(void **unused)
{
	struct mxw_mutes mutes = { 0 };
	struct mxw_silence silence = { .pattern = example };
	(void)unused;
	for (silence.id = 1; silence.id <= MXW_MAX_SILENCES; silence.id++)
		assert_int_equal(mxw_mutes_add_silence(&mutes, &silence), 0);
	assert_int_equal(mxw_mutes_add_silence(&mutes, &silence), -E2BIG);
	mxw_mutes_done(&mutes);
}

static void test_acks(void **unused)
{
	struct mxw_mutes mutes = { 0 };
	struct mxw_ack ack = { .domain = example, .check = spf, .incident_since_wall_ms = 5000 };
	(void)unused;
	assert_false(mxw_mutes_is_acked(&mutes, "example.com", "spf", 5000));
	assert_int_equal(mxw_mutes_put_ack(&mutes, &ack), 0);
	ack.check = mx;
	assert_int_equal(mxw_mutes_put_ack(&mutes, &ack), 0);
	assert_string_equal(mutes.acks[0].check, "mx");
	assert_true(mxw_mutes_is_acked(&mutes, "example.com", "spf", 5000));
	assert_false(mxw_mutes_is_acked(&mutes, "example.com", "spf", 6000)); /* another incident */
	assert_false(mxw_mutes_is_acked(&mutes, "example.com", "spf", 0));
	assert_false(mxw_mutes_is_acked(&mutes, "example.com", "ptr", 5000));
	ack.incident_since_wall_ms = 7000;
	assert_int_equal(mxw_mutes_put_ack(&mutes, &ack), 0);
	assert_int_equal(mutes.n_acks, 2);
	assert_true(mxw_mutes_is_acked(&mutes, "example.com", "mx", 7000));
	mxw_mutes_remove_ack(&mutes, "example.com", "mx");
	assert_false(mxw_mutes_is_acked(&mutes, "example.com", "mx", 7000));
	assert_int_equal(mutes.n_acks, 1);
	mxw_mutes_done(&mutes);
}

/* At the limit: room for one is no room for two, and what takes the place of another needs none. */
static void test_too_many_acks(void **unused)
{
	struct mxw_mutes mutes = { 0 };
	char name[32];
	struct mxw_ack acks[] = { { .domain = name, .check = mx }, { .domain = name, .check = spf } };
	(void)unused;
	for (int i = 1; i < MXW_MAX_ACKS; i++) {
		snprintf(name, sizeof(name), "%d.example", i);
		assert_int_equal(mxw_mutes_put_ack(&mutes, &acks[0]), 0);
	}
	snprintf(name, sizeof(name), "0.example");
	assert_int_equal(mxw_mutes_reserve_acks(&mutes, acks, 2), -E2BIG);
	assert_int_equal(mxw_mutes_put_ack(&mutes, &acks[0]), 0);
	assert_int_equal(mxw_mutes_reserve_acks(&mutes, acks, 1), 0);
	assert_int_equal(mxw_mutes_put_ack(&mutes, &acks[0]), 0);
	assert_int_equal(mxw_mutes_put_ack(&mutes, &acks[1]), -E2BIG);
	assert_int_equal(mutes.n_acks, MXW_MAX_ACKS);
	mxw_mutes_done(&mutes);
}

static void test_times(void **unused)
{
	static const struct {
		const char *text;
		int64_t s; /* -1: refused */
	} times[] = {
		{ "00:00", 0 },    { "02:30", 9000 }, { "24:00", 86400 }, { "23:59", 86340 }, { "24:01", -1 },
		{ "2:30", -1 },    { "02:60", -1 },   { "02-30", -1 },    { "02:3x", -1 },    { "", -1 },
		{ "02:30:00", -1 }, { "+2:30", -1 },
	}, dates[] = {
		{ "1970-01-01 00:00", 0 },       { "1970-01-02T01:00", 90000 },  { "2026-02-29 00:00", -1 },
		{ "2024-02-29 00:00", 1709164800 }, { "2026-13-01 00:00", -1 },  { "2026-00-01 00:00", -1 },
		{ "2026-01-32 00:00", -1 },      { "2026-01-01", -1 },           { "2026-01-01_00:00", -1 },
		{ "2026-1-1 00:00", -1 },        { "2026-01-01 00:00Z", -1 },    { "0000-01-01 00:00", -1 },
	};
	int64_t s;
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(times); i++)
		assert_int_equal(mxw_window_parse_time(times[i].text, &s) < 0 ? -1 : s, times[i].s);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(dates); i++)
		assert_int_equal(mxw_window_parse_date(dates[i].text, &s) < 0 ? -1 : s, dates[i].s);
	assert_int_equal(mxw_window_parse_day("Sun"), 0);
	assert_int_equal(mxw_window_parse_day("saturday"), 6);
	assert_int_equal(mxw_window_parse_day("s"), -EINVAL);
	assert_int_equal(mxw_window_parse_day("sund"), -EINVAL);
}

static int64_t date_ms(const char *text)
{
	int64_t s = 0;
	assert_int_equal(mxw_window_parse_date(text, &s), 0);
	return 1000 * s;
}

enum { SUN = 1, MON = 2, SAT = 64 };

static void test_windows(void **unused)
{
	static const struct {
		enum mxw_window_kind kind;
		unsigned days;
		const char *from, *to, *now, *until; /* until NULL: closed. `now` and `until` in UTC */
	} rows[] = {
		/* Berlin is an hour ahead in winter, two in summer. */
		{ MXW_WINDOW_ONCE, 0, "2026-01-10 02:00", "2026-01-10 04:00", "2026-01-10 00:59", NULL },
		{ MXW_WINDOW_ONCE, 0, "2026-01-10 02:00", "2026-01-10 04:00", "2026-01-10 01:00", "2026-01-10 03:00" },
		{ MXW_WINDOW_ONCE, 0, "2026-01-10 02:00", "2026-01-10 04:00", "2026-01-10 03:00", NULL },
		{ MXW_WINDOW_ONCE, 0, "2026-01-10 02:00", "2026-01-12 04:00", "2026-01-11 12:00", "2026-01-12 03:00" },
		{ MXW_WINDOW_DAILY, 0, "02:00", "04:00", "2026-07-10 00:00", "2026-07-10 02:00" },
		{ MXW_WINDOW_DAILY, 0, "02:00", "04:00", "2026-07-10 02:00", NULL },
		{ MXW_WINDOW_DAILY, 0, "02:00", "04:00", "2026-07-09 23:59", NULL },
		/* Over midnight. */
		{ MXW_WINDOW_DAILY, 0, "23:00", "01:00", "2026-01-10 22:00", "2026-01-11 00:00" },
		{ MXW_WINDOW_DAILY, 0, "23:00", "01:00", "2026-01-10 23:59", "2026-01-11 00:00" },
		{ MXW_WINDOW_DAILY, 0, "23:00", "01:00", "2026-01-11 00:00", NULL },
		{ MXW_WINDOW_DAILY, 0, "00:00", "24:00", "2026-01-10 22:59", "2026-01-10 23:00" },
		{ MXW_WINDOW_DAILY, 0, "00:00", "24:00", "2026-01-10 23:00", "2026-01-11 23:00" },
		/* The day is that of the begin: Saturday to Sunday, and not Sunday to Monday. */
		{ MXW_WINDOW_WEEKLY, SAT, "23:00", "01:00", "2026-01-10 22:30", "2026-01-11 00:00" },
		{ MXW_WINDOW_WEEKLY, SAT, "23:00", "01:00", "2026-01-10 23:30", "2026-01-11 00:00" },
		{ MXW_WINDOW_WEEKLY, SAT, "23:00", "01:00", "2026-01-11 22:30", NULL },
		{ MXW_WINDOW_WEEKLY, SUN | MON, "02:00", "04:00", "2026-01-12 01:30", "2026-01-12 03:00" },
		{ MXW_WINDOW_WEEKLY, SUN | MON, "02:00", "04:00", "2026-01-13 01:30", NULL },
		/* March 29: 02:00 to 03:00 does not exist; what lies in it is empty, what ends or begins in it is cut there. */
		{ MXW_WINDOW_DAILY, 0, "02:00", "03:00", "2026-03-29 00:59", NULL },
		{ MXW_WINDOW_DAILY, 0, "02:00", "03:00", "2026-03-29 01:00", NULL },
		{ MXW_WINDOW_DAILY, 0, "01:00", "02:30", "2026-03-29 00:59", "2026-03-29 01:00" },
		{ MXW_WINDOW_DAILY, 0, "01:00", "02:30", "2026-03-29 01:00", NULL },
		{ MXW_WINDOW_DAILY, 0, "02:30", "04:00", "2026-03-29 01:00", "2026-03-29 02:00" },
		/* October 25: 02:00 to 03:00 comes twice; one window over both, open once. */
		{ MXW_WINDOW_DAILY, 0, "02:00", "03:00", "2026-10-25 00:00", "2026-10-25 02:00" },
		{ MXW_WINDOW_DAILY, 0, "02:00", "03:00", "2026-10-25 01:59", "2026-10-25 02:00" },
		{ MXW_WINDOW_DAILY, 0, "02:15", "02:30", "2026-10-25 00:14", NULL },
		{ MXW_WINDOW_DAILY, 0, "02:15", "02:30", "2026-10-25 00:15", "2026-10-25 01:30" },
		{ MXW_WINDOW_DAILY, 0, "02:15", "02:30", "2026-10-25 00:45", "2026-10-25 01:30" },
		{ MXW_WINDOW_DAILY, 0, "02:15", "02:30", "2026-10-25 01:30", NULL },
		{ MXW_WINDOW_ONCE, 0, "2026-10-25 02:30", "2026-10-25 02:45", "2026-10-25 01:40", "2026-10-25 01:45" },
	};
	struct mxw_arena arena = { 0 };
	struct mxw_zone berlin;
	(void)unused;
	tzif_zone(&berlin, "CET-1CEST,M3.5.0,M10.5.0/3", &arena);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_window window = { .kind = rows[i].kind, .days = rows[i].days, .zone = &berlin };
		bool is_date = rows[i].kind == MXW_WINDOW_ONCE;
		int64_t until_ms = 0;
		assert_int_equal(
			(is_date ? mxw_window_parse_date : mxw_window_parse_time)(rows[i].from, &window.from_s), 0);
		assert_int_equal((is_date ? mxw_window_parse_date : mxw_window_parse_time)(rows[i].to, &window.to_s),
				 0);
		bool is_open = mxw_window_is_open(&window, date_ms(rows[i].now), &until_ms);
		if (is_open != (rows[i].until != NULL) || (is_open && until_ms != date_ms(rows[i].until)))
			fail_msg("row %zu: open %d until %lld", i, is_open, (long long)until_ms);
	}
	mxw_arena_done(&arena);
}

/* Every minute of a year: a daily window opens once a day and each opening is one piece. */
static void test_openings(void **unused)
{
	struct mxw_arena arena = { 0 };
	struct mxw_zone berlin;
	(void)unused;
	tzif_zone(&berlin, "CET-1CEST,M3.5.0,M10.5.0/3", &arena);
	struct mxw_window window = { .kind = MXW_WINDOW_DAILY, .zone = &berlin, .from_s = 2 * 3600, .to_s = 3 * 3600 };
	unsigned n_openings = 0, n_minutes = 0;
	bool was_open = false;
	for (int64_t now = date_ms("2026-01-01 12:00"); now < date_ms("2027-01-01 12:00"); now += 60000) {
		bool is_open = mxw_window_is_open(&window, now, NULL);
		n_openings += is_open && !was_open;
		n_minutes += is_open;
		was_open = is_open;
	}
	assert_int_equal(n_openings, 364); /* not on March 29 */
	assert_int_equal(n_minutes, 365 * 60);
	mxw_arena_done(&arena);
}

static void test_covers(void **unused)
{
	static char team[] = "team", mail[] = "mail", web[] = "web", site[] = "site";
	static const char *const patterns[] = { "example.com", "*.example.org" };
	struct mxw_label wanted[] = { { team, mail } }, mine[] = { { site, web }, { team, mail } },
			 other[] = { { team, web } };
	struct mxw_window all = { 0 }, named = { .patterns = patterns, .n_patterns = 2 },
			  labelled = { .labels = wanted, .n_labels = 1 },
			  both = { .patterns = patterns, .n_patterns = 2, .labels = wanted, .n_labels = 1 };
	(void)unused;
	assert_true(mxw_window_covers(&all, "example.net", NULL, 0));
	assert_true(mxw_window_covers(&named, "example.com", NULL, 0));
	assert_true(mxw_window_covers(&named, "a.example.org", NULL, 0));
	assert_false(mxw_window_covers(&named, "example.org", NULL, 0));
	assert_true(mxw_window_covers(&labelled, "example.net", mine, 2));
	assert_false(mxw_window_covers(&labelled, "example.net", other, 1));
	assert_false(mxw_window_covers(&labelled, "example.net", NULL, 0));
	assert_true(mxw_window_covers(&both, "example.com", mine, 2));
	assert_false(mxw_window_covers(&both, "example.net", mine, 2));
	assert_false(mxw_window_covers(&both, "example.com", other, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_silences),
		cmocka_unit_test(test_too_many_silences),
		cmocka_unit_test(test_acks),
		cmocka_unit_test(test_too_many_acks),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_openings),
		cmocka_unit_test(test_covers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
