/* Calendar arithmetic; see civil.h. */
#include "lib/mute/civil.h"

#include "lib/base/util.h"

enum { EPOCH_YEAR = 1970, EPOCH_WEEKDAY = 4 }; /* 1970-01-01 was a Thursday */

/* Days of the common year before a month, January first. */
static const int days_before_month[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };

bool mxw_civil_is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int mxw_civil_month_days(int year, int month)
{
	return days_before_month[month] - days_before_month[month - 1] + (month == 2 && mxw_civil_is_leap(year));
}

static int clamp_year(int64_t year)
{
	return (int)MXW_MIN(MXW_MAX(year, MXW_MIN_YEAR), MXW_MAX_YEAR);
}

/* Leap days from year 1 to the end of the year before. */
static int64_t leap_days_before(int year)
{
	int before = year - 1;
	return before / 4 - before / 100 + before / 400;
}

static int64_t first_day_of(int year)
{
	return 365 * (int64_t)(year - EPOCH_YEAR) + leap_days_before(year) - leap_days_before(EPOCH_YEAR);
}

int64_t mxw_civil_day(int year, int month, int day)
{
	year = clamp_year(year);
	bool after_leap_day = month > 2 && mxw_civil_is_leap(year);
	return first_day_of(year) + days_before_month[month - 1] + after_leap_day + day - 1;
}

int mxw_civil_year(int64_t day)
{
	int year = clamp_year(EPOCH_YEAR +
			      day / 365); /* too far from the epoch by a day each leap year: then step back */
	while (year > MXW_MIN_YEAR && first_day_of(year) > day)
		year--;
	while (year < MXW_MAX_YEAR && first_day_of(year + 1) <= day)
		year++;
	return year;
}

int mxw_civil_weekday(int64_t day)
{
	return (int)(((day + EPOCH_WEEKDAY) % 7 + 7) % 7);
}
