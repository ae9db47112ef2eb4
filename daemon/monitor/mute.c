/* Silences and acknowledgements in the store and in force; see mute.h. lib/mute says what they mean. */
#include "daemon/monitor/mute.h"

#include <errno.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/monitor/internal.h"

enum { SWEEP_EVERY_MS = 60 * 1000 };

/* Nothing to sweep, no timer. */
static void schedule_sweep(struct mxw_monitor *monitor)
{
	bool has_any = monitor->mutes.n_silences || monitor->mutes.n_acks;
	if (has_any && !mxw_timer_is_armed(&monitor->sweep))
		mxw_timer_in(&monitor->sweep, SWEEP_EVERY_MS);
}

const struct mxw_mutes *mxw_monitor_mutes(const struct mxw_monitor *monitor)
{
	return &monitor->mutes;
}

int mxw_monitor_add_silence(struct mxw_monitor *monitor, struct mxw_silence *silence)
{
	struct mxw_store *store = monitor->params.store;
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

int mxw_monitor_put_ack(struct mxw_monitor *monitor, const struct mxw_ack *ack)
{
	int r = mxw_store_put_ack(monitor->params.store, ack);
	if (r == 0)
		r = mxw_mutes_put_ack(&monitor->mutes, ack);
	schedule_sweep(monitor);
	return r;
}

static const struct key *find_key(const struct mxw_monitor *monitor, const char *domain, const char *check)
{
	struct watched *watched = mxw_monitor_find(monitor, domain);
	return watched ? mxw_watched_find_key(watched, check) : NULL;
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

static void drop_expired(struct mxw_monitor *monitor)
{
	const struct mxw_silence *silence;
	while ((silence = mxw_mutes_find_expired(&monitor->mutes, mxw_loop_wall_ms(monitor->loop)))) {
		mxw_log(MXW_LOG_NOTICE, "silence %llu of %s is over", (unsigned long long)silence->id,
			silence->pattern);
		if (mxw_monitor_remove_silence(monitor, silence->id) < 0)
			return; /* the next sweep tries again; it holds no more anyway */
	}
}

/* From the last to the first: removing one moves those behind it. */
static void drop_ended(struct mxw_monitor *monitor)
{
	for (size_t i = monitor->mutes.n_acks; i-- > 0;) {
		const struct mxw_ack *ack = &monitor->mutes.acks[i];
		const struct key *key = find_key(monitor, ack->domain, ack->check);
		if (key && key->state.incident_since_wall_ms == ack->incident_since_wall_ms)
			continue;
		if (mxw_store_delete_ack(monitor->params.store, ack->domain, ack->check) < 0)
			return;
		mxw_mutes_remove_ack(&monitor->mutes, ack->domain, ack->check);
	}
}

void mxw_monitor_on_sweep(void *arg)
{
	struct mxw_monitor *monitor = arg;
	drop_expired(monitor);
	drop_ended(monitor);
	schedule_sweep(monitor);
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
	return subject->key.has_pending ? -EIO : 0; /* it waits: the store takes nothing now */
}
