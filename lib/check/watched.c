/* Questions about watched records; see watched.h. */
#include "lib/check/watched.h"

#include <string.h>

#include "lib/base/util.h"
#include "lib/check/mx_set.h"
#include "lib/dns/type.h"

/* The question about the domain that each type of record needs. */
static const struct {
	enum mxw_record_type type;
	uint16_t question;
} own_questions[] = {
	{ MXW_RECORD_MX, MXW_TYPE_MX },
	{ MXW_RECORD_ADDRESS, MXW_TYPE_MX },
	{ MXW_RECORD_SPF, MXW_TYPE_TXT },
	{ MXW_RECORD_NS, MXW_TYPE_NS },
};

bool mxw_watched_has_host(const struct mxw_target *target, const char *host)
{
	return strcmp(mxw_target_org_domain(host), mxw_target_org_domain(target->domain)) == 0;
}

static void ask_addresses(const struct mxw_target *target, const struct mxw_observation *observation,
			  struct mxw_missing *missing)
{
	struct mxw_mx_set set;
	mxw_mx_set_read(&set, target->domain, observation);
	for (size_t i = 0; i < set.n_hosts; i++) {
		const struct mxw_mx_host *host = &set.hosts[i];
		if (!mxw_host_is_asked(host) || !mxw_watched_has_host(target, host->name))
			continue;
		mxw_observation_want(observation, missing, host->name, MXW_TYPE_A);
		mxw_observation_want(observation, missing, host->name, MXW_TYPE_AAAA);
	}
}

void mxw_watched_ask(const struct mxw_target *target, const struct mxw_observation *observation,
		     struct mxw_missing *missing)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(own_questions); i++)
		if (target->watched_types & MXW_RECORD_BIT(own_questions[i].type))
			mxw_observation_want(observation, missing, target->domain, own_questions[i].question);
	if (target->watched_types & MXW_RECORD_BIT(MXW_RECORD_ADDRESS))
		ask_addresses(target, observation, missing);
}
