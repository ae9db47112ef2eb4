/* What evaluating the record costs; see spf_view.h. The numbers of the tree are those of the worst case; where the message
 * decides (macros, ptr) the declared senders show it. */
#include <string.h>

#include "lib/base/util.h"
#include "lib/check/lookup.h"
#include "lib/check/spf_fix.h"

enum { NEAR_LOOKUPS = 9, SPARED_LOOKUPS = 8 };

/* ---- declared senders ---- */

/* Something depends on the message: what a declared sender meets cannot be read from the records alone. */
static bool depends_on_message(const struct mxw_spf_tree *tree)
{
	for (const struct mxw_spf_node *node = NULL; (node = mxw_spf_tree_next(tree, node));)
		for (size_t i = 0; i < node->n_branches; i++) {
			const struct mxw_spf_branch *branch = &node->branches[i];
			if (!branch->is_dead && mxw_spf_kind_is_lookup(branch->term.kind) &&
			    (branch->has_macro || branch->term.kind == MXW_SPF_PTR))
				return true;
		}
	return false;
}

/* There may be declared senders that were not seen, or their results are not decided. */
static bool senders_are_open(const struct mxw_spf_view *view)
{
	if (mxw_spf_senders_are_open(&view->senders))
		return true;
	if (view->target->profile->mx_hosts_send != MXW_YES)
		return false;
	bool is_open = !mxw_lookup_is_settled(view->set.answer) || view->set.has_more;
	for (size_t i = 0; i < view->set.n_hosts; i++)
		is_open |= mxw_host_is_open(&view->set.hosts[i]);
	return is_open;
}

static enum mxw_vote senders_pass(const struct mxw_spf_view *view)
{
	enum mxw_vote pass = mxw_spf_senders_pass(&view->senders);
	bool may_differ = pass == MXW_VOTE_YES || !mxw_spf_senders_n_declared(&view->senders);
	return may_differ && senders_are_open(view) ? MXW_VOTE_UNKNOWN : pass;
}

/* ---- lookups ---- */

/* "include:example.org of example.com" */
static void set_over(const struct mxw_spf_view *view, struct mxw_finding *finding)
{
	const struct mxw_spf_term *term = &view->tree.over_branch->term;
	mxw_finding_setf(view->judge.findings, finding, "term", "\"%.*s\" of %s",
			 (int)MXW_MIN(term->n_text, (size_t)255), term->text, view->tree.over_node->domain);
}

static void judge_lookups(const struct mxw_spf_view *view)
{
	const struct mxw_spf_tree *tree = &view->tree;
	const char *domain = view->target->domain;
	const struct mxw_spf_sender *failing = mxw_spf_senders_with(&view->senders, MXW_SPF_TOO_MANY_LOOKUPS);
	bool may_fail = senders_are_open(view) && depends_on_message(tree);
	if (!tree->over_branch && !failing) {
		if (tree->lacks_records || may_fail)
			mxw_spf_judge_unknown(view, MXW_SPF_ROW_TOO_MANY_LOOKUPS, domain);
		return;
	}
	enum mxw_vote pass = senders_pass(view);
	if (pass == MXW_VOTE_UNKNOWN && mxw_spf_severity(view, MXW_SPF_ROW_TOO_MANY_LOOKUPS) > MXW_WARNING) {
		mxw_spf_judge_unknown(view, MXW_SPF_ROW_TOO_MANY_LOOKUPS, domain); /* it holds; how much it weighs? */
		return;
	}
	struct mxw_finding *finding = mxw_spf_judge_yes(view, MXW_SPF_ROW_TOO_MANY_LOOKUPS, domain, tree->root);
	if (pass == MXW_VOTE_YES)
		finding->severity = MXW_WARNING;
	if (tree->over_branch) {
		set_over(view, finding);
	} else {
		const struct mxw_strbuf *term = &failing->spf.evaluation.term;
		mxw_spf_set_text(view, finding, "term", mxw_strbuf_get(term), term->len);
	}
	mxw_finding_setf(view->judge.findings, finding, "n", "%s%u",
			 tree->is_cut || tree->lacks_records ? "at least " : "",
			 tree->over_branch ? tree->n_lookups : failing->spf.evaluation.n_lookups);
	mxw_spf_fix_shorten(view, finding, MXW_SPF_MAX_LOOKUPS, true);
}

static void judge_near(const struct mxw_spf_view *view)
{
	const struct mxw_spf_tree *tree = &view->tree;
	if (tree->over_branch)
		return;
	if (tree->lacks_records) {
		mxw_spf_judge_unknown(view, MXW_SPF_ROW_LOOKUPS_NEAR, view->target->domain);
	} else if (tree->n_lookups >= NEAR_LOOKUPS) {
		struct mxw_finding *finding = mxw_spf_judge_yes(view, MXW_SPF_ROW_LOOKUPS_NEAR, view->target->domain,
								tree->root);
		mxw_finding_setf(view->judge.findings, finding, "n", "%u", tree->n_lookups);
		mxw_spf_fix_shorten(view, finding, SPARED_LOOKUPS, false);
	}
}

/* ---- lookups without records ---- */

/* The family of clients that meets more of them. */
static unsigned worse_family(const struct mxw_spf_tree *tree)
{
	return tree->n_void4 >= tree->n_void6 ? 4 : 6;
}

static bool is_void(const struct mxw_spf_view *view, const struct mxw_spf_branch *branch)
{
	return (worse_family(&view->tree) == 4 ? branch->void4 : branch->void6) == MXW_SPF_VOID_YES;
}

static uint16_t type_of(const struct mxw_spf_view *view, const struct mxw_spf_branch *branch)
{
	if (branch->term.kind == MXW_SPF_MX)
		return MXW_TYPE_MX;
	return branch->term.kind == MXW_SPF_A && worse_family(&view->tree) == 6 ? MXW_TYPE_AAAA : MXW_TYPE_A;
}

/* The record without what has no records; a host that has addresses of the other family keeps them. Of a record of others:
 * the domain's own without what leads there. */
static void fix_voids(const struct mxw_spf_view *view, struct mxw_finding *finding, const struct mxw_spf_node *node,
		      const struct mxw_spf_branch *first)
{
	struct mxw_spf_draft draft;
	mxw_spf_fix_without(view, finding, node, first);
	if (!mxw_spf_fix_is_ours(view, node))
		return;
	mxw_spf_draft_read(&draft, &view->judge.findings->arena, node);
	for (size_t i = 0; i < node->n_branches; i++) {
		const char *addresses = mxw_spf_fix_addresses(view, &node->branches[i]);
		if (is_void(view, &node->branches[i]))
			mxw_spf_draft_replace(&draft, i, addresses ? addresses : "");
	}
	mxw_spf_fix_set(view, finding, node, &draft);
}

static void list_voids(const struct mxw_spf_view *view, struct mxw_finding *finding)
{
	struct mxw_findings *findings = view->judge.findings;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf terms = MXW_STRBUF_INIT;
	for (const struct mxw_spf_node *node = NULL; (node = mxw_spf_tree_next(&view->tree, node));)
		for (size_t i = 0; i < node->n_branches; i++) {
			const struct mxw_spf_branch *branch = &node->branches[i];
			if (!is_void(view, branch))
				continue;
			if (!terms.len) {
				mxw_finding_set(findings, finding, "name", branch->target);
				fix_voids(view, finding, node, branch);
			}
			mxw_strbuf_addf(&terms, "%s%.*s", terms.len ? ", " : "", (int)branch->term.n_text,
					branch->term.text);
			mxw_finding_cite(findings, finding, branch->target, type_of(view, branch));
		}
	mxw_spf_set_text(view, finding, "terms", mxw_strbuf_get(&terms), terms.len);
	findings->arena.failed |= mxw_strbuf_failed(&terms);
}

/* The terms of the record decide only together with the message: what the sender at fault met last. */
static void blame_sender(const struct mxw_spf_view *view, struct mxw_finding *finding,
			 const struct mxw_spf_sender *failing)
{
	const struct mxw_strbuf *term = &failing->spf.evaluation.term;
	const struct mxw_spf_node *root = view->tree.root;
	struct mxw_spf_draft draft;
	mxw_spf_set_text(view, finding, "terms", mxw_strbuf_get(term), term->len);
	mxw_finding_set(view->judge.findings, finding, "name", view->target->domain);
	mxw_spf_draft_read(&draft, &view->judge.findings->arena, root);
	mxw_spf_draft_insert(&draft, 0, mxw_spf_fix_sender(view, failing));
	mxw_spf_fix_set(view, finding, root, &draft);
}

static void judge_voids(const struct mxw_spf_view *view)
{
	const struct mxw_spf_tree *tree = &view->tree;
	const char *domain = view->target->domain;
	unsigned n = MXW_MAX(tree->n_void4, tree->n_void6);
	const struct mxw_spf_sender *failing = mxw_spf_senders_with(&view->senders, MXW_SPF_TOO_MANY_VOIDS);
	bool is_over = n > MXW_SPF_MAX_VOIDS;
	/* Where a record is missing, terms that were beyond the limit of 10 may have come within it. */
	bool is_open = tree->lacks_records || (tree->is_open && !is_over) ||
		       (senders_are_open(view) && (is_over || depends_on_message(tree)));
	if (!is_over && !failing) {
		if (is_open)
			mxw_spf_judge_unknown(view, MXW_SPF_ROW_VOID_LOOKUPS, domain);
		return;
	}
	if (is_open && !failing) {
		mxw_spf_judge_unknown(view, MXW_SPF_ROW_VOID_LOOKUPS, domain);
		return;
	}
	struct mxw_finding *finding = mxw_spf_judge_yes(view, MXW_SPF_ROW_VOID_LOOKUPS, domain, tree->root);
	if (!failing)
		finding->severity = MXW_WARNING;
	mxw_finding_setf(view->judge.findings, finding, "n", "%u", is_over ? n : failing->spf.evaluation.n_voids);
	if (is_over)
		list_voids(view, finding);
	else
		blame_sender(view, finding, failing);
}

void mxw_spf_judge_limits(const struct mxw_spf_view *view)
{
	judge_lookups(view);
	judge_near(view);
	judge_voids(view);
}
