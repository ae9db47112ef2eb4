/* The `findings` array of design.md 5.2: one object a verdict entry, with votes, evidence, commands and fixes.
 *
 * In alerts the array has a budget: it becomes part of a request of bounded size, and a hostile zone chooses how many
 * records it sends. Worst findings come first, so what is cut is the least. */
#include <errno.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/observation/observation.h"
#include "lib/report/entry.h"
#include "lib/report/json.h"
#include "lib/report/report.h"

enum {
	MAX_ALERT_BYTES = 256 * 1024, /* of texts in one alert: a quarter of MXW_REQUEST_MAX, escaping may double it */
	MAX_ALERT_ANSWERS = 64,       /* records of one answer in an alert */
	MAX_ALERT_ANSWER_TEXT = 4096, /* octets of one record in an alert: an SPF record of eight strings fits twice */
};

struct builder {
	const struct mxw_round *round;
	const struct mxw_report_context *context;
	bool alerting_only;
	size_t left; /* octets of the budget */
};

static void spend(struct builder *builder, size_t n)
{
	builder->left -= MXW_MIN(builder->left, n);
}

static json_t *voters(const struct builder *builder, uint32_t votes)
{
	const char *names[MXW_MAX_UPSTREAMS];
	size_t n = 0;
	for (size_t i = 0; i < builder->context->n_upstreams && i < MXW_MAX_UPSTREAMS; i++)
		if (votes & 1u << i)
			names[n++] = builder->context->upstreams[i].name;
	return mxw_report_json_texts(names, n);
}

static json_t *votes_object(const struct builder *builder, const struct mxw_verdict_votes *votes)
{
	json_t *object = json_object();
	bool ok = mxw_report_json_put(object, "yes", voters(builder, votes->yes));
	ok &= mxw_report_json_put(object, "no", voters(builder, votes->no));
	ok &= mxw_report_json_put(object, "unknown", voters(builder, votes->unknown));
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *record_text(struct builder *builder, const struct mxw_rr *rr)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_rr_format(rr, &text);
	if (mxw_strbuf_failed(&text))
		return NULL;
	if (builder->alerting_only && text.len > MAX_ALERT_ANSWER_TEXT) {
		text.data[MAX_ALERT_ANSWER_TEXT] = '\0';
		text.len = MAX_ALERT_ANSWER_TEXT;
		mxw_strbuf_adds(&text, "...");
	}
	spend(builder, text.len);
	return mxw_report_json_text(mxw_strbuf_get(&text));
}

static json_t *answers_array(struct builder *builder, const struct mxw_answer *answer)
{
	size_t n = builder->alerting_only ? MXW_MIN(answer->n_rrs, (size_t)MAX_ALERT_ANSWERS) : answer->n_rrs;
	json_t *array = json_array();
	for (size_t i = 0; array && i < n; i++) {
		if (json_array_append_new(array, record_text(builder, &answer->rrs[i])) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *alias_array(const struct mxw_answer *answer)
{
	json_t *array = json_array();
	for (size_t i = 0; array && i < answer->n_chain; i++) {
		if (json_array_append_new(array, mxw_report_json_name(answer->chain[i])) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *evidence_object(struct builder *builder, size_t view, const struct mxw_finding_evidence *question,
			       const struct mxw_answer *answer)
{
	char type[10];
	json_t *object = json_object();
	bool ok = mxw_report_json_put(object, "resolver", mxw_report_json_text(builder->context->upstreams[view].name));
	ok &= mxw_report_json_put(object, "name", mxw_report_json_name(question->name));
	ok &= mxw_report_json_put(object, "type", json_string(mxw_rrtype_name(question->type, type)));
	ok &= mxw_report_json_put(object, "outcome", json_string(mxw_outcome_name(answer->outcome)));
	ok &= mxw_report_json_put(object, "answers", answers_array(builder, answer));
	if (answer->n_chain)
		ok &= mxw_report_json_put(object, "aliases", alias_array(answer));
	ok &= mxw_report_json_put(object, "ttl", json_integer(answer->ttl));
	ok &= mxw_report_json_put(object, "rtt_ms", json_real(answer->rtt_us / 1000.0));
	if (answer->ede >= 0) {
		ok &= mxw_report_json_put(object, "ede", json_integer(answer->ede));
		ok &= mxw_report_json_put(object, "ede_text",
					  mxw_report_json_text(answer->ede_text ? answer->ede_text : ""));
	}
	spend(builder, 200 + strlen(question->name));
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

/* What every resolver answered to the questions that the finding cites; what a resolver was not asked is left out. */
static json_t *evidence_array(struct builder *builder, const struct mxw_finding *finding)
{
	json_t *array = json_array();
	for (size_t i = 0; array && i < finding->n_evidence; i++) {
		const struct mxw_finding_evidence *question = &finding->evidence[i];
		for (size_t view = 0; view < builder->context->n_upstreams && builder->left; view++) {
			const struct mxw_observation *observation = mxw_round_observation(builder->round, view);
			const struct mxw_answer *answer =
				observation ? mxw_observation_get(observation, question->name, question->type) : NULL;
			if (answer &&
			    json_array_append_new(array, evidence_object(builder, view, question, answer)) < 0) {
				json_decref(array);
				return NULL;
			}
		}
	}
	return array;
}

static json_t *finding_object(struct builder *builder, const struct mxw_verdict_entry *verdict)
{
	MXW_CLEANUP(mxw_arena_done) struct mxw_arena arena = { 0 };
	struct mxw_report_entry entry;
	mxw_report_entry_fill(&entry, verdict, builder->context, &arena);
	if (arena.failed)
		return NULL;
	json_t *object = json_object();
	bool ok = mxw_report_json_put(object, "id", json_string(verdict->def->id));
	ok &= mxw_report_json_put(object, "severity", json_string(mxw_severity_name(verdict->severity)));
	ok &= mxw_report_json_put(object, "subject", mxw_report_json_text(verdict->subject));
	ok &= mxw_report_json_put(object, "message", mxw_report_json_text(entry.message));
	ok &= mxw_report_json_put(object, "symptom", mxw_report_json_text(entry.symptom));
	ok &= mxw_report_json_put(object, "rfc", json_string(verdict->def->rfc ? verdict->def->rfc : ""));
	ok &= mxw_report_json_put(object, "reproduce", mxw_report_json_texts(entry.reproduce, entry.n_reproduce));
	ok &= mxw_report_json_put(object, "fix", mxw_report_json_texts(entry.fix, entry.n_fix));
	ok &= mxw_report_json_put(object, "votes", votes_object(builder, &verdict->votes));
	spend(builder, 1000 + strlen(entry.message) + strlen(entry.symptom));
	ok &= mxw_report_json_put(object, "evidence", evidence_array(builder, verdict->finding));
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

json_t *mxw_report_findings_array(const struct mxw_round *round, size_t check, const struct mxw_report_context *context,
				  bool alerting_only)
{
	const struct mxw_verdict *verdict = mxw_round_verdict(round, check);
	struct builder builder = { .round = round, .context = context, .alerting_only = alerting_only };
	builder.left = alerting_only ? MAX_ALERT_BYTES : SIZE_MAX;
	json_t *array = json_array();
	for (size_t i = 0; array && verdict && i < verdict->n_entries && builder.left; i++) {
		if (!mxw_report_entry_is_told(&verdict->entries[i], alerting_only))
			continue;
		if (json_array_append_new(array, finding_object(&builder, &verdict->entries[i])) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

int mxw_report_entries_json(const struct mxw_verdict_entry *entries, size_t n, const struct mxw_report_context *context,
			    struct mxw_strbuf *ret)
{
	struct builder builder = { .context = context, .alerting_only = true, .left = MAX_ALERT_BYTES };
	json_t *array = json_array();
	int r = array ? 0 : -ENOMEM;
	for (size_t i = 0; r == 0 && i < n; i++)
		if (json_array_append_new(array, finding_object(&builder, &entries[i])) < 0)
			r = -ENOMEM;
	if (r == 0)
		r = mxw_report_json_dump(array, ret);
	json_decref(array);
	return r;
}

int mxw_report_findings_json(const struct mxw_round *round, size_t check, const struct mxw_report_context *context,
			     bool alerting_only, struct mxw_strbuf *ret)
{
	if (!mxw_round_verdict(round, check))
		return -ENOENT;
	json_t *array = mxw_report_findings_array(round, check, context, alerting_only);
	if (!array)
		return -ENOMEM;
	int r = mxw_report_json_dump(array, ret);
	json_decref(array);
	return r;
}
