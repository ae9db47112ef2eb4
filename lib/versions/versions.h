/* Versions of a watched record set, and until when an old one may be seen (findings.md 4.6).
 *
 * One history for each (name, type). What the zone's own name servers give is a version; the one that was first seen last is
 * current, the others are old. Copies of an old one live in caches for as long as their TTL, counted from the moment when the
 * last name server gave it: until then disagreement is a matter of waiting, after it something is wrong.
 *
 *	T0        a server gives the new set for the first time; the change itself is in (last seen of the old one, T0]
 *	T_all     no server gives the old one any more; a server that has fallen silent is waited for until T0 + refresh + retry
 *	expires   T_all + TTL of the old set (of a denial: RFC 2308 5; where the delegation changed: at least the TTL of the
 *	          parent's NS records; where the TTL was lowered in time: what the older copies still had)
 *	deadline  expires + slack, 60 s or 10 %
 *
 * Without name servers to ask (`authority: off`) the set that a quorum of resolvers shows is current, and disagreement is
 * measured from its beginning.
 *
 *	in each round: mxw_versions_update(&versions, &round, &report)
 *	               the entries of the verdict: mxw_versions_findings (lib/versions/findings.h)
 *	               if report.is_changed: mxw_versions_write, and keep it
 *	               the next look at resolver i: report.resolvers[i].poll_ms
 *
 * Times are milliseconds of the loop's monotonic clock, so a step of the wall clock moves no deadline; the wall clock is for
 * people and for what is stored. Sets are the texts of lib/records, equal exactly when the sets are: they are their own
 * fingerprints. A calm history is one block of about 90 octets and its text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/strbuf.h"
#include "lib/verdict/verdict.h"

enum {
	MXW_VERSIONS_MAX_SERVERS = MXW_VERDICT_MAX_SERVERS, /* a mask of one octet */
	/* Versions that are remembered: rotating sets make many, and one that a server gives is never forgotten. */
	MXW_VERSIONS_MAX = MXW_VERSIONS_MAX_SERVERS + 1,
	MXW_VERSIONS_MAX_RESOLVERS = MXW_VERDICT_MAX_VIEWS,
	MXW_VERSIONS_MAX_SET = 4300, /* octets of a text; lib/records cuts at 4096 and adds length and hash */
	MXW_VERSIONS_ROUNDS = 2,     /* that must show the same before it is told */
	MXW_VERSIONS_MIN_SLACK_S = 60,
	MXW_VERSIONS_USUAL_REFRESH_S =
		43200, /* refresh + retry where no SOA is known: the longest that RFC 1912 2.2 names */
	MXW_VERSIONS_MAX_REFRESH_S = 604800,  /* the same where the SOA says more: nobody waits longer for a transfer */
	MXW_VERSIONS_USUAL_PARENT_S = 172800, /* TTL of a delegation that is not known: that of most registries */
	MXW_VERSIONS_POLL_SOONEST_MS = 1000,  /* from now, whatever is due */
	MXW_VERSIONS_POLL_LATER_MS = 5000, /* after a copy has lapsed; the resolver may be slow to fetch the next one */
	MXW_VERSIONS_POLL_AGAIN_MS = 30000, /* at least between looks at a resolver that has fetched the same again */
	MXW_VERSIONS_FETCH_TOLERANCE_MS =
		2000,                  /* a copy that lapses so much later was fetched anew (findings.md 4.7) */
	MXW_VERSIONS_GAP_MS = 3600000, /* authority not seen for so long: what it gave meanwhile is not known */
};

#define MXW_VERSIONS_NEVER INT64_MIN

struct mxw_version {
	struct mxw_version *next; /* older; the first one of a history is current */
	int64_t first_any_ms, last_any_ms;
	int64_t since_ms;     /* it became current: T0 of the change to it; with several times the last one */
	int64_t last_auth_ms; /* last seen at a server; NEVER: only at resolvers */
	int64_t replaced_ms;  /* it stopped being current; NEVER: it is, or never was */
	int64_t gone_ms;      /* T_all of the change away from it; NEVER: a server gives it, or may */
	int64_t until_ms; /* copies of an earlier, longer TTL or delegation live until then; NEVER: there are none */
	uint64_t ns_set;  /* of the delegation, when it was last seen at a server; 0: not known */
	uint32_t ttl_s;   /* of the copies that are made now, or were made last */
	uint8_t servers;  /* bit i: the last that server i gave */
	bool is_negative; /* NODATA or NXDOMAIN */
	char set[];
};

struct mxw_versions_watch; /* what is counted while something deviates */

/* Zero-initialised knows nothing. */
struct mxw_versions {
	struct mxw_version *first;        /* newest first */
	struct mxw_versions_watch *watch; /* NULL while all is calm */
	int64_t watched_ms;    /* since then no change at the authority can have been missed; 0 without any version */
	uint32_t server_names; /* a hash of who servers[] are; others begin anew */
	uint32_t refresh_s;    /* refresh + retry of the zone; 0: not known */
};

/* ---- what a round has seen ---- */

struct mxw_versions_view {
	const char *name;    /* for people, never NULL: "quad9", "ns1.example.net[192.0.2.1]" */
	const char *address; /* server: what a command asks, "192.0.2.1"; NULL: not known */
	const char *set;     /* NULL: no determinate answer */
	int64_t at_ms;       /* when the answer came, not when it was looked up in a cache of ours */
	uint32_t
		ttl_s; /* server: of the records, or how long the denial may be kept (RFC 2308 5); resolver: what is left at at_ms */
	bool is_negative; /* the answer was NODATA or NXDOMAIN */
	bool is_stale;    /* resolver: from an expired cache entry (RFC 8767) */
	bool has_serial;
	uint32_t serial; /* server: of the zone's SOA */
};

/* Everything is borrowed for the call. */
struct mxw_versions_round {
	int64_t now_ms, now_wall_ms;
	const struct mxw_versions_view
		*servers; /* each address of the delegated name servers; none: there is no authority to ask */
	size_t n_servers;
	const struct mxw_versions_view *resolvers;
	size_t n_resolvers;
	unsigned quorum; /* of the resolvers */
	bool has_soa;
	uint32_t refresh_s, retry_s; /* of the SOA */
	uint64_t ns_set;             /* fingerprint of the delegated NS set; 0: not known */
	uint32_t parent_ttl_s;       /* of the parent's NS records; 0: not known */
};

/* ---- what follows from it ---- */

enum mxw_versions_state { MXW_VERSIONS_SETTLED, MXW_VERSIONS_PROPAGATING };

struct mxw_versions_seen {
	bool is_answered; /* it shows a set; else the rest is empty */
	enum mxw_age age; /* CURRENT: the authority gives it; OLD: it did; UNKNOWN: it never was seen there */
	const struct mxw_version *version; /* NULL for UNKNOWN */
	bool is_stale;
	bool is_refetched; /* deviates, and not because of the copy it had when it was first seen deviating */
	uint8_t n_rounds; /* answers in a row that were OLD_LATE, or the same UNKNOWN set; while the authority is seen */
	bool is_late; /* OLD_LATE in enough rounds, and no copy of what was published for a moment between two of them */
	bool is_alien;   /* UNKNOWN in enough rounds, and published at no time that a cached copy could be from */
	int64_t eta_ms;  /* a deviating copy lapses, by the resolver's own account; NEVER: not known, or long expired */
	int64_t poll_ms; /* when the next look pays, while PROPAGATING; NEVER: at the normal interval */
};

/* Borrows from the history until its next update. */
struct mxw_versions_report {
	enum mxw_versions_state state;
	bool is_changed;               /* the history is worth being stored again */
	const struct mxw_version *new; /* current; NULL: nothing is known */
	const struct mxw_version
		*old; /* while PROPAGATING: the last one that may still be seen; NULL: the new one is not known */
	int64_t everywhere_ms;           /* T_all; NEVER: some server is still late */
	int64_t expires_ms, deadline_ms; /* while PROPAGATING; with a late server: the latest that is waited for */
	int64_t eta_ms;                  /* the last copy that a resolver of ours has lapses; NEVER: there is none */
	uint8_t servers_answering, servers_new, servers_other; /* masks of this round */
	unsigned
		n_server_rounds; /* this one and those before it that showed servers with different sets; 0: this one does not */
	int64_t split_since_ms; /* ... since; NEVER: they are of one mind */
	/* Resolvers show different sets while no server is seen: since when, until twice the largest TTL, and how often. NEVER
	 * and 0: they do not. */
	int64_t apart_since_ms, apart_until_ms;
	unsigned n_apart_rounds;
	struct mxw_versions_seen resolvers[MXW_VERSIONS_MAX_RESOLVERS];
};

void mxw_versions_done(struct mxw_versions *versions);

/* 0, or -ENOMEM: then the round counts for nothing, or for some of its servers only; the next one makes up for it. */
int mxw_versions_update(struct mxw_versions *versions, const struct mxw_versions_round *round,
			struct mxw_versions_report *ret);
/* Resolvers or their order are others from now on (a reload): what was counted for them is forgotten. */
void mxw_versions_forget_resolvers(struct mxw_versions *versions);

/* The age of a set that was seen at at_ms (findings.md 4.4 rule 3). NULL is UNKNOWN. While servers differ and nobody knows
 * which set came later, all that they give are CURRENT; one that a late server gives is OLD_IN_TIME. */
enum mxw_age mxw_versions_age(const struct mxw_versions *versions, const char *set, int64_t at_ms);
const struct mxw_version *mxw_versions_find(const struct mxw_versions *versions, const char *set); /* NULL: unknown */
/* T_all, expires and deadline of an old version; NEVER for the current one. */
int64_t mxw_version_everywhere_ms(const struct mxw_versions *versions, const struct mxw_version *version);
int64_t mxw_version_expires_ms(const struct mxw_versions *versions, const struct mxw_version *version);
int64_t mxw_version_deadline_ms(const struct mxw_versions *versions, const struct mxw_version *version);
/* When the last copy lapses that may be in a cache now, of the current version if it were replaced at once. */
int64_t mxw_versions_cached_until_ms(const struct mxw_versions *versions, int64_t now_ms);
/* The earliest of poll_ms and of the end of the state, a second from now at least; INT64_MAX: the normal interval is enough. */
int64_t mxw_versions_next_ms(const struct mxw_versions_report *report, int64_t now_ms);

/* ---- for a store: codec.c ---- */

/* The history as printable ASCII and newlines; nothing for an empty one. Times become those of the wall clock. */
void mxw_versions_write(const struct mxw_versions *versions, int64_t now_ms, int64_t now_wall_ms,
			struct mxw_strbuf *ret);
/* 0; -ENOMEM; -EBADMSG for what mxw_versions_write did not write: *ret is empty then. A time that is not past by today's
 * clock counts as now. */
int mxw_versions_read(const char *text, int64_t now_ms, int64_t now_wall_ms, struct mxw_versions *ret);
