/* Votes: from the findings of each resolver's view, and of those of the zone's own name servers, to what holds
 * (findings.md 4.2, 4.4).
 *
 * The zone's servers are the authority. They have no vote among the resolvers; all that can tell must agree, and what
 * they say is true for everybody who has nothing cached. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/finding/finding.h"

enum { MXW_VERDICT_MAX_VIEWS = 32, MXW_VERDICT_MAX_SERVERS = 8 };

/* One resolver's, or one server's, say on one check. */
struct mxw_verdict_view {
	const struct mxw_findings *findings; /* NULL: it has no vote this round; everything is unknown to it */
};

enum mxw_verdict_status {
	MXW_CONFIRMED,  /* a quorum says yes, or the authority does */
	MXW_DISAGREE,   /* the zone's servers disagree: it holds for those who ask the wrong one */
	MXW_MINORITY,   /* some say yes, a quorum says no */
	MXW_RECOVERING, /* the authority says no; caches show an old version, in its time */
	MXW_STALE,      /* the same when that time is over, at less than a quorum */
	MXW_ALIEN,      /* the authority says no, and less than a quorum shows what it never served */
	MXW_UNDECIDED,  /* UNKNOWN(k): determinate votes are missing */
	MXW_CLEAR,      /* nobody says yes, and a quorum or the authority says no */
};

/* Bit i stands for resolver i, or server i; each is in exactly one of the three. */
struct mxw_verdict_votes {
	uint32_t yes, no, unknown;
};

/* What the zone's servers say about a key together; a server that cannot tell does not count. */
enum mxw_authority {
	MXW_AUTHORITY_UNKNOWN, /* no server is asked, or none can tell */
	MXW_AUTHORITY_YES,
	MXW_AUTHORITY_NO,
	MXW_AUTHORITY_SPLIT,
};
const char *mxw_authority_name(enum mxw_authority authority); /* "unknown", "yes", "no", "split" */

/* Which version of the records a resolver's finding rests on (findings.md 4.6). */
enum mxw_age {
	MXW_AGE_UNKNOWN,     /* one that was never seen, or nothing is known */
	MXW_AGE_CURRENT,     /* what the zone's servers serve */
	MXW_AGE_OLD_IN_TIME, /* a previous one, that caches may still hold */
	MXW_AGE_OLD_LATE,    /* a previous one, that every cache should have dropped */
};

/* What is known beside the resolvers' votes. All zero: nothing. */
struct mxw_verdict_zone {
	const struct mxw_verdict_view *servers; /* the delegated servers, one an address */
	size_t n_servers;                       /* MXW_VERDICT_MAX_SERVERS at most */
	bool is_rederived;                      /* these are the servers after the parent was asked once more */
	/* Whether the servers can know if findings of this definition hold; NULL: of all. What a resolver's lookup fails
	 * with they cannot. */
	bool (*can_tell)(const struct mxw_finding_def *def);
	/* Of a yes-row of resolver `view` that the authority denies. NULL: unknown for all. */
	enum mxw_age (*age)(void *arg, size_t view, const struct mxw_finding *finding);
	void *arg;
};

struct mxw_verdict_entry {
	const struct mxw_finding_def *def;
	const char *subject;
	enum mxw_verdict_status status;
	/* CONFIRMED: the highest that a quorum of yes-votes reach, or that all servers reach if the authority says yes.
	 * DISAGREE: that of a quorum of yes-votes; without one what a server says, a warning at most.
	 * MINORITY, STALE, ALIEN: the highest seen, a warning at most. UNDECIDED, RECOVERING: MXW_UNKNOWN. */
	enum mxw_severity severity;
	struct mxw_verdict_votes votes;
	struct mxw_verdict_votes servers; /* empty when none was asked */
	enum mxw_authority authority;
	/* Of the first resolver that says yes, else of the first such server, else the UNKNOWN row of the highest
	 * severity; borrowed. */
	const struct mxw_finding *finding;
};

/* State of one check in one round: the worst severity of what holds (mxw_verdict_entry_holds); else UNKNOWN if fewer
 * resolvers than the quorum have a vote, or if a row of an undecided or recovering key is at least a warning; else OK. The
 * rows carry the severity that counts: a row that profile or configuration made mild is mild here too, also an UNKNOWN
 * one.
 * Entries: all keys that are not clear; worst first, then by status, id and subject. */
struct mxw_verdict {
	enum mxw_severity state; /* OK, UNKNOWN, WARNING or CRITICAL */
	/* The worst that undecided keys may hide and recovering keys still are; OK for nothing. A state that is better than
	 * this proves no easing: a failed lookup clears nothing, and neither does a fix that has not reached everybody. */
	enum mxw_severity may_be;
	/* Something of at least a warning sets resolvers and servers, or servers among themselves, at odds, and the answer
	 * depends on who the servers are: ask the parent, then merge again with `is_rederived`. */
	bool wants_rederivation;
	/* The authority alone cleared something of at least a warning: fewer resolvers than the quorum could. */
	bool is_cleared_alone;
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
/* The same with the authority beside them. */
int mxw_verdict_merge(struct mxw_verdict *ret, const struct mxw_verdict_view *views, size_t n_views, unsigned quorum,
		      const struct mxw_verdict_zone *zone);
/* The order of the entries, after somebody has changed some. */
void mxw_verdict_sort(struct mxw_verdict *verdict);
void mxw_verdict_done(struct mxw_verdict *verdict);

/* Whether an entry counts with its severity: confirmed, or the zone's servers disagree about it. */
bool mxw_verdict_entry_holds(const struct mxw_verdict_entry *entry);
/* Whether an entry is worth telling: it holds, it is undecided with a yes-vote or a severity of at least a warning, or a
 * problem that is recovering. What only a minority sees is not. */
bool mxw_verdict_entry_is_listed(const struct mxw_verdict_entry *entry);
