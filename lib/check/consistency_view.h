/* What the judge of the check consistency and the texts of its finding share: one expectation in one resolver's view. */
#pragma once

#include "lib/check/expected.h"
#include "lib/check/judge.h"
#include "lib/target/target.h"

struct mxw_consistency_view {
	struct mxw_judge judge;
	const struct mxw_target *target;
	const struct mxw_expectation *expectation;
	enum mxw_plan_phase phase;
	struct mxw_expected_question question;
	struct mxw_published published;
};

/* consistency_text.c: fills every placeholder of cons-expect. */
void mxw_consistency_explain(const struct mxw_consistency_view *view, struct mxw_finding *finding);
