/* Records without what is wrong with them; see spf_fix.h. The shortest equivalent is in spf_shorten.c. */
#include "lib/check/spf_fix.h"

#include <string.h>

#include "lib/base/escape.h"
#include "lib/check/place.h"
#include "lib/check/spf_correct.h"
#include "lib/check/spf_glue.h"

/* ---- whose record ---- */

bool mxw_spf_fix_is_ours(const struct mxw_spf_view *view, const struct mxw_spf_node *node)
{
	const char *end = mxw_place_end(node->domain, node->txt);
	return !node->parent || strcmp(mxw_target_org_domain(end), mxw_target_org_domain(view->target->domain)) == 0;
}

/* The innermost record of our own on the way to the node, and in *ret_branch its term that leads on. */
static const struct mxw_spf_node *find_ours(const struct mxw_spf_view *view, const struct mxw_spf_node *node,
					    const struct mxw_spf_branch **ret_branch)
{
	while (node->parent && !mxw_spf_fix_is_ours(view, node)) {
		*ret_branch = node->via;
		node = node->parent;
	}
	return node;
}

const char *mxw_spf_fix_line(const struct mxw_spf_view *view, const struct mxw_spf_node *node, const char *record)
{
	struct mxw_place place = mxw_place_of(node->domain, node->txt);
	if (node->parent) /* our own domain can do without its alias; what it includes is where it is */
		place = (struct mxw_place){ mxw_place_end(node->domain, node->txt), "", place.ttl };
	return mxw_arena_textf(&view->judge.findings->arena, "%s. %u IN TXT %s%s", place.owner, place.ttl, record,
			       place.instead);
}

/* The record, softened where we know of nobody who may still send. */
static const char *write_safely(const struct mxw_spf_view *view, const struct mxw_spf_draft *draft,
				const char **ret_note)
{
	struct mxw_arena *arena = &view->judge.findings->arena;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf lost = MXW_STRBUF_INIT;
	struct mxw_spf_draft safe = *draft;
	*ret_note = "";
	mxw_escape_line(&lost, draft->lost, strlen(draft->lost), 0);
	bool is_softened = mxw_spf_draft_soften(&safe);
	if (is_softened && lost.len)
		*ret_note = mxw_arena_textf(arena, "without \"%s\" nobody is left who may send: list those that do",
					    mxw_strbuf_get(&lost));
	else if (is_softened)
		*ret_note = "nobody is left who may send: list those that do";
	arena->failed |= mxw_strbuf_failed(&lost);
	return mxw_spf_draft_write(&safe);
}

void mxw_spf_fix_set(const struct mxw_spf_view *view, struct mxw_finding *finding, const struct mxw_spf_node *node,
		     const struct mxw_spf_draft *draft)
{
	struct mxw_findings *findings = view->judge.findings;
	bool is_silent = view->send == MXW_NO;
	node = is_silent ? view->tree.root : node;
	const char *note = "", *record = is_silent ? MXW_SPF_SILENT_RECORD : write_safely(view, draft, &note);
	mxw_finding_set(findings, finding, "owner", node->domain);
	mxw_finding_set(findings, finding, "line", mxw_spf_fix_line(view, node, record));
	mxw_spf_fix_set_note(view, finding, note);
}

void mxw_spf_fix_set_words(const struct mxw_spf_view *view, struct mxw_finding *finding, const char *words)
{
	mxw_finding_setf(view->judge.findings, finding, "line", "; %s", words);
	mxw_finding_set(view->judge.findings, finding, "note", "");
}

void mxw_spf_fix_set_note(const struct mxw_spf_view *view, struct mxw_finding *finding, const char *note)
{
	mxw_finding_setf(view->judge.findings, finding, "note", "%s%s", *note && view->send != MXW_NO ? " ; " : "",
			 view->send != MXW_NO ? note : "");
}

/* ---- glue ---- */

/* Spaces are put in first: what was glued must not be taken for a mistake of spelling. */
enum mxw_vote mxw_spf_fix_glue(const struct mxw_spf_view *view, const struct mxw_spf_node *node,
			       struct mxw_spf_draft *ret, struct mxw_strbuf *ret_token)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT, token = MXW_STRBUF_INIT;
	struct mxw_arena *arena = &view->judge.findings->arena;
	enum mxw_vote vote = mxw_spf_glue_read(node, view->observation, NULL, &text, ret_token ? ret_token : &token);
	if (vote == MXW_VOTE_YES)
		mxw_spf_draft_correct(ret, arena, mxw_strbuf_get(&text), text.len);
	arena->failed |= mxw_strbuf_failed(&text) || mxw_strbuf_failed(&token);
	return vote;
}

/* A boundary of character-strings is inside the term. */
static bool spans_boundary(const struct mxw_spf_node *node, const struct mxw_spf_term *term)
{
	size_t boundary = 0, begin = (size_t)(term->text - node->text);
	for (size_t at = 0; node->rr && at < node->rr->n_rdata; at += 1u + node->rr->rdata[at]) {
		if (boundary > begin && boundary < begin + term->n_text)
			return true;
		boundary += node->rr->rdata[at];
	}
	return false;
}

/* ---- without a term ---- */

/* The term with the space that lacks before its "all"; NULL for any other. */
static const char *split_all(struct mxw_arena *arena, const struct mxw_spf_term *term)
{
	struct mxw_spf_term first;
	struct mxw_spf_error error;
	size_t at;
	if (!mxw_spf_find_glued_all(term->text, term->n_text, &at) ||
	    mxw_spf_term_parse(term->text, at, &first, &error) != 0)
		return NULL;
	return mxw_arena_textf(arena, "%.*s %.*s", (int)at, term->text, (int)(term->n_text - at), term->text + at);
}

static void draft_without(const struct mxw_spf_view *view, const struct mxw_spf_node *node,
			  const struct mxw_spf_branch *branch, struct mxw_spf_draft *draft)
{
	struct mxw_arena *arena = &view->judge.findings->arena;
	size_t slot = (size_t)(branch - node->branches);
	if (spans_boundary(node, &branch->term) && mxw_spf_fix_glue(view, node, draft, NULL) == MXW_VOTE_YES)
		return;
	const char *split = node->has_all ? NULL : split_all(arena, &branch->term);
	mxw_spf_draft_read(draft, arena, node);
	mxw_spf_draft_replace(draft, slot, split ? split : "");
	if (!split)
		mxw_spf_draft_lose(draft, branch->term.text, branch->term.n_text);
	if (branch->term.kind == MXW_SPF_REDIRECT && !node->has_all && !split)
		mxw_spf_draft_append(draft, "~all", 4); /* the policy that it led to is missing now */
}

static const char *term_text(const struct mxw_spf_view *view, const struct mxw_spf_branch *branch)
{
	return mxw_arena_textn(&view->judge.findings->arena, branch->term.text, branch->term.n_text);
}

void mxw_spf_fix_without(const struct mxw_spf_view *view, struct mxw_finding *finding, const struct mxw_spf_node *node,
			 const struct mxw_spf_branch *branch)
{
	const struct mxw_spf_branch *dropped = branch;
	const struct mxw_spf_node *ours = find_ours(view, node, &dropped);
	struct mxw_spf_draft draft;
	draft_without(view, ours, dropped, &draft);
	mxw_spf_fix_set(view, finding, ours, &draft);
	if (dropped != branch)
		mxw_spf_fix_set_note(view, finding,
				     mxw_arena_textf(&view->judge.findings->arena,
						     "without \"%s\", until %s is corrected", term_text(view, dropped),
						     node->domain));
}

const char *mxw_spf_fix_line_without(const struct mxw_spf_view *view, const struct mxw_spf_node *node,
				     const struct mxw_spf_branch *branch)
{
	const struct mxw_spf_node *ours = find_ours(view, node, &branch);
	struct mxw_spf_draft draft;
	const char *note;
	if (view->send == MXW_NO)
		return mxw_spf_fix_line(view, view->tree.root, MXW_SPF_SILENT_RECORD);
	draft_without(view, ours, branch, &draft);
	return mxw_arena_textf(&view->judge.findings->arena, "%s ; until then, without \"%s\"",
			       mxw_spf_fix_line(view, ours, write_safely(view, &draft, &note)),
			       term_text(view, branch));
}

void mxw_spf_fix_corrected(const struct mxw_spf_view *view, struct mxw_finding *finding,
			   const struct mxw_spf_node *node, const struct mxw_spf_draft *corrected)
{
	bool is_others = view->send != MXW_NO && node->parent && !mxw_spf_fix_is_ours(view, node);
	mxw_spf_fix_set(view, finding, node, corrected);
	mxw_finding_set(view->judge.findings, finding, "otherwise",
			is_others ? mxw_spf_fix_line_without(view, node->parent, node->via) : "");
}

/* ---- texts ---- */

const char *mxw_spf_fix_sender(const struct mxw_spf_view *view, const struct mxw_spf_sender *sender)
{
	return mxw_arena_textf(&view->judge.findings->arena, "ip%u:%s", sender->ip.family, sender->text);
}

const char *mxw_spf_fix_senders(const struct mxw_spf_view *view)
{
	struct mxw_arena *arena = &view->judge.findings->arena;
	const struct mxw_profile *profile = view->target->profile;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	char ip[MXW_IP_TEXT_MAX];
	for (size_t i = 0; i < profile->n_send_ip; i++) {
		mxw_ip_format(&profile->send_ip[i], ip);
		mxw_strbuf_addf(&text, "%sip%u:%s", i ? " " : "", profile->send_ip[i].family, ip);
	}
	arena->failed |= mxw_strbuf_failed(&text);
	return mxw_arena_text(arena, mxw_strbuf_get(&text));
}

const char *mxw_spf_fix_usual_senders(const struct mxw_spf_view *view, const struct mxw_spf_node *node)
{
	const char *senders = mxw_spf_fix_is_ours(view, node) ? mxw_spf_fix_senders(view) : "";
	return *senders || node->parent ? senders : "mx";
}

const char *mxw_spf_fix_path(const struct mxw_spf_view *view, const struct mxw_spf_node *node)
{
	struct mxw_arena *arena = &view->judge.findings->arena;
	const char *path = node->domain;
	for (node = node->parent; node; node = node->parent)
		path = mxw_arena_textf(arena, "%s -> %s", node->domain, path);
	return path;
}
