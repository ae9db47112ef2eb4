/* The asynchronous resolver: several upstreams, each asked alone (design.md section 3).
 *
 * What the caller gets is always one mxw_answer, whatever happened on the wire: retries, TCP, alias continuation, the
 * CD probe after SERVFAIL are inside. One query is in flight per (upstream, name, type) however many lookups wait.
 *
 * There are two kinds. The upstreams of the one are the resolvers of the configuration. Those of the other are servers of
 * zones that come and go, each one address, asked without recursion: what their answers mean is said at mxw_message_read
 * (lib/dns/wire.h). An alias that leads out of the packet ends there in a REFERRAL with the chain. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/loop.h"
#include "lib/dns/answer.h"
#include "lib/dns/upstream.h"

struct mxw_resolver;

struct mxw_resolver_params {
	const struct mxw_upstream_spec *upstreams; /* copied */
	size_t n_upstreams;
	/* For one question, all its tries, from its turn on. One that has waited three times as long for its turn (max_qps,
	 * max_in_flight) ends as TIMEOUT with never_sent. Questions to servers may wait twice: the limit of all servers
	 * together comes behind that of the one. */
	int64_t timeout_ms;
	size_t max_cache_bytes; /* of answers, all upstreams together; 0: MXW_RESOLVER_CACHE_BYTES */
	bool for_servers;       /* of zones, see mxw_resolver_add_server; n_upstreams is 0 */
};

enum {
	MXW_RESOLVER_CACHE_BYTES = 64 * 1024 * 1024,
	/* Of zones, a KiB or two each. Domains share them: a hoster's thousands have a handful. */
	MXW_RESOLVER_MAX_SERVERS = 4096,
	/* Questions a second for a server if nobody says otherwise. Servers that limit rates begin at some hundreds. */
	MXW_RESOLVER_SERVER_QPS = 50,
	/* On the way to one server: its rate at a round trip of 300 ms, and little of what all have when it is silent. */
	MXW_RESOLVER_SERVER_IN_FLIGHT = 16,
};

int mxw_resolver_new(struct mxw_resolver **ret, struct mxw_loop *loop, const struct mxw_resolver_params *params);
/* Every waiting lookup must have been cancelled or answered before; asserts it. Never from a lookup's callback. */
void mxw_resolver_free(struct mxw_resolver *resolver);

/* For a resolver for servers only. Gives the index of the server with this endpoint, a new one or the one that is there:
 * whoever adds it has a share in it, and it stays until all have dropped it. `max_qps` 0: MXW_RESOLVER_SERVER_QPS; of several
 * callers the last one's holds. 0, -ENOMEM, or -ENOSPC beyond MXW_RESOLVER_MAX_SERVERS. */
int mxw_resolver_add_server(struct mxw_resolver *resolver, const struct mxw_endpoint *endpoint, uint32_t max_qps,
			    size_t *ret_index);
/* Gives a share back. With the last one the index is no longer yours, and no lookup of it may be waiting. From anywhere,
 * callbacks of lookups included. */
void mxw_resolver_drop_server(struct mxw_resolver *resolver, size_t index);

/* Somebody waiting for an answer; embedded in the caller's object, zero-initialised before its first use. */
struct mxw_lookup {
	void *query;                    /* private */
	struct mxw_lookup *prev, *next; /* private */
	void (*callback)(void *arg, struct mxw_answer *answer);
	void *arg;
};

/* Asks `upstream` (index into the specs, or of a server) for `name` (canonical) and `type`.
 *
 * An answer in the cache that is within its TTL and was received at most max_age_ms ago is returned at once: *ret_answer
 * is set (a reference of the caller's) and the callback is not called. Otherwise *ret_answer is NULL and the callback
 * comes exactly once, from the loop, with a borrowed answer (ref it to keep it); never from inside this call.
 * 0, -ENOMEM, or -EINVAL for a name without wire form. */
int mxw_resolver_ask(struct mxw_resolver *resolver, size_t upstream, const char *name, uint16_t type,
		     int64_t max_age_ms, struct mxw_lookup *lookup, struct mxw_answer **ret_answer);

/* The same over TCP alone, with answers of its own in the cache: does the upstream serve TCP at all? When nobody listens
 * there the outcome is TIMEOUT, at once; any outcome with over_tcp says that somebody does. */
int mxw_resolver_ask_over_tcp(struct mxw_resolver *resolver, size_t upstream, const char *name, uint16_t type,
			      int64_t max_age_ms, struct mxw_lookup *lookup, struct mxw_answer **ret_answer);

/* The callback will not come. No-op for a lookup that is not waiting. */
void mxw_lookup_cancel(struct mxw_lookup *lookup);

struct mxw_upstream_counters {
	uint64_t asked;   /* questions that went to the wire */
	uint64_t packets; /* sent, tries and TCP included */
	uint64_t cached, coalesced;
	uint64_t outcomes[MXW_N_OUTCOMES];
	uint64_t ignored;           /* datagrams that matched no query: wrong id, question, form */
	uint64_t in_flight, queued; /* now */
	uint32_t smoothed_rtt_us;
};
void mxw_resolver_counters(const struct mxw_resolver *resolver, size_t upstream, struct mxw_upstream_counters *ret);
