/* Maintenance windows; see window.h. */
#include "lib/mute/window.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "lib/mute/civil.h"
#include "lib/mute/pattern.h"

/* A decimal number of exactly n digits; -1 for anything else. */
static int read_digits(const char *text, size_t n)
{
	int number = 0;
	for (size_t i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = 10 * number + (text[i] - '0');
	}
	return number;
}

int mxw_window_parse_time(const char *text, int64_t *ret_s)
{
	if (strlen(text) != strlen("HH:MM") || text[2] != ':')
		return -EINVAL;
	int hours = read_digits(text, 2), minutes = read_digits(text + 3, 2);
	if (hours < 0 || minutes < 0 || minutes > 59 || 60 * hours + minutes > 24 * 60)
		return -EINVAL;
	*ret_s = 60 * (60 * (int64_t)hours + minutes);
	return 0;
}

int mxw_window_parse_date(const char *text, int64_t *ret_s)
{
	static const char form[] = "YYYY-MM-DD";
	size_t n = sizeof(form) - 1;
	if (strlen(text) <= n || text[4] != '-' || text[7] != '-' || (text[n] != ' ' && text[n] != 'T'))
		return -EINVAL;
	int year = read_digits(text, 4), month = read_digits(text + 5, 2), day = read_digits(text + 8, 2);
	if (year < MXW_MIN_YEAR || month < 1 || month > 12 || day < 1 || day > mxw_civil_month_days(year, month) ||
	    mxw_window_parse_time(text + n + 1, ret_s) < 0)
		return -EINVAL;
	*ret_s += mxw_civil_day(year, month, day) * MXW_DAY_S;
	return 0;
}

int mxw_window_parse_day(const char *text)
{
	static const char *const names[MXW_WEEK_DAYS] = { "sunday",   "monday", "tuesday", "wednesday",
							  "thursday", "friday", "saturday" };
	for (int i = 0; i < MXW_WEEK_DAYS; i++)
		if (strcasecmp(text, names[i]) == 0 || (strlen(text) == 3 && strncasecmp(text, names[i], 3) == 0))
			return i;
	return -EINVAL;
}

/* Is it open at an instant, for the local times of one occurrence? */
static bool is_within(const struct mxw_window *window, int64_t from_s, int64_t to_s, int64_t now_wall_ms,
		      int64_t *ret_until_wall_ms)
{
	int64_t begin_ms = 1000 * mxw_zone_begin(window->zone, from_s),
		end_ms = 1000 * mxw_zone_end(window->zone, to_s);
	if (now_wall_ms < begin_ms || now_wall_ms >= end_ms)
		return false;
	if (ret_until_wall_ms)
		*ret_until_wall_ms = end_ms;
	return true;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

bool mxw_window_is_open(const struct mxw_window *window, int64_t now_wall_ms, int64_t *ret_until_wall_ms)
{
	if (window->kind == MXW_WINDOW_ONCE)
		return is_within(window, window->from_s, window->to_s, now_wall_ms, ret_until_wall_ms);
	int64_t now_s = floor_div(now_wall_ms, 1000);
	int64_t today = floor_div(now_s + mxw_zone_offset(window->zone, now_s), MXW_DAY_S);
	int64_t length_s = window->to_s - window->from_s + (window->to_s <= window->from_s ? MXW_DAY_S : 0);
	/* What is open now began today, or yesterday over midnight; a zone may have put its clocks over a midnight. */
	for (int64_t day = today - 2; day <= today + 1; day++) {
		if (window->kind == MXW_WINDOW_WEEKLY && !(window->days & 1u << mxw_civil_weekday(day)))
			continue;
		int64_t from_s = day * MXW_DAY_S + window->from_s;
		if (is_within(window, from_s, from_s + length_s, now_wall_ms, ret_until_wall_ms))
			return true;
	}
	return false;
}

bool mxw_window_covers(const struct mxw_window *window, const char *domain, const struct mxw_label *labels,
		       size_t n_labels)
{
	bool is_named = window->n_patterns == 0;
	for (size_t i = 0; i < window->n_patterns && !is_named; i++)
		is_named = mxw_pattern_matches(window->patterns[i], domain);
	for (size_t i = 0; i < window->n_labels && is_named; i++)
		is_named = mxw_label_is_among(&window->labels[i], labels, n_labels);
	return is_named;
}
