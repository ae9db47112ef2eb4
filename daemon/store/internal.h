/* Shared inside the store: the connection and its prepared statements. */
#pragma once

#include <sqlite3.h>

#include "daemon/store/store.h"

enum mxw_statement {
	MXW_SQL_BEGIN,
	MXW_SQL_COMMIT,
	MXW_SQL_ROLLBACK,
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
	MXW_N_STATEMENTS,
};

struct mxw_store {
	sqlite3 *db;
	sqlite3_stmt *statements[MXW_N_STATEMENTS];
	int lock_fd;
	char epoch[MXW_ALERT_EPOCH_LEN + 1];
};

/* The statement, reset and ready to be bound; NULL (logged) if it cannot be prepared. */
sqlite3_stmt *mxw_store_statement(struct mxw_store *store, enum mxw_statement which);
/* Steps a statement that returns no row and resets it. 0 or as mxw_store_error (logged with `what`). */
int mxw_store_execute(struct mxw_store *store, sqlite3_stmt *statement, const char *what);
/* Statements without parameters and rows. 0 or as mxw_store_error. */
int mxw_store_run_sql(struct mxw_store *store, const char *sql);
/* migrate.c: brings an open file of version `from`, 1 to MXW_STORE_VERSION - 1, to ours, or leaves it as it is. */
int mxw_store_migrate(struct mxw_store *store, int from);
/* Turns a SQLite result into a negative errno and logs it. -EUCLEAN: the file is damaged. */
int mxw_store_error(struct mxw_store *store, int result, const char *what);
