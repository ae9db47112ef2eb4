/* Events about the monitor itself, never under a domain's name: a notifier in trouble, a damaged store. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/monitor/internal.h"

/* Queues an event of this subject for a set of notifiers. Takes over the summary, also when it fails. */
static int decide(struct mxw_monitor *monitor, struct subject *subject, enum mxw_severity to, char *summary,
		  uint64_t notifiers)
{
	struct pending *pending = calloc(1, sizeof(*pending));
	if (!pending) {
		free(summary);
		return -ENOMEM;
	}
	struct mxw_alert *alert = &pending->alert;
	pending->state = subject->key.state;
	pending->state.seq++;
	pending->state.hard = to;
	pending->key_hash = mxw_alert_key_hash("", subject->name);
	int r = mxw_monitor_fill_alert(alert, monitor, pending->key_hash, pending->state.seq, 0);
	alert->kind = MXW_ALERT_MONITOR;
	alert->from = to == MXW_OK ? MXW_WARNING : MXW_OK;
	alert->to = to;
	alert->since_wall_ms = alert->time_wall_ms;
	alert->finding_id = strdup("");
	alert->findings_json = strdup("[]");
	alert->summary = summary;
	if (!alert->finding_id || !alert->findings_json || !alert->summary)
		r = -ENOMEM;
	if (r == 0)
		r = mxw_monitor_add_deliveries(pending, monitor->config, notifiers, alert->time_wall_ms);
	if (r < 0) {
		mxw_pending_free(pending);
		return r;
	}
	subject->key.state.seq = pending->state.seq; /* two events may wait for the same commit: no id twice */
	pending->must_stay = true;
	pending->key = &subject->key;
	mxw_monitor_queue(monitor, pending);
	return 0;
}

/* Every notifier but the one of this name; NULL for all. */
static uint64_t notifiers_but(const struct mxw_monitor *monitor, const char *name)
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
	case MXW_OUTBOX_EXPIRED:
		mxw_strbuf_addf(&summary, "notifier %s: an alert could not be delivered in time and is given up (%s)",
				notifier, text);
		break;
	case MXW_OUTBOX_WORKS:
		mxw_strbuf_addf(&summary, "notifier %s accepts alerts again", notifier);
		break;
	}
	return mxw_strbuf_take(&summary);
}

void mxw_monitor_notifier_trouble(void *arg, const char *notifier, enum mxw_outbox_trouble trouble, const char *text)
{
	struct mxw_monitor *monitor = arg;
	struct mxw_strbuf name = MXW_STRBUF_INIT;
	if (!monitor->config)
		return;
	mxw_strbuf_addf(&name, MXW_SUBJECT_NOTIFIER "%s", notifier);
	struct subject *subject = name.failed ? NULL : mxw_monitor_subject(monitor, name.data);
	enum mxw_severity to = trouble == MXW_OUTBOX_WORKS ? MXW_OK : MXW_WARNING;
	mxw_strbuf_done(&name);
	if (!subject || decide(monitor, subject, to, trouble_summary(notifier, trouble, text),
			       notifiers_but(monitor, notifier)) < 0)
		mxw_log(MXW_LOG_ERROR, "notifier %s: in trouble, and the event about it cannot be written", notifier);
}

void mxw_monitor_store_damaged(struct mxw_monitor *monitor, const char *kept_as)
{
	struct mxw_strbuf summary = MXW_STRBUF_INIT;
	struct subject *subject = mxw_monitor_subject(monitor, "store");
	mxw_strbuf_addf(&summary,
			"the store was damaged and is kept as %s: earlier states and undelivered alerts are not known, "
			"problems that last are told again",
			kept_as);
	char *text = mxw_strbuf_take(&summary);
	if (!subject)
		free(text);
	if (!subject || decide(monitor, subject, MXW_WARNING, text, notifiers_but(monitor, NULL)) < 0)
		mxw_log(MXW_LOG_ERROR, "store: was damaged, and the event about it cannot be written");
}
