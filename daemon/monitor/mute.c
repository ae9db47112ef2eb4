/* Silences and acknowledgements in the store and in force; see mute.h. lib/mute says what they mean. */
#include "daemon/monitor/mute.h"

#include <errno.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/monitor/internal.h"

enum {
	SWEEP_EVERY_MS = 60 * 1000,
	MAX_SWEPT = 500, /* rows a transaction: the loop must stay quick */
	/* Of a silence that is over: a clock that is wrong may be set right in that time. */
	KEEP_OVER_MS = 24 * 60 * 60 * 1000,
};

/* Nothing to sweep, no timer. */
static void schedule_sweep(struct mxw_monitor *monitor)
{
	bool has_any = monitor->mutes.n_silences || monitor->mutes.n_acks;
	if (has_any && !mxw_timer_is_armed(&monitor->sweep))
		mxw_timer_in(&monitor->sweep, SWEEP_EVERY_MS);
}

/* ---- what is over ---- */

static void note_ends(struct mxw_monitor *monitor)
{
	for (size_t i = 0; i < monitor->mutes.n_silences; i++) {
		struct mxw_silence *silence = &monitor->mutes.silences[i];
		bool is_over = silence->until_wall_ms <= mxw_loop_wall_ms(monitor->loop);
		if (is_over && !silence->over_since_ms) {
			silence->over_since_ms = mxw_loop_now_ms(monitor->loop);
			mxw_log(MXW_LOG_NOTICE, "silence %llu of %s is over", (unsigned long long)silence->id,
				silence->pattern);
		} else if (!is_over) {
			silence->over_since_ms = 0;
		}
	}
}

/* The incident that was acknowledged is over, or its key is gone. */
static bool is_ended(const struct mxw_monitor *monitor, const struct mxw_ack *ack)
{
	struct watched *watched = mxw_monitor_find(monitor, ack->domain);
	const struct key *key = watched ? mxw_watched_find_key(watched, ack->check) : NULL;
	return !key || key->state.incident_since_wall_ms != ack->incident_since_wall_ms;
}

/* What goes, from the last to the first: removing one moves those behind it. */
struct swept {
	const struct mxw_silence *silences[MAX_SWEPT];
	const struct mxw_ack *acks[MAX_SWEPT];
	size_t n_silences, n_acks;
};

static void find_over(const struct mxw_monitor *monitor, int64_t keep_ms, struct swept *ret)
{
	const struct mxw_mutes *mutes = &monitor->mutes;
	int64_t before_ms = mxw_loop_now_ms(monitor->loop) - keep_ms;
	ret->n_silences = ret->n_acks = 0;
	for (size_t i = mutes->n_silences; i-- > 0 && ret->n_silences < MAX_SWEPT;)
		if (mutes->silences[i].over_since_ms && mutes->silences[i].over_since_ms <= before_ms)
			ret->silences[ret->n_silences++] = &mutes->silences[i];
	for (size_t i = mutes->n_acks; i-- > 0 && ret->n_acks < MAX_SWEPT;)
		if (is_ended(monitor, &mutes->acks[i]))
			ret->acks[ret->n_acks++] = &mutes->acks[i];
}

static int delete_rows(struct mxw_store *store, const struct swept *swept)
{
	int r = mxw_store_begin(store);
	if (r < 0)
		return r;
	for (size_t i = 0; i < swept->n_silences && r == 0; i++)
		r = mxw_store_delete_silence(store, swept->silences[i]->id);
	for (size_t i = 0; i < swept->n_acks && r == 0; i++)
		r = mxw_store_delete_ack(store, swept->acks[i]->domain, swept->acks[i]->check);
	if (r == 0)
		return mxw_store_commit(store);
	mxw_store_rollback(store);
	return r;
}

/* Silences that are over for so long go, and acknowledgements of what has ended. True: there may be more. */
static bool sweep(struct mxw_monitor *monitor, int64_t keep_ms)
{
	struct swept swept;
	note_ends(monitor);
	find_over(monitor, keep_ms, &swept);
	if ((swept.n_silences || swept.n_acks) && delete_rows(monitor->params.store, &swept) < 0)
		return false; /* the next sweep tries again; they hold no more anyway */
	for (size_t i = 0; i < swept.n_silences; i++)
		mxw_mutes_remove_silence(&monitor->mutes, swept.silences[i]->id);
	for (size_t i = 0; i < swept.n_acks; i++)
		mxw_mutes_remove_ack(&monitor->mutes, swept.acks[i]->domain, swept.acks[i]->check);
	return swept.n_silences == MAX_SWEPT || swept.n_acks == MAX_SWEPT;
}

void mxw_monitor_on_sweep(void *arg)
{
	struct mxw_monitor *monitor = arg;
	if (sweep(monitor, KEEP_OVER_MS))
		mxw_timer_in(&monitor->sweep, 0);
	schedule_sweep(monitor);
}

/* ---- silences and acknowledgements ---- */

const struct mxw_mutes *mxw_monitor_mutes(const struct mxw_monitor *monitor)
{
	return &monitor->mutes;
}

int mxw_monitor_add_silence(struct mxw_monitor *monitor, struct mxw_silence *silence)
{
	struct mxw_store *store = monitor->params.store;
	if (monitor->mutes.n_silences >= MXW_MAX_SILENCES)
		sweep(monitor, 0); /* what is over makes room */
	if (monitor->mutes.n_silences >= MXW_MAX_SILENCES)
		return -E2BIG;
	int r = mxw_store_begin(store);
	if (r < 0)
		return r;
	r = mxw_store_put_silence(store, silence, &silence->id);
	if (r == 0)
		r = mxw_mutes_add_silence(&monitor->mutes, silence);
	if (r < 0) {
		mxw_store_rollback(store);
		return r;
	}
	r = mxw_store_commit(store);
	if (r < 0)
		mxw_mutes_remove_silence(&monitor->mutes, silence->id);
	schedule_sweep(monitor);
	return r;
}

int mxw_monitor_remove_silence(struct mxw_monitor *monitor, uint64_t id)
{
	int r = mxw_store_delete_silence(monitor->params.store, id);
	if (r == 0)
		mxw_mutes_remove_silence(&monitor->mutes, id);
	return r;
}

static int store_acks(struct mxw_store *store, const struct mxw_ack *acks, size_t n)
{
	int r = mxw_store_begin(store);
	for (size_t i = 0; i < n && r == 0; i++) {
		r = mxw_store_put_ack(store, &acks[i]);
		if (r < 0)
			mxw_store_rollback(store);
	}
	return r < 0 ? r : mxw_store_commit(store);
}

int mxw_monitor_put_acks(struct mxw_monitor *monitor, const struct mxw_ack *acks, size_t n)
{
	struct mxw_ack own[MXW_MAX_CHECKS];
	size_t n_own = 0;
	int r = mxw_mutes_reserve_acks(&monitor->mutes, acks, n);
	while (r == 0 && n_own < n) {
		r = mxw_ack_copy(&own[n_own], &acks[n_own]);
		n_own += r == 0;
	}
	if (r == 0)
		r = store_acks(monitor->params.store, acks, n);
	for (size_t i = 0; i < n_own; i++) {
		if (r == 0)
			mxw_mutes_take_ack(&monitor->mutes, &own[i]);
		else
			mxw_ack_done(&own[i]);
	}
	schedule_sweep(monitor);
	return r;
}

size_t mxw_monitor_incidents(const struct mxw_monitor *monitor, const char *domain,
			     struct mxw_monitor_incident ret[MXW_MAX_CHECKS])
{
	const struct watched *watched = mxw_monitor_find(monitor, domain);
	size_t n = 0;
	for (size_t i = 0; watched && i < watched->n_keys; i++) {
		const struct mxw_state *state = &watched->keys[i].state;
		if (state->hard >= MXW_WARNING && state->incident_since_wall_ms)
			ret[n++] = (struct mxw_monitor_incident){ watched->keys[i].check, state->hard,
								  state->incident_since_wall_ms };
	}
	return n;
}

bool mxw_monitor_is_acked(const struct mxw_monitor *monitor, const struct key *key)
{
	return mxw_mutes_is_acked(&monitor->mutes, key->watched->domain->name, key->check,
				  key->state.incident_since_wall_ms);
}

static bool is_in_maintenance(const struct mxw_monitor *monitor, const struct mxw_domain *domain, int64_t now_wall_ms)
{
	const struct mxw_config *config = monitor->config;
	const struct mxw_domain_settings *settings = domain->settings;
	for (size_t i = 0; i < config->n_windows; i++) {
		const struct mxw_window *window = &config->windows[i];
		if (mxw_window_covers(window, domain->name, settings->labels, settings->n_labels) &&
		    mxw_window_is_open(window, now_wall_ms, NULL))
			return true;
	}
	return false;
}

const char *mxw_monitor_muted_by(const struct mxw_monitor *monitor, const struct key *key)
{
	const struct mxw_domain *domain = key->watched->domain;
	int64_t now_wall_ms = mxw_loop_wall_ms(monitor->loop);
	if (mxw_mutes_find_holding(&monitor->mutes, domain->name, key->check, now_wall_ms))
		return "silence";
	return is_in_maintenance(monitor, domain, now_wall_ms) ? "maintenance" : NULL;
}

int mxw_monitor_load_mutes(struct mxw_monitor *monitor)
{
	int r = mxw_store_load_mutes(monitor->params.store, &monitor->mutes);
	if (r == 0)
		mxw_monitor_on_sweep(monitor);
	return r;
}

int mxw_monitor_test_notifier(struct mxw_monitor *monitor, size_t notifier, const char *author,
			      char ret_id[MXW_ALERT_ID_MAX])
{
	const char *name = monitor->config->notifiers[notifier].name;
	struct mxw_strbuf subject_name = MXW_STRBUF_INIT, summary = MXW_STRBUF_INIT;
	mxw_strbuf_addf(&subject_name, MXW_SUBJECT_TEST "%s", name);
	mxw_strbuf_addf(&summary, "test of notifier %s, asked for by %s: nothing is wrong", name, author);
	struct subject *subject = mxw_strbuf_failed(&subject_name)
					  ? NULL
					  : mxw_monitor_subject(monitor, mxw_strbuf_get(&subject_name));
	mxw_strbuf_done(&subject_name);
	struct self_event event = { .to = MXW_OK, .is_test = true, .summary = mxw_strbuf_take(&summary) };
	if (!subject) {
		free(event.summary);
		return -ENOMEM;
	}
	int r = mxw_monitor_tell(monitor, subject, &event, UINT64_C(1) << notifier);
	if (r < 0)
		return r;
	mxw_alert_id(ret_id, mxw_store_epoch(monitor->params.store), mxw_alert_key_hash("", subject->name),
		     subject->key.state.seq, 0);
	mxw_monitor_commit_all(monitor);
	if (!subject->key.has_pending)
		return 0;
	mxw_monitor_forget_key(monitor, &subject->key); /* who has asked is told now that there is none */
	return -EIO;
}
