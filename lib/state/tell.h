/* Shared inside lib/state: from a hard state that moved, or did not, to what people are told. */
#pragma once

#include "lib/state/state.h"

/* What the round has done to the hard state, and what it sees. */
struct mxw_move {
	enum mxw_transition_kind kind; /* NONE, SILENT, PROBLEM, CHANGE or RECOVERY */
	enum mxw_severity from;        /* the hard state before */
	enum mxw_severity seen;        /* the verdict, or what failing lookups make of it */
	uint64_t seen_set;
};

/* `state` and `soft` hold the move already. Fills kind, is_told, from, to and what follows from them. */
void mxw_state_tell(struct mxw_state *state, struct mxw_soft *soft, const struct mxw_state_policy *policy,
		    const struct mxw_state_input *input, const struct mxw_move *move, struct mxw_transition *ret);
