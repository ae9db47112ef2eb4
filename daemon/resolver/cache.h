/* Questions and their answers, per upstream: the table of what is in flight and the cache of what was answered.
 *
 * There is one entry for each (upstream, name, type), and one more for what is asked over TCP alone. It may hold an
 * answer, a question in flight, or both. Entries with an answer and no question are dropped when the memory limit is
 * reached, the one used longest ago first. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#include "lib/dns/answer.h"

/* A TTL of years is a mistake or an attack; a day is what resolvers themselves keep at most by default. */
enum { MXW_CACHE_MAX_LIFETIME_MS = 24 * 3600 * 1000 };

struct mxw_cache_key {
	uint32_t upstream; /* its number */
	uint16_t type;
	bool tcp_only;
	const char *name;
};

struct mxw_cache_entry {
	UT_hash_handle hh;
	struct mxw_cache_entry *prev, *next; /* by last use; only with an answer and without a query */
	struct mxw_answer *answer;
	int64_t expires_at_ms;
	size_t n_bytes; /* what the limit counts; 0 while not in the list of last use */
	void *query;    /* the question in flight, of mxw_cache_begin */
	uint16_t type;
	bool tcp_only;
	size_t n_key;
	char *name; /* inside the key */
	char key[]; /* upstream, type, transport, name and its NUL */
};

struct mxw_cache {
	struct mxw_cache_entry *table;
	struct mxw_cache_entry *oldest; /* least recently used first */
	size_t n_bytes, max_bytes;
};

void mxw_cache_done(struct mxw_cache *cache); /* no question may be in flight */

/* The entry, a new and empty one if there was none. -ENOMEM; -EINVAL for a name that is too long. It stays until
 * mxw_cache_put if its query begins now. */
int mxw_cache_find(struct mxw_cache *cache, const struct mxw_cache_key *key, struct mxw_cache_entry **ret);

/* Its answer, if that is alive and was received at most max_age_ms ago, else NULL. Borrowed. */
struct mxw_answer *mxw_cache_get(struct mxw_cache *cache, struct mxw_cache_entry *entry, int64_t now_ms,
				 int64_t max_age_ms);

/* The entry has a question in flight now: until mxw_cache_put it stays, with what it held before. */
void mxw_cache_begin(struct mxw_cache *cache, struct mxw_cache_entry *entry, void *query);

/* Ends the question in flight, if there is one. An answer with a lifetime is kept, otherwise what the entry held before
 * stays, and an entry that holds nothing is freed: do not use it afterwards. */
void mxw_cache_put(struct mxw_cache *cache, struct mxw_cache_entry *entry, struct mxw_answer *answer,
		   int64_t lifetime_ms, int64_t now_ms);
