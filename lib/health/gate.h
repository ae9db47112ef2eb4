/* The local gate: do we see at all, and which resolver is in trouble (findings.md 4.3, 9.2; alerts.md Q2, Q3)? Pure.
 *
 * A gate tick is what health.h found out about all resolvers at one time. While fewer than the quorum are good the gate
 * is closed: what the resolvers say then is about our network and not about any domain. The loop that a caller writes:
 *
 *	mxw_gate_init(&gate, n); mxw_gate_restore(&gate, ...) for what an earlier process has told
 *	at each tick: n_news = mxw_gate_tick(&gate, &policy, statuses, now_ms, news); tells the news
 *	rounds: only while status is OPEN; their evidence counts then, but nothing is told before is_settled
 *
 * All news is told once: a trouble when it is sure, another one of the same resolver when that is worse, its end when
 * that is sure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/dns/upstream.h"
#include "lib/health/health.h"

/* Rising: a resolver's trouble is told anew only when it turns out to be a worse one. */
enum mxw_trouble {
	MXW_TROUBLE_NONE,
	MXW_TROUBLE_DOWN,    /* mon-resolver-down */
	MXW_TROUBLE_REFUSED, /* mon-resolver-refused */
	MXW_TROUBLE_FILTER,  /* mon-resolver-filter */
	MXW_TROUBLE_BLIND,   /* mon-blind: of the gate, not of a resolver */
};

enum {
	MXW_GATE_BLIND_TICKS = 2,   /* closed ones that make mon-blind */
	MXW_GATE_TROUBLE_TICKS = 2, /* in a row that prove refusing and lying */
	MXW_GATE_WELL_TICKS = 2,    /* good ones in a row that end a resolver's trouble */
};

enum mxw_gate_status {
	MXW_GATE_UNKNOWN, /* no tick yet, or none since there was reason to doubt the last one */
	MXW_GATE_CLOSED,
	MXW_GATE_OPEN,
};

struct mxw_gate_policy {
	unsigned quorum;
	int64_t down_after_ms; /* a resolver that fails so long is told */
	uint32_t telling;      /* bit t: trouble t is told; the others are hidden by the configuration */
};

struct mxw_gate_resolver {
	enum mxw_trouble told, seen;
	uint32_t n_seen; /* ticks in a row that saw `seen`, the gate being open */
	int64_t bad_ms;  /* monotonic; of the first tick since it was good, the gate being open */
	int64_t seen_ms; /* monotonic; of the first of those n_seen ticks */
};

struct mxw_gate {
	enum mxw_gate_status status;
	/* A whole tick has passed since the gate reopened: domains may change their hard states. */
	bool is_settled;
	bool is_blind;     /* mon-blind is told */
	uint32_t n_closed; /* ticks since it was settled: a gate that flaps is blind, too */
	int64_t closed_ms; /* monotonic; of the first of them */
	size_t n_resolvers;
	struct mxw_gate_resolver resolvers[MXW_MAX_UPSTREAMS];
};

/* What is to be told. */
enum { MXW_GATE_NETWORK = MXW_MAX_UPSTREAMS, MXW_GATE_MAX_NEWS = MXW_MAX_UPSTREAMS + 1 };
struct mxw_gate_news {
	size_t resolver;          /* or MXW_GATE_NETWORK */
	enum mxw_trouble trouble; /* NONE: what was told is over */
	int64_t age_ms;           /* of the trouble when it is told; 0 when it is over */
};

void mxw_gate_init(struct mxw_gate *gate, size_t n_resolvers);
/* What was told already, by an earlier process too: it is not told again, its end is. NONE: it has been ended. A gate
 * that was blind begins closed. */
void mxw_gate_restore(struct mxw_gate *gate, size_t resolver, enum mxw_trouble told);
/* The next tick decides whether the gate is open: other resolvers, or a clock that has made a leap. A closed one stays so. */
void mxw_gate_doubt(struct mxw_gate *gate);
/* Other resolvers: number i was number from[i] so far; MXW_GATE_NETWORK for a new one. */
void mxw_gate_reshape(struct mxw_gate *gate, size_t n_resolvers, const size_t *from);

/* Statuses of all resolvers, none of them UNTESTED. Returns how much news there is. */
size_t mxw_gate_tick(struct mxw_gate *gate, const struct mxw_gate_policy *policy,
		     const enum mxw_health_status *statuses, int64_t now_ms,
		     struct mxw_gate_news ret[static MXW_GATE_MAX_NEWS]);
