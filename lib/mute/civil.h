/* Days of the proleptic Gregorian calendar as numbers: 0 is 1970-01-01. No time zone, no leap second. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { MXW_DAY_S = 24 * 60 * 60, MXW_MIN_YEAR = 1, MXW_MAX_YEAR = 9999 };

/* The day's number. `month` 1 to 12, `day` 1 to 31; years outside MXW_MIN_YEAR to MXW_MAX_YEAR are clamped. */
int64_t mxw_civil_day(int year, int month, int day);
/* The year of a day's number, clamped as above. */
int mxw_civil_year(int64_t day);
/* 0 for Sunday to 6 for Saturday. */
int mxw_civil_weekday(int64_t day);
int mxw_civil_month_days(int year, int month);
bool mxw_civil_is_leap(int year);
