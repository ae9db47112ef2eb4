/* Changes at the name servers and what caches may show after them: states and times right to the second. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "tests/unit/versions_world.h"

#define PLAY(world_, rows_) versions_world_play(world_, __func__, rows_, MXW_ARRAY_SIZE(rows_))

static void play(const char *name, const struct versions_row *rows, size_t n)
{
	struct versions_world world;
	versions_world_init(&world);
	versions_world_play(&world, name, rows, n);
	versions_world_done(&world);
}
#define PLAY_ROWS(rows_) play(__func__, rows_, MXW_ARRAY_SIZE(rows_))

static void test_calm(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/3600 A/3600", "A/3600 A/100 -", "settled cc-" },
		{ 300, "A/3600 A/3600", "A/3300 - A/3600", "settled c-c" },
		{ 600, "- -", "A A A", "settled ccc" },
		{ 900, "A/3600 -", "A A A", "settled ccc" },
	};
	(void)unused;
	PLAY_ROWS(rows);
}

/* The example of the issue: TTL 3600, copies that end at different times. */
static void test_staggered_ttls(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/3600 A/3600", "A/3600 A/2000 A/900", "settled ccc" },
		{ 300, "B/3600 B/3600", "A/3300 A/1700 A/600",
		  "spreading ooo all=300 exp=3900 end=4260 eta=3600 next=905" },
		{ 905, "B/3600 B/3600", "A/2695 A/1095 B/3600",
		  "spreading ooc all=300 exp=3900 end=4260 eta=3600 next=2005" },
		{ 2005, "B/3600 B/3600", "A/1595 B/3600 B/2500",
		  "spreading occ all=300 exp=3900 end=4260 eta=3600 next=3605" },
		{ 3605, "B/3600 B/3600", "B/3600 B/2000 B/900", "spreading ccc all=300 exp=3900 end=4260 next=3905" },
		{ 3900, "B/3600 B/3600", "B B B", "spreading ccc all=300 exp=3900 end=4260 next=3905" },
		{ 3901, "B/3600 B/3600", "B B B", "settled ccc" },
		{ 5000, "B/3600 B/3600", "B B B", "settled ccc" },
	};
	(void)unused;
	PLAY_ROWS(rows);
}

/* Whoever shows it in the slack is in time; afterwards he is named, from the second answer on. */
static void test_deadline_to_the_second(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/3600 A/3600", "A A A", "settled ccc" },
		{ 100, "B B", "B B A/3500", "spreading cco all=100 exp=3700 end=4060 eta=3600 next=3605" },
		{ 3701, "B B", "B B A/3600", "spreading cco all=100 exp=3700 end=4060 eta=7301 next=4065" },
		{ 4060, "B B", "B B A/3241", "spreading cco all=100 exp=3700 end=4060 eta=7301 next=4065" },
		{ 4061, "B B", "B B A/3240", "settled ccl" },
		{ 4062, "B B", "B B A&", "settled ccl" }, /* the same answer is no second one */
		{ 4063, "B B", "B B -", "settled cc-" },
		{ 4064, "B B", "B B A/3237", "settled ccl | cons-stale-resolver warning" },
		{ 4065, "B B", "B B B", "settled ccc" },
	};
	(void)unused;
	PLAY_ROWS(rows);
}

static void test_serve_stale(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/60 A/60", "A/60 A/60 A/60", "settled ccc" },
		{ 30, "B/60 B/60", "A/30 A/30 A/30", "spreading ooo all=30 exp=90 end=150 eta=60 next=65" },
		{ 65, "B/60 B/60", "B B A/30!", "spreading cco all=30 exp=90 end=150 next=95" },
		{ 150, "B/60 B/60", "B B A/30!", "spreading cco all=30 exp=90 end=150 next=155" },
		{ 151, "B/60 B/60", "B B A/30!", "settled ccl" },
		{ 200, "- -", "B B A/30!", "settled ccl" }, /* without its authority a resolver may serve what it has */
		{ 201, "- -", "B B A/30!", "settled ccl" },
		{ 300, "B/60 B/60", "B B A/30!", "settled ccl | cons-stale-resolver warning" },
	};
	(void)unused;
	PLAY_ROWS(rows);
}

/* One secondary late: T_all is when it has followed; until then the latest that is waited for, T0 + 720 s. */
static void test_late_secondary(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/100#1 A/100#1", "A A A", "settled ccc" },
		{ 100, "B/100#2 A/100#1", "A/50 B A/100", "spreading oco exp=920 end=980 eta=200 next=155" },
		{ 400, "B/100#2 A/100#1", "A/100 B A/0", "spreading oco exp=920 end=980 eta=500 next=430" },
		{ 700, "B/100#2 B/100#2", "A/100 B B", "spreading occ all=700 exp=800 end=860 eta=800 next=805" },
		{ 801, "B/100#2 B/100#2", "B B B", "settled ccc" },
	};
	(void)unused;
	PLAY_ROWS(rows);
}

/* It never follows: after refresh + retry and a TTL it is no propagation any more, but no resolver's fault either. */
static void test_secondary_that_never_follows(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/100#1 A/100#1", "A A A", "settled ccc" },
		{ 100, "B/100#2 A/100#1", "A/50 B B", "spreading occ exp=920 end=980 eta=150 next=155" },
		{ 980, "B/100#2 A/100#1", "A/50 B B", "spreading occ exp=920 end=980 eta=1030 next=985" },
		{ 981, "B/100#2 A/100#1", "A/50 B B", "settled occ eta=1031" },
		{ 1540, "B/100#2 A/100#1", "A/50 B B", "settled occ eta=1590" },
		{ 1541, "B/100#2 A/100#1", "A/50 B B", "settled occ eta=1591 | cons-auth-disagree warning" },
		{ 2000, "B/100#2 B/100#2", "A/50 B B", "spreading occ all=2000 exp=2100 end=2160 eta=2050 next=2055" },
		{ 2101, "B/100#2 B/100#2", "B B B", "settled ccc" },
	};
	(void)unused;
	PLAY_ROWS(rows);
}

/* A server that falls silent with the old set may give it for so long as its SOA lets it; one that never spoke does not count. */
static void test_silent_servers(void **unused)
{
	static const struct versions_row silent[] = {
		{ 0, "A/100 A/100", "A A A", "settled ccc" },
		{ 100, "B/100 -", "B B B", "spreading ccc exp=920 end=980 next=925" },
		{ 900, "B/100 -", "A/100 B B", "spreading occ exp=920 end=980 eta=1000 next=925" },
		{ 981, "B/100 -", "A/100 B B", "settled lcc" },
		{ 982, "B/100 -", "A/99 B B", "settled lcc | cons-stale-resolver warning" },
		{ 1500, "B/100 B/100", "B B B", "settled ccc" },
	};
	static const struct versions_row dead[] = {
		{ 0, "A/100 -", "A A A", "settled ccc" },
		{ 100, "B/100 -", "A/60 B B", "spreading occ all=100 exp=200 end=260 eta=160 next=165" },
		{ 201, "B/100 -", "B B B", "settled ccc" },
	};
	(void)unused;
	PLAY_ROWS(silent);
	PLAY_ROWS(dead);
}

static void test_change_back_before_the_deadline(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/1000 A/1000", "A A A", "settled ccc" },
		{ 100, "B/1000 B/1000", "A/900 A/500 B/1000",
		  "spreading ooc all=100 exp=1100 end=1200 eta=1000 next=605" },
		{ 400, "A/1000 A/1000", "A/600 A/200 B/700",
		  "spreading cco all=400 exp=1400 end=1500 eta=1100 next=1105" },
		{ 1105, "A/1000 A/1000", "A A A", "spreading ccc all=400 exp=1400 end=1500 next=1405" },
		{ 1401, "A/1000 A/1000", "A A A", "settled ccc" },
		/* the same again: B is known, and new once more */
		{ 9000, "B/1000 B/1000", "A/900 A A/10",
		  "spreading ooo all=9000 exp=10000 end=10100 eta=9900 next=9015" },
	};
	(void)unused;
	PLAY_ROWS(rows);
}

/* The rollback comes while a secondary still has the old set. */
static void test_change_back_at_the_primary(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/100#1 A/100#1", "A A A", "settled ccc" },
		{ 60, "B/100#2 A/100#1", "A B B", "spreading occ exp=880 end=940 eta=360 next=365" },
		{ 120, "A/100#3 A/100#1", "A B B", "spreading coo all=120 exp=220 end=280 eta=420 next=225" },
		{ 180, "A/100#3 A/100#3", "A A A", "spreading ccc all=120 exp=220 end=280 next=225" },
		{ 221, "A/100#3 A/100#3", "A A A", "settled ccc" },
	};
	(void)unused;
	PLAY_ROWS(rows);
}

/* The same while another secondary has the set that is taken back; it is seen without serials, too. */
static void test_change_back_at_one_of_three(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/100 A/100 A/100", "A A A", "settled ccc" },
		{ 60, "B/100 B/100 A/100", "A B B", "spreading occ exp=880 end=940 eta=360 next=365" },
		{ 120, "A/100 B/100 A/100", "A B B",
		  "spreading coo exp=940 end=1000 eta=420 next=425 | cons-auth-disagree warning" },
		{ 180, "A/100 A/100 A/100", "A A A", "spreading ccc all=180 exp=280 end=340 next=285" },
		{ 281, "A/100 A/100 A/100", "A A A", "settled ccc" },
	};
	(void)unused;
	PLAY_ROWS(rows);
}

/* Each old version has its own time: copies of A outlive those of B. */
static void test_two_changes_in_a_row(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/3600", "A A A", "settled ccc" },
		{ 100, "B/60", "A/3500 A/1000 B/60", "spreading ooc all=100 exp=3700 end=4060 eta=3600 next=1105" },
		{ 200, "C/60", "A/3400 A/900 B/10", "spreading ooo all=200 exp=3700 end=4060 eta=3600 next=215" },
		{ 320, "C/60", "A/3280 A/780 B/60", "spreading ooo all=200 exp=3700 end=4060 eta=3600 next=385" },
		{ 321, "C/60", "A/3279 A/779 B/59", "spreading ool all=100 exp=3700 end=4060 eta=3600 next=1105" },
		{ 322, "C/60", "A/3278 A/778 B/58",
		  "spreading ool all=100 exp=3700 end=4060 eta=3600 next=1105 | "
		  "cons-stale-resolver warning" },
		{ 3701, "C/60", "C C C", "settled ccc" },
	};
	(void)unused;
	PLAY_ROWS(rows);
}

/* Denials live for what RFC 2308 says, and are versions like others. */
static void test_negative_versions(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "X/900 X/900", "X X X", "settled ccc" },
		{ 60, "A/3600 A/3600", "X/800 X/700 A/3600", "spreading ooc all=60 exp=960 end=1050 eta=860 next=765" },
		{ 961, "A/3600 A/3600", "A A A", "settled ccc" },
		{ 1000, "N/900 N/900", "A/3000 A/3000 N",
		  "spreading ooc all=1000 exp=4600 end=4960 eta=4000 next=4005" },
		{ 4601, "N/900 N/900", "N N N", "settled ccc" },
	};
	(void)unused;
	PLAY_ROWS(rows);
}

/* A TTL that was lowered one old TTL before the change costs nothing; lowered too late, the older copies still count. */
static void test_lowered_ttl(void **unused)
{
	static const struct versions_row early[] = {
		{ 0, "A/3600", "A A A", "settled ccc" },
		{ 1000, "A/60", "A A A", "settled ccc" },
		{ 5000, "B/60", "A/20 A/20 B", "spreading ooc all=5000 exp=5060 end=5120 eta=5020 next=5025" },
	};
	static const struct versions_row late[] = {
		{ 0, "A/3600", "A A A", "settled ccc" },
		{ 1000, "A/60", "A A A", "settled ccc" },
		{ 2000, "B/60", "A/2500 A/20 B", "spreading ooc all=2000 exp=4600 end=4860 eta=4500 next=2025" },
	};
	(void)unused;
	PLAY_ROWS(early);
	PLAY_ROWS(late);
}

/* A set that is published once more between two rounds leaves copies that look late. They end with their TTL. */
static void test_published_again_unseen(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/600", "A A A", "settled ccc" },
		{ 60, "B/600", "B B B", "spreading ccc all=60 exp=660 end=720 next=665" },
		{ 1000, "B/600", "B A/500 B", "settled clc" },
		{ 1300, "B/600", "B A/200 B", "settled clc" },
		{ 1503, "B/600", "B A/600 B", "settled clc | cons-stale-resolver warning" },
	};
	static const struct versions_row extended[] = {
		{ 0, "A/600", "A A A", "settled ccc" },
		{ 60, "B/600", "B B B", "spreading ccc all=60 exp=660 end=720 next=665" },
		{ 1000, "B/600", "B A/601 B", "settled clc" },
		{ 1300, "B/600", "B A/301 B", "settled clc | cons-stale-resolver warning" },
	};
	(void)unused;
	PLAY_ROWS(rows);
	PLAY_ROWS(extended);
}

/* What a resolver does with TTLs moves no deadline. */
static void test_resolver_that_extends_ttls(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/60 A/60", "A/60 A/60 A/86400", "settled ccc" },
		{ 60, "B/60 B/60", "A/30 B A/86340", "spreading oco all=60 exp=120 end=180 eta=86400 next=95" },
		{ 181, "B/60 B/60", "B B A/86219", "settled ccl" },
		{ 241, "B/60 B/60", "B B A/86159", "settled ccl | cons-stale-resolver warning" },
	};
	(void)unused;
	PLAY_ROWS(rows);
}

/* Caches keep a delegation for the parent's TTL, and ask the old servers meanwhile. */
static void test_delegation(void **unused)
{
	static const struct versions_row moved[] = {
		{ 0, "@1 A/300 A/300", "A A A", "settled ccc" },
		{ 600, "@2 B/300 B/300", "A A A", "spreading ooo all=600 exp=87000 end=95640 eta=900 next=905" },
		{ 95640, "@2 B/300 B/300", "A/9 B B",
		  "spreading occ all=600 exp=87000 end=95640 eta=95649 next=95645" },
		{ 95641, "@2 B/300 B/300", "A/9 B B", "settled lcc" },
	};
	static const struct versions_row moved_then_changed[] = {
		{ 0, "@1 A/300 A/300", "A A A", "settled ccc" },
		{ 600, "@2 A/300 A/300", "A A A", "settled ccc" },
		{ 1200, "@2 B/300 B/300", "A/300 B B",
		  "spreading occ all=1200 exp=87000 end=95580 eta=1500 next=1505" },
	};
	static const struct versions_row unknown[] = {
		{ 0, "@1 A/300", "A", "settled c" },
		{ 600, "@2 B/300", "A", "spreading o all=600 exp=173400 end=190680 eta=900 next=905" },
	};
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	world.parent_ttl_s = 86400;
	PLAY(&world, moved);
	versions_world_done(&world);
	versions_world_init(&world);
	world.parent_ttl_s = 86400;
	PLAY(&world, moved_then_changed);
	versions_world_done(&world);
	PLAY_ROWS(unknown);
}

/* A new server that does not have the zone's present state yet changes nothing by itself. */
static void test_server_that_comes_back_behind(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/100#5 -", "A A A", "settled ccc" },
		{ 100, "B/100#6 -", "A/50 B B", "spreading occ all=100 exp=200 end=260 eta=150 next=155" },
		{ 500, "B/100#6 A/100#5", "A/50 B B", "spreading occ exp=1320 end=1380 eta=550 next=555" },
		{ 1400, "B/100#6 A/100#5", "A/50 B B",
		  "settled occ eta=1450" }, /* it serves A: no resolver is to blame */
		{ 1401, "B/100#6 B/100#6", "A/49 B B", "spreading occ all=1401 exp=1501 end=1561 eta=1450 next=1455" },
	};
	static const struct versions_row first_sight[] = {
		{ 0, "A/100#5 B/100#6", "A B B", "settled ccc" },
		{ 60, "B/100#6 B/100#6", "A/40 B B", "spreading occ all=60 exp=160 end=220 eta=100 next=105" },
	};
	(void)unused;
	PLAY_ROWS(rows);
	PLAY_ROWS(first_sight);
}

/* The wall clock is for people; what happens meanwhile has its time. */
static void test_steps_of_the_wall_clock(void **unused)
{
	static const struct versions_row before[] = {
		{ 0, "A/3600", "A A A", "settled ccc" },
		{ 100, "B/3600", "A/3500 B B", "spreading occ all=100 exp=3700 end=4060 eta=3600 next=3605" },
	};
	static const struct versions_row after[] = {
		{ 200, "B/3600", "A/3400 B B", "spreading occ all=100 exp=3700 end=4060 eta=3600 next=3605" },
		{ 4060, "B/3600", "A/9 B B", "spreading occ all=100 exp=3700 end=4060 eta=4069 next=4065" },
		{ 4061, "B/3600", "A/8 B B", "settled lcc" },
	};
	static const int64_t steps_ms[] = { 86400000, -86400000, INT64_C(-1800000000000), INT64_C(4000000000000000) };
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(steps_ms); i++) {
		struct versions_world world;
		versions_world_init(&world);
		PLAY(&world, before);
		world.wall_offset_ms += steps_ms[i];
		PLAY(&world, after);
		versions_world_done(&world);
	}
}

/* Zones without SOA and with silly numbers in it: nothing overflows, nothing lasts for ever. */
static void test_silly_numbers(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/4294967295 A/4294967295", "A/4294967295 A A", "settled ccc" },
		{ 100, "B/0 A/4294967295", "A/4294967295 B B",
		  "spreading occ exp=4295572195 end=4725068924.500 eta=4294967395 next=4294967400" },
	};
	static const struct versions_row no_soa[] = {
		{ 0, "A/0 A/0", "A A A", "settled ccc" },
		{ 100, "B/0 A/0", "B B B", "spreading ccc exp=43300 end=43360 next=43305" },
		{ 200, "B/0 B/0", "A/0 B B", "spreading occ all=200 exp=200 end=260 eta=200 next=205" },
		{ 261, "B/0 B/0", "A/0 B B", "settled lcc" },
	};
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	world.refresh_s = world.retry_s = UINT32_MAX;
	PLAY(&world, rows);
	versions_world_done(&world);
	versions_world_init(&world);
	world.refresh_s = world.retry_s = 0;
	PLAY(&world, no_soa);
	versions_world_done(&world);
}

/* Sets that rotate fill the history; what a server gives is never forgotten. */
static void test_many_versions(void **unused)
{
	static const struct versions_row all_differ[] = {
		{ 0, "A B C D E F G H", "A B C D E F G H", NULL },
		{ 1, "I J K L A B C D", "I J K L A B C D", NULL },
		{ 2, "H G F E D C B A", "A B C D E F G H", NULL },
	};
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	PLAY(&world, all_differ);
	for (size_t i = 0; i < 8; i++)
		assert_non_null(mxw_versions_find(&world.versions, world.servers[i].set));
	for (int i = 0; i < 100; i++) {
		char views[] = { (char)('A' + i % 12), 0 };
		struct versions_row row = { .at_s = 10 + i, .servers = views, .resolvers = views };
		size_t n = 0;
		versions_world_look(&world, &row);
		for (const struct mxw_version *version = world.versions.first; version; version = version->next)
			n++;
		assert_in_range(n, 1, MXW_VERSIONS_MAX);
		assert_ptr_equal(mxw_versions_find(&world.versions, world.servers[0].set), world.versions.first);
	}
	versions_world_done(&world);
}

static void test_ages(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/100 A/100", "A A A", NULL },
		{ 60, "B/100 B/100", "A A A", NULL },
	};
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	assert_int_equal(mxw_versions_age(&world.versions, "10 a.example.com", 0), MXW_AGE_UNKNOWN);
	PLAY(&world, rows);
	assert_int_equal(mxw_versions_age(&world.versions, NULL, 60000), MXW_AGE_UNKNOWN);
	assert_int_equal(mxw_versions_age(&world.versions, "10 c.example.com", 60000), MXW_AGE_UNKNOWN);
	assert_int_equal(mxw_versions_age(&world.versions, "10 b.example.com", INT64_MAX), MXW_AGE_CURRENT);
	assert_int_equal(mxw_versions_age(&world.versions, "10 a.example.com", 220000), MXW_AGE_OLD_IN_TIME);
	assert_int_equal(mxw_versions_age(&world.versions, "10 a.example.com", 220001), MXW_AGE_OLD_LATE);
	versions_world_done(&world);
}

/* A calm history is one block, and nothing is counted. */
static void test_size(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/100 A/100", "A A A", "settled ccc" },
		{ 60, "A/100 A/100", "A B A", "settled cuc" },
		{ 120, "A/100 A/100", "A A A", "settled ccc" },
	};
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	PLAY(&world, rows);
	assert_null(world.versions.watch);
	assert_null(world.versions.first->next);
	assert_in_range(sizeof(struct mxw_versions), 1, 32);
	assert_in_range(sizeof(struct mxw_version), 1, 88);
	assert_false(world.report.is_changed);
	versions_world_done(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calm),
		cmocka_unit_test(test_staggered_ttls),
		cmocka_unit_test(test_deadline_to_the_second),
		cmocka_unit_test(test_serve_stale),
		cmocka_unit_test(test_late_secondary),
		cmocka_unit_test(test_secondary_that_never_follows),
		cmocka_unit_test(test_silent_servers),
		cmocka_unit_test(test_change_back_before_the_deadline),
		cmocka_unit_test(test_change_back_at_the_primary),
		cmocka_unit_test(test_change_back_at_one_of_three),
		cmocka_unit_test(test_two_changes_in_a_row),
		cmocka_unit_test(test_negative_versions),
		cmocka_unit_test(test_lowered_ttl),
		cmocka_unit_test(test_published_again_unseen),
		cmocka_unit_test(test_resolver_that_extends_ttls),
		cmocka_unit_test(test_delegation),
		cmocka_unit_test(test_server_that_comes_back_behind),
		cmocka_unit_test(test_steps_of_the_wall_clock),
		cmocka_unit_test(test_silly_numbers),
		cmocka_unit_test(test_many_versions),
		cmocka_unit_test(test_ages),
		cmocka_unit_test(test_size),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
