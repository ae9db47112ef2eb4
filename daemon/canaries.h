/* The gate ticks: once every period each resolver is asked for its canaries and for a name that cannot exist; what
 * lib/health makes of it decides who has a vote, and in the end whether the gate is open (findings.md 4.3).
 *
 * A tick is over when every resolver was judged; the next one waits for that. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/loop.h"
#include "daemon/resolver/resolver.h"
#include "lib/config/config.h"
#include "lib/health/health.h"

struct mxw_canaries;

struct mxw_canaries_params {
	struct mxw_resolver *resolver;   /* borrowed, outlives this object */
	const struct mxw_config *config; /* upstreams and canaries; borrowed likewise */
	int64_t period_ms;
	uint64_t seed; /* of the probe's names */
	/* What is known already about resolvers that stay the same, from before a reload: a liar must not get its vote
	 * back by it. NULL at the start; only looked at while mxw_canaries_new runs. */
	const struct mxw_canaries *before;
	/* Called from the loop after each tick; may be NULL. It must not free the canaries. `after_gap`: the clock has
	 * made a leap since the tick before (suspend, a stopped process), so that whatever was under way is void. */
	void (*ticked)(void *arg, bool after_gap);
	void *arg;
};

/* Starts ticking at once. Without canaries in the configuration every resolver keeps its vote. */
int mxw_canaries_new(struct mxw_canaries **ret, struct mxw_loop *loop, const struct mxw_canaries_params *params);
void mxw_canaries_free(struct mxw_canaries *canaries);

/* A tick now, or when the one that is under way has ended. */
void mxw_canaries_hurry(struct mxw_canaries *canaries);
int64_t mxw_canaries_asked_ms(const struct mxw_canaries *canaries); /* when the last tick began */

/* Bit i: resolver i has a vote now. */
uint32_t mxw_canaries_voters(const struct mxw_canaries *canaries);
/* More than two periods have passed unseen, and no tick has ended since: nothing is known of now. Answers that come in
 * this state are not to be believed, time-outs above all. */
bool mxw_canaries_has_gap(const struct mxw_canaries *canaries);
const struct mxw_health *mxw_canaries_health(const struct mxw_canaries *canaries, size_t upstream);
