/* Who serves a domain's zone: found before a round, then kept until the delegation's TTL has passed. What the servers say
 * against the resolvers counts only when their parent has been asked anew (findings.md 4.4, 3c): a round that finds such a
 * dispute has the next ones ask, until there is none. */
#include <errno.h>

#include "daemon/log.h"
#include "daemon/monitor/internal.h"

enum {
	LEAST_AGE_MS = 60 * 1000, /* of a delegation with a tiny TTL, and of the knowledge that none is to be found */
	MOST_AGE_MS = 60 * 60 *
		      1000, /* of one with a long TTL: a zone that moves is seen soon, at a question an hour */
	PARENT_AGE_MS = 10 * 60 * 1000, /* of what the zones above said, which many domains share */
};

static const struct mxw_config_authority *authority_of(const struct watched *watched)
{
	return watched->domain->settings->authority;
}

static void take_given(struct watched *watched, const struct mxw_config_authority *authority)
{
	const char *apex = authority->zone ? authority->zone : watched->domain->name;
	int r = mxw_zone_servers_given(&watched->zone, watched->monitor->servers, apex, authority->servers,
				       authority->n_servers);
	if (r < 0)
		mxw_log(MXW_LOG_ERROR, "%s: its name servers cannot be asked: %s", watched->domain->name,
			r == -ENOSPC ? "there are too many of all domains" : "out of memory");
}

static void on_found(void *arg, struct mxw_zone_servers *zone)
{
	struct watched *watched = arg;
	int64_t ttl_ms = zone ? (int64_t)zone->ttl * 1000 : 0;
	watched->search = NULL;
	mxw_zone_servers_free(watched->zone);
	watched->zone = zone;
	watched->is_zone_fresh = zone && watched->is_disputed;
	watched->zone_until_ms = mxw_loop_now_ms(watched->monitor->loop) +
				 MXW_MAX(LEAST_AGE_MS, MXW_MIN(ttl_ms, (int64_t)MOST_AGE_MS));
	mxw_watched_on_zone(watched);
}

int mxw_watched_find_zone(struct watched *watched)
{
	struct mxw_monitor *monitor = watched->monitor;
	const struct mxw_config_authority *authority = authority_of(watched);
	uint32_t voters = mxw_canaries_voters(monitor->canaries);
	int64_t now_ms = mxw_loop_now_ms(monitor->loop);
	watched->is_zone_fresh = authority && authority->n_servers;
	if (watched->is_zone_fresh && !watched->zone)
		take_given(watched, authority);
	if (!authority || authority->n_servers || !voters || (now_ms < watched->zone_until_ms && !watched->is_disputed))
		return 0;
	const struct mxw_authority_params params = {
		.resolver = monitor->resolver,
		.upstream = (size_t)__builtin_ctz(voters),
		.servers = monitor->servers,
		.domain = watched->domain->name,
		.max_age_ms = watched->is_disputed ? 0 : PARENT_AGE_MS,
	};
	int r = mxw_authority_find(&watched->search, monitor->loop, &params, on_found, watched);
	return r < 0 ? r : 1;
}

/* Nothing is wrong, and nothing looks as if it were about to be. */
static bool is_calm(const struct watched *watched)
{
	bool is_calm = watched->started_ms && !watched->is_disputed;
	for (size_t i = 0; i < watched->n_keys && is_calm; i++)
		is_calm = watched->keys[i].state.hard == MXW_OK && !watched->keys[i].soft &&
			  !watched->keys[i].has_pending;
	return is_calm;
}

uint32_t mxw_watched_pick_servers(struct watched *watched)
{
	if (!watched->zone || !watched->zone->n || !is_calm(watched))
		return UINT32_MAX;
	return UINT32_C(1) << watched->next_server++ % watched->zone->n;
}

int mxw_watched_judge(struct watched *watched, struct mxw_round *round)
{
	int r = mxw_round_judge(round);
	watched->is_disputed = r == 0 && mxw_round_wants_rederivation(round);
	if (!watched->is_disputed || !watched->is_zone_fresh)
		return r;
	mxw_round_keep_servers(round);
	return mxw_round_judge(round);
}

bool mxw_watched_awaits_zone(const struct watched *watched)
{
	return watched->is_disputed && !watched->is_zone_fresh;
}

void mxw_watched_inherit_zone(struct watched *to, struct watched *from)
{
	const struct mxw_config_authority *new = authority_of(to), *old = authority_of(from);
	bool is_same = new &&old && !new->n_servers && !old->n_servers;
	if (!is_same || !from->zone || from->zone->resolver != to->monitor->servers)
		return;
	to->zone = from->zone;
	to->zone_until_ms = from->zone_until_ms;
	from->zone = NULL;
}
