/* Hash table and list of last use; see cache.h. */
#include "daemon/resolver/cache.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "lib/base/util.h"
#include "lib/dns/name.h"

enum { KEY_PREFIX = 4 + 2 + 1, MALLOC_OVERHEAD = 16 };

/* The key as octets in a row, which is what the table compares. */
struct flat_key {
	size_t n;
	char bytes[KEY_PREFIX + MXW_NAME_TEXT_MAX];
};

static int flatten(struct flat_key *ret, const struct mxw_cache_key *key)
{
	size_t n = strlen(key->name) + 1;
	if (n > MXW_NAME_TEXT_MAX)
		return -EINVAL;
	memcpy(ret->bytes, &key->upstream, sizeof(key->upstream));
	memcpy(ret->bytes + 4, &key->type, sizeof(key->type));
	ret->bytes[6] = key->tcp_only;
	memcpy(ret->bytes + KEY_PREFIX, key->name, n);
	ret->n = KEY_PREFIX + n;
	return 0;
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
	/* Counted for each entry even if rounds share the answer. */
	entry->n_bytes = sizeof(*entry) + entry->n_key + entry->answer->n_octets + 2 * (size_t)MALLOC_OVERHEAD;
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

static int add(struct mxw_cache *cache, const struct mxw_cache_key *key, const struct flat_key *flat, unsigned hash,
	       struct mxw_cache_entry **ret)
{
	struct mxw_cache_entry *entry = calloc(1, sizeof(*entry) + flat->n);
	if (!entry)
		return -ENOMEM;
	entry->n_key = flat->n;
	memcpy(entry->key, flat->bytes, flat->n);
	entry->name = entry->key + KEY_PREFIX;
	entry->type = key->type;
	entry->tcp_only = key->tcp_only;
	HASH_ADD_KEYPTR_BYHASHVALUE(hh, cache->table, entry->key, entry->n_key, hash, entry);
	if (!entry->hh.tbl) { /* the table could not grow */
		free(entry);
		return -ENOMEM;
	}
	*ret = entry;
	return 0;
}

int mxw_cache_find(struct mxw_cache *cache, const struct mxw_cache_key *key, struct mxw_cache_entry **ret)
{
	struct flat_key flat;
	int r = flatten(&flat, key);
	if (r < 0)
		return r;
	unsigned hash;
	HASH_VALUE(flat.bytes, flat.n, hash);
	HASH_FIND_BYHASHVALUE(hh, cache->table, flat.bytes, flat.n, hash, *ret);
	return *ret ? 0 : add(cache, key, &flat, hash, ret);
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

void mxw_cache_begin(struct mxw_cache *cache, struct mxw_cache_entry *entry, void *query)
{
	assert(!entry->query);
	unlist(cache, entry);
	entry->query = query;
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
