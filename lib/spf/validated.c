/* Validated names of the client: reverse names that lead back to its address (RFC 7208 5.5), for the mechanism ptr and the
 * macro p. Failed lookups end nothing here: the name is skipped. */
#include <string.h>

#include "lib/base/util.h"
#include "lib/dns/name.h"
#include "lib/spf/domain.h"
#include "lib/spf/eval.h"

static int ask_names(struct mxw_spf_eval *eval, unsigned depth, const struct mxw_answer **ret)
{
	char reverse[MXW_IP_REVERSE_MAX];
	mxw_ip_reverse_name(&eval->query->identity->ip, reverse);
	return mxw_spf_eval_lookup_canonical(eval, depth, reverse, MXW_TYPE_PTR, ret);
}

static size_t count_names(const struct mxw_answer *ptr)
{
	size_t n = ptr->outcome == MXW_OUTCOME_ANSWER ? ptr->n_rrs : 0;
	return MXW_MIN(n, (size_t)MXW_SPF_MAX_PTR);
}

/* MATCH if the name leads back to the client's address. */
static int validate(struct mxw_spf_eval *eval, unsigned depth, const char *name)
{
	const struct mxw_answer *answer = NULL;
	int r = mxw_spf_eval_lookup_canonical(eval, depth, name, mxw_spf_eval_address_type(eval), &answer);
	if (r != 0)
		return r;
	return mxw_spf_eval_has_client(eval, answer, 32, 128) ? MXW_SPF_FLOW_MATCH : MXW_SPF_FLOW_NEXT;
}

int mxw_spf_eval_ptr(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const struct mxw_spf_term *term,
		     const char *target)
{
	char canonical[MXW_NAME_TEXT_MAX];
	const struct mxw_answer *ptr = NULL;
	if (mxw_spf_domain_name(target, strlen(target), canonical) < 0)
		return MXW_SPF_FLOW_NO_NAME;
	int r = ask_names(eval, frame->depth, &ptr);
	if (r == 0)
		r = mxw_spf_eval_count_void(eval, frame, term, ptr);
	if (r != 0)
		return r;
	for (size_t i = 0; i < count_names(ptr); i++) {
		const char *name = ptr->rrs[i].name;
		int one = mxw_name_is_below(name, canonical) ? validate(eval, frame->depth, name) : MXW_SPF_FLOW_NEXT;
		if (one == MXW_SPF_FLOW_MATCH)
			return one;
		r = MXW_MAX(r, one); /* WAIT */
	}
	return r;
}

/* How well a validated name suits as %{p}: the domain itself, a name below it, any other (7.3). */
static unsigned rank(const char *name, const char *domain)
{
	if (strcmp(name, domain) == 0)
		return 3;
	return mxw_name_is_below(name, domain) ? 2 : 1;
}

int mxw_spf_eval_validated(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const char **ret)
{
	char domain[MXW_NAME_TEXT_MAX];
	const struct mxw_answer *ptr = NULL;
	unsigned best = 0;
	*ret = "unknown";
	int r = ask_names(eval, frame->depth, &ptr);
	if (r != 0)
		return r;
	if (mxw_spf_domain_name(frame->domain, strlen(frame->domain), domain) < 0)
		domain[0] = '\0';
	for (size_t i = 0; i < count_names(ptr); i++) {
		const char *name = ptr->rrs[i].name;
		if (strchr(name,
			   '\\')) /* holds an octet that the text of a macro could not tell from a dot or a letter */
			continue;
		int one = validate(eval, frame->depth, name);
		r = one == MXW_SPF_FLOW_WAIT ? one : r;
		if (one == MXW_SPF_FLOW_MATCH && rank(name, domain) > best) {
			best = rank(name, domain);
			*ret = name;
		}
	}
	return r;
}
