/* Shared inside the store: the connection and its prepared statements. */
#pragma once

#include <limits.h>
#include <sqlite3.h>

#include "daemon/store/store.h"

enum mxw_statement {
	MXW_SQL_BEGIN,
	MXW_SQL_COMMIT,
	MXW_SQL_ROLLBACK,
	MXW_SQL_PROBE,
	MXW_SQL_PUT_STATE,
	MXW_SQL_EACH_STATE,
	MXW_SQL_GET_SEQ,
	MXW_SQL_PUT_EVENT,
	MXW_SQL_OPEN_INCIDENT,
	MXW_SQL_WORSEN_INCIDENT,
	MXW_SQL_CLOSE_INCIDENT,
	MXW_SQL_PUT_DELIVERY,
	MXW_SQL_EACH_DELIVERY,
	MXW_SQL_GET_REQUEST,
	MXW_SQL_UPDATE_DELIVERY,
	MXW_SQL_SET_FOLDED,
	MXW_SQL_PRUNE_DELIVERIES,
	MXW_SQL_PRUNE_EVENTS,
	MXW_SQL_PRUNE_INCIDENTS,
	MXW_SQL_PUT_SILENCE,
	MXW_SQL_DELETE_SILENCE,
	MXW_SQL_EACH_SILENCE,
	MXW_SQL_PUT_ACK,
	MXW_SQL_DELETE_ACK,
	MXW_SQL_EACH_ACK,
	MXW_SQL_EACH_EVENT_DELIVERY,
	MXW_SQL_PUT_PLACE,
	MXW_SQL_DELETE_PLACE,
	MXW_SQL_EACH_PLACE,
	MXW_SQL_PUT_CAUSE,
	MXW_SQL_EACH_CAUSE,
	MXW_SQL_GET_CAUSE,
	MXW_SQL_PUT_RECORD_SET,
	MXW_SQL_DELETE_RECORD_SET,
	MXW_SQL_EACH_RECORD_SET,
	MXW_SQL_PUT_RECORD_CHANGE,
	MXW_SQL_PRUNE_RECORD_CHANGES,
	MXW_N_STATEMENTS,
};

struct mxw_store {
	sqlite3 *db;
	sqlite3_stmt *statements[MXW_N_STATEMENTS];
	int lock_fd;
	char epoch[MXW_ALERT_EPOCH_LEN + 1];
	char predecessor[PATH_MAX];
	enum mxw_store_health health;
	void (*on_failure)(void *arg); /* NULL: nobody asks */
	void *failure_arg;
};

/* The statement, reset and ready to be bound; NULL (logged) if it cannot be prepared. */
sqlite3_stmt *mxw_store_statement(struct mxw_store *store, enum mxw_statement which);
/* All of them: 0, -EUCLEAN if a table or a column is not there, or as mxw_store_error. */
int mxw_store_prepare(struct mxw_store *store);
/* Steps a statement that returns no row and resets it. 0 or as mxw_store_error (logged with `what`). */
int mxw_store_execute(struct mxw_store *store, sqlite3_stmt *statement, const char *what);
/* Steps a statement that returns rows: 1 for a row, 0 after the last; below 0 as mxw_store_error (logged with `what`), or
 * -EIO if it is NULL. Whoever stops before the last resets it. */
int mxw_store_next_row(struct mxw_store *store, sqlite3_stmt *statement, const char *what);

/* A column of the row. Rows may have been written by hand (faults.md I8): what cannot be is brought within bounds. */
const char *mxw_store_text(sqlite3_stmt *statement, int column); /* borrowed until the next step; "" for NULL */
int64_t mxw_store_time(sqlite3_stmt *statement, int column);     /* in ms, so small that no sum of a few overflows */
uint32_t mxw_store_count(sqlite3_stmt *statement, int column);
/* Statements without parameters and rows. 0 or as mxw_store_error. */
int mxw_store_run_sql(struct mxw_store *store, const char *sql);
/* open.c: brings a file, or the names in a folder, to the disk. Renames must be there before anything is written under the
 * new name. */
int mxw_store_sync(const char *path);
/* migrate.c: brings an open file of version `from`, 1 to MXW_STORE_VERSION - 1, to ours, or leaves it as it is. */
int mxw_store_migrate(struct mxw_store *store, int from);
/* Turns a SQLite result into a negative errno and logs it. -EUCLEAN: the file is damaged. -EEXIST: the row cannot be beside
 * those that are there. */
int mxw_store_error(struct mxw_store *store, int result, const char *what);
