/* The durable side: hard states, incidents, events and deliveries in one SQLite file (WAL, synchronous=FULL; alerts.md 3).
 *
 * What belongs together is written inside a transaction that the caller opens; outside of one each call is its own.
 * Nothing is sent before mxw_store_commit returned 0.
 * Every function returns 0 or a negative errno (what SQLite reports is logged here once). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/alert/alert.h"
#include "lib/alert/coalesce.h"
#include "lib/group/group.h"
#include "lib/mute/silence.h"
#include "lib/state/state.h"

struct mxw_store;

enum { MXW_STORE_VERSION = 3 }; /* of the schema: a lower one is migrated, a higher one refused */

/* Opens or creates DIR/mxwatch.db and takes the lock of the state directory.
 * -EWOULDBLOCK: another instance holds the lock. -EPROTO: the file is of a later version. A damaged or emptied
 * file is renamed to mxwatch.db.corrupt.TIME and a new one is begun: *ret_set_aside is its new name then (the caller's to
 * free), else NULL. One that cannot be used now (-EBUSY, -EROFS, -EACCES, -EIO ...) is left alone. */
int mxw_store_open(struct mxw_store **ret, const char *dir, int64_t now_wall_ms, char **ret_set_aside);
/* The same, but the file that is there is set aside in any case: it was found to be damaged while it was used. */
int mxw_store_open_anew(struct mxw_store **ret, const char *dir, int64_t now_wall_ms, char **ret_set_aside);
void mxw_store_close(struct mxw_store *store);

/* Nothing more is read or written once it is not good: close it and open it again. */
enum mxw_store_health {
	MXW_STORE_GOOD,
	MXW_STORE_LOST,    /* the disk fails: nobody knows what of the last writes is there */
	MXW_STORE_DAMAGED, /* what is read is nonsense */
};
enum mxw_store_health mxw_store_health(const struct mxw_store *store);
/* Called whenever something fails, from inside of what fails: it may set a timer, and not use the store. */
void mxw_store_on_failure(struct mxw_store *store, void (*callback)(void *arg), void *arg);
/* Does it take anything? Writes what nobody reads, in a transaction of its own. */
int mxw_store_probe(struct mxw_store *store);

/* MXW_ALERT_EPOCH_LEN letters and digits, random, made with the store. Borrowed. */
const char *mxw_store_epoch(const struct mxw_store *store);
/* Where the damaged file is kept that this one came after, "" for none. Borrowed. */
const char *mxw_store_predecessor(const struct mxw_store *store);

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

/* Stores an event; opens, updates or closes the incident of its key as its kind says: a record change does nothing to it. */
int mxw_store_put_event(struct mxw_store *store, const struct mxw_alert *alert);

enum mxw_delivery_status {
	MXW_DELIVERY_PENDING,
	MXW_DELIVERY_DELIVERED,
	MXW_DELIVERY_PARKED,
	MXW_DELIVERY_EXPIRED,
	MXW_DELIVERY_FOLDED, /* the outbox was full: a later one of its key stands for it */
};

struct mxw_delivery {
	uint64_t id; /* row; ascending in the order of deciding */
	const char *event_id, *notifier;
	uint64_t key_hash; /* of the event's key: one delivery of a key and notifier is in flight */
	enum mxw_delivery_status status;
	uint32_t n_attempts;
	int64_t created_wall_ms;
	enum mxw_stream_part part; /* of its event; put_delivery does not read it nor what follows */
	size_t n_bytes;            /* of its request */
	uint32_t n_folded;         /* that this one stands for, besides itself */
};

/* Adds a pending delivery with its rendered request; *ret_id is its row. */
int mxw_store_put_delivery(struct mxw_store *store, const struct mxw_delivery *delivery, const void *request, size_t n,
			   uint64_t *ret_id);
/* Pending and parked ones in the order of their rows. */
int mxw_store_each_delivery(struct mxw_store *store, int (*callback)(void *arg, const struct mxw_delivery *delivery),
			    void *arg);
/* The request's bytes, the caller's to free. -ENOENT. */
int mxw_store_get_request(struct mxw_store *store, uint64_t id, void **ret, size_t *ret_n);
/* The outcome of a try, or of a fold. The request's bytes of what is not open any more are dropped; the row stays. */
int mxw_store_update_delivery(struct mxw_store *store, uint64_t id, enum mxw_delivery_status status,
			      uint32_t n_attempts, int64_t now_wall_ms, const char *text);
int mxw_store_set_folded(struct mxw_store *store, uint64_t id, uint32_t n_folded);

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

/* Where the groups have a key that is in trouble: a text of lib/group/record.h. */
int mxw_store_put_place(struct mxw_store *store, const char *domain, const char *check, const char *text);
int mxw_store_delete_place(struct mxw_store *store, const char *domain, const char *check);
int mxw_store_each_place(struct mxw_store *store,
			 int (*callback)(void *arg, const char *domain, const char *check, const char *text),
			 void *arg);

/* A group as it was last told, and its event's sequence number. Texts are borrowed in both directions. */
struct mxw_store_cause {
	struct mxw_group_record record; /* told_ago_ms and problem_ago_ms are not kept */
	int64_t told_wall_ms, problem_wall_ms;
	uint64_t seq;
	const char *findings_json, *finding_id, *cause; /* what it was told with */
};
int mxw_store_put_cause(struct mxw_store *store, const struct mxw_store_cause *cause);
/* Those that were not told to be over. */
int mxw_store_each_cause(struct mxw_store *store, int (*callback)(void *arg, const struct mxw_store_cause *cause),
			 void *arg);
/* This one, over or not; `callback` is not called if it was never told. */
int mxw_store_get_cause(struct mxw_store *store, enum mxw_group_kind kind, const char *name, const char *route,
			int (*callback)(void *arg, const struct mxw_store_cause *cause), void *arg);

/* The confirmed set of a watched type of record (lib/records) as text, since when it is that. Texts are borrowed in both
 * directions. */
struct mxw_store_record_set {
	const char *domain, *type, *records;
	int64_t since_wall_ms;
};
int mxw_store_put_record_set(struct mxw_store *store,
			     const struct mxw_store_record_set *set); /* in place of the last */
int mxw_store_delete_record_set(struct mxw_store *store, const char *domain, const char *type);
int mxw_store_each_record_set(struct mxw_store *store,
			      int (*callback)(void *arg, const struct mxw_store_record_set *set), void *arg);

/* The history of sets, for people: it is kept as long as the events are. */
struct mxw_store_record_change {
	const char *domain, *type, *old, *new, *event_id;
	int64_t time_wall_ms;
};
int mxw_store_put_record_change(struct mxw_store *store, const struct mxw_store_record_change *change);

/* Deletes deliveries that are not open any more, their events, closed incidents and record changes that are older than
 * `before_wall_ms`, at most `limit` rows of each; *ret_more: there may be more. */
int mxw_store_prune(struct mxw_store *store, int64_t before_wall_ms, unsigned limit, bool *ret_more);
