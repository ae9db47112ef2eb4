/* A histogram of how late timers fired: percentiles in a fixed 2 KiB, 12.5 % exact. Pure; microseconds. */
#pragma once

#include <stdint.h>

enum {
	MXW_LAG_STEPS = 8,      /* buckets for each doubling: the error is at most 1/8 */
	MXW_LAG_DOUBLINGS = 32, /* beyond 2^32 us (an hour) all is one bucket */
};

struct mxw_lag {
	uint64_t n;
	int64_t max_us;
	uint64_t buckets[MXW_LAG_STEPS * MXW_LAG_DOUBLINGS];
};

void mxw_lag_add(struct mxw_lag *lag, int64_t late_us);                  /* negative counts as 0 */
int64_t mxw_lag_percentile(const struct mxw_lag *lag, unsigned percent); /* upper edge of its bucket; 0 when empty */
