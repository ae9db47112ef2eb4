/* Buckets grow with the value, as floating-point numbers do; see lag.h. */
#include "daemon/lag.h"

#include "lib/base/util.h"

static unsigned bucket_of(uint64_t us)
{
	if (us < MXW_LAG_STEPS)
		return (unsigned)us;
	unsigned doublings = 63u - (unsigned)__builtin_clzll(us) - 3; /* 3: log2 of MXW_LAG_STEPS */
	unsigned bucket = (doublings + 1) * MXW_LAG_STEPS + (unsigned)(us >> doublings) - MXW_LAG_STEPS;
	return MXW_MIN(bucket, MXW_LAG_STEPS * MXW_LAG_DOUBLINGS - 1u);
}

/* The largest value that bucket_of puts there. */
static int64_t upper_edge(unsigned bucket)
{
	if (bucket < MXW_LAG_STEPS)
		return bucket;
	unsigned doublings = bucket / MXW_LAG_STEPS - 1;
	return (int64_t)(((uint64_t)(bucket % MXW_LAG_STEPS + MXW_LAG_STEPS + 1) << doublings) - 1);
}

void mxw_lag_add(struct mxw_lag *lag, int64_t late_us)
{
	late_us = MXW_MAX(late_us, 0);
	lag->n++;
	lag->max_us = MXW_MAX(lag->max_us, late_us);
	lag->buckets[bucket_of((uint64_t)late_us)]++;
}

int64_t mxw_lag_percentile(const struct mxw_lag *lag, unsigned percent)
{
	uint64_t rank = (lag->n * percent + 99) / 100;
	uint64_t seen = 0;
	for (unsigned i = 0; i < MXW_ARRAY_SIZE(lag->buckets) && rank; i++) {
		seen += lag->buckets[i];
		if (seen >= rank)
			return MXW_MIN(upper_edge(i), lag->max_us);
	}
	return 0;
}
