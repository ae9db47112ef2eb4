/* When: start-up spread and jitter of rounds, back-off of deliveries. Pure arithmetic on milliseconds. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/base/rng.h"

enum {
	MXW_START_PER_SECOND =
		500, /* domains that may start in one second: ten start at once, a million spread over one interval */
};

/* Delay of the first round of domain i of n: 0 for the first few, then spread evenly at MXW_START_PER_SECOND at most,
 * or faster when that would take longer than one interval. */
int64_t mxw_schedule_first_ms(size_t i, size_t n, int64_t interval_ms);

/* `delay_ms` less up to 10 %: jitter keeps domains from marching in step, and nothing is ever later than promised. */
int64_t mxw_schedule_jitter_ms(int64_t delay_ms, struct mxw_rng *rng);

/* Delay before try `attempt` (1 = first repetition): 2 s doubling to 15 min, the upper half of it random; at least
 * retry_after_ms (which is capped at one hour) when that is not 0 (RFC 9110 10.2.3). */
int64_t mxw_schedule_backoff_ms(unsigned attempt, int64_t retry_after_ms, struct mxw_rng *rng);
enum { MXW_PARKED_RETRY_MS = 3600 * 1000 };
