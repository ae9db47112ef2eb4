/* The outbox on the real store, in virtual time, with a courier of this test's own: what is handed over when, what a
 * result leads to, who waits for whom. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/courier.h"
#include "daemon/outbox.h"
#include "lib/base/util.h"
#include "tests/scenario/fake_loop.h"

enum {
	SECOND = 1000,
	HOUR = 3600 * SECOND,
	MAX_AGE_MS = 48 * HOUR,
	SHARE = 32, /* of one notifier while it is alone, as outbox.c has it */
};

/* ---- the courier: holds what it was given until the test answers ---- */

struct mxw_courier {
	uint64_t held[MXW_COURIER_MAX_IN_FLIGHT];
	size_t n, capacity;
	unsigned n_sends;
};

int mxw_courier_send(struct mxw_courier *courier, uint64_t delivery, const void *request, size_t n, int64_t timeout_ms)
{
	struct mxw_request decoded = { 0 };
	if (courier->n == courier->capacity)
		return -EAGAIN;
	assert_int_equal(mxw_request_decode(&decoded, request, n), 0);
	assert_int_equal(decoded.timeout_ms, timeout_ms);
	mxw_request_done(&decoded);
	for (size_t i = 0; i < courier->n; i++)
		assert_true(courier->held[i] != delivery);
	courier->held[courier->n++] = delivery;
	courier->n_sends++;
	return 0;
}

static bool holds(const struct mxw_courier *courier, uint64_t delivery)
{
	for (size_t i = 0; i < courier->n; i++)
		if (courier->held[i] == delivery)
			return true;
	return false;
}

/* ---- one outbox and what it is made on ---- */

struct bench {
	char dir[64];
	struct mxw_loop *loop;
	struct mxw_store *store;
	struct mxw_outbox *outbox;
	struct mxw_courier courier;
	unsigned n_events;
	char troubles[256]; /* "parked ops;works ops;" */
};

static void on_trouble(void *arg, const char *notifier, enum mxw_outbox_trouble trouble, const char *text)
{
	static const char *const names[] = { "parked", "expired", "works" };
	struct bench *bench = arg;
	size_t n = strlen(bench->troubles);
	(void)text;
	snprintf(bench->troubles + n, sizeof(bench->troubles) - n, "%s %s;", names[trouble], notifier);
}

/* Begins so much wall time after fake_loop_start_wall_ms. */
static void start_at(struct bench *bench, int64_t later_ms)
{
	char *set_aside = NULL;
	struct mxw_outbox_params params = { .max_age_ms = MAX_AGE_MS, .seed = 1, .trouble = on_trouble, .arg = bench };
	assert_int_equal(mxw_loop_new(&bench->loop), 0);
	fake_loop_step_wall(bench->loop, later_ms);
	assert_int_equal(mxw_store_open(&bench->store, bench->dir, mxw_loop_wall_ms(bench->loop), &set_aside), 0);
	params.store = bench->store;
	assert_int_equal(mxw_outbox_new(&bench->outbox, bench->loop, &params), 0);
	assert_int_equal(mxw_outbox_load(bench->outbox), 0);
	bench->courier = (struct mxw_courier){ .capacity = MXW_COURIER_MAX_IN_FLIGHT };
	mxw_outbox_set_courier(bench->outbox, &bench->courier);
}

static void stop(struct bench *bench)
{
	mxw_outbox_free(bench->outbox);
	mxw_store_close(bench->store);
	mxw_loop_free(bench->loop);
}

static int make_bench(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	assert_non_null(bench);
	strcpy(bench->dir, "/tmp/mxwatch-test-XXXXXX");
	assert_non_null(mkdtemp(bench->dir));
	start_at(bench, 0);
	*state = bench;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int remove_bench(void **state)
{
	struct bench *bench = *state;
	stop(bench);
	int r = nftw(bench->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(bench);
	return r;
}

static void advance(struct bench *bench, int64_t ms)
{
	fake_loop_advance(bench->loop, ms);
}

/* Commits an event with one delivery and hands it to the outbox. */
static uint64_t add(struct bench *bench, const char *notifier, uint64_t key)
{
	static char empty[] = "", list[] = "[]", method[] = "POST", address[] = "http://127.0.0.1/";
	char id[16];
	snprintf(id, sizeof(id), "e-%u", ++bench->n_events);
	struct mxw_alert alert = { .id = id, .kind = MXW_ALERT_MONITOR, .summary = empty, .findings_json = list };
	struct mxw_request request = { .transport = MXW_TRANSPORT_HTTP,
				       .id = id,
				       .address = address,
				       .method = method,
				       .timeout_ms = 15 * SECOND };
	struct mxw_delivery delivery = {
		.event_id = id, .notifier = notifier, .key_hash = key, .created_wall_ms = mxw_loop_wall_ms(bench->loop)
	};
	struct mxw_strbuf bytes = MXW_STRBUF_INIT;
	assert_int_equal(mxw_request_encode(&request, &bytes), 0);
	assert_int_equal(mxw_store_begin(bench->store), 0);
	assert_int_equal(mxw_store_put_event(bench->store, &alert), 0);
	assert_int_equal(mxw_store_put_delivery(bench->store, &delivery, bytes.data, bytes.len, &delivery.id), 0);
	assert_int_equal(mxw_store_commit(bench->store), 0);
	mxw_strbuf_done(&bytes);
	assert_int_equal(mxw_outbox_add(bench->outbox, &delivery), 0);
	return delivery.id;
}

static void answer_after(struct bench *bench, uint64_t delivery, enum mxw_result_status status, int64_t retry_after_ms)
{
	static char text[] = "an answer";
	struct mxw_courier *courier = &bench->courier;
	struct mxw_result result = { .status = status, .text = text, .retry_after_ms = retry_after_ms };
	size_t i = 0;
	while (i < courier->n && courier->held[i] != delivery)
		i++;
	assert_true(i < courier->n);
	courier->held[i] = courier->held[--courier->n];
	mxw_outbox_result(bench->outbox, delivery, &result);
	advance(bench, 0);
}

static void answer(struct bench *bench, uint64_t delivery, enum mxw_result_status status)
{
	answer_after(bench, delivery, status, 0);
}

static int note_status(void *arg, const struct mxw_delivery *delivery)
{
	struct mxw_delivery *wanted = arg;
	if (delivery->id == wanted->id)
		*wanted = *delivery;
	return 0;
}

/* What the store has: pending and parked as they are, everything else as delivered. */
static enum mxw_delivery_status status_of(const struct bench *bench, uint64_t id)
{
	struct mxw_delivery wanted = { .id = id, .status = MXW_DELIVERY_DELIVERED };
	assert_int_equal(mxw_store_each_delivery(bench->store, note_status, &wanted), 0);
	return wanted.status;
}

/* ---- tests ---- */

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
	mxw_outbox_set_max_age(bench->outbox, HOUR);
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
	struct mxw_delivery row = { .id = id };
	assert_int_equal(mxw_store_each_delivery(bench->store, note_status, &row), 0);
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

#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, make_bench, remove_bench)

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
