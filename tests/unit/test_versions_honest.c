/* Changes, caches and rounds at random, under virtual time: as long as every cache keeps to its TTLs and every secondary to its
 * SOA, nobody is blamed, whatever the monitor has missed; and a cache that does not is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/rng.h"
#include "lib/base/util.h"
#include "lib/dns/type.h"
#include "lib/versions/findings.h"

enum {
	N_SERVERS = 3,
	N_CACHES = 5,
	N_SEEDS = 60,
	SECONDS = 40000,
	LATE_S = 720, /* refresh + retry */
};

struct content {
	char set[24];
	uint32_t ttl_s, serial;
};

struct copy {
	struct content content;
	int64_t until_s; /* 0: there is none */
};

struct simulation {
	struct mxw_rng rng;
	struct content zone; /* at the primary, servers[0] */
	struct content servers[N_SERVERS];
	uint32_t told[N_SERVERS];        /* the serial that the monitor was given last */
	int64_t follows_at_s[N_SERVERS]; /* a secondary with an older one transfers the zone then */
	struct copy caches[N_CACHES];
	struct mxw_versions versions;
	struct mxw_versions_entries entries;
	bool has_liar; /* the last cache never drops what it has */
	unsigned n_changes, n_spreading, n_stale;
};

static unsigned draw(struct simulation *simulation, unsigned n)
{
	return (unsigned)mxw_rng_below(&simulation->rng, n);
}

/* A set keeps its TTL: one that is raised and left again between two rounds is nothing that anybody could know of. */
static void change(struct simulation *simulation, int64_t now_s)
{
	static const uint32_t ttls[] = { 0, 30, 60, 300, 900, 3600 };
	unsigned n = draw(simulation, MXW_ARRAY_SIZE(ttls));
	snprintf(simulation->zone.set, sizeof(simulation->zone.set), "10 mx%u.example.com", n);
	simulation->zone.ttl_s = ttls[n];
	for (size_t i = 1; i < N_SERVERS; i++) /* one that is behind already follows when it was to */
		if (simulation->servers[i].serial == simulation->zone.serial)
			simulation->follows_at_s[i] = now_s + (draw(simulation, 3) ? draw(simulation, 20)
										   : draw(simulation, LATE_S));
	simulation->zone.serial++;
	simulation->servers[0] = simulation->zone;
	simulation->n_changes++;
}

static void transfer(struct simulation *simulation, int64_t now_s)
{
	for (size_t i = 1; i < N_SERVERS; i++)
		if (now_s >= simulation->follows_at_s[i])
			simulation->servers[i] = simulation->zone;
}

/* What a client of the cache gets, now. */
static const struct copy *ask(struct simulation *simulation, size_t i, int64_t now_s)
{
	struct copy *copy = &simulation->caches[i];
	bool is_liar = simulation->has_liar && i == N_CACHES - 1;
	if (now_s < copy->until_s || (is_liar && copy->until_s))
		return copy;
	copy->content = simulation->servers[draw(simulation, N_SERVERS)];
	copy->until_s = now_s + copy->content.ttl_s;
	return copy;
}

/* Some answers do not arrive; but what a server gives to others and never tells the monitor, that nobody could know of. */
static struct mxw_versions_view show_server(struct simulation *simulation, size_t i, const char *name, int64_t now_ms)
{
	const struct content *content = &simulation->servers[i];
	bool is_silent = draw(simulation, 10) == 0 && simulation->told[i] == content->serial;
	simulation->told[i] = content->serial;
	return (struct mxw_versions_view){ .name = name,
					   .set = is_silent ? NULL : content->set,
					   .at_ms = now_ms,
					   .ttl_s = content->ttl_s,
					   .has_serial = true,
					   .serial = content->serial };
}

static void round_at(struct simulation *simulation, int64_t now_s, struct mxw_versions_report *report)
{
	static const char *const names[] = { "ns1", "ns2", "ns3" };
	static const struct mxw_versions_key key = {
		.name = "example.com", .type = MXW_TYPE_MX, .what = "MX", .subject = "mx", .zone = "example.com"
	};
	struct mxw_versions_view servers[N_SERVERS], resolvers[N_CACHES];
	struct mxw_versions_round round = { .now_ms = 1000 * now_s,
					    .now_wall_ms = 1000 * now_s,
					    .servers = servers,
					    .n_servers = N_SERVERS,
					    .resolvers = resolvers,
					    .n_resolvers = N_CACHES,
					    .quorum = 3,
					    .has_soa = true,
					    .refresh_s = LATE_S - 120,
					    .retry_s = 120,
					    .ns_set = 1 };
	for (size_t i = 0; i < N_SERVERS; i++)
		servers[i] = show_server(simulation, i, names[i], round.now_ms);
	for (size_t i = 0; i < N_CACHES; i++) {
		const struct copy *copy = ask(simulation, i, now_s);
		int64_t left_s = MXW_MAX(copy->until_s - now_s, 0);
		resolvers[i] = (struct mxw_versions_view){ .name = "r",
							   .set = draw(simulation, 20) ? copy->content.set : NULL,
							   .at_ms = round.now_ms,
							   .ttl_s = (uint32_t)left_s };
	}
	struct mxw_versions_report unused;
	report = report ? report : &unused;
	assert_int_equal(mxw_versions_update(&simulation->versions, &round, report), 0);
	assert_int_equal(mxw_versions_findings(&simulation->versions, &key, &round, report, &simulation->entries), 0);
}

/* A restart of the daemon: the history goes through its text, which is the same when it is written again. */
static void restart(struct simulation *simulation, int64_t now_s)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT, again = MXW_STRBUF_INIT;
	mxw_versions_write(&simulation->versions, 1000 * now_s, 1000 * now_s, &text);
	mxw_versions_done(&simulation->versions);
	assert_int_equal(mxw_versions_read(mxw_strbuf_get(&text), 1000 * now_s, 1000 * now_s, &simulation->versions),
			 0);
	mxw_versions_write(&simulation->versions, 1000 * now_s, 1000 * now_s, &again);
	assert_string_equal(mxw_strbuf_get(&text), mxw_strbuf_get(&again));
	mxw_strbuf_done(&text);
	mxw_strbuf_done(&again);
}

static void judge(struct simulation *simulation, unsigned seed, int64_t now_s)
{
	uint32_t liar = simulation->has_liar ? UINT32_C(1) << (N_CACHES - 1) : 0;
	for (size_t i = 0; i < simulation->entries.n; i++) {
		const struct mxw_verdict_entry *entry = &simulation->entries.items[i];
		const char *id = entry->def->id;
		simulation->n_spreading += strcmp(id, "cons-propagating") == 0;
		simulation->n_stale += strcmp(id, "cons-stale-resolver") == 0;
		if (strcmp(id, "cons-stale-resolver") == 0 && entry->votes.yes & ~liar)
			fail_msg("seed %u, %lld s: an honest cache is called stale", seed, (long long)now_s);
		if (strcmp(id, "cons-auth-disagree") == 0 || strcmp(id, "cons-split") == 0 ||
		    entry->severity == MXW_CRITICAL)
			fail_msg("seed %u, %lld s: %s %s", seed, (long long)now_s, id,
				 mxw_severity_name(entry->severity));
	}
}

static void simulate(struct simulation *simulation, unsigned seed)
{
	struct mxw_versions_report report;
	int64_t next_round_s = 1;
	mxw_rng_seed(&simulation->rng, seed);
	change(simulation, 0);
	for (size_t i = 0; i < N_SERVERS; i++)
		simulation->servers[i] = simulation->zone;
	round_at(simulation, 0, NULL);
	for (int64_t now_s = 1; now_s < SECONDS; now_s++) {
		transfer(simulation, now_s);
		if (draw(simulation, 3000) == 0)
			change(simulation, now_s);
		if (draw(simulation, 20) == 0)
			ask(simulation, draw(simulation, N_CACHES), now_s);
		if (draw(simulation, 10000) == 0)
			restart(simulation, now_s);
		if (now_s < next_round_s)
			continue;
		round_at(simulation, now_s, &report);
		judge(simulation, seed, now_s);
		int64_t early_ms = mxw_versions_next_ms(&report, 1000 * now_s);
		assert_true(early_ms > 1000 * now_s);
		next_round_s = MXW_MIN(now_s + 60 + draw(simulation, 240), early_ms / 1000 + (early_ms % 1000 != 0));
	}
	mxw_versions_done(&simulation->versions);
	mxw_versions_entries_done(&simulation->entries);
}

static void test_honest_caches(void **unused)
{
	unsigned n_changes = 0, n_spreading = 0, n_stale = 0;
	(void)unused;
	for (unsigned seed = 1; seed <= N_SEEDS; seed++) {
		struct simulation simulation = { 0 };
		simulate(&simulation, seed);
		n_changes += simulation.n_changes;
		n_spreading += simulation.n_spreading;
		n_stale += simulation.n_stale;
	}
	assert_true(n_changes > 500);
	assert_true(n_spreading > n_changes);
	assert_int_equal(n_stale, 0);
}

static void test_a_liar_is_named(void **unused)
{
	unsigned n_named = 0;
	(void)unused;
	for (unsigned seed = 1; seed <= N_SEEDS; seed++) {
		struct simulation simulation = { .has_liar = true };
		simulate(&simulation, seed);
		n_named += simulation.n_stale > 0;
	}
	assert_true(n_named > N_SEEDS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_honest_caches),
		cmocka_unit_test(test_a_liar_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
