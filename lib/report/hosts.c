/* Mail hosts read from a round's answers; see hosts.h. Judges nothing: that is the checks' work. */
#include "lib/report/hosts.h"

#include "lib/base/ip.h"

static const uint16_t address_types[] = { MXW_TYPE_A, MXW_TYPE_AAAA };

/* The observation and MX answer of the first resolver that has one with real hosts. */
static const struct mxw_answer *mx_answer(const struct mxw_round *round, const struct mxw_observation **ret_observation)
{
	const struct mxw_round_spec *spec = mxw_round_get_spec(round);
	for (size_t view = 0; view < spec->n_views; view++) {
		const struct mxw_observation *observation = mxw_round_observation(round, view);
		const struct mxw_answer *answer =
			observation ? mxw_observation_get(observation, spec->target.domain, MXW_TYPE_MX) : NULL;
		if (!answer || answer->outcome != MXW_OUTCOME_ANSWER)
			continue;
		*ret_observation = observation;
		return answer;
	}
	return NULL;
}

static bool is_host(const struct mxw_rr *rr)
{
	return rr->type == MXW_TYPE_MX && rr->name && !mxw_name_is_root(rr->name);
}

static void add_addresses(const struct mxw_observation *observation, const char *host, struct mxw_strbuf *ret)
{
	unsigned n = 0;
	for (size_t t = 0; t < MXW_ARRAY_SIZE(address_types); t++) {
		const struct mxw_answer *answer = mxw_observation_get(observation, host, address_types[t]);
		for (size_t i = 0; answer && i < answer->n_rrs; i++) {
			struct mxw_ip ip;
			char text[MXW_IP_TEXT_MAX];
			if (n == MXW_HOSTS_MAX_SHOWN || !mxw_rr_ip(&answer->rrs[i], &ip))
				continue;
			mxw_ip_format(&ip, text);
			mxw_strbuf_addf(ret, "%s%s", n++ ? ", " : " (", text);
		}
	}
	if (n)
		mxw_strbuf_addc(ret, ')');
}

void mxw_report_hosts(const struct mxw_round *round, struct mxw_strbuf *ret)
{
	const struct mxw_observation *observation = NULL;
	const struct mxw_answer *mx = mx_answer(round, &observation);
	unsigned n = 0;
	for (size_t i = 0; mx && i < mx->n_rrs; i++) {
		const struct mxw_rr *rr = &mx->rrs[i];
		if (!is_host(rr) || n++ >= MXW_HOSTS_MAX_SHOWN)
			continue;
		mxw_strbuf_addf(ret, "%s%u %s", n > 1 ? ", " : "", rr->preference, rr->name);
		add_addresses(observation, rr->name, ret);
	}
	if (n > MXW_HOSTS_MAX_SHOWN)
		mxw_strbuf_addf(ret, " and %u more", n - MXW_HOSTS_MAX_SHOWN);
}

static bool resolves_to(const struct mxw_observation *observation, const char *name, const struct mxw_ip *ip)
{
	const struct mxw_answer *answer = mxw_observation_get(observation, name,
							      ip->family == 4 ? MXW_TYPE_A : MXW_TYPE_AAAA);
	for (size_t i = 0; answer && i < answer->n_rrs; i++) {
		struct mxw_ip other;
		if (mxw_rr_ip(&answer->rrs[i], &other) && mxw_ip_equal(&other, ip))
			return true;
	}
	return false;
}

/* Counts one address if its reverse name was asked for: does any of its names lead back (RFC 8601 2.7.3)? */
static void count_address(const struct mxw_observation *observation, const struct mxw_ip *ip, unsigned *n_asked,
			  unsigned *n_good)
{
	char reverse[MXW_IP_REVERSE_MAX];
	mxw_ip_reverse_name(ip, reverse);
	const struct mxw_answer *answer = mxw_observation_get(observation, reverse, MXW_TYPE_PTR);
	if (!answer)
		return;
	(*n_asked)++;
	for (size_t i = 0; i < answer->n_rrs; i++) {
		if (answer->rrs[i].name && resolves_to(observation, answer->rrs[i].name, ip)) {
			(*n_good)++;
			return;
		}
	}
}

void mxw_report_reverse(const struct mxw_round *round, struct mxw_strbuf *ret)
{
	const struct mxw_observation *observation = NULL;
	const struct mxw_answer *mx = mx_answer(round, &observation);
	unsigned n_asked = 0, n_good = 0;
	for (size_t i = 0; mx && i < mx->n_rrs; i++) {
		for (size_t t = 0; is_host(&mx->rrs[i]) && t < MXW_ARRAY_SIZE(address_types); t++) {
			const struct mxw_answer *answer = mxw_observation_get(observation, mx->rrs[i].name,
									      address_types[t]);
			for (size_t k = 0; answer && k < answer->n_rrs; k++) {
				struct mxw_ip ip;
				if (mxw_rr_ip(&answer->rrs[k], &ip))
					count_address(observation, &ip, &n_asked, &n_good);
			}
		}
	}
	if (n_asked)
		mxw_strbuf_addf(ret, "%u of %u address%s lead%s back", n_good, n_asked, n_asked == 1 ? "" : "es",
				n_asked == 1 ? "s" : "");
}
