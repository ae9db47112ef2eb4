/* See upstream.h. */
#include "daemon/resolver/upstream.h"

#include <errno.h>
#include <stdlib.h>

enum { RTT_WEIGHT = 8 }; /* each round trip counts 1/8, as in TCP (RFC 6298 2.3) */

int mxw_upstream_new(struct mxw_upstream **ret, struct mxw_udp_shared *shared, const struct mxw_upstream_spec *spec,
		     uint32_t number, size_t max_sockets)
{
	struct mxw_upstream *upstream = calloc(1, sizeof(*upstream) + spec->n_addresses * sizeof(*upstream->servers));
	if (!upstream)
		return -ENOMEM;
	upstream->number = number;
	upstream->spec = *spec;
	upstream->spec.name = NULL;
	mxw_pace_init(&upstream->pace, shared->loop, spec->max_qps, spec->max_in_flight);
	for (size_t i = 0; i < spec->n_addresses; i++)
		mxw_udp_pool_init(&upstream->servers[i].pool, shared, &spec->addresses[i], max_sockets);
	*ret = upstream;
	return 0;
}

void mxw_upstream_free(struct mxw_upstream *upstream)
{
	if (!upstream)
		return;
	for (size_t i = 0; i < upstream->spec.n_addresses; i++)
		mxw_udp_pool_done(&upstream->servers[i].pool);
	mxw_pace_done(&upstream->pace);
	free(upstream);
}

void mxw_upstream_count_rtt(struct mxw_upstream *upstream, uint32_t rtt_us)
{
	uint32_t *smoothed = &upstream->counters.smoothed_rtt_us;
	*smoothed = *smoothed ? (uint32_t)(((uint64_t)*smoothed * (RTT_WEIGHT - 1) + rtt_us) / RTT_WEIGHT) : rtt_us;
}

void mxw_upstream_counters_get(const struct mxw_upstream *upstream, struct mxw_upstream_counters *ret)
{
	*ret = upstream->counters;
	for (size_t i = 0; i < upstream->spec.n_addresses; i++) {
		ret->packets += upstream->servers[i].pool.n_sent;
		ret->ignored += upstream->servers[i].pool.n_ignored;
	}
	ret->in_flight = upstream->pace.n_in_flight;
	ret->queued = upstream->pace.n_waiting;
}

bool mxw_server_speaks_edns(const struct mxw_server *server, int64_t now_ms)
{
	return now_ms >= server->plain_until_ms;
}

bool mxw_server_keeps_case(const struct mxw_server *server, int64_t now_ms)
{
	return now_ms >= server->lower_case_until_ms;
}

void mxw_server_edns_refused(struct mxw_server *server, int64_t now_ms)
{
	server->plain_until_ms = now_ms + MXW_SERVER_MEMORY_MS;
	server->n_edns_silent = 0;
}

void mxw_server_edns_silent(struct mxw_server *server, int64_t now_ms)
{
	if (++server->n_edns_silent >= MXW_SERVER_MAX_EDNS_SILENT)
		mxw_server_edns_refused(server, now_ms);
}

void mxw_server_edns_works(struct mxw_server *server)
{
	server->n_edns_silent = 0;
}

void mxw_server_changes_case(struct mxw_server *server, int64_t now_ms)
{
	server->lower_case_until_ms = now_ms + MXW_SERVER_MEMORY_MS;
}
