/* A check: what to ask about a domain, and what the answers mean, in one resolver's view (design.md 2).
 *
 * Both functions are pure. ask() adds the questions whose answers it still misses to an empty set; when it names none it
 * has all that it wants, whatever else is answered later, and judge() turns the same answers into findings. A question that
 * was never answered (a cap was reached) counts as a failed lookup. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/finding/finding.h"
#include "lib/observation/observation.h"
#include "lib/schema/option.h"
#include "lib/target/target.h"

struct mxw_check {
	const char *name, *doc;
	const struct mxw_option
		*options; /* rows of the YAML mapping `<name>:`, ended by a row without name; NULL for none */
	const struct mxw_finding_def *findings; /* ended by a row without id */
	bool is_on_demand; /* runs where a domain's settings give it something to do, not by default */
	int (*ask)(const struct mxw_target *target, const struct mxw_values *options,
		   const struct mxw_observation *observation, uint64_t seed,
		   struct mxw_missing *ret); /* 0 or -ENOMEM */
	int (*judge)(const struct mxw_target *target, const struct mxw_values *options,
		     const struct mxw_observation *observation, struct mxw_findings *ret); /* 0 or -ENOMEM */
};

extern const struct mxw_check mxw_check_mx, mxw_check_address, mxw_check_ptr, mxw_check_spf, mxw_check_consistency;

/* The registry: one line a check (registry.c). Votes and states keep this order. */
extern const struct mxw_check *const mxw_checks[];
extern const size_t mxw_n_checks;
enum { MXW_MAX_CHECKS = 32 }; /* sets of checks are bit masks */

/* The checks that run where nobody chose: bit i is mxw_checks[i]. */
uint32_t mxw_check_defaults(void);
/* Index into mxw_checks, or -ENOENT. */
int mxw_check_find(const char *name);
/* Any check's finding by its id; NULL if there is none. */
const struct mxw_finding_def *mxw_check_find_finding(const char *id, const struct mxw_check **ret_check);
