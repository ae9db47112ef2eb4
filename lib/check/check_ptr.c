/* The check ptr: reverse DNS of the hosts that send or may send mail of the domain (findings.md 7).
 *
 * Asked in this order, each line at once: MX and SPF records; addresses of the MX hosts; PTR records; the addresses of
 * the names in them; for hosts of others without confirmed reverse DNS what SPF needs to tell whether they may send.
 * Subject of every finding: the address. */
#include <errno.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/check/check.h"
#include "lib/check/judge.h"
#include "lib/check/lookup.h"
#include "lib/check/place.h"
#include "lib/check/profile.h"
#include "lib/check/ptr_findings.h"
#include "lib/check/reverse.h"
#include "lib/check/reverse_name.h"

enum { MANY_NAMES = 10 }; /* more PTR records than this are a warning (RFC 7208 4.6.4 reads ten) */

/* Severity by role: declared, own MX host, MX host of others that SPF lets send, MX host of others; MXW_OFF: not told. The
 * names that others give to their hosts are theirs, also where these may send: never more than advice. */
static const enum mxw_severity severities[MXW_PTR_N_ROWS][MXW_N_ROLES] = {
	[MXW_PTR_NONE] = { MXW_CRITICAL, MXW_WARNING, MXW_WARNING, MXW_INFO },
	[MXW_PTR_NO_FCRDNS] = { MXW_CRITICAL, MXW_WARNING, MXW_WARNING, MXW_INFO },
	[MXW_PTR_MISMATCH] = { MXW_WARNING, MXW_WARNING, MXW_INFO, MXW_INFO },
	[MXW_PTR_GENERIC] = { MXW_WARNING, MXW_INFO, MXW_OFF, MXW_OFF },
	[MXW_PTR_MALFORMED] = { MXW_WARNING, MXW_INFO, MXW_INFO, MXW_INFO },
	[MXW_PTR_CNAME_BROKEN] = { MXW_CRITICAL, MXW_WARNING, MXW_WARNING, MXW_INFO },
	[MXW_PTR_MULTIPLE] = { MXW_INFO, MXW_INFO, MXW_INFO, MXW_INFO },
	[MXW_PTR_V6_GAP] = { MXW_CRITICAL, MXW_WARNING, MXW_WARNING, MXW_INFO },
	[MXW_PTR_LOOKUP_FAILED] = { MXW_UNKNOWN, MXW_UNKNOWN, MXW_UNKNOWN, MXW_UNKNOWN },
};

struct view {
	struct mxw_judge judge;
	const struct mxw_observation *observation;
	const struct mxw_mx_set *set;
	const struct mxw_reverses *reverses;
	enum mxw_choice send;
	bool may_authorise; /* the SPF record lets somebody send, or it is not to be seen */
};

/* ---- asking ---- */

static int ask(const struct mxw_target *target, const struct mxw_values *options,
	       const struct mxw_observation *observation, uint64_t seed, struct mxw_missing *ret)
{
	struct mxw_mx_set set;
	struct mxw_reverses reverses;
	int r = 0;
	if (target->profile->send != MXW_NO)
		mxw_observation_want(observation, ret, target->domain, MXW_TYPE_TXT);
	if (mxw_mx_set_ask(&set, target->domain, observation, ret)) {
		mxw_reverses_read(&reverses, target, &set, observation);
		if (mxw_reverses_ask(&reverses, observation, ret) && target->profile->send != MXW_NO)
			r = mxw_reverses_infer(&reverses, target, &set, observation, ret);
	}
	return ret->failed ? -ENOMEM : r;
}

/* ---- adding rows ---- */

/* MX hosts of a domain that sends no mail only receive: their reverse DNS is advice. */
static enum mxw_severity severity_of(const struct view *view, enum mxw_ptr_row row, enum mxw_reverse_role role)
{
	enum mxw_severity severity = severities[row][role];
	if (view->send == MXW_NO && role != MXW_ROLE_DECLARED && severity != MXW_OFF && severity > MXW_UNKNOWN)
		return MXW_INFO;
	return severity;
}

/* The name to publish for the address: the first that is one of a host. */
static const char *host_name(const struct view *view, const struct mxw_reverse *reverse)
{
	for (size_t i = 0; i < view->set->n_hosts; i++)
		if ((reverse->hosts >> i & 1) && view->set->hosts[i].form == MXW_FORM_HOSTNAME)
			return view->set->hosts[i].name;
	return "<your-mail-host>";
}

/* {mx}: the name to publish; {host}: who the address is; {rev}: the name of the address; {owner}: where its PTR record
 * belongs, which is elsewhere in a classless delegation (RFC 2317 4). */
static void set_names(const struct view *view, struct mxw_finding *finding, const struct mxw_reverse *reverse)
{
	struct mxw_findings *findings = view->judge.findings;
	bool is_loop = mxw_lookup_is(reverse->ptr, MXW_OUTCOME_LOOP);
	mxw_finding_set(findings, finding, "mx", host_name(view, reverse));
	mxw_finding_set(findings, finding, "host",
			reverse->hosts ? view->set->hosts[__builtin_ctz(reverse->hosts)].name : "declared sender");
	mxw_finding_set(findings, finding, "rev", reverse->name);
	mxw_finding_set(findings, finding, "owner",
			is_loop ? reverse->name : mxw_place_end(reverse->name, reverse->ptr));
}

static struct mxw_finding *add(const struct view *view, enum mxw_ptr_row row, const struct mxw_reverse *reverse)
{
	struct mxw_findings *findings = view->judge.findings;
	struct mxw_finding *finding = mxw_judge_yes(&view->judge, row, reverse->text);
	finding->severity = severity_of(view, row, reverse->role);
	mxw_finding_set(findings, finding, "ip", reverse->text);
	mxw_finding_set(findings, finding, "addrtype", reverse->ip.family == 4 ? "A" : "AAAA");
	mxw_finding_setf(findings, finding, "n", "%zu", mxw_reverse_n_names(reverse));
	if (mxw_reverse_n_names(reverse))
		mxw_finding_set(findings, finding, "ptr", mxw_reverse_name(reverse, 0));
	set_names(view, finding, reverse);
	mxw_finding_cite(findings, finding, reverse->name, MXW_TYPE_PTR);
	return finding;
}

/* The role that counts for what is not known: a failed lookup must not make a finding milder. */
static enum mxw_reverse_role worst_role(const struct mxw_reverse *reverse)
{
	return reverse->may_be_inferred ? MXW_ROLE_INFERRED : reverse->role;
}

static void add_unknown(const struct view *view, enum mxw_ptr_row row, const struct mxw_reverse *reverse)
{
	enum mxw_severity severity = severity_of(view, row, worst_role(reverse));
	if (severity == MXW_OFF)
		return;
	mxw_judge_unknown(&view->judge, row, reverse->text, severity);
}

/* As add(), at the severity of `weight`. It holds for sure; where a failed lookup hides how much it weighs the row is added
 * as unknown and NULL returned. */
static struct mxw_finding *add_weighed(const struct view *view, enum mxw_ptr_row row, enum mxw_ptr_row weight,
				       const struct mxw_reverse *reverse)
{
	enum mxw_severity severity = severity_of(view, weight, reverse->role);
	enum mxw_severity worst = severity_of(view, weight, worst_role(reverse));
	if (severity != worst) {
		mxw_judge_unknown(&view->judge, row, reverse->text, worst);
		return NULL;
	}
	struct mxw_finding *finding = add(view, row, reverse);
	finding->severity = severity;
	return finding;
}

/* {forward}: the name to give the address to, the first that is one; the root, "localhost" and names of the reverse zone
 * cannot have it, and then the host itself must. */
static void set_forward(const struct view *view, struct mxw_finding *finding, const struct mxw_reverse *reverse)
{
	const char *forward = host_name(view, reverse);
	for (size_t i = 0; i < mxw_reverse_n_names(reverse); i++) {
		const char *name = mxw_reverse_name(reverse, i);
		if (!mxw_reverse_name_is_malformed(name)) {
			forward = name;
			break;
		}
	}
	mxw_finding_set(view->judge.findings, finding, "forward", forward);
}

static void cite_names(const struct view *view, struct mxw_finding *finding, const struct mxw_reverse *reverse)
{
	for (size_t i = 0; i < mxw_reverse_n_names(reverse); i++)
		mxw_finding_cite(view->judge.findings, finding, mxw_reverse_name(reverse, i),
				 mxw_reverse_type(reverse));
}

/* ---- one address ---- */

static void judge_failed_lookup(const struct view *view, const struct mxw_reverse *reverse)
{
	for (enum mxw_ptr_row row = MXW_PTR_NONE; row <= MXW_PTR_MULTIPLE; row++)
		if (row != MXW_PTR_MISMATCH || reverse->hosts)
			add_unknown(view, row, reverse);
	/* What a resolver refuses to us or keeps from us says nothing about the reverse zone. */
	if (!reverse->ptr || reverse->ptr->outcome == MXW_OUTCOME_REFUSED ||
	    reverse->ptr->outcome == MXW_OUTCOME_REFERRAL || reverse->ptr->outcome == MXW_OUTCOME_FILTERED)
		return;
	struct mxw_finding *finding = add(view, MXW_PTR_LOOKUP_FAILED, reverse);
	mxw_finding_set(view->judge.findings, finding, "outcome", mxw_outcome_name(reverse->ptr->outcome));
}

static void judge_none(const struct view *view, const struct mxw_reverse *reverse)
{
	struct mxw_finding *finding;
	if (mxw_lookup_is_absent(reverse->ptr)) {
		finding = add_weighed(view, MXW_PTR_NONE, MXW_PTR_NONE, reverse);
		if (finding)
			mxw_judge_set_denial(&view->judge, finding, reverse->ptr);
	}
	if (!mxw_lookup_has_alias(reverse->ptr) && !mxw_lookup_is(reverse->ptr, MXW_OUTCOME_LOOP))
		return;
	finding = add_weighed(view, MXW_PTR_CNAME_BROKEN, MXW_PTR_CNAME_BROKEN, reverse);
	if (!finding)
		return;
	mxw_judge_set_chain(&view->judge, finding, reverse->name, reverse->ptr);
	if (mxw_lookup_is(reverse->ptr, MXW_OUTCOME_LOOP))
		mxw_finding_set(view->judge.findings, finding, "where", "in place of the CNAME");
	else
		mxw_finding_setf(view->judge.findings, finding, "where", "in the zone %s",
				 reverse->ptr->soa_owner ? reverse->ptr->soa_owner : "of that name");
}

static bool names_a_host(const struct view *view, const struct mxw_reverse *reverse)
{
	for (size_t i = 0; i < mxw_reverse_n_names(reverse); i++)
		for (size_t k = 0; k < view->set->n_hosts; k++)
			if ((reverse->hosts & UINT32_C(1) << k) &&
			    strcmp(mxw_reverse_name(reverse, i), view->set->hosts[k].name) == 0)
				return true;
	return false;
}

static void judge_confirmation(const struct view *view, const struct mxw_reverse *reverse)
{
	bool is_other_name = reverse->hosts && !names_a_host(view, reverse);
	struct mxw_finding *finding = NULL;
	switch (reverse->fcrdns) {
	case MXW_FCRDNS_FAIL:
		finding = add_weighed(view, MXW_PTR_NO_FCRDNS, MXW_PTR_NO_FCRDNS, reverse);
		if (finding)
			set_forward(view, finding, reverse);
		break;
	case MXW_FCRDNS_PASS:
		if (is_other_name)
			finding = add(view, MXW_PTR_MISMATCH, reverse);
		break;
	case MXW_FCRDNS_UNKNOWN:
		add_unknown(view, MXW_PTR_NO_FCRDNS, reverse);
		if (is_other_name)
			add_unknown(view, MXW_PTR_MISMATCH, reverse);
		break;
	case MXW_FCRDNS_NONE:
		break;
	}
	if (finding)
		cite_names(view, finding, reverse);
}

static void judge_generic(const struct view *view, const struct mxw_reverse *reverse)
{
	size_t n = mxw_reverse_n_names(reverse);
	for (size_t i = 0; i < n; i++)
		if (!mxw_reverse_name_is_generic(mxw_reverse_name(reverse, i), &reverse->ip))
			return;
	if (n && severity_of(view, MXW_PTR_GENERIC, reverse->role) != MXW_OFF)
		add(view, MXW_PTR_GENERIC, reverse);
}

static void judge_malformed(const struct view *view, const struct mxw_reverse *reverse)
{
	struct mxw_findings *findings = view->judge.findings;
	char stripped[MXW_NAME_TEXT_MAX];
	for (size_t i = 0; i < mxw_reverse_n_names(reverse); i++) {
		const char *name = mxw_reverse_name(reverse, i);
		if (!mxw_reverse_name_is_malformed(name))
			continue;
		struct mxw_finding *finding = add(view, MXW_PTR_MALFORMED, reverse);
		bool has_zone = mxw_reverse_name_strip(name, stripped);
		mxw_finding_set(findings, finding, "ptr", name);
		mxw_finding_set(findings, finding, "reason",
				has_zone ? "a trailing dot is missing" : "not a host name");
		mxw_finding_set(findings, finding, "stripped", has_zone ? stripped : host_name(view, reverse));
		return;
	}
}

static void judge_multiple(const struct view *view, const struct mxw_reverse *reverse)
{
	size_t n = reverse->ptr->n_rrs;
	if (n < 2)
		return;
	struct mxw_finding *finding = add(view, MXW_PTR_MULTIPLE, reverse);
	bool is_receive_only = view->send == MXW_NO && reverse->role != MXW_ROLE_DECLARED;
	if (n > MANY_NAMES && !is_receive_only)
		finding->severity = MXW_WARNING;
	mxw_finding_setf(view->judge.findings, finding, "n", "%zu", n);
}

static void judge_names(const struct view *view, const struct mxw_reverse *reverse)
{
	for (size_t i = 0; i < mxw_reverse_n_names(reverse); i++) {
		const char *name = mxw_reverse_name(reverse, i);
		uint16_t type = mxw_reverse_type(reverse);
		mxw_lookup_judge(view->judge.findings, name, type, mxw_observation_get(view->observation, name, type),
				 false);
	}
	judge_confirmation(view, reverse);
	judge_generic(view, reverse);
	judge_malformed(view, reverse);
	judge_multiple(view, reverse);
}

/* ---- IPv6 beside IPv4 ---- */

static bool is_same_host(const struct mxw_reverse *a, const struct mxw_reverse *b)
{
	return (a->hosts & b->hosts) != 0 || (a->is_send_ip && b->is_send_ip);
}

/* What holds for the IPv6 address that fails: no PTR record, or none that is confirmed. */
static enum mxw_ptr_row cause_of(const struct mxw_reverse *reverse)
{
	return reverse->fcrdns == MXW_FCRDNS_NONE ? MXW_PTR_NONE : MXW_PTR_NO_FCRDNS;
}

static void judge_v6_gap(const struct view *view, const struct mxw_reverse *v6)
{
	const struct mxw_reverse *best = NULL;
	if (v6->ip.family != 6 || v6->fcrdns == MXW_FCRDNS_PASS)
		return;
	for (size_t i = 0; i < view->reverses->n; i++) {
		const struct mxw_reverse *v4 = &view->reverses->items[i];
		if (v4->ip.family == 4 && is_same_host(v4, v6) && v4->fcrdns >= MXW_FCRDNS_UNKNOWN &&
		    (!best || v4->fcrdns > best->fcrdns))
			best = v4;
	}
	if (!best)
		return;
	if (best->fcrdns == MXW_FCRDNS_UNKNOWN || v6->fcrdns == MXW_FCRDNS_UNKNOWN) {
		add_unknown(view, MXW_PTR_V6_GAP, v6);
		return;
	}
	struct mxw_finding *finding = add_weighed(view, MXW_PTR_V6_GAP, cause_of(v6), v6);
	if (!finding)
		return;
	mxw_finding_set(view->judge.findings, finding, "ip4", best->text);
	mxw_finding_cite(view->judge.findings, finding, best->name, MXW_TYPE_PTR);
}

/* ---- judging ---- */

static void judge_address(const struct view *view, const struct mxw_reverse *reverse)
{
	if (!mxw_lookup_is_determinate(reverse->ptr))
		judge_failed_lookup(view, reverse);
	else if (reverse->ptr->outcome == MXW_OUTCOME_ANSWER)
		judge_names(view, reverse);
	else
		judge_none(view, reverse);
	judge_v6_gap(view, reverse);
}

/* Which addresses there are is not known: nothing can be denied for those that were not seen. */
static void judge_unseen(const struct view *view, enum mxw_reverse_role role)
{
	for (enum mxw_ptr_row row = MXW_PTR_NONE; row < MXW_PTR_LOOKUP_FAILED; row++) {
		enum mxw_severity severity = severity_of(view, row, role);
		if (severity != MXW_OFF)
			mxw_judge_unknown(&view->judge, row, "", severity);
	}
}

static void judge_open_hosts(const struct view *view, const struct mxw_target *target)
{
	enum mxw_reverse_role role = MXW_N_ROLES;
	if (!mxw_lookup_is_settled(view->set->answer) || view->set->has_more)
		role = target->profile->mx_hosts_send == MXW_YES ? MXW_ROLE_DECLARED : MXW_ROLE_RECEIVER;
	for (size_t i = 0; i < view->set->n_hosts; i++)
		if (mxw_host_is_open(&view->set->hosts[i]))
			role = MXW_MIN(role, mxw_reverse_host_role(target, &view->set->hosts[i]));
	role = MXW_MIN(role, view->reverses->beyond);
	if (role == MXW_ROLE_THIRD_PARTY && view->may_authorise)
		role = MXW_ROLE_INFERRED;
	if (role != MXW_N_ROLES)
		judge_unseen(view, role);
}

/* What SPF says about the domain and about the addresses of others. */
static int read_spf(struct view *view, const struct mxw_target *target, struct mxw_reverses *reverses)
{
	const struct mxw_answer *txt = mxw_observation_get(view->observation, target->domain, MXW_TYPE_TXT);
	int r = mxw_profile_send(target->profile, txt, &view->send);
	if (r < 0 || view->send == MXW_NO)
		return r;
	r = mxw_profile_authorises(txt, &view->may_authorise);
	view->may_authorise |= !mxw_lookup_is_settled(txt);
	return r < 0 ? r : mxw_reverses_infer(reverses, target, view->set, view->observation, NULL);
}

static int judge(const struct mxw_target *target, const struct mxw_values *options,
		 const struct mxw_observation *observation, struct mxw_findings *ret)
{
	struct mxw_mx_set set;
	struct mxw_reverses reverses;
	struct view view = {
		.judge = { .findings = ret, .rows = mxw_ptr_findings, .domain = target->domain },
		.observation = observation,
		.set = &set,
		.reverses = &reverses,
	};
	mxw_mx_set_read(&set, target->domain, observation);
	mxw_reverses_read(&reverses, target, &set, observation);
	int r = read_spf(&view, target, &reverses);
	if (r < 0)
		return r;
	judge_open_hosts(&view, target);
	for (size_t i = 0; i < reverses.n; i++)
		judge_address(&view, &reverses.items[i]);
	return mxw_findings_failed(ret) ? -ENOMEM : 0;
}

const struct mxw_check mxw_check_ptr = {
	.name = "ptr",
	.doc = "Reverse DNS of the MX hosts and of the declared senders: does it exist and lead back?",
	.findings = mxw_ptr_findings,
	.ask = ask,
	.judge = judge,
};
