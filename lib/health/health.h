/* Is a resolver fit to vote? Judged from its canaries and from a name that cannot exist (findings.md 4.3, 9.2). Pure.
 *
 * One tick asks every canary and the lie probe once. The verdict holds until the next tick. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/dns/answer.h"

enum mxw_health_status {
	MXW_HEALTH_UNTESTED, /* before the first tick: votes, a dead one answers nothing anyway */
	MXW_HEALTH_GOOD,
	MXW_HEALTH_FAILING,  /* no canary was answered */
	MXW_HEALTH_REFUSING, /* it does not serve us */
	MXW_HEALTH_LYING,    /* it has an answer for a name that cannot exist, or says itself that it filters */
};

struct mxw_health {
	enum mxw_health_status status;
	enum mxw_outcome worst; /* of the canaries of the last tick, when none was answered */
	uint32_t n_ticks;       /* with this status, this one included */
};

/* `canaries`: outcomes of this tick; `lie`: outcome of the lie probe, MXW_OUTCOME_NXDOMAIN if it was not asked.
 * Returns whether the status changed. */
int mxw_health_tick(struct mxw_health *health, const enum mxw_outcome *canaries, size_t n_canaries,
		    enum mxw_outcome lie);

static inline int mxw_health_has_vote(const struct mxw_health *health)
{
	return health->status == MXW_HEALTH_UNTESTED || health->status == MXW_HEALTH_GOOD;
}

const char *mxw_health_status_name(enum mxw_health_status status);

/* A name under `invalid` (RFC 6761 6.4) that nobody has asked before: "mxw-<16 hex>.invalid". */
enum { MXW_HEALTH_PROBE_MAX = 32 };
void mxw_health_probe_name(uint64_t random, char ret[MXW_HEALTH_PROBE_MAX]);
