/* Whether the hosts that send pass; see spf_view.h. */
#include <string.h>
#include <strings.h>

#include "lib/base/util.h"
#include "lib/check/lookup.h"
#include "lib/check/place.h"
#include "lib/check/spf_fix.h"

/* ---- what a host gets ---- */

/* "it matches "-all" of example.com", "no term matches", "more than 10 terms ... (at "mx" of example.com)" */
static void set_reason(const struct mxw_spf_view *view, struct mxw_finding *finding,
		       const struct mxw_spf_evaluation *evaluation)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	const char *term = mxw_strbuf_get(&evaluation->term), *domain = mxw_strbuf_get(&evaluation->domain);
	if (evaluation->problem != MXW_SPF_NO_PROBLEM) {
		mxw_strbuf_adds(&text, mxw_spf_problem_text(evaluation->problem));
		if (*term)
			mxw_strbuf_addf(&text, " (at \"%s\" of %s)", term, domain);
		else
			mxw_strbuf_addf(&text, " (at %s)", domain);
	} else if (*term) {
		mxw_strbuf_addf(&text, "it matches \"%s\" of %s", term, domain);
	} else {
		mxw_strbuf_adds(&text, "no term matches");
	}
	mxw_spf_set_text(view, finding, "reason", mxw_strbuf_get(&text), text.len);
	view->judge.findings->arena.failed |= mxw_strbuf_failed(&text);
}

/* The term of the root before which an address must stand to count: the one that decided; the first where evaluation does
 * not get through; none where nothing matched or another record decided. */
static size_t deciding_slot(const struct mxw_spf_node *root, const struct mxw_spf_evaluation *evaluation)
{
	if (evaluation->problem != MXW_SPF_NO_PROBLEM)
		return 0;
	if (strcasecmp(mxw_strbuf_get(&evaluation->domain), root->domain) != 0)
		return root->n_branches;
	for (size_t i = 0; i < root->n_branches; i++) {
		const struct mxw_spf_term *term = &root->branches[i].term;
		if (term->n_text == evaluation->term.len &&
		    strncmp(term->text, mxw_strbuf_get(&evaluation->term), term->n_text) == 0)
			return i;
	}
	return root->n_branches;
}

/* {record}: with the address of the host. */
static void fix_host(const struct mxw_spf_view *view, struct mxw_finding *finding, const struct mxw_spf_sender *sender)
{
	const struct mxw_spf_node *root = view->tree.root;
	struct mxw_spf_draft draft;
	mxw_spf_draft_read(&draft, &view->judge.findings->arena, root);
	mxw_spf_draft_insert(&draft, deciding_slot(root, &sender->spf.evaluation), mxw_spf_fix_sender(view, sender));
	mxw_spf_fix_set(view, finding, root, &draft);
}

static struct mxw_finding *judge_host(const struct mxw_spf_view *view, enum mxw_spf_row row,
				      const struct mxw_spf_sender *sender)
{
	struct mxw_findings *findings = view->judge.findings;
	struct mxw_finding *finding = mxw_spf_judge_yes(view, row, sender->text, view->tree.root);
	mxw_finding_set(findings, finding, "ip", sender->text);
	mxw_finding_set(findings, finding, "result", mxw_spf_result_name(sender->spf.evaluation.result));
	set_reason(view, finding, &sender->spf.evaluation);
	fix_host(view, finding, sender);
	return finding;
}

/* ---- declared senders ---- */

static void judge_sender(const struct mxw_spf_view *view, const struct mxw_spf_sender *sender)
{
	if (!sender->spf.is_decided) {
		mxw_spf_judge_unknown(view, MXW_SPF_ROW_SENDER_FAIL, sender->text);
		return;
	}
	enum mxw_spf_result result = sender->spf.evaluation.result;
	if (result == MXW_SPF_PASS || result == MXW_SPF_NONE)
		return;
	struct mxw_finding *finding = judge_host(view, MXW_SPF_ROW_SENDER_FAIL, sender);
	if (result == MXW_SPF_SOFTFAIL || result == MXW_SPF_NEUTRAL)
		finding->severity = MXW_WARNING;
}

/* ---- MX hosts ---- */

/* {otherwise}: `mx` in place of the address, where that is one lookup more and no mx is there. */
static void fix_by_mx(const struct mxw_spf_view *view, struct mxw_finding *finding, const struct mxw_spf_sender *sender)
{
	struct mxw_findings *findings = view->judge.findings;
	const struct mxw_spf_node *root = view->tree.root;
	struct mxw_spf_draft draft;
	bool has_mx = false;
	for (size_t i = 0; i < root->n_branches; i++)
		has_mx |= root->branches[i].term.kind == MXW_SPF_MX;
	mxw_finding_set(findings, finding, "otherwise", "");
	if (has_mx || view->tree.n_lookups >= MXW_SPF_MAX_LOOKUPS ||
	    sender->spf.evaluation.problem != MXW_SPF_NO_PROBLEM)
		return;
	mxw_spf_draft_read(&draft, &findings->arena, root);
	mxw_spf_draft_insert(&draft, deciding_slot(root, &sender->spf.evaluation), "mx");
	mxw_finding_setf(findings, finding, "otherwise", "%s ; all MX hosts, for one more lookup",
			 mxw_spf_fix_line(view, root, mxw_spf_draft_write(&draft)));
}

static void judge_covering(const struct mxw_spf_view *view, const struct mxw_spf_sender *sender)
{
	if (!sender->spf.is_decided) {
		mxw_spf_judge_unknown(view, MXW_SPF_ROW_NOT_COVERING_MX, sender->text);
		return;
	}
	if (sender->spf.evaluation.result == MXW_SPF_PASS)
		return;
	struct mxw_finding *finding = judge_host(view, MXW_SPF_ROW_NOT_COVERING_MX, sender);
	mxw_finding_set(view->judge.findings, finding, "mx", sender->host->name);
	mxw_finding_cite(view->judge.findings, finding, view->target->domain, MXW_TYPE_MX);
	mxw_finding_cite(view->judge.findings, finding, sender->host->name,
			 sender->ip.family == 4 ? MXW_TYPE_A : MXW_TYPE_AAAA);
	fix_by_mx(view, finding, sender);
}

/* Addresses that were not seen may not be covered. */
static bool hides_hosts(const struct mxw_spf_view *view)
{
	const struct mxw_mx_set *set = &view->set;
	if (view->send == MXW_NO || view->target->profile->mx_hosts_send == MXW_NO)
		return false;
	if (!mxw_lookup_is_settled(set->answer))
		return true;
	bool is_open = set->has_more || view->senders.lacks_declared || view->senders.lacks_hosts;
	for (size_t i = 0; i < set->n_hosts; i++)
		is_open |= mxw_host_is_open(&set->hosts[i]) && mxw_spf_host_matters(view->target, &set->hosts[i]);
	return is_open;
}

void mxw_spf_judge_senders(const struct mxw_spf_view *view)
{
	for (size_t i = 0; i < view->senders.n; i++) {
		const struct mxw_spf_sender *sender = &view->senders.items[i];
		if (sender->is_send_ip)
			judge_sender(view, sender);
		else
			judge_covering(view, sender);
	}
	if (hides_hosts(view))
		mxw_spf_judge_unknown(view, MXW_SPF_ROW_NOT_COVERING_MX, "");
	if (view->senders.lacks_declared && view->target->profile->n_send_ip > MXW_MAX_SPF_SENDERS)
		mxw_spf_judge_unknown(view, MXW_SPF_ROW_SENDER_FAIL, "");
}

/* ---- HELO names ---- */

void mxw_spf_judge_helo(const struct mxw_spf_view *view)
{
	const struct mxw_rr *first;
	bool has_hosts = view->tree.root->state == MXW_SPF_NODE_GOOD && view->target->profile->mx_hosts_send == MXW_YES;
	if (has_hosts && hides_hosts(view))
		mxw_spf_judge_unknown(view, MXW_SPF_ROW_HELO_NONE, "");
	for (size_t i = 0; i < view->senders.n; i++) {
		const struct mxw_spf_sender *sender = &view->senders.items[i];
		if (!sender->is_declared || sender->has_name == MXW_VOTE_NO)
			continue;
		if (sender->has_name == MXW_VOTE_UNKNOWN) {
			mxw_spf_judge_unknown(view, MXW_SPF_ROW_HELO_NONE, "");
			continue;
		}
		const struct mxw_answer *txt = mxw_observation_get(view->observation, sender->name, MXW_TYPE_TXT);
		if (!mxw_lookup_is_settled(txt)) {
			mxw_spf_judge_unknown(view, MXW_SPF_ROW_HELO_NONE, sender->name);
		} else if (mxw_spf_record_select(txt, &first) == 0) {
			struct mxw_finding *finding = mxw_judge_yes(&view->judge, MXW_SPF_ROW_HELO_NONE, sender->name);
			mxw_finding_set(view->judge.findings, finding, "ptr", sender->name);
			mxw_finding_set(view->judge.findings, finding, "ip", sender->text);
			mxw_place_set(view->judge.findings, finding, sender->name, txt);
			mxw_finding_cite(view->judge.findings, finding, sender->name, MXW_TYPE_TXT);
		}
	}
}
