/* What the TXT records of the domain say beside their SPF record, or without one; see spf_view.h. */
#include <string.h>
#include <strings.h>

#include "lib/base/util.h"
#include "lib/check/lookup.h"
#include "lib/check/place.h"
#include "lib/check/spf_correct.h"
#include "lib/check/spf_fix.h"

enum {
	MAX_QUOTED_TEXT = 120, /* octets of a stranger's text that a message shows */
	MAX_ANSWER = 450,      /* octets of an answer; above, what receivers add may not fit into 512 (RFC 7208 3.4) */
	N_HEADER = 12,
	N_RR = 12, /* of a record: compressed owner, type, class, TTL, length */
};

/* Quoted as in a zone file; `n` octets at most. */
static void set_quoted(const struct mxw_spf_view *view, struct mxw_finding *finding, const char *key, const char *text,
		       size_t n)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf quoted = MXW_STRBUF_INIT;
	mxw_spf_quote(text, n, &quoted);
	mxw_finding_set(view->judge.findings, finding, key, mxw_strbuf_get(&quoted));
	view->judge.findings->arena.failed |= mxw_strbuf_failed(&quoted);
}

static void set_rr(const struct mxw_spf_view *view, struct mxw_finding *finding, const struct mxw_rr *rr)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_rr_text(rr, &text);
	set_quoted(view, finding, "rr", mxw_strbuf_get(&text), MXW_MIN(text.len, (size_t)MAX_QUOTED_TEXT));
	view->judge.findings->arena.failed |= mxw_strbuf_failed(&text);
}

/* ---- no record ---- */

static void tell_none(const struct mxw_spf_view *view)
{
	const struct mxw_spf_node *root = view->tree.root;
	struct mxw_finding *finding = mxw_spf_judge_yes(view, MXW_SPF_ROW_NONE, root->domain, root);
	struct mxw_findings *findings = view->judge.findings;
	const char *senders = mxw_spf_fix_senders(view);
	bool is_silent = view->send == MXW_NO;
	const char *silent = mxw_spf_fix_line(view, root, MXW_SPF_SILENT_RECORD);
	const char *usual = mxw_arena_textf(&findings->arena, "\"v=spf1 mx%s%s -all\"", *senders ? " " : "", senders);
	if (is_silent)
		mxw_finding_set(findings, finding, "line", silent);
	else
		mxw_finding_setf(findings, finding, "line", "%s ; begin with ~all while you look for all senders",
				 mxw_spf_fix_line(view, root, usual));
	mxw_finding_setf(findings, finding, "otherwise", "%s%s", is_silent ? "" : silent,
			 is_silent ? "" : " ; if the domain sends no mail");
	mxw_finding_setf(findings, finding, "seen", root->txt->n_rrs == 1 ? "%zu TXT record" : "%zu TXT records",
			 root->txt->n_rrs);
}

/* True if the record was meant to be SPF. */
static bool judge_typo(const struct mxw_spf_view *view, const struct mxw_rr *rr)
{
	const struct mxw_spf_node *root = view->tree.root;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf corrected = MXW_STRBUF_INIT;
	mxw_rr_text(rr, &text);
	bool is_typo = mxw_spf_correct_version(mxw_strbuf_get(&text), text.len, &corrected);
	if (is_typo) {
		struct mxw_finding *finding = mxw_spf_judge_yes(view, MXW_SPF_ROW_VERSION_TYPO, root->domain, root);
		if (view->send == MXW_NO)
			mxw_finding_set(view->judge.findings, finding, "corrected", MXW_SPF_SILENT_RECORD);
		else
			set_quoted(view, finding, "corrected", mxw_strbuf_get(&corrected), corrected.len);
		set_rr(view, finding, rr);
	}
	view->judge.findings->arena.failed |= mxw_strbuf_failed(&text) || mxw_strbuf_failed(&corrected);
	return is_typo;
}

void mxw_spf_judge_none(const struct mxw_spf_view *view)
{
	const struct mxw_answer *txt = view->tree.root->txt;
	tell_none(view);
	for (size_t i = 0; i < txt->n_rrs; i++)
		if (judge_typo(view, &txt->rrs[i]))
			return;
}

/* ---- the answer as a whole ---- */

/* Octets of the answer without EDNS: header, question, and each record with its owner compressed. */
static size_t answer_size(const char *domain, const struct mxw_answer *txt)
{
	uint8_t wire[MXW_NAME_WIRE_MAX];
	size_t size = N_HEADER + (size_t)MXW_MAX(mxw_name_to_wire(domain, wire), 0) + 4;
	for (size_t i = 0; i < txt->n_chain; i++)
		size += N_RR + (size_t)MXW_MAX(mxw_name_to_wire(txt->chain[i], wire), 0);
	for (size_t i = 0; i < txt->n_rrs; i++)
		size += N_RR + txt->rrs[i].n_rdata;
	return size;
}

static const struct mxw_rr *largest_other(const struct mxw_answer *txt)
{
	const struct mxw_rr *largest = NULL;
	for (size_t i = 0; i < txt->n_rrs; i++)
		if (!mxw_spf_record_is(&txt->rrs[i]) && (!largest || txt->rrs[i].n_rdata > largest->n_rdata))
			largest = &txt->rrs[i];
	return largest ? largest : &txt->rrs[0];
}

static void judge_size(const struct mxw_spf_view *view)
{
	const struct mxw_spf_node *root = view->tree.root;
	size_t size = mxw_lookup_is(root->txt, MXW_OUTCOME_ANSWER) ? answer_size(root->domain, root->txt) : 0;
	if (size <= MAX_ANSWER)
		return;
	struct mxw_finding *finding = mxw_spf_judge_yes(view, MXW_SPF_ROW_RESPONSE_SIZE, root->domain, root);
	mxw_finding_setf(view->judge.findings, finding, "n", "%zu", size);
	set_rr(view, finding, largest_other(root->txt));
}

static bool starts_with(const struct mxw_rr *rr, const char *start, bool *ret_failed)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	size_t n = strlen(start);
	mxw_rr_text(rr, &text);
	*ret_failed |= mxw_strbuf_failed(&text);
	return text.len >= n && strncasecmp(mxw_strbuf_get(&text), start, n) == 0;
}

static void judge_senderid(const struct mxw_spf_view *view)
{
	const struct mxw_spf_node *root = view->tree.root;
	bool *failed = &view->judge.findings->arena.failed;
	for (size_t i = 0; i < root->txt->n_rrs; i++) {
		const struct mxw_rr *rr = &root->txt->rrs[i];
		if (starts_with(rr, "spf2.0/", failed) || starts_with(rr, "v=spf2.0/", failed)) {
			set_rr(view, mxw_spf_judge_yes(view, MXW_SPF_ROW_SENDERID, root->domain, root), rr);
			return;
		}
	}
}

void mxw_spf_judge_answer(const struct mxw_spf_view *view)
{
	judge_size(view);
	judge_senderid(view);
}

/* ---- the obsolete type ---- */

void mxw_spf_judge_type99(const struct mxw_spf_view *view)
{
	const char *domain = view->target->domain;
	const struct mxw_answer *answer = mxw_observation_get(view->observation, domain, MXW_TYPE_SPF);
	if (!view->target->has_probes)
		return;
	if (!mxw_lookup_is_settled(answer)) {
		mxw_spf_judge_unknown(view, MXW_SPF_ROW_TYPE99, domain);
	} else if (answer->outcome == MXW_OUTCOME_ANSWER) {
		struct mxw_finding *finding = mxw_judge_yes(&view->judge, MXW_SPF_ROW_TYPE99, domain);
		mxw_finding_setf(view->judge.findings, finding, "seen",
				 answer->n_rrs == 1 ? "%zu record" : "%zu records", answer->n_rrs);
		mxw_place_set(view->judge.findings, finding, domain, answer);
		set_rr(view, finding, &answer->rrs[0]);
		mxw_finding_cite(view->judge.findings, finding, domain, MXW_TYPE_SPF);
	}
}
