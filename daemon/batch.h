/* Many rounds at once, a bounded number at a time, until all are done: what the one-shot command does instead of a
 * schedule. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "daemon/authority.h"
#include "daemon/loop.h"
#include "daemon/resolver/resolver.h"
#include "lib/config/config.h"
#include "lib/round/round.h"

enum { MXW_BATCH_MAX_RUNNING = 100 }; /* a few thousand questions in flight: no resolver takes that for an attack */

struct mxw_batch_item {
	struct mxw_round_spec spec;                   /* what it points at outlives the item */
	const struct mxw_config_authority *authority; /* NULL: no name server is asked */
	struct mxw_zone_servers *zone;                /* who was asked; NULL: nobody, or nobody knew; owned */
	struct mxw_round *round;                      /* judged; NULL until then; owned */
};

/* Runs the rounds of all items in their order; `servers` is a resolver for servers, and outlives the items. 0, -EINTR after SIGINT, or a negative errno; then some rounds are missing. */
int mxw_batch_run(struct mxw_loop *loop, struct mxw_resolver *resolver, struct mxw_resolver *servers,
		  struct mxw_batch_item *items, size_t n);
void mxw_batch_items_done(struct mxw_batch_item *items, size_t n); /* frees rounds and zones, not the array */
