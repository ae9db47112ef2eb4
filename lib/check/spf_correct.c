/* Corrections of records and terms; see spf_correct.h. What is proposed is always well-formed: the grammar of lib/spf has
 * the last word. */
#include "lib/check/spf_correct.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "lib/base/ip.h"
#include "lib/base/nearest.h"
#include "lib/dns/name.h"
#include "lib/spf/record.h"

static const char version[] = "v=spf1";
enum { MAX_CORRECTED = 512 }; /* octets of a term that is looked at: two names and what stands before them */

/* strchr would find the NUL that a stranger's text may hold. */
static bool is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

/* ---- what surrounds a text ---- */

/* Spaces, quotes and marks that word processors and web forms put around a text. */
static const char *const wrappings[] = {
	" ",
	"\t",
	"\"",
	"'",
	"`",
	"\xef\xbb\xbf",
	"\xe2\x80\x9c",
	"\xe2\x80\x9d",
	"\xe2\x80\x9e",
	"\xe2\x80\x98",
	"\xe2\x80\x99",
	"\xc2\xa0",
	"\xe2\x80\x8b",
};

static size_t wrapping_at(const char *text, size_t n)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(wrappings); i++) {
		size_t len = strlen(wrappings[i]);
		if (n >= len && memcmp(text, wrappings[i], len) == 0)
			return len;
	}
	return 0;
}

static size_t wrapping_before(const char *text, size_t n)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(wrappings); i++) {
		size_t len = strlen(wrappings[i]);
		if (n >= len && memcmp(text + n - len, wrappings[i], len) == 0)
			return len;
	}
	return 0;
}

static void unwrap(const char **text, size_t *n)
{
	size_t len;
	while ((len = wrapping_at(*text, *n)) > 0) {
		*text += len;
		*n -= len;
	}
	while ((len = wrapping_before(*text, *n)) > 0)
		*n -= len;
}

/* ---- the version ---- */

static void skip_spaces(const char **at, const char *end)
{
	while (*at < end && isspace((unsigned char)**at))
		++*at;
}

/* Octets of a version tag that is almost right: "v=spf 1", "v = spf1", "v:spf1", "spf1", "v=spf10"; 0 if there is none. */
static size_t sloppy_version(const char *text, size_t n)
{
	const char *at = text, *end = text + n;
	bool has_tag = false;
	if (at < end && tolower((unsigned char)*at) == 'v') {
		at++;
		skip_spaces(&at, end);
		if (at == end || !is_one_of(*at, "=:"))
			return 0;
		at++;
		skip_spaces(&at, end);
		has_tag = true;
	}
	if (end - at < 3 || strncasecmp(at, "spf", 3) != 0)
		return 0;
	at += 3;
	while (has_tag && at < end && is_one_of(*at, " -_."))
		at++;
	if (at == end || *at != '1')
		return 0;
	for (at++; has_tag && at < end && isdigit((unsigned char)*at); at++)
		;
	/* Without the tag only the bare word is meant to be one: "spf1.example" is a name. */
	return has_tag || at == end || *at == ' ' ? (size_t)(at - text) : 0;
}

/* Each piece corrected where that can be; what cannot be stays. */
static void add_pieces(const char *text, size_t n, struct mxw_strbuf *ret)
{
	const char *piece;
	size_t n_piece;
	for (size_t at = 0; mxw_spf_record_next_piece(text, n, &at, &piece, &n_piece);) {
		mxw_strbuf_addc(ret, ' ');
		if (!mxw_spf_correct_term(piece, n_piece, ret))
			mxw_strbuf_add(ret, piece, n_piece);
	}
}

bool mxw_spf_correct_version(const char *text, size_t n, struct mxw_strbuf *ret)
{
	unwrap(&text, &n);
	size_t n_version = sloppy_version(text, n);
	if (!n_version)
		return false;
	while (n_version < n && (is_one_of(text[n_version], ";,:=") || isspace((unsigned char)text[n_version])))
		n_version++;
	mxw_strbuf_adds(ret, version);
	add_pieces(text + n_version, n - n_version, ret);
	return true;
}

/* ---- terms ---- */

static bool is_term(const char *text, size_t n)
{
	struct mxw_spf_term term;
	struct mxw_spf_error error;
	return mxw_spf_term_parse(text, n, &term, &error) == 0;
}

static const char *const mechanisms[] = { "all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists" };
static const char *const words[] = { "all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists", "redirect", "exp" };

static const char *find_word(const char *text, size_t n, const char *const *list, size_t n_list)
{
	for (size_t i = 0; i < n_list; i++)
		if (strncasecmp(list[i], text, n) == 0 && !list[i][n])
			return list[i];
	return NULL;
}

static size_t name_length(const char *text, size_t n)
{
	size_t len = 0;
	while (len < n && !is_one_of(text[len], ":=/"))
		len++;
	return len;
}

bool mxw_spf_is_false_modifier(const char *text, size_t n)
{
	static const char *const more[] = { "ip", "ipv4", "ipv6" };
	struct mxw_spf_term term;
	struct mxw_spf_error error;
	if (mxw_spf_term_parse(text, n, &term, &error) != 0 || term.kind != MXW_SPF_UNKNOWN_MODIFIER)
		return false;
	size_t n_name = name_length(text, n);
	return find_word(text, n_name, mechanisms, MXW_ARRAY_SIZE(mechanisms)) ||
	       find_word(text, n_name, more, MXW_ARRAY_SIZE(more));
}

/* The word that a misspelt name stands for. */
static const char *meant_word(const char *text, size_t n)
{
	char name[16];
	const char *word = find_word(text, n, words, MXW_ARRAY_SIZE(words));
	if (word || n < 2 || n >= sizeof(name))
		return word;
	memcpy(name, text, n);
	name[n] = '\0';
	return strlen(name) == n ? mxw_nearest(name, words, MXW_ARRAY_SIZE(words)) : NULL;
}

/* The prefix length of "/24" if it is one of up to `max`, else `max`. */
static unsigned read_bits(const char *text, size_t n, unsigned max)
{
	unsigned bits = 0;
	size_t i = 1;
	for (; i < n && i < 5 && isdigit((unsigned char)text[i]); i++)
		bits = bits * 10 + (unsigned)(text[i] - '0');
	return n > 1 && i == n && bits <= max ? bits : max;
}

/* "ip4:" or "ip6:" for an address with or without prefix length; missing octets of an IPv4 network ("192.0.2/24") are
 * zeros, a prefix length that cannot be is dropped. */
static bool add_network(const char *text, size_t n, struct mxw_strbuf *ret)
{
	const char *slash = memchr(text, '/', n);
	size_t n_address = slash ? (size_t)(slash - text) : n;
	char address[MXW_IP_TEXT_MAX + 8];
	struct mxw_ip ip;
	if (!n_address || n_address >= MXW_IP_TEXT_MAX)
		return false;
	memcpy(address, text, n_address);
	address[n_address] = '\0';
	for (int missing = 0; slash && missing < 3 && mxw_ip_parse(address, &ip) < 0; missing++)
		strcat(address, ".0");
	if (mxw_ip_parse(address, &ip) < 0)
		return false;
	unsigned max = ip.family == 4 ? 32 : 128;
	unsigned bits = slash ? read_bits(slash, n - n_address, max) : max;
	mxw_strbuf_addf(ret, "ip%u:%s", ip.family, address);
	if (bits < max)
		mxw_strbuf_addf(ret, "/%u", bits);
	return true;
}

/* The term with its name and what stands behind it put right, not yet looked at by the grammar. */
static bool add_rewritten(const char *text, size_t n, struct mxw_strbuf *ret)
{
	size_t n_name = name_length(text, n);
	if (add_network(text, n, ret))
		return true;
	const char *word = meant_word(text, n_name);
	if (!word)
		return false;
	bool is_network = strncmp(word, "ip", 2) == 0, is_modifier = is_one_of(*word, "r") || strcmp(word, "exp") == 0;
	size_t begin = n_name < n && text[n_name] != '/' ? n_name + 1 : n_name;
	const char *rest = text + begin;
	size_t n_rest = n - begin;
	if (n_rest && add_network(rest, n_rest, ret))
		return true;
	if (is_network && (!n_rest || *rest == '/'))
		return false;
	mxw_strbuf_adds(ret, is_network ? "a" : word);
	if (n_rest && *rest != '/')
		mxw_strbuf_addc(ret, is_modifier ? '=' : ':');
	mxw_strbuf_add(ret, rest, n_rest);
	return true;
}

/* An `all` that lets everybody pass; what stands before it may be junk where a qualifier was meant. */
static bool is_open_all(const char *text, size_t n)
{
	return (n == 3 && strncasecmp(text, "all", 3) == 0) || (n == 4 && strncasecmp(text, "+all", 4) == 0);
}

/* A term that is well-formed, but no correction shall come to let everybody pass. */
static bool keep_term(const char *text, size_t n, struct mxw_strbuf *ret)
{
	if (!is_term(text, n) || mxw_spf_is_false_modifier(text, n))
		return false;
	if (is_open_all(text, n))
		mxw_strbuf_adds(ret, "~all");
	else
		mxw_strbuf_add(ret, text, n);
	return true;
}

static bool correct_name(const char *text, size_t n, struct mxw_strbuf *ret)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf made = MXW_STRBUF_INIT;
	size_t n_qualifier = n && is_one_of(*text, "+-~?");
	mxw_strbuf_add(&made, text, n_qualifier);
	return add_rewritten(text + n_qualifier, n - n_qualifier, &made) &&
	       keep_term(mxw_strbuf_get(&made), made.len, ret);
}

/* A dash of a word processor, or a low line, before "all". */
static size_t false_dash(const char *text, size_t n)
{
	static const char *const dashes[] = { "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x88\x92", "_" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(dashes); i++) {
		size_t len = strlen(dashes[i]);
		if (n == len + 3 && memcmp(text, dashes[i], len) == 0 && strncasecmp(text + len, "all", 3) == 0)
			return len;
	}
	return 0;
}

bool mxw_spf_find_glued_all(const char *text, size_t n, size_t *ret)
{
	if (n < 5 || strncasecmp(text + n - 3, "all", 3) != 0 || !is_one_of(text[n - 4], "-~?+"))
		return false;
	*ret = n - 4;
	return true;
}

/* Both parts of a text that lacks a space or has another divider there. */
static bool correct_parts(const char *text, size_t n, size_t n_first, size_t n_divider, struct mxw_strbuf *ret)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf made = MXW_STRBUF_INIT;
	size_t second = n_first + n_divider;
	if (!n_first || second >= n || !mxw_spf_correct_term(text, n_first, &made))
		return false;
	mxw_strbuf_addc(&made, ' ');
	if (!mxw_spf_correct_term(text + second, n - second, &made))
		return false;
	mxw_strbuf_add(ret, mxw_strbuf_get(&made), made.len);
	ret->failed |= mxw_strbuf_failed(&made);
	return true;
}

bool mxw_spf_correct_term(const char *text, size_t n, struct mxw_strbuf *ret)
{
	size_t n_first;
	if (n > MAX_CORRECTED)
		return false;
	if (keep_term(text, n, ret))
		return true;
	unwrap(&text, &n);
	while (n && is_one_of(text[n - 1], ".,;"))
		n--;
	if (keep_term(text, n, ret))
		return true;
	if (false_dash(text, n)) {
		mxw_strbuf_adds(ret, "-all");
		return true;
	}
	for (n_first = 0; n_first < n && !is_one_of(text[n_first], ",;"); n_first++)
		;
	if (correct_parts(text, n, n_first, 1, ret))
		return true;
	if (mxw_spf_find_glued_all(text, n, &n_first) && correct_parts(text, n, n_first, 0, ret))
		return true;
	return correct_name(text, n, ret);
}

/* ---- glued character-strings ---- */

struct glue {
	const struct mxw_spf_glue_judge *judge;
	const char *text; /* of the joined record */
	size_t n;
	size_t written; /* octets that are done with: a boundary with a space now, or 0 */
	bool is_open;   /* a failed lookup hides whether there is a place */
};

/* The octets before and behind a boundary are one term now and were meant to be two. */
static bool is_glue(struct glue *glue, const char *token, size_t n, size_t boundary)
{
	const char *second = token + boundary;
	size_t n_second = n - boundary;
	if (n > MAX_CORRECTED || !is_term(token, boundary) || !is_term(second, n_second))
		return false;
	if (!is_term(token, n))
		return true;
	/* No top-level domain ends in "-all", and no host name holds ':' or '='. */
	if (is_one_of(*second, "+-~?") || memchr(second, ':', n_second) || memchr(second, '=', n_second))
		return true;
	/* But "a:example.c" "a" is a name, as long as nobody says that it is none. */
	enum mxw_vote vote = glue->judge ? glue->judge->is_split(glue->judge->context, token, boundary, n)
					 : MXW_VOTE_NO;
	glue->is_open |= vote == MXW_VOTE_UNKNOWN;
	return vote == MXW_VOTE_YES;
}

/* The term around a boundary, or so much of it that it is too long for sure. */
static const char *term_around(const struct glue *glue, size_t boundary, size_t *ret_n)
{
	size_t begin = boundary, end = boundary;
	while (begin > glue->written && glue->text[begin - 1] != ' ' && boundary - begin <= MAX_CORRECTED)
		begin--;
	while (end < glue->n && glue->text[end] != ' ' && end - boundary <= MAX_CORRECTED)
		end++;
	*ret_n = end - begin;
	return glue->text + begin;
}

/* `next`: the boundary after this one, where the second term may end without a space as well. */
static void correct_boundary(struct glue *glue, size_t boundary, size_t next, struct mxw_strbuf *ret,
			     struct mxw_strbuf *ret_token)
{
	size_t n;
	if (boundary <= glue->written || boundary >= glue->n)
		return;
	const char *token = term_around(glue, boundary, &n);
	size_t at = (size_t)(glue->text + boundary - token), end = (size_t)(glue->text + next - token);
	if (!is_glue(glue, token, n, at) && !(end < n && is_glue(glue, token, end, at)))
		return;
	if (!glue->written)
		mxw_strbuf_add(ret_token, token, n);
	mxw_strbuf_add(ret, glue->text + glue->written, boundary - glue->written);
	mxw_strbuf_addc(ret, ' ');
	glue->written = boundary;
}

enum mxw_vote mxw_spf_correct_glue(const struct mxw_rr *rr, const struct mxw_spf_glue_judge *judge,
				   struct mxw_strbuf *ret, struct mxw_strbuf *ret_token)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_rr_text(rr, &text);
	struct glue glue = { .judge = judge, .text = mxw_strbuf_get(&text), .n = text.len };
	size_t boundary = 0;
	for (size_t at = 0; at < rr->n_rdata; at += 1u + rr->rdata[at]) {
		correct_boundary(&glue, boundary, boundary + rr->rdata[at], ret, ret_token);
		boundary += rr->rdata[at];
	}
	if (glue.written)
		mxw_strbuf_add(ret, glue.text + glue.written, glue.n - glue.written);
	ret->failed |= mxw_strbuf_failed(&text);
	if (glue.written)
		return MXW_VOTE_YES;
	return glue.is_open ? MXW_VOTE_UNKNOWN : MXW_VOTE_NO;
}
