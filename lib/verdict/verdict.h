/* Votes: from the findings of each resolver's view to what the majority saw (findings.md 4.2, 4.4 with the authority
 * "unknown"). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/finding/finding.h"

/* One resolver's say on one check. */
struct mxw_verdict_view {
	const struct mxw_findings
		*findings; /* NULL: this resolver has no vote this round; everything is unknown to it */
};

enum mxw_verdict_status {
	MXW_CONFIRMED, /* a quorum says yes */
	MXW_MINORITY,  /* some say yes, a quorum says no */
	MXW_UNDECIDED, /* UNKNOWN(k): determinate votes are missing */
	MXW_CLEAR,     /* nobody says yes, a quorum says no */
};

/* Bit i stands for resolver i; each resolver is in exactly one of the three. */
struct mxw_verdict_votes {
	uint32_t yes, no, unknown;
};

struct mxw_verdict_entry {
	const struct mxw_finding_def *def;
	const char *subject;
	enum mxw_verdict_status status;
	/* CONFIRMED: the highest that a quorum of yes-votes reach; MINORITY: the highest seen, a warning at most;
	 * UNDECIDED: MXW_UNKNOWN. */
	enum mxw_severity severity;
	struct mxw_verdict_votes votes;
	/* Of the first view that says yes, else the UNKNOWN row of the highest severity; borrowed. */
	const struct mxw_finding *finding;
};

/* State of one check in one round: the worst confirmed severity; else UNKNOWN if fewer views than the quorum have a vote,
 * or if a row of an undecided key is at least a warning; else OK. The rows carry the severity that counts: a row that
 * profile or configuration made mild is mild here too, also an UNKNOWN one.
 * Entries: confirmed, minority and undecided keys; worst first, then by status, id and subject. */
struct mxw_verdict {
	enum mxw_severity state; /* OK, UNKNOWN, WARNING or CRITICAL */
	/* The worst that undecided keys may hide; OK for nothing. A state that is better than this proves no easing: a
	 * failed lookup clears nothing. */
	enum mxw_severity may_be;
	struct mxw_verdict_entry *entries;
	size_t n_entries;
	struct mxw_arena arena;
};

/* Votes that make a quorum: `configured`, or the majority of n resolvers when it is 0 (1 of 1, 2 of 2, 2 of 3, 3 of 4,
 * ...). */
unsigned mxw_verdict_quorum(unsigned configured, size_t n_resolvers);

/* Counts the votes of n views, 32 at most (one a configured resolver, also of those without a vote). The views' findings
 * must outlive the verdict; no row is MXW_OFF, and no two definitions share an id. 0 or -ENOMEM. */
int mxw_verdict_count(struct mxw_verdict *ret, const struct mxw_verdict_view *views, size_t n_views, unsigned quorum);
/* The order of the entries, after somebody has changed some. */
void mxw_verdict_sort(struct mxw_verdict *verdict);
void mxw_verdict_done(struct mxw_verdict *verdict);

/* Whether an entry is worth telling: confirmed, or undecided with a yes-vote or a severity of at least a warning. What
 * only a minority sees is not. */
bool mxw_verdict_entry_is_listed(const struct mxw_verdict_entry *entry);
