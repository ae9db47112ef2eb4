/* One expected record as people write it; see expect.h. */
#include "lib/config/expect.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "lib/dns/name.h"
#include "lib/schema/scalar.h"
#include "lib/spf/normal.h"
#include "lib/spf/record.h"

static const char no_mx[] = "is no MX record, expected one such as \"10 mx1.example.org\" or \"0 .\"";
static const char no_ptr[] = "is no PTR record, expected an address and a name such as \"192.0.2.25 mail.example.org\"";
static const char no_record[] = "is no SPF record, expected one such as \"v=spf1 mx -all\"";
static const char no_term[] = "is not one term, expected one such as mx, or a record such as \"v=spf1 mx -all\"";
static const char no_name[] = "is no host name, expected one such as mx1.example.org";

static const char version[] = "v=spf1";

enum { MAX_WORDS = 3, MAX_PREFERENCE = 65535 };

/* Cuts at blanks; says how many words there are, MAX_WORDS for more. */
static size_t cut(const char *text, struct mxw_arena *arena, const char *ret[MAX_WORDS])
{
	size_t n = 0;
	for (const char *at = text + strspn(text, " \t"); *at && n < MAX_WORDS; n++) {
		size_t length = strcspn(at, " \t");
		ret[n] = mxw_arena_textn(arena, at, length);
		at += length;
		at += strspn(at, " \t");
	}
	return n;
}

/* Of two labels at least. An address is none; with underscores, though no host name, it may be what is published. */
static bool is_name(const char *name)
{
	struct mxw_ip ip;
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.");
	return !name[n] && mxw_name_n_labels(name) >= 2 && mxw_ip_parse(name, &ip) < 0;
}

static int read_name(const char *text, struct mxw_arena *arena, struct mxw_expected *ret, const char **ret_problem)
{
	char *ascii MXW_CLEANUP(mxw_freep) = NULL;
	char name[MXW_NAME_TEXT_MAX];
	int r = mxw_target_to_alabels(text, &ascii);
	if (r == -ENOMEM)
		return r;
	if (r < 0 || mxw_name_canonical(ascii, name) < 0 || !is_name(name))
		*ret_problem = no_name;
	else
		ret->key = ret->text = mxw_arena_text(arena, name);
	return arena->failed ? -ENOMEM : 0;
}

static int read_mx(const char *text, struct mxw_arena *arena, struct mxw_expected *ret, const char **ret_problem)
{
	const char *words[MAX_WORDS];
	size_t n = cut(text, arena, words);
	int64_t preference = MXW_PREFERENCE_ANY;
	if (arena->failed)
		return -ENOMEM;
	bool is_whole = n == 2 && mxw_integer_parse(words[0], &preference) == 0 && preference >= 0 &&
			preference <= MAX_PREFERENCE;
	bool is_null = is_whole && preference == 0 && strcmp(words[1], ".") == 0;
	ret->preference = (int)preference;
	if (is_null)
		ret->key = ret->text = ".";
	else if (is_whole || n == 1)
		return read_name(words[n - 1], arena, ret, ret_problem);
	else
		*ret_problem = no_mx;
	return 0;
}

static int read_ptr(const char *text, struct mxw_arena *arena, struct mxw_pinned *ret, const char **ret_problem)
{
	const char *words[MAX_WORDS];
	size_t n = cut(text, arena, words);
	if (arena->failed)
		return -ENOMEM;
	if (n == 2 && mxw_ip_parse(words[0], &ret->ip) == 0)
		return read_name(words[1], arena, &ret->expected, ret_problem);
	*ret_problem = no_ptr;
	return 0;
}

/* ---- SPF ---- */

static bool is_spf_record(const char *text)
{
	size_t n = strlen(version);
	return strncasecmp(text, version, n) == 0 && (!text[n] || text[n] == ' ');
}

/* Every piece from `at` on is a term; NULL or what is wrong. */
static const char *find_term_problem(const char *text, size_t at, size_t *ret_n, struct mxw_arena *arena)
{
	const char *piece;
	size_t n_piece;
	for (*ret_n = 0; mxw_spf_record_next_piece(text, strlen(text), &at, &piece, &n_piece); ++*ret_n) {
		struct mxw_spf_term term;
		struct mxw_spf_error error;
		if (mxw_spf_term_parse(piece, n_piece, &term, &error) != 0)
			return mxw_arena_textf(arena, "is no SPF: \"%.*s\": %s", (int)n_piece, piece, error.reason);
	}
	return NULL;
}

static const char *find_spf_problem(const char *text, enum mxw_expect_mode mode, struct mxw_arena *arena)
{
	bool is_record = is_spf_record(text);
	size_t n_terms;
	for (const char *c = text; *c; c++)
		if (*c < 0x20 || *c > 0x7e)
			return "holds an octet that SPF does not allow, expected printable ASCII";
	const char *problem = find_term_problem(text, is_record ? strlen(version) : 0, &n_terms, arena);
	if (problem || is_record)
		return problem;
	if (mode == MXW_EXPECT_EXACT)
		return no_record;
	return n_terms == 1 ? NULL : no_term;
}

static int read_spf(const char *text, enum mxw_expect_mode mode, struct mxw_arena *arena, struct mxw_expected *ret,
		    const char **ret_problem)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf key = MXW_STRBUF_INIT;
	size_t n = strlen(text);
	while (n && text[n - 1] == ' ')
		n--;
	ret->text = mxw_arena_textn(arena, text, n);
	mxw_spf_normalise(text, n, &key);
	ret->key = mxw_arena_text(arena, mxw_strbuf_get(&key));
	*ret_problem = find_spf_problem(ret->text, mode, arena);
	return arena->failed || mxw_strbuf_failed(&key) ? -ENOMEM : 0;
}

int mxw_config_read_pinned(enum mxw_record_type type, enum mxw_expect_mode mode, const char *text,
			   struct mxw_arena *arena, struct mxw_pinned *ret, const char **ret_problem)
{
	*ret = (struct mxw_pinned){ 0 };
	*ret_problem = NULL;
	switch (type) {
	case MXW_RECORD_MX:
		return read_mx(text, arena, &ret->expected, ret_problem);
	case MXW_RECORD_SPF:
		return read_spf(text, mode, arena, &ret->expected, ret_problem);
	case MXW_RECORD_PTR:
		return read_ptr(text, arena, ret, ret_problem);
	default:
		return read_name(text, arena, &ret->expected, ret_problem);
	}
}
