/* TTLs as caching resolvers show them: counted down from the fetch, full again after they have lapsed, or when what there
 * is to say has changed (the script's change is what the resolver sees next, not what it will see an hour later). */
#pragma once

#include <stdint.h>

#include "lib/dns/answer.h"

struct ttl_entry;
struct ttl_cache {
	struct ttl_entry *entries;
	int64_t past_ms; /* of true time before this life of the daemon: the cache outlives it */
	void (*on_fetch)(const char *resolver, const char *name); /* this one asks the zone anew; may be NULL */
};

/* Of an answer that comes from the zone itself, seconds. */
uint32_t ttl_full(const struct mxw_answer *answer);

void ttl_cache_done(struct ttl_cache *cache);
/* Sets `ttl` and `received_at_ms` of an answer that nobody else holds yet. */
void ttl_cache_age(struct ttl_cache *cache, const char *resolver, const char *name, uint16_t type,
		   struct mxw_answer *answer, int64_t now_ms);
