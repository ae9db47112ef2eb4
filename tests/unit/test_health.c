/* Which resolver has a vote, from tables of what one tick found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/dns/name.h"
#include "lib/health/health.h"

static void test_ticks(void **state)
{
	static const struct {
		const char *what;
		enum mxw_outcome canaries[2];
		size_t n;
		enum mxw_outcome lie;
		enum mxw_health_status status;
		enum mxw_outcome worst;
	} rows[] = {
		{ "an answered canary is enough",
		  { MXW_OUTCOME_ANSWER },
		  1,
		  MXW_OUTCOME_NXDOMAIN,
		  MXW_HEALTH_GOOD,
		  MXW_OUTCOME_ANSWER },
		{ "any of two",
		  { MXW_OUTCOME_TIMEOUT, MXW_OUTCOME_ANSWER },
		  2,
		  MXW_OUTCOME_NXDOMAIN,
		  MXW_HEALTH_GOOD,
		  MXW_OUTCOME_TIMEOUT },
		{ "nothing answers",
		  { MXW_OUTCOME_TIMEOUT },
		  1,
		  MXW_OUTCOME_TIMEOUT,
		  MXW_HEALTH_FAILING,
		  MXW_OUTCOME_TIMEOUT },
		{ "SERVFAIL for everything",
		  { MXW_OUTCOME_SERVFAIL },
		  1,
		  MXW_OUTCOME_SERVFAIL,
		  MXW_HEALTH_FAILING,
		  MXW_OUTCOME_SERVFAIL },
		{ "a canary that is denied",
		  { MXW_OUTCOME_NXDOMAIN },
		  1,
		  MXW_OUTCOME_NXDOMAIN,
		  MXW_HEALTH_FAILING,
		  MXW_OUTCOME_NXDOMAIN },
		{ "it refuses",
		  { MXW_OUTCOME_REFUSED, MXW_OUTCOME_REFUSED },
		  2,
		  MXW_OUTCOME_REFUSED,
		  MXW_HEALTH_REFUSING,
		  MXW_OUTCOME_REFUSED },
		{ "it refuses one and fails the other",
		  { MXW_OUTCOME_REFUSED, MXW_OUTCOME_TIMEOUT },
		  2,
		  MXW_OUTCOME_TIMEOUT,
		  MXW_HEALTH_FAILING,
		  MXW_OUTCOME_TIMEOUT },
		{ "it says that it filters",
		  { MXW_OUTCOME_FILTERED, MXW_OUTCOME_TIMEOUT },
		  2,
		  MXW_OUTCOME_TIMEOUT,
		  MXW_HEALTH_LYING,
		  MXW_OUTCOME_TIMEOUT },
		{ "what cannot exist has an address",
		  { MXW_OUTCOME_ANSWER },
		  1,
		  MXW_OUTCOME_ANSWER,
		  MXW_HEALTH_LYING,
		  MXW_OUTCOME_ANSWER },
		{ "a lie counts without canaries", { 0 }, 0, MXW_OUTCOME_ANSWER, MXW_HEALTH_LYING, MXW_OUTCOME_ANSWER },
		{ "no canary, no lie", { 0 }, 0, MXW_OUTCOME_NXDOMAIN, MXW_HEALTH_GOOD, MXW_OUTCOME_ANSWER },
		{ "only the lie probe fails",
		  { MXW_OUTCOME_ANSWER },
		  1,
		  MXW_OUTCOME_SERVFAIL,
		  MXW_HEALTH_GOOD,
		  MXW_OUTCOME_ANSWER },
	};
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_health health = { 0 };
		assert_true(mxw_health_has_vote(&health)); /* untested */
		assert_true(mxw_health_tick(&health, rows[i].canaries, rows[i].n, rows[i].lie));
		if (health.status != rows[i].status || health.worst != rows[i].worst)
			fail_msg("%s: %s, worst %s", rows[i].what, mxw_health_status_name(health.status),
				 mxw_outcome_name(health.worst));
		assert_int_equal(mxw_health_has_vote(&health), rows[i].status == MXW_HEALTH_GOOD);
	}
}

/* The vote is lost and won with the tick that shows it; only a change is reported. */
static void test_changes(void **state)
{
	static const struct {
		enum mxw_outcome canary;
		bool changes;
		uint32_t n_ticks;
	} rows[] = {
		{ MXW_OUTCOME_ANSWER, true, 1 },    { MXW_OUTCOME_ANSWER, false, 2 }, { MXW_OUTCOME_TIMEOUT, true, 1 },
		{ MXW_OUTCOME_SERVFAIL, false, 2 }, { MXW_OUTCOME_REFUSED, true, 1 }, { MXW_OUTCOME_ANSWER, true, 1 },
	};
	struct mxw_health health = { 0 };
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		assert_int_equal(mxw_health_tick(&health, &rows[i].canary, 1, MXW_OUTCOME_NXDOMAIN), rows[i].changes);
		assert_int_equal(health.n_ticks, rows[i].n_ticks);
	}
}

static void test_probe_names(void **state)
{
	static const uint64_t numbers[] = { 0, 1, UINT64_MAX };
	char name[MXW_HEALTH_PROBE_MAX], canonical[MXW_NAME_TEXT_MAX];
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(numbers); i++) {
		mxw_health_probe_name(numbers[i], name);
		assert_int_equal(mxw_name_canonical(name, canonical), 0);
		assert_string_equal(name, canonical);
		assert_true(mxw_name_is_below(name, "invalid"));
		assert_int_equal(strlen(name), strlen("mxw-0123456789abcdef.invalid"));
	}
}

static void test_status_names(void **state)
{
	(void)state;
	assert_string_equal(mxw_health_status_name(MXW_HEALTH_UNTESTED), "untested");
	assert_string_equal(mxw_health_status_name(MXW_HEALTH_LYING), "lying");
}

/* What is said about domains, tick by tick: a handful is needed to judge, and what was judged holds until the next handful. */
static void test_traffic(void **state)
{
	static const struct {
		uint64_t n_asked, n_refused, n_filtered;
		enum mxw_health_status status;
	} ticks[] = {
		{ 3, 3, 0, MXW_HEALTH_GOOD },             /* too few */
		{ 1, 0, 0, MXW_HEALTH_REFUSING_DOMAINS }, /* three of four */
		{ 0, 0, 0, MXW_HEALTH_REFUSING_DOMAINS }, /* nobody asked */
		{ 10, 5, 0, MXW_HEALTH_GOOD },            /* half of them are not more than half */
		{ 10, 6, 0, MXW_HEALTH_REFUSING_DOMAINS },
		{ 1, 0, 1, MXW_HEALTH_FILTERING_DOMAINS }, /* one is enough */
		{ 2, 0, 0, MXW_HEALTH_FILTERING_DOMAINS },
		{ 10, 0, 0, MXW_HEALTH_GOOD },
	};
	struct mxw_health health = { 0 };
	const enum mxw_outcome answer = MXW_OUTCOME_ANSWER, refused = MXW_OUTCOME_REFUSED;
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(ticks); i++) {
		mxw_health_traffic(&health, ticks[i].n_asked, ticks[i].n_refused, ticks[i].n_filtered);
		mxw_health_tick(&health, &answer, 1, MXW_OUTCOME_NXDOMAIN);
		assert_int_equal(health.status, ticks[i].status);
		assert_true(mxw_health_has_vote(&health));
	}
	/* A canary that is refused is the worse trouble. */
	mxw_health_traffic(&health, 10, 10, 0);
	mxw_health_tick(&health, &refused, 1, MXW_OUTCOME_REFUSED);
	assert_int_equal(health.status, MXW_HEALTH_REFUSING);
	assert_false(mxw_health_has_vote(&health));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ticks),       cmocka_unit_test(test_changes),      cmocka_unit_test(test_traffic),
		cmocka_unit_test(test_probe_names), cmocka_unit_test(test_status_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
