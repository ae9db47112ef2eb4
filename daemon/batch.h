/* Many rounds at once, a bounded number at a time, until all are done: what the one-shot command does instead of a
 * schedule. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "daemon/loop.h"
#include "daemon/resolver/resolver.h"
#include "lib/round/round.h"

enum { MXW_BATCH_MAX_RUNNING = 100 }; /* a few thousand questions in flight: no resolver takes that for an attack */

struct mxw_batch_item {
	struct mxw_round_spec spec; /* what it points at outlives the item */
	struct mxw_round *round;    /* judged; NULL until then; owned */
};

/* Runs the rounds of all items in their order. 0, -EINTR after SIGINT, or a negative errno; then some rounds are missing. */
int mxw_batch_run(struct mxw_loop *loop, struct mxw_resolver *resolver, struct mxw_batch_item *items, size_t n);
void mxw_batch_items_done(struct mxw_batch_item *items, size_t n); /* frees the rounds, not the array */
