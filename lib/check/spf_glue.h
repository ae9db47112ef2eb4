/* Character-strings of a record that lack a space at their boundary, as one resolver sees it (RFC 7208 3.3). */
#pragma once

#include "lib/base/strbuf.h"
#include "lib/finding/severity.h"
#include "lib/observation/observation.h"
#include "lib/spf/tree.h"

/* YES: *ret is the record with spaces put in, *ret_token the first joined term. A joined term that can be read as one counts
 * only when its name is proven not to be there and the name without the second term is. `missing` may be NULL; else it takes
 * the questions that are left. */
enum mxw_vote mxw_spf_glue_read(const struct mxw_spf_node *node, const struct mxw_observation *observation,
				struct mxw_missing *missing, struct mxw_strbuf *ret, struct mxw_strbuf *ret_token);
