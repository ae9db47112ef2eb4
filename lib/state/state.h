/* Soft and hard state of one (domain, check), and the transitions between them (findings.md 4.1, 4.5, 4.7, 4.8;
 * alerts.md 1, 2).
 *
 * Soft: what recent verdicts point to. Hard: what is confirmed. Told: what people know. Hard and told differ while
 * a key is muted (a silence, a parent that explains it) or flaps; when that ends the difference is told once.
 *
 * A repeat from the same cached answer proves nothing new: a run of rounds counts its independent sources beside its
 * rounds. UNKNOWN verdicts neither advance nor reset anything; lookups that keep failing have runs of their own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/finding/severity.h"
#include "lib/verdict/verdict.h"

enum {
	MXW_MAX_REMINDERS = 16,
	MXW_MAX_TURNS = 16,              /* the largest number of changes that flapping may ask for */
	MXW_MAX_SOURCES = 40,            /* resolvers and name servers of one round, as in lib/verdict */
	MXW_AUTHORITY_SPEED = 4,         /* CRITICAL that the authority confirms needs this part of its age (4.7) */
	MXW_ESCALATION_ROUNDS = 5,       /* fresh rounds that a failing lookup needs beside its age (findings.md 4.5) */
	MXW_REFETCH_TOLERANCE_MS = 2000, /* whole seconds of TTL and the way of a packet: less is no refetch */
};

struct mxw_state_policy {
	unsigned failure_threshold, success_threshold;                        /* rounds, and independent sources */
	int64_t confirm_critical_ms, confirm_warning_ms, confirm_recovery_ms; /* minimum age of a candidate */
	int64_t escalate_warning_ms, escalate_critical_ms;                    /* age of a failing lookup */
	int64_t interval_ms, retry_interval_ms;
	unsigned flapping_changes;  /* so many transitions ... ; 0: flapping is off; MXW_MAX_TURNS at most */
	int64_t flapping_window_ms; /* ... in this time are flapping; as long without one ends it */
	int64_t reminders_ms[MXW_MAX_REMINDERS]; /* after the problem was told; then every 24 h; none: no reminders */
	size_t n_reminders;
};

/* Plain data: the store writes it and reads it back. A million calm keys hold one each: keep it small. */
struct mxw_state {
	enum mxw_severity hard;         /* OK, WARNING, CRITICAL; UNKNOWN until the first verdict */
	enum mxw_severity told;         /* `to` of the last event that was told; follows a silent first OK */
	uint64_t hard_set, told_set;    /* fingerprints of the findings of `hard` and `told`; 0 for none */
	int64_t hard_since_wall_ms;     /* when `hard` was entered */
	int64_t incident_since_wall_ms; /* 0: no incident. It lasts until neither `hard` nor `told` is a problem */
	int64_t problem_ms;             /* monotonic: when the last problem was told; reminders count from here */
	uint32_t n_reminders;           /* told or skipped since then */
	bool is_flapping;
	bool is_escalated; /* `hard` is what failing lookups have become */
	uint8_t n_low;     /* resolvers behind `hard` when its confidence is low; 0: it is high */
	uint64_t seq;      /* of the last stored event of this key */
};

/* A run of consecutive determinate rounds that agree on something. Ages are in monotonic ms. */
struct mxw_run {
	uint32_t n;         /* rounds */
	uint32_t n_sources; /* pieces of independent evidence, one a round at most */
	int64_t since_ms;
};

enum mxw_run_name {
	/* Candidates, in the order of their strength. */
	MXW_RUN_CRITICAL, /* rounds with a verdict at least this bad */
	MXW_RUN_WARNING,
	MXW_RUN_CHANGED, /* rounds at severity `hard` with the set `changed_set` */
	MXW_RUN_OK,      /* rounds with verdict OK, in a problem */
	MXW_RUN_EASED,   /* rounds with a verdict less bad than `hard`, OK included */
	MXW_N_CANDIDATES,
	/* Rounds in which a lookup fails at a quorum of resolvers, by what becomes of it; then rounds without a verdict. */
	MXW_RUN_FAILING = MXW_N_CANDIDATES,
	MXW_RUN_UNKNOWN = MXW_RUN_FAILING + 3,
	MXW_N_RUNS,
};

/* What is remembered of one resolver: the expiry of the answer that was last counted for a run. */
struct mxw_soft_row {
	uint32_t resolver;
	int64_t expires_ms[MXW_N_CANDIDATES];
};

/* The soft state of a key. Plain data of which only the first `n_rows` rows count: see mxw_soft_size. A key that is OK and
 * calm has none: it is kept only while mxw_soft_is_empty says no. */
struct mxw_soft {
	struct mxw_run runs[MXW_N_RUNS];
	uint32_t about
		[MXW_N_CANDIDATES]; /* what the expiries of the rows belong to: another finding has other answers */
	uint32_t n_rounds;          /* since the last transition */
	uint64_t changed_set;
	int64_t last_round_ms;           /* monotonic; of the last round with a verdict; 0: none */
	int64_t last_failing_ms;         /* of the last round with a failing lookup */
	int64_t turns_ms[MXW_MAX_TURNS]; /* the last hard transitions, oldest first */
	uint8_t turns_to[MXW_MAX_TURNS]; /* and the severities that they led to */
	uint32_t n_turns, n_rows;
	uint64_t n_authoritative; /* rounds of the run CRITICAL that the authority confirmed */
	struct mxw_soft_row rows[MXW_MAX_SOURCES];
};

void mxw_soft_init(struct mxw_soft *soft);
bool mxw_soft_is_empty(const struct mxw_soft *soft); /* says nothing, need not be kept */
size_t mxw_soft_size(const struct mxw_soft *soft);   /* octets from its beginning that have to be kept */
/* What was kept, as mxw_soft_size measured it; false, and empty, for octets that cannot be one. */
bool mxw_soft_load(struct mxw_soft *ret, const void *octets, size_t n);

/* One resolver, or one of the zone's name servers, that is on the verdict's side in this round. */
struct mxw_source {
	uint32_t resolver; /* the same number for the same source, also after a restart, and no other has it */
	bool is_server;    /* it has no cache: each answer is a new one */
	int64_t expires_ms; /* monotonic: when the first of the answers behind its vote lapses; a server's: when it came */
	bool is_stale;      /* one of them was served after its time (RFC 8767) */
};

/* What becomes of lookups that fail at a quorum of resolvers. */
enum mxw_failing {
	MXW_FAILING_WARNS,      /* a warning after the usual time */
	MXW_FAILING_WARNS_LATE, /* a warning after a time of its own */
	MXW_FAILING_CRITICAL,   /* critical in the end */
	MXW_N_FAILING,
};

/* What a round means to the state. */
struct mxw_state_input {
	enum mxw_severity verdict; /* OK, UNKNOWN, WARNING, CRITICAL */
	enum mxw_severity may_be; /* mxw_verdict's: what undecided keys may hide, recovering ones are; OK for nothing */
	uint64_t set;   /* fingerprint of the confirmed findings at the verdict's severity: mxw_state_fingerprint */
	int64_t now_ms; /* monotonic */
	int64_t now_wall_ms;
	int64_t took_ms; /* the round, from its first question to the verdict */
	unsigned quorum;
	const struct mxw_source *sources; /* of a determinate verdict; stale ones do not speak for an OK */
	size_t n_sources;
	bool is_authoritative; /* the zone's own servers confirm the finding that decides, all that can tell */
	uint32_t about;        /* the finding that decides the verdict, as a number; any other for OK */
	int64_t failing_ms[MXW_N_FAILING]; /* age at which such a lookup becomes a problem; 0: none fails */
	uint64_t failing_set;              /* fingerprint of the failing lookups */
	bool is_held;  /* evidence counts, but the hard state stays where it is and nothing is told */
	bool is_muted; /* nothing is told now: a silence, a window, a parent that explains it */
	bool is_acked; /* somebody knows: no reminders until the incident is over */
};

enum mxw_transition_kind {
	MXW_TRANSITION_NONE,
	MXW_TRANSITION_SILENT,  /* UNKNOWN -> OK at first sight: stored, not told */
	MXW_TRANSITION_PROBLEM, /* became worse */
	MXW_TRANSITION_CHANGE,  /* eased but not OK, or another set at the same severity */
	MXW_TRANSITION_RECOVERY,
	MXW_TRANSITION_REMINDER, /* no change of state */
	MXW_TRANSITION_FLAPPING, /* changes too often: the last word until it settles, but for what is worse */
};

struct mxw_transition {
	enum mxw_transition_kind kind;
	bool is_told;                /* false: an event for the store that nobody gets (but for NONE and SILENT) */
	enum mxw_severity from, to;  /* of what was told, when it is told; else of the hard state */
	uint32_t reminder;           /* REMINDER: 1, 2, ...; those that a pause swallowed are counted, not told */
	uint32_t n_turns;            /* FLAPPING: how many transitions there were within the window */
	bool is_seen;                /* this round's verdict shows what is told; else an earlier one did */
	bool is_settled;             /* the first event after flapping */
	uint8_t n_low;               /* of the state: how many resolvers stand behind it, when its confidence is low */
	bool ends_incident;          /* neither hard nor told state is a problem any more */
	enum mxw_severity escalated; /* what lookups that fail for so long count as by now; OK: none does */
	int64_t failing_age_ms[MXW_N_FAILING]; /* how long they have been failing */
	int64_t incident_since_wall_ms;        /* of the incident that began, goes on or ended */
};

void mxw_state_init(struct mxw_state *state);

/* One round. Advances state and soft (hard state, seq and incident included) as if the transition were committed: the
 * caller keeps copies when the commit can fail. */
void mxw_state_step(struct mxw_state *state, struct mxw_soft *soft, const struct mxw_state_policy *policy,
		    const struct mxw_state_input *input, struct mxw_transition *ret);

/* Monotonic time of the next round, without jitter: `interval` after the last, or sooner while a candidate waits for
 * confirmation. */
int64_t mxw_state_next_round_ms(const struct mxw_state *state, const struct mxw_soft *soft,
				const struct mxw_state_policy *policy, int64_t now_ms);
/* A candidate waits for confirmation, or a lookup keeps failing: what a restart must not forget. */
bool mxw_state_is_pending(const struct mxw_state *state, const struct mxw_soft *soft);

/* The domain was removed: ends the incident (RECOVERY with `to` UNKNOWN), told if the problem was, else NONE. */
void mxw_state_remove(struct mxw_state *state, int64_t now_wall_ms, struct mxw_transition *ret);

/* After a restart: the old process's monotonic times are moved to this one's. It wrote the state at `old_now_ms`;
 * `elapsed_ms` (>= 0, by the wall clock) passed between then and `now_ms`. Runs that are too old by then are dropped by
 * the next step; what was fetched when is not comparable across the two. */
void mxw_state_rebase(struct mxw_state *state, struct mxw_soft *soft, int64_t old_now_ms, int64_t elapsed_ms,
		      int64_t now_ms);

/* Order-blind fingerprint of the confirmed entries at the verdict's own severity (0 when the state is OK or UNKNOWN). */
uint64_t mxw_state_fingerprint(const struct mxw_verdict *verdict);
