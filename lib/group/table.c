/* What is known: groups, keys in trouble, and who is in which; see internal.h. */
#include <errno.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/group/internal.h"

/* ---- groups ---- */

/* kind, name NUL, route NUL; the caller's to free. */
static char *group_key(enum mxw_group_kind kind, const char *name, const char *route, size_t *ret_n)
{
	size_t n_name = strlen(name) + 1, n_route = strlen(route) + 1;
	char *key = malloc(1 + n_name + n_route);
	if (!key)
		return NULL;
	key[0] = (char)('0' + kind);
	memcpy(key + 1, name, n_name);
	memcpy(key + 1 + n_name, route, n_route);
	*ret_n = 1 + n_name + n_route;
	return key;
}

static unsigned table_hash(const struct mxw_groups *groups, const void *key, size_t n)
{
	return (unsigned)mxw_hash64(groups->seed, key, n);
}

static struct mxw_group *find_group(const struct mxw_groups *groups, const char *key, size_t n)
{
	struct mxw_group *group;
	HASH_FIND_BYHASHVALUE(hh, groups->all, key, n, table_hash(groups, key, n), group);
	return group;
}

struct mxw_group *mxw_groups_get(const struct mxw_groups *groups, enum mxw_group_kind kind, const char *name,
				 const char *route)
{
	size_t n;
	MXW_CLEANUP(mxw_freep) char *key = group_key(kind, name, route, &n);
	return key ? find_group(groups, key, n) : NULL;
}

static struct mxw_group *add_group(struct mxw_groups *groups, enum mxw_group_kind kind, const char *key, size_t n)
{
	struct mxw_group *group = calloc(1, sizeof(*group) + n);
	if (!group)
		return NULL;
	memcpy(group->key, key, n);
	group->n_key = n;
	group->kind = kind;
	group->name = group->key + 1;
	group->route = group->name + strlen(group->name) + 1;
	HASH_ADD_KEYPTR_BYHASHVALUE(hh, groups->all, group->key, n, table_hash(groups, key, n), group);
	if (group->failed) {
		free(group);
		return NULL;
	}
	return group;
}

struct mxw_group *mxw_groups_need(struct mxw_groups *groups, enum mxw_group_kind kind, const char *name,
				  const char *route)
{
	size_t n;
	MXW_CLEANUP(mxw_freep) char *key = group_key(kind, name, route, &n);
	struct mxw_group *group = key ? find_group(groups, key, n) : NULL;
	return group || !key ? group : add_group(groups, kind, key, n);
}

void mxw_groups_open(struct mxw_groups *groups, struct mxw_group *group, int64_t now_ms)
{
	if (group->is_open)
		return;
	group->is_open = true;
	group->opened_ms = now_ms;
	group->worst = mxw_group_severity(group);
	group->n_most = mxw_group_n_domains(group);
	mxw_group_plan(groups, group);
}

void mxw_groups_tidy(struct mxw_groups *groups, struct mxw_group *group)
{
	if (group->is_open || group->affected)
		return;
	mxw_heap_remove(&groups->due, &group->due);
	HASH_DELETE(hh, groups->all, group);
	free(group);
}

size_t mxw_group_n_domains(const struct mxw_group *group)
{
	return HASH_COUNT(group->affected);
}

enum mxw_severity mxw_group_severity(const struct mxw_group *group)
{
	for (enum mxw_severity severity = MXW_CRITICAL; severity > MXW_OK; severity--)
		if (group->n_links[severity])
			return severity;
	return MXW_OK;
}

/* ---- keys ---- */

static char *member_key(const char *domain, const char *check, size_t *ret_n)
{
	size_t n_domain = strlen(domain) + 1, n_check = strlen(check) + 1;
	char *key = malloc(n_domain + n_check);
	if (!key)
		return NULL;
	memcpy(key, domain, n_domain);
	memcpy(key + n_domain, check, n_check);
	*ret_n = n_domain + n_check;
	return key;
}

static struct member *find_member(const struct mxw_groups *groups, const char *key, size_t n)
{
	struct member *member;
	HASH_FIND_BYHASHVALUE(hh, groups->members, key, n, table_hash(groups, key, n), member);
	return member;
}

struct member *mxw_groups_member(const struct mxw_groups *groups, const char *domain, const char *check)
{
	size_t n;
	if (!groups->members) /* as a rule all is well */
		return NULL;
	MXW_CLEANUP(mxw_freep) char *key = member_key(domain, check, &n);
	return key ? find_member(groups, key, n) : NULL;
}

static struct member *add_member(struct mxw_groups *groups, const char *key, size_t n)
{
	struct member *member = calloc(1, sizeof(*member) + n);
	if (!member)
		return NULL;
	memcpy(member->key, key, n);
	member->domain = member->key;
	member->check = member->domain + strlen(member->domain) + 1;
	HASH_ADD_KEYPTR_BYHASHVALUE(hh, groups->members, member->key, n, table_hash(groups, key, n), member);
	if (member->failed) {
		free(member);
		return NULL;
	}
	return member;
}

struct member *mxw_groups_need_member(struct mxw_groups *groups, const char *domain, const char *check)
{
	size_t n;
	MXW_CLEANUP(mxw_freep) char *key = member_key(domain, check, &n);
	struct member *member = key ? find_member(groups, key, n) : NULL;
	return member || !key ? member : add_member(groups, key, n);
}

/* The hash is stored with what is told: it has no seed. */
void mxw_member_set_severity(struct member *member, enum mxw_severity to)
{
	size_t n = (size_t)(member->check - member->domain) + strlen(member->check);
	member->to = to;
	member->hash = mxw_hash64((uint64_t)to, member->key, n);
}

void mxw_groups_forget_member(struct mxw_groups *groups, struct member *member)
{
	mxw_member_unlink(groups, member);
	HASH_DELETE(hh, groups->members, member);
	free(member);
}

/* ---- links ---- */

static struct affected *need_affected(struct mxw_groups *groups, struct mxw_group *group, const char *domain)
{
	size_t n = strlen(domain);
	unsigned hash = table_hash(groups, domain, n);
	struct affected *affected;
	HASH_FIND_BYHASHVALUE(hh, group->affected, domain, n, hash, affected);
	if (affected)
		return affected;
	affected = calloc(1, sizeof(*affected) + n + 1);
	if (!affected)
		return NULL;
	memcpy(affected->domain, domain, n + 1);
	HASH_ADD_KEYPTR_BYHASHVALUE(hh, group->affected, affected->domain, n, hash, affected);
	if (affected->failed) {
		free(affected);
		return NULL;
	}
	return affected;
}

static bool is_linked(const struct member *member, const struct mxw_group *group)
{
	for (size_t i = 0; i < member->n_links; i++)
		if (member->links[i].group == group)
			return true;
	return false;
}

int mxw_member_link(struct mxw_groups *groups, struct member *member, struct mxw_group *group, int64_t since_wall_ms)
{
	if (is_linked(member, group) || member->n_links == MAX_LINKS)
		return 0;
	struct link *links = realloc(member->links, (member->n_links + 1) * sizeof(*links));
	if (!links)
		return -ENOMEM;
	member->links = links;
	struct affected *affected = need_affected(groups, group, member->domain);
	if (!affected)
		return -ENOMEM;
	affected->n_links++;
	links[member->n_links++] = (struct link){ .group = group, .affected = affected };
	group->n_links[member->to]++;
	group->has_grown = true;
	group->set += member->hash;
	if (!group->since_wall_ms || since_wall_ms < group->since_wall_ms)
		group->since_wall_ms = since_wall_ms;
	group->worst = MXW_MAX(group->worst, member->to);
	group->n_most = MXW_MAX(group->n_most, mxw_group_n_domains(group));
	mxw_group_plan(groups, group);
	return 0;
}

static void unlink_one(struct mxw_groups *groups, const struct member *member, const struct link *link)
{
	struct mxw_group *group = link->group;
	group->n_links[member->to]--;
	group->set -= member->hash;
	if (--link->affected->n_links == 0) {
		HASH_DELETE(hh, group->affected, link->affected);
		free(link->affected);
	}
	mxw_group_plan(groups, group);
	mxw_groups_tidy(groups, group);
}

void mxw_member_unlink(struct mxw_groups *groups, struct member *member)
{
	for (size_t i = 0; i < member->n_links; i++)
		unlink_one(groups, member, &member->links[i]);
	free(member->links);
	member->links = NULL;
	member->n_links = 0;
}

struct mxw_group *mxw_member_special(const struct member *member)
{
	for (size_t i = 0; i < member->n_links; i++)
		if (member->links[i].group->kind != MXW_GROUP_CAUSE)
			return member->links[i].group;
	return NULL;
}
