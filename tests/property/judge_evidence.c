/* Q1: no word about a domain without a quorum that has seen it. D1: none without its evidence, and none too often. */
#include <stdio.h>
#include <string.h>

#include "lib/base/util.h"
#include "tests/property/judge.h"
#include "tests/property/truth.h"

/* A transition of a key under judgement, and the one before it. */
struct case_of {
	const struct trace *trace;
	const struct trace_event *event, *before; /* before: NULL for none */
	const struct plan_config *config;
	size_t from, to; /* the span of the round that decided it */
	struct judgement *ret;
};

/* ---- Q1 ---- */

static bool is_failed_lookup(const char *finding_id)
{
	return strncmp(finding_id, "dns-", strlen("dns-")) == 0 || strcmp(finding_id, "spf-temperror") == 0;
}

static bool fails(const struct moment *moment, unsigned resolver, unsigned domain)
{
	return moment->failure[resolver] || moment->says[resolver][domain] == FAILING;
}

/* Whether this resolver may have seen the finding in the span. */
static bool may_see(const struct case_of *c, const char *finding_id, unsigned resolver)
{
	unsigned domain = c->event->domain_number;
	char word[TRACE_WORD_MAX + 2];
	if (truth_changes(c->trace, c->from, c->to, domain, resolver))
		return true;
	const struct moment *moment = &c->trace->moments[c->to];
	if (is_failed_lookup(finding_id) && fails(moment, resolver, domain))
		return true;
	snprintf(word, sizeof(word), " %s ", finding_id);
	const struct condition_row *row = &condition_rows[moment->says[resolver][domain]];
	return !moment->failure[resolver] && strstr(row->findings[c->event->check_number], word);
}

static void judge_votes(const struct case_of *c)
{
	const struct trace_event *event = c->event;
	unsigned quorum = plan_quorum(c->config), n_best = 0;
	for (size_t i = 0; i < event->n_findings; i++) {
		const struct trace_finding *finding = &event->findings[i];
		if (finding->severity == event->to)
			n_best = MXW_MAX(n_best, plan_count(finding->yes & c->config->resolvers));
		for (unsigned r = 0; r < PLAN_MAX_RESOLVERS; r++)
			if (finding->yes & 1u << r && !may_see(c, finding->id, r))
				judge_broken(c->ret, "Q1", "%s: r%u is named for %s, and has not seen it", event->id,
					     r + 1, finding->id);
	}
	if (n_best < quorum)
		judge_broken(c->ret, "Q1", "%s: %s of %s with %u of the %u votes that it takes", event->id, event->kind,
			     event->domain, n_best, quorum);
}

/* OK is what a quorum sees nothing of, each defect for itself. Whether that may have been seen in the span; `moment` is the
 * last of it. */
static bool may_be_well(const struct case_of *c, size_t from, size_t to)
{
	const struct moment *moment = &c->trace->moments[to];
	unsigned n = plan_count(moment->config->resolvers), n_blind = 0, n_seen[N_CONDITIONS] = { 0 };
	for (unsigned r = 0; r < PLAN_MAX_RESOLVERS; r++) {
		enum condition says = moment->says[r][c->event->domain_number];
		enum mxw_severity severity = condition_rows[says].severity[c->event->check_number];
		if (!truth_has_resolver(moment, r) || truth_changes(c->trace, from, to, c->event->domain_number, r))
			continue;
		n_blind += moment->failure[r] || severity == MXW_UNKNOWN;
		n_seen[says] += !moment->failure[r] && severity >= MXW_WARNING;
	}
	for (int i = 0; i < N_CONDITIONS; i++)
		if (n_seen[i] + n_blind + plan_quorum(moment->config) > n)
			return false;
	return true;
}

static void judge_quorum(const struct case_of *c)
{
	if (truth_is_problem(c->event->to))
		judge_votes(c);
	else if (!may_be_well(c, c->from, c->to))
		judge_broken(c->ret, "Q1",
			     "%s: recovery of %s, which too many resolvers have seen broken, or not at all",
			     c->event->id, c->event->domain);
}

/* ---- D1 ---- */

/* What a round says about the transition: it may have seen it, it must have seen the contrary, or neither. */
enum says { SAYS_NOTHING, MAY_SAY_SO, SAYS_THE_CONTRARY };

/* The transition's state, or what leads to it, is seen by this resolver. */
static bool agrees(const struct case_of *c, const struct moment *moment, unsigned resolver)
{
	const struct condition_row *row = &condition_rows[moment->says[resolver][c->event->domain_number]];
	enum mxw_severity severity = row->severity[c->event->check_number];
	if (moment->failure[resolver] || severity == MXW_UNKNOWN)
		return false;
	if (c->event->to == MXW_OK)
		return severity == MXW_OK;
	bool is_eased = c->event->from > c->event->to && truth_is_problem(c->event->from);
	return is_eased ? severity < c->event->from : severity >= c->event->to;
}

static enum says says(const struct case_of *c, const struct trace_round *round)
{
	const struct trace *trace = c->trace;
	size_t from = truth_moment(trace, round->at_ms - c->config->retry_interval_ms - c->config->timeout_ms - SECOND);
	size_t to = truth_moment(trace, round->at_ms + truth_round_ms(c->config) + 1);
	unsigned n_agree = 0, n_contrary = 0, n_all = 0;
	bool is_calm = true;
	for (size_t i = from + 1; i <= to; i++)
		is_calm = is_calm && trace->moments[i].deed->kind == DEED_RECEIVER;
	for (unsigned r = 0; r < PLAN_MAX_RESOLVERS; r++) {
		const struct moment *moment = &trace->moments[to];
		if (!truth_has_resolver(&trace->moments[round->moment], r))
			continue;
		bool changes = truth_changes(trace, from, to, c->event->domain_number, r);
		enum mxw_severity severity =
			condition_rows[moment->says[r][c->event->domain_number]].severity[c->event->check_number];
		n_all++;
		n_agree += changes || agrees(c, moment, r);
		n_contrary += truth_is_well(moment, r) && severity != MXW_UNKNOWN && !agrees(c, moment, r);
	}
	bool may_agree = c->event->to == MXW_OK ? may_be_well(c, from, to)
						: n_agree >= plan_quorum(trace->moments[round->moment].config);
	if (may_agree)
		return MAY_SAY_SO;
	return is_calm && n_contrary == n_all ? SAYS_THE_CONTRARY : SAYS_NOTHING;
}

/* The rounds since the last transition that may have counted for this one: how many, and when the first began. */
static unsigned count_rounds(const struct case_of *c, int64_t *ret_first_ms)
{
	const struct trace_event *event = c->event;
	unsigned n = 0;
	*ret_first_ms = event->at_ms;
	for (size_t i = c->trace->n_rounds; i > 0; i--) {
		const struct trace_round *round = &c->trace->rounds[i - 1];
		bool is_before = c->before && round->at_ms <= c->before->at_ms;
		if (round->domain != event->domain_number || round->at_ms > event->at_ms)
			continue;
		enum says word = is_before ? SAYS_THE_CONTRARY : says(c, round);
		if (word == SAYS_THE_CONTRARY)
			break;
		if (word == MAY_SAY_SO) {
			n++;
			*ret_first_ms = round->at_ms;
		}
	}
	return n;
}

/* Whether the resolver has fetched anything of the domain in that time. */
static bool fetches(const struct case_of *c, unsigned resolver, int64_t from_ms, int64_t to_ms)
{
	for (size_t i = 0; i < c->trace->n_fetches; i++) {
		const struct trace_fetch *fetch = &c->trace->fetches[i];
		if (fetch->resolver == resolver && fetch->domain == c->event->domain_number && fetch->at_ms > from_ms &&
		    fetch->at_ms <= to_ms)
			return true;
	}
	return false;
}

/* So many independent answers there can have been: of each resolver its first one, and those of the rounds in which it gave
 * something that it had not given before. */
static unsigned count_sources(const struct case_of *c, int64_t first_ms)
{
	int64_t end_ms = c->event->at_ms;
	uint32_t resolvers = 0; /* those that are gone by now, too */
	for (size_t i = truth_moment(c->trace, first_ms); i <= c->event->moment; i++)
		resolvers |= c->trace->moments[i].config->resolvers;
	unsigned n = plan_count(resolvers);
	for (size_t i = c->trace->n_rounds; i > 0; i--) {
		const struct trace_round *round = &c->trace->rounds[i - 1];
		if (round->domain != c->event->domain_number || round->at_ms > end_ms || round->at_ms <= first_ms)
			continue;
		for (unsigned r = 0; r < PLAN_MAX_RESOLVERS; r++)
			n += fetches(c, r, round->at_ms, end_ms);
		end_ms = round->at_ms;
	}
	return n;
}

/* Rounds, age and sources of what the transition needs (findings.md 4.7). */
static void judge_confirmation(const struct case_of *c)
{
	const struct trace_event *event = c->event;
	const struct plan_config *config = c->config;
	bool is_better = event->to < event->from && truth_is_problem(event->from);
	unsigned threshold = is_better ? config->success_threshold : config->failure_threshold;
	size_t which = is_better ? 2 : event->to == MXW_CRITICAL ? 0 : 1;
	int64_t first_ms, age_ms = config->confirm_ms[which];
	if (event->is_low)
		age_ms = which == 0 ? age_ms * 5 / 2 : age_ms * 3 / 2;
	unsigned n = count_rounds(c, &first_ms);
	if (n < threshold)
		judge_broken(c->ret, "D1", "%s: %s of %s after %u rounds that may have seen it, it takes %u", event->id,
			     event->kind, event->domain, n, threshold);
	else if (event->at_ms - first_ms < age_ms)
		judge_broken(c->ret, "D1", "%s: %s of %s at an age of %lld ms, it takes %lld", event->id, event->kind,
			     event->domain, (long long)(event->at_ms - first_ms), (long long)age_ms);
	else if (!event->is_low && count_sources(c, first_ms) < threshold)
		judge_broken(c->ret, "D1", "%s: %s of %s is sure, and rests on the same cached answers", event->id,
			     event->kind, event->domain);
}

static void judge_distance(const struct case_of *c)
{
	unsigned n = 0, least = MXW_MIN(c->config->failure_threshold, c->config->success_threshold);
	for (size_t i = c->before->moment; i <= c->event->moment; i++) {
		const struct plan_config *config = c->trace->moments[i].config;
		least = MXW_MIN(least, MXW_MIN(config->failure_threshold, config->success_threshold));
	}
	for (size_t i = 0; i < c->trace->n_rounds; i++) {
		const struct trace_round *round = &c->trace->rounds[i];
		n += round->domain == c->event->domain_number && round->at_ms >= c->before->at_ms &&
		     round->at_ms <= c->event->at_ms;
	}
	if (n < least)
		judge_broken(c->ret, "D1", "%s: only %u rounds after the transition %s", c->event->id, n,
			     c->before->id);
}

/* ---- */

/* What is known of a key's hard state from its events so far. */
struct hard {
	const struct trace_event *last; /* transition */
	bool is_vague;                  /* muted or flapping: what is told next need not be a transition */
};

static bool is_escalation(const struct trace_event *event)
{
	return event->n_findings && is_failed_lookup(event->findings[0].id);
}

static void judge_transition(const struct case_of *c, bool is_transition)
{
	judge_quorum(c);
	if (is_transition && !is_escalation(c->event))
		judge_confirmation(c);
	if (is_transition && c->before && !truth_is_removal(c->before))
		judge_distance(c);
}

static void judge_event(struct judgement *ret, const struct trace *trace, const struct trace_event *event,
			struct hard *hard)
{
	const struct trace_round *round = truth_round_of(trace, event);
	bool is_notice = truth_is_kind(event, "flapping");
	bool is_transition = *event->muted_by || !hard->is_vague;
	if (round && !event->is_late && !truth_is_removal(event) && !is_notice) {
		struct case_of c = { .trace = trace,
				     .event = event,
				     .before = hard->last,
				     .config = trace->moments[event->moment].config,
				     .to = event->moment,
				     .ret = ret };
		int64_t since_ms = round->at_ms;
		if (!is_transition && hard->last) /* its text may be from then */
			since_ms = hard->last->at_ms - truth_round_ms(c.config);
		c.from = truth_moment(trace, since_ms);
		judge_transition(&c, is_transition);
	}
	hard->is_vague = *event->muted_by || is_notice;
	if (is_transition)
		hard->last = event;
}

void judge_evidence(struct judgement *ret, const struct trace *trace)
{
	for (unsigned domain = 0; domain < trace->plan->n_domains; domain++)
		for (int check = 0; check < PLAN_N_CHECKS; check++) {
			struct hard hard = { 0 };
			for (size_t i = 0; i < trace->n_events && !ret->property; i++) {
				const struct trace_event *event = &trace->events[i];
				if (truth_is_of(event, domain, (enum plan_check)check) && !event->reminder)
					judge_event(ret, trace, event, &hard);
			}
		}
}
