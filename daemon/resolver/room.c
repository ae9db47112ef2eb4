/* See room.h. */
#include "daemon/resolver/room.h"

#include <assert.h>
#include <stdlib.h>

#include <utlist.h>

#include "daemon/resolver/query.h"

enum {
	/* Direct questions on the way, all servers together. A question is at one server at a time, over one socket, so with as
	 * many UDP sockets as questions none waits for a socket while its time runs. TCP may take as many descriptors again;
	 * both and the resolvers' sockets stay below the 1024 that a process has by default. */
	MAX_DIRECT = 192,
	/* A server is asked about many domains in a row, and then for minutes not. */
	MAX_DIRECT_IDLE_MS = 2000,
};

int mxw_query_room_init(struct mxw_query_room *room, struct mxw_loop *loop, bool direct, int64_t timeout_ms,
			size_t max_cache_bytes)
{
	*room = (struct mxw_query_room){
		.loop = loop, .direct = direct, .timeout_ms = timeout_ms, .cache = { .max_bytes = max_cache_bytes }
	};
	mxw_pace_init(&room->pace, loop, 0, direct ? MAX_DIRECT : 0);
	int r = mxw_udp_shared_init(&room->udp, loop);
	if (r < 0)
		return r;
	if (direct)
		mxw_udp_pools_limit(&room->udp, MAX_DIRECT, MAX_DIRECT_IDLE_MS);
	return mxw_answer_new_failure(&room->out_of_memory, MXW_OUTCOME_NETWORK_ERROR);
}

void mxw_query_room_abandon(struct mxw_query_room *room, const struct mxw_upstream *upstream)
{
	struct mxw_query *query, *next;
	DL_FOREACH_SAFE (room->running, query, next)
		if (query->upstream == upstream)
			mxw_query_abandon(query);
}

void mxw_query_room_done(struct mxw_query_room *room)
{
	assert(room->n_calling == 0);
	while (room->running)
		mxw_query_abandon(room->running);
	while (room->spare) {
		struct mxw_query *query = room->spare;
		LL_DELETE(room->spare, query);
		free(query);
	}
	mxw_pace_done(&room->pace);
	mxw_cache_done(&room->cache);
	mxw_udp_shared_done(&room->udp);
	mxw_answer_unref(room->out_of_memory);
}
