/* The check spf: is there exactly one SPF record at the domain (RFC 7208, findings.md 8)? What the record says is not
 * evaluated here. */
#include <errno.h>
#include <string.h>

#include "lib/base/escape.h"
#include "lib/base/util.h"
#include "lib/check/check.h"
#include "lib/check/judge.h"
#include "lib/check/lookup.h"
#include "lib/check/lookup_rows.h"
#include "lib/check/profile.h"
#include "lib/check/spf_text.h"

enum { MAX_QUOTED_TEXT = 120 }; /* octets of a TXT record that a message shows */

enum row { NONE, MULTIPLE, VERSION_TYPO, N_ROWS };

static const struct mxw_finding_def findings_rows[] = {
	[NONE] = {
		.id = "spf-none", .severity = MXW_WARNING, .kind = MXW_KIND_ABSENCE, .tier = 1, .rfc = "RFC 7208 4.5",
		.message = "{domain} has no SPF record ({n} TXT records seen)", .symptom = "B-AUTH", .reproduce = "dig {domain} TXT",
		.fix = "{domain}. 3600 IN TXT \"v=spf1 mx{senders} -all\" ; begin with ~all while you look for all senders\n"
		       "{domain}. 3600 IN TXT \"v=spf1 -all\" ; if the domain sends no mail",
		.doc = "No TXT record of the domain is an SPF record, proven by an answer. Large receivers want SPF or DKIM from every "
		       "sender. With `send: no` it is advice only.",
	},
	[MULTIPLE] = {
		.id = "spf-multiple", .severity = MXW_CRITICAL, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7208 3.2, 4.5",
		.message = "{domain} has {n} SPF records: the result is permerror for every message", .symptom = "B-AUTH",
		.reproduce = "dig {domain} TXT", .fix = "{domain}. {ttl} IN TXT {merged} ; and delete the other {n} records",
		.doc = "Two or more different TXT records are SPF records. A receiver must not choose one of them, so SPF fails for all "
		       "mail of the domain. A warning for a domain that sends no mail.",
	},
	[VERSION_TYPO] = {
		.id = "spf-version-typo", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7208 4.5",
		.message = "the TXT record {rr} of {domain} looks like SPF but is ignored", .symptom = "B-AUTH",
		.reproduce = "dig {domain} TXT", .fix = "{domain}. {ttl} IN TXT {corrected}",
		.doc = "There is no valid SPF record, but a TXT record that was meant to be one: the version is misspelt, or a space, a "
		       "quote or an invisible mark stands before it. Receivers take it for no SPF record at all.",
	},
	[N_ROWS] = MXW_LOOKUP_ROWS,
	{ 0 },
};

static int ask(const struct mxw_target *target, const struct mxw_values *options,
	       const struct mxw_observation *observation, uint64_t seed, struct mxw_missing *ret)
{
	mxw_observation_want(observation, ret, target->domain, MXW_TYPE_TXT);
	return ret->failed ? -ENOMEM : 0;
}

static struct mxw_finding *add(const struct mxw_judge *judge, enum row row, enum mxw_severity severity,
			       const struct mxw_answer *txt)
{
	struct mxw_finding *finding = mxw_judge_yes(judge, row, judge->domain);
	uint32_t ttl = 0;
	for (size_t i = 0; i < txt->n_rrs; i++)
		ttl = MXW_MAX(ttl, txt->rrs[i].ttl);
	finding->severity = severity;
	mxw_finding_setf(judge->findings, finding, "ttl", "%u", (unsigned)ttl);
	mxw_finding_cite(judge->findings, finding, judge->domain, MXW_TYPE_TXT);
	return finding;
}

/* " ip4:192.0.2.1 ip6:2001:db8::1" of the declared senders. */
static void judge_none(const struct mxw_judge *judge, const struct mxw_profile *profile, enum mxw_severity severity,
		       const struct mxw_answer *txt)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf senders = MXW_STRBUF_INIT;
	struct mxw_finding *finding = add(judge, NONE, severity, txt);
	char text[MXW_IP_TEXT_MAX];
	for (size_t i = 0; i < profile->n_send_ip; i++) {
		mxw_ip_format(&profile->send_ip[i], text);
		mxw_strbuf_addf(&senders, " ip%u:%s", profile->send_ip[i].family, text);
	}
	mxw_finding_set(judge->findings, finding, "senders", mxw_strbuf_get(&senders));
	mxw_finding_setf(judge->findings, finding, "n", "%zu", txt->n_rrs);
	judge->findings->arena.failed |= mxw_strbuf_failed(&senders);
}

static void judge_multiple(const struct mxw_judge *judge, enum mxw_severity severity, const struct mxw_answer *txt,
			   size_t n)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf merged = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf quoted = MXW_STRBUF_INIT;
	struct mxw_finding *finding = add(judge, MULTIPLE, severity, txt);
	mxw_spf_text_merge(txt, &merged);
	mxw_spf_text_quote(mxw_strbuf_get(&merged), merged.len, &quoted);
	mxw_finding_set(judge->findings, finding, "merged", mxw_strbuf_get(&quoted));
	mxw_finding_setf(judge->findings, finding, "n", "%zu", n);
	judge->findings->arena.failed |= mxw_strbuf_failed(&merged) || mxw_strbuf_failed(&quoted);
}

/* True if the record was meant to be SPF. */
static bool judge_typo(const struct mxw_judge *judge, enum mxw_severity severity, const struct mxw_answer *txt,
		       const struct mxw_rr *rr)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf corrected = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf quoted = MXW_STRBUF_INIT;
	mxw_rr_text(rr, &text);
	bool is_typo = mxw_spf_text_correct(mxw_strbuf_get(&text), text.len, &corrected);
	if (is_typo) {
		struct mxw_finding *finding = add(judge, VERSION_TYPO, severity, txt);
		mxw_spf_text_quote(mxw_strbuf_get(&corrected), corrected.len, &quoted);
		mxw_finding_set(judge->findings, finding, "corrected", mxw_strbuf_get(&quoted));
		mxw_strbuf_clear(&quoted);
		mxw_spf_text_quote(mxw_strbuf_get(&text), MXW_MIN(text.len, (size_t)MAX_QUOTED_TEXT), &quoted);
		mxw_finding_set(judge->findings, finding, "rr", mxw_strbuf_get(&quoted));
	}
	judge->findings->arena.failed |= mxw_strbuf_failed(&text) || mxw_strbuf_failed(&corrected) ||
					 mxw_strbuf_failed(&quoted);
	return is_typo;
}

static int judge(const struct mxw_target *target, const struct mxw_values *options,
		 const struct mxw_observation *observation, struct mxw_findings *ret)
{
	const struct mxw_judge judge = { .findings = ret, .rows = findings_rows, .domain = target->domain };
	const struct mxw_answer *txt = mxw_observation_get(observation, target->domain, MXW_TYPE_TXT);
	const struct mxw_rr *record;
	enum mxw_choice send;
	int r = mxw_profile_send(target->profile, txt, &send);
	if (r < 0)
		return r;
	enum mxw_severity severity = send == MXW_NO ? MXW_INFO : MXW_WARNING;
	enum mxw_severity multiple = send == MXW_NO ? MXW_WARNING : MXW_CRITICAL;
	size_t n = mxw_spf_text_count(txt, &record);
	mxw_lookup_judge(ret, target->domain, MXW_TYPE_TXT, txt, true);
	if (!mxw_lookup_is_settled(txt)) {
		mxw_judge_unknown(&judge, NONE, target->domain, severity);
		mxw_judge_unknown(&judge, MULTIPLE, target->domain, multiple);
		mxw_judge_unknown(&judge, VERSION_TYPO, target->domain, severity);
	} else if (n == 0) {
		judge_none(&judge, target->profile, severity, txt);
		for (size_t i = 0; i < txt->n_rrs; i++)
			if (judge_typo(&judge, severity, txt, &txt->rrs[i]))
				break;
	} else if (n > 1) {
		judge_multiple(&judge, multiple, txt, n);
	}
	return mxw_findings_failed(ret) ? -ENOMEM : 0;
}

const struct mxw_check mxw_check_spf = {
	.name = "spf",
	.doc = "The SPF record of the domain: is there exactly one?",
	.findings = findings_rows,
	.ask = ask,
	.judge = judge,
};
