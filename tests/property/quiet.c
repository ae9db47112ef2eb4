/* Quiet times; see quiet.h. */
#include "tests/property/quiet.h"

#include <string.h>

#include "lib/base/util.h"
#include "tests/property/mute_truth.h"
#include "tests/property/truth.h"

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

bool quiet_find(struct quiet *quiet, size_t from)
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

bool quiet_is_of(const struct quiet *quiet, const struct trace_event *event)
{
	return truth_is_of(event, quiet->domain, quiet->check) && !event->reminder;
}

const struct trace_event *quiet_find_last(const struct quiet *quiet, int64_t at_ms)
{
	const struct trace_event *last = NULL;
	for (size_t i = 0; i < quiet->trace->n_events; i++) {
		const struct trace_event *event = &quiet->trace->events[i];
		if (quiet_is_of(quiet, event) && event->at_ms <= at_ms)
			last = event;
	}
	return last;
}

const struct trace_event *quiet_find_told(const struct quiet *quiet, int64_t at_ms)
{
	const struct trace_event *told = NULL;
	for (size_t i = 0; i < quiet->trace->n_events; i++) {
		const struct trace_event *event = &quiet->trace->events[i];
		if (quiet_is_of(quiet, event) && !*event->muted_by && event->at_ms <= at_ms)
			told = event;
	}
	return told;
}

enum mxw_severity quiet_severity(const struct trace_event *told)
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
	const struct trace_event *last = quiet_find_last(quiet, quiet->begin_ms);
	return last && (*last->muted_by || truth_is_kind(last, "flapping"));
}

/* alerts.md D2. */
static int64_t telling_ms(const struct quiet *quiet)
{
	enum mxw_severity severity = condition_rows[quiet->condition].severity[quiet->check];
	const struct trace_event *told = quiet_find_told(quiet, quiet->begin_ms);
	enum mxw_severity before = quiet_severity(told);
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
	const struct trace_event *last = quiet_find_last(quiet, due_ms);
	int64_t window_ms = 0;
	bool has_flapped = false;
	for (size_t i = 0; i < quiet->trace->n_events; i++)
		has_flapped = has_flapped || (quiet_is_of(quiet, &quiet->trace->events[i]) &&
					      quiet->trace->events[i].at_ms <= due_ms &&
					      truth_is_kind(&quiet->trace->events[i], "flapping"));
	for (size_t i = 0; i < quiet->trace->plan->n_configs; i++)
		window_ms = MXW_MAX(window_ms, quiet->trace->plan->configs[i].flapping_window_ms);
	if (!has_flapped)
		return due_ms;
	return MXW_MAX(due_ms, last->at_ms + window_ms + telling_ms(quiet));
}

/* A window of maintenance that opens before all is told begins it anew. */
int64_t quiet_due_ms(struct quiet *quiet)
{
	int64_t due = settling_ms(quiet, settling_ms(quiet, quiet->begin_ms + telling_ms(quiet)));
	int64_t end_ms = mute_truth_window_end(quiet->trace, quiet->from, quiet->begin_ms, due, quiet->domain);
	if (end_ms <= quiet->begin_ms)
		return due;
	quiet->begin_ms = end_ms;
	return quiet_due_ms(quiet);
}
