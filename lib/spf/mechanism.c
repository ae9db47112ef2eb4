/* The mechanisms that look at addresses (RFC 7208 5.3 to 5.7), and the names that terms lead to (4.8, 7). */
#include <errno.h>
#include <string.h>

#include "lib/dns/name.h"
#include "lib/spf/eval.h"

uint16_t mxw_spf_eval_address_type(const struct mxw_spf_eval *eval)
{
	return eval->query->identity->ip.family == 4 ? MXW_TYPE_A : MXW_TYPE_AAAA;
}

bool mxw_spf_eval_has_client(const struct mxw_spf_eval *eval, const struct mxw_answer *answer, unsigned bits4,
			     unsigned bits6)
{
	const struct mxw_ip *client = &eval->query->identity->ip;
	struct mxw_ip ip;
	for (size_t i = 0; i < answer->n_rrs; i++)
		if (mxw_rr_ip(&answer->rrs[i], &ip) && mxw_ip_in_prefix(client, &ip, ip.family == 4 ? bits4 : bits6))
			return true;
	return false;
}

/* ---- names ---- */

int mxw_spf_eval_expand(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const char *text, size_t n,
			struct mxw_strbuf *ret)
{
	const struct mxw_spf_identity *identity = eval->query->identity;
	struct mxw_spf_macro_values values = {
		.local_part = identity->local_part,
		.sender_domain = identity->domain,
		.domain = frame->domain,
		.helo = identity->helo,
		.ip = identity->ip,
		.receiver = eval->query->receiver ? eval->query->receiver : "unknown",
		.now_s = eval->query->now_s,
		.validated = "unknown",
	};
	if (mxw_spf_macro_uses(text, n, 'p')) {
		int r = mxw_spf_eval_validated(eval, frame, &values.validated);
		if (r != 0)
			return r;
	}
	if (mxw_spf_macro_expand(text, n, &values, ret) != 0)
		return MXW_SPF_FLOW_UNUSABLE;
	return mxw_strbuf_failed(ret) ? -ENOMEM : 0;
}

/* "" for what is too long to be a name even without its labels on the left. */
static void put_name(const char *text, size_t n, char ret[MXW_SPF_MAX_DOMAIN])
{
	text = mxw_spf_macro_truncate(text, &n);
	if (n >= MXW_SPF_MAX_DOMAIN)
		n = 0;
	memcpy(ret, text, n);
	ret[n] = '\0';
}

int mxw_spf_eval_target(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const struct mxw_spf_term *term,
			char ret[MXW_SPF_MAX_DOMAIN])
{
	if (!term->spec) {
		memcpy(ret, frame->domain, MXW_SPF_MAX_DOMAIN);
		return 0;
	}
	if (!mxw_spf_macro_is_present(term->spec, term->n_spec)) {
		put_name(term->spec, term->n_spec, ret);
		return 0;
	}
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf name = MXW_STRBUF_INIT;
	int r = mxw_spf_eval_expand(eval, frame, term->spec, term->n_spec, &name);
	if (r == 0)
		put_name(mxw_strbuf_get(&name), name.len, ret);
	return r;
}

/* ---- mechanisms ---- */

/* A term's own question: its answer proves something and is no void too many. */
static int ask(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const struct mxw_spf_term *term,
	       const char *target, uint16_t type, const struct mxw_answer **ret)
{
	int r = mxw_spf_eval_lookup(eval, frame->depth, target, type, ret);
	if (r == 0)
		r = mxw_spf_eval_judge_lookup(eval, frame, term, target, type, *ret);
	if (r == 0)
		r = mxw_spf_eval_count_void(eval, frame, term, *ret);
	return r;
}

static int match_a(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const struct mxw_spf_term *term,
		   const char *target)
{
	const struct mxw_answer *answer = NULL;
	int r = ask(eval, frame, term, target, mxw_spf_eval_address_type(eval), &answer);
	if (r != 0)
		return r;
	return mxw_spf_eval_has_client(eval, answer, term->bits4, term->bits6) ? MXW_SPF_FLOW_MATCH : MXW_SPF_FLOW_NEXT;
}

/* The addresses of one exchange. The root (RFC 7505) is none. */
static int match_exchange(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const struct mxw_spf_term *term,
			  const char *exchange)
{
	const struct mxw_answer *answer = NULL;
	uint16_t type = mxw_spf_eval_address_type(eval);
	if (mxw_name_is_root(exchange))
		return MXW_SPF_FLOW_NEXT;
	int r = mxw_spf_eval_lookup_canonical(eval, frame->depth, exchange, type, &answer);
	if (r == 0)
		r = mxw_spf_eval_judge_lookup(eval, frame, term, exchange, type, answer);
	if (r == 0 && mxw_spf_eval_has_client(eval, answer, term->bits4, term->bits6))
		return MXW_SPF_FLOW_MATCH;
	return r;
}

/* All missing exchanges are asked for at once; they are judged in the order of preference. Never the A records of the
 * target itself (5.4). */
static int match_mx(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const struct mxw_spf_term *term,
		    const char *target)
{
	const struct mxw_answer *mx = NULL;
	int r = ask(eval, frame, term, target, MXW_TYPE_MX, &mx);
	if (r != 0)
		return r;
	if (mx->n_rrs > MXW_SPF_MAX_MX) {
		mxw_spf_eval_blame(eval, MXW_SPF_TOO_MANY_MX, frame->domain, term);
		return MXW_SPF_FLOW_PERMERROR;
	}
	int first = MXW_SPF_FLOW_NEXT;
	for (size_t i = 0; i < mx->n_rrs; i++) {
		r = match_exchange(eval, frame, term, mx->rrs[i].name);
		if (r < 0 || (r != MXW_SPF_FLOW_NEXT && r != MXW_SPF_FLOW_WAIT && first == MXW_SPF_FLOW_NEXT))
			return r;
		if (first == MXW_SPF_FLOW_NEXT)
			first = r;
	}
	return first;
}

/* Always an A record, whatever the client's address is (5.7). */
static int match_exists(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const struct mxw_spf_term *term,
			const char *target)
{
	const struct mxw_answer *answer = NULL;
	int r = ask(eval, frame, term, target, MXW_TYPE_A, &answer);
	if (r != 0)
		return r;
	return answer->outcome == MXW_OUTCOME_ANSWER ? MXW_SPF_FLOW_MATCH : MXW_SPF_FLOW_NEXT;
}

static int match_network(const struct mxw_spf_eval *eval, const struct mxw_spf_term *term)
{
	unsigned bits = term->kind == MXW_SPF_IP4 ? term->bits4 : term->bits6;
	bool is_in = mxw_ip_in_prefix(&eval->query->identity->ip, &term->network, bits);
	return is_in ? MXW_SPF_FLOW_MATCH : MXW_SPF_FLOW_NEXT;
}

static int match_target(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const struct mxw_spf_term *term,
			const char *target)
{
	switch (term->kind) {
	case MXW_SPF_A:
		return match_a(eval, frame, term, target);
	case MXW_SPF_MX:
		return match_mx(eval, frame, term, target);
	case MXW_SPF_PTR:
		return mxw_spf_eval_ptr(eval, frame, term, target);
	default:
		return match_exists(eval, frame, term, target);
	}
}

int mxw_spf_eval_mechanism(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame,
			   const struct mxw_spf_term *term)
{
	char target[MXW_SPF_MAX_DOMAIN];
	if (term->kind == MXW_SPF_ALL)
		return MXW_SPF_FLOW_MATCH;
	if (term->kind == MXW_SPF_IP4 || term->kind == MXW_SPF_IP6)
		return match_network(eval, term);
	int r = mxw_spf_eval_count_lookup(eval, frame, term);
	if (r == 0)
		r = mxw_spf_eval_target(eval, frame, term, target);
	if (r == 0)
		r = match_target(eval, frame, term, target);
	/* RFC 7208 4.8 leaves open what a name that cannot be is; here, as in most programs, it does not exist. */
	return r == MXW_SPF_FLOW_NO_NAME || r == MXW_SPF_FLOW_UNUSABLE ? MXW_SPF_FLOW_NEXT : r;
}
