/* What the monitor says about itself and its resolvers (findings.md 9.2): one row a trouble, for texts, `mxwatch list` and
 * severity overrides. No check reports these, and no domain has them. */
#pragma once

#include "lib/finding/finding.h"
#include "lib/health/gate.h"

extern const struct mxw_finding_def mxw_health_findings[]; /* ended by a row without id */

/* Asserts that there is a trouble. */
const struct mxw_finding_def *mxw_health_finding(enum mxw_trouble trouble);
const struct mxw_finding_def *mxw_health_find_finding(const char *id); /* NULL if it is none of these */
/* The trouble of a finding, MXW_TROUBLE_NONE if it is none of these. */
enum mxw_trouble mxw_health_trouble(const char *finding_id);
