/* Records compared as sets, order and TTL aside; see expected.h. A set of the configuration has MXW_MAX_EXPECTED items at
 * most, so no comparison costs more than so many times the records of an answer. */
#include "lib/check/expected.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/strbuf.h"
#include "lib/check/lookup.h"
#include "lib/spf/normal.h"
#include "lib/spf/record.h"

static const uint16_t question_types[MXW_N_RECORD_TYPES] = {
	[MXW_RECORD_MX] = MXW_TYPE_MX,
	[MXW_RECORD_SPF] = MXW_TYPE_TXT,
	[MXW_RECORD_NS] = MXW_TYPE_NS,
	[MXW_RECORD_PTR] = MXW_TYPE_PTR,
};

void mxw_expected_ask(const struct mxw_expectation *expectation, const char *domain, struct mxw_expected_question *ret)
{
	char reverse[MXW_IP_REVERSE_MAX];
	bool is_reverse = expectation->type == MXW_RECORD_PTR;
	if (is_reverse)
		mxw_ip_reverse_name(&expectation->ip, reverse);
	snprintf(ret->name, sizeof(ret->name), "%s", is_reverse ? reverse : domain);
	ret->type = question_types[expectation->type];
}

/* ---- what is published ---- */

static bool is_of_type(const struct mxw_rr *rr, enum mxw_record_type type)
{
	return type == MXW_RECORD_SPF ? mxw_spf_record_is(rr) : rr->name != NULL;
}

/* `text` in the arena, with the key that it is compared by. */
static struct mxw_expected spf_item(const char *text, struct mxw_arena *arena)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf key = MXW_STRBUF_INIT;
	mxw_spf_normalise(text, strlen(text), &key);
	arena->failed |= mxw_strbuf_failed(&key);
	return (struct mxw_expected){ .key = mxw_arena_text(arena, mxw_strbuf_get(&key)), .text = text };
}

/* NUL is no octet of SPF: what is behind it cannot be what somebody has pinned, and so it is cut with a mark. */
static const char *spf_text(const struct mxw_rr *rr, struct mxw_arena *arena)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_rr_text(rr, &text);
	arena->failed |= mxw_strbuf_failed(&text);
	char *copy = mxw_arena_textn(arena, mxw_strbuf_get(&text), text.len);
	for (size_t i = 0; i < text.len && !arena->failed; i++)
		if (!copy[i])
			copy[i] = '\1';
	return copy;
}

static struct mxw_expected name_item(const struct mxw_rr *rr)
{
	return (struct mxw_expected){ .preference = rr->type == MXW_TYPE_MX ? rr->preference : 0,
				      .key = rr->name,
				      .text = rr->name };
}

/* The terms of a record behind its version. */
static size_t count_terms(const char *text)
{
	const char *piece;
	size_t n = 0, n_piece;
	for (size_t at = 0; mxw_spf_record_next_piece(text, strlen(text), &at, &piece, &n_piece); n++)
		;
	return n ? n - 1 : 0;
}

static void add_terms(struct mxw_published *published, const char *text, struct mxw_arena *arena)
{
	const char *piece;
	size_t at = 0, n_piece;
	mxw_spf_record_next_piece(text, strlen(text), &at, &piece, &n_piece); /* the version */
	while (mxw_spf_record_next_piece(text, strlen(text), &at, &piece, &n_piece))
		published->items[published->n++] = spf_item(mxw_arena_textn(arena, piece, n_piece), arena);
}

static void read_spf(struct mxw_published *ret, bool with_terms, struct mxw_arena *arena)
{
	const struct mxw_answer *answer = ret->answer;
	const char **texts = mxw_arena_alloc(arena, (answer->n_rrs + 1) * sizeof(*texts));
	size_t n_records = 0, n_terms = 0;
	for (size_t i = 0; texts && i < answer->n_rrs; i++) {
		if (!is_of_type(&answer->rrs[i], MXW_RECORD_SPF))
			continue;
		texts[n_records] = spf_text(&answer->rrs[i], arena);
		n_terms += with_terms ? count_terms(texts[n_records]) : 0;
		n_records++;
	}
	ret->items = mxw_arena_alloc(arena, (n_records + n_terms + 1) * sizeof(*ret->items));
	if (!ret->items)
		return;
	for (size_t i = 0; i < n_records; i++)
		ret->items[ret->n++] = spf_item(texts[i], arena);
	for (size_t i = 0; i < n_records && n_terms; i++)
		add_terms(ret, texts[i], arena);
}

static void read_names(struct mxw_published *ret, enum mxw_record_type type, struct mxw_arena *arena)
{
	ret->items = mxw_arena_alloc(arena, (ret->answer->n_rrs + 1) * sizeof(*ret->items));
	for (size_t i = 0; ret->items && i < ret->answer->n_rrs; i++)
		if (is_of_type(&ret->answer->rrs[i], type))
			ret->items[ret->n++] = name_item(&ret->answer->rrs[i]);
}

void mxw_published_read(struct mxw_published *ret, const struct mxw_expectation *expectation,
			const struct mxw_answer *answer, struct mxw_arena *arena)
{
	*ret = (struct mxw_published){ .answer = answer };
	if (!mxw_lookup_is(answer, MXW_OUTCOME_ANSWER))
		return;
	for (size_t i = 0; i < answer->n_rrs; i++)
		if (is_of_type(&answer->rrs[i], expectation->type))
			ret->ttl = MXW_MAX(ret->ttl, answer->rrs[i].ttl);
	if (expectation->type == MXW_RECORD_SPF)
		read_spf(ret, expectation->mode != MXW_EXPECT_EXACT, arena);
	else
		read_names(ret, expectation->type, arena);
}

/* ---- comparing ---- */

bool mxw_expected_is_among(const struct mxw_expected *item, const struct mxw_expected *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool is_open = item->preference == MXW_PREFERENCE_ANY || items[i].preference == MXW_PREFERENCE_ANY;
		if ((is_open || item->preference == items[i].preference) && strcmp(item->key, items[i].key) == 0)
			return true;
	}
	return false;
}

/* How many of the items are among those of the other side. */
static size_t count_among(const struct mxw_expected *items, size_t n, const struct mxw_expected *others,
			  size_t n_others)
{
	size_t n_found = 0;
	for (size_t i = 0; i < n; i++)
		n_found += mxw_expected_is_among(&items[i], others, n_others);
	return n_found;
}

bool mxw_expected_fits(const struct mxw_expected_set *set, enum mxw_expect_mode mode,
		       const struct mxw_published *published)
{
	if (!set->is_given)
		return true;
	size_t n_found = count_among(set->items, set->n, published->items, published->n);
	switch (mode) {
	case MXW_EXPECT_FORBID:
		return n_found == 0;
	case MXW_EXPECT_AT_LEAST:
		return n_found == set->n;
	default:
		return n_found == set->n &&
		       count_among(published->items, published->n, set->items, set->n) == published->n;
	}
}

bool mxw_expectation_holds(const struct mxw_expectation *expectation, enum mxw_plan_phase phase,
			   const struct mxw_published *published)
{
	return (phase != MXW_PLAN_NEW && mxw_expected_fits(&expectation->old, expectation->mode, published)) ||
	       (phase != MXW_PLAN_OLD && mxw_expected_fits(&expectation->new, expectation->mode, published));
}
