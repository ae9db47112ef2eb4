/* The world around the daemon: what each resolver says and what each receiver does. The fakes are linked in the place of
 * the real resolver and courier and find it here, so a scenario program has one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/dns/answer.h"
#include "lib/request/request.h"
#include "tests/scenario/inbox.h"
#include "tests/scenario/ttl.h"

struct zone;

enum { WORLD_MAX_ZONES = 32, WORLD_MAX_RESOLVERS = 16, WORLD_MAX_RECEIVERS = 8, WORLD_NAME_MAX = INBOX_NAME_MAX };

/* What resolvers may say. */
struct world_zone {
	char name[WORLD_NAME_MAX];
	struct zone *zone;
};

struct world_resolver {
	char name[WORLD_NAME_MAX];
	const struct world_zone *zone; /* NULL: every question ends in `failure` */
	enum mxw_outcome failure;
	bool is_lying; /* names that cannot exist have an address all the same */
};

enum receiver_mode {
	RECEIVER_OK,
	RECEIVER_RETRY,    /* answers 503 */
	RECEIVER_PARK,     /* answers 404 */
	RECEIVER_HANG,     /* never answers */
	RECEIVER_LOSE_ACK, /* takes the event, but the answer is lost */
};

struct world_receiver {
	char name[WORLD_NAME_MAX]; /* the last part of the notifier's URL, and the notifier's name */
	enum receiver_mode mode;
	unsigned n_left; /* tries until it is ok; 0: for ever */
};

struct world {
	struct world_zone zones[WORLD_MAX_ZONES];
	size_t n_zones;
	struct world_resolver resolvers[WORLD_MAX_RESOLVERS];
	struct world_resolver others; /* what one says that nobody has spoken of */
	size_t n_resolvers;
	struct world_receiver receivers[WORLD_MAX_RECEIVERS];
	size_t n_receivers;
	struct inbox inbox;
	struct ttl_cache ttls;
	size_t n_lost_acks;               /* receipts of which the daemon does not know: as many may come again (A7) */
	uint64_t n_questions, n_canaries; /* asked so far: about domains, and of the resolvers themselves */
	void (*on_question)(const char *name, uint16_t type); /* before it is answered; may be NULL */
};

extern struct world world;

void world_init(void);
void world_done(void);

/* Adds a zone, or what it says from now on when there is one of this name already. `like`: begins as a copy of that one,
 * may be NULL. False with the reason on stderr when the text is wrong. */
bool world_set_zone(const char *name, const char *like, const char *text);
struct world_zone *world_find_zone(const char *name); /* NULL if unknown */

bool world_is_server(const struct world_resolver *resolver); /* a name server of a zone: its name is its address */
struct world_resolver *world_get_resolver(const char *name); /* made when new; NULL when there are too many */
struct world_receiver *world_get_receiver(const char *name); /* likewise; a new one is ok */

/* Since the scenario began, over all lives of the daemon; `now_ms` is its clock. */
int64_t world_true_ms(int64_t now_ms);

/* A question on its way to a resolver. */
void world_note_question(const char *name, uint16_t type);
/* What this resolver says to this question, with the TTL that is left of it; one reference. */
struct mxw_answer *world_answer(const char *resolver, const char *name, uint16_t type, int64_t now_ms);
/* What a name server says that is asked directly; it is kept among the resolvers, by its address. Its TTLs are whole. */
struct mxw_answer *world_direct_answer(const char *server, const char *name, uint16_t type, int64_t now_ms);
/* After which time, when it may take `timeout_ms`. */
int64_t world_latency_ms(const char *resolver, int64_t timeout_ms);
