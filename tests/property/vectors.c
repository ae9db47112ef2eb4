/* Q1 for all vectors: one to five resolvers, each of which says that a domain is well, that it is broken, or nothing. A quorum
 * that agrees is believed; without one a well domain stays well and a broken one broken. */
#include <stdio.h>

#include "daemon/log.h"
#include "lib/base/util.h"
#include "tests/property/condition.h"
#include "tests/property/judge.h"
#include "tests/property/truth.h"

enum {
	PHASE_MS = 6 * MINUTE, /* longer than it takes to tell anything */
	N_SAYINGS = 3,
};
static const enum condition sayings[N_SAYINGS] = { GOOD, NO_MX, FAILING };

static const struct plan_config usual = {
	.domains = 1,
	.notifiers = 1,
	.failure_threshold = 2,
	.success_threshold = 2,
	.interval_ms = 2 * MINUTE,
	.retry_interval_ms = 30 * SECOND,
	.timeout_ms = 2 * SECOND,
	.escalate_warning_ms = 2 * HOUR,
	.escalate_critical_ms = 3 * HOUR,
	.resolver_down_after_ms = 5 * MINUTE,
	.flapping_window_ms = HOUR,
	.group_above = 3,
	.group_interval_ms = 5 * MINUTE,
	.has_canaries = true,
};

static void say(struct plan *plan, unsigned phase, unsigned resolver, enum condition condition)
{
	plan->deeds[plan->n_deeds++] = (struct deed){
		.kind = DEED_SAY, .at_ms = phase * (int64_t)PHASE_MS, .resolver = resolver, .what = condition
	};
}

static void say_all(struct plan *plan, unsigned phase, unsigned n, unsigned vector)
{
	for (unsigned r = 0; r < n; r++, vector /= N_SAYINGS)
		say(plan, phase, r, sayings[vector % N_SAYINGS]);
}

/* Well, the vector, broken, the vector again. `vector` has a digit for each resolver. */
static void make_plan(struct plan *ret, unsigned n, unsigned vector)
{
	*ret = (struct plan){ .n_domains = 1, .n_resolvers = n, .n_notifiers = 1, .ttl = 3600, .n_configs = 1 };
	ret->configs[0] = usual;
	ret->configs[0].resolvers = (1u << n) - 1;
	say_all(ret, 1, n, vector);
	say(ret, 2, PLAN_ALL, NO_MX);
	say_all(ret, 3, n, vector);
	ret->end_ms = 4 * (int64_t)PHASE_MS;
}

static enum mxw_severity told_at(const struct trace *trace, int64_t at_ms)
{
	enum mxw_severity told = MXW_OK;
	for (size_t i = 0; i < trace->n_events; i++)
		if (trace->events[i].domain_number == 0 && trace->events[i].at_ms < at_ms)
			told = trace->events[i].to;
	return told;
}

/* Returns whether all is as it has to be; says what is not. */
static bool play_vector(unsigned n, unsigned vector)
{
	static struct trace trace; /* large */
	struct judgement judgement;
	struct plan plan;
	unsigned counts[N_SAYINGS] = { 0 };
	make_plan(&plan, n, vector);
	for (unsigned r = 0, rest = vector; r < n; r++, rest /= N_SAYINGS)
		counts[rest % N_SAYINGS]++;
	play(&trace, &plan);
	judge(&judgement, &trace);
	unsigned quorum = plan_quorum(&plan.configs[0]);
	if ((told_at(&trace, 2 * PHASE_MS) == MXW_CRITICAL) != (counts[1] >= quorum))
		judge_broken(&judgement, "Q1", "a well domain that %u see broken is told to be %s", counts[1],
			     mxw_severity_name(told_at(&trace, 2 * PHASE_MS)));
	if ((told_at(&trace, 4 * PHASE_MS) == MXW_OK) != (counts[0] >= quorum))
		judge_broken(&judgement, "Q1", "a broken domain that %u see well is told to be %s", counts[0],
			     mxw_severity_name(told_at(&trace, 4 * PHASE_MS)));
	if (judgement.property)
		printf("%u resolvers, %u say well, %u broken, %u nothing: %s: %s\n", n, counts[0], counts[1], counts[2],
		       judgement.property, judgement.text);
	play_done(&trace);
	return !judgement.property;
}

int main(void)
{
	unsigned n_vectors = 1, n_bad = 0, n_played = 0;
	mxw_log_open((enum mxw_log_level)0);
	for (unsigned n = 1; n <= PLAN_MAX_RESOLVERS; n++) {
		n_vectors *= N_SAYINGS;
		for (unsigned vector = 0; vector < n_vectors; vector++, n_played++)
			n_bad += !play_vector(n, vector);
	}
	printf("%u vectors, %u of them wrong\n", n_played, n_bad);
	return n_bad ? 1 : 0;
}
