/* Lookups that fail at a quorum of resolvers: what they become when that lasts (findings.md 4.5).
 *
 * A question fails in whatever way: SERVFAIL at one resolver and silence at the next are the same trouble of the zone. It
 * counts under the first check that asked it. */
#pragma once

#include "lib/round/round.h"
#include "lib/state/state.h"

/* Fills `failing_ms` and `failing_set` of the input from a judged round. The policy's times are those of the dns-* rows; rows
 * with times of their own are scaled as the policy scales these. */
void mxw_round_failing(const struct mxw_round *round, size_t check, const struct mxw_state_policy *policy,
		       struct mxw_state_input *input);

/* Makes the verdict's failing lookups confirmed problems, as far as they have become that by the transition: its event lists
 * them then. 0 or -ENOMEM. */
int mxw_round_escalate(struct mxw_round *round, size_t check, const struct mxw_state_policy *policy,
		       const struct mxw_transition *transition);

/* Everything that is wrong here, and there is something, rests on lookups of the domain's own names that fail or are
 * bogus: what explains those of an earlier check explains these. */
bool mxw_round_rests_on_lookups(const struct mxw_round *round, size_t check);
