/* Datagram and stream peers by address; see peers.h. */
#include "daemon/sender/peers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "daemon/sender/dgram.h"
#include "daemon/sender/stream.h"

enum { SWEEP_MS = 60 * 1000 };

struct peer {
	struct peer *prev, *next;
	struct mxw_endpoint endpoint;
	int64_t used_ms;
	struct mxw_dgram *dgram; /* one of the two */
	struct mxw_stream *stream;
};

struct mxw_peers {
	struct mxw_transport_context context;
	struct peer *list;
	size_t n;
	struct mxw_timer sweep;
};

static void free_peer(struct mxw_peers *peers, struct peer *peer)
{
	DL_DELETE(peers->list, peer);
	peers->n--;
	mxw_dgram_free(peer->dgram);
	mxw_stream_free(peer->stream);
	free(peer);
}

static bool is_idle(const struct peer *peer)
{
	return peer->dgram ? mxw_dgram_is_idle(peer->dgram) : mxw_stream_is_idle(peer->stream);
}

static void on_sweep(void *arg)
{
	struct mxw_peers *peers = arg;
	struct peer *peer, *next;
	int64_t now_ms = mxw_loop_now_ms(peers->context.loop);
	DL_FOREACH_SAFE (peers->list, peer, next)
		if (is_idle(peer) && now_ms - peer->used_ms >= SWEEP_MS)
			free_peer(peers, peer);
	if (peers->list)
		mxw_timer_in(&peers->sweep, SWEEP_MS);
}

static bool is_same(const struct mxw_endpoint *a, const struct mxw_endpoint *b)
{
	return a->kind == b->kind && a->port == b->port && strcmp(a->host, b->host) == 0;
}

static int add_peer(struct mxw_peers *peers, const struct mxw_endpoint *endpoint, struct peer **ret)
{
	if (peers->n == MXW_PEERS_MAX)
		return -EBUSY;
	struct peer *peer = calloc(1, sizeof(*peer));
	if (!peer)
		return -ENOMEM;
	peer->endpoint = *endpoint;
	int r;
	if (endpoint->kind == MXW_ENDPOINT_TCP)
		r = mxw_stream_new(&peer->stream, peers->context.loop, peers->context.names, endpoint);
	else
		r = mxw_dgram_new(&peer->dgram, peers->context.loop, peers->context.names, endpoint);
	if (r < 0) {
		free(peer);
		return r;
	}
	DL_APPEND(peers->list, peer);
	peers->n++;
	if (!mxw_timer_is_armed(&peers->sweep))
		mxw_timer_in(&peers->sweep, SWEEP_MS);
	*ret = peer;
	return 0;
}

int mxw_peers_new(struct mxw_peers **ret, const struct mxw_transport_context *context)
{
	struct mxw_peers *peers = calloc(1, sizeof(*peers));
	if (!peers)
		return -ENOMEM;
	peers->context = *context;
	mxw_timer_init(&peers->sweep, context->loop, on_sweep, peers);
	*ret = peers;
	return 0;
}

void mxw_peers_free(struct mxw_peers *peers)
{
	if (!peers)
		return;
	mxw_timer_cancel(&peers->sweep);
	while (peers->list)
		free_peer(peers, peers->list);
	free(peers);
}

void mxw_peers_send(struct mxw_peers *peers, const struct mxw_endpoint *endpoint, struct mxw_job *job)
{
	struct peer *peer = NULL, *each;
	DL_FOREACH (peers->list, each)
		if (is_same(&each->endpoint, endpoint))
			peer = each;
	int r = peer ? 0 : add_peer(peers, endpoint, &peer);
	if (r < 0) {
		mxw_job_end(job, MXW_RETRY, 0, "%s", r == -EBUSY ? "too many receivers at once" : strerror(-r));
		return;
	}
	peer->used_ms = mxw_loop_now_ms(peers->context.loop);
	if (peer->dgram)
		mxw_dgram_send(peer->dgram, job);
	else
		mxw_stream_send(peer->stream, job);
}
