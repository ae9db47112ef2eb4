/* The state machine of one (domain, check); see state.h.
 *
 * Every candidate is a run of consecutive rounds; a transition needs enough rounds and enough age, and ends all runs, so
 * two transitions are never closer than the smaller threshold (alerts.md D1). */
#include "lib/state/state.h"

#include <string.h>

enum {
	DAY_MS = 24 * 3600 * 1000,
	QUICK_UNKNOWN_ROUNDS =
		5, /* after so many failed rounds the failure is no hiccup: back to the normal interval */
};

/* Whether a round agrees with a run. A round that cannot tell neither advances nor ends it. */
enum says { SAYS_NO, SAYS_NOTHING, SAYS_YES };

static void run_note(struct mxw_run *run, enum says says, int64_t now_ms)
{
	if (says == SAYS_NO)
		*run = (struct mxw_run){ 0 };
	else if (says == SAYS_YES && run->n++ == 0)
		run->since_ms = now_ms;
}

static enum says says(bool holds)
{
	return holds ? SAYS_YES : SAYS_NO;
}

static bool run_is_confirmed(const struct mxw_run *run, unsigned threshold, int64_t age_ms, int64_t now_ms)
{
	return run->n >= threshold && now_ms - run->since_ms >= age_ms;
}

static void forget_runs(struct mxw_state *state)
{
	state->critical = state->warning = state->eased = state->ok = state->changed = (struct mxw_run){ 0 };
	state->changed_set = 0;
}

static bool is_problem(enum mxw_severity severity)
{
	return severity >= MXW_WARNING;
}

static int64_t confirm_ms(const struct mxw_state_policy *policy, enum mxw_severity severity)
{
	return severity == MXW_CRITICAL ? policy->confirm_critical_ms : policy->confirm_warning_ms;
}

void mxw_state_init(struct mxw_state *state)
{
	*state = (struct mxw_state){ .hard = MXW_UNKNOWN };
}

/* A change of the set told, at the same severity. While a finding of that severity is undecided the set is not known. */
static void note_set(struct mxw_state *state, const struct mxw_state_input *input)
{
	bool same_severity = is_problem(state->hard) && input->verdict == state->hard;
	if (same_severity && input->may_be >= state->hard)
		return;
	bool other_set = same_severity && input->set != state->hard_set;
	if (other_set && input->set != state->changed_set)
		state->changed = (struct mxw_run){ 0 };
	run_note(&state->changed, says(other_set), input->now_ms);
	state->changed_set = other_set ? input->set : 0;
}

/* Adds a determinate verdict to the runs it belongs to. A warning behind which a failed lookup may hide the critical is
 * a warning at least, and says nothing about more or less. */
static void note_verdict(struct mxw_state *state, const struct mxw_state_policy *policy,
			 const struct mxw_state_input *input)
{
	int64_t now = input->now_ms;
	enum mxw_severity verdict = input->verdict;
	bool hides_critical = verdict < MXW_CRITICAL && input->may_be == MXW_CRITICAL;
	bool hides_problem = verdict < state->hard && input->may_be >= state->hard;
	if (state->last_round_ms && now - state->last_round_ms > 2 * policy->interval_ms)
		forget_runs(state);
	state->last_round_ms = now;
	state->unknown = (struct mxw_run){ 0 };
	run_note(&state->critical, hides_critical ? SAYS_NOTHING : says(verdict == MXW_CRITICAL), now);
	run_note(&state->warning, says(is_problem(verdict)), now);
	run_note(&state->ok, says(verdict == MXW_OK), now);
	if (is_problem(state->hard))
		run_note(&state->eased, hides_problem ? SAYS_NOTHING : says(verdict < state->hard), now);
	note_set(state, input);
}

/* Which transition do the runs prove? A worse state is told in a round that sees exactly it, so that the event carries
 * the votes that prove it (alerts.md Q1). */
static enum mxw_transition_kind decide(const struct mxw_state *state, const struct mxw_state_policy *policy,
				       const struct mxw_state_input *input, enum mxw_severity *ret_to)
{
	unsigned up = policy->failure_threshold, down = policy->success_threshold;
	int64_t now = input->now_ms;
	if (state->hard < MXW_CRITICAL && input->verdict == MXW_CRITICAL &&
	    run_is_confirmed(&state->critical, up, policy->confirm_critical_ms, now)) {
		*ret_to = MXW_CRITICAL;
		return MXW_TRANSITION_PROBLEM;
	}
	if (state->hard < MXW_WARNING && input->verdict == MXW_WARNING &&
	    run_is_confirmed(&state->warning, up, policy->confirm_warning_ms, now)) {
		*ret_to = MXW_WARNING;
		return MXW_TRANSITION_PROBLEM;
	}
	if (state->hard == MXW_UNKNOWN && input->verdict == MXW_OK) {
		*ret_to = MXW_OK;
		return MXW_TRANSITION_SILENT;
	}
	if (is_problem(state->hard) && run_is_confirmed(&state->ok, down, policy->confirm_recovery_ms, now)) {
		*ret_to = MXW_OK;
		return MXW_TRANSITION_RECOVERY;
	}
	/* Only while the verdict is a warning right now: after a last OK the recovery is what comes next. */
	if (state->hard == MXW_CRITICAL && input->verdict == MXW_WARNING && input->may_be < MXW_CRITICAL &&
	    run_is_confirmed(&state->eased, down, policy->confirm_recovery_ms, now)) {
		*ret_to = MXW_WARNING;
		return MXW_TRANSITION_CHANGE;
	}
	if (input->may_be < state->hard &&
	    run_is_confirmed(&state->changed, up, confirm_ms(policy, state->hard), now)) {
		*ret_to = state->hard;
		return MXW_TRANSITION_CHANGE;
	}
	return MXW_TRANSITION_NONE;
}

static void enter(struct mxw_state *state, enum mxw_transition_kind kind, enum mxw_severity to,
		  const struct mxw_state_input *input)
{
	if (kind == MXW_TRANSITION_PROBLEM) {
		if (!state->incident_since_wall_ms)
			state->incident_since_wall_ms = input->now_wall_ms;
		state->problem_ms = input->now_ms;
		state->n_reminders = 0;
	}
	if (to == MXW_OK)
		state->incident_since_wall_ms = 0;
	if (state->hard != to)
		state->hard_since_wall_ms = input->now_wall_ms;
	state->hard = to;
	state->hard_set = is_problem(to) ? input->set : 0;
	if (kind != MXW_TRANSITION_SILENT)
		state->seq++;
	forget_runs(state);
}

/* How many reminders are due by now, told ones included. */
static uint32_t reminders_due(const struct mxw_state *state, const struct mxw_state_policy *policy, int64_t now_ms)
{
	int64_t age = now_ms - state->problem_ms;
	uint32_t due = 0;
	while (due < policy->n_reminders && policy->reminders_ms[due] <= age)
		due++;
	if (due && due == policy->n_reminders)
		due += (uint32_t)((age - policy->reminders_ms[due - 1]) / DAY_MS);
	return due;
}

void mxw_state_step(struct mxw_state *state, const struct mxw_state_policy *policy, const struct mxw_state_input *input,
		    struct mxw_transition *ret)
{
	*ret = (struct mxw_transition){ .kind = MXW_TRANSITION_NONE,
					.from = state->hard,
					.to = state->hard,
					.incident_since_wall_ms = state->incident_since_wall_ms };
	if (input->verdict == MXW_UNKNOWN) {
		run_note(&state->unknown, SAYS_YES, input->now_ms);
	} else {
		note_verdict(state, policy, input);
		ret->kind = decide(state, policy, input, &ret->to);
	}
	if (ret->kind != MXW_TRANSITION_NONE) {
		enter(state, ret->kind, ret->to, input);
		if (!ret->incident_since_wall_ms)
			ret->incident_since_wall_ms = state->incident_since_wall_ms;
		return;
	}
	/* Reminded is of what is seen: a round that sees nothing, or that all is well by now, is no time for it. */
	if (is_problem(state->hard) && is_problem(input->verdict)) {
		uint32_t due = reminders_due(state, policy, input->now_ms);
		if (due > state->n_reminders) {
			state->n_reminders = due;
			ret->kind = MXW_TRANSITION_REMINDER;
			ret->reminder = due;
		}
	}
}

/* The run that would bring the next transition, its threshold and its age; NULL if none is under way. */
static const struct mxw_run *candidate(const struct mxw_state *state, const struct mxw_state_policy *policy,
				       unsigned *ret_threshold, int64_t *ret_age_ms)
{
	*ret_threshold = policy->failure_threshold;
	if (state->hard < MXW_CRITICAL && state->critical.n) {
		*ret_age_ms = policy->confirm_critical_ms;
		return &state->critical;
	}
	if (state->hard < MXW_WARNING && state->warning.n) {
		*ret_age_ms = policy->confirm_warning_ms;
		return &state->warning;
	}
	if (state->changed.n) {
		*ret_age_ms = confirm_ms(policy, state->hard);
		return &state->changed;
	}
	*ret_threshold = policy->success_threshold;
	*ret_age_ms = policy->confirm_recovery_ms;
	if (is_problem(state->hard) && state->ok.n)
		return &state->ok;
	return state->eased.n ? &state->eased : NULL;
}

static const struct mxw_state_policy any_policy;

bool mxw_state_is_pending(const struct mxw_state *state)
{
	unsigned threshold;
	int64_t age;
	return candidate(state, &any_policy, &threshold, &age) != NULL;
}

int64_t mxw_state_next_round_ms(const struct mxw_state *state, const struct mxw_state_policy *policy, int64_t now_ms)
{
	unsigned threshold;
	int64_t age;
	const struct mxw_run *run = candidate(state, policy, &threshold, &age);
	int64_t retry = now_ms + policy->retry_interval_ms;
	if (!run) {
		bool quick = state->unknown.n > 0 && state->unknown.n <= QUICK_UNKNOWN_ROUNDS;
		return quick ? retry : now_ms + policy->interval_ms;
	}
	/* Enough rounds agree and only the age is missing: come back when it is reached, not a whole retry later. */
	int64_t ripe = run->since_ms + age;
	if (run->n >= threshold && ripe > now_ms && ripe < retry)
		return ripe;
	return retry;
}

void mxw_state_remove(struct mxw_state *state, int64_t now_wall_ms, struct mxw_transition *ret)
{
	*ret = (struct mxw_transition){ .kind = MXW_TRANSITION_NONE,
					.from = state->hard,
					.to = MXW_UNKNOWN,
					.incident_since_wall_ms = state->incident_since_wall_ms };
	bool told = is_problem(state->hard);
	uint64_t seq = state->seq;
	mxw_state_init(state);
	state->seq = seq + (told ? 1 : 0);
	state->hard_since_wall_ms = now_wall_ms;
	if (told)
		ret->kind = MXW_TRANSITION_RECOVERY;
}

static void shift_run(struct mxw_run *run, int64_t by_ms)
{
	if (run->n)
		run->since_ms += by_ms;
}

void mxw_state_rebase(struct mxw_state *state, int64_t old_now_ms, int64_t elapsed_ms, int64_t now_ms)
{
	int64_t by = now_ms - elapsed_ms - old_now_ms;
	shift_run(&state->critical, by);
	shift_run(&state->warning, by);
	shift_run(&state->eased, by);
	shift_run(&state->ok, by);
	shift_run(&state->changed, by);
	shift_run(&state->unknown, by);
	if (state->last_round_ms)
		state->last_round_ms += by;
	state->problem_ms += by;
}
