/* Rows of the tables record_set and record_change. */
#include <errno.h>

#include "daemon/store/internal.h"

int mxw_store_put_record_set(struct mxw_store *store, const struct mxw_store_record_set *set)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_PUT_RECORD_SET);
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, set->domain, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, set->type, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 3, set->records, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 4, set->since_wall_ms);
	return mxw_store_execute(store, s, "writing a record set");
}

int mxw_store_delete_record_set(struct mxw_store *store, const char *domain, const char *type)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_DELETE_RECORD_SET);
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, domain, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, type, -1, SQLITE_STATIC);
	return mxw_store_execute(store, s, "deleting a record set");
}

int mxw_store_each_record_set(struct mxw_store *store,
			      int (*callback)(void *arg, const struct mxw_store_record_set *set), void *arg)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_EACH_RECORD_SET);
	int r;
	while ((r = mxw_store_next_row(store, s, "reading record sets")) > 0) {
		const struct mxw_store_record_set set = {
			.domain = mxw_store_text(s, 0),
			.type = mxw_store_text(s, 1),
			.records = mxw_store_text(s, 2),
			.since_wall_ms = mxw_store_time(s, 3),
		};
		r = callback(arg, &set);
		if (r < 0)
			break;
	}
	sqlite3_reset(s);
	return r;
}

int mxw_store_put_record_change(struct mxw_store *store, const struct mxw_store_record_change *change)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_PUT_RECORD_CHANGE);
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, change->domain, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, change->type, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 3, change->time_wall_ms);
	sqlite3_bind_text(s, 4, change->old, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 5, change->new, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 6, change->event_id, -1, SQLITE_STATIC);
	return mxw_store_execute(store, s, "writing a record change");
}
