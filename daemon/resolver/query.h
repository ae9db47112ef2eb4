/* One question in flight at one upstream: waits for its turn, climbs the retry ladder (lib/dns/attempt.h), follows
 * aliases that leave the packet, and ends in one answer for everybody who waits for it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/resolver/cache.h"
#include "daemon/resolver/resolver.h"
#include "daemon/resolver/room.h"
#include "daemon/resolver/tcp.h"
#include "daemon/resolver/upstream.h"
#include "lib/dns/attempt.h"

enum {
	/* Times the timeout of a question that one may wait for its turn: the queue is then so long that "no answer in time"
	 * is the truth. */
	MXW_QUERY_PATIENCE = 3,
	/* Kept for reuse, 1 KiB each. */
	MXW_MAX_SPARE_QUERIES = 1024,
	/* SERVFAIL is remembered that long (RFC 9520 3.2), so that a hundred domains with one broken provider do not ask a
	 * hundred times at once. */
	MXW_FAILURE_LIFETIME_MS = 1000,
};

/* Members are private to query.c and reply.c. */
struct mxw_query {
	struct mxw_query *prev, *next; /* running or spare */
	struct mxw_query_room *room;
	struct mxw_upstream *upstream;
	struct mxw_cache_entry *entry;
	struct mxw_lookup *waiters;
	struct mxw_turn turn;
	unsigned n_passed;      /* of the two paces, its upstream's and the room's: counted there as in flight */
	int64_t deadline_ms;    /* of the question, from its turn on */
	struct mxw_timer timer; /* end of the try */
	struct mxw_attempt attempt;
	struct mxw_attempt_step step;
	bool edns; /* the running try has it */
	unsigned n_tries;
	int64_t tcp_sent_at_us;
	struct mxw_udp_try udp;
	struct mxw_tcp_try tcp;
	/* Seen on the way, for the memory of the server (number + 1; 0: not seen). */
	unsigned edns_refused_by, edns_silent_by, case_changed_by;
	bool is_forged;             /* somebody sends forged answers: no more UDP for this question */
	char *chain[MXW_MAX_CHAIN]; /* aliases of earlier messages */
	size_t n_chain;
	uint32_t chain_ttl;
	struct mxw_answer *failure; /* the last message that was no determinate answer */
};

/* Asks for the entry's name, which must have a wire form, on behalf of the lookup. The query belongs to the room and ends
 * by itself, from the loop. -ENOMEM. */
int mxw_query_start(struct mxw_query_room *room, struct mxw_upstream *upstream, struct mxw_cache_entry *entry,
		    struct mxw_lookup *lookup);
void mxw_query_join(struct mxw_query *query, struct mxw_lookup *lookup);
void mxw_query_leave(struct mxw_lookup *lookup); /* the query goes on: others may profit from its answer */
void mxw_query_abandon(struct mxw_query *query); /* nobody may wait for it */

/* For reply.c. Each may end the query and with it its memory. */

/* Tells the ladder of an event of the running try. False: the try goes on. True: it has ended. */
bool mxw_query_advance(struct mxw_query *query, enum mxw_attempt_event event, enum mxw_outcome outcome);
/* The running try has shown that the chain goes on elsewhere: adds its names (copied) and asks for the last one. */
void mxw_query_follow(struct mxw_query *query, const struct mxw_answer_parts *parts);
void mxw_query_complete(struct mxw_query *query, struct mxw_answer *answer); /* takes the reference */
struct mxw_server *mxw_query_server(struct mxw_query *query);                /* of the running try */
