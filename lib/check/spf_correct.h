/* What people write in place of SPF, and what they meant. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/strbuf.h"
#include "lib/dns/answer.h"
#include "lib/finding/severity.h"

/* The corrected record, if the text is no SPF record but was surely meant to be one; false otherwise. Its terms are left as
 * they are. */
bool mxw_spf_correct_version(const char *text, size_t n, struct mxw_strbuf *ret);

/* The well-formed term, or two of them with a space between, that was surely meant by a text without spaces which is no
 * term ("ipv4:192.0.2.1", "ip4:192.0.2.1-all"); false if there is none. A term that is well-formed stays octet for
 * octet, but for modifiers that nobody knows and that have the name of a mechanism ("include=example.com"), and for an "all"
 * that lets everybody pass: no correction shall bring it about. */
bool mxw_spf_correct_term(const char *text, size_t n, struct mxw_strbuf *ret);

/* The text ends in an "all" that lacks the space before it; *ret is where it begins. */
bool mxw_spf_find_glued_all(const char *text, size_t n, size_t *ret);

/* A modifier that nobody knows with the name of a mechanism: legal, ignored, and never meant. */
bool mxw_spf_is_false_modifier(const char *text, size_t n);

/* Says whether two terms were meant where the joined one is well-formed too: "a:example.com" "mx". */
struct mxw_spf_glue_judge {
	/* `token`: the first term (`n_first` octets) and the second behind it, `n` octets together. */
	enum mxw_vote (*is_split)(void *context, const char *token, size_t n_first, size_t n);
	void *context;
};

/* The record with spaces where character-strings were joined to one term that was meant to be two (RFC 7208 3.3). NO if
 * there is no such place; *ret_token is the first joined term. `judge` may be NULL: then well-formed joined terms are what
 * was meant, unless no name looks like them. */
enum mxw_vote mxw_spf_correct_glue(const struct mxw_rr *rr, const struct mxw_spf_glue_judge *judge,
				   struct mxw_strbuf *ret, struct mxw_strbuf *ret_token);
