/* Is a planned change ready: will the caches let go of the old records when it begins? cons-change-unready (findings.md 9). */
#pragma once

#include "lib/finding/finding.h"
#include "lib/target/expect.h"
#include "lib/versions/versions.h"

enum {
	MXW_PLAN_LOW_TTL_S = 600, /* so long an old copy hurts nobody who planned a change */
	MXW_PLAN_PROPOSED_TTL_S = 300,
};

/* Adds the finding, if it holds, with the word of the type as subject. `versions` is the history of what the expectation is
 * about: MX, SPF or NS of the domain. Memory: mxw_findings_failed. */
void mxw_plan_findings(const struct mxw_versions *versions, const struct mxw_expectation *expectation,
		       const char *domain, const char *what, int64_t now_ms, int64_t now_wall_ms,
		       struct mxw_findings *ret);
