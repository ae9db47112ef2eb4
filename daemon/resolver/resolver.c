/* The resolver's face: upstreams, the way of a question to the cache, to a query in flight, or to a new one. */
#include "daemon/resolver/resolver.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "daemon/resolver/query.h"
#include "daemon/resolver/room.h"
#include "daemon/resolver/upstream.h"
#include "lib/base/util.h"
#include "lib/dns/name.h"

/* UDP sockets of all addresses together: half of the 1024 descriptors that a process has by default. */
enum { MAX_UDP_SOCKETS = 512 };

struct mxw_resolver {
	struct mxw_query_room room;
	size_t n_upstreams;
	struct mxw_upstream *upstreams;
};

static size_t sockets_for_each_address(const struct mxw_resolver_params *params)
{
	size_t n = 0;
	for (size_t i = 0; i < params->n_upstreams; i++)
		n += params->upstreams[i].n_addresses;
	return MXW_MAX(MAX_UDP_SOCKETS / MXW_MAX(n, 1u), (size_t)MXW_POOL_MIN_SOCKETS);
}

int mxw_resolver_new(struct mxw_resolver **ret, struct mxw_loop *loop, const struct mxw_resolver_params *params)
{
	assert(params->n_upstreams <= MXW_MAX_UPSTREAMS && params->timeout_ms > 0);
	struct mxw_resolver *resolver = calloc(1, sizeof(*resolver));
	if (!resolver)
		return -ENOMEM;
	size_t max_cache_bytes = params->max_cache_bytes ? params->max_cache_bytes : MXW_RESOLVER_CACHE_BYTES;
	int r = mxw_query_room_init(&resolver->room, loop, params->timeout_ms, max_cache_bytes);
	resolver->upstreams = r < 0 ? NULL : mxw_new_array(params->n_upstreams, sizeof(*resolver->upstreams));
	if (!resolver->upstreams) {
		mxw_resolver_free(resolver);
		return r < 0 ? r : -ENOMEM;
	}
	for (; resolver->n_upstreams < params->n_upstreams; resolver->n_upstreams++)
		mxw_upstream_init(&resolver->upstreams[resolver->n_upstreams], &resolver->room.udp,
				  &params->upstreams[resolver->n_upstreams], sockets_for_each_address(params));
	*ret = resolver;
	return 0;
}

void mxw_resolver_free(struct mxw_resolver *resolver)
{
	if (!resolver)
		return;
	mxw_query_room_done(&resolver->room);
	for (size_t i = 0; i < resolver->n_upstreams; i++)
		mxw_upstream_done(&resolver->upstreams[i]);
	free(resolver->upstreams);
	free(resolver);
}

static int start(struct mxw_resolver *resolver, struct mxw_upstream *upstream, struct mxw_cache_entry *entry,
		 struct mxw_lookup *lookup)
{
	uint8_t wire[MXW_NAME_WIRE_MAX];
	if (mxw_name_to_wire(entry->name, wire) < 0)
		return -EINVAL;
	return mxw_query_start(&resolver->room, upstream, entry, lookup);
}

int mxw_resolver_ask(struct mxw_resolver *resolver, size_t upstream, const char *name, uint16_t type,
		     int64_t max_age_ms, struct mxw_lookup *lookup, struct mxw_answer **ret_answer)
{
	assert(upstream < resolver->n_upstreams && !lookup->query);
	struct mxw_cache *cache = &resolver->room.cache;
	struct mxw_upstream *asked = &resolver->upstreams[upstream];
	struct mxw_cache_entry *entry = NULL;
	int64_t now_ms = mxw_loop_now_ms(resolver->room.loop);
	*ret_answer = NULL;
	int r = mxw_cache_find(cache, upstream, name, type, &entry);
	if (r < 0)
		return r;
	struct mxw_answer *cached = mxw_cache_get(cache, entry, now_ms, max_age_ms);
	if (cached) {
		asked->counters.cached++;
		*ret_answer = mxw_answer_ref(cached);
		return 0;
	}
	if (entry->query) {
		asked->counters.coalesced++;
		mxw_query_join(entry->query, lookup);
		return 0;
	}
	r = start(resolver, asked, entry, lookup);
	if (r < 0)
		mxw_cache_put(cache, entry, NULL, 0, now_ms);
	return r;
}

void mxw_lookup_cancel(struct mxw_lookup *lookup)
{
	if (lookup->query)
		mxw_query_leave(lookup);
}

void mxw_resolver_counters(const struct mxw_resolver *resolver, size_t upstream, struct mxw_upstream_counters *ret)
{
	assert(upstream < resolver->n_upstreams);
	mxw_upstream_counters_get(&resolver->upstreams[upstream], ret);
}
