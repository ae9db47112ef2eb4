/* All properties, one after the other; and the streams as they are stored. */
#include "tests/property/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/property/truth.h"

void judge_broken(struct judgement *judgement, const char *property, const char *format, ...)
{
	va_list args;
	if (judgement->property)
		return;
	judgement->property = property;
	va_start(args, format);
	vsnprintf(judgement->text, sizeof(judgement->text), format, args);
	va_end(args);
}

/* What is wrong with a told event as the successor of `before` in the stream of its key; NULL: nothing. */
static const char *judge_order(const struct trace_event *event, const struct trace_event *before)
{
	bool is_open = before && truth_is_problem(before->to);
	bool is_problem = truth_is_problem(event->to);
	/* A first OK is silent: what was UNKNOWN may have become it. */
	if (before && event->from != before->to && !(before->to == MXW_UNKNOWN && event->from == MXW_OK))
		return "does not begin where the one before it ended (A6)";
	if (truth_is_kind(event, "problem"))
		return is_problem ? NULL : "is a problem without one (A5)";
	if (!is_open)
		return "is about no open problem (A5)";
	return truth_is_kind(event, "recovery") == is_problem ? "has the wrong kind (A5)" : NULL;
}

static void judge_stream(struct judgement *ret, const struct trace *trace, const struct trace_event *first)
{
	const struct trace_event *told = NULL, *last = NULL;
	for (const struct trace_event *event = first; event < trace->events + trace->n_events; event++) {
		if (!truth_is_same_key(event, first))
			continue;
		const char *wrong = *event->muted_by ? NULL : judge_order(event, told);
		if (wrong)
			judge_broken(ret, "A5", "%s: %s of %s %s", event->id, event->kind, event->domain, wrong);
		if (event->seq != (last ? last->seq : 0) + !event->reminder)
			judge_broken(ret, "A5", "%s: number %lld comes after %lld", event->id, (long long)event->seq,
				     (long long)(last ? last->seq : 0));
		last = event;
		if (!*event->muted_by)
			told = event;
	}
}

static bool is_first_of_key(const struct trace *trace, const struct trace_event *event)
{
	for (const struct trace_event *other = trace->events; other < event; other++)
		if (truth_is_same_key(event, other))
			return false;
	return true;
}

/* The last word on what is no longer watched is that it is over (alerts.md 3.6). */
static void judge_removed(struct judgement *ret, const struct trace *trace, const struct trace_event *event)
{
	for (size_t i = event->moment + 1; i < trace->n_moments; i++) {
		const struct moment *moment = &trace->moments[i];
		bool can_tell = moment->is_alive && !moment->is_disk_full &&
				trace_end_of(trace, i) - moment->at_ms > MINUTE;
		if (can_tell && !truth_has_key(moment, event->domain_number, event->check_number))
			judge_broken(ret, "A5", "%s: d%u is no longer watched for %s since %lld ms, and this is open",
				     event->id, event->domain_number + 1, event->check, (long long)moment->at_ms);
	}
}

static bool is_last_told(const struct trace *trace, const struct trace_event *event)
{
	for (const struct trace_event *other = event + 1; other < trace->events + trace->n_events; other++)
		if (truth_is_of(other, event->domain_number, event->check_number) && !*other->muted_by)
			return false;
	return !*event->muted_by;
}

void judge_streams(struct judgement *ret, const struct trace *trace)
{
	for (size_t i = 0; i < trace->n_events; i++) {
		const struct trace_event *event = &trace->events[i];
		if (event->domain_number != PLAN_ALL && truth_is_problem(event->to) && is_last_told(trace, event))
			judge_removed(ret, trace, event);
	}
	for (size_t i = 0; i < trace->n_events; i++)
		if (*trace->events[i].domain && is_first_of_key(trace, &trace->events[i]))
			judge_stream(ret, trace, &trace->events[i]);
}

void judge(struct judgement *ret, const struct trace *trace)
{
	static void (*const judges[])(struct judgement * ret, const struct trace *trace) = {
		judge_streams, judge_evidence, judge_quiet, judge_mutes, judge_gate, judge_deliveries,
	};
	*ret = (struct judgement){ 0 };
	if (trace->problem[0])
		judge_broken(ret, "play", "%s", trace->problem);
	for (size_t i = 0; i < sizeof(judges) / sizeof(judges[0]) && !ret->property; i++)
		judges[i](ret, trace);
}
