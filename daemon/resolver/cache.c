/* Hash table and list of last use; see cache.h. */
#include "daemon/resolver/cache.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "lib/base/util.h"
#include "lib/dns/name.h"

enum { KEY_PREFIX = 3, MALLOC_OVERHEAD = 16 };

struct key {
	size_t n;
	char bytes[KEY_PREFIX + MXW_NAME_TEXT_MAX];
};

static int make_key(struct key *ret, size_t upstream, const char *name, uint16_t type)
{
	size_t n = strlen(name) + 1;
	if (n > MXW_NAME_TEXT_MAX)
		return -EINVAL;
	ret->bytes[0] = (char)upstream;
	ret->bytes[1] = (char)(type >> 8);
	ret->bytes[2] = (char)type;
	memcpy(ret->bytes + KEY_PREFIX, name, n);
	ret->n = KEY_PREFIX + n;
	return 0;
}

/* Memory of an answer: one block (answer.h), counted for each entry even if rounds share it. */
static size_t answer_size(const struct mxw_answer *answer)
{
	size_t n = sizeof(*answer) + MALLOC_OVERHEAD + strlen(answer->ede_text) + 1;
	n += answer->soa_owner ? strlen(answer->soa_owner) + 1 : 0;
	for (size_t i = 0; i < answer->n_chain; i++)
		n += sizeof(char *) + strlen(answer->chain[i]) + 1;
	for (size_t i = 0; i < answer->n_rrs; i++) {
		const struct mxw_rr *rr = &answer->rrs[i];
		n += sizeof(*rr) + rr->n_rdata + (rr->name ? strlen(rr->name) + 1 : 0);
	}
	return n;
}

static void unlist(struct mxw_cache *cache, struct mxw_cache_entry *entry)
{
	if (!entry->n_bytes)
		return;
	DL_DELETE(cache->oldest, entry);
	cache->n_bytes -= entry->n_bytes;
	entry->n_bytes = 0;
}

static void list(struct mxw_cache *cache, struct mxw_cache_entry *entry)
{
	entry->n_bytes = sizeof(*entry) + entry->n_key + MALLOC_OVERHEAD + answer_size(entry->answer);
	cache->n_bytes += entry->n_bytes;
	DL_APPEND(cache->oldest, entry);
}

static void drop(struct mxw_cache *cache, struct mxw_cache_entry *entry)
{
	assert(!entry->query);
	unlist(cache, entry);
	HASH_DEL(cache->table, entry);
	mxw_answer_unref(entry->answer);
	free(entry);
}

void mxw_cache_done(struct mxw_cache *cache)
{
	while (cache->table)
		drop(cache, cache->table);
	assert(cache->n_bytes == 0 && !cache->oldest);
}

static int add(struct mxw_cache *cache, const struct key *key, unsigned hash, struct mxw_cache_entry **ret)
{
	struct mxw_cache_entry *entry = calloc(1, sizeof(*entry) + key->n);
	if (!entry)
		return -ENOMEM;
	entry->n_key = key->n;
	memcpy(entry->key, key->bytes, key->n);
	entry->name = entry->key + KEY_PREFIX;
	entry->type = (uint16_t)((unsigned char)key->bytes[1] << 8 | (unsigned char)key->bytes[2]);
	HASH_ADD_KEYPTR_BYHASHVALUE(hh, cache->table, entry->key, entry->n_key, hash, entry);
	if (!entry->hh.tbl) { /* the table could not grow */
		free(entry);
		return -ENOMEM;
	}
	*ret = entry;
	return 0;
}

int mxw_cache_find(struct mxw_cache *cache, size_t upstream, const char *name, uint16_t type,
		   struct mxw_cache_entry **ret)
{
	struct key key;
	int r = make_key(&key, upstream, name, type);
	if (r < 0)
		return r;
	unsigned hash;
	HASH_VALUE(key.bytes, key.n, hash);
	HASH_FIND_BYHASHVALUE(hh, cache->table, key.bytes, key.n, hash, *ret);
	return *ret ? 0 : add(cache, &key, hash, ret);
}

struct mxw_answer *mxw_cache_get(struct mxw_cache *cache, struct mxw_cache_entry *entry, int64_t now_ms,
				 int64_t max_age_ms)
{
	if (!entry->answer || now_ms >= entry->expires_at_ms || now_ms - entry->answer->received_at_ms > max_age_ms)
		return NULL;
	if (entry->n_bytes) {
		DL_DELETE(cache->oldest, entry);
		DL_APPEND(cache->oldest, entry);
	}
	return entry->answer;
}

void mxw_cache_put(struct mxw_cache *cache, struct mxw_cache_entry *entry, struct mxw_answer *answer,
		   int64_t lifetime_ms, int64_t now_ms)
{
	entry->query = NULL;
	unlist(cache, entry);
	if (answer && lifetime_ms > 0) {
		mxw_answer_unref(entry->answer);
		entry->answer = mxw_answer_ref(answer);
		entry->expires_at_ms = now_ms + MXW_MIN(lifetime_ms, MXW_CACHE_MAX_LIFETIME_MS);
	}
	if (!entry->answer || now_ms >= entry->expires_at_ms) {
		drop(cache, entry);
		return;
	}
	list(cache, entry);
	while (cache->n_bytes > cache->max_bytes && cache->oldest)
		drop(cache, cache->oldest);
}
