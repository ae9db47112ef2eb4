/* The share of a notifier that does not keep up: when it is full, what its receiver can do without is folded
 * (lib/alert/coalesce.h says what that is) until some room is free again.
 *
 * A fold is durable before it is so here, and each transaction leaves queues that are well-formed, so that a kill or a
 * receiver that comes back meets nothing half folded. It takes the first few hundred deliveries of a key as if they were all:
 * what coalesces a queue's beginning is right whatever comes behind it. */
#include <errno.h>

#include "daemon/log.h"
#include "daemon/outbox/internal.h"
#include "lib/alert/coalesce.h"
#include "lib/base/util.h"

enum {
	WINDOW = 256,      /* deliveries of a key that are looked at together */
	ENOUGH_ROWS = 256, /* a short transaction: the loop must not wait */
	LOW_EIGHTHS = 7,   /* of its share: how far a full one is folded, so that not every new delivery folds again */
	CROWDED_EIGHTHS = 4,  /* from which on nobody is told that all is well */
	AGAIN_MS = 10 * 1000, /* when the store takes nothing */
	SAY_EVERY_MS = 60 * 1000,
};

/* One transaction. */
struct fold {
	struct mxw_outbox *outbox;
	struct notifier *notifier;
	struct queue *queues[ENOUGH_ROWS]; /* with something to fold */
	size_t n_queues, n_rows, n_folded;
	uint64_t n_bytes; /* of what is folded */
	bool is_begun;
};

enum level {
	LEVEL_STREAM, /* what a later state replaces */
	LEVEL_APART,  /* what stands for itself, when that was not enough */
	N_LEVELS,
};

/* How many of these deliveries and octets are more than so much of the share. */
static size_t excess(const struct mxw_outbox *outbox, size_t n, uint64_t n_bytes, unsigned eighths)
{
	const struct mxw_outbox_policy *policy = &outbox->params.policy;
	size_t sharers = MXW_MAX(policy->n_notifiers, (size_t)1);
	size_t max = MXW_MAX(policy->max_deliveries / sharers * eighths / 8, (size_t)1);
	if (n_bytes > policy->max_bytes / sharers / 8 * eighths)
		return n; /* how many that are only the folding shows */
	return n > max ? n - max : 0;
}

bool mxw_outbox_is_crowded(const struct mxw_outbox *outbox, const struct notifier *notifier)
{
	return excess(outbox, notifier->n_open, notifier->n_bytes, CROWDED_EIGHTHS) > 0;
}

void mxw_outbox_watch_limit(struct mxw_outbox *outbox, struct notifier *notifier)
{
	if (notifier->is_folding || excess(outbox, notifier->n_open, notifier->n_bytes, 8) == 0)
		return;
	notifier->is_folding = true;
	if (!mxw_timer_is_armed(&outbox->fold))
		mxw_timer_in(&outbox->fold, 0);
}

static size_t still_too_many(const struct fold *fold)
{
	const struct notifier *notifier = fold->notifier;
	return excess(fold->outbox, notifier->n_open - fold->n_folded, notifier->n_bytes - fold->n_bytes, LOW_EIGHTHS);
}

/* One that was tried may have been received, and keeps the pace of its retries. */
static bool is_fixed(const struct queue *queue, const struct entry *entry)
{
	return (entry == queue->head && queue->in_flight) || entry->is_tried || entry->n_attempts > 0 ||
	       entry->status == MXW_DELIVERY_PARKED || entry->unstored;
}

static int write_folded(struct fold *fold, const struct entry *entry)
{
	struct mxw_store *store = fold->outbox->params.store;
	int r = fold->is_begun ? 0 : mxw_store_begin(store);
	fold->is_begun = fold->is_begun || r == 0;
	fold->n_rows++;
	return r < 0 ? r
		     : mxw_store_update_delivery(store, entry->id, MXW_DELIVERY_FOLDED, entry->n_attempts,
						 mxw_loop_wall_ms(fold->outbox->loop), "coalesced");
}

/* Writes the decision: what goes, and on the next one that stays how many it stands for. */
static int write_queue(struct fold *fold, struct entry *entry, const struct mxw_coalesce_item *items, size_t n)
{
	uint32_t carried = 0;
	int r = 0;
	for (size_t i = 0; i < n && r == 0; i++, entry = entry->next) {
		entry->is_folding = items[i].is_folded;
		if (items[i].is_folded) {
			carried += 1 + entry->n_folded;
			fold->n_folded++;
			fold->n_bytes += entry->n_bytes;
			r = write_folded(fold, entry);
		} else if (carried) {
			fold->n_rows++;
			r = mxw_store_set_folded(fold->outbox->params.store, entry->id, entry->n_folded + carried);
			carried = 0;
		}
	}
	return r;
}

static int fold_queue(struct fold *fold, struct queue *queue, enum level level)
{
	struct mxw_coalesce_item items[WINDOW];
	size_t n = 0;
	for (const struct entry *entry = queue->head; entry && n < WINDOW; entry = entry->next)
		items[n++] = (struct mxw_coalesce_item){ .part = entry->part, .is_fixed = is_fixed(queue, entry) };
	size_t n_folded = level == LEVEL_STREAM ? mxw_coalesce_stream(items, n)
						: mxw_coalesce_apart(items, n, still_too_many(fold));
	if (n_folded == 0)
		return 0;
	fold->queues[fold->n_queues++] = queue;
	return write_queue(fold, queue->head, items, n);
}

static int write_all(struct fold *fold)
{
	struct queue *queue, *next;
	int r = 0;
	for (enum level level = LEVEL_STREAM; level < N_LEVELS && fold->n_queues == 0; level++) {
		HASH_ITER (hh, fold->notifier->queues, queue, next) { /* in the order of their making */
			if (r < 0 || fold->n_rows >= ENOUGH_ROWS || still_too_many(fold) == 0)
				break;
			if (queue->n > 1)
				r = fold_queue(fold, queue, level);
		}
	}
	if (r == 0 && fold->is_begun)
		return mxw_store_commit(fold->outbox->params.store);
	if (fold->is_begun)
		mxw_store_rollback(fold->outbox->params.store);
	return r;
}

/* It is written: now it is so. */
static void take_over(struct fold *fold, struct queue *queue)
{
	struct entry **at = &queue->head;
	uint32_t carried = 0;
	for (size_t i = 0; *at && i < WINDOW; i++) {
		struct entry *entry = *at;
		if (!entry->is_folding) {
			entry->n_folded += carried;
			carried = 0;
			at = &entry->next;
			continue;
		}
		*at = entry->next;
		carried += 1 + entry->n_folded;
		queue->n--;
		mxw_outbox_drop_entry(fold->outbox, fold->notifier, entry);
	}
}

static void forget(struct queue *queue)
{
	size_t i = 0;
	for (struct entry *entry = queue->head; entry && i < WINDOW; entry = entry->next, i++)
		entry->is_folding = false;
}

/* Returns how many were folded, 0 when there is room or nothing to fold, or a negative errno. */
static int fold_some(struct mxw_outbox *outbox, struct notifier *notifier)
{
	struct fold fold = { .outbox = outbox, .notifier = notifier };
	int r = write_all(&fold);
	for (size_t i = 0; i < fold.n_queues; i++) {
		if (r < 0)
			forget(fold.queues[i]);
		else
			take_over(&fold, fold.queues[i]);
	}
	if (r < 0)
		return r;
	notifier->n_folded += fold.n_folded;
	return (int)fold.n_folded;
}

/* Never silently; but a receiver that is away for a week must not fill the log. */
static void say(struct mxw_outbox *outbox, struct notifier *notifier)
{
	int64_t now_ms = mxw_loop_now_ms(outbox->loop);
	if (notifier->folded_said_ms && now_ms - notifier->folded_said_ms < SAY_EVERY_MS)
		return;
	notifier->folded_said_ms = now_ms;
	mxw_log(MXW_LOG_WARNING,
		"notifier %s: its share of the outbox is full: older deliveries are folded into the newest of their "
		"keys; "
		"waiting: %zu, folded since it worked: %llu",
		notifier->name, notifier->n_open, (unsigned long long)notifier->n_folded);
}

void mxw_outbox_on_fold(void *arg)
{
	struct mxw_outbox *outbox = arg;
	for (struct notifier *notifier = outbox->notifiers; notifier; notifier = notifier->next) {
		if (!notifier->is_folding)
			continue;
		int r = fold_some(outbox, notifier);
		if (r < 0) {
			mxw_timer_in(&outbox->fold, AGAIN_MS);
			return;
		}
		if (r > 0) {
			mxw_timer_in(&outbox->fold, 0); /* others first: the loop must not wait */
		} else {
			notifier->is_folding = false;
			say(outbox, notifier);
		}
	}
	/* Telling adds to the outbox, so it comes when the lists are at rest. */
	for (struct notifier *notifier = outbox->notifiers; notifier; notifier = notifier->next)
		if (notifier->n_folded && !notifier->is_told_full)
			mxw_outbox_tell(outbox, notifier, MXW_OUTBOX_FOLDED, "");
}
