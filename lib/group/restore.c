/* The beginning and the end of it all, and across a restart; see group.h. */
#include <errno.h>
#include <string.h>

#include "lib/group/internal.h"

int mxw_groups_new(struct mxw_groups **ret, const struct mxw_group_policy *policy, uint64_t seed)
{
	struct mxw_groups *groups = calloc(1, sizeof(*groups));
	if (!groups)
		return -ENOMEM;
	groups->policy = *policy;
	groups->seed = seed;
	groups->mass_until_ms = INT64_MIN;
	groups->held_ms = groups->held_last_ms = INT64_MIN;
	*ret = groups;
	return 0;
}

void mxw_groups_free(struct mxw_groups *groups)
{
	if (!groups)
		return;
	for (struct member *member = groups->members, *next; member; member = next) {
		next = member->hh.next;
		mxw_groups_forget_member(groups, member);
	}
	for (struct mxw_group *group = groups->all, *next; group; group = next) {
		next = group->hh.next;
		group->is_open = false;
		mxw_groups_tidy(groups, group);
	}
	mxw_heap_done(&groups->due);
	free(groups);
}

size_t mxw_groups_n_open(const struct mxw_groups *groups)
{
	size_t n = 0;
	for (const struct mxw_group *group = groups->all; group; group = group->hh.next)
		n += group->is_open;
	return n;
}

void mxw_group_record(const struct mxw_group_message *message, int64_t now_ms, struct mxw_group_record *ret)
{
	const struct mxw_group *group = message->group;
	bool is_problem = message->kind == MXW_TRANSITION_PROBLEM;
	*ret = (struct mxw_group_record){
		.kind = group->kind,
		.name = group->name,
		.route = group->route,
		.told = message->to,
		.told_set = message->set,
		.n_told = message->n_domains,
		.n_most = message->n_most,
		.since_wall_ms = message->since_wall_ms,
		.problem_ago_ms = is_problem ? 0 : now_ms - group->problem_ms,
		.n_reminders = message->reminder,
	};
}

int mxw_groups_restore(struct mxw_groups *groups, const struct mxw_group_record *record, int64_t now_ms)
{
	struct mxw_group *group = mxw_groups_need(groups, record->kind, record->name, record->route);
	if (!group)
		return -ENOMEM;
	group->is_open = true;
	group->told = group->worst = record->told;
	group->told_set = record->told_set;
	group->n_told = record->n_told;
	group->n_most = record->n_most;
	group->since_wall_ms = record->since_wall_ms;
	group->told_ms = now_ms - record->told_ago_ms;
	group->problem_ms = now_ms - record->problem_ago_ms;
	group->n_reminders = record->n_reminders;
	group->shrunk_ms = now_ms; /* who has come and gone since it was told is not known */
	mxw_group_plan(groups, group);
	return 0;
}

/* A group that was not told yet has no record: nobody knows how long it has waited, and it waits no longer. */
static int restore_folded(struct mxw_groups *groups, struct member *member, const struct mxw_group_item *item,
			  enum mxw_group_kind special, int64_t now_ms)
{
	const struct mxw_group_policy *policy = &groups->policy;
	int64_t opened_ms = now_ms - MXW_MAX(policy->wait_ms, MXW_MAX(policy->mass_wait_ms, policy->digest_ms));
	member->is_folded = true;
	mxw_member_open_causes(groups, member, opened_ms);
	return special == MXW_GROUP_CAUSE ? 0 : mxw_member_fold(groups, member, item, special, opened_ms);
}

int mxw_groups_restore_key(struct mxw_groups *groups, const struct mxw_group_item *item, bool is_folded,
			   enum mxw_group_kind special, int64_t now_ms)
{
	struct member *member = mxw_groups_need_member(groups, item->domain, item->check);
	if (!member)
		return -ENOMEM;
	mxw_member_unlink(groups, member);
	mxw_member_set_severity(member, item->to);
	int r = mxw_member_link_roots(groups, member, item);
	if (r == 0 && is_folded)
		r = restore_folded(groups, member, item, special, now_ms);
	for (size_t i = 0; i < member->n_links; i++) { /* it has not joined now */
		member->links[i].group->has_grown = false;
		mxw_group_plan(groups, member->links[i].group);
	}
	if (r < 0)
		mxw_groups_forget_member(groups, member);
	return r;
}

bool mxw_groups_find_key(const struct mxw_groups *groups, const char *domain, const char *check, bool *ret_is_folded,
			 enum mxw_group_kind *ret_special)
{
	const struct member *member = mxw_groups_member(groups, domain, check);
	if (!member)
		return false;
	const struct mxw_group *special = mxw_member_special(member);
	*ret_is_folded = member->is_folded;
	*ret_special = special ? special->kind : MXW_GROUP_CAUSE;
	return true;
}
