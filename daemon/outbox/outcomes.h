/* What became of deliveries, on its way into the store: one transaction an iteration of the loop, tried again while the
 * store takes nothing. Old rows are pruned here, too. */
#pragma once

#include "daemon/loop.h"
#include "daemon/store/store.h"

struct mxw_outcomes;

enum { MXW_MAX_OUTCOMES = 100000 }; /* waiting for a store that takes nothing; each some 300 octets */

int mxw_outcomes_new(struct mxw_outcomes **ret, struct mxw_loop *loop, struct mxw_store *store); /* borrows the store */
void mxw_outcomes_free(struct mxw_outcomes *outcomes); /* writes what waits, if the store takes it */

/* Notes the outcome of a try; `text` is copied. What memory or the limit does not take is lost: such a delivery may be
 * repeated after a restart, which receivers recognise by its id. */
void mxw_outcomes_note(struct mxw_outcomes *outcomes, uint64_t delivery, enum mxw_delivery_status status,
		       uint32_t n_attempts, const char *text);
