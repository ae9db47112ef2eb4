/* check_host(): a record's terms in order, includes and redirects; see evaluate.h.
 *
 * An evaluation that misses an answer unwinds at once (FLOW_WAIT) and is begun anew when the answer is there. */
#include "lib/spf/evaluate.h"

#include <errno.h>
#include <string.h>

#include "lib/spf/domain.h"
#include "lib/spf/eval.h"

static int check_host(struct mxw_spf_eval *eval, struct mxw_spf_frame *frame, enum mxw_spf_result *ret);

/* ---- names ---- */

const char *mxw_spf_result_name(enum mxw_spf_result result)
{
	static const char *const names[] = {
		[MXW_SPF_NONE] = "none",           [MXW_SPF_NEUTRAL] = "neutral",   [MXW_SPF_PASS] = "pass",
		[MXW_SPF_FAIL] = "fail",           [MXW_SPF_SOFTFAIL] = "softfail", [MXW_SPF_TEMPERROR] = "temperror",
		[MXW_SPF_PERMERROR] = "permerror",
	};
	return names[result];
}

const char *mxw_spf_problem_text(enum mxw_spf_problem problem)
{
	static const char *const texts[MXW_SPF_N_PROBLEMS] = {
		[MXW_SPF_NO_PROBLEM] = "",
		[MXW_SPF_BAD_DOMAIN] = "the domain to check is no domain name of two labels or more",
		[MXW_SPF_NO_RECORD] = "the domain has no SPF record",
		[MXW_SPF_MULTIPLE] = "more than one SPF record",
		[MXW_SPF_SYNTAX] = "syntax error",
		[MXW_SPF_TOO_MANY_LOOKUPS] = "more than 10 terms that need DNS lookups",
		[MXW_SPF_TOO_MANY_VOIDS] = "too many lookups without an answer",
		[MXW_SPF_TOO_MANY_MX] = "more than 10 MX records",
		[MXW_SPF_TARGET_NONE] = "no SPF record where the term leads",
		[MXW_SPF_LOOKUP_FAILED] = "a DNS lookup failed",
		[MXW_SPF_OUT_OF_TIME] = "the time for the whole evaluation is over",
	};
	return texts[problem];
}

/* ---- bookkeeping ---- */

void mxw_spf_evaluation_done(struct mxw_spf_evaluation *evaluation)
{
	mxw_strbuf_done(&evaluation->domain);
	mxw_strbuf_done(&evaluation->term);
	mxw_strbuf_done(&evaluation->explanation);
	mxw_strbuf_done(&evaluation->failed_name);
	*evaluation = (struct mxw_spf_evaluation){ 0 };
}

/* As new, but the buffers keep their memory. */
static void reset(struct mxw_spf_evaluation *evaluation)
{
	struct mxw_spf_evaluation fresh = { .domain = evaluation->domain,
					    .term = evaluation->term,
					    .explanation = evaluation->explanation,
					    .failed_name = evaluation->failed_name };
	mxw_strbuf_clear(&fresh.domain);
	mxw_strbuf_clear(&fresh.term);
	mxw_strbuf_clear(&fresh.explanation);
	mxw_strbuf_clear(&fresh.failed_name);
	*evaluation = fresh;
}

static bool has_failed(const struct mxw_spf_eval *eval)
{
	const struct mxw_spf_evaluation *ret = eval->ret;
	return mxw_strbuf_failed(&ret->domain) || mxw_strbuf_failed(&ret->term) ||
	       mxw_strbuf_failed(&ret->explanation) || mxw_strbuf_failed(&ret->failed_name) || eval->missing->failed ||
	       (eval->trace && eval->trace->arena.failed);
}

static void set_place(struct mxw_spf_evaluation *ret, const char *domain, const struct mxw_spf_term *term)
{
	mxw_strbuf_clear(&ret->domain);
	mxw_strbuf_clear(&ret->term);
	mxw_strbuf_adds(&ret->domain, domain);
	if (term)
		mxw_strbuf_add(&ret->term, term->text, term->n_text);
}

void mxw_spf_eval_blame(struct mxw_spf_eval *eval, enum mxw_spf_problem problem, const char *domain,
			const struct mxw_spf_term *term)
{
	if (eval->ret->problem != MXW_SPF_NO_PROBLEM)
		return;
	eval->ret->problem = problem;
	set_place(eval->ret, domain, term);
}

int mxw_spf_eval_judge_lookup(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame,
			      const struct mxw_spf_term *term, const char *name, uint16_t type,
			      const struct mxw_answer *answer)
{
	switch (answer->outcome) {
	case MXW_OUTCOME_ANSWER:
	case MXW_OUTCOME_NODATA:
	case MXW_OUTCOME_NXDOMAIN:
		return MXW_SPF_FLOW_NEXT;
	default: /* a circle of aliases too: to other resolvers it is a server failure */
		break;
	}
	char canonical[MXW_NAME_TEXT_MAX];
	if (eval->ret->problem == MXW_SPF_NO_PROBLEM && mxw_spf_domain_name(name, strlen(name), canonical) == 0) {
		mxw_strbuf_adds(&eval->ret->failed_name, canonical);
		eval->ret->failed_type = type;
		eval->ret->failed_outcome = answer->outcome;
	}
	mxw_spf_eval_blame(eval, MXW_SPF_LOOKUP_FAILED, frame->domain, term);
	return MXW_SPF_FLOW_TEMPERROR;
}

int mxw_spf_eval_count_lookup(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame,
			      const struct mxw_spf_term *term)
{
	if (++eval->ret->n_lookups <= MXW_SPF_MAX_LOOKUPS)
		return MXW_SPF_FLOW_NEXT;
	mxw_spf_eval_blame(eval, MXW_SPF_TOO_MANY_LOOKUPS, frame->domain, term);
	return MXW_SPF_FLOW_PERMERROR;
}

int mxw_spf_eval_count_void(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame,
			    const struct mxw_spf_term *term, const struct mxw_answer *answer)
{
	if (answer->outcome != MXW_OUTCOME_NODATA && answer->outcome != MXW_OUTCOME_NXDOMAIN)
		return MXW_SPF_FLOW_NEXT;
	if (++eval->ret->n_voids <= eval->query->max_voids)
		return MXW_SPF_FLOW_NEXT;
	mxw_spf_eval_blame(eval, MXW_SPF_TOO_MANY_VOIDS, frame->domain, term);
	return MXW_SPF_FLOW_PERMERROR;
}

static void trace_term(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const struct mxw_spf_term *term,
		       int flow)
{
	if (!eval->trace || flow == MXW_SPF_FLOW_WAIT || flow < 0)
		return;
	struct mxw_spf_step step = {
		.kind = MXW_SPF_STEP_TERM,
		.depth = frame->depth,
		.domain = frame->domain,
		.text = term->text,
		.verdict = flow == MXW_SPF_FLOW_NEXT    ? MXW_SPF_NO_MATCH
			   : flow == MXW_SPF_FLOW_MATCH ? MXW_SPF_MATCH
							: MXW_SPF_ENDS_HERE,
		.n_lookups = eval->ret->n_lookups,
		.n_voids = eval->ret->n_voids,
	};
	mxw_spf_trace_add(eval->trace, &step, term->n_text);
}

/* ---- questions ---- */

int mxw_spf_eval_lookup_canonical(struct mxw_spf_eval *eval, unsigned depth, const char *name, uint16_t type,
				  const struct mxw_answer **ret)
{
	*ret = mxw_observation_want(eval->observation, eval->missing, name, type);
	if (!*ret)
		return MXW_SPF_FLOW_WAIT;
	struct mxw_spf_step step = {
		.kind = MXW_SPF_STEP_LOOKUP,
		.depth = depth,
		.domain = name,
		.type = type,
		.answer = *ret,
		.n_lookups = eval->ret->n_lookups,
		.n_voids = eval->ret->n_voids,
	};
	mxw_spf_trace_add(eval->trace, &step, 0);
	return MXW_SPF_FLOW_NEXT;
}

int mxw_spf_eval_lookup(struct mxw_spf_eval *eval, unsigned depth, const char *name, uint16_t type,
			const struct mxw_answer **ret)
{
	char canonical[MXW_NAME_TEXT_MAX];
	if (mxw_spf_domain_name(name, strlen(name), canonical) < 0)
		return MXW_SPF_FLOW_NO_NAME;
	return mxw_spf_eval_lookup_canonical(eval, depth, canonical, type, ret);
}

/* ---- include and redirect (5.2, 6.1) ---- */

/* A record below this one. NO_NAME cannot come back: such a domain has no record (4.3). */
static int descend(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const struct mxw_spf_term *term,
		   bool decides, enum mxw_spf_result *ret)
{
	struct mxw_spf_frame inner = { .depth = frame->depth + 1, .decides = decides };
	int r = mxw_spf_eval_count_lookup(eval, frame, term);
	if (r == 0)
		r = mxw_spf_eval_target(eval, frame, term, inner.domain);
	if (r != 0)
		return r;
	r = check_host(eval, &inner, ret);
	if (r != 0)
		return r;
	if (*ret == MXW_SPF_NONE) {
		eval->ret->problem =
			MXW_SPF_NO_PROBLEM; /* not the other domain's, who may go without: whoever points there */
		mxw_spf_eval_blame(eval, MXW_SPF_TARGET_NONE, frame->domain, term);
		*ret = MXW_SPF_PERMERROR;
	}
	return 0;
}

/* The table of 5.2. */
static int include(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, const struct mxw_spf_term *term)
{
	enum mxw_spf_result result;
	int r = descend(eval, frame, term, false, &result);
	if (r == MXW_SPF_FLOW_UNUSABLE)
		return MXW_SPF_FLOW_NEXT;
	if (r != 0)
		return r;
	switch (result) {
	case MXW_SPF_PASS:
		return MXW_SPF_FLOW_MATCH;
	case MXW_SPF_TEMPERROR:
		return MXW_SPF_FLOW_TEMPERROR;
	case MXW_SPF_PERMERROR:
		return MXW_SPF_FLOW_PERMERROR;
	default:
		return MXW_SPF_FLOW_NEXT;
	}
}

/* The result of the domain that the record redirects to is the result (6.1). */
static int redirect(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, enum mxw_spf_result *ret)
{
	const struct mxw_spf_term *term = &frame->record.redirect;
	int r = descend(eval, frame, term, frame->decides, ret);
	if (r == MXW_SPF_FLOW_PERMERROR || r == MXW_SPF_FLOW_TEMPERROR) {
		*ret = r == MXW_SPF_FLOW_PERMERROR ? MXW_SPF_PERMERROR : MXW_SPF_TEMPERROR;
		r = 0;
	} else if (r == MXW_SPF_FLOW_UNUSABLE) {
		*ret = MXW_SPF_NEUTRAL;
		r = 0;
	}
	if (r == 0)
		trace_term(eval, frame, term, MXW_SPF_FLOW_MATCH);
	return r;
}

/* ---- a record ---- */

static enum mxw_spf_result result_of(char qualifier)
{
	switch (qualifier) {
	case '-':
		return MXW_SPF_FAIL;
	case '~':
		return MXW_SPF_SOFTFAIL;
	case '?':
		return MXW_SPF_NEUTRAL;
	default:
		return MXW_SPF_PASS;
	}
}

/* Terms from left to right (4.6.2): NEXT if none matched, else MATCH with *ret. */
static int walk(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, enum mxw_spf_result *ret)
{
	struct mxw_spf_term term;
	for (size_t at = 0; mxw_spf_record_next(&frame->record, &at, &term);) {
		if (mxw_spf_kind_is_modifier(term.kind))
			continue;
		int r = term.kind == MXW_SPF_INCLUDE ? include(eval, frame, &term)
						     : mxw_spf_eval_mechanism(eval, frame, &term);
		trace_term(eval, frame, &term, r);
		if (r == MXW_SPF_FLOW_NEXT)
			continue;
		if (r == MXW_SPF_FLOW_MATCH) {
			*ret = result_of(term.qualifier);
			if (frame->decides)
				set_place(eval->ret, frame->domain, &term);
		}
		return r;
	}
	return MXW_SPF_FLOW_NEXT;
}

static int evaluate_record(struct mxw_spf_eval *eval, const struct mxw_spf_frame *frame, enum mxw_spf_result *ret)
{
	int r = walk(eval, frame, ret);
	switch (r) {
	case MXW_SPF_FLOW_MATCH:
		r = 0;
		break;
	case MXW_SPF_FLOW_TEMPERROR:
		*ret = MXW_SPF_TEMPERROR;
		return 0;
	case MXW_SPF_FLOW_PERMERROR:
		*ret = MXW_SPF_PERMERROR;
		return 0;
	case MXW_SPF_FLOW_NEXT:
		if (frame->record.has_redirect && !frame->record.has_all)
			return redirect(eval, frame, ret);
		*ret = MXW_SPF_NEUTRAL; /* 4.7 */
		if (frame->decides)
			set_place(eval->ret, frame->domain, NULL);
		return 0;
	default:
		return r;
	}
	if (*ret == MXW_SPF_FAIL && frame->decides && eval->query->wants_explanation)
		r = mxw_spf_eval_explain(eval, frame);
	return r;
}

static int open_record(struct mxw_spf_eval *eval, struct mxw_spf_frame *frame, const struct mxw_rr *rr,
		       enum mxw_spf_result *ret)
{
	struct mxw_spf_error error;
	int r = mxw_spf_record_open(&frame->record, rr, &error);
	if (r < 0)
		return r;
	struct mxw_spf_step step = {
		.kind = MXW_SPF_STEP_RECORD,
		.depth = frame->depth,
		.domain = frame->domain,
		.text = frame->record.text,
		.n_lookups = eval->ret->n_lookups,
		.n_voids = eval->ret->n_voids,
	};
	mxw_spf_trace_add(eval->trace, &step, frame->record.n_text);
	if (r == 0)
		return evaluate_record(eval, frame, ret);
	const struct mxw_spf_term culprit = { .text = frame->record.text + error.term, .n_text = error.n_term };
	mxw_spf_eval_blame(eval, MXW_SPF_SYNTAX, frame->domain, &culprit);
	eval->ret->error = error;
	*ret = MXW_SPF_PERMERROR;
	return 0;
}

/* RFC 7208 4.3 to 4.6 for frame->domain: 0 with *ret, WAIT, -ENOMEM. */
static int check_host(struct mxw_spf_eval *eval, struct mxw_spf_frame *frame, enum mxw_spf_result *ret)
{
	const struct mxw_answer *txt = NULL;
	const struct mxw_rr *rr;
	*ret = MXW_SPF_NONE;
	if (!mxw_spf_domain_is_usable(frame->domain, strlen(frame->domain))) {
		mxw_spf_eval_blame(eval, MXW_SPF_BAD_DOMAIN, frame->domain, NULL);
		return 0;
	}
	int r = mxw_spf_eval_lookup(eval, frame->depth, frame->domain, MXW_TYPE_TXT, &txt);
	if (r != 0)
		return r;
	if (mxw_spf_eval_judge_lookup(eval, frame, NULL, frame->domain, MXW_TYPE_TXT, txt) != MXW_SPF_FLOW_NEXT) {
		*ret = MXW_SPF_TEMPERROR;
		return 0;
	}
	size_t n = mxw_spf_record_select(txt, &rr);
	if (n != 1) {
		mxw_spf_eval_blame(eval, n ? MXW_SPF_MULTIPLE : MXW_SPF_NO_RECORD, frame->domain, NULL);
		*ret = n ? MXW_SPF_PERMERROR : MXW_SPF_NONE;
		return 0;
	}
	r = open_record(eval, frame, rr, ret);
	mxw_spf_record_done(&frame->record);
	return r;
}

int mxw_spf_evaluate(const struct mxw_spf_query *query, const struct mxw_observation *observation,
		     struct mxw_missing *missing, struct mxw_spf_trace *trace, struct mxw_spf_evaluation *ret)
{
	struct mxw_spf_eval eval = {
		.query = query, .observation = observation, .missing = missing, .trace = trace, .ret = ret
	};
	struct mxw_spf_frame frame = { .decides = true };
	reset(ret);
	if (trace)
		mxw_spf_trace_clear(trace);
	size_t n = strlen(query->identity->domain);
	if (n >= sizeof(frame.domain)) { /* no name; and too long for the frame */
		mxw_spf_eval_blame(&eval, MXW_SPF_BAD_DOMAIN, query->identity->domain, NULL);
		return has_failed(&eval) ? -ENOMEM : 0;
	}
	memcpy(frame.domain, query->identity->domain, n + 1);
	int r = check_host(&eval, &frame, &ret->result);
	return r < 0 || has_failed(&eval) ? -ENOMEM : 0;
}
