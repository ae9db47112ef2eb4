/* One resolver entry, or one server of zones, at run time: its addresses and what was learnt about them, its pace, its
 * counters. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "daemon/resolver/pace.h"
#include "daemon/resolver/pool.h"
#include "daemon/resolver/resolver.h"

enum {
	MXW_SERVER_MEMORY_MS = 15 * 60 *
			       1000,    /* how long an oddity is remembered: as long as unbound's infra-host-ttl */
	MXW_SERVER_MAX_EDNS_SILENT = 2, /* once may be a lost packet */
};

/* One address of the entry. */
struct mxw_server {
	struct mxw_udp_pool pool;
	int64_t plain_until_ms;      /* EDNS breaks it: ask without (RFC 6891 6.2.2) */
	int64_t lower_case_until_ms; /* it does not keep the letter case of the question */
	unsigned n_edns_silent;      /* in a row: silent with EDNS, an answer without */
};

struct mxw_upstream {
	uint32_t number;               /* its own among all that the resolver ever has */
	struct mxw_upstream_spec spec; /* own copy, without the name */
	struct mxw_pace pace;
	struct mxw_upstream_counters counters; /* those that the pools and the pace do not keep */
	struct mxw_server servers[];           /* one for each address */
};

/* `max_sockets`: over UDP, for each address. -ENOMEM. */
int mxw_upstream_new(struct mxw_upstream **ret, struct mxw_udp_shared *shared, const struct mxw_upstream_spec *spec,
		     uint32_t number, size_t max_sockets);
void mxw_upstream_free(struct mxw_upstream *upstream); /* no questions */

void mxw_upstream_count_rtt(struct mxw_upstream *upstream, uint32_t rtt_us);
void mxw_upstream_counters_get(const struct mxw_upstream *upstream, struct mxw_upstream_counters *ret);

bool mxw_server_speaks_edns(const struct mxw_server *server, int64_t now_ms);
bool mxw_server_keeps_case(const struct mxw_server *server, int64_t now_ms);
void mxw_server_edns_refused(struct mxw_server *server, int64_t now_ms); /* and a plain question was answered */
void mxw_server_edns_silent(struct mxw_server *server, int64_t now_ms);  /* and a plain question was answered */
void mxw_server_edns_works(struct mxw_server *server);
void mxw_server_changes_case(struct mxw_server *server, int64_t now_ms); /* and was right over TCP */
