/* `group_above`, `group_wait`, `group_interval`, `digest`: when many transitions become few messages; see reader.h. */
#include <string.h>

#include "lib/config/reader.h"

void mxw_config_read_grouping(struct mxw_config_reader *reader, const struct mxw_values *top)
{
	struct mxw_group_policy *policy = &reader->config->grouping;
	const struct mxw_state_policy *usual = &reader->config->defaults.policy;
	mxw_group_policy_init(policy);
	policy->n_single = (unsigned)mxw_values_get(top, "group_above")->number;
	policy->wait_ms = mxw_values_get(top, "group_wait")->number;
	policy->interval_ms = mxw_values_get(top, "group_interval")->number;
	policy->digest_ms = mxw_values_get(top, "digest")->number;
	policy->mass_window_ms = usual->interval_ms;
	policy->recheck_ms = 2 * usual->retry_interval_ms; /* the gate ticks once in that interval */
	policy->mass_wait_ms = usual->retry_interval_ms;
	policy->n_reminders = usual->n_reminders;
	memcpy(policy->reminders_ms, usual->reminders_ms, sizeof(policy->reminders_ms));
}
