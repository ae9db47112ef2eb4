/* Messages are read by lib/dns; here they are sorted into the end of the question, the next link of its chain, or the
 * next step of the ladder. Every call that does so is the last one: the query may be gone. */
#include "daemon/resolver/reply.h"

#include "daemon/resolver/query.h"
#include "lib/base/util.h"

static void count_rtt(struct mxw_query *query, struct mxw_answer *head)
{
	int64_t sent_at_us = query->step.tcp ? query->tcp_sent_at_us : query->udp.sent_at_us;
	int64_t rtt_us = mxw_loop_now_us(query->room->loop) - sent_at_us;
	head->rtt_us = (uint32_t)MXW_MIN(MXW_MAX(rtt_us, 1), (int64_t)UINT32_MAX);
	head->received_at_ms = mxw_loop_now_ms(query->room->loop);
	mxw_upstream_count_rtt(query->upstream, head->rtt_us);
}

static bool is_edns_refusal(uint16_t rcode)
{
	return rcode == MXW_RCODE_FORMERR || rcode == MXW_RCODE_NOTIMP || rcode == MXW_RCODE_BADVERS;
}

/* Every response teaches about the address it came from. */
static void learn(struct mxw_query *query, uint16_t rcode)
{
	struct mxw_server *server = mxw_query_server(query);
	unsigned number = query->step.address + 1;
	int64_t now_ms = mxw_loop_now_ms(query->room->loop);
	if (query->step.tcp) {
		if (query->case_changed_by == number)
			mxw_server_changes_case(server, now_ms);
	} else if (is_edns_refusal(rcode)) {
		if (query->edns)
			query->edns_refused_by = number;
	} else if (query->edns) {
		mxw_server_edns_works(server);
	} else {
		if (query->edns_refused_by == number)
			mxw_server_edns_refused(server, now_ms);
		else if (query->edns_silent_by == number)
			mxw_server_edns_silent(server, now_ms);
		query->edns_refused_by = query->edns_silent_by = 0;
	}
}

static void settle(struct mxw_query *query, struct mxw_answer_parts *parts)
{
	if (query->n_chain)
		parts->head.ttl = MXW_MIN(parts->head.ttl, query->chain_ttl);
	struct mxw_answer *answer = NULL;
	if (mxw_answer_new(&answer, parts) < 0)
		answer = mxw_answer_ref(query->room->out_of_memory);
	mxw_query_complete(query, answer);
}

/* A response that settles nothing: remembered as evidence, and the ladder decides who is asked next. */
static void reject(struct mxw_query *query, struct mxw_answer_parts *parts)
{
	enum mxw_outcome outcome = parts->head.outcome;
	enum mxw_attempt_event event = MXW_ATTEMPT_FAILED;
	if (query->edns && is_edns_refusal(parts->head.rcode))
		event = MXW_ATTEMPT_NO_EDNS;
	else if (outcome == MXW_OUTCOME_SERVFAIL)
		event = MXW_ATTEMPT_SERVFAIL;
	parts->n_rrs = 0;
	mxw_answer_unref(query->failure);
	query->failure = NULL;
	(void)mxw_answer_new(&query->failure, parts); /* without memory there is less evidence */
	mxw_query_advance(query, event, outcome);
}

/* The answer to a question with CD=1: good data behind a SERVFAIL means that validation failed (RFC 4035 5.5). */
static void judge_unchecked(struct mxw_query *query, enum mxw_reading reading, enum mxw_outcome outcome)
{
	bool is_data = reading == MXW_READING_CONTINUE || reading == MXW_READING_UNPROVEN ||
		       (reading == MXW_READING_DONE && mxw_outcome_is_determinate(outcome));
	if (is_data)
		mxw_query_advance(query, MXW_ATTEMPT_FAILED, MXW_OUTCOME_BOGUS);
	else
		mxw_query_advance(query, MXW_ATTEMPT_SERVFAIL, MXW_OUTCOME_SERVFAIL);
}

static void ignore(struct mxw_query *query)
{
	mxw_query_server(query)->pool.n_ignored++;
	mxw_query_advance(query, MXW_ATTEMPT_MALFORMED, MXW_OUTCOME_MALFORMED);
}

/* Of what a server of the zone says, a REFERRAL is the last word, too: no other address of it is there to be asked. */
static bool is_final(const struct mxw_query *query, enum mxw_outcome outcome)
{
	return mxw_outcome_is_determinate(outcome) || (query->room->direct && outcome == MXW_OUTCOME_REFERRAL);
}

static void handle(struct mxw_query *query, enum mxw_reading reading, struct mxw_answer_parts *parts)
{
	if (reading == MXW_READING_MALFORMED) {
		ignore(query);
		return;
	}
	learn(query, parts->head.rcode);
	count_rtt(query, &parts->head);
	if (reading == MXW_READING_TRUNCATED)
		mxw_query_advance(query, MXW_ATTEMPT_TRUNCATED, MXW_OUTCOME_TRUNCATED);
	else if (query->step.checking_disabled)
		judge_unchecked(query, reading, parts->head.outcome);
	else if (reading == MXW_READING_UNPROVEN)
		mxw_query_advance(query, MXW_ATTEMPT_UNPROVEN, MXW_OUTCOME_NODATA);
	else if (reading == MXW_READING_CONTINUE && !query->room->direct)
		mxw_query_follow(query, parts);
	else if (is_final(query, parts->head.outcome))
		settle(query, parts);
	else
		reject(query, parts);
}

static void on_received(void *arg, enum mxw_match match, const uint8_t *packet, size_t n)
{
	struct mxw_query *query = arg;
	if (match == MXW_MATCH_CASE && !query->step.tcp) {
		query->case_changed_by = query->step.address + 1;
		mxw_query_advance(query, MXW_ATTEMPT_CASE, MXW_OUTCOME_MALFORMED);
		return;
	}
	struct mxw_message *message = NULL;
	if (mxw_message_parse(&message, packet, n) < 0) {
		ignore(query);
		return;
	}
	struct mxw_question question = {
		.name = query->entry->name,
		.type = query->entry->type,
		.direct = query->room->direct,
	};
	struct mxw_answer_parts parts;
	enum mxw_via via = query->step.tcp ? MXW_VIA_TCP : query->step.is_repeat ? MXW_VIA_UDP_AGAIN : MXW_VIA_UDP;
	enum mxw_reading reading = mxw_message_read(message, &question, (const char *const *)query->chain,
						    query->n_chain, via, &parts);
	handle(query, reading, &parts);
	mxw_message_free(message);
}

static void on_failed(void *arg, enum mxw_attempt_event event)
{
	struct mxw_query *query = arg;
	if (event == MXW_ATTEMPT_CASE)
		query->is_forged = true;
	mxw_query_advance(query, event, MXW_OUTCOME_NETWORK_ERROR);
}

const struct mxw_try_sink mxw_reply_sink = { .received = on_received, .failed = on_failed };
