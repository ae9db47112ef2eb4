/* Where a transition is told; see group.h. */
#include <errno.h>
#include <string.h>

#include "lib/group/internal.h"

static const char everybody[] = "*"; /* the name of what has no name; no domain can be called so */

/* ---- causes ---- */

static bool is_open(const struct mxw_groups *groups, const char *root, const char *route)
{
	const struct mxw_group *group = mxw_groups_get(groups, MXW_GROUP_CAUSE, root, route);
	return group && group->is_open;
}

static bool is_explained(const struct mxw_groups *groups, const struct mxw_group_item *item,
			 const struct mxw_group_finding *finding)
{
	for (size_t i = 0; i < finding->n_roots; i++)
		if (is_open(groups, finding->roots[i], item->route))
			return true;
	return false;
}

/* Everything that is wrong with the key is told by causes. */
static bool is_all_explained(const struct mxw_groups *groups, const struct mxw_group_item *item)
{
	for (size_t i = 0; i < item->n_findings; i++)
		if (!is_explained(groups, item, &item->findings[i]))
			return false;
	return item->n_findings > 0;
}

int mxw_member_link_roots(struct mxw_groups *groups, struct member *member, const struct mxw_group_item *item)
{
	for (size_t i = 0; i < item->n_findings; i++) {
		const struct mxw_group_finding *finding = &item->findings[i];
		for (size_t k = 0; k < finding->n_roots && member->n_links < MXW_GROUP_MAX_ROOTS; k++) {
			struct mxw_group *group = mxw_groups_need(groups, MXW_GROUP_CAUSE, finding->roots[k],
								  item->route);
			int r = group ? mxw_member_link(groups, member, group, item->since_wall_ms) : -ENOMEM;
			if (r < 0 && group)
				mxw_groups_tidy(groups, group);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* A cause that is shared by more domains than may be told on their own. */
void mxw_member_open_causes(struct mxw_groups *groups, const struct member *member, int64_t now_ms)
{
	for (size_t i = 0; i < member->n_links; i++) {
		struct mxw_group *group = member->links[i].group;
		if (group->kind == MXW_GROUP_CAUSE && mxw_group_n_domains(group) > groups->policy.n_single)
			mxw_groups_open(groups, group, now_ms);
	}
}

/* ---- the other groups ---- */

static bool is_still_special(const struct mxw_group *special, const struct mxw_group_item *item)
{
	return special && special->is_open && strcmp(special->route, item->route) == 0 &&
	       (special->kind != MXW_GROUP_DIGEST || item->to <= MXW_WARNING);
}

int mxw_member_fold(struct mxw_groups *groups, struct member *member, const struct mxw_group_item *item,
		    enum mxw_group_kind kind, int64_t now_ms)
{
	struct mxw_group *group = mxw_groups_need(groups, kind, everybody, item->route);
	if (!group)
		return -ENOMEM;
	int r = mxw_member_link(groups, member, group, item->since_wall_ms);
	if (r < 0) {
		mxw_groups_tidy(groups, group);
		return r;
	}
	mxw_groups_open(groups, group, now_ms);
	member->is_folded = true;
	return 0;
}

/* Two halves of the window are counted; so what is looked back at is between a half and a whole. */
static void turn_window(struct mxw_groups *groups, int64_t now_ms)
{
	int64_t half_ms = groups->policy.mass_window_ms / 2, age_ms = now_ms - groups->half_ms;
	if (age_ms < half_ms)
		return;
	groups->n_turned[1] = age_ms < 2 * half_ms ? groups->n_turned[0] : 0;
	groups->n_turned[0] = 0;
	groups->half_ms = now_ms;
}

static bool is_mass(const struct mxw_groups *groups)
{
	const struct mxw_group_policy *policy = &groups->policy;
	size_t n = groups->n_turning + groups->n_turned[0] + groups->n_turned[1];
	return policy->mass_percent && n > policy->mass_min && n * 100 > groups->n_domains * policy->mass_percent;
}

/* The first of them are told as ever, the rest is summed up. */
static enum mxw_group_place place_in_mass(struct mxw_groups *groups, int64_t now_ms)
{
	groups->mass_until_ms = now_ms + groups->policy.mass_window_ms;
	return groups->n_turned[0] + groups->n_turned[1] < groups->policy.mass_single ? MXW_GROUP_OWN
										      : MXW_GROUP_FOLDED;
}

/* A mass is told once the canaries were asked again, or when that takes too long: it is delayed, never suppressed. */
static enum mxw_group_place place_mass(struct mxw_groups *groups, int64_t now_ms)
{
	turn_window(groups, now_ms);
	if (!is_mass(groups))
		return MXW_GROUP_OWN;
	if (now_ms < groups->mass_until_ms)
		return place_in_mass(groups, now_ms);
	if (groups->held_ms == INT64_MIN || now_ms - groups->held_last_ms > groups->policy.mass_window_ms)
		groups->held_ms = now_ms; /* what was held long ago is another story */
	groups->held_last_ms = now_ms;
	if (now_ms - groups->held_ms < groups->policy.recheck_ms)
		return MXW_GROUP_HELD;
	mxw_groups_rechecked(groups, now_ms);
	return place_in_mass(groups, now_ms);
}

static int place_elsewhere(struct mxw_groups *groups, struct member *member, const struct mxw_group_item *item,
			   int64_t now_ms, enum mxw_group_place *ret)
{
	*ret = MXW_GROUP_FOLDED;
	if (groups->policy.digest_ms && item->to == MXW_WARNING)
		return mxw_member_fold(groups, member, item, MXW_GROUP_DIGEST, now_ms);
	*ret = place_mass(groups, now_ms);
	if (*ret == MXW_GROUP_HELD)
		return 0;
	groups->n_turned[0] += !item->has_turned;
	if (*ret == MXW_GROUP_FOLDED)
		return mxw_member_fold(groups, member, item, MXW_GROUP_MASS, now_ms);
	if (item->is_limited) {
		*ret = MXW_GROUP_FOLDED;
		return mxw_member_fold(groups, member, item, MXW_GROUP_STORM, now_ms);
	}
	return 0;
}

/* ---- from outside ---- */

bool mxw_groups_cover(const struct mxw_groups *groups, const struct mxw_group_item *item)
{
	const struct member *member = mxw_groups_member(groups, item->domain, item->check);
	if (!member || !member->is_folded)
		return false;
	return is_still_special(mxw_member_special(member), item) || is_all_explained(groups, item);
}

/* The member is linked to what `item` says and to nothing else; its old groups stay until then. */
static int relink(struct mxw_groups *groups, struct member *member, const struct mxw_group_item *item,
		  struct mxw_group *special)
{
	struct member old = *member;
	member->links = NULL;
	member->n_links = 0;
	mxw_member_set_severity(member, item->to);
	int r = mxw_member_link_roots(groups, member, item);
	if (r == 0 && special)
		r = mxw_member_link(groups, member, special, item->since_wall_ms);
	mxw_member_unlink(groups, &old);
	return r;
}

int mxw_groups_place(struct mxw_groups *groups, const struct mxw_group_item *item, int64_t now_ms,
		     enum mxw_group_place *ret)
{
	struct member *member = mxw_groups_need_member(groups, item->domain, item->check);
	*ret = MXW_GROUP_OWN;
	if (!member)
		return -ENOMEM;
	struct mxw_group *special = mxw_member_special(member);
	if (!is_still_special(special, item))
		special = NULL;
	int r = relink(groups, member, item, special);
	if (r == 0) {
		mxw_member_open_causes(groups, member, now_ms);
		member->is_folded = special || is_all_explained(groups, item);
		*ret = member->is_folded ? MXW_GROUP_FOLDED : MXW_GROUP_OWN;
		if (!member->is_folded)
			r = place_elsewhere(groups, member, item, now_ms, ret);
	}
	if (r < 0) {
		*ret = MXW_GROUP_OWN;
		mxw_groups_forget_member(groups, member);
	}
	return r;
}

void mxw_groups_leave(struct mxw_groups *groups, const char *domain, const char *check)
{
	struct member *member = mxw_groups_member(groups, domain, check);
	if (member)
		mxw_groups_forget_member(groups, member);
}

/* A group that is open though nothing was told, and would not be opened now. */
static bool is_premature(const struct mxw_groups *groups, const struct mxw_group *group)
{
	size_t enough = group->kind == MXW_GROUP_CAUSE ? groups->policy.n_single + 1 : 1;
	return group->is_open && group->told == MXW_OK && !group->is_locked && mxw_group_n_domains(group) < enough;
}

void mxw_groups_withdraw(struct mxw_groups *groups, const char *domain, const char *check)
{
	struct mxw_group *touched[MAX_LINKS];
	struct member *member = mxw_groups_member(groups, domain, check);
	size_t n = 0;
	if (!member)
		return;
	for (size_t i = 0; i < member->n_links; i++)
		if (member->links[i].group->is_open) /* such a one stays when its last link goes */
			touched[n++] = member->links[i].group;
	mxw_groups_forget_member(groups, member);
	for (size_t i = 0; i < n; i++) {
		if (!is_premature(groups, touched[i]))
			continue;
		touched[i]->is_open = false;
		mxw_group_plan(groups, touched[i]);
		mxw_groups_tidy(groups, touched[i]);
	}
}

bool mxw_groups_wants_recheck(const struct mxw_groups *groups)
{
	return groups->held_ms != INT64_MIN;
}

void mxw_groups_rechecked(struct mxw_groups *groups, int64_t now_ms)
{
	groups->held_ms = INT64_MIN;
	groups->mass_until_ms = now_ms + groups->policy.mass_window_ms;
}

void mxw_groups_set_load(struct mxw_groups *groups, size_t n_domains, size_t n_turning)
{
	groups->n_domains = n_domains;
	groups->n_turning = n_turning;
}
