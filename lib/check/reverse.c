/* Reverse DNS of the addresses of a domain; see reverse.h. */
#include "lib/check/reverse.h"

#include <string.h>

#include "lib/check/lookup.h"
#include "lib/check/spf_host.h"

_Static_assert(MXW_MAX_MX_HOSTS <= 32, "hosts are a bit mask");

uint16_t mxw_reverse_type(const struct mxw_reverse *reverse)
{
	return reverse->ip.family == 4 ? MXW_TYPE_A : MXW_TYPE_AAAA;
}

size_t mxw_reverse_n_names(const struct mxw_reverse *reverse)
{
	size_t n = mxw_lookup_is(reverse->ptr, MXW_OUTCOME_ANSWER) ? reverse->ptr->n_rrs : 0;
	return MXW_MIN(n, (size_t)MXW_MAX_REVERSE_NAMES);
}

const char *mxw_reverse_name(const struct mxw_reverse *reverse, size_t i)
{
	return reverse->ptr->rrs[i].name;
}

/* ---- which addresses ---- */

/* The entry of the address, new or old; NULL when the list is full. */
static struct mxw_reverse *find_or_add(struct mxw_reverses *reverses, const struct mxw_ip *ip)
{
	for (size_t i = 0; i < reverses->n; i++)
		if (mxw_ip_equal(&reverses->items[i].ip, ip))
			return &reverses->items[i];
	if (reverses->n == MXW_MAX_REVERSE)
		return NULL;
	struct mxw_reverse *reverse = &reverses->items[reverses->n++];
	*reverse = (struct mxw_reverse){ .ip = *ip, .role = MXW_ROLE_THIRD_PARTY };
	mxw_ip_format(ip, reverse->text);
	mxw_ip_reverse_name(ip, reverse->name);
	return reverse;
}

enum mxw_reverse_role mxw_reverse_host_role(const struct mxw_target *target, const struct mxw_mx_host *host)
{
	if (target->profile->mx_hosts_send == MXW_YES)
		return MXW_ROLE_DECLARED;
	bool is_own = strcmp(mxw_target_org_domain(host->name), mxw_target_org_domain(target->domain)) == 0;
	return is_own ? MXW_ROLE_RECEIVER : MXW_ROLE_THIRD_PARTY;
}

static void add_host(struct mxw_reverses *reverses, const struct mxw_target *target, const struct mxw_mx_set *set,
		     size_t i)
{
	const struct mxw_mx_host *host = &set->hosts[i];
	enum mxw_reverse_role role = mxw_reverse_host_role(target, host);
	struct mxw_ip ip;
	for (size_t cursor = 0; mxw_host_next_address(host, &cursor, &ip);) {
		if (mxw_ip_special_block(&ip)) /* addr-private says it; no reverse zone outside knows the address */
			continue;
		struct mxw_reverse *reverse = find_or_add(reverses, &ip);
		if (!reverse) {
			reverses->beyond = MXW_MIN(reverses->beyond, role);
			continue;
		}
		reverse->hosts |= UINT32_C(1) << i;
		reverse->role = MXW_MIN(reverse->role, role);
	}
}

/* ---- confirmation ---- */

static bool maps_back(const struct mxw_answer *forward, const struct mxw_ip *ip)
{
	struct mxw_ip other;
	for (size_t i = 0; mxw_lookup_is(forward, MXW_OUTCOME_ANSWER) && i < forward->n_rrs; i++)
		if (mxw_rr_ip(&forward->rrs[i], &other) && mxw_ip_equal(&other, ip))
			return true;
	return false;
}

static const struct mxw_answer *forward_of(const struct mxw_reverse *reverse, size_t i,
					   const struct mxw_observation *observation)
{
	return mxw_observation_get(observation, mxw_reverse_name(reverse, i), mxw_reverse_type(reverse));
}

static enum mxw_fcrdns confirm(const struct mxw_reverse *reverse, const struct mxw_observation *observation)
{
	if (!mxw_lookup_is_determinate(reverse->ptr))
		return MXW_FCRDNS_UNKNOWN;
	enum mxw_fcrdns fcrdns = mxw_lookup_is(reverse->ptr, MXW_OUTCOME_ANSWER) ? MXW_FCRDNS_FAIL : MXW_FCRDNS_NONE;
	for (size_t i = 0; i < mxw_reverse_n_names(reverse); i++) {
		const struct mxw_answer *forward = forward_of(reverse, i, observation);
		if (maps_back(forward, &reverse->ip))
			return MXW_FCRDNS_PASS;
		if (!mxw_lookup_is_determinate(forward))
			fcrdns = MXW_FCRDNS_UNKNOWN;
	}
	return fcrdns;
}

enum mxw_vote mxw_reverse_confirmed_name(const struct mxw_reverse *reverse, const struct mxw_observation *observation,
					 const char **ret)
{
	if (!mxw_lookup_is_determinate(reverse->ptr))
		return MXW_VOTE_UNKNOWN;
	for (size_t i = 0; i < mxw_reverse_n_names(reverse); i++) {
		const struct mxw_answer *forward = forward_of(reverse, i, observation);
		*ret = mxw_reverse_name(reverse, i);
		if (maps_back(forward, &reverse->ip))
			return MXW_VOTE_YES;
		if (!mxw_lookup_is_determinate(forward))
			return MXW_VOTE_UNKNOWN;
	}
	return MXW_VOTE_NO;
}

void mxw_reverses_read(struct mxw_reverses *ret, const struct mxw_target *target, const struct mxw_mx_set *set,
		       const struct mxw_observation *observation)
{
	const struct mxw_profile *profile = target->profile;
	ret->n = 0;
	ret->beyond = MXW_N_ROLES;
	for (size_t i = 0; i < profile->n_send_ip; i++) {
		struct mxw_reverse *reverse = find_or_add(ret, &profile->send_ip[i]);
		if (!reverse) {
			ret->beyond = MXW_ROLE_DECLARED;
			break;
		}
		reverse->role = MXW_ROLE_DECLARED;
		reverse->is_send_ip = true;
	}
	for (size_t i = 0; i < set->n_hosts; i++)
		if (set->hosts[i].usable == MXW_USABLE_YES)
			add_host(ret, target, set, i);
	for (size_t i = 0; i < ret->n; i++) {
		struct mxw_reverse *reverse = &ret->items[i];
		reverse->ptr = mxw_observation_get(observation, reverse->name, MXW_TYPE_PTR);
		reverse->fcrdns = confirm(reverse, observation);
	}
}

bool mxw_reverses_ask(const struct mxw_reverses *reverses, const struct mxw_observation *observation,
		      struct mxw_missing *missing)
{
	bool complete = true;
	for (size_t i = 0; i < reverses->n; i++)
		complete &= mxw_observation_want(observation, missing, reverses->items[i].name, MXW_TYPE_PTR) != NULL;
	if (!complete)
		return false;
	for (size_t i = 0; i < reverses->n; i++) {
		const struct mxw_reverse *reverse = &reverses->items[i];
		for (size_t k = 0; k < mxw_reverse_n_names(reverse); k++)
			complete &= mxw_observation_want(observation, missing, mxw_reverse_name(reverse, k),
							 mxw_reverse_type(reverse)) != NULL;
	}
	return complete;
}

/* ---- who may send ---- */

int mxw_reverses_infer(struct mxw_reverses *reverses, const struct mxw_target *target, const struct mxw_mx_set *set,
		       const struct mxw_observation *observation, struct mxw_missing *missing)
{
	struct mxw_spf_host_result result = { 0 };
	bool waits[2] = { false, false };
	int r = 0;
	for (size_t i = 0; r == 0 && i < reverses->n; i++) {
		struct mxw_reverse *reverse = &reverses->items[i];
		bool is_v6 = reverse->ip.family == 6;
		if (reverse->role != MXW_ROLE_THIRD_PARTY || reverse->fcrdns == MXW_FCRDNS_PASS || waits[is_v6])
			continue;
		const char *helo = set->hosts[__builtin_ctz(reverse->hosts)].name;
		r = mxw_spf_host_check(target->domain, &reverse->ip, helo, observation, missing, &result);
		reverse->may_be_inferred = !result.is_decided;
		if (result.is_decided && result.evaluation.result == MXW_SPF_PASS)
			reverse->role = MXW_ROLE_INFERRED;
		waits[is_v6] = result.waits_with_others;
	}
	mxw_spf_host_result_done(&result);
	return r;
}
