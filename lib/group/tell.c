/* When a group speaks, and what it says; see group.h. */
#include <errno.h>
#include <string.h>

#include "lib/group/internal.h"

enum { HOUR_MS = 60 * 60 * 1000, DAY_MS = 24 * HOUR_MS };

void mxw_group_policy_init(struct mxw_group_policy *policy)
{
	*policy = (struct mxw_group_policy){
		.n_single = 3,
		.interval_ms = 5 * 60 * 1000,
		.mass_percent = 20,
		.mass_min = 5,
		.mass_window_ms = 5 * 60 * 1000,
		.mass_single = 50,
		.mass_wait_ms = 60 * 1000,
		.recheck_ms = 60 * 1000,
		.reminders_ms = { HOUR_MS, 4 * HOUR_MS, DAY_MS },
		.n_reminders = 3,
	};
}

/* ---- when ---- */

static int64_t interval_ms(const struct mxw_groups *groups, const struct mxw_group *group)
{
	return group->kind == MXW_GROUP_DIGEST ? groups->policy.digest_ms : groups->policy.interval_ms;
}

static int64_t wait_ms(const struct mxw_groups *groups, const struct mxw_group *group)
{
	const struct mxw_group_policy *policy = &groups->policy;
	if (group->kind == MXW_GROUP_DIGEST)
		return policy->digest_ms;
	return group->kind == MXW_GROUP_CAUSE ? policy->wait_ms : MXW_MAX(policy->wait_ms, policy->mass_wait_ms);
}

/* Of the one that comes after `k` others. */
static int64_t reminder_ms(const struct mxw_groups *groups, const struct mxw_group *group, size_t k)
{
	const struct mxw_group_policy *policy = &groups->policy;
	size_t n = policy->n_reminders;
	if (!n)
		return INT64_MAX;
	int64_t after_ms = k < n ? policy->reminders_ms[k]
				 : policy->reminders_ms[n - 1] + (int64_t)(k - n + 1) * DAY_MS;
	return group->problem_ms + after_ms;
}

static int64_t change_ms(const struct mxw_groups *groups, const struct mxw_group *group)
{
	enum mxw_severity now = mxw_group_severity(group);
	if (!group->affected || now > group->told)
		return group->told_ms; /* all is well, or it is worse: at once */
	if (now == group->told && group->set == group->told_set)
		return INT64_MAX;
	if (group->has_grown)
		return group->told_ms + interval_ms(groups, group);
	/* Who leaves is often followed by all the others: until that would be seen no number is worth a message. */
	return group->shrunk_ms ? group->shrunk_ms + 2 * interval_ms(groups, group) : group->told_ms;
}

static int64_t due_ms(const struct mxw_groups *groups, const struct mxw_group *group)
{
	if (!group->is_open || group->is_locked)
		return INT64_MAX;
	if (group->told == MXW_OK)
		return group->opened_ms + wait_ms(groups, group);
	int64_t change = change_ms(groups, group);
	return change != INT64_MAX ? change
				   : reminder_ms(groups, group, group->n_reminders); /* a change reminds, too */
}

void mxw_group_plan(struct mxw_groups *groups, struct mxw_group *group)
{
	int64_t at_ms = due_ms(groups, group);
	if (at_ms == INT64_MAX)
		mxw_heap_remove(&groups->due, &group->due);
	else if (mxw_heap_push(&groups->due, &group->due, at_ms) < 0)
		groups->has_unplanned = true;
}

/* Memory was short when they were planned. */
static void plan_all(struct mxw_groups *groups)
{
	groups->has_unplanned = false;
	for (struct mxw_group *group = groups->all, *next; group; group = next) {
		next = group->hh.next;
		mxw_group_plan(groups, group);
	}
}

void mxw_groups_set_policy(struct mxw_groups *groups, const struct mxw_group_policy *policy)
{
	groups->policy = *policy;
	plan_all(groups);
}

int64_t mxw_groups_next_ms(const struct mxw_groups *groups)
{
	const struct mxw_heap_node *first = mxw_heap_peek(&groups->due);
	return first ? first->key : INT64_MAX;
}

/* ---- what ---- */

static enum mxw_transition_kind kind_of(const struct mxw_groups *groups, const struct mxw_group *group, int64_t now_ms)
{
	if (group->told == MXW_OK)
		return MXW_TRANSITION_PROBLEM;
	if (!group->affected)
		return MXW_TRANSITION_RECOVERY;
	enum mxw_severity now = mxw_group_severity(group);
	if (now > group->told)
		return MXW_TRANSITION_PROBLEM;
	return change_ms(groups, group) <= now_ms ? MXW_TRANSITION_CHANGE : MXW_TRANSITION_REMINDER;
}

/* Reminders that are over with this message: those that were due by now are not made up for. */
static uint32_t count_reminders(const struct mxw_groups *groups, const struct mxw_group *group,
				enum mxw_transition_kind kind, int64_t now_ms)
{
	uint32_t n = group->n_reminders;
	if (kind == MXW_TRANSITION_PROBLEM || kind == MXW_TRANSITION_RECOVERY)
		return 0;
	while (reminder_ms(groups, group, n) <= now_ms)
		n++;
	return n;
}

static void list_domains(const struct mxw_group *group, struct mxw_group_message *ret)
{
	const struct affected *affected = group->affected;
	for (; affected && ret->n_listed < MXW_GROUP_MAX_LISTED; affected = affected->hh.next)
		ret->domains[ret->n_listed++] = affected->domain;
}

static void fill(const struct mxw_groups *groups, struct mxw_group *group, int64_t now_ms,
		 struct mxw_group_message *ret)
{
	*ret = (struct mxw_group_message){
		.group = group,
		.kind = kind_of(groups, group, now_ms),
		.from = group->told,
		.to = mxw_group_severity(group),
		.since_wall_ms = group->since_wall_ms,
		.n_domains = mxw_group_n_domains(group),
		.n_before = group->n_told,
		.n_most = group->n_most,
		.set = group->set,
	};
	if (group->told == MXW_OK && !group->affected) /* over before it could be told: told, and then its recovery */
		ret->to = group->worst;
	ret->reminder = count_reminders(groups, group, ret->kind, now_ms);
	list_domains(group, ret);
}

/* It is the time of a group that has only become smaller: the wait begins. */
static bool begins_to_shrink(struct mxw_group *group, int64_t now_ms)
{
	bool is_smaller = group->told != MXW_OK && group->affected && !group->has_grown &&
			  mxw_group_severity(group) <= group->told &&
			  (mxw_group_severity(group) < group->told || group->set != group->told_set);
	if (!is_smaller || group->shrunk_ms)
		return false;
	group->shrunk_ms = now_ms;
	return true;
}

int mxw_groups_next(struct mxw_groups *groups, int64_t now_ms, struct mxw_group_message *ret)
{
	struct mxw_heap_node *first;
	if (groups->has_unplanned)
		plan_all(groups);
	while ((first = mxw_heap_peek(&groups->due)) && first->key <= now_ms) {
		struct mxw_group *group = MXW_CONTAINER(first, struct mxw_group, due);
		if (begins_to_shrink(group, now_ms)) {
			mxw_group_plan(groups, group);
			continue;
		}
		fill(groups, group, now_ms, ret);
		group->is_locked = true;
		mxw_group_plan(groups, group);
		return 0;
	}
	return -EAGAIN;
}

/* It is over. Who joined while that was on its way makes it a problem anew. */
static void close_group(struct mxw_group *group, int64_t now_ms)
{
	group->told = MXW_OK;
	group->told_set = 0;
	group->n_told = 0;
	group->is_open = group->affected != NULL;
	group->opened_ms = now_ms;
	group->worst = mxw_group_severity(group);
	group->n_most = mxw_group_n_domains(group);
}

void mxw_groups_told(struct mxw_groups *groups, const struct mxw_group_message *message, int64_t now_ms)
{
	struct mxw_group *group = message->group;
	group->is_locked = false;
	group->has_grown = group->set != message->set;
	group->shrunk_ms = 0;
	group->told_ms = now_ms;
	if (message->kind == MXW_TRANSITION_RECOVERY) {
		close_group(group, now_ms);
	} else {
		group->told = message->to;
		group->told_set = message->set;
		group->n_told = message->n_domains;
	}
	if (message->kind == MXW_TRANSITION_PROBLEM)
		group->problem_ms = now_ms;
	group->n_reminders = message->reminder;
	mxw_group_plan(groups, group);
	mxw_groups_tidy(groups, group);
}

void mxw_groups_untold(struct mxw_groups *groups, const struct mxw_group_message *message)
{
	message->group->is_locked = false;
	mxw_group_plan(groups, message->group);
	mxw_groups_tidy(groups, message->group);
}

enum mxw_group_kind mxw_group_kind(const struct mxw_group *group)
{
	return group->kind;
}

const char *mxw_group_kind_name(enum mxw_group_kind kind)
{
	static const char *const names[MXW_N_GROUP_KINDS] = {
		[MXW_GROUP_CAUSE] = "cause",
		[MXW_GROUP_MASS] = "mass",
		[MXW_GROUP_STORM] = "storm",
		[MXW_GROUP_DIGEST] = "digest",
	};
	return names[kind];
}

const char *mxw_group_name(const struct mxw_group *group)
{
	return group->name;
}

const char *mxw_group_route(const struct mxw_group *group)
{
	return group->route;
}
