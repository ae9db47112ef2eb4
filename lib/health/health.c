/* The fitness of a resolver; see health.h. */
#include "lib/health/health.h"

#include <stdbool.h>
#include <stdio.h>

static enum mxw_health_status judge(const enum mxw_outcome *canaries, size_t n, enum mxw_outcome lie,
				    enum mxw_outcome *ret_worst)
{
	bool refused = n > 0, filtered = false;
	*ret_worst = MXW_OUTCOME_ANSWER;
	if (lie == MXW_OUTCOME_ANSWER)
		return MXW_HEALTH_LYING;
	for (size_t i = 0; i < n; i++) {
		if (canaries[i] == MXW_OUTCOME_ANSWER)
			return MXW_HEALTH_GOOD;
		refused = refused && canaries[i] == MXW_OUTCOME_REFUSED;
		filtered = filtered || canaries[i] == MXW_OUTCOME_FILTERED;
		*ret_worst = canaries[i];
	}
	if (n == 0)
		return MXW_HEALTH_GOOD;
	return refused ? MXW_HEALTH_REFUSING : filtered ? MXW_HEALTH_LYING : MXW_HEALTH_FAILING;
}

void mxw_health_traffic(struct mxw_health *health, uint64_t n_asked, uint64_t n_refused, uint64_t n_filtered)
{
	uint64_t asked = health->n_asked + n_asked, refused = health->n_refused + n_refused;
	health->filters_domains |= n_filtered > 0;
	if (asked >= MXW_HEALTH_MIN_ASKED) {
		health->refuses_domains = refused * 2 > asked;
		health->filters_domains = n_filtered > 0;
		asked = refused = 0;
	}
	health->n_asked = (uint32_t)asked;
	health->n_refused = (uint32_t)refused;
}

int mxw_health_tick(struct mxw_health *health, const enum mxw_outcome *canaries, size_t n_canaries,
		    enum mxw_outcome lie)
{
	enum mxw_health_status status = judge(canaries, n_canaries, lie, &health->worst);
	if (status == MXW_HEALTH_GOOD && health->filters_domains)
		status = MXW_HEALTH_FILTERING_DOMAINS;
	else if (status == MXW_HEALTH_GOOD && health->refuses_domains)
		status = MXW_HEALTH_REFUSING_DOMAINS;
	bool changed = status != health->status;
	health->n_ticks = changed ? 1 : health->n_ticks + 1;
	health->status = status;
	return changed;
}

const char *mxw_health_status_name(enum mxw_health_status status)
{
	static const char *const names[] = { "untested",         "good",  "failing",
					     "refusing",         "lying", "refusing domains",
					     "filtering domains" };
	return names[status];
}

const char *mxw_health_what(enum mxw_health_status status)
{
	static const char *const words[] = {
		[MXW_HEALTH_UNTESTED] = "was not tested",
		[MXW_HEALTH_GOOD] = "is well",
		[MXW_HEALTH_FAILING] = "does not answer its canaries; it has no vote",
		[MXW_HEALTH_REFUSING] = "refuses to answer us; it has no vote",
		[MXW_HEALTH_LYING] = "rewrites or filters answers; it has no vote",
		[MXW_HEALTH_REFUSING_DOMAINS] = "answers its canaries and refuses most questions about domains",
		[MXW_HEALTH_FILTERING_DOMAINS] = "answers its canaries and filters answers about domains",
	};
	return words[status];
}

void mxw_health_probe_name(uint64_t random, char ret[MXW_HEALTH_PROBE_MAX])
{
	snprintf(ret, MXW_HEALTH_PROBE_MAX, "mxw-%016llx.invalid", (unsigned long long)random);
}
