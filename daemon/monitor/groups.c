/* Which keys the groups explain, and what they have to know for it; lib/group decides. What they say is in group_events.c. */
#include <errno.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/monitor/internal.h"
#include "lib/group/cause.h"
#include "lib/group/record.h"

/* ---- what a key is in trouble with ---- */

struct trouble {
	struct mxw_group_item item;
	struct mxw_strbuf route;
	struct mxw_arena arena;
};

static void trouble_done(struct trouble *trouble)
{
	mxw_strbuf_done(&trouble->route);
	mxw_arena_done(&trouble->arena);
}

static bool is_limited(struct mxw_monitor *monitor, uint64_t notifiers)
{
	for (size_t i = 0; i < monitor->config->n_notifiers; i++)
		if (notifiers & UINT64_C(1) << i &&
		    mxw_storm_is_limited(&monitor->storms[i], mxw_loop_now_ms(monitor->loop)))
			return true;
	return false;
}

/* `from`: how bad it was so far. -ENOENT: nobody is to hear of it, so there is nothing to group. */
static int find_trouble(struct mxw_monitor *monitor, const struct key *key, const struct mxw_round *round,
			enum mxw_severity from, enum mxw_severity to, struct trouble *ret)
{
	const struct watched *watched = key->watched;
	int64_t now_ms = mxw_loop_now_ms(monitor->loop), window_ms = monitor->config->grouping.mass_window_ms;
	uint64_t notifiers = mxw_monitor_problem_targets(monitor, watched->domain->settings, key,
							 mxw_severity_worse(from, to));
	*ret = (struct trouble){ 0 };
	mxw_monitor_name_notifiers(monitor->config, notifiers, &ret->route);
	if (!notifiers)
		return -ENOENT;
	ret->item = (struct mxw_group_item){
		.domain = watched->domain->name,
		.check = key->check,
		.route = mxw_strbuf_get(&ret->route),
		.to = to,
		.since_wall_ms = key->state.incident_since_wall_ms ? key->state.incident_since_wall_ms
								   : mxw_loop_wall_ms(monitor->loop),
		.is_limited = is_limited(monitor, notifiers),
		.has_turned = watched->turned_ms && now_ms - watched->turned_ms < window_ms,
	};
	if (mxw_strbuf_failed(&ret->route))
		return -ENOMEM;
	return mxw_cause_find(mxw_round_verdict(round, key->check_index), &ret->arena, &ret->item);
}

bool mxw_monitor_is_covered(struct mxw_monitor *monitor, const struct key *key, const struct mxw_round *round)
{
	enum mxw_severity verdict = mxw_round_verdict(round, key->check_index)->state;
	enum mxw_severity to = verdict == MXW_UNKNOWN ? key->state.hard : verdict;
	if (!key->is_folded || to < MXW_WARNING)
		return false;
	struct trouble trouble;
	int r = find_trouble(monitor, key, round, key->state.hard, to, &trouble);
	bool is_covered = r == 0 && mxw_groups_cover(monitor->groups, &trouble.item);
	trouble_done(&trouble);
	return is_covered;
}

/* ---- where a transition is told ---- */

/* A mass is about to be told: are we to be trusted? */
static void ask_canaries(struct mxw_monitor *monitor)
{
	if (!monitor->config->n_canaries) {
		mxw_groups_rechecked(monitor->groups, mxw_loop_now_ms(monitor->loop));
	} else if (!monitor->recheck_since_ms) {
		mxw_log(MXW_LOG_NOTICE, "many domains turn at the same time: the resolvers are tested before any of it "
					"is told");
		monitor->recheck_since_ms = mxw_loop_now_ms(monitor->loop);
		mxw_canaries_hurry(monitor->canaries);
	}
}

void mxw_monitor_groups_ticked(struct mxw_monitor *monitor)
{
	if (!monitor->recheck_since_ms || !mxw_monitor_sees(monitor) ||
	    mxw_canaries_asked_ms(monitor->canaries) < monitor->recheck_since_ms)
		return;
	monitor->recheck_since_ms = 0;
	if (mxw_groups_wants_recheck(monitor->groups))
		mxw_groups_rechecked(monitor->groups, mxw_loop_now_ms(monitor->loop));
}

/* The key's place as the store keeps it; NULL when there is nothing to keep: it has no cause that others could share. */
static int write_place(const struct mxw_monitor *monitor, const struct mxw_group_item *item, char **ret)
{
	enum mxw_group_kind special;
	bool is_folded = false, has_roots = false;
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	*ret = NULL;
	for (size_t i = 0; i < item->n_findings; i++)
		has_roots |= item->findings[i].n_roots > 0;
	if (!mxw_groups_find_key(monitor->groups, item->domain, item->check, &is_folded, &special) ||
	    (!is_folded && !has_roots))
		return 0;
	mxw_group_place_write(&text, item, is_folded, special);
	*ret = mxw_strbuf_take(&text);
	return *ret ? 0 : -ENOMEM;
}

static int place(struct mxw_monitor *monitor, const struct mxw_group_item *item, enum mxw_group_place *ret,
		 char **ret_text)
{
	int64_t now_ms = mxw_loop_now_ms(monitor->loop);
	int r = mxw_groups_place(monitor->groups, item, now_ms, ret);
	if (r == 0 && *ret == MXW_GROUP_HELD) {
		ask_canaries(monitor);
		if (!mxw_groups_wants_recheck(monitor->groups))
			r = mxw_groups_place(monitor->groups, item, now_ms, ret);
	}
	if (r == 0 && *ret != MXW_GROUP_HELD)
		r = write_place(monitor, item, ret_text);
	return r;
}

enum mxw_group_place mxw_monitor_place(struct mxw_monitor *monitor, struct key *key, const struct mxw_round *round,
				       const struct mxw_transition *transition, char **ret_text)
{
	struct watched *watched = key->watched;
	struct trouble trouble;
	enum mxw_group_place ret = MXW_GROUP_OWN;
	*ret_text = NULL;
	int r = find_trouble(monitor, key, round, key->state.hard, transition->to, &trouble);
	if (r == 0)
		r = place(monitor, &trouble.item, &ret, ret_text);
	if (r == 0)
		key->is_held = ret == MXW_GROUP_HELD;
	if (r == 0 && ret != MXW_GROUP_HELD && !trouble.item.has_turned)
		watched->turned_ms = mxw_loop_now_ms(monitor->loop);
	trouble_done(&trouble);
	if (r >= 0)
		return ret;
	if (r == -ENOMEM)
		mxw_log(MXW_LOG_ERROR, "%s %s: out of memory; told on its own", watched->domain->name, key->check);
	mxw_groups_leave(monitor->groups, watched->domain->name, key->check);
	return MXW_GROUP_OWN;
}

bool mxw_monitor_is_folded(const struct mxw_monitor *monitor, const struct key *key)
{
	enum mxw_group_kind special;
	bool is_folded;
	return mxw_groups_find_key(monitor->groups, key->watched->domain->name, key->check, &is_folded, &special) &&
	       is_folded;
}

void mxw_monitor_unhold(struct mxw_monitor *monitor, struct key *key)
{
	if (!key->is_held)
		return;
	key->is_held = false;
	mxw_groups_withdraw(monitor->groups, key->watched->domain->name, key->check);
}

/* ---- how many turn ---- */

/* Its last verdict is worse than what is told of it, by itself or by a group. */
static bool is_turning(const struct watched *watched, const struct mxw_round *round)
{
	for (size_t i = 0; i < watched->n_keys; i++) {
		const struct key *key = &watched->keys[i];
		const struct mxw_verdict *verdict = mxw_round_verdict(round, key->check_index);
		if (verdict && verdict->state >= MXW_WARNING && verdict->state > key->state.told && !key->has_pending &&
		    !key->is_folded && !mxw_monitor_muted_by(watched->monitor, key))
			return true;
	}
	return false;
}

static void set_turning(struct watched *watched, bool value)
{
	struct mxw_monitor *monitor = watched->monitor;
	monitor->n_turning += (size_t)value - (size_t)watched->is_turning;
	watched->is_turning = value;
	mxw_groups_set_load(monitor->groups, monitor->n_domains, monitor->n_turning);
}

void mxw_watched_begin_turn(struct watched *watched)
{
	set_turning(watched, false);
}

void mxw_watched_end_turn(struct watched *watched, const struct mxw_round *round)
{
	set_turning(watched, is_turning(watched, round));
}

/* ---- configuration and restart ---- */

void mxw_monitor_groups_configure(struct mxw_monitor *monitor)
{
	const struct mxw_config *config = monitor->config;
	for (size_t i = 0; i < config->n_notifiers; i++)
		mxw_storm_init(&monitor->storms[i], config->notifiers[i].max_per_minute,
			       mxw_loop_now_ms(monitor->loop));
	monitor->n_turning = 0; /* whom we watch is new to us */
	mxw_groups_set_policy(monitor->groups, &config->grouping);
	mxw_groups_set_load(monitor->groups, monitor->n_domains, 0);
	mxw_monitor_plan_groups(monitor);
}

static int restore_cause(void *arg, const struct mxw_store_cause *cause)
{
	struct mxw_monitor *monitor = arg;
	struct mxw_group_record record = cause->record;
	int64_t now_wall_ms = mxw_loop_wall_ms(monitor->loop);
	record.told_ago_ms = MXW_MAX(now_wall_ms - cause->told_wall_ms, 0);
	record.problem_ago_ms = MXW_MAX(now_wall_ms - cause->problem_wall_ms, 0);
	return mxw_groups_restore(monitor->groups, &record, mxw_loop_now_ms(monitor->loop));
}

/* A place that nobody has any more (the domain is gone, the key is well) goes with the end of its incident. */
static int restore_place(void *arg, const char *domain, const char *check, const char *text)
{
	struct mxw_monitor *monitor = arg;
	struct watched *watched = mxw_monitor_find(monitor, domain);
	struct key *key = watched ? mxw_watched_find_key(watched, check) : NULL;
	struct mxw_arena arena = { 0 };
	enum mxw_group_kind special;
	bool is_folded;
	if (!key || key->state.hard < MXW_WARNING)
		return 0;
	struct mxw_group_item item = { .domain = domain,
				       .check = check,
				       .to = key->state.hard,
				       .since_wall_ms = key->state.incident_since_wall_ms };
	int r = mxw_group_place_read(text, &arena, &item, &is_folded, &special);
	if (r == 0)
		r = mxw_groups_restore_key(monitor->groups, &item, is_folded, special, mxw_loop_now_ms(monitor->loop));
	if (r == 0)
		key->is_folded = is_folded;
	mxw_arena_done(&arena);
	return r == -EBADMSG ? 0 : r; /* written by hand: it is told on its own */
}

int mxw_monitor_restore_groups(struct mxw_monitor *monitor)
{
	int r = mxw_store_each_cause(monitor->params.store, restore_cause, monitor);
	if (r == 0)
		r = mxw_store_each_place(monitor->params.store, restore_place, monitor);
	if (r == 0)
		mxw_monitor_plan_groups(monitor);
	return r;
}
