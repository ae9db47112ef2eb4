/* Outcomes of deliveries wait in a list for their transaction; see outcomes.h. */
#include "daemon/outbox/outcomes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	KEEP_DAYS = 30, /* of what is done: long enough to answer "were we told?" */
	PRUNE_EVERY_MS = 3600 * 1000,
	PRUNE_MORE_MS = 1000,       /* while there is more: it must keep up with whatever comes in */
	PRUNE_ROWS = 1000,          /* a short transaction: the loop must not wait */
	WRITE_AGAIN_MS = 10 * 1000, /* when the disk is full, say */
	MAX_TEXT = 255,
};

struct outcome {
	struct outcome *next;
	uint64_t delivery;
	enum mxw_delivery_status status;
	uint32_t n_attempts;
	char text[MAX_TEXT + 1];
};

struct mxw_outcomes {
	struct mxw_loop *loop;
	struct mxw_store *store;
	struct outcome *first, **end;
	size_t n;
	struct mxw_timer write, prune;
};

static void forget(struct mxw_outcomes *outcomes)
{
	while (outcomes->first) {
		struct outcome *next = outcomes->first->next;
		free(outcomes->first);
		outcomes->first = next;
	}
	outcomes->end = &outcomes->first;
	outcomes->n = 0;
}

/* All or nothing: while the store takes nothing they wait, for a delivered row that stays pending would go out once
 * more after a restart. */
static void on_write(void *arg)
{
	struct mxw_outcomes *outcomes = arg;
	int64_t now_wall_ms = mxw_loop_wall_ms(outcomes->loop);
	int r = mxw_store_begin(outcomes->store);
	for (struct outcome *outcome = outcomes->first; outcome && r == 0; outcome = outcome->next)
		r = mxw_store_update_delivery(outcomes->store, outcome->delivery, outcome->status, outcome->n_attempts,
					      now_wall_ms, outcome->text);
	if (r == 0)
		r = mxw_store_commit(outcomes->store);
	else
		mxw_store_rollback(outcomes->store);
	if (r == 0)
		forget(outcomes);
	else
		mxw_timer_in(&outcomes->write, WRITE_AGAIN_MS);
}

static void on_prune(void *arg)
{
	struct mxw_outcomes *outcomes = arg;
	int64_t before = mxw_loop_wall_ms(outcomes->loop) - (int64_t)KEEP_DAYS * 24 * 3600 * 1000;
	bool more = false;
	if (mxw_store_begin(outcomes->store) == 0) {
		if (mxw_store_prune(outcomes->store, before, PRUNE_ROWS, &more) == 0)
			mxw_store_commit(outcomes->store);
		else
			mxw_store_rollback(outcomes->store);
	}
	mxw_timer_in(&outcomes->prune, more ? PRUNE_MORE_MS : PRUNE_EVERY_MS);
}

int mxw_outcomes_new(struct mxw_outcomes **ret, struct mxw_loop *loop, struct mxw_store *store)
{
	struct mxw_outcomes *outcomes = calloc(1, sizeof(*outcomes));
	if (!outcomes)
		return -ENOMEM;
	outcomes->loop = loop;
	outcomes->store = store;
	outcomes->end = &outcomes->first;
	mxw_timer_init(&outcomes->write, loop, on_write, outcomes);
	mxw_timer_init(&outcomes->prune, loop, on_prune, outcomes);
	mxw_timer_in(&outcomes->prune, PRUNE_EVERY_MS);
	*ret = outcomes;
	return 0;
}

void mxw_outcomes_free(struct mxw_outcomes *outcomes)
{
	if (!outcomes)
		return;
	if (outcomes->first)
		on_write(outcomes);
	forget(outcomes);
	mxw_timer_cancel(&outcomes->write);
	mxw_timer_cancel(&outcomes->prune);
	free(outcomes);
}

void mxw_outcomes_note(struct mxw_outcomes *outcomes, uint64_t delivery, enum mxw_delivery_status status,
		       uint32_t n_attempts, const char *text)
{
	struct outcome *outcome = outcomes->n < MXW_MAX_OUTCOMES ? calloc(1, sizeof(*outcome)) : NULL;
	if (!outcome)
		return;
	outcome->delivery = delivery;
	outcome->status = status;
	outcome->n_attempts = n_attempts;
	strncpy(outcome->text, text ? text : "", MAX_TEXT);
	*outcomes->end = outcome;
	outcomes->end = &outcome->next;
	outcomes->n++;
	if (!mxw_timer_is_armed(&outcomes->write))
		mxw_timer_in(&outcomes->write, 0);
}
