/* The resolver's face: upstreams, the way of a question to the cache, to a query in flight, or to a new one. */
#include "daemon/resolver/resolver.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "daemon/resolver/query.h"
#include "daemon/resolver/room.h"
#include "daemon/resolver/servers.h"
#include "daemon/resolver/upstream.h"
#include "lib/base/util.h"
#include "lib/dns/name.h"

/* UDP sockets of all addresses together: half of the 1024 descriptors that a process has by default. */
enum { MAX_UDP_SOCKETS = 512 };

struct mxw_resolver {
	struct mxw_query_room room;
	size_t n_upstreams;
	struct mxw_upstream **upstreams; /* NULL for servers: */
	struct mxw_server_table servers;
};

static size_t sockets_for_each_address(const struct mxw_resolver_params *params)
{
	size_t n = 0;
	for (size_t i = 0; i < params->n_upstreams; i++)
		n += params->upstreams[i].n_addresses;
	return MXW_MAX(MAX_UDP_SOCKETS / MXW_MAX(n, 1u), (size_t)MXW_POOL_MIN_SOCKETS);
}

static int make_upstreams(struct mxw_resolver *resolver, const struct mxw_resolver_params *params)
{
	resolver->upstreams = mxw_new_array(params->n_upstreams, sizeof(struct mxw_upstream *));
	if (!resolver->upstreams)
		return -ENOMEM;
	for (uint32_t i = 0; i < params->n_upstreams; i++) {
		int r = mxw_upstream_new(&resolver->upstreams[i], &resolver->room.udp, &params->upstreams[i], i,
					 sockets_for_each_address(params));
		if (r < 0)
			return r;
		resolver->n_upstreams++;
	}
	return 0;
}

int mxw_resolver_new(struct mxw_resolver **ret, struct mxw_loop *loop, const struct mxw_resolver_params *params)
{
	assert(params->n_upstreams <= MXW_MAX_UPSTREAMS && params->timeout_ms > 0);
	assert(!params->for_servers || params->n_upstreams == 0);
	struct mxw_resolver *resolver = calloc(1, sizeof(*resolver));
	if (!resolver)
		return -ENOMEM;
	size_t max_cache_bytes = params->max_cache_bytes ? params->max_cache_bytes : MXW_RESOLVER_CACHE_BYTES;
	int r = mxw_query_room_init(&resolver->room, loop, params->for_servers, params->timeout_ms, max_cache_bytes);
	if (r == 0)
		r = params->for_servers ? mxw_server_table_init(&resolver->servers, &resolver->room)
					: make_upstreams(resolver, params);
	if (r < 0) {
		mxw_resolver_free(resolver);
		return r;
	}
	*ret = resolver;
	return 0;
}

void mxw_resolver_free(struct mxw_resolver *resolver)
{
	if (!resolver)
		return;
	mxw_query_room_done(&resolver->room);
	mxw_server_table_done(&resolver->servers);
	for (size_t i = 0; i < resolver->n_upstreams; i++)
		mxw_upstream_free(resolver->upstreams[i]);
	free(resolver->upstreams);
	free(resolver);
}

int mxw_resolver_add_server(struct mxw_resolver *resolver, const struct mxw_endpoint *endpoint, uint32_t max_qps,
			    size_t *ret_index)
{
	assert(resolver->room.direct);
	return mxw_server_table_add(&resolver->servers, endpoint, max_qps, ret_index);
}

void mxw_resolver_drop_server(struct mxw_resolver *resolver, size_t index)
{
	assert(resolver->room.direct);
	mxw_server_table_drop(&resolver->servers, index);
}

static struct mxw_upstream *get_upstream(const struct mxw_resolver *resolver, size_t index)
{
	if (resolver->room.direct)
		return mxw_server_table_get(&resolver->servers, index);
	assert(index < resolver->n_upstreams);
	return resolver->upstreams[index];
}

static int start(struct mxw_resolver *resolver, struct mxw_upstream *upstream, struct mxw_cache_entry *entry,
		 struct mxw_lookup *lookup)
{
	uint8_t wire[MXW_NAME_WIRE_MAX];
	if (mxw_name_to_wire(entry->name, wire) < 0)
		return -EINVAL;
	return mxw_query_start(&resolver->room, upstream, entry, lookup);
}

/* `key` without its upstream. */
static int ask(struct mxw_resolver *resolver, struct mxw_upstream *upstream, struct mxw_cache_key key,
	       int64_t max_age_ms, struct mxw_lookup *lookup, struct mxw_answer **ret_answer)
{
	assert(!lookup->query);
	struct mxw_cache *cache = &resolver->room.cache;
	struct mxw_cache_entry *entry = NULL;
	int64_t now_ms = mxw_loop_now_ms(resolver->room.loop);
	*ret_answer = NULL;
	key.upstream = upstream->number;
	int r = mxw_cache_find(cache, &key, &entry);
	if (r < 0)
		return r;
	struct mxw_answer *cached = mxw_cache_get(cache, entry, now_ms, max_age_ms);
	if (cached) {
		upstream->counters.cached++;
		*ret_answer = mxw_answer_ref(cached);
		return 0;
	}
	if (entry->query) {
		upstream->counters.coalesced++;
		mxw_query_join(entry->query, lookup);
		return 0;
	}
	r = start(resolver, upstream, entry, lookup);
	if (r < 0)
		mxw_cache_put(cache, entry, NULL, 0, now_ms);
	return r;
}

int mxw_resolver_ask(struct mxw_resolver *resolver, size_t upstream, const char *name, uint16_t type,
		     int64_t max_age_ms, struct mxw_lookup *lookup, struct mxw_answer **ret_answer)
{
	struct mxw_cache_key key = { .name = name, .type = type };
	return ask(resolver, get_upstream(resolver, upstream), key, max_age_ms, lookup, ret_answer);
}

int mxw_resolver_ask_over_tcp(struct mxw_resolver *resolver, size_t upstream, const char *name, uint16_t type,
			      int64_t max_age_ms, struct mxw_lookup *lookup, struct mxw_answer **ret_answer)
{
	struct mxw_cache_key key = { .name = name, .type = type, .tcp_only = true };
	return ask(resolver, get_upstream(resolver, upstream), key, max_age_ms, lookup, ret_answer);
}

void mxw_lookup_cancel(struct mxw_lookup *lookup)
{
	if (lookup->query)
		mxw_query_leave(lookup);
}

void mxw_resolver_counters(const struct mxw_resolver *resolver, size_t upstream, struct mxw_upstream_counters *ret)
{
	mxw_upstream_counters_get(get_upstream(resolver, upstream), ret);
}
