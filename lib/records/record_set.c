/* The set of one type in one view; see records.h.
 *
 * An alias loop counts as a failed lookup: it is a fault that the checks tell, not a set that somebody published. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/escape.h"
#include "lib/base/hash.h"
#include "lib/check/mx_set.h"
#include "lib/records/question.h"
#include "lib/records/records.h"
#include "lib/spf/record.h"

struct line {
	unsigned preference; /* sorts before the text: 5 comes before 10 */
	const char *text;
};

struct lines {
	struct mxw_arena arena;
	struct line *items;
	size_t n, capacity;
};

static void add_line(struct lines *lines, unsigned preference, const char *text)
{
	if (lines->n == lines->capacity) {
		size_t capacity = lines->capacity ? lines->capacity * 2 : 16;
		struct line *items = mxw_arena_alloc(&lines->arena, capacity * sizeof(*items));
		if (!items)
			return;
		if (lines->n)
			memcpy(items, lines->items, lines->n * sizeof(*items));
		lines->items = items;
		lines->capacity = capacity;
	}
	lines->items[lines->n++] = (struct line){ preference, text };
}

static int compare_lines(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	if (x->preference != y->preference)
		return x->preference < y->preference ? -1 : 1;
	return strcmp(x->text, y->text);
}

/* ---- reading ---- */

static const char *spf_text(struct lines *lines, const struct mxw_rr *rr)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf raw = MXW_STRBUF_INIT, safe = MXW_STRBUF_INIT;
	mxw_rr_text(rr, &raw);
	mxw_escape_line(&safe, mxw_strbuf_get(&raw), raw.len, 0);
	lines->arena.failed |= mxw_strbuf_failed(&raw) || mxw_strbuf_failed(&safe);
	return mxw_arena_text(&lines->arena, mxw_strbuf_get(&safe));
}

static void add_record(struct lines *lines, enum mxw_record_type type, const struct mxw_rr *rr)
{
	if (type == MXW_RECORD_MX && rr->name)
		add_line(lines, rr->preference, mxw_arena_textf(&lines->arena, "%u %s", rr->preference, rr->name));
	else if (type == MXW_RECORD_NS && rr->name)
		add_line(lines, 0, mxw_arena_text(&lines->arena, rr->name));
	else if (type == MXW_RECORD_SPF && mxw_spf_record_is(rr))
		add_line(lines, 0, spf_text(lines, rr));
}

/* What a set without a line is called; NULL: the lookup proves nothing. */
static const char *without_lines(const struct mxw_answer *answer)
{
	if (!answer)
		return NULL;
	switch (answer->outcome) {
	case MXW_OUTCOME_ANSWER:
	case MXW_OUTCOME_NODATA:
		return mxw_records_none;
	case MXW_OUTCOME_NXDOMAIN:
		return mxw_records_no_name;
	default:
		return NULL;
	}
}

static const char *read_own(struct lines *lines, enum mxw_record_type type, const struct mxw_target *target,
			    const struct mxw_observation *observation)
{
	const struct mxw_answer *answer = mxw_observation_get(observation, target->domain, mxw_records_question(type));
	for (size_t i = 0; answer && answer->outcome == MXW_OUTCOME_ANSWER && i < answer->n_rrs; i++)
		add_record(lines, type, &answer->rrs[i]);
	return without_lines(answer);
}

static const char *read_addresses(struct lines *lines, const struct mxw_target *target,
				  const struct mxw_observation *observation)
{
	struct mxw_mx_set set;
	mxw_mx_set_read(&set, target->domain, observation);
	for (size_t i = 0; i < set.n_hosts; i++) {
		const struct mxw_mx_host *host = &set.hosts[i];
		struct mxw_ip ip;
		size_t cursor = 0;
		if (!mxw_records_is_own_host(host, target))
			continue;
		if (!without_lines(host->a) || !without_lines(host->aaaa))
			return NULL;
		while (mxw_host_next_address(host, &cursor, &ip)) {
			char address[MXW_IP_TEXT_MAX];
			mxw_ip_format(&ip, address);
			add_line(lines, 0, mxw_arena_textf(&lines->arena, "%s %s", host->name, address));
		}
	}
	return without_lines(set.answer);
}

/* ---- writing ---- */

static void write_lines(const struct lines *lines, struct mxw_strbuf *ret)
{
	for (size_t i = 0; i < lines->n; i++) {
		if (i && strcmp(lines->items[i].text, lines->items[i - 1].text) == 0)
			continue;
		mxw_strbuf_addf(ret, "%s%s", ret->len ? "\n" : "", lines->items[i].text);
	}
}

/* Two long sets are told apart by the hash of what cannot be seen of them. */
static void cut(struct mxw_strbuf *text)
{
	size_t n = text->len;
	if (mxw_strbuf_failed(text) || n <= MXW_RECORDS_MAX_TEXT)
		return;
	uint64_t hash = mxw_hash64(0, text->data, n);
	text->len = MXW_RECORDS_MAX_TEXT;
	text->data[text->len] = '\0';
	mxw_strbuf_addf(text, "... (%zu octets, hash %016" PRIx64 ")", n, hash);
}

int mxw_records_read(enum mxw_record_type type, const struct mxw_target *target,
		     const struct mxw_observation *observation, char **ret)
{
	struct lines lines = { 0 };
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	const char *empty = type == MXW_RECORD_ADDRESS ? read_addresses(&lines, target, observation)
						       : read_own(&lines, type, target, observation);
	bool is_set = empty && !lines.arena.failed;
	*ret = NULL;
	if (is_set && lines.n)
		qsort(lines.items, lines.n, sizeof(*lines.items), compare_lines);
	if (is_set) {
		write_lines(&lines, &text);
		if (!lines.n)
			mxw_strbuf_adds(&text, empty);
		cut(&text);
		*ret = mxw_strbuf_take(&text);
	}
	int r = lines.arena.failed || (is_set && !*ret) ? -ENOMEM : 0;
	mxw_arena_done(&lines.arena);
	return r;
}
