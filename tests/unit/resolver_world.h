/* The world of a test of the resolver: a loop, two scripted servers, two upstreams, questions that are waited for.
 *
 * Where nothing should time out there is much time, for slow machines; where something should, hurry() makes a question
 * have 400 ms: tries of 80, 120, 200. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/clock.h"
#include "daemon/resolver/resolver.h"
#include "lib/base/util.h"
#include "tests/unit/responder.h"

enum { LONG_MS = 20000, SHORT_MS = 1600, ANY_AGE = 1000000, FRESH = -1 /* never from the cache */ };

struct asked {
	struct mxw_lookup lookup;
	struct mxw_loop *loop;
	struct mxw_answer *answer;
	int n_calls;
};

struct world {
	struct mxw_loop *loop;
	struct responder servers[2];
	struct mxw_upstream_spec
		spec; /* of both upstreams: the first server, and the second as fallback if n_addresses is 2 */
	int64_t timeout_ms;
	size_t max_cache_bytes;
	bool for_servers; /* the upstreams are servers of zones, each one address, and nothing of `spec` but that counts */
	uint32_t max_qps; /* of each of them */
	bool over_tcp;    /* asked over TCP alone */
	struct mxw_resolver *resolver;
};

extern struct world world;

int set_up(void **state);
int set_up_servers(void **state);
int tear_down(void **state);
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#define TEST_SERVERS(name) cmocka_unit_test_setup_teardown(name, set_up_servers, tear_down)

/* What the server does with the next queries; the list lives as long as the caller's block. */
void set_acts(size_t server, const enum act *acts, size_t n_acts);
#define ACTS(server, ...) \
	set_acts(server, (const enum act[]){ __VA_ARGS__ }, sizeof((enum act[]){ __VA_ARGS__ }) / sizeof(enum act))

void make_resolver(void); /* anew, after a change of the members above */
void hurry(void);
void run_for(int64_t ms);

/* Asks for the address, upstream 0 if none is said. */
void ask_upstream(struct asked *asked, size_t upstream, const char *name, int64_t max_age_ms);
void ask_aged(struct asked *asked, const char *name, int64_t max_age_ms);
void ask(struct asked *asked, const char *name);
void ask_many(struct asked *asked, size_t n); /* host0.example.org, ... */
void wait_for(struct asked *asked);
/* Asks, waits, checks the outcome; the answer is borrowed until done(). */
struct mxw_answer *resolve(struct asked *asked, const char *name, enum mxw_outcome outcome);
void done(struct asked *asked);

struct mxw_upstream_counters counters(void);
const struct seen *seen(size_t server, size_t k);
