/* The check mx: the MX record set of a domain and the hosts it names (findings.md 5).
 *
 * Asked in this order, each line at once: the MX records; the addresses of all hosts, or what the absence of MX makes
 * necessary; then names that only make a fix better. The judges of single hosts are in mx_target.c, those of the hosts
 * together in mx_order.c. */
#include <errno.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/check/candidate.h"
#include "lib/check/check.h"
#include "lib/check/lookup.h"
#include "lib/check/mx_view.h"
#include "lib/check/place.h"
#include "lib/check/profile.h"

/* ---- asking ---- */

static bool has_dead_host(const struct mxw_mx_set *set)
{
	return mxw_mx_set_count_usable(set, MXW_USABLE_NO) > 0;
}

/* A null MX is judged together with who may send mail of the domain. Says whether a real mail host would be the fix. */
static int ask_null(const struct mxw_mx_view *view, struct mxw_missing *missing, bool *ret_needs_candidate)
{
	const struct mxw_profile *profile = view->target->profile;
	*ret_needs_candidate = true;
	if (profile->receive == MXW_YES || profile->send == MXW_YES)
		return 0;
	return mxw_profile_authorises(
		mxw_observation_want(view->observation, missing, view->target->domain, MXW_TYPE_TXT),
		ret_needs_candidate);
}

static int ask(const struct mxw_target *target, const struct mxw_values *options,
	       const struct mxw_observation *observation, uint64_t seed, struct mxw_missing *ret)
{
	struct mxw_mx_view view = { .target = target, .options = options, .observation = observation };
	bool complete = mxw_mx_set_ask(&view.set, target->domain, observation, ret);
	bool needs_candidate = false;
	int r = 0;
	if (mxw_lookup_has_alias(view.set.answer))
		mxw_observation_want(observation, ret, target->domain, MXW_TYPE_SOA);
	if (mxw_lookup_is(view.set.answer, MXW_OUTCOME_NODATA)) {
		mxw_observation_want(observation, ret, target->domain, MXW_TYPE_A);
		mxw_observation_want(observation, ret, target->domain, MXW_TYPE_AAAA);
		needs_candidate = true;
	} else if (mxw_mx_set_is_null(&view.set)) {
		r = ask_null(&view, ret, &needs_candidate);
	} else if (complete) {
		mxw_mx_ask_targets(&view, ret);
		needs_candidate = has_dead_host(&view.set);
	}
	if (needs_candidate)
		mxw_candidate_ask(target, observation, ret);
	return ret->failed ? -ENOMEM : r;
}

/* ---- what the judges share ---- */

void mxw_mx_set_place(const struct mxw_mx_view *view, struct mxw_finding *finding)
{
	mxw_place_set(view->judge.findings, finding, view->target->domain, view->set.answer);
}

static struct mxw_finding *judge_domain(const struct mxw_mx_view *view, enum mxw_mx_row row)
{
	struct mxw_finding *finding = mxw_judge_yes(&view->judge, row, view->target->domain);
	mxw_finding_cite(view->judge.findings, finding, view->target->domain, MXW_TYPE_MX);
	mxw_mx_set_place(view, finding);
	return finding;
}

struct mxw_finding *mxw_mx_judge_set(const struct mxw_mx_view *view, enum mxw_mx_row row)
{
	const struct mxw_mx_set *set = &view->set;
	const struct mxw_rr *best = &set->answer->rrs[0];
	struct mxw_findings *findings = view->judge.findings;
	struct mxw_finding *finding = judge_domain(view, row);
	mxw_finding_setf(findings, finding, "n", "%zu",
			 set->has_more ? set->n_rrs - set->n_null : mxw_mx_set_n_targets(set));
	mxw_finding_setf(findings, finding, "pref", "%u", best->preference);
	mxw_finding_set(findings, finding, "mx",
			mxw_name_is_root(best->name) ? "" : best->name); /* templates write "{mx}." */
	return finding;
}

void mxw_mx_set_candidate(const struct mxw_mx_view *view, struct mxw_finding *finding)
{
	mxw_candidate_set(view->judge.findings, finding, view->target, &view->set, view->observation);
}

/* The severity that a row would have, as far as the configuration decides it. */
static enum mxw_severity severity_of(const struct mxw_mx_view *view, enum mxw_mx_row row)
{
	const struct mxw_profile *profile = view->target->profile;
	bool is_declared_deaf = profile->receive == MXW_NO;
	switch (row) {
	case MXW_MX_NONE:
		return is_declared_deaf ? MXW_OK : MXW_CRITICAL;
	case MXW_MX_NXDOMAIN:
		return is_declared_deaf ? MXW_WARNING : MXW_CRITICAL;
	case MXW_MX_NULL_NONZERO:
		return is_declared_deaf ? MXW_INFO : MXW_WARNING;
	case MXW_MX_TARGET_CNAME:
		return profile->strict ? MXW_CRITICAL : MXW_WARNING;
	case MXW_MX_EQUAL_PRIORITY:
		return profile->topology == MXW_TOPOLOGY_FAILOVER ? MXW_WARNING : MXW_INFO;
	default:
		return mxw_mx_findings[row].severity;
	}
}

/* The configuration alone says that the row cannot hold. */
static bool is_ruled_out(const struct mxw_mx_view *view, enum mxw_mx_row row)
{
	enum mxw_choice receive = view->target->profile->receive;
	switch (row) {
	case MXW_MX_NULL:
	case MXW_MX_NULL_BUT_SENDS:
		return receive == MXW_YES;
	case MXW_MX_NULL_UNEXPECTED:
		return receive != MXW_YES;
	case MXW_MX_NULL_RECOMMENDED:
	case MXW_MX_UNEXPECTED:
		return receive != MXW_NO;
	default:
		return false;
	}
}

/* ---- no answer, no record, no name ---- */

static void judge_failed(const struct mxw_mx_view *view)
{
	for (enum mxw_mx_row row = 0; row < MXW_MX_N_ROWS; row++)
		if (!is_ruled_out(view, row) && (row != MXW_MX_DOMAIN_CNAME || !mxw_lookup_has_alias(view->set.answer)))
			mxw_judge_unknown(&view->judge, row, "", severity_of(view, row));
}

static void judge_implicit(const struct mxw_mx_view *view, const struct mxw_answer *address, uint16_t type)
{
	struct mxw_findings *findings = view->judge.findings;
	struct mxw_finding *finding = judge_domain(view, MXW_MX_IMPLICIT);
	char text[MXW_IP_TEXT_MAX] = "";
	struct mxw_ip ip;
	if (address->n_rrs && mxw_rr_ip(&address->rrs[0], &ip))
		mxw_ip_format(&ip, text);
	mxw_finding_set(findings, finding, "ip", text);
	mxw_finding_set(findings, finding, "addrtype", type == MXW_TYPE_A ? "A" : "AAAA");
	mxw_finding_cite(findings, finding, view->target->domain, type);
	mxw_mx_set_candidate(view, finding);
}

static void judge_none(const struct mxw_mx_view *view)
{
	struct mxw_finding *finding = judge_domain(view, MXW_MX_NONE);
	finding->severity = severity_of(view, MXW_MX_NONE);
	mxw_finding_cite(view->judge.findings, finding, view->target->domain, MXW_TYPE_A);
	mxw_finding_cite(view->judge.findings, finding, view->target->domain, MXW_TYPE_AAAA);
	mxw_judge_set_denial(&view->judge, finding, view->set.answer);
	mxw_mx_set_candidate(view, finding);
}

static void judge_nodata(const struct mxw_mx_view *view)
{
	const char *domain = view->target->domain;
	const struct mxw_answer *a = mxw_observation_get(view->observation, domain, MXW_TYPE_A);
	const struct mxw_answer *aaaa = mxw_observation_get(view->observation, domain, MXW_TYPE_AAAA);
	mxw_lookup_judge(view->judge.findings, domain, MXW_TYPE_A, a, true);
	mxw_lookup_judge(view->judge.findings, domain, MXW_TYPE_AAAA, aaaa, true);
	if (mxw_lookup_is(a, MXW_OUTCOME_ANSWER)) {
		judge_implicit(view, a, MXW_TYPE_A);
	} else if (mxw_lookup_is(aaaa, MXW_OUTCOME_ANSWER)) {
		judge_implicit(view, aaaa, MXW_TYPE_AAAA);
	} else if (mxw_lookup_is_absent(a) && mxw_lookup_is_absent(aaaa)) {
		judge_none(view);
	} else {
		mxw_judge_unknown(&view->judge, MXW_MX_NONE, domain, severity_of(view, MXW_MX_NONE));
		mxw_judge_unknown(&view->judge, MXW_MX_IMPLICIT, domain, MXW_WARNING);
	}
	/* Either mx-none or mx-implicit holds, whatever the address lookups said. */
	if (view->receive == MXW_NO)
		judge_domain(view, MXW_MX_NULL_RECOMMENDED);
}

static void judge_nxdomain(const struct mxw_mx_view *view)
{
	if (mxw_lookup_has_alias(view->set.answer))
		return; /* it is the alias that leads nowhere: mx-domain-cname */
	struct mxw_finding *finding = judge_domain(view, MXW_MX_NXDOMAIN);
	finding->severity = severity_of(view, MXW_MX_NXDOMAIN);
	mxw_finding_set(view->judge.findings, finding, "org", mxw_target_org_domain(view->target->domain));
	mxw_judge_set_denial(&view->judge, finding, view->set.answer);
	mxw_mx_set_candidate(view, finding);
}

/* ---- null MX ---- */

static int judge_null_but_sends(const struct mxw_mx_view *view)
{
	const char *domain = view->target->domain;
	const struct mxw_answer *txt = mxw_observation_get(view->observation, domain, MXW_TYPE_TXT);
	bool sends = view->target->profile->send == MXW_YES;
	if (!sends && !mxw_lookup_is_settled(txt)) {
		mxw_judge_unknown(&view->judge, MXW_MX_NULL_BUT_SENDS, domain, MXW_WARNING);
		return 0;
	}
	int r = sends ? 0 : mxw_profile_authorises(txt, &sends);
	if (sends) {
		struct mxw_finding *finding = judge_domain(view, MXW_MX_NULL_BUT_SENDS);
		mxw_finding_cite(view->judge.findings, finding, domain, MXW_TYPE_TXT);
		mxw_mx_set_candidate(view, finding);
	}
	return r;
}

static int judge_null(const struct mxw_mx_view *view)
{
	const struct mxw_mx_set *set = &view->set;
	struct mxw_finding *finding;
	if (!set->n_null)
		return 0;
	if (set->n_rrs > 1) {
		finding = mxw_mx_judge_set(view, MXW_MX_NULL_MIXED);
		mxw_finding_setf(view->judge.findings, finding, "n", "%zu", set->n_rrs);
		for (size_t i = 0; i < set->answer->n_rrs; i++)
			if (mxw_name_is_root(set->answer->rrs[i].name))
				mxw_finding_setf(view->judge.findings, finding, "pref", "%u",
						 set->answer->rrs[i].preference);
	} else if (!mxw_mx_set_is_null(set)) {
		finding = mxw_mx_judge_set(view, MXW_MX_NULL_NONZERO);
		finding->severity = severity_of(view, MXW_MX_NULL_NONZERO);
	} else if (view->receive == MXW_YES) {
		finding = judge_domain(view, MXW_MX_NULL_UNEXPECTED);
		mxw_mx_set_candidate(view, finding);
	} else {
		judge_domain(view, MXW_MX_NULL);
		return judge_null_but_sends(view);
	}
	return 0;
}

static int judge_answer(const struct mxw_mx_view *view)
{
	int r = judge_null(view);
	if (r < 0)
		return r;
	if (view->receive == MXW_NO && mxw_mx_set_n_targets(&view->set)) {
		struct mxw_finding *finding = mxw_mx_judge_set(view, MXW_MX_UNEXPECTED);
		mxw_finding_set(view->judge.findings, finding, "mx", view->set.hosts[0].name);
	}
	mxw_mx_judge_targets(view);
	mxw_mx_judge_order(view);
	return 0;
}

/* ---- the domain as an alias ---- */

/* Whether the domain is the apex of a zone. A resolver follows the alias for SOA as well; one that does not shows the
 * apex: a SOA record beside the CNAME. */
static enum mxw_vote is_apex(const struct mxw_mx_view *view)
{
	const char *domain = view->target->domain;
	const struct mxw_answer *soa = mxw_observation_get(view->observation, domain, MXW_TYPE_SOA);
	if (mxw_lookup_has_alias(soa))
		return MXW_VOTE_NO;
	if (!mxw_lookup_is_settled(soa))
		return MXW_VOTE_UNKNOWN;
	bool owns_soa = soa->outcome == MXW_OUTCOME_ANSWER || (soa->soa_owner && strcmp(soa->soa_owner, domain) == 0);
	return owns_soa ? MXW_VOTE_YES : MXW_VOTE_NO;
}

/* Whether mail finds neither MX nor address at the end of the alias. */
static enum mxw_vote leads_nowhere(const struct mxw_mx_view *view)
{
	const char *domain = view->target->domain;
	const struct mxw_answer *a = mxw_observation_get(view->observation, domain, MXW_TYPE_A);
	const struct mxw_answer *aaaa = mxw_observation_get(view->observation, domain, MXW_TYPE_AAAA);
	if (mxw_lookup_is(view->set.answer, MXW_OUTCOME_NXDOMAIN))
		return MXW_VOTE_YES;
	if (!mxw_lookup_is(view->set.answer, MXW_OUTCOME_NODATA) || mxw_lookup_is(a, MXW_OUTCOME_ANSWER) ||
	    mxw_lookup_is(aaaa, MXW_OUTCOME_ANSWER))
		return MXW_VOTE_NO;
	return mxw_lookup_is_absent(a) && mxw_lookup_is_absent(aaaa) ? MXW_VOTE_YES : MXW_VOTE_UNKNOWN;
}

static void judge_domain_alias(const struct mxw_mx_view *view)
{
	struct mxw_findings *findings = view->judge.findings;
	enum mxw_vote dead_end = leads_nowhere(view), apex = is_apex(view);
	char candidate[MXW_NAME_TEXT_MAX];
	/* It holds for sure; how much it weighs is what a failed lookup would tell. */
	if (dead_end == MXW_VOTE_UNKNOWN || (dead_end == MXW_VOTE_NO && apex == MXW_VOTE_UNKNOWN)) {
		mxw_judge_unknown(&view->judge, MXW_MX_DOMAIN_CNAME, view->target->domain,
				  dead_end == MXW_VOTE_UNKNOWN ? MXW_CRITICAL : MXW_WARNING);
		return;
	}
	struct mxw_finding *finding = judge_domain(view, MXW_MX_DOMAIN_CNAME);
	if (dead_end == MXW_VOTE_YES)
		finding->severity = MXW_CRITICAL;
	else if (apex == MXW_VOTE_YES)
		finding->severity = MXW_WARNING;
	mxw_judge_set_chain(&view->judge, finding, view->target->domain, view->set.answer);
	mxw_finding_cite(findings, finding, view->target->domain, MXW_TYPE_SOA);
	if (view->set.n_hosts) {
		mxw_finding_set(findings, finding, "mx", view->set.hosts[0].name);
		mxw_finding_setf(findings, finding, "pref", "%u", view->set.hosts[0].preference);
	} else {
		mxw_candidate_find(view->target, &view->set, view->observation, candidate);
		mxw_finding_set(findings, finding, "mx", candidate);
		mxw_finding_set(findings, finding, "pref", "10");
	}
}

/* ---- judging ---- */

static int judge(const struct mxw_target *target, const struct mxw_values *options,
		 const struct mxw_observation *observation, struct mxw_findings *ret)
{
	int r = 0;
	struct mxw_mx_view view = {
		.judge = { .findings = ret, .rows = mxw_mx_findings, .domain = target->domain },
		.target = target,
		.options = options,
		.observation = observation,
	};
	mxw_mx_set_read(&view.set, target->domain, observation);
	view.receive = mxw_profile_receive(target->profile, &view.set);
	mxw_lookup_judge(ret, target->domain, MXW_TYPE_MX, view.set.answer, true);
	if (mxw_lookup_has_alias(view.set.answer))
		judge_domain_alias(&view); /* first: mx-ok looks at all that was found */
	if (!mxw_lookup_is_settled(view.set.answer))
		judge_failed(&view);
	else if (view.set.answer->outcome == MXW_OUTCOME_NODATA)
		judge_nodata(&view);
	else if (view.set.answer->outcome == MXW_OUTCOME_NXDOMAIN)
		judge_nxdomain(&view);
	else
		r = judge_answer(&view);
	return mxw_findings_failed(ret) ? -ENOMEM : r;
}

static const struct mxw_option options_rows[] = {
	{
		.name = "providers",
		.type = MXW_OPTION_TEXTS,
		.min = 1,
		.max = MXW_NAME_TEXT_MAX - 1,
		.doc = "Further host name suffixes of providers that serve one MX name from many machines: a single MX "
		       "record that "
		       "names a host below one of them is advice only (mx-single).",
	},
	{ 0 },
};

const struct mxw_check mxw_check_mx = {
	.name = "mx",
	.doc = "The MX records of the domain: do they exist, do they name hosts that mail can reach, in a sensible "
	       "order?",
	.options = options_rows,
	.findings = mxw_mx_findings,
	.ask = ask,
	.judge = judge,
};
