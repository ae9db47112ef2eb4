/* Asks the canaries; see canaries.h. A resolver is judged when its last probe is answered, so a dead one does not hold up
 * the others' votes; the tick ends with the last of them. */
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
	struct mxw_upstream_counters counters; /* when its last tick was judged */
};

struct mxw_canaries {
	struct mxw_loop *loop;
	struct mxw_canaries_params params;
	struct mxw_timer tick;
	struct mxw_rng rng;
	int64_t fired_ms;  /* when the timer came last */
	int64_t asked_ms;  /* when the last tick began */
	bool is_after_gap; /* no tick has ended since the clock made a leap */
	bool is_late;      /* a tick would have been due, but the one before was still out */
	size_t n_out;      /* seats whose last probe is still out */
	size_t n_seats;
	struct seat seats[];
};

static uint64_t since(uint64_t now, uint64_t before, uint64_t own)
{
	return now > before + own ? now - before - own : 0;
}

/* What it has said since the last tick, the canaries of this one aside. */
static void note_traffic(struct seat *seat)
{
	const struct mxw_canaries *canaries = seat->owner;
	size_t n_own = canaries->params.config->n_canaries + 1;
	uint64_t own[MXW_N_OUTCOMES] = { 0 }, n_now = 0, n_before = 0;
	struct mxw_upstream_counters now;
	mxw_resolver_counters(canaries->params.resolver, seat->upstream, &now);
	for (size_t i = 0; i < n_own; i++)
		own[seat->probes[i].outcome]++;
	for (size_t i = 0; i < MXW_N_OUTCOMES; i++) {
		n_now += now.outcomes[i];
		n_before += seat->counters.outcomes[i];
	}
	const uint64_t *old = seat->counters.outcomes;
	mxw_health_traffic(
		&seat->health, since(n_now, n_before, n_own),
		since(now.outcomes[MXW_OUTCOME_REFUSED], old[MXW_OUTCOME_REFUSED], own[MXW_OUTCOME_REFUSED]),
		since(now.outcomes[MXW_OUTCOME_FILTERED], old[MXW_OUTCOME_FILTERED], own[MXW_OUTCOME_FILTERED]));
	seat->counters = now;
}

static void judge(struct seat *seat)
{
	const struct mxw_config *config = seat->owner->params.config;
	enum mxw_outcome outcomes[MXW_MAX_CANARIES];
	note_traffic(seat);
	for (size_t i = 0; i < config->n_canaries; i++)
		outcomes[i] = seat->probes[i].outcome;
	if (!mxw_health_tick(&seat->health, outcomes, config->n_canaries, seat->probes[config->n_canaries].outcome))
		return;
	const char *name = config->upstreams[seat->upstream].name;
	if (mxw_health_has_vote(&seat->health) && seat->health.status != MXW_HEALTH_GOOD)
		mxw_log(MXW_LOG_WARNING, "resolver %s %s", name, mxw_health_what(seat->health.status));
	else if (mxw_health_has_vote(&seat->health))
		mxw_log(MXW_LOG_NOTICE, "resolver %s: answers its canaries; it has its vote", name);
	else
		mxw_log(MXW_LOG_WARNING, "resolver %s: %s (%s); it has no vote until it is well again", name,
			mxw_health_status_name(seat->health.status), mxw_outcome_name(seat->health.worst));
}

enum { GAP_PERIODS = 2 }; /* alerts.md 3.9 */

/* The timer fires every period, whatever the resolvers do: if it did not, neither did anything else. */
static bool has_leapt(const struct mxw_canaries *canaries)
{
	return mxw_loop_now_ms(canaries->loop) - canaries->fired_ms > GAP_PERIODS * canaries->params.period_ms;
}

static void end_tick(struct mxw_canaries *canaries)
{
	bool after_gap = canaries->is_after_gap;
	canaries->is_after_gap = false;
	if (canaries->is_late)
		mxw_timer_in(&canaries->tick, 0);
	if (canaries->params.ticked)
		canaries->params.ticked(canaries->params.arg, after_gap);
}

/* What ends after a leap is void: deadlines have passed while nobody could answer. The timer is due and begins anew. */
static void note(struct probe *probe, enum mxw_outcome outcome)
{
	struct seat *seat = probe->seat;
	struct mxw_canaries *canaries = seat->owner;
	probe->outcome = outcome;
	if (--seat->n_waiting || has_leapt(canaries))
		return;
	judge(seat);
	if (--canaries->n_out == 0)
		end_tick(canaries);
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
	seat->n_waiting = config->n_canaries + 1;
	for (size_t i = 0; i < config->n_canaries; i++)
		ask(seat, &seat->probes[i], config->canaries[i].name, config->canaries[i].type);
	ask(seat, &seat->probes[config->n_canaries], probe_name, MXW_TYPE_A);
}

static void abandon_tick(struct mxw_canaries *canaries)
{
	for (size_t i = 0; i < canaries->n_seats; i++)
		for (size_t j = 0; j < MAX_PROBES; j++)
			mxw_lookup_cancel(&canaries->seats[i].probes[j].lookup);
	canaries->n_out = 0;
}

static void on_tick(void *arg)
{
	struct mxw_canaries *canaries = arg;
	char probe_name[MXW_HEALTH_PROBE_MAX];
	if (has_leapt(canaries)) {
		mxw_log(MXW_LOG_NOTICE, "the clock has made a leap: the resolvers are tested before any domain");
		canaries->is_after_gap = true;
		abandon_tick(canaries);
	}
	canaries->fired_ms = mxw_loop_now_ms(canaries->loop);
	mxw_timer_in(&canaries->tick, canaries->params.period_ms);
	canaries->is_late = canaries->n_out > 0;
	if (canaries->is_late) /* their deadline is near */
		return;
	canaries->asked_ms = canaries->fired_ms;
	canaries->n_out = canaries->n_seats;
	mxw_health_probe_name(mxw_rng_next(&canaries->rng), probe_name);
	for (size_t i = 0; i < canaries->n_seats; i++)
		start(&canaries->seats[i], probe_name);
}

/* Another resolver object counts anew. */
static void inherit_seat(const struct mxw_canaries *canaries, struct seat *seat, const struct seat *before)
{
	seat->health = before->health;
	if (before->owner->params.resolver == canaries->params.resolver)
		seat->counters = before->counters;
}

static void inherit(struct mxw_canaries *canaries, const struct mxw_canaries *before)
{
	for (size_t i = 0; i < canaries->n_seats; i++)
		for (size_t j = 0; j < before->n_seats; j++)
			if (mxw_upstream_spec_equal(&canaries->params.config->upstreams[i],
						    &before->params.config->upstreams[j]))
				inherit_seat(canaries, &canaries->seats[i], &before->seats[j]);
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
	canaries->fired_ms = mxw_loop_now_ms(loop);
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
	abandon_tick(canaries);
	free(canaries);
}

void mxw_canaries_hurry(struct mxw_canaries *canaries)
{
	if (!canaries->params.config->n_canaries)
		return;
	if (canaries->n_out)
		canaries->is_late = true;
	else
		mxw_timer_in(&canaries->tick, 0);
}

int64_t mxw_canaries_asked_ms(const struct mxw_canaries *canaries)
{
	return canaries->asked_ms;
}

uint32_t mxw_canaries_voters(const struct mxw_canaries *canaries)
{
	uint32_t voters = 0;
	for (size_t i = 0; i < canaries->n_seats; i++)
		if (mxw_health_has_vote(&canaries->seats[i].health))
			voters |= 1u << i;
	return voters;
}

bool mxw_canaries_has_gap(const struct mxw_canaries *canaries)
{
	return canaries->params.config->n_canaries && (canaries->is_after_gap || has_leapt(canaries));
}

const struct mxw_health *mxw_canaries_health(const struct mxw_canaries *canaries, size_t upstream)
{
	return &canaries->seats[upstream].health;
}
