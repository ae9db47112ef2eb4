/* Macro strings and domain-specs of SPF: syntax (RFC 7208 7.1, 12) and expansion (7.3).
 *
 * Text is raw octets with a length: what a stranger published. Everything here is linear in that length. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/ip.h"
#include "lib/base/strbuf.h"

enum mxw_spf_macro_form {
	MXW_SPF_DOMAIN_SPEC, /* macro-string that ends in a top label or a macro; never empty; no letters c, r, t */
	MXW_SPF_MACRO_STRING, /* value of an unknown modifier: may be empty; c, r, t are allowed (6: anything goes that parses) */
	MXW_SPF_EXPLAIN_STRING, /* text of `exp`: spaces too; c, r, t are allowed (7.2) */
};

/* 0, or MXW_SPF_MACRO_E_SYNTAX with *ret_at, the offset of the octet that is wrong (n: something is missing at the end). */
enum { MXW_SPF_MACRO_E_SYNTAX = 1, MXW_SPF_MACRO_E_UNUSABLE = 2 };
int mxw_spf_macro_check(enum mxw_spf_macro_form form, const char *text, size_t n, size_t *ret_at);
/* The same for people: NULL, or why it is wrong (static: "no such macro letter"). */
const char *mxw_spf_macro_fault(enum mxw_spf_macro_form form, const char *text, size_t n, size_t *ret_at);

/* The text holds "%": it depends on the message. */
bool mxw_spf_macro_is_present(const char *text, size_t n);
/* The (well-formed) text holds this macro letter, in either case. */
bool mxw_spf_macro_uses(const char *text, size_t n, char letter);

/* What the letters stand for (7.2). All texts borrowed. */
struct mxw_spf_macro_values {
	const char *local_part;    /* l; never empty */
	const char *sender_domain; /* o */
	const char *domain;        /* d: the domain whose record is evaluated */
	const char *helo;          /* h */
	struct mxw_ip ip;          /* i, c, v; never an IPv4-mapped IPv6 address */
	const char *validated;     /* p: a name, or "unknown" */
	const char *receiver;      /* r: a name, or "unknown" */
	int64_t now_s;             /* t: seconds since 1970 */
};

/* Expands a well-formed text into *ret, which begins empty. Upper-case letters are URL-escaped (RFC 3986 2.3 unreserved
 * characters stay). Of an expansion over MXW_SPF_MAX_EXPANSION octets only its end stays, at least half of that: names need no
 * more (7.3), and a record of a few KiB could ask for gigabytes. 0, or MXW_SPF_MACRO_E_UNUSABLE: `s` or `l` is used and the local part is not ASCII (RFC 8616 4: such a term
 * matches nothing). Out of memory shows in *ret. */
enum { MXW_SPF_MAX_EXPANSION = 64 * 1024 };
int mxw_spf_macro_expand(const char *text, size_t n, const struct mxw_spf_macro_values *values, struct mxw_strbuf *ret);

/* Removes labels on the left until no more than 253 octets are left (7.3); returns where the name begins. A final dot does
 * not count. */
const char *mxw_spf_macro_truncate(const char *name, size_t *n);
