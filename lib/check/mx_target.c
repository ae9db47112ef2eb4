/* Findings about one MX host each, subject the exchange; see mx_view.h. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/check/candidate.h"
#include "lib/check/lookup.h"
#include "lib/check/mx_view.h"
#include "lib/check/undot.h"
#include "lib/dns/name.h"

/* ---- what it is to be ---- */

static bool was_meant(const struct mxw_mx_view *view, const struct mxw_mx_host *host)
{
	char stripped[MXW_NAME_TEXT_MAX];
	return host->form == MXW_FORM_HOSTNAME &&
	       mxw_undot_judge(view->target->domain, host, view->observation, stripped) != MXW_VOTE_YES;
}

static void set_host_line(const struct mxw_mx_view *view, struct mxw_finding *finding, const struct mxw_mx_host *host,
			  const char *record, const char *remark)
{
	mxw_finding_set(view->judge.findings, finding, "hostline", "");
	if (was_meant(view, host))
		mxw_finding_setf(view->judge.findings, finding, "hostline", "%s. 3600 IN %s ; %s", host->name, record,
				 remark);
}

void mxw_mx_set_host(const struct mxw_mx_view *view, struct mxw_finding *finding, const struct mxw_mx_host *host)
{
	mxw_finding_set(view->judge.findings, finding, "host", mxw_host_is_asked(host) ? host->name : "");
	set_host_line(view, finding, host, "A <ipv4-address>",
		      "put its address here"); /* without history none is known */
}

static struct mxw_finding *add(const struct mxw_mx_view *view, enum mxw_mx_row row, const struct mxw_mx_host *host)
{
	struct mxw_findings *findings = view->judge.findings;
	struct mxw_finding *finding = mxw_judge_yes(&view->judge, row, host->name);
	mxw_finding_set(findings, finding, "mx", host->name);
	mxw_finding_setf(findings, finding, "pref", "%u", host->preference);
	mxw_mx_set_place(view, finding);
	mxw_mx_set_host(view, finding, host);
	mxw_finding_cite(findings, finding, view->target->domain, MXW_TYPE_MX);
	if (mxw_host_is_asked(host)) {
		mxw_finding_cite(findings, finding, host->name, MXW_TYPE_A);
		mxw_finding_cite(findings, finding, host->name, MXW_TYPE_AAAA);
	}
	mxw_mx_set_candidate(view, finding);
	return finding;
}

static void add_unknown(const struct mxw_mx_view *view, enum mxw_mx_row row, const struct mxw_mx_host *host)
{
	mxw_judge_unknown(&view->judge, row, host->name, mxw_mx_findings[row].severity);
}

/* ---- aliases and addresses ---- */

/* Of two answers the one that fits better to what is told: `wanted`, else the first that is an alias, else A. */
static const struct mxw_answer *pick(const struct mxw_mx_host *host, enum mxw_outcome wanted)
{
	if (mxw_lookup_is(host->a, wanted))
		return host->a;
	if (mxw_lookup_is(host->aaaa, wanted))
		return host->aaaa;
	return mxw_lookup_has_alias(host->a) || !host->aaaa ? host->a : host->aaaa;
}

static enum mxw_severity severity_of_alias(const struct mxw_mx_view *view)
{
	return view->target->profile->strict ? MXW_CRITICAL : MXW_WARNING;
}

static void judge_alias(const struct mxw_mx_view *view, const struct mxw_mx_host *host)
{
	struct mxw_finding *finding = add(view, MXW_MX_TARGET_CNAME, host);
	bool in_a = mxw_lookup_has_alias(host->a) && mxw_lookup_is(host->a, MXW_OUTCOME_ANSWER);
	const struct mxw_answer *answer = in_a ? host->a : host->aaaa;
	char text[MXW_IP_TEXT_MAX] = "", record[MXW_IP_TEXT_MAX + sizeof("AAAA ")];
	struct mxw_ip ip;
	if (answer->n_rrs && mxw_rr_ip(&answer->rrs[0], &ip))
		mxw_ip_format(&ip, text);
	finding->severity = severity_of_alias(view);
	mxw_judge_set_chain(&view->judge, finding, host->name, answer);
	snprintf(record, sizeof(record), "%s %s", in_a ? "A" : "AAAA", text);
	set_host_line(view, finding, host, record, "in place of the CNAME");
}

static void judge_broken_alias(const struct mxw_mx_view *view, const struct mxw_mx_host *host)
{
	struct mxw_finding *finding = add(view, MXW_MX_TARGET_CNAME_BROKEN, host);
	mxw_judge_set_chain(&view->judge, finding, host->name, pick(host, MXW_OUTCOME_LOOP));
	set_host_line(view, finding, host, "A <ipv4-address>", "in place of the CNAME: put its address here");
}

static bool leads_to_address(const struct mxw_answer *answer)
{
	return mxw_lookup_has_alias(answer) && mxw_lookup_is(answer, MXW_OUTCOME_ANSWER);
}

/* A lookup failed and no address was found: what the name is stays open as far as the other lookup does not tell. */
static void judge_open(const struct mxw_mx_view *view, const struct mxw_mx_host *host, bool is_alias)
{
	bool is_direct = (mxw_lookup_is_settled(host->a) && !mxw_lookup_has_alias(host->a)) ||
			 (mxw_lookup_is_settled(host->aaaa) && !mxw_lookup_has_alias(host->aaaa));
	if (!is_direct) {
		mxw_judge_unknown(&view->judge, MXW_MX_TARGET_CNAME, host->name, severity_of_alias(view));
		add_unknown(view, MXW_MX_TARGET_CNAME_BROKEN, host);
	}
	if (is_alias)
		return;
	add_unknown(view, MXW_MX_TARGET_NXDOMAIN, host);
	if (!mxw_lookup_is(host->a, MXW_OUTCOME_NXDOMAIN) && !mxw_lookup_is(host->aaaa, MXW_OUTCOME_NXDOMAIN))
		add_unknown(view, MXW_MX_TARGET_NO_ADDRESS, host);
}

static void judge_lookups(const struct mxw_mx_view *view, const struct mxw_mx_host *host)
{
	const struct mxw_answer *a = host->a, *aaaa = host->aaaa;
	bool is_alias = mxw_lookup_has_alias(a) || mxw_lookup_has_alias(aaaa);
	if (leads_to_address(a) || leads_to_address(aaaa)) {
		judge_alias(view, host);
	} else if (mxw_lookup_is(a, MXW_OUTCOME_ANSWER) || mxw_lookup_is(aaaa, MXW_OUTCOME_ANSWER)) {
		return; /* an address refutes all there is to say, also where the other lookup says NXDOMAIN (addr-aaaa-broken) */
	} else if (mxw_lookup_is(a, MXW_OUTCOME_LOOP) || mxw_lookup_is(aaaa, MXW_OUTCOME_LOOP)) {
		judge_broken_alias(view, host);
	} else if (!mxw_lookup_is_settled(a) || !mxw_lookup_is_settled(aaaa)) {
		judge_open(view, host, is_alias);
	} else if (is_alias) {
		judge_broken_alias(view, host);
	} else if (mxw_lookup_is(a, MXW_OUTCOME_NXDOMAIN) || mxw_lookup_is(aaaa, MXW_OUTCOME_NXDOMAIN)) {
		struct mxw_finding *finding = add(view, MXW_MX_TARGET_NXDOMAIN, host);
		mxw_judge_set_denial(&view->judge, finding, pick(host, MXW_OUTCOME_NXDOMAIN));
	} else {
		add(view, MXW_MX_TARGET_NO_ADDRESS, host);
	}
}

/* All addresses lead back to the sender. */
static void judge_self(const struct mxw_mx_view *view, const struct mxw_mx_host *host)
{
	struct mxw_ip ip;
	size_t n = 0;
	for (size_t cursor = 0; mxw_host_next_address(host, &cursor, &ip); n++)
		if (!mxw_ip_is_self(&ip))
			return;
	if (mxw_host_is_open(host))
		add_unknown(view, MXW_MX_TARGET_LOCALHOST, host);
	else if (n)
		add(view, MXW_MX_TARGET_LOCALHOST, host);
}

/* ---- the name ---- */

/* "10 mail.example.com" typed into the field of the name, or letters of another script: what was meant. */
static bool clean_name(const char *name, char ret[MXW_NAME_TEXT_MAX])
{
	uint8_t wire[MXW_NAME_WIRE_MAX];
	char text[MXW_NAME_WIRE_MAX + 1];
	const char *reason;
	int n = mxw_name_to_wire(name, wire);
	size_t len = 0;
	for (int at = 0; at < n && wire[at]; at += wire[at] + 1) {
		if (len)
			text[len++] = '.';
		memcpy(text + len, wire + at + 1, wire[at]);
		len += wire[at];
	}
	text[len] = '\0';
	const char *start = text + strspn(text, "0123456789");
	start = isspace((unsigned char)*start) ? start + strspn(start, " \t") : text;
	return mxw_target_parse_domain(start, ret, &reason) == 0 && mxw_name_is_hostname(ret);
}

static void judge_syntax(const struct mxw_mx_view *view, const struct mxw_mx_host *host)
{
	struct mxw_findings *findings = view->judge.findings;
	struct mxw_finding *finding = add(view, MXW_MX_TARGET_SYNTAX, host);
	char clean[MXW_NAME_TEXT_MAX];
	if (clean_name(host->name, clean))
		mxw_finding_set(findings, finding, "edit", "");
	else
		mxw_candidate_find(view->target, &view->set, view->observation, clean);
	mxw_finding_set(findings, finding, "clean", clean);
}

/* "192.0.2.1" as it is; of "[192.0.2.1]" and "[ipv6:2001:db8::1]" the inside. */
static void judge_ip(const struct mxw_mx_view *view, const struct mxw_mx_host *host)
{
	struct mxw_findings *findings = view->judge.findings;
	struct mxw_finding *finding = add(view, MXW_MX_TARGET_IP, host);
	char text[MXW_IP_TEXT_MAX] = "";
	struct mxw_ip ip;
	const char *start = host->name + (host->name[0] == '[');
	if (strncmp(start, "ipv6:", 5) == 0)
		start += 5;
	snprintf(text, sizeof(text), "%.*s", (int)MXW_MIN(strcspn(start, "]"), sizeof(text) - 1), start);
	bool is_ip = mxw_ip_parse(text, &ip) == 0;
	mxw_finding_set(findings, finding, "ip", is_ip ? text : "<ipv4-address>");
	mxw_finding_set(findings, finding, "addrtype", is_ip && ip.family == 6 ? "AAAA" : "A");
}

static void judge_doubled(const struct mxw_mx_view *view, const struct mxw_mx_host *host)
{
	char stripped[MXW_NAME_TEXT_MAX];
	switch (mxw_undot_judge(view->target->domain, host, view->observation, stripped)) {
	case MXW_VOTE_YES: {
		struct mxw_finding *finding = add(view, MXW_MX_TARGET_DOUBLED, host);
		mxw_finding_set(view->judge.findings, finding, "stripped", stripped);
		break;
	}
	case MXW_VOTE_UNKNOWN:
		/* What failed is a name that hardly anybody uses: no reason to doubt the host. */
		mxw_judge_unknown(&view->judge, MXW_MX_TARGET_DOUBLED, host->name, MXW_INFO);
		break;
	case MXW_VOTE_NO:
		break;
	}
}

static void judge_target(const struct mxw_mx_view *view, const struct mxw_mx_host *host)
{
	switch (host->form) {
	case MXW_FORM_IP:
		judge_ip(view, host);
		return;
	case MXW_FORM_LOCALHOST:
		add(view, MXW_MX_TARGET_LOCALHOST, host);
		return;
	case MXW_FORM_SPECIAL:
		add(view, MXW_MX_TARGET_SPECIAL, host);
		return;
	case MXW_FORM_SINGLE_LABEL:
		add(view, MXW_MX_TARGET_SINGLE_LABEL, host);
		return;
	case MXW_FORM_PROOF:
		add(view, MXW_MX_M365_PROOF, host);
		return;
	case MXW_FORM_ODD:
		judge_syntax(view, host);
		break;
	case MXW_FORM_HOSTNAME:
		break;
	}
	judge_lookups(view, host);
	judge_self(view, host);
	judge_doubled(view, host);
}

void mxw_mx_judge_targets(const struct mxw_mx_view *view)
{
	/* What may hold of hosts that were not looked at. */
	static const enum mxw_mx_row rows[] = {
		MXW_MX_TARGET_NXDOMAIN,     MXW_MX_TARGET_NO_ADDRESS, MXW_MX_TARGET_CNAME,   MXW_MX_TARGET_CNAME_BROKEN,
		MXW_MX_TARGET_IP,           MXW_MX_TARGET_LOCALHOST,  MXW_MX_TARGET_SPECIAL, MXW_MX_TARGET_DOUBLED,
		MXW_MX_TARGET_SINGLE_LABEL, MXW_MX_TARGET_SYNTAX,
	};
	for (size_t i = 0; i < view->set.n_hosts; i++)
		judge_target(view, &view->set.hosts[i]);
	for (size_t i = 0; view->set.has_more && i < MXW_ARRAY_SIZE(rows); i++)
		mxw_judge_unknown(&view->judge, rows[i], "",
				  rows[i] == MXW_MX_TARGET_CNAME ? severity_of_alias(view) : MXW_WARNING);
}

void mxw_mx_ask_targets(const struct mxw_mx_view *view, struct mxw_missing *missing)
{
	for (size_t i = 0; i < view->set.n_hosts; i++)
		if (mxw_host_is_asked(&view->set.hosts[i]))
			mxw_undot_ask(view->target->domain, &view->set.hosts[i], view->observation, missing);
}
