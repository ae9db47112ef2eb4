/* Resolvers and receivers of a scenario; see world.h. */
#include "tests/scenario/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/dns/name.h"
#include "tests/scenario/fake_loop.h"
#include "tests/zone/zone.h"

enum { RTT_MS = 20 };

/* What every zone has: the root's name servers, which resolvers are asked for to see whether they are well. */
static const char usual_records[] = ". 518400 IN NS a.root-servers.net.\n";

struct world world;

void world_init(void)
{
	world = (struct world){ 0 };
	world.others.failure = MXW_OUTCOME_TIMEOUT;
	inbox_init(&world.inbox);
}

void world_done(void)
{
	for (size_t i = 0; i < world.n_zones; i++)
		zone_free(world.zones[i].zone);
	inbox_done(&world.inbox);
	ttl_cache_done(&world.ttls);
	world_init();
}

struct world_zone *world_find_zone(const char *name)
{
	for (size_t i = 0; i < world.n_zones; i++)
		if (strcmp(world.zones[i].name, name) == 0)
			return &world.zones[i];
	return NULL;
}

bool world_set_zone(const char *name, const char *like, const char *text)
{
	struct world_zone *place = world_find_zone(name), *base = like ? world_find_zone(like) : NULL;
	if (!place && world.n_zones == WORLD_MAX_ZONES) {
		fprintf(stderr, "zone %s: too many zones\n", name);
		return false;
	}
	if (like && !base) {
		fprintf(stderr, "zone %s: like %s, which is unknown\n", name, like);
		return false;
	}
	struct zone *usual = like ? NULL : zone_new("world", NULL, usual_records);
	struct zone *zone = zone_new(name, like ? base->zone : usual, text);
	zone_free(usual);
	if (!zone)
		return false;
	if (!place) {
		place = &world.zones[world.n_zones++];
		snprintf(place->name, sizeof(place->name), "%s", name);
	}
	zone_free(place->zone);
	place->zone = zone;
	return true;
}

bool world_is_server(const struct world_resolver *resolver)
{
	return strpbrk(resolver->name, ".:") != NULL;
}

struct world_resolver *world_get_resolver(const char *name)
{
	size_t i = 0;
	while (i < world.n_resolvers && strcmp(world.resolvers[i].name, name) != 0)
		i++;
	if (i == WORLD_MAX_RESOLVERS)
		return NULL;
	if (i == world.n_resolvers) {
		world.n_resolvers++;
		world.resolvers[i] = world.others;
		snprintf(world.resolvers[i].name, sizeof(world.resolvers[i].name), "%s", name);
		if (world_is_server(&world.resolvers[i])) {
			world.resolvers[i].zone = NULL;
			world.resolvers[i].failure = MXW_OUTCOME_TIMEOUT;
		}
	}
	return &world.resolvers[i];
}

struct world_receiver *world_get_receiver(const char *name)
{
	size_t i = 0;
	while (i < world.n_receivers && strcmp(world.receivers[i].name, name) != 0)
		i++;
	if (i == WORLD_MAX_RECEIVERS)
		return NULL;
	if (i == world.n_receivers) {
		world.n_receivers++;
		world.receivers[i].mode = RECEIVER_OK;
		snprintf(world.receivers[i].name, sizeof(world.receivers[i].name), "%s", name);
	}
	return &world.receivers[i];
}

static struct mxw_answer *failure(enum mxw_outcome outcome)
{
	struct mxw_answer *answer;
	if (mxw_answer_new_failure(&answer, outcome) < 0)
		abort();
	return answer;
}

/* An address for a name that cannot exist: what a resolver that sells advertisements says. */
static struct mxw_answer *lie(void)
{
	static const uint8_t address[] = { 45, 33, 2, 79 };
	const struct mxw_rr rr = { .ttl = 60, .type = MXW_TYPE_A, .rdata = address, .n_rdata = sizeof(address) };
	const struct mxw_answer_parts parts = { .head = { .outcome = MXW_OUTCOME_ANSWER, .ede = -1 },
						.rrs = &rr,
						.n_rrs = 1 };
	struct mxw_answer *answer;
	if (mxw_answer_new(&answer, &parts) < 0)
		abort();
	return answer;
}

static struct mxw_answer *say(const struct world_resolver *resolver, const char *name, uint16_t type)
{
	if (!resolver)
		return failure(MXW_OUTCOME_TIMEOUT);
	if (resolver->is_lying && mxw_name_is_below(name, "invalid"))
		return lie();
	struct mxw_answer *answer = resolver->zone ? zone_answer(resolver->zone->zone, name, type) : NULL;
	return answer ? answer : failure(resolver->zone ? MXW_OUTCOME_TIMEOUT : resolver->failure);
}

/* The canary of a usual configuration is the root. */
void world_note_question(const char *name, uint16_t type)
{
	bool is_canary = strcmp(name, ".") == 0 || mxw_name_is_below(name, "invalid");
	world.n_canaries += is_canary;
	world.n_questions += !is_canary;
	if (world.on_question)
		world.on_question(name, type);
}

struct mxw_answer *world_answer(const char *resolver_name, const char *name, uint16_t type, int64_t now_ms)
{
	struct mxw_answer *answer = say(world_get_resolver(resolver_name), name, type);
	ttl_cache_age(&world.ttls, resolver_name, name, type, answer, now_ms);
	return answer;
}

struct mxw_answer *world_direct_answer(const char *server, const char *name, uint16_t type, int64_t now_ms)
{
	struct mxw_answer *answer = say(world_get_resolver(server), name, type);
	answer->aa = mxw_outcome_is_determinate(answer->outcome);
	answer->ttl = ttl_full(answer);
	answer->received_at_ms = now_ms;
	return answer;
}

int64_t world_true_ms(int64_t now_ms)
{
	return world.ttls.past_ms + now_ms - FAKE_LOOP_START_MS;
}

int64_t world_latency_ms(const char *resolver_name, int64_t timeout_ms)
{
	const struct world_resolver *resolver = world_get_resolver(resolver_name);
	bool is_dead = !resolver || (!resolver->zone && resolver->failure == MXW_OUTCOME_TIMEOUT);
	return is_dead ? timeout_ms : RTT_MS;
}
