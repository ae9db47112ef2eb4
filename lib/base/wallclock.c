/* RFC 3339 printing without the C library's time zone state: civil date from days (proleptic Gregorian). */
#include "lib/base/wallclock.h"

#include <stdio.h>

void mxw_wallclock_rfc3339(int64_t wall_ms, char ret[MXW_RFC3339_MAX])
{
	const int64_t min = -62167219200000, max = 253402300799999; /* 0000-01-01 and the last ms of 9999 */
	wall_ms = wall_ms < min ? min : wall_ms > max ? max : wall_ms;
	int64_t seconds = wall_ms / 1000, ms = wall_ms % 1000;
	if (ms < 0) {
		ms += 1000;
		seconds--;
	}
	int64_t days = seconds / 86400, rest = seconds % 86400;
	if (rest < 0) {
		rest += 86400;
		days--;
	}
	/* Days since 0000-03-01, split into 400-year eras: leap days then fall at the end of a year. */
	int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, day_of_era = z - era * 146097;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t shifted = (5 * day_of_year + 2) / 153, day = day_of_year - (153 * shifted + 2) / 5 + 1;
	int64_t month = shifted < 10 ? shifted + 3 : shifted - 9, year = year_of_era + era * 400 + (month <= 2);
	snprintf(ret, MXW_RFC3339_MAX, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", (unsigned)year % 10000u,
		 (unsigned)month % 100u, (unsigned)day % 100u, (unsigned)(rest / 3600) % 100u,
		 (unsigned)(rest / 60 % 60) % 100u, (unsigned)(rest % 60) % 100u, (unsigned)ms % 1000u);
}
