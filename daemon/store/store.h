/* The durable side: hard states, incidents, events and deliveries in one SQLite file (WAL, synchronous=FULL; alerts.md 3).
 *
 * All writing happens inside a transaction that the caller opens; nothing is sent before mxw_store_commit returned 0.
 * Every function returns 0 or a negative errno (what SQLite reports is logged here once). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/alert/alert.h"
#include "lib/mute/silence.h"
#include "lib/state/state.h"

struct mxw_store;

enum { MXW_STORE_VERSION = 3 }; /* of the schema: a lower one is migrated, a higher one refused */

/* Opens or creates DIR/mxwatch.db and takes the lock of the state directory.
 * -EWOULDBLOCK: another instance holds the lock. -EPROTO: the file is of a later version. A damaged or emptied
 * file is renamed to mxwatch.db.corrupt.TIME and a new one is begun: *ret_set_aside is its new name then (the caller's to
 * free), else NULL. One that cannot be used now (-EBUSY, -EROFS, -EACCES, -EIO ...) is left alone. */
int mxw_store_open(struct mxw_store **ret, const char *dir, int64_t now_wall_ms, char **ret_set_aside);
void mxw_store_close(struct mxw_store *store);

/* MXW_ALERT_EPOCH_LEN letters and digits, random, made with the store. Borrowed. */
const char *mxw_store_epoch(const struct mxw_store *store);

int mxw_store_begin(struct mxw_store *store);
int mxw_store_commit(struct mxw_store *store); /* rolls back by itself when it fails */
void mxw_store_rollback(struct mxw_store *store);

/* A key's state with what its incident was told with. Texts are borrowed in both directions. */
struct mxw_store_state {
	const char *domain, *check;
	struct mxw_state state;
	const struct mxw_soft *soft;                    /* NULL: nothing is under way */
	int64_t saved_ms, saved_wall_ms;                /* monotonic and wall clock at the time of writing */
	const char *findings_json, *finding_id, *cause; /* of the last event of the incident; "" for none */
	const char *notifiers; /* whom the incident was told to: names, each after a space; NULL: not known */
};
int mxw_store_put_state(struct mxw_store *store, const struct mxw_store_state *state);
int mxw_store_each_state(struct mxw_store *store, int (*callback)(void *arg, const struct mxw_store_state *state),
			 void *arg);

/* The sequence number of a key's last event, 0 if it never had one. */
int mxw_store_get_seq(struct mxw_store *store, const char *domain, const char *check, uint64_t *ret);

/* Stores an event; opens, updates or closes the incident of its key as its kind says. */
int mxw_store_put_event(struct mxw_store *store, const struct mxw_alert *alert);

enum mxw_delivery_status { MXW_DELIVERY_PENDING, MXW_DELIVERY_DELIVERED, MXW_DELIVERY_PARKED, MXW_DELIVERY_EXPIRED };

struct mxw_delivery {
	uint64_t id; /* row; ascending in the order of deciding */
	const char *event_id, *notifier;
	uint64_t key_hash; /* of the event's key: one delivery of a key and notifier is in flight */
	enum mxw_delivery_status status;
	uint32_t n_attempts;
	int64_t created_wall_ms;
};

/* Adds a pending delivery with its rendered request; *ret_id is its row. */
int mxw_store_put_delivery(struct mxw_store *store, const struct mxw_delivery *delivery, const void *request, size_t n,
			   uint64_t *ret_id);
/* Pending and parked ones in the order of their rows. */
int mxw_store_each_delivery(struct mxw_store *store, int (*callback)(void *arg, const struct mxw_delivery *delivery),
			    void *arg);
/* The request's bytes, the caller's to free. -ENOENT. */
int mxw_store_get_request(struct mxw_store *store, uint64_t id, void **ret, size_t *ret_n);
/* The outcome of a try. The request's bytes of a delivered or expired one are dropped; the row stays. */
int mxw_store_update_delivery(struct mxw_store *store, uint64_t id, enum mxw_delivery_status status,
			      uint32_t n_attempts, int64_t now_wall_ms, const char *text);

/* The deliveries of one event with the texts of their last tries. -ENOENT: there is none. */
int mxw_store_each_event_delivery(struct mxw_store *store, const char *event_id,
				  int (*callback)(void *arg, const struct mxw_delivery *delivery, const char *text),
				  void *arg);

/* Silences and acknowledgements. A new silence gets an id that none had before. */
int mxw_store_put_silence(struct mxw_store *store, const struct mxw_silence *silence, uint64_t *ret_id);
int mxw_store_delete_silence(struct mxw_store *store, uint64_t id);
int mxw_store_put_ack(struct mxw_store *store, const struct mxw_ack *ack); /* in the place of the key's last one */
int mxw_store_delete_ack(struct mxw_store *store, const char *domain, const char *check);
int mxw_store_load_mutes(struct mxw_store *store, struct mxw_mutes *ret); /* adds all of them */

/* Deletes delivered and expired deliveries, their events and closed incidents that are older than `before_wall_ms`, at
 * most `limit` rows of each; *ret_more: there may be more. */
int mxw_store_prune(struct mxw_store *store, int64_t before_wall_ms, unsigned limit, bool *ret_more);
