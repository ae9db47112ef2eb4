/* The SPF records of a domain with all that they include, for people and for programs: read from the answers of a round, as one
 * resolver gave them. Judges nothing: that is the check's work. */
#pragma once

#include <jansson.h>

#include "lib/report/print.h"
#include "lib/report/report.h"
#include "lib/spf/tree.h"

/* The tree of the first resolver with a vote that knows all of it; else of the first one that knows the domain's own record;
 * else of the first one that was asked. True with *ret_view and *tree, which is zero-initialised before and the caller's to end;
 * false if there is none: the check spf is not part of the round, nobody has a vote or has answered. *ret_failed is set when
 * memory ran out, and only then. */
bool mxw_report_spf_tree_find(const struct mxw_round *round, struct mxw_spf_tree *tree, size_t *ret_view,
			      bool *ret_failed);

/* Lines under the tag "spf"; nothing if the domain has no SPF record. The number before a term is its place among those that
 * cost a lookup, in the order of evaluation:
 *
 *	  spf       3 of 10 lookups, 1 of 2 void, as 9.9.9.9 sees it
 *	             1  include:_spf.example.net
 *	                  ip4 x 12
 *	             2    a:old.example.net  (void)
 *	                  -all
 *	             3  mx
 *	                -all
 */
void mxw_report_spf_tree_print(const struct mxw_print *print, const struct mxw_round *round,
			       const struct mxw_report_context *context);

/* The object of the key "tree" of `mxwatch check --format json`, or null; NULL when out of memory. */
json_t *mxw_report_spf_tree_json(const struct mxw_round *round, const struct mxw_report_context *context);

/* "good", "none", "multiple", "syntax", "loop", "unknown", "unasked". Static. */
const char *mxw_report_spf_state_word(enum mxw_spf_node_state state);
