/* Into the store, then into the outbox: all transitions that one iteration of the loop decided go into one transaction.
 *
 * A commit that fails loses nothing: the keys keep the states from before, and their next rounds decide again; what no
 * round decides waits and is written again. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
	free(pending->place);
	free(pending->message);
	mxw_alert_done(&pending->alert);
	free(pending);
}

static void count_message(struct mxw_monitor *monitor, const char *notifier)
{
	size_t i = mxw_config_find_notifier(monitor->config, notifier);
	if (i < monitor->config->n_notifiers)
		mxw_storm_count(&monitor->storms[i], mxw_loop_now_ms(monitor->loop));
}

void mxw_monitor_queue(struct mxw_monitor *monitor, struct pending *pending)
{
	if (pending->key)
		pending->key->has_pending = true;
	for (size_t i = 0; i < pending->n_deliveries; i++)
		count_message(monitor, pending->deliveries[i].notifier);
	*monitor->pending_end = pending;
	monitor->pending_end = &pending->next;
	if (!mxw_timer_is_armed(&monitor->commit))
		mxw_timer_in(&monitor->commit, 0);
}

const struct pending *mxw_monitor_find_pending(const struct mxw_monitor *monitor, const struct key *key)
{
	const struct pending *pending = key->has_pending ? monitor->pending : NULL;
	while (pending && pending->key != key)
		pending = pending->next;
	return pending;
}

void mxw_monitor_mark_dirty(struct mxw_monitor *monitor, struct key *key)
{
	if (key->is_dirty)
		return;
	key->is_dirty = true;
	key->next_dirty = monitor->dirty;
	monitor->dirty = key;
	mxw_monitor_plan_save(monitor);
}

void mxw_monitor_plan_save(struct mxw_monitor *monitor)
{
	if (!mxw_timer_is_armed(&monitor->save))
		mxw_timer_in(&monitor->save, SAVE_EVERY_MS);
}

/* What is not written of it: its domain's next round decides it again, if there is one. */
static void drop(struct mxw_monitor *monitor, struct pending *pending)
{
	if (pending->is_placed)
		mxw_groups_withdraw(monitor->groups, pending->alert.domain, pending->alert.check);
	mxw_pending_free(pending);
}

static void forget_transitions(struct mxw_monitor *monitor, const struct key *key)
{
	struct pending **at = &monitor->pending;
	while (*at) {
		struct pending *pending = *at;
		if (pending->key == key) {
			*at = pending->next;
			drop(monitor, pending);
		} else {
			at = &pending->next;
		}
	}
	monitor->pending_end = at;
}

void mxw_monitor_forget_key(struct mxw_monitor *monitor, struct key *key)
{
	if (key->has_pending)
		forget_transitions(monitor, key);
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

/* Of a key: its state, and its place among the groups. */
static int put_key(struct mxw_monitor *monitor, const struct pending *pending)
{
	const struct mxw_alert *alert = &pending->alert;
	const char *domain = alert->domain ? alert->domain : "",
		   *check = alert->domain ? alert->check : pending->key->check;
	int r = put_state(monitor, domain, check, &pending->state, pending->soft, &pending->told);
	if (r == 0 && pending->place)
		r = mxw_store_put_place(monitor->params.store, domain, check, pending->place);
	else if (r == 0 && (alert->ends_incident || pending->is_placed || pending->leaves))
		r = mxw_store_delete_place(monitor->params.store, domain, check);
	return r;
}

static int put_pending(struct mxw_monitor *monitor, struct pending *pending)
{
	const struct mxw_alert *alert = &pending->alert;
	int r = pending->message ? mxw_monitor_store_group(monitor, pending) : put_key(monitor, pending);
	if (r == 0)
		r = mxw_store_put_event(monitor->params.store, alert);
	if (r == 0 && alert->change)
		r = mxw_pending_put_change(monitor, pending);
	for (size_t i = 0; r == 0 && i < pending->n_deliveries; i++)
		r = mxw_store_put_delivery(monitor->params.store, &pending->deliveries[i], pending->requests[i].data,
					   pending->requests[i].len, &pending->deliveries[i].id);
	return r;
}

/* After the commit: what the groups have to know of it. */
static void note_groups(struct mxw_monitor *monitor, const struct pending *pending)
{
	const struct mxw_alert *alert = &pending->alert;
	if (pending->message)
		mxw_groups_told(monitor->groups, pending->message, mxw_loop_now_ms(monitor->loop));
	else if (alert->domain && (alert->ends_incident || pending->leaves))
		mxw_groups_leave(monitor->groups, alert->domain, alert->check);
	if (pending->key && pending->key->watched && (pending->is_placed || pending->leaves || alert->ends_incident)) {
		pending->key->is_folded = mxw_monitor_is_folded(monitor, pending->key);
		free(pending->key->place);
		pending->key->place = NULL;
	}
	mxw_monitor_plan_groups(monitor);
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
	note_groups(monitor, pending);
	if (key && key->watched) { /* a subject's state has moved when the event was decided */
		key->state = pending->state;
		free(key->soft);
		key->soft = pending->soft;
		pending->soft = NULL;
		mxw_told_done(&key->told);
		key->told = pending->told;
		pending->told = (struct told){ 0 };
	}
	mxw_pending_take_over_change(pending);
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
			drop(monitor, batch);
		}
		batch = next;
	}
	*at = rest;
	while (*at)
		at = &(*at)->next;
	monitor->pending_end = at;
	mxw_monitor_fold_waiting(monitor);
}

/* All of it in one transaction. -EEXIST: but for *ret_refused it can be written. */
static int write_batch(struct mxw_monitor *monitor, struct pending *batch, struct pending **ret_refused)
{
	int r = mxw_store_begin(monitor->params.store);
	for (struct pending *pending = batch; r == 0 && pending; pending = pending->next) {
		*ret_refused = pending;
		r = put_pending(monitor, pending);
		if (r < 0)
			mxw_store_rollback(monitor->params.store);
	}
	return r < 0 ? r : mxw_store_commit(monitor->params.store);
}

/* Its number is used already: somebody has written to the store by hand (faults.md I8). What is decided again gets the
 * next one, and the rest of the batch must not wait for that. */
static void leave_out(struct mxw_monitor *monitor, struct pending **batch, struct pending *refused)
{
	struct pending **at = batch;
	while (*at != refused)
		at = &(*at)->next;
	*at = refused->next;
	mxw_log(MXW_LOG_ERROR, "%s: the store has another event of this id; left out: %s", refused->alert.id,
		refused->alert.summary);
	if (refused->key && refused->key->watched)
		refused->key->state.seq = refused->state.seq;
	if (refused->message) {
		mxw_monitor_store_group(monitor, refused);
		mxw_groups_untold(monitor->groups, refused->message);
		mxw_monitor_plan_groups(monitor);
	}
	drop(monitor, refused);
}

static int commit_batch(struct mxw_monitor *monitor)
{
	struct pending *batch = cut_batch(monitor), *refused = NULL;
	int r;
	while ((r = write_batch(monitor, batch, &refused)) == -EEXIST)
		leave_out(monitor, &batch, refused);
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

static int save_place(struct mxw_monitor *monitor, const struct key *key)
{
	const char *domain = key->watched->domain->name;
	if (!*key->place)
		return mxw_store_delete_place(monitor->params.store, domain, key->check);
	return mxw_store_put_place(monitor->params.store, domain, key->check, key->place);
}

static int save_some(struct mxw_monitor *monitor)
{
	int r = mxw_store_begin(monitor->params.store);
	for (size_t n = 0; r == 0 && n < MAX_SAVES && monitor->dirty; n++) {
		struct key *key = monitor->dirty;
		monitor->dirty = key->next_dirty;
		key->is_dirty = false;
		r = put_state(monitor, key->watched->domain->name, key->check, &key->state, key->soft, &key->told);
		if (r == 0 && key->place)
			r = save_place(monitor, key);
		if (r == 0) {
			free(key->place);
			key->place = NULL;
		}
	}
	if (r == 0)
		return mxw_store_commit(monitor->params.store);
	mxw_store_rollback(monitor->params.store);
	return r;
}

/* What is lost of states is soft: it is gathered anew, or saved with the next round. Record sets are kept and tried again. */
void mxw_monitor_on_save(void *arg)
{
	struct mxw_monitor *monitor = arg;
	int r = save_some(monitor);
	if (r == 0)
		r = mxw_monitor_save_records(monitor);
	if (monitor->dirty || mxw_monitor_has_unsaved_records(monitor))
		mxw_timer_in(&monitor->save, r == 0 ? 0 : COMMIT_AGAIN_MS);
}

void mxw_monitor_save_all(struct mxw_monitor *monitor)
{
	while (monitor->dirty && save_some(monitor) == 0)
		;
	while (mxw_monitor_has_unsaved_records(monitor) && mxw_monitor_save_records(monitor) == 0)
		;
	for (; monitor->dirty; monitor->dirty = monitor->dirty->next_dirty) /* the store takes nothing */
		monitor->dirty->is_dirty = false;
	mxw_timer_cancel(&monitor->save);
	if (mxw_monitor_has_unsaved_records(monitor))
		mxw_monitor_plan_save(monitor);
}
