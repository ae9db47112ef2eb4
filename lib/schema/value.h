/* One value read from one node by its row: the part of option.h that knows types. Used by option.c only. */
#pragma once

#include "lib/schema/option.h"

enum { MXW_VALUE_TOLD = 1 }; /* the node does not fit the row; diags says so */

/* Reads `node` into the zeroed *ret (is_given and position are the caller's). 0, MXW_VALUE_TOLD or -ENOMEM; on a
 * failure *ret may be half-built and wants mxw_value_done. */
int mxw_value_read(struct mxw_value *ret, const struct mxw_option *option, const struct mxw_node *node, const char *key,
		   struct mxw_diags *diags);
void mxw_value_done(struct mxw_value *value);

/* What a row expects, in words: "a number from 1 to 100". */
void mxw_option_expected(const struct mxw_option *option, struct mxw_strbuf *ret);
