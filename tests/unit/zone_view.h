/* One resolver's view of a small world written as text, for the tests of checks.
 *
 * The language is that of tests/zone/zone.h.
 *
 * A case lists what the check must say: "id severity subject" a line, "id ? subject" for an UNKNOWN row (no subject: it
 * covers all), and "..." if further UNKNOWN rows are of no interest. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/check/check.h"

struct zone_case {
	const char *name;
	const char *zone;
	const char *expect;
	struct mxw_profile profile;
	const char *domain; /* NULL: example.com */
	const struct mxw_values *options;
	bool has_probes; /* as in struct mxw_target, and so are these */
	const struct mxw_expect *pins;
	unsigned watched_types;
	int64_t now_wall_ms;
};

/* Judges every case and compares; besides, whatever the case is about:
 * - no text of a finding has a {placeholder} left;
 * - when any one lookup fails instead, or a third of all, no finding appears that did not hold, and none that held is
 *   denied. */
void zone_view_run(const struct mxw_check *check, const struct zone_case *cases, size_t n);
/* The same; and of what held nothing comes to weigh more by that, nor less, known or unknown. */
void zone_view_run_weighed(const struct mxw_check *check, const struct zone_case *cases, size_t n);

/* Every finding of the check was produced at each of the severities that the list names ("mx-none critical ok", ended by
 * NULL), and none that the list lacks, by the cases that ran so far. */
void zone_view_assert_covered(const struct mxw_check *check, const char *const *list);

/* Judges one world; the caller ends the findings. */
void zone_view_judge(const struct mxw_check *check, const struct zone_case *world, struct mxw_findings *ret);
