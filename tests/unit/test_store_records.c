/* Record sets and their history in the store, across reopening, in transactions and pruned; and that a record change is no
 * part of an incident. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/store/store.h"
#include "lib/base/util.h"

enum { NOW_MS = 1795000000 };

static char dir[64];

static int setup(void **state)
{
	snprintf(dir, sizeof(dir), "/tmp/mxwatch-store-records-XXXXXX");
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
	assert_int_equal(mxw_store_open(&store, dir, NOW_MS, &set_aside), 0);
	assert_null(set_aside);
	return store;
}

static int add_set(void *arg, const struct mxw_store_record_set *set)
{
	mxw_strbuf_addf(arg, "%s %s %s %lld|", set->domain, set->type, set->records, (long long)set->since_wall_ms);
	return 0;
}

static void assert_sets(struct mxw_store *store, const char *expected)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	assert_int_equal(mxw_store_each_record_set(store, add_set, &text), 0);
	assert_string_equal(mxw_strbuf_get(&text), expected);
	mxw_strbuf_done(&text);
}

static void test_sets(void **state)
{
	static const struct mxw_store_record_set mx = { "a.example", "mx", "10 a\n20 b", 7 },
						 other = { "a.example", "mx", "no records", 8 },
						 ns = { "a.example", "ns", "ns1", 9 };
	struct mxw_store *store = open_store();
	assert_int_equal(mxw_store_begin(store), 0);
	assert_int_equal(mxw_store_put_record_set(store, &mx), 0);
	assert_int_equal(mxw_store_put_record_set(store, &ns), 0);
	assert_int_equal(mxw_store_commit(store), 0);
	assert_int_equal(mxw_store_begin(store), 0);
	assert_int_equal(mxw_store_put_record_set(store, &other), 0);
	mxw_store_rollback(store);
	mxw_store_close(store);
	store = open_store();
	assert_sets(store, "a.example mx 10 a\n20 b 7|a.example ns ns1 9|");
	assert_int_equal(mxw_store_put_record_set(store, &other), 0);
	assert_int_equal(mxw_store_delete_record_set(store, "a.example", "ns"), 0);
	assert_int_equal(mxw_store_delete_record_set(store, "b.example", "mx"), 0);
	assert_sets(store, "a.example mx no records 8|");
	mxw_store_close(store);
}

static int64_t query(const char *sql)
{
	char path[128];
	sqlite3 *db;
	sqlite3_stmt *statement;
	snprintf(path, sizeof(path), "%s/mxwatch.db", dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	int64_t ret = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return ret;
}

/* As old as the events, and no older. */
static void test_history_is_pruned(void **state)
{
	struct mxw_store *store = open_store();
	bool more;
	for (int i = 0; i < 5; i++) {
		const struct mxw_store_record_change change = { .domain = "a.example",
								.type = "mx",
								.old = "10 a",
								.new = "10 b",
								.event_id = "id",
								.time_wall_ms = NOW_MS + i };
		assert_int_equal(mxw_store_put_record_change(store, &change), 0);
	}
	assert_int_equal(mxw_store_prune(store, NOW_MS + 3, 2, &more), 0);
	assert_true(more);
	assert_int_equal(mxw_store_prune(store, NOW_MS + 3, 2, &more), 0);
	assert_false(more);
	mxw_store_close(store);
	assert_int_equal(query("SELECT count(*) FROM record_change WHERE old = '10 a' AND new = '10 b'"), 2);
	assert_int_equal(query("SELECT min(time) FROM record_change"), NOW_MS + 3);
}

/* In a problem or out of it: no incident begins, changes or ends. */
static void test_no_incident(void **state)
{
	static char id[] = "e-1", problem_id[] = "e-0", text[] = "a.example MX changed: a -> b", domain[] = "a.example",
		    check[] = "consistency", none[] = "[]";
	struct mxw_alert alert = { .id = problem_id,
				   .seq = 1,
				   .kind = MXW_ALERT_PROBLEM,
				   .time_wall_ms = NOW_MS,
				   .domain = domain,
				   .check = check,
				   .from = MXW_OK,
				   .to = MXW_WARNING,
				   .since_wall_ms = NOW_MS,
				   .summary = text,
				   .findings_json = none };
	struct mxw_store *store = open_store();
	assert_int_equal(mxw_store_put_event(store, &alert), 0);
	alert.kind = MXW_ALERT_RECORD_CHANGE;
	alert.id = id;
	alert.seq = 2;
	alert.from = alert.to = MXW_CRITICAL;
	assert_int_equal(mxw_store_put_event(store, &alert), 0);
	mxw_store_close(store);
	assert_int_equal(query("SELECT count(*) FROM event WHERE kind = 'record-change' AND seq = 2"), 1);
	assert_int_equal(query("SELECT count(*) FROM incident"), 1);
	assert_int_equal(query("SELECT worst FROM incident WHERE last_event = 'e-0' AND until IS NULL"), MXW_WARNING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sets, setup, teardown),
		cmocka_unit_test_setup_teardown(test_history_is_pruned, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_incident, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
