/* The compact answer: one block of memory, records sorted and unique; see answer.h. */
#include "lib/dns/answer.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/dns/name.h"

enum { MAX_RRS_ON_STACK = 64 }; /* an RRset of more is rare enough for an allocation */

/* ---- building ---- */

static const char *rr_name(const struct mxw_rr *rr)
{
	return rr->name ? rr->name : "";
}

/* Order of what the records say; the TTL is not part of it. */
static int compare_data(const struct mxw_rr *a, const struct mxw_rr *b)
{
	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	if (a->preference != b->preference)
		return a->preference < b->preference ? -1 : 1;
	int r = strcmp(rr_name(a), rr_name(b));
	if (r != 0)
		return r;
	size_t n = MXW_MIN(a->n_rdata, b->n_rdata);
	r = n ? memcmp(a->rdata, b->rdata, n) : 0;
	if (r != 0)
		return r;
	return (a->n_rdata > b->n_rdata) - (a->n_rdata < b->n_rdata);
}

/* qsort: among identical records the smallest TTL comes first and is the one that stays (RFC 2181 5.2). */
static int compare_rrs(const void *left, const void *right)
{
	const struct mxw_rr *a = *(const struct mxw_rr *const *)left, *b = *(const struct mxw_rr *const *)right;
	int r = compare_data(a, b);
	return r != 0 ? r : (a->ttl > b->ttl) - (a->ttl < b->ttl);
}

/* Fills `order` with pointers to the distinct records in canonical order; returns how many. */
static size_t sort_rrs(const struct mxw_rr **order, const struct mxw_rr *rrs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		order[i] = &rrs[i];
	if (n > 1)
		qsort(order, n, sizeof(*order), compare_rrs);
	size_t n_unique = 0;
	for (size_t i = 0; i < n; i++)
		if (n_unique == 0 || compare_data(order[n_unique - 1], order[i]) != 0)
			order[n_unique++] = order[i];
	return MXW_MIN(n_unique, (size_t)MXW_MAX_ANSWER_RRS);
}

static size_t text_size(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

static size_t referral_size(const struct mxw_referral *referral)
{
	if (!referral)
		return 0;
	size_t size = sizeof(*referral) + referral->n_servers * sizeof(const char *);
	size += referral->n_glue * sizeof(struct mxw_glue) + text_size(referral->cut);
	for (size_t i = 0; i < referral->n_servers; i++)
		size += text_size(referral->servers[i]);
	return size;
}

static size_t block_size(const struct mxw_answer_parts *parts, const struct mxw_rr **order, size_t n_rrs)
{
	size_t size = sizeof(struct mxw_answer) + parts->n_chain * sizeof(const char *) + n_rrs * sizeof(struct mxw_rr);
	size += text_size(parts->head.ede_text) + text_size(parts->head.soa_owner) +
		referral_size(parts->head.referral);
	for (size_t i = 0; i < parts->n_chain; i++)
		size += text_size(parts->chain[i]);
	for (size_t i = 0; i < n_rrs; i++)
		size += text_size(order[i]->name) + order[i]->n_rdata;
	return size;
}

/* Copies octets to where the block is free; NULL stays NULL. */
static const void *put(uint8_t **at, const void *octets, size_t n)
{
	if (!octets)
		return NULL;
	void *copy = *at;
	if (n)
		memcpy(copy, octets, n);
	*at += n;
	return copy;
}

static void put_rr(uint8_t **at, const struct mxw_rr *from, struct mxw_rr *ret)
{
	*ret = *from;
	ret->name = put(at, from->name, text_size(from->name));
	ret->rdata = from->n_rdata ? put(at, from->rdata, from->n_rdata) : (const uint8_t *)"";
}

/* The texts go where the block is free; `ret` and its `servers` are places in the block. */
static void put_referral(uint8_t **at, const struct mxw_referral *from, struct mxw_referral *ret, const char **servers)
{
	static_assert(_Alignof(struct mxw_glue) == 1, "glue lies among the octets");
	*ret = *from;
	ret->cut = put(at, from->cut, text_size(from->cut));
	ret->servers = servers;
	for (size_t i = 0; i < from->n_servers; i++)
		servers[i] = put(at, from->servers[i], text_size(from->servers[i]));
	ret->glue = from->n_glue ? put(at, from->glue, from->n_glue * sizeof(*from->glue)) : NULL;
}

static int build(struct mxw_answer **ret, const struct mxw_answer_parts *parts, const struct mxw_rr **order,
		 size_t n_rrs)
{
	size_t size = block_size(parts, order, n_rrs);
	struct mxw_answer *answer = malloc(size);
	if (!answer)
		return -ENOMEM;
	/* What needs alignment comes first: the struct, the pointers of the chain, the records, the referral's. */
	static_assert(sizeof(struct mxw_answer) % _Alignof(struct mxw_rr) == 0, "records follow the struct");
	static_assert(sizeof(const char *) % _Alignof(struct mxw_rr) == 0, "records follow the chain");
	static_assert(sizeof(struct mxw_rr) % _Alignof(struct mxw_referral) == 0, "the referral follows the records");
	static_assert(sizeof(struct mxw_referral) % _Alignof(const char *) == 0, "its servers follow the referral");
	const struct mxw_referral *from = parts->head.referral;
	const char **chain = (const char **)(answer + 1);
	struct mxw_rr *rrs = (struct mxw_rr *)(chain + parts->n_chain);
	struct mxw_referral *referral = (struct mxw_referral *)(rrs + n_rrs);
	const char **servers = (const char **)(referral + 1);
	uint8_t *at = from ? (uint8_t *)(servers + from->n_servers) : (uint8_t *)referral;

	*answer = parts->head;
	answer->refs = 1;
	answer->ede_text = parts->head.ede_text ? put(&at, parts->head.ede_text, text_size(parts->head.ede_text)) : "";
	answer->soa_owner = put(&at, parts->head.soa_owner, text_size(parts->head.soa_owner));
	for (size_t i = 0; i < parts->n_chain; i++)
		chain[i] = put(&at, parts->chain[i], text_size(parts->chain[i]));
	for (size_t i = 0; i < n_rrs; i++)
		put_rr(&at, order[i], &rrs[i]);
	answer->chain = chain;
	answer->n_chain = parts->n_chain;
	answer->rrs = rrs;
	answer->n_rrs = n_rrs;
	if (from) {
		put_referral(&at, from, referral, servers);
		answer->referral = referral;
	}
	answer->n_octets = (uint32_t)size;
	assert(at == (uint8_t *)answer + size);
	*ret = answer;
	return 0;
}

int mxw_answer_new(struct mxw_answer **ret, const struct mxw_answer_parts *parts)
{
	const struct mxw_rr *on_stack[MAX_RRS_ON_STACK];
	const struct mxw_rr **order = on_stack;
	if (parts->n_rrs > MAX_RRS_ON_STACK) {
		order = mxw_new_array(parts->n_rrs, sizeof(*order));
		if (!order)
			return -ENOMEM;
	}
	int r = build(ret, parts, order, sort_rrs(order, parts->rrs, parts->n_rrs));
	if (order != on_stack)
		free(order);
	return r;
}

int mxw_answer_new_failure(struct mxw_answer **ret, enum mxw_outcome outcome)
{
	struct mxw_answer_parts parts = { .head = { .outcome = outcome, .ede = -1 } };
	return mxw_answer_new(ret, &parts);
}

struct mxw_answer *mxw_answer_ref(struct mxw_answer *answer)
{
	if (answer)
		answer->refs++;
	return answer;
}

void mxw_answer_unref(struct mxw_answer *answer)
{
	if (!answer)
		return;
	assert(answer->refs > 0);
	if (--answer->refs == 0)
		free(answer);
}

void mxw_answer_unrefp(struct mxw_answer **answer)
{
	mxw_answer_unref(*answer);
}

size_t mxw_answer_n_inside(const struct mxw_answer *answer, const char *zone)
{
	size_t n = 0;
	while (n < answer->n_chain && mxw_name_is_below(answer->chain[n], zone))
		n++;
	return n;
}

/* ---- records ---- */

bool mxw_rr_ip(const struct mxw_rr *rr, struct mxw_ip *ret)
{
	if (rr->type == MXW_TYPE_A && rr->n_rdata == 4)
		*ret = mxw_ip_from_bytes(4, rr->rdata);
	else if (rr->type == MXW_TYPE_AAAA && rr->n_rdata == 16)
		*ret = mxw_ip_from_bytes(6, rr->rdata);
	else
		return false;
	return true;
}

static uint32_t read_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Two names come first, and five numbers end the RDATA. */
bool mxw_rr_soa(const struct mxw_rr *rr, struct mxw_soa *ret)
{
	enum { N_NUMBERS = 20, MIN_NAMES = 2 };
	if (rr->type != MXW_TYPE_SOA || rr->n_rdata < MIN_NAMES + N_NUMBERS)
		return false;
	const uint8_t *p = rr->rdata + rr->n_rdata - N_NUMBERS;
	*ret = (struct mxw_soa){
		.serial = read_u32(p),
		.refresh = read_u32(p + 4),
		.retry = read_u32(p + 8),
		.expire = read_u32(p + 12),
		.minimum = read_u32(p + 16),
	};
	return true;
}

/* The character-string at `*at` (RFC 1035 3.3), cut at the end of the RDATA; false when there is none left. */
static bool next_string(const struct mxw_rr *rr, size_t *at, const uint8_t **ret, size_t *ret_n)
{
	if (*at >= rr->n_rdata)
		return false;
	size_t n = rr->rdata[(*at)++];
	*ret_n = MXW_MIN(n, rr->n_rdata - *at);
	*ret = rr->rdata + *at;
	*at += *ret_n;
	return true;
}

void mxw_rr_text(const struct mxw_rr *rr, struct mxw_strbuf *ret)
{
	const uint8_t *string = NULL;
	size_t at = 0, n = 0;
	while (next_string(rr, &at, &string, &n))
		mxw_strbuf_add(ret, string, n);
}

static void format_strings(const struct mxw_rr *rr, struct mxw_strbuf *ret)
{
	const uint8_t *string = NULL;
	size_t at = 0, n = 0;
	for (bool first = true; next_string(rr, &at, &string, &n); first = false) {
		mxw_strbuf_adds(ret, first ? "\"" : " \"");
		for (size_t i = 0; i < n; i++) {
			if (string[i] < 0x20 || string[i] > 0x7e) {
				mxw_strbuf_addf(ret, "\\%03u", string[i]);
				continue;
			}
			if (string[i] == '"' || string[i] == '\\')
				mxw_strbuf_addc(ret, '\\');
			mxw_strbuf_addc(ret, (char)string[i]);
		}
		mxw_strbuf_addc(ret, '"');
	}
}

/* RFC 3597 5. */
static void format_unknown(const struct mxw_rr *rr, struct mxw_strbuf *ret)
{
	mxw_strbuf_addf(ret, rr->n_rdata ? "\\# %u " : "\\# %u", rr->n_rdata);
	for (size_t i = 0; i < rr->n_rdata; i++)
		mxw_strbuf_addf(ret, "%02x", rr->rdata[i]);
}

void mxw_rr_format(const struct mxw_rr *rr, struct mxw_strbuf *ret)
{
	struct mxw_ip ip;
	char text[MXW_IP_TEXT_MAX];
	if (rr->name) {
		if (rr->type == MXW_TYPE_MX)
			mxw_strbuf_addf(ret, "%u ", rr->preference);
		mxw_strbuf_adds(ret, rr->name);
		if (strcmp(rr->name, ".") != 0)
			mxw_strbuf_addc(ret, '.');
	} else if (mxw_rr_ip(rr, &ip)) {
		mxw_ip_format(&ip, text);
		mxw_strbuf_adds(ret, text);
	} else if ((rr->type == MXW_TYPE_TXT || rr->type == MXW_TYPE_SPF) && rr->n_rdata)
		format_strings(rr, ret);
	else
		format_unknown(rr, ret);
}
