/* Silences, acknowledgements and the deliveries of an event in the store, across reopening. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "daemon/store/store.h"

static char dir[64];

static int setup(void **state)
{
	snprintf(dir, sizeof(dir), "/tmp/mxwatch-store-mutes-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	static const char *const names[] = { "mxwatch.db", "mxwatch.db-wal", "mxwatch.db-shm", "lock" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(names); i++) {
		char path[128];
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	return rmdir(dir);
}

static struct mxw_store *open_store(void)
{
	struct mxw_store *store = NULL;
	char *set_aside;
	assert_int_equal(mxw_store_open(&store, dir, 1000, &set_aside), 0);
	assert_null(set_aside);
	return store;
}

static char pattern[] = "*.example.com", domain[] = "example.com", mx[] = "mx", reason[] = "it's \"odd\"", me[] = "me";

static void test_silences(void **unused)
{
	struct mxw_store *store = open_store();
	struct mxw_silence silence = {
		.pattern = pattern, .until_wall_ms = 5000, .created_wall_ms = 4000, .reason = reason, .author = me
	};
	struct mxw_mutes mutes = { 0 };
	uint64_t id;
	(void)unused;
	assert_int_equal(mxw_store_put_silence(store, &silence, &id), 0);
	assert_int_equal(id, 1);
	silence.check = mx;
	assert_int_equal(mxw_store_put_silence(store, &silence, &id), 0);
	assert_int_equal(mxw_store_delete_silence(store, 2), 0);
	assert_int_equal(mxw_store_put_silence(store, &silence, &id), 0);
	assert_int_equal(id, 3); /* 2 was another one */
	mxw_store_close(store);
	store = open_store();
	assert_int_equal(mxw_store_load_mutes(store, &mutes), 0);
	assert_int_equal(mutes.n_silences, 2);
	assert_string_equal(mutes.silences[0].pattern, pattern);
	assert_null(mutes.silences[0].check);
	assert_int_equal(mutes.silences[0].until_wall_ms, 5000);
	assert_int_equal(mutes.silences[0].created_wall_ms, 4000);
	assert_string_equal(mutes.silences[0].reason, reason);
	assert_string_equal(mutes.silences[0].author, "me");
	assert_string_equal(mutes.silences[1].check, "mx");
	assert_int_equal(mutes.silences[1].id, 3);
	mxw_mutes_done(&mutes);
	mxw_store_close(store);
}

static void test_acks(void **unused)
{
	struct mxw_store *store = open_store();
	struct mxw_ack ack = { .domain = domain,
			       .check = mx,
			       .incident_since_wall_ms = 7000,
			       .created_wall_ms = 8000,
			       .reason = reason,
			       .author = me };
	struct mxw_mutes mutes = { 0 };
	(void)unused;
	assert_int_equal(mxw_store_put_ack(store, &ack), 0);
	ack.incident_since_wall_ms = 9000;
	assert_int_equal(mxw_store_put_ack(store, &ack), 0); /* in the place of the first */
	mxw_store_close(store);
	store = open_store();
	assert_int_equal(mxw_store_load_mutes(store, &mutes), 0);
	assert_int_equal(mutes.n_acks, 1);
	assert_true(mxw_mutes_is_acked(&mutes, "example.com", "mx", 9000));
	assert_string_equal(mutes.acks[0].reason, reason);
	assert_int_equal(mutes.acks[0].created_wall_ms, 8000);
	mxw_mutes_done(&mutes);
	assert_int_equal(mxw_store_delete_ack(store, "example.com", "mx"), 0);
	assert_int_equal(mxw_store_load_mutes(store, &mutes), 0);
	assert_int_equal(mutes.n_acks, 0);
	mxw_mutes_done(&mutes);
	mxw_store_close(store);
}

static int note_delivery(void *arg, const struct mxw_delivery *delivery, const char *text)
{
	struct mxw_strbuf *seen = arg;
	mxw_strbuf_addf(seen, "%s %d %u %s;", delivery->notifier, (int)delivery->status, delivery->n_attempts, text);
	return 0;
}

static void test_deliveries(void **unused)
{
	static char id[] = "abcdefgh-1", empty[] = "", list[] = "[]";
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf seen = MXW_STRBUF_INIT;
	struct mxw_store *store = open_store();
	struct mxw_alert alert = { .id = id, .kind = MXW_ALERT_TEST, .summary = empty, .findings_json = list };
	struct mxw_delivery first = { .event_id = id, .notifier = "ops" },
			    second = { .event_id = id, .notifier = "log" };
	uint64_t row;
	(void)unused;
	assert_int_equal(mxw_store_each_event_delivery(store, id, note_delivery, &seen), -ENOENT);
	assert_int_equal(mxw_store_put_event(store, &alert), 0);
	assert_int_equal(mxw_store_put_delivery(store, &first, "x", 1, &row), 0);
	assert_int_equal(mxw_store_update_delivery(store, row, MXW_DELIVERY_PARKED, 2, 1, "404"), 0);
	assert_int_equal(mxw_store_put_delivery(store, &second, "x", 1, &row), 0);
	assert_int_equal(mxw_store_each_event_delivery(store, id, note_delivery, &seen), 0);
	assert_string_equal(seen.data, "ops 2 2 404;log 0 0 ;");
	mxw_store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_silences, setup, teardown),
		cmocka_unit_test_setup_teardown(test_acks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_deliveries, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
