/* Q2: the own network is nobody's fault. Q3: a resolver that lies or refuses is told, and has no vote. T2: nobody is forgotten. */
#include <stdio.h>
#include <string.h>

#include "lib/base/util.h"
#include "tests/property/judge.h"
#include "tests/property/truth.h"

enum { STOP_MS = 3 * SECOND }; /* it does nothing more, and is not yet gone */

/* What is told of a resolver, the worse the later. */
enum trouble { TROUBLE_NONE, TROUBLE_DOWN, TROUBLE_REFUSED, TROUBLE_FILTER, N_TROUBLES };
static const char *const trouble_findings[N_TROUBLES] = { "", "mon-resolver-down", "mon-resolver-refused",
							  "mon-resolver-filter" };

/* A time in which something is so and nothing happens to the daemon. Moments [from, to]. */
struct span {
	const struct trace *trace;
	unsigned who; /* resolver, or domain */
	size_t from, to;
	int64_t begin_ms, end_ms;
	const struct plan_config *config;
};

static const struct moment *moment_of(const struct span *span)
{
	return &span->trace->moments[span->from];
}

/* The daemon is another one after this, or what it knows of its resolvers is. */
static bool interrupts(const struct moment *moment)
{
	switch (moment->deed->kind) {
	case DEED_KILL:
	case DEED_STOP:
	case DEED_START:
	case DEED_RELOAD:
	case DEED_SUSPEND:
	case DEED_DISK_FULL:
	case DEED_DISK_OK:
		return true;
	default:
		return false;
	}
}

/* The next span from moment `from` on in which `holds` says the same non-zero number; false when there is none. */
static bool find_span(struct span *span, size_t from, unsigned (*holds)(const struct moment *moment, unsigned who))
{
	const struct trace *trace = span->trace;
	for (; from < trace->n_moments; from++) {
		const struct moment *moment = &trace->moments[from];
		unsigned word = moment->is_alive && !moment->is_disk_full ? holds(moment, span->who) : 0;
		if (!word)
			continue;
		span->from = span->to = from;
		while (span->to + 1 < trace->n_moments && !interrupts(&trace->moments[span->to + 1]) &&
		       holds(&trace->moments[span->to + 1], span->who) == word)
			span->to++;
		span->begin_ms = truth_awake_ms(moment);
		span->end_ms = trace_end_of(trace, span->to);
		span->config = moment->config;
		return true;
	}
	return false;
}

/* So many ticks of the gate, and what the last of them may take. */
static int64_t ticks_ms(const struct plan_config *config, int n)
{
	return n * config->retry_interval_ms + 2 * config->timeout_ms + SECOND;
}

/* The last event of a subject until then, in the span or before it; NULL for none. */
static const struct trace_event *find_told(const struct span *span, const char *subject, int64_t at_ms)
{
	const struct trace *trace = span->trace;
	const struct trace_event *told = NULL;
	for (size_t i = 0; i < trace->n_events; i++) {
		const struct trace_event *event = &trace->events[i];
		if (!*event->domain && strcmp(event->check, subject) == 0 && event->at_ms <= at_ms &&
		    event->moment <= span->to)
			told = event;
	}
	return told;
}

/* ---- the network ---- */

static unsigned is_blind(const struct moment *moment, unsigned who)
{
	(void)who;
	return moment->config->has_canaries && !truth_can_see(moment);
}

static unsigned is_seeing(const struct moment *moment, unsigned who)
{
	(void)who;
	return moment->config->has_canaries && truth_can_see(moment);
}

static bool is_interrupted(const struct trace *trace, size_t from, size_t to)
{
	for (size_t i = from + 1; i <= to; i++)
		if (interrupts(&trace->moments[i]))
			return true;
	return false;
}

/* No domain event in the dark, and none before a whole tick has passed after it. */
static void judge_dark(struct judgement *ret, const struct span *span)
{
	const struct trace *trace = span->trace;
	int64_t noticed_ms = span->begin_ms + ticks_ms(span->config, 1);
	int64_t settled_ms = span->end_ms + span->config->retry_interval_ms - span->config->timeout_ms - SECOND;
	for (size_t i = 0; i < trace->n_events; i++) {
		const struct trace_event *event = &trace->events[i];
		if (!*event->domain || truth_is_removal(event) || event->is_late || event->at_ms <= noticed_ms ||
		    event->moment < span->from)
			continue;
		if (event->moment <= span->to)
			judge_broken(ret, "Q2", "%s: %s of %s while too few resolvers answer, since %lld ms", event->id,
				     event->kind, event->domain, (long long)span->begin_ms);
		else if (span->end_ms > noticed_ms && event->at_ms < settled_ms &&
			 !is_interrupted(trace, span->to, event->moment))
			judge_broken(ret, "Q2", "%s: %s of %s before a whole tick has passed after %lld ms", event->id,
				     event->kind, event->domain, (long long)span->end_ms);
	}
}

static void judge_network(struct judgement *ret, const struct trace *trace)
{
	struct span span = { .trace = trace };
	for (size_t from = 0; find_span(&span, from, is_blind); from = span.to + 1) {
		const struct trace_event *told = find_told(&span, "network", span.end_ms);
		judge_dark(ret, &span);
		if (span.end_ms - span.begin_ms > ticks_ms(span.config, 3) && !(told && truth_is_problem(told->to)))
			judge_broken(ret, "Q2", "too few resolvers answer from %lld to %lld ms, and nobody was told",
				     (long long)span.begin_ms, (long long)span.end_ms);
	}
	for (size_t from = 0; find_span(&span, from, is_seeing); from = span.to + 1) {
		const struct trace_event *told = find_told(&span, "network", span.end_ms);
		if (span.end_ms - span.begin_ms > ticks_ms(span.config, 4) && told && truth_is_problem(told->to))
			judge_broken(ret, "Q2", "enough resolvers answer from %lld to %lld ms, and the last word is %s",
				     (long long)span.begin_ms, (long long)span.end_ms, told->id);
	}
}

/* ---- single resolvers ---- */

static enum trouble trouble_of(const struct moment *moment, unsigned resolver)
{
	if (moment->failure[resolver])
		return moment->failure[resolver] == MXW_OUTCOME_REFUSED ? TROUBLE_REFUSED : TROUBLE_DOWN;
	return moment->lies[resolver] ? TROUBLE_FILTER : TROUBLE_NONE;
}

static bool is_watched(const struct moment *moment, unsigned resolver)
{
	return moment->config->has_canaries && truth_has_resolver(moment, resolver) && truth_can_see(moment);
}

static unsigned is_in_trouble(const struct moment *moment, unsigned resolver)
{
	return is_watched(moment, resolver) ? trouble_of(moment, resolver) : 0;
}

static unsigned is_well(const struct moment *moment, unsigned resolver)
{
	return is_watched(moment, resolver) && !trouble_of(moment, resolver);
}

static enum trouble trouble_told(const struct trace_event *told)
{
	if (!told || !truth_is_problem(told->to) || !told->n_findings)
		return TROUBLE_NONE;
	for (int i = 1; i < N_TROUBLES; i++)
		if (strcmp(told->findings[0].id, trouble_findings[i]) == 0)
			return (enum trouble)i;
	return TROUBLE_NONE;
}

static void judge_resolver(struct judgement *ret, const struct trace *trace, unsigned resolver)
{
	struct span span = { .trace = trace, .who = resolver };
	char subject[TRACE_WORD_MAX];
	snprintf(subject, sizeof(subject), "resolver:r%u", resolver + 1);
	for (size_t from = 0; find_span(&span, from, is_in_trouble); from = span.to + 1) {
		enum trouble trouble = trouble_of(moment_of(&span), resolver);
		int64_t due_ms = span.begin_ms + ticks_ms(span.config, 3) +
				 (trouble == TROUBLE_DOWN ? span.config->resolver_down_after_ms : 0);
		if (due_ms < span.end_ms && trouble_told(find_told(&span, subject, due_ms)) < trouble)
			judge_broken(ret, "Q3", "%s is no good (%s) from %lld ms on, and nobody was told by %lld ms",
				     subject, trouble_findings[trouble], (long long)span.begin_ms, (long long)due_ms);
	}
	for (size_t from = 0; find_span(&span, from, is_well); from = span.to + 1) {
		/* What it did with domains is judged anew when they are asked about. */
		int64_t due_ms = span.begin_ms + span.config->interval_ms + ticks_ms(span.config, 4);
		if (due_ms < span.end_ms && trouble_told(find_told(&span, subject, due_ms)))
			judge_broken(ret, "Q3", "%s is well from %lld ms on, and nobody was told by %lld ms", subject,
				     (long long)span.begin_ms, (long long)due_ms);
	}
}

/* It has been found out, and still has a vote. */
static void judge_votes(struct judgement *ret, const struct trace *trace, const struct trace_event *event)
{
	const struct trace_round *round = truth_round_of(trace, event);
	const struct moment *moment = &trace->moments[event->moment];
	if (!round || !moment->config->has_canaries || event->reminder || *event->muted_by ||
	    !truth_is_problem(event->to)) /* else the votes are those of then */
		return;
	size_t from = truth_moment(trace, round->at_ms - ticks_ms(moment->config, 1));
	if (is_interrupted(trace, from, event->moment) || !trace->moments[from].is_alive || from == 0)
		return;
	for (unsigned r = 0; r < PLAN_MAX_RESOLVERS; r++) {
		bool is_bad = true;
		for (size_t i = from; i <= event->moment; i++)
			is_bad = is_bad && trouble_of(&trace->moments[i], r) >= TROUBLE_REFUSED;
		for (size_t i = 0; is_bad && i < event->n_findings; i++)
			if (event->findings[i].yes & 1u << r)
				judge_broken(ret, "Q3", "%s: r%u refuses or lies, and has a vote", event->id, r + 1);
	}
}

/* What is told of the monitor itself was so at one of the last ticks: a trouble, and its end. Of a resolver that is also how
 * it answered the last rounds. */
static void judge_reason(struct judgement *ret, const struct trace *trace, const struct trace_event *event)
{
	const struct plan_config *config = trace->moments[event->moment].config;
	bool is_network = strcmp(event->check, "network") == 0, is_so = false;
	unsigned resolver = (unsigned)(event->check[strlen("resolver:r")] - '1');
	if ((!is_network && strncmp(event->check, "resolver:", strlen("resolver:")) != 0) || event->to == MXW_UNKNOWN)
		return;
	int64_t since_ms = event->at_ms - ticks_ms(config, 1) - (is_network ? 0 : config->interval_ms);
	for (size_t i = truth_moment(trace, since_ms); i <= event->moment; i++) {
		const struct moment *moment = &trace->moments[i];
		bool is_bad = is_network ? !truth_can_see(moment) : trouble_of(moment, resolver) != TROUBLE_NONE;
		is_so = is_so || is_bad == truth_is_problem(event->to);
	}
	if (!is_so)
		judge_broken(ret, is_network ? "Q2" : "Q3", "%s: %s is told to be %s, and was not", event->id,
			     event->check, mxw_severity_name(event->to));
}

/* ---- rounds ---- */

static unsigned is_served(const struct moment *moment, unsigned domain)
{
	return (moment->config->domains & 1u << domain) &&
	       truth_n_well(moment) == plan_count(moment->config->resolvers);
}

static void judge_rounds(struct judgement *ret, const struct trace *trace, unsigned domain)
{
	struct span span = { .trace = trace, .who = domain };
	for (size_t from = 0; find_span(&span, from, is_served); from = span.to + 1) {
		int64_t last_ms = span.begin_ms + ticks_ms(span.config, 3);
		for (size_t i = 0; i <= trace->n_rounds; i++) {
			const struct trace_round *round = &trace->rounds[i];
			bool is_end = i == trace->n_rounds || round->at_ms > span.end_ms;
			int64_t at_ms = is_end ? span.end_ms : round->at_ms;
			if (!is_end && round->domain != domain)
				continue;
			if (at_ms - last_ms > span.config->interval_ms + STOP_MS)
				judge_broken(ret, "T2", "d%u has no round between %lld and %lld ms", domain + 1,
					     (long long)last_ms, (long long)at_ms);
			if (is_end)
				break;
			last_ms = MXW_MAX(last_ms, at_ms);
		}
	}
}

void judge_gate(struct judgement *ret, const struct trace *trace)
{
	judge_network(ret, trace);
	for (unsigned i = 0; i < trace->plan->n_resolvers; i++)
		judge_resolver(ret, trace, i);
	for (size_t i = 0; i < trace->n_events; i++) {
		const struct trace_event *event = &trace->events[i];
		if (event->is_late)
			continue;
		if (event->domain_number != PLAN_ALL)
			judge_votes(ret, trace, event);
		else if (!*event->domain)
			judge_reason(ret, trace, event);
	}
	for (unsigned i = 0; i < trace->plan->n_domains; i++)
		judge_rounds(ret, trace, i);
}
