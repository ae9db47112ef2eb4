/* The shortest equivalent of a record that needs too many lookups; see spf_fix.h. */
#include <string.h>
#include <strings.h>

#include "lib/check/lookup.h"
#include "lib/check/spf_fix.h"

enum {
	MAX_ADDRESSES = 24,   /* that take the place of one term; more are no proposal */
	MAX_INLINED = 40,     /* networks that take the place of one include */
	MAX_LOST = 5,         /* hosts that a note names */
	MAX_ASKED_HOSTS = 12, /* a proposal must not use up the questions of a round */
};

struct shortening {
	const struct mxw_spf_view *view;
	const struct mxw_spf_node *node;
	const struct mxw_spf_branch *terms[MXW_MAX_DRAFT_TERMS]; /* one a slot */
	struct mxw_spf_draft draft;
	bool is_done[MXW_MAX_DRAFT_TERMS]; /* something else stands in this slot */
	unsigned cost, goal;               /* lookups of the whole tree with the draft in place */
};

/* The last record on the way of redirects that is ours to correct. */
static const struct mxw_spf_node *find_node(const struct mxw_spf_tree *tree, const struct mxw_target *target)
{
	const char *org = mxw_target_org_domain(target->domain);
	const struct mxw_spf_node *node = tree->root, *next;
	while ((next = mxw_spf_redirected(node)) && next->state == MXW_SPF_NODE_GOOD &&
	       strcmp(mxw_target_org_domain(next->domain), org) == 0)
		node = next;
	return node;
}

/* ---- what terms cost ---- */

static unsigned cost_of(const struct mxw_spf_branch *branch)
{
	const struct mxw_spf_node *child = branch->child;
	if (branch->is_dead || !mxw_spf_kind_is_lookup(branch->term.kind))
		return 0;
	unsigned cost = 1;
	for (size_t i = 0; child && i < child->n_branches; i++)
		cost += cost_of(&child->branches[i]); /* no deeper than MXW_SPF_MAX_TREE_LOOKUPS */
	return cost;
}

static bool is_standing(const struct shortening *shortening, size_t i)
{
	return i < shortening->draft.n && !shortening->is_done[i] && cost_of(shortening->terms[i]) > 0;
}

static void put_in_place(struct shortening *shortening, size_t i, const char *text)
{
	shortening->cost -= MXW_MIN(shortening->cost, cost_of(shortening->terms[i]));
	mxw_spf_draft_replace(&shortening->draft, i, text);
	shortening->is_done[i] = true;
}

/* ---- what leads nowhere ---- */

static bool is_repeated(const struct shortening *shortening, size_t i)
{
	const struct mxw_spf_term *term = &shortening->terms[i]->term;
	for (size_t k = 0; k < i; k++) {
		const struct mxw_spf_term *other = &shortening->terms[k]->term;
		if (other->n_text == term->n_text && strncasecmp(other->text, term->text, term->n_text) == 0)
			return true;
	}
	return false;
}

static bool leads_nowhere(const struct mxw_spf_branch *branch)
{
	if (branch->child)
		return branch->child->state == MXW_SPF_NODE_NONE || branch->child->state == MXW_SPF_NODE_LOOP;
	return branch->void4 == MXW_SPF_VOID_YES && branch->void6 == MXW_SPF_VOID_YES;
}

static void drop_useless(struct shortening *shortening)
{
	for (size_t i = 0; i < shortening->draft.n; i++)
		if (is_standing(shortening, i) && (leads_nowhere(shortening->terms[i]) || is_repeated(shortening, i)))
			put_in_place(shortening, i, "");
}

/* ---- addresses ---- */

static bool is_replaceable(const struct mxw_spf_branch *branch)
{
	return branch->target && branch->term.qualifier == '+' && !branch->is_dead &&
	       (branch->term.kind == MXW_SPF_A || branch->term.kind == MXW_SPF_MX);
}

static void add_network(struct mxw_strbuf *ret, const struct mxw_ip *ip, unsigned bits)
{
	char text[MXW_IP_TEXT_MAX];
	mxw_ip_format(ip, text);
	mxw_strbuf_addf(ret, "%sip%u:%s", ret->len ? " " : "", ip->family, text);
	if (bits != (ip->family == 4 ? 32u : 128u))
		mxw_strbuf_addf(ret, "/%u", bits);
}

/* The addresses of a host as terms; false if they are not all known, or too many. */
static bool add_addresses(const struct mxw_observation *observation, const struct mxw_spf_term *term, const char *name,
			  size_t *n, struct mxw_strbuf *ret)
{
	static const uint16_t types[] = { MXW_TYPE_A, MXW_TYPE_AAAA };
	for (size_t t = 0; t < MXW_ARRAY_SIZE(types); t++) {
		const struct mxw_answer *answer = mxw_observation_get(observation, name, types[t]);
		if (!mxw_lookup_is_settled(answer) || (*n += answer->n_rrs) > MAX_ADDRESSES)
			return false;
		struct mxw_ip ip;
		for (size_t i = 0; i < answer->n_rrs; i++)
			if (mxw_rr_ip(&answer->rrs[i], &ip))
				add_network(ret, &ip, ip.family == 4 ? term->bits4 : term->bits6);
	}
	return true;
}

static bool add_term_addresses(const struct mxw_observation *observation, const struct mxw_spf_branch *branch,
			       struct mxw_strbuf *ret)
{
	size_t n = 0;
	if (branch->term.kind == MXW_SPF_A)
		return add_addresses(observation, &branch->term, branch->target, &n, ret) && ret->len;
	const struct mxw_answer *mx = mxw_observation_get(observation, branch->target, MXW_TYPE_MX);
	if (!mxw_lookup_is(mx, MXW_OUTCOME_ANSWER))
		return false;
	for (size_t i = 0; i < mx->n_rrs && i <= MAX_ADDRESSES; i++)
		if (!mxw_name_is_root(mx->rrs[i].name) &&
		    !add_addresses(observation, &branch->term, mx->rrs[i].name, &n, ret))
			return false;
	return ret->len;
}

const char *mxw_spf_fix_addresses(const struct mxw_spf_view *view, const struct mxw_spf_branch *branch)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_arena *arena = &view->judge.findings->arena;
	bool is_known = is_replaceable(branch) && add_term_addresses(view->observation, branch, &text);
	arena->failed |= mxw_strbuf_failed(&text);
	return is_known ? mxw_arena_text(arena, mxw_strbuf_get(&text)) : NULL;
}

static void put_addresses(struct shortening *shortening)
{
	for (size_t i = 0; i < shortening->draft.n && shortening->cost > shortening->goal; i++) {
		const char *addresses = is_standing(shortening, i)
						? mxw_spf_fix_addresses(shortening->view, shortening->terms[i])
						: NULL;
		if (addresses)
			put_in_place(shortening, i, addresses);
	}
}

/* ---- networks of included records ---- */

/* Everything that the record lets pass, if it consists of networks and of records that do. */
static bool add_networks(const struct mxw_spf_node *node, size_t *n, struct mxw_strbuf *ret)
{
	if (node->state != MXW_SPF_NODE_GOOD || node->all_qualifier == '+')
		return false;
	for (size_t i = 0; i < node->n_branches; i++) {
		const struct mxw_spf_branch *branch = &node->branches[i];
		enum mxw_spf_kind kind = branch->term.kind;
		if (branch->is_dead || kind == MXW_SPF_ALL || kind == MXW_SPF_EXP || kind == MXW_SPF_UNKNOWN_MODIFIER)
			continue;
		bool is_network = kind == MXW_SPF_IP4 || kind == MXW_SPF_IP6;
		if (kind != MXW_SPF_REDIRECT && branch->term.qualifier != '+')
			return false;
		if (is_network && ++*n <= MAX_INLINED)
			add_network(ret, &branch->term.network,
				    kind == MXW_SPF_IP4 ? branch->term.bits4 : branch->term.bits6);
		else if (is_network || !branch->child || !add_networks(branch->child, n, ret))
			return false;
	}
	return true;
}

/* The include that costs most among those that networks can take the place of; false if there is none left. */
static bool inline_dearest(struct shortening *shortening)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf best = MXW_STRBUF_INIT;
	size_t best_i = 0;
	unsigned best_cost = 0;
	for (size_t i = 0; i < shortening->draft.n; i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
		const struct mxw_spf_branch *branch = shortening->terms[i];
		size_t n = 0;
		if (!is_standing(shortening, i) || branch->term.kind != MXW_SPF_INCLUDE || !branch->child ||
		    branch->term.qualifier != '+' || cost_of(branch) <= best_cost ||
		    !add_networks(branch->child, &n, &text) || !text.len)
			continue;
		best_i = i;
		best_cost = cost_of(branch);
		mxw_strbuf_clear(&best);
		mxw_strbuf_adds(&best, mxw_strbuf_get(&text));
		best.failed |= mxw_strbuf_failed(&text);
	}
	shortening->draft.arena->failed |= mxw_strbuf_failed(&best);
	if (best_cost)
		put_in_place(shortening, best_i, mxw_strbuf_get(&best));
	return best_cost > 0;
}

/* ---- the terms of a record that others publish ---- */

/* The term as it reads in another record: what it asks for stands there. False where that cannot be written down. */
static bool append_moved(struct shortening *shortening, const struct mxw_spf_branch *branch)
{
	struct mxw_spf_draft *draft = &shortening->draft;
	const struct mxw_spf_term *term = &branch->term;
	const char *text = mxw_arena_textn(draft->arena, term->text, term->n_text);
	bool is_host = term->kind == MXW_SPF_A || term->kind == MXW_SPF_MX;
	if (branch->has_macro || term->kind == MXW_SPF_PTR)
		return false;
	if (is_host && !term->spec) {
		size_t n_name = strcspn(text, "/");
		text = mxw_arena_textf(draft->arena, "%.*s:%s%s", (int)n_name, text, branch->target, text + n_name);
	}
	if (draft->n == MXW_MAX_DRAFT_TERMS)
		return false;
	shortening->terms[draft->n] = branch;
	mxw_spf_draft_append(draft, text, strlen(text));
	return !draft->is_full;
}

/* The terms of the record that a redirect leads to in place of the redirect, which is one lookup less. */
static bool flatten_redirect(struct shortening *shortening)
{
	const struct mxw_spf_node *next = mxw_spf_redirected(shortening->node);
	struct shortening *saved = NULL;
	if (!next || next->state != MXW_SPF_NODE_GOOD || shortening->cost <= shortening->goal)
		return false;
	saved = mxw_arena_alloc(shortening->draft.arena, sizeof(*saved));
	if (!saved)
		return false;
	*saved = *shortening;
	for (size_t i = 0; i < shortening->draft.n; i++)
		if (shortening->terms[i] == next->via)
			mxw_spf_draft_remove(&shortening->draft, i);
	for (size_t i = 0; i < next->n_branches; i++) {
		enum mxw_spf_kind kind = next->branches[i].term.kind;
		if (next->branches[i].is_dead || kind == MXW_SPF_EXP || kind == MXW_SPF_UNKNOWN_MODIFIER)
			continue;
		if (!append_moved(shortening, &next->branches[i])) {
			*shortening = *saved;
			return false;
		}
	}
	for (size_t i = 0; i < shortening->draft.n; i++)
		if (shortening->terms[i] == next->via)
			shortening->is_done[i] = true;
	shortening->cost--;
	return true;
}

/* ---- the proposal ---- */

static void read_terms(struct shortening *shortening)
{
	mxw_spf_draft_read(&shortening->draft, &shortening->view->judge.findings->arena, shortening->node);
	for (size_t i = 0; i < shortening->draft.n; i++)
		shortening->terms[i] = &shortening->node->branches[i];
}

static void set_proposal(const struct shortening *shortening, struct mxw_finding *finding, bool has_copied)
{
	const struct mxw_spf_view *view = shortening->view;
	const struct mxw_spf_node *node = shortening->node;
	bool is_over = shortening->cost > MXW_SPF_MAX_LOOKUPS;
	mxw_spf_fix_set(view, finding, node, &shortening->draft);
	if (view->send != MXW_NO && mxw_spf_draft_equals(&shortening->draft, node->text, node->n_text)) {
		mxw_spf_fix_set_words(view, finding,
				      mxw_arena_textf(shortening->draft.arena,
						      "no term of %s can be written shorter: drop what no mail needs",
						      node->domain));
		return;
	}
	mxw_spf_fix_set_note(
		view, finding,
		mxw_arena_textf(shortening->draft.arena, "%s%u %s%s%s",
				view->tree.is_cut || view->tree.lacks_records ? "at least " : "", shortening->cost,
				shortening->cost == 1 ? "lookup" : "lookups",
				is_over ? ", still too many: drop what no mail needs" : "",
				has_copied ? "; follow the changes of the records whose networks stand here" : ""));
}

void mxw_spf_fix_shorten(const struct mxw_spf_view *view, struct mxw_finding *finding, unsigned goal, bool may_inline)
{
	struct shortening shortening = {
		.view = view,
		.node = find_node(&view->tree, view->target),
		.cost = view->tree.n_lookups,
		.goal = goal,
	};
	read_terms(&shortening);
	drop_useless(&shortening);
	put_addresses(&shortening);
	bool has_copied = may_inline && flatten_redirect(&shortening);
	if (has_copied) {
		drop_useless(&shortening);
		put_addresses(&shortening);
	}
	while (may_inline && shortening.cost > goal && inline_dearest(&shortening))
		has_copied = true;
	mxw_spf_draft_simplify(&shortening.draft);
	set_proposal(&shortening, finding, has_copied);
}

/* ---- MX hosts ---- */

const char *mxw_spf_fix_exchanges(const struct mxw_spf_view *view, const struct mxw_spf_branch *branch,
				  const char **ret_lost)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT, lost = MXW_STRBUF_INIT;
	struct mxw_arena *arena = &view->judge.findings->arena;
	const struct mxw_answer *mx = mxw_observation_get(view->observation, branch->target, MXW_TYPE_MX);
	unsigned cost = view->tree.n_lookups - 1; /* without the term itself */
	size_t n = 0, n_lost = 0;
	const char *prefix = memchr(branch->term.text, '/', branch->term.n_text);
	int n_prefix = prefix ? (int)(branch->term.text + branch->term.n_text - prefix) : 0;
	*ret_lost = "";
	if (!is_replaceable(branch) || !mxw_lookup_is(mx, MXW_OUTCOME_ANSWER))
		return NULL;
	for (size_t i = 0; i < mx->n_rrs; i++) {
		const char *name = mx->rrs[i].name;
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf addresses = MXW_STRBUF_INIT;
		if (mxw_name_is_root(name))
			continue;
		if (add_addresses(view->observation, &branch->term, name, &n, &addresses))
			mxw_strbuf_addf(&text, "%s%s", text.len && addresses.len ? " " : "",
					mxw_strbuf_get(&addresses));
		else if (cost < MXW_SPF_MAX_LOOKUPS && ++cost)
			mxw_strbuf_addf(&text, "%sa:%s%.*s", text.len ? " " : "", name, n_prefix, prefix ? prefix : "");
		else if (n_lost++ < MAX_LOST)
			mxw_strbuf_addf(&lost, "%s%s", lost.len ? ", " : "", name);
		arena->failed |= mxw_strbuf_failed(&addresses);
	}
	if (n_lost > MAX_LOST)
		mxw_strbuf_addf(&lost, " and %zu more", n_lost - MAX_LOST);
	arena->failed |= mxw_strbuf_failed(&text) || mxw_strbuf_failed(&lost);
	*ret_lost = mxw_arena_text(arena, mxw_strbuf_get(&lost));
	return mxw_arena_text(arena, mxw_strbuf_get(&text));
}

/* ---- asking ---- */

static void ask_host(const char *name, const struct mxw_observation *observation, struct mxw_missing *missing)
{
	mxw_observation_want(observation, missing, name, MXW_TYPE_A);
	mxw_observation_want(observation, missing, name, MXW_TYPE_AAAA);
}

static void ask_record(const struct mxw_spf_node *node, bool wants_all, unsigned *n_asked,
		       const struct mxw_observation *observation, struct mxw_missing *missing)
{
	for (size_t i = 0; i < node->n_branches && *n_asked < MAX_ASKED_HOSTS; i++) {
		const struct mxw_spf_branch *branch = &node->branches[i];
		if (!is_replaceable(branch) || !(wants_all || branch->n_mx > MXW_SPF_MAX_MX))
			continue;
		if (branch->term.kind == MXW_SPF_A) {
			++*n_asked;
			ask_host(branch->target, observation, missing);
			continue;
		}
		const struct mxw_answer *mx = mxw_observation_want(observation, missing, branch->target, MXW_TYPE_MX);
		size_t n = mxw_lookup_is(mx, MXW_OUTCOME_ANSWER) ? mx->n_rrs : 0;
		for (size_t k = 0; k < n && *n_asked < MAX_ASKED_HOSTS; k++, ++*n_asked)
			if (!mxw_name_is_root(mx->rrs[k].name))
				ask_host(mx->rrs[k].name, observation, missing);
	}
}

void mxw_spf_fix_ask(const struct mxw_spf_tree *tree, const struct mxw_target *target,
		     const struct mxw_observation *observation, struct mxw_missing *missing)
{
	const struct mxw_spf_node *node = find_node(tree, target);
	unsigned n_asked = 0;
	const struct mxw_spf_node *next = tree->over_branch ? mxw_spf_redirected(node) : NULL;
	ask_record(node, tree->over_branch, &n_asked, observation, missing);
	if (next) /* its terms may come to stand in ours */
		ask_record(next, true, &n_asked, observation, missing);
}
