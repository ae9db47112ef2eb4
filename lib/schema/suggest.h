/* What a misspelt word may have meant. */
#pragma once

#include <stddef.h>

#include "lib/base/diag.h"
#include "lib/base/strbuf.h"

/* Appends `did you mean "x"?`, or when no candidate is near `otherwise`, or when that is NULL "expected one of a, b".
 * Nothing is searched once `diags` is full: only the count of errors matters then, and there may be millions. */
void mxw_suggest(struct mxw_strbuf *ret, const char *word, const char *const *candidates, size_t n,
		 const char *otherwise, const struct mxw_diags *diags);
