/* The walk made asynchronous; see authority.h. Every question stays with its answer until the search ends, because each turn of
 * the walk looks at all of them again. */
#include "daemon/authority.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"

enum {
	MAX_QUESTIONS = 120, /* more than the walk's own bounds add up to */
	RESOLVER_AGE_MS = 60 * 60 * 1000,
	MAX_MS = 30 * 1000, /* the round waits: what takes longer is not known this time */
};

/* One question, to the resolver or to a server. */
struct question {
	struct mxw_lookup lookup;
	struct mxw_authority_search *search;
	struct question *next;
	struct mxw_answer *answer; /* NULL: on its way */
	bool is_direct, has_server;
	struct mxw_endpoint server; /* of a direct one */
	size_t index;               /* of the server; a share is held */
	uint16_t type;
	char name[];
};

struct mxw_authority_search {
	struct mxw_loop *loop;
	struct mxw_authority_params params;
	struct mxw_timer turn, deadline;
	struct question *questions;
	size_t n_questions;
	int error;
	void (*done)(void *arg, struct mxw_zone_servers *zone);
	void *arg;
};

/* ---- a zone ---- */

void mxw_zone_servers_free(struct mxw_zone_servers *zone)
{
	if (!zone)
		return;
	for (size_t i = 0; i < zone->n; i++)
		mxw_resolver_drop_server(zone->resolver, zone->indexes[i]);
	mxw_arena_done(&zone->arena);
	free(zone);
}

static struct mxw_zone_servers *zone_new(struct mxw_resolver *servers, const char *apex, uint32_t ttl)
{
	struct mxw_zone_servers *zone = calloc(1, sizeof(*zone));
	if (!zone)
		return NULL;
	zone->resolver = servers;
	zone->ttl = ttl;
	zone->apex = mxw_arena_text(&zone->arena, apex);
	return zone;
}

/* `name`: of the server, NULL if only its address is known. */
static int zone_add(struct mxw_zone_servers *zone, const struct mxw_endpoint *endpoint, const char *name)
{
	char ip[MXW_IP_TEXT_MAX];
	int r = mxw_resolver_add_server(zone->resolver, endpoint, 0, &zone->indexes[zone->n]);
	if (r < 0)
		return r;
	mxw_ip_format(&endpoint->ip, ip);
	struct mxw_round_server *server = &zone->servers[zone->n++];
	server->endpoint = *endpoint;
	if (name)
		server->name = mxw_arena_textf(&zone->arena, "%s[%s]", name, ip);
	else if (endpoint->port == MXW_AUTHORITY_PORT)
		server->name = mxw_arena_text(&zone->arena, ip);
	else
		server->name = mxw_arena_textf(&zone->arena, endpoint->ip.family == 6 ? "[%s]:%u" : "%s:%u", ip,
					       (unsigned)endpoint->port);
	return zone->arena.failed ? -ENOMEM : 0;
}

int mxw_zone_servers_given(struct mxw_zone_servers **ret, struct mxw_resolver *servers, const char *apex,
			   const struct mxw_endpoint *endpoints, size_t n)
{
	struct mxw_zone_servers *zone = zone_new(servers, apex, UINT32_MAX);
	int r = zone ? 0 : -ENOMEM;
	for (size_t i = 0; i < n && r == 0; i++)
		r = zone_add(zone, &endpoints[i], NULL);
	if (r < 0)
		mxw_zone_servers_free(zone);
	else
		*ret = zone;
	return r;
}

static int zone_of(struct mxw_zone_servers **ret, struct mxw_resolver *servers, const struct mxw_delegation *delegation)
{
	/* A domain that the zone above denies may come into being at any time, in a zone of its own. */
	uint32_t ttl = delegation->is_denied ? 0 : delegation->ttl;
	struct mxw_zone_servers *zone = zone_new(servers, delegation->zone, ttl);
	int r = zone ? 0 : -ENOMEM;
	for (size_t i = 0; i < delegation->n_servers && r == 0; i++) {
		const struct mxw_zone_server *server = &delegation->servers[i];
		r = zone_add(zone, &server->endpoint, delegation->ns[server->ns].name);
	}
	if (r < 0)
		mxw_zone_servers_free(zone);
	else
		*ret = zone;
	return r;
}

/* ---- questions ---- */

static void question_free(struct question *question)
{
	mxw_lookup_cancel(&question->lookup);
	if (question->has_server)
		mxw_resolver_drop_server(question->search->params.servers, question->index);
	mxw_answer_unref(question->answer);
	free(question);
}

static void search_free(struct mxw_authority_search *search)
{
	while (search->questions) {
		struct question *question = search->questions;
		search->questions = question->next;
		question_free(question);
	}
	mxw_timer_cancel(&search->turn);
	mxw_timer_cancel(&search->deadline);
	free(search);
}

static void on_answer(void *arg, struct mxw_answer *answer)
{
	struct question *question = arg;
	question->answer = mxw_answer_ref(answer);
	if (!mxw_timer_is_armed(&question->search->turn))
		mxw_timer_in(&question->search->turn, 0);
}

static struct question *find(struct mxw_authority_search *search, const struct mxw_endpoint *server, const char *name,
			     uint16_t type)
{
	for (struct question *question = search->questions; question; question = question->next)
		if (question->type == type && question->is_direct == !!server &&
		    (!server || mxw_endpoint_equal(&question->server, server)) && strcmp(question->name, name) == 0)
			return question;
	return NULL;
}

/* Sends it, or takes what the cache has. */
static int send(struct mxw_authority_search *search, struct question *question)
{
	const struct mxw_authority_params *params = &search->params;
	int r;
	if (!question->is_direct) {
		r = mxw_resolver_ask(params->resolver, params->upstream, question->name, question->type,
				     RESOLVER_AGE_MS, &question->lookup, &question->answer);
	} else {
		r = mxw_resolver_add_server(params->servers, &question->server, 0, &question->index);
		if (r < 0)
			return r;
		question->has_server = true;
		r = mxw_resolver_ask(params->servers, question->index, question->name, question->type,
				     params->max_age_ms, &question->lookup, &question->answer);
	}
	if (r == -EINVAL) /* no wire form: nobody could ask this */
		r = mxw_answer_new_failure(&question->answer, MXW_OUTCOME_MALFORMED);
	return r;
}

static const struct mxw_answer *ask(struct mxw_authority_search *search, const struct mxw_endpoint *server,
				    const char *name, uint16_t type)
{
	struct question *question = find(search, server, name, type);
	size_t len = strlen(name) + 1;
	if (question || search->error)
		return question ? question->answer : NULL;
	question = search->n_questions < MAX_QUESTIONS ? calloc(1, sizeof(*question) + len) : NULL;
	if (!question) {
		search->error = -ENOMEM;
		return NULL;
	}
	*question = (struct question){ .search = search, .next = search->questions, .type = type };
	question->is_direct = server;
	if (server)
		question->server = *server;
	question->lookup.callback = on_answer;
	question->lookup.arg = question;
	memcpy(question->name, name, len);
	search->questions = question;
	search->n_questions++;
	int r = send(search, question);
	if (r < 0)
		search->error = r;
	return question->answer;
}

static const struct mxw_answer *ask_resolver(void *arg, const char *name, uint16_t type)
{
	return ask(arg, NULL, name, type);
}

static const struct mxw_answer *ask_server(void *arg, const struct mxw_endpoint *server, const char *name,
					   uint16_t type)
{
	return ask(arg, server, name, type);
}

/* ---- the search ---- */

static void finish(struct mxw_authority_search *search, struct mxw_zone_servers *zone)
{
	void (*done)(void *, struct mxw_zone_servers *) = search->done;
	void *done_arg = search->arg;
	search_free(search);
	done(done_arg, zone);
}

static void on_deadline(void *arg)
{
	finish(arg, NULL);
}

static void on_turn(void *arg)
{
	struct mxw_authority_search *search = arg;
	const struct mxw_walk_source source = { .ask_resolver = ask_resolver, .ask_server = ask_server, .arg = search };
	struct mxw_delegation delegation = { 0 };
	struct mxw_zone_servers *zone = NULL;
	int r = mxw_authority_walk(search->params.domain, &source, &delegation);
	if (r == MXW_WALK_MISSING && !search->error)
		return;
	/* What memory or places for servers cannot be had for stays unknown, as what nobody answers. */
	if (r == MXW_WALK_DONE && zone_of(&zone, search->params.servers, &delegation) < 0)
		zone = NULL;
	mxw_delegation_done(&delegation);
	finish(search, zone);
}

int mxw_authority_find(struct mxw_authority_search **ret, struct mxw_loop *loop,
		       const struct mxw_authority_params *params,
		       void (*done)(void *arg, struct mxw_zone_servers *zone), void *arg)
{
	struct mxw_authority_search *search = calloc(1, sizeof(*search));
	if (!search)
		return -ENOMEM;
	*search = (struct mxw_authority_search){ .loop = loop, .params = *params, .done = done, .arg = arg };
	mxw_timer_init(&search->turn, loop, on_turn, search);
	mxw_timer_init(&search->deadline, loop, on_deadline, search);
	mxw_timer_in(&search->turn, 0);
	mxw_timer_in(&search->deadline, MAX_MS);
	*ret = search;
	return 0;
}

void mxw_authority_cancel(struct mxw_authority_search *search)
{
	if (search)
		search_free(search);
}
