/* Findings about the MX hosts of a domain together: how many, in which order, how many of them live; see mx_view.h. */
#include <string.h>

#include "lib/base/util.h"
#include "lib/check/lookup.h"
#include "lib/check/mx_view.h"
#include "lib/check/provider.h"
#include "lib/dns/name.h"

enum {
	MIN_TTL_S = 300,   /* below, every sender asks again and again (RFC 1912 2.2) */
	MAX_TTL_S = 86400, /* above, a change of the mail host takes more than a day */
	PREFERENCE_STEP = 10,
};

static bool is_target(const struct mxw_mx_host *host)
{
	return host->form != MXW_FORM_PROOF;
}

static void cite_hosts(const struct mxw_mx_view *view, struct mxw_finding *finding)
{
	for (size_t i = 0; i < view->set.n_hosts; i++) {
		const struct mxw_mx_host *host = &view->set.hosts[i];
		if (!mxw_host_is_asked(host))
			continue;
		mxw_finding_cite(view->judge.findings, finding, host->name, MXW_TYPE_A);
		mxw_finding_cite(view->judge.findings, finding, host->name, MXW_TYPE_AAAA);
	}
}

static void set_next_preference(const struct mxw_mx_view *view, struct mxw_finding *finding, uint16_t preference)
{
	unsigned next = MXW_MAX(preference + (unsigned)PREFERENCE_STEP, 20u);
	mxw_finding_setf(view->judge.findings, finding, "next_pref", "%u", MXW_MIN(next, (unsigned)UINT16_MAX));
}

/* ---- who is alive ---- */

static const char *reason_of(const struct mxw_mx_host *host)
{
	struct mxw_ip ip;
	size_t cursor = 0;
	switch (host->form) {
	case MXW_FORM_IP:
		return "is an IP address";
	case MXW_FORM_LOCALHOST:
		return "is the sender itself";
	case MXW_FORM_SPECIAL:
		return "is a special-use name";
	case MXW_FORM_SINGLE_LABEL:
		return "is a bare label";
	default:
		break;
	}
	if (mxw_host_next_address(host, &cursor, &ip))
		return "has non-public addresses only";
	if (mxw_lookup_has_alias(host->a) || mxw_lookup_has_alias(host->aaaa))
		return "is a broken alias";
	if (mxw_lookup_is(host->a, MXW_OUTCOME_NXDOMAIN) || mxw_lookup_is(host->aaaa, MXW_OUTCOME_NXDOMAIN))
		return "does not exist";
	return "has no address";
}

static void judge_all_dead(const struct mxw_mx_view *view)
{
	struct mxw_findings *findings = view->judge.findings;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf reasons = MXW_STRBUF_INIT;
	struct mxw_finding *finding = mxw_mx_judge_set(view, MXW_MX_ALL_DEAD);
	cite_hosts(view, finding);
	for (size_t i = 0; i < view->set.n_hosts; i++) {
		const struct mxw_mx_host *host = &view->set.hosts[i];
		if (is_target(host))
			mxw_strbuf_addf(&reasons, "%s%s %s", reasons.len ? ", " : "", host->name, reason_of(host));
	}
	mxw_finding_set(findings, finding, "reasons", mxw_strbuf_get(&reasons));
	mxw_mx_set_host(view, finding, &view->set.hosts[0]);
	findings->arena.failed |= mxw_strbuf_failed(&reasons);
	mxw_mx_set_candidate(view, finding);
}

/* The best usability among the hosts whose preference is the lowest (is_best) or higher. */
static enum mxw_usable usable_of(const struct mxw_mx_set *set, bool is_best, const struct mxw_mx_host **ret_host)
{
	enum mxw_usable usable = !is_best && set->has_more ? MXW_USABLE_UNKNOWN : MXW_USABLE_NO;
	*ret_host = NULL;
	for (size_t i = 0; i < set->n_hosts; i++) {
		const struct mxw_mx_host *host = &set->hosts[i];
		if (!is_target(host) || (host->preference == set->hosts[0].preference) != is_best)
			continue;
		if (!*ret_host || host->usable > usable)
			*ret_host = host;
		usable = MXW_MAX(usable, host->usable);
	}
	return usable;
}

static void judge_primary_dead(const struct mxw_mx_view *view)
{
	const struct mxw_mx_host *primary, *backup;
	struct mxw_findings *findings = view->judge.findings;
	enum mxw_usable best = usable_of(&view->set, true, &primary), other = usable_of(&view->set, false, &backup);
	if (best == MXW_USABLE_YES || other == MXW_USABLE_NO)
		return;
	if (best == MXW_USABLE_UNKNOWN || other == MXW_USABLE_UNKNOWN) {
		mxw_judge_unknown(&view->judge, MXW_MX_PRIMARY_DEAD, view->target->domain, MXW_WARNING);
		return;
	}
	struct mxw_finding *finding = mxw_mx_judge_set(view, MXW_MX_PRIMARY_DEAD);
	cite_hosts(view, finding);
	mxw_finding_setf(findings, finding, "dead", "%zu", mxw_mx_set_count_usable(&view->set, MXW_USABLE_NO));
	mxw_mx_set_host(view, finding, primary);
	mxw_finding_setf(findings, finding, "pref", "%u", primary->preference);
	mxw_finding_set(findings, finding, "mx", backup->name);
	mxw_finding_setf(findings, finding, "mx_pref", "%u", backup->preference);
	mxw_mx_set_candidate(view, finding);
}

static void judge_alive(const struct mxw_mx_view *view)
{
	if (mxw_mx_set_count_usable(&view->set, MXW_USABLE_YES)) {
		judge_primary_dead(view);
	} else if (mxw_mx_set_count_usable(&view->set, MXW_USABLE_UNKNOWN) || view->set.has_more) {
		mxw_judge_unknown(&view->judge, MXW_MX_ALL_DEAD, view->target->domain, MXW_CRITICAL);
		judge_primary_dead(view);
	} else {
		judge_all_dead(view);
	}
}

/* ---- order and number ---- */

/* A name below the organisational domain that says "I am the second one". */
static bool is_standby_name(const char *name)
{
	static const char *const words[] = { "backup", "secondary", "fallback", "relay" };
	const char *org = mxw_target_org_domain(name);
	size_t n = (size_t)(org - name);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(words); i++)
		if (memmem(name, n, words[i], strlen(words[i])))
			return true;
	for (const char *at = name; (at = memmem(at, n - (size_t)(at - name), "mx2", 3)) != NULL; at++)
		if (at[3] < '0' || at[3] > '9')
			return true;
	return false;
}

static void judge_equal_priority(const struct mxw_mx_view *view)
{
	const struct mxw_mx_set *set = &view->set;
	const struct mxw_mx_host *standby = NULL, *last = NULL;
	for (size_t i = 0; i < set->n_hosts; i++) {
		const struct mxw_mx_host *host = &set->hosts[i];
		if (!is_target(host))
			continue;
		if (host->worst_preference != set->hosts[0].preference)
			return;
		last = host;
		if (!standby && is_standby_name(host->name))
			standby = host;
	}
	/* Records are sorted: the last one tells about the hosts that were not read. */
	if (!last || mxw_mx_set_n_targets(set) < 2 ||
	    (set->has_more && set->answer->rrs[set->answer->n_rrs - 1].preference != last->preference))
		return;
	enum mxw_topology topology = view->target->profile->topology;
	struct mxw_finding *finding = mxw_mx_judge_set(view, MXW_MX_EQUAL_PRIORITY);
	if (topology == MXW_TOPOLOGY_FAILOVER || (topology == MXW_TOPOLOGY_AUTO && standby))
		finding->severity = MXW_WARNING;
	mxw_finding_set(view->judge.findings, finding, "mx", standby ? standby->name : last->name);
	set_next_preference(view, finding, last->preference);
}

static void judge_single(const struct mxw_mx_view *view)
{
	const struct mxw_mx_host *host = &view->set.hosts[0];
	if (mxw_mx_set_n_targets(&view->set) != 1 || view->set.has_more)
		return;
	size_t n4 = mxw_host_count_addresses(host, 4), n6 = mxw_host_count_addresses(host, 6);
	bool is_many = n4 > 1 || n6 > 1 || mxw_provider_is_known(host->name, view->options);
	if (mxw_host_is_open(host) && !is_many) { /* how much it weighs depends on the address that was not seen */
		mxw_judge_unknown(&view->judge, MXW_MX_SINGLE, view->target->domain, MXW_WARNING);
		return;
	}
	struct mxw_finding *finding = mxw_mx_judge_set(view, MXW_MX_SINGLE);
	cite_hosts(view, finding);
	if (is_many)
		finding->severity = MXW_INFO;
	mxw_mx_set_host(view, finding, host);
	mxw_finding_setf(view->judge.findings, finding, "n4", "%zu", n4);
	mxw_finding_setf(view->judge.findings, finding, "n6", "%zu", n6);
	set_next_preference(view, finding, host->worst_preference);
}

static void judge_duplicates(const struct mxw_mx_view *view)
{
	for (size_t i = 0; i < view->set.n_hosts; i++) {
		const struct mxw_mx_host *host = &view->set.hosts[i];
		if (host->n_rrs < 2)
			continue;
		struct mxw_findings *findings = view->judge.findings;
		struct mxw_finding *finding = mxw_judge_yes(&view->judge, MXW_MX_DUPLICATE, host->name);
		mxw_finding_set(findings, finding, "mx", host->name);
		mxw_finding_setf(findings, finding, "n", "%u", host->n_rrs);
		mxw_mx_set_place(view, finding);
		mxw_finding_setf(findings, finding, "worse", "%u", host->worst_preference);
		mxw_finding_cite(findings, finding, view->target->domain, MXW_TYPE_MX);
	}
}

/* ---- all is well ---- */

static void judge_ok(const struct mxw_mx_view *view)
{
	struct mxw_findings *findings = view->judge.findings;
	bool is_open = false;
	for (size_t i = 0; i < findings->n; i++) {
		const struct mxw_finding *row = findings->items[i];
		if (row->severity < MXW_WARNING)
			continue;
		if (row->vote == MXW_VOTE_YES)
			return;
		is_open = true;
	}
	size_t n_usable = mxw_mx_set_count_usable(&view->set, MXW_USABLE_YES);
	if (!n_usable && !mxw_mx_set_count_usable(&view->set, MXW_USABLE_UNKNOWN))
		return;
	if (is_open || !n_usable) {
		mxw_judge_unknown(&view->judge, MXW_MX_OK, view->target->domain, MXW_OK);
		return;
	}
	struct mxw_finding *finding = mxw_mx_judge_set(view, MXW_MX_OK);
	cite_hosts(view, finding);
	mxw_finding_setf(findings, finding, "usable", "%zu", n_usable);
}

void mxw_mx_judge_order(const struct mxw_mx_view *view)
{
	const struct mxw_mx_set *set = &view->set;
	if (set->ttl < MIN_TTL_S || set->ttl > MAX_TTL_S) {
		struct mxw_finding *finding = mxw_mx_judge_set(view, MXW_MX_TTL);
		mxw_finding_setf(view->judge.findings, finding, "ttl", "%u", (unsigned)set->ttl);
	}
	if (!mxw_mx_set_n_targets(set))
		return;
	judge_alive(view);
	judge_duplicates(view);
	if (!set->n_null) { /* the root is an exchange too: beside it nothing is single, nor in any order */
		judge_equal_priority(view);
		judge_single(view);
	}
	judge_ok(view);
}
