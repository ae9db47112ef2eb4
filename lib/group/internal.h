/* Shared inside the module: groups, the keys in trouble, and the links between them. */
#pragma once

/* uthash exits when memory runs out unless it is told not to. */
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(entry) ((entry)->failed = true)
#include <uthash.h>

#include "lib/base/heap.h"
#include "lib/group/group.h"

/* A domain in a group. */
struct affected {
	UT_hash_handle hh; /* in group->affected, in the order of joining */
	bool failed;
	size_t n_links; /* keys of the domain */
	char domain[];
};

struct mxw_group {
	UT_hash_handle hh; /* in groups->all, by kind, name and route */
	bool failed;
	struct mxw_heap_node due; /* in the heap while a message is planned */
	enum mxw_group_kind kind;
	const char *name, *route;
	bool is_open;            /* it tells of its keys; else they are only counted */
	bool is_locked;          /* a message is on its way; it is open then */
	enum mxw_severity told;  /* of its last message; OK: nothing is told */
	enum mxw_severity worst; /* since it opened: a problem that is over before it could be told is told as this */
	uint64_t set,
		told_set;      /* sums of the links' hashes: what it explains, and what it explained when it was told */
	size_t n_told, n_most; /* domains */
	size_t n_links[MXW_CRITICAL + 1]; /* by severity */
	int64_t opened_ms, told_ms, problem_ms, since_wall_ms;
	bool has_grown;    /* a key has joined since it was told */
	int64_t shrunk_ms; /* when it was seen that keys have left and none has joined; 0: not seen */
	uint32_t n_reminders;
	struct affected *affected;
	size_t n_key;
	char key[]; /* kind, name NUL, route NUL */
};

struct link {
	struct mxw_group *group;
	struct affected *affected;
};

/* A key in trouble. */
enum { MAX_LINKS = MXW_GROUP_MAX_ROOTS + 1 }; /* and one group that is no cause */
struct member {
	UT_hash_handle hh;
	bool failed;
	bool is_folded;
	enum mxw_severity to;
	uint64_t hash;      /* of the key and `to` */
	struct link *links; /* MAX_LINKS at most */
	size_t n_links;
	const char *domain, *check;
	char key[]; /* domain NUL check NUL */
};

struct mxw_groups {
	struct mxw_group_policy policy;
	uint64_t seed; /* names of causes are strangers' text: the tables' hashes are keyed */
	struct mxw_group *all;
	struct member *members;
	struct mxw_heap due;
	size_t n_domains, n_turning; /* as the caller says */
	size_t n_turned[2];    /* told on their own or as a mass in this half of the window and in the one before */
	int64_t half_ms;       /* when this half began */
	int64_t mass_until_ms; /* until then it is true that a mass turns */
	bool has_unplanned;    /* the heap had no memory for one */
	int64_t held_ms, held_last_ms; /* first and last time that one was held; INT64_MIN: none waits */
};

/* table.c */
struct mxw_group *mxw_groups_get(const struct mxw_groups *groups, enum mxw_group_kind kind, const char *name,
				 const char *route);
/* Made when new. NULL: out of memory. */
struct mxw_group *mxw_groups_need(struct mxw_groups *groups, enum mxw_group_kind kind, const char *name,
				  const char *route);
void mxw_groups_open(struct mxw_groups *groups, struct mxw_group *group, int64_t now_ms);
void mxw_groups_tidy(struct mxw_groups *groups, struct mxw_group *group); /* frees one that is nothing any more */
size_t mxw_group_n_domains(const struct mxw_group *group);
enum mxw_severity mxw_group_severity(const struct mxw_group *group); /* the worst of its links; OK without */

struct member *mxw_groups_member(const struct mxw_groups *groups, const char *domain, const char *check);
struct member *mxw_groups_need_member(struct mxw_groups *groups, const char *domain, const char *check);
void mxw_groups_forget_member(struct mxw_groups *groups, struct member *member); /* links and all */
/* No-op when it is linked already, or to as many groups as it may. -ENOMEM */
int mxw_member_link(struct mxw_groups *groups, struct member *member, struct mxw_group *group, int64_t since_wall_ms);
void mxw_member_unlink(struct mxw_groups *groups, struct member *member); /* all */
/* Of the groups that tell other things than causes: the one that the member is in, or NULL. */
struct mxw_group *mxw_member_special(const struct member *member);

void mxw_member_set_severity(struct member *member, enum mxw_severity to); /* while it has no links */

/* place.c */
int mxw_member_link_roots(struct mxw_groups *groups, struct member *member, const struct mxw_group_item *item);
void mxw_member_open_causes(struct mxw_groups *groups, const struct member *member, int64_t now_ms);
int mxw_member_fold(struct mxw_groups *groups, struct member *member, const struct mxw_group_item *item,
		    enum mxw_group_kind kind, int64_t now_ms);

/* tell.c */
void mxw_group_plan(struct mxw_groups *groups, struct mxw_group *group);
