/* A notifier that fills its share of the outbox: older deliveries are folded into the newest of their keys, durably, told and
 * counted; what is open stays bounded, and no other notifier notices. What may be folded is in test_coalesce.c. */
#include "tests/unit/outbox_bench.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/util.h"
#include "tests/scenario/fake_loop.h"

enum { MAX = 80, LOW = MAX / 8 * 7, OF_A_KEY = 3 };

static void set_limit(struct bench *bench, size_t max_deliveries, uint64_t max_bytes, size_t n_notifiers)
{
	bench->policy.max_deliveries = max_deliveries;
	bench->policy.max_bytes = max_bytes;
	bench->policy.n_notifiers = n_notifiers;
	mxw_outbox_set_policy(bench->outbox, &bench->policy);
}

/* A key that flaps: problem, recovery, problem ... Returns the last delivery. */
static uint64_t flap(struct bench *bench, const char *notifier, uint64_t key, unsigned n)
{
	uint64_t id = 0;
	for (unsigned i = 0; i < n; i++)
		id = add_kind(bench, notifier, key, i % 2 ? MXW_ALERT_RECOVERY : MXW_ALERT_PROBLEM);
	return id;
}

static void answer_all(struct bench *bench, enum mxw_result_status status)
{
	while (bench->courier.n)
		answer(bench, bench->courier.held[0], status);
}

static void test_at_the_limit_nothing_is_folded(void **state)
{
	struct bench *bench = *state;
	set_limit(bench, MAX, UINT64_MAX, 1);
	flap(bench, "ops", 1, MAX);
	advance(bench, HOUR);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), MAX);
	assert_string_equal(bench->troubles, "");
}

/* The head may have been received: it stays. So do the last problem and its end, which says how many it stands for. */
static void test_one_key(void **state)
{
	struct bench *bench = *state;
	set_limit(bench, MAX, UINT64_MAX, 1);
	uint64_t head = add_kind(bench, "ops", 1, MXW_ALERT_PROBLEM);
	advance(bench, 0);
	add_kind(bench, "ops", 1, MXW_ALERT_RECOVERY);
	uint64_t newest = flap(bench, "ops", 1, MAX);
	advance(bench, 0);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), OF_A_KEY);
	assert_string_equal(bench->troubles, "folded ops;");
	answer(bench, head, MXW_DELIVERED);
	assert_string_equal(bench->courier.coalesced, "79"); /* one recovery, and what MAX deliveries leave but two */
	answer(bench, newest - 1, MXW_DELIVERED);
	assert_true(holds(&bench->courier, newest));
	assert_string_equal(bench->courier.coalesced, "");
	answer(bench, newest, MXW_DELIVERED);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 0);
	assert_string_equal(bench->troubles, "folded ops;works ops;");
}

static int count_one(void *arg, const struct mxw_delivery *delivery)
{
	*(size_t *)arg += 1 + delivery->n_folded;
	return 0;
}

/* A week of flapping while the receiver is down, with restarts: never more than the limit, and those that stay stand for all
 * of them. */
static void test_a_week_of_flapping(void **state)
{
	struct bench *bench = *state;
	enum { ROUNDS = 1000 };
	size_t n_stood_for = 0;
	bench->policy.max_age_ms = 365 * INT64_C(24) * HOUR;
	set_limit(bench, MAX, UINT64_MAX, 1);
	for (int i = 0; i < ROUNDS; i++) {
		flap(bench, "ops", 1 + (uint64_t)i % 7, 2);
		advance(bench, 5 * 60 * SECOND);
		assert_true(mxw_outbox_n_open(bench->outbox) <= MAX);
		answer_all(bench, MXW_RETRY);
		if (i % 150 == 149) {
			stop(bench);
			start_at(bench, i * INT64_C(5) * 60 * SECOND);
			advance(bench, 0);
		}
	}
	advance(bench, HOUR);
	assert_int_equal(mxw_store_each_delivery(bench->store, count_one, &n_stood_for), 0);
	assert_int_equal(n_stood_for, 2 * ROUNDS);
	while (bench->courier.n)
		answer(bench, bench->courier.held[0], MXW_DELIVERED);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 0);
}

/* So many keys that their newest states alone are more than the limit: they are kept, all of them. */
static void test_newest_states_are_never_lost(void **state)
{
	struct bench *bench = *state;
	enum { KEYS = 2 * MAX };
	set_limit(bench, MAX, UINT64_MAX, 1);
	mxw_outbox_set_courier(bench->outbox, NULL);
	for (int i = 0; i < 5; i++)
		for (uint64_t key = 0; key < KEYS; key++)
			flap(bench, "ops", key, 2);
	advance(bench, HOUR);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 2 * KEYS);
	uint64_t newest[KEYS];
	for (uint64_t key = 0; key < KEYS; key++)
		newest[key] = add_kind(bench, "ops", key, MXW_ALERT_PROBLEM);
	advance(bench, 0);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), KEYS);
	for (uint64_t key = 0; key < KEYS; key++)
		assert_int_equal(status_of(bench, newest[key]), MXW_DELIVERY_PENDING);
}

/* Some room is made, not all that could be, the oldest keys first; then the newcomers of one key fit again. */
static void test_some_room_is_made(void **state)
{
	struct bench *bench = *state;
	set_limit(bench, MAX, UINT64_MAX, 1);
	mxw_outbox_set_courier(bench->outbox, NULL);
	for (uint64_t key = 0; key < MAX / 10; key++)
		flap(bench, "ops", key, 10);
	uint64_t last = flap(bench, "ops", 99, 1);
	advance(bench, 0);
	assert_in_range(mxw_outbox_n_open(bench->outbox), LOW - 8, LOW);
	struct mxw_delivery row;
	assert_true(find_open(bench, last, &row));
	assert_int_equal(row.n_folded, 0);
}

/* What says something of its own goes last: only as many as are in the way, the oldest first. */
static void test_what_stands_apart_goes_last(void **state)
{
	struct bench *bench = *state;
	uint64_t apart[MAX - 20];
	set_limit(bench, MAX, UINT64_MAX, 1);
	mxw_outbox_set_courier(bench->outbox, NULL);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(apart); i++)
		apart[i] = add(bench, "ops", 1);
	flap(bench, "ops", 2, 21);
	advance(bench, 0);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), MXW_ARRAY_SIZE(apart) + 1); /* the states made room enough */
	for (int i = 0; i < 20; i++)
		add(bench, "ops", 1);
	advance(bench, 0);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), LOW);
	assert_int_equal(status_of(bench, apart[0]), MXW_DELIVERY_DELIVERED); /* that is: open no more */
	assert_int_equal(status_of(bench, apart[12]), MXW_DELIVERY_PENDING);
	struct mxw_delivery row;
	assert_true(find_open(bench, apart[11], &row));
	assert_int_equal(row.n_folded, 11);
}

static void test_octets_count_too(void **state)
{
	struct bench *bench = *state;
	set_limit(bench, 1000, 10 * 100, 1); /* each request has more than 50 */
	mxw_outbox_set_courier(bench->outbox, NULL);
	flap(bench, "ops", 1, 100);
	advance(bench, 0);
	assert_in_range(mxw_outbox_n_open(bench->outbox), 2, 20);
	assert_string_equal(bench->troubles, "folded ops;");
}

/* Each notifier has its share: the dead one is folded, the other one keeps everything (A10). */
static void test_shares(void **state)
{
	struct bench *bench = *state;
	set_limit(bench, 2 * MAX, UINT64_MAX, 2);
	mxw_outbox_set_courier(bench->outbox, NULL);
	flap(bench, "backup", 1, MAX);
	flap(bench, "ops", 1, 3 * MAX);
	advance(bench, 0);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), MAX + 2);
	assert_string_equal(bench->troubles, "folded ops;");
	set_limit(bench, MAX, UINT64_MAX, 2); /* a reload lowers it */
	advance(bench, 0);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 2 + 2);
	assert_string_equal(bench->troubles, "folded ops;folded backup;");
}

/* More than one transaction takes, and a start that finds too many. */
static void test_thousands_of_one_key(void **state)
{
	struct bench *bench = *state;
	mxw_outbox_set_courier(bench->outbox, NULL);
	uint64_t newest = flap(bench, "ops", 1, 4000);
	stop(bench);
	bench->policy.max_deliveries = MAX;
	start_at(bench, 0);
	mxw_outbox_set_courier(bench->outbox, NULL);
	advance(bench, 0);
	assert_in_range(mxw_outbox_n_open(bench->outbox), 2, LOW);
	stop(bench);
	bench->policy =
		(struct mxw_outbox_policy){ .max_age_ms = MAX_AGE_MS, .max_deliveries = 2, .max_bytes = UINT64_MAX };
	start_at(bench, 0);
	advance(bench, 0);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 2);
	assert_int_equal(status_of(bench, newest), MXW_DELIVERY_PENDING);
	assert_true(holds(&bench->courier, newest - 1));
	assert_string_equal(bench->courier.coalesced, "3998");
}

/* While the store takes nothing nothing is folded; later it is. */
static void test_store_that_takes_nothing(void **state)
{
	struct bench *bench = *state;
	struct mxw_delivery delivery = { .event_id = "e-1", .notifier = "ops" };
	uint64_t id;
	set_limit(bench, MAX, UINT64_MAX, 1);
	mxw_outbox_set_courier(bench->outbox, NULL);
	flap(bench, "ops", 1, MAX + 1);
	assert_int_equal(mxw_store_begin(bench->store), 0); /* so that no other transaction can begin */
	assert_int_equal(mxw_store_put_delivery(bench->store, &delivery, "", 0, &id), 0);
	advance(bench, 9 * SECOND);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), MAX + 1);
	assert_string_equal(bench->troubles, "");
	mxw_store_rollback(bench->store);
	advance(bench, 2 * SECOND);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 1);
	assert_string_equal(bench->troubles, "folded ops;");
}

/* That all is well is not told while the share is still half full: it would be told anew with every fold. */
static void test_works_when_there_is_room(void **state)
{
	struct bench *bench = *state;
	set_limit(bench, MAX, UINT64_MAX, 1);
	for (uint64_t key = 0; key < MAX; key++)
		add(bench, "ops", 1000 + key);
	flap(bench, "ops", 1, 5);
	advance(bench, 0);
	assert_string_equal(bench->troubles, "folded ops;");
	while (mxw_outbox_n_open(bench->outbox) > MAX / 2 + 1)
		answer(bench, bench->courier.held[0], MXW_DELIVERED);
	assert_string_equal(bench->troubles, "folded ops;");
	answer(bench, bench->courier.held[0], MXW_DELIVERED);
	assert_string_equal(bench->troubles, "folded ops;works ops;");
	assert_int_equal(strncmp(bench->last_text, "folded meanwhile: ", strlen("folded meanwhile: ")), 0);
}

/* What the store cannot take: carried like every other one, known to nobody after the end. */
static void test_unstored(void **state)
{
	static char id[] = "e-0", method[] = "POST", address[] = "http://127.0.0.1/";
	struct bench *bench = *state;
	struct mxw_request request = { .transport = MXW_TRANSPORT_HTTP,
				       .id = id,
				       .address = address,
				       .method = method,
				       .timeout_ms = 15 * SECOND };
	struct mxw_strbuf bytes = MXW_STRBUF_INIT;
	assert_int_equal(mxw_request_encode(&request, &bytes), 0);
	assert_int_equal(mxw_outbox_add_unstored(bench->outbox, "ops", 1, bytes.data, bytes.len), 0);
	assert_int_equal(mxw_outbox_add_unstored(bench->outbox, "backup", 1, bytes.data, bytes.len), 0);
	mxw_strbuf_done(&bytes);
	advance(bench, 0);
	assert_int_equal(bench->courier.n, 2);
	assert_int_equal(mxw_outbox_n_unstored(bench->outbox), 2);
	answer(bench, bench->courier.held[0], MXW_DELIVERED);
	uint64_t failing = bench->courier.held[0];
	answer(bench, failing, MXW_RETRY);
	advance(bench, 2 * SECOND);
	assert_true(holds(&bench->courier, failing));
	assert_int_equal(mxw_outbox_n_unstored(bench->outbox), 1);
	stop(bench);
	start_at(bench, 0);
	assert_int_equal(mxw_outbox_n_open(bench->outbox), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BENCH(test_at_the_limit_nothing_is_folded),
		ON_BENCH(test_one_key),
		ON_BENCH(test_a_week_of_flapping),
		ON_BENCH(test_newest_states_are_never_lost),
		ON_BENCH(test_some_room_is_made),
		ON_BENCH(test_what_stands_apart_goes_last),
		ON_BENCH(test_octets_count_too),
		ON_BENCH(test_shares),
		ON_BENCH(test_thousands_of_one_key),
		ON_BENCH(test_store_that_takes_nothing),
		ON_BENCH(test_works_when_there_is_room),
		ON_BENCH(test_unstored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
