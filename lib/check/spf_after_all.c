/* Terms that "all" makes ineffective: which of them can come before it; see spf_fix.h. Whoever wrote them wanted them to
 * count, but a term that breaks the record, or opens it to everybody, is better left out. */
#include <errno.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/check/lookup.h"
#include "lib/check/spf_fix.h"
#include "lib/check/spf_reach.h"
#include "lib/spf/evaluate.h"

enum { MAX_ASKED_TERMS = 10 }; /* more lookups are over the limit in any case */

/* What the record costs with the terms that were moved so far. */
struct budget {
	unsigned n_lookups, n_voids, n_asked;
};

/* ---- what a term asks ---- */

static bool is_candidate(const struct mxw_spf_branch *branch)
{
	return branch->is_dead && branch->term.kind != MXW_SPF_ALL && branch->term.kind != MXW_SPF_REDIRECT;
}

int mxw_spf_fix_ask_after_all(const struct mxw_spf_tree *tree, const struct mxw_observation *observation,
			      struct mxw_missing *missing)
{
	const struct mxw_spf_node *node = tree->root, *next;
	int r = 0;
	while ((next = mxw_spf_redirected(node)) && next->state == MXW_SPF_NODE_GOOD)
		node = next;
	for (size_t i = 0, n_asked = 0; r == 0 && i < node->n_branches && n_asked < MAX_ASKED_TERMS; i++) {
		const struct mxw_spf_branch *branch = &node->branches[i];
		if (!is_candidate(branch) || !branch->target)
			continue;
		n_asked++;
		if (branch->term.kind == MXW_SPF_INCLUDE) {
			MXW_CLEANUP(mxw_spf_tree_done) struct mxw_spf_tree below = { 0 };
			r = mxw_spf_tree_build(&below, branch->target, observation, missing);
			continue;
		}
		const uint16_t *types = mxw_spf_kind_types(branch->term.kind);
		for (size_t t = 0; t < 2 && types[t]; t++)
			mxw_observation_want(observation, missing, branch->target, types[t]);
	}
	return r;
}

/* ---- why a term cannot be moved; NULL: it can ---- */

static const char *fault_of_records(const struct mxw_spf_tree *below, const struct mxw_spf_node *node)
{
	for (const struct mxw_spf_node *at = NULL; (at = mxw_spf_tree_next(below, at));) {
		for (const struct mxw_spf_node *above = node; above; above = above->parent)
			if (strcmp(above->domain, at->domain) == 0)
				return "a loop";
		switch (at->state) {
		case MXW_SPF_NODE_NONE:
			return mxw_spf_unregistered_org(at->txt, at->domain) ? "not registered" : "no SPF record there";
		case MXW_SPF_NODE_MULTIPLE:
		case MXW_SPF_NODE_SYNTAX:
			return "the SPF record there is broken";
		case MXW_SPF_NODE_LOOP:
			return "a loop";
		default:
			break;
		}
	}
	return below->lacks_records ? "the SPF record there cannot be read now" : NULL;
}

static const char *fault_of_include(const struct mxw_spf_view *view, const struct mxw_spf_node *node,
				    const struct mxw_spf_branch *branch, struct budget *cost)
{
	MXW_CLEANUP(mxw_spf_tree_done) struct mxw_spf_tree below = { 0 };
	if (!branch->target)
		return branch->has_macro ? NULL : "no domain name";
	if (mxw_spf_tree_build(&below, branch->target, view->observation, NULL) < 0) {
		view->judge.findings->arena.failed = true;
		return NULL;
	}
	cost->n_lookups += below.n_lookups;
	cost->n_voids += MXW_MAX(below.n_void4, below.n_void6);
	return fault_of_records(&below, node);
}

static const char *fault_of_host(const struct mxw_spf_view *view, const struct mxw_spf_branch *branch,
				 struct budget *cost)
{
	const uint16_t *types = mxw_spf_kind_types(branch->term.kind);
	size_t n_absent = 0, n = 0;
	if (!branch->target)
		return branch->has_macro ? NULL : "no domain name";
	for (; n < 2 && types[n]; n++) {
		const struct mxw_answer *answer = mxw_observation_get(view->observation, branch->target, types[n]);
		if (!mxw_lookup_is_settled(answer))
			return "it cannot be looked up now";
		if (mxw_spf_unregistered_org(answer, branch->target))
			return "not registered";
		if (types[n] == MXW_TYPE_MX && answer->n_rrs > MXW_SPF_MAX_MX)
			return "more than 10 MX hosts";
		n_absent += mxw_lookup_is_absent(answer);
	}
	cost->n_voids += n_absent > 0;
	return n_absent == n ? "nothing there" : NULL;
}

static const char *fault_of(const struct mxw_spf_view *view, const struct mxw_spf_node *node,
			    const struct mxw_spf_branch *branch, struct budget *budget)
{
	enum mxw_spf_kind kind = branch->term.kind;
	struct budget cost = { .n_lookups = mxw_spf_kind_is_lookup(kind) };
	const char *fault = NULL;
	if (kind == MXW_SPF_PTR)
		return "ptr should not be published";
	if (mxw_spf_term_is_wide(&branch->term, 4) || mxw_spf_term_is_wide(&branch->term, 6))
		return "too many addresses";
	if (cost.n_lookups && budget->n_lookups + 1 > MXW_SPF_MAX_LOOKUPS)
		return "more than 10 lookups";
	if (branch->target && budget->n_asked++ == MAX_ASKED_TERMS)
		return "more than 10 lookups";
	if (kind == MXW_SPF_INCLUDE)
		fault = fault_of_include(view, node, branch, &cost);
	else if (cost.n_lookups)
		fault = fault_of_host(view, branch, &cost);
	if (!fault && budget->n_lookups + cost.n_lookups > MXW_SPF_MAX_LOOKUPS)
		fault = "more than 10 lookups";
	if (!fault && cost.n_voids && budget->n_voids + cost.n_voids > MXW_SPF_MAX_VOIDS)
		fault = "more than 2 lookups without records";
	if (!fault) {
		budget->n_lookups += cost.n_lookups;
		budget->n_voids += cost.n_voids;
	}
	return fault;
}

/* ---- the proposal ---- */

/* `text` and one item more. */
static const char *listed(struct mxw_arena *arena, const char *text, const char *divider, const char *item)
{
	return mxw_arena_textf(arena, "%s%s%s", text, *text ? divider : "", item);
}

void mxw_spf_fix_after_all(const struct mxw_spf_view *view, struct mxw_finding *finding,
			   const struct mxw_spf_node *node)
{
	struct budget budget = { view->tree.n_lookups, MXW_MAX(view->tree.n_void4, view->tree.n_void6), 0 };
	struct mxw_spf_draft draft;
	const char *moved = "", *deleted = "";
	mxw_spf_draft_read(&draft, &view->judge.findings->arena, node);
	for (size_t i = 0; i < draft.n && i < node->n_branches; i++) {
		const struct mxw_spf_branch *branch = &node->branches[i];
		if (!branch->is_dead)
			continue;
		const char *fault = is_candidate(branch) ? fault_of(view, node, branch, &budget) : NULL;
		if (fault)
			deleted = listed(draft.arena, deleted, ", ",
					 mxw_arena_textf(draft.arena, "%s (%s)", draft.slots[i], fault));
		else if (is_candidate(branch))
			moved = listed(draft.arena, moved, " ", draft.slots[i]);
		mxw_spf_draft_remove(&draft, i);
	}
	if (*moved)
		mxw_spf_draft_insert(&draft, mxw_spf_find_term(node, MXW_SPF_ALL), moved);
	mxw_spf_fix_set(view, finding, node, &draft);
	if (*deleted)
		mxw_spf_fix_set_note(view, finding, mxw_arena_textf(draft.arena, "deleted: %s", deleted));
}
