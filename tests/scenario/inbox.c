/* Received events and the properties of their streams; see inbox.h. */
#include "tests/scenario/inbox.h"

#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/strbuf.h"
#include "lib/base/util.h"

void inbox_init(struct inbox *inbox)
{
	*inbox = (struct inbox){ 0 };
	inbox->end = &inbox->events;
}

static void event_free(struct inbox_event *event)
{
	free(event->id);
	free(event->kind);
	free(event->from);
	free(event->to);
	free(event->summary);
	free(event->body);
	free(event->domain);
	free(event->check);
	free(event->findings);
	free(event->changed);
	free(event);
}

void inbox_done(struct inbox *inbox)
{
	while (inbox->events) {
		struct inbox_event *next = inbox->events->next;
		event_free(inbox->events);
		inbox->events = next;
	}
	inbox_init(inbox);
}

static void broken(struct inbox *inbox, const struct inbox_event *event, const char *what)
{
	fprintf(stderr, "%s: %s: %s: \"%s\"\n", event->receiver, event->id, what, event->summary);
	if (inbox->n_broken++ == 0)
		inbox->first_broken = what;
}

/* ---- reading ---- */

static char *copy(const char *text)
{
	char *ret = strdup(text ? text : "");
	if (!ret)
		abort();
	return ret;
}

static char *get_text(const json_t *object, const char *key)
{
	return copy(json_string_value(json_object_get(object, key)));
}

static void read_findings(struct inbox_event *event, const json_t *findings)
{
	struct mxw_strbuf ids = MXW_STRBUF_INIT;
	size_t i;
	json_t *finding;
	event->min_yes = UINT_MAX;
	mxw_strbuf_addc(&ids, ' ');
	json_array_foreach (findings, i, finding) {
		const json_t *yes = json_object_get(json_object_get(finding, "votes"), "yes");
		const char *id = json_string_value(json_object_get(finding, "id"));
		const char *authority = json_string_value(json_object_get(finding, "authority"));
		mxw_strbuf_addf(&ids, "%s ", id ? id : "?");
		if (!authority || (strcmp(authority, "yes") != 0 && strcmp(authority, "split") != 0))
			event->min_yes = MXW_MIN(event->min_yes, (unsigned)json_array_size(yes));
	}
	event->findings = mxw_strbuf_take(&ids);
	if (!event->findings)
		abort();
}

static struct inbox_event *read_event(const char *receiver, const struct mxw_request *request)
{
	struct inbox_event *event = calloc(1, sizeof(*event));
	json_t *object = json_loadb(request->body, request->n_body, JSON_REJECT_DUPLICATES, NULL);
	if (!event)
		abort();
	snprintf(event->receiver, sizeof(event->receiver), "%s", receiver);
	event->body = copy(request->body);
	event->id = get_text(object, "id");
	event->kind = get_text(object, "kind");
	event->from = get_text(object, "from");
	event->to = get_text(object, "to");
	event->summary = get_text(object, "summary");
	event->domain = get_text(object, "domain");
	event->check = get_text(object, "check");
	event->changed = get_text(json_object_get(object, "change"), "type");
	event->seq = json_integer_value(json_object_get(object, "seq"));
	const char *repeat = strstr(event->id, "-r");
	event->reminder = repeat ? (unsigned)strtoul(repeat + strlen("-r"), NULL, 10) : 0;
	const char *confidence = json_string_value(json_object_get(object, "confidence"));
	event->is_low = confidence && strcmp(confidence, "low") == 0;
	const json_t *affects = json_object_get(object, "affects");
	event->is_of_group = affects != NULL;
	event->n_affected = (size_t)json_integer_value(json_object_get(affects, "count"));
	read_findings(event, json_object_get(object, "findings"));
	json_decref(object);
	return event;
}

/* ---- the streams ---- */

/* A reminder has the number of the event that it repeats, and its kind in its id. */
static bool is_later(const struct inbox_event *event, const struct inbox_event *before)
{
	return event->seq > before->seq || (event->seq == before->seq && event->reminder > before->reminder);
}

static bool is_problem_state(const char *state)
{
	return strcmp(state, "warning") == 0 || strcmp(state, "critical") == 0;
}

static bool is_record_change(const struct inbox_event *event)
{
	return strcmp(event->kind, "record-change") == 0;
}

/* What is wrong with the event as the successor of `before` (NULL: it is the first of its key here)? */
static const char *judge_order(const struct inbox_event *event, const struct inbox_event *before)
{
	bool is_open = before && is_problem_state(before->to);
	if (before && !is_later(event, before))
		return "is not later than the event before it (A4)";
	if (before && event->seq > before->seq + 1) /* one between them was not for this receiver, or has expired */
		return NULL;
	/* What nobody is told about leads away from UNKNOWN only: a domain that was added again and is well. */
	if (before && strcmp(before->to, "unknown") != 0 && strcmp(event->from, before->to) != 0)
		return "does not begin where the event before it ended (A6)";
	if (is_record_change(event))
		return strcmp(event->from, event->to) == 0 ? NULL : "is a record change that changes a state (A5)";
	if (strcmp(event->kind, "problem") == 0)
		return is_problem_state(event->to) ? NULL : "is a problem without one (A5)";
	/* Of what this receiver was not told from the beginning: it was added, or all who had been told are gone. */
	if (!before && (event->seq > 1 || event->reminder))
		return NULL;
	if (strcmp(event->kind, "recovery") == 0)
		return is_open && !is_problem_state(event->to) ? NULL : "recovers from nothing (A5)";
	return is_open && is_problem_state(event->to) ? NULL : "is about no open problem (A5)";
}

/* Domain and check name a key; of a cause, which has a stream for each route, the id does: epoch-key-number[-rN]. */
static bool is_same_key(const struct inbox_event *a, const struct inbox_event *b)
{
	size_t n_epoch = strcspn(a->id, "-") + 1, n = n_epoch + strcspn(a->id + n_epoch, "-");
	return strcmp(a->domain, b->domain) == 0 && strcmp(a->check, b->check) == 0 &&
	       (!a->is_of_group || strncmp(a->id, b->id, n + 1) == 0);
}

static const struct inbox_event *last_of(const struct inbox *inbox, const struct inbox_event *of, bool with_changes)
{
	const struct inbox_event *last = NULL;
	for (const struct inbox_event *event = inbox->events; event; event = event->next)
		if (strcmp(event->receiver, of->receiver) == 0 && is_same_key(of, event) &&
		    (with_changes || !is_record_change(event)))
			last = event;
	return last;
}

/* The key of an event about the monitor is the part of the id before the number. */
static const struct inbox_event *last_of_subject(const struct inbox *inbox, const struct inbox_event *of)
{
	const struct inbox_event *last = NULL;
	size_t n = (size_t)(strrchr(of->id, '-') - of->id);
	for (const struct inbox_event *event = inbox->events; event; event = event->next)
		if (strcmp(event->receiver, of->receiver) == 0 && strncmp(event->id, of->id, n + 1) == 0)
			last = event;
	return last;
}

/* The network or a resolver in trouble: told once, told anew as another trouble only, ended once. */
static void judge_monitor_stream(struct inbox *inbox, const struct inbox_event *event)
{
	const struct inbox_event *before = last_of_subject(inbox, event);
	bool was_open = before && is_problem_state(before->to), is_open = is_problem_state(event->to);
	if (!strstr(event->findings, " mon-") || (before ? event->seq != before->seq + 1 : event->seq != 1))
		return;
	if (!is_open && !was_open)
		broken(inbox, event, "ends no trouble (A5)");
	if (is_open && was_open && strcmp(event->findings, before->findings) == 0)
		broken(inbox, event, "is told twice (A5)");
	if (strcmp(event->from, before ? before->to : "ok") != 0 && !(before && strcmp(before->to, "unknown") == 0))
		broken(inbox, event, "does not begin where the event before it ended (A6)");
}

static void judge_stream(struct inbox *inbox, const struct inbox_event *event)
{
	if (!*event->domain) {
		judge_monitor_stream(inbox, event);
		return;
	}
	const char *wrong = judge_order(event, last_of(inbox, event, true));
	if (wrong)
		broken(inbox, event, wrong);
}

/* True when this receiver has it already. */
static bool is_repeated(struct inbox *inbox, const struct inbox_event *event)
{
	bool repeated = false;
	for (const struct inbox_event *other = inbox->events; other; other = other->next) {
		if (strcmp(other->id, event->id) != 0)
			continue;
		if (strcmp(other->body, event->body) != 0)
			broken(inbox, event, "one id has two bodies (A3)");
		repeated = repeated || strcmp(other->receiver, event->receiver) == 0;
	}
	return repeated;
}

void inbox_receive(struct inbox *inbox, const char *receiver, const struct mxw_request *request, int64_t at_ms)
{
	struct inbox_event *event = read_event(receiver, request);
	event->at_ms = at_ms;
	if (strcmp(event->id, request->id) != 0)
		broken(inbox, event, "has another id in its body than in its request");
	if (is_repeated(inbox, event)) {
		inbox->n_repeated++;
		event_free(event);
		return;
	}
	judge_stream(inbox, event);
	*inbox->end = event;
	inbox->end = &event->next;
}

/* ---- asking ---- */

struct inbox_event *inbox_next(const struct inbox *inbox, const char *receiver, const char *domain, const char *check)
{
	struct inbox_event *event = inbox->events;
	while (event && (event->is_expected || strcmp(event->receiver, receiver) != 0 ||
			 strcmp(event->domain, domain) != 0 || strcmp(event->check, check) != 0))
		event = event->next;
	return event;
}

const struct inbox_event *inbox_first_unexpected(const struct inbox *inbox)
{
	const struct inbox_event *event = inbox->events;
	while (event && event->is_expected)
		event = event->next;
	return event;
}

const struct inbox_event *inbox_first_open(const struct inbox *inbox)
{
	const struct inbox_event *event = inbox->events;
	while (event && !(*event->domain && is_problem_state(event->to) && !is_record_change(event) &&
			  last_of(inbox, event, false) == event))
		event = event->next;
	return event;
}

const struct inbox_event *inbox_find(const struct inbox *inbox, const char *receiver, const char *id)
{
	const struct inbox_event *event = inbox->events;
	while (event && (strcmp(event->receiver, receiver) != 0 || strcmp(event->id, id) != 0))
		event = event->next;
	return event;
}
