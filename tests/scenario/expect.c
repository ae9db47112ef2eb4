/* Expectations; see expect.h and, for the words of a script, run.c. */
#include "tests/scenario/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/strbuf.h"
#include "lib/base/util.h"
#include "tests/scenario/ledger.h"
#include "tests/scenario/world.h"

static const char usual_receiver[] = "ops";

/* The words of an expectation, less the receiver. */
struct words {
	char *const *items;
	size_t n;
	const char *receiver;
	const char *n_affected; /* "affects N"; NULL: not said */
	bool is_low;
};

static struct words split(const struct script_command *command)
{
	struct words words = { .items = command->words, .n = command->n_words, .receiver = usual_receiver };
	if (words.items[words.n - 1][0] == '@')
		words.receiver = words.items[--words.n] + 1;
	if (words.n > 2 && strcmp(words.items[words.n - 2], "affects") == 0) {
		words.n_affected = words.items[words.n - 1];
		words.n -= 2;
	}
	words.is_low = words.n > 4 && strcmp(words.items[words.n - 1], "low") == 0;
	words.n -= words.is_low;
	return words;
}

static const char *judge_silence(struct stage *stage, const struct words *words)
{
	const struct inbox_event *event = inbox_first_unexpected(&world.inbox);
	(void)words;
	return event ? stage_problem(stage, "%s got \"%s\"", event->receiver, event->summary) : NULL;
}

static const char *judge_anything(struct stage *stage, const struct words *words)
{
	(void)stage;
	(void)words;
	for (struct inbox_event *event = world.inbox.events; event; event = event->next)
		event->is_expected = true;
	return NULL;
}

static const char *judge_nothing_open(struct stage *stage, const struct words *words)
{
	const struct inbox_event *event = inbox_first_open(&world.inbox);
	(void)words;
	return event ? stage_problem(stage, "%s was told at last: \"%s\"", event->receiver, event->summary) : NULL;
}

static const char *judge_open(struct stage *stage, const struct words *words)
{
	size_t wanted = words->n == 2 ? strtoul(words->items[1], NULL, 10) : 0;
	if (!stage->life)
		return "no daemon is running";
	size_t n = life_n_open(stage->life);
	return n == wanted ? NULL : stage_problem(stage, "%zu deliveries are open", n);
}

static const char *judge_monitor(struct stage *stage, const struct words *words)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct inbox_event *event = inbox_next(&world.inbox, words->receiver, "", "");
	const char *problem = NULL;
	for (size_t i = 1; i < words->n; i++)
		mxw_strbuf_addf(&text, "%s%s", i > 1 ? " " : "", words->items[i]);
	if (!event)
		problem = "nothing has come";
	else if (!strstr(event->summary, mxw_strbuf_get(&text)))
		problem = stage_problem(stage, "came \"%s\"", event->summary);
	else
		event->is_expected = true;
	mxw_strbuf_done(&text);
	return problem;
}

static bool names_finding(const struct inbox_event *event, const char *id)
{
	size_t n = strlen(id);
	for (const char *at = strstr(event->findings, id); at; at = strstr(at + 1, id))
		if (at[-1] == ' ' && at[n] == ' ')
			return true;
	return false;
}

/* KIND DOMAIN CHECK FINDING, and as the fifth word the severity, of a recovery "removed". */
static const char *judge_domain_event(struct stage *stage, const struct words *words)
{
	char *const *items = words->items;
	bool is_recovery = strcmp(items[0], "recovery") == 0;
	if (words->n < 4 || words->n > 5 || (words->n == 4 && !is_recovery))
		return "expected are KIND DOMAIN CHECK FINDING SEVERITY";
	const char *to = !is_recovery ? items[4] : words->n == 4 ? "ok" : "unknown";
	struct inbox_event *event = inbox_next(&world.inbox, words->receiver, items[1], items[2]);
	if (!event)
		return "nothing has come";
	if (strcmp(event->kind, items[0]) != 0 || strcmp(event->to, to) != 0 || !names_finding(event, items[3]))
		return stage_problem(stage, "came %s \"%s\" with%s", event->kind, event->summary, event->findings);
	if (event->is_low != words->is_low)
		return stage_problem(stage, "the confidence is %s: \"%s\"", event->is_low ? "low" : "high",
				     event->summary);
	if (words->n_affected && event->n_affected != strtoul(words->n_affected, NULL, 10))
		return stage_problem(stage, "it affects %zu domains: \"%s\"", event->n_affected, event->summary);
	if (stage->life && event->min_yes < life_quorum(stage->life))
		return stage_problem(stage, "a finding without a quorum (Q1): \"%s\"", event->summary);
	event->is_expected = true;
	return NULL;
}

/* DOMAIN CHECK TYPE, and OLD -> NEW as the summary has them. */
static const char *judge_record_change(struct stage *stage, const struct words *words)
{
	struct mxw_strbuf sets = MXW_STRBUF_INIT;
	const char *problem = NULL;
	if (words->n < 4)
		return "expected are record-change DOMAIN CHECK TYPE [OLD -> NEW]";
	struct inbox_event *event = inbox_next(&world.inbox, words->receiver, words->items[1], words->items[2]);
	for (size_t i = 4; i < words->n; i++)
		mxw_strbuf_addf(&sets, " %s", words->items[i]);
	if (!event)
		problem = "nothing has come";
	else if (strcmp(event->kind, "record-change") != 0 || strcmp(event->changed, words->items[3]) != 0 ||
		 !names_finding(event, "cons-changed"))
		problem = stage_problem(stage, "came %s of %s \"%s\"", event->kind, event->changed, event->summary);
	else if (sets.len > strlen(event->summary) ||
		 strcmp(event->summary + strlen(event->summary) - sets.len, mxw_strbuf_get(&sets)) != 0)
		problem = stage_problem(stage, "came \"%s\"", event->summary);
	else if (stage->life && event->min_yes < life_quorum(stage->life))
		problem = stage_problem(stage, "a change without a quorum (Q1): \"%s\"", event->summary);
	else
		event->is_expected = true;
	mxw_strbuf_done(&sets);
	return problem;
}

/* "count N KIND FINDING": exactly so many that nothing has expected yet, of whatever domains; those of groups do not count. */
static const char *judge_count(struct stage *stage, const struct words *words)
{
	size_t n = 0;
	if (words->n != 4)
		return "expected are count N KIND FINDING";
	for (struct inbox_event *event = world.inbox.events; event; event = event->next) {
		if (event->is_expected || strcmp(event->receiver, words->receiver) != 0 ||
		    strcmp(event->kind, words->items[2]) != 0 || !names_finding(event, words->items[3]) ||
		    event->is_of_group)
			continue;
		event->is_expected = true;
		n++;
	}
	return n == strtoul(words->items[1], NULL, 10) ? NULL : stage_problem(stage, "%zu have come", n);
}

const char *expect(struct stage *stage, const struct script_command *command)
{
	static const struct {
		const char *what;
		const char *(*judge)(struct stage *stage, const struct words *words);
	} rows[] = {
		{ "silence", judge_silence },
		{ "open", judge_open },
		{ "monitor", judge_monitor },
		{ "problem", judge_domain_event },
		{ "change", judge_domain_event },
		{ "recovery", judge_domain_event },
		{ "reminder", judge_domain_event },
		{ "flapping", judge_domain_event },
		{ "record-change", judge_record_change },
		{ "count", judge_count },
		{ "anything", judge_anything },
		{ "nothing-open", judge_nothing_open },
	};
	const struct words words = split(command);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		if (words.n && strcmp(words.items[0], rows[i].what) == 0)
			return rows[i].judge(stage, &words);
	return stage_problem(stage, "nobody can expect %s", command->words[0]);
}

/* A receiver that is ok has everything by now; what another one lacks stays open, as it has to. */
static const char *judge_open_at_end(struct stage *stage)
{
	for (size_t i = 0; i < world.n_receivers; i++)
		if (world.receivers[i].mode != RECEIVER_OK)
			return NULL;
	size_t n = stage->life ? life_n_open(stage->life) : 0;
	return n ? stage_problem(stage, "%zu deliveries are open, and every receiver is ok (A1)", n) : NULL;
}

const char *expect_good_end(struct stage *stage)
{
	const char *problem = judge_silence(stage, NULL);
	if (!problem)
		problem = judge_open_at_end(stage);
	if (!problem && stage->life)
		problem = stage_stop(stage);
	if (!problem && world.inbox.n_broken)
		problem = "promises were broken";
	if (!problem && world.inbox.n_repeated > world.n_lost_acks)
		problem = stage_problem(stage, "%zu repetitions after %zu lost acknowledgements (A7)",
					world.inbox.n_repeated, world.n_lost_acks);
	if (!problem && !ledger_audit(stage->dir, &world.inbox, stage->n_expired))
		problem = "the store does not agree with what was received";
	return problem;
}
