/* What a group says: an event of its own, with the findings of one of its domains. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/monitor/internal.h"
#include "lib/group/summary.h"

enum { AGAIN_MS = 10 * 1000 }; /* when a message cannot be made */

/* What the store knows of the group: its sequence, and what it was told with. */
struct known {
	uint64_t seq;
	struct told told;
};

static int note_known(void *arg, const struct mxw_store_cause *cause)
{
	struct known *known = arg;
	struct told borrowed = {
		.findings_json = (char *)(uintptr_t)cause->findings_json,
		.finding_id = (char *)(uintptr_t)cause->finding_id,
		.cause = (char *)(uintptr_t)cause->cause,
	};
	known->seq = cause->seq;
	return mxw_told_copy(&known->told, &borrowed);
}

/* A key of the group whose words may stand for all. One that names the cause is better than one that does not. */
static const struct key *find_example(const struct mxw_monitor *monitor, const struct mxw_group_message *message)
{
	const char *name = mxw_group_name(message->group);
	const struct key *any = NULL;
	for (size_t i = 0; i < message->n_listed; i++) {
		struct watched *watched = mxw_monitor_find(monitor, message->domains[i]);
		for (size_t k = 0; watched && k < watched->n_keys; k++) {
			const struct key *key = &watched->keys[k];
			if (key->state.hard != message->to || !key->told.cause || !*key->told.cause)
				continue;
			if (mxw_group_kind(message->group) != MXW_GROUP_CAUSE || strstr(key->told.cause, name))
				return key;
			any = any ? any : key;
		}
	}
	return any;
}

/* Whom the group speaks to, by name; if all of them are gone, whom a domain without rules of its own would. */
static uint64_t find_targets(const struct mxw_monitor *monitor, const struct mxw_group_message *message)
{
	const struct mxw_config *config = monitor->config;
	uint64_t ret = mxw_monitor_find_notifiers(config, mxw_group_route(message->group));
	if (message->kind == MXW_TRANSITION_RECOVERY && !config->send_on_resolved)
		return 0;
	return ret ? ret : config->defaults.notifiers;
}

static int fill_alert(struct mxw_alert *alert, const struct mxw_group_message *message, const struct told *told)
{
	const struct mxw_group *group = message->group;
	const struct mxw_transition transition = { .kind = message->kind, .is_told = true };
	alert->kind = mxw_alert_kind_of(&transition);
	alert->domain = strdup(mxw_group_name(group));
	alert->check = strdup(mxw_group_kind_name(mxw_group_kind(group)));
	alert->from = message->from;
	alert->to = message->to;
	alert->since_wall_ms = message->since_wall_ms;
	alert->duration_ms = MXW_MAX(alert->time_wall_ms - alert->since_wall_ms, 0);
	alert->ends_incident = message->kind == MXW_TRANSITION_RECOVERY;
	alert->summary = mxw_group_summary(message, told->cause, alert->duration_ms);
	alert->finding_id = strdup(told->finding_id);
	alert->findings_json = strdup(*told->findings_json ? told->findings_json : "[]");
	if (!alert->domain || !alert->check || !alert->summary || !alert->finding_id || !alert->findings_json)
		return -ENOMEM;
	return mxw_alert_set_affects(alert, mxw_group_route(group), message->n_domains, message->domains,
				     message->n_listed);
}

static int build(struct mxw_monitor *monitor, const struct mxw_group_message *message, struct known *known,
		 struct pending *pending)
{
	const struct mxw_group *group = message->group;
	bool is_reminder = message->kind == MXW_TRANSITION_REMINDER, is_over = message->kind == MXW_TRANSITION_RECOVERY;
	const struct key *example = is_reminder || is_over ? NULL : find_example(monitor, message);
	pending->key_hash = mxw_alert_group_hash(mxw_group_name(group), mxw_group_kind_name(mxw_group_kind(group)),
						 mxw_group_route(group));
	int r = mxw_told_copy(&pending->told, example ? &example->told : &known->told);
	if (r == 0)
		r = mxw_monitor_fill_alert(&pending->alert, monitor, pending->key_hash, known->seq + !is_reminder,
					   is_reminder ? message->reminder : 0);
	if (r == 0)
		r = fill_alert(&pending->alert, message, &pending->told);
	if (r == 0)
		r = mxw_monitor_add_deliveries(pending, monitor->config, find_targets(monitor, message),
					       pending->alert.time_wall_ms);
	return r;
}

static int tell(struct mxw_monitor *monitor, const struct mxw_group_message *message)
{
	const struct mxw_group *group = message->group;
	struct known known = { 0 };
	struct pending *pending = calloc(1, sizeof(*pending));
	int r = pending ? mxw_store_get_cause(monitor->params.store, mxw_group_kind(group), mxw_group_name(group),
					      mxw_group_route(group), note_known, &known)
			: -ENOMEM;
	if (r == 0) {
		pending->message = malloc(sizeof(*message));
		r = pending->message ? build(monitor, message, &known, pending) : -ENOMEM;
	}
	mxw_told_done(&known.told);
	if (r < 0) {
		mxw_pending_free(pending);
		return r;
	}
	*pending->message = *message;
	pending->must_stay = true;
	mxw_monitor_queue(monitor, pending);
	return 0;
}

/* Nobody is told of anything while we do not see: what is over by then is over. */
void mxw_monitor_on_groups(void *arg)
{
	struct mxw_monitor *monitor = arg;
	struct mxw_group_message message;
	if (!mxw_monitor_sees(monitor) || !monitor->gate.is_settled) {
		mxw_timer_in(&monitor->speak, monitor->config->defaults.policy.retry_interval_ms);
		return;
	}
	while (mxw_groups_next(monitor->groups, mxw_loop_now_ms(monitor->loop), &message) == 0) {
		if (tell(monitor, &message) == 0)
			continue;
		mxw_log(MXW_LOG_ERROR, "%s %s: its event cannot be made; tried again", mxw_group_name(message.group),
			mxw_group_kind_name(mxw_group_kind(message.group)));
		mxw_groups_untold(monitor->groups, &message);
		mxw_timer_in(&monitor->speak, AGAIN_MS);
		return;
	}
	mxw_monitor_plan_groups(monitor);
}

void mxw_monitor_plan_groups(struct mxw_monitor *monitor)
{
	int64_t at_ms = mxw_groups_next_ms(monitor->groups);
	if (at_ms != INT64_MAX)
		mxw_timer_at_latest(&monitor->speak, at_ms);
}

int mxw_monitor_store_group(struct mxw_monitor *monitor, const struct pending *pending)
{
	const struct mxw_alert *alert = &pending->alert;
	int64_t now_wall_ms = mxw_loop_wall_ms(monitor->loop);
	struct mxw_store_cause row = {
		.told_wall_ms = now_wall_ms,
		.seq = alert->seq,
		.findings_json = pending->told.findings_json,
		.finding_id = pending->told.finding_id,
		.cause = pending->told.cause,
	};
	mxw_group_record(pending->message, mxw_loop_now_ms(monitor->loop), &row.record);
	row.problem_wall_ms = now_wall_ms - row.record.problem_ago_ms;
	return mxw_store_put_cause(monitor->params.store, &row);
}
