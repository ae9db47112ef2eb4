/* Shared inside lib/verdict: the merge table of findings.md 4.4, from counted votes to a status. */
#pragma once

#include <stdbool.h>

#include "lib/verdict/verdict.h"

struct mxw_rules_case {
	unsigned quorum, n_yes, n_no; /* of the resolvers */
	enum mxw_authority authority;
	/* Of the yes-votes, when the authority says no: those that rest on a previous version, in time and late. */
	unsigned n_in_time, n_late;
	bool is_rederived;
};

enum mxw_verdict_status mxw_rules_apply(const struct mxw_rules_case *c, bool *ret_wants_rederivation);

/* Yes if a server is sure and all that are sure say so; no likewise; split if they disagree; else unknown. */
enum mxw_authority mxw_rules_authority(const struct mxw_verdict_votes *servers);
