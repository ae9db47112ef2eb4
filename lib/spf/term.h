/* One term of an SPF record: a mechanism with its qualifier, or a modifier (RFC 7208 4.6.1, 12). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/ip.h"

enum mxw_spf_kind {
	MXW_SPF_ALL,
	MXW_SPF_INCLUDE,
	MXW_SPF_A,
	MXW_SPF_MX,
	MXW_SPF_PTR,
	MXW_SPF_IP4,
	MXW_SPF_IP6,
	MXW_SPF_EXISTS,
	MXW_SPF_REDIRECT, /* modifiers from here on */
	MXW_SPF_EXP,
	MXW_SPF_UNKNOWN_MODIFIER,
};

struct mxw_spf_term {
	enum mxw_spf_kind kind;
	char qualifier;   /* '+', '-', '~', '?'; '+' where none is written; '\0' for modifiers */
	const char *text; /* the whole term, borrowed from the record */
	size_t n_text;
	const char *spec; /* domain-spec, or macro-string of an unknown modifier; NULL if there is none */
	size_t n_spec;
	struct mxw_ip network; /* IP4, IP6; as written, host bits included */
	uint8_t bits4, bits6;  /* prefix lengths of A, MX, IP4 (bits4), IP6 (bits6); 32 and 128 where none is written */
};

/* Prefix length of a term IP4 or IP6. */
static inline unsigned mxw_spf_network_bits(const struct mxw_spf_term *term)
{
	return term->kind == MXW_SPF_IP4 ? term->bits4 : term->bits6;
}

static inline bool mxw_spf_kind_is_modifier(enum mxw_spf_kind kind)
{
	return kind >= MXW_SPF_REDIRECT;
}

/* Counts against the limit of 10 (4.6.4). */
static inline bool mxw_spf_kind_is_lookup(enum mxw_spf_kind kind)
{
	return kind == MXW_SPF_INCLUDE || kind == MXW_SPF_A || kind == MXW_SPF_MX || kind == MXW_SPF_PTR ||
	       kind == MXW_SPF_EXISTS || kind == MXW_SPF_REDIRECT;
}

/* "include", "a", ...; "" for an unknown modifier. Static. */
const char *mxw_spf_kind_name(enum mxw_spf_kind kind);

/* The types that a term of this kind asks for at the name it leads to, of both address families; unused places are 0. ptr asks at
 * the client's name. Static. */
const uint16_t *mxw_spf_kind_types(enum mxw_spf_kind kind); /* [2] */

/* Why and where a text is no SPF: offsets count from the first octet of what was parsed. */
struct mxw_spf_error {
	size_t at;           /* the octet that is wrong; may be the end */
	size_t term, n_term; /* the term that holds it */
	const char *reason;  /* static: "unknown mechanism", "prefix length over 32", "no such macro letter", ... */
};

enum { MXW_SPF_E_SYNTAX = 1 };

/* `text` holds no space. 0, or MXW_SPF_E_SYNTAX with *ret_error. */
int mxw_spf_term_parse(const char *text, size_t n, struct mxw_spf_term *ret, struct mxw_spf_error *ret_error);
