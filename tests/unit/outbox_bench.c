/* Courier and outbox of the tests; see outbox_bench.h. */
#include "tests/unit/outbox_bench.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/util.h"
#include "tests/scenario/fake_loop.h"

int mxw_courier_send(struct mxw_courier *courier, uint64_t delivery, const void *request, size_t n, int64_t timeout_ms)
{
	struct mxw_request decoded = { 0 };
	if (courier->n == courier->capacity)
		return -EAGAIN;
	assert_int_equal(mxw_request_decode(&decoded, request, n), 0);
	assert_int_equal(decoded.timeout_ms, timeout_ms);
	snprintf(courier->coalesced, sizeof(courier->coalesced), "%s",
		 mxw_request_header(&decoded, "mxwatch-coalesced"));
	mxw_request_done(&decoded);
	for (size_t i = 0; i < courier->n; i++)
		assert_true(courier->held[i] != delivery);
	courier->held[courier->n++] = delivery;
	courier->n_sends++;
	return 0;
}

bool holds(const struct mxw_courier *courier, uint64_t delivery)
{
	for (size_t i = 0; i < courier->n; i++)
		if (courier->held[i] == delivery)
			return true;
	return false;
}

static const struct mxw_outbox_policy usual_policy = {
	.max_age_ms = MAX_AGE_MS, .max_deliveries = 100000, .max_bytes = 64 * 1024 * 1024, .n_notifiers = 1
};

static void on_trouble(void *arg, const char *notifier, enum mxw_outbox_trouble trouble, const char *text)
{
	static const char *const names[] = { "parked", "folded", "expired", "works" };
	struct bench *bench = arg;
	size_t n = strlen(bench->troubles);
	snprintf(bench->last_text, sizeof(bench->last_text), "%s", text);
	snprintf(bench->troubles + n, sizeof(bench->troubles) - n, "%s %s;", names[trouble], notifier);
}

void start_at(struct bench *bench, int64_t later_ms)
{
	char *set_aside = NULL;
	struct mxw_outbox_params params = { .policy = bench->policy, .seed = 1, .trouble = on_trouble, .arg = bench };
	assert_int_equal(mxw_loop_new(&bench->loop), 0);
	fake_loop_step_wall(bench->loop, later_ms);
	assert_int_equal(mxw_store_open(&bench->store, bench->dir, mxw_loop_wall_ms(bench->loop), &set_aside), 0);
	params.store = bench->store;
	assert_int_equal(mxw_outbox_new(&bench->outbox, bench->loop, &params), 0);
	assert_int_equal(mxw_outbox_load(bench->outbox), 0);
	bench->courier = (struct mxw_courier){ .capacity = MXW_COURIER_MAX_IN_FLIGHT };
	mxw_outbox_set_courier(bench->outbox, &bench->courier);
}

void stop(struct bench *bench)
{
	mxw_outbox_free(bench->outbox);
	mxw_store_close(bench->store);
	mxw_loop_free(bench->loop);
}

int make_bench(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	assert_non_null(bench);
	/* The store waits for the disk at every commit; what is in memory does not. */
	snprintf(bench->dir, sizeof(bench->dir), "%s/mxwatch-test-XXXXXX",
		 access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(mkdtemp(bench->dir));
	bench->policy = usual_policy;
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

int remove_bench(void **state)
{
	struct bench *bench = *state;
	stop(bench);
	int r = nftw(bench->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(bench);
	return r;
}

void advance(struct bench *bench, int64_t ms)
{
	fake_loop_advance(bench->loop, ms);
}

uint64_t add_kind(struct bench *bench, const char *notifier, uint64_t key, enum mxw_alert_kind kind)
{
	static char empty[] = "", list[] = "[]", method[] = "POST", address[] = "http://127.0.0.1/";
	char id[16];
	snprintf(id, sizeof(id), "e-%u", ++bench->n_events);
	struct mxw_alert alert = { .id = id, .kind = kind, .summary = empty, .findings_json = list };
	struct mxw_request request = { .transport = MXW_TRANSPORT_HTTP,
				       .id = id,
				       .address = address,
				       .method = method,
				       .timeout_ms = 15 * SECOND };
	struct mxw_delivery delivery = { .event_id = id,
					 .notifier = notifier,
					 .key_hash = key,
					 .created_wall_ms = mxw_loop_wall_ms(bench->loop),
					 .part = mxw_alert_part(kind, MXW_OK) };
	struct mxw_strbuf bytes = MXW_STRBUF_INIT;
	assert_int_equal(mxw_request_encode(&request, &bytes), 0);
	assert_int_equal(mxw_store_begin(bench->store), 0);
	assert_int_equal(mxw_store_put_event(bench->store, &alert), 0);
	assert_int_equal(mxw_store_put_delivery(bench->store, &delivery, bytes.data, bytes.len, &delivery.id), 0);
	assert_int_equal(mxw_store_commit(bench->store), 0);
	delivery.n_bytes = bytes.len;
	mxw_strbuf_done(&bytes);
	assert_int_equal(mxw_outbox_add(bench->outbox, &delivery), 0);
	return delivery.id;
}

uint64_t add(struct bench *bench, const char *notifier, uint64_t key)
{
	return add_kind(bench, notifier, key, MXW_ALERT_TEST);
}

void answer_after(struct bench *bench, uint64_t delivery, enum mxw_result_status status, int64_t retry_after_ms)
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

void answer(struct bench *bench, uint64_t delivery, enum mxw_result_status status)
{
	answer_after(bench, delivery, status, 0);
}

struct search {
	struct mxw_delivery *ret;
	uint64_t id;
	bool is_found;
};

static int note_status(void *arg, const struct mxw_delivery *delivery)
{
	struct search *search = arg;
	if (delivery->id == search->id) {
		*search->ret = *delivery;
		search->is_found = true;
	}
	return 0;
}

bool find_open(const struct bench *bench, uint64_t id, struct mxw_delivery *ret)
{
	struct search search = { .ret = ret, .id = id };
	assert_int_equal(mxw_store_each_delivery(bench->store, note_status, &search), 0);
	return search.is_found;
}

enum mxw_delivery_status status_of(const struct bench *bench, uint64_t id)
{
	struct mxw_delivery row;
	return find_open(bench, id, &row) ? row.status : MXW_DELIVERY_DELIVERED;
}
