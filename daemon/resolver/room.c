/* See room.h. */
#include "daemon/resolver/room.h"

#include <assert.h>
#include <stdlib.h>

#include <utlist.h>

#include "daemon/resolver/query.h"

int mxw_query_room_init(struct mxw_query_room *room, struct mxw_loop *loop, int64_t timeout_ms, size_t max_cache_bytes)
{
	*room = (struct mxw_query_room){ .loop = loop,
					 .timeout_ms = timeout_ms,
					 .cache = { .max_bytes = max_cache_bytes } };
	int r = mxw_udp_shared_init(&room->udp, loop);
	return r < 0 ? r : mxw_answer_new_failure(&room->out_of_memory, MXW_OUTCOME_NETWORK_ERROR);
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
	mxw_cache_done(&room->cache);
	mxw_udp_shared_done(&room->udp);
	mxw_answer_unref(room->out_of_memory);
}
