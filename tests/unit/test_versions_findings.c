/* What is told about versions: each finding, when it holds and when not, and its text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/dns/type.h"
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

/* ---- cons-propagating ---- */

static void test_propagating_text(void **unused)
{
	static const struct {
		struct versions_row rows[3];
		const char *message;
	} cases[] = {
		{ { { 0, "A/3600 A/3600", "A A A", NULL }, { 7320, "B/3600 B/3600", "B B A/2000", NULL } },
		  "MX of example.com: change seen at 14:02:00 UTC at all name servers; 2 of 3 resolvers have it, the "
		  "last of the "
		  "others will by 14:35:20 UTC; the last old copy expires at 15:02:00 UTC; nothing to do but wait, and "
		  "keep the old "
		  "host accepting mail until then" },
		{ { { 0, "A/3600", "A A A", NULL }, { 60, "B/3600", "B B B", NULL } },
		  "MX of example.com: change seen at 12:01:00 UTC at the name server; all 3 resolvers have it; the "
		  "last old copy "
		  "expires at 13:01:00 UTC; nothing to do but wait, and keep the old host accepting mail until then" },
		{ { { 0, "A/100 A/100", "A A A", NULL }, { 60, "B/100 A/100", "B A/0! -", NULL } },
		  "MX of example.com: change seen at 12:01:00 UTC at 1 of 2 name servers; 1 of 3 resolvers has it; the "
		  "last old copy "
		  "expires at 12:14:40 UTC at the latest; nothing to do but wait, and keep the old host accepting mail "
		  "until then" },
		{ { { 0, "A/86400 A/86400", "A", NULL }, { 60, "B B", "A", NULL }, { 120, "- -", "B", NULL } },
		  "MX of example.com: change seen at 12:01:00 UTC (no name server answers now); the resolver has it; "
		  "the last old copy "
		  "expires at 2026-11-24 12:01:00 UTC; nothing to do but wait, and keep the old host accepting mail "
		  "until then" },
		{ { { 0, "N/60", "N N", NULL }, { 60, "B/60", "N/5 N/7", NULL } },
		  "MX of example.com: change seen at 12:01:00 UTC at the name server; 0 of 2 resolvers have it, the "
		  "last of the others "
		  "will by 12:01:07 UTC; the last old copy expires at 12:02:00 UTC; nothing to do but wait" },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		struct versions_world world;
		versions_world_init(&world);
		for (size_t k = 0; k < 3 && cases[i].rows[k].resolvers; k++)
			versions_world_look(&world, &cases[i].rows[k]);
		versions_world_expect_text(&world, "cons-propagating", cases[i].message);
		versions_world_done(&world);
	}
}

/* What must be kept depends on what changed. */
static void test_propagating_advice(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/60", "A", NULL },
		{ 60, "B/60", "B", NULL },
	};
	static const struct {
		uint16_t type;
		const char *end;
	} cases[] = {
		{ MXW_TYPE_MX, "keep the old host accepting mail until then" },
		{ MXW_TYPE_A, "keep the old host accepting mail until then" },
		{ MXW_TYPE_NS, "keep the old name servers answering until then" },
		{ MXW_TYPE_TXT, "send only from hosts that the old record allows too until then" },
		{ MXW_TYPE_PTR, "nothing to do but wait" },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		struct versions_world world;
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		versions_world_init(&world);
		world.key.type = cases[i].type;
		PLAY(&world, rows);
		const struct mxw_finding *finding = versions_world_finding(&world, "cons-propagating");
		assert_non_null(finding);
		assert_int_equal(finding->severity, MXW_INFO);
		assert_string_equal(finding->subject, "mx");
		mxw_finding_expand(finding, "{advice}", &text);
		assert_non_null(strstr(mxw_strbuf_get(&text), cases[i].end));
		mxw_strbuf_done(&text);
		versions_world_done(&world);
	}
}

static void test_votes(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/60 A/60 A/60", "A A A A", NULL },
		{ 60, "B/60 B/60 -", "A B - B", NULL },
	};
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	PLAY(&world, rows);
	assert_int_equal(world.entries.n, 1);
	const struct mxw_verdict_entry *entry = &world.entries.items[0];
	assert_int_equal(entry->status, MXW_CONFIRMED);
	assert_string_equal(entry->subject, "mx");
	assert_int_equal(entry->votes.yes, 0xa);
	assert_int_equal(entry->votes.no, 0x1);
	assert_int_equal(entry->votes.unknown, 0x4);
	assert_int_equal(entry->servers.yes, 0x3);
	assert_int_equal(entry->servers.no, 0);
	assert_int_equal(entry->servers.unknown, 0x4);
	assert_string_equal(entry->finding->evidence[0].name, "example.com");
	assert_int_equal(entry->finding->evidence[0].type, MXW_TYPE_MX);
	versions_world_done(&world);
}

/* ---- cons-stale-resolver ---- */

static void test_stale_text(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/60 A/60", "A A A", NULL },
		{ 60, "B/60 B/60", "A A A", NULL },
		{ 3780, "B/60 B/60", "B A/30! B", "settled clc" },
		{ 3840, "B/60 B/60", "B A/30! B", "settled clc | cons-stale-resolver warning" },
	};
	static const struct versions_row two[] = {
		{ 3900, "B/60 B/60", "B A/60 A/60", "settled cll | cons-stale-resolver warning" },
		{ 3960, "B/60 B/60", "B A/60 A/60", "settled cll | cons-stale-resolver warning" },
	};
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	PLAY(&world, rows);
	versions_world_expect_text(
		&world, "cons-stale-resolver",
		"r2 still gives 10 a.example.com for example.com MX, 1h2m after the last copy of it expired (it "
		"says itself that its answer is stale)");
	assert_int_equal(world.entries.items[0].votes.yes, 2);
	assert_int_equal(world.entries.items[0].votes.no, 5);
	PLAY(&world, two);
	versions_world_expect_text(
		&world, "cons-stale-resolver",
		"r2 and r3 still give 10 a.example.com for example.com MX, 1h4m after the last copy of it expired");
	versions_world_done(&world);
}

/* ---- without an authority ---- */

static void test_split(void **unused)
{
	static const struct versions_row no_history[] = {
		{ 0, "", "A/300 B/100 A/300", "settled cuc" },
		{ 300, "", "A/300 B/100 A/300", "settled cuc" },
		{ 600, "", "A/300 B/100 A/300", "settled cuc" },
		{ 601, "", "A/299 B/99 A/299", "settled cuc | cons-split warning" },
		{ 602, "", "A - -", "settled c-- | cons-split warning" },
		{ 603, "", "A A A", "settled ccc" },
		{ 700, "", "A B A", "spreading cuc exp=1300 end=1300 next=1305" },
	};
	static const struct versions_row one_look[] = {
		{ 0, "", "A/0 B/0 A/0", "settled cuc" },
		{ 9, "", "A/0& B/0& A/0&", "settled cuc" }, /* the same answers again are no second round */
		{ 10, "", "A/0 B/0 A/0", "settled cuc | cons-split warning" },
	};
	static const struct versions_row change[] = {
		{ 0, "", "A/600 A/600 A/600", "settled ccc" },
		{ 60, "", "A/540 A/200 B/600", "spreading ccu exp=1260 end=1260 next=1265" },
		{ 300, "", "A/300 B/600 B/300", "spreading occ all=300 exp=900 end=960 eta=600 next=605" },
		{ 600, "", "B/600 B/300 B/1", "spreading ccc all=300 exp=900 end=960 next=905" },
		{ 901, "", "B B B", "settled ccc" },
	};
	(void)unused;
	PLAY_ROWS(no_history);
	PLAY_ROWS(one_look);
	PLAY_ROWS(change);
}

static void test_split_text(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "", "A/60 N/60 A/60 -", NULL },
		{ 300, "", "A/60 N/60 A/60 -", "settled cuc- | cons-split warning" },
	};
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	PLAY(&world, rows);
	versions_world_expect_text(
		&world, "cons-split",
		"resolvers disagree on MX of example.com since 12:00:00 UTC: r1, r3: 10 a.example.com; r2: no "
		"records");
	versions_world_done(&world);
}

/* With an authority to ask, silence of it is no split at once, but it becomes one. */
static void test_silent_authority(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/300 A/300", "A A A", "settled ccc" },
		{ 60, "- -", "A A C", "settled ccu" },
		{ 360, "- -", "A A C", "settled ccu" },
		{ 661, "- -", "A A C", "settled ccu | cons-split warning" },
		{ 662, "A -", "A A C", "settled ccu" },
	};
	(void)unused;
	PLAY_ROWS(rows);
}

/* ---- cons-alien-answer ---- */

static void test_alien(void **unused)
{
	static const struct versions_row one[] = {
		{ 0, "A A", "A A A", "settled ccc" },
		{ 900, "A A", "A A C/300", "settled ccu" },
		{ 960, "A A", "A A C/240", "settled ccu | cons-alien-answer warning" },
		{ 1020, "A A", "A A -", "settled cc-" },
		{ 1080, "A A", "A A C/120", "settled ccu | cons-alien-answer warning" },
		{ 1140, "A A", "A A D", "settled ccu" }, /* another one begins anew */
		{ 1200, "A A", "A A A", "settled ccc" },
	};
	/* Two resolvers with copies that count down may have cached what was published for a moment between two rounds; when they
	 * fetch it again it is no such thing. */
	static const struct versions_row two[] = {
		{ 0, "A A", "A A A", "settled ccc" },
		{ 900, "A A", "A C/300 C/200", "settled cuu" },
		{ 1000, "A A", "A C/200 C/100", "settled cuu | cons-alien-answer warning" },
		{ 1150, "A A", "A C/50 C/300", "settled cuu | cons-alien-answer warning" },
		{ 1250, "A A", "A C/300 C/200", "settled cuu | cons-alien-answer critical" },
		{ 1300, "A -", "A C/300 C/200", "settled cuu | cons-alien-answer warning" },
		{ 1301, "- -", "A C/300 C/200", "settled cuu" },
	};
	/* What a resolver holds since before the first round may be what was published then. */
	static const struct versions_row from_before[] = {
		{ 0, "A/300 A/300", "A A C/5000", "settled ccu" },
		{ 300, "A/300 A/300", "A A C/4700", "settled ccu" },
		{ 4900, "A/300 A/300", "A A C/100", "settled ccu" },
		{ 5003, "A/300 A/300", "A A C/5000", "settled ccu | cons-alien-answer warning" },
	};
	static const struct versions_row constant_ttl[] = {
		{ 0, "A/300 A/300", "A A C/300", "settled ccu" },
		{ 300, "A/300 A/300", "A A C/300", "settled ccu | cons-alien-answer warning" },
	};
	/* The same where the servers were silent for long: what they gave meanwhile is not known. */
	static const struct versions_row after_a_gap[] = {
		{ 0, "A/300 A/300", "A A A", "settled ccc" },
		{ 3000, "- -", "A A A", "settled ccc" },
		{ 9000, "A/300 A/300", "A A C/1000", "settled ccu" },
		{ 9300, "A/300 A/300", "A A C/700", "settled ccu" },
		{ 10100, "A/300 A/300", "A A C/900", "settled ccu | cons-alien-answer warning" },
	};
	static const struct versions_row stale[] = {
		{ 0, "A A", "A A A", "settled ccc" },
		{ 900, "A A", "A A C/30!", "settled ccu" },
		{ 960, "A A", "A A C/30!", "settled ccu" },
	};
	(void)unused;
	PLAY_ROWS(one);
	PLAY_ROWS(two);
	PLAY_ROWS(from_before);
	PLAY_ROWS(after_a_gap);
	PLAY_ROWS(constant_ttl);
	PLAY_ROWS(stale);
}

/* It turns out to be new: the resolver was only faster. */
static void test_faster_resolver(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A/60 A/60", "A A A", "settled ccc" },
		{ 900, "A/60 A/60", "A A B/60", "settled ccu" },
		{ 960, "B/60 B/60", "A A B/60", "spreading ooc all=960 exp=1020 end=1080 eta=1260 next=1025" },
	};
	(void)unused;
	PLAY_ROWS(rows);
}

static void test_alien_text(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A A", "A A A", NULL },
		{ 900, "A A", "C N A", NULL },
		{ 1500, "A A", "C N A", NULL },
	};
	struct versions_world world;
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	(void)unused;
	versions_world_init(&world);
	PLAY(&world, rows);
	versions_world_expect_text(
		&world, "cons-alien-answer",
		"r1 and r2 give 10 c.example.com for example.com MX, which no name server of the zone gives or "
		"gave: there it is 10 a.example.com");
	const struct mxw_finding *finding = versions_world_finding(&world, "cons-alien-answer");
	assert_int_equal(finding->severity, MXW_CRITICAL);
	mxw_finding_expand(finding, finding->def->reproduce, &text);
	assert_string_equal(mxw_strbuf_get(&text), "dig example.com MX;dig example.com MX +norec @192.0.2.1");
	mxw_strbuf_done(&text);
	versions_world_done(&world);
	versions_world_init(&world);
	world.key.type = MXW_TYPE_TXT;
	PLAY(&world, rows);
	assert_int_equal(versions_world_finding(&world, "cons-alien-answer")->severity, MXW_WARNING);
	versions_world_done(&world);
}

/* Names of others may answer by place: nothing is told that only looks wrong. */
static void test_foreign_names(void **unused)
{
	static const struct versions_row with_authority[] = {
		{ 0, "A A", "A A A", "settled ccc" },
		{ 900, "A A", "A C D", "settled cuu" },
		{ 1500, "A A", "A C D", "settled cuu" },
	};
	static const struct versions_row without[] = {
		{ 0, "", "A B C", "settled uuu" },
		{ 900, "", "A B C", "settled uuu" },
		{ 1900, "", "A B C", "settled uuu" },
	};
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	world.key.is_foreign = true;
	PLAY(&world, with_authority);
	versions_world_done(&world);
	versions_world_init(&world);
	world.key.is_foreign = true;
	PLAY(&world, without);
	versions_world_done(&world);
}

/* ---- cons-auth-disagree ---- */

static void test_disagree(void **unused)
{
	static const struct versions_row same_serial[] = {
		{ 0, "A#7 A#7", "A", "settled c" },
		{ 60, "A#7 B#7", "A", NULL },
		{ 120, "A#7 -", "A", NULL },
		{ 180, "A#7 B#7", "A/0",
		  "spreading o exp=1080 end=1140 eta=180 next=185 | cons-auth-disagree warning" },
		{ 240, "B#8 B#8", "B", "spreading c all=240 exp=540 end=600 next=545" },
	};
	static const struct versions_row no_serial[] = {
		{ 0, "A B", "A", "settled c" },
		{ 60, "A B", "A A", "settled cc | cons-auth-disagree warning" },
	};
	/* A transfer that is under way has twice refresh + retry, 1440 s. */
	static const struct versions_row behind[] = {
		{ 0, "A#7 B#8", "B", "settled c" },
		{ 1440, "A#7 B#8", "B", "settled c" },
		{ 1441, "A#7 B#8", "B", "settled c | cons-auth-disagree warning" },
	};
	static const struct versions_row denied[] = {
		{ 0, "A#7 N#8", "A", NULL },
		{ 60, "A#7 N#8", "A", "settled c | cons-auth-disagree critical" },
	};
	static const struct versions_row denied_by_all[] = {
		{ 0, "X N", "N", NULL },
		{ 60, "X N", "N", "settled c | cons-auth-disagree warning" },
	};
	(void)unused;
	PLAY_ROWS(same_serial);
	PLAY_ROWS(no_serial);
	PLAY_ROWS(behind);
	PLAY_ROWS(denied);
	PLAY_ROWS(denied_by_all);
}

static void test_disagree_text(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A#7 B#7 A#7", "A", NULL },
		{ 60, "A#7 B#7 A#7", "A", NULL },
	};
	struct versions_world world;
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	(void)unused;
	versions_world_init(&world);
	PLAY(&world, rows);
	versions_world_expect_text(
		&world, "cons-auth-disagree",
		"name servers of example.com give different MX records for example.com since 12:00:00 UTC: ns1 "
		"(serial 7), ns3 (serial 7): 10 a.example.com; ns2 (serial 7): 10 b.example.com");
	const struct mxw_finding *finding = versions_world_finding(&world, "cons-auth-disagree");
	mxw_finding_expand(finding, finding->def->reproduce, &text);
	assert_string_equal(mxw_strbuf_get(&text),
			    "dig example.com MX +norec @192.0.2.1;dig example.com MX +norec @192.0.2.2");
	assert_int_equal(world.entries.items[0].authority, MXW_AUTHORITY_SPLIT);
	assert_int_equal(world.entries.items[0].servers.yes, 7);
	mxw_strbuf_done(&text);
	versions_world_done(&world);
}

/* After a reload other resolvers stand in the places of these. */
static void test_other_resolvers(void **unused)
{
	static const struct versions_row rows[] = {
		{ 0, "A A", "A A A", "settled ccc" },
		{ 900, "A A", "A A C/300", "settled ccu" },
	};
	static const struct versions_row after[] = {
		{ 960, "A A", "A A C/240", "settled ccu" },
		{ 1020, "A A", "A A C/180 A", "settled ccuc" },
		{ 1080, "A A", "A A C/120 A", "settled ccuc | cons-alien-answer warning" },
	};
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	PLAY(&world, rows);
	mxw_versions_forget_resolvers(&world.versions);
	PLAY(&world, after);
	versions_world_done(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_propagating_text),
		cmocka_unit_test(test_propagating_advice),
		cmocka_unit_test(test_votes),
		cmocka_unit_test(test_stale_text),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_split_text),
		cmocka_unit_test(test_silent_authority),
		cmocka_unit_test(test_alien),
		cmocka_unit_test(test_faster_resolver),
		cmocka_unit_test(test_alien_text),
		cmocka_unit_test(test_foreign_names),
		cmocka_unit_test(test_disagree),
		cmocka_unit_test(test_disagree_text),
		cmocka_unit_test(test_other_resolvers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
