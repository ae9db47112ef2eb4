/* Asks the canaries; see canaries.h. A tick of one resolver ends when its last probe is answered, so a dead one does not
 * hold up the others' verdict. */
#include "daemon/canaries.h"

#include <errno.h>
#include <stdlib.h>

#include "daemon/log.h"
#include "lib/base/rng.h"

enum { MAX_PROBES = MXW_MAX_CANARIES + 1 }; /* the last one is the lie probe */

struct probe {
	struct mxw_lookup lookup;
	struct seat *seat;
	enum mxw_outcome outcome;
};

/* One resolver and the tick that it is in. */
struct seat {
	struct mxw_canaries *owner;
	size_t upstream;
	size_t n_waiting;
	struct probe probes[MAX_PROBES];
	struct mxw_health health;
};

struct mxw_canaries {
	struct mxw_loop *loop;
	struct mxw_canaries_params params;
	struct mxw_timer tick;
	struct mxw_rng rng;
	size_t n_seats;
	struct seat seats[];
};

static void judge(struct seat *seat)
{
	const struct mxw_config *config = seat->owner->params.config;
	enum mxw_outcome outcomes[MXW_MAX_CANARIES];
	for (size_t i = 0; i < config->n_canaries; i++)
		outcomes[i] = seat->probes[i].outcome;
	if (!mxw_health_tick(&seat->health, outcomes, config->n_canaries, seat->probes[config->n_canaries].outcome))
		return;
	const char *name = config->upstreams[seat->upstream].name;
	if (mxw_health_has_vote(&seat->health))
		mxw_log(MXW_LOG_NOTICE, "resolver %s: answers its canaries; it has its vote", name);
	else
		mxw_log(MXW_LOG_WARNING, "resolver %s: %s (%s); it has no vote until it is well again", name,
			mxw_health_status_name(seat->health.status), mxw_outcome_name(seat->health.worst));
}

static void note(struct probe *probe, enum mxw_outcome outcome)
{
	struct seat *seat = probe->seat;
	probe->outcome = outcome;
	if (--seat->n_waiting == 0)
		judge(seat);
}

static void on_answer(void *arg, struct mxw_answer *answer)
{
	note(arg, answer->outcome);
}

static void ask(struct seat *seat, struct probe *probe, const char *name, uint16_t type)
{
	struct mxw_answer *cached = NULL;
	probe->seat = seat;
	probe->lookup.callback = on_answer;
	probe->lookup.arg = probe;
	/* Age 0: a canary from the cache proves nothing. */
	int r = mxw_resolver_ask(seat->owner->params.resolver, seat->upstream, name, type, 0, &probe->lookup, &cached);
	if (r < 0 || cached)
		note(probe, cached ? cached->outcome : MXW_OUTCOME_NETWORK_ERROR);
	mxw_answer_unref(cached);
}

static void start(struct seat *seat, const char *probe_name)
{
	const struct mxw_config *config = seat->owner->params.config;
	if (seat->n_waiting) /* the last tick is still out: its deadline is near, no second one meanwhile */
		return;
	seat->n_waiting = config->n_canaries + 1;
	for (size_t i = 0; i < config->n_canaries; i++)
		ask(seat, &seat->probes[i], config->canaries[i].name, config->canaries[i].type);
	ask(seat, &seat->probes[config->n_canaries], probe_name, MXW_TYPE_A);
}

static void on_tick(void *arg)
{
	struct mxw_canaries *canaries = arg;
	char probe_name[MXW_HEALTH_PROBE_MAX];
	mxw_health_probe_name(mxw_rng_next(&canaries->rng), probe_name);
	for (size_t i = 0; i < canaries->n_seats; i++)
		start(&canaries->seats[i], probe_name);
	mxw_timer_in(&canaries->tick, canaries->params.period_ms);
}

static void inherit(struct mxw_canaries *canaries, const struct mxw_canaries *before)
{
	for (size_t i = 0; i < canaries->n_seats; i++)
		for (size_t j = 0; j < before->n_seats; j++)
			if (mxw_upstream_spec_equal(&canaries->params.config->upstreams[i],
						    &before->params.config->upstreams[j]))
				canaries->seats[i].health = before->seats[j].health;
}

int mxw_canaries_new(struct mxw_canaries **ret, struct mxw_loop *loop, const struct mxw_canaries_params *params)
{
	size_t n = params->config->n_upstreams;
	struct mxw_canaries *canaries = calloc(1, sizeof(*canaries) + n * sizeof(canaries->seats[0]));
	if (!canaries)
		return -ENOMEM;
	canaries->loop = loop;
	canaries->params = *params;
	canaries->n_seats = n;
	for (size_t i = 0; i < n; i++) {
		canaries->seats[i].owner = canaries;
		canaries->seats[i].upstream = i;
	}
	if (params->before && params->config->n_canaries)
		inherit(canaries, params->before);
	canaries->params.before = NULL;
	mxw_rng_seed(&canaries->rng, params->seed);
	mxw_timer_init(&canaries->tick, loop, on_tick, canaries);
	if (params->config->n_canaries)
		mxw_timer_in(&canaries->tick, 0);
	*ret = canaries;
	return 0;
}

void mxw_canaries_free(struct mxw_canaries *canaries)
{
	if (!canaries)
		return;
	mxw_timer_cancel(&canaries->tick);
	for (size_t i = 0; i < canaries->n_seats; i++)
		for (size_t j = 0; j < MAX_PROBES; j++)
			mxw_lookup_cancel(&canaries->seats[i].probes[j].lookup);
	free(canaries);
}

uint32_t mxw_canaries_voters(const struct mxw_canaries *canaries)
{
	uint32_t voters = 0;
	for (size_t i = 0; i < canaries->n_seats; i++)
		if (mxw_health_has_vote(&canaries->seats[i].health))
			voters |= 1u << i;
	return voters;
}

const struct mxw_health *mxw_canaries_health(const struct mxw_canaries *canaries, size_t upstream)
{
	return &canaries->seats[upstream].health;
}
