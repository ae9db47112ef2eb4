/* Soft and hard state of one (domain, check), and the transitions between them (findings.md 4.1, 4.7; alerts.md 1, 2).
 *
 * Soft: what recent verdicts point to. Hard: what was told to people. In this version one determinate round is one piece
 * of evidence, and the confirm ages are minimum ages. UNKNOWN verdicts neither advance nor reset anything. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/finding/severity.h"
#include "lib/verdict/verdict.h"

enum { MXW_MAX_REMINDERS = 16 };

struct mxw_state_policy {
	unsigned failure_threshold, success_threshold;                        /* rounds */
	int64_t confirm_critical_ms, confirm_warning_ms, confirm_recovery_ms; /* minimum age of a candidate */
	int64_t interval_ms, retry_interval_ms;
	int64_t reminders_ms[MXW_MAX_REMINDERS]; /* after the problem was told; then every 24 h; none: no reminders */
	size_t n_reminders;
};

/* A run of consecutive determinate rounds that agree on something. Ages are in monotonic ms. */
struct mxw_run {
	uint32_t n;
	int64_t since_ms;
};

/* Plain data: the store writes it and reads it back. */
struct mxw_state {
	enum mxw_severity hard;         /* OK, WARNING, CRITICAL; UNKNOWN until the first verdict */
	uint64_t hard_set;              /* fingerprint of the confirmed findings told with `hard`; 0 for none */
	int64_t hard_since_wall_ms;     /* when `hard` was entered */
	int64_t incident_since_wall_ms; /* 0: no incident */
	int64_t problem_ms;             /* monotonic: when the last problem was told; reminders count from here */
	uint32_t n_reminders;           /* told or skipped since then */
	uint64_t seq;                   /* of the last event of this key */
	/* Candidates, in the order of their strength. */
	struct mxw_run critical, warning; /* rounds with a verdict at least this bad */
	struct mxw_run eased;             /* rounds with a verdict less bad than `hard`, OK included */
	struct mxw_run ok;                /* rounds with verdict OK */
	struct mxw_run changed;           /* rounds at severity `hard` with the set `changed_set` */
	uint64_t changed_set;
	struct mxw_run unknown; /* rounds without a verdict, since the last one with */
	int64_t last_round_ms;  /* monotonic; of the last round with a verdict; 0: none */
};

/* What a verdict means to the state. */
struct mxw_state_input {
	enum mxw_severity verdict; /* OK, UNKNOWN, WARNING, CRITICAL */
	enum mxw_severity may_be;  /* mxw_verdict's: what undecided keys may hide; OK for nothing */
	uint64_t set;   /* fingerprint of the confirmed findings at the verdict's severity: mxw_state_fingerprint */
	int64_t now_ms; /* monotonic */
	int64_t now_wall_ms;
};

enum mxw_transition_kind {
	MXW_TRANSITION_NONE,
	MXW_TRANSITION_SILENT,  /* UNKNOWN -> OK at first sight: stored, not told */
	MXW_TRANSITION_PROBLEM, /* became worse */
	MXW_TRANSITION_CHANGE,  /* eased but not OK, or another set at the same severity */
	MXW_TRANSITION_RECOVERY,
	MXW_TRANSITION_REMINDER, /* no change of state */
};

struct mxw_transition {
	enum mxw_transition_kind kind;
	enum mxw_severity from, to;
	uint32_t reminder;              /* REMINDER: 1, 2, ...; those that a pause swallowed are counted, not told */
	int64_t incident_since_wall_ms; /* of the incident that began, goes on or ended */
};

void mxw_state_init(struct mxw_state *state);

/* One round's verdict. Advances `state` (hard state, seq and incident included) as if the transition were committed: the caller keeps a copy
 * when the commit can fail. */
void mxw_state_step(struct mxw_state *state, const struct mxw_state_policy *policy, const struct mxw_state_input *input,
		    struct mxw_transition *ret);

/* Monotonic time of the next round, without jitter: `interval` after the last, or sooner while a candidate waits for confirmation. */
int64_t mxw_state_next_round_ms(const struct mxw_state *state, const struct mxw_state_policy *policy, int64_t now_ms);
/* A candidate waits for confirmation. */
bool mxw_state_is_pending(const struct mxw_state *state);

/* The domain was removed: ends the incident (RECOVERY with `to` UNKNOWN) if one was told, else NONE. */
void mxw_state_remove(struct mxw_state *state, int64_t now_wall_ms, struct mxw_transition *ret);

/* After a restart: the old process's monotonic times are moved to this one's. It wrote the state at `old_now_ms`;
 * `elapsed_ms` (>= 0, by the wall clock) passed between then and `now_ms`. Runs that are too old by then are dropped by
 * the next step. */
void mxw_state_rebase(struct mxw_state *state, int64_t old_now_ms, int64_t elapsed_ms, int64_t now_ms);

/* Order-blind fingerprint of the confirmed entries at the verdict's own severity (0 when the state is OK or UNKNOWN). */
uint64_t mxw_state_fingerprint(const struct mxw_verdict *verdict);
