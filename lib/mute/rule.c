/* TZ strings; see rule.h. */
#include "lib/mute/rule.h"

#include <ctype.h>
#include <errno.h>

#include "lib/mute/civil.h"

enum {
	HOUR_S = 3600,
	MIN_NAME = 3,
	MAX_OFFSET_H = 24,
	MAX_TIME_H = 167, /* RFC 9636 3.3.2 */
	DEFAULT_TIME_S = 2 * HOUR_S,
};

/* What is left of the text. */
struct reader {
	const char *at, *end;
};

static bool take(struct reader *reader, char c)
{
	if (reader->at == reader->end || *reader->at != c)
		return false;
	reader->at++;
	return true;
}

static bool is_digit(const struct reader *reader)
{
	return reader->at < reader->end && isdigit((unsigned char)*reader->at);
}

static bool read_number(struct reader *reader, int min, int max, int *ret)
{
	if (!is_digit(reader))
		return false;
	for (*ret = 0; is_digit(reader) && *ret <= max; reader->at++)
		*ret = 10 * *ret + (*reader->at - '0');
	return *ret >= min && *ret <= max;
}

/* Letters, or anything of letters, digits and signs between angle brackets. */
static bool skip_name(struct reader *reader)
{
	bool is_quoted = take(reader, '<');
	const char *start = reader->at;
	while (reader->at < reader->end &&
	       (isalpha((unsigned char)*reader->at) ||
		(is_quoted && (isdigit((unsigned char)*reader->at) || *reader->at == '+' || *reader->at == '-'))))
		reader->at++;
	bool is_long_enough = reader->at - start >= MIN_NAME;
	return is_long_enough && (!is_quoted || take(reader, '>'));
}

/* [+-]h[h[h]][:mm[:ss]] */
static bool read_time(struct reader *reader, int max_hours, int32_t *ret)
{
	int hours, minutes = 0, seconds = 0;
	bool is_negative = take(reader, '-');
	if (!is_negative)
		take(reader, '+');
	if (!read_number(reader, 0, max_hours, &hours))
		return false;
	if (take(reader, ':') && !read_number(reader, 0, 59, &minutes))
		return false;
	if (take(reader, ':') && !read_number(reader, 0, 59, &seconds))
		return false;
	*ret = (is_negative ? -1 : 1) * (hours * HOUR_S + minutes * 60 + seconds);
	return true;
}

static bool read_change(struct reader *reader, struct mxw_zone_change *ret)
{
	bool is_read;
	*ret = (struct mxw_zone_change){ .time_s = DEFAULT_TIME_S };
	if (take(reader, 'M')) {
		ret->kind = MXW_CHANGE_MONTH;
		is_read = read_number(reader, 1, 12, &ret->month) && take(reader, '.') &&
			  read_number(reader, 1, 5, &ret->week) && take(reader, '.') &&
			  read_number(reader, 0, 6, &ret->day);
	} else if (take(reader, 'J')) {
		ret->kind = MXW_CHANGE_JULIAN;
		is_read = read_number(reader, 1, 365, &ret->day);
	} else {
		ret->kind = MXW_CHANGE_DAY;
		is_read = read_number(reader, 0, 365, &ret->day);
	}
	return is_read && (!take(reader, '/') || read_time(reader, MAX_TIME_H, &ret->time_s));
}

/* Offsets are written the other way round: hours west of UTC. */
static bool read_offset(struct reader *reader, int32_t *ret)
{
	int32_t west;
	if (!read_time(reader, MAX_OFFSET_H, &west))
		return false;
	*ret = -west;
	return true;
}

static bool read_rule(struct reader *reader, struct mxw_zone_rule *ret)
{
	*ret = (struct mxw_zone_rule){ 0 };
	if (!skip_name(reader) || !read_offset(reader, &ret->standard))
		return false;
	if (reader->at == reader->end)
		return true;
	ret->has_daylight = true;
	ret->daylight = ret->standard + HOUR_S;
	if (!skip_name(reader))
		return false;
	if (reader->at < reader->end && *reader->at != ',' && !read_offset(reader, &ret->daylight))
		return false;
	return take(reader, ',') && read_change(reader, &ret->begins) && take(reader, ',') &&
	       read_change(reader, &ret->ends) && reader->at == reader->end;
}

int mxw_zone_rule_parse(struct mxw_zone_rule *ret, const char *text, size_t n)
{
	struct reader reader = { text, text + n };
	return read_rule(&reader, ret) ? 0 : -EINVAL;
}

/* The day of a change in a year. Week 5 of a month is its last. */
static int64_t day_of(const struct mxw_zone_change *change, int year)
{
	int64_t january = mxw_civil_day(year, 1, 1);
	if (change->kind == MXW_CHANGE_DAY)
		return january + change->day;
	if (change->kind == MXW_CHANGE_JULIAN) /* February 29 is never counted */
		return january + change->day - 1 + (change->day > 59 && mxw_civil_is_leap(year));
	int64_t first = mxw_civil_day(year, change->month, 1);
	int day = 1 + (change->day - mxw_civil_weekday(first) + 7) % 7 + 7 * (change->week - 1);
	while (day > mxw_civil_month_days(year, change->month))
		day -= 7;
	return first + day - 1;
}

int32_t mxw_zone_rule_offset(const struct mxw_zone_rule *rule, int64_t utc_s)
{
	if (!rule->has_daylight)
		return rule->standard;
	int64_t local_s = utc_s + rule->standard;
	int year = mxw_civil_year(local_s / MXW_DAY_S - (local_s % MXW_DAY_S < 0));
	int64_t begins = day_of(&rule->begins, year) * MXW_DAY_S + rule->begins.time_s - rule->standard;
	int64_t ends = day_of(&rule->ends, year) * MXW_DAY_S + rule->ends.time_s - rule->daylight;
	bool is_daylight = begins < ends ? utc_s >= begins && utc_s < ends  /* in the north */
					 : utc_s >= begins || utc_s < ends; /* in the south the year begins with it */
	return is_daylight ? rule->daylight : rule->standard;
}
