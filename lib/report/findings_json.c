/* The `findings` array of design.md 5.2: one object a verdict entry, with votes, evidence, commands and fixes.
 *
 * Answers are cut visibly, for a hostile zone chooses how many records it sends and how long they are. In alerts the array has
 * a budget besides: it becomes part of a request of bounded size. Worst findings come first, so what is cut is the least. */
#include <errno.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/observation/observation.h"
#include "lib/report/entry.h"
#include "lib/report/failures.h"
#include "lib/report/json.h"
#include "lib/report/report.h"

enum {
	MAX_ALERT_BYTES = 256 * 1024, /* of texts in one alert: a quarter of MXW_REQUEST_MAX, escaping may double it */
	/* Of one answer, which hundreds of findings may cite: records, octets of one (an SPF record of eight strings fits
	 * twice), octets of all. */
	MAX_RECORDS = 64,
	MAX_RECORD_TEXT = 4096,
	MAX_ANSWER_TEXT = 8192,
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

/* What dig prints for the record, cut at the end. */
static void write_record(const struct mxw_rr *rr, struct mxw_strbuf *ret)
{
	mxw_strbuf_clear(ret);
	mxw_rr_format(rr, ret);
	if (ret->len <= MAX_RECORD_TEXT || mxw_strbuf_failed(ret))
		return;
	ret->data[MAX_RECORD_TEXT] = '\0';
	ret->len = MAX_RECORD_TEXT;
	mxw_strbuf_adds(ret, "...");
}

/* *ret_n: the records that are in it. */
static json_t *answers_array(struct builder *builder, const struct mxw_answer *answer, size_t *ret_n)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	json_t *array = json_array();
	size_t n_octets = 0;
	for (*ret_n = 0; array && *ret_n < MXW_MIN(answer->n_rrs, (size_t)MAX_RECORDS); ++*ret_n) {
		write_record(&answer->rrs[*ret_n], &text);
		n_octets += text.len;
		if (n_octets > MAX_ANSWER_TEXT)
			break;
		if (mxw_strbuf_failed(&text) ||
		    json_array_append_new(array, mxw_report_json_text(mxw_strbuf_get(&text))) < 0) {
			json_decref(array);
			return NULL;
		}
		spend(builder, text.len);
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
	size_t n;
	json_t *object = json_object();
	bool ok = mxw_report_json_put(object, "resolver",
				      mxw_report_json_text(mxw_report_view_name(builder->context, view)));
	ok &= mxw_report_json_put(object, "name", mxw_report_json_name(question->name));
	ok &= mxw_report_json_put(object, "type", json_string(mxw_rrtype_name(question->type, type)));
	ok &= mxw_report_json_put(object, "outcome", json_string(mxw_outcome_name(answer->outcome)));
	ok &= mxw_report_json_put(object, "answers", answers_array(builder, answer, &n));
	if (n < answer->n_rrs)
		ok &= mxw_report_json_put(object, "omitted", json_integer((json_int_t)(answer->n_rrs - n)));
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

/* What every resolver and server answered to the questions that the finding cites; what one was not asked is left out. */
static json_t *evidence_array(struct builder *builder, const struct mxw_finding *finding)
{
	size_t n_views = builder->context->n_upstreams + builder->context->n_servers;
	json_t *array = json_array();
	for (size_t i = 0; array && i < finding->n_evidence; i++) {
		const struct mxw_finding_evidence *question = &finding->evidence[i];
		for (size_t view = 0; view < n_views && builder->left; view++) {
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
	if (mxw_report_entry_is_blank(verdict))
		entry.message = mxw_arena_textf(&arena, "undecided: %s", mxw_report_blank_reason(builder->round));
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
	if (mxw_report_has_servers(verdict))
		ok &= mxw_report_json_put(object, "authority", json_string(mxw_authority_name(verdict->authority)));
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
	const struct mxw_report_context own = mxw_report_context_of(context, round);
	struct builder builder = { .round = round, .context = &own, .alerting_only = alerting_only };
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

int mxw_report_entries_json(const struct mxw_round *round, const struct mxw_verdict_entry *entries, size_t n,
			    const struct mxw_report_context *context, struct mxw_strbuf *ret)
{
	const struct mxw_report_context own = mxw_report_context_of(context, round);
	struct builder builder = { .round = round, .context = &own, .alerting_only = true, .left = MAX_ALERT_BYTES };
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
