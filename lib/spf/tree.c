/* The tree of records; see tree.h.
 *
 * One walk makes the nodes and counts in the order of evaluation: depth first, mechanisms from left to right, then the
 * redirect. What is not answered yet counts as nothing below, so a number only grows from turn to turn: a term that is
 * beyond the limit once stays beyond it. */
#include "lib/spf/tree.h"

#include <errno.h>
#include <string.h>

#include "lib/spf/domain.h"
#include "lib/spf/evaluate.h"
#include "lib/spf/macro.h"

struct walk {
	struct mxw_spf_tree *tree;
	const struct mxw_observation *observation;
	struct mxw_missing records;   /* questions for records within the limit of 10, asked for first */
	struct mxw_missing addresses; /* and of the other terms within it */
	struct mxw_missing beyond;    /* records beyond it */
	size_t n_terms;
};

/* ---- records and their terms ---- */

static enum mxw_spf_node_state state_of(const struct mxw_answer *txt, size_t n_selected)
{
	if (!txt)
		return MXW_SPF_NODE_UNASKED;
	if (!mxw_outcome_is_determinate(txt->outcome) || txt->outcome == MXW_OUTCOME_LOOP)
		return MXW_SPF_NODE_UNKNOWN;
	if (n_selected > 1)
		return MXW_SPF_NODE_MULTIPLE;
	return n_selected ? MXW_SPF_NODE_GOOD : MXW_SPF_NODE_NONE;
}

/* The name that the term asks for; NULL if that depends on the message, or if DNS cannot hold it. */
static const char *target_of(const struct mxw_spf_node *node, const struct mxw_spf_branch *branch,
			     struct mxw_arena *arena)
{
	char name[MXW_NAME_TEXT_MAX];
	enum mxw_spf_kind kind = branch->term.kind;
	if (!mxw_spf_kind_is_lookup(kind) || kind == MXW_SPF_PTR || branch->has_macro)
		return NULL;
	if (!branch->term.spec)
		return node->domain;
	size_t n = branch->term.n_spec;
	const char *spec = mxw_spf_macro_truncate(branch->term.spec, &n);
	return mxw_spf_domain_name(spec, n, name) == 0 ? mxw_arena_text(arena, name) : NULL;
}

static void fill_branch(struct mxw_spf_node *node, const struct mxw_spf_record *record, struct mxw_spf_branch *branch,
			struct mxw_arena *arena)
{
	const struct mxw_spf_term *term = &branch->term;
	bool is_modifier = mxw_spf_kind_is_modifier(term->kind);
	branch->is_dead = term->kind == MXW_SPF_REDIRECT ? record->has_all : !is_modifier && node->has_all;
	branch->has_macro = term->spec && mxw_spf_macro_is_present(term->spec, term->n_spec);
	branch->target = target_of(node, branch, arena);
	if (term->kind == MXW_SPF_ALL && !node->has_all) {
		node->has_all = true; /* from here on: what follows is behind it */
		node->all_qualifier = term->qualifier;
	}
}

static void list_terms(struct walk *walk, struct mxw_spf_node *node, const struct mxw_spf_record *record)
{
	struct mxw_arena *arena = &walk->tree->arena;
	struct mxw_spf_term term;
	size_t n = 0, at = 0;
	while (mxw_spf_record_next(record, &at, &term))
		n++;
	node->branches = mxw_arena_alloc(arena, n * sizeof(*node->branches));
	if (!node->branches)
		return;
	walk->n_terms += node->n_branches = n;
	at = 0;
	for (size_t i = 0; i < n && mxw_spf_record_next(record, &at, &node->branches[i].term); i++)
		fill_branch(node, record, &node->branches[i], arena);
}

/* Reads the answer: the state, and of a record that can be read its text and terms. */
static void open_node(struct walk *walk, struct mxw_spf_node *node)
{
	struct mxw_spf_record record = { 0 };
	const struct mxw_rr *rr = NULL;
	node->state = state_of(node->txt, mxw_spf_record_select(node->txt, &rr));
	if (node->state != MXW_SPF_NODE_GOOD)
		return;
	int r = mxw_spf_record_open(&record, rr, &node->error);
	if (r < 0) {
		walk->tree->arena.failed = true;
	} else {
		node->rr = rr;
		node->n_text = record.n_text;
		node->text = mxw_arena_textn(&walk->tree->arena, record.text, record.n_text);
	}
	if (r == MXW_SPF_E_SYNTAX) {
		node->state = MXW_SPF_NODE_SYNTAX;
	} else if (r == 0 && !walk->tree->arena.failed) {
		record.text = node->text; /* the terms outlive the open record */
		list_terms(walk, node, &record);
	}
	mxw_spf_record_done(&record);
}

/* ---- what a term's own question costs ---- */

static enum mxw_spf_void void_of(const struct mxw_answer *answer)
{
	if (!answer || !mxw_outcome_is_determinate(answer->outcome) || answer->outcome == MXW_OUTCOME_LOOP)
		return MXW_SPF_VOID_UNKNOWN;
	return answer->outcome == MXW_OUTCOME_ANSWER ? MXW_SPF_VOID_NO : MXW_SPF_VOID_YES;
}

/* Addresses of the exchanges are not looked at: they never count as void, and ten names more a term is a lot to ask. */
static void ask_term(struct walk *walk, struct mxw_spf_branch *branch)
{
	struct mxw_spf_tree *tree = walk->tree;
	const struct mxw_answer *answer;
	bool is_mx = branch->term.kind == MXW_SPF_MX;
	answer = mxw_observation_want(walk->observation, &walk->addresses, branch->target,
				      is_mx ? MXW_TYPE_MX : MXW_TYPE_A);
	branch->void4 = branch->void6 = void_of(answer);
	if (is_mx && answer && answer->outcome == MXW_OUTCOME_ANSWER)
		branch->n_mx = answer->n_rrs;
	if (branch->term.kind == MXW_SPF_A)
		branch->void6 = void_of(
			mxw_observation_want(walk->observation, &walk->addresses, branch->target, MXW_TYPE_AAAA));
	tree->n_void4 += branch->void4 == MXW_SPF_VOID_YES;
	tree->n_void6 += branch->void6 == MXW_SPF_VOID_YES;
	tree->is_open |= branch->void4 == MXW_SPF_VOID_UNKNOWN || branch->void6 == MXW_SPF_VOID_UNKNOWN;
}

/* ---- the walk ---- */

static void walk_node(struct walk *walk, struct mxw_spf_node *node, struct mxw_missing *missing);

static struct mxw_spf_node *add_node(struct walk *walk, const struct mxw_spf_node *parent,
				     const struct mxw_spf_branch *via, const char *domain)
{
	struct mxw_spf_node *node = mxw_arena_alloc(&walk->tree->arena, sizeof(*node));
	if (!node)
		return NULL;
	node->parent = parent;
	node->via = via;
	node->depth = parent ? parent->depth + 1 : 0;
	node->domain = domain;
	node->state = MXW_SPF_NODE_UNASKED;
	return node;
}

static bool is_on_path(const struct mxw_spf_node *node, const char *domain)
{
	while (node && strcmp(node->domain, domain) != 0)
		node = node->parent;
	return node;
}

static void walk_child(struct walk *walk, struct mxw_spf_node *node, struct mxw_spf_branch *branch, unsigned number)
{
	struct mxw_spf_node *child = branch->child = add_node(walk, node, branch, branch->target);
	if (!child)
		return;
	if (is_on_path(node, child->domain)) {
		child->state = MXW_SPF_NODE_LOOP;
		child->txt = mxw_observation_get(walk->observation, child->domain, MXW_TYPE_TXT);
	} else if (number > MXW_SPF_MAX_TREE_LOOKUPS || walk->n_terms > MXW_SPF_MAX_TREE_TERMS) {
		walk->tree->is_cut = true;
	} else {
		/* A node costs at least one lookup, so the recursion is no deeper than the number. */
		walk_node(walk, child, number > MXW_SPF_MAX_LOOKUPS ? &walk->beyond : &walk->records);
	}
}

static void walk_term(struct walk *walk, struct mxw_spf_node *node, struct mxw_spf_branch *branch)
{
	struct mxw_spf_tree *tree = walk->tree;
	enum mxw_spf_kind kind = branch->term.kind;
	if (branch->is_dead || !mxw_spf_kind_is_lookup(kind))
		return;
	unsigned number = ++tree->n_lookups;
	if (number == MXW_SPF_MAX_LOOKUPS + 1) {
		tree->over_node = node;
		tree->over_branch = branch;
	}
	if (branch->target && (kind == MXW_SPF_INCLUDE || kind == MXW_SPF_REDIRECT))
		walk_child(walk, node, branch, number);
	else if (branch->target && number <= MXW_SPF_MAX_LOOKUPS)
		ask_term(walk, branch);
	branch->running = tree->n_lookups;
}

/* Opens the record and walks its terms in the order of evaluation. */
static void walk_node(struct walk *walk, struct mxw_spf_node *node, struct mxw_missing *missing)
{
	node->txt = mxw_observation_want(walk->observation, missing, node->domain, MXW_TYPE_TXT);
	open_node(walk, node);
	if (node->state == MXW_SPF_NODE_UNKNOWN)
		walk->tree->lacks_records = true;
	for (size_t i = 0; i < node->n_branches; i++)
		if (node->branches[i].term.kind != MXW_SPF_REDIRECT)
			walk_term(walk, node, &node->branches[i]);
	for (size_t i = 0; i < node->n_branches; i++)
		if (node->branches[i].term.kind == MXW_SPF_REDIRECT)
			walk_term(walk, node, &node->branches[i]);
}

/* ---- building ---- */

/* Records beyond the limit are asked for as long as the total can be told in the end. A chain of records with many includes
 * each would let every turn ask for another thirty otherwise. */
static void finish(struct walk *walk, struct mxw_missing *missing)
{
	struct mxw_spf_tree *tree = walk->tree;
	bool is_hopeless = tree->n_lookups > MXW_SPF_MAX_TREE_LOOKUPS && walk->beyond.n;
	if (missing) {
		mxw_missing_add_all(missing, &walk->records);
		mxw_missing_add_all(missing, &walk->addresses);
	}
	if (missing && !is_hopeless)
		mxw_missing_add_all(missing, &walk->beyond);
	tree->is_cut |= is_hopeless;
	tree->lacks_records |= walk->records.n || (walk->beyond.n && !is_hopeless);
	tree->is_open |= tree->lacks_records;
}

int mxw_spf_tree_build(struct mxw_spf_tree *tree, const char *domain, const struct mxw_observation *observation,
		       struct mxw_missing *missing)
{
	struct walk walk = { .tree = tree, .observation = observation };
	mxw_spf_tree_done(tree);
	tree->root = add_node(&walk, NULL, NULL, mxw_arena_text(&tree->arena, domain));
	if (tree->root)
		walk_node(&walk, tree->root, &walk.records);
	finish(&walk, missing);
	bool has_failed = tree->arena.failed || walk.records.failed || walk.addresses.failed || walk.beyond.failed ||
			  (missing && missing->failed);
	mxw_missing_done(&walk.records);
	mxw_missing_done(&walk.addresses);
	mxw_missing_done(&walk.beyond);
	if (has_failed)
		mxw_spf_tree_done(tree);
	return has_failed ? -ENOMEM : 0;
}

void mxw_spf_tree_done(struct mxw_spf_tree *tree)
{
	mxw_arena_done(&tree->arena);
	*tree = (struct mxw_spf_tree){ 0 };
}

/* ---- all nodes ---- */

/* The child that comes after that of `via` in the order of evaluation; the first one for NULL. */
static const struct mxw_spf_node *next_child(const struct mxw_spf_node *node, const struct mxw_spf_branch *via)
{
	if (via && via->term.kind == MXW_SPF_REDIRECT)
		return NULL;
	for (size_t i = via ? (size_t)(via - node->branches) + 1 : 0; i < node->n_branches; i++)
		if (node->branches[i].child && node->branches[i].term.kind != MXW_SPF_REDIRECT)
			return node->branches[i].child;
	for (size_t i = 0; i < node->n_branches; i++)
		if (node->branches[i].child && node->branches[i].term.kind == MXW_SPF_REDIRECT)
			return node->branches[i].child;
	return NULL;
}

const struct mxw_spf_node *mxw_spf_tree_next(const struct mxw_spf_tree *tree, const struct mxw_spf_node *node)
{
	if (!node)
		return tree->root;
	const struct mxw_spf_node *next = next_child(node, NULL);
	for (; !next && node->parent; node = node->parent)
		next = next_child(node->parent, node->via);
	return next;
}
