/* What is wrong with the record and with those that it includes; see spf_view.h. Style is nobody's fault here: only what
 * makes an evaluation fail, or lets strangers decide. */
#include <string.h>

#include "lib/base/escape.h"
#include "lib/base/util.h"
#include "lib/check/lookup.h"
#include "lib/check/spf_correct.h"
#include "lib/check/spf_fix.h"

static struct mxw_arena *arena_of(const struct mxw_spf_view *view)
{
	return &view->judge.findings->arena;
}

/* ---- rows ---- */

/* A row about a record: subject its name, {where} the way to it. */
static struct mxw_finding *judge_record(const struct mxw_spf_view *view, enum mxw_spf_row row,
					const struct mxw_spf_node *node)
{
	struct mxw_findings *findings = view->judge.findings;
	struct mxw_finding *finding = mxw_spf_judge_yes(view, row, node->domain, node);
	mxw_finding_set(findings, finding, "name", node->domain);
	mxw_finding_set(findings, finding, "path", mxw_spf_fix_path(view, node));
	if (node->parent)
		mxw_finding_setf(findings, finding, "where", " (%s)", mxw_spf_fix_path(view, node));
	else
		mxw_finding_set(findings, finding, "where", "");
	return finding;
}

/* A row about a term: subject the name that it leads to. */
static struct mxw_finding *judge_term(const struct mxw_spf_view *view, enum mxw_spf_row row,
				      const struct mxw_spf_node *node, const struct mxw_spf_branch *branch,
				      const char *subject)
{
	struct mxw_findings *findings = view->judge.findings;
	bool is_told = mxw_spf_is_told(view, row, subject);
	struct mxw_finding *finding = mxw_spf_judge_yes(view, row, subject, node);
	if (is_told || finding == &findings->sink) /* one of thousands: nobody reads its fix */
		return finding;
	mxw_finding_set(findings, finding, "name", subject);
	mxw_finding_set(findings, finding, "where", mxw_spf_fix_path(view, node));
	mxw_spf_set_text(view, finding, "term", branch->term.text, branch->term.n_text);
	mxw_spf_fix_without(view, finding, node, branch);
	return finding;
}

/* ---- records that are no record ---- */

static void judge_multiple(const struct mxw_spf_view *view, const struct mxw_spf_node *node)
{
	struct mxw_finding *finding = judge_record(view, MXW_SPF_ROW_MULTIPLE, node);
	const struct mxw_rr *first;
	struct mxw_spf_draft draft;
	bool is_published = false;
	size_t n = mxw_spf_record_select(node->txt, &first);
	mxw_spf_draft_merge(&draft, arena_of(view), node->txt);
	if (view->send == MXW_NO) {
		mxw_spf_draft_init(&draft, arena_of(view));
		mxw_spf_draft_append(&draft, "-all", 4);
	}
	for (size_t i = 0; i < node->txt->n_rrs; i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
		mxw_rr_text(&node->txt->rrs[i], &text);
		is_published |= mxw_spf_record_is(&node->txt->rrs[i]) &&
				mxw_spf_draft_equals(&draft, mxw_strbuf_get(&text), text.len);
		arena_of(view)->failed |= mxw_strbuf_failed(&text);
	}
	mxw_spf_fix_corrected(view, finding, node, &draft);
	mxw_finding_setf(view->judge.findings, finding, "n", "%zu", n);
	n -= is_published;
	if (view->send == MXW_NO && node->parent) /* the records stay as they are: nothing leads there any more */
		mxw_finding_set(view->judge.findings, finding, "delete", "");
	else if (n == 1)
		mxw_finding_set(view->judge.findings, finding, "delete", " ; and delete the other record");
	else
		mxw_finding_setf(view->judge.findings, finding, "delete", " ; and delete the other %zu records", n);
}

static void set_syntax(const struct mxw_spf_view *view, struct mxw_finding *finding, const struct mxw_spf_node *node,
		       const char *problem)
{
	struct mxw_spf_draft draft;
	mxw_finding_set(view->judge.findings, finding, "problem", problem);
	if (mxw_spf_fix_glue(view, node, &draft, NULL) != MXW_VOTE_YES)
		mxw_spf_draft_correct(&draft, arena_of(view), node->text, node->n_text);
	mxw_spf_fix_corrected(view, finding, node, &draft);
}

static const char *escaped(const struct mxw_spf_view *view, const char *text, size_t n)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf line = MXW_STRBUF_INIT;
	mxw_escape_line(&line, text, n, MXW_MAX_FIELD);
	arena_of(view)->failed |= mxw_strbuf_failed(&line);
	return mxw_arena_text(arena_of(view), mxw_strbuf_get(&line));
}

static void judge_syntax(const struct mxw_spf_view *view, const struct mxw_spf_node *node)
{
	const struct mxw_spf_error *error = &node->error;
	const char *token = escaped(view, node->text + error->term, error->n_term);
	set_syntax(view, judge_record(view, MXW_SPF_ROW_SYNTAX, node), node,
		   mxw_arena_textf(arena_of(view), "syntax error at \"%s\", octet %zu of the record: %s", token,
				   error->at + 1, error->reason));
}

static void judge_glue(const struct mxw_spf_view *view, const struct mxw_spf_node *node)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf token = MXW_STRBUF_INIT;
	struct mxw_spf_draft draft;
	enum mxw_vote vote = mxw_spf_fix_glue(view, node, &draft, &token);
	if (vote == MXW_VOTE_UNKNOWN)
		mxw_spf_judge_unknown(view, MXW_SPF_ROW_JOIN_GLUE, node->domain);
	if (vote == MXW_VOTE_YES) {
		struct mxw_finding *finding = judge_record(view, MXW_SPF_ROW_JOIN_GLUE, node);
		mxw_spf_set_text(view, finding, "token", mxw_strbuf_get(&token), token.len);
		mxw_spf_fix_corrected(view, finding, node, &draft);
	}
	arena_of(view)->failed |= mxw_strbuf_failed(&token);
}

static void judge_none(const struct mxw_spf_view *view, const struct mxw_spf_node *node)
{
	struct mxw_finding *finding = judge_term(view, MXW_SPF_ROW_INCLUDE_NONE, node->parent, node->via, node->domain);
	const char *class = mxw_lookup_is(node->txt, MXW_OUTCOME_NXDOMAIN) ? "the name does not exist"
			    : mxw_lookup_is(node->txt, MXW_OUTCOME_NODATA) ? "it has no TXT record"
									   : "none of its TXT records is one";
	mxw_finding_set(view->judge.findings, finding, "class", class);
	mxw_finding_cite(view->judge.findings, finding, node->domain, MXW_TYPE_TXT);
}

static void judge_loop(const struct mxw_spf_view *view, const struct mxw_spf_node *node)
{
	struct mxw_finding *finding = judge_term(view, MXW_SPF_ROW_LOOP, node->parent, node->via, node->domain);
	mxw_finding_set(view->judge.findings, finding, "path", mxw_spf_fix_path(view, node));
}

/* ---- terms ---- */

/* An include or redirect to what DNS cannot hold: nobody has a record there. */
static void judge_unusable(const struct mxw_spf_view *view, const struct mxw_spf_node *node,
			   const struct mxw_spf_branch *branch)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf name = MXW_STRBUF_INIT;
	mxw_strbuf_add(&name, branch->term.spec, branch->term.n_spec);
	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] >= 'A' && name.data[i] <= 'Z')
			name.data[i] = (char)(name.data[i] - 'A' + 'a');
	struct mxw_finding *finding = judge_term(view, MXW_SPF_ROW_INCLUDE_NONE, node, branch, mxw_strbuf_get(&name));
	mxw_finding_set(view->judge.findings, finding, "class", "it is no domain name");
	arena_of(view)->failed |= mxw_strbuf_failed(&name);
}

static void fix_exchanges(const struct mxw_spf_view *view, struct mxw_finding *finding, const struct mxw_spf_node *node,
			  const struct mxw_spf_branch *branch)
{
	struct mxw_spf_draft draft;
	const char *lost, *terms = mxw_spf_fix_exchanges(view, branch, &lost);
	mxw_spf_draft_read(&draft, arena_of(view), node);
	mxw_spf_draft_replace(&draft, (size_t)(branch - node->branches), terms ? terms : "");
	mxw_spf_fix_set(view, finding, node, &draft);
	if (*lost)
		mxw_spf_fix_set_note(
			view, finding,
			mxw_arena_textf(arena_of(view), "not authorised any more: %s; list those that send", lost));
}

static void judge_n_mx(const struct mxw_spf_view *view, const struct mxw_spf_node *node,
		       const struct mxw_spf_branch *branch)
{
	const struct mxw_answer *mx = mxw_observation_get(view->observation, branch->target, MXW_TYPE_MX);
	if (branch->n_mx > MXW_SPF_MAX_MX) {
		struct mxw_finding *finding = judge_term(view, MXW_SPF_ROW_MX_TOO_MANY, node, branch, branch->target);
		mxw_finding_setf(view->judge.findings, finding, "n", "%zu", branch->n_mx);
		if (mxw_spf_fix_is_ours(view, node))
			fix_exchanges(view, finding, node, branch);
		mxw_finding_cite(view->judge.findings, finding, branch->target, MXW_TYPE_MX);
	} else if (branch->void4 == MXW_SPF_VOID_UNKNOWN && !mxw_lookup_is(mx, MXW_OUTCOME_LOOP)) {
		mxw_spf_judge_unknown(view, MXW_SPF_ROW_MX_TOO_MANY, branch->target);
	}
}

/* Beyond the limit only records are asked for, and what is not asked is not told. */
static bool is_asked(const struct mxw_spf_branch *branch)
{
	return !branch->is_dead && branch->target && (branch->child || branch->running <= MXW_SPF_MAX_LOOKUPS);
}

/* The answers to the term's own questions; returns how many there are, each may be NULL. */
static size_t own_answers(const struct mxw_spf_view *view, const struct mxw_spf_branch *branch,
			  const struct mxw_answer *ret[2], uint16_t ret_types[2])
{
	const uint16_t *types = mxw_spf_kind_types(branch->term.kind);
	size_t n = 0;
	for (; branch->target && n < 2 && types[n]; n++) {
		ret_types[n] = types[n];
		ret[n] = mxw_observation_get(view->observation, branch->target, ret_types[n]);
	}
	return n;
}

/* The organisational domain at the end of the aliases, if the registry above it denies it. The root registers nothing. */
const char *mxw_spf_unregistered_org(const struct mxw_answer *answer, const char *name)
{
	if (!mxw_lookup_is(answer, MXW_OUTCOME_NXDOMAIN) || !answer->soa_owner || mxw_name_is_root(answer->soa_owner))
		return NULL;
	const char *org = mxw_target_org_domain(answer->n_chain ? answer->chain[answer->n_chain - 1] : name);
	bool is_denied_above = mxw_name_is_below(org, answer->soa_owner) && strcmp(org, answer->soa_owner) != 0;
	return is_denied_above ? org : NULL;
}

static void judge_registered(const struct mxw_spf_view *view, const struct mxw_spf_node *node,
			     const struct mxw_spf_branch *branch)
{
	const struct mxw_answer *answers[2];
	uint16_t types[2];
	size_t n = own_answers(view, branch, answers, types);
	bool is_open = n > 0;
	const char *own = mxw_target_org_domain(view->target->domain);
	if (!n)
		return;
	for (size_t i = 0; i < n; i++) {
		const char *org = mxw_spf_unregistered_org(answers[i], branch->target);
		is_open &= !mxw_lookup_is_determinate(answers[i]);
		if (!org || strcmp(org, own) == 0)
			continue;
		struct mxw_finding *finding = judge_term(view, MXW_SPF_ROW_UNREGISTERED, node, branch, branch->target);
		mxw_finding_set(view->judge.findings, finding, "org", org);
		mxw_judge_set_denial(&view->judge, finding, answers[i]);
		mxw_finding_cite(view->judge.findings, finding, branch->target, types[i]);
		return;
	}
	if (is_open && !branch->child)
		mxw_spf_judge_unknown(view, MXW_SPF_ROW_UNREGISTERED, branch->target);
}

static void judge_false_modifier(const struct mxw_spf_view *view, const struct mxw_spf_node *node,
				 const struct mxw_spf_branch *branch)
{
	const struct mxw_spf_term *term = &branch->term;
	const char *equals = memchr(term->text, '=', term->n_text);
	size_t n_name = equals ? (size_t)(equals - term->text) : term->n_text;
	struct mxw_finding *finding = judge_record(view, MXW_SPF_ROW_SYNTAX, node);
	finding->severity = MXW_WARNING;
	set_syntax(view, finding, node,
		   mxw_arena_textf(arena_of(view),
				   "\"%s\" is an unknown modifier that does nothing; the mechanism \"%.*s:\" was meant",
				   escaped(view, term->text, term->n_text), (int)n_name, term->text));
}

static void judge_branch(const struct mxw_spf_view *view, const struct mxw_spf_node *node,
			 const struct mxw_spf_branch *branch)
{
	enum mxw_spf_kind kind = branch->term.kind;
	bool is_include = kind == MXW_SPF_INCLUDE || kind == MXW_SPF_REDIRECT;
	if (branch->is_dead || branch->has_macro)
		return;
	if (!mxw_spf_kind_is_lookup(kind))
		return;
	if (is_include && !branch->target)
		judge_unusable(view, node, branch);
	if (!is_asked(branch))
		return;
	if (kind == MXW_SPF_MX)
		judge_n_mx(view, node, branch);
	judge_registered(view, node, branch);
}

/* ---- all records ---- */

static void judge_node(const struct mxw_spf_view *view, const struct mxw_spf_node *node)
{
	switch (node->state) {
	case MXW_SPF_NODE_NONE:
		if (node->parent)
			judge_none(view, node);
		break;
	case MXW_SPF_NODE_MULTIPLE:
		judge_multiple(view, node);
		break;
	case MXW_SPF_NODE_SYNTAX:
		judge_syntax(view, node);
		break;
	case MXW_SPF_NODE_LOOP:
		judge_loop(view, node);
		break;
	default:
		break;
	}
	for (size_t i = 0; i < node->n_branches; i++)
		judge_branch(view, node, &node->branches[i]);
	if (node->rr)
		judge_glue(view, node);
}

/* The domain's own record and those that it redirects to. */
static void judge_false_modifiers(const struct mxw_spf_view *view)
{
	for (const struct mxw_spf_node *node = view->tree.root; node; node = mxw_spf_redirected(node)) {
		size_t i = 0;
		while (i < node->n_branches &&
		       !mxw_spf_is_false_modifier(node->branches[i].term.text, node->branches[i].term.n_text))
			i++;
		if (i < node->n_branches)
			judge_false_modifier(view, node, &node->branches[i]);
	}
}

void mxw_spf_judge_tree(const struct mxw_spf_view *view)
{
	static const enum mxw_spf_row hidden[] = {
		MXW_SPF_ROW_MULTIPLE,     MXW_SPF_ROW_SYNTAX,       MXW_SPF_ROW_JOIN_GLUE, MXW_SPF_ROW_MX_TOO_MANY,
		MXW_SPF_ROW_INCLUDE_NONE, MXW_SPF_ROW_UNREGISTERED, MXW_SPF_ROW_LOOP,
	};
	for (const struct mxw_spf_node *node = NULL; (node = mxw_spf_tree_next(&view->tree, node));)
		judge_node(view, node);
	judge_false_modifiers(view);
	for (size_t i = 0; view->tree.lacks_records && i < MXW_ARRAY_SIZE(hidden); i++)
		mxw_spf_judge_unknown(view, hidden[i], "");
}

/* ---- failed lookups ---- */

/* What a resolver says about itself, and what our own network does, says nothing about the domain. */
static bool is_about_domain(const struct mxw_answer *answer)
{
	switch (answer->outcome) {
	case MXW_OUTCOME_REFUSED:
	case MXW_OUTCOME_REFERRAL:
	case MXW_OUTCOME_FILTERED:
	case MXW_OUTCOME_NETWORK_ERROR:
		return false;
	default:
		return true;
	}
}

/* `node` and `via` say which term to do without; NULL where that is not known. */
static void judge_failure(const struct mxw_spf_view *view, const struct mxw_spf_node *node,
			  const struct mxw_spf_branch *via, const char *name, uint16_t type)
{
	struct mxw_findings *findings = view->judge.findings;
	const struct mxw_answer *answer = mxw_observation_get(view->observation, name, type);
	char buffer[10];
	if (!answer || mxw_lookup_is_settled(answer))
		return;
	bool is_domain = type == MXW_TYPE_TXT && strcmp(name, view->target->domain) == 0;
	mxw_lookup_judge(findings, name, type, answer, is_domain);
	if (!is_about_domain(answer))
		return;
	struct mxw_finding *finding = mxw_judge_yes(&view->judge, MXW_SPF_ROW_TEMPERROR, name);
	mxw_finding_set(findings, finding, "name", name);
	mxw_finding_set(findings, finding, "type", mxw_rrtype_name(type, buffer));
	mxw_finding_set(findings, finding, "outcome", mxw_outcome_name(answer->outcome));
	mxw_finding_cite(findings, finding, name, type);
	mxw_finding_setf(findings, finding, "otherwise", "%s", via ? mxw_spf_fix_line_without(view, node, via) : "");
}

void mxw_spf_judge_failures(const struct mxw_spf_view *view)
{
	const struct mxw_answer *answers[2];
	uint16_t types[2];
	judge_failure(view, NULL, NULL, view->target->domain, MXW_TYPE_TXT);
	for (const struct mxw_spf_node *node = NULL; (node = mxw_spf_tree_next(&view->tree, node));)
		for (size_t i = 0; i < node->n_branches; i++) {
			const struct mxw_spf_branch *branch = &node->branches[i];
			size_t n = is_asked(branch) ? own_answers(view, branch, answers, types) : 0;
			for (size_t k = 0; k < n; k++)
				judge_failure(view, node, branch, branch->target, types[k]);
		}
	for (size_t i = 0; i < view->senders.n; i++) {
		const struct mxw_spf_evaluation *evaluation = &view->senders.items[i].spf.evaluation;
		if (evaluation->problem == MXW_SPF_LOOKUP_FAILED)
			judge_failure(view, NULL, NULL, mxw_strbuf_get(&evaluation->failed_name),
				      evaluation->failed_type);
	}
}
