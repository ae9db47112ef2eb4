/* The store on real files: what is written comes back, what is not committed does not, and files that are not ours to
 * trust are recognised. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "daemon/store/store.h"
#include "lib/base/util.h"

enum { NOW_MS = 1795000000, KEEP_ALL = 1000 };

struct place {
	char dir[64], file[128];
};

static int make_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	assert_non_null(place);
	strcpy(place->dir, "/tmp/mxwatch-test-XXXXXX");
	assert_non_null(mkdtemp(place->dir));
	snprintf(place->file, sizeof(place->file), "%s/mxwatch.db", place->dir);
	*state = place;
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int remove_place(void **state)
{
	struct place *place = *state;
	int r = nftw(place->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(place);
	return r;
}

static struct mxw_store *open_store(const struct place *place)
{
	struct mxw_store *store = NULL;
	char *set_aside = NULL;
	assert_int_equal(mxw_store_open(&store, place->dir, NOW_MS, &set_aside), 0);
	assert_null(set_aside);
	return store;
}

static void run_sql(const struct place *place, const char *sql)
{
	sqlite3 *db = NULL;
	assert_int_equal(sqlite3_open(place->file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static int64_t query(const struct place *place, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;
	assert_int_equal(sqlite3_open(place->file, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	int64_t number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return number;
}

/* ---- the file ---- */

static void test_epoch_stays(void **state)
{
	const struct place *place = *state;
	char epoch[MXW_ALERT_EPOCH_LEN + 1];
	struct mxw_store *store = open_store(place);
	snprintf(epoch, sizeof(epoch), "%s", mxw_store_epoch(store));
	assert_int_equal(strlen(epoch), MXW_ALERT_EPOCH_LEN);
	assert_int_equal(strspn(epoch, "abcdefghijklmnopqrstuvwxyz0123456789"), MXW_ALERT_EPOCH_LEN);
	mxw_store_close(store);
	store = open_store(place);
	assert_string_equal(mxw_store_epoch(store), epoch);
	mxw_store_close(store);
}

static void test_one_daemon_a_directory(void **state)
{
	const struct place *place = *state;
	struct mxw_store *store = open_store(place), *second = NULL;
	char *set_aside = NULL;
	assert_int_equal(mxw_store_open(&second, place->dir, NOW_MS, &set_aside), -EWOULDBLOCK);
	assert_null(second);
	mxw_store_close(store);
	mxw_store_close(open_store(place));
}

static void test_no_directory(void **state)
{
	struct mxw_store *store = NULL;
	char *set_aside = NULL;
	(void)state;
	assert_int_equal(mxw_store_open(&store, "/nonexistent/mxwatch", NOW_MS, &set_aside), -ENOENT);
	assert_null(set_aside);
}

static void write_garbage(const struct place *place)
{
	FILE *file = fopen(place->file, "we");
	assert_non_null(file);
	for (int i = 0; i < 5000; i++)
		fputs("this is no database\n", file);
	assert_int_equal(fclose(file), 0);
}

/* A damaged page in the middle of a good file: found by the quick check. */
static void damage_page(const struct place *place)
{
	mxw_store_close(open_store(place));
	FILE *file = fopen(place->file, "r+e");
	assert_non_null(file);
	assert_int_equal(fseek(file, 2 * 4096, SEEK_SET), 0);
	for (int i = 0; i < 4096; i++)
		fputc(0xa5, file);
	assert_int_equal(fclose(file), 0);
}

static void make_foreign(const struct place *place)
{
	run_sql(place, "CREATE TABLE bookmarks (url TEXT)");
}

static void lose_epoch(const struct place *place)
{
	mxw_store_close(open_store(place));
	run_sql(place, "DELETE FROM meta");
}

static void empty_file(const struct place *place)
{
	mxw_store_close(open_store(place));
	assert_int_equal(truncate(place->file, 0), 0);
}

static void test_bad_files_are_set_aside(void **state)
{
	static void (*const spoilers[])(const struct place *place) = { write_garbage, damage_page, make_foreign,
								       lose_epoch, empty_file };
	const struct place *place = *state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(spoilers); i++) {
		struct mxw_store *store = NULL;
		char *set_aside = NULL;
		unlink(place->file);
		spoilers[i](place);
		assert_int_equal(mxw_store_open(&store, place->dir, NOW_MS + (int64_t)i, &set_aside), 0);
		assert_non_null(set_aside);
		assert_int_equal(access(set_aside, F_OK), 0);
		assert_int_equal(strncmp(set_aside, place->file, strlen(place->file)), 0);
		free(set_aside);
		mxw_store_close(store);
		mxw_store_close(open_store(place)); /* the new one is good */
	}
}

static void test_the_future_is_refused(void **state)
{
	const struct place *place = *state;
	struct mxw_store *store = NULL;
	char *set_aside = NULL;
	mxw_store_close(open_store(place));
	run_sql(place, "PRAGMA user_version = 4");
	assert_int_equal(mxw_store_open(&store, place->dir, NOW_MS, &set_aside), -EPROTO);
	assert_null(set_aside);
	assert_int_equal(query(place, "PRAGMA user_version"), 4); /* left alone */
}

/* As version 1 made it. */
static const char version_1[] =
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE state (domain TEXT NOT NULL, check_name TEXT NOT NULL, hard INTEGER NOT NULL,"
	" hard_set INTEGER NOT NULL, hard_since INTEGER NOT NULL, incident_since INTEGER NOT NULL,"
	" problem_ms INTEGER NOT NULL, n_reminders INTEGER NOT NULL, seq INTEGER NOT NULL, runs BLOB NOT NULL,"
	" changed_set INTEGER NOT NULL, last_round_ms INTEGER NOT NULL, saved_ms INTEGER NOT NULL,"
	" saved_wall INTEGER NOT NULL, findings TEXT NOT NULL, finding_id TEXT NOT NULL, cause TEXT NOT NULL,"
	" PRIMARY KEY (domain, check_name)) WITHOUT ROWID;"
	"CREATE TABLE incident (id INTEGER PRIMARY KEY, domain TEXT NOT NULL, check_name TEXT NOT NULL,"
	" since INTEGER NOT NULL, until INTEGER, worst INTEGER NOT NULL, first_event TEXT NOT NULL,"
	" last_event TEXT NOT NULL);"
	"CREATE INDEX incident_open ON incident (domain, check_name) WHERE until IS NULL;"
	"CREATE TABLE event (id TEXT PRIMARY KEY, domain TEXT NOT NULL, check_name TEXT NOT NULL, seq INTEGER NOT NULL,"
	" kind TEXT NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL, time INTEGER NOT NULL,"
	" summary TEXT NOT NULL, findings TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE delivery (id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL REFERENCES event (id),"
	" notifier TEXT NOT NULL, key_hash INTEGER NOT NULL, status INTEGER NOT NULL, n_attempts INTEGER NOT NULL,"
	" created INTEGER NOT NULL, updated INTEGER NOT NULL, text TEXT NOT NULL, request BLOB);"
	"CREATE INDEX delivery_open ON delivery (id) WHERE status IN (0, 2);"
	"CREATE INDEX delivery_done ON delivery (updated) WHERE status IN (1, 3);"
	"CREATE INDEX delivery_event ON delivery (event_id);"
	"CREATE INDEX event_time ON event (time);"
	"CREATE INDEX incident_closed ON incident (until) WHERE until IS NOT NULL;"
	"INSERT INTO meta VALUES ('epoch', 'abcd1234');"
	"INSERT INTO state VALUES ('example.com', 'mx', 4, 99, 11, 12, 13, 2, 7, x'00', 0, 14, 15, 16, '[]', "
	"'mx-none', 'why');"
	"INSERT INTO incident VALUES (1, 'example.com', 'mx', 12, NULL, 4, 'abcd1234-1-7', 'abcd1234-1-7');"
	"INSERT INTO event VALUES ('abcd1234-1-7', 'example.com', 'mx', 7, 'problem', 'ok', 'critical', 12, 's', '[]');"
	"INSERT INTO delivery VALUES (5, 'abcd1234-1-7', 'ops', 1, 0, 3, 12, 12, '', x'01');"
	"PRAGMA user_version = 1";

static int check_taken_over(void *arg, const struct mxw_store_state *row)
{
	const struct mxw_state *state = &row->state;
	++*(int *)arg;
	assert_string_equal(row->domain, "example.com");
	assert_string_equal(row->finding_id, "mx-none");
	assert_string_equal(row->cause, "why");
	assert_int_equal(state->hard, MXW_CRITICAL);
	assert_int_equal(state->told, MXW_CRITICAL);
	assert_int_equal(state->hard_set, 99);
	assert_int_equal(state->told_set, 99);
	assert_int_equal(state->incident_since_wall_ms, 12);
	assert_int_equal(state->problem_ms, 13);
	assert_int_equal(state->n_reminders, 2);
	assert_int_equal(state->seq, 7);
	assert_false(state->is_flapping);
	assert_int_equal(row->saved_ms, 15);
	assert_int_equal(row->saved_wall_ms, 16);
	assert_null(row->soft);
	return 0;
}

static void test_version_1_is_taken_over(void **state)
{
	const struct place *place = *state;
	int n = 0;
	run_sql(place, version_1);
	struct mxw_store *store = open_store(place);
	assert_string_equal(mxw_store_epoch(store), "abcd1234");
	assert_int_equal(mxw_store_each_state(store, check_taken_over, &n), 0);
	assert_int_equal(n, 1);
	mxw_store_close(store);
	assert_int_equal(query(place, "PRAGMA user_version"), MXW_STORE_VERSION);
	assert_int_equal(query(place, "SELECT count(*) FROM incident WHERE until IS NULL"), 1);
	assert_int_equal(query(place, "SELECT count(*) FROM event WHERE muted_by = '' AND confidence = 'high'"), 1);
	assert_int_equal(query(place, "SELECT count(*) FROM delivery WHERE status = 0 AND request = x'01'"), 1);
	/* What it was is kept. */
	struct place kept;
	snprintf(kept.file, sizeof(kept.file), "%s/mxwatch.db.v1", place->dir);
	assert_int_equal(query(&kept, "PRAGMA user_version"), 1);
	assert_int_equal(query(&kept, "SELECT count(*) FROM state WHERE runs = x'00'"), 1);
	/* The same tables as those of a new file. */
	char fresh_dir[] = "/tmp/mxwatch-test-XXXXXX";
	struct place fresh;
	assert_non_null(mkdtemp(fresh_dir));
	strcpy(fresh.dir, fresh_dir);
	snprintf(fresh.file, sizeof(fresh.file), "%s/mxwatch.db", fresh_dir);
	mxw_store_close(open_store(&fresh));
	static const char columns[] = "SELECT count(*) FROM sqlite_schema AS s, pragma_table_info(s.name)";
	assert_int_equal(query(place, columns), query(&fresh, columns));
	assert_int_equal(nftw(fresh_dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	/* A second start has nothing to take over. */
	store = open_store(place);
	mxw_store_close(store);
}

/* No way back, no way forward; a half copy that an earlier start left is in nobody's way. */
static void test_no_takeover_without_a_copy(void **state)
{
	const struct place *place = *state;
	struct mxw_store *store = NULL;
	char *set_aside = NULL, path[160];
	run_sql(place, version_1);
	snprintf(path, sizeof(path), "%s/mxwatch.db.v1", place->dir);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(mxw_store_open(&store, place->dir, NOW_MS, &set_aside), -EISDIR);
	assert_null(set_aside);
	assert_int_equal(query(place, "PRAGMA user_version"), 1);
	assert_int_equal(rmdir(path), 0);
	snprintf(path, sizeof(path), "%s/mxwatch.db.v1.new", place->dir);
	FILE *half = fopen(path, "w");
	assert_non_null(half);
	fputs("half a copy", half);
	fclose(half);
	mxw_store_close(open_store(place));
	assert_int_equal(query(place, "PRAGMA user_version"), MXW_STORE_VERSION);
	assert_int_equal(access(path, F_OK), -1);
}

/* A step that fails leaves the file as it was: nothing half. */
static void test_a_failed_takeover_changes_nothing(void **state)
{
	const struct place *place = *state;
	struct mxw_store *store = NULL;
	char *set_aside = NULL;
	run_sql(place, version_1);
	run_sql(place, "ALTER TABLE event ADD COLUMN muted_by TEXT"); /* what nobody of us has done */
	assert_int_equal(mxw_store_open(&store, place->dir, NOW_MS, &set_aside), 0);
	assert_non_null(set_aside);
	struct place old;
	snprintf(old.file, sizeof(old.file), "%s", set_aside);
	assert_int_equal(query(&old, "PRAGMA user_version"), 1);
	assert_int_equal(query(&old, "SELECT count(*) FROM state WHERE runs = x'00'"), 1);
	free(set_aside);
	mxw_store_close(store);
}

/* Somebody's sqlite3 holds the file: that says nothing about its health, and its undelivered alerts must survive. */
static void test_a_locked_file_is_left_alone(void **state)
{
	const struct place *place = *state;
	struct mxw_store *store = NULL;
	sqlite3 *other = NULL;
	char *set_aside = NULL;
	store = open_store(place);
	char epoch[MXW_ALERT_EPOCH_LEN + 1];
	strcpy(epoch, mxw_store_epoch(store));
	mxw_store_close(store);
	assert_int_equal(sqlite3_open(place->file, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE", NULL, NULL, NULL),
			 SQLITE_OK);
	assert_int_equal(mxw_store_open(&store, place->dir, NOW_MS, &set_aside), -EBUSY);
	assert_null(set_aside);
	sqlite3_close(other);
	store = open_store(place);
	assert_string_equal(mxw_store_epoch(store), epoch);
	mxw_store_close(store);
}

static void count_failure(void *arg)
{
	++*(unsigned *)arg;
}

static void limit_files(rlim_t max)
{
	struct rlimit limit;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = max == RLIM_INFINITY ? limit.rlim_max : max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* No write fits, and then it does: nothing is lost, and the same connection goes on. */
static void test_full_disk(void **state)
{
	struct mxw_store *store = open_store(*state);
	unsigned n_failures = 0;
	mxw_store_on_failure(store, count_failure, &n_failures);
	assert_int_equal(mxw_store_probe(store), 0);
	assert_int_equal(n_failures, 0);
	signal(SIGXFSZ, SIG_IGN);
	limit_files(0);
	int r = mxw_store_probe(store);
	limit_files(RLIM_INFINITY);
	assert_int_equal(r, -ENOSPC);
	assert_true(n_failures > 0);
	assert_int_equal(mxw_store_health(store), MXW_STORE_GOOD);
	assert_int_equal(mxw_store_probe(store), 0);
	mxw_store_close(store);
}

/* ---- rows ---- */

static const struct mxw_soft some_soft = {
	.runs = { { 1, 2, 101 }, { 2, 3, 102 }, { 3, 4, 103 }, { 4, 5, 104 }, { 5, 6, 105 }, { 6, 7, 106 } },
	.about = { 1, 2, 3, 4, 5 },
	.n_rounds = 3,
	.changed_set = UINT64_MAX,
	.last_round_ms = 14,
	.turns_ms = { 1, 2, 3 },
	.turns_to = { 0, 3, 4 },
	.n_turns = 3,
	.n_rows = 2,
	.rows = { { 17, { 1, 2, 3, 4, 5 } }, { UINT32_MAX, { INT64_MIN, INT64_MAX, 0, 1, 2 } } },
};

static const struct mxw_store_state some_state = {
	.domain = "example.com",
	.check = "mx",
	.state = {
		.hard = MXW_CRITICAL,
		.told = MXW_WARNING,
		.hard_set = UINT64_MAX - 1,
		.told_set = UINT64_MAX - 2,
		.hard_since_wall_ms = 11,
		.incident_since_wall_ms = 12,
		.problem_ms = 13,
		.n_reminders = 2,
		.is_flapping = true,
		.is_escalated = true,
		.n_low = 2,
		.seq = 7,
	},
	.soft = &some_soft,
	.saved_ms = 15,
	.saved_wall_ms = 16,
	.findings_json = "[{\"id\":\"mx-none\"}]",
	.finding_id = "mx-none",
	.cause = "no MX, \"gone\" \xc3\xa4",
};

static int compare_state(void *arg, const struct mxw_store_state *row)
{
	const struct mxw_state *a = &row->state, *b = &some_state.state;
	++*(int *)arg;
	assert_string_equal(row->domain, some_state.domain);
	assert_string_equal(row->check, some_state.check);
	assert_string_equal(row->findings_json, some_state.findings_json);
	assert_string_equal(row->finding_id, some_state.finding_id);
	assert_string_equal(row->cause, some_state.cause);
	assert_int_equal(row->saved_ms, some_state.saved_ms);
	assert_int_equal(row->saved_wall_ms, some_state.saved_wall_ms);
	assert_int_equal(a->hard, b->hard);
	assert_int_equal(a->told, b->told);
	assert_int_equal(a->hard_set, b->hard_set);
	assert_int_equal(a->told_set, b->told_set);
	assert_int_equal(a->is_flapping, b->is_flapping);
	assert_int_equal(a->is_escalated, b->is_escalated);
	assert_int_equal(a->n_low, b->n_low);
	assert_int_equal(a->hard_since_wall_ms, b->hard_since_wall_ms);
	assert_int_equal(a->incident_since_wall_ms, b->incident_since_wall_ms);
	assert_int_equal(a->problem_ms, b->problem_ms);
	assert_int_equal(a->n_reminders, b->n_reminders);
	assert_int_equal(a->seq, b->seq);
	assert_non_null(row->soft);
	assert_int_equal(mxw_soft_size(row->soft), mxw_soft_size(&some_soft));
	assert_memory_equal(row->soft, &some_soft, mxw_soft_size(&some_soft));
	return 0;
}

static void commit_state(struct mxw_store *store, const struct mxw_store_state *row)
{
	assert_int_equal(mxw_store_begin(store), 0);
	assert_int_equal(mxw_store_put_state(store, row), 0);
	assert_int_equal(mxw_store_commit(store), 0);
}

static void test_states_come_back(void **state)
{
	const struct place *place = *state;
	struct mxw_store *store = open_store(place);
	struct mxw_store_state older = some_state;
	uint64_t seq = 1;
	int n = 0;
	assert_int_equal(mxw_store_get_seq(store, "example.com", "mx", &seq), 0);
	assert_int_equal(seq, 0);
	older.state.seq = 6;
	commit_state(store, &older);
	commit_state(store, &some_state); /* replaces it */
	mxw_store_close(store);
	store = open_store(place);
	assert_int_equal(mxw_store_each_state(store, compare_state, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(mxw_store_get_seq(store, "example.com", "mx", &seq), 0);
	assert_int_equal(seq, 7);
	mxw_store_close(store);
}

static int note_state(void *arg, const struct mxw_store_state *row)
{
	assert_null(row->soft);
	*(struct mxw_state *)arg = row->state;
	return 0;
}

/* What somebody wrote by hand cannot be believed, but must not hurt. */
static void test_impossible_states(void **state)
{
	const struct place *place = *state;
	struct mxw_state read;
	struct mxw_store *store = open_store(place);
	commit_state(store, &some_state);
	mxw_store_close(store);
	run_sql(place, "UPDATE state SET hard = 99, told = 1, soft = x'00', findings = CAST(x'ff00' AS TEXT)");
	store = open_store(place);
	assert_int_equal(mxw_store_each_state(store, note_state, &read), 0);
	assert_int_equal(read.hard, MXW_UNKNOWN);
	assert_int_equal(read.told, MXW_UNKNOWN);
	assert_int_equal(read.incident_since_wall_ms, 0);
	mxw_store_close(store);
}

static int note_row(void *arg, const struct mxw_store_state *row)
{
	struct mxw_store_state *ret = arg;
	ret->state = row->state;
	ret->saved_ms = row->saved_ms;
	ret->saved_wall_ms = row->saved_wall_ms;
	return 0;
}

/* Whatever is added to them or taken from them then. */
static void test_impossible_times(void **state)
{
	static const char *const values[] = { "-9223372036854775807 - 1", "9223372036854775807" };
	const struct place *place = *state;
	const int64_t max_ms = 253402300799999;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(values); i++) {
		struct mxw_store_state read = { 0 };
		char sql[512];
		struct mxw_store *store = open_store(place);
		commit_state(store, &some_state);
		mxw_store_close(store);
		snprintf(sql, sizeof(sql),
			 "UPDATE state SET hard_since = %s, incident_since = %s, problem_ms = %s, saved_ms = %s,"
			 " saved_wall = %s, n_reminders = -1",
			 values[i], values[i], values[i], values[i], values[i]);
		run_sql(place, sql);
		store = open_store(place);
		assert_int_equal(mxw_store_each_state(store, note_row, &read), 0);
		mxw_store_close(store);
		int64_t expected_ms = i ? max_ms : -max_ms;
		assert_int_equal(read.state.hard_since_wall_ms, expected_ms);
		assert_int_equal(read.state.incident_since_wall_ms, expected_ms);
		assert_int_equal(read.state.problem_ms, expected_ms);
		assert_int_equal(read.saved_ms, expected_ms);
		assert_int_equal(read.saved_wall_ms, expected_ms);
		assert_int_equal(read.state.n_reminders, 0);
	}
}

static int stop_at_once(void *arg, const struct mxw_store_state *row)
{
	(void)row;
	++*(int *)arg;
	return -ECANCELED;
}

static void test_a_callback_can_stop(void **state)
{
	struct mxw_store *store = open_store(*state);
	struct mxw_store_state other = some_state;
	int n = 0;
	other.domain = "example.org";
	commit_state(store, &some_state);
	commit_state(store, &other);
	assert_int_equal(mxw_store_each_state(store, stop_at_once, &n), -ECANCELED);
	assert_int_equal(n, 1);
	commit_state(store, &other); /* the reading has ended, writing works */
	mxw_store_close(store);
}

static struct mxw_alert make_alert(const char *id, enum mxw_alert_kind kind, enum mxw_severity to)
{
	/* Nobody frees this one: its texts are borrowed. */
	static char domain[] = "example.com", check[] = "mx", summary[] = "example.com mx", findings[] = "[]",
		    none[] = "";
	return (struct mxw_alert){
		.id = (char *)(uintptr_t)id,
		.seq = 1,
		.kind = kind,
		.ends_incident = kind == MXW_ALERT_RECOVERY,
		.time_wall_ms = NOW_MS,
		.domain = domain,
		.check = check,
		.to = to,
		.since_wall_ms = NOW_MS - 60000,
		.summary = summary,
		.finding_id = none,
		.findings_json = findings,
	};
}

static void commit_event(struct mxw_store *store, const char *id, enum mxw_alert_kind kind, enum mxw_severity to)
{
	struct mxw_alert alert = make_alert(id, kind, to);
	assert_int_equal(mxw_store_begin(store), 0);
	assert_int_equal(mxw_store_put_event(store, &alert), 0);
	assert_int_equal(mxw_store_commit(store), 0);
}

/* One incident from the first problem to the recovery, whatever happens in between; then the next one. */
static void test_incidents(void **state)
{
	const struct place *place = *state;
	struct mxw_store *store = open_store(place);
	commit_event(store, "e-1", MXW_ALERT_PROBLEM, MXW_WARNING);
	commit_event(store, "e-2", MXW_ALERT_PROBLEM, MXW_CRITICAL);
	commit_event(store, "e-3", MXW_ALERT_CHANGE, MXW_WARNING);
	assert_int_equal(query(place, "SELECT count(*) FROM incident WHERE until IS NULL"), 1);
	assert_int_equal(query(place, "SELECT worst FROM incident"), MXW_CRITICAL);
	commit_event(store, "e-4", MXW_ALERT_RECOVERY, MXW_OK);
	assert_int_equal(query(place, "SELECT count(*) FROM incident WHERE until IS NOT NULL AND first_event = 'e-1' "
				      "AND last_event = 'e-4'"),
			 1);
	commit_event(store, "e-5", MXW_ALERT_PROBLEM, MXW_CRITICAL);
	assert_int_equal(query(place, "SELECT count(*) FROM incident WHERE until IS NULL AND first_event = 'e-5'"), 1);
	mxw_store_close(store);
}

static void test_no_id_twice(void **state)
{
	struct mxw_store *store = open_store(*state);
	struct mxw_alert alert = make_alert("e-1", MXW_ALERT_PROBLEM, MXW_CRITICAL);
	commit_event(store, "e-1", MXW_ALERT_PROBLEM, MXW_CRITICAL);
	assert_int_equal(mxw_store_begin(store), 0);
	assert_int_equal(mxw_store_put_event(store, &alert), -EEXIST);
	assert_int_equal(mxw_store_health(store), MXW_STORE_GOOD);
	mxw_store_rollback(store);
	mxw_store_close(store);
}

static uint64_t put_delivery(struct mxw_store *store, const char *notifier, const char *bytes)
{
	struct mxw_delivery delivery = {
		.event_id = "e-1", .notifier = notifier, .key_hash = UINT64_MAX, .created_wall_ms = NOW_MS
	};
	uint64_t id = 0;
	assert_int_equal(mxw_store_put_delivery(store, &delivery, bytes, strlen(bytes), &id), 0);
	return id;
}

struct seen {
	struct mxw_delivery items[8];
	char notifiers[8][16];
	size_t n;
};

static int note_delivery(void *arg, const struct mxw_delivery *delivery)
{
	struct seen *seen = arg;
	assert_true(seen->n < MXW_ARRAY_SIZE(seen->items));
	assert_string_equal(delivery->event_id, "e-1");
	snprintf(seen->notifiers[seen->n], sizeof(seen->notifiers[0]), "%s", delivery->notifier);
	seen->items[seen->n++] = *delivery;
	return 0;
}

static void assert_request(struct mxw_store *store, uint64_t id, const char *expected)
{
	void *bytes = NULL;
	size_t n = 0;
	assert_int_equal(mxw_store_get_request(store, id, &bytes, &n), expected ? 0 : -ENOENT);
	if (expected) {
		assert_int_equal(n, strlen(expected));
		assert_memory_equal(bytes, expected, n);
	}
	free(bytes);
}

/* Pending and parked ones come back in their order and with their bytes; delivered and expired ones are history. */
static void test_deliveries(void **state)
{
	static const enum mxw_delivery_status outcomes[] = { MXW_DELIVERY_DELIVERED, MXW_DELIVERY_PARKED,
							     MXW_DELIVERY_EXPIRED };
	const struct place *place = *state;
	struct seen seen = { 0 };
	uint64_t ids[5];
	struct mxw_store *store = open_store(place);
	commit_event(store, "e-1", MXW_ALERT_PROBLEM, MXW_CRITICAL);
	assert_int_equal(mxw_store_begin(store), 0);
	for (size_t i = 0; i < 4; i++)
		ids[i] = put_delivery(store, i == 3 ? "backup" : "ops", "bytes");
	ids[4] = put_delivery(store, "ops", "");
	for (size_t i = 0; i < MXW_ARRAY_SIZE(outcomes); i++)
		assert_int_equal(mxw_store_update_delivery(store, ids[i], outcomes[i], 3, NOW_MS, "HTTP 404"), 0);
	assert_int_equal(mxw_store_commit(store), 0);
	mxw_store_close(store);

	store = open_store(place);
	assert_int_equal(mxw_store_each_delivery(store, note_delivery, &seen), 0);
	assert_int_equal(seen.n, 3);
	assert_true(seen.items[0].id == ids[1] && seen.items[1].id == ids[3] && seen.items[2].id == ids[4]);
	assert_int_equal(seen.items[0].status, MXW_DELIVERY_PARKED);
	assert_int_equal(seen.items[0].n_attempts, 3);
	assert_int_equal(seen.items[1].status, MXW_DELIVERY_PENDING);
	assert_string_equal(seen.notifiers[1], "backup");
	assert_true(seen.items[1].key_hash == UINT64_MAX);
	assert_int_equal(seen.items[1].created_wall_ms, NOW_MS);
	assert_request(store, ids[0], NULL); /* its bytes are gone */
	assert_request(store, ids[1], "bytes");
	assert_request(store, ids[2], NULL);
	assert_request(store, ids[4], "");
	assert_request(store, ids[4] + 1, NULL);
	mxw_store_close(store);
}

static void test_rollback(void **state)
{
	const struct place *place = *state;
	struct mxw_alert alert = make_alert("e-1", MXW_ALERT_PROBLEM, MXW_CRITICAL);
	struct mxw_store *store = open_store(place);
	assert_int_equal(mxw_store_begin(store), 0);
	assert_int_equal(mxw_store_put_state(store, &some_state), 0);
	assert_int_equal(mxw_store_put_event(store, &alert), 0);
	put_delivery(store, "ops", "bytes");
	mxw_store_rollback(store);
	mxw_store_rollback(store); /* of nothing: no harm */
	assert_int_equal(query(place, "SELECT (SELECT count(*) FROM state) + (SELECT count(*) FROM event)"
				      " + (SELECT count(*) FROM delivery) + (SELECT count(*) FROM incident)"),
			 0);
	commit_event(store, "e-1", MXW_ALERT_PROBLEM, MXW_CRITICAL); /* the next transaction is a new one */
	assert_int_equal(query(place, "SELECT count(*) FROM event"), 1);
	mxw_store_close(store);
}

/* What is closed without a commit was never there: as after a kill. */
static void test_uncommitted_is_lost(void **state)
{
	const struct place *place = *state;
	struct mxw_store *store = open_store(place);
	int n = 0;
	assert_int_equal(mxw_store_begin(store), 0);
	assert_int_equal(mxw_store_put_state(store, &some_state), 0);
	mxw_store_close(store);
	store = open_store(place);
	assert_int_equal(mxw_store_each_state(store, compare_state, &n), 0);
	assert_int_equal(n, 0);
	mxw_store_close(store);
}

/* Old delivered and expired rows go, and their events with them; what is open stays however old it is. */
static void test_prune(void **state)
{
	bool more;
	const struct place *place = *state;
	struct mxw_store *store = open_store(place);
	commit_event(store, "e-1", MXW_ALERT_PROBLEM, MXW_CRITICAL);
	assert_int_equal(mxw_store_begin(store), 0);
	uint64_t delivered = put_delivery(store, "ops", "bytes"), expired = put_delivery(store, "ops", "bytes");
	uint64_t pending = put_delivery(store, "ops", "bytes");
	assert_int_equal(mxw_store_update_delivery(store, delivered, MXW_DELIVERY_DELIVERED, 1, NOW_MS, ""), 0);
	assert_int_equal(mxw_store_update_delivery(store, expired, MXW_DELIVERY_EXPIRED, 9, NOW_MS + 5, ""), 0);
	assert_int_equal(mxw_store_prune(store, NOW_MS, KEEP_ALL, &more), 0); /* nothing is older */
	assert_false(more);
	assert_int_equal(mxw_store_commit(store), 0);
	assert_int_equal(query(place, "SELECT count(*) FROM delivery"), 3);

	assert_int_equal(mxw_store_prune(store, NOW_MS + 10, 1, &more), 0); /* a row at a time */
	assert_true(more);
	assert_int_equal(query(place, "SELECT count(*) FROM delivery"), 2);
	assert_int_equal(mxw_store_prune(store, NOW_MS + 10, KEEP_ALL, &more), 0);
	assert_int_equal(query(place, "SELECT id FROM delivery"), pending);
	assert_int_equal(query(place, "SELECT count(*) FROM event"), 1); /* it is still needed */
	assert_int_equal(mxw_store_update_delivery(store, pending, MXW_DELIVERY_DELIVERED, 1, NOW_MS, ""), 0);
	assert_int_equal(mxw_store_prune(store, NOW_MS + 10, KEEP_ALL, &more), 0);
	assert_int_equal(query(place, "SELECT count(*) FROM event"), 0);
	mxw_store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_epoch_stays, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_one_daemon_a_directory, make_place, remove_place),
		cmocka_unit_test(test_no_directory),
		cmocka_unit_test_setup_teardown(test_bad_files_are_set_aside, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_the_future_is_refused, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_version_1_is_taken_over, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_no_takeover_without_a_copy, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_a_failed_takeover_changes_nothing, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_a_locked_file_is_left_alone, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_full_disk, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_states_come_back, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_impossible_states, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_impossible_times, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_a_callback_can_stop, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_incidents, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_no_id_twice, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_deliveries, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_rollback, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_uncommitted_is_lost, make_place, remove_place),
		cmocka_unit_test_setup_teardown(test_prune, make_place, remove_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
