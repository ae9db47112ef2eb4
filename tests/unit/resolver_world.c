/* See resolver_world.h. */
#include "tests/unit/resolver_world.h"

#include <stdio.h>
#include <string.h>

struct world world;

void set_acts(size_t server, const enum act *acts, size_t n_acts)
{
	world.servers[server].acts = acts;
	world.servers[server].n_acts = n_acts;
}

void make_resolver(void)
{
	struct mxw_upstream_spec specs[2] = { world.spec, world.spec };
	struct mxw_resolver_params params = {
		.upstreams = specs,
		.n_upstreams = world.for_servers ? 0 : 2,
		.timeout_ms = world.timeout_ms,
		.max_cache_bytes = world.max_cache_bytes,
		.for_servers = world.for_servers,
	};
	mxw_resolver_free(world.resolver);
	assert_int_equal(mxw_resolver_new(&world.resolver, world.loop, &params), 0);
	for (size_t i = 0; world.for_servers && i < 2; i++) {
		size_t index = 99;
		assert_int_equal(
			mxw_resolver_add_server(world.resolver, &world.spec.addresses[i], world.max_qps, &index), 0);
		assert_int_equal(index, i);
	}
}

void hurry(void)
{
	world.timeout_ms = SHORT_MS;
	make_resolver();
}

int set_up(void **state)
{
	static const enum act always_a[] = { ACT_A };
	memset(&world, 0, sizeof(world));
	if (mxw_loop_new(&world.loop) < 0)
		return -1;
	for (size_t i = 0; i < 2; i++)
		responder_start(&world.servers[i], world.loop, always_a, 1);
	world.spec = (struct mxw_upstream_spec){ .n_addresses = 1, .max_in_flight = 1000, .randomize_case = true };
	world.timeout_ms = LONG_MS;
	for (size_t i = 0; i < 2; i++)
		world.spec.addresses[i] = responder_endpoint(world.servers[i].port);
	make_resolver();
	return 0;
}

int set_up_servers(void **state)
{
	static const enum act always_a[] = { AA(ACT_A) };
	if (set_up(state) < 0)
		return -1;
	world.for_servers = true;
	world.max_qps = 100000; /* as good as none */
	for (size_t i = 0; i < 2; i++)
		set_acts(i, always_a, 1);
	make_resolver();
	return 0;
}

int tear_down(void **state)
{
	mxw_resolver_free(world.resolver);
	for (size_t i = 0; i < 2; i++)
		responder_stop(&world.servers[i]);
	mxw_loop_free(world.loop);
	return 0;
}

static void on_answer(void *arg, struct mxw_answer *answer)
{
	struct asked *asked = arg;
	asked->n_calls++;
	asked->answer = mxw_answer_ref(answer);
	mxw_loop_stop(asked->loop);
}

void ask_upstream(struct asked *asked, size_t upstream, const char *name, int64_t max_age_ms)
{
	*asked = (struct asked){ .lookup = { .callback = on_answer, .arg = asked }, .loop = world.loop };
	int (*how)(struct mxw_resolver *, size_t, const char *, uint16_t, int64_t, struct mxw_lookup *,
		   struct mxw_answer **) = world.over_tcp ? mxw_resolver_ask_over_tcp : mxw_resolver_ask;
	assert_int_equal(how(world.resolver, upstream, name, MXW_TYPE_A, max_age_ms, &asked->lookup, &asked->answer),
			 0);
	assert_int_equal(asked->n_calls, 0);
}

void ask_aged(struct asked *asked, const char *name, int64_t max_age_ms)
{
	ask_upstream(asked, 0, name, max_age_ms);
}

void ask(struct asked *asked, const char *name)
{
	ask_aged(asked, name, ANY_AGE);
}

static void stop_loop(void *arg)
{
	mxw_loop_stop(arg);
}

void run_for(int64_t ms)
{
	struct mxw_timer end;
	mxw_timer_init(&end, world.loop, stop_loop, world.loop);
	mxw_timer_in(&end, ms);
	do
		assert_int_equal(mxw_loop_run(world.loop), 0);
	while (mxw_timer_is_armed(&end));
}

void wait_for(struct asked *asked)
{
	while (!asked->answer)
		assert_int_equal(mxw_loop_run(world.loop), 0);
}

struct mxw_answer *resolve(struct asked *asked, const char *name, enum mxw_outcome outcome)
{
	ask_aged(asked, name, FRESH);
	wait_for(asked);
	assert_string_equal(mxw_outcome_name(asked->answer->outcome), mxw_outcome_name(outcome));
	return asked->answer;
}

void done(struct asked *asked)
{
	mxw_answer_unref(asked->answer);
	asked->answer = NULL;
}

struct mxw_upstream_counters counters(void)
{
	struct mxw_upstream_counters ret;
	mxw_resolver_counters(world.resolver, 0, &ret);
	return ret;
}

const struct seen *seen(size_t server, size_t k)
{
	assert_true(k < world.servers[server].n_seen);
	return &world.servers[server].seen[k];
}

void ask_many(struct asked *asked, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char name[48];
		snprintf(name, sizeof(name), "host%zu.example.org", i);
		ask(&asked[i], name);
	}
}
