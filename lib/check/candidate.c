/* Candidates for a mail host; see candidate.h. */
#include "lib/check/candidate.h"

#include <stdio.h>
#include <string.h>

#include "lib/check/lookup.h"
#include "lib/dns/name.h"

static const char *const labels[] = { "mail", "mx", "mx1", "smtp" };

/* False if the domain is too long for the label. */
static bool candidate_name(const char *domain, size_t i, char ret[MXW_NAME_TEXT_MAX])
{
	char text[MXW_NAME_TEXT_MAX];
	int n = snprintf(text, sizeof(text), "%s.%s", labels[i], domain);
	return n > 0 && (size_t)n < sizeof(text) && mxw_name_canonical(text, ret) == 0;
}

void mxw_candidate_ask(const struct mxw_target *target, const struct mxw_observation *observation,
		       struct mxw_missing *missing)
{
	char name[MXW_NAME_TEXT_MAX];
	for (size_t i = 0; i < MXW_ARRAY_SIZE(labels); i++)
		if (candidate_name(target->domain, i, name))
			mxw_observation_want(observation, missing, name, MXW_TYPE_A);
}

static bool is_listed(const struct mxw_mx_set *set, const char *name)
{
	for (size_t i = 0; i < set->n_hosts; i++)
		if (strcmp(set->hosts[i].name, name) == 0)
			return true;
	return false;
}

static bool has_public_address(const struct mxw_answer *answer)
{
	struct mxw_ip ip;
	for (size_t i = 0; mxw_lookup_is(answer, MXW_OUTCOME_ANSWER) && i < answer->n_rrs; i++)
		if (mxw_rr_ip(&answer->rrs[i], &ip) && !mxw_ip_special_block(&ip))
			return true;
	return false;
}

/* The first of the pinned MX hosts that the set lacks: those of a planned change once it may come. NULL if there is none. */
static const char *find_pinned(const struct mxw_target *target, const struct mxw_mx_set *set)
{
	for (size_t i = 0; target->expect && i < target->expect->n; i++) {
		const struct mxw_expectation *pins = &target->expect->items[i];
		bool is_new = mxw_expectation_phase(pins, target->now_wall_ms) != MXW_PLAN_OLD;
		const struct mxw_expected_set *hosts = is_new ? &pins->new : &pins->old;
		for (size_t k = 0; pins->type == MXW_RECORD_MX && pins->mode != MXW_EXPECT_FORBID && k < hosts->n; k++)
			if (!mxw_name_is_root(hosts->items[k].key) && !is_listed(set, hosts->items[k].key))
				return hosts->items[k].key;
	}
	return NULL;
}

bool mxw_candidate_find(const struct mxw_target *target, const struct mxw_mx_set *set,
			const struct mxw_observation *observation, char ret[MXW_NAME_TEXT_MAX])
{
	const char *pinned = find_pinned(target, set);
	if (pinned) {
		snprintf(ret, MXW_NAME_TEXT_MAX, "%s", pinned);
		return true;
	}
	for (size_t i = 0; i < MXW_ARRAY_SIZE(labels); i++)
		if (candidate_name(target->domain, i, ret) && !is_listed(set, ret) &&
		    has_public_address(mxw_observation_get(observation, ret, MXW_TYPE_A)))
			return true;
	strcpy(ret, "<your-mail-host>");
	return false;
}

void mxw_candidate_set(struct mxw_findings *findings, struct mxw_finding *finding, const struct mxw_target *target,
		       const struct mxw_mx_set *set, const struct mxw_observation *observation)
{
	char name[MXW_NAME_TEXT_MAX];
	bool found = mxw_candidate_find(target, set, observation, name);
	mxw_finding_set(findings, finding, "cand", name);
	mxw_finding_set(findings, finding, "edit", found ? "" : " ; put the name of your mail host here");
}
