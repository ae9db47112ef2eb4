/* The MX record set; see mx_set.h. Nothing is allocated, and no step costs more than records times MXW_MAX_MX_HOSTS. */
#include "lib/check/mx_set.h"

#include <string.h>

#include "lib/check/lookup.h"
#include "lib/dns/name.h"

static const char proof_suffix[] = "msv1.invalid";

static bool is_proof(const char *exchange)
{
	return mxw_name_is_below(exchange, proof_suffix) && strcmp(exchange, proof_suffix) != 0;
}

static struct mxw_mx_host *find_host(struct mxw_mx_set *set, const char *name)
{
	for (size_t i = 0; i < set->n_hosts; i++)
		if (strcmp(set->hosts[i].name, name) == 0)
			return &set->hosts[i];
	return NULL;
}

static void add_record(struct mxw_mx_set *set, const struct mxw_rr *rr)
{
	struct mxw_mx_host *host = find_host(set, rr->name);
	if (host) {
		host->n_rrs++;
		host->worst_preference = rr->preference;
	} else if (set->n_hosts < MXW_MAX_MX_HOSTS) {
		set->hosts[set->n_hosts++] = (struct mxw_mx_host){
			.name = rr->name,
			.preference = rr->preference,
			.worst_preference = rr->preference,
			.n_rrs = 1,
			.form = mxw_host_form_of(rr->name),
		};
	} else {
		set->has_more = true;
	}
}

/* A name below msv1.invalid is a proof of ownership only where it does no harm: behind every real mail host. */
static void mark_proofs(struct mxw_mx_set *set, bool has_real, uint16_t worst_real)
{
	for (size_t i = 0; i < set->n_hosts; i++) {
		struct mxw_mx_host *host = &set->hosts[i];
		if (!has_real || !is_proof(host->name) || host->preference <= worst_real)
			continue;
		host->form = MXW_FORM_PROOF;
		set->n_proofs++;
	}
}

static void read_records(struct mxw_mx_set *set)
{
	bool has_real = false;
	uint16_t worst_real = 0;
	for (size_t i = 0; i < set->answer->n_rrs; i++) {
		const struct mxw_rr *rr = &set->answer->rrs[i];
		if (!rr->name)
			continue;
		set->n_rrs++;
		set->ttl = MXW_MAX(set->ttl, rr->ttl);
		if (mxw_name_is_root(rr->name)) {
			set->n_null++;
			continue;
		}
		if (!is_proof(rr->name)) {
			has_real = true;
			worst_real = MXW_MAX(worst_real, rr->preference);
		}
		add_record(set, rr);
	}
	mark_proofs(set, has_real, worst_real);
}

void mxw_mx_set_read(struct mxw_mx_set *ret, const char *domain, const struct mxw_observation *observation)
{
	*ret = (struct mxw_mx_set){ .answer = mxw_observation_get(observation, domain, MXW_TYPE_MX) };
	if (!mxw_lookup_is(ret->answer, MXW_OUTCOME_ANSWER))
		return;
	read_records(ret);
	for (size_t i = 0; i < ret->n_hosts; i++) {
		struct mxw_mx_host *host = &ret->hosts[i];
		if (mxw_host_is_asked(host)) {
			host->a = mxw_observation_get(observation, host->name, MXW_TYPE_A);
			host->aaaa = mxw_observation_get(observation, host->name, MXW_TYPE_AAAA);
		}
		host->usable = mxw_host_judge_usable(host);
	}
}

bool mxw_mx_set_ask(struct mxw_mx_set *ret, const char *domain, const struct mxw_observation *observation,
		    struct mxw_missing *missing)
{
	mxw_mx_set_read(ret, domain, observation);
	if (!mxw_observation_want(observation, missing, domain, MXW_TYPE_MX))
		return false;
	bool complete = true;
	for (size_t i = 0; i < ret->n_hosts; i++) {
		if (!mxw_host_is_asked(&ret->hosts[i]))
			continue;
		/* Both are named before either is judged: they travel together. */
		const struct mxw_answer *a = mxw_observation_want(observation, missing, ret->hosts[i].name, MXW_TYPE_A);
		const struct mxw_answer *aaaa = mxw_observation_want(observation, missing, ret->hosts[i].name,
								     MXW_TYPE_AAAA);
		complete = complete && a && aaaa;
	}
	return complete;
}

bool mxw_mx_set_is_null(const struct mxw_mx_set *set)
{
	return set->n_rrs == 1 && set->n_null == 1 && set->answer->rrs[0].preference == 0;
}

size_t mxw_mx_set_count_usable(const struct mxw_mx_set *set, enum mxw_usable usable)
{
	size_t n = 0;
	for (size_t i = 0; i < set->n_hosts; i++)
		n += set->hosts[i].usable == usable && set->hosts[i].form != MXW_FORM_PROOF;
	return n;
}
