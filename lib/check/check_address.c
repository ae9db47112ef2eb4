/* The check address: A and AAAA of the MX hosts (findings.md 6).
 *
 * Subjects are "{mx}" and "{mx}/{ip}"; the domain where all hosts together are meant. Hosts whose name alone rules them
 * out have no addresses here: the check mx names them. */
#include <errno.h>
#include <stdio.h>

#include "lib/base/util.h"
#include "lib/check/check.h"
#include "lib/check/judge.h"
#include "lib/check/lookup.h"
#include "lib/check/lookup_rows.h"
#include "lib/check/mx_set.h"

/* Non-public addresses told of one host: a hostile host can have thousands. */
enum { MAX_PRIVATE_ADDRESSES = 20 };

enum row { PRIVATE, V6_ONLY, NO_IPV6, AAAA_BROKEN, N_ROWS };

static const struct mxw_finding_def findings_rows[] = {
	[PRIVATE] = {
		.id = "addr-private", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 6890, RFC 8190, RFC 1918",
		.message = "MX host {mx} has the non-public address {ip} ({block})", .symptom = "B-CONN; B-LOOP",
		.reproduce = "dig {mx} {addrtype}",
		.fix = "{mx}. 3600 IN {addrtype} <public-{family}-address> ; in place of {ip}",
		.doc = "An address of an MX host lies in a special-purpose block that is not globally reachable, such as 10.0.0.0/8 or "
		       "fc00::/7. Senders cannot connect to it, or connect to a machine of their own.",
	},
	[V6_ONLY] = {
		.id = "addr-v6-only", .severity = MXW_CRITICAL, .kind = MXW_KIND_ABSENCE, .tier = 2, .rfc = "RFC 5321 5.2, RFC 3974",
		.message = "no MX host of {domain} has an IPv4 address ({n6} of {n} have IPv6)",
		.symptom = "mail from senders without IPv6 waits and bounces: network is unreachable", .reproduce = "dig {mx} A;dig {mx} AAAA",
		.fix = "{mx}. 3600 IN A <ipv4-address>",
		.doc = "At least one MX host has an IPv6 address and none has an IPv4 address, all of it proven. A large part of the "
		       "world's mail servers speaks IPv4 only and cannot deliver.",
	},
	[NO_IPV6] = {
		.id = "addr-no-ipv6", .severity = MXW_INFO, .kind = MXW_KIND_ABSENCE, .tier = 2, .rfc = "RFC 5321 5.2, RFC 3974",
		.message = "no MX host of {domain} is reachable over IPv6", .symptom = "", .reproduce = "dig {mx} AAAA",
		.fix = "{mx}. 3600 IN AAAA <ipv6-address> ; publish its PTR record first",
		.doc = "None of the MX hosts has an AAAA record, all of it proven. Nothing breaks; senders that speak IPv6 only are rare.",
	},
	[AAAA_BROKEN] = {
		.id = "addr-aaaa-broken", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 3, .rfc = "RFC 4074, RFC 8020",
		.message = "{mx}: {good} works but {bad} gives NXDOMAIN (a load balancer's bug)",
		.symptom = "now and then B-NX: the denial of the name spoils the good type in caches", .reproduce = "dig {mx} A;dig {mx} AAAA",
		.fix = "the name server must answer {bad} with NODATA: NOERROR, no record, and the SOA of the zone",
		.doc = "One of A and AAAA has an answer while the other says that the name does not exist at all. A resolver that "
		       "believes the denial (RFC 8020) then loses the address too.",
	},
	[N_ROWS] = MXW_LOOKUP_ROWS,
	{ 0 },
};

static int ask(const struct mxw_target *target, const struct mxw_values *options,
	       const struct mxw_observation *observation, uint64_t seed, struct mxw_missing *ret)
{
	struct mxw_mx_set set;
	mxw_mx_set_ask(&set, target->domain, observation, ret);
	return ret->failed ? -ENOMEM : 0;
}

static struct mxw_finding *add(const struct mxw_judge *judge, enum row row, const char *subject,
			       const struct mxw_mx_host *host)
{
	struct mxw_finding *finding = mxw_judge_yes(judge, row, subject);
	mxw_finding_set(judge->findings, finding, "mx", host->name);
	mxw_finding_cite(judge->findings, finding, host->name, MXW_TYPE_A);
	mxw_finding_cite(judge->findings, finding, host->name, MXW_TYPE_AAAA);
	return finding;
}

/* ---- one host ---- */

static void judge_private(const struct mxw_judge *judge, const struct mxw_mx_host *host)
{
	char text[MXW_IP_TEXT_MAX], subject[MXW_NAME_TEXT_MAX + MXW_IP_TEXT_MAX];
	struct mxw_ip ip;
	size_t n = 0;
	for (size_t cursor = 0; n < MAX_PRIVATE_ADDRESSES && mxw_host_next_address(host, &cursor, &ip);) {
		const char *block = mxw_ip_special_block(&ip);
		if (!block)
			continue;
		mxw_ip_format(&ip, text);
		snprintf(subject, sizeof(subject), "%s/%s", host->name, text);
		struct mxw_finding *finding = add(judge, PRIVATE, subject, host);
		mxw_finding_set(judge->findings, finding, "ip", text);
		mxw_finding_set(judge->findings, finding, "block", block);
		mxw_finding_set(judge->findings, finding, "addrtype", ip.family == 4 ? "A" : "AAAA");
		mxw_finding_set(judge->findings, finding, "family", ip.family == 4 ? "ipv4" : "ipv6");
		n++;
	}
	if (mxw_host_is_open(host))
		mxw_judge_unknown(judge, PRIVATE, "", MXW_WARNING);
}

/* An answer for one type beside a denial of the name. What a failed lookup would have said is open, unless the other
 * lookup rules the finding out. */
static void judge_aaaa_broken(const struct mxw_judge *judge, const struct mxw_mx_host *host)
{
	bool a_works = mxw_lookup_is(host->a, MXW_OUTCOME_ANSWER),
	     aaaa_works = mxw_lookup_is(host->aaaa, MXW_OUTCOME_ANSWER);
	bool a_denied = mxw_lookup_is(host->a, MXW_OUTCOME_NXDOMAIN),
	     aaaa_denied = mxw_lookup_is(host->aaaa, MXW_OUTCOME_NXDOMAIN);
	if ((a_works && aaaa_denied) || (aaaa_works && a_denied)) {
		struct mxw_finding *finding = add(judge, AAAA_BROKEN, host->name, host);
		mxw_finding_set(judge->findings, finding, "good", a_works ? "A" : "AAAA");
		mxw_finding_set(judge->findings, finding, "bad", a_works ? "AAAA" : "A");
		return;
	}
	bool is_open_a = !mxw_lookup_is_determinate(host->a), is_open_aaaa = !mxw_lookup_is_determinate(host->aaaa);
	if ((is_open_a && is_open_aaaa) || (is_open_a && (aaaa_works || aaaa_denied)) ||
	    (is_open_aaaa && (a_works || a_denied)))
		mxw_judge_unknown(judge, AAAA_BROKEN, host->name, MXW_WARNING);
}

static void judge_host(const struct mxw_judge *judge, const struct mxw_mx_host *host)
{
	mxw_lookup_judge(judge->findings, host->name, MXW_TYPE_A, host->a, false);
	mxw_lookup_judge(judge->findings, host->name, MXW_TYPE_AAAA, host->aaaa, false);
	judge_private(judge, host);
	judge_aaaa_broken(judge, host);
}

/* ---- all hosts ---- */

struct families {
	size_t n4, n6;     /* hosts with an address of the family */
	bool open4, open6; /* a lookup of the family failed somewhere */
};

static struct families count_families(const struct mxw_mx_set *set)
{
	struct families families = { .open4 = set->has_more, .open6 = set->has_more };
	for (size_t i = 0; i < set->n_hosts; i++) {
		const struct mxw_mx_host *host = &set->hosts[i];
		if (!mxw_host_is_asked(host))
			continue;
		bool has_v6 = mxw_host_count_addresses(host, 6) > 0;
		families.n4 += mxw_host_count_addresses(host, 4) > 0;
		families.n6 += has_v6;
		families.open4 |= !mxw_lookup_is_determinate(host->a);
		/* An answer that counts for nothing yet: without the A records it may be the work of a DNS64. */
		bool is_doubtful = mxw_lookup_is(host->aaaa, MXW_OUTCOME_ANSWER) && !has_v6 && mxw_host_is_open(host);
		families.open6 |= is_doubtful || !mxw_lookup_is_determinate(host->aaaa);
	}
	return families;
}

/* The host to name in the fix: the best one that was asked, or just the best one. */
static const struct mxw_mx_host *spokesman(const struct mxw_mx_set *set, bool with_ipv6)
{
	const struct mxw_mx_host *best = &set->hosts[0];
	for (size_t i = set->n_hosts; i-- > 0;)
		if (mxw_host_is_asked(&set->hosts[i]) && (!with_ipv6 || mxw_host_count_addresses(&set->hosts[i], 6)))
			best = &set->hosts[i];
	return best;
}

static void judge_families(const struct mxw_judge *judge, const struct mxw_mx_set *set)
{
	struct families families = count_families(set);
	if (!families.n4 && !families.open4 && families.n6) {
		struct mxw_finding *finding = add(judge, V6_ONLY, judge->domain, spokesman(set, true));
		mxw_finding_setf(judge->findings, finding, "n6", "%zu", families.n6);
		mxw_finding_setf(judge->findings, finding, "n", "%zu", mxw_mx_set_n_targets(set));
	} else if (!families.n4 && (families.n6 || families.open6)) {
		mxw_judge_unknown(judge, V6_ONLY, judge->domain, MXW_CRITICAL);
	}
	if (families.n6)
		return;
	if (families.open6)
		mxw_judge_unknown(judge, NO_IPV6, judge->domain, MXW_INFO);
	else
		add(judge, NO_IPV6, judge->domain, spokesman(set, false));
}

static int judge(const struct mxw_target *target, const struct mxw_values *options,
		 const struct mxw_observation *observation, struct mxw_findings *ret)
{
	const struct mxw_judge judge = { .findings = ret, .rows = findings_rows, .domain = target->domain };
	struct mxw_mx_set set;
	mxw_mx_set_read(&set, target->domain, observation);
	if (!mxw_lookup_is_settled(set.answer))
		for (enum row row = 0; row < N_ROWS; row++)
			mxw_judge_unknown(&judge, row, "", findings_rows[row].severity);
	for (size_t i = 0; i < set.n_hosts; i++)
		if (mxw_host_is_asked(&set.hosts[i]))
			judge_host(&judge, &set.hosts[i]);
	if (set.has_more) { /* hosts that were not looked at */
		mxw_judge_unknown(&judge, PRIVATE, "", MXW_WARNING);
		mxw_judge_unknown(&judge, AAAA_BROKEN, "", MXW_WARNING);
	}
	if (mxw_mx_set_n_targets(&set))
		judge_families(&judge, &set);
	return mxw_findings_failed(ret) ? -ENOMEM : 0;
}

const struct mxw_check mxw_check_address = {
	.name = "address",
	.doc = "The IPv4 and IPv6 addresses of the MX hosts: public, complete, answered consistently?",
	.findings = findings_rows,
	.ask = ask,
	.judge = judge,
};
