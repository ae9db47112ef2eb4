/* Events about the monitor itself, never under a domain's name: how they are told, and two of their causes, a notifier in
 * trouble and a damaged store. The others are in gate.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/monitor/internal.h"
#include "lib/base/duration.h"

/* What the subject's state becomes. */
static void move(struct mxw_state *state, const struct self_event *event, int64_t now_wall_ms)
{
	state->seq++;
	if (state->hard != event->to)
		state->hard_since_wall_ms = now_wall_ms;
	if (event->to < MXW_WARNING)
		state->incident_since_wall_ms = 0;
	else if (!state->incident_since_wall_ms)
		state->incident_since_wall_ms = now_wall_ms - event->age_ms;
	state->hard = event->to;
}

/* Everything of the event but its deliveries. `before`: the subject's state until now. */
static int fill_alert(struct mxw_alert *alert, const struct mxw_state *before, const struct self_event *event,
		      const struct told *told)
{
	bool is_over = event->to < MXW_WARNING;
	alert->kind = event->is_test ? MXW_ALERT_TEST : MXW_ALERT_MONITOR;
	alert->from = before->hard == MXW_UNKNOWN ? MXW_OK : before->hard;
	alert->to = event->to;
	alert->since_wall_ms = before->incident_since_wall_ms;
	if (!alert->since_wall_ms)
		alert->since_wall_ms = alert->time_wall_ms - (is_over ? 0 : event->age_ms);
	alert->duration_ms = MXW_MAX(alert->time_wall_ms - alert->since_wall_ms, 0);
	alert->finding_id = strdup(told->finding_id ? told->finding_id : "");
	alert->findings_json = strdup(told->findings_json && *told->findings_json ? told->findings_json : "[]");
	return alert->finding_id && alert->findings_json && alert->summary ? 0 : -ENOMEM;
}

static int build(struct mxw_monitor *monitor, struct subject *subject, struct self_event *event, uint64_t notifiers,
		 struct pending *pending)
{
	struct mxw_alert *alert = &pending->alert;
	bool is_over = event->to < MXW_WARNING;
	pending->state = subject->key.state;
	pending->key_hash = mxw_alert_key_hash("", subject->name);
	move(&pending->state, event, mxw_loop_wall_ms(monitor->loop));
	int r = mxw_monitor_fill_alert(alert, monitor, pending->key_hash, pending->state.seq, 0);
	if (r == 0)
		r = fill_alert(alert, &subject->key.state, event, is_over ? &subject->key.told : &event->told);
	if (r == 0 && !event->is_test)
		r = mxw_monitor_own_targets(monitor, notifiers, is_over, subject->key.told.notifiers, &event->told,
					    &notifiers);
	if (r == 0 && !is_over)
		r = mxw_told_copy(&pending->told, &event->told);
	return r < 0 ? r : mxw_monitor_add_deliveries(pending, monitor->config, notifiers, alert->time_wall_ms);
}

/* Takes over the event's texts in any case; the subject's state moves when it succeeds. */
static int make(struct mxw_monitor *monitor, struct subject *subject, struct self_event *event, uint64_t notifiers,
		struct pending **ret)
{
	struct pending *pending = calloc(1, sizeof(*pending));
	int r = -ENOMEM;
	if (pending) {
		pending->alert.summary = event->summary;
		event->summary = NULL;
		r = build(monitor, subject, event, notifiers, pending);
	}
	if (r < 0) {
		mxw_pending_free(pending);
		free(event->summary);
		mxw_told_done(&event->told);
		return r;
	}
	subject->key.state = pending->state;
	mxw_told_done(&subject->key.told);
	subject->key.told = event->told;
	*ret = pending;
	return 0;
}

void mxw_monitor_tell_unstored(struct mxw_monitor *monitor, struct subject *subject, struct self_event *event,
			       uint64_t notifiers)
{
	struct pending *pending;
	int r = make(monitor, subject, event, notifiers, &pending);
	if (r == 0) {
		for (size_t i = 0; r == 0 && i < pending->n_deliveries; i++)
			r = mxw_outbox_add_unstored(monitor->params.outbox, pending->deliveries[i].notifier,
						    pending->key_hash, pending->requests[i].data,
						    pending->requests[i].len);
		mxw_pending_free(pending);
	}
	if (r < 0)
		mxw_log(MXW_LOG_ERROR, "%s: out of memory; not told to all", subject->name);
}

int mxw_monitor_tell(struct mxw_monitor *monitor, struct subject *subject, struct self_event *event, uint64_t notifiers)
{
	struct pending *pending;
	int r = make(monitor, subject, event, notifiers, &pending);
	if (r < 0)
		return r;
	pending->must_stay = true;
	pending->key = &subject->key;
	mxw_monitor_queue(monitor, pending);
	return 0;
}

uint64_t mxw_monitor_notifiers_but(const struct mxw_monitor *monitor, const char *name)
{
	uint64_t notifiers = 0;
	for (size_t i = 0; i < monitor->config->n_notifiers; i++)
		if (!name || strcmp(monitor->config->notifiers[i].name, name) != 0)
			notifiers |= UINT64_C(1) << i;
	return notifiers;
}

static char *trouble_summary(const char *notifier, enum mxw_outbox_trouble trouble, const char *text)
{
	struct mxw_strbuf summary = MXW_STRBUF_INIT;
	switch (trouble) {
	case MXW_OUTBOX_PARKED:
		mxw_strbuf_addf(&summary, "notifier %s rejects alerts (%s): they are kept and tried again every hour",
				notifier, text);
		break;
	case MXW_OUTBOX_FOLDED:
		mxw_strbuf_addf(
			&summary,
			"notifier %s does not keep up and its share of the outbox is full: older alerts are folded "
			"into the newest state of their keys",
			notifier);
		break;
	case MXW_OUTBOX_EXPIRED:
		mxw_strbuf_addf(&summary, "notifier %s: an alert could not be delivered in time and is given up (%s)",
				notifier, text);
		break;
	case MXW_OUTBOX_WORKS:
		mxw_strbuf_addf(&summary, "notifier %s accepts alerts again%s%s", notifier, *text ? "; " : "", text);
		break;
	}
	return mxw_strbuf_take(&summary);
}

void mxw_monitor_notifier_trouble(void *arg, const char *notifier, enum mxw_outbox_trouble trouble, const char *text)
{
	struct mxw_monitor *monitor = arg;
	struct mxw_strbuf name = MXW_STRBUF_INIT;
	if (!monitor->config || mxw_config_find_notifier(monitor->config, notifier) == monitor->config->n_notifiers)
		return; /* it was taken out; what was decided for it is still tried */
	mxw_strbuf_addf(&name, MXW_SUBJECT_NOTIFIER "%s", notifier);
	struct subject *subject = name.failed ? NULL : mxw_monitor_subject(monitor, name.data);
	struct self_event event = { .to = trouble == MXW_OUTBOX_WORKS ? MXW_OK : MXW_WARNING };
	mxw_strbuf_done(&name);
	if (subject)
		event.summary = trouble_summary(notifier, trouble, text);
	if (!subject || mxw_monitor_tell(monitor, subject, &event, mxw_monitor_notifiers_but(monitor, notifier)) < 0)
		mxw_log(MXW_LOG_ERROR, "notifier %s: in trouble, and the event about it cannot be written", notifier);
}

/* Taken out of the configuration: nobody knows whether it works again. */
static int end_gone(struct mxw_monitor *monitor, struct subject *subject, const char *notifier)
{
	struct mxw_strbuf summary = MXW_STRBUF_INIT;
	int64_t duration_ms = mxw_loop_wall_ms(monitor->loop) - subject->key.state.incident_since_wall_ms;
	mxw_strbuf_addf(&summary, "notifier %s: no longer configured, after ", notifier);
	mxw_duration_format_short(&summary, MXW_MAX(duration_ms, 0));
	struct self_event event = { .to = MXW_UNKNOWN, .summary = mxw_strbuf_take(&summary) };
	return mxw_monitor_tell(monitor, subject, &event, mxw_monitor_notifiers_but(monitor, NULL));
}

void mxw_monitor_adopt_notifiers(struct mxw_monitor *monitor)
{
	const struct mxw_config *config = monitor->config;
	size_t n_prefix = strlen(MXW_SUBJECT_NOTIFIER);
	uint64_t in_trouble = 0;
	for (struct subject *subject = monitor->subjects; subject; subject = subject->next) {
		const char *name = subject->name + n_prefix;
		if (subject->key.state.hard < MXW_WARNING ||
		    strncmp(subject->name, MXW_SUBJECT_NOTIFIER, n_prefix) != 0)
			continue;
		size_t i = mxw_config_find_notifier(config, name);
		if (i < config->n_notifiers)
			in_trouble |= UINT64_C(1) << i;
		else if (end_gone(monitor, subject, name) < 0)
			mxw_log(MXW_LOG_ERROR, "notifier %s: out of memory; the end of its trouble is told later",
				name);
	}
	for (size_t i = 0; i < config->n_notifiers; i++)
		if (!(in_trouble & UINT64_C(1) << i))
			mxw_outbox_set_well(monitor->params.outbox, config->notifiers[i].name);
}

static char *damage_summary(const char *kept_as, bool is_over)
{
	struct mxw_strbuf summary = MXW_STRBUF_INIT;
	if (is_over)
		mxw_strbuf_addf(&summary, "the store that was begun anew is good; the one before it is kept as %s",
				kept_as);
	else
		mxw_strbuf_addf(
			&summary,
			"the store was damaged and is kept as %s: earlier states and undelivered alerts are not "
			"known, problems that last are told again",
			kept_as);
	return mxw_strbuf_take(&summary);
}

void mxw_monitor_store_damaged(struct mxw_monitor *monitor, const char *kept_as)
{
	struct subject *subject = mxw_monitor_subject(monitor, "store");
	bool is_over = subject && subject->key.state.seq > 0; /* an earlier process has told of it */
	if (is_over && subject->key.state.hard < MXW_WARNING)
		return;
	struct self_event event = { .to = is_over ? MXW_OK : MXW_WARNING, .summary = damage_summary(kept_as, is_over) };
	if (!subject)
		free(event.summary);
	if (!subject || mxw_monitor_tell(monitor, subject, &event, mxw_monitor_notifiers_but(monitor, NULL)) < 0)
		mxw_log(MXW_LOG_ERROR, "store: was damaged, and the event about it cannot be written");
}
