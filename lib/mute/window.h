/* Maintenance windows: when they are open, by the clocks of their time zone, and for which domains.
 *
 * A window lasts from the first instant at which local clocks show its begin (or later, when they are put forward over it) to
 * the last before they show its end: a window of 02:00 to 03:00 is empty on the day on which that hour is skipped, and
 * lasts two hours on the day on which it comes twice. An end at or before the begin is on the next day. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/alert/alert.h"
#include "lib/mute/zone.h"

enum mxw_window_kind { MXW_WINDOW_ONCE, MXW_WINDOW_DAILY, MXW_WINDOW_WEEKLY };

enum { MXW_WEEK_DAYS = 7 };

struct mxw_window {
	const char *name;
	const char *const *patterns; /* of domains; none: all */
	size_t n_patterns;
	const struct mxw_label *labels; /* a domain must have them all */
	size_t n_labels;
	enum mxw_window_kind kind;
	int64_t from_s,
		to_s; /* ONCE: local seconds as if UTC, from < to; else seconds of the local day, to_s up to a whole day */
	unsigned days; /* WEEKLY: bit 0 for Sunday: the days on which it begins */
	const struct mxw_zone *zone;
};

/* "HH:MM" to seconds of the day, 24:00 included; "YYYY-MM-DD HH:MM" (or with a T between) to seconds as if UTC. -EINVAL */
int mxw_window_parse_time(const char *text, int64_t *ret_s);
int mxw_window_parse_date(const char *text, int64_t *ret_s);
/* "sun" or "sunday" to 0, in any case; -EINVAL. */
int mxw_window_parse_day(const char *text);

/* *ret_until_wall_ms (may be NULL) is set when it is open: when it closes. */
bool mxw_window_is_open(const struct mxw_window *window, int64_t now_wall_ms, int64_t *ret_until_wall_ms);
bool mxw_window_covers(const struct mxw_window *window, const char *domain, const struct mxw_label *labels,
		       size_t n_labels);
