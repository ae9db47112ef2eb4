/* Answers read as evidence, and the dns-* findings that every check reports about the questions it asked
 * (findings.md 9.1).
 *
 * A question without an answer (NULL) is a failed lookup like any other: it proves nothing. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lib/dns/answer.h"
#include "lib/finding/finding.h"

static inline bool mxw_lookup_is(const struct mxw_answer *answer, enum mxw_outcome outcome)
{
	return answer && answer->outcome == outcome;
}

/* Proves something about the name, if only that its aliases run in a circle. */
static inline bool mxw_lookup_is_determinate(const struct mxw_answer *answer)
{
	return answer && mxw_outcome_is_determinate(answer->outcome);
}

/* Says whether records of the type exist: what a circle of aliases does not. */
static inline bool mxw_lookup_is_settled(const struct mxw_answer *answer)
{
	return mxw_lookup_is_determinate(answer) && answer->outcome != MXW_OUTCOME_LOOP;
}

/* Proven absence of the type at the end of the alias chain. */
static inline bool mxw_lookup_is_absent(const struct mxw_answer *answer)
{
	return mxw_lookup_is(answer, MXW_OUTCOME_NODATA) || mxw_lookup_is(answer, MXW_OUTCOME_NXDOMAIN);
}

static inline bool mxw_lookup_has_alias(const struct mxw_answer *answer)
{
	return answer && answer->n_chain > 0;
}

/* The rows of mxw_lookup_findings once more, for the table of each check that reports them: `mxwatch list` and the
 * documentation read the tables. Findings always point to the rows of mxw_lookup_findings. */
extern const struct mxw_finding_def mxw_lookup_findings[]; /* ended by a row without id */

bool mxw_lookup_is_row(const struct mxw_finding_def *def);

/* Adds the dns-* finding that the answer calls for, subject "name/TYPE"; none for an answer that proves something, for
 * a question that was never asked, and for REFUSED, REFERRAL and FILTERED, which speak of the resolver only. A loop of
 * aliases counts where `loop_counts`: elsewhere the check has a finding of its own for it. */
void mxw_lookup_judge(struct mxw_findings *findings, const char *name, uint16_t type, const struct mxw_answer *answer,
		      bool loop_counts);
