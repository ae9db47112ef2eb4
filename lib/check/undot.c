/* Forgotten final dots; see undot.h. The zone is not known for certain, so each name that may be its apex is tried. */
#include "lib/check/undot.h"

#include <string.h>

#include "lib/check/lookup.h"
#include "lib/target/target.h"

enum { MAX_ZONES = 3 };

/* The domain, its organisational domain, and the zone that denied the exchange, as far as they hold the domain. */
static size_t list_zones(const char *domain, const struct mxw_mx_host *host, const char *ret[MAX_ZONES])
{
	const char *org = mxw_target_org_domain(domain);
	const char *denier = mxw_lookup_is_absent(host->a) ? host->a->soa_owner : NULL;
	size_t n = 0;
	ret[n++] = domain;
	if (strcmp(org, domain) != 0)
		ret[n++] = org;
	if (denier && mxw_name_n_labels(denier) > 1 && mxw_name_is_below(domain, denier) &&
	    strcmp(denier, domain) != 0 && strcmp(denier, org) != 0)
		ret[n++] = denier;
	return n;
}

/* `name` without `.zone` behind it. */
static bool strip(const char *name, const char *zone, char ret[MXW_NAME_TEXT_MAX])
{
	size_t n = strlen(name), n_zone = strlen(zone);
	if (!mxw_name_is_below(name, zone) || n <= n_zone + 1 || n >= MXW_NAME_TEXT_MAX)
		return false;
	memcpy(ret, name, n - n_zone - 1);
	ret[n - n_zone - 1] = '\0';
	return true;
}

/* The zone name stands there twice: nothing needs to be asked. */
static bool is_doubled(const char *stripped, const char *zone)
{
	return mxw_name_is_below(stripped, zone);
}

/* Whether the rest can be a host of its own, as far as the exchange itself tells. */
static enum mxw_vote is_worth_asking(const struct mxw_mx_host *host, const char *stripped)
{
	unsigned n_labels = mxw_name_n_labels(stripped);
	if (n_labels != 2)
		return n_labels > 2 ? MXW_VOTE_YES : MXW_VOTE_NO;
	if (mxw_lookup_is(host->a, MXW_OUTCOME_ANSWER) || mxw_lookup_is(host->aaaa, MXW_OUTCOME_ANSWER))
		return MXW_VOTE_NO;
	return mxw_host_is_open(host) ? MXW_VOTE_UNKNOWN : MXW_VOTE_YES;
}

void mxw_undot_ask(const char *domain, const struct mxw_mx_host *host, const struct mxw_observation *observation,
		   struct mxw_missing *missing)
{
	const char *zones[MAX_ZONES];
	char stripped[MXW_NAME_TEXT_MAX];
	size_t n = list_zones(domain, host, zones);
	for (size_t i = 0; i < n; i++) {
		if (!strip(host->name, zones[i], stripped) || is_doubled(stripped, zones[i]) ||
		    is_worth_asking(host, stripped) != MXW_VOTE_YES)
			continue;
		mxw_observation_want(observation, missing, stripped, MXW_TYPE_A);
		mxw_observation_want(observation, missing, stripped, MXW_TYPE_AAAA);
	}
}

static enum mxw_vote judge_lookups(const struct mxw_observation *observation, const char *stripped)
{
	const struct mxw_answer *a = mxw_observation_get(observation, stripped, MXW_TYPE_A);
	const struct mxw_answer *aaaa = mxw_observation_get(observation, stripped, MXW_TYPE_AAAA);
	if (mxw_lookup_is(a, MXW_OUTCOME_ANSWER) || mxw_lookup_is(aaaa, MXW_OUTCOME_ANSWER))
		return MXW_VOTE_YES;
	return mxw_lookup_is_determinate(a) && mxw_lookup_is_determinate(aaaa) ? MXW_VOTE_NO : MXW_VOTE_UNKNOWN;
}

enum mxw_vote mxw_undot_judge(const char *domain, const struct mxw_mx_host *host,
			      const struct mxw_observation *observation, char ret[MXW_NAME_TEXT_MAX])
{
	const char *zones[MAX_ZONES];
	enum mxw_vote vote = MXW_VOTE_NO;
	size_t n = list_zones(domain, host, zones);
	for (size_t i = 0; i < n; i++) {
		if (!strip(host->name, zones[i], ret))
			continue;
		if (is_doubled(ret, zones[i]))
			return MXW_VOTE_YES;
		enum mxw_vote seen = is_worth_asking(host, ret);
		if (seen == MXW_VOTE_YES)
			seen = judge_lookups(observation, ret);
		if (seen == MXW_VOTE_YES)
			return seen;
		vote = MXW_MAX(vote, seen);
	}
	return vote;
}
