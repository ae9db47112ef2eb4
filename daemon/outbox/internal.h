/* Shared inside the outbox: what is kept of a delivery, of a key and of a notifier. The store has the truth: what is kept
 * here is who comes next. */
#pragma once

#include <stdbool.h>
#include <uthash.h>

#include "daemon/outbox/outbox.h"
#include "daemon/outbox/outcomes.h"
#include "lib/base/heap.h"
#include "lib/base/rng.h"

struct entry {
	struct entry *next;
	uint64_t id;
	int64_t created_ms; /* monotonic */
	uint32_t n_attempts;
	uint32_t n_folded; /* that it stands for */
	uint32_t n_bytes;  /* of its request */
	bool is_tried;     /* by this process */
	bool is_folding;   /* a transaction that folds it is being written */
	enum mxw_delivery_status status;
	enum mxw_stream_part part;
	void *unstored; /* its request, owned; NULL: the store has it */
};

struct notifier;

struct queue {
	struct mxw_heap_node due; /* in notifier->due while its head is waiting and not in flight */
	UT_hash_handle hh;
	uint64_t key_hash;
	struct notifier *notifier;
	struct entry *head, *tail; /* never empty between calls */
	size_t n;
	bool in_flight;
};

/* How bad a notifier's trouble is as far as it was told. An alert that is given up is told once, not each: such an event
 * is an alert for the others, and when they are all down it would breed. */
enum told { TOLD_NOTHING, TOLD_PARKED, TOLD_EXPIRED };

struct notifier {
	struct notifier *next;
	struct mxw_heap due;
	struct queue *queues; /* by key_hash */
	size_t n_in_flight, n_open;
	uint64_t n_bytes;
	enum told told;
	bool is_told_full;
	bool is_folding;        /* until there is some room again */
	uint64_t n_folded;      /* since it worked */
	int64_t folded_said_ms; /* when that was last logged; 0: not yet */
	char name[];
};

/* A delivery that the courier has. */
struct flight {
	UT_hash_handle hh;
	uint64_t id;
	struct queue *queue;
};

struct mxw_outbox {
	struct mxw_loop *loop;
	struct mxw_outbox_params params;
	struct mxw_courier *courier;
	struct notifier *notifiers;
	size_t n_notifiers, n_open, n_unstored;
	uint64_t last_unstored;
	struct flight *flights;
	struct mxw_outcomes *outcomes;
	struct mxw_timer wake, fold;
	struct mxw_rng rng;
};

/* queue.c */
struct notifier *mxw_outbox_get_notifier(struct mxw_outbox *outbox,
					 const char *name); /* made when new; NULL: -ENOMEM */
void mxw_outbox_free_notifier(struct mxw_outbox *outbox, struct notifier *notifier);
/* Puts an entry at the end of its key's queue and takes it over. -ENOMEM: it is the caller's. */
int mxw_outbox_append(struct mxw_outbox *outbox, struct notifier *notifier, uint64_t key_hash, struct entry *entry,
		      int64_t due_ms);
/* The head of the queue is to be sent at this time. */
void mxw_outbox_schedule(struct mxw_outbox *outbox, struct queue *queue, int64_t at_ms);
/* The head is done with, one way or the other; the next one is due at once. The queue is gone when it was the last. */
void mxw_outbox_pop(struct mxw_outbox *outbox, struct queue *queue);
void mxw_outbox_drop_entry(struct mxw_outbox *outbox, struct notifier *notifier, struct entry *entry); /* unlinked */

/* outbox.c: tells the trouble unless that is known. */
void mxw_outbox_tell(struct mxw_outbox *outbox, struct notifier *notifier, enum mxw_outbox_trouble trouble,
		     const char *text);

/* limit.c */
void mxw_outbox_watch_limit(struct mxw_outbox *outbox, struct notifier *notifier);            /* something was added */
bool mxw_outbox_is_crowded(const struct mxw_outbox *outbox, const struct notifier *notifier); /* half full or more */
void mxw_outbox_on_fold(void *outbox);
