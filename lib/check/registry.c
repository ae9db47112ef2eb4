/* All checks, one line each. Votes, states and option blocks keep this order: append, never sort. */
#include <errno.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/check/check.h"
#include "lib/check/lookup.h"

/* clang-format off */
const struct mxw_check *const mxw_checks[] = {
	&mxw_check_mx,
	&mxw_check_address,
	&mxw_check_ptr,
	&mxw_check_spf,
	&mxw_check_consistency,
};
/* clang-format on */
const size_t mxw_n_checks = MXW_ARRAY_SIZE(mxw_checks);
_Static_assert(MXW_ARRAY_SIZE(mxw_checks) <= MXW_MAX_CHECKS, "sets of checks are bit masks");

uint32_t mxw_check_defaults(void)
{
	uint32_t checks = 0;
	for (size_t i = 0; i < mxw_n_checks; i++)
		if (!mxw_checks[i]->is_on_demand)
			checks |= UINT32_C(1) << i;
	return checks;
}

int mxw_check_find(const char *name)
{
	for (size_t i = 0; i < mxw_n_checks; i++)
		if (strcmp(mxw_checks[i]->name, name) == 0)
			return (int)i;
	return -ENOENT;
}

static const struct mxw_finding_def *find_row(const struct mxw_finding_def *rows, const char *id)
{
	for (; rows->id; rows++)
		if (strcmp(rows->id, id) == 0)
			return rows;
	return NULL;
}

const struct mxw_finding_def *mxw_check_find_finding(const char *id, const struct mxw_check **ret_check)
{
	/* Of rows that stand in several tables the findings name one, and an override must find that one. */
	const struct mxw_finding_def *shared = find_row(mxw_lookup_findings, id);
	for (size_t i = 0; i < mxw_n_checks; i++) {
		const struct mxw_finding_def *def = find_row(mxw_checks[i]->findings, id);
		if (!def)
			continue;
		if (ret_check)
			*ret_check = mxw_checks[i];
		return shared ? shared : def;
	}
	return NULL;
}
