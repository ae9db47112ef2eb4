/* What is not told, and why: silences, windows, parents; and when something is told again. */
#include <string.h>

#include "lib/base/util.h"
#include "tests/property/judge.h"
#include "tests/property/mute_truth.h"
#include "tests/property/truth.h"

/* Told, although people had muted it. The end of what is no longer watched is always told: nobody could tell it later. */
static void judge_told(struct judgement *ret, const struct trace *trace, const struct trace_event *event)
{
	unsigned domain = event->domain_number;
	if (truth_is_removal(event))
		return;
	if (mute_truth_silence(trace, event->moment, event->at_ms, domain, event->check_number) == MUTE_YES)
		judge_broken(ret, "mute", "%s: %s of %s is told in a silence", event->id, event->kind, event->domain);
	if (mute_truth_window(trace, event->moment, event->at_ms, domain))
		judge_broken(ret, "mute", "%s: %s of %s is told in a window of maintenance", event->id, event->kind,
			     event->domain);
}

static bool has_event(const struct trace *trace, const struct trace_event *until, const char *kind, const char *finding)
{
	for (const struct trace_event *event = trace->events; event < trace->events + trace->n_events; event++) {
		if (event->at_ms > until->at_ms || strcmp(event->domain, until->domain) != 0 ||
		    (*kind && !truth_is_kind(event, kind)))
			continue;
		for (size_t i = 0; i < event->n_findings; i++)
			if (!*finding || strcmp(event->findings[i].id, finding) == 0)
				return true;
	}
	return false;
}

/* A group has spoken by then, or will at once. */
static bool has_group(const struct trace *trace, const struct trace_event *event)
{
	for (size_t i = 0; i < trace->n_events; i++)
		if (truth_is_of_group(&trace->events[i]) &&
		    (trace->events[i].moment <= event->moment || trace->events[i].at_ms <= event->at_ms + MINUTE))
			return true;
	return trace_end_of(trace, event->moment) <= event->at_ms + MINUTE; /* it had no time to */
}

/* Not told, and nothing was in the way. */
static void judge_muted(struct judgement *ret, const struct trace *trace, const struct trace_event *event)
{
	unsigned domain = event->domain_number;
	const char *by = event->muted_by;
	bool is_true;
	if (strcmp(by, "silence") == 0)
		is_true = mute_truth_silence(trace, event->moment, event->at_ms, domain, event->check_number) !=
			  MUTE_NO;
	else if (strcmp(by, "maintenance") == 0)
		is_true = mute_truth_window(trace, event->moment, event->at_ms, domain);
	else if (strcmp(by, "flapping") == 0)
		is_true = has_event(trace, event, "flapping", "");
	else if (truth_is_folded(event))
		is_true = has_group(trace, event);
	else if (strcmp(by, "untold") == 0) /* nobody knows what has ended, or begun and ended */
		is_true = true;
	else
		is_true = has_event(trace, event, "", by);
	if (!is_true)
		judge_broken(ret, "mute", "%s: %s of %s is not told (%s), and nothing is in the way", event->id,
			     event->kind, event->domain, by);
}

/* ---- reminders ---- */

static int64_t due_after_ms(const struct plan_config *config, unsigned reminder)
{
	unsigned n = (unsigned)config->n_reminders;
	int64_t days = reminder > n ? reminder - n : 0;
	return config->reminders_ms[MXW_MIN(reminder, n) - 1] + days * DAY;
}

/* Over a restart only the wall clock tells how much time has passed. */
static bool is_time_known(const struct trace *trace, size_t from, size_t to)
{
	bool has_stepped = false;
	for (size_t i = from + 1; i <= to; i++) {
		enum deed_kind kind = trace->moments[i].deed->kind;
		has_stepped = has_stepped || kind == DEED_CLOCK;
		if (kind == DEED_START && has_stepped)
			return false;
	}
	return true;
}

static bool is_acked(const struct trace *trace, const struct trace_event *from, const struct trace_event *to)
{
	for (size_t i = from->moment + 1; i <= to->moment; i++)
		if (trace->moments[i].deed->kind == DEED_ACK && trace->moments[i].deed->who == to->domain_number)
			return true;
	return false;
}

/* `problem`: what it reminds of; `last`: the event of the key before it, told or not. */
static void judge_reminder(struct judgement *ret, const struct trace *trace, const struct trace_event *event,
			   const struct trace_event *problem, const struct trace_event *last)
{
	const struct plan_config *config = trace->moments[event->moment].config;
	if (*event->muted_by || !problem || !config->n_reminders) {
		judge_broken(ret, "reminder", "%s: of nothing, or of what shall not be reminded of", event->id);
		return;
	}
	if (is_time_known(trace, problem->moment, event->moment) &&
	    event->at_ms - problem->at_ms < due_after_ms(config, event->reminder))
		judge_broken(ret, "reminder", "%s: %lld ms after the problem", event->id,
			     (long long)(event->at_ms - problem->at_ms));
	if (last->reminder >= event->reminder)
		judge_broken(ret, "reminder", "%s: comes after %s", event->id, last->id);
	if (is_acked(trace, problem, event))
		judge_broken(ret, "reminder", "%s: somebody has said that he knows", event->id);
}

static void judge_reminders(struct judgement *ret, const struct trace *trace, unsigned domain, enum plan_check check)
{
	const struct trace_event *problem = NULL, *last = NULL;
	for (const struct trace_event *event = trace->events; event < trace->events + trace->n_events; event++) {
		if (!truth_is_of(event, domain, check))
			continue;
		if (event->reminder)
			judge_reminder(ret, trace, event, problem, last);
		else if (!*event->muted_by && truth_is_kind(event, "problem"))
			problem = event;
		else if (!*event->muted_by && !truth_is_problem(event->to))
			problem = NULL;
		last = event;
	}
}

void judge_mutes(struct judgement *ret, const struct trace *trace)
{
	for (size_t i = 0; i < trace->n_events; i++) {
		const struct trace_event *event = &trace->events[i];
		if (event->domain_number == PLAN_ALL || event->is_late)
			continue;
		if (*event->muted_by)
			judge_muted(ret, trace, event);
		else
			judge_told(ret, trace, event);
	}
	for (unsigned domain = 0; domain < trace->plan->n_domains; domain++)
		for (int check = 0; check < PLAN_N_CHECKS; check++)
			judge_reminders(ret, trace, domain, (enum plan_check)check);
}
