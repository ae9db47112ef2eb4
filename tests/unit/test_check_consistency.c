/* The check consistency: pinned sets in their three modes, planned changes, failed lookups, and the texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/check/consistency_findings.h"
#include "tests/unit/zone_view.h"
#include "tests/zone/zone.h"

/* ---- expectations ---- */

#define SET(...)                                                                                        \
	{                                                                                               \
		.is_given = true, .items = (const struct mxw_expected[]){ __VA_ARGS__ },                \
		.n = sizeof((const struct mxw_expected[]){ __VA_ARGS__ }) / sizeof(struct mxw_expected) \
	}
#define NONE                     \
	{                        \
		.is_given = true \
	}
#define MX(pref, name)           \
	{                        \
		pref, name, name \
	}
#define ANY(name)                              \
	{                                      \
		MXW_PREFERENCE_ANY, name, name \
	}
#define ITEM(text)            \
	{                     \
		0, text, text \
	}
#define PINS(...)                                                      \
	&(const struct mxw_expect)                                     \
	{                                                              \
		(const struct mxw_expectation[]){ { __VA_ARGS__ } }, 1 \
	}
#define PIN(type_, ...) PINS(.type = MXW_RECORD_##type_, __VA_ARGS__)
#define AT_LEAST .mode = MXW_EXPECT_AT_LEAST
#define FORBID .mode = MXW_EXPECT_FORBID
#define PLAN(from, to) .is_planned = true, .not_before_wall_ms = from, .deadline_wall_ms = to
#define IP4                         \
	{                           \
		4,                  \
		{                   \
			20, 0, 0, 1 \
		}                   \
	}

#define TWO_MX .old = SET(MX(10, "a.example.com"), MX(20, "b.example.com"))
#define MX_A "example.com. 300 IN MX 10 a.example.com.\n"
#define MX_B "example.com. 300 IN MX 20 b.example.com.\n"
#define MX_C "example.com. 300 IN MX 30 c.example.com.\n"
#define REV "1.0.0.20.in-addr.arpa"

/* All cases of one set stand for those of all types: only reading them differs. */
static const struct zone_case sets[] = {
	{ "the pinned set", MX_A MX_B, "", .pins = PIN(MX, TWO_MX) },
	{ "the same in another order and letter case, with other TTLs",
	  "EXAMPLE.com. 60 IN MX 20 B.example.com.\nexample.com. 60 IN MX 10 A.EXAMPLE.COM.\n", "",
	  .pins = PIN(MX, TWO_MX) },
	{ "one is missing", MX_A, "cons-expect critical mx", .pins = PIN(MX, TWO_MX) },
	{ "one is too many", MX_A MX_B MX_C, "cons-expect critical mx", .pins = PIN(MX, TWO_MX) },
	{ "another preference", MX_A "example.com. 300 IN MX 10 b.example.com.\n", "cons-expect critical mx",
	  .pins = PIN(MX, TWO_MX) },
	{ "any preference is right", MX_A MX_B, "",
	  .pins = PIN(MX, .old = SET(ANY("a.example.com"), ANY("b.example.com"))) },
	{ "any preference, another host", MX_A MX_C, "cons-expect critical mx",
	  .pins = PIN(MX, .old = SET(ANY("a.example.com"), ANY("b.example.com"))) },
	{ "behind an alias", "example.com. 300 IN CNAME c.example.net.\nc.example.net. 300 IN MX 10 a.example.com.\n",
	  "", .pins = PIN(MX, .old = SET(MX(10, "a.example.com"))) },
	{ "the null MX", "example.com. 300 IN MX 0 .\n", "", .pins = PIN(MX, .old = SET(MX(0, "."))) },
	{ "the null MX is gone", MX_A, "cons-expect critical mx", .pins = PIN(MX, .old = SET(MX(0, "."))) },
	{ "no record of the type", "example.com. 300 IN A 20.0.0.1\n", "cons-expect critical mx",
	  .pins = PIN(MX, TWO_MX) },
	{ "no such name", "", "cons-expect critical mx", .pins = PIN(MX, TWO_MX) },
	{ "none is pinned, none is there", "example.com. 300 IN A 20.0.0.1\n", "", .pins = PIN(MX, .old = NONE) },
	{ "none is pinned, one is there", MX_A, "cons-expect critical mx", .pins = PIN(MX, .old = NONE) },
	{ "nothing is pinned", "", "" },
};

static const struct zone_case modes[] = {
	{ "at_least: all and more", MX_A MX_B MX_C, "", .pins = PIN(MX, AT_LEAST, TWO_MX) },
	{ "at_least: one is missing", MX_A MX_C, "cons-expect critical mx", .pins = PIN(MX, AT_LEAST, TWO_MX) },
	{ "at_least: no such name", "", "cons-expect critical mx", .pins = PIN(MX, AT_LEAST, TWO_MX) },
	{ "forbid: others", MX_C, "", .pins = PIN(MX, FORBID, TWO_MX) },
	{ "forbid: no such name", "", "", .pins = PIN(MX, FORBID, TWO_MX) },
	{ "forbid: one of them", MX_B MX_C, "cons-expect critical mx", .pins = PIN(MX, FORBID, TWO_MX) },
};

#define SPF(text) "example.com. 300 IN TXT \"" text "\"\n"
#define RECORD .old = SET({ 0, "v=spf1 mx ip4:20.0.0.1 -all", "v=spf1 mx ip4:20.0.0.1 -all" })
#define TERMS .old = SET(ITEM("mx"), ITEM("include:spf.example.org"))

static const struct zone_case types[] = {
	{ "SPF", SPF("other text") SPF("v=spf1 mx ip4:20.0.0.1 -all"), "", .pins = PIN(SPF, RECORD) },
	{ "SPF spelt otherwise", SPF("V=SPF1  +mx  IP4:20.0.0.1 -ALL "), "", .pins = PIN(SPF, RECORD) },
	{ "SPF in two character-strings", "example.com. 300 IN TXT \"v=spf1 mx ip4:20\" \".0.0.1 -all\"\n", "",
	  .pins = PIN(SPF, RECORD) },
	{ "SPF with its terms in another order", SPF("v=spf1 ip4:20.0.0.1 mx -all"), "cons-expect critical spf",
	  .pins = PIN(SPF, RECORD) },
	{ "SPF twice", SPF("v=spf1 mx ip4:20.0.0.1 -all") SPF("v=spf1 -all"), "cons-expect critical spf",
	  .pins = PIN(SPF, RECORD) },
	{ "TXT without SPF", SPF("v=spf10"), "cons-expect critical spf", .pins = PIN(SPF, RECORD) },
	{ "no SPF, as it should be", SPF("v=spf10"), "", .pins = PIN(SPF, .old = NONE) },
	{ "SPF where none should be", SPF("v=spf1 -all"), "cons-expect critical spf", .pins = PIN(SPF, .old = NONE) },
	{ "terms that must be there", SPF("v=spf1 a +MX include:SPF.example.org -all"), "",
	  .pins = PIN(SPF, AT_LEAST, TERMS) },
	{ "another qualifier", SPF("v=spf1 ~mx include:spf.example.org -all"), "cons-expect critical spf",
	  .pins = PIN(SPF, AT_LEAST, TERMS) },
	{ "no SPF for the terms", SPF("mx include:spf.example.org"), "cons-expect critical spf",
	  .pins = PIN(SPF, AT_LEAST, TERMS) },
	{ "terms that must not be there", SPF("v=spf1 a -all"), "", .pins = PIN(SPF, FORBID, TERMS) },
	{ "one of them is", SPF("v=spf1 a mx -all"), "cons-expect critical spf", .pins = PIN(SPF, FORBID, TERMS) },
	{ "a whole record that must not be there", SPF("v=spf1 mx ip4:20.0.0.1 -all"), "cons-expect critical spf",
	  .pins = PIN(SPF, FORBID, RECORD) },
	{ "NS", "example.com. 300 IN NS ns1.example.net.\n", "", .pins = PIN(NS, .old = SET(ITEM("ns1.example.net"))) },
	{ "another NS", "example.com. 300 IN NS ns2.example.net.\n", "cons-expect critical ns",
	  .pins = PIN(NS, .old = SET(ITEM("ns1.example.net"))) },
	{ "no apex", "example.com. 300 IN NS ns1.example.net.\nm.example.com. 300 IN MX 10 a.example.com.\n",
	  "cons-expect critical ns", .domain = "m.example.com", .pins = PIN(NS, .old = SET(ITEM("ns1.example.net"))) },
	{ "PTR", REV ". 300 IN PTR a.example.com.\n", "",
	  .pins = PIN(PTR, .ip = IP4, .old = SET(ITEM("a.example.com"))) },
	{ "PTR behind an alias", REV ". 300 IN CNAME p.example.net.\np.example.net. 300 IN PTR a.example.com.\n", "",
	  .pins = PIN(PTR, .ip = IP4, .old = SET(ITEM("a.example.com"))) },
	{ "another PTR", REV ". 300 IN PTR b.example.com.\n", "cons-expect warning ptr/20.0.0.1",
	  .pins = PIN(PTR, .ip = IP4, .old = SET(ITEM("a.example.com"))) },
	{ "no PTR", "", "cons-expect warning ptr/20.0.0.1",
	  .pins = PIN(PTR, .ip = IP4, .old = SET(ITEM("a.example.com"))) },
};

static const struct zone_case failures[] = {
	{ "SERVFAIL", "example.com MX SERVFAIL\n", "cons-expect ? mx\ndns-servfail unknown example.com/MX",
	  .pins = PIN(MX, TWO_MX) },
	{ "silence", "example.com MX TIMEOUT\n", "cons-expect ? mx\ndns-timeout unknown example.com/MX",
	  .pins = PIN(MX, TWO_MX) },
	{ "no answer at all", "example.com MX UNANSWERED\n", "cons-expect ? mx", .pins = PIN(MX, TWO_MX) },
	{ "REFUSED says nothing about the domain", "example.com MX REFUSED\n", "cons-expect ? mx",
	  .pins = PIN(MX, TWO_MX) },
	{ "forbidden records are not proven absent", "example.com MX SERVFAIL\n",
	  "cons-expect ? mx\ndns-servfail unknown example.com/MX", .pins = PIN(MX, FORBID, TWO_MX) },
	{ "BOGUS", "example.com TXT BOGUS\n", "cons-expect ? spf\ndnssec-bogus critical example.com/TXT",
	  .pins = PIN(SPF, RECORD) },
	{ "a circle", "example.com. 300 IN CNAME example.com.\n",
	  "cons-expect ? mx\ndns-cname-loop unknown example.com/MX", .pins = PIN(MX, TWO_MX) },
	{ "NS", "example.com NS TIMEOUT\n", "cons-expect ? ns\ndns-timeout unknown example.com/NS",
	  .pins = PIN(NS, .old = SET(ITEM("ns1.example.net"))) },
	{ "PTR", REV " PTR SERVFAIL\n", "cons-expect ? ptr/20.0.0.1\ndns-servfail unknown " REV "/PTR",
	  .pins = PIN(PTR, .ip = IP4, .old = SET(ITEM("a.example.com"))) },
	{ "one type fails, the other is wrong", MX_A "example.com TXT SERVFAIL\n",
	  "cons-expect critical mx\ncons-expect ? spf\ndns-servfail unknown example.com/TXT",
	  .pins = &(const struct mxw_expect){ (const struct mxw_expectation[]){ { .type = MXW_RECORD_MX, TWO_MX },
										{ .type = MXW_RECORD_SPF, RECORD } },
					      2 } },
};

/* ---- plans ---- */

enum { FROM = 1000, TO = 2000 };

#define OLD_A_NEW_B .old = SET(MX(10, "a.example.com")), .new = SET(MX(20, "b.example.com"))
#define MOVE PIN(MX, PLAN(FROM, TO), OLD_A_NEW_B)
#define ARRIVAL PIN(MX, PLAN(INT64_MIN, TO), .new = SET(MX(20, "b.example.com")))
#define WRONG "cons-expect critical mx"

static const struct zone_case plans[] = {
	{ "before: the old set", MX_A, "", .pins = MOVE, .now_wall_ms = FROM - 1 },
	{ "before: the new set", MX_B, WRONG, .pins = MOVE, .now_wall_ms = FROM - 1 },
	{ "during: the old set", MX_A, "", .pins = MOVE, .now_wall_ms = FROM },
	{ "during: the new set", MX_B, "", .pins = MOVE, .now_wall_ms = FROM },
	{ "during: a mix", MX_A MX_B, WRONG, .pins = MOVE, .now_wall_ms = FROM },
	{ "during: a third", MX_C, WRONG, .pins = MOVE, .now_wall_ms = TO - 1 },
	{ "during: nothing", "", WRONG, .pins = MOVE, .now_wall_ms = TO - 1 },
	{ "after: the old set", MX_A, WRONG, .pins = MOVE, .now_wall_ms = TO },
	{ "after: the new set", MX_B, "", .pins = MOVE, .now_wall_ms = TO },
	{ "the time is not known: the old set", MX_A, "", .pins = MOVE },
	{ "the time is not known: the new set", MX_B, "", .pins = MOVE },
	{ "the time is not known: a third", MX_C, WRONG, .pins = MOVE },
	{ "the new set alone, before the deadline", MX_C, "", .pins = ARRIVAL, .now_wall_ms = TO - 1 },
	{ "the same while the lookup fails", "example.com MX SERVFAIL\n", "", .pins = ARRIVAL, .now_wall_ms = TO - 1 },
	{ "the new set alone, after it", MX_C, WRONG, .pins = ARRIVAL, .now_wall_ms = TO },
	{ "the new set alone, after it, there", MX_B, "", .pins = ARRIVAL, .now_wall_ms = TO },
	{ "the new set alone, the time is not known", MX_C, "", .pins = ARRIVAL },
	{ "an address that only the old set names, before", "", "cons-expect warning ptr/20.0.0.1",
	  .pins = PIN(PTR, PLAN(FROM, TO), .ip = IP4, .old = SET(ITEM("a.example.com"))), .now_wall_ms = FROM - 1 },
	{ "an address that only the old set names, after", "", "",
	  .pins = PIN(PTR, PLAN(FROM, TO), .ip = IP4, .old = SET(ITEM("a.example.com"))), .now_wall_ms = TO },
	{ "forbidden from the deadline on, before", MX_A, "", .now_wall_ms = TO - 1,
	  .pins = PIN(MX, FORBID, PLAN(INT64_MIN, TO), .new = SET(ANY("a.example.com"))) },
	{ "forbidden from the deadline on, after", MX_A, WRONG, .now_wall_ms = TO,
	  .pins = PIN(MX, FORBID, PLAN(INT64_MIN, TO), .new = SET(ANY("a.example.com"))) },
};

static void test_worlds(void **state)
{
	zone_view_run_weighed(&mxw_check_consistency, sets, MXW_ARRAY_SIZE(sets));
	zone_view_run_weighed(&mxw_check_consistency, modes, MXW_ARRAY_SIZE(modes));
	zone_view_run_weighed(&mxw_check_consistency, types, MXW_ARRAY_SIZE(types));
	zone_view_run_weighed(&mxw_check_consistency, failures, MXW_ARRAY_SIZE(failures));
	zone_view_run_weighed(&mxw_check_consistency, plans, MXW_ARRAY_SIZE(plans));
}

/* ---- questions ---- */

#define WATCHED_ZONE MX_A "example.com. 300 IN MX 20 mx.example.net.\nexample.com. 300 IN MX 30 127.0.0.1.\n"

static const struct {
	const char *name, *zone, *questions; /* in the order of asking, a turn a line */
	unsigned watched_types;
	const struct mxw_expect *pins;
	int64_t now_wall_ms;
} asked[] = {
	{ "nothing to do", MX_A, "" },
	{ "MX", MX_A, "example.com/MX\n", .pins = PIN(MX, TWO_MX) },
	{ "SPF", MX_A, "example.com/TXT example.com/MX\n", .pins = PIN(SPF, RECORD) },
	{ "PTR", MX_A, REV "/PTR example.com/MX\n", .pins = PIN(PTR, .ip = IP4, .old = SET(ITEM("a.example.com"))) },
	{ "a plan before its time", MX_A, "example.com/MX\n", 0,
	  PIN(SPF, PLAN(INT64_MIN, TO), .new = SET(ITEM("v=spf1 -all"))), TO - 1 },
	{ "watched MX", MX_A, "example.com/MX\n", MXW_RECORD_BIT(MXW_RECORD_MX) },
	{ "watched SPF", MX_A, "example.com/TXT\n", MXW_RECORD_BIT(MXW_RECORD_SPF) },
	{ "watched NS", MX_A, "example.com/NS\n", MXW_RECORD_BIT(MXW_RECORD_NS) },
	{ "watched addresses, of own hosts only", WATCHED_ZONE, "example.com/MX\na.example.com/A a.example.com/AAAA\n",
	  MXW_RECORD_BIT(MXW_RECORD_ADDRESS) },
};

/* Answers what is asked until nothing is missing. */
static void write_questions(const struct mxw_target *target, const char *text, struct mxw_strbuf *ret)
{
	struct zone *zone = zone_new("test", NULL, text);
	struct mxw_observation *observation;
	struct mxw_missing missing = { 0 };
	char buffer[10];
	assert_non_null(zone);
	assert_int_equal(mxw_observation_new(&observation), 0);
	for (bool first = true; first || missing.n; first = false) {
		mxw_missing_clear(&missing);
		assert_int_equal(mxw_check_consistency.ask(target, NULL, observation, 1, &missing), 0);
		for (size_t i = 0; i < missing.n; i++) {
			const struct mxw_missing_question *question = &missing.items[i];
			struct mxw_answer *answer = zone_answer(zone, question->name, question->type);
			mxw_strbuf_addf(ret, "%s%s/%s", i ? " " : "", question->name,
					mxw_rrtype_name(question->type, buffer));
			assert_int_equal(mxw_observation_put(observation, question->name, question->type, answer), 0);
			mxw_answer_unref(answer);
		}
		mxw_strbuf_adds(ret, missing.n ? "\n" : "");
	}
	mxw_missing_done(&missing);
	mxw_observation_free(observation);
	zone_free(zone);
}

static void test_questions(void **state)
{
	static const struct mxw_profile profile;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(asked); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf questions = MXW_STRBUF_INIT;
		struct mxw_target target = { .domain = "example.com",
					     .profile = &profile,
					     .expect = asked[i].pins,
					     .watched_types = asked[i].watched_types,
					     .now_wall_ms = asked[i].now_wall_ms };
		write_questions(&target, asked[i].zone, &questions);
		if (strcmp(mxw_strbuf_get(&questions), asked[i].questions) != 0)
			fail_msg("%s: asked\n%s", asked[i].name, mxw_strbuf_get(&questions));
	}
}

/* ---- texts ---- */

#define MEANT(setting) "; if the change was meant, expect in the configuration needs " setting
#define DAY1 1764554400000 /* 2025-12-01T02:00:00Z */
#define DAY2 (DAY1 + 14400000)

static const struct {
	struct zone_case world;
	const char *message, *fix;
} texts[] = {
	{ { "exact", MX_A MX_C, "", .pins = PIN(MX, TWO_MX) },
	  "example.com has other MX records than expected: missing 20 b.example.com; unexpected 30 c.example.com",
	  "example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 b.example.com.\n"
	  "; delete example.com. 300 IN MX 30 c.example.com.\n" MEANT(
		  "mx: [\"10 a.example.com\", \"30 c.example.com\"]") },
	{ { "any preference", MX_A "example.com. 300 IN MX 7 b.example.com.\n", "",
	    .pins = PIN(MX, .old = SET(ANY("b.example.com"), ANY("d.example.com"))) },
	  "example.com has other MX records than expected: missing d.example.com; unexpected 10 a.example.com",
	  "example.com. 300 IN MX 7 b.example.com.\nexample.com. 300 IN MX 10 d.example.com.\n"
	  "; delete example.com. 300 IN MX 10 a.example.com.\n" MEANT(
		  "mx: [\"7 b.example.com\", \"10 a.example.com\"]") },
	{ { "nothing there", "example.com. 300 IN A 20.0.0.1\n", "",
	    .pins = PIN(MX, .old = SET(MX(10, "a.example.com"))) },
	  "example.com has other MX records than expected: missing 10 a.example.com; there is none",
	  "example.com. 3600 IN MX 10 a.example.com.\n" MEANT("mx: []") },
	{ { "no such name", "", "", .pins = PIN(MX, .old = SET(MX(0, "."))) },
	  "example.com has other MX records than expected: missing 0 .; example.com does not exist",
	  "example.com. 3600 IN MX 0 .\n" MEANT("mx: []") },
	{ { "at_least", MX_A, "", .pins = PIN(MX, AT_LEAST, TWO_MX) },
	  "example.com has other MX records than expected: missing 20 b.example.com",
	  "example.com. 300 IN MX 20 b.example.com.\n" MEANT("another mx") },
	{ { "forbid", MX_A MX_C, "", .pins = PIN(MX, FORBID, .old = SET(ANY("a.example.com"))) },
	  "example.com has other MX records than expected: forbidden but there: a.example.com",
	  "; delete example.com. 300 IN MX 10 a.example.com.\n" MEANT("another mx") },
	{ { "SPF", SPF("v=spf1 +all\\007"), "",
	    .pins = PIN(SPF, .old = SET({ 0, "v=spf1 mx -all", "v=spf1 mx -ALL" })) },
	  "example.com has other SPF records than expected: missing \"v=spf1 mx -ALL\"; unexpected \"v=spf1 "
	  "+all\\x07\"",
	  "example.com. 300 IN TXT \"v=spf1 mx -ALL\"\n; delete example.com. 300 IN TXT \"v=spf1 +all\\007\"\n" MEANT(
		  "another spf") },
	{ { "SPF terms", SPF("v=spf1 a -all"), "", .pins = PIN(SPF, AT_LEAST, TERMS) },
	  "example.com has other SPF records than expected: missing mx, include:spf.example.org",
	  "; put mx into the SPF record of example.com\n; put include:spf.example.org into the SPF record of "
	  "example.com\n" MEANT("another spf") },
	{ { "an SPF term too many", SPF("v=spf1 mx -all"), "", .pins = PIN(SPF, FORBID, TERMS) },
	  "example.com has other SPF records than expected: forbidden but there: mx",
	  "; take mx out of the SPF record of example.com\n" MEANT("another spf") },
	{ { "no apex", "example.com. 300 IN SOA 300\nm.example.com. 300 IN A 20.0.0.1\n", "", .domain = "m.example.com",
	    .pins = PIN(NS, .old = SET(ITEM("ns1.example.net"))) },
	  "m.example.com has other NS records than expected: missing ns1.example.net; m.example.com is not the apex "
	  "of a "
	  "zone, and only an apex has NS records; the zone is example.com",
	  "m.example.com. 3600 IN NS ns1.example.net.\n" MEANT("ns: []") },
	{ { "PTR", REV ". 300 IN PTR b.example.com.\n", "",
	    .pins = PIN(PTR, .ip = IP4, .old = SET(ITEM("a.example.com"))) },
	  "20.0.0.1 has other PTR records than expected: missing a.example.com; unexpected b.example.com",
	  REV ". 300 IN PTR a.example.com. ; at the holder of the address\n"
	      "; delete " REV ". 300 IN PTR b.example.com. ; at the holder of the address\n" MEANT(
		      "ptr: [\"20.0.0.1 b.example.com\"] for this address") },
	{ { "too early", MX_B, "", .pins = PIN(MX, PLAN(DAY1, DAY2), OLD_A_NEW_B), .now_wall_ms = DAY1 - 1 },
	  "example.com has other MX records than expected: missing 10 a.example.com; unexpected 20 b.example.com; "
	  "this is the "
	  "change that is planned for 2025-12-01T02:00:00Z, too early",
	  NULL },
	{ { "another change before the planned one", MX_C, "", .pins = PIN(MX, PLAN(DAY1, DAY2), OLD_A_NEW_B),
	    .now_wall_ms = DAY1 - 1 },
	  "example.com has other MX records than expected: missing 10 a.example.com; unexpected 30 c.example.com; a "
	  "change is "
	  "planned, but not before 2025-12-01T02:00:00Z",
	  NULL },
	{ { "a mix", MX_A MX_B, "", .pins = PIN(MX, PLAN(DAY1, DAY2), OLD_A_NEW_B), .now_wall_ms = DAY1 },
	  "example.com has other MX records than expected: unexpected 10 a.example.com; nor is it what was there "
	  "before the "
	  "change that is planned until 2025-12-01T06:00:00Z",
	  NULL },
	{ { "late", MX_A, "", .pins = PIN(MX, PLAN(DAY1, DAY2), OLD_A_NEW_B), .now_wall_ms = DAY2 },
	  "example.com has other MX records than expected: missing 20 b.example.com; unexpected 10 a.example.com; the "
	  "planned "
	  "change was to be done by 2025-12-01T06:00:00Z",
	  NULL },
};

static void assert_text(const char *name, const struct mxw_finding *finding, const char *template, const char *expected)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_finding_expand(finding, template, &text);
	if (expected && strcmp(mxw_strbuf_get(&text), expected) != 0)
		fail_msg("%s: expected\n%s\nbut got\n%s", name, expected, mxw_strbuf_get(&text));
}

static void test_texts(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(texts); i++) {
		struct mxw_findings findings = { 0 };
		zone_view_judge(&mxw_check_consistency, &texts[i].world, &findings);
		assert_int_equal(findings.n, 1);
		assert_text(texts[i].world.name, findings.items[0], findings.items[0]->def->message, texts[i].message);
		assert_text(texts[i].world.name, findings.items[0], findings.items[0]->def->fix, texts[i].fix);
		mxw_findings_done(&findings);
	}
}

/* A hostile zone with many records makes no message of many records. */
static void test_long_sets(void **state)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf zone = MXW_STRBUF_INIT;
	struct mxw_findings findings = { 0 };
	for (int i = 0; i < 40; i++)
		mxw_strbuf_addf(&zone, "example.com. 300 IN MX %d h%d.example.com.\n", i, i);
	const struct zone_case world = { "many", mxw_strbuf_get(&zone), "", .pins = PIN(MX, .old = NONE) };
	zone_view_judge(&mxw_check_consistency, &world, &findings);
	assert_int_equal(findings.n, 1);
	assert_text("many", findings.items[0], findings.items[0]->def->message,
		    "example.com has other MX records than expected: unexpected 0 h0.example.com, 1 h1.example.com, 2 "
		    "h2.example.com, 3 h3.example.com, 4 h4.example.com, 5 h5.example.com, 6 h6.example.com, 7 "
		    "h7.example.com, 8 h8.example.com, 9 h9.example.com and 30 more");
	mxw_findings_done(&findings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worlds),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_long_sets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
