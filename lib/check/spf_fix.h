/* Proposals of the check spf: corrected records in zone-file form, never phrases. */
#pragma once

#include "lib/check/spf_draft.h"
#include "lib/check/spf_view.h"

/* The domain's own organisation publishes the record. */
bool mxw_spf_fix_is_ours(const struct mxw_spf_view *view, const struct mxw_spf_node *node);

/* {owner}, {ttl} and {record}: the draft in place of the node's record. */
void mxw_spf_fix_set(const struct mxw_spf_view *view, struct mxw_finding *finding, const struct mxw_spf_node *node,
		     const struct mxw_spf_draft *draft);

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

/* The same, or "mx" where nobody is declared: in place of what let everybody pass. */
const char *mxw_spf_fix_usual_senders(const struct mxw_spf_view *view);

/* The records from the root to the node: "example.com -> a.example.org". In the arena of the findings. */
const char *mxw_spf_fix_path(const struct mxw_spf_view *view, const struct mxw_spf_node *node);

/* {owner}, {ttl}, {record}, {cost}: the shortest equivalent of the domain's own record: without what leads nowhere, with
 * addresses in place of `a` and `mx`, and, where that does not bring it down to `goal` lookups and `may_inline` says so, with
 * the networks of included records in place of the includes. Only what the answers show is put in place. */
void mxw_spf_fix_shorten(const struct mxw_spf_view *view, struct mxw_finding *finding, unsigned goal, bool may_inline);
/* Asks for the addresses that are put in place: of records beyond the limit. */
void mxw_spf_fix_ask(const struct mxw_spf_tree *tree, const struct mxw_target *target,
		     const struct mxw_observation *observation, struct mxw_missing *missing);
