/* One form for all spellings of a record or term that mean the same (RFC 7208 4.6.1, 4.6.2, 7.3, 12): lower case but for macro
 * letters, which say by their case whether their value is URL-escaped; one space between terms and none around them; no "+"
 * before a mechanism. Other equivalents (the order of terms, forms of an address) stay apart. */
#pragma once

#include <stddef.h>

#include "lib/base/strbuf.h"

/* Appends it. `text` may be no well-formed SPF: raw octets pass. */
void mxw_spf_normalise(const char *text, size_t n, struct mxw_strbuf *ret);
