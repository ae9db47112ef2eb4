/* The networks of the domain's own record, and of those that it redirects to: all addresses, too many, none that mail comes
 * from; see spf_view.h. */
#include <errno.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/check/lookup.h"
#include "lib/check/provider.h"
#include "lib/check/spf_fix.h"
#include "lib/check/spf_reach.h"

enum { MAX_REACH = 1 << 20 }; /* IPv4 addresses of all networks together */

/* ---- networks ---- */

static bool is_network(const struct mxw_spf_branch *branch)
{
	return mxw_spf_branch_is_live(branch) && branch->term.qualifier == '+' &&
	       (branch->term.kind == MXW_SPF_IP4 || branch->term.kind == MXW_SPF_IP6);
}

/* The special-purpose block that holds the whole network; NULL if there is none. */
static const char *block_of(const struct mxw_spf_term *term)
{
	struct mxw_ip first = term->network, last = term->network;
	for (unsigned i = mxw_spf_network_bits(term); i < (first.family == 4 ? 32u : 128u); i++) {
		first.bytes[i / 8] &= (uint8_t) ~(0x80u >> i % 8);
		last.bytes[i / 8] |= (uint8_t)(0x80u >> i % 8);
	}
	const char *block = mxw_ip_special_block(&first);
	return block && block == mxw_ip_special_block(&last) ? block : NULL;
}

/* "ip4:20.0.0.0/8", host bits cleared: the same for every way to write it. */
static const char *network_text(const struct mxw_spf_view *view, const struct mxw_spf_term *term)
{
	struct mxw_ip ip = term->network;
	char text[MXW_IP_TEXT_MAX];
	unsigned bits = mxw_spf_network_bits(term);
	for (unsigned i = bits; i < (ip.family == 4 ? 32u : 128u); i++)
		ip.bytes[i / 8] &= (uint8_t) ~(0x80u >> i % 8);
	mxw_ip_format(&ip, text);
	return mxw_arena_textf(&view->judge.findings->arena, "ip%u:%s/%u", ip.family, text, bits);
}

/* ---- networks around hosts ---- */

/* `a/8`, `mx//16`: shorter than what is usual around a host. */
static bool is_wide_host(const struct mxw_spf_branch *branch, unsigned family)
{
	bool is_host = branch->term.kind == MXW_SPF_A || branch->term.kind == MXW_SPF_MX;
	return is_host && branch->target && mxw_spf_branch_is_live(branch) &&
	       mxw_spf_term_is_wide(&branch->term, family);
}

static enum mxw_vote has_address(const struct mxw_spf_view *view, const char *name, unsigned family)
{
	const struct mxw_answer *answer = mxw_observation_get(view->observation, name,
							      family == 4 ? MXW_TYPE_A : MXW_TYPE_AAAA);
	if (mxw_lookup_is(answer, MXW_OUTCOME_ANSWER))
		return MXW_VOTE_YES;
	return mxw_lookup_is_settled(answer) ? MXW_VOTE_NO : MXW_VOTE_UNKNOWN;
}

/* The term has an address of the family around which it authorises. */
static enum mxw_vote is_reaching(const struct mxw_spf_view *view, const struct mxw_spf_branch *branch, unsigned family)
{
	enum mxw_vote vote = MXW_VOTE_NO;
	if (branch->term.kind == MXW_SPF_A)
		return has_address(view, branch->target, family);
	const struct mxw_answer *mx = mxw_observation_get(view->observation, branch->target, MXW_TYPE_MX);
	if (!mxw_lookup_is_settled(mx))
		return MXW_VOTE_UNKNOWN;
	for (size_t i = 0; i < mx->n_rrs && i < MXW_SPF_MAX_MX; i++)
		if (!mxw_name_is_root(mx->rrs[i].name))
			vote = MXW_MAX(vote, has_address(view, mx->rrs[i].name, family));
	return vote;
}

void mxw_spf_ask_networks(const struct mxw_spf_tree *tree, const struct mxw_observation *observation,
			  struct mxw_missing *missing)
{
	size_t n_asked = 0;
	for (const struct mxw_spf_node *node = tree->root; node; node = mxw_spf_redirected(node))
		for (size_t i = 0; i < node->n_branches && n_asked < MXW_SPF_MAX_LOOKUPS; i++) {
			const struct mxw_spf_branch *branch = &node->branches[i];
			if (!is_wide_host(branch, 4) && !is_wide_host(branch, 6))
				continue;
			n_asked++;
			if (branch->term.kind == MXW_SPF_A) {
				mxw_observation_want(observation, missing, branch->target, MXW_TYPE_A);
				mxw_observation_want(observation, missing, branch->target, MXW_TYPE_AAAA);
				continue;
			}
			const struct mxw_answer *mx = mxw_observation_want(observation, missing, branch->target,
									   MXW_TYPE_MX);
			size_t n = mxw_lookup_is(mx, MXW_OUTCOME_ANSWER) ? mx->n_rrs : 0;
			for (size_t k = 0; k < n && k < MXW_SPF_MAX_MX; k++) {
				if (mxw_name_is_root(mx->rrs[k].name))
					continue;
				mxw_observation_want(observation, missing, mx->rrs[k].name, MXW_TYPE_A);
				mxw_observation_want(observation, missing, mx->rrs[k].name, MXW_TYPE_AAAA);
			}
		}
}

/* The term without its prefix lengths. */
static const char *bare_host(const struct mxw_spf_view *view, const struct mxw_spf_term *term)
{
	const char *slash = memchr(term->text, '/', term->n_text);
	return mxw_arena_textn(&view->judge.findings->arena, term->text,
			       slash ? (size_t)(slash - term->text) : term->n_text);
}

/* ---- everybody ---- */

/* One term that reaches all addresses of a family. */
static bool is_everybody(const struct mxw_spf_view *view, const struct mxw_spf_branch *branch, unsigned family)
{
	unsigned bits = family == 4 ? branch->term.bits4 : branch->term.bits6;
	return is_wide_host(branch, family) && !bits && is_reaching(view, branch, family) == MXW_VOTE_YES;
}

static void fix_pass_all(const struct mxw_spf_view *view, struct mxw_finding *finding, const struct mxw_spf_node *node)
{
	struct mxw_spf_draft draft;
	size_t all = mxw_spf_find_term(node, MXW_SPF_ALL), n_left = 0;
	mxw_spf_draft_read(&draft, &view->judge.findings->arena, node);
	for (size_t i = 0; i < node->n_branches; i++) {
		const struct mxw_spf_branch *branch = &node->branches[i];
		if (is_everybody(view, branch, 4) || is_everybody(view, branch, 6)) {
			mxw_spf_draft_replace(&draft, i, bare_host(view, &branch->term));
			n_left++;
		} else if (is_network(branch) && mxw_spf_network_bits(&branch->term) <= 1) {
			mxw_spf_draft_remove(&draft, i);
		} else {
			n_left += mxw_spf_branch_is_live(branch) && branch->term.kind != MXW_SPF_ALL;
		}
	}
	if (!node->has_all)
		mxw_spf_draft_append(&draft, "~all", 4);
	else if (node->all_qualifier == '+')
		mxw_spf_draft_replace(&draft, all, "~all");
	const char *senders = n_left ? "" : mxw_spf_fix_usual_senders(view, node);
	if (*senders)
		mxw_spf_draft_insert(&draft, node->has_all ? all : draft.n - 1, senders);
	mxw_spf_fix_set(view, finding, node, &draft);
	if (!node->has_all || node->all_qualifier == '+')
		mxw_spf_fix_set_note(view, finding, "and -all when all senders are listed");
}

static const struct mxw_spf_node *widest_node(const struct mxw_spf_view *view)
{
	const struct mxw_spf_node *widest = view->tree.root;
	unsigned least = 129;
	for (const struct mxw_spf_node *node = view->tree.root; node; node = mxw_spf_redirected(node))
		for (size_t i = 0; i < node->n_branches; i++)
			if (is_network(&node->branches[i]) && mxw_spf_network_bits(&node->branches[i].term) < least) {
				least = mxw_spf_network_bits(&node->branches[i].term);
				widest = node;
			}
	return widest;
}

/* The own record in which everybody passes by `all`; NULL if there is none. */
static const struct mxw_spf_node *find_pass_all(const struct mxw_spf_view *view)
{
	const struct mxw_spf_node *node = view->tree.root;
	while (node && node->all_qualifier != '+')
		node = mxw_spf_redirected(node);
	return node;
}

/* The first term of the own records that alone reaches everybody around a host; *ret_open: a failed lookup may hide one. */
static const struct mxw_spf_branch *find_host_pass_all(const struct mxw_spf_view *view,
						       const struct mxw_spf_node **ret_node, bool *ret_open)
{
	*ret_open = false;
	for (const struct mxw_spf_node *node = view->tree.root; node; node = mxw_spf_redirected(node))
		for (size_t i = 0; i < node->n_branches; i++)
			for (unsigned family = 4; family <= 6; family += 2) {
				const struct mxw_spf_branch *branch = &node->branches[i];
				*ret_node = node;
				if (is_everybody(view, branch, family))
					return branch;
				*ret_open |= is_wide_host(branch, family) &&
					     !(family == 4 ? branch->term.bits4 : branch->term.bits6) &&
					     is_reaching(view, branch, family) == MXW_VOTE_UNKNOWN;
			}
	return NULL;
}

static void judge_pass_all(const struct mxw_spf_view *view, struct mxw_spf_reach *all)
{
	unsigned family = mxw_spf_reach_covers(all);
	bool is_open;
	const struct mxw_spf_node *host_node, *node = find_pass_all(view);
	const struct mxw_spf_branch *host = find_host_pass_all(view, &host_node, &is_open);
	if (!family && !node && host) {
		struct mxw_finding *found = mxw_spf_judge_yes(view, MXW_SPF_ROW_PASS_ALL, view->target->domain,
							      host_node);
		mxw_spf_set_text(view, found, "term", host->term.text, host->term.n_text);
		mxw_finding_cite(view->judge.findings, found, host->target,
				 host->term.kind == MXW_SPF_MX ? MXW_TYPE_MX : MXW_TYPE_A);
		fix_pass_all(view, found, host_node);
	} else if (!family && !node && is_open) {
		mxw_spf_judge_unknown(view, MXW_SPF_ROW_PASS_ALL, view->target->domain);
	}
	if (!family && !node)
		return;
	const char *term = node          ? "+all"
			   : family == 4 ? "ip4 networks that are all addresses"
					 : "ip6 networks that are all addresses";
	node = node ? node : widest_node(view);
	struct mxw_finding *finding = mxw_spf_judge_yes(view, MXW_SPF_ROW_PASS_ALL, view->target->domain, node);
	mxw_finding_set(view->judge.findings, finding, "term", term);
	fix_pass_all(view, finding, node);
}

/* ---- many ---- */

/* The declared senders inside the network take its place. */
static void fix_broad(const struct mxw_spf_view *view, struct mxw_finding *finding, const struct mxw_spf_node *node,
		      size_t slot)
{
	const struct mxw_profile *profile = view->target->profile;
	const struct mxw_spf_term *term = &node->branches[slot].term;
	struct mxw_spf_draft draft;
	char text[MXW_IP_TEXT_MAX];
	const char *senders = "";
	mxw_spf_draft_read(&draft, &view->judge.findings->arena, node);
	for (size_t i = 0; i < profile->n_send_ip; i++) {
		if (!mxw_ip_in_prefix(&profile->send_ip[i], &term->network, mxw_spf_network_bits(term)))
			continue;
		mxw_ip_format(&profile->send_ip[i], text);
		senders = mxw_arena_textf(draft.arena, "%s%sip%u:%s", senders, *senders ? " " : "",
					  term->network.family, text);
	}
	mxw_spf_draft_replace(&draft, slot, senders);
	mxw_spf_fix_set(view, finding, node, &draft);
	mxw_spf_fix_set_note(view, finding, "list the hosts that send");
}

/* A term `a` or `mx` with a short prefix length. */
static void judge_broad_host(const struct mxw_spf_view *view, const struct mxw_spf_node *node, size_t slot,
			     unsigned family)
{
	struct mxw_findings *findings = view->judge.findings;
	const struct mxw_spf_branch *branch = &node->branches[slot];
	unsigned bits = family == 4 ? branch->term.bits4 : branch->term.bits6;
	enum mxw_vote vote = is_wide_host(branch, family) && bits ? is_reaching(view, branch, family) : MXW_VOTE_NO;
	struct mxw_spf_draft draft;
	if (vote == MXW_VOTE_NO)
		return;
	const char *text = mxw_arena_textf(&findings->arena, "%s:%s%s%u", mxw_spf_kind_name(branch->term.kind),
					   branch->target, family == 4 ? "/" : "//", bits);
	if (vote == MXW_VOTE_UNKNOWN) {
		mxw_spf_judge_unknown(view, MXW_SPF_ROW_TOO_BROAD, text);
		return;
	}
	if (mxw_spf_is_told(view, MXW_SPF_ROW_TOO_BROAD, text))
		return;
	struct mxw_finding *finding = mxw_spf_judge_yes(view, MXW_SPF_ROW_TOO_BROAD, text, node);
	if (finding == &findings->sink)
		return;
	mxw_spf_set_text(view, finding, "term", branch->term.text, branch->term.n_text);
	if (family == 4)
		mxw_finding_setf(findings, finding, "size", "%u IPv4 addresses", UINT32_C(1) << (32 - bits));
	else
		mxw_finding_setf(findings, finding, "size", "an IPv6 /%u", bits);
	mxw_spf_draft_read(&draft, &findings->arena, node);
	mxw_spf_draft_replace(&draft, slot, bare_host(view, &branch->term));
	mxw_spf_fix_set(view, finding, node, &draft);
	mxw_spf_fix_set_note(view, finding, "list the hosts that send");
}

static void judge_broad(const struct mxw_spf_view *view, const struct mxw_spf_node *node, size_t slot)
{
	struct mxw_findings *findings = view->judge.findings;
	const struct mxw_spf_term *term = &node->branches[slot].term;
	const char *text = network_text(view, term);
	unsigned bits = mxw_spf_network_bits(term);
	if (mxw_spf_is_told(view, MXW_SPF_ROW_TOO_BROAD, text))
		return;
	struct mxw_finding *finding = mxw_spf_judge_yes(view, MXW_SPF_ROW_TOO_BROAD, text, node);
	if (finding == &findings->sink)
		return;
	mxw_finding_set(findings, finding, "term", text);
	if (term->kind == MXW_SPF_IP4)
		mxw_finding_setf(findings, finding, "size", "%u IPv4 addresses", UINT32_C(1) << (32 - bits));
	else
		mxw_finding_setf(findings, finding, "size", "an IPv6 /%u", bits);
	fix_broad(view, finding, node, slot);
}

/* Too wide alone. All addresses are the business of spf-pass-all. */
static bool is_broad(const struct mxw_spf_term *term)
{
	return mxw_spf_network_bits(term) && mxw_spf_term_is_wide(term, term->network.family);
}

static void judge_many(const struct mxw_spf_view *view, struct mxw_spf_reach *narrow)
{
	uint64_t count = mxw_spf_reach_count4(narrow);
	const struct mxw_spf_node *node = widest_node(view);
	struct mxw_spf_draft draft;
	if (count <= MAX_REACH)
		return;
	struct mxw_finding *finding = mxw_spf_judge_yes(view, MXW_SPF_ROW_TOO_BROAD, view->target->domain, node);
	mxw_finding_setf(view->judge.findings, finding, "size", "%llu IPv4 addresses", (unsigned long long)count);
	mxw_finding_setf(view->judge.findings, finding, "term", "%zu networks together", narrow->n);
	mxw_spf_draft_read(&draft, &view->judge.findings->arena, node);
	for (size_t i = 0; i < node->n_branches; i++)
		if (is_network(&node->branches[i]) && node->branches[i].term.kind == MXW_SPF_IP4)
			mxw_spf_draft_remove(&draft, i);
	const char *senders = mxw_spf_fix_usual_senders(view, node);
	if (*senders)
		mxw_spf_draft_insert(&draft, mxw_spf_find_term(node, MXW_SPF_ALL), senders);
	mxw_spf_fix_set(view, finding, node, &draft);
	mxw_spf_fix_set_note(view, finding, "list the hosts that send");
}

/* ---- private ---- */

static bool is_private(const struct mxw_spf_branch *branch)
{
	bool is_address = branch->term.kind == MXW_SPF_IP4 || branch->term.kind == MXW_SPF_IP6;
	return is_address && mxw_spf_branch_is_live(branch) && block_of(&branch->term);
}

static bool holds_sender(const struct mxw_spf_view *view, const struct mxw_spf_term *term)
{
	const struct mxw_profile *profile = view->target->profile;
	for (size_t i = 0; i < profile->n_send_ip; i++)
		if (mxw_ip_in_prefix(&profile->send_ip[i], &term->network, mxw_spf_network_bits(term)))
			return true;
	return false;
}

static void judge_private(const struct mxw_spf_view *view, const struct mxw_spf_node *node, size_t slot)
{
	const struct mxw_spf_term *term = &node->branches[slot].term;
	struct mxw_spf_draft draft;
	if (!is_private(&node->branches[slot]))
		return;
	const char *text = network_text(view, term);
	if (mxw_spf_is_told(view, MXW_SPF_ROW_PRIVATE_IP, text))
		return;
	struct mxw_finding *finding = mxw_spf_judge_yes(view, MXW_SPF_ROW_PRIVATE_IP, text, node);
	if (finding == &view->judge.findings->sink) /* one of thousands: nobody reads its fix */
		return;
	mxw_finding_set(view->judge.findings, finding, "term", text);
	mxw_finding_set(view->judge.findings, finding, "block", block_of(term));
	if (holds_sender(view, term)) {
		mxw_spf_fix_set_words(view, finding, "keep it: a host of send_ip has an address there");
		return;
	}
	mxw_spf_draft_read(&draft, &view->judge.findings->arena, node);
	for (size_t i = 0; i < node->n_branches; i++)
		if (is_private(&node->branches[i]) && !holds_sender(view, &node->branches[i].term))
			mxw_spf_draft_remove(&draft, i);
	mxw_spf_fix_set(view, finding, node, &draft);
}

/* ---- all of them ---- */

int mxw_spf_judge_networks(const struct mxw_spf_view *view)
{
	MXW_CLEANUP(mxw_spf_reach_done) struct mxw_spf_reach all = { 0 }, narrow = { 0 };
	for (const struct mxw_spf_node *node = view->tree.root; node; node = mxw_spf_redirected(node)) {
		bool is_known = mxw_provider_is_known(node->domain, NULL);
		for (size_t i = 0; i < node->n_branches; i++) {
			const struct mxw_spf_term *term = &node->branches[i].term;
			judge_private(view, node, i);
			if (!is_known) {
				judge_broad_host(view, node, i, 4);
				judge_broad_host(view, node, i, 6);
			}
			if (!is_network(&node->branches[i]))
				continue;
			mxw_spf_reach_add(&all, &term->network, mxw_spf_network_bits(term));
			if (is_known || block_of(term)) /* spf-private-ip tells of those */
				continue;
			if (is_broad(term))
				judge_broad(view, node, i);
			else if (mxw_spf_network_bits(term))
				mxw_spf_reach_add(&narrow, &term->network, mxw_spf_network_bits(term));
		}
	}
	if (all.failed || narrow.failed)
		return -ENOMEM;
	judge_pass_all(view, &all);
	judge_many(view, &narrow);
	return 0;
}
