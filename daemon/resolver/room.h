/* What the questions of a resolver share: sockets' memory, the cache, the list of those in flight. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/loop.h"
#include "daemon/resolver/cache.h"
#include "daemon/resolver/pace.h"
#include "daemon/resolver/socket.h"

struct mxw_query;
struct mxw_upstream;

struct mxw_query_room {
	struct mxw_loop *loop;
	struct mxw_udp_shared udp;
	struct mxw_cache cache;
	struct mxw_pace pace; /* of all together, behind that of the upstream */
	bool direct;          /* servers of zones are asked, not resolvers */
	int64_t timeout_ms;   /* of a question */
	struct mxw_query *running;
	struct mxw_query *spare; /* for reuse */
	size_t n_spare;
	unsigned n_calling;               /* callbacks of lookups that are running */
	struct mxw_answer *out_of_memory; /* told when there is no memory for an answer */
};

int mxw_query_room_init(struct mxw_query_room *room, struct mxw_loop *loop, bool direct, int64_t timeout_ms,
			size_t max_cache_bytes);
/* Ends what runs; nobody may wait for it. A half-made one is fine. */
void mxw_query_room_done(struct mxw_query_room *room);
/* Ends what runs at one upstream; nobody may wait for it. From the loop only. */
void mxw_query_room_abandon(struct mxw_query_room *room, const struct mxw_upstream *upstream);
