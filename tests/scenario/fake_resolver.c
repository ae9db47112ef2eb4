/* daemon/resolver/resolver.h without a network and without a cache of our own: every upstream says what the scenario's world
 * says, after its latency. A server is an upstream whose name is its address. */
#include "daemon/resolver/resolver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scenario/world.h"

struct asked {
	struct mxw_timer timer;
	struct mxw_lookup *lookup;
	struct mxw_resolver *resolver;
	size_t upstream;
	uint16_t type;
	char name[];
};

enum { MAX_UPSTREAMS = 32 };

struct mxw_resolver {
	struct mxw_loop *loop;
	int64_t timeout_ms;
	size_t n_upstreams, n_waiting;
	bool for_servers;
	char *names[MAX_UPSTREAMS];
	size_t shares[MAX_UPSTREAMS]; /* of servers */
	struct mxw_upstream_counters counters[MAX_UPSTREAMS];
};

int mxw_resolver_new(struct mxw_resolver **ret, struct mxw_loop *loop, const struct mxw_resolver_params *params)
{
	struct mxw_resolver *resolver = calloc(1, sizeof(*resolver));
	if (!resolver)
		return -ENOMEM;
	resolver->loop = loop;
	resolver->timeout_ms = params->timeout_ms;
	resolver->for_servers = params->for_servers;
	resolver->n_upstreams = params->n_upstreams;
	for (size_t i = 0; i < params->n_upstreams; i++) {
		resolver->names[i] = strdup(params->upstreams[i].name);
		if (!resolver->names[i])
			abort();
	}
	*ret = resolver;
	return 0;
}

void mxw_resolver_free(struct mxw_resolver *resolver)
{
	if (!resolver)
		return;
	if (resolver->n_waiting)
		abort(); /* the promise of resolver.h */
	for (size_t i = 0; i < resolver->n_upstreams; i++) {
		if (resolver->shares[i])
			abort(); /* whoever added it must drop it */
		free(resolver->names[i]);
	}
	free(resolver);
}

int mxw_resolver_add_server(struct mxw_resolver *resolver, const struct mxw_endpoint *endpoint, uint32_t max_qps,
			    size_t *ret_index)
{
	char name[MXW_IP_TEXT_MAX];
	size_t i = 0;
	(void)max_qps;
	mxw_ip_format(&endpoint->ip, name);
	while (i < resolver->n_upstreams && strcmp(resolver->names[i], name) != 0)
		i++;
	if (i == MAX_UPSTREAMS)
		return -ENOSPC;
	if (i == resolver->n_upstreams) {
		resolver->names[i] = strdup(name);
		resolver->n_upstreams++;
	}
	resolver->shares[i]++;
	*ret_index = i;
	return 0;
}

void mxw_resolver_drop_server(struct mxw_resolver *resolver, size_t index)
{
	if (!resolver->shares[index]--)
		abort();
}

static void on_time(void *arg)
{
	struct asked *asked = arg;
	struct mxw_lookup *lookup = asked->lookup;
	struct mxw_resolver *resolver = asked->resolver;
	struct mxw_answer *answer = (resolver->for_servers ? world_direct_answer : world_answer)(
		resolver->names[asked->upstream], asked->name, asked->type, mxw_loop_now_ms(resolver->loop));
	lookup->query = NULL;
	asked->resolver->n_waiting--;
	asked->resolver->counters[asked->upstream].outcomes[answer->outcome]++;
	free(asked);
	lookup->callback(lookup->arg, answer);
	mxw_answer_unref(answer);
}

int mxw_resolver_ask(struct mxw_resolver *resolver, size_t upstream, const char *name, uint16_t type,
		     int64_t max_age_ms, struct mxw_lookup *lookup, struct mxw_answer **ret_answer)
{
	size_t len = strlen(name) + 1;
	struct asked *asked = calloc(1, sizeof(*asked) + len);
	(void)max_age_ms;
	*ret_answer = NULL;
	if (!asked)
		return -ENOMEM;
	*asked = (struct asked){ .lookup = lookup, .resolver = resolver, .upstream = upstream, .type = type };
	memcpy(asked->name, name, len);
	lookup->query = asked;
	resolver->n_waiting++;
	world_note_question(name, type);
	mxw_timer_init(&asked->timer, resolver->loop, on_time, asked);
	mxw_timer_in(&asked->timer, world_latency_ms(resolver->names[upstream], resolver->timeout_ms));
	return 0;
}

void mxw_resolver_counters(const struct mxw_resolver *resolver, size_t upstream, struct mxw_upstream_counters *ret)
{
	*ret = resolver->counters[upstream];
}

void mxw_lookup_cancel(struct mxw_lookup *lookup)
{
	struct asked *asked = lookup->query;
	if (!asked)
		return;
	mxw_timer_cancel(&asked->timer);
	asked->resolver->n_waiting--;
	lookup->query = NULL;
	free(asked);
}
