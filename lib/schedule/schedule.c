/* Start-up spread, jitter and back-off; see schedule.h. */
#include "lib/schedule/schedule.h"

enum {
	FIRST_BACKOFF_MS = 2000,
	MAX_BACKOFF_MS = 15 * 60 * 1000,
	MAX_RETRY_AFTER_MS = 3600 * 1000,
	AT_ONCE = 50, /* a person's few domains: no reason to wait */
};

int64_t mxw_schedule_first_ms(size_t i, size_t n, int64_t interval_ms)
{
	if (i < AT_ONCE)
		return 0;
	int64_t spread_ms = (int64_t)n * 1000 / MXW_START_PER_SECOND;
	if (spread_ms > interval_ms)
		spread_ms = interval_ms;
	return (int64_t)((double)spread_ms * (double)i / (double)n);
}

int64_t mxw_schedule_jitter_ms(int64_t delay_ms, struct mxw_rng *rng)
{
	if (delay_ms <= 0)
		return 0;
	return delay_ms - (int64_t)mxw_rng_below(rng, (uint64_t)(delay_ms / 10 + 1));
}

int64_t mxw_schedule_backoff_ms(unsigned attempt, int64_t retry_after_ms, struct mxw_rng *rng)
{
	int64_t delay = FIRST_BACKOFF_MS;
	for (unsigned i = 1; i < attempt && delay < MAX_BACKOFF_MS; i++)
		delay *= 2;
	if (delay > MAX_BACKOFF_MS)
		delay = MAX_BACKOFF_MS;
	delay = delay / 2 + (int64_t)mxw_rng_below(rng, (uint64_t)(delay / 2 + 1));
	if (retry_after_ms > MAX_RETRY_AFTER_MS)
		retry_after_ms = MAX_RETRY_AFTER_MS;
	return delay > retry_after_ms ? delay : retry_after_ms;
}
