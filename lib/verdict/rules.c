/* The merge table; see rules.h. What the authority says comes first: who has nothing cached sees that already. */
#include "lib/verdict/rules.h"

enum mxw_authority mxw_rules_authority(const struct mxw_verdict_votes *servers)
{
	if (servers->yes)
		return servers->no ? MXW_AUTHORITY_SPLIT : MXW_AUTHORITY_YES;
	return servers->no ? MXW_AUTHORITY_NO : MXW_AUTHORITY_UNKNOWN;
}

/* Rule 3: resolvers see what the zone's servers deny. A cache that is in its time is excused, and counts for no quorum.
 * What nothing excuses is believed only after the parent was asked once more who the servers are. */
static enum mxw_verdict_status judge_denied(const struct mxw_rules_case *c, bool *ret_wants_rederivation)
{
	unsigned n_left = c->n_yes - c->n_in_time;
	if (n_left < c->quorum && c->n_in_time)
		return MXW_RECOVERING;
	if (n_left < c->quorum && n_left == c->n_late)
		return MXW_STALE;
	if (!c->is_rederived) {
		*ret_wants_rederivation = true;
		return MXW_UNDECIDED;
	}
	return n_left >= c->quorum ? MXW_CONFIRMED : MXW_ALIEN;
}

/* Rules 1, 5, 6 and 7: the resolvers alone. */
static enum mxw_verdict_status judge_votes(const struct mxw_rules_case *c)
{
	if (c->n_yes >= c->quorum)
		return MXW_CONFIRMED;
	if (c->n_no >= c->quorum)
		return c->n_yes ? MXW_MINORITY : MXW_CLEAR;
	return MXW_UNDECIDED;
}

enum mxw_verdict_status mxw_rules_apply(const struct mxw_rules_case *c, bool *ret_wants_rederivation)
{
	*ret_wants_rederivation = false;
	switch (c->authority) {
	case MXW_AUTHORITY_YES: /* rules 1 and 2 */
		return MXW_CONFIRMED;
	case MXW_AUTHORITY_SPLIT: /* rule 4; one of them may be a server no more */
		*ret_wants_rederivation = !c->is_rederived;
		return MXW_DISAGREE;
	case MXW_AUTHORITY_NO: /* rules 3 and 6 */
		return c->n_yes ? judge_denied(c, ret_wants_rederivation) : MXW_CLEAR;
	case MXW_AUTHORITY_UNKNOWN:
		break;
	}
	return judge_votes(c);
}
