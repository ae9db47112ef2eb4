/* One evaluation and whether it can be believed; see spf_host.h. */
#include "lib/check/spf_host.h"

#include <errno.h>

#include "lib/check/lookup.h"
#include "lib/spf/identity.h"

void mxw_spf_host_result_done(struct mxw_spf_host_result *result)
{
	mxw_spf_evaluation_done(&result->evaluation);
}

/* A failed lookup ends an evaluation as temperror, but for those of `ptr` and %{p}, which are passed over (RFC 7208 5.5):
 * the result is then what it is to a receiver in the same trouble, and may be another one to all others. */
static bool rests_on_failure(const struct mxw_spf_trace *trace)
{
	for (size_t i = 0; i < trace->n_steps; i++)
		if (trace->steps[i].kind == MXW_SPF_STEP_LOOKUP && !mxw_lookup_is_determinate(trace->steps[i].answer))
			return true;
	return trace->is_cut;
}

static int evaluate(const struct mxw_spf_query *query, const struct mxw_observation *observation,
		    struct mxw_missing *needed, struct mxw_spf_host_result *ret)
{
	struct mxw_spf_trace trace = { 0 };
	int r = mxw_spf_evaluate(query, observation, needed, &trace, &ret->evaluation);
	ret->is_decided = r == 0 && !needed->n && ret->evaluation.result != MXW_SPF_TEMPERROR &&
			  !rests_on_failure(&trace);
	mxw_spf_trace_done(&trace);
	return r;
}

int mxw_spf_host_check(const char *domain, const struct mxw_ip *ip, const char *helo,
		       const struct mxw_observation *observation, struct mxw_missing *missing,
		       struct mxw_spf_host_result *ret)
{
	struct mxw_spf_identity identity = { 0 };
	struct mxw_missing needed = { 0 };
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf mail_from = MXW_STRBUF_INIT;
	mxw_strbuf_addf(&mail_from, "postmaster@%s", domain);
	int r = mxw_strbuf_failed(&mail_from) ? -ENOMEM : 0;
	if (r == 0)
		r = mxw_spf_identity_init(&identity, ip, helo, mxw_strbuf_get(&mail_from));
	if (r == 0) {
		const struct mxw_spf_query query = { .identity = &identity, .max_voids = MXW_SPF_MAX_VOIDS };
		r = evaluate(&query, observation, &needed, ret);
	}
	size_t n_before = missing ? missing->n : 0;
	if (missing)
		mxw_missing_add_all(missing, &needed);
	ret->waits_with_others = missing && needed.n && missing->n == n_before;
	mxw_spf_identity_done(&identity);
	mxw_missing_done(&needed);
	return r;
}
