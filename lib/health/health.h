/* Is a resolver fit to vote? Judged from its canaries and from a name that cannot exist (findings.md 4.3, 9.2). Pure.
 *
 * One tick asks every canary and the lie probe once. The verdict holds until the next tick. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/dns/answer.h"

enum mxw_health_status {
	MXW_HEALTH_UNTESTED, /* before the first tick: votes, a dead one answers nothing anyway */
	MXW_HEALTH_GOOD,
	MXW_HEALTH_FAILING,  /* no canary was answered */
	MXW_HEALTH_REFUSING, /* it does not serve us */
	MXW_HEALTH_LYING,    /* it has an answer for a name that cannot exist, or says itself that it filters */
	/* It answers its canaries, and refuses or filters the questions about domains. What it refuses proves nothing anyway,
	 * so it keeps its vote: else it would not be asked any more, and nobody would see that it is well again. */
	MXW_HEALTH_REFUSING_DOMAINS,
	MXW_HEALTH_FILTERING_DOMAINS,
};

struct mxw_health {
	enum mxw_health_status status;
	enum mxw_outcome worst;                /* of the canaries of the last tick, when none was answered */
	uint32_t n_ticks;                      /* with this status, this one included */
	uint32_t n_asked, n_refused;           /* questions about domains since the last judgement of them */
	bool refuses_domains, filters_domains; /* as they were judged last */
};

/* `canaries`: outcomes of this tick; `lie`: outcome of the lie probe, MXW_OUTCOME_NXDOMAIN if it was not asked.
 * Returns whether the status changed. */
int mxw_health_tick(struct mxw_health *health, const enum mxw_outcome *canaries, size_t n_canaries,
		    enum mxw_outcome lie);

/* Before a tick: questions about domains that were answered since the last one, the refused and the filtered ones among
 * them. More than half refused is too many (findings.md 9.2), one filtered is; a handful is needed to judge. */
enum { MXW_HEALTH_MIN_ASKED = 4 };
void mxw_health_traffic(struct mxw_health *health, uint64_t n_asked, uint64_t n_refused, uint64_t n_filtered);

static inline bool mxw_health_answers_canaries(const struct mxw_health *health)
{
	return health->status == MXW_HEALTH_GOOD || health->status == MXW_HEALTH_REFUSING_DOMAINS ||
	       health->status == MXW_HEALTH_FILTERING_DOMAINS;
}

static inline int mxw_health_has_vote(const struct mxw_health *health)
{
	return health->status == MXW_HEALTH_UNTESTED || mxw_health_answers_canaries(health);
}

/* What a resolver of this status does, for a sentence: "refuses to answer us; it has no vote". */
const char *mxw_health_what(enum mxw_health_status status);
const char *mxw_health_status_name(enum mxw_health_status status);

/* A name under `invalid` (RFC 6761 6.4) that nobody has asked before: "mxw-<16 hex>.invalid". */
enum { MXW_HEALTH_PROBE_MAX = 32 };
void mxw_health_probe_name(uint64_t random, char ret[MXW_HEALTH_PROBE_MAX]);
