/* Asks, evaluates, compares, breaks; see spf_world.h. */
#include "tests/unit/spf_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "tests/zone/zone.h"

enum {
	MAX_STRING = 255, /* RFC 1035 3.3 */
	UNLIMITED_VOIDS = 1000,
};

/* ---- one evaluation ---- */

void spf_run_done(struct spf_run *run)
{
	mxw_spf_evaluation_done(&run->evaluation);
	mxw_missing_done(&run->asked);
}

/* The TXT record of a text: character-strings of full length and a rest. */
static struct mxw_answer *answer_record(const char *text)
{
	size_t n_text = strlen(text), n = 0;
	uint8_t *rdata = malloc(n_text + n_text / MAX_STRING + 1);
	struct mxw_answer *answer;
	assert_non_null(rdata);
	do {
		size_t n_string = MXW_MIN(n_text, (size_t)MAX_STRING);
		rdata[n++] = (uint8_t)n_string;
		memcpy(rdata + n, text, n_string);
		n += n_string;
		text += n_string;
		n_text -= n_string;
	} while (n_text > 0);
	assert_true(n <= UINT16_MAX);
	struct mxw_rr rr = { .ttl = 300, .type = MXW_TYPE_TXT, .n_rdata = (uint16_t)n, .rdata = rdata };
	struct mxw_answer_parts parts = { .head = { .ede = -1 }, .rrs = &rr, .n_rrs = 1 };
	assert_int_equal(mxw_answer_new(&answer, &parts), 0);
	free(rdata);
	return answer;
}

static struct mxw_answer *answer(const struct spf_world *world, const struct zone *zone, const struct spf_run *run,
				 const struct mxw_missing_question *question)
{
	struct mxw_answer *failure;
	if ((int)run->asked.n - 1 == run->broken) {
		assert_int_equal(mxw_answer_new_failure(&failure, run->failure), 0);
		return failure;
	}
	if (world->record && question->type == MXW_TYPE_TXT && strcmp(question->name, "example.com") == 0)
		return answer_record(world->record);
	return zone_answer(zone, question->name, question->type);
}

static void take_answers(const struct spf_world *world, const struct zone *zone, const struct mxw_missing *missing,
			 struct mxw_observation *observation, struct spf_run *run)
{
	for (size_t i = 0; i < missing->n; i++) {
		const struct mxw_missing_question *question = &missing->items[i];
		size_t n_before = run->asked.n;
		mxw_missing_add(&run->asked, question->name, question->type);
		if (run->asked.n == n_before || run->asked.n > SPF_WORLD_MAX_QUESTIONS)
			fail_msg("%s: question %zu is asked twice or one too many: %s", world->name, n_before,
				 question->name);
		struct mxw_answer *made = answer(world, zone, run, question);
		assert_non_null(made);
		assert_int_equal(mxw_observation_put(observation, question->name, question->type, made), 0);
		mxw_answer_unref(made);
	}
}

static unsigned find_max_voids(const struct spf_world *world, const struct spf_run *run)
{
	if (run->max_voids)
		return run->max_voids;
	if (world->max_voids)
		return world->max_voids == SPF_NO_VOIDS ? 0 : (unsigned)world->max_voids;
	return MXW_SPF_MAX_VOIDS;
}

void spf_world_judge(const struct spf_world *world, struct spf_run *run)
{
	struct zone *zone = zone_new(world->name, NULL, world->zone);
	struct mxw_spf_identity identity;
	struct mxw_missing missing = { 0 };
	struct mxw_spf_trace trace = { 0 };
	struct mxw_observation *observation;
	struct mxw_ip ip;
	assert_non_null(zone);
	assert_int_equal(mxw_ip_parse(world->ip ? world->ip : "192.0.2.1", &ip), 0);
	assert_int_equal(mxw_spf_identity_init(&identity, &ip, world->helo ? world->helo : "mail.example.com",
					       world->mail_from ? world->mail_from : "user@example.com"),
			 0);
	assert_int_equal(mxw_observation_new(&observation), 0);
	struct mxw_spf_query query = { &identity, world->receiver, SPF_WORLD_NOW, find_max_voids(world, run),
				       !run->without_explanation };
	do {
		mxw_missing_clear(&missing);
		assert_int_equal(mxw_spf_evaluate(&query, observation, &missing, &trace, &run->evaluation), 0);
		assert_false(missing.failed);
		run->n_turns++;
		take_answers(world, zone, &missing, observation, run);
	} while (missing.n > 0);
	mxw_spf_trace_done(&trace);
	mxw_missing_done(&missing);
	mxw_observation_free(observation);
	mxw_spf_identity_done(&identity);
	zone_free(zone);
}

/* ---- comparing ---- */

static void write_questions(const struct mxw_missing *asked, struct mxw_strbuf *ret)
{
	for (size_t i = 0; i < asked->n; i++) {
		char buffer[10];
		mxw_strbuf_addf(ret, "%s%s/%s", i ? " " : "", asked->items[i].name,
				mxw_rrtype_name(asked->items[i].type, buffer));
	}
}

static void write_result(enum mxw_spf_result result, enum mxw_spf_problem problem, struct mxw_strbuf *ret)
{
	mxw_strbuf_adds(ret, mxw_spf_result_name(result));
	if (problem != MXW_SPF_NO_PROBLEM)
		mxw_strbuf_addf(ret, " (%s)", mxw_spf_problem_text(problem));
}

static void compare_texts(const char *world, const char *what, const char *expect, const char *seen)
{
	if (expect && strcmp(expect, seen) != 0)
		fail_msg("%s: %s: expected \"%s\", got \"%s\"", world, what, expect, seen);
}

static void compare(const struct spf_world *world, const struct spf_run *run)
{
	const struct mxw_spf_evaluation *evaluation = &run->evaluation;
	struct mxw_strbuf expect = MXW_STRBUF_INIT, seen = MXW_STRBUF_INIT;
	write_result(world->result, world->problem, &expect);
	write_result(evaluation->result, evaluation->problem, &seen);
	compare_texts(world->name, "result", mxw_strbuf_get(&expect), mxw_strbuf_get(&seen));
	mxw_strbuf_clear(&seen);
	mxw_strbuf_addf(&seen, "%u/%u", evaluation->n_lookups, evaluation->n_voids);
	compare_texts(world->name, "lookups/voids", world->cost, mxw_strbuf_get(&seen));
	mxw_strbuf_clear(&seen);
	write_questions(&run->asked, &seen);
	compare_texts(world->name, "questions", world->asked, mxw_strbuf_get(&seen));
	mxw_strbuf_clear(&seen);
	mxw_strbuf_addf(&seen, "%s %s", mxw_strbuf_get(&evaluation->domain), mxw_strbuf_get(&evaluation->term));
	compare_texts(world->name, "decided by", world->by, mxw_strbuf_get(&seen));
	compare_texts(world->name, "explanation", world->explanation, mxw_strbuf_get(&evaluation->explanation));
	mxw_strbuf_done(&expect);
	mxw_strbuf_done(&seen);
}

/* ---- what holds in every world ---- */

static enum mxw_spf_result result_of_problem(enum mxw_spf_problem problem)
{
	switch (problem) {
	case MXW_SPF_BAD_DOMAIN:
	case MXW_SPF_NO_RECORD:
		return MXW_SPF_NONE;
	case MXW_SPF_LOOKUP_FAILED:
	case MXW_SPF_OUT_OF_TIME:
		return MXW_SPF_TEMPERROR;
	default:
		return MXW_SPF_PERMERROR;
	}
}

static void assert_sound(const struct spf_world *world, const struct spf_run *run)
{
	const struct mxw_spf_evaluation *evaluation = &run->evaluation;
	bool is_definite = evaluation->result != MXW_SPF_NONE && evaluation->result != MXW_SPF_TEMPERROR &&
			   evaluation->result != MXW_SPF_PERMERROR;
	if (is_definite != (evaluation->problem == MXW_SPF_NO_PROBLEM) ||
	    (!is_definite && evaluation->result != result_of_problem(evaluation->problem)))
		fail_msg("%s: %s for the reason %d", world->name, mxw_spf_result_name(evaluation->result),
			 (int)evaluation->problem);
	if (evaluation->result != MXW_SPF_FAIL && evaluation->explanation.len > 0)
		fail_msg("%s: %s has an explanation", world->name, mxw_spf_result_name(evaluation->result));
	if (evaluation->n_lookups > MXW_SPF_MAX_LOOKUPS + 1 || evaluation->n_voids > find_max_voids(world, run) + 1)
		fail_msg("%s: evaluation went on beyond a limit", world->name);
	if (run->n_turns > run->asked.n + 1)
		fail_msg("%s: a turn asked nothing", world->name);
}

static bool is_same_result(const struct spf_run *a, const struct spf_run *b)
{
	return a->evaluation.result == b->evaluation.result && a->evaluation.problem == b->evaluation.problem;
}

/* RFC 7208 6.2: an explanation costs nothing and changes nothing. Returns the number of questions without one. */
static size_t check_without_explanation(const struct spf_world *world, const struct spf_run *whole)
{
	struct spf_run plain = SPF_RUN_INIT;
	plain.without_explanation = true;
	spf_world_judge(world, &plain);
	assert_sound(world, &plain);
	size_t n = plain.asked.n;
	if (!is_same_result(&plain, whole) || plain.evaluation.n_lookups != whole->evaluation.n_lookups ||
	    plain.evaluation.n_voids != whole->evaluation.n_voids || plain.evaluation.explanation.len > 0)
		fail_msg("%s: the explanation changes the result or its cost", world->name);
	for (size_t i = 0; i < n; i++)
		if (i >= whole->asked.n || strcmp(plain.asked.items[i].name, whole->asked.items[i].name) != 0)
			fail_msg("%s: asked only without explanation: %s", world->name, plain.asked.items[i].name);
	spf_run_done(&plain);
	return n;
}

static bool was_asked_before(const struct spf_run *run, size_t n, uint16_t type)
{
	for (size_t i = 0; i < n; i++)
		if (run->asked.items[i].type == type)
			return true;
	return false;
}

/* The lookup may be one of ptr or %{p}: then its failure is as good as no record, which is no void either. */
static bool is_as_if_denied(const struct spf_world *world, const struct spf_run *whole, const struct spf_run *broken)
{
	size_t at = (size_t)broken->broken;
	uint16_t type = whole->asked.items[at].type;
	struct spf_run denied = SPF_RUN_INIT;
	if (type != MXW_TYPE_PTR &&
	    (type == MXW_TYPE_TXT || type == MXW_TYPE_MX || !was_asked_before(whole, at, MXW_TYPE_PTR)))
		return false;
	denied.broken = broken->broken;
	denied.failure = MXW_OUTCOME_NODATA;
	denied.max_voids = UNLIMITED_VOIDS;
	spf_world_judge(world, &denied);
	bool is_same = is_same_result(&denied, broken);
	spf_run_done(&denied);
	return is_same;
}

static bool is_temperror_of(const struct spf_run *whole, const struct spf_run *broken)
{
	const struct mxw_missing_question *question = &whole->asked.items[broken->broken];
	return broken->evaluation.result == MXW_SPF_TEMPERROR && broken->evaluation.failed_type == question->type &&
	       broken->evaluation.failed_outcome == broken->failure &&
	       strcmp(mxw_strbuf_get(&broken->evaluation.failed_name), question->name) == 0;
}

static void assert_robust(const struct spf_world *world, const struct spf_run *whole, const struct spf_run *broken,
			  size_t n_plain)
{
	size_t at = (size_t)broken->broken;
	bool is_mx_host = whole->asked.items[at].type != MXW_TYPE_MX && was_asked_before(whole, at, MXW_TYPE_MX);
	bool is_same = is_same_result(whole, broken);
	bool is_good = at >= n_plain ? is_same
		       : is_mx_host  ? is_same || is_temperror_of(whole, broken)
				     : is_temperror_of(whole, broken);
	if (!is_good && !(at < n_plain && is_as_if_denied(world, whole, broken)))
		fail_msg("%s: %s becomes %s when the lookup of %s fails", world->name,
			 mxw_spf_result_name(whole->evaluation.result), mxw_spf_result_name(broken->evaluation.result),
			 whole->asked.items[at].name);
}

static void break_lookups(const struct spf_world *world, const struct spf_run *whole, size_t n_plain)
{
	static const enum mxw_outcome failures[] = { MXW_OUTCOME_SERVFAIL, MXW_OUTCOME_LOOP };
	for (size_t f = 0; f < MXW_ARRAY_SIZE(failures); f++)
		for (int i = 0; i < (int)whole->asked.n; i++) {
			struct spf_run broken = SPF_RUN_INIT;
			broken.broken = i;
			broken.failure = failures[f];
			spf_world_judge(world, &broken);
			assert_sound(world, &broken);
			assert_robust(world, whole, &broken, n_plain);
			spf_run_done(&broken);
		}
}

void spf_world_run(const struct spf_world *worlds, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct spf_run whole = SPF_RUN_INIT;
		spf_world_judge(&worlds[i], &whole);
		compare(&worlds[i], &whole);
		assert_sound(&worlds[i], &whole);
		break_lookups(&worlds[i], &whole, check_without_explanation(&worlds[i], &whole));
		spf_run_done(&whole);
	}
}
