/* What people are told: the difference between the hard state and what was told last, unless the key is muted or flaps
 * (findings.md 4.8, alerts.md 2). The stream of a key is problem (problem | change | reminder | flapping)* recovery,
 * whatever is left out of it. */
#include "lib/state/tell.h"

#include "lib/base/util.h"
#include "lib/state/soft.h"

enum { DAY_MS = 24 * 3600 * 1000 };

/* What telling the hard state would be; NONE when people know it already. */
static enum mxw_transition_kind difference(const struct mxw_state *state)
{
	if (!mxw_state_is_problem(state->hard))
		return mxw_state_is_problem(state->told) ? MXW_TRANSITION_RECOVERY : MXW_TRANSITION_NONE;
	if (state->hard > state->told || !mxw_state_is_problem(state->told))
		return MXW_TRANSITION_PROBLEM;
	return state->hard < state->told || state->hard_set != state->told_set ? MXW_TRANSITION_CHANGE
									       : MXW_TRANSITION_NONE;
}

static void tell(struct mxw_state *state, const struct mxw_state_input *input, enum mxw_transition_kind kind,
		 struct mxw_transition *ret)
{
	ret->kind = kind;
	ret->is_told = true;
	ret->from = state->told;
	ret->to = state->hard;
	if (kind == MXW_TRANSITION_PROBLEM) {
		state->problem_ms = input->now_ms;
		state->n_reminders = 0;
	}
	state->told = state->hard;
	state->told_set = state->hard_set;
}

/* Stored and marked, for nobody. */
static void keep_quiet(const struct mxw_move *move, const struct mxw_state *state, struct mxw_transition *ret)
{
	ret->kind = move->kind;
	ret->from = move->from;
	ret->to = state->hard;
}

static enum mxw_severity worst_turn(const struct mxw_soft *soft, enum mxw_severity worst)
{
	for (size_t i = 0; i < soft->n_turns; i++)
		worst = mxw_severity_worse(worst, (enum mxw_severity)soft->turns_to[i]);
	return worst;
}

/* Only out of an open problem: what begins one is told as a problem, and the next change as flapping. */
static bool begins_to_flap(const struct mxw_state *state, const struct mxw_soft *soft,
			   const struct mxw_state_policy *policy)
{
	return policy->flapping_changes && soft->n_turns >= policy->flapping_changes &&
	       mxw_state_is_problem(state->told);
}

static void tell_flapping(struct mxw_state *state, const struct mxw_soft *soft, struct mxw_transition *ret)
{
	ret->kind = MXW_TRANSITION_FLAPPING;
	ret->is_told = true;
	ret->from = state->told;
	ret->to = worst_turn(soft, mxw_severity_worse(state->told, state->hard));
	ret->n_turns = soft->n_turns;
	state->is_flapping = true;
	state->told = ret->to;
	state->told_set = 0;
}

/* The last word after a time without a change, also when it is what was told: it is settled now. */
static void tell_settled(struct mxw_state *state, const struct mxw_state_input *input, struct mxw_transition *ret)
{
	enum mxw_transition_kind kind = difference(state);
	state->is_flapping = false;
	ret->is_settled = true;
	tell(state, input, kind == MXW_TRANSITION_NONE ? MXW_TRANSITION_CHANGE : kind, ret);
}

static void tell_move(struct mxw_state *state, const struct mxw_soft *soft, const struct mxw_state_policy *policy,
		      const struct mxw_state_input *input, const struct mxw_move *move, struct mxw_transition *ret)
{
	enum mxw_transition_kind kind = difference(state);
	bool passes = !state->is_flapping || state->hard > state->told;
	if (input->is_muted || !passes)
		keep_quiet(move, state, ret);
	else if (!state->is_flapping && begins_to_flap(state, soft, policy))
		tell_flapping(state, soft, ret);
	else if (kind == MXW_TRANSITION_NONE)
		keep_quiet(move, state, ret);
	else
		tell(state, input, kind, ret);
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

/* Reminded is of what is seen: a round that sees nothing, or that all is well by now, is no time for it. What comes due
 * while nobody wants to hear of it is counted as told. */
static void remind(struct mxw_state *state, const struct mxw_state_policy *policy, const struct mxw_state_input *input,
		   const struct mxw_move *move, struct mxw_transition *ret)
{
	bool is_quiet = input->is_muted || input->is_acked || state->is_flapping;
	bool is_time = state->told == state->hard && mxw_state_is_problem(move->seen);
	if (!mxw_state_is_problem(state->told) || (!is_quiet && !is_time))
		return;
	uint32_t due = reminders_due(state, policy, input->now_ms);
	if (due <= state->n_reminders)
		return;
	state->n_reminders = due;
	if (is_quiet)
		return;
	ret->kind = MXW_TRANSITION_REMINDER;
	ret->is_told = true;
	ret->reminder = due;
	ret->from = ret->to = state->told;
}

/* The severity is confirmed; what it rests on may be another thing by now, and that is what people need. */
static void tell_hidden(struct mxw_state *state, const struct mxw_state_input *input, const struct mxw_move *move,
			enum mxw_transition_kind kind, struct mxw_transition *ret)
{
	state->hard_set = move->seen_set;
	tell(state, input, kind, ret);
}

/* The hard state stays. What was not told of it while the key was muted or flapped is told in a round that sees it: it
 * may be over by now. */
static void tell_rest(struct mxw_state *state, const struct mxw_soft *soft, const struct mxw_state_policy *policy,
		      const struct mxw_state_input *input, const struct mxw_move *move, struct mxw_transition *ret)
{
	bool sees_it = move->seen == state->hard;
	int64_t last_ms = soft->n_turns ? soft->turns_ms[soft->n_turns - 1] : INT64_MIN;
	bool is_settled = state->is_flapping && last_ms <= input->now_ms - policy->flapping_window_ms;
	enum mxw_transition_kind kind = difference(state);
	if (!input->is_muted && sees_it && is_settled)
		tell_settled(state, input, ret);
	else if (!input->is_muted && sees_it && !state->is_flapping && kind != MXW_TRANSITION_NONE)
		tell_hidden(state, input, move, kind, ret);
	else
		remind(state, policy, input, move, ret);
}

/* An incident lasts from the first problem, told or not, until there is none and people know it. */
static void keep_incident(struct mxw_state *state, const struct mxw_state_input *input, struct mxw_transition *ret)
{
	bool is_open = mxw_state_is_problem(state->hard) || mxw_state_is_problem(state->told);
	if (is_open && !state->incident_since_wall_ms)
		state->incident_since_wall_ms = input->now_wall_ms;
	ret->incident_since_wall_ms = state->incident_since_wall_ms;
	if (!is_open && state->incident_since_wall_ms) {
		state->incident_since_wall_ms = 0;
		ret->ends_incident = true;
	}
}

void mxw_state_tell(struct mxw_state *state, struct mxw_soft *soft, const struct mxw_state_policy *policy,
		    const struct mxw_state_input *input, const struct mxw_move *move, struct mxw_transition *ret)
{
	if (move->kind == MXW_TRANSITION_SILENT) {
		state->told = state->hard;
		state->told_set = state->hard_set;
		ret->kind = MXW_TRANSITION_SILENT;
		ret->to = state->hard;
		return;
	}
	if (!state->is_flapping)
		mxw_soft_forget_turns(soft, input->now_ms - policy->flapping_window_ms);
	if (move->kind == MXW_TRANSITION_NONE) {
		tell_rest(state, soft, policy, input, move, ret);
	} else {
		mxw_soft_turn(soft, state->hard, input->now_ms);
		tell_move(state, soft, policy, input, move, ret);
	}
	ret->is_seen = ret->to == state->hard && move->seen == state->hard && move->seen_set == state->hard_set;
	ret->n_low = state->n_low;
	keep_incident(state, input, ret);
	if (ret->kind != MXW_TRANSITION_NONE && ret->kind != MXW_TRANSITION_REMINDER)
		state->seq++;
}
