/* Proposals of the check spf: corrected records in zone-file form, never phrases. */
#pragma once

#include "lib/check/spf_draft.h"
#include "lib/check/spf_view.h"

/* The domain's own organisation publishes the record, or could: that of the domain itself. */
bool mxw_spf_fix_is_ours(const struct mxw_spf_view *view, const struct mxw_spf_node *node);

/* The record, RDATA in zone-file form, as the one of the node: at the end of its aliases. In the arena of the findings. */
const char *mxw_spf_fix_line(const struct mxw_spf_view *view, const struct mxw_spf_node *node, const char *record);
/* {line}: the draft in place of the node's record; {owner}: the node. A domain that sends no mail publishes "v=spf1 -all",
 * whatever is wrong. */
void mxw_spf_fix_set(const struct mxw_spf_view *view, struct mxw_finding *finding, const struct mxw_spf_node *node,
		     const struct mxw_spf_draft *draft);

/* {line}: words in place of a record, where there is none to propose; without {note}. */
void mxw_spf_fix_set_words(const struct mxw_spf_view *view, struct mxw_finding *finding, const char *words);
/* {note}, what is said behind the record; nothing where the domain sends no mail. */
void mxw_spf_fix_set_note(const struct mxw_spf_view *view, struct mxw_finding *finding, const char *note);

/* YES with the record as it was meant, if spaces lack between its character-strings; *ret_token (may be NULL) is the first
 * joined term. */
enum mxw_vote mxw_spf_fix_glue(const struct mxw_spf_view *view, const struct mxw_spf_node *node,
			       struct mxw_spf_draft *ret, struct mxw_strbuf *ret_token);

/* The same and {note} for a term at fault: the record without it. Where the term stands in a record of others: the domain's
 * own record without what leads there. */
void mxw_spf_fix_without(const struct mxw_spf_view *view, struct mxw_finding *finding, const struct mxw_spf_node *node,
			 const struct mxw_spf_branch *branch);

/* {record} and {otherwise} for a record at fault: the corrected one; and if it belongs to others, the domain's own without
 * what leads there. */
void mxw_spf_fix_corrected(const struct mxw_spf_view *view, struct mxw_finding *finding,
			   const struct mxw_spf_node *node, const struct mxw_spf_draft *corrected);
/* One line: the domain's own record without the term, or without what leads to the record in which it stands. */
const char *mxw_spf_fix_line_without(const struct mxw_spf_view *view, const struct mxw_spf_node *node,
				     const struct mxw_spf_branch *branch);

/* The addresses that a term `a` or `mx` stands for, as terms; NULL if they are not all known, or too many. In the arena of
 * the findings. */
const char *mxw_spf_fix_addresses(const struct mxw_spf_view *view, const struct mxw_spf_branch *branch);

/* "ip4:192.0.2.1" of the sender; in the arena of the findings. */
const char *mxw_spf_fix_sender(const struct mxw_spf_view *view, const struct mxw_spf_sender *sender);

/* "ip4:192.0.2.1 ip6:2001:db8::1" of the declared senders; "" without. In the arena of the findings. */
const char *mxw_spf_fix_senders(const struct mxw_spf_view *view);

/* What takes the place of a term that let too many pass: the declared senders, or "mx" in the domain's own record where
 * nobody is declared; "" in records of others. */
const char *mxw_spf_fix_usual_senders(const struct mxw_spf_view *view, const struct mxw_spf_node *node);

/* The records from the root to the node: "example.com -> a.example.org". In the arena of the findings. */
const char *mxw_spf_fix_path(const struct mxw_spf_view *view, const struct mxw_spf_node *node);

/* {line} and {note}: the shortest equivalent of the domain's own record: without what leads nowhere, with addresses in place
 * of `a` and `mx`, and, where that does not bring it down to `goal` lookups and `may_inline` says so, with the networks of
 * included records in place of the includes. Only what the answers show is put in place. */
void mxw_spf_fix_shorten(const struct mxw_spf_view *view, struct mxw_finding *finding, unsigned goal, bool may_inline);

/* {record} and {note}: what "all" makes ineffective comes before it, where that makes nothing worse. */
void mxw_spf_fix_after_all(const struct mxw_spf_view *view, struct mxw_finding *finding,
			   const struct mxw_spf_node *node);
/* Asks for what decides that. */
int mxw_spf_fix_ask_after_all(const struct mxw_spf_tree *tree, const struct mxw_observation *observation,
			      struct mxw_missing *missing);

/* What can take the place of a term `mx` with too many hosts: their addresses, and `a` for hosts whose addresses are not
 * known, as far as the limit of lookups allows; *ret_lost: the hosts that are left, "" when none is. NULL if there is nothing.
 * In the arena of the findings. */
const char *mxw_spf_fix_exchanges(const struct mxw_spf_view *view, const struct mxw_spf_branch *branch,
				  const char **ret_lost);
/* Asks for the addresses that are put in place: of records beyond the limit, and of too many MX hosts. */
void mxw_spf_fix_ask(const struct mxw_spf_tree *tree, const struct mxw_target *target,
		     const struct mxw_observation *observation, struct mxw_missing *missing);
