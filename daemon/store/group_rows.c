/* Rows of the tables place and cause. */
#include <errno.h>

#include "daemon/store/internal.h"

int mxw_store_put_place(struct mxw_store *store, const char *domain, const char *check, const char *place)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_PUT_PLACE);
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, domain, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, check, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 3, place, -1, SQLITE_STATIC);
	return mxw_store_execute(store, s, "writing a place");
}

int mxw_store_delete_place(struct mxw_store *store, const char *domain, const char *check)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_DELETE_PLACE);
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, domain, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, check, -1, SQLITE_STATIC);
	return mxw_store_execute(store, s, "deleting a place");
}

int mxw_store_each_place(struct mxw_store *store,
			 int (*callback)(void *arg, const char *domain, const char *check, const char *text), void *arg)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_EACH_PLACE);
	int r;
	while ((r = mxw_store_next_row(store, s, "reading places")) > 0) {
		r = callback(arg, mxw_store_text(s, 0), mxw_store_text(s, 1), mxw_store_text(s, 2));
		if (r < 0)
			break;
	}
	sqlite3_reset(s);
	return r;
}

int mxw_store_put_cause(struct mxw_store *store, const struct mxw_store_cause *cause)
{
	const struct mxw_group_record *record = &cause->record;
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_PUT_CAUSE);
	if (!s)
		return -EIO;
	sqlite3_bind_int(s, 1, (int)record->kind);
	sqlite3_bind_text(s, 2, record->name, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 3, record->route, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 4, (sqlite3_int64)cause->seq);
	sqlite3_bind_int(s, 5, (int)record->told);
	sqlite3_bind_int64(s, 6, (sqlite3_int64)record->told_set);
	sqlite3_bind_int64(s, 7, (sqlite3_int64)record->n_told);
	sqlite3_bind_int64(s, 8, (sqlite3_int64)record->n_most);
	sqlite3_bind_int64(s, 9, record->since_wall_ms);
	sqlite3_bind_int64(s, 10, cause->told_wall_ms);
	sqlite3_bind_int64(s, 11, cause->problem_wall_ms);
	sqlite3_bind_int64(s, 12, record->n_reminders);
	sqlite3_bind_text(s, 13, cause->findings_json, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 14, cause->finding_id, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 15, cause->cause, -1, SQLITE_STATIC);
	return mxw_store_execute(store, s, "writing a group");
}

/* False for what no version of ours wrote (faults.md I8). */
static bool read_cause(sqlite3_stmt *s, struct mxw_store_cause *ret)
{
	int kind = sqlite3_column_int(s, 0), told = sqlite3_column_int(s, 4);
	*ret = (struct mxw_store_cause){
		.record = { .kind = (enum mxw_group_kind)kind,
			    .name = mxw_store_text(s, 1),
			    .route = mxw_store_text(s, 2),
			    .told = (enum mxw_severity)told,
			    .told_set = (uint64_t)sqlite3_column_int64(s, 5),
			    .n_told = mxw_store_count(s, 6),
			    .n_most = mxw_store_count(s, 7),
			    .since_wall_ms = mxw_store_time(s, 8),
			    .n_reminders = mxw_store_count(s, 11) },
		.seq = (uint64_t)sqlite3_column_int64(s, 3),
		.told_wall_ms = mxw_store_time(s, 9),
		.problem_wall_ms = mxw_store_time(s, 10),
		.findings_json = mxw_store_text(s, 12),
		.finding_id = mxw_store_text(s, 13),
		.cause = mxw_store_text(s, 14),
	};
	return kind >= 0 && kind < (int)MXW_N_GROUP_KINDS &&
	       (told == (int)MXW_OK || told == (int)MXW_WARNING || told == (int)MXW_CRITICAL);
}

static int each_cause(struct mxw_store *store, sqlite3_stmt *s,
		      int (*callback)(void *arg, const struct mxw_store_cause *cause), void *arg)
{
	int r;
	while ((r = mxw_store_next_row(store, s, "reading groups")) > 0) {
		struct mxw_store_cause cause;
		r = read_cause(s, &cause) ? callback(arg, &cause) : 0;
		if (r < 0)
			break;
	}
	sqlite3_reset(s);
	return r;
}

int mxw_store_each_cause(struct mxw_store *store, int (*callback)(void *arg, const struct mxw_store_cause *cause),
			 void *arg)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_EACH_CAUSE);
	if (!s)
		return -EIO;
	sqlite3_bind_int(s, 1, (int)MXW_WARNING);
	return each_cause(store, s, callback, arg);
}

int mxw_store_get_cause(struct mxw_store *store, enum mxw_group_kind kind, const char *name, const char *route,
			int (*callback)(void *arg, const struct mxw_store_cause *cause), void *arg)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_GET_CAUSE);
	if (!s)
		return -EIO;
	sqlite3_bind_int(s, 1, (int)kind);
	sqlite3_bind_text(s, 2, name, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 3, route, -1, SQLITE_STATIC);
	return each_cause(store, s, callback, arg);
}
