/* Shared inside lib/state: the runs of a soft state, and when they prove something. */
#pragma once

#include "lib/state/state.h"

enum mxw_confidence { MXW_UNCONFIRMED, MXW_CONFIDENCE_LOW, MXW_CONFIDENCE_HIGH };

/* What a run needs. With sources enough the age is enough; with a quorum of sources only it takes the fallback age. */
struct mxw_bar {
	unsigned threshold;
	int64_t age_ms, fallback_ms;
};

static inline bool mxw_state_is_problem(enum mxw_severity severity)
{
	return severity >= MXW_WARNING;
}

/* While a finding as bad as the hard state is undecided nobody knows whether what was confirmed is over. Lookups that have
 * failed for long are no finding: any that is confirmed says more. */
static inline bool mxw_state_knows_set(const struct mxw_state *state, const struct mxw_state_input *input)
{
	return input->may_be < state->hard || state->is_escalated;
}

/* What a transition to `to` (CRITICAL, WARNING or OK) needs. */
struct mxw_bar mxw_bar_worse(const struct mxw_state_policy *policy, enum mxw_severity to);
/* CRITICAL out of its run: sooner when the authority has confirmed it as often as evidence is asked for. */
struct mxw_bar mxw_bar_critical(const struct mxw_state_policy *policy, const struct mxw_soft *soft);
struct mxw_bar mxw_bar_better(const struct mxw_state_policy *policy);

/* Adds a round to the runs that it belongs to. */
void mxw_soft_note(struct mxw_soft *soft, const struct mxw_state *state, const struct mxw_state_policy *policy,
		   const struct mxw_state_input *input);
/* A transition ends all candidates: two of them are never closer than the smaller threshold (alerts.md D1). */
void mxw_soft_end_candidates(struct mxw_soft *soft);

enum mxw_confidence mxw_soft_confidence(const struct mxw_soft *soft, enum mxw_run_name run, const struct mxw_bar *bar,
					unsigned quorum, int64_t now_ms);
/* Resolvers that the run has counted. */
uint8_t mxw_soft_n_resolvers(const struct mxw_soft *soft, enum mxw_run_name run);

/* What the lookups that fail in this round count as by now; OK: nothing. */
enum mxw_severity mxw_soft_escalated(const struct mxw_soft *soft, const struct mxw_state_input *input);

/* Notes a hard transition, and forgets those that are older than the window. */
void mxw_soft_turn(struct mxw_soft *soft, enum mxw_severity to, int64_t now_ms);
void mxw_soft_forget_turns(struct mxw_soft *soft, int64_t before_ms);
