/* Does the store take what is written? While it does not, nothing can be told that has to be stored first; so this one
 * trouble is told without (alerts.md A2), and its end as usual.
 *
 * A store that takes nothing for now (the disk is full, somebody holds a lock) is probed until it does. One that has lost
 * what was written, or holds nonsense, is no business of ours: whoever made us closes it and begins anew. */
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/monitor/internal.h"
#include "lib/base/duration.h"

enum {
	PROBE_EVERY_MS = 10 * 1000,
	TELL_AFTER_MS = 60 * 1000, /* a lock that is held for a moment is nobody's concern */
};

static const char subject_name[] = "store-writes";

static struct subject *get_subject(struct mxw_monitor *monitor)
{
	struct subject *subject = mxw_monitor_subject(monitor, subject_name);
	/* What is not stored must not be numbered from what is: after a kill the number would come again. */
	if (subject)
		subject->key.state.seq = MXW_MAX(subject->key.state.seq, (uint64_t)mxw_loop_wall_ms(monitor->loop));
	return subject;
}

static void tell_begin(struct mxw_monitor *monitor, const char *text, int64_t age_ms)
{
	struct subject *subject = get_subject(monitor);
	struct self_event event = { .to = MXW_CRITICAL, .age_ms = age_ms, .summary = strdup(text) };
	monitor->is_store_told = true;
	mxw_log(MXW_LOG_ERROR, "%s", text);
	if (subject && event.summary)
		mxw_monitor_tell_unstored(monitor, subject, &event, mxw_monitor_notifiers_but(monitor, NULL));
	else
		free(event.summary);
}

static void tell_end(struct mxw_monitor *monitor, char *summary)
{
	struct subject *subject = get_subject(monitor);
	struct self_event event = { .to = MXW_OK, .summary = summary };
	if (!subject || !summary ||
	    mxw_monitor_tell(monitor, subject, &event, mxw_monitor_notifiers_but(monitor, NULL)) < 0)
		mxw_log(MXW_LOG_ERROR, "store: good again, and the event about it cannot be written");
	if (!subject)
		free(summary);
}

static void end_trouble(struct mxw_monitor *monitor)
{
	struct mxw_strbuf summary = MXW_STRBUF_INIT;
	int64_t age_ms = mxw_loop_now_ms(monitor->loop) - monitor->store_failing_since_ms;
	bool is_told = monitor->is_store_told;
	monitor->is_store_failing = monitor->is_store_told = false;
	if (!is_told)
		return;
	mxw_strbuf_adds(&summary, "the store takes writes again after ");
	mxw_duration_format_short(&summary, age_ms);
	mxw_strbuf_adds(&summary, ": what waited is stored and told");
	tell_end(monitor, mxw_strbuf_take(&summary));
}

static void lose(struct mxw_monitor *monitor)
{
	tell_begin(monitor,
		   mxw_store_health(monitor->params.store) == MXW_STORE_DAMAGED
			   ? "the store is damaged: it is set aside, and mxwatchd begins anew"
			   : "the store cannot be trusted any more, its disk fails: it is opened again and checked",
		   0);
	monitor->params.store_lost(monitor->params.arg);
}

void mxw_monitor_on_store_probe(void *arg)
{
	struct mxw_monitor *monitor = arg;
	if (mxw_store_health(monitor->params.store) != MXW_STORE_GOOD) {
		if (monitor->params.store_lost)
			lose(monitor);
		return;
	}
	if (mxw_store_probe(monitor->params.store) == 0) {
		end_trouble(monitor);
		return;
	}
	int64_t age_ms = mxw_loop_now_ms(monitor->loop) - monitor->store_failing_since_ms;
	if (!monitor->is_store_told && age_ms >= TELL_AFTER_MS)
		tell_begin(monitor, "the store takes no writes (is its disk full?): alerts are not told until it does",
			   age_ms);
	mxw_timer_at_latest(&monitor->store_probe, mxw_loop_now_ms(monitor->loop) + PROBE_EVERY_MS);
}

/* From inside of what failed. */
void mxw_monitor_on_store_failure(void *arg)
{
	struct mxw_monitor *monitor = arg;
	int64_t now_ms = mxw_loop_now_ms(monitor->loop);
	bool is_good = mxw_store_health(monitor->params.store) == MXW_STORE_GOOD;
	if (!monitor->is_store_failing)
		monitor->store_failing_since_ms = now_ms;
	monitor->is_store_failing = true;
	mxw_timer_at_latest(&monitor->store_probe, now_ms + (is_good ? PROBE_EVERY_MS : 0));
}

void mxw_monitor_store_reopened(struct mxw_monitor *monitor)
{
	struct subject *subject = get_subject(monitor);
	if (subject)
		subject->key.state.hard = MXW_CRITICAL; /* as it was told, though not stored */
	tell_end(monitor,
		 strdup("the store was opened again and is good: what was stored is known, what was not told is told"));
}
