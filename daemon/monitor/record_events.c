/* From a changed record set to its event. It is an event of the key (domain, consistency) and has its next number, but is
 * no part of an incident: the key's state stays, and whoever is told of problems is not noted as told. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/monitor/internal.h"
#include "daemon/monitor/records.h"
#include "lib/check/consistency_findings.h"
#include "lib/report/report.h"

static enum mxw_severity severity_of(const struct watched *watched)
{
	const struct mxw_finding_def *def = &mxw_consistency_findings[MXW_CONSISTENCY_CHANGED];
	const struct mxw_domain_settings *settings = watched->domain->settings;
	for (size_t i = settings->n_overrides; i > 0; i--)
		if (settings->overrides[i - 1].def == def)
			return settings->overrides[i - 1].severity;
	return def->severity;
}

bool mxw_watched_hides_changes(const struct watched *watched)
{
	return severity_of(watched) == MXW_OFF;
}

/* What has changed. */
struct change {
	const struct mxw_round *round;
	enum mxw_record_type type;
	const char *old;
	const struct mxw_records_vote *vote;
	enum mxw_severity severity;
};

static int write_findings(struct mxw_monitor *monitor, const struct change *change, struct mxw_strbuf *ret)
{
	const struct mxw_round_spec *spec = mxw_round_get_spec(change->round);
	const struct mxw_report_context context = {
		.upstreams = monitor->config->upstreams,
		.n_upstreams = monitor->config->n_upstreams,
		.now_wall_ms = mxw_loop_wall_ms(monitor->loop),
	};
	size_t view = (size_t)__builtin_ctz(change->vote->votes.yes);
	struct mxw_findings findings = { 0 };
	struct mxw_finding *finding = mxw_records_finding(&findings, change->type, &spec->target,
							  mxw_round_observation(change->round, view), change->old,
							  change->vote->set);
	finding->severity = change->severity;
	const struct mxw_verdict_entry entry = {
		.def = finding->def,
		.subject = finding->subject,
		.status = MXW_CONFIRMED,
		.severity = change->severity,
		.votes = change->vote->votes,
		.finding = finding,
	};
	int r = mxw_findings_failed(&findings) ? -ENOMEM
					       : mxw_report_entries_json(change->round, &entry, 1, &context, ret);
	mxw_findings_done(&findings);
	return r;
}

/* `from` and `to` are what people know of the key: to them nothing has happened to it. */
static int fill_alert(struct mxw_monitor *monitor, const struct key *key, const struct change *change,
		      struct mxw_alert *alert)
{
	const struct mxw_domain *domain = key->watched->domain;
	struct mxw_strbuf findings = MXW_STRBUF_INIT;
	int r = write_findings(monitor, change, &findings);
	alert->kind = MXW_ALERT_RECORD_CHANGE;
	alert->domain = strdup(domain->name);
	alert->check = strdup(key->check);
	alert->from = alert->to = key->state.told;
	alert->since_wall_ms = alert->time_wall_ms;
	alert->muted_by = mxw_monitor_muted_by(monitor, key);
	alert->finding_id = strdup(mxw_consistency_findings[MXW_CONSISTENCY_CHANGED].id);
	alert->findings_json = mxw_strbuf_take(&findings);
	alert->summary = mxw_records_summary(domain->name, change->type, change->old, change->vote->set);
	if (r == 0)
		r = mxw_alert_set_change(alert, mxw_record_type_name(change->type), change->severity, change->old,
					 change->vote->set);
	if (r == 0)
		r = mxw_monitor_copy_labels(alert, domain->settings);
	bool is_complete = alert->domain && alert->check && alert->finding_id && alert->findings_json && alert->summary;
	return r == 0 && !is_complete ? -ENOMEM : r;
}

static int fill(struct mxw_monitor *monitor, struct key *key, const struct change *change, struct pending *pending)
{
	const struct mxw_domain *domain = key->watched->domain;
	uint64_t notifiers = 0;
	int r = key->soft ? mxw_soft_keep(&pending->soft, key->soft) : 0;
	if (r == 0)
		r = mxw_told_copy(&pending->told, &key->told);
	if (r == 0)
		r = mxw_key_claim(monitor, key, &pending->state);
	if (r < 0)
		return r;
	pending->state.seq++;
	pending->key_hash = mxw_alert_key_hash(domain->name, key->check);
	r = mxw_monitor_fill_alert(&pending->alert, monitor, pending->key_hash, pending->state.seq, 0);
	if (r == 0)
		r = fill_alert(monitor, key, change, &pending->alert);
	if (r == 0)
		r = mxw_monitor_targets(monitor, domain->settings, key, &pending->alert, &pending->told, &notifiers);
	return r < 0 ? r : mxw_monitor_add_deliveries(pending, monitor->config, notifiers, pending->alert.time_wall_ms);
}

int mxw_watched_tell_change(struct watched *watched, const struct mxw_round *round, enum mxw_record_type type,
			    const struct mxw_records_vote *vote)
{
	struct mxw_monitor *monitor = watched->monitor;
	struct key *key = mxw_watched_find_key(watched, mxw_check_consistency.name);
	const struct change change = { .round = round,
				       .type = type,
				       .old = watched->records->tracks[type].confirmed,
				       .vote = vote,
				       .severity = severity_of(watched) };
	if (!key || key->has_pending)
		return 0;
	struct pending *pending = calloc(1, sizeof(*pending));
	if (!pending)
		return -ENOMEM;
	pending->state = key->state;
	int r = fill(monitor, key, &change, pending);
	if (r < 0) {
		mxw_pending_free(pending);
		return r;
	}
	pending->key = key;
	pending->records = watched->records;
	pending->record_type = type;
	mxw_monitor_queue(monitor, pending);
	return 0;
}

int mxw_pending_put_change(struct mxw_monitor *monitor, const struct pending *pending)
{
	const struct mxw_alert *alert = &pending->alert;
	const struct mxw_store_record_set set = {
		.domain = alert->domain,
		.type = alert->change->type,
		.records = alert->change->new,
		.since_wall_ms = alert->time_wall_ms,
	};
	const struct mxw_store_record_change change = {
		.domain = alert->domain,
		.type = alert->change->type,
		.old = alert->change->old,
		.new = alert->change->new,
		.event_id = alert->id,
		.time_wall_ms = alert->time_wall_ms,
	};
	int r = mxw_store_put_record_set(monitor->params.store, &set);
	return r < 0 ? r : mxw_store_put_record_change(monitor->params.store, &change);
}

void mxw_pending_take_over_change(struct pending *pending)
{
	if (!pending->records)
		return;
	mxw_records_take_over(pending->records, pending->record_type, pending->alert.change->new);
	pending->alert.change->new = NULL;
}
