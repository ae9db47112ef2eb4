/* Which problem of one check explains those of another check of the same domain (findings.md 4.8): the children are
 * stored, marked with their cause, and not told while the parent lasts. */
#pragma once

#include <stdbool.h>

/* The finding that explains the others (static) when a check is hard with it; NULL: it explains nothing.
 * `rests_on_lookups`: all that is wrong with the child are lookups of the domain's own names that fail or are bogus.
 * Parents come before their children in the registry of checks, so nothing explains itself. */
const char *mxw_parent_explains(const char *finding_id, bool rests_on_lookups);
