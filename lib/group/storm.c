/* A token bucket; see storm.h. */
#include "lib/group/storm.h"

#include "lib/base/util.h"

enum { MESSAGE = 1000, MINUTE_MS = 60 * 1000 };

static int64_t capacity(const struct mxw_storm *storm)
{
	return (int64_t)storm->per_minute * MESSAGE;
}

/* Whole thousandths only: the time of a part of one is kept for the next fill. */
static void fill(struct mxw_storm *storm, int64_t now_ms)
{
	int64_t age_ms = now_ms - storm->filled_ms;
	if (age_ms >= 2 * MINUTE_MS) { /* it is full, also from the deepest level that is remembered */
		storm->level = capacity(storm);
		storm->filled_ms = now_ms;
		return;
	}
	int64_t more = age_ms * capacity(storm) / MINUTE_MS;
	if (more <= 0)
		return;
	storm->level = MXW_MIN(storm->level + more, capacity(storm));
	storm->filled_ms += more * MINUTE_MS / capacity(storm);
}

void mxw_storm_init(struct mxw_storm *storm, unsigned per_minute, int64_t now_ms)
{
	*storm = (struct mxw_storm){ .per_minute = per_minute, .filled_ms = now_ms };
	storm->level = capacity(storm);
}

bool mxw_storm_is_limited(struct mxw_storm *storm, int64_t now_ms)
{
	if (!storm->per_minute)
		return false;
	fill(storm, now_ms);
	return storm->level < MESSAGE;
}

void mxw_storm_count(struct mxw_storm *storm, int64_t now_ms)
{
	if (!storm->per_minute)
		return;
	fill(storm, now_ms);
	storm->level = MXW_MAX(storm->level - MESSAGE, -capacity(storm));
}
