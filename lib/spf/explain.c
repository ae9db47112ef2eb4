/* Why a message failed, in the words of the domain (RFC 7208 6.2). Whatever goes wrong here, there is no explanation and the
 * result stays. */
#include <errno.h>

#include "lib/spf/eval.h"

static int expand_text(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const struct mxw_rr *rr)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	size_t at;
	mxw_rr_text(rr, &text);
	if (mxw_strbuf_failed(&text))
		return -ENOMEM;
	if (mxw_spf_macro_check(MXW_SPF_EXPLAIN_STRING, mxw_strbuf_get(&text), text.len, &at) != 0)
		return 0;
	int r = mxw_spf_eval_expand(eval, frame, mxw_strbuf_get(&text), text.len, &eval->ret->explanation);
	bool is_cut = r == 0 && eval->ret->explanation.len >= MXW_SPF_MAX_EXPANSION / 2;
	if (r != MXW_SPF_FLOW_UNUSABLE && !is_cut)
		return r;
	mxw_strbuf_clear(&eval->ret->explanation);
	return 0;
}

int mxw_spf_eval_explain(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame)
{
	char target[MXW_SPF_MAX_DOMAIN];
	const struct mxw_answer *txt = NULL;
	if (!frame->record.has_exp)
		return 0;
	int r = mxw_spf_eval_target(eval, frame, &frame->record.exp, target);
	if (r == 0)
		r = mxw_spf_eval_lookup(eval, frame->depth, target, MXW_TYPE_TXT, &txt);
	if (r == 0 && txt->outcome == MXW_OUTCOME_ANSWER && txt->n_rrs == 1)
		r = expand_text(eval, frame, &txt->rrs[0]);
	return r == MXW_SPF_FLOW_NO_NAME || r == MXW_SPF_FLOW_UNUSABLE ? 0 : r;
}
