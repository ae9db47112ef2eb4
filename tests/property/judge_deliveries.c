/* A1 to A7: what is stored and what is received. The streams of each receiver are judged where they arrive (inbox.h), and the
 * store against all receipts by ledger.h; here is what a plan knows beyond that: who should have got what, and when. */
#include <string.h>

#include "lib/base/util.h"
#include "tests/property/judge.h"
#include "tests/property/truth.h"

enum {
	AT_ONCE_MS = SECOND,
	WRITE_AGAIN_MS = 20 * SECOND, /* after the disk was full */
};

static const struct trace_delivery *find_delivery(const struct trace *trace, const char *event_id, unsigned notifier)
{
	char name[PLAN_NAME_MAX];
	plan_notifier_name(name, notifier);
	for (size_t i = 0; i < trace->n_deliveries; i++)
		if (strcmp(trace->deliveries[i].event_id, event_id) == 0 &&
		    strcmp(trace->deliveries[i].notifier, name) == 0)
			return &trace->deliveries[i];
	return NULL;
}

/* The last problem of the key that was told before, if it is still open. */
static bool has_heard(const struct trace *trace, const struct trace_event *event, unsigned notifier)
{
	bool heard = false;
	for (const struct trace_event *other = trace->events; other < event; other++) {
		if (other->domain_number != event->domain_number || other->check_number != event->check_number ||
		    *other->muted_by)
			continue;
		if (!truth_is_problem(other->to))
			heard = false;
		else if (find_delivery(trace, other->id, notifier))
			heard = true;
	}
	return heard;
}

/* Those whom the routes name for a problem of this severity. */
static uint32_t routed(const struct plan_config *config, enum mxw_severity severity)
{
	uint32_t others = config->notifiers & ~1u;
	if (!config->is_routed)
		return config->notifiers;
	return severity == MXW_CRITICAL ? config->notifiers : others;
}

static void judge_recipients(struct judgement *ret, const struct trace *trace, const struct trace_event *event)
{
	const struct plan_config *config = trace->moments[event->moment].config;
	bool is_problem = truth_is_kind(event, "problem");
	uint32_t wanted = routed(config, MXW_MAX(event->from, event->to));
	for (unsigned i = 0; i < trace->plan->n_notifiers; i++) {
		bool has_it = find_delivery(trace, event->id, i), heard = has_heard(trace, event, i);
		if (*event->muted_by) {
			if (has_it)
				judge_broken(ret, "mute", "%s: %s of %s is told to n%u in spite of %s", event->id,
					     event->kind, event->domain, i + 1, event->muted_by);
			continue;
		}
		if (!(config->notifiers & 1u << i))
			continue;
		bool must = is_problem ? (wanted & 1u << i) || heard : heard && !event->reminder;
		bool may = must || (event->reminder && heard) || !is_problem;
		if (must && !has_it)
			judge_broken(ret, "A1", "%s: %s of %s is not for n%u, who should hear of it", event->id,
				     event->kind, event->domain, i + 1);
		if (has_it && !may)
			judge_broken(ret, "A1", "%s: %s of %s is for n%u, whom no route names", event->id, event->kind,
				     event->domain, i + 1);
	}
}

/* Nothing is lost that a receiver would have taken: delivered, or given up after a long time. */
static void judge_end(struct judgement *ret, const struct trace *trace)
{
	const struct moment *last = &trace->moments[trace->n_moments - 1];
	bool can_expire = false;
	for (size_t i = 0; i < trace->n_moments; i++)
		can_expire = can_expire || trace->moments[i].wall_offset_ms > last->wall_offset_ms - 5 * (int64_t)DAY;
	for (size_t i = 0; i < trace->n_deliveries; i++) {
		const struct trace_delivery *delivery = &trace->deliveries[i];
		unsigned notifier = (unsigned)(delivery->notifier[1] - '1');
		if (delivery->status == 3 && !can_expire)
			judge_broken(ret, "A1", "%s: given up for %s before its time", delivery->event_id,
				     delivery->notifier);
		if (delivery->status != 1 && delivery->status != 3 && last->receivers[notifier] == RECEIVER_OK &&
		    last->deed && last->deed->kind == DEED_START && trace->end_ms - last->at_ms > MINUTE)
			judge_broken(ret, "A1", "%s: still open for %s, which has been well for a minute after a start",
				     delivery->event_id, delivery->notifier);
	}
}

/* Whether the receiver and what leads to it were never in trouble until that time. */
static bool was_always_well(const struct trace *trace, unsigned notifier, size_t until)
{
	for (size_t i = 1; i <= until; i++)
		if (trace->moments[i].receivers[notifier] != RECEIVER_OK ||
		    trace->moments[i].deed->kind == DEED_LOSE_SENDER)
			return false;
	return true;
}

/* What is told is told at once; in the trouble of others, too (A10). */
static void judge_delay(struct judgement *ret, const struct trace *trace, const struct trace_event *event)
{
	size_t until = truth_moment(trace, event->at_ms + AT_ONCE_MS + 1);
	if (event->is_late || until != event->moment || !trace->moments[until].is_alive)
		return;
	for (size_t i = truth_moment(trace, event->at_ms - WRITE_AGAIN_MS); i <= until; i++)
		if (trace->moments[i].is_disk_full)
			return;
	for (unsigned i = 0; i < trace->plan->n_notifiers; i++) {
		char name[PLAN_NAME_MAX];
		plan_notifier_name(name, i);
		if (!find_delivery(trace, event->id, i) || !was_always_well(trace, i, until))
			continue;
		const struct inbox_event *receipt = inbox_find(&world.inbox, name, event->id);
		if (!receipt || receipt->at_ms > event->at_ms + AT_ONCE_MS)
			judge_broken(ret, "A10", "%s: it took n%u long to hear of it, and it was always well",
				     event->id, i + 1);
	}
}

/* E1: what strangers wrote may not break a line or a terminal. */
static void judge_text(struct judgement *ret, const struct inbox_event *receipt)
{
	for (const unsigned char *at = (const unsigned char *)receipt->summary; *at; at++)
		if (*at < ' ' || *at == 0x7f)
			judge_broken(ret, "E1", "%s: a control character in its summary", receipt->id);
	for (const char *at = receipt->body; *at; at++)
		if (*at == '\033')
			judge_broken(ret, "E1", "%s: a raw escape in its body", receipt->id);
}

void judge_deliveries(struct judgement *ret, const struct trace *trace)
{
	if (world.inbox.n_broken)
		judge_broken(ret, "stream", "a receiver got an event that %s", world.inbox.first_broken);
	if (world.inbox.n_repeated > world.n_lost_acks)
		judge_broken(ret, "A7", "%zu repetitions after %zu lost acknowledgements", world.inbox.n_repeated,
			     world.n_lost_acks);
	if (!trace->agrees)
		judge_broken(ret, "A6", "the store does not agree with what was received");
	for (const struct inbox_event *receipt = world.inbox.events; receipt; receipt = receipt->next)
		judge_text(ret, receipt);
	for (size_t i = 0; i < trace->n_events; i++) {
		if (trace->events[i].domain_number != PLAN_ALL)
			judge_recipients(ret, trace, &trace->events[i]);
		judge_delay(ret, trace, &trace->events[i]);
	}
	judge_end(ret, trace);
}
