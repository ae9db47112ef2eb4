/* When which set is right; see expect.h. */
#include "lib/target/expect.h"

enum mxw_plan_phase mxw_expectation_phase(const struct mxw_expectation *expectation, int64_t now_wall_ms)
{
	if (!expectation->is_planned)
		return MXW_PLAN_OLD;
	if (!now_wall_ms)
		return MXW_PLAN_EITHER;
	if (now_wall_ms < expectation->not_before_wall_ms)
		return MXW_PLAN_OLD;
	return now_wall_ms < expectation->deadline_wall_ms ? MXW_PLAN_EITHER : MXW_PLAN_NEW;
}

bool mxw_expectation_can_fail(const struct mxw_expectation *expectation, enum mxw_plan_phase phase)
{
	return (phase == MXW_PLAN_NEW || expectation->old.is_given) &&
	       (phase == MXW_PLAN_OLD || expectation->new.is_given);
}
