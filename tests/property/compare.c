/* The same world with one receiver that is never well; see compare.h. */
#include "tests/property/compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One receipt. */
struct compare_line {
	char receiver[PLAN_NAME_MAX], key[2 * TRACE_WORD_MAX], text[3 * TRACE_WORD_MAX];
	size_t n; /* of its key at this receiver */
};

/* Of the monitor's own events those about notifiers are what may differ, and those about a store that takes nothing: when
 * that is found out depends on what is to be written. */
static bool may_differ(const struct inbox_event *event)
{
	static const char notifier[] = "notifier ", store[] = "the store ";
	return !*event->domain && (strncmp(event->summary, notifier, strlen(notifier)) == 0 ||
				   strncmp(event->summary, store, strlen(store)) == 0);
}

static void key_of(const struct inbox_event *event, char ret[2 * TRACE_WORD_MAX])
{
	if (*event->domain)
		snprintf(ret, 2 * TRACE_WORD_MAX, "%s %s", event->domain, event->check);
	else /* its id is epoch-key-number */
		snprintf(ret, 2 * TRACE_WORD_MAX, "%.*s", (int)strcspn(strchr(event->id, '-') + 1, "-"),
			 strchr(event->id, '-') + 1);
}

static unsigned pick_receiver(const struct plan *plan)
{
	return (unsigned)(plan->seed % plan->n_notifiers);
}

void compare_take(struct compare_lines *ret, const struct plan *plan)
{
	char but[PLAN_NAME_MAX];
	plan_notifier_name(but, pick_receiver(plan));
	*ret = (struct compare_lines){ 0 };
	for (const struct inbox_event *event = world.inbox.events; event; event = event->next) {
		if (strcmp(event->receiver, but) == 0 || may_differ(event))
			continue;
		ret->items = reallocarray(ret->items, ret->n + 1, sizeof(ret->items[0]));
		if (!ret->items)
			abort();
		struct compare_line *line = &ret->items[ret->n];
		snprintf(line->receiver, sizeof(line->receiver), "%s", event->receiver);
		key_of(event, line->key);
		snprintf(line->text, sizeof(line->text), "%s %s->%s number %lld-r%u", event->kind, event->from,
			 event->to, (long long)event->seq, event->reminder);
		line->n = 0;
		for (size_t i = 0; i < ret->n; i++)
			line->n += strcmp(ret->items[i].receiver, line->receiver) == 0 &&
				   strcmp(ret->items[i].key, line->key) == 0;
		ret->n++;
	}
}

static const struct compare_line *find(const struct compare_lines *lines, const struct compare_line *like)
{
	for (size_t i = 0; i < lines->n; i++)
		if (lines->items[i].n == like->n && strcmp(lines->items[i].receiver, like->receiver) == 0 &&
		    strcmp(lines->items[i].key, like->key) == 0)
			return &lines->items[i];
	return NULL;
}

static void judge_lines(struct judgement *ret, const struct compare_lines *a, const struct compare_lines *b,
			const char *but)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct compare_line *line = &a->items[i], *other = find(b, line);
		if (!other || strcmp(line->text, other->text) != 0)
			judge_broken(ret, "A10", "%s got of %s as number %zu \"%s\", and \"%s\" when %s is never well",
				     line->receiver, line->key, line->n + 1, line->text,
				     other ? other->text : "nothing", but);
	}
	if (b->n > a->n)
		judge_broken(ret, "A10", "%zu receipts more when %s is never well", b->n - a->n, but);
}

void compare_prepare(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_deeds; i++) {
		if (plan->deeds[i].kind == DEED_STOP) /* it waits for what is under way */
			plan->deeds[i].kind = DEED_KILL;
		if (plan->deeds[i].kind == DEED_KILL)
			plan->deeds[i].what = 0;
	}
}

/* The receiver with that number is as `mode` from the beginning to the end. */
static void set_never_well(struct plan *plan, unsigned receiver, enum receiver_mode mode)
{
	size_t n = 0;
	for (size_t i = 0; i < plan->n_deeds; i++)
		if (plan->deeds[i].kind != DEED_RECEIVER || plan->deeds[i].who != receiver)
			plan->deeds[n++] = plan->deeds[i];
	memmove(&plan->deeds[1], &plan->deeds[0], n * sizeof(plan->deeds[0]));
	plan->deeds[0] = (struct deed){ .kind = DEED_RECEIVER, .who = receiver, .what = mode };
	plan->n_deeds = n + 1;
}

void compare_done(struct compare_lines *lines)
{
	free(lines->items);
}

void compare(struct judgement *ret, const struct plan *plan, const struct compare_lines *before)
{
	static const enum receiver_mode modes[] = { RECEIVER_RETRY, RECEIVER_PARK, RECEIVER_HANG };
	static struct trace trace; /* large */
	struct compare_lines after;
	struct plan other = *plan;
	char name[PLAN_NAME_MAX];
	plan_notifier_name(name, pick_receiver(plan));
	set_never_well(&other, pick_receiver(plan), modes[plan->seed / 8 % 3]);
	play(&trace, &other);
	compare_take(&after, plan);
	play_done(&trace);
	judge_lines(ret, before, &after, name);
	compare_done(&after);
}
