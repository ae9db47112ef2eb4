/* The hard state of one (domain, check): when do the runs prove that it moves? See state.h. */
#include "lib/state/state.h"

#include "lib/base/util.h"
#include "lib/state/soft.h"
#include "lib/state/tell.h"

enum {
	QUICK_UNKNOWN_ROUNDS =
		5, /* after so many failed rounds the failure is no hiccup: back to the normal interval */
};

void mxw_state_init(struct mxw_state *state)
{
	*state = (struct mxw_state){ .hard = MXW_UNKNOWN, .told = MXW_UNKNOWN };
}

/* Where the runs lead, and what proves it. */
struct proof {
	enum mxw_transition_kind kind;
	enum mxw_severity to;
	uint64_t set;
	uint8_t n_low;
	bool is_escalated;
};

/* Everything that a decision looks at. */
struct facts {
	const struct mxw_state *state;
	const struct mxw_soft *soft;
	const struct mxw_state_policy *policy;
	const struct mxw_state_input *input;
};

/* True if the run has what the bar asks for: `proof` is complete then. */
static bool proves(const struct facts *facts, enum mxw_run_name run, struct mxw_bar bar, enum mxw_transition_kind kind,
		   enum mxw_severity to, struct proof *ret)
{
	enum mxw_confidence confidence = mxw_soft_confidence(facts->soft, run, &bar, facts->input->quorum,
							     facts->input->now_ms);
	if (confidence == MXW_UNCONFIRMED)
		return false;
	*ret = (struct proof){ .kind = kind, .to = to, .set = mxw_state_is_problem(to) ? facts->input->set : 0 };
	if (confidence == MXW_CONFIDENCE_LOW)
		ret->n_low = MXW_MAX(mxw_soft_n_resolvers(facts->soft, run), 1);
	return true;
}

/* A worse state is told in a round that sees exactly it, so that the event carries the votes that prove it (alerts.md Q1). */
static bool is_worse(const struct facts *facts, struct proof *ret)
{
	const struct mxw_state_policy *policy = facts->policy;
	enum mxw_severity hard = facts->state->hard, verdict = facts->input->verdict;
	if (hard < MXW_CRITICAL && verdict == MXW_CRITICAL)
		return proves(facts, MXW_RUN_CRITICAL, mxw_bar_critical(policy, facts->soft), MXW_TRANSITION_PROBLEM,
			      MXW_CRITICAL, ret);
	if (hard < MXW_WARNING && verdict == MXW_WARNING)
		return proves(facts, MXW_RUN_WARNING, mxw_bar_worse(policy, MXW_WARNING), MXW_TRANSITION_PROBLEM,
			      MXW_WARNING, ret);
	return false;
}

static bool is_better(const struct facts *facts, struct proof *ret)
{
	struct mxw_bar bar = mxw_bar_better(facts->policy);
	const struct mxw_state_input *input = facts->input;
	if (facts->state->hard == MXW_UNKNOWN && input->verdict == MXW_OK) {
		*ret = (struct proof){ .kind = MXW_TRANSITION_SILENT, .to = MXW_OK };
		return true;
	}
	if (input->verdict == MXW_OK && mxw_state_is_problem(facts->state->hard))
		return proves(facts, MXW_RUN_OK, bar, MXW_TRANSITION_RECOVERY, MXW_OK, ret);
	/* Only while the verdict is a warning right now: after a last OK the recovery is what comes next. */
	if (facts->state->hard == MXW_CRITICAL && input->verdict == MXW_WARNING && input->may_be < MXW_CRITICAL)
		return proves(facts, MXW_RUN_EASED, bar, MXW_TRANSITION_CHANGE, MXW_WARNING, ret);
	return false;
}

static bool is_other(const struct facts *facts, struct proof *ret)
{
	enum mxw_severity hard = facts->state->hard;
	return facts->soft->runs[MXW_RUN_CHANGED].n && facts->input->verdict == hard &&
	       mxw_state_knows_set(facts->state, facts->input) &&
	       proves(facts, MXW_RUN_CHANGED, mxw_bar_worse(facts->policy, hard), MXW_TRANSITION_CHANGE, hard, ret);
}

/* Lookups that have failed for long enough make the state worse, never better: what was confirmed about the domain weighs
 * more. Their time runs on through transitions, so the distance between two of those is kept here (alerts.md D1). */
static bool is_escalated(const struct facts *facts, enum mxw_severity escalated, struct proof *ret)
{
	if (facts->soft->n_rounds < MXW_MIN(facts->policy->failure_threshold, facts->policy->success_threshold))
		return false;
	if (!mxw_state_is_problem(escalated) ||
	    (mxw_state_is_problem(facts->state->hard) && escalated <= facts->state->hard))
		return false;
	/* What this round has found out is as bad: that is confirmed and told as usual. */
	if (facts->input->verdict >= escalated)
		return false;
	*ret = (struct proof){
		.kind = MXW_TRANSITION_PROBLEM, .to = escalated, .set = facts->input->failing_set, .is_escalated = true
	};
	return true;
}

static bool decide(const struct facts *facts, enum mxw_severity escalated, struct proof *ret)
{
	if (facts->input->verdict != MXW_UNKNOWN &&
	    (is_worse(facts, ret) || is_better(facts, ret) || is_other(facts, ret)))
		return true;
	return is_escalated(facts, escalated, ret);
}

static void enter(struct mxw_state *state, struct mxw_soft *soft, const struct proof *proof,
		  const struct mxw_state_input *input)
{
	if (state->hard != proof->to)
		state->hard_since_wall_ms = input->now_wall_ms;
	state->hard = proof->to;
	state->hard_set = proof->set;
	state->n_low = proof->n_low;
	state->is_escalated = proof->is_escalated;
	mxw_soft_end_candidates(soft);
	soft->n_rounds = 0;
}

void mxw_state_step(struct mxw_state *state, struct mxw_soft *soft, const struct mxw_state_policy *policy,
		    const struct mxw_state_input *input, struct mxw_transition *ret)
{
	const struct facts facts = { state, soft, policy, input };
	struct mxw_move move = { .from = state->hard, .seen = input->verdict, .seen_set = input->set };
	struct proof proof = { 0 };
	*ret = (struct mxw_transition){ .from = state->hard, .to = state->hard };
	mxw_soft_note(soft, state, policy, input);
	ret->escalated = mxw_soft_escalated(soft, input);
	for (int i = 0; i < MXW_N_FAILING; i++)
		ret->failing_age_ms[i] = input->failing_ms[i] ? input->now_ms - soft->runs[MXW_RUN_FAILING + i].since_ms
							      : -1;
	if (input->is_held)
		return;
	if (decide(&facts, ret->escalated, &proof)) {
		enter(state, soft, &proof, input);
		move.kind = proof.kind;
	}
	if (mxw_state_is_problem(state->hard)) /* what is worse has to wait for the next transition */
		ret->escalated = MXW_MIN(ret->escalated, state->hard);
	if (state->is_escalated && mxw_severity_worse(ret->escalated, input->verdict) != input->verdict) {
		move.seen = ret->escalated;
		move.seen_set = input->failing_set;
	}
	mxw_state_tell(state, soft, policy, input, &move, ret);
}

/* The run that would bring the next transition, and what it needs; NULL if none is under way. */
static const struct mxw_run *candidate(const struct mxw_state *state, const struct mxw_soft *soft,
				       const struct mxw_state_policy *policy, struct mxw_bar *ret)
{
	const struct mxw_run *runs = soft->runs;
	*ret = mxw_bar_critical(policy, soft);
	if (state->hard < MXW_CRITICAL && runs[MXW_RUN_CRITICAL].n)
		return &runs[MXW_RUN_CRITICAL];
	*ret = mxw_bar_worse(policy, MXW_WARNING);
	if (state->hard < MXW_WARNING && runs[MXW_RUN_WARNING].n)
		return &runs[MXW_RUN_WARNING];
	*ret = mxw_bar_worse(policy, state->hard);
	if (runs[MXW_RUN_CHANGED].n)
		return &runs[MXW_RUN_CHANGED];
	*ret = mxw_bar_better(policy);
	if (mxw_state_is_problem(state->hard) && runs[MXW_RUN_OK].n)
		return &runs[MXW_RUN_OK];
	return runs[MXW_RUN_EASED].n ? &runs[MXW_RUN_EASED] : NULL;
}

/* When a failing lookup is old enough, if that is still to come and rounds are not missing; else `otherwise_ms`. */
static int64_t next_failing_ms(const struct mxw_soft *soft, const struct mxw_state_policy *policy, int64_t now_ms,
			       int64_t otherwise_ms)
{
	const struct mxw_run *warns = &soft->runs[MXW_RUN_FAILING + MXW_FAILING_WARNS],
			     *badly = &soft->runs[MXW_RUN_FAILING + MXW_FAILING_CRITICAL];
	int64_t at_ms = otherwise_ms, ripe_ms = warns->since_ms + policy->escalate_warning_ms;
	if (warns->n + 1 >= MXW_ESCALATION_ROUNDS && ripe_ms > now_ms)
		at_ms = MXW_MIN(at_ms, ripe_ms);
	ripe_ms = badly->since_ms + policy->escalate_critical_ms;
	if (badly->n + 1 >= MXW_ESCALATION_ROUNDS && ripe_ms > now_ms)
		at_ms = MXW_MIN(at_ms, ripe_ms);
	return at_ms;
}

static const struct mxw_state_policy any_policy;

bool mxw_state_is_pending(const struct mxw_state *state, const struct mxw_soft *soft)
{
	struct mxw_bar bar;
	for (int i = 0; i < MXW_N_FAILING; i++)
		if (soft->runs[MXW_RUN_FAILING + i].n)
			return true;
	return candidate(state, soft, &any_policy, &bar) != NULL;
}

int64_t mxw_state_next_round_ms(const struct mxw_state *state, const struct mxw_soft *soft,
				const struct mxw_state_policy *policy, int64_t now_ms)
{
	struct mxw_bar bar;
	const struct mxw_run *run = candidate(state, soft, policy, &bar);
	int64_t retry = now_ms + policy->retry_interval_ms;
	if (!run) {
		unsigned n_unknown = soft->runs[MXW_RUN_UNKNOWN].n;
		bool quick = n_unknown > 0 && n_unknown <= QUICK_UNKNOWN_ROUNDS;
		return next_failing_ms(soft, policy, now_ms, quick ? retry : now_ms + policy->interval_ms);
	}
	/* Enough rounds agree and only the age is missing: come back when it is reached, not a whole retry later. */
	int64_t ripe = run->since_ms + (run->n_sources >= bar.threshold ? bar.age_ms : bar.fallback_ms);
	if (run->n >= bar.threshold && ripe > now_ms && ripe < retry)
		return ripe;
	return retry;
}

void mxw_state_remove(struct mxw_state *state, int64_t now_wall_ms, struct mxw_transition *ret)
{
	bool is_told = mxw_state_is_problem(state->told), is_open = is_told || mxw_state_is_problem(state->hard);
	*ret = (struct mxw_transition){ .kind = is_open ? MXW_TRANSITION_RECOVERY : MXW_TRANSITION_NONE,
					.is_told = is_told,
					.from = is_told ? state->told : state->hard,
					.to = MXW_UNKNOWN,
					.ends_incident = is_open,
					.incident_since_wall_ms = state->incident_since_wall_ms };
	uint64_t seq = state->seq;
	mxw_state_init(state);
	state->seq = seq + (is_open ? 1 : 0);
	state->hard_since_wall_ms = now_wall_ms;
}
