/* Histories across a restart: nothing is lost, time goes on, and what is damaged is no history. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/util.h"
#include "tests/unit/versions_world.h"

#define PLAY(world_, rows_) versions_world_play(world_, __func__, rows_, MXW_ARRAY_SIZE(rows_))

static char *write(const struct versions_world *world, int64_t now_ms)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_versions_write(&world->versions, now_ms, now_ms + world->wall_offset_ms, &text);
	return text.len ? mxw_strbuf_take(&text) : strdup("");
}

/* The daemon ends at `end_s` and begins anew: its monotonic clock then shows end_s + monotonic_s, and the wall clock has gone on
 * by wall_s. */
static void restart(struct versions_world *world, int end_s, int monotonic_s, int64_t wall_s)
{
	int64_t end_ms = 1000 * (int64_t)end_s, now_ms = end_ms + 1000 * (int64_t)monotonic_s;
	MXW_CLEANUP(mxw_freep) char *text = write(world, end_ms);
	int64_t wall_ms = end_ms + world->wall_offset_ms + 1000 * wall_s;
	mxw_versions_done(&world->versions);
	world->wall_offset_ms = wall_ms - now_ms;
	assert_int_equal(mxw_versions_read(text, now_ms, wall_ms, &world->versions), 0);
}

static const struct versions_row changed[] = {
	{ 0, "A/3600 A/3600", "A A A", "settled ccc" },
	{ 100, "B/600 B/600", "A/900 B A/3500", "spreading oco all=100 exp=3700 end=4060 eta=3600 next=1005" },
};

static void test_nothing_is_lost(void **unused)
{
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	PLAY(&world, changed);
	char *before = write(&world, 200000);
	assert_int_equal(strspn(before, "versions 1 2 720"), strlen("versions 1 2 720 "));
	restart(&world, 200, 0, 0);
	char *after = write(&world, 200000);
	assert_string_equal(before, after);
	free(before);
	free(after);
	versions_world_done(&world);
}

static void test_empty(void **unused)
{
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	char *text = write(&world, 0);
	assert_string_equal(text, "");
	assert_int_equal(mxw_versions_read(text, 0, 0, &world.versions), 0);
	assert_null(world.versions.first);
	free(text);
	versions_world_done(&world);
}

/* The machine was started anew, so its monotonic clock is another one; the wall clock has gone on. */
static void test_restart(void **unused)
{
	static const struct versions_row rows[] = {
		/* 300 s at the wall since 200 s, the monotonic clock says 50: T_all was at -350 */
		{ 50, "B/600 B/600", "A/400 B A/3100", "spreading oco all=-350 exp=3250 end=3610 eta=3150 next=455" },
		{ 3610, "B/600 B/600", "B B A/9", "spreading cco all=-350 exp=3250 end=3610 eta=3619 next=3615" },
		{ 3611, "B/600 B/600", "B B A/9", "settled ccl" },
		{ 3671, "B/600 B/600", "B B A/9", "settled ccl | cons-stale-resolver warning" },
	};
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	PLAY(&world, changed);
	restart(&world, 200, -150, 300);
	PLAY(&world, rows);
	versions_world_done(&world);
}

/* The change happens while nobody looks; what resolvers show then may have been published meanwhile. */
static void test_change_while_down(void **unused)
{
	static const struct versions_row before[] = { { 0, "A/3600 A/3600", "A A A", "settled ccc" } };
	static const struct versions_row after[] = {
		{ 5000, "B/3600 B/3600", "A/100 C/1000 B",
		  "spreading ouc all=5000 exp=8600 end=8960 eta=5100 next=5105" },
		{ 5300, "B/3600 B/3600", "B C/700 B", "spreading cuc all=5000 exp=8600 end=8960 next=8605" },
		{ 6100, "B/3600 B/3600", "B C/3600 B",
		  "spreading cuc all=5000 exp=8600 end=8960 next=8605 | "
		  "cons-alien-answer warning" },
	};
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	PLAY(&world, before);
	restart(&world, 10, 4990, 4990);
	PLAY(&world, after);
	versions_world_done(&world);
}

/* So short a time was enough for something to be published and taken back. */
static void test_short_restart(void **unused)
{
	static const struct versions_row before[] = { { 0, "A/300 A/300", "A A A", "settled ccc" },
						      { 3000, "A/300 A/300", "A A A", "settled ccc" } };
	static const struct versions_row after[] = {
		{ 3100, "A/300 A/300", "A C/250 A", "settled cuc" },
		{ 3200, "A/300 A/300", "A C/150 A", "settled cuc" },
		{ 3400, "A/300 A/300", "A C/250 A", "settled cuc | cons-alien-answer warning" },
	};
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	PLAY(&world, before);
	restart(&world, 3000, 100, 100);
	PLAY(&world, after);
	versions_world_done(&world);
}

/* A wall clock that was set while nobody ran: back, and no time has passed; ahead, and everything has expired. */
static void test_clock_set_while_down(void **unused)
{
	static const struct versions_row back[] = {
		{ 200, "B/600 B/600", "A/800 B A/3400", "spreading oco all=100 exp=3700 end=4060 eta=3600 next=1005" },
	};
	static const struct versions_row ahead[] = {
		{ 200, "B/600 B/600", "A/800 B B", "settled lcc" },
	};
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	PLAY(&world, changed);
	restart(&world, 200, 0, -86400 * 365);
	PLAY(&world, back);
	versions_world_done(&world);
	versions_world_init(&world);
	PLAY(&world, changed);
	restart(&world, 200, 0, INT64_C(86400) * 365 * 30);
	PLAY(&world, ahead);
	versions_world_done(&world);
}

static void test_a_late_secondary_is_remembered(void **unused)
{
	static const struct versions_row before[] = {
		{ 0, "A/100#1 A/100#1", "A A A", "settled ccc" },
		{ 100, "B/100#2 A/100#1", "B B B", "spreading ccc exp=920 end=980 next=925" },
	};
	static const struct versions_row after[] = {
		{ 300, "B/100#2 -", "B B B", "spreading ccc exp=920 end=980 next=925" },
		{ 600, "B/100#2 B/100#2", "A/9 B B", "spreading occ all=600 exp=700 end=760 eta=609 next=614" },
	};
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	PLAY(&world, before);
	restart(&world, 100, 0, 0);
	PLAY(&world, after);
	versions_world_done(&world);
}

static void test_sets_of_several_lines(void **unused)
{
	static const char set[] = "10 a.example.com\n20 b.example.com\n30 c\\x09.example.com";
	const struct mxw_versions_view server = { .name = "ns1", .set = set, .at_ms = 5, .ttl_s = 60 };
	const struct mxw_versions_round round = { .now_ms = 5, .servers = &server, .n_servers = 1 };
	struct mxw_versions versions = { 0 };
	struct mxw_versions_report report;
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	(void)unused;
	assert_int_equal(mxw_versions_update(&versions, &round, &report), 0);
	assert_true(report.is_changed);
	mxw_versions_write(&versions, 5, 5, &text);
	mxw_versions_done(&versions);
	for (size_t i = 0; i < text.len; i++)
		assert_true(text.data[i] == '\n' || text.data[i] == '\t' ||
			    (text.data[i] >= 0x20 && text.data[i] <= 0x7e));
	assert_int_equal(mxw_versions_read(mxw_strbuf_get(&text), 5, 5, &versions), 0);
	assert_string_equal(versions.first->set, set);
	mxw_versions_done(&versions);
	mxw_strbuf_done(&text);
}

/* ---- damage ---- */

static void expect_nothing(const char *text)
{
	struct mxw_versions versions;
	assert_int_equal(mxw_versions_read(text, 1000, 1000, &versions), -EBADMSG);
	assert_null(versions.first);
	assert_null(versions.watch);
}

/* Each octet changed, and each length short of the whole. */
static void test_damage(void **unused)
{
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	PLAY(&world, changed);
	char *text = write(&world, 200000);
	size_t n = strlen(text);
	for (size_t i = 0; i < n; i++) {
		static const char others[] = { '0', '9', 'a', ' ', '-', '\n', '\t', 0x7f, (char)0xff };
		char octet = text[i];
		for (size_t k = 0; k < sizeof(others); k++) {
			text[i] = others[k];
			if (octet != others[k])
				expect_nothing(text);
		}
		text[i] = octet;
	}
	for (size_t length = 1; length < n; length++) {
		char *cut = strndup(text, length);
		assert_non_null(cut);
		expect_nothing(cut);
		free(cut);
	}
	free(text);
	versions_world_done(&world);
}

/* The checksum is right, what it is of is not: somebody else's hand, or another version of this program. */
static void test_wrong_texts(void **unused)
{
	static const char *const bodies[] = {
		"",
		"versions 1 0 0 0 5 \n",
		"versions 1 10 0 0 5 \n",
		"versions 2 1 0 0 5 \n1 - - - - 1 1 60 0 0 0 10 a\n",
		"versions 1 2 0 0 5 \n1 - - - - 1 1 60 0 0 0 10 a\n",
		"versions 1 1 0 0 5 \n1 - - - - 1 1 60 0 0 0 10 a\n1 - - - - 1 1 60 0 0 0 10 b\n",
		"versions 1 2 0 0 5 \n1 - - - - 1 1 60 0 0 0 10 a\n1 - - - - 1 1 60 0 0 0 10 a\n",
		"versions 1 1 0 0 5 \n1 - - - - 1 1 60 0 0 0 \n",
		"versions 1 1 0 0 5 \n1 - - - - 1 1 60 0 0 0 10 \x01\n",
		"versions 1 1 0 0 5 \n1 - - - - 1 1 60 0 0 2 10 a\n",
		"versions 1 1 0 0 5 \n1 - - - - 1 1 60 0 100 0 10 a\n",
		"versions 1 1 0 0 5 \n1 - - - - 1 1 4294967296 0 0 0 10 a\n",
		"versions 1 1 0 0 5 \n1 - - - - 1 1 60 10000000000000000 0 0 10 a\n",
		"versions 1 1 0 0 5 \n4503599627370497 - - - - 1 1 60 0 0 0 10 a\n",
		"versions 1 1 0 0 5 \n1 - - - - - 1 1 60 0 0 0 10 a\n",
		"versions 1 1 0 0 5 \n1 - - - - 1 1 60 0 0 0 10 a",
		"versions 1 1 0 0 - 5 \n1 - - - - 1 1 60 0 0 0 10 a\n",
		"versions 1 1 0 0 5 1 - - - - 1 1 60 0 0 0 10 a\n",
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(bodies); i++) {
		char text[256];
		snprintf(text, sizeof(text), "%s%016" PRIx64 "\n", bodies[i],
			 mxw_hash64(0, bodies[i], strlen(bodies[i])));
		expect_nothing(text);
	}
}

/* Times at the ends of what a number holds do no harm. */
static void test_extreme_times(void **unused)
{
	static const char body[] = "versions 1 2 604800 ffffffff -4503599627370496 \n"
				   "4503599627370496 -4503599627370496 - - 4503599627370496 0 0 4294967295 "
				   "ffffffffffffffff ff 1 10 a.example.com\n"
				   "-4503599627370496 4503599627370496 -4503599627370496 -4503599627370496 - 0 0 "
				   "4294967295 0 0 0 10 b.example.com\n";
	static const int64_t clocks[][2] = { { 0, 0 },
					     { 1000, INT64_C(1795435200000) },
					     { 0, -INT64_C(4000000000000) } };
	static const struct versions_row row = { 10, "A B", "A B C", NULL };
	char text[512];
	(void)unused;
	snprintf(text, sizeof(text), "%s%016" PRIx64 "\n", body, mxw_hash64(0, body, strlen(body)));
	for (size_t i = 0; i < MXW_ARRAY_SIZE(clocks); i++) {
		struct versions_world world;
		versions_world_init(&world);
		assert_int_equal(mxw_versions_read(text, clocks[i][0], clocks[i][1], &world.versions), 0);
		assert_true(world.versions.first->since_ms <= clocks[i][0]);
		world.wall_offset_ms = clocks[i][1] - clocks[i][0];
		versions_world_look(&world, &row);
		char *again = write(&world, 10000);
		assert_true(*again);
		free(again);
		versions_world_done(&world);
	}
}

/* What is worth a write: what another run of the daemon would decide by. */
static void test_when_to_store(void **unused)
{
	static const struct {
		struct versions_row row;
		bool is_changed;
	} rows[] = {
		{ { 0, "A/3600 A/3600", "A A A", NULL }, true },   { { 60, "A/3600 A/3600", "A A A", NULL }, false },
		{ { 120, "A/3600 -", "A C A", NULL }, false },     { { 180, "A/60 A/60", "A A A", NULL }, true },
		{ { 240, "A/60 A/60", "A A A", NULL }, false },    { { 300, "B/60 A/60", "A A A", NULL }, true },
		{ { 360, "B/60 A/60", "A A A", NULL }, false },    { { 420, "B/60 B/60", "A A A", NULL }, true },
		{ { 480, "B/60 B/60", "A A A", NULL }, false },    { { 540, "@2 B/60 B/60", "A A A", NULL }, true },
		{ { 600, "@2 B/60 B/60", "A A A", NULL }, false },
	};
	struct versions_world world;
	(void)unused;
	versions_world_init(&world);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		versions_world_look(&world, &rows[i].row);
		if (world.report.is_changed != rows[i].is_changed)
			fail_msg("row %zu", i);
	}
	versions_world_done(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_lost),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_restart),
		cmocka_unit_test(test_change_while_down),
		cmocka_unit_test(test_short_restart),
		cmocka_unit_test(test_clock_set_while_down),
		cmocka_unit_test(test_a_late_secondary_is_remembered),
		cmocka_unit_test(test_sets_of_several_lines),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_wrong_texts),
		cmocka_unit_test(test_extreme_times),
		cmocka_unit_test(test_when_to_store),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
