/* The outbox: what is handed over when, what a result leads to, who waits for whom. Its limit is in test_outbox_limit.c. */
#include "tests/unit/outbox_bench.h"

#include "lib/base/util.h"

enum { SHARE = 32 }; /* of one notifier in flight while it is alone, as outbox.c has it */

static void test_one_of_a_key_at_a_time(void **state)
{
	struct bench *bench = *state;
	uint64_t first = add(bench, "ops", 1), second = add(bench, "ops", 1), other = add(bench, "ops", 2);
	uint64_t elsewhere = add(bench, "backup", 1);
	advance(bench, 0);
	assert_int_equal(bench->courier.n, 3);
	assert_true(holds(&bench->courier, first) && holds(&bench->courier, other) &&
		    holds(&bench->courier, elsewhere));
	answer(bench, first, MXW_DELIVERED);
	assert_true(holds(&bench->courier, second));
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 3);
	assert_int_equal(status_of(bench, first), MXW_DELIVERY_DELIVERED);
	assert_int_equal(status_of(bench, second), MXW_DELIVERY_PENDING);
}

/* A head that fails keeps the younger ones of its key waiting, and nobody else. */
static void test_a_failing_head_keeps_its_place(void **state)
{
	struct bench *bench = *state;
	uint64_t first = add(bench, "ops", 1), second = add(bench, "ops", 1), other = add(bench, "ops", 2);
	advance(bench, 0);
	answer(bench, first, MXW_RETRY);
	answer(bench, other, MXW_DELIVERED);
	uint64_t later = add(bench, "ops", 2);
	advance(bench, 500);
	assert_true(holds(&bench->courier, later) && !holds(&bench->courier, second));
	answer(bench, later, MXW_DELIVERED);
	advance(bench, 2 * SECOND);
	assert_int_equal(bench->courier.n, 1);
	answer(bench, first, MXW_DELIVERED);
	answer(bench, second, MXW_DELIVERED);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 0);
}

/* 2 s doubling to 15 min, the upper half of it random. */
static void test_backoff(void **state)
{
	struct bench *bench = *state;
	uint64_t id = add(bench, "ops", 1);
	int64_t longest = 2 * SECOND;
	advance(bench, 0);
	for (int i = 0; i < 14; i++) {
		answer(bench, id, MXW_RETRY);
		advance(bench, longest / 2 - 1);
		assert_int_equal(bench->courier.n, 0);
		advance(bench, longest / 2 + 1);
		assert_int_equal(bench->courier.n, 1);
		longest = MXW_MIN(2 * longest, (int64_t)15 * 60 * SECOND);
	}
	assert_string_equal(bench->troubles, ""); /* a receiver that is down is no trouble of the notifier yet */
}

static void test_retry_after(void **state)
{
	struct bench *bench = *state;
	uint64_t id = add(bench, "ops", 1);
	advance(bench, 0);
	answer_after(bench, id, MXW_RETRY, 90 * SECOND);
	advance(bench, 90 * SECOND - 1);
	assert_int_equal(bench->courier.n, 0);
	advance(bench, 1);
	assert_int_equal(bench->courier.n, 1);
}

/* A parked one is tried every hour and blocks its own key only; the trouble is told once, its end too. */
static void test_parked(void **state)
{
	struct bench *bench = *state;
	uint64_t first = add(bench, "ops", 1), second = add(bench, "ops", 1);
	advance(bench, 0);
	answer(bench, first, MXW_PARKED);
	assert_int_equal(status_of(bench, first), MXW_DELIVERY_PARKED);
	uint64_t other = add(bench, "ops", 2);
	advance(bench, 0);
	assert_true(holds(&bench->courier, other));
	answer(bench, other, MXW_PARKED);
	advance(bench, HOUR - 1);
	assert_int_equal(bench->courier.n, 0);
	advance(bench, 1);
	assert_int_equal(bench->courier.n, 2);
	answer(bench, first, MXW_PARKED);
	assert_string_equal(bench->troubles, "parked ops;");
	advance(bench, HOUR);
	answer(bench, first, MXW_DELIVERED);
	answer(bench, second, MXW_DELIVERED);
	answer(bench, other, MXW_DELIVERED);
	assert_string_equal(bench->troubles, "parked ops;works ops;");
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 0);
}

/* Hundreds of keys of a notifier that hangs: it fills its share, the other one has its own. */
static void test_share(void **state)
{
	struct bench *bench = *state;
	for (uint64_t key = 0; key < 300; key++)
		add(bench, "ops", key);
	advance(bench, 0);
	assert_int_equal(bench->courier.n, SHARE);
	uint64_t other = add(bench, "backup", 1);
	advance(bench, 0);
	assert_true(holds(&bench->courier, other));
	for (int i = 0; i < 300; i++) {
		uint64_t id = bench->courier.held[0];
		answer(bench, id == other ? bench->courier.held[1] : id, MXW_DELIVERED);
		assert_true(bench->courier.n <= SHARE + 1);
	}
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 1);
}

/* What the courier has no room for waits for its call, and nothing is lost. */
static void test_full_courier(void **state)
{
	struct bench *bench = *state;
	bench->courier.capacity = 2;
	for (uint64_t key = 0; key < 5; key++)
		add(bench, key % 2 ? "ops" : "backup", key);
	advance(bench, HOUR);
	assert_int_equal(bench->courier.n, 2);
	while (bench->courier.n) {
		answer(bench, bench->courier.held[0], MXW_DELIVERED);
		mxw_outbox_pump(bench->outbox); /* what the ready callback does */
	}
	assert_int_equal(bench->courier.n_sends, 5);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 0);
}

/* At max_age a delivery is given up and told about; a younger one of its key goes on. */
static void test_expiry(void **state)
{
	struct bench *bench = *state;
	uint64_t first = add(bench, "ops", 1);
	advance(bench, 0);
	answer(bench, first, MXW_PARKED);
	advance(bench, HOUR / 2);
	uint64_t second = add(bench, "ops", 1);
	bench->policy.max_age_ms = HOUR;
	mxw_outbox_set_policy(bench->outbox, &bench->policy);
	advance(bench, HOUR / 2);
	assert_int_equal(status_of(bench, first), MXW_DELIVERY_DELIVERED); /* that is: open no more */
	assert_true(holds(&bench->courier, second));
	assert_string_equal(bench->troubles, "parked ops;expired ops;");
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 1);
	answer(bench, second, MXW_DELIVERED);
	assert_string_equal(bench->troubles, "parked ops;expired ops;works ops;");
}

/* A result for what is not in flight is ignored: the sender's word is no proof. */
static void test_strange_results(void **state)
{
	static char text[] = "";
	struct bench *bench = *state;
	const struct mxw_result result = { .status = MXW_DELIVERED, .text = text };
	uint64_t first = add(bench, "ops", 1), second = add(bench, "ops", 1);
	advance(bench, 0);
	mxw_outbox_result(bench->outbox, second, &result);
	mxw_outbox_result(bench->outbox, 4711, &result);
	advance(bench, SECOND);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 2);
	answer(bench, first, MXW_DELIVERED);
	mxw_outbox_result(bench->outbox, first, &result);
	advance(bench, SECOND);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 1);
}

/* After a restart: what was delivered is not sent again, the rest is, parked ones at once, the order of a key as it was. */
static void test_load(void **state)
{
	struct bench *bench = *state;
	uint64_t delivered = add(bench, "ops", 1), pending = add(bench, "ops", 1), next = add(bench, "ops", 1);
	uint64_t parked = add(bench, "ops", 2), in_flight = add(bench, "ops", 3);
	advance(bench, 0);
	answer(bench, delivered, MXW_DELIVERED);
	answer(bench, parked, MXW_PARKED);
	stop(bench);
	start_at(bench, 10 * SECOND);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 4);
	advance(bench, 0);
	assert_int_equal(bench->courier.n, 3);
	assert_true(holds(&bench->courier, pending) && holds(&bench->courier, parked) &&
		    holds(&bench->courier, in_flight));
	answer(bench, pending, MXW_DELIVERED);
	assert_true(holds(&bench->courier, next));
	stop(bench);
	start_at(bench, 0);
	advance(bench, 0);
	assert_false(holds(&bench->courier, pending));
}

/* However old a delivery seems to be after a restart (a long stop, a clock that stepped): it is tried before it is given up. */
static void test_old_ones_get_a_try(void **state)
{
	struct bench *bench = *state;
	uint64_t first = add(bench, "ops", 1), second = add(bench, "ops", 1);
	advance(bench, 0);
	stop(bench);
	start_at(bench, 3650 * INT64_C(24) * HOUR);
	advance(bench, 0);
	answer(bench, first, MXW_RETRY);
	advance(bench, 2 * SECOND);
	assert_string_equal(bench->troubles, "expired ops;");
	assert_true(holds(&bench->courier, second));
	answer(bench, second, MXW_DELIVERED);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 0);
}

/* The outcome is written in the iteration of the result, not at the end of the life. */
static void test_outcomes_are_written_at_once(void **state)
{
	struct bench *bench = *state;
	uint64_t id = add(bench, "ops", 1);
	advance(bench, 0);
	answer(bench, id, MXW_RETRY);
	struct mxw_delivery row;
	assert_true(find_open(bench, id, &row));
	assert_int_equal(row.n_attempts, 1);
}

/* A trouble that an earlier process has told is not told again; its end is. */
static void test_known_trouble(void **state)
{
	struct bench *bench = *state;
	assert_int_equal(mxw_outbox_set_in_trouble(bench->outbox, "ops"), 0);
	uint64_t id = add(bench, "ops", 1);
	advance(bench, 0);
	answer(bench, id, MXW_PARKED);
	assert_string_equal(bench->troubles, "");
	advance(bench, HOUR);
	answer(bench, id, MXW_DELIVERED);
	assert_string_equal(bench->troubles, "works ops;");
}

/* Without a courier (the daemon is stopping) nothing is sent and nothing is lost. */
static void test_no_courier(void **state)
{
	struct bench *bench = *state;
	mxw_outbox_set_courier(bench->outbox, NULL);
	uint64_t id = add(bench, "ops", 1);
	advance(bench, HOUR);
	assert_int_equal(bench->courier.n, 0);
	stop(bench);
	start_at(bench, 0);
	advance(bench, 0);
	assert_true(holds(&bench->courier, id));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BENCH(test_one_of_a_key_at_a_time),
		ON_BENCH(test_a_failing_head_keeps_its_place),
		ON_BENCH(test_backoff),
		ON_BENCH(test_retry_after),
		ON_BENCH(test_parked),
		ON_BENCH(test_share),
		ON_BENCH(test_full_courier),
		ON_BENCH(test_expiry),
		ON_BENCH(test_strange_results),
		ON_BENCH(test_load),
		ON_BENCH(test_old_ones_get_a_try),
		ON_BENCH(test_outcomes_are_written_at_once),
		ON_BENCH(test_known_trouble),
		ON_BENCH(test_no_courier),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
