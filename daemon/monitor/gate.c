/* The local gate: what the canaries found decides whether rounds run, and what is told of resolvers and network. lib/health
 * decides, this file does it.
 *
 * What was told is kept as the states of subjects, "network" and "resolver:NAME", so that a restart neither repeats it
 * nor forgets to tell its end. A resolver is the same one as long as its name is. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/monitor/internal.h"
#include "lib/base/duration.h"
#include "lib/base/escape.h"
#include "lib/health/findings.h"
#include "lib/report/report.h"

/* ---- the configuration ---- */

static enum mxw_severity severity_of(const struct mxw_config *config, enum mxw_trouble trouble)
{
	const struct mxw_finding_def *def = mxw_health_finding(trouble);
	const struct mxw_domain_settings *defaults = &config->defaults;
	for (size_t i = defaults->n_overrides; i > 0; i--)
		if (defaults->overrides[i - 1].def == def)
			return defaults->overrides[i - 1].severity;
	return def->severity;
}

static bool is_telling(const struct mxw_config *config, enum mxw_trouble trouble)
{
	enum mxw_severity severity = severity_of(config, trouble);
	return severity == MXW_WARNING || severity == MXW_CRITICAL;
}

static struct mxw_gate_policy policy_of(const struct mxw_config *config)
{
	struct mxw_gate_policy policy = { .quorum = config->quorum, .down_after_ms = config->resolver_down_after_ms };
	for (enum mxw_trouble trouble = MXW_TROUBLE_DOWN; trouble <= MXW_TROUBLE_BLIND; trouble++)
		if (is_telling(config, trouble))
			policy.telling |= 1u << trouble;
	return policy;
}

static size_t find_resolver(const struct mxw_config *config, const char *name)
{
	size_t i = mxw_config_find_upstream(config, name);
	return i < config->n_upstreams ? i : MXW_GATE_NETWORK;
}

/* ---- what is wrong, in words ---- */

static void list_resolvers(const struct mxw_monitor *monitor, struct mxw_strbuf *ret)
{
	for (size_t i = 0; i < monitor->config->n_upstreams; i++) {
		const struct mxw_health *health = mxw_canaries_health(monitor->canaries, i);
		const char *word = health->status == MXW_HEALTH_FAILING ? mxw_outcome_name(health->worst)
									: mxw_health_status_name(health->status);
		mxw_strbuf_addf(ret, "%s%s %s", i ? ", " : "", monitor->config->upstreams[i].name, word);
	}
}

/* The resolvers in trouble say yes. Of another one's trouble a resolver knows nothing. */
static struct mxw_verdict_votes votes_on(const struct mxw_monitor *monitor, size_t resolver)
{
	struct mxw_verdict_votes votes = { 0 };
	for (size_t i = 0; i < monitor->config->n_upstreams; i++) {
		bool is_good = mxw_health_answers_canaries(mxw_canaries_health(monitor->canaries, i));
		if (resolver != MXW_GATE_NETWORK)
			*(i == resolver ? &votes.yes : &votes.unknown) |= 1u << i;
		else
			*(is_good ? &votes.no : &votes.yes) |= 1u << i;
	}
	return votes;
}

static void fill_finding(struct mxw_monitor *monitor, size_t resolver, struct mxw_findings *findings,
			 struct mxw_finding *finding)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf list = MXW_STRBUF_INIT;
	const struct mxw_canary *canary = &monitor->config->canaries[0];
	char probe[MXW_HEALTH_PROBE_MAX], type[10];
	mxw_health_probe_name(mxw_rng_next(&monitor->rng), probe);
	list_resolvers(monitor, &list);
	mxw_finding_set(findings, finding, "resolvers", mxw_strbuf_get(&list));
	mxw_finding_set(findings, finding, "name", canary->name);
	mxw_finding_set(findings, finding, "type", mxw_rrtype_name(canary->type, type));
	mxw_finding_set(findings, finding, "probe", probe);
	if (resolver == MXW_GATE_NETWORK)
		return;
	mxw_finding_set(findings, finding, "resolver", monitor->config->upstreams[resolver].name);
	const struct mxw_health *health = mxw_canaries_health(monitor->canaries, resolver);
	mxw_finding_set(findings, finding, "outcome", mxw_outcome_name(health->worst));
	mxw_finding_set(findings, finding, "what", mxw_health_what(health->status));
}

/* What an event about this trouble is told with, and its recovery later on. */
static int describe(struct mxw_monitor *monitor, size_t resolver, enum mxw_trouble trouble, struct told *ret)
{
	const struct mxw_finding_def *def = mxw_health_finding(trouble);
	struct mxw_findings findings = { 0 };
	struct mxw_strbuf json = MXW_STRBUF_INIT, cause = MXW_STRBUF_INIT;
	struct mxw_report_context context = {
		.upstreams = monitor->config->upstreams,
		.n_upstreams = monitor->config->n_upstreams,
		.now_wall_ms = mxw_loop_wall_ms(monitor->loop),
	};
	struct mxw_finding *finding = mxw_findings_add(
		&findings, def,
		resolver == MXW_GATE_NETWORK ? MXW_SUBJECT_NETWORK : monitor->config->upstreams[resolver].name);
	fill_finding(monitor, resolver, &findings, finding);
	struct mxw_verdict_entry entry = { .def = def,
					   .subject = finding->subject,
					   .status = MXW_CONFIRMED,
					   .severity = severity_of(monitor->config, trouble),
					   .votes = votes_on(monitor, resolver),
					   .finding = finding };
	int r = mxw_findings_failed(&findings) ? -ENOMEM : mxw_report_entries_json(NULL, &entry, 1, &context, &json);
	if (r == 0)
		mxw_finding_expand(finding, def->message, &cause);
	*ret = (struct told){ .findings_json = mxw_strbuf_take(&json),
			      .finding_id = strdup(def->id),
			      .cause = mxw_strbuf_take(&cause) };
	mxw_findings_done(&findings);
	if (r == 0 && ret->findings_json && ret->finding_id && ret->cause)
		return 0;
	mxw_told_done(ret);
	return -ENOMEM;
}

static void add_line(struct mxw_strbuf *ret, const char *text)
{
	mxw_escape_line(ret, text, strlen(text), MXW_MAX_FIELD);
}

/* "resolver r1", "network": for people. */
static void add_subject(struct mxw_strbuf *ret, const struct subject *subject)
{
	size_t n_prefix = strlen(MXW_SUBJECT_RESOLVER);
	bool is_resolver = strncmp(subject->name, MXW_SUBJECT_RESOLVER, n_prefix) == 0;
	mxw_strbuf_adds(ret, is_resolver ? "resolver " : "");
	add_line(ret, subject->name + (is_resolver ? n_prefix : 0));
}

static char *summary_of_trouble(const struct told *told)
{
	struct mxw_strbuf summary = MXW_STRBUF_INIT;
	add_line(&summary, told->cause);
	mxw_strbuf_addf(&summary, " (%s)", told->finding_id);
	return mxw_strbuf_take(&summary);
}

static char *summary_of_end(const struct mxw_monitor *monitor, const struct subject *subject, bool is_gone)
{
	const struct mxw_state *state = &subject->key.state;
	struct mxw_strbuf summary = MXW_STRBUF_INIT;
	int64_t duration_ms = mxw_loop_wall_ms(monitor->loop) - state->incident_since_wall_ms;
	if (is_gone) {
		add_subject(&summary, subject);
		mxw_strbuf_adds(&summary, ": no longer watched after ");
	} else if (strcmp(subject->name, MXW_SUBJECT_NETWORK) == 0) {
		mxw_strbuf_adds(&summary, "monitor resolves its canaries again, domains are judged again, after ");
	} else {
		add_subject(&summary, subject);
		mxw_strbuf_adds(&summary, " is well again and has its vote, after ");
	}
	mxw_duration_format_short(&summary, MXW_MAX(duration_ms, 0));
	if (subject->key.told.cause) {
		mxw_strbuf_adds(&summary, "; had been: ");
		add_line(&summary, subject->key.told.cause);
		mxw_strbuf_addf(&summary, " (%s)", subject->key.told.finding_id);
	}
	return mxw_strbuf_take(&summary);
}

/* ---- telling ---- */

static struct subject *subject_of(struct mxw_monitor *monitor, size_t resolver)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf name = MXW_STRBUF_INIT;
	if (resolver == MXW_GATE_NETWORK)
		mxw_strbuf_adds(&name, MXW_SUBJECT_NETWORK);
	else
		mxw_strbuf_addf(&name, MXW_SUBJECT_RESOLVER "%s", monitor->config->upstreams[resolver].name);
	return mxw_strbuf_failed(&name) ? NULL : mxw_monitor_subject(monitor, mxw_strbuf_get(&name));
}

static int tell_trouble(struct mxw_monitor *monitor, struct subject *subject, const struct mxw_gate_news *news)
{
	struct self_event event = { .to = severity_of(monitor->config, news->trouble), .age_ms = news->age_ms };
	int r = describe(monitor, news->resolver, news->trouble, &event.told);
	if (r < 0)
		return r;
	event.summary = summary_of_trouble(&event.told);
	return mxw_monitor_tell(monitor, subject, &event, mxw_monitor_notifiers_but(monitor, NULL));
}

/* `is_gone`: nobody looks any more, so that nobody knows whether it is well. */
static int tell_end(struct mxw_monitor *monitor, struct subject *subject, bool is_gone)
{
	struct self_event event = { .to = is_gone ? MXW_UNKNOWN : MXW_OK,
				    .summary = summary_of_end(monitor, subject, is_gone) };
	return mxw_monitor_tell(monitor, subject, &event, mxw_monitor_notifiers_but(monitor, NULL));
}

static void tell(struct mxw_monitor *monitor, const struct mxw_gate_news *news)
{
	struct subject *subject = subject_of(monitor, news->resolver);
	int r = !subject        ? -ENOMEM
		: news->trouble ? tell_trouble(monitor, subject, news)
				: tell_end(monitor, subject, false);
	if (r < 0)
		mxw_log(MXW_LOG_ERROR, "%s: in trouble or out of it, and the event about it cannot be written",
			subject ? subject->name : "network or resolvers");
}

/* ---- ticks ---- */

bool mxw_monitor_sees(const struct mxw_monitor *monitor)
{
	return monitor->gate.status == MXW_GATE_OPEN && !mxw_canaries_has_gap(monitor->canaries);
}

static void close_gate(struct mxw_monitor *monitor)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf list = MXW_STRBUF_INIT;
	list_resolvers(monitor, &list);
	mxw_log(MXW_LOG_WARNING, "network: %u good resolvers are needed (%s); no domain is judged until they are",
		monitor->config->quorum, mxw_strbuf_get(&list));
	mxw_monitor_hold_rounds(monitor);
}

static void open_gate(struct mxw_monitor *monitor, bool was_closed)
{
	if (was_closed)
		mxw_log(MXW_LOG_NOTICE, "network: enough resolvers answer their canaries; domains are judged");
	mxw_monitor_resume_rounds(monitor);
}

void mxw_monitor_on_tick(void *arg, bool after_gap)
{
	struct mxw_monitor *monitor = arg;
	struct mxw_gate *gate = &monitor->gate;
	struct mxw_gate_policy policy = policy_of(monitor->config);
	enum mxw_health_status statuses[MXW_MAX_UPSTREAMS];
	struct mxw_gate_news news[MXW_GATE_MAX_NEWS];
	for (size_t i = 0; i < monitor->config->n_upstreams; i++)
		statuses[i] = mxw_canaries_health(monitor->canaries, i)->status;
	if (after_gap) {
		mxw_gate_doubt(gate);
		mxw_monitor_hold_rounds(monitor);
	}
	enum mxw_gate_status before = gate->status;
	size_t n_news = mxw_gate_tick(gate, &policy, statuses, mxw_loop_now_ms(monitor->loop), news);
	if (gate->status == MXW_GATE_CLOSED && before != MXW_GATE_CLOSED)
		close_gate(monitor);
	if (gate->status == MXW_GATE_OPEN && before != MXW_GATE_OPEN)
		open_gate(monitor, before == MXW_GATE_CLOSED);
	for (size_t i = 0; i < n_news; i++)
		tell(monitor, &news[i]);
	mxw_monitor_groups_ticked(monitor);
}

/* ---- configuration and restart ---- */

void mxw_monitor_gate_configure(struct mxw_monitor *monitor, const struct mxw_config *before, bool same_resolvers)
{
	const struct mxw_config *config = monitor->config;
	struct mxw_gate *gate = &monitor->gate;
	size_t from[MXW_MAX_UPSTREAMS];
	if (!config->n_canaries || !before || !before->n_canaries) {
		mxw_gate_init(gate, config->n_upstreams);
		if (!config->n_canaries)
			gate->status = MXW_GATE_OPEN;
	} else {
		for (size_t i = 0; i < config->n_upstreams; i++)
			from[i] = find_resolver(before, config->upstreams[i].name);
		mxw_gate_reshape(gate, config->n_upstreams, from);
		if (!same_resolvers || before->quorum != config->quorum)
			mxw_gate_doubt(gate);
	}
	mxw_monitor_gate_adopt(monitor);
}

/* What this subject was told to be in; NONE when all is well. A later version may tell of other troubles, `any`: their end
 * is known all the same. */
static enum mxw_trouble trouble_told(const struct subject *subject, enum mxw_trouble any)
{
	const char *id = subject->key.told.finding_id;
	enum mxw_trouble trouble = id ? mxw_health_trouble(id) : MXW_TROUBLE_NONE;
	if (subject->key.state.hard < MXW_WARNING)
		return MXW_TROUBLE_NONE;
	return trouble ? trouble : any;
}

/* `is_known`: `resolver` is the subject's number, or the network's. */
static void adopt(struct mxw_monitor *monitor, struct subject *subject, size_t resolver, bool is_known)
{
	bool is_network = is_known && resolver == MXW_GATE_NETWORK;
	enum mxw_trouble told = trouble_told(subject, is_network ? MXW_TROUBLE_BLIND : MXW_TROUBLE_DOWN);
	bool is_watched = is_known && monitor->config->n_canaries && (!told || is_telling(monitor->config, told));
	if (told && !is_watched && tell_end(monitor, subject, true) < 0)
		mxw_log(MXW_LOG_ERROR, "%s: out of memory; the end of its trouble is told at the next start",
			subject->name);
	if (is_known)
		mxw_gate_restore(&monitor->gate, resolver, is_watched ? told : MXW_TROUBLE_NONE);
}

void mxw_monitor_gate_adopt(struct mxw_monitor *monitor)
{
	size_t n_prefix = strlen(MXW_SUBJECT_RESOLVER);
	for (struct subject *subject = monitor->subjects; subject; subject = subject->next) {
		if (strcmp(subject->name, MXW_SUBJECT_NETWORK) == 0) {
			adopt(monitor, subject, MXW_GATE_NETWORK, true);
		} else if (strncmp(subject->name, MXW_SUBJECT_RESOLVER, n_prefix) == 0) {
			size_t resolver = find_resolver(monitor->config, subject->name + n_prefix);
			adopt(monitor, subject, resolver, resolver != MXW_GATE_NETWORK);
		}
	}
}
