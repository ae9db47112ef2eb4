/* The check spf: the SPF record of the domain, all that it includes, and what it says to the hosts that send (RFC 7208,
 * findings.md 8).
 *
 * Asked in this order: the TXT records of the domain; level by level the records that it includes, with the questions of
 * their terms; the MX hosts, where they matter; the reverse names of declared senders; when all that is known, what
 * check_host() needs for each of these; then what only makes a fix better. The judges are in the files that spf_view.h names. */
#include <errno.h>
#include <string.h>

#include "lib/base/escape.h"
#include "lib/base/util.h"
#include "lib/check/check.h"
#include "lib/check/lookup.h"
#include "lib/check/place.h"
#include "lib/check/profile.h"
#include "lib/check/spf_fix.h"
#include "lib/check/spf_glue.h"
#include "lib/check/spf_view.h"

/* ---- reading ---- */

static const struct mxw_answer *txt_of(const struct mxw_spf_view *view)
{
	return mxw_observation_get(view->observation, view->target->domain, MXW_TYPE_TXT);
}

static bool wants_hosts(const struct mxw_spf_view *view)
{
	return view->tree.root->state == MXW_SPF_NODE_GOOD && view->send != MXW_NO &&
	       view->target->profile->mx_hosts_send != MXW_NO;
}

/* Reads what the observation holds; names what is missing unless `missing` is NULL. */
static int read_view(struct mxw_spf_view *view, struct mxw_missing *missing)
{
	const char *domain = view->target->domain;
	int r = mxw_profile_send(view->target->profile, txt_of(view), &view->send);
	if (r == 0)
		r = mxw_spf_tree_build(&view->tree, domain, view->observation, missing);
	if (r < 0)
		return r;
	if (wants_hosts(view) && missing)
		mxw_mx_set_ask(&view->set, domain, view->observation, missing);
	else if (wants_hosts(view))
		mxw_mx_set_read(&view->set, domain, view->observation);
	mxw_spf_senders_list(&view->senders, view->target, &view->set, view->observation, missing);
	if (missing && missing->n)
		return 0;
	return mxw_spf_senders_evaluate(&view->senders, view->target, &view->tree, view->observation, missing);
}

static void done_view(struct mxw_spf_view *view)
{
	mxw_spf_tree_done(&view->tree);
	mxw_spf_senders_done(&view->senders);
}

/* ---- asking ---- */

/* Terms that joined character-strings make, and what only makes a fix better. */
static int ask_rest(const struct mxw_spf_view *view, struct mxw_missing *missing)
{
	bool failed = false;
	for (const struct mxw_spf_node *node = NULL; (node = mxw_spf_tree_next(&view->tree, node));) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT, token = MXW_STRBUF_INIT;
		mxw_spf_glue_read(node, view->observation, missing, &text, &token);
		failed |= mxw_strbuf_failed(&text) || mxw_strbuf_failed(&token);
	}
	mxw_spf_ask_networks(&view->tree, view->observation, missing);
	mxw_spf_fix_ask(&view->tree, view->target, view->observation, missing);
	return failed ? -ENOMEM : mxw_spf_fix_ask_after_all(&view->tree, view->observation, missing);
}

static int ask(const struct mxw_target *target, const struct mxw_values *options,
	       const struct mxw_observation *observation, uint64_t seed, struct mxw_missing *ret)
{
	struct mxw_spf_view view = { .target = target, .observation = observation };
	int r = read_view(&view, ret);
	for (size_t i = 0; r == 0 && i < view.senders.n; i++)
		if (view.senders.items[i].has_name == MXW_VOTE_YES)
			mxw_observation_want(observation, ret, view.senders.items[i].name, MXW_TYPE_TXT);
	if (r == 0 && ret->n == 0)
		r = ask_rest(&view, ret);
	if (target->has_probes)
		mxw_observation_want(observation, ret, target->domain, MXW_TYPE_SPF);
	done_view(&view);
	return ret->failed ? -ENOMEM : r;
}

/* ---- what the judges share ---- */

/* What breaks the record of a domain that sends no mail costs none: nothing of it is critical, but that strangers can come
 * to send in its name. */
enum mxw_severity mxw_spf_severity(const struct mxw_spf_view *view, enum mxw_spf_row row)
{
	const struct mxw_profile *profile = view->target->profile;
	bool is_parked = view->send == MXW_NO;
	switch (row) {
	case MXW_SPF_ROW_NONE:
	case MXW_SPF_ROW_VERSION_TYPO:
		return is_parked ? MXW_INFO : MXW_WARNING;
	case MXW_SPF_ROW_MULTIPLE:
	case MXW_SPF_ROW_SYNTAX:
	case MXW_SPF_ROW_JOIN_GLUE:
	case MXW_SPF_ROW_TOO_MANY_LOOKUPS:
	case MXW_SPF_ROW_MX_TOO_MANY:
	case MXW_SPF_ROW_INCLUDE_NONE:
	case MXW_SPF_ROW_LOOP:
		return is_parked ? MXW_WARNING : MXW_CRITICAL;
	case MXW_SPF_ROW_VOID_LOOKUPS:
		return !is_parked && (profile->n_send_ip || profile->mx_hosts_send == MXW_YES) ? MXW_CRITICAL
											       : MXW_WARNING;
	case MXW_SPF_ROW_PTR:
		return MXW_WARNING;
	case MXW_SPF_ROW_PARKED_WEAK:
		return profile->send == MXW_NO ? MXW_WARNING : MXW_INFO;
	case MXW_SPF_ROW_NOT_COVERING_MX:
		return profile->mx_hosts_send == MXW_YES ? MXW_WARNING : MXW_INFO;
	default:
		return mxw_spf_findings[row].severity;
	}
}

struct mxw_finding *mxw_spf_judge_yes(const struct mxw_spf_view *view, enum mxw_spf_row row, const char *subject,
				      const struct mxw_spf_node *node)
{
	struct mxw_finding *finding = mxw_judge_yes(&view->judge, row, subject);
	finding->severity = mxw_spf_severity(view, row);
	mxw_place_set(view->judge.findings, finding, view->tree.root->domain, view->tree.root->txt);
	mxw_finding_cite(view->judge.findings, finding, node->domain, MXW_TYPE_TXT);
	return finding;
}

bool mxw_spf_is_told(const struct mxw_spf_view *view, enum mxw_spf_row row, const char *subject)
{
	const struct mxw_finding *finding = mxw_findings_get(view->judge.findings, &mxw_spf_findings[row], subject);
	return finding && finding->vote == MXW_VOTE_YES;
}

void mxw_spf_judge_unknown(const struct mxw_spf_view *view, enum mxw_spf_row row, const char *subject)
{
	mxw_judge_unknown(&view->judge, row, subject, mxw_spf_severity(view, row));
}

void mxw_spf_set_text(const struct mxw_spf_view *view, struct mxw_finding *finding, const char *key, const char *text,
		      size_t n)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf escaped = MXW_STRBUF_INIT;
	mxw_escape_line(&escaped, text, n, MXW_MAX_FIELD);
	mxw_finding_set(view->judge.findings, finding, key, mxw_strbuf_get(&escaped));
	view->judge.findings->arena.failed |= mxw_strbuf_failed(&escaped);
}

/* ---- all is well ---- */

static void set_senders(const struct mxw_spf_view *view, struct mxw_finding *finding)
{
	size_t n = mxw_spf_senders_n_declared(&view->senders);
	if (n)
		mxw_finding_setf(view->judge.findings, finding, "senders", "%zu declared %s", n,
				 n == 1 ? "sender passes" : "senders pass");
	else
		mxw_finding_set(view->judge.findings, finding, "senders", "no sender is declared");
}

static void judge_ok(const struct mxw_spf_view *view)
{
	struct mxw_findings *findings = view->judge.findings;
	bool is_open = view->tree.is_open || mxw_spf_senders_are_open(&view->senders);
	for (size_t i = 0; i < findings->n; i++) {
		const struct mxw_finding *row = findings->items[i];
		if (row->severity < MXW_WARNING)
			continue;
		if (row->vote == MXW_VOTE_YES && !mxw_lookup_is_row(row->def))
			return;
		is_open = true;
	}
	if (is_open) {
		mxw_spf_judge_unknown(view, MXW_SPF_ROW_OK, view->target->domain);
		return;
	}
	struct mxw_finding *finding = mxw_spf_judge_yes(view, MXW_SPF_ROW_OK, view->target->domain, view->tree.root);
	mxw_finding_setf(findings, finding, "n", "%u", view->tree.n_lookups);
	mxw_finding_setf(findings, finding, "voids", "%u", MXW_MAX(view->tree.n_void4, view->tree.n_void6));
	set_senders(view, finding);
}

/* ---- judging ---- */

/* The configuration alone, or the row's own question, says that the missing TXT records hide nothing. */
static bool is_ruled_out(const struct mxw_spf_view *view, enum mxw_spf_row row)
{
	const struct mxw_profile *profile = view->target->profile;
	switch (row) {
	case MXW_SPF_ROW_SENDER_FAIL:
		return !profile->n_send_ip;
	case MXW_SPF_ROW_NOT_COVERING_MX:
		return profile->mx_hosts_send == MXW_NO || view->send == MXW_NO;
	case MXW_SPF_ROW_PARKED_WEAK:
		return profile->send == MXW_YES;
	case MXW_SPF_ROW_HELO_NONE:
		return profile->mx_hosts_send != MXW_YES || view->send == MXW_NO;
	case MXW_SPF_ROW_TYPE99:
	case MXW_SPF_ROW_TEMPERROR:
		return true;
	default:
		return false;
	}
}

static int judge_record(const struct mxw_spf_view *view)
{
	if (view->tree.root->state != MXW_SPF_NODE_GOOD)
		return 0; /* permerror to everybody: there is nothing else to say */
	mxw_spf_judge_limits(view);
	mxw_spf_judge_policy(view);
	int r = mxw_spf_judge_networks(view);
	mxw_spf_judge_senders(view);
	judge_ok(view);
	return r;
}

static int judge_txt(const struct mxw_spf_view *view)
{
	const struct mxw_spf_node *root = view->tree.root;
	if (!mxw_lookup_is_settled(root->txt)) {
		for (enum mxw_spf_row row = 0; row < MXW_SPF_N_ROWS; row++)
			if (!is_ruled_out(view, row))
				mxw_spf_judge_unknown(view, row, "");
		return 0;
	}
	mxw_spf_judge_answer(view);
	if (root->state == MXW_SPF_NODE_NONE) {
		mxw_spf_judge_none(view);
		return 0;
	}
	mxw_spf_judge_tree(view);
	return judge_record(view);
}

static int judge(const struct mxw_target *target, const struct mxw_values *options,
		 const struct mxw_observation *observation, struct mxw_findings *ret)
{
	struct mxw_spf_view view = {
		.judge = { .findings = ret, .rows = mxw_spf_findings, .domain = target->domain },
		.target = target,
		.observation = observation,
	};
	int r = read_view(&view, NULL);
	if (r == 0) {
		mxw_spf_judge_failures(&view);
		mxw_spf_judge_helo(&view);
		mxw_spf_judge_type99(&view);
		r = judge_txt(&view);
	}
	done_view(&view);
	return mxw_findings_failed(ret) ? -ENOMEM : r;
}

const struct mxw_check mxw_check_spf = {
	.name = "spf",
	.doc = "The SPF record of the domain with all that it includes: is it valid, within the limits, and do the "
	       "hosts that "
	       "send pass?",
	.findings = mxw_spf_findings,
	.ask = ask,
	.judge = judge,
};
