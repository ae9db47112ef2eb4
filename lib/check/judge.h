/* What the judges of all checks share: rows of their table become findings with the texts filled in. */
#pragma once

#include <stdbool.h>

#include "lib/dns/answer.h"
#include "lib/finding/finding.h"

struct mxw_judge {
	struct mxw_findings *findings;
	const struct mxw_finding_def *rows; /* the table of the check */
	const char *domain;                 /* fills {domain} */
};

/* Adds row number `row` of the table as holding, at its default severity; the caller may change that. Never NULL. */
struct mxw_finding *mxw_judge_yes(const struct mxw_judge *judge, unsigned row, const char *subject);

/* Adds the row as unknown: a lookup that it needs has failed and nothing else refutes it. `severity` is what the finding
 * would have if it held: below a warning the failure is no reason for concern. */
void mxw_judge_unknown(const struct mxw_judge *judge, unsigned row, const char *subject, enum mxw_severity severity);

/* {chain} ("a -> b -> c") and {link}, the end of the chain. */
void mxw_judge_set_chain(const struct mxw_judge *judge, struct mxw_finding *finding, const char *name,
			 const struct mxw_answer *answer);

/* {denial} ("denied by zone example.com"), {zone} and {neg_ttl} ("300 s") of a negative answer. */
void mxw_judge_set_denial(const struct mxw_judge *judge, struct mxw_finding *finding, const struct mxw_answer *answer);
