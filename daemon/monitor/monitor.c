/* Configuration and lifetime of the monitor: which domains are watched, what a reload keeps. */
#include "daemon/monitor/monitor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/monitor/internal.h"
#include "lib/schedule/schedule.h"

int mxw_monitor_new(struct mxw_monitor **ret, struct mxw_loop *loop, const struct mxw_monitor_params *params)
{
	struct mxw_monitor *monitor = calloc(1, sizeof(*monitor));
	if (!monitor)
		return -ENOMEM;
	monitor->loop = loop;
	monitor->params = *params;
	monitor->pending_end = &monitor->pending;
	monitor->instance = strdup(params->instance);
	mxw_rng_seed(&monitor->rng, params->seed);
	mxw_timer_init(&monitor->wake, loop, mxw_monitor_on_wake, monitor);
	mxw_timer_init(&monitor->commit, loop, mxw_monitor_on_commit, monitor);
	mxw_timer_init(&monitor->save, loop, mxw_monitor_on_save, monitor);
	mxw_timer_init(&monitor->sweep, loop, mxw_monitor_on_sweep, monitor);
	mxw_timer_init(&monitor->store_probe, loop, mxw_monitor_on_store_probe, monitor);
	mxw_store_on_failure(params->store, mxw_monitor_on_store_failure, monitor);
	mxw_timer_init(&monitor->speak, loop, mxw_monitor_on_groups, monitor);
	struct mxw_group_policy policy;
	mxw_group_policy_init(&policy);
	if (!monitor->instance || mxw_groups_new(&monitor->groups, &policy, params->seed) < 0) {
		mxw_monitor_free(monitor);
		return -ENOMEM;
	}
	*ret = monitor;
	return 0;
}

static void free_domains(struct watched **domains, size_t n)
{
	for (size_t i = 0; i < n; i++)
		mxw_watched_free(domains[i]);
	free(domains);
}

void mxw_monitor_free(struct mxw_monitor *monitor)
{
	if (!monitor)
		return;
	for (size_t i = 0; i < monitor->n_domains; i++)
		mxw_watched_stop(monitor->domains[i]);
	mxw_monitor_commit_all(monitor);
	mxw_monitor_save_all(monitor);
	mxw_monitor_drop_pending(monitor);
	mxw_monitor_drop_records(monitor);
	mxw_timer_cancel(&monitor->wake);
	mxw_timer_cancel(&monitor->commit);
	mxw_timer_cancel(&monitor->save);
	mxw_timer_cancel(&monitor->sweep);
	mxw_timer_cancel(&monitor->store_probe);
	mxw_store_on_failure(monitor->params.store, NULL, NULL);
	mxw_timer_cancel(&monitor->speak);
	mxw_mutes_done(&monitor->mutes);
	free_domains(monitor->domains, monitor->n_domains);
	mxw_heap_done(&monitor->due);
	while (monitor->subjects) {
		struct subject *next = monitor->subjects->next;
		mxw_told_done(&monitor->subjects->key.told);
		free(monitor->subjects);
		monitor->subjects = next;
	}
	mxw_groups_free(monitor->groups);
	mxw_canaries_free(monitor->canaries);
	mxw_resolver_free(monitor->resolver);
	mxw_resolver_free(monitor->servers);
	mxw_config_free(monitor->config);
	free(monitor->instance);
	free(monitor);
}

static bool same_upstreams(const struct mxw_config *a, const struct mxw_config *b)
{
	if (a->n_upstreams != b->n_upstreams || a->timeout_ms != b->timeout_ms)
		return false;
	for (size_t i = 0; i < a->n_upstreams; i++)
		if (!mxw_upstream_spec_equal(&a->upstreams[i], &b->upstreams[i]))
			return false;
	return true;
}

/* The states of a domain's checks move from the old object to the new one. */
static void inherit(struct watched *to, struct watched *from)
{
	to->turned_ms = from->turned_ms;
	for (size_t i = 0; i < to->n_keys; i++) {
		struct key *key = mxw_watched_find_key(from, to->keys[i].check);
		if (!key)
			continue;
		to->keys[i].state = key->state;
		to->keys[i].soft = key->soft;
		key->soft = NULL;
		to->keys[i].is_stored = key->is_stored;
		to->keys[i].is_folded = key->is_folded;
		to->keys[i].place = key->place;
		key->place = NULL;
		mxw_told_done(&to->keys[i].told);
		to->keys[i].told = key->told;
		key->told = (struct told){ 0 };
	}
}

/* Incidents of what is no longer watched end here, told by the old configuration's rules. What the store has not taken was
 * never told, and is decided again by the new ones. */
static void close_gone(struct mxw_monitor *monitor, struct watched *old, struct watched *new)
{
	mxw_watched_inherit_records(old, new);
	for (size_t i = 0; i < old->n_keys; i++) {
		struct key *key = &old->keys[i];
		mxw_monitor_forget_key(monitor, key);
		mxw_monitor_unhold(monitor, key);
		if (new &&mxw_watched_find_key(new, key->check))
			continue;
		if (mxw_monitor_close_removed(monitor, old->domain->name, old->domain->settings, key) < 0)
			mxw_log(MXW_LOG_ERROR, "%s %s: out of memory; its incident is closed at the next start",
				old->domain->name, key->check);
	}
}

/* Both lists are sorted by name: one pass finds what stayed, what came and what went. */
static void merge(struct mxw_monitor *monitor, struct watched **domains, size_t n)
{
	size_t i = 0, k = 0;
	while (i < monitor->n_domains || k < n) {
		int order = i == monitor->n_domains ? 1
			    : k == n                ? -1
				     : strcmp(monitor->domains[i]->domain->name, domains[k]->domain->name);
		if (order < 0) {
			close_gone(monitor, monitor->domains[i++], NULL);
		} else if (order > 0) {
			k++;
		} else {
			close_gone(monitor, monitor->domains[i], domains[k]);
			inherit(domains[k++], monitor->domains[i++]);
		}
	}
}

/* When the first round of each domain comes: newcomers are spread over the start; those that were watched keep their
 * turn, or come at once when their round was interrupted, and their name servers. */
static void schedule_all(struct mxw_monitor *monitor, struct watched **old, size_t n_old)
{
	int64_t now_ms = mxw_loop_now_ms(monitor->loop);
	for (size_t i = 0, k = 0; i < monitor->n_domains; i++) {
		struct watched *watched = monitor->domains[i];
		int64_t interval_ms = watched->domain->settings->policy.interval_ms;
		int64_t at_ms = now_ms + mxw_schedule_first_ms(i, monitor->n_domains, interval_ms);
		while (k < n_old && strcmp(old[k]->domain->name, watched->domain->name) < 0)
			k++;
		if (k < n_old && strcmp(old[k]->domain->name, watched->domain->name) == 0) {
			at_ms = mxw_heap_contains(&old[k]->due) ? MXW_MIN(old[k]->due.key, now_ms + interval_ms)
								: now_ms;
			mxw_watched_inherit_zone(watched, old[k]);
		}
		mxw_watched_schedule(watched, at_ms);
	}
}

/* Resolver and canaries for a configuration; the old resolver stays when nothing about it changed. */
static int make_resolver(struct mxw_monitor *monitor, const struct mxw_config *config,
			 struct mxw_resolver **ret_resolver, struct mxw_canaries **ret_canaries)
{
	struct mxw_resolver_params params = { .upstreams = config->upstreams,
					      .n_upstreams = config->n_upstreams,
					      .timeout_ms = config->timeout_ms };
	bool keep = monitor->config && same_upstreams(monitor->config, config);
	int r = 0;
	*ret_resolver = keep ? monitor->resolver : NULL;
	if (!keep)
		r = mxw_resolver_new(ret_resolver, monitor->loop, &params);
	if (r < 0)
		return r;
	struct mxw_canaries_params canaries = {
		.resolver = *ret_resolver,
		.config = config,
		.period_ms = config->defaults.policy.retry_interval_ms,
		.seed = mxw_rng_next(&monitor->rng),
		.before = monitor->canaries,
		.ticked = mxw_monitor_on_tick,
		.arg = monitor,
	};
	r = mxw_canaries_new(ret_canaries, monitor->loop, &canaries);
	if (r < 0 && !keep)
		mxw_resolver_free(*ret_resolver);
	return r;
}

/* The one that asks name servers; the old one stays when nothing about it changed. */
static int make_servers(struct mxw_monitor *monitor, const struct mxw_config *config, struct mxw_resolver **ret)
{
	struct mxw_resolver_params params = { .timeout_ms = config->timeout_ms, .for_servers = true };
	*ret = monitor->servers;
	if (monitor->servers && monitor->config->timeout_ms == config->timeout_ms)
		return 0;
	return mxw_resolver_new(ret, monitor->loop, &params);
}

static int make_domains(struct mxw_monitor *monitor, const struct mxw_config *config, struct watched ***ret)
{
	struct watched **domains = mxw_new_array(config->n_domains, sizeof(*domains));
	if (!domains)
		return -ENOMEM;
	for (size_t i = 0; i < config->n_domains; i++) {
		int r = mxw_watched_new(&domains[i], monitor, &config->domains[i]);
		if (r < 0) {
			free_domains(domains, i);
			return r;
		}
	}
	*ret = domains;
	return 0;
}

int mxw_monitor_configure(struct mxw_monitor *monitor, struct mxw_config *config)
{
	struct mxw_resolver *resolver, *old_resolver = monitor->resolver;
	struct mxw_resolver *servers, *old_servers = monitor->servers;
	struct mxw_canaries *canaries;
	struct watched **domains, **old_domains = monitor->domains;
	size_t n_old = monitor->n_domains;
	int r = make_domains(monitor, config, &domains);
	if (r < 0)
		return r;
	r = make_servers(monitor, config, &servers);
	if (r == 0) {
		r = make_resolver(monitor, config, &resolver, &canaries);
		if (r < 0 && servers != old_servers)
			mxw_resolver_free(servers);
	}
	if (r < 0) {
		free_domains(domains, config->n_domains);
		return r;
	}
	mxw_monitor_save_all(monitor);
	mxw_monitor_commit_all(monitor);
	merge(monitor, domains, config->n_domains);
	mxw_monitor_commit_all(monitor);
	struct mxw_config *old_config = monitor->config;
	monitor->config = config;
	for (size_t i = 0; i < mxw_n_checks; i++)
		monitor->check_options[i] = config->check_options[i].options ? &config->check_options[i] : NULL;
	monitor->domains = domains;
	monitor->n_domains = config->n_domains;
	monitor->resolver = resolver;
	monitor->servers = servers;
	mxw_canaries_free(monitor->canaries);
	monitor->canaries = canaries;
	mxw_monitor_gate_configure(monitor, old_config, old_resolver == resolver);
	mxw_monitor_adopt_notifiers(monitor);
	mxw_monitor_groups_configure(monitor);
	schedule_all(monitor, old_domains, n_old);
	free_domains(old_domains, n_old);
	if (old_resolver != resolver)
		mxw_resolver_free(old_resolver);
	if (old_servers != servers)
		mxw_resolver_free(old_servers);
	mxw_config_free(old_config);
	return 0;
}

const struct mxw_config *mxw_monitor_config(const struct mxw_monitor *monitor)
{
	return monitor->config;
}

void mxw_monitor_stats(const struct mxw_monitor *monitor, struct mxw_monitor_stats *ret)
{
	*ret = (struct mxw_monitor_stats){
		.n_domains = monitor->n_domains,
		.n_running = monitor->n_running,
		.is_held = monitor->gate.status == MXW_GATE_CLOSED,
		.n_rounds = monitor->n_rounds,
		.n_events = monitor->n_events,
	};
	for (size_t i = 0; i < monitor->n_domains; i++) {
		enum mxw_severity worst = MXW_OK;
		for (size_t k = 0; k < monitor->domains[i]->n_keys; k++)
			worst = mxw_severity_worse(worst, monitor->domains[i]->keys[k].state.hard);
		ret->n_critical += worst == MXW_CRITICAL;
		ret->n_warning += worst == MXW_WARNING;
		ret->n_unknown += worst == MXW_UNKNOWN;
	}
}
