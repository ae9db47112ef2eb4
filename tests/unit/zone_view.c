/* Asks, judges, compares; see zone_view.h. */
#include "tests/unit/zone_view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/hash.h"
#include "lib/base/util.h"
#include "lib/dns/name.h"
#include "tests/zone/zone.h"

enum {
	MAX_TURNS = 8,
	MAX_QUESTIONS = 100,
	MAX_SEEN = 256,
	N_RANDOM_FAILURES = 12, /* worlds in which a third of all lookups fails */
};

/* ---- asking and judging ---- */

struct question {
	char name[MXW_NAME_TEXT_MAX];
	uint16_t type;
};

struct view {
	struct question asked[MAX_QUESTIONS];
	size_t n_asked, n_turns;
	int broken;    /* number of the question whose lookup fails; -1: none */
	uint64_t seed; /* not 0: a third of the questions fails */
	enum mxw_outcome failure;
	bool is_weighed;
};

static bool is_broken(const struct view *view, const struct mxw_missing_question *question)
{
	if (view->seed)
		return mxw_hash64(view->seed + question->type, question->name, strlen(question->name)) % 3 == 0;
	return (int)view->n_asked == view->broken;
}

static bool was_asked(const struct view *view, const char *name, uint16_t type)
{
	for (size_t i = 0; i < view->n_asked; i++)
		if (view->asked[i].type == type && strcmp(view->asked[i].name, name) == 0)
			return true;
	return false;
}

static void take_answers(const struct zone *zone, struct view *view, const struct mxw_missing *missing,
			 struct mxw_observation *observation)
{
	for (size_t i = 0; i < missing->n; i++) {
		const struct mxw_missing_question *q = &missing->items[i];
		struct mxw_answer *made;
		if (was_asked(view, q->name, q->type) || view->n_asked == MAX_QUESTIONS)
			continue;
		if (is_broken(view, q))
			assert_int_equal(mxw_answer_new_failure(&made, view->failure), 0);
		else
			made = zone_answer(zone, q->name, q->type);
		snprintf(view->asked[view->n_asked].name, MXW_NAME_TEXT_MAX, "%s", q->name);
		view->asked[view->n_asked++].type = q->type;
		if (made)
			assert_int_equal(mxw_observation_put(observation, q->name, q->type, made), 0);
		mxw_answer_unref(made);
	}
}

static void judge(const struct mxw_check *check, const struct zone_case *world_case, struct view *view,
		  struct mxw_findings *ret)
{
	struct zone *zone = zone_new(world_case->name, NULL, world_case->zone);
	struct mxw_target target = {
		.domain = world_case->domain ? world_case->domain : "example.com",
		.profile = &world_case->profile,
		.has_probes = world_case->has_probes,
		.expect = world_case->pins,
		.watched_types = world_case->watched_types,
		.now_wall_ms = world_case->now_wall_ms,
	};
	struct mxw_missing missing = { 0 };
	struct mxw_observation *observation;
	assert_non_null(zone);
	assert_int_equal(mxw_observation_new(&observation), 0);
	for (size_t n_before = SIZE_MAX; n_before != view->n_asked; view->n_turns++) {
		n_before = view->n_asked;
		mxw_missing_clear(&missing);
		assert_int_equal(check->ask(&target, world_case->options, observation, 1, &missing), 0);
		take_answers(zone, view, &missing, observation);
	}
	assert_int_equal(check->judge(&target, world_case->options, observation, ret), 0);
	assert_false(mxw_findings_failed(ret));
	mxw_missing_done(&missing);
	mxw_observation_free(observation);
	zone_free(zone);
}

void zone_view_judge(const struct mxw_check *check, const struct zone_case *world, struct mxw_findings *ret)
{
	struct view *view = calloc(1, sizeof(*view));
	assert_non_null(view);
	view->broken = -1;
	judge(check, world, view, ret);
	free(view);
}

/* ---- comparing ---- */

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts the lines of the text; lines with '?' are left out on demand. */
static void sort_lines(char *text, bool without_unknown, struct mxw_strbuf *ret)
{
	char *lines[1024], *rest = NULL;
	size_t n = 0;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (strcmp(line, "...") != 0 && !(without_unknown && strstr(line, " ?")))
			lines[n++] = line;
	qsort(lines, n, sizeof(*lines), compare_lines);
	for (size_t i = 0; i < n; i++)
		mxw_strbuf_addf(ret, "  %s\n", lines[i]);
}

static void write_row(const struct mxw_finding *finding, struct mxw_strbuf *ret)
{
	bool is_yes = finding->vote == MXW_VOTE_YES;
	mxw_strbuf_addf(ret, "%s %s%s%s\n", finding->def->id, is_yes ? mxw_severity_name(finding->severity) : "?",
			*finding->subject ? " " : "", finding->subject);
}

static void compare(const struct zone_case *world, const struct mxw_findings *findings)
{
	struct mxw_strbuf seen = MXW_STRBUF_INIT, seen_sorted = MXW_STRBUF_INIT, expect_sorted = MXW_STRBUF_INIT;
	bool without_unknown = strstr(world->expect, "...") != NULL;
	for (size_t i = 0; i < findings->n; i++)
		write_row(findings->items[i], &seen);
	char *lines = mxw_strbuf_take(&seen), *expect = strdup(world->expect);
	/* UNKNOWN rows that a case with "..." names must be there, the others may. */
	char *rest = NULL, *copy = strdup(world->expect);
	for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		size_t n = strlen(line);
		const char *at = lines;
		if (!without_unknown || !strstr(line, " ?"))
			continue;
		while (at && (strncmp(at, line, n) != 0 || at[n] != '\n'))
			at = (at = strchr(at, '\n')) && at[1] ? at + 1 : NULL;
		if (!at)
			fail_msg("%s: no row \"%s\" in\n%s", world->name, line, lines);
	}
	sort_lines(lines, without_unknown, &seen_sorted);
	sort_lines(expect, without_unknown, &expect_sorted);
	if (strcmp(mxw_strbuf_get(&seen_sorted), mxw_strbuf_get(&expect_sorted)) != 0)
		fail_msg("%s: expected\n%sbut judged\n%s", world->name, mxw_strbuf_get(&expect_sorted),
			 mxw_strbuf_get(&seen_sorted));
	free(lines);
	free(expect);
	free(copy);
	mxw_strbuf_done(&seen_sorted);
	mxw_strbuf_done(&expect_sorted);
}

/* ---- texts ---- */

/* {votes} and {resolver} are filled by the report, after the vote; "%{" begins a macro of SPF. */
static void assert_filled(const struct zone_case *world, const struct mxw_finding *finding, const char *template)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_finding_expand(finding, template, &text);
	for (const char *open = strchr(mxw_strbuf_get(&text), '{'); open; open = strchr(open + 1, '{'))
		if (strncmp(open, "{votes}", 7) != 0 && strncmp(open, "{resolver}", 10) != 0 &&
		    (open == mxw_strbuf_get(&text) || open[-1] != '%'))
			fail_msg("%s: %s: placeholder left in \"%s\"", world->name, finding->def->id,
				 mxw_strbuf_get(&text));
	mxw_strbuf_done(&text);
}

static void check_texts(const struct zone_case *world, const struct mxw_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct mxw_finding *finding = findings->items[i];
		if (finding->vote != MXW_VOTE_YES)
			continue;
		assert_filled(world, finding, finding->def->message);
		assert_filled(world, finding, finding->def->symptom);
		assert_filled(world, finding, finding->def->reproduce);
		assert_filled(world, finding, finding->def->fix);
		assert_true(finding->n_evidence > 0);
	}
}

/* ---- one lookup fails ---- */

static bool is_about_failure(const struct mxw_finding_def *def)
{
	/* dns-*, ptr-lookup-failed: they appear, that is their purpose. */
	return def->severity == MXW_UNKNOWN || strcmp(def->id, "dnssec-bogus") == 0;
}

/* The row of the key, or the one that covers all subjects. */
static const struct mxw_finding *get_row(const struct mxw_findings *findings, const struct mxw_finding *like)
{
	const struct mxw_finding *row = mxw_findings_get(findings, like->def, like->subject);
	return row ? row : mxw_findings_get(findings, like->def, "");
}

static void assert_honest(const struct zone_case *world, const char *broken, const struct mxw_findings *whole,
			  const struct mxw_findings *degraded)
{
	for (size_t i = 0; i < degraded->n; i++) {
		const struct mxw_finding *row = degraded->items[i];
		const struct mxw_finding *before = mxw_findings_get(whole, row->def, row->subject);
		if (row->vote == MXW_VOTE_YES && !is_about_failure(row->def) &&
		    (!before || before->vote != MXW_VOTE_YES))
			fail_msg("%s: without %s, %s of \"%s\" comes to hold", world->name, broken, row->def->id,
				 row->subject);
	}
	for (size_t i = 0; i < whole->n; i++) {
		const struct mxw_finding *row = whole->items[i];
		if (row->vote == MXW_VOTE_YES && !is_about_failure(row->def) && !get_row(degraded, row))
			fail_msg("%s: without %s, %s of \"%s\" is denied", world->name, broken, row->def->id,
				 row->subject);
	}
}

/* Of findings that hold in the whole world. */
static void assert_same_weight(const struct zone_case *world, const char *broken, const struct mxw_findings *whole,
			       const struct mxw_findings *degraded)
{
	for (size_t i = 0; i < whole->n; i++) {
		const struct mxw_finding *row = whole->items[i], *after = get_row(degraded, row);
		if (row->vote != MXW_VOTE_YES || is_about_failure(row->def))
			continue;
		bool is_milder = after->severity < row->severity;
		if (is_milder || (after->vote == MXW_VOTE_YES && after->severity > row->severity))
			fail_msg("%s: without %s, %s of \"%s\" weighs %s", world->name, broken, row->def->id,
				 row->subject, is_milder ? "less" : "more");
	}
}

/* Judges the world once more with what `breaking` says failing. */
static void judge_broken(const struct mxw_check *check, const struct zone_case *world, const struct view *breaking,
			 const char *broken, const struct mxw_findings *whole)
{
	struct view *view = malloc(sizeof(*view));
	struct mxw_findings findings = { 0 };
	assert_non_null(view);
	*view = *breaking;
	judge(check, world, view, &findings);
	assert_honest(world, broken, whole, &findings);
	if (breaking->is_weighed)
		assert_same_weight(world, broken, whole, &findings);
	check_texts(world, &findings);
	mxw_findings_done(&findings);
	free(view);
}

static void break_lookups(const struct mxw_check *check, const struct zone_case *world, const struct view *whole_view,
			  const struct mxw_findings *whole)
{
	static const enum mxw_outcome failures[] = { MXW_OUTCOME_SERVFAIL, MXW_OUTCOME_REFUSED, MXW_OUTCOME_BOGUS };
	for (size_t f = 0; f < MXW_ARRAY_SIZE(failures); f++) {
		struct view *breaking = calloc(1, sizeof(*breaking));
		assert_non_null(breaking);
		breaking->failure = failures[f];
		breaking->is_weighed = whole_view->is_weighed;
		for (breaking->broken = 0; breaking->broken < (int)whole_view->n_asked; breaking->broken++)
			judge_broken(check, world, breaking, whole_view->asked[breaking->broken].name, whole);
		for (breaking->seed = 1; breaking->seed <= N_RANDOM_FAILURES; breaking->seed++)
			judge_broken(check, world, breaking, "many answers", whole);
		free(breaking);
	}
}

/* ---- coverage ---- */

static struct {
	const struct mxw_finding_def *def;
	enum mxw_severity severity;
} seen[MAX_SEEN];
static size_t n_seen;

static void remember(const struct mxw_findings *findings)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct mxw_finding *finding = findings->items[i];
		size_t k = 0;
		if (finding->vote != MXW_VOTE_YES)
			continue;
		while (k < n_seen && (seen[k].def != finding->def || seen[k].severity != finding->severity))
			k++;
		assert_true(k < MAX_SEEN);
		seen[k].def = finding->def;
		seen[k].severity = finding->severity;
		n_seen = MXW_MAX(n_seen, k + 1);
	}
}

void zone_view_assert_covered(const struct mxw_check *check, const char *const *list)
{
	for (const struct mxw_finding_def *def = check->findings; def->id; def++) {
		const struct mxw_check *owner;
		const struct mxw_finding_def *found = mxw_check_find_finding(def->id, &owner);
		const char *const *line = list;
		size_t n_id = strlen(def->id);
		while (*line && (strncmp(*line, def->id, n_id) != 0 || (*line)[n_id] != ' '))
			line++;
		if (!*line)
			fail_msg("%s is not on the list of its severities", def->id);
		for (enum mxw_severity severity = MXW_OK; severity <= MXW_CRITICAL; severity++) {
			bool is_seen = false, is_listed = strstr(*line + n_id, mxw_severity_name(severity)) != NULL;
			for (size_t i = 0; i < n_seen; i++)
				is_seen |= seen[i].def == found && seen[i].severity == severity;
			if (is_seen != is_listed)
				fail_msg("%s was %s at severity %s", def->id, is_seen ? "seen" : "never seen",
					 mxw_severity_name(severity));
		}
	}
}

/* ---- running ---- */

static void run(const struct mxw_check *check, const struct zone_case *cases, size_t n, bool is_weighed)
{
	for (size_t i = 0; i < n; i++) {
		struct view *view = calloc(1, sizeof(*view));
		struct mxw_findings findings = { 0 };
		assert_non_null(view);
		view->broken = -1;
		view->is_weighed = is_weighed;
		judge(check, &cases[i], view, &findings);
		compare(&cases[i], &findings);
		assert_true(view->n_turns <= MAX_TURNS);
		check_texts(&cases[i], &findings);
		remember(&findings);
		break_lookups(check, &cases[i], view, &findings);
		mxw_findings_done(&findings);
		free(view);
	}
}

void zone_view_run(const struct mxw_check *check, const struct zone_case *cases, size_t n)
{
	run(check, cases, n, false);
}

void zone_view_run_weighed(const struct mxw_check *check, const struct zone_case *cases, size_t n)
{
	run(check, cases, n, true);
}
