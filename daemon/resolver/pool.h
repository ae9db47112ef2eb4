/* The UDP sockets of one address of an upstream: grown on demand, used in turn, retired after a while, so that an
 * attacker has to guess the port as well as the id (RFC 5452 9.2) at the price of few system calls.
 *
 * Tries are queued and leave together at the end of the loop's iteration. Nothing here calls back from inside a call. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "daemon/resolver/socket.h"

enum {
	/* A retry finds another port. */
	MXW_POOL_MIN_SOCKETS = 4,
	/* Beyond that the batches get small, and a question costs more (measured). */
	MXW_POOL_MAX_SOCKETS = 64,
	/* Waiting for an answer; more sockets are opened above. */
	MXW_POOL_TRIES_PER_SOCKET = 64,
	/* Then it is retired: far from 65536 ids, and cheap against that many questions. */
	MXW_POOL_SOCKET_MAX_USES = 4096,
	/* Who looks for open ports has little use of what was found. */
	MXW_POOL_SOCKET_MAX_AGE_MS = 60000,
	/* Before another try when descriptors, ports or buffers have run out. */
	MXW_POOL_PAUSE_MS = 10,
};

struct mxw_udp_pool {
	struct mxw_udp_shared *shared;
	struct mxw_address address;
	size_t max_sockets;
	struct mxw_udp_socket *sockets[MXW_POOL_MAX_SOCKETS];
	size_t n_sockets;
	struct mxw_udp_socket *retired; /* waiting for their last answers */
	struct mxw_udp_try *queue;
	size_t n_queued;
	struct mxw_timer flush;
	uint64_t next_serial;
	uint64_t n_sent, n_ignored;
};

void mxw_udp_pool_init(struct mxw_udp_pool *pool, struct mxw_udp_shared *shared, const struct mxw_endpoint *endpoint,
		       size_t max_sockets);
void mxw_udp_pool_done(struct mxw_udp_pool *pool); /* no tries; a zeroed one is fine */

/* For pools without number: no more than `max_sockets` are open in all of them. For one more the socket that has been idle
 * for longest is closed, and so is whatever is idle for max_idle_ms. Call it before there are pools. */
void mxw_udp_pools_limit(struct mxw_udp_shared *shared, size_t max_sockets, int64_t max_idle_ms);

/* Queues the try: packet, n_packet, sink, arg are set. It goes through another socket than the try before. */
void mxw_udp_pool_send(struct mxw_udp_pool *pool, struct mxw_udp_try *try);
void mxw_udp_try_cancel(struct mxw_udp_try *try); /* idempotent; on a zeroed one a no-op */
