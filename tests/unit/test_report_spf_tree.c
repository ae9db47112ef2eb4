/* The tree of SPF records in the reports of `mxwatch check`: text and JSON, which view is shown, and text of strangers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/spf/tree.h"
#include "tests/unit/report_fixture.h"
#include "tests/unit/report_asserts.h"
#include "tests/zone/zone.h"

enum { MAX_TURNS = 40 };

/* One view of the world: what the tree asks for is answered. */
static void look(struct mxw_round *round, size_t view, const char *world)
{
	struct zone *zone = zone_new("tree", NULL, world);
	struct mxw_missing missing = { 0 };
	struct mxw_spf_tree tree = { 0 };
	const struct mxw_observation *observation = mxw_round_observation(round, view);
	assert_non_null(zone);
	for (int turn = 0; turn < MAX_TURNS; turn++) {
		mxw_missing_clear(&missing);
		assert_int_equal(mxw_spf_tree_build(&tree, "example.com", observation, &missing), 0);
		for (size_t i = 0; i < missing.n; i++)
			fixture_put(round, view, missing.items[i].name, missing.items[i].type,
				    zone_answer(zone, missing.items[i].name, missing.items[i].type));
	}
	mxw_missing_done(&missing);
	mxw_spf_tree_done(&tree);
	zone_free(zone);
}

static struct mxw_round *new_round(void)
{
	struct mxw_round *round = fixture_new("example.com", 3);
	fixture_add_check(round, FIXTURE_SPF);
	return round;
}

static char *report(struct mxw_round *round, struct mxw_report_style style)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_report_result result = { round };
	fixture_judge(round);
	assert_int_equal(mxw_report_check_text(&result, 1, &fixture_context, &style, &text), 0);
	char *taken = mxw_strbuf_take(&text);
	if (!taken)
		abort();
	return taken;
}

/* The report of one world that all see. */
static char *report_world(const char *world, struct mxw_report_style style)
{
	struct mxw_round *round = new_round();
	look(round, 0, world);
	char *text = report(round, style);
	fixture_free(round);
	return text;
}

/* The value of "tree"; the caller's. */
static json_t *tree_json(struct mxw_round *round)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_report_result result = { round };
	fixture_judge(round);
	assert_int_equal(mxw_report_check_json(&result, 1, &fixture_context, &text), 0);
	json_t *object = load_json(mxw_strbuf_get(&text));
	json_t *checks = json_object_get(json_array_get(json_object_get(object, "domains"), 0), "checks");
	assert_int_equal(json_array_size(checks), 3);
	assert_null(json_object_get(json_array_get(checks, FIXTURE_MX), "tree"));
	json_t *tree = json_object_get(json_array_get(checks, FIXTURE_SPF), "tree");
	assert_non_null(tree);
	json_incref(tree);
	json_decref(object);
	mxw_strbuf_done(&text);
	return tree;
}

static const char rich_world[] =
	"example.com. 300 IN TXT \"v=spf1 redirect=r.example include:i.example a:none.example a:four.example "
	"mx:big.example "
	"exists:%{i}.example include:gone.example ?include:two.example include:bad.example include:example.com "
	"include:fails.example ptr\"\n"
	"i.example. 300 IN TXT \"v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ip4:192.0.2.3 ip4:192.0.2.4 ip6:2001:db8::1 "
	"a:fails.example "
	"~all ip4:192.0.2.9 mx\"\n"
	"four.example. 300 IN A 192.0.2.1\n"
	"two.example. 300 IN TXT \"v=spf1 -all\"\n"
	"two.example. 300 IN TXT \"v=spf1 +all\"\n"
	"bad.example. 300 IN TXT \"v=spf1 ip:192.0.2.1\"\n"
	"fails.example * SERVFAIL\n"
	"big.example. 300 IN MX 1 a.example.\nbig.example. 300 IN MX 2 a.example.\nbig.example. 300 IN MX 3 "
	"a.example.\n"
	"big.example. 300 IN MX 4 a.example.\nbig.example. 300 IN MX 5 a.example.\nbig.example. 300 IN MX 6 "
	"a.example.\n"
	"big.example. 300 IN MX 7 a.example.\nbig.example. 300 IN MX 8 a.example.\nbig.example. 300 IN MX 9 "
	"a.example.\n"
	"big.example. 300 IN MX 10 a.example.\nbig.example. 300 IN MX 11 a.example.\n"
	"r.example. 300 IN TXT \"v=spf1 -all exp=e.example\"\n";

static void test_tree_in_text(void **state)
{
	char *text = report_world(rich_world, (struct mxw_report_style){ 0 });
	assert_text(text,
		    "example.com: OK\n"
		    "  spf       at least 13 of 10 lookups, at least 2 of 2 void, as 9.9.9.9 sees it\n"
		    "             1  include:i.example\n"
		    "                  ip4 x 4\n"
		    "                  ip6:2001:db8::1\n"
		    "             2    a:fails.example  (lookup failed)\n"
		    "                  ~all\n"
		    "                  ip4:192.0.2.9  (never evaluated)\n"
		    "                  mx  (never evaluated)\n"
		    "             3  a:none.example  (void)\n"
		    "             4  a:four.example  (void for IPv6 clients)\n"
		    "             5  mx:big.example  (11 MX, limit 10)\n"
		    "             6  exists:%{i}.example  (depends on the message)\n"
		    "             7  include:gone.example  (no SPF record)\n"
		    "             8  ?include:two.example  (several SPF records)\n"
		    "             9  include:bad.example  (syntax error at \"ip:192.0.2.1\": unknown mechanism)\n"
		    "            10  include:example.com  (loop: leads to itself)\n"
		    "            11  include:fails.example  (over the limit of 10 lookups, lookup failed: servfail)\n"
		    "            12  ptr\n"
		    "            13  redirect=r.example\n"
		    "                  -all\n"
		    "                  exp=e.example\n");
	free(text);
}

static void test_verbose_folds_nothing(void **state)
{
	char *text = report_world(rich_world, (struct mxw_report_style){ .verbose = true });
	assert_contains(text, "                  ip4:192.0.2.1\n                  ip4:192.0.2.2\n");
	assert_null(strstr(text, "ip4 x"));
	free(text);
}

static void test_trees_without_branches(void **state)
{
	static const struct {
		const char *world, *expect;
	} cases[] = {
		{ "example.com. 300 IN TXT \"hello\"", "example.com: OK\n" },
		{ "example.com TXT TIMEOUT", "example.com: OK\n" },
		{ "example.com. 300 IN TXT \"v=spf1 mx:\"", "example.com: OK\n  spf       syntax error at \"mx:\": " },
		{ "example.com. 300 IN TXT \"v=spf1 -all\"\nexample.com. 300 IN TXT \"v=spf1 ~all\"",
		  "example.com: OK\n  spf       several SPF records, as 9.9.9.9 sees it\n" },
		{ "example.com. 300 IN TXT \"v=spf1 -all\"", "example.com: OK\n  spf       0 of 10 lookups, 0 of 2 "
							     "void, as 9.9.9.9 sees it\n                -all\n" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		char *text = report_world(cases[i].world, (struct mxw_report_style){ 0 });
		if (strncmp(text, cases[i].expect, strlen(cases[i].expect)) != 0 ||
		    strchr(cases[i].expect, 0)[-1] == ' ')
			assert_contains(text, cases[i].expect);
		if (i < 2)
			assert_text(text, cases[i].expect);
		free(text);
	}
}

/* The first voter that knows the whole; else one that knows the record; nobody without a vote. */
static void test_view_is_chosen(void **state)
{
	static const char partly[] = "example.com. 300 IN TXT \"v=spf1 include:i.example -all\"\ni.example TXT TIMEOUT";
	static const char whole[] = "example.com. 300 IN TXT \"v=spf1 include:i.example -all\"\n"
				    "i.example. 300 IN TXT \"v=spf1 -all\"";
	static const struct {
		const char *worlds[3];
		uint32_t voters;
		const char *chosen;
	} cases[] = {
		{ { whole, whole, whole }, 7, "9.9.9.9" },
		{ { partly, whole, whole }, 7, "office" },
		{ { whole, whole, whole }, 6, "office" },
		{ { partly, partly, "example.com TXT SERVFAIL" }, 7, "9.9.9.9" },
		{ { "example.com TXT SERVFAIL", "example.com TXT REFUSED", partly }, 7, "2001:db8::53" },
		{ { "", whole, whole }, 7, "9.9.9.9" }, /* that there is none is known */
		{ { "example.com TXT UNANSWERED", "example.com TXT SERVFAIL", "" }, 3, "office" },
		{ { whole, whole, whole }, 0, NULL },
		{ { "example.com TXT UNANSWERED", "example.com TXT UNANSWERED", whole }, 3, NULL },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		struct mxw_round *round = new_round();
		for (size_t view = 0; view < 3; view++)
			look(round, view, cases[i].worlds[view]);
		fixture_set_voters(round, cases[i].voters);
		json_t *tree = tree_json(round);
		if (cases[i].chosen)
			assert_string_equal(json_string_value(json_object_get(tree, "resolver")), cases[i].chosen);
		else
			assert_true(json_is_null(tree));
		json_decref(tree);
		fixture_free(round);
	}
}

static void test_no_check_no_tree(void **state)
{
	struct mxw_round *round = fixture_new("example.com", 3);
	look(round, 0, "example.com. 300 IN TXT \"v=spf1 -all\"");
	char *text = report(round, (struct mxw_report_style){ 0 });
	assert_text(text, "example.com: OK\n");
	free(text);
	fixture_free(round);
}

static void test_tree_in_json(void **state)
{
	static const char expect[] =
		"{\"resolver\":\"9.9.9.9\",\"domain\":\"example.com\",\"lookups\":4,\"limit\":10,\"void_lookups\":2,"
		"\"void_limit\":2,\"complete\":true,\"record\":{\"domain\":\"example.com\",\"state\":\"good\","
		"\"text\":\"v=spf1 include:i.example a mx:m.example ~all a\",\"terms\":["
		"{\"term\":\"include:i.example\",\"lookups\":2,\"target\":\"i.example\",\"record\":{"
		"\"domain\":\"i.example\",\"state\":\"good\",\"text\":\"v=spf1 include:%{d}.example\",\"terms\":["
		"{\"term\":\"include:%{d}.example\",\"lookups\":2,\"macro\":true}]}},"
		"{\"term\":\"a\",\"lookups\":3,\"target\":\"example.com\",\"void\":[\"ipv6\"]},"
		"{\"term\":\"mx:m.example\",\"lookups\":4,\"target\":\"m.example\",\"void\":[\"ipv4\",\"ipv6\"]},"
		"{\"term\":\"~all\",\"lookups\":0},"
		"{\"term\":\"a\",\"lookups\":0,\"target\":\"example.com\",\"dead\":true}]}}";
	struct mxw_round *round = new_round();
	look(round, 0,
	     "example.com. 300 IN TXT \"v=spf1 include:i.example a mx:m.example ~all a\"\n"
	     "i.example. 300 IN TXT \"v=spf1 include:%{d}.example\"\n"
	     "example.com. 300 IN A 192.0.2.1\n");
	json_t *tree = tree_json(round);
	char *text = json_dumps(tree, JSON_COMPACT);
	assert_string_equal(text, expect);
	free(text);
	json_decref(tree);
	fixture_free(round);
}

static void test_broken_tree_in_json(void **state)
{
	struct mxw_round *round = new_round();
	look(round, 0, rich_world);
	json_t *tree = tree_json(round);
	assert_true(json_is_false(json_object_get(tree, "complete")));
	char *text = json_dumps(tree, JSON_COMPACT);
	assert_contains(text, "\"state\":\"syntax\",\"text\":\"v=spf1 ip:192.0.2.1\",\"error\":{\"at\":7,"
			      "\"term\":\"ip:192.0.2.1\",\"reason\":\"");
	assert_contains(text, "\"state\":\"none\",\"terms\":[]}");
	assert_contains(text, "\"state\":\"multiple\",\"terms\":[]}");
	assert_contains(text, "\"state\":\"loop\",\"terms\":[]}");
	assert_contains(text,
			"{\"term\":\"a:fails.example\",\"lookups\":2,\"target\":\"fails.example\",\"failed\":true}");
	assert_contains(text, "{\"term\":\"include:fails.example\",\"lookups\":11,\"target\":\"fails.example\","
			      "\"over_limit\":true,\"record\":{\"domain\":\"fails.example\",\"state\":\"unknown\",");
	assert_contains(text, "\"mx\":11");
	free(text);
	json_decref(tree);
	fixture_free(round);
}

/* Long terms are cut at the width, long records at some line. */
static void test_tree_is_cut(void **state)
{
	struct mxw_strbuf world = MXW_STRBUF_INIT;
	mxw_strbuf_adds(&world, "example.com. 300 IN TXT \"v=spf1 exists:");
	for (int i = 0; i < 5; i++)
		mxw_strbuf_adds(&world, "abcdefghijklmnopqrstuvwxyz.");
	mxw_strbuf_adds(&world, "example\"");
	for (int i = 0; i < 150; i++)
		mxw_strbuf_adds(&world, i % 75 ? " x=" : i ? "\" \" x=" : " \" x=");
	mxw_strbuf_addc(&world, '"');
	char *text = report_world(mxw_strbuf_get(&world), (struct mxw_report_style){ .width = 72 });
	assert_contains(text, "             1  exists:abcdefghijklmn");
	assert_contains(text, "...  (void)\n");
	assert_contains(text, "  x=\n                ... and 51 more terms\n");
	for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1)
		if (end - line > 72)
			fail_msg("%td columns: %.*s", end - line, (int)(end - line), line);
	free(text);
	text = report_world(mxw_strbuf_get(&world), (struct mxw_report_style){ .width = 72, .verbose = true });
	assert_contains(text, "abcdefghijklmnopqrstuvwxyz.example  (void)\n");
	assert_null(strstr(text, "more terms"));
	free(text);
	mxw_strbuf_done(&world);
}

/* Whatever octet stands in a record, a terminal gets printable characters and a line stays a line. */
static void test_every_octet_is_safe(void **state)
{
	for (unsigned octet = 0; octet < 256; octet++) {
		char world[100];
		snprintf(world, sizeof(world), "example.com. 300 IN TXT \"v=spf1 a:x\\%03u\\[2J.example\"", octet);
		for (int utf8 = 0; utf8 < 2; utf8++) {
			char *text = report_world(world, (struct mxw_report_style){ .utf8 = utf8, .verbose = true });
			size_t n_lines = 0;
			for (const char *c = text; *c; c++) {
				n_lines += *c == '\n';
				assert_true(*c == '\n' || ((unsigned char)*c >= 0x20 && (unsigned char)*c <= 0x7e));
			}
			assert_in_range(n_lines, 2, 4);
			free(text);
		}
		struct mxw_round *round = new_round();
		look(round, 0, world);
		json_decref(tree_json(round));
		fixture_free(round);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree_in_text),           cmocka_unit_test(test_verbose_folds_nothing),
		cmocka_unit_test(test_trees_without_branches), cmocka_unit_test(test_view_is_chosen),
		cmocka_unit_test(test_no_check_no_tree),       cmocka_unit_test(test_tree_in_json),
		cmocka_unit_test(test_broken_tree_in_json),    cmocka_unit_test(test_tree_is_cut),
		cmocka_unit_test(test_every_octet_is_safe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
