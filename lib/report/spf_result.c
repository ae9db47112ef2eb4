/* Text of an SPF evaluation; see spf_result.h. */
#include "lib/report/spf_result.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "lib/base/escape.h"
#include "lib/report/print.h"

enum {
	MAX_RECORD = 1024,     /* octets of a record that are shown; a record of more is a curiosity */
	MAX_TERM = 255,        /* of a term */
	MAX_ADDRESSES = 4,     /* records of an answer that are named; of more, their number */
	MAX_INDENT_DEPTH = 11, /* deeper records cannot be */
};

/* ---- why ---- */

/* A NUL would end the sentence for its readers. */
static void add_raw(struct mxw_strbuf *ret, const struct mxw_strbuf *raw)
{
	for (size_t i = 0; i < raw->len; i++)
		mxw_strbuf_addc(ret, raw->data[i] ? raw->data[i] : '?');
}

/* "TERM" in the record of DOMAIN */
static void add_place(struct mxw_strbuf *ret, const struct mxw_spf_evaluation *evaluation)
{
	if (evaluation->term.len) {
		mxw_strbuf_addc(ret, '"');
		add_raw(ret, &evaluation->term);
		mxw_strbuf_adds(ret, "\" in ");
	}
	mxw_strbuf_adds(ret, "the record of ");
	add_raw(ret, &evaluation->domain);
}

static void add_failed_lookup(struct mxw_strbuf *ret, const struct mxw_spf_evaluation *evaluation)
{
	char type[10];
	if (!evaluation->failed_name.len)
		return;
	mxw_strbuf_adds(ret, ": ");
	add_raw(ret, &evaluation->failed_name);
	mxw_strbuf_addf(ret, " %s: %s", mxw_rrtype_name(evaluation->failed_type, type),
			mxw_outcome_name(evaluation->failed_outcome));
}

void mxw_report_spf_reason(const struct mxw_spf_evaluation *evaluation, struct mxw_strbuf *ret)
{
	enum mxw_spf_problem problem = evaluation->problem;
	if (problem == MXW_SPF_NO_PROBLEM) {
		mxw_strbuf_adds(ret, evaluation->term.len ? "" : "no term matches in ");
		add_place(ret, evaluation);
		mxw_strbuf_adds(ret, evaluation->term.len ? " matches" : "");
		return;
	}
	mxw_strbuf_adds(ret, mxw_spf_problem_text(problem));
	if (problem == MXW_SPF_LOOKUP_FAILED)
		add_failed_lookup(ret, evaluation);
	if (evaluation->term.len) {
		mxw_strbuf_adds(ret, problem == MXW_SPF_LOOKUP_FAILED ? ", asked for by " : ": ");
		add_place(ret, evaluation);
	} else if (evaluation->domain.len && problem != MXW_SPF_LOOKUP_FAILED) {
		mxw_strbuf_adds(ret, ": ");
		add_raw(ret, &evaluation->domain);
	}
	if (problem == MXW_SPF_SYNTAX && evaluation->error.reason)
		mxw_strbuf_addf(ret, ": %s", evaluation->error.reason);
}

/* ---- steps ---- */

static void add_line_text(struct mxw_strbuf *ret, const char *text, size_t cap)
{
	mxw_escape_line(ret, text, strlen(text), cap);
}

static bool is_redirect(const struct mxw_spf_step *step)
{
	return strncasecmp(step->text, "redirect=", 9) == 0;
}

static const char *verdict_word(const struct mxw_spf_step *step)
{
	switch (step->verdict) {
	case MXW_SPF_MATCH:
		return is_redirect(step) ? "taken" : "match";
	case MXW_SPF_ENDS_HERE:
		return "ends the evaluation";
	default:
		return "no match";
	}
}

static enum mxw_ink verdict_ink(const struct mxw_spf_step *step)
{
	return step->verdict == MXW_SPF_MATCH       ? MXW_INK_BOLD
	       : step->verdict == MXW_SPF_ENDS_HERE ? MXW_INK_RED
						    : MXW_INK_NONE;
}

/* What came of a question: the addresses or hosts if they are few, the number of other records, or the outcome. */
static void add_answer(struct mxw_strbuf *ret, const struct mxw_answer *answer)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf rr = MXW_STRBUF_INIT;
	if (answer->outcome != MXW_OUTCOME_ANSWER) {
		mxw_strbuf_adds(ret, mxw_outcome_name(answer->outcome));
		return;
	}
	if (answer->n_rrs > MAX_ADDRESSES || (answer->n_rrs && answer->rrs[0].type == MXW_TYPE_TXT)) {
		mxw_strbuf_addf(ret, "%zu record%s", answer->n_rrs, answer->n_rrs == 1 ? "" : "s");
		return;
	}
	for (size_t i = 0; i < answer->n_rrs; i++) {
		mxw_strbuf_clear(&rr);
		mxw_rr_format(&answer->rrs[i], &rr);
		mxw_strbuf_adds(ret, i ? ", " : "");
		mxw_escape_line(ret, mxw_strbuf_get(&rr), rr.len, MAX_TERM);
		ret->failed |= mxw_strbuf_failed(&rr);
	}
}

static void print_step(const struct mxw_print *print, const struct mxw_spf_step *step)
{
	struct mxw_strbuf *out = print->out;
	char type[10];
	mxw_print_spaces(print, 2 + 2 * MXW_MIN(step->depth, (unsigned)MAX_INDENT_DEPTH));
	switch (step->kind) {
	case MXW_SPF_STEP_RECORD:
		mxw_print_ink(print, MXW_INK_DIM, "record ");
		add_line_text(out, step->domain, MAX_TERM);
		mxw_strbuf_adds(out, ": ");
		add_line_text(out, step->text, MAX_RECORD);
		break;
	case MXW_SPF_STEP_LOOKUP:
		mxw_print_ink(print, MXW_INK_DIM, "lookup ");
		add_line_text(out, step->domain, 0);
		mxw_strbuf_addf(out, " %s: ", mxw_rrtype_name(step->type, type));
		add_answer(out, step->answer);
		break;
	case MXW_SPF_STEP_TERM:
		mxw_print_ink(print, MXW_INK_DIM, "term ");
		add_line_text(out, step->text, MAX_TERM);
		mxw_strbuf_adds(out, ": ");
		mxw_print_ink(print, verdict_ink(step), verdict_word(step));
		mxw_strbuf_addf(out, " (lookups %u, void %u)", step->n_lookups, step->n_voids);
		break;
	}
	mxw_strbuf_addc(out, '\n');
}

/* ---- the whole ---- */

static enum mxw_ink result_ink(enum mxw_spf_result result)
{
	switch (result) {
	case MXW_SPF_PASS:
		return MXW_INK_GREEN;
	case MXW_SPF_FAIL:
	case MXW_SPF_PERMERROR:
		return MXW_INK_RED;
	case MXW_SPF_TEMPERROR:
		return MXW_INK_MAGENTA;
	default:
		return MXW_INK_YELLOW;
	}
}

static void print_identity(const struct mxw_print *print, const struct mxw_spf_identity *identity)
{
	struct mxw_strbuf *out = print->out;
	char ip[MXW_IP_TEXT_MAX];
	mxw_ip_format(&identity->ip, ip);
	mxw_strbuf_addf(out, "identity: %s, domain ", identity->is_helo ? "helo" : "mailfrom");
	add_line_text(out, identity->domain, 0);
	mxw_strbuf_adds(out, ", sender ");
	add_line_text(out, identity->local_part, 0);
	mxw_strbuf_addc(out, '@');
	add_line_text(out, identity->domain, 0);
	mxw_strbuf_addf(out, ", client %s", ip);
	if (*identity->helo) {
		mxw_strbuf_adds(out, ", HELO ");
		add_line_text(out, identity->helo, 0);
	}
	mxw_strbuf_addc(out, '\n');
}

int mxw_report_spf_text(const struct mxw_spf_query *query, const struct mxw_spf_evaluation *evaluation,
			const struct mxw_spf_trace *trace, const char *resolver, const struct mxw_report_style *style,
			struct mxw_strbuf *ret)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf reason = MXW_STRBUF_INIT;
	const struct mxw_print print = { .out = ret, .style = style };
	mxw_print_ink(&print, result_ink(evaluation->result), mxw_spf_result_name(evaluation->result));
	mxw_strbuf_addc(ret, '\n');
	if (evaluation->explanation.len) {
		mxw_strbuf_adds(ret, "explanation: ");
		mxw_escape_line(ret, mxw_strbuf_get(&evaluation->explanation), evaluation->explanation.len, 0);
		mxw_strbuf_addc(ret, '\n');
	}
	print_identity(&print, query->identity);
	mxw_report_spf_reason(evaluation, &reason);
	ret->failed |= mxw_strbuf_failed(&reason);
	mxw_strbuf_adds(ret, "because: ");
	mxw_escape_line(ret, mxw_strbuf_get(&reason), reason.len, 0);
	mxw_strbuf_addf(ret, "\ntrace: %u lookup%s, %u void, asked ", evaluation->n_lookups,
			evaluation->n_lookups == 1 ? "" : "s", evaluation->n_voids);
	add_line_text(ret, resolver, 0);
	mxw_strbuf_addc(ret, '\n');
	for (size_t i = 0; i < trace->n_steps; i++)
		print_step(&print, &trace->steps[i]);
	if (trace->is_cut)
		mxw_strbuf_adds(ret, "  further steps are not shown\n");
	return mxw_strbuf_failed(ret) ? -ENOMEM : 0;
}
