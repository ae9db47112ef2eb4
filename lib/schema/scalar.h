/* Scalars of the document as values, and the words for what was found instead.
 *
 * Only plain scalars can be null, boolean or number; nothing is guessed: `yes` is text, `010` and `1e3` are no numbers
 * (faults.md I3). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/strbuf.h"
#include "lib/schema/yaml.h"

/* A plain scalar that stands for nothing: empty, "~" or "null". False for collections. */
bool mxw_scalar_is_null(const struct mxw_node *node);

/* A strict decimal: -?(0|[1-9][0-9]*). -EINVAL if the text is none, -ERANGE if it does not fit. */
int mxw_integer_parse(const char *text, int64_t *ret);

/* What a node is, for messages: `a list`, `a mapping`, `nothing`, `text "x"`, `quoted text "5"`. */
void mxw_node_describe(const struct mxw_node *node, struct mxw_strbuf *ret);

/* Text in double quotes, cut after 60 octets. */
void mxw_quote(struct mxw_strbuf *ret, const char *text);

/* The error "KEY: found a list, expected EXPECTED". */
void mxw_node_mismatch(const struct mxw_node *node, const char *key, const char *expected, struct mxw_diags *diags);
/* The node's text; NULL and a mismatch in diags for collections and null. Borrowed. */
const char *mxw_node_text(const struct mxw_node *node, const char *key, const char *expected, struct mxw_diags *diags);
