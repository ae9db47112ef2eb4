/* SPF records as text; see spf_text.h. Terms are cut at spaces only (RFC 7208 12). */
#include "lib/check/spf_text.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "lib/check/lookup.h"

static const char version[] = "v=spf1";
enum {
	N_VERSION = sizeof(version) - 1,
	MAX_MERGED_TERMS = 100, /* a record of more is no proposal; every term is compared with every other */
	MAX_STRING = 255,       /* octets of one character-string (RFC 1035 3.3) */
};

/* strchr would find the NUL that a stranger's text may hold. */
static bool is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

/* ---- selection ---- */

/* The first octets of the joined character-strings, without joining them all: most TXT records are not SPF. */
static size_t read_prefix(const struct mxw_rr *rr, char *ret, size_t max)
{
	size_t n = 0;
	for (size_t at = 0; at < rr->n_rdata && n < max;) {
		size_t len = rr->rdata[at++];
		for (size_t i = 0; i < len && at < rr->n_rdata && n < max; i++)
			ret[n++] = (char)rr->rdata[at++];
	}
	return n;
}

bool mxw_spf_text_is_record(const struct mxw_rr *rr)
{
	char prefix[N_VERSION + 1];
	size_t n = rr->type == MXW_TYPE_TXT ? read_prefix(rr, prefix, sizeof(prefix)) : 0;
	return n >= N_VERSION && strncasecmp(prefix, version, N_VERSION) == 0 &&
	       (n == N_VERSION || prefix[N_VERSION] == ' ');
}

size_t mxw_spf_text_count(const struct mxw_answer *answer, const struct mxw_rr **ret_first)
{
	size_t n = 0;
	*ret_first = NULL;
	for (size_t i = 0; mxw_lookup_is(answer, MXW_OUTCOME_ANSWER) && i < answer->n_rrs; i++) {
		if (!mxw_spf_text_is_record(&answer->rrs[i]))
			continue;
		if (!n++)
			*ret_first = &answer->rrs[i];
	}
	return n;
}

/* ---- terms ---- */

struct term {
	const char *text;
	size_t n;
};

/* The next term of `*at`, which moves behind it; false at the end. */
static bool next_term(const char **at, const char *end, struct term *ret)
{
	while (*at < end && **at == ' ')
		++*at;
	ret->text = *at;
	while (*at < end && **at != ' ')
		++*at;
	ret->n = (size_t)(*at - ret->text);
	return ret->n > 0;
}

static bool term_is(struct term term, const char *word)
{
	return term.n == strlen(word) && strncasecmp(term.text, word, term.n) == 0;
}

/* Takes the qualifier off the term; '+' where there is none. */
static char take_qualifier(struct term *term)
{
	if (!term->n || !is_one_of(term->text[0], "+-~?"))
		return '+';
	term->n--;
	return *term->text++;
}

/* The term's name before ':', '/' or '='. */
static struct term name_of(struct term term)
{
	for (size_t i = 0; i < term.n; i++)
		if (is_one_of(term.text[i], ":/="))
			term.n = i;
	return term;
}

static bool is_mechanism(struct term term)
{
	static const char *const mechanisms[] = { "all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(mechanisms); i++)
		if (term_is(name_of(term), mechanisms[i]))
			return true;
	return false;
}

bool mxw_spf_text_denies_all(const struct mxw_rr *rr, bool *ret_failed)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct term first, second, third;
	mxw_rr_text(rr, &text);
	*ret_failed = mxw_strbuf_failed(&text);
	const char *at = mxw_strbuf_get(&text), *end = at + text.len;
	return next_term(&at, end, &first) && next_term(&at, end, &second) && !next_term(&at, end, &third) &&
	       term_is(first, version) && term_is(second, "-all");
}

bool mxw_spf_text_authorises(const struct mxw_rr *rr, bool *ret_failed)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	bool redirects = false;
	struct term term;
	mxw_rr_text(rr, &text);
	*ret_failed = mxw_strbuf_failed(&text);
	const char *at = mxw_strbuf_get(&text) + MXW_MIN(text.len, (size_t)N_VERSION),
		   *end = mxw_strbuf_get(&text) + text.len;
	while (next_term(&at, end, &term)) {
		char qualifier = take_qualifier(&term);
		if (qualifier == '+' && is_mechanism(term))
			return true;
		if (term_is(term, "all"))
			return false; /* what follows is never reached, a redirect neither (RFC 7208 5.1) */
		redirects |= term_is(name_of(term), "redirect");
	}
	return redirects;
}

/* ---- near misses ---- */

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

bool mxw_spf_text_correct(const char *text, size_t n, struct mxw_strbuf *ret)
{
	size_t len;
	while ((len = wrapping_at(text, n)) > 0) {
		text += len;
		n -= len;
	}
	while ((len = wrapping_before(text, n)) > 0)
		n -= len;
	size_t n_version = sloppy_version(text, n);
	if (!n_version)
		return false;
	while (n_version < n && (is_one_of(text[n_version], ";,:=") || isspace((unsigned char)text[n_version])))
		n_version++;
	mxw_strbuf_adds(ret, version);
	if (n_version < n) {
		mxw_strbuf_addc(ret, ' ');
		mxw_strbuf_add(ret, text + n_version, n - n_version);
	}
	return true;
}

/* ---- merging ---- */

struct merge {
	struct term terms[MAX_MERGED_TERMS];
	size_t n;
	char all; /* the strictest qualifier seen; 0: none */
	bool is_full;
};

static bool is_stricter(char a, char b)
{
	static const char order[] = "+?~-";
	return !b || strchr(order, a) > strchr(order, b);
}

static void merge_term(struct merge *merge, struct term term)
{
	struct term bare = term;
	char qualifier = take_qualifier(&bare);
	if (term_is(bare, "all")) {
		if (is_stricter(qualifier, merge->all))
			merge->all = qualifier;
		return;
	}
	for (size_t i = 0; i < merge->n; i++)
		if (merge->terms[i].n == term.n && strncasecmp(merge->terms[i].text, term.text, term.n) == 0)
			return;
	if (merge->n < MAX_MERGED_TERMS)
		merge->terms[merge->n++] = term;
	else
		merge->is_full = true;
}

static void write_merged(const struct merge *merge, struct mxw_strbuf *ret)
{
	mxw_strbuf_adds(ret, version);
	for (size_t i = 0; i < merge->n; i++) {
		if (merge->all && term_is(name_of(merge->terms[i]), "redirect"))
			continue; /* without effect beside "all" (RFC 7208 6.1) */
		mxw_strbuf_addc(ret, ' ');
		mxw_strbuf_add(ret, merge->terms[i].text, merge->terms[i].n);
	}
	if (merge->is_full)
		mxw_strbuf_adds(ret, " <further-terms>");
	if (merge->all)
		mxw_strbuf_addf(ret, " %call", merge->all);
}

void mxw_spf_text_merge(const struct mxw_answer *answer, struct mxw_strbuf *ret)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct merge merge = { 0 };
	struct term term;
	for (size_t i = 0; i < answer->n_rrs; i++) {
		if (!mxw_spf_text_is_record(&answer->rrs[i]))
			continue;
		mxw_rr_text(&answer->rrs[i], &text);
		mxw_strbuf_addc(&text, ' ');
	}
	const char *at = mxw_strbuf_get(&text), *end = at + text.len;
	while (next_term(&at, end, &term))
		if (!term_is(term, version))
			merge_term(&merge, term);
	write_merged(&merge, ret);
	ret->failed |= mxw_strbuf_failed(&text);
}

/* ---- writing ---- */

void mxw_spf_text_quote(const char *text, size_t n, struct mxw_strbuf *ret)
{
	mxw_strbuf_addc(ret, '"');
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];
		if (i && i % MAX_STRING == 0)
			mxw_strbuf_adds(ret, "\" \"");
		if (c == '"' || c == '\\')
			mxw_strbuf_addf(ret, "\\%c", c);
		else if (c < 0x20 || c > 0x7e)
			mxw_strbuf_addf(ret, "\\%03u", c);
		else
			mxw_strbuf_addc(ret, (char)c);
	}
	mxw_strbuf_addc(ret, '"');
}
