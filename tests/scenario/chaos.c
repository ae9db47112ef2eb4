/* Random faults; see chaos.h. */
#include "tests/scenario/chaos.h"

#include "lib/base/rng.h"
#include "lib/base/util.h"
#include "tests/scenario/world.h"

enum {
	MS = 1,
	SECOND = 1000 * MS,
	MINUTE = 60 * SECOND,
	HOUR = 60 * MINUTE,
};

struct dice {
	struct stage *stage;
	struct mxw_rng rng;
};

static size_t roll(struct dice *dice, size_t n)
{
	return (size_t)mxw_rng_below(&dice->rng, n);
}

/* Moments, minutes and hours come equally often: what depends on a moment would else be never hit. */
static int64_t roll_time(struct dice *dice)
{
	static const int64_t longest[] = { 50 * MS, 2 * SECOND, 5 * MINUTE, 20 * MINUTE, 3 * HOUR };
	return (int64_t)roll(dice, (size_t)longest[roll(dice, MXW_ARRAY_SIZE(longest))]) + 1;
}

static struct world_resolver *roll_resolver(struct dice *dice)
{
	return &world.resolvers[roll(dice, world.n_resolvers)];
}

static const char *change_resolver(struct dice *dice)
{
	roll_resolver(dice)->zone = &world.zones[roll(dice, world.n_zones)];
	return NULL;
}

/* All say the same: else no problem would ever be confirmed. */
static const char *change_all(struct dice *dice)
{
	const struct world_zone *zone = &world.zones[roll(dice, world.n_zones)];
	for (size_t i = 0; i < world.n_resolvers; i++)
		world.resolvers[i].zone = zone;
	return NULL;
}

static const char *break_resolver(struct dice *dice)
{
	static const enum mxw_outcome failures[] = { MXW_OUTCOME_TIMEOUT,   MXW_OUTCOME_SERVFAIL,
						     MXW_OUTCOME_REFUSED,   MXW_OUTCOME_NETWORK_ERROR,
						     MXW_OUTCOME_TRUNCATED, MXW_OUTCOME_MALFORMED };
	struct world_resolver *resolver = roll_resolver(dice);
	resolver->zone = NULL;
	resolver->failure = failures[roll(dice, MXW_ARRAY_SIZE(failures))];
	return NULL;
}

static const char *toggle_lies(struct dice *dice)
{
	struct world_resolver *resolver = roll_resolver(dice);
	resolver->is_lying = !resolver->is_lying;
	return NULL;
}

static const char *change_receiver(struct dice *dice)
{
	struct world_receiver *receiver = &world.receivers[roll(dice, world.n_receivers)];
	receiver->mode = (enum receiver_mode)roll(dice, RECEIVER_LOSE_ACK + 1);
	return NULL;
}

static const char *lose_sender(struct dice *dice)
{
	life_lose_sender(dice->stage->life);
	return NULL;
}

static const char *step_clock(struct dice *dice)
{
	stage_step_clock(dice->stage, roll(dice, 2) ? roll_time(dice) : -roll_time(dice));
	return NULL;
}

static const char *reload(struct dice *dice)
{
	return life_reload(dice->stage->life, dice->stage->yaml) ? NULL : "a reload was refused";
}

static const char *restart(struct dice *dice)
{
	const char *problem = stage_stop(dice->stage);
	if (roll(dice, 2))
		stage_advance(dice->stage, roll_time(dice));
	return problem ? problem : stage_start(dice->stage);
}

static const char *kill_it(struct dice *dice)
{
	const char *problem = stage_kill(dice->stage);
	if (roll(dice, 2))
		stage_advance(dice->stage, roll_time(dice));
	return problem ? problem : stage_start(dice->stage);
}

const char *chaos(struct stage *stage, uint64_t seed, unsigned long n)
{
	/* What stands twice comes twice as often. */
	static const char *(*const deeds[])(struct dice * dice) = {
		change_resolver, change_all, change_all, break_resolver, toggle_lies, change_receiver, change_receiver,
		lose_sender,     step_clock, reload,     restart,        kill_it,     kill_it,
	};
	struct dice dice = { .stage = stage };
	const char *problem = stage->life && world.n_zones && world.n_receivers
				      ? NULL
				      : "a daemon, a zone and a receiver are needed";
	mxw_rng_seed(&dice.rng, seed);
	for (unsigned long i = 0; i < n && !problem; i++) {
		problem = deeds[roll(&dice, MXW_ARRAY_SIZE(deeds))](&dice);
		if (!problem)
			stage_advance(stage, roll_time(&dice));
	}
	return problem;
}
