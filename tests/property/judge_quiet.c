/* D2: what is so for long enough is told in time. A8, T1: and then there is silence, whatever happens to the daemon, its
 * clock and its receivers, until the world is another one. */
#include <stdio.h>
#include <string.h>

#include "lib/base/util.h"
#include "tests/property/judge.h"
#include "tests/property/mute_truth.h"
#include "tests/property/truth.h"

/* A key, and a time in which nothing happens that could keep it from being told. */
struct quiet {
	const struct trace *trace;
	unsigned domain;
	enum plan_check check;
	size_t from, to;  /* moments */
	int64_t begin_ms; /* by then all that had been disturbed before has settled, and nothing mutes the key */
	enum condition condition; /* that enough resolvers agree on */
	unsigned n_agree;
	const struct plan_config *config;
};

/* ---- when is it quiet ---- */

/* So long after its beginning this moment may still disturb the key; -1: it does not. */
static int64_t disturbance_ms(const struct trace *trace, size_t i, unsigned domain)
{
	const struct moment *moment = &trace->moments[i];
	int64_t ticks_ms = 3 * moment->config->retry_interval_ms + moment->config->timeout_ms;
	if (!moment->deed)
		return ticks_ms;
	switch (moment->deed->kind) {
	case DEED_SAY:
		return moment->deed->who == domain ? 0 : -1;
	case DEED_SILENCE:
	case DEED_UNSILENCE:
		return 0;
	case DEED_DISK_FULL:
	case DEED_DISK_OK:
		return 20 * SECOND;
	case DEED_FAIL:
	case DEED_WORK:
	case DEED_LIE:
	case DEED_HONEST:
	case DEED_KILL:
	case DEED_STOP:
	case DEED_START:
	case DEED_RELOAD:
	case DEED_SUSPEND:
		return ticks_ms;
	default:
		return -1;
	}
}

/* What all but the few who may be wrong say. */
static bool find_condition(struct quiet *quiet)
{
	const struct moment *moment = &quiet->trace->moments[quiet->from];
	unsigned counts[N_CONDITIONS] = { 0 }, n = plan_count(moment->config->resolvers);
	for (unsigned r = 0; r < PLAN_MAX_RESOLVERS; r++)
		if (truth_has_resolver(moment, r) && truth_is_well(moment, r))
			counts[moment->says[r][quiet->domain]]++;
	for (int i = 0; i < N_CONDITIONS; i++)
		if (counts[i] + truth_max_liars(moment->config) >= n && counts[i] > n / 2) {
			quiet->condition = (enum condition)i;
			quiet->n_agree = counts[i];
			return true;
		}
	return false;
}

/* After the last silence. A window that moves with a clock that steps is left to others. */
static bool find_begin(struct quiet *quiet)
{
	for (size_t i = 0; i <= quiet->from; i++) {
		int64_t ms = disturbance_ms(quiet->trace, i, quiet->domain);
		if (ms >= 0)
			quiet->begin_ms = MXW_MAX(quiet->begin_ms, truth_awake_ms(&quiet->trace->moments[i]) + ms);
	}
	for (size_t i = quiet->from; i <= quiet->to; i++) {
		bool steps = i > quiet->from && quiet->trace->moments[i].deed->kind == DEED_CLOCK;
		if (steps && quiet->config->maintained)
			return false;
		quiet->begin_ms = mute_truth_silence_end(quiet->trace, i, quiet->begin_ms, quiet->domain, quiet->check);
	}
	return quiet->begin_ms < trace_end_of(quiet->trace, quiet->to);
}

/* The next quiet time that begins with moment `from` or later; false when there is none. */
static bool find_quiet(struct quiet *quiet, size_t from)
{
	const struct trace *trace = quiet->trace;
	for (; from < trace->n_moments; from++) {
		const struct moment *moment = &trace->moments[from];
		quiet->from = quiet->to = from;
		quiet->begin_ms = 0;
		quiet->config = moment->config;
		while (quiet->to + 1 < trace->n_moments && disturbance_ms(trace, quiet->to + 1, quiet->domain) < 0)
			quiet->to++;
		if (disturbance_ms(trace, from, quiet->domain) >= 0 && moment->is_alive && !moment->is_disk_full &&
		    truth_has_key(moment, quiet->domain, quiet->check) && find_condition(quiet) && find_begin(quiet))
			return true;
	}
	return false;
}

/* ---- until when it has to be told ---- */

static bool is_of(const struct quiet *quiet, const struct trace_event *event)
{
	return truth_is_of(event, quiet->domain, quiet->check) && !event->reminder;
}

/* The last event of the key until then; NULL for none. */
static const struct trace_event *find_last(const struct quiet *quiet, int64_t at_ms)
{
	const struct trace_event *last = NULL;
	for (size_t i = 0; i < quiet->trace->n_events; i++) {
		const struct trace_event *event = &quiet->trace->events[i];
		if (is_of(quiet, event) && event->at_ms <= at_ms)
			last = event;
	}
	return last;
}

/* The last one that was told. */
static const struct trace_event *find_told(const struct quiet *quiet, int64_t at_ms)
{
	const struct trace_event *told = NULL;
	for (size_t i = 0; i < quiet->trace->n_events; i++) {
		const struct trace_event *event = &quiet->trace->events[i];
		if (is_of(quiet, event) && !*event->muted_by && event->at_ms <= at_ms)
			told = event;
	}
	return told;
}

static enum mxw_severity severity_told(const struct trace_event *told)
{
	return told && truth_is_problem(told->to) ? told->to : MXW_OK;
}

/* What confirmation takes (findings.md 4.7): rounds, and an age; `which` as in plan_config.confirm_ms. */
static int64_t confirmation_ms(const struct quiet *quiet, size_t which)
{
	const struct plan_config *config = quiet->config;
	unsigned threshold = which == 2 ? config->success_threshold : config->failure_threshold;
	int64_t age_ms = config->confirm_ms[which];
	if (quiet->n_agree < threshold)
		age_ms = which == 0 ? age_ms * 5 / 2 : age_ms * 3 / 2;
	int64_t slow_ms = quiet->n_agree < plan_count(config->resolvers) ? (threshold + 2) * truth_round_ms(config) : 0;
	return threshold * config->retry_interval_ms + age_ms + slow_ms;
}

static int64_t escalation_ms(const struct quiet *quiet)
{
	const struct plan_config *config = quiet->config;
	return config->escalate_critical_ms + config->interval_ms + 8 * config->retry_interval_ms +
	       8 * truth_round_ms(config);
}

/* What is so may be another thing than what people know. */
static bool is_vague(const struct quiet *quiet)
{
	const struct trace_event *last = find_last(quiet, quiet->begin_ms);
	return last && (*last->muted_by || truth_is_kind(last, "flapping"));
}

/* alerts.md D2. */
static int64_t telling_ms(const struct quiet *quiet)
{
	enum mxw_severity severity = condition_rows[quiet->condition].severity[quiet->check];
	const struct trace_event *told = find_told(quiet, quiet->begin_ms);
	enum mxw_severity before = severity_told(told);
	int64_t ms = 0;
	for (size_t which = 0; which < 3; which++) {
		bool is_it = which == (severity < before ? 2 : severity == MXW_CRITICAL ? 0 : 1);
		if (is_it || is_vague(quiet))
			ms = MXW_MAX(ms, confirmation_ms(quiet, which));
	}
	if (severity == MXW_UNKNOWN)
		ms = MXW_MAX(ms, escalation_ms(quiet));
	if (quiet->check != PLAN_MX) /* what was told of mx may explain it, until another thing is told of that */
		ms += confirmation_ms(quiet, 0) + quiet->config->interval_ms;
	return quiet->config->interval_ms + ms + quiet->config->timeout_ms + SECOND;
}

/* A state that flaps is told when it has settled (findings.md 4.8). */
static int64_t settling_ms(const struct quiet *quiet, int64_t due_ms)
{
	const struct trace_event *last = find_last(quiet, due_ms);
	int64_t window_ms = 0;
	bool has_flapped = false;
	for (size_t i = 0; i < quiet->trace->n_events; i++)
		has_flapped = has_flapped ||
			      (is_of(quiet, &quiet->trace->events[i]) && quiet->trace->events[i].at_ms <= due_ms &&
			       truth_is_kind(&quiet->trace->events[i], "flapping"));
	for (size_t i = 0; i < quiet->trace->plan->n_configs; i++)
		window_ms = MXW_MAX(window_ms, quiet->trace->plan->configs[i].flapping_window_ms);
	if (!has_flapped)
		return due_ms;
	return MXW_MAX(due_ms, last->at_ms + window_ms + telling_ms(quiet));
}

/* A window of maintenance that opens before all is told begins it anew. */
static int64_t due_ms(struct quiet *quiet)
{
	int64_t due = settling_ms(quiet, settling_ms(quiet, quiet->begin_ms + telling_ms(quiet)));
	int64_t end_ms = mute_truth_window_end(quiet->trace, quiet->from, quiet->begin_ms, due, quiet->domain);
	if (end_ms <= quiet->begin_ms)
		return due;
	quiet->begin_ms = end_ms;
	return due_ms(quiet);
}

/* ---- the promises ---- */

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
	const struct trace_event *last = find_last(quiet, at_ms);
	bool is_folded = last && *last->muted_by && is_group_open(quiet->trace, at_ms);
	return is_folded ? last : find_told(quiet, at_ms);
}

static void judge_told(struct judgement *ret, const struct quiet *quiet, int64_t due)
{
	const struct condition_row *row = &condition_rows[quiet->condition];
	const struct trace_event *told = find_known(quiet, due);
	enum mxw_severity is = severity_told(told), wanted = row->severity[quiet->check];
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
		if (is_of(quiet, event) && event->at_ms > due && event->moment < until && !truth_is_removal(event))
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
		if (is_of(quiet, event) && !truth_is_problem(event->to))
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
	const struct trace_event *problem = find_told(quiet, due);
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
	for (size_t from = 0; !ret->property && find_quiet(&quiet, from); from = quiet.to + 1) {
		int64_t due = due_ms(&quiet);
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
