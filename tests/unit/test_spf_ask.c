/* The check spf asks in turns: hosts are evaluated when the records are there, and not each of them for the same answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lib/check/spf_host.h"
#include "tests/unit/spf_worlds.h"
#include "tests/zone/zone.h"

struct asker {
	struct zone *zone;
	struct mxw_observation *observation;
	struct mxw_missing missing;
};

static void start(struct asker *asker, const char *records)
{
	*asker = (struct asker){ .zone = zone_new("test", NULL, records) };
	assert_non_null(asker->zone);
	assert_int_equal(mxw_observation_new(&asker->observation), 0);
}

static void answer_all(struct asker *asker)
{
	for (size_t i = 0; i < asker->missing.n; i++) {
		const struct mxw_missing_question *question = &asker->missing.items[i];
		struct mxw_answer *answer = zone_answer(asker->zone, question->name, question->type);
		assert_int_equal(mxw_observation_put(asker->observation, question->name, question->type, answer), 0);
		mxw_answer_unref(answer);
	}
	mxw_missing_clear(&asker->missing);
}

static void finish(struct asker *asker)
{
	mxw_missing_done(&asker->missing);
	mxw_observation_free(asker->observation);
	zone_free(asker->zone);
}

static bool is_missing(const struct asker *asker, const char *name, uint16_t type)
{
	return mxw_missing_find(&asker->missing, name, type) >= 0;
}

static void test_hosts_come_after_records(void **state)
{
	struct asker asker;
	const struct mxw_profile profile = ONE_SENDER;
	const struct mxw_target target = { .domain = "example.com", .profile = &profile };
	start(&asker, SPF("exists:%{i}.e.example.net include:b.example.net -all") TXT("b.example.net", "-all"));
	assert_int_equal(mxw_check_spf.ask(&target, NULL, asker.observation, 1, &asker.missing), 0);
	assert_true(is_missing(&asker, "example.com", MXW_TYPE_TXT));
	answer_all(&asker);
	assert_int_equal(mxw_check_spf.ask(&target, NULL, asker.observation, 1, &asker.missing), 0);
	assert_true(is_missing(&asker, "b.example.net", MXW_TYPE_TXT));
	assert_false(is_missing(&asker, "20.0.0.1.e.example.net", MXW_TYPE_A));
	answer_all(&asker);
	assert_int_equal(mxw_check_spf.ask(&target, NULL, asker.observation, 1, &asker.missing), 0);
	assert_true(is_missing(&asker, "20.0.0.1.e.example.net", MXW_TYPE_A));
	finish(&asker);
}

/* Checks the second sender after the first; returns whether it waits with it. */
static bool follows(const char *record, const struct mxw_ip *first, const struct mxw_ip *second)
{
	struct asker asker;
	struct mxw_spf_host_result result = { 0 };
	start(&asker, record);
	mxw_missing_add(&asker.missing, "example.com", MXW_TYPE_TXT);
	answer_all(&asker);
	assert_int_equal(
		mxw_spf_host_check("example.com", first, "a.example.com", asker.observation, &asker.missing, &result),
		0);
	assert_false(result.waits_with_others);
	assert_int_equal(asker.missing.n, 1);
	assert_int_equal(
		mxw_spf_host_check("example.com", second, "a.example.com", asker.observation, &asker.missing, &result),
		0);
	bool ret = result.waits_with_others;
	mxw_spf_host_result_done(&result);
	finish(&asker);
	return ret;
}

static void test_who_waits_for_the_same(void **state)
{
	const struct mxw_ip *v4 = &spf_senders[0], *v6 = &spf_senders[1], *other = &spf_senders[2];
	assert_true(follows(SPF("include:b.example.net -all"), v4, other));
	assert_true(follows(SPF("include:b.example.net -all"), v4, v6));
	assert_true(follows(SPF("a:b.example.net -all"), v4, other));
	assert_false(follows(SPF("a:b.example.net -all"), v4, v6));
	assert_false(follows(SPF("include:%{i}.b.example.net -all"), v4, other));
	assert_false(follows(SPF("ip4:20.0.0.2 a:b.example.net -all"), v4, other)); /* that one is decided */
}

/* Of many hosts that wait for one answer two find out; those of the other family, or with names of their own, all ask. */
static void test_each_asks_what_is_its_own(void **state)
{
	static const struct mxw_ip senders[] = { { 4, { 20, 0, 0, 1 } },
						 { 4, { 20, 0, 0, 2 } },
						 { 4, { 20, 0, 0, 3 } },
						 { 6, { 0x2a, 0, 0, 1, [15] = 1 } } };
	const struct mxw_profile profile = { .send_ip = senders, .n_send_ip = 4 };
	const struct mxw_target target = { .domain = "example.com", .profile = &profile };
	struct asker asker;
	start(&asker,
	      SPF("exists:%{i}.e.example.net mx:m.example.net -all") "m.example.net. 300 IN MX 10 x.example.net.\n");
	while (!is_missing(&asker, "x.example.net", MXW_TYPE_A)) {
		answer_all(&asker);
		assert_int_equal(mxw_check_spf.ask(&target, NULL, asker.observation, 1, &asker.missing), 0);
		assert_true(asker.missing.n > 0);
	}
	assert_true(is_missing(&asker, "x.example.net", MXW_TYPE_AAAA));
	for (size_t i = 0; i < 3; i++) {
		char name[64];
		snprintf(name, sizeof(name), "20.0.0.%zu.e.example.net", i + 1);
		assert_non_null(mxw_observation_get(asker.observation, name, MXW_TYPE_A));
	}
	finish(&asker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hosts_come_after_records),
		cmocka_unit_test(test_who_waits_for_the_same),
		cmocka_unit_test(test_each_asks_what_is_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
