/* What a round tells the state machine beside its verdict: lookups that fail at a quorum, and the sources of a verdict.
 * Real checks over worlds written as text (tests/zone/zone.h), one a resolver. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/round/evidence.h"
#include "lib/round/failing.h"
#include "tests/zone/zone.h"

enum { MINUTE = 60000, N_VIEWS = 3 };

static const char good[] =
	"example.com. 3600 IN MX 10 mx1.example.com.\nexample.com. 3600 IN MX 20 mx2.example.com.\n"
	"example.com. 3600 IN TXT \"v=spf1 mx -all\"\nmx1.example.com. 3600 IN A 45.33.2.10\n"
	"mx2.example.com. 3600 IN A 45.33.3.10\n10.2.33.45.in-addr.arpa. 3600 IN PTR mx1.example.com.\n"
	"10.3.33.45.in-addr.arpa. 3600 IN PTR mx2.example.com.\n";

static const struct mxw_state_policy policy = { .escalate_warning_ms = 15 * MINUTE,
						.escalate_critical_ms = 60 * MINUTE };

/* How each answer came: the times of view i are `at` plus i seconds. */
struct way {
	int64_t at_ms;
	uint32_t ttl;
	bool stale;
};

static void answer_all(struct mxw_round *round, size_t view, const struct zone *zone, const struct way *way)
{
	const struct mxw_missing *missing;
	do {
		assert_int_equal(mxw_round_questions(round, view, &missing), 0);
		for (size_t i = 0; i < missing->n; i++) {
			struct mxw_answer *answer = zone_answer(zone, missing->items[i].name, missing->items[i].type);
			assert_non_null(answer);
			answer->received_at_ms = way->at_ms + (int64_t)view * 1000;
			answer->ttl = way->ttl;
			answer->stale = way->stale;
			assert_int_equal(
				mxw_round_answer(round, view, missing->items[i].name, missing->items[i].type, answer),
				0);
			mxw_answer_unref(answer);
		}
	} while (missing->n);
}

/* A judged round of all checks; `worlds` are added to the good one. */
static struct mxw_round *make_round(const char *const worlds[N_VIEWS], const struct way *way)
{
	static const struct mxw_profile profile;
	struct mxw_round *round = NULL;
	const struct mxw_round_spec spec = { .target = { .domain = "example.com", .profile = &profile },
					     .checks = UINT32_MAX,
					     .n_views = N_VIEWS,
					     .voters = 7,
					     .quorum = 2 };
	struct zone *base = zone_new("good", NULL, good);
	assert_int_equal(mxw_round_new(&round, &spec), 0);
	for (size_t i = 0; i < N_VIEWS; i++) {
		struct zone *zone = zone_new("world", base, worlds[i]);
		assert_non_null(zone);
		answer_all(round, i, zone, way);
		zone_free(zone);
	}
	zone_free(base);
	assert_true(mxw_round_is_complete(round));
	assert_int_equal(mxw_round_judge(round), 0);
	return round;
}

static const struct way usual = { .at_ms = 1000000, .ttl = 300 };

#define MX_FAILS "example.com. MX SERVFAIL\n"
#define MX_TIMES_OUT "example.com. MX TIMEOUT\n"
#define ALL_FAIL "example.com. * SERVFAIL\nmx1.example.com. * SERVFAIL\nmx2.example.com. * SERVFAIL\n"
#define HOST_FAILS "mx2.example.com. A SERVFAIL\nmx2.example.com. AAAA SERVFAIL\n"
#define PTR_FAILS "10.3.33.45.in-addr.arpa. PTR SERVFAIL\n"
#define BOGUS "example.com. * BOGUS\nmx1.example.com. * BOGUS\nmx2.example.com. * BOGUS\n"

/* The checks under which something fails: "mx:WC" a warning, then critical; "L" a late warning. */
static void describe(const struct mxw_round *round, struct mxw_strbuf *ret)
{
	for (size_t check = 0; check < mxw_n_checks; check++) {
		struct mxw_state_input input = { 0 };
		mxw_round_failing(round, check, &policy, &input);
		const int64_t *ms = input.failing_ms;
		bool any = ms[MXW_FAILING_WARNS] || ms[MXW_FAILING_WARNS_LATE] || ms[MXW_FAILING_CRITICAL];
		assert_int_equal(any, input.failing_set != 0);
		if (!any)
			continue;
		mxw_strbuf_addf(ret, "%s%s:", ret->len ? " " : "", mxw_checks[check]->name);
		if (ms[MXW_FAILING_WARNS]) {
			assert_int_equal(ms[MXW_FAILING_WARNS], 15 * MINUTE);
			mxw_strbuf_addc(ret, 'W');
		}
		if (ms[MXW_FAILING_WARNS_LATE]) {
			assert_int_equal(ms[MXW_FAILING_WARNS_LATE], 60 * MINUTE);
			mxw_strbuf_addc(ret, 'L');
		}
		if (ms[MXW_FAILING_CRITICAL]) {
			assert_int_equal(ms[MXW_FAILING_CRITICAL], 60 * MINUTE);
			mxw_strbuf_addc(ret, 'C');
		}
	}
}

static void test_what_fails(void **unused)
{
	static const struct {
		const char *what, *worlds[N_VIEWS], *expected;
	} rows[] = {
		{ "all is well", { "", "", "" }, "" },
		{ "one resolver is a minority", { MX_FAILS, "", "" }, "" },
		{ "a quorum; the SPF record says mx, too", { MX_FAILS, MX_FAILS, "" }, "mx:WC spf:W" },
		{ "in different ways", { MX_FAILS, MX_TIMES_OUT, "" }, "mx:WC spf:W" },
		{ "different questions are no quorum", { MX_FAILS, HOST_FAILS, "" }, "" },
		{ "the whole zone", { ALL_FAIL, ALL_FAIL, ALL_FAIL }, "mx:WC spf:WC" },
		{ "one of two mail hosts hides nothing critical", { HOST_FAILS, HOST_FAILS, HOST_FAILS }, "address:W" },
		{ "the reverse zone has a time of its own", { PTR_FAILS, PTR_FAILS, PTR_FAILS }, "ptr:L" },
		{ "bogus is determinate, but for what needs it", { BOGUS, BOGUS, BOGUS }, "spf:W" },
		{ "what is gone does not fail", { "example.com. * NXDOMAIN\n", "example.com. * NXDOMAIN\n", "" }, "" },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_strbuf got = MXW_STRBUF_INIT;
		struct mxw_round *round = make_round(rows[i].worlds, &usual);
		describe(round, &got);
		if (strcmp(mxw_strbuf_get(&got), rows[i].expected) != 0)
			fail_msg("%s: expected \"%s\", got \"%s\"", rows[i].what, rows[i].expected,
				 mxw_strbuf_get(&got));
		mxw_strbuf_done(&got);
		mxw_round_free(round);
	}
}

static const struct mxw_verdict_entry *find(const struct mxw_round *round, const char *check, const char *id)
{
	const struct mxw_verdict *verdict = mxw_round_verdict(round, (size_t)mxw_check_find(check));
	for (size_t i = 0; i < verdict->n_entries; i++)
		if (strcmp(verdict->entries[i].def->id, id) == 0)
			return &verdict->entries[i];
	return NULL;
}

/* What an event lists: a failing lookup with the votes of all ways in which it fails. */
static void test_escalation(void **unused)
{
	static const char *const worlds[] = { MX_FAILS, MX_TIMES_OUT, MX_TIMES_OUT };
	static const struct {
		enum mxw_severity escalated, expected;
		int64_t age_ms;
	} rows[] = {
		{ MXW_WARNING, MXW_WARNING, 15 * MINUTE },
		{ MXW_CRITICAL, MXW_CRITICAL, 60 * MINUTE },
		{ MXW_CRITICAL, MXW_WARNING, 59 * MINUTE }, /* another lookup has been failing for longer */
		{ MXW_WARNING, MXW_UNKNOWN, 14 * MINUTE },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_round *round = make_round(worlds, &usual);
		const struct mxw_transition transition = {
			.escalated = rows[i].escalated,
			.failing_age_ms = { [MXW_FAILING_WARNS] = rows[i].age_ms,
					    [MXW_FAILING_WARNS_LATE] = -1,
					    [MXW_FAILING_CRITICAL] = rows[i].age_ms },
		};
		assert_int_equal(mxw_round_escalate(round, (size_t)mxw_check_find("mx"), &policy, &transition), 0);
		const struct mxw_verdict_entry *entry = find(round, "mx", "dns-timeout"); /* most resolvers see it so */
		if (!entry) {
			fail_msg("row %zu: no entry", i);
			return;
		}
		assert_int_equal(entry->severity, rows[i].expected);
		if (rows[i].expected >= MXW_WARNING) {
			struct mxw_strbuf text = MXW_STRBUF_INIT;
			assert_int_equal(entry->status, MXW_CONFIRMED);
			assert_int_equal(entry->votes.yes, 7);
			assert_int_equal(entry->votes.no | entry->votes.unknown, 0);
			mxw_finding_expand(entry->finding, entry->def->message, &text);
			assert_non_null(strstr(mxw_strbuf_get(&text), "or another failure"));
			mxw_strbuf_done(&text);
			/* Worst first, as before. */
			assert_ptr_equal(mxw_round_verdict(round, (size_t)mxw_check_find("mx"))->entries, entry);
		}
		mxw_round_free(round);
	}
}

static void test_rests_on_lookups(void **unused)
{
	static const struct {
		const char *world, *check;
		bool expected;
	} rows[] = {
		{ "", "spf", false },
		{ ALL_FAIL, "spf", true },
		{ BOGUS, "spf", true },
		{ "example.com. TXT NODATA\n", "spf", false },
		{ PTR_FAILS, "ptr", false }, /* a zone of somebody else */
		{ "example.com. 60 IN TXT \"v=spf1 include:vendor.example.net -all\"\nvendor.example.net TXT "
		  "SERVFAIL\n",
		  "spf", false },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		const char *const worlds[] = { rows[i].world, rows[i].world, rows[i].world };
		struct mxw_round *round = make_round(worlds, &usual);
		if (mxw_round_rests_on_lookups(round, (size_t)mxw_check_find(rows[i].check)) != rows[i].expected)
			fail_msg("row %zu", i);
		mxw_round_free(round);
	}
}

static void test_sources(void **unused)
{
	static const char *const none[] = { "example.com. MX NODATA\n", "", "example.com. MX NODATA\n" },
				 *const well[] = { "", "", "" }, *const failed[] = { ALL_FAIL, ALL_FAIL, "" };
	struct mxw_source sources[MXW_MAX_SOURCES];
	size_t mx = (size_t)mxw_check_find("mx");
	uint32_t about, about_other;
	(void)unused;
	/* A problem: those who see it, with the expiry of what they saw. */
	struct mxw_round *round = make_round(none, &usual);
	assert_int_equal(mxw_round_verdict(round, mx)->state, MXW_CRITICAL);
	assert_int_equal(mxw_round_sources(round, mx, sources, &about), 2);
	assert_int_equal(sources[0].resolver, 0);
	assert_int_equal(sources[1].resolver, 2);
	assert_int_equal(sources[0].expires_ms, usual.at_ms + 300 * 1000);
	assert_int_equal(sources[1].expires_ms, usual.at_ms + 2000 + 300 * 1000);
	assert_false(sources[0].is_stale);
	assert_int_not_equal(about, 0);
	mxw_round_free(round);
	/* An OK: those who could have seen one. */
	round = make_round(well, &usual);
	assert_int_equal(mxw_round_sources(round, mx, sources, &about_other), 3);
	assert_int_not_equal(about, about_other);
	mxw_round_free(round);
	/* Served stale: it may confirm a problem, and says so, but no OK. */
	const struct way stale = { .at_ms = 5, .ttl = 30, .stale = true };
	round = make_round(none, &stale);
	assert_int_equal(mxw_round_sources(round, mx, sources, &about), 2);
	assert_true(sources[0].is_stale);
	mxw_round_free(round);
	round = make_round(well, &stale);
	assert_int_equal(mxw_round_sources(round, mx, sources, &about), 0);
	mxw_round_free(round);
	/* Nothing is known: nobody speaks for it. */
	round = make_round(failed, &usual);
	assert_int_equal(mxw_round_verdict(round, mx)->state, MXW_UNKNOWN);
	assert_int_equal(mxw_round_sources(round, mx, sources, &about), 0);
	mxw_round_free(round);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_fails),
		cmocka_unit_test(test_escalation),
		cmocka_unit_test(test_rests_on_lookups),
		cmocka_unit_test(test_sources),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
