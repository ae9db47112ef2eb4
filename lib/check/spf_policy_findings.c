/* What the domain's own record says, and the records that it redirects to: its end and its style; see spf_view.h.
 * What others write into records that are only included is theirs. */
#include <string.h>

#include "lib/base/util.h"
#include "lib/check/spf_fix.h"

struct policy {
	const struct mxw_spf_view *view;
	const struct mxw_spf_node *last; /* of the own records that can be read: the one whose end counts */
	bool is_open;                    /* a failed lookup hides where that one redirects to */
	bool is_broken;                  /* it redirects to what is no record, or to what the message decides */
	size_t n_mechanisms, n_ptr;      /* of all own records, without `all` and what is behind it */
	bool authorises;                 /* one of them gives "pass" */
};

/* ---- reading ---- */

static void count_terms(struct policy *policy, const struct mxw_spf_node *node)
{
	for (size_t i = 0; i < node->n_branches; i++) {
		const struct mxw_spf_branch *branch = &node->branches[i];
		if (branch->term.kind == MXW_SPF_REDIRECT && !branch->is_dead && !branch->child)
			policy->is_broken = true;
		if (!mxw_spf_branch_is_live(branch))
			continue;
		policy->authorises |= branch->term.qualifier == '+';
		if (branch->term.kind == MXW_SPF_ALL)
			continue;
		policy->n_mechanisms++;
		policy->n_ptr += branch->term.kind == MXW_SPF_PTR;
	}
}

static void read_policy(struct policy *policy)
{
	const struct mxw_spf_node *node = policy->view->tree.root;
	for (; node && node->state == MXW_SPF_NODE_GOOD; node = mxw_spf_redirected(node)) {
		policy->last = node;
		count_terms(policy, node);
	}
	policy->is_open = node && (node->state == MXW_SPF_NODE_UNKNOWN || node->state == MXW_SPF_NODE_UNASKED);
	policy->is_broken |= node && !policy->is_open;
}

static struct mxw_finding *judge(const struct policy *policy, enum mxw_spf_row row, const struct mxw_spf_node *node)
{
	return mxw_spf_judge_yes(policy->view, row, policy->view->target->domain, node);
}

static void read_draft(const struct policy *policy, struct mxw_spf_draft *draft, const struct mxw_spf_node *node)
{
	mxw_spf_draft_read(draft, &policy->view->judge.findings->arena, node);
}

/* ---- the end of the record ---- */

static void judge_neutral(const struct policy *policy)
{
	struct mxw_spf_draft draft;
	if (policy->last->all_qualifier != '?')
		return;
	read_draft(policy, &draft, policy->last);
	mxw_spf_draft_replace(&draft, mxw_spf_find_term(policy->last, MXW_SPF_ALL), "~all");
	struct mxw_finding *finding = judge(policy, MXW_SPF_ROW_NEUTRAL_ALL, policy->last);
	mxw_spf_fix_set(policy->view, finding, policy->last, &draft);
	mxw_spf_fix_set_note(policy->view, finding, "and -all when all senders are listed");
}

static void judge_no_all(const struct policy *policy)
{
	struct mxw_spf_draft draft;
	if (policy->last->has_all || policy->is_open || policy->is_broken)
		return;
	if (mxw_spf_fix_glue(policy->view, policy->last, &draft, NULL) != MXW_VOTE_YES)
		read_draft(policy, &draft, policy->last);
	/* A declared sender that does not pass yet is not to be rejected all at once. */
	const struct mxw_spf_senders *senders = &policy->view->senders;
	bool is_safe = !mxw_spf_senders_n_declared(senders) || mxw_spf_senders_pass(senders) == MXW_VOTE_YES;
	if (!mxw_spf_draft_has_all(&draft))
		mxw_spf_draft_append(&draft, is_safe ? "-all" : "~all", 4);
	mxw_spf_fix_set(policy->view, judge(policy, MXW_SPF_ROW_NO_ALL, policy->last), policy->last, &draft);
}

static void judge_after_all(const struct policy *policy)
{
	const struct mxw_spf_node *node = policy->last;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf terms = MXW_STRBUF_INIT;
	bool has_mechanism = false;
	for (size_t i = 0; i < node->n_branches; i++) {
		const struct mxw_spf_branch *branch = &node->branches[i];
		if (!branch->is_dead)
			continue;
		has_mechanism |= branch->term.kind != MXW_SPF_REDIRECT;
		mxw_strbuf_addf(&terms, "%s%.*s", terms.len ? " " : "", (int)branch->term.n_text, branch->term.text);
	}
	if (!terms.len)
		return;
	struct mxw_finding *finding = judge(policy, MXW_SPF_ROW_AFTER_ALL, node);
	finding->severity = has_mechanism ? MXW_WARNING : MXW_INFO;
	mxw_spf_set_text(policy->view, finding, "terms", mxw_strbuf_get(&terms), terms.len);
	policy->view->judge.findings->arena.failed |= mxw_strbuf_failed(&terms);
	mxw_spf_fix_after_all(policy->view, finding, node);
}

/* ---- no mail ---- */

/* Nothing but a plain "-all". */
static bool is_strong(const struct policy *policy)
{
	return !policy->n_mechanisms && policy->last->all_qualifier == '-' && !policy->is_broken;
}

static void judge_parked(const struct policy *policy)
{
	enum mxw_choice declared = policy->view->target->profile->send;
	bool is_declared = declared == MXW_NO;
	if (declared == MXW_YES || (!is_declared && (policy->authorises || policy->is_broken)))
		return;
	/* A declared domain's record is weak whatever it redirects to, once it lists somebody. */
	if (policy->is_open && (!is_declared || !policy->n_mechanisms)) {
		mxw_spf_judge_unknown(policy->view, MXW_SPF_ROW_PARKED_WEAK, policy->view->target->domain);
		return;
	}
	if (!policy->is_open && is_strong(policy))
		return;
	struct mxw_finding *finding = judge(policy, MXW_SPF_ROW_PARKED_WEAK, policy->view->tree.root);
	mxw_finding_set(policy->view->judge.findings, finding, "why",
			is_declared ? "is watched as sending no mail" : "lets nobody send mail");
}

/* ---- terms ---- */

/* Senders take the place of a term that let hosts pass; one that denied them just goes. */
static void fix_ptr(const struct policy *policy, struct mxw_finding *finding, const struct mxw_spf_node *node)
{
	struct mxw_spf_draft draft;
	size_t first = node->n_branches;
	read_draft(policy, &draft, node);
	for (size_t i = 0; i < node->n_branches; i++) {
		if (node->branches[i].term.kind != MXW_SPF_PTR)
			continue;
		if (first == node->n_branches && node->branches[i].term.qualifier == '+' && !node->branches[i].is_dead)
			first = i;
		mxw_spf_draft_remove(&draft, i);
	}
	bool has_mx = mxw_spf_find_term(node, MXW_SPF_MX) < node->n_branches;
	const char *senders = mxw_spf_fix_usual_senders(policy->view, node);
	if (strcmp(senders, "mx") != 0 || !has_mx)
		mxw_spf_draft_replace(&draft, first, senders);
	mxw_spf_fix_set(policy->view, finding, node, &draft);
}

static void judge_ptr(const struct policy *policy)
{
	const struct mxw_spf_node *node = policy->view->tree.root;
	bool is_alone = policy->n_mechanisms == policy->n_ptr && !policy->is_broken;
	if (!policy->n_ptr)
		return;
	if (is_alone && policy->is_open) {
		mxw_spf_judge_unknown(policy->view, MXW_SPF_ROW_PTR, policy->view->target->domain);
		return;
	}
	while (node && mxw_spf_find_term(node, MXW_SPF_PTR) == node->n_branches)
		node = mxw_spf_redirected(node);
	if (!node)
		return;
	struct mxw_finding *finding = judge(policy, MXW_SPF_ROW_PTR, node);
	finding->severity = is_alone ? MXW_WARNING : MXW_INFO;
	fix_ptr(policy, finding, node);
}

/* "%%", "%_" and "%-" are the same for every message (RFC 7208 7.1). */
static bool depends_on_message(const struct mxw_spf_term *term)
{
	bool is_macro = false;
	for (size_t i = 0; i + 1 < term->n_spec && !is_macro; i += 1 + (term->spec[i] == '%'))
		is_macro = term->spec[i] == '%' && term->spec[i + 1] == '{';
	return is_macro;
}

static void judge_macro(const struct policy *policy, const struct mxw_spf_node *node, size_t i)
{
	const struct mxw_spf_branch *branch = &node->branches[i];
	if (branch->is_dead || !depends_on_message(&branch->term) || !mxw_spf_kind_is_lookup(branch->term.kind) ||
	    mxw_spf_is_told(policy->view, MXW_SPF_ROW_MACRO, policy->view->target->domain))
		return;
	struct mxw_finding *finding = judge(policy, MXW_SPF_ROW_MACRO, node);
	mxw_finding_set(policy->view->judge.findings, finding, "owner", node->domain);
	mxw_spf_set_text(policy->view, finding, "term", branch->term.text, branch->term.n_text);
}

/* ---- all of it ---- */

static void judge_hidden(const struct policy *policy)
{
	static const enum mxw_spf_row rows[] = {
		MXW_SPF_ROW_PASS_ALL,  MXW_SPF_ROW_NEUTRAL_ALL, MXW_SPF_ROW_NO_ALL,
		MXW_SPF_ROW_AFTER_ALL, MXW_SPF_ROW_PTR,         MXW_SPF_ROW_MACRO,
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		mxw_spf_judge_unknown(policy->view, rows[i], policy->view->target->domain);
	mxw_spf_judge_unknown(policy->view, MXW_SPF_ROW_SYNTAX, "");
	mxw_spf_judge_unknown(policy->view, MXW_SPF_ROW_TOO_BROAD, "");
	mxw_spf_judge_unknown(policy->view, MXW_SPF_ROW_PRIVATE_IP, "");
}

void mxw_spf_judge_policy(const struct mxw_spf_view *view)
{
	struct policy policy = { .view = view };
	read_policy(&policy);
	judge_neutral(&policy);
	judge_no_all(&policy);
	judge_after_all(&policy);
	judge_parked(&policy);
	judge_ptr(&policy);
	for (const struct mxw_spf_node *node = view->tree.root; node; node = mxw_spf_redirected(node))
		for (size_t i = 0; i < node->n_branches; i++)
			judge_macro(&policy, node, i);
	if (policy.is_open)
		judge_hidden(&policy);
}
