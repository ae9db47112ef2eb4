/* Opening, checking and locking the store, and its transactions; the rows are in state_rows.c and delivery_rows.c. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/log.h"
#include "daemon/store/internal.h"
#include "daemon/store/schema.h"
#include "lib/base/strbuf.h"

/* Somebody with sqlite3 on the file. */
enum {
	START_BUSY_TIMEOUT_MS = 3000, /* before the loop runs there is time */
	BUSY_TIMEOUT_MS = 100,        /* the loop does not wait long, a failed commit is tried again */
};

int mxw_store_error(struct mxw_store *store, int result, const char *what)
{
	int code = result & 0xff;
	mxw_log(MXW_LOG_ERROR, "store: %s: %s", what, store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(result));
	switch (code) {
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_CANTOPEN:
		return -EACCES;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_SCHEMA:
	case SQLITE_ERROR: /* a table or a column is not there */
		return -EUCLEAN;
	default:
		return -EIO;
	}
}

sqlite3_stmt *mxw_store_statement(struct mxw_store *store, enum mxw_statement which)
{
	sqlite3_stmt **statement = &store->statements[which];
	if (!*statement) {
		int r = sqlite3_prepare_v3(store->db, mxw_store_sql[which], -1, SQLITE_PREPARE_PERSISTENT, statement,
					   NULL);
		if (r != SQLITE_OK) {
			mxw_store_error(store, r, mxw_store_sql[which]);
			return NULL;
		}
	}
	sqlite3_reset(*statement);
	sqlite3_clear_bindings(*statement);
	return *statement;
}

int mxw_store_execute(struct mxw_store *store, sqlite3_stmt *statement, const char *what)
{
	if (!statement)
		return -EIO;
	int r = sqlite3_step(statement);
	int error = r == SQLITE_DONE || r == SQLITE_ROW ? 0 : mxw_store_error(store, r, what);
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return error;
}

int mxw_store_begin(struct mxw_store *store)
{
	return mxw_store_execute(store, mxw_store_statement(store, MXW_SQL_BEGIN), "begin");
}

int mxw_store_commit(struct mxw_store *store)
{
	int r = mxw_store_execute(store, mxw_store_statement(store, MXW_SQL_COMMIT), "commit");
	if (r < 0)
		mxw_store_rollback(store);
	return r;
}

void mxw_store_rollback(struct mxw_store *store)
{
	if (!sqlite3_get_autocommit(store->db)) /* a failed statement may have rolled back by itself */
		mxw_store_execute(store, mxw_store_statement(store, MXW_SQL_ROLLBACK), "rollback");
}

int mxw_store_run_sql(struct mxw_store *store, const char *sql)
{
	int r = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
	return r == SQLITE_OK ? 0 : mxw_store_error(store, r, sql);
}

/* First column of the first row as text into ret; "" if there is no row. */
static int query_text(struct mxw_store *store, const char *sql, char *ret, size_t n)
{
	sqlite3_stmt *statement = NULL;
	ret[0] = '\0';
	int r = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);
	if (r == SQLITE_OK) {
		r = sqlite3_step(statement);
		const unsigned char *text = r == SQLITE_ROW ? sqlite3_column_text(statement, 0) : NULL;
		if (text)
			snprintf(ret, n, "%s", (const char *)text);
	}
	sqlite3_finalize(statement);
	return r == SQLITE_ROW || r == SQLITE_DONE ? 0 : mxw_store_error(store, r, sql);
}

static int make_epoch(char ret[MXW_ALERT_EPOCH_LEN + 1])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	unsigned char random[MXW_ALERT_EPOCH_LEN];
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return -EIO;
	for (size_t i = 0; i < MXW_ALERT_EPOCH_LEN; i++)
		ret[i] = letters[random[i] % (sizeof(letters) - 1)];
	ret[MXW_ALERT_EPOCH_LEN] = '\0';
	return 0;
}

static int create(struct mxw_store *store)
{
	char epoch[MXW_ALERT_EPOCH_LEN + 1], sql[160];
	int r = make_epoch(epoch);
	if (r < 0)
		return r;
	snprintf(sql, sizeof(sql), "INSERT INTO meta VALUES ('epoch', '%s'); PRAGMA user_version = %d; COMMIT", epoch,
		 MXW_STORE_VERSION);
	if ((r = mxw_store_run_sql(store, "BEGIN EXCLUSIVE")) < 0 ||
	    (r = mxw_store_run_sql(store, mxw_store_schema)) < 0 || (r = mxw_store_run_sql(store, sql)) < 0)
		return r;
	return 0;
}

/* Is the open file a store that we can trust? -EPROTO: from the future; -EUCLEAN: damaged. Any other error says nothing
 * about the file: one that is locked, read-only or on a failing disk must not be taken for damaged. */
static int check(struct mxw_store *store)
{
	char text[256];
	int r = query_text(store, "PRAGMA quick_check(1)", text, sizeof(text));
	if (r < 0)
		return r;
	if (strcmp(text, "ok") != 0)
		return -EUCLEAN;
	r = query_text(store, "PRAGMA user_version", text, sizeof(text));
	if (r < 0)
		return r;
	int version = atoi(text);
	if (version > MXW_STORE_VERSION)
		return -EPROTO;
	if (version > 0 && version < MXW_STORE_VERSION && (r = mxw_store_migrate(store, version)) < 0)
		return r;
	if (version == 0) {
		r = query_text(store, "SELECT count(*) FROM sqlite_schema", text, sizeof(text));
		if (r < 0)
			return r;
		if (strcmp(text, "0") != 0)
			return -EUCLEAN;
		r = create(store);
		if (r < 0)
			return r;
	}
	r = query_text(store, "SELECT value FROM meta WHERE key = 'epoch'", store->epoch, sizeof(store->epoch));
	if (r < 0)
		return r;
	return strlen(store->epoch) == MXW_ALERT_EPOCH_LEN ? 0 : -EUCLEAN;
}

/* A file of no length is not a new one: a new one does not exist. */
static bool is_emptied(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0;
}

/* What a first start leaves that failed before it wrote anything is no store that was emptied. */
static void remove_stillborn(const char *path, bool is_new)
{
	if (is_new && is_emptied(path))
		unlink(path);
}

static int connect_file(struct mxw_store *store, const char *path)
{
	if (is_emptied(path))
		return -EUCLEAN;
	int r = sqlite3_open_v2(path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
				NULL);
	if (r != SQLITE_OK)
		return mxw_store_error(store, r, path);
	sqlite3_busy_timeout(store->db, START_BUSY_TIMEOUT_MS);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	char mode[16];
	r = query_text(store, "PRAGMA journal_mode = WAL", mode, sizeof(mode));
	if (r < 0)
		return r;
	if (strcmp(mode, "wal") != 0)
		return -EIO;
	r = mxw_store_run_sql(store, "PRAGMA synchronous = FULL");
	if (r == 0)
		r = check(store);
	if (r == 0)
		sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
	return r;
}

static void disconnect(struct mxw_store *store)
{
	for (size_t i = 0; i < MXW_N_STATEMENTS; i++) {
		sqlite3_finalize(store->statements[i]);
		store->statements[i] = NULL;
	}
	sqlite3_close(store->db);
	store->db = NULL;
}

/* Moves a damaged file and its companions away, so that nothing of it is replayed into the new one. */
static int set_aside(const char *path, int64_t now_wall_ms, char **ret)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(suffixes); i++) {
		struct mxw_strbuf from = MXW_STRBUF_INIT, to = MXW_STRBUF_INIT;
		mxw_strbuf_addf(&from, "%s%s", path, suffixes[i]);
		mxw_strbuf_addf(&to, "%s.corrupt.%" PRId64 "%s", path, now_wall_ms, suffixes[i]);
		int r = from.failed || to.failed ? -ENOMEM : rename(from.data, to.data) < 0 ? -errno : 0;
		mxw_strbuf_done(&from);
		if (i == 0 && r == 0)
			*ret = mxw_strbuf_take(&to);
		mxw_strbuf_done(&to);
		if (r < 0 && !(i > 0 && r == -ENOENT))
			return r;
	}
	return 0;
}

static int take_lock(struct mxw_store *store, const char *dir)
{
	struct mxw_strbuf path = MXW_STRBUF_INIT;
	mxw_strbuf_addf(&path, "%s/lock", dir);
	if (path.failed)
		return -ENOMEM;
	store->lock_fd = open(path.data, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int r = store->lock_fd < 0 ? -errno : flock(store->lock_fd, LOCK_EX | LOCK_NB) < 0 ? -errno : 0;
	mxw_strbuf_done(&path);
	return r;
}

int mxw_store_open(struct mxw_store **ret, const char *dir, int64_t now_wall_ms, char **ret_set_aside)
{
	struct mxw_strbuf path = MXW_STRBUF_INIT;
	struct mxw_store *store = calloc(1, sizeof(*store));
	*ret_set_aside = NULL;
	if (!store)
		return -ENOMEM;
	store->lock_fd = -1;
	mxw_strbuf_addf(&path, "%s/mxwatch.db", dir);
	int r = path.failed ? -ENOMEM : take_lock(store, dir);
	bool is_new = r == 0 && access(path.data, F_OK) < 0;
	if (r == 0)
		r = connect_file(store, path.data);
	if (r == -EUCLEAN) {
		disconnect(store);
		r = set_aside(path.data, now_wall_ms, ret_set_aside);
		if (r == 0)
			r = connect_file(store, path.data);
	}
	if (r < 0) {
		mxw_store_close(store);
		remove_stillborn(path.data, is_new);
	} else {
		*ret = store;
	}
	mxw_strbuf_done(&path);
	return r;
}

void mxw_store_close(struct mxw_store *store)
{
	if (!store)
		return;
	disconnect(store);
	if (store->lock_fd >= 0)
		close(store->lock_fd);
	free(store);
}

const char *mxw_store_epoch(const struct mxw_store *store)
{
	return store->epoch;
}
