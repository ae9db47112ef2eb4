/* {cand}: the mail host to propose when a fix needs one (findings.md 1.3): one that `expect` of the domain pins, else the
 * first of the usual names below the domain. There is no history to look at. */
#pragma once

#include "lib/check/mx_set.h"
#include "lib/dns/name.h"
#include "lib/finding/finding.h"
#include "lib/observation/observation.h"
#include "lib/target/target.h"

/* Asks for the addresses of the usual names. IPv4 only: a mail host without is no host to propose. */
void mxw_candidate_ask(const struct mxw_target *target, const struct mxw_observation *observation,
		       struct mxw_missing *missing);

/* A pinned host, or the first usual name that has a public address, which is not in the set already; else false and
 * "<your-mail-host>". */
bool mxw_candidate_find(const struct mxw_target *target, const struct mxw_mx_set *set,
			const struct mxw_observation *observation, char ret[MXW_NAME_TEXT_MAX]);

/* Sets {cand} to it, and {edit} to a remark for the reader where the name is left to him. */
void mxw_candidate_set(struct mxw_findings *findings, struct mxw_finding *finding, const struct mxw_target *target,
		       const struct mxw_mx_set *set, const struct mxw_observation *observation);
