/* The gate ticks: once every period each resolver is asked for its canaries and for a name that cannot exist; what
 * lib/health makes of it decides who has a vote (findings.md 4.3). */
#pragma once

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
};

/* Starts ticking at once. Without canaries in the configuration every resolver keeps its vote. */
int mxw_canaries_new(struct mxw_canaries **ret, struct mxw_loop *loop, const struct mxw_canaries_params *params);
void mxw_canaries_free(struct mxw_canaries *canaries);

/* Bit i: resolver i has a vote now. */
uint32_t mxw_canaries_voters(const struct mxw_canaries *canaries);
const struct mxw_health *mxw_canaries_health(const struct mxw_canaries *canaries, size_t upstream);
