/* The caches of all resolvers of a scenario; see ttl.h. */
#include "tests/scenario/ttl.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "lib/base/hash.h"
#include "lib/base/strbuf.h"
#include "lib/base/util.h"

struct ttl_entry {
	UT_hash_handle hh;
	uint64_t content;
	int64_t fetched_ms; /* of true time */
	char key[];
};

static uint64_t content_of(const struct mxw_answer *answer)
{
	uint64_t hash = mxw_hash64(answer->outcome, &answer->n_rrs, sizeof(answer->n_rrs));
	for (size_t i = 0; i < answer->n_rrs; i++) {
		const struct mxw_rr *rr = &answer->rrs[i];
		hash = mxw_hash64(hash, rr->rdata, rr->n_rdata);
		hash = mxw_hash64(hash, rr->name ? rr->name : "", rr->name ? strlen(rr->name) : 0);
		hash = mxw_hash64(hash, &rr->preference, sizeof(rr->preference));
	}
	return hash;
}

uint32_t ttl_full(const struct mxw_answer *answer)
{
	uint32_t ttl = UINT32_MAX;
	if (answer->soa_owner)
		return MXW_MIN(answer->soa_ttl, answer->soa_minimum);
	for (size_t i = 0; i < answer->n_rrs; i++)
		ttl = MXW_MIN(ttl, answer->rrs[i].ttl);
	return answer->n_rrs ? ttl : 0;
}

static struct ttl_entry *find(struct ttl_cache *cache, const char *resolver, const char *name, uint16_t type)
{
	struct mxw_strbuf key = MXW_STRBUF_INIT;
	struct ttl_entry *entry;
	mxw_strbuf_addf(&key, "%s %s %u", resolver, name, (unsigned)type);
	HASH_FIND(hh, cache->entries, key.data, key.len, entry);
	if (!entry) {
		entry = calloc(1, sizeof(*entry) + key.len + 1);
		if (!entry)
			abort();
		memcpy(entry->key, key.data, key.len + 1);
		HASH_ADD_KEYPTR(hh, cache->entries, entry->key, key.len, entry);
		entry->fetched_ms = INT64_MIN / 2;
	}
	mxw_strbuf_done(&key);
	return entry;
}

void ttl_cache_age(struct ttl_cache *cache, const char *resolver, const char *name, uint16_t type,
		   struct mxw_answer *answer, int64_t now_ms)
{
	struct ttl_entry *entry = find(cache, resolver, name, type);
	int64_t true_ms = cache->past_ms + now_ms, full_ms = (int64_t)ttl_full(answer) * 1000;
	uint64_t content = content_of(answer);
	if (content != entry->content || true_ms >= entry->fetched_ms + full_ms) {
		entry->content = content;
		entry->fetched_ms = true_ms;
		if (cache->on_fetch)
			cache->on_fetch(resolver, name);
	}
	answer->ttl = (uint32_t)((entry->fetched_ms + full_ms - true_ms + 999) / 1000);
	answer->received_at_ms = now_ms;
}

void ttl_cache_done(struct ttl_cache *cache)
{
	struct ttl_entry *entry, *next;
	HASH_ITER (hh, cache->entries, entry, next) {
		HASH_DEL(cache->entries, entry);
		free(entry);
	}
	*cache = (struct ttl_cache){ 0 };
}
