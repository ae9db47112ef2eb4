/* From a seed to a plan. What is rare in a life is common here, and what needs time gets it often enough: a world in which
 * nothing is ever told proves nothing. */
#include <assert.h>

#include "lib/base/rng.h"
#include "lib/base/util.h"
#include "tests/property/condition.h"
#include "tests/property/plan.h"

enum {
	MIN_DEEDS = 4,
	MAX_DEEDS = 16,
	MAX_AT_ONCE = 8, /* deeds that one of them may become */
	MAX_AT_END = 32,
	LONGEST_STEP_DAYS = 5 /* far from the 30 days after which what is done is forgotten */,
};

struct dice {
	struct mxw_rng rng;
	struct plan *plan;
	int64_t now_ms;
};

static unsigned roll(struct dice *dice, unsigned n)
{
	return (unsigned)mxw_rng_below(&dice->rng, n);
}

static bool roll_percent(struct dice *dice, unsigned percent)
{
	return roll(dice, 100) < percent;
}

#define PICK(dice, array) ((array)[roll(dice, MXW_ARRAY_SIZE(array))])

static int64_t roll_ms(struct dice *dice, int64_t max_ms)
{
	return (int64_t)mxw_rng_below(&dice->rng, (uint64_t)max_ms) + 1;
}

/* ---- configurations ---- */

/* Some of the first n, one at least. */
static uint32_t roll_set(struct dice *dice, unsigned n)
{
	uint32_t all = (1u << n) - 1, set = (uint32_t)mxw_rng_next(&dice->rng) & all;
	return set && roll_percent(dice, 30) ? set : all;
}

static void roll_times(struct dice *dice, struct plan_config *config)
{
	static const int64_t intervals[] = { 2 * MINUTE, 3 * MINUTE, 5 * MINUTE };
	static const int64_t retries[] = { 30 * SECOND, MINUTE };
	static const int64_t timeouts[] = { 2 * SECOND, 5 * SECOND };
	static const int64_t ages[] = { 0, 30 * SECOND, MINUTE, 2 * MINUTE };
	static const int64_t warnings[] = { 3 * MINUTE, 6 * MINUTE };
	static const int64_t downs[] = { 2 * MINUTE, 5 * MINUTE };
	config->interval_ms = PICK(dice, intervals);
	config->retry_interval_ms = PICK(dice, retries);
	config->timeout_ms = PICK(dice, timeouts);
	config->failure_threshold = 1 + roll(dice, 4);
	config->success_threshold = 1 + roll(dice, 3);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(config->confirm_ms); i++)
		config->confirm_ms[i] = PICK(dice, ages);
	config->escalate_warning_ms = PICK(dice, warnings);
	config->escalate_critical_ms = config->escalate_warning_ms * (2 + roll(dice, 2));
	config->resolver_down_after_ms = PICK(dice, downs);
}

static void roll_config(struct dice *dice, struct plan_config *config)
{
	const struct plan *plan = dice->plan;
	static const int64_t windows[] = { 10 * MINUTE, 20 * MINUTE };
	static const int64_t group_intervals[] = { MINUTE, 5 * MINUTE };
	static const unsigned singles[] = { 0, 1, 3, 3 };
	roll_times(dice, config);
	config->domains = roll_set(dice, plan->n_domains);
	config->resolvers = roll_set(dice, plan->n_resolvers);
	config->notifiers = roll_set(dice, plan->n_notifiers);
	config->quorum = roll_percent(dice, 20) ? 1 + roll(dice, plan_count(config->resolvers)) : 0;
	config->n_reminders = roll(dice, PLAN_MAX_REMINDERS + 1);
	for (size_t i = 0; i < config->n_reminders; i++)
		config->reminders_ms[i] = (int64_t)(i + 1) * 7 * MINUTE;
	config->flapping_changes = roll_percent(dice, 50) ? 0 : 3 + roll(dice, 2);
	config->flapping_window_ms = PICK(dice, windows);
	config->group_above = PICK(dice, singles);
	config->group_interval_ms = PICK(dice, group_intervals);
	config->has_spf = roll_percent(dice, 30);
	config->has_canaries = roll_percent(dice, 92);
	config->is_routed = (config->notifiers & 1) && plan_count(config->notifiers) > 1 && roll_percent(dice, 30);
	if (roll_percent(dice, 12)) {
		config->maintained = roll_set(dice, plan->n_domains);
		config->window_from = 11 * 60 + roll(dice, 120); /* a world begins at 11:06:40 */
		config->window_to = config->window_from + 2 + roll(dice, 40);
	}
}

/* The same but for a few things, as a reload brings it. */
static void roll_other_config(struct dice *dice, struct plan_config *config)
{
	struct plan_config other = { 0 };
	*config = dice->plan->configs[0];
	roll_config(dice, &other);
	switch (roll(dice, 5)) {
	case 0:
		config->domains &= ~(1u << roll(dice, dice->plan->n_domains));
		config->domains = config->domains ? config->domains : other.domains;
		break;
	case 1:
		config->notifiers = other.notifiers;
		config->is_routed = other.is_routed;
		break;
	case 2:
		config->resolvers = other.resolvers;
		config->quorum = 0;
		break;
	case 3:
		config->has_spf = other.has_spf;
		config->failure_threshold = other.failure_threshold;
		config->success_threshold = other.success_threshold;
		break;
	default:
		*config = other;
	}
}

/* ---- deeds ---- */

static struct deed *add(struct dice *dice, enum deed_kind kind)
{
	struct plan *plan = dice->plan;
	struct deed *deed = &plan->deeds[plan->n_deeds];
	assert(plan->n_deeds < PLAN_MAX_DEEDS);
	plan->n_deeds++;
	*deed = (struct deed){ .kind = kind, .at_ms = dice->now_ms };
	return deed;
}

/* So long it takes at most until what is so is told. */
static int64_t told_ms(const struct plan_config *config)
{
	int64_t age_ms = MXW_MAX(config->confirm_ms[0] * 5 / 2, config->confirm_ms[1] * 3 / 2);
	age_ms = MXW_MAX(age_ms, config->confirm_ms[2] * 3 / 2);
	return config->interval_ms + 8 * config->retry_interval_ms + age_ms + config->timeout_ms;
}

static void wait(struct dice *dice, bool is_long)
{
	const struct plan_config *config = &dice->plan->configs[0];
	const int64_t longest[] = { 50 * MS, 3 * SECOND, config->retry_interval_ms, 3 * config->interval_ms,
				    told_ms(config) };
	bool until_told = is_long && roll_percent(dice, 60);
	dice->now_ms += until_told ? told_ms(config) + roll_ms(dice, MINUTE) : roll_ms(dice, PICK(dice, longest));
}

static void add_say(struct dice *dice)
{
	bool is_all = roll_percent(dice, 65);
	struct deed *deed = add(dice, DEED_SAY);
	deed->who = roll(dice, dice->plan->n_domains);
	deed->resolver = is_all ? PLAN_ALL : roll(dice, dice->plan->n_resolvers);
	deed->what = roll_percent(dice, 40) ? GOOD : roll(dice, N_CONDITIONS);
	if (is_all && roll_percent(dice, 15)) /* all domains at once */
		for (unsigned i = 0; i < dice->plan->n_domains; i++)
			*add(dice, DEED_SAY) = (struct deed){ DEED_SAY, dice->now_ms, i, PLAN_ALL, deed->what, 0 };
	wait(dice, is_all);
}

static void add_resolver(struct dice *dice)
{
	static const enum deed_kind kinds[] = { DEED_FAIL, DEED_FAIL, DEED_WORK,  DEED_WORK,
						DEED_WORK, DEED_LIE,  DEED_HONEST };
	static const enum mxw_outcome failures[] = { MXW_OUTCOME_TIMEOUT,   MXW_OUTCOME_TIMEOUT,
						     MXW_OUTCOME_SERVFAIL,  MXW_OUTCOME_REFUSED,
						     MXW_OUTCOME_TRUNCATED, MXW_OUTCOME_NETWORK_ERROR };
	struct deed *deed = add(dice, PICK(dice, kinds));
	bool is_all = roll_percent(dice, deed->kind == DEED_WORK ? 60 : 25);
	deed->resolver = is_all && deed->kind != DEED_LIE ? PLAN_ALL : roll(dice, dice->plan->n_resolvers);
	deed->what = deed->kind == DEED_FAIL ? PICK(dice, failures) : 0;
	wait(dice, true);
}

static void add_receiver(struct dice *dice)
{
	struct deed *deed = add(dice, DEED_RECEIVER);
	deed->who = roll(dice, dice->plan->n_notifiers);
	deed->what = roll(dice, RECEIVER_LOSE_ACK + 1);
	wait(dice, false);
}

static void add_restart(struct dice *dice)
{
	bool is_kill = roll_percent(dice, 70);
	struct deed *deed = add(dice, is_kill ? DEED_KILL : DEED_STOP);
	deed->what = is_kill && roll_percent(dice, 60) ? roll(dice, 120) : 0;
	if (roll_percent(dice, 50))
		wait(dice, false);
	if (roll_percent(dice, 15))
		add(dice, DEED_RELOAD)->what = roll(dice, (unsigned)dice->plan->n_configs);
	add(dice, DEED_START);
	wait(dice, false);
}

static void add_reload(struct dice *dice)
{
	struct deed *deed = add(dice, DEED_RELOAD);
	deed->what = roll(dice, (unsigned)dice->plan->n_configs);
	wait(dice, true);
}

static void add_time(struct dice *dice)
{
	static const int64_t longest[] = { 3 * SECOND, 20 * MINUTE, LONGEST_STEP_DAYS * (int64_t)DAY };
	bool is_step = roll_percent(dice, 65);
	struct deed *deed = add(dice, is_step ? DEED_CLOCK : DEED_SUSPEND);
	deed->ms = roll_ms(dice, is_step ? PICK(dice, longest) : 20 * MINUTE);
	if (is_step && roll_percent(dice, 50))
		deed->ms = -deed->ms;
	dice->now_ms += is_step ? 0 : deed->ms;
	wait(dice, false);
}

static void add_mute(struct dice *dice)
{
	static const enum deed_kind kinds[] = { DEED_SILENCE, DEED_SILENCE, DEED_UNSILENCE, DEED_ACK, DEED_ACK };
	struct deed *deed = add(dice, PICK(dice, kinds));
	bool is_every = deed->kind == DEED_SILENCE && roll_percent(dice, 30);
	deed->who = is_every ? PLAN_ALL : roll(dice, dice->plan->n_domains);
	if (deed->kind == DEED_UNSILENCE)
		deed->what = 1 + roll(dice, 2);
	else
		deed->what = roll_percent(dice, 70) ? PLAN_ALL : roll(dice, PLAN_N_CHECKS);
	deed->ms = roll_ms(dice, 40 * MINUTE);
	wait(dice, true);
}

static void add_disk(struct dice *dice)
{
	add(dice, DEED_DISK_FULL);
	wait(dice, true);
	if (roll_percent(dice, 50))
		add_say(dice);
	if (roll_percent(dice, 30))
		add_restart(dice);
	add(dice, DEED_DISK_OK);
	add(dice, DEED_START);
	wait(dice, true);
}

static void add_lose_sender(struct dice *dice)
{
	add(dice, DEED_LOSE_SENDER);
	wait(dice, false);
}

static void add_deeds(struct dice *dice)
{
	static void (*const deeds[])(struct dice * dice) = {
		add_say,      add_say,      add_say,     add_say,         add_say,      add_say,
		add_say,      add_say,      add_say,     add_resolver,    add_resolver, add_resolver,
		add_receiver, add_receiver, add_restart, add_restart,     add_reload,   add_reload,
		add_time,     add_mute,     add_disk,    add_lose_sender,
	};
	unsigned n = MIN_DEEDS + roll(dice, MAX_DEEDS - MIN_DEEDS + 1);
	wait(dice, true);
	while (n-- > 0 && dice->plan->n_deeds + MAX_AT_ONCE + MAX_AT_END <= PLAN_MAX_DEEDS)
		PICK(dice, deeds)(dice);
}

/* In the end all is well, long enough for everything to be told; then it starts once more, and nothing may come of it. */
static void add_good_end(struct dice *dice)
{
	const struct plan *plan = dice->plan;
	int64_t longest_ms = 0;
	add(dice, DEED_DISK_OK);
	add(dice, DEED_START);
	add(dice, DEED_WORK)->resolver = PLAN_ALL;
	add(dice, DEED_HONEST)->resolver = PLAN_ALL;
	for (unsigned i = 0; i < plan->n_domains; i++)
		*add(dice, DEED_SAY) = (struct deed){ DEED_SAY, dice->now_ms, i, PLAN_ALL, GOOD, 0 };
	for (unsigned i = 0; i < plan->n_notifiers; i++)
		*add(dice, DEED_RECEIVER) = (struct deed){ DEED_RECEIVER, dice->now_ms, i, 0, RECEIVER_OK, 0 };
	for (unsigned i = 1; i <= 2; i++)
		add(dice, DEED_UNSILENCE)->what = i;
	for (size_t i = 0; i < plan->n_configs; i++) {
		const struct plan_config *config = &plan->configs[i];
		int64_t flaps_ms = config->flapping_changes ? config->flapping_window_ms + config->interval_ms : 0;
		longest_ms = MXW_MAX(longest_ms, told_ms(config) + flaps_ms);
	}
	dice->now_ms += longest_ms;
	add(dice, DEED_STOP);
	add(dice, DEED_START);
	dice->now_ms += 2 * plan->configs[0].interval_ms;
}

void plan_roll(struct plan *ret, uint64_t seed)
{
	static const uint32_t ttls[] = { 30, 300, 3600 };
	static const unsigned n_domains[] = { 1, 1, 1, 1, 2, 2, 2, 3, 3, PLAN_MAX_DOMAINS };
	struct dice dice = { .plan = ret };
	*ret = (struct plan){ .seed = seed };
	mxw_rng_seed(&dice.rng, seed);
	ret->n_domains = PICK(&dice, n_domains);
	ret->n_resolvers = 1 + roll(&dice, PLAN_MAX_RESOLVERS);
	ret->n_notifiers = 1 + roll(&dice, PLAN_MAX_NOTIFIERS);
	ret->ttl = PICK(&dice, ttls);
	ret->n_configs = 1 + roll(&dice, PLAN_MAX_CONFIGS);
	roll_config(&dice, &ret->configs[0]);
	for (size_t i = 1; i < ret->n_configs; i++)
		roll_other_config(&dice, &ret->configs[i]);
	add_deeds(&dice);
	add_good_end(&dice);
	ret->end_ms = dice.now_ms;
}
