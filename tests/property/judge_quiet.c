/* D2: what is so for long enough is told in time. A8, T1: and then there is silence, whatever happens to the daemon, its
 * clock and its receivers, until the world is another one. */
#include <stdio.h>
#include <string.h>

#include "lib/base/util.h"
#include "tests/property/judge.h"
#include "tests/property/mute_truth.h"
#include "tests/property/quiet.h"
#include "tests/property/truth.h"

static bool names_one_of(const struct trace_event *event, const char *findings)
{
	for (size_t i = 0; i < event->n_findings; i++) {
		char word[TRACE_WORD_MAX + 2];
		snprintf(word, sizeof(word), " %s ", event->findings[i].id);
		if (strstr(findings, word))
			return true;
	}
	return false;
}

/* A group has told a problem, and not its end. */
static bool is_group_open(const struct trace *trace, int64_t at_ms)
{
	for (size_t i = trace->n_events; i > 0; i--) {
		const struct trace_event *event = &trace->events[i - 1];
		bool is_last = truth_is_of_group(event) && event->at_ms <= at_ms;
		for (size_t k = i; is_last && k < trace->n_events; k++)
			is_last = trace->events[k].at_ms > at_ms || !truth_is_same_key(event, &trace->events[k]);
		if (is_last && truth_is_problem(event->to))
			return true;
	}
	return false;
}

/* What people know of the key, by its own events or by a group's; that may tell what began in a silence, too. */
static const struct trace_event *find_known(const struct quiet *quiet, int64_t at_ms)
{
	const struct trace_event *last = quiet_find_last(quiet, at_ms);
	bool is_folded = last && *last->muted_by && is_group_open(quiet->trace, at_ms);
	return is_folded ? last : quiet_find_told(quiet, at_ms);
}

static void judge_told(struct judgement *ret, const struct quiet *quiet, int64_t due)
{
	const struct condition_row *row = &condition_rows[quiet->condition];
	const struct trace_event *told = find_known(quiet, due);
	enum mxw_severity is = quiet_severity(told), wanted = row->severity[quiet->check];
	if (wanted == MXW_UNKNOWN)
		wanted = MXW_CRITICAL; /* by now */
	if (is == wanted && (wanted == MXW_OK || row->hides_rest || names_one_of(told, row->findings[quiet->check])))
		return;
	judge_broken(ret, "D2", "d%u is %s from %lld ms on and its %s is %s at %lld ms, told at last: %s",
		     quiet->domain + 1, row->name, (long long)quiet->begin_ms, plan_check_names[quiet->check],
		     mxw_severity_name(is), (long long)due, told ? told->id : "nothing");
}

/* The deed may change what is to be told of the key. */
static bool changes_truth(const struct trace *trace, size_t i, unsigned domain)
{
	const struct deed *deed = trace->moments[i].deed;
	switch (deed->kind) {
	case DEED_SAY:
		return deed->who == domain;
	case DEED_FAIL:
	case DEED_WORK:
	case DEED_LIE:
	case DEED_HONEST:
		return true;
	case DEED_RELOAD:
		return trace->moments[i].config != trace->moments[i - 1].config;
	default:
		return false;
	}
}

static void judge_silence(struct judgement *ret, const struct quiet *quiet, int64_t due)
{
	const struct trace *trace = quiet->trace;
	size_t until = quiet->from + 1;
	while (until < trace->n_moments && !changes_truth(trace, until, quiet->domain))
		until++;
	for (size_t i = 0; i < trace->n_events; i++) {
		const struct trace_event *event = &trace->events[i];
		if (quiet_is_of(quiet, event) && event->at_ms > due && event->moment < until &&
		    !truth_is_removal(event))
			judge_broken(ret, "A8", "%s: %s of d%u, which is %s since %lld ms, and all was told by %lld ms",
				     event->id, event->kind, quiet->domain + 1, condition_rows[quiet->condition].name,
				     (long long)quiet->begin_ms, (long long)due);
	}
}

/* Someone has said of the key's incident that he knows, perhaps before it was told. */
static bool is_acked(const struct quiet *quiet, const struct trace_event *problem)
{
	size_t since = 0;
	for (const struct trace_event *event = quiet->trace->events; event < problem; event++)
		if (quiet_is_of(quiet, event) && !truth_is_problem(event->to))
			since = event->moment;
	for (size_t i = since + 1; i <= quiet->to; i++)
		if (quiet->trace->moments[i].deed->kind == DEED_ACK &&
		    quiet->trace->moments[i].deed->who == quiet->domain)
			return true;
	return false;
}

/* A problem that lasts is told again (alerts.md 2), as long as nothing is in the way. */
static void judge_reminder(struct judgement *ret, const struct quiet *quiet, int64_t due)
{
	const struct trace *trace = quiet->trace;
	const struct plan_config *config = quiet->config;
	const struct trace_event *problem = quiet_find_told(quiet, due);
	bool lasts = problem && problem == find_known(quiet, due) && truth_is_kind(problem, "problem");
	if (!lasts || !config->n_reminders || is_acked(quiet, problem))
		return;
	int64_t first_ms = problem->at_ms + config->reminders_ms[0];
	int64_t last_ms = first_ms + config->interval_ms + truth_round_ms(config);
	bool is_muted = mute_truth_window_end(trace, quiet->from, problem->at_ms, last_ms, quiet->domain) >
			problem->at_ms;
	if (first_ms < due || last_ms >= trace_end_of(trace, quiet->to) || is_muted)
		return;
	for (size_t i = 0; i < trace->n_events; i++) {
		const struct trace_event *event = &trace->events[i];
		if (truth_is_of(event, quiet->domain, quiet->check) && event->reminder && event->at_ms >= first_ms &&
		    event->at_ms <= last_ms)
			return;
	}
	judge_broken(ret, "D2", "%s: no reminder of it between %lld and %lld ms, and d%u is %s all the time",
		     problem->id, (long long)first_ms, (long long)last_ms, quiet->domain + 1,
		     condition_rows[quiet->condition].name);
}

/* Nothing happens to the key any more after the quiet time. */
static bool is_last(const struct quiet *quiet)
{
	for (size_t i = quiet->from + 1; i < quiet->trace->n_moments; i++)
		if (changes_truth(quiet->trace, i, quiet->domain))
			return false;
	return true;
}

/* Returns whether the key has to be well in the end, and nothing be left of what was wrong. */
static bool judge_key(struct judgement *ret, const struct trace *trace, unsigned domain, enum plan_check check)
{
	struct quiet quiet = { .trace = trace, .domain = domain, .check = check };
	bool ends_well = false;
	for (size_t from = 0; !ret->property && quiet_find(&quiet, from); from = quiet.to + 1) {
		int64_t due = quiet_due_ms(&quiet);
		bool is_explained = check != PLAN_MX && condition_rows[quiet.condition].explains_rest;
		if (due >= trace_end_of(trace, quiet.to))
			continue;
		if (!is_explained)
			judge_told(ret, &quiet, due);
		if (!is_explained)
			judge_reminder(ret, &quiet, due);
		judge_silence(ret, &quiet, due);
		ends_well = ends_well || (quiet.condition == GOOD && is_last(&quiet));
	}
	return ends_well;
}

/* All is well: nobody was left with an open problem, and what was kept for it is gone (T3). */
static void judge_good_end(struct judgement *ret, const struct trace *trace)
{
	const struct trace_rest *rest = &trace->rest;
	for (size_t i = 0; i < trace->n_events; i++) {
		const struct trace_event *event = &trace->events[i];
		bool is_last = truth_is_of_group(event) && truth_is_problem(event->to);
		for (size_t k = i + 1; is_last && k < trace->n_events; k++)
			is_last = !truth_is_same_key(event, &trace->events[k]);
		if (is_last)
			judge_broken(ret, "A5", "%s: all is well, and %s %s is not over", event->id, event->domain,
				     event->check);
	}
	if (rest->n_incidents || rest->n_places || rest->n_causes || rest->n_acks)
		judge_broken(ret, "T3",
			     "all is well, and the store keeps %lld incidents, %lld places, %lld causes, %lld acks",
			     (long long)rest->n_incidents, (long long)rest->n_places, (long long)rest->n_causes,
			     (long long)rest->n_acks);
}

void judge_quiet(struct judgement *ret, const struct trace *trace)
{
	const struct moment *last = &trace->moments[trace->n_moments - 1];
	bool ends_well = !last->is_disk_full && last->is_alive && trace->end_ms - last->at_ms > 2 * MINUTE;
	for (unsigned domain = 0; domain < trace->plan->n_domains; domain++)
		for (int check = 0; check < PLAN_N_CHECKS; check++) {
			bool is_well = judge_key(ret, trace, domain, (enum plan_check)check);
			ends_well = ends_well && (is_well || !truth_has_key(last, domain, (enum plan_check)check));
		}
	if (ends_well)
		judge_good_end(ret, trace);
}
