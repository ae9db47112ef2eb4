/* Glued character-strings; see spf_glue.h. */
#include "lib/check/spf_glue.h"

#include "lib/base/util.h"
#include "lib/check/lookup.h"
#include "lib/check/spf_correct.h"
#include "lib/dns/type.h"
#include "lib/spf/domain.h"
#include "lib/spf/macro.h"

enum { MAX_JOINTS = 4 }; /* of one record whose names are asked for */

struct joints {
	const struct mxw_observation *observation;
	struct mxw_missing *missing;
	unsigned n;
};

/* The question of a term whose answer tells whether its name is there; false without. */
static bool read_question(const char *text, size_t n, char ret_name[MXW_NAME_TEXT_MAX], uint16_t ret_types[2])
{
	struct mxw_spf_term term;
	struct mxw_spf_error error;
	if (mxw_spf_term_parse(text, n, &term, &error) != 0 || !term.spec || !mxw_spf_kind_types(term.kind)[0] ||
	    mxw_spf_macro_is_present(term.spec, term.n_spec))
		return false;
	ret_types[0] = mxw_spf_kind_types(term.kind)[0];
	ret_types[1] = mxw_spf_kind_types(term.kind)[1];
	return mxw_spf_domain_name(term.spec, term.n_spec, ret_name) == 0;
}

/* YES: an answer has records; NO: proven that there are none. */
static enum mxw_vote has_records(const struct joints *joints, const char *name, const uint16_t types[2])
{
	enum mxw_vote vote = MXW_VOTE_NO;
	for (size_t t = 0; t < 2 && types[t]; t++) {
		const struct mxw_answer *answer = joints->missing
							  ? mxw_observation_want(joints->observation, joints->missing,
										 name, types[t])
							  : mxw_observation_get(joints->observation, name, types[t]);
		if (mxw_lookup_is(answer, MXW_OUTCOME_ANSWER))
			return MXW_VOTE_YES;
		if (!mxw_lookup_is_settled(answer))
			vote = MXW_VOTE_UNKNOWN;
	}
	return vote;
}

static enum mxw_vote is_split(void *context, const char *token, size_t n_first, size_t n)
{
	struct joints *joints = context;
	char name[MXW_NAME_TEXT_MAX];
	uint16_t types[2];
	if (!read_question(token, n, name, types) || ++joints->n > MAX_JOINTS)
		return MXW_VOTE_NO;
	enum mxw_vote is_whole = has_records(joints, name, types);
	if (is_whole != MXW_VOTE_NO)
		return is_whole == MXW_VOTE_YES ? MXW_VOTE_NO : MXW_VOTE_UNKNOWN;
	return read_question(token, n_first, name, types) ? has_records(joints, name, types) : MXW_VOTE_NO;
}

enum mxw_vote mxw_spf_glue_read(const struct mxw_spf_node *node, const struct mxw_observation *observation,
				struct mxw_missing *missing, struct mxw_strbuf *ret, struct mxw_strbuf *ret_token)
{
	struct joints joints = { .observation = observation, .missing = missing };
	const struct mxw_spf_glue_judge judge = { .is_split = is_split, .context = &joints };
	return node->rr ? mxw_spf_correct_glue(node->rr, &judge, ret, ret_token) : MXW_VOTE_NO;
}
