/* What the judges of the check spf share: one resolver's view of one domain, read once. */
#pragma once

#include "lib/check/judge.h"
#include "lib/check/mx_set.h"
#include "lib/check/spf_findings.h"
#include "lib/check/spf_senders.h"
#include "lib/spf/tree.h"
#include "lib/target/target.h"

struct mxw_spf_view {
	struct mxw_judge judge;
	const struct mxw_target *target;
	const struct mxw_observation *observation;
	struct mxw_spf_tree tree;
	struct mxw_mx_set set; /* empty where the MX hosts are of no interest */
	struct mxw_spf_senders senders;
	enum mxw_choice send;
};

/* ---- check_spf.c ---- */

/* A row at its highest severity for this domain, with {ttl} of the node's records and its TXT question as evidence. */
struct mxw_finding *mxw_spf_judge_yes(const struct mxw_spf_view *view, enum mxw_spf_row row, const char *subject,
				      const struct mxw_spf_node *node);
/* A YES row of this key is there already. A record can name the same thing thousands of times. */
bool mxw_spf_is_told(const struct mxw_spf_view *view, enum mxw_spf_row row, const char *subject);
/* Unknown at that severity. */
void mxw_spf_judge_unknown(const struct mxw_spf_view *view, enum mxw_spf_row row, const char *subject);
/* What the row weighs at worst: a domain that sends no mail loses none when its record is broken. */
enum mxw_severity mxw_spf_severity(const struct mxw_spf_view *view, enum mxw_spf_row row);

/* Sets a placeholder to text of strangers, escaped and not too long. */
void mxw_spf_set_text(const struct mxw_spf_view *view, struct mxw_finding *finding, const char *key, const char *text,
		      size_t n);

/* ---- spf_txt_findings.c: the TXT records beside it ---- */

/* There is no SPF record. */
void mxw_spf_judge_none(const struct mxw_spf_view *view);
void mxw_spf_judge_answer(const struct mxw_spf_view *view);
void mxw_spf_judge_type99(const struct mxw_spf_view *view);

/* ---- spf_tree_findings.c: what is wrong with records, own and included ---- */

void mxw_spf_judge_tree(const struct mxw_spf_view *view);
/* The failed lookups, whatever else is known. */
void mxw_spf_judge_failures(const struct mxw_spf_view *view);
/* The organisational domain at the end of the aliases, if the registry above it denies it; NULL. */
const char *mxw_spf_unregistered_org(const struct mxw_answer *answer, const char *name);

/* ---- spf_limit_findings.c: what the records cost ---- */

void mxw_spf_judge_limits(const struct mxw_spf_view *view);

/* ---- spf_policy_findings.c: what the domain's own record says ---- */

void mxw_spf_judge_policy(const struct mxw_spf_view *view);

/* ---- spf_network_findings.c: whom it lists; 0 or -ENOMEM ---- */

int mxw_spf_judge_networks(const struct mxw_spf_view *view);
/* Asks for the addresses of MX hosts around which a term authorises a wide network. */
void mxw_spf_ask_networks(const struct mxw_spf_tree *tree, const struct mxw_observation *observation,
			  struct mxw_missing *missing);

/* ---- spf_sender_findings.c: hosts that send ---- */

void mxw_spf_judge_senders(const struct mxw_spf_view *view);
void mxw_spf_judge_helo(const struct mxw_spf_view *view);

/* ---- walking the own record ---- */

/* The record that the node's redirect leads to; NULL if there is none that counts. */
static inline const struct mxw_spf_node *mxw_spf_redirected(const struct mxw_spf_node *node)
{
	for (size_t i = 0; i < node->n_branches; i++)
		if (node->branches[i].term.kind == MXW_SPF_REDIRECT && node->branches[i].child)
			return node->branches[i].child;
	return NULL;
}

/* A mechanism that is evaluated when its turn comes. */
static inline bool mxw_spf_branch_is_live(const struct mxw_spf_branch *branch)
{
	return !branch->is_dead && !mxw_spf_kind_is_modifier(branch->term.kind);
}

/* The first term of this kind that is not dead; n_branches if there is none. */
static inline size_t mxw_spf_find_term(const struct mxw_spf_node *node, enum mxw_spf_kind kind)
{
	size_t i = 0;
	while (i < node->n_branches && (node->branches[i].term.kind != kind || node->branches[i].is_dead))
		i++;
	return i;
}
