/* The check consistency: are the records those that somebody expects? (findings.md 9)
 *
 * It runs only for domains whose settings pin records (`expect`) or watch them (`notify_changes`), and asks what these need,
 * all at once but for the addresses of watched MX hosts. Subject of cons-expect: "mx", "spf", "ns" or "ptr/ADDRESS". */
#include <errno.h>
#include <stdio.h>

#include "lib/check/check.h"
#include "lib/check/consistency_findings.h"
#include "lib/check/consistency_view.h"
#include "lib/check/lookup.h"
#include "lib/check/watched.h"

/* Reverse names belong to whoever holds the address, and one that differs costs less than a foreign MX host. */
static const enum mxw_severity severities[MXW_N_RECORD_TYPES] = {
	[MXW_RECORD_MX] = MXW_CRITICAL,
	[MXW_RECORD_SPF] = MXW_CRITICAL,
	[MXW_RECORD_NS] = MXW_CRITICAL,
	[MXW_RECORD_PTR] = MXW_WARNING,
};

/* Nothing that could be published now would be wrong: there is nothing to ask. */
static bool is_idle(const struct mxw_target *target, const struct mxw_expectation *expectation)
{
	enum mxw_plan_phase phase = mxw_expectation_phase(expectation, target->now_wall_ms);
	return !mxw_expectation_can_fail(expectation, phase);
}

static int ask(const struct mxw_target *target, const struct mxw_values *options,
	       const struct mxw_observation *observation, uint64_t seed, struct mxw_missing *ret)
{
	for (size_t i = 0; target->expect && i < target->expect->n; i++) {
		const struct mxw_expectation *expectation = &target->expect->items[i];
		struct mxw_expected_question question;
		if (is_idle(target, expectation))
			continue;
		mxw_expected_ask(expectation, target->domain, &question);
		mxw_observation_want(observation, ret, question.name, question.type);
	}
	/* Answers to the domain's own questions are what an OK rests on (lib/round/evidence.c): reverse names are none. */
	if (target->expect)
		mxw_observation_want(observation, ret, target->domain, MXW_TYPE_MX);
	mxw_watched_ask(target, observation, ret);
	return ret->failed ? -ENOMEM : 0;
}

static void write_subject(const struct mxw_expectation *expectation, char *ret, size_t n)
{
	char ip[MXW_IP_TEXT_MAX];
	const char *word = mxw_record_type_name(expectation->type);
	mxw_ip_format(&expectation->ip, ip);
	if (expectation->type == MXW_RECORD_PTR)
		snprintf(ret, n, "%s/%s", word, ip);
	else
		snprintf(ret, n, "%s", word);
}

static void judge_expectation(struct mxw_consistency_view *view, const struct mxw_observation *observation)
{
	const struct mxw_expectation *expectation = view->expectation;
	struct mxw_findings *findings = view->judge.findings;
	char subject[MXW_IP_TEXT_MAX + 8];
	write_subject(expectation, subject, sizeof(subject));
	mxw_expected_ask(expectation, view->target->domain, &view->question);
	view->phase = mxw_expectation_phase(expectation, view->target->now_wall_ms);
	const struct mxw_answer *answer = mxw_observation_get(observation, view->question.name, view->question.type);
	mxw_lookup_judge(findings, view->question.name, view->question.type, answer, true);
	if (!mxw_lookup_is_settled(answer)) {
		mxw_judge_unknown(&view->judge, MXW_CONSISTENCY_EXPECT, subject, severities[expectation->type]);
		return;
	}
	mxw_published_read(&view->published, expectation, answer, &findings->arena);
	if (mxw_expectation_holds(expectation, view->phase, &view->published))
		return;
	struct mxw_finding *finding = mxw_judge_yes(&view->judge, MXW_CONSISTENCY_EXPECT, subject);
	finding->severity = severities[expectation->type];
	mxw_finding_cite(findings, finding, view->question.name, view->question.type);
	mxw_consistency_explain(view, finding);
}

static int judge(const struct mxw_target *target, const struct mxw_values *options,
		 const struct mxw_observation *observation, struct mxw_findings *ret)
{
	struct mxw_consistency_view view = {
		.judge = { .findings = ret, .rows = mxw_consistency_findings, .domain = target->domain },
		.target = target,
	};
	for (size_t i = 0; target->expect && i < target->expect->n; i++) {
		view.expectation = &target->expect->items[i];
		if (!is_idle(target, view.expectation))
			judge_expectation(&view, observation);
	}
	return mxw_findings_failed(ret) ? -ENOMEM : 0;
}

const struct mxw_check mxw_check_consistency = {
	.name = "consistency",
	.doc = "Are the records those that `expect` pins, and on time where they are to change? It runs for domains "
	       "with `expect` or "
	       "`notify_changes`.",
	.findings = mxw_consistency_findings,
	.is_on_demand = true,
	.ask = ask,
	.judge = judge,
};
