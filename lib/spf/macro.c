/* Macro strings: one reader of a macro serves the check and the expansion; see macro.h. */
#include "lib/spf/macro.h"

#include <inttypes.h>
#include <string.h>

#include "lib/spf/octet.h"

enum {
	MAX_NAME = 253,      /* octets of a name without final dot (RFC 7208 7.3) */
	MAX_PARTS = 1000000, /* a number of parts grows no further: no value has so many */
};

/* ---- one macro ---- */

struct macro {
	char letter; /* lower case; '\0': `plain` is all of it */
	const char *plain;
	bool is_escaped;    /* written as an upper-case letter */
	bool is_reversed;   /* "r" */
	unsigned n_parts;   /* how many to keep, counted from the right; 0: all */
	uint8_t delimiters; /* bits of delimiter_bit */
};

static uint8_t delimiter_bit(char c)
{
	switch (c) {
	case '.':
		return 1 << 0;
	case '-':
		return 1 << 1;
	case '+':
		return 1 << 2;
	case ',':
		return 1 << 3;
	case '/':
		return 1 << 4;
	case '_':
		return 1 << 5;
	case '=':
		return 1 << 6;
	default:
		return 0;
	}
}

static bool read_letter(char c, struct macro *ret)
{
	ret->is_escaped = c >= 'A' && c <= 'Z';
	ret->letter = ret->is_escaped ? (char)(c + ('a' - 'A')) : c;
	return ret->letter && strchr("slodiphcrtv", ret->letter);
}

/* What stands between the letter and "}": *DIGIT [ "r" ] *delimiter. `*at` moves on, to the octet that is wrong if any is. */
static const char *read_transformers(const char *text, size_t n, size_t *at, struct macro *ret)
{
	size_t digits = *at;
	for (; *at < n && mxw_spf_is_digit(text[*at]); ++*at)
		if (ret->n_parts < MAX_PARTS)
			ret->n_parts = ret->n_parts * 10 + (unsigned)(text[*at] - '0');
	if (*at > digits && !ret->n_parts) {
		*at = digits;
		return "a macro cannot keep zero parts";
	}
	ret->is_reversed = *at < n && (text[*at] == 'r' || text[*at] == 'R');
	*at += ret->is_reversed;
	for (uint8_t bit; *at < n && (bit = delimiter_bit(text[*at])) != 0; ++*at)
		ret->delimiters |= bit;
	if (!ret->delimiters)
		ret->delimiters = delimiter_bit('.');
	return NULL;
}

/* Reads the macro at `*at`, which is "%", and moves behind it; to the octet that is wrong if the reason is not NULL. */
static const char *read_macro(const char *text, size_t n, size_t *at, struct macro *ret)
{
	*ret = (struct macro){ 0 };
	char second = ++*at < n ? text[*at] : '\0';
	ret->plain = second == '%' ? "%" : second == '_' ? " " : second == '-' ? "%20" : NULL;
	if (ret->plain) {
		++*at;
		return NULL;
	}
	if (second != '{')
		return "\"%\" needs \"{\", \"%\", \"_\" or \"-\" after it";
	if (++*at == n)
		return "macro without letter";
	if (!read_letter(text[*at], ret))
		return "no such macro letter";
	++*at;
	const char *reason = read_transformers(text, n, at, ret);
	if (reason)
		return reason;
	if (*at == n)
		return "macro without \"}\"";
	if (text[*at] != '}')
		return "not allowed in a macro";
	++*at;
	return NULL;
}

/* ---- check ---- */

static bool letter_is_allowed(enum mxw_spf_macro_form form, char letter)
{
	return form != MXW_SPF_DOMAIN_SPEC || (letter != 'c' && letter != 'r' && letter != 't');
}

/* The end of a domain-spec that is no macro: "." toplabel [ "." ] (RFC 7208 7.1). `at` is behind the last macro. */
static const char *find_end_fault(const char *text, size_t n, size_t at, size_t *ret_at)
{
	size_t end = n > at && text[n - 1] == '.' ? n - 1 : n;
	size_t label = end;
	while (label > at && text[label - 1] != '.')
		label--;
	*ret_at = label;
	if (n == 0)
		return "no domain";
	if (label == end)
		return "no label at the end of the domain";
	if (label == at)
		return "no dot before the last label of the domain";
	bool is_number = true;
	for (size_t i = label; i < end; i++) {
		*ret_at = i;
		if (!mxw_spf_is_digit(text[i]) && !mxw_spf_is_alpha(text[i]) && text[i] != '-')
			return "not allowed in the last label of a domain";
		if (text[i] == '-' && (i == label || i == end - 1))
			return "the last label of a domain cannot begin or end with a hyphen";
		is_number = is_number && mxw_spf_is_digit(text[i]);
	}
	*ret_at = label;
	return is_number ? "the last label of a domain cannot be a number" : NULL;
}

const char *mxw_spf_macro_fault(enum mxw_spf_macro_form form, const char *text, size_t n, size_t *ret_at)
{
	size_t at = 0, n_macros = 0; /* n_macros: octets up to the end of the last macro */
	while (at < n) {
		*ret_at = at;
		if (text[at] != '%') {
			if (!mxw_spf_is_visible(text[at]) && (form != MXW_SPF_EXPLAIN_STRING || text[at] != ' '))
				return "not a printable ASCII character";
			at++;
			continue;
		}
		struct macro macro;
		const char *reason = read_macro(text, n, &at, &macro);
		if (!reason && !letter_is_allowed(form, macro.letter)) {
			at = *ret_at + 2;
			reason = "macro letters c, r and t are for explanations only";
		}
		if (reason) {
			*ret_at = at;
			return reason;
		}
		n_macros = at;
	}
	if (form != MXW_SPF_DOMAIN_SPEC || (n && n_macros == n))
		return NULL;
	return find_end_fault(text, n, n_macros, ret_at);
}

int mxw_spf_macro_check(enum mxw_spf_macro_form form, const char *text, size_t n, size_t *ret_at)
{
	return mxw_spf_macro_fault(form, text, n, ret_at) ? MXW_SPF_MACRO_E_SYNTAX : 0;
}

bool mxw_spf_macro_is_present(const char *text, size_t n)
{
	return n && memchr(text, '%', n);
}

/* The next macro at or behind `*at`, which moves behind it; *ret_begin: its "%". False if there is none. */
static bool next_macro(const char *text, size_t n, size_t *at, size_t *ret_begin, struct macro *ret)
{
	const char *percent = *at < n ? memchr(text + *at, '%', n - *at) : NULL;
	*ret_begin = *at = percent ? (size_t)(percent - text) : n;
	return percent && !read_macro(text, n, at, ret);
}

bool mxw_spf_macro_uses(const char *text, size_t n, char letter)
{
	struct macro macro;
	size_t begin, at = 0;
	char wanted = mxw_spf_is_alpha(letter) ? (char)(letter | ('a' - 'A')) : '\0';
	while (next_macro(text, n, &at, &begin, &macro))
		if (macro.letter && macro.letter == wanted)
			return true;
	return false;
}

/* ---- expansion ---- */

/* A final dot says nothing that a name in a macro could say, but would make an empty part. */
static void put_domain(struct mxw_strbuf *ret, const char *domain)
{
	size_t n = strlen(domain);
	mxw_strbuf_add(ret, domain, n && domain[n - 1] == '.' ? n - 1 : n);
}

/* Upper case as other evaluators write it: explanations are compared by people, and names in any case are one. */
static void put_nibbles(struct mxw_strbuf *ret, const struct mxw_ip *ip)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < sizeof(ip->bytes); i++) {
		const char text[] = { i ? '.' : ' ', hex[ip->bytes[i] >> 4], '.', hex[ip->bytes[i] & 15] };
		mxw_strbuf_add(ret, text + !i, sizeof(text) - !i);
	}
}

static void put_ip(struct mxw_strbuf *ret, const struct mxw_ip *ip)
{
	char text[MXW_IP_TEXT_MAX];
	mxw_ip_format(ip, text);
	mxw_strbuf_adds(ret, text);
}

static void put_value(struct mxw_strbuf *ret, char letter, const struct mxw_spf_macro_values *values)
{
	switch (letter) {
	case 's':
		mxw_strbuf_adds(ret, values->local_part);
		mxw_strbuf_addc(ret, '@');
		put_domain(ret, values->sender_domain);
		break;
	case 'l':
		mxw_strbuf_adds(ret, values->local_part);
		break;
	case 'o':
		put_domain(ret, values->sender_domain);
		break;
	case 'd':
		put_domain(ret, values->domain);
		break;
	case 'h':
		put_domain(ret, values->helo);
		break;
	case 'p':
		put_domain(ret, values->validated);
		break;
	case 'r':
		put_domain(ret, values->receiver);
		break;
	case 'i':
		if (values->ip.family == 6)
			put_nibbles(ret, &values->ip);
		else
			put_ip(ret, &values->ip);
		break;
	case 'c':
		put_ip(ret, &values->ip);
		break;
	case 'v':
		mxw_strbuf_adds(ret, values->ip.family == 6 ? "ip6" : "in-addr");
		break;
	case 't':
		mxw_strbuf_addf(ret, "%" PRId64, values->now_s);
		break;
	}
}

/* RFC 3986 2.3 */
static bool is_unreserved(char c)
{
	return mxw_spf_is_alpha(c) || mxw_spf_is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

static void put_part(struct mxw_strbuf *ret, const struct macro *macro, const char *part, size_t n)
{
	if (!macro->is_escaped) {
		mxw_strbuf_add(ret, part, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (is_unreserved(part[i]))
			mxw_strbuf_addc(ret, part[i]);
		else
			mxw_strbuf_addf(ret, "%%%02X", (unsigned)(unsigned char)part[i]);
	}
}

static bool divides(const struct macro *macro, char c)
{
	return macro->delimiters & delimiter_bit(c);
}

/* The octets of `value` to which n_parts shrinks it. The right-most parts of the reversed value are its first ones. */
static void keep_parts(const struct macro *macro, const char **value, size_t *n)
{
	unsigned left = macro->n_parts;
	size_t kept = 0;
	if (macro->is_reversed) {
		while (kept < *n && (!divides(macro, (*value)[kept]) || --left))
			kept++;
	} else {
		while (kept < *n && (!divides(macro, (*value)[*n - kept - 1]) || --left))
			kept++;
		*value += *n - kept;
	}
	*n = kept;
}

/* Splits, reverses, keeps and joins with dots (RFC 7208 7.3). */
static void put_parts(struct mxw_strbuf *ret, const struct macro *macro, const char *value, size_t n)
{
	if (macro->n_parts)
		keep_parts(macro, &value, &n);
	if (!macro->is_reversed) {
		for (size_t at = 0, begin = 0; at <= n; at++) {
			if (at < n && !divides(macro, value[at]))
				continue;
			put_part(ret, macro, value + begin, at - begin);
			if (at < n)
				mxw_strbuf_addc(ret, '.');
			begin = at + 1;
		}
		return;
	}
	for (size_t end = n, begin = n;; end = --begin) {
		while (begin && !divides(macro, value[begin - 1]))
			begin--;
		put_part(ret, macro, value + begin, end - begin);
		if (!begin)
			break;
		mxw_strbuf_addc(ret, '.');
	}
}

static bool is_ascii(const char *text)
{
	while (*text && !(*text & 0x80))
		text++;
	return !*text;
}

/* Drops the beginning of what has become too long. */
static void bound(struct mxw_strbuf *ret)
{
	const size_t kept = MXW_SPF_MAX_EXPANSION / 2;
	if (ret->len <= MXW_SPF_MAX_EXPANSION)
		return;
	memmove(ret->data, ret->data + ret->len - kept, kept + 1);
	ret->len = kept;
}

int mxw_spf_macro_expand(const char *text, size_t n, const struct mxw_spf_macro_values *values, struct mxw_strbuf *ret)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf value = MXW_STRBUF_INIT;
	struct macro macro;
	size_t begin, at = 0, literal = 0;
	for (; next_macro(text, n, &at, &begin, &macro); literal = at) {
		mxw_strbuf_add(ret, text + literal, begin - literal);
		bound(ret);
		if (macro.plain) {
			mxw_strbuf_adds(ret, macro.plain);
			continue;
		}
		if ((macro.letter == 's' || macro.letter == 'l') && !is_ascii(values->local_part))
			return MXW_SPF_MACRO_E_UNUSABLE;
		mxw_strbuf_clear(&value);
		put_value(&value, macro.letter, values);
		ret->failed |= mxw_strbuf_failed(&value);
		put_parts(ret, &macro, mxw_strbuf_get(&value), value.len);
	}
	mxw_strbuf_add(ret, text + literal, n - literal);
	bound(ret);
	return 0;
}

const char *mxw_spf_macro_truncate(const char *name, size_t *n)
{
	size_t max = *n && name[*n - 1] == '.' ? MAX_NAME + 1 : MAX_NAME;
	while (*n > max) {
		const char *dot = memchr(name, '.', *n);
		size_t n_label = dot ? (size_t)(dot - name) + 1 : *n;
		name += n_label;
		*n -= n_label;
	}
	return name;
}
