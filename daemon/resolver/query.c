/* The life of a question; see query.h. */
#include "daemon/resolver/query.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "daemon/resolver/reply.h"
#include "lib/base/util.h"

/* ---- the end ---- */

static void stop_try(struct mxw_query *query)
{
	mxw_timer_cancel(&query->timer);
	mxw_udp_try_cancel(&query->udp);
	mxw_tcp_try_cancel(&query->tcp);
}

static void recycle(struct mxw_query *query)
{
	struct mxw_query_room *room = query->room;
	for (size_t i = 0; i < query->n_chain; i++)
		free(query->chain[i]);
	mxw_answer_unref(query->failure);
	if (room->n_spare >= MXW_MAX_SPARE_QUERIES) {
		free(query);
		return;
	}
	LL_PREPEND(room->spare, query);
	room->n_spare++;
}

/* A REFERRAL has a TTL when it says something: where to, or what the name is an alias of. */
static int64_t lifetime_ms(const struct mxw_answer *answer)
{
	if (mxw_outcome_is_determinate(answer->outcome) || answer->outcome == MXW_OUTCOME_REFERRAL)
		return (int64_t)answer->ttl * 1000;
	bool is_servfail = answer->outcome == MXW_OUTCOME_SERVFAIL || answer->outcome == MXW_OUTCOME_BOGUS;
	return is_servfail ? MXW_FAILURE_LIFETIME_MS : 0;
}

/* What a question passes before it goes, in order. */
enum { N_PACES = 2 };

static struct mxw_pace *pace_of(struct mxw_query *query, unsigned i)
{
	return i == 0 ? &query->upstream->pace : &query->room->pace;
}

static void leave_paces(struct mxw_query *query)
{
	if (query->n_passed < N_PACES)
		mxw_pace_withdraw(pace_of(query, query->n_passed), &query->turn);
	while (query->n_passed > 0)
		mxw_pace_leave(pace_of(query, --query->n_passed));
}

/* The one door out. Takes the reference to the answer; NULL if nobody waits. */
void mxw_query_complete(struct mxw_query *query, struct mxw_answer *answer)
{
	struct mxw_query_room *room = query->room;
	assert(query->entry->query == query);
	assert(answer || !query->waiters);
	stop_try(query);
	leave_paces(query);
	DL_DELETE(room->running, query);
	if (answer)
		query->upstream->counters.outcomes[answer->outcome]++;
	mxw_cache_put(&room->cache, query->entry, answer, answer ? lifetime_ms(answer) : 0,
		      mxw_loop_now_ms(room->loop));
	query->entry = NULL; /* who asks the same again from a callback gets the cache or a new query */
	room->n_calling++;
	while (query->waiters) {
		struct mxw_lookup *lookup = query->waiters;
		DL_DELETE(query->waiters, lookup);
		lookup->query = NULL;
		lookup->callback(lookup->arg, answer); /* may free the lookup, and cancel others that wait here */
	}
	room->n_calling--;
	mxw_answer_unref(answer);
	recycle(query);
}

/* Ends without a determinate answer. What the last message said is kept as evidence if it is what the outcome tells. */
static void fail(struct mxw_query *query, enum mxw_outcome outcome)
{
	const struct mxw_answer *failure = query->failure;
	struct mxw_answer_parts parts = {
		.head = { .ede = -1, .ede_text = "" },
		.chain = (const char *const *)query->chain,
		.n_chain = query->n_chain,
	};
	if (failure && (failure->outcome == outcome || outcome == MXW_OUTCOME_BOGUS))
		parts.head = *failure;
	parts.head.outcome = outcome;
	parts.head.never_sent = query->n_tries == 0;
	parts.head.received_at_ms = mxw_loop_now_ms(query->room->loop);
	struct mxw_answer *answer = NULL;
	if (mxw_answer_new(&answer, &parts) < 0)
		answer = mxw_answer_ref(query->room->out_of_memory);
	mxw_query_complete(query, answer);
}

/* ---- tries ---- */

struct mxw_server *mxw_query_server(struct mxw_query *query)
{
	return &query->upstream->servers[query->step.address];
}

/* What is asked now: the end of the chain so far. */
static struct mxw_question question_now(const struct mxw_query *query)
{
	return (struct mxw_question){
		.name = query->n_chain ? query->chain[query->n_chain - 1] : query->entry->name,
		.type = query->entry->type,
		.direct = query->room->direct,
	};
}

/* Writes the query of the try into the UDP try, where TCP borrows it. Over TCP nobody can guess, the case is left alone. */
static int write_packet(struct mxw_query *query)
{
	struct mxw_random *random = &query->room->udp.random;
	int64_t now_ms = mxw_loop_now_ms(query->room->loop);
	const struct mxw_server *server = mxw_query_server(query);
	query->edns = query->step.edns && mxw_server_speaks_edns(server, now_ms);
	struct mxw_query_options options = { .edns = query->edns, .checking_disabled = query->step.checking_disabled };
	bool mixes = query->upstream->spec.randomize_case && mxw_server_keeps_case(server, now_ms);
	if (mixes && !query->step.tcp && !query->step.keep_case)
		options.case_bits = mxw_random_u64(random);
	struct mxw_question question = question_now(query);
	uint16_t id = query->step.tcp ? mxw_random_u16(random) : 0; /* over UDP the socket chooses a free one */
	int n = mxw_wire_query(&question, id, &options, query->udp.packet);
	if (n > 0)
		query->udp.n_packet = (size_t)n;
	return n;
}

static void start_try(struct mxw_query *query)
{
	struct mxw_server *server = mxw_query_server(query);
	int n = write_packet(query);
	assert(n > 0); /* the name was checked, and aliases were names on the wire */
	(void)n;
	if (query->n_tries++ > 0)
		mxw_pace_charge(&query->upstream->pace);
	mxw_timer_at(&query->timer, query->step.until_ms);
	if (query->step.tcp) {
		query->upstream->counters.packets++;
		query->tcp_sent_at_us = mxw_loop_now_us(query->room->loop);
		mxw_tcp_try_start(&query->tcp, query->room->loop, &server->pool.address, query->udp.packet,
				  query->udp.n_packet, &mxw_reply_sink, query);
	} else {
		query->udp.sink = &mxw_reply_sink;
		query->udp.arg = query;
		mxw_udp_pool_send(&server->pool, &query->udp);
	}
}

bool mxw_query_advance(struct mxw_query *query, enum mxw_attempt_event event, enum mxw_outcome outcome)
{
	struct mxw_attempt_step step;
	if (!mxw_attempt_event(&query->attempt, event, outcome, mxw_loop_now_ms(query->room->loop), &step))
		return false;
	stop_try(query);
	query->step = step;
	if (step.done)
		fail(query, step.outcome);
	else
		start_try(query);
	return true;
}

static void on_try_timeout(void *arg)
{
	struct mxw_query *query = arg;
	if (query->edns && !query->step.tcp)
		query->edns_silent_by = query->step.address + 1;
	mxw_query_advance(query, MXW_ATTEMPT_TIMEOUT, MXW_OUTCOME_TIMEOUT);
}

static void begin(struct mxw_query *query)
{
	int64_t now_ms = mxw_loop_now_ms(query->room->loop);
	struct mxw_attempt_policy policy = {
		.timeout_ms = MXW_MAX(query->deadline_ms - now_ms, 1),
		.n_addresses = (unsigned)query->upstream->spec.n_addresses,
		.edns = mxw_server_speaks_edns(&query->upstream->servers[0], now_ms),
		.tcp_first = query->is_forged || query->entry->tcp_only,
		.direct = query->room->direct,
	};
	query->upstream->counters.asked++;
	mxw_attempt_start(&query->attempt, &policy, now_ms, &query->step);
	start_try(query);
}

/* The next link is asked for in what is left of the question's time. */
void mxw_query_follow(struct mxw_query *query, const struct mxw_answer_parts *parts)
{
	uint32_t ttl = parts->head.ttl;
	query->chain_ttl = query->n_chain ? MXW_MIN(query->chain_ttl, ttl) : ttl;
	while (query->n_chain < parts->n_chain) {
		char *name = strdup(parts->chain[query->n_chain]);
		if (!name) {
			mxw_query_complete(query, mxw_answer_ref(query->room->out_of_memory));
			return;
		}
		query->chain[query->n_chain++] = name;
	}
	stop_try(query);
	begin(query);
}

/* ---- the beginning ---- */

static void go(struct mxw_query *query)
{
	query->deadline_ms = mxw_loop_now_ms(query->room->loop) + query->room->timeout_ms;
	begin(query);
}

static void pass_paces(struct mxw_query *query)
{
	int64_t patience_ms = query->room->timeout_ms * MXW_QUERY_PATIENCE;
	while (mxw_pace_enter(pace_of(query, query->n_passed), &query->turn, patience_ms)) {
		if (++query->n_passed == N_PACES) {
			go(query);
			return;
		}
	}
}

static void on_turn(void *arg, bool may_go)
{
	struct mxw_query *query = arg;
	query->n_passed += may_go;
	if (!may_go)
		fail(query, MXW_OUTCOME_TIMEOUT);
	else if (!query->waiters) /* everybody gave up while it was queued */
		mxw_query_complete(query, NULL);
	else if (query->n_passed < N_PACES)
		pass_paces(query);
	else
		go(query);
}

static struct mxw_query *allocate(struct mxw_query_room *room)
{
	struct mxw_query *query = room->spare;
	if (!query)
		return calloc(1, sizeof(*query));
	LL_DELETE(room->spare, query);
	room->n_spare--;
	*query = (struct mxw_query){ 0 };
	return query;
}

void mxw_query_join(struct mxw_query *query, struct mxw_lookup *lookup)
{
	lookup->query = query;
	DL_APPEND(query->waiters, lookup);
}

void mxw_query_leave(struct mxw_lookup *lookup)
{
	struct mxw_query *query = lookup->query;
	DL_DELETE(query->waiters, lookup);
	lookup->query = NULL;
}

void mxw_query_abandon(struct mxw_query *query)
{
	mxw_query_complete(query, NULL);
}

int mxw_query_start(struct mxw_query_room *room, struct mxw_upstream *upstream, struct mxw_cache_entry *entry,
		    struct mxw_lookup *lookup)
{
	struct mxw_query *query = allocate(room);
	if (!query)
		return -ENOMEM;
	query->room = room;
	query->upstream = upstream;
	query->entry = entry;
	mxw_cache_begin(&room->cache, entry, query);
	query->turn.callback = on_turn;
	query->turn.arg = query;
	mxw_timer_init(&query->timer, room->loop, on_try_timeout, query);
	DL_APPEND(room->running, query);
	mxw_query_join(query, lookup);
	pass_paces(query);
	return 0;
}
