/* Who serves a domain: from the resolvers' view of a zone above it down to the servers that its parent delegates to
 * (findings.md 4.2; RFC 1034 4.3.2, RFC 9499 "delegation"). Pure.
 *
 * Re-asking, as a check does it: each call looks at the answers so far and takes the next steps; an answer that is not
 * there yet is asked for by the source. The caller calls again when something has come, until it is not MISSING.
 *
 * The parent's word counts and not the zone's own: when a delegation is removed the old servers may answer for years. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/dns/answer.h"
#include "lib/dns/upstream.h"

enum {
	MXW_AUTHORITY_MAX_SERVERS = 8, /* addresses that are asked for one zone; IPv4 first */
	MXW_AUTHORITY_MAX_NAMES = 13,  /* NS records that are looked at */
	MXW_AUTHORITY_PORT = 53,
};

struct mxw_walk_source {
	/* What a resolver, or this server asked directly, has answered; borrowed. NULL: nothing yet, and it is being asked
	 * from now on, or will be. */
	const struct mxw_answer *(*ask_resolver)(void *arg, const char *name, uint16_t type);
	const struct mxw_answer *(*ask_server)(void *arg, const struct mxw_endpoint *server, const char *name,
					       uint16_t type);
	void *arg;
};

/* A name server of a zone, by its NS record. */
struct mxw_zone_ns {
	const char *name;
	bool is_alias;  /* it has an alias in the place of addresses (RFC 2181 10.3) */
	bool is_failed; /* its addresses could not be looked up */
	size_t n_addresses;
};

/* One address of one of them. */
struct mxw_zone_server {
	struct mxw_endpoint endpoint;
	size_t ns; /* index into the zone's NS */
};

/* The zone that holds a domain, as the zone above says. Texts live in the arena. */
struct mxw_delegation {
	const char *zone; /* its apex: the domain or an ancestor */
	const char *
		parent; /* apex of the zone that delegates to it; NULL: taken from a resolver, nobody above was asked */
	bool is_denied; /* these servers say that the domain does not exist: the delegation is gone, or never was */
	bool is_own_parent; /* the parent's servers serve the zone themselves: what they delegate is not to be seen */
	uint32_t ttl;       /* seconds that the delegation may be cached */
	struct mxw_zone_ns ns[MXW_AUTHORITY_MAX_NAMES];
	size_t n_ns;
	struct mxw_zone_server servers[MXW_AUTHORITY_MAX_SERVERS];
	size_t n_servers; /* 0: no server has an address */
	struct mxw_arena arena;
};

enum mxw_walk_status {
	MXW_WALK_MISSING, /* answers are on their way */
	MXW_WALK_DONE,
	MXW_WALK_FAILED, /* nobody could say: no zone above answers, or its servers do not */
};

/* `domain` is canonical. With DONE *ret is filled, the caller's to be done with. -ENOMEM, or a status. */
int mxw_authority_walk(const char *domain, const struct mxw_walk_source *source, struct mxw_delegation *ret);
void mxw_delegation_done(struct mxw_delegation *delegation);
