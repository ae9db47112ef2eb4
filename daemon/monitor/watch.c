/* The rounds of domains: who is due, one round at a time for each domain, and what its verdicts mean to the states. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/monitor/internal.h"
#include "lib/base/hash.h"
#include "lib/schedule/schedule.h"

enum {
	MAX_RUNNING = 20000, /* rounds at the same time: each holds some kilobytes, and pacing sets the speed anyway */
	MAX_STARTS = 256,    /* rounds started in one iteration of the loop: the loop must stay quick */
	BUSY_RETRY_MS = 50,  /* when MAX_RUNNING is reached */
	DAY_MS = 24 * 60 * 60 * 1000,
};

void mxw_watched_schedule(struct watched *watched, int64_t at_ms)
{
	struct mxw_monitor *monitor = watched->monitor;
	if (mxw_heap_push(&monitor->due, &watched->due, at_ms) < 0) {
		/* The heap only grows when domains are added; it was large enough for this one before. */
		mxw_log(MXW_LOG_ERROR, "%s: out of memory; not watched until the next reload", watched->domain->name);
		return;
	}
	mxw_timer_at_latest(&monitor->wake, at_ms);
}

/* When next: the earliest that any of the domain's checks wants. Plain intervals are jittered, confirmations are not. What
 * a held round saw may be told a tick later. */
static int64_t next_round_ms(struct watched *watched)
{
	struct mxw_monitor *monitor = watched->monitor;
	const struct mxw_state_policy *policy = &watched->domain->settings->policy;
	int64_t normal = watched->started_ms + policy->interval_ms, at = normal;
	for (size_t i = 0; i < watched->n_keys; i++) {
		int64_t wanted = mxw_key_next_round_ms(&watched->keys[i], policy, watched->started_ms);
		at = MXW_MIN(at, wanted);
	}
	if (mxw_watched_awaits_records(watched))
		at = MXW_MIN(at, watched->started_ms + policy->retry_interval_ms);
	if (mxw_watched_awaits_zone(watched))
		at = MXW_MIN(at, watched->started_ms + policy->retry_interval_ms);
	if (!monitor->gate.is_settled)
		at = watched->started_ms + policy->retry_interval_ms;
	else if (at == normal)
		at = watched->started_ms + mxw_schedule_jitter_ms(policy->interval_ms, &monitor->rng);
	return MXW_MAX(at, mxw_loop_now_ms(monitor->loop));
}

/* Once for each time that it comes to be so. */
static void log_cap(struct watched *watched, const struct mxw_round *round)
{
	const char *text = mxw_round_cap_text(round);
	if (text && !watched->is_capped)
		mxw_log(MXW_LOG_WARNING, "%s: %s; what was not asked is not decided", watched->domain->name, text);
	watched->is_capped = text;
}

static void on_round(void *arg, struct mxw_round *round)
{
	struct watched *watched = arg;
	struct mxw_monitor *monitor = watched->monitor;
	size_t n_upstreams = monitor->config->n_upstreams;
	uint32_t voters = mxw_canaries_voters(monitor->canaries);
	watched->run = NULL;
	monitor->n_running--;
	if (!mxw_monitor_sees(monitor)) { /* the next open tick brings another round */
		mxw_round_free(round);
		return;
	}
	monitor->n_rounds++;
	for (size_t i = 0; i < n_upstreams; i++)
		if (!(voters & 1u << i))
			mxw_round_drop_voter(round, i);
	log_cap(watched, round);
	if (mxw_watched_judge(watched, round) < 0)
		mxw_log(MXW_LOG_ERROR, "%s: out of memory; this round counts for nothing", watched->domain->name);
	else {
		mxw_watched_step(watched, round);
		mxw_watched_step_records(watched, round);
	}
	mxw_round_free(round);
	mxw_watched_schedule(watched, next_round_ms(watched));
}

/* Answers younger than this are fresh enough: every round of a domain asks its own names anew, and hosts that many
 * domains share are asked once for all rounds of that time. */
static int64_t max_age_ms(const struct mxw_state_policy *policy)
{
	return MXW_MIN(policy->interval_ms, policy->retry_interval_ms) / 2;
}

/* What is worth no more than advice is asked for in a domain's first round and in the first one of each later day. */
static bool is_probe_round(const struct watched *watched, int64_t now_ms)
{
	return !watched->started_ms || watched->started_ms / DAY_MS != now_ms / DAY_MS;
}

static int run_round(struct watched *watched)
{
	struct mxw_monitor *monitor = watched->monitor;
	const struct mxw_config *config = monitor->config;
	const struct mxw_domain_settings *settings = watched->domain->settings;
	struct mxw_round_spec spec = {
		.target = { .domain = watched->domain->name,
			    .profile = &settings->profile,
			    .has_probes = is_probe_round(watched, mxw_loop_now_ms(monitor->loop)),
			    .expect = settings->expect,
			    .watched_types = settings->watched_types,
			    .now_wall_ms = mxw_loop_wall_ms(monitor->loop) },
		.checks = settings->checks,
		.options = monitor->check_options,
		.overrides = settings->overrides,
		.n_overrides = settings->n_overrides,
		.n_views = config->n_upstreams,
		.voters = mxw_canaries_voters(monitor->canaries),
		.quorum = config->quorum,
		.seed = mxw_hash64(monitor->params.seed, watched->domain->name, strlen(watched->domain->name)),
	};
	struct mxw_runner_servers servers = { .resolver = monitor->servers };
	if (watched->zone) {
		spec.zone = watched->zone->apex;
		spec.server = watched->zone->servers;
		spec.n_servers = watched->zone->n;
		spec.servers = mxw_watched_pick_servers(watched);
		servers.indexes = watched->zone->indexes;
	}
	int r = mxw_runner_start(&watched->run, monitor->loop, monitor->resolver, &spec, &servers,
				 max_age_ms(&settings->policy), on_round, watched);
	if (r == 0) {
		watched->started_ms = mxw_loop_now_ms(monitor->loop);
		monitor->n_running++;
	}
	return r;
}

static void skip_round(struct watched *watched)
{
	mxw_log(MXW_LOG_ERROR, "%s: out of memory; round skipped", watched->domain->name);
	mxw_watched_schedule(watched,
			     mxw_loop_now_ms(watched->monitor->loop) + watched->domain->settings->policy.interval_ms);
}

void mxw_watched_on_zone(struct watched *watched)
{
	watched->monitor->n_running--;
	if (run_round(watched) < 0)
		skip_round(watched);
}

static void start_round(struct watched *watched)
{
	int r = mxw_watched_find_zone(watched);
	if (r == 0)
		r = run_round(watched);
	else if (r > 0)
		watched->monitor->n_running++;
	if (r < 0)
		skip_round(watched);
}

void mxw_monitor_on_wake(void *arg)
{
	struct mxw_monitor *monitor = arg;
	int64_t now_ms = mxw_loop_now_ms(monitor->loop);
	struct mxw_heap_node *node;
	if (!mxw_monitor_sees(monitor)) /* mxw_monitor_resume_rounds wakes us */
		return;
	for (int n = 0; n < MAX_STARTS && (node = mxw_heap_peek(&monitor->due)) && node->key <= now_ms; n++) {
		struct watched *watched = MXW_CONTAINER(node, struct watched, due);
		if (monitor->n_running >= MAX_RUNNING) {
			mxw_timer_at(&monitor->wake, now_ms + BUSY_RETRY_MS);
			return;
		}
		mxw_heap_remove(&monitor->due, node);
		start_round(watched);
	}
	node = mxw_heap_peek(&monitor->due);
	if (node)
		mxw_timer_at(&monitor->wake, node->key);
}

int mxw_watched_new(struct watched **ret, struct mxw_monitor *monitor, const struct mxw_domain *domain)
{
	size_t n_keys = (size_t)__builtin_popcount(domain->settings->checks), k = 0;
	struct watched *watched = calloc(1, sizeof(*watched) + n_keys * sizeof(watched->keys[0]));
	if (!watched)
		return -ENOMEM;
	watched->monitor = monitor;
	watched->domain = domain;
	watched->n_keys = n_keys;
	for (size_t i = 0; i < mxw_n_checks; i++) {
		if (!(domain->settings->checks & 1u << i))
			continue;
		struct key *key = &watched->keys[k++];
		key->watched = watched;
		key->check = mxw_checks[i]->name;
		key->check_index = i;
		mxw_state_init(&key->state);
	}
	*ret = watched;
	return 0;
}

static void abandon_round(struct watched *watched)
{
	if (!watched->run && !watched->search)
		return;
	mxw_runner_cancel(watched->run);
	mxw_authority_cancel(watched->search);
	watched->run = NULL;
	watched->search = NULL;
	watched->monitor->n_running--;
}

void mxw_monitor_hold_rounds(struct mxw_monitor *monitor)
{
	for (size_t i = 0; i < monitor->n_domains; i++)
		abandon_round(monitor->domains[i]);
}

static bool is_overdue(const struct watched *watched, int64_t now_ms)
{
	return !watched->run && !watched->search && (!mxw_heap_contains(&watched->due) || watched->due.key <= now_ms);
}

void mxw_monitor_resume_rounds(struct mxw_monitor *monitor)
{
	int64_t now_ms = mxw_loop_now_ms(monitor->loop);
	size_t n = 0, k = 0;
	for (size_t i = 0; i < monitor->n_domains; i++)
		n += is_overdue(monitor->domains[i], now_ms);
	for (size_t i = 0; i < monitor->n_domains; i++) {
		struct watched *watched = monitor->domains[i];
		int64_t interval_ms = watched->domain->settings->policy.interval_ms;
		if (is_overdue(watched, now_ms))
			mxw_watched_schedule(watched, now_ms + mxw_schedule_first_ms(k++, n, interval_ms));
	}
	struct mxw_heap_node *first = mxw_heap_peek(&monitor->due);
	if (first)
		mxw_timer_at_latest(&monitor->wake, first->key);
}

void mxw_watched_stop(struct watched *watched)
{
	abandon_round(watched);
	mxw_heap_remove(&watched->monitor->due, &watched->due);
}

void mxw_watched_free(struct watched *watched)
{
	if (!watched)
		return;
	mxw_watched_stop(watched);
	mxw_watched_free_records(watched);
	mxw_zone_servers_free(watched->zone);
	for (size_t i = 0; i < watched->n_keys; i++) {
		mxw_monitor_forget_key(watched->monitor, &watched->keys[i]);
		mxw_told_done(&watched->keys[i].told);
		free(watched->keys[i].soft);
		free(watched->keys[i].place);
	}
	free(watched);
}

struct key *mxw_watched_find_key(struct watched *watched, const char *check)
{
	for (size_t i = 0; i < watched->n_keys; i++)
		if (strcmp(watched->keys[i].check, check) == 0)
			return &watched->keys[i];
	return NULL;
}
