/* Grouping: many transitions of one cause become a handful of messages (alerts.md 2, findings.md 4.8). Pure.
 *
 * A group is a cause that is told instead of the keys that it explains: a dead host that several domains share, a mass of
 * domains that turn at the same time, a notifier's limit of messages, a digest of warnings. It has a stream of messages of
 * its own: problem (change | reminder)* recovery. To its keys it is what a silence is: they keep their states and their
 * events, nobody is told of them, and what is still wrong with a key when no group explains it any more is told then.
 *
 * Nothing is delayed for the sake of grouping: the first `n_single` domains of a cause are told on their own at once; the
 * next one opens the group, which speaks `wait_ms` later (0 by default), and then once in `interval_ms` while domains
 * join, or two of them after the first of some has left. So a cause is told as soon as any of its domains would be, and only who else suffers from it comes later.
 * A group that grows worse says so at once; so it does when all is well.
 *
 * What the caller does with a key in a round (the state's step works on a copy, so it can be done twice):
 *
 *	step, muted if mxw_groups_cover(key)
 *	a problem or a change: mxw_groups_place()
 *		OWN: tell it; FOLDED: step again, muted; HELD: forget the step, the canaries are asked first
 *	stored: OK and told OK, or no longer watched: mxw_groups_leave(); the store failed: mxw_groups_withdraw()
 *	then, and at mxw_groups_next_ms(): while mxw_groups_next(): store the message; mxw_groups_told() or _untold()
 *
 * All times are monotonic ms unless they are called wall. Texts are copied. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/strbuf.h"
#include "lib/finding/severity.h"
#include "lib/state/state.h"

enum mxw_group_kind {
	MXW_GROUP_CAUSE,  /* a subject that several domains share: name is that subject */
	MXW_GROUP_MASS,   /* a large part of all domains turned within one interval; name "*", as for the next two */
	MXW_GROUP_STORM,  /* a notifier was to get more messages than its limit */
	MXW_GROUP_DIGEST, /* warnings, told together */
	MXW_N_GROUP_KINDS,
};

struct mxw_group_policy {
	unsigned n_single;                       /* domains of one cause that are told on their own */
	int64_t wait_ms, interval_ms;            /* before the first message of a group; between two later ones */
	int64_t digest_ms;                       /* warnings are told together, once in this time; 0: each at once */
	unsigned mass_percent, mass_min;         /* more than both of all domains are a mass; 0 percent: never */
	int64_t mass_window_ms;                  /* ... when they turn in this time */
	unsigned mass_single;                    /* domains of a mass that are told on their own */
	int64_t mass_wait_ms;                    /* before the first message about the others of a mass or a storm */
	int64_t recheck_ms;                      /* a mass is held so long at most until mxw_groups_rechecked() */
	int64_t reminders_ms[MXW_MAX_REMINDERS]; /* as in struct mxw_state_policy */
	size_t n_reminders;
};
/* 3 singles, no wait, 5 min; no digest; 20 % and 5 in 5 min, 50 singles, 1 min for the others, held for 1 min; reminders after 1 h and 4 h, then
 * daily. */
void mxw_group_policy_init(struct mxw_group_policy *policy);

/* One thing that is wrong with a key and the subjects that may be the cause of it; none: it has a cause of its own. */
struct mxw_group_finding {
	const char *const *roots;
	size_t n_roots;
};
enum { MXW_GROUP_MAX_ROOTS = 64 }; /* of a key, that are looked at */

/* A key that is in trouble. */
struct mxw_group_item {
	const char *domain, *check;
	const char *route;     /* who is told, as one word: groups never cross it, so nobody reads of others' domains */
	enum mxw_severity to;  /* WARNING or CRITICAL */
	int64_t since_wall_ms; /* start of its incident */
	const struct mxw_group_finding *findings; /* all that are as bad as `to` */
	size_t n_findings;
	bool is_limited; /* one of its notifiers has reached its limit (storm.h) */
	bool has_turned; /* another key of its domain, or this one, was placed within the last mass_window_ms */
};

struct mxw_groups;
struct mxw_group;

int mxw_groups_new(struct mxw_groups **ret, const struct mxw_group_policy *policy, uint64_t seed); /* -ENOMEM */
void mxw_groups_free(struct mxw_groups *groups);
void mxw_groups_set_policy(struct mxw_groups *groups, const struct mxw_group_policy *policy);
/* How many domains there are, and of how many the last verdict is worse than what is told of them, by themselves or by a
 * group. */
void mxw_groups_set_load(struct mxw_groups *groups, size_t n_domains, size_t n_turning);

enum mxw_group_place { MXW_GROUP_OWN, MXW_GROUP_FOLDED, MXW_GROUP_HELD };

/* Whether a group explains all that is wrong with the key, which was FOLDED before: it is to be muted in this round. */
bool mxw_groups_cover(const struct mxw_groups *groups, const struct mxw_group_item *item);
/* Where a transition to what `item` says is told. -ENOMEM: nothing is known of the key; tell it on its own. */
int mxw_groups_place(struct mxw_groups *groups, const struct mxw_group_item *item, int64_t now_ms,
		     enum mxw_group_place *ret);
/* The key is well, or no longer watched. No-op for a key that was never placed. */
void mxw_groups_leave(struct mxw_groups *groups, const char *domain, const char *check);
/* What mxw_groups_place said could not be stored: a group that nobody else is in by now was never there. */
void mxw_groups_withdraw(struct mxw_groups *groups, const char *domain, const char *check);
/* Domains are held: the canaries shall be asked again before so many domains are told. */
bool mxw_groups_wants_recheck(const struct mxw_groups *groups);
void mxw_groups_rechecked(struct mxw_groups *groups, int64_t now_ms); /* the canaries are well: it is true */

enum { MXW_GROUP_MAX_LISTED = 20 };

struct mxw_group_message {
	struct mxw_group *group;       /* being told: until mxw_groups_told or _untold it has no other message */
	enum mxw_transition_kind kind; /* PROBLEM, CHANGE, REMINDER, RECOVERY */
	enum mxw_severity from, to;
	uint32_t reminder;     /* REMINDER: its number, from 1; else how many are over by now */
	int64_t since_wall_ms; /* of the first of its domains */
	size_t n_domains;      /* that it explains now; 0 in a PROBLEM: it was over before it could be told */
	size_t n_before;       /* when the group was last told */
	size_t n_most;         /* at the same time in this incident */
	size_t n_listed;       /* the first of them, in the order of joining; borrowed until the groups change */
	const char *domains[MXW_GROUP_MAX_LISTED];
	uint64_t set; /* internal: what is told */
};

/* The next message that is due. -EAGAIN: none. */
int mxw_groups_next(struct mxw_groups *groups, int64_t now_ms, struct mxw_group_message *ret);
void mxw_groups_told(struct mxw_groups *groups, const struct mxw_group_message *message, int64_t now_ms); /* stored */
void mxw_groups_untold(struct mxw_groups *groups, const struct mxw_group_message *message); /* due again */
int64_t mxw_groups_next_ms(const struct mxw_groups *groups); /* when a message is due; INT64_MAX: none */

enum mxw_group_kind mxw_group_kind(const struct mxw_group *group);
const char *mxw_group_kind_name(enum mxw_group_kind kind); /* "cause", "mass", "storm", "digest": the event's check */
const char *mxw_group_name(const struct mxw_group *group); /* the event's domain */
const char *mxw_group_route(const struct mxw_group *group);
size_t mxw_groups_n_open(const struct mxw_groups *groups);

/* ---- across a restart ---- */

/* A group as it was last told: stored with its message, deleted with its recovery. */
struct mxw_group_record {
	enum mxw_group_kind kind;
	const char *name, *route;
	enum mxw_severity told; /* WARNING, CRITICAL */
	uint64_t told_set;
	size_t n_told, n_most;
	int64_t since_wall_ms;
	int64_t told_ago_ms, problem_ago_ms; /* before now; as far as the caller knows, never negative */
	uint32_t n_reminders;
};
/* What is to be stored with this message. */
void mxw_group_record(const struct mxw_group_message *message, int64_t now_ms, struct mxw_group_record *ret);
/* First all groups, then all keys in trouble with `is_folded` as it was stored: those that were FOLDED wait for their
 * groups, which speak again when they have changed since. `special` is the kind of the group but CAUSE that told the
 * key, else CAUSE. -ENOMEM */
int mxw_groups_restore(struct mxw_groups *groups, const struct mxw_group_record *record, int64_t now_ms);
int mxw_groups_restore_key(struct mxw_groups *groups, const struct mxw_group_item *item, bool is_folded,
			   enum mxw_group_kind special, int64_t now_ms);
/* What of a key's place is to be stored with its event. */
bool mxw_groups_find_key(const struct mxw_groups *groups, const char *domain, const char *check, bool *ret_is_folded,
			 enum mxw_group_kind *ret_special);
