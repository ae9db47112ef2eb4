/* JSON of an SPF evaluation; see spf_result.h. */
#include <errno.h>
#include <string.h>

#include "lib/report/json.h"
#include "lib/report/spf_result.h"

enum { MAX_ANSWERS = 64 }; /* records of one answer: a zone of strangers chooses how many there are */

/* Words of the format; they stay. */
static const char *const problem_words[MXW_SPF_N_PROBLEMS] = {
	[MXW_SPF_BAD_DOMAIN] = "bad-domain",
	[MXW_SPF_NO_RECORD] = "no-record",
	[MXW_SPF_MULTIPLE] = "multiple-records",
	[MXW_SPF_SYNTAX] = "syntax",
	[MXW_SPF_TOO_MANY_LOOKUPS] = "too-many-lookups",
	[MXW_SPF_TOO_MANY_VOIDS] = "too-many-void-lookups",
	[MXW_SPF_TOO_MANY_MX] = "too-many-mx",
	[MXW_SPF_TARGET_NONE] = "target-without-record",
	[MXW_SPF_LOOKUP_FAILED] = "lookup-failed",
	[MXW_SPF_OUT_OF_TIME] = "out-of-time",
};

static const char *const verdict_words[] = {
	[MXW_SPF_NO_MATCH] = "no-match",
	[MXW_SPF_MATCH] = "match",
	[MXW_SPF_ENDS_HERE] = "ends",
};

static json_t *buffer_text(const struct mxw_strbuf *text)
{
	return mxw_report_json_octets(mxw_strbuf_get(text), text->len);
}

/* ---- the trace ---- */

static json_t *answers_array(const struct mxw_answer *answer)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	json_t *array = json_array();
	for (size_t i = 0; array && i < MXW_MIN(answer->n_rrs, (size_t)MAX_ANSWERS); i++) {
		mxw_strbuf_clear(&text);
		mxw_rr_format(&answer->rrs[i], &text);
		if (mxw_strbuf_failed(&text) || json_array_append_new(array, buffer_text(&text)) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static bool put_lookup(json_t *object, const struct mxw_spf_step *step)
{
	char type[10];
	bool ok = mxw_report_json_put(object, "step", json_string("lookup"));
	ok &= mxw_report_json_put(object, "name", mxw_report_json_name(step->domain));
	ok &= mxw_report_json_put(object, "type", json_string(mxw_rrtype_name(step->type, type)));
	ok &= mxw_report_json_put(object, "outcome", json_string(mxw_outcome_name(step->answer->outcome)));
	return ok & mxw_report_json_put(object, "answers", answers_array(step->answer));
}

static bool put_record(json_t *object, const struct mxw_spf_step *step)
{
	bool ok = mxw_report_json_put(object, "step", json_string("record"));
	ok &= mxw_report_json_put(object, "domain", mxw_report_json_text(step->domain));
	return ok & mxw_report_json_put(object, "text", mxw_report_json_text(step->text));
}

static bool put_term(json_t *object, const struct mxw_spf_step *step)
{
	bool ok = mxw_report_json_put(object, "step", json_string("term"));
	ok &= mxw_report_json_put(object, "domain", mxw_report_json_text(step->domain));
	ok &= mxw_report_json_put(object, "term", mxw_report_json_text(step->text));
	ok &= mxw_report_json_put(object, "verdict", json_string(verdict_words[step->verdict]));
	ok &= mxw_report_json_put(object, "lookups", json_integer(step->n_lookups));
	return ok & mxw_report_json_put(object, "void_lookups", json_integer(step->n_voids));
}

static json_t *step_object(const struct mxw_spf_step *step)
{
	json_t *object = json_object();
	bool ok = step->kind == MXW_SPF_STEP_LOOKUP   ? put_lookup(object, step)
		  : step->kind == MXW_SPF_STEP_RECORD ? put_record(object, step)
						      : put_term(object, step);
	ok &= mxw_report_json_put(object, "depth", json_integer(step->depth));
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *trace_array(const struct mxw_spf_trace *trace)
{
	json_t *array = json_array();
	for (size_t i = 0; array && i < trace->n_steps; i++) {
		if (json_array_append_new(array, step_object(&trace->steps[i])) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

/* ---- the whole ---- */

static json_t *sender_text(const struct mxw_spf_identity *identity)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_strbuf_addf(&text, "%s@%s", identity->local_part, identity->domain);
	return mxw_strbuf_failed(&text) ? NULL : buffer_text(&text);
}

static bool put_identity(json_t *object, const struct mxw_spf_identity *identity)
{
	char ip[MXW_IP_TEXT_MAX];
	mxw_ip_format(&identity->ip, ip);
	bool ok = mxw_report_json_put(object, "identity", json_string(identity->is_helo ? "helo" : "mailfrom"));
	ok &= mxw_report_json_put(object, "domain", mxw_report_json_text(identity->domain));
	ok &= mxw_report_json_put(object, "ip", json_string(ip));
	ok &= mxw_report_json_put(object, "helo", mxw_report_json_text(identity->helo));
	return ok & mxw_report_json_put(object, "sender", sender_text(identity));
}

static bool put_reason(json_t *object, const struct mxw_spf_evaluation *evaluation)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf reason = MXW_STRBUF_INIT;
	bool ok = true;
	if (evaluation->problem != MXW_SPF_NO_PROBLEM)
		ok &= mxw_report_json_put(object, "problem", json_string(problem_words[evaluation->problem]));
	mxw_report_spf_reason(evaluation, &reason);
	ok &= !mxw_strbuf_failed(&reason);
	ok &= mxw_report_json_put(object, "reason", buffer_text(&reason));
	if (evaluation->domain.len)
		ok &= mxw_report_json_put(object, "record_domain", buffer_text(&evaluation->domain));
	if (evaluation->term.len)
		ok &= mxw_report_json_put(object, "term", buffer_text(&evaluation->term));
	return ok;
}

int mxw_report_spf_json(const struct mxw_spf_query *query, const struct mxw_spf_evaluation *evaluation,
			const struct mxw_spf_trace *trace, const char *resolver, struct mxw_strbuf *ret)
{
	json_t *object = json_object();
	bool ok = mxw_report_json_put(object, "version", json_integer(1));
	ok &= mxw_report_json_put(object, "result", json_string(mxw_spf_result_name(evaluation->result)));
	if (evaluation->explanation.len)
		ok &= mxw_report_json_put(object, "explanation", buffer_text(&evaluation->explanation));
	ok &= put_identity(object, query->identity);
	ok &= mxw_report_json_put(object, "resolver", mxw_report_json_text(resolver));
	ok &= put_reason(object, evaluation);
	ok &= mxw_report_json_put(object, "lookups", json_integer(evaluation->n_lookups));
	ok &= mxw_report_json_put(object, "void_lookups", json_integer(evaluation->n_voids));
	ok &= mxw_report_json_put(object, "trace", trace_array(trace));
	if (trace->is_cut)
		ok &= mxw_report_json_put(object, "trace_cut", json_true());
	int r = ok ? mxw_report_json_dump(object, ret) : -ENOMEM;
	mxw_strbuf_addc(ret, '\n');
	json_decref(object);
	return r == 0 && mxw_strbuf_failed(ret) ? -ENOMEM : r;
}
