/* Shared inside the monitor: what is kept of a domain, of a key, and of a transition until it is committed. */
#pragma once

#include <stdbool.h>

#include "daemon/authority.h"
#include "daemon/canaries.h"
#include "daemon/monitor/monitor.h"
#include "daemon/resolver/resolver.h"
#include "daemon/runner.h"
#include "lib/alert/alert.h"
#include "lib/base/rng.h"
#include "lib/group/group.h"
#include "lib/group/storm.h"
#include "lib/health/gate.h"

struct watched;
struct records;
struct gone_records;

/* What an incident was last told with: needed for its recovery and its reminders. Owned texts. */
struct told {
	char *findings_json, *finding_id, *cause;
	char *notifiers; /* whom, by name, each after a space; NULL: not known; "": nobody */
};

/* One (domain, check), or one subject of the monitor itself. */
struct key {
	struct mxw_state state;
	struct mxw_soft *soft;   /* as long as mxw_soft_size says; NULL: nothing is under way */
	struct told told;        /* members NULL when there is nothing to tell */
	struct watched *watched; /* NULL: a subject of the monitor */
	const char *check;       /* static name; of the monitor the subject's name, owned by that */
	size_t check_index;
	struct key *next_dirty; /* in monitor->dirty */
	bool is_dirty, has_pending;
	bool is_folded; /* a group tells of it */
	char *place;  /* where it is among the groups, as long as the store does not know it; "": nowhere; else NULL */
	bool is_held; /* it waits for the canaries: a mass was about to be told */
	bool is_stored; /* the store has a row of it, or will with the next save: every change is written */
};

/* One domain. */
struct watched {
	struct mxw_heap_node due;
	struct mxw_monitor *monitor;
	const struct mxw_domain *domain;
	struct mxw_runner_run *run;          /* NULL between rounds: rounds of a domain never overlap */
	struct mxw_authority_search *search; /* before a round; NULL: none is under way */
	struct mxw_zone_servers *zone;       /* asked beside the resolvers; NULL: nobody is, or it is not known who */
	int64_t zone_until_ms;               /* when that is looked up again */
	bool is_zone_fresh;                  /* the parent was asked for this round, or nobody needs to be */
	unsigned next_server;                /* whose turn it is */
	bool is_disputed;                    /* the last round's verdict depends on who the servers are */
	int64_t started_ms;
	bool is_capped;          /* its last round left questions unasked */
	int64_t turned_ms;       /* when one of its keys was last placed among the groups; 0: never */
	bool is_turning;         /* its last verdict is worse than what is told of it */
	struct records *records; /* NULL: no set of a watched type was compared yet */
	size_t n_keys;
	struct key keys[]; /* one a check, in the order of mxw_checks */
};

/* A subject of the monitor that raises events: "notifier:ops", "resolver:9.9.9.9", "network", "store". */
#define MXW_SUBJECT_NOTIFIER "notifier:"
#define MXW_SUBJECT_RESOLVER "resolver:"
#define MXW_SUBJECT_NETWORK "network"
#define MXW_SUBJECT_TEST "test:" /* of a notifier; its state is always OK */
struct subject {
	struct subject *next;
	struct key key;
	char name[];
};

/* A decided transition on its way into the store. */
struct pending {
	struct pending *next;
	struct key *key;        /* NULL: the key is gone (its domain was removed) */
	struct mxw_state state; /* what the key's state becomes */
	struct mxw_soft *soft;  /* what the key's soft becomes */
	struct told told;       /* what the key's told becomes */
	struct mxw_alert alert;
	uint64_t key_hash;
	char *place;                       /* among the groups, as the store keeps it; NULL: as it was */
	bool is_placed;                    /* by this transition: to be withdrawn when it is not stored */
	bool leaves;                       /* the groups: people know all that is wrong with the key itself */
	struct mxw_group_message *message; /* of a group; it has no key then */
	struct records *records;           /* of a record change; NULL: none, or its domain is gone */
	enum mxw_record_type record_type;
	bool must_stay; /* no round decides this again: it waits until the store takes it */
	bool is_folded; /* it waits no longer: a later one of its key stands for it */
	size_t n_deliveries;
	struct mxw_delivery *deliveries; /* notifier names in the arena: the configuration may go first */
	struct mxw_strbuf *requests;
	struct mxw_arena arena;
};

struct mxw_monitor {
	struct mxw_loop *loop;
	struct mxw_monitor_params params;
	char *instance;
	struct mxw_config *config;
	const struct mxw_values
		*check_options[MXW_MAX_CHECKS];  /* of the configuration; NULL: defaults. Rounds borrow it */
	struct mxw_resolver *resolver, *servers; /* the configured ones; those that are asked for zones */
	struct mxw_canaries *canaries;
	struct mxw_gate gate;
	struct mxw_mutes mutes;
	struct mxw_groups *groups;
	struct mxw_storm storms[MXW_MAX_NOTIFIERS];
	size_t n_turning;         /* domains */
	int64_t recheck_since_ms; /* the canaries are asked because of a mass; 0: they are not */
	struct watched **domains; /* sorted by name, as config->domains */
	size_t n_domains, n_running;
	struct mxw_heap due;
	struct mxw_timer wake, commit, save, sweep, speak;
	struct mxw_timer store_probe;
	bool is_store_failing, is_store_told;
	int64_t store_failing_since_ms;
	struct pending *pending, **pending_end;
	struct key *dirty;
	struct records *unsaved_records;
	struct gone_records *gone_records;
	struct subject *subjects;
	struct mxw_rng rng;
	uint64_t n_rounds, n_events;
};

/* told.c */
void mxw_told_done(struct told *told);
int mxw_told_copy(struct told *ret, const struct told *from); /* -ENOMEM */

/* events.c: builds the event of a transition and queues it for the commit. */
struct decision {
	const struct mxw_state *state;
	struct mxw_soft **soft; /* taken over when it succeeds; what it points at may be NULL */
	const struct mxw_transition *transition;
	const char *muted_by; /* static; why nobody is told, NULL: it is told */
	char **place;         /* as in struct pending; taken over when it succeeds. NULL: there is none */
	bool is_placed, leaves;
};
/* `round` is the judged round that it comes from. *ret_finding_id: of its worst finding, borrowed until the commit. */
int mxw_monitor_decide(struct mxw_monitor *monitor, struct key *key, const struct decision *decision,
		       const struct mxw_round *round, const char **ret_finding_id);
int mxw_monitor_close_removed(struct mxw_monitor *monitor, const char *domain,
			      const struct mxw_domain_settings *settings, struct key *key);

/* The members that every event has, and one rendered delivery for each notifier of the set. -ENOMEM */
int mxw_monitor_fill_alert(struct mxw_alert *alert, struct mxw_monitor *monitor, uint64_t key_hash, uint64_t seq,
			   uint32_t reminder);
int mxw_monitor_copy_labels(struct mxw_alert *alert, const struct mxw_domain_settings *settings); /* -ENOMEM */
int mxw_monitor_add_deliveries(struct pending *pending, const struct mxw_config *config, uint64_t notifiers,
			       int64_t now_wall_ms);

/* self.c: events about the monitor itself. */
struct self_event {
	enum mxw_severity to; /* below WARNING: what was told of the subject is over */
	int64_t age_ms;       /* of a trouble that begins */
	char *summary;
	bool is_test;     /* an event of kind test */
	struct told told; /* what is wrong; not read when it is over: what had been wrong is known */
};
/* Queues an event of this subject for a set of notifiers (mxw_monitor_notifiers_but). Takes over the texts in any case.
 * The subject's state moves at once: what waits for the store is written in the order of deciding. -ENOMEM */
int mxw_monitor_tell(struct mxw_monitor *monitor, struct subject *subject, struct self_event *event,
		     uint64_t notifiers);
/* The same for what the store cannot take, because it is about the store: sent without being stored. */
void mxw_monitor_tell_unstored(struct mxw_monitor *monitor, struct subject *subject, struct self_event *event,
			       uint64_t notifiers);
uint64_t mxw_monitor_notifiers_but(const struct mxw_monitor *monitor, const char *name); /* NULL: all */
/* Subjects were restored, or the configuration is another: the trouble of a notifier that is gone ends, that of a new one
 * was never told. */
void mxw_monitor_adopt_notifiers(struct mxw_monitor *monitor);

/* store_watch.c */
void mxw_monitor_on_store_failure(void *monitor);
void mxw_monitor_on_store_probe(void *monitor);

/* mute.c */
int mxw_monitor_load_mutes(struct mxw_monitor *monitor); /* after the states were restored */
/* "silence" or "maintenance" while one of them holds, else NULL. */
const char *mxw_monitor_muted_by(const struct mxw_monitor *monitor, const struct key *key);
bool mxw_monitor_is_acked(const struct mxw_monitor *monitor, const struct key *key); /* the incident that it has now */
void mxw_monitor_on_sweep(void *monitor);                                            /* removes what is over */

/* targets.c: who gets an event of a domain's key; told's notifiers become those whom the incident was told to before, and
 * these. -ENOMEM */
int mxw_monitor_targets(struct mxw_monitor *monitor, const struct mxw_domain_settings *settings, const struct key *key,
			const struct mxw_alert *alert, struct told *told, uint64_t *ret);
/* Who would get a problem of this severity, if it were told by the key itself. */
uint64_t mxw_monitor_problem_targets(const struct mxw_monitor *monitor, const struct mxw_domain_settings *settings,
				     const struct key *key, enum mxw_severity severity);
/* A set of notifiers as names with a blank between them, and back; names that are gone are left out. */
void mxw_monitor_name_notifiers(const struct mxw_config *config, uint64_t notifiers, struct mxw_strbuf *ret);
uint64_t mxw_monitor_find_notifiers(const struct mxw_config *config, const char *names);
/* Of those who may get an event about the monitor itself, who does. `before`: who has heard of this trouble so far, in told's
 * form; whoever does now is added to that in told, unless it is over. -ENOMEM */
int mxw_monitor_own_targets(const struct mxw_monitor *monitor, uint64_t notifiers, bool is_over, const char *before,
			    struct told *told, uint64_t *ret);

/* groups.c: what the groups explain (lib/group) */
/* A group tells all that this round shows to be wrong with the key: the key itself says nothing. */
bool mxw_monitor_is_covered(struct mxw_monitor *monitor, const struct key *key, const struct mxw_round *round);
/* Where this transition to a problem is told. *ret_text: for the decision, the caller's. */
enum mxw_group_place mxw_monitor_place(struct mxw_monitor *monitor, struct key *key, const struct mxw_round *round,
				       const struct mxw_transition *transition, char **ret_text);
bool mxw_monitor_is_folded(const struct mxw_monitor *monitor, const struct key *key); /* a group tells of it */
void mxw_monitor_unhold(struct mxw_monitor *monitor, struct key *key); /* what was held has not come again */
/* Around the steps of a round: whether the domain is one of those that turn. */
void mxw_watched_begin_turn(struct watched *watched);
void mxw_watched_end_turn(struct watched *watched, const struct mxw_round *round);
void mxw_monitor_groups_ticked(struct mxw_monitor *monitor);
void mxw_monitor_groups_configure(struct mxw_monitor *monitor);
int mxw_monitor_restore_groups(struct mxw_monitor *monitor); /* after the states */

/* group_events.c: what the groups say */
void mxw_monitor_on_groups(void *monitor);
void mxw_monitor_plan_groups(struct mxw_monitor *monitor); /* they have changed */
int mxw_monitor_store_group(struct mxw_monitor *monitor, const struct pending *pending);

/* gate.c: the local gate, and the troubles of resolvers. */
void mxw_monitor_on_tick(void *monitor, bool after_gap);
bool mxw_monitor_sees(const struct mxw_monitor *monitor); /* rounds may run, and count */
/* After the configuration was replaced; `before` is NULL at first. `same_resolvers`: as before, with the same quorum. */
void mxw_monitor_gate_configure(struct mxw_monitor *monitor, const struct mxw_config *before, bool same_resolvers);
/* Subjects were restored, or the configuration is another: what was told goes on, or ends when nobody watches it. */
void mxw_monitor_gate_adopt(struct mxw_monitor *monitor);

/* records.c: watched record sets (`notify_changes`); record_events.c: the event of a change. */
void mxw_watched_step_records(struct watched *watched, const struct mxw_round *round);
bool mxw_watched_awaits_records(const struct watched *watched); /* a change waits for its next round */
/* At a reload; `new` is NULL for a domain that is gone. What is not watched any more is forgotten. */
void mxw_watched_inherit_records(struct watched *old, struct watched *new);
void mxw_watched_free_records(struct watched *watched);
int mxw_monitor_restore_records(struct mxw_monitor *monitor);
/* Some of what the store does not know yet, in a transaction of its own. What cannot be written stays. */
int mxw_monitor_save_records(struct mxw_monitor *monitor);
bool mxw_monitor_has_unsaved_records(const struct mxw_monitor *monitor);
void mxw_monitor_drop_records(struct mxw_monitor *monitor);                             /* at the end */
int mxw_pending_put_change(struct mxw_monitor *monitor, const struct pending *pending); /* within its transaction */
void mxw_pending_take_over_change(struct pending *pending);                             /* after it */

/* commit.c */
void mxw_monitor_queue(struct mxw_monitor *monitor, struct pending *pending); /* takes it over */
const struct pending *mxw_monitor_find_pending(const struct mxw_monitor *monitor, const struct key *key); /* or NULL */
/* Before its memory goes: what the store has not taken of the key goes with it. */
void mxw_monitor_forget_key(struct mxw_monitor *monitor, struct key *key);
void mxw_monitor_mark_dirty(struct mxw_monitor *monitor, struct key *key);
void mxw_monitor_plan_save(struct mxw_monitor *monitor); /* something is to be saved, with others */
void mxw_monitor_on_commit(void *monitor);
void mxw_monitor_on_save(void *monitor);
void mxw_monitor_commit_all(struct mxw_monitor *monitor);   /* now, as far as the store takes it */
void mxw_monitor_drop_pending(struct mxw_monitor *monitor); /* at the end: the next start decides again what it can */
void mxw_monitor_save_all(struct mxw_monitor *monitor);     /* now, all of them */
void mxw_pending_free(struct pending *pending);

/* waiting.c: what waits for a store that takes nothing is bounded: the newest of each key stays (lib/alert/coalesce.h). */
void mxw_monitor_fold_waiting(struct mxw_monitor *monitor);

/* step.c: what a judged round means to the keys of its domain. */
void mxw_watched_step(struct watched *watched, struct mxw_round *round);
/* Before a key is written for the first time: a domain that was removed and has come back goes on with its old sequence,
 * or an event id would be used twice. `next`: what the key's state is to become. */
int mxw_key_claim(struct mxw_monitor *monitor, struct key *key, struct mxw_state *next);
int64_t mxw_key_next_round_ms(const struct key *key, const struct mxw_state_policy *policy, int64_t started_ms);
int mxw_soft_keep(struct mxw_soft **ret, const struct mxw_soft *soft); /* a copy; NULL for an empty one. -ENOMEM */

/* zone.c: the name servers that a round asks. mxw_watched_find_zone: 0 when the round can begin; 1 when mxw_watched_on_zone will
 * say so; -ENOMEM. */
int mxw_watched_find_zone(struct watched *watched);
/* Which of them take part in the next round: one after the other while the domain is calm, so that thousands of domains on
 * two servers are no burden; else all. */
uint32_t mxw_watched_pick_servers(struct watched *watched);
int mxw_watched_judge(struct watched *watched, struct mxw_round *round); /* mxw_round_judge, and who the servers are */
bool mxw_watched_awaits_zone(const struct watched *watched);             /* the next round comes early */
void mxw_watched_inherit_zone(struct watched *to, struct watched *from); /* after a reload */

/* watch.c: rounds */
void mxw_watched_on_zone(struct watched *watched);
void mxw_monitor_on_wake(void *monitor);
void mxw_watched_schedule(struct watched *watched, int64_t at_ms);
void mxw_watched_stop(struct watched *watched);              /* ends its round, leaves the schedule */
void mxw_monitor_hold_rounds(struct mxw_monitor *monitor);   /* abandons those under way: they count for nothing */
void mxw_monitor_resume_rounds(struct mxw_monitor *monitor); /* what is overdue comes now, spread */
int mxw_watched_new(struct watched **ret, struct mxw_monitor *monitor, const struct mxw_domain *domain);
void mxw_watched_free(struct watched *watched);
struct key *mxw_watched_find_key(struct watched *watched, const char *check); /* NULL if it has no such check */

/* restore.c */
struct watched *mxw_monitor_find(const struct mxw_monitor *monitor, const char *domain);
struct subject *mxw_monitor_subject(struct mxw_monitor *monitor,
				    const char *name); /* made when new; NULL out of memory */
