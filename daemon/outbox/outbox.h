/* The outbox: committed deliveries on their way to their notifiers, until each is delivered or has expired (alerts.md 3).
 *
 * Order: of one (notifier, key) one delivery is in flight, oldest first; a parked or retried head blocks its own key only.
 * One notifier's deliveries never take another's place: each has its own share of the courier, and of the room.
 *
 * A notifier that has filled its share loses older deliveries in favour of the newest state of their keys (coalesce.h);
 * those that stay say how many they stand for. What it cannot lose so is kept: at most four of a key. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "daemon/courier.h"
#include "daemon/loop.h"
#include "daemon/store/store.h"

struct mxw_outbox;

enum mxw_outbox_trouble {
	MXW_OUTBOX_PARKED,  /* the receiver rejects: tried hourly from now on */
	MXW_OUTBOX_FOLDED,  /* its share is full, and older deliveries were folded; told once, until it works again */
	MXW_OUTBOX_EXPIRED, /* a delivery reached max_age and is given up; told once, until it works again */
	MXW_OUTBOX_WORKS, /* a delivery succeeded after one of the above, and what waits fills less than half of its share */
};

/* The last three bound what waits for all notifiers together; each has an equal share of it. */
struct mxw_outbox_policy {
	int64_t max_age_ms;
	size_t max_deliveries;
	uint64_t max_bytes; /* of their requests */
	size_t n_notifiers; /* that are configured; 0 counts as 1 */
};

struct mxw_outbox_params {
	struct mxw_store *store; /* borrowed, outlives the outbox */
	struct mxw_outbox_policy policy;
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
/* Nobody knows of any trouble of this notifier: the next one is told, whatever it is. */
void mxw_outbox_set_well(struct mxw_outbox *outbox, const char *notifier);

/* Who carries: borrowed, outlives the outbox. The courier's results go to mxw_outbox_result, its ready callback to
 * mxw_outbox_pump. */
void mxw_outbox_set_courier(struct mxw_outbox *outbox, struct mxw_courier *courier);
void mxw_outbox_result(void *outbox, uint64_t delivery, const struct mxw_result *result);
void mxw_outbox_pump(void *outbox);

void mxw_outbox_set_policy(struct mxw_outbox *outbox, const struct mxw_outbox_policy *policy); /* after a reload */

/* Takes up a delivery that has just been committed. -ENOMEM: it stays in the store for the next start. */
int mxw_outbox_add(struct mxw_outbox *outbox, const struct mxw_delivery *delivery);
/* The same for a request (copied) that the store cannot take, because it is about the store: it lives as long as we do. */
int mxw_outbox_add_unstored(struct mxw_outbox *outbox, const char *notifier, uint64_t key_hash, const void *request,
			    size_t n);

size_t mxw_outbox_n_open(const struct mxw_outbox *outbox);     /* pending and parked ones */
size_t mxw_outbox_n_unstored(const struct mxw_outbox *outbox); /* of these */
