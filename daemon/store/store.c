/* Statements and transactions of the store; its file is in open.c, the rows are in state_rows.c, delivery_rows.c and others. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/store/internal.h"
#include "daemon/store/schema.h"
#include "lib/base/util.h"

/* A disk or a quota that is full is no disk that fails: SQLite tells them apart by one error number of three. What a write did
 * not take is not lost; what fsync(2) did not is. */
static bool is_no_space(int result, int error)
{
	bool is_write = result == SQLITE_IOERR_WRITE || result == SQLITE_IOERR_SHMSIZE || result == SQLITE_IOERR_SHMMAP;
	return result == SQLITE_FULL || (is_write && (error == ENOSPC || error == EDQUOT || error == EFBIG));
}

static enum mxw_store_health judge(int result)
{
	switch (result & 0xff) {
	case SQLITE_IOERR:
	case SQLITE_READONLY:
		return MXW_STORE_LOST;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return MXW_STORE_DAMAGED;
	default:
		return MXW_STORE_GOOD;
	}
}

static int to_errno(int result)
{
	switch (result & 0xff) {
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_CONSTRAINT:
		return -EEXIST;
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

int mxw_store_error(struct mxw_store *store, int result, const char *what)
{
	int system_error = errno; /* of the call that failed */
	if (store->db)
		result = sqlite3_extended_errcode(store->db);
	bool is_io = (result & 0xff) == SQLITE_IOERR;
	mxw_log(MXW_LOG_ERROR, "store: %s: %s%s%s", what,
		store->db ? sqlite3_errmsg(store->db) : sqlite3_errstr(result), is_io ? ": " : "",
		is_io ? strerror(system_error) : "");
	int error = is_no_space(result, system_error) ? -ENOSPC
		    : result == SQLITE_IOERR_NOMEM    ? -ENOMEM
						      : to_errno(result);
	if (error != -ENOSPC && error != -ENOMEM && store->health == MXW_STORE_GOOD)
		store->health = judge(result);
	if (store->on_failure)
		store->on_failure(store->failure_arg);
	return error;
}

enum mxw_store_health mxw_store_health(const struct mxw_store *store)
{
	return store->health;
}

void mxw_store_on_failure(struct mxw_store *store, void (*callback)(void *arg), void *arg)
{
	store->on_failure = callback;
	store->failure_arg = arg;
}

/* After a failed fsync the system may have forgotten what it could not write, and the next fsync says that all is well:
 * nothing is tried a second time through this connection. */
sqlite3_stmt *mxw_store_statement(struct mxw_store *store, enum mxw_statement which)
{
	sqlite3_stmt **statement = &store->statements[which];
	if (store->health != MXW_STORE_GOOD)
		return NULL;
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

int mxw_store_prepare(struct mxw_store *store)
{
	for (int i = 0; i < MXW_N_STATEMENTS; i++)
		if (!mxw_store_statement(store, (enum mxw_statement)i))
			return to_errno(sqlite3_extended_errcode(store->db));
	return 0;
}

const char *mxw_store_text(sqlite3_stmt *statement, int column)
{
	const unsigned char *value = sqlite3_column_text(statement, column);
	return value ? (const char *)value : "";
}

int64_t mxw_store_time(sqlite3_stmt *statement, int column)
{
	const int64_t max_ms = 253402300799999; /* the last one of the year 9999 */
	int64_t value = sqlite3_column_int64(statement, column);
	return MXW_MIN(MXW_MAX(value, -max_ms), max_ms);
}

uint32_t mxw_store_count(sqlite3_stmt *statement, int column)
{
	int64_t value = sqlite3_column_int64(statement, column);
	return (uint32_t)MXW_MIN(MXW_MAX(value, 0), (int64_t)UINT32_MAX);
}

int mxw_store_next_row(struct mxw_store *store, sqlite3_stmt *statement, const char *what)
{
	if (!statement)
		return -EIO;
	int r = sqlite3_step(statement);
	if (r == SQLITE_ROW)
		return 1;
	int error = r == SQLITE_DONE ? 0 : mxw_store_error(store, r, what);
	sqlite3_reset(statement);
	return error;
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

int mxw_store_probe(struct mxw_store *store)
{
	int r = mxw_store_begin(store);
	if (r == 0)
		r = mxw_store_execute(store, mxw_store_statement(store, MXW_SQL_PROBE), "writing a probe");
	if (r < 0) {
		mxw_store_rollback(store);
		return r;
	}
	return mxw_store_commit(store);
}

int mxw_store_run_sql(struct mxw_store *store, const char *sql)
{
	int r = sqlite3_exec(store->db, sql, NULL, NULL, NULL);
	return r == SQLITE_OK ? 0 : mxw_store_error(store, r, sql);
}

const char *mxw_store_epoch(const struct mxw_store *store)
{
	return store->epoch;
}

const char *mxw_store_predecessor(const struct mxw_store *store)
{
	return store->predecessor;
}
