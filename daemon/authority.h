/* The name servers of a domain's zone as a round asks them: found by a walk from a zone above (lib/authority/walk.h), made
 * asynchronous, or named by the configuration. Nothing is remembered here but by who holds a zone: its answers lie in the
 * caches of the two resolvers, and its servers stay known to theirs as long as the zone lives. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "daemon/loop.h"
#include "daemon/resolver/resolver.h"
#include "lib/authority/walk.h"
#include "lib/base/arena.h"
#include "lib/round/round.h"

/* Who serves a zone. It holds a share in each server, so it must be freed before their resolver. */
struct mxw_zone_servers {
	struct mxw_resolver *resolver; /* of the servers; borrowed */
	const char *apex;
	struct mxw_round_server servers[MXW_ROUND_MAX_SERVERS];
	size_t indexes[MXW_ROUND_MAX_SERVERS]; /* in the resolver */
	size_t n;
	uint32_t ttl; /* seconds that the delegation may be relied on; UINT32_MAX when it was not found but given */
	struct mxw_arena arena;
};

/* Servers that somebody has named. 0, or what mxw_resolver_add_server says. */
int mxw_zone_servers_given(struct mxw_zone_servers **ret, struct mxw_resolver *servers, const char *apex,
			   const struct mxw_endpoint *endpoints, size_t n);
void mxw_zone_servers_free(struct mxw_zone_servers *zone);

struct mxw_authority_params {
	struct mxw_resolver *resolver; /* of the configuration */
	size_t upstream;               /* which of it is asked */
	struct mxw_resolver *servers;  /* for_servers */
	const char *domain;            /* canonical; all are borrowed until the end */
	/* Of what servers said, from the cache; 0 to ask the parent anew. What the resolver says may be as old as its TTL. */
	int64_t max_age_ms;
};

struct mxw_authority_search; /* one running walk */

/* Finds the servers of the zone that holds the domain. The callback comes from the loop, exactly once, never from inside this
 * call; the zone is the callback's to free, NULL when nobody could say who the servers are. 0 or -ENOMEM. */
int mxw_authority_find(struct mxw_authority_search **ret, struct mxw_loop *loop,
		       const struct mxw_authority_params *params,
		       void (*done)(void *arg, struct mxw_zone_servers *zone), void *arg);
/* Ends a search without a callback; NULL passes. A search is gone after its callback. */
void mxw_authority_cancel(struct mxw_authority_search *search);
