/* The asynchronous resolver: several upstreams, each asked alone (design.md section 3).
 *
 * What the caller gets is always one mxw_answer, whatever happened on the wire: retries, TCP, alias continuation, the
 * CD probe after SERVFAIL are inside. One query is in flight per (upstream, name, type) however many lookups wait. */
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
	 * max_in_flight) ends as TIMEOUT. */
	int64_t timeout_ms;
	size_t max_cache_bytes; /* of answers, all upstreams together; 0: MXW_RESOLVER_CACHE_BYTES */
};

enum { MXW_RESOLVER_CACHE_BYTES = 64 * 1024 * 1024 };

int mxw_resolver_new(struct mxw_resolver **ret, struct mxw_loop *loop, const struct mxw_resolver_params *params);
/* Every waiting lookup must have been cancelled or answered before; asserts it. Never from a lookup's callback. */
void mxw_resolver_free(struct mxw_resolver *resolver);

/* Somebody waiting for an answer; embedded in the caller's object, zero-initialised before its first use. */
struct mxw_lookup {
	void *query;                    /* private */
	struct mxw_lookup *prev, *next; /* private */
	void (*callback)(void *arg, struct mxw_answer *answer);
	void *arg;
};

/* Asks `upstream` (index into the specs) for `name` (canonical) and `type`.
 *
 * An answer in the cache that is within its TTL and was received at most max_age_ms ago is returned at once: *ret_answer
 * is set (a reference of the caller's) and the callback is not called. Otherwise *ret_answer is NULL and the callback
 * comes exactly once, from the loop, with a borrowed answer (ref it to keep it); never from inside this call.
 * 0, -ENOMEM, or -EINVAL for a name without wire form. */
int mxw_resolver_ask(struct mxw_resolver *resolver, size_t upstream, const char *name, uint16_t type,
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
