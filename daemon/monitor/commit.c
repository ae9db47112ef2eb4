/* Into the store, then into the outbox: all transitions that one iteration of the loop decided go into one transaction.
 *
 * A commit that fails loses nothing: the keys keep the states from before, and their next rounds decide again; what no
 * round decides waits and is written again. */
#include <stdlib.h>

#include "daemon/log.h"
#include "daemon/monitor/internal.h"

enum {
	MAX_BATCH = 50,              /* events a transaction: a mass outage must not hold the loop for long */
	COMMIT_AGAIN_MS = 10 * 1000, /* when the store takes nothing */
	SAVE_EVERY_MS = 1000,        /* soft states */
	MAX_SAVES = 200,             /* soft states a transaction */
};

void mxw_pending_free(struct pending *pending)
{
	if (!pending)
		return;
	if (pending->key)
		pending->key->has_pending = false;
	for (size_t i = 0; i < pending->n_deliveries; i++)
		mxw_strbuf_done(&pending->requests[i]);
	free(pending->requests);
	free(pending->deliveries);
	mxw_arena_done(&pending->arena);
	mxw_told_done(&pending->told);
	free(pending->soft);
	mxw_alert_done(&pending->alert);
	free(pending);
}

void mxw_monitor_queue(struct mxw_monitor *monitor, struct pending *pending)
{
	if (pending->key)
		pending->key->has_pending = true;
	*monitor->pending_end = pending;
	monitor->pending_end = &pending->next;
	if (!mxw_timer_is_armed(&monitor->commit))
		mxw_timer_in(&monitor->commit, 0);
}

void mxw_monitor_mark_dirty(struct mxw_monitor *monitor, struct key *key)
{
	if (key->is_dirty)
		return;
	key->is_dirty = true;
	key->next_dirty = monitor->dirty;
	monitor->dirty = key;
	if (!mxw_timer_is_armed(&monitor->save))
		mxw_timer_in(&monitor->save, SAVE_EVERY_MS);
}

void mxw_monitor_forget_key(struct mxw_monitor *monitor, struct key *key)
{
	for (struct pending *pending = monitor->pending; pending; pending = pending->next)
		if (pending->key == key)
			pending->key = NULL;
	if (!key->is_dirty)
		return;
	for (struct key **at = &monitor->dirty; *at; at = &(*at)->next_dirty) {
		if (*at == key) {
			*at = key->next_dirty;
			break;
		}
	}
	key->is_dirty = false;
}

static int put_state(struct mxw_monitor *monitor, const char *domain, const char *check, const struct mxw_state *state,
		     const struct mxw_soft *soft, const struct told *told)
{
	struct mxw_store_state row = {
		.domain = domain,
		.check = check,
		.state = *state,
		.soft = soft,
		.saved_ms = mxw_loop_now_ms(monitor->loop),
		.saved_wall_ms = mxw_loop_wall_ms(monitor->loop),
		.findings_json = told->findings_json ? told->findings_json : "",
		.finding_id = told->finding_id ? told->finding_id : "",
		.cause = told->cause ? told->cause : "",
		.notifiers = told->notifiers,
	};
	return mxw_store_put_state(monitor->params.store, &row);
}

static int put_pending(struct mxw_monitor *monitor, struct pending *pending)
{
	const struct mxw_alert *alert = &pending->alert;
	bool is_domain = alert->domain != NULL;
	int r = put_state(monitor, is_domain ? alert->domain : "", is_domain ? alert->check : pending->key->check,
			  &pending->state, pending->soft, &pending->told);
	if (r == 0)
		r = mxw_store_put_event(monitor->params.store, alert);
	for (size_t i = 0; r == 0 && i < pending->n_deliveries; i++)
		r = mxw_store_put_delivery(monitor->params.store, &pending->deliveries[i], pending->requests[i].data,
					   pending->requests[i].len, &pending->deliveries[i].id);
	return r;
}

/* After the commit: the state is what was told, and the deliveries may go. */
static void take_over(struct mxw_monitor *monitor, struct pending *pending)
{
	struct key *key = pending->key;
	const char *muted_by = pending->alert.muted_by;
	mxw_log(pending->alert.to >= MXW_WARNING ? MXW_LOG_WARNING : MXW_LOG_NOTICE, "%s; %s%s%sid=%s",
		pending->alert.summary, muted_by ? "not told: " : "", muted_by ? muted_by : "", muted_by ? "; " : "",
		pending->alert.id);
	monitor->n_events++;
	if (key && key->watched) { /* a subject's state has moved when the event was decided */
		key->state = pending->state;
		free(key->soft);
		key->soft = pending->soft;
		pending->soft = NULL;
		mxw_told_done(&key->told);
		key->told = pending->told;
		pending->told = (struct told){ 0 };
	}
	for (size_t i = 0; i < pending->n_deliveries; i++)
		if (mxw_outbox_add(monitor->params.outbox, &pending->deliveries[i]) < 0)
			mxw_log(MXW_LOG_ERROR, "%s: out of memory; delivered after the next start", pending->alert.id);
}

/* Cuts the first batch off the queue. */
static struct pending *cut_batch(struct mxw_monitor *monitor)
{
	struct pending *batch = monitor->pending, **at = &monitor->pending;
	for (size_t n = 0; *at && n < MAX_BATCH; n++)
		at = &(*at)->next;
	monitor->pending = *at;
	*at = NULL;
	if (!monitor->pending)
		monitor->pending_end = &monitor->pending;
	return batch;
}

/* What a failed commit leaves: a transition of a watched key is decided again by its next round. What nobody decides
 * again (the end of a removed domain's incident, an event about the monitor itself) goes back to the head of the queue. */
static void put_back(struct mxw_monitor *monitor, struct pending *batch)
{
	struct pending *rest = monitor->pending, **at = &monitor->pending;
	while (batch) {
		struct pending *next = batch->next;
		if (batch->must_stay) {
			*at = batch;
			at = &batch->next;
		} else {
			mxw_pending_free(batch);
		}
		batch = next;
	}
	*at = rest;
	while (*at)
		at = &(*at)->next;
	monitor->pending_end = at;
}

static int commit_batch(struct mxw_monitor *monitor)
{
	struct pending *batch = cut_batch(monitor);
	int r = mxw_store_begin(monitor->params.store);
	for (struct pending *pending = batch; r == 0 && pending; pending = pending->next) {
		r = put_pending(monitor, pending);
		if (r < 0)
			mxw_store_rollback(monitor->params.store);
	}
	if (r == 0)
		r = mxw_store_commit(monitor->params.store);
	if (r < 0) {
		mxw_log(MXW_LOG_ERROR,
			"store: events are not stored and so not sent; they are decided or written again");
		put_back(monitor, batch);
		return r;
	}
	while (batch) {
		struct pending *next = batch->next;
		take_over(monitor, batch);
		mxw_pending_free(batch);
		batch = next;
	}
	return 0;
}

void mxw_monitor_on_commit(void *arg)
{
	struct mxw_monitor *monitor = arg;
	int r = commit_batch(monitor);
	if (monitor->pending)
		mxw_timer_in(&monitor->commit, r == 0 ? 0 : COMMIT_AGAIN_MS);
}

void mxw_monitor_commit_all(struct mxw_monitor *monitor)
{
	while (monitor->pending && commit_batch(monitor) == 0)
		;
	if (monitor->pending)
		mxw_timer_in(&monitor->commit, COMMIT_AGAIN_MS);
}

void mxw_monitor_drop_pending(struct mxw_monitor *monitor)
{
	while (monitor->pending) {
		struct pending *next = monitor->pending->next;
		mxw_pending_free(monitor->pending);
		monitor->pending = next;
	}
	monitor->pending_end = &monitor->pending;
}

static int save_some(struct mxw_monitor *monitor)
{
	int r = mxw_store_begin(monitor->params.store);
	for (size_t n = 0; r == 0 && n < MAX_SAVES && monitor->dirty; n++) {
		struct key *key = monitor->dirty;
		monitor->dirty = key->next_dirty;
		key->is_dirty = false;
		r = put_state(monitor, key->watched->domain->name, key->check, &key->state, key->soft, &key->told);
	}
	if (r == 0)
		return mxw_store_commit(monitor->params.store);
	mxw_store_rollback(monitor->params.store);
	return r;
}

/* What is lost here is soft: it is gathered anew, or saved with the next round. */
void mxw_monitor_on_save(void *arg)
{
	struct mxw_monitor *monitor = arg;
	int r = save_some(monitor);
	if (monitor->dirty)
		mxw_timer_in(&monitor->save, r == 0 ? 0 : SAVE_EVERY_MS);
}

void mxw_monitor_save_all(struct mxw_monitor *monitor)
{
	while (monitor->dirty && save_some(monitor) == 0)
		;
	for (; monitor->dirty; monitor->dirty = monitor->dirty->next_dirty) /* the store takes nothing */
		monitor->dirty->is_dirty = false;
	mxw_timer_cancel(&monitor->save);
}
