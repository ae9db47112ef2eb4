/* From a transition to an event: the alert with everything that a receiver needs, rendered once for each notifier. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/monitor/internal.h"
#include "lib/report/entry.h"
#include "lib/report/report.h"

/* The part of an event that says why: from this round's verdict, or from what the incident was told with. */
struct reason {
	struct told told;
	unsigned n_yes, extra;
};

static void reason_done(struct reason *reason)
{
	mxw_told_done(&reason->told);
}

static int reason_from_told(struct reason *ret, const struct told *told)
{
	*ret = (struct reason){ 0 };
	return mxw_told_copy(&ret->told, told);
}

static void add_message(struct mxw_strbuf *ret, const struct mxw_verdict_entry *entry,
			const struct mxw_report_context *context)
{
	struct mxw_arena arena = { 0 };
	struct mxw_report_entry text;
	mxw_report_entry_fill(&text, entry, context, &arena);
	mxw_strbuf_adds(ret, text.message);
	ret->failed |= arena.failed;
	mxw_arena_done(&arena);
}

static int reason_from_round(struct reason *ret, struct mxw_monitor *monitor, const struct key *key,
			     const struct mxw_round *round)
{
	const struct mxw_verdict *verdict = mxw_round_verdict(round, key->check_index);
	struct mxw_report_context context = {
		.upstreams = monitor->config->upstreams,
		.n_upstreams = monitor->config->n_upstreams,
		.servers = mxw_round_get_spec(round)->server,
		.n_servers = mxw_round_get_spec(round)->n_servers,
		.now_wall_ms = mxw_loop_wall_ms(monitor->loop),
	};
	struct mxw_strbuf json = MXW_STRBUF_INIT, cause = MXW_STRBUF_INIT;
	const struct mxw_verdict_entry *worst = NULL;
	*ret = (struct reason){ 0 };
	for (size_t i = 0; i < verdict->n_entries; i++) {
		const struct mxw_verdict_entry *entry = &verdict->entries[i];
		if (!mxw_verdict_entry_holds(entry) || entry->severity < MXW_WARNING)
			continue;
		if (worst)
			ret->extra++;
		else
			worst = entry; /* entries come worst first */
	}
	if (worst) {
		add_message(&cause, worst, &context);
		ret->n_yes = (unsigned)__builtin_popcount(worst->votes.yes);
	}
	int r = mxw_report_findings_json(round, key->check_index, &context, true, &json);
	ret->told = (struct told){
		.findings_json = mxw_strbuf_take(&json),
		.finding_id = strdup(worst ? worst->def->id : ""),
		.cause = mxw_strbuf_take(&cause),
	};
	if (r == 0 && (!ret->told.findings_json || !ret->told.finding_id || !ret->told.cause))
		r = -ENOMEM;
	if (r < 0)
		reason_done(ret);
	return r;
}

int mxw_monitor_copy_labels(struct mxw_alert *alert, const struct mxw_domain_settings *settings)
{
	if (!settings->n_labels)
		return 0;
	alert->labels = calloc(settings->n_labels, sizeof(*alert->labels));
	if (!alert->labels)
		return -ENOMEM;
	for (size_t i = 0; i < settings->n_labels; i++, alert->n_labels++) {
		alert->labels[i].name = strdup(settings->labels[i].name);
		alert->labels[i].value = strdup(settings->labels[i].value);
		if (!alert->labels[i].name || !alert->labels[i].value)
			return -ENOMEM;
	}
	return 0;
}

/* The members that every event has. */
int mxw_monitor_fill_alert(struct mxw_alert *alert, struct mxw_monitor *monitor, uint64_t key_hash, uint64_t seq,
			   uint32_t reminder)
{
	char id[MXW_ALERT_ID_MAX];
	mxw_alert_id(id, mxw_store_epoch(monitor->params.store), key_hash, seq, reminder);
	alert->id = strdup(id);
	alert->seq = seq;
	alert->time_wall_ms = mxw_loop_wall_ms(monitor->loop);
	alert->instance = strdup(monitor->instance);
	return alert->id && alert->instance ? 0 : -ENOMEM;
}

/* Renders for one notifier. An event too large for one message goes out without its details rather than not at all. */
static int render(struct mxw_alert *alert, const struct mxw_notifier_config *notifier, struct mxw_strbuf *ret)
{
	struct mxw_request request = { 0 };
	int r = notifier->type->render(alert, &notifier->options, &request);
	if (r == 0)
		r = mxw_request_encode(&request, ret);
	mxw_request_done(&request);
	if (r != -E2BIG)
		return r;
	mxw_log(MXW_LOG_WARNING, "%s: too large for notifier %s; sent without its findings", alert->id, notifier->name);
	char none[] = "[]", *findings = alert->findings_json;
	mxw_strbuf_clear(ret);
	alert->findings_json = none;
	r = notifier->type->render(alert, &notifier->options, &request);
	if (r == 0)
		r = mxw_request_encode(&request, ret);
	mxw_request_done(&request);
	alert->findings_json = findings;
	return r;
}

/* One delivery for each notifier of the set. */
int mxw_monitor_add_deliveries(struct pending *pending, const struct mxw_config *config, uint64_t notifiers,
			       int64_t now_wall_ms)
{
	size_t n = (size_t)__builtin_popcountll(notifiers);
	pending->deliveries = mxw_new_array(n, sizeof(*pending->deliveries));
	pending->requests = mxw_new_array(n, sizeof(*pending->requests));
	if (!pending->deliveries || !pending->requests)
		return -ENOMEM;
	for (size_t i = 0; i < config->n_notifiers; i++) {
		if (!(notifiers & UINT64_C(1) << i))
			continue;
		size_t k = pending->n_deliveries++;
		pending->deliveries[k] = (struct mxw_delivery){
			.event_id = pending->alert.id,
			.notifier = mxw_arena_text(&pending->arena, config->notifiers[i].name),
			.key_hash = pending->key_hash,
			.created_wall_ms = now_wall_ms,
		};
		int r = render(&pending->alert, &config->notifiers[i], &pending->requests[k]);
		if (r < 0)
			return r;
		pending->deliveries[k].part = mxw_alert_part(pending->alert.kind, pending->alert.to);
		pending->deliveries[k].n_bytes = pending->requests[k].len;
	}
	return pending->arena.failed ? -ENOMEM : 0;
}

/* The members that say what has happened. `pending->told` is why. */
static int fill_transition(struct mxw_alert *alert, const struct pending *pending, const char *domain,
			   const char *check, const struct decision *decision)
{
	const struct mxw_transition *transition = decision->transition;
	alert->kind = mxw_alert_kind_of(transition);
	alert->domain = strdup(domain);
	alert->check = strdup(check);
	alert->from = transition->from;
	alert->to = transition->to;
	alert->since_wall_ms = transition->incident_since_wall_ms;
	alert->duration_ms = MXW_MAX(alert->time_wall_ms - alert->since_wall_ms, 0);
	alert->ends_incident = transition->ends_incident;
	alert->is_low = transition->n_low > 0;
	alert->muted_by = decision->muted_by;
	alert->finding_id = strdup(pending->told.finding_id);
	alert->findings_json = strdup(pending->told.findings_json);
	return alert->domain && alert->check && alert->finding_id && alert->findings_json ? 0 : -ENOMEM;
}

static int fill(struct mxw_monitor *monitor, struct pending *pending, const char *domain,
		const struct mxw_domain_settings *settings, const struct key *key, const struct decision *decision,
		const struct reason *reason)
{
	struct mxw_alert *alert = &pending->alert;
	int r = mxw_monitor_fill_alert(alert, monitor, pending->key_hash, pending->state.seq,
				       decision->transition->reminder);
	if (r == 0)
		r = fill_transition(alert, pending, domain, key->check, decision);
	if (r < 0)
		return r;
	alert->summary = mxw_alert_summary(domain, key->check, decision->transition, pending->told.cause,
					   pending->told.finding_id, reason->n_yes,
					   (unsigned)monitor->config->n_upstreams, reason->extra, alert->duration_ms);
	r = alert->summary ? mxw_monitor_copy_labels(alert, settings) : -ENOMEM;
	uint64_t notifiers = 0;
	if (r == 0)
		r = mxw_monitor_targets(monitor, settings, key, alert, &pending->told, &notifiers);
	return r < 0 ? r : mxw_monitor_add_deliveries(pending, monitor->config, notifiers, alert->time_wall_ms);
}

/* Everything that a transition of a domain's check needs, from a reason that is taken over in any case. */
static int decide(struct mxw_monitor *monitor, const char *domain, const struct mxw_domain_settings *settings,
		  struct key *key, bool key_stays, const struct decision *decision, struct reason *reason)
{
	struct pending *pending = calloc(1, sizeof(*pending));
	if (!pending) {
		reason_done(reason);
		return -ENOMEM;
	}
	pending->state = *decision->state;
	pending->told = reason->told;
	pending->key_hash = mxw_alert_key_hash(domain, key->check);
	int r = fill(monitor, pending, domain, settings, key, decision, reason);
	if (r < 0) {
		mxw_pending_free(pending);
		return r;
	}
	if (decision->transition->ends_incident) /* told once more and over */
		mxw_told_done(&pending->told);
	pending->soft = *decision->soft;
	*decision->soft = NULL;
	if (decision->place) {
		pending->place = *decision->place;
		*decision->place = NULL;
	}
	pending->is_placed = decision->is_placed;
	pending->leaves = decision->leaves;
	pending->must_stay = !key_stays;
	pending->key = key_stays ? key : NULL;
	mxw_monitor_queue(monitor, pending);
	return 0;
}

int mxw_monitor_decide(struct mxw_monitor *monitor, struct key *key, const struct decision *decision,
		       const struct mxw_round *round, const char **ret_finding_id)
{
	const struct mxw_domain *domain = key->watched->domain;
	const struct mxw_transition *transition = decision->transition;
	struct reason reason;
	int r = transition->is_seen && transition->to >= MXW_WARNING ? reason_from_round(&reason, monitor, key, round)
								     : reason_from_told(&reason, &key->told);
	if (r < 0)
		return r;
	const char *finding_id = reason.told.finding_id;
	r = decide(monitor, domain->name, domain->settings, key, true, decision, &reason);
	*ret_finding_id = r == 0 ? finding_id : NULL;
	return r;
}

int mxw_monitor_close_removed(struct mxw_monitor *monitor, const char *domain,
			      const struct mxw_domain_settings *settings, struct key *key)
{
	struct mxw_state next = key->state;
	struct mxw_soft *soft = NULL;
	struct mxw_transition transition;
	struct reason reason;
	mxw_state_remove(&next, mxw_loop_wall_ms(monitor->loop), &transition);
	if (transition.kind == MXW_TRANSITION_NONE)
		return 0;
	int r = reason_from_told(&reason, &key->told);
	if (r < 0)
		return r;
	const struct decision decision = {
		.state = &next,
		.soft = &soft,
		.transition = &transition,
		.muted_by = transition.is_told ? NULL : "untold",
	};
	return decide(monitor, domain, settings, key, false, &decision, &reason);
}
