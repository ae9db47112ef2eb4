/* Records without what is wrong with them; see spf_fix.h. The shortest equivalent is in spf_shorten.c. */
#include "lib/check/spf_fix.h"

#include <string.h>

#include "lib/check/spf_correct.h"

/* ---- whose record ---- */

bool mxw_spf_fix_is_ours(const struct mxw_spf_view *view, const struct mxw_spf_node *node)
{
	return strcmp(mxw_target_org_domain(node->domain), mxw_target_org_domain(view->target->domain)) == 0;
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

static unsigned ttl_of(const struct mxw_spf_node *node)
{
	uint32_t ttl = 0;
	for (size_t i = 0; node->txt && i < node->txt->n_rrs; i++)
		ttl = MXW_MAX(ttl, node->txt->rrs[i].ttl);
	return ttl;
}

void mxw_spf_fix_set(const struct mxw_spf_view *view, struct mxw_finding *finding, const struct mxw_spf_node *node,
		     const struct mxw_spf_draft *draft)
{
	struct mxw_findings *findings = view->judge.findings;
	mxw_finding_set(findings, finding, "owner", node->domain);
	mxw_finding_setf(findings, finding, "ttl", "%u", ttl_of(node));
	mxw_finding_set(findings, finding, "record", mxw_spf_draft_write(draft));
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
	const char *split = node->has_all ? NULL : split_all(arena, &branch->term);
	mxw_spf_draft_read(draft, arena, node);
	mxw_spf_draft_replace(draft, slot, split ? split : "");
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
	struct mxw_findings *findings = view->judge.findings;
	const struct mxw_spf_branch *dropped = branch;
	const struct mxw_spf_node *ours = find_ours(view, node, &dropped);
	struct mxw_spf_draft draft;
	draft_without(view, ours, dropped, &draft);
	mxw_spf_fix_set(view, finding, ours, &draft);
	if (dropped == branch)
		mxw_finding_set(findings, finding, "note", "");
	else
		mxw_finding_setf(findings, finding, "note", " ; without \"%s\", until %s is corrected",
				 term_text(view, dropped), node->domain);
}

const char *mxw_spf_fix_line_without(const struct mxw_spf_view *view, const struct mxw_spf_node *node,
				     const struct mxw_spf_branch *branch)
{
	const struct mxw_spf_node *ours = find_ours(view, node, &branch);
	struct mxw_spf_draft draft;
	draft_without(view, ours, branch, &draft);
	return mxw_arena_textf(&view->judge.findings->arena, "%s. %u IN TXT %s ; until then, without \"%s\"",
			       ours->domain, ttl_of(ours), mxw_spf_draft_write(&draft), term_text(view, branch));
}

void mxw_spf_fix_corrected(const struct mxw_spf_view *view, struct mxw_finding *finding,
			   const struct mxw_spf_node *node, const struct mxw_spf_draft *corrected)
{
	bool is_others = node->parent && !mxw_spf_fix_is_ours(view, node);
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

const char *mxw_spf_fix_usual_senders(const struct mxw_spf_view *view)
{
	const char *senders = mxw_spf_fix_senders(view);
	return *senders ? senders : "mx";
}

const char *mxw_spf_fix_path(const struct mxw_spf_view *view, const struct mxw_spf_node *node)
{
	struct mxw_arena *arena = &view->judge.findings->arena;
	const char *path = node->domain;
	for (node = node->parent; node; node = node->parent)
		path = mxw_arena_textf(arena, "%s -> %s", node->domain, path);
	return path;
}
