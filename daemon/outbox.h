/* The outbox: committed deliveries on their way to their notifiers, until each is delivered or has expired (alerts.md 3).
 *
 * Order: of one (notifier, key) one delivery is in flight, oldest first; a parked or retried head blocks its own key only.
 * One notifier's deliveries never take another's place: each has its own share of the courier. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "daemon/courier.h"
#include "daemon/loop.h"
#include "daemon/store/store.h"

struct mxw_outbox;

enum mxw_outbox_trouble {
	MXW_OUTBOX_PARKED,  /* the receiver rejects: tried hourly from now on */
	MXW_OUTBOX_EXPIRED, /* a delivery reached max_age and is given up; told once, until it works again */
	MXW_OUTBOX_WORKS,   /* a delivery succeeded after one of the above */
};

struct mxw_outbox_params {
	struct mxw_store *store; /* borrowed, outlives the outbox */
	int64_t max_age_ms;
	uint64_t seed; /* of the jitter */
	/* Called from the loop when a notifier gets into trouble or out of it; texts are borrowed. */
	void (*trouble)(void *arg, const char *notifier, enum mxw_outbox_trouble trouble, const char *text);
	void *arg;
};

int mxw_outbox_new(struct mxw_outbox **ret, struct mxw_loop *loop, const struct mxw_outbox_params *params);
void mxw_outbox_free(struct mxw_outbox *outbox);

/* Takes up what an earlier process left pending or parked. Call once, before mxw_outbox_add. */
int mxw_outbox_load(struct mxw_outbox *outbox);
/* An earlier process has told that this notifier is in trouble: that is not told again, its end is. -ENOMEM. */
int mxw_outbox_set_in_trouble(struct mxw_outbox *outbox, const char *notifier);

/* Who carries: borrowed, outlives the outbox. The courier's results go to mxw_outbox_result, its ready callback to
 * mxw_outbox_pump. */
void mxw_outbox_set_courier(struct mxw_outbox *outbox, struct mxw_courier *courier);
void mxw_outbox_result(void *outbox, uint64_t delivery, const struct mxw_result *result);
void mxw_outbox_pump(void *outbox);

void mxw_outbox_set_max_age(struct mxw_outbox *outbox, int64_t max_age_ms); /* after a reload */

/* Takes up a delivery that has just been committed. -ENOMEM: it stays in the store for the next start. */
int mxw_outbox_add(struct mxw_outbox *outbox, const struct mxw_delivery *delivery);

size_t mxw_outbox_n_open(const struct mxw_outbox *outbox); /* pending and parked ones */
