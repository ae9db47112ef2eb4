/* Rows of the table delivery. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/store/internal.h"

int mxw_store_put_delivery(struct mxw_store *store, const struct mxw_delivery *delivery, const void *request, size_t n,
			   uint64_t *ret_id)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_PUT_DELIVERY);
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, delivery->event_id, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, delivery->notifier, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 3, (sqlite3_int64)delivery->key_hash);
	sqlite3_bind_int(s, 4, (int)MXW_DELIVERY_PENDING);
	sqlite3_bind_int64(s, 5, delivery->created_wall_ms);
	sqlite3_bind_blob64(s, 6, request, n, SQLITE_STATIC);
	int r = mxw_store_execute(store, s, "writing a delivery");
	if (r == 0)
		*ret_id = (uint64_t)sqlite3_last_insert_rowid(store->db);
	return r;
}

int mxw_store_each_delivery(struct mxw_store *store, int (*callback)(void *arg, const struct mxw_delivery *delivery),
			    void *arg)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_EACH_DELIVERY);
	if (!s)
		return -EIO;
	int r, error = 0;
	while (error == 0 && (r = sqlite3_step(s)) != SQLITE_DONE) {
		if (r != SQLITE_ROW) {
			error = mxw_store_error(store, r, "reading deliveries");
			break;
		}
		const char *event_id = (const char *)sqlite3_column_text(s, 1),
			   *notifier = (const char *)sqlite3_column_text(s, 2);
		struct mxw_delivery row = {
			.id = (uint64_t)sqlite3_column_int64(s, 0),
			.event_id = event_id ? event_id : "",
			.notifier = notifier ? notifier : "",
			.key_hash = (uint64_t)sqlite3_column_int64(s, 3),
			.status = sqlite3_column_int(s, 4) == MXW_DELIVERY_PARKED ? MXW_DELIVERY_PARKED
										  : MXW_DELIVERY_PENDING,
			.n_attempts = (uint32_t)sqlite3_column_int64(s, 5),
			.created_wall_ms = sqlite3_column_int64(s, 6),
		};
		error = callback(arg, &row);
	}
	sqlite3_reset(s);
	return error;
}

int mxw_store_get_request(struct mxw_store *store, uint64_t id, void **ret, size_t *ret_n)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_GET_REQUEST);
	if (!s)
		return -EIO;
	sqlite3_bind_int64(s, 1, (sqlite3_int64)id);
	int r = sqlite3_step(s), error = 0;
	if (r == SQLITE_ROW) {
		const void *blob = sqlite3_column_blob(s, 0);
		*ret_n = (size_t)sqlite3_column_bytes(s, 0);
		*ret = malloc(*ret_n ? *ret_n : 1);
		if (!*ret)
			error = -ENOMEM;
		else if (*ret_n)
			memcpy(*ret, blob, *ret_n);
	} else {
		error = r == SQLITE_DONE ? -ENOENT : mxw_store_error(store, r, "reading a request");
	}
	sqlite3_reset(s);
	return error;
}

int mxw_store_update_delivery(struct mxw_store *store, uint64_t id, enum mxw_delivery_status status,
			      uint32_t n_attempts, int64_t now_wall_ms, const char *text)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_UPDATE_DELIVERY);
	if (!s)
		return -EIO;
	sqlite3_bind_int64(s, 1, (sqlite3_int64)id);
	sqlite3_bind_int(s, 2, (int)status);
	sqlite3_bind_int64(s, 3, n_attempts);
	sqlite3_bind_int64(s, 4, now_wall_ms);
	sqlite3_bind_text(s, 5, text, -1, SQLITE_STATIC);
	return mxw_store_execute(store, s, "writing a delivery's outcome");
}

int mxw_store_prune(struct mxw_store *store, int64_t before_wall_ms, unsigned limit, bool *ret_more)
{
	static const enum mxw_statement all[] = { MXW_SQL_PRUNE_DELIVERIES, MXW_SQL_PRUNE_EVENTS,
						  MXW_SQL_PRUNE_INCIDENTS };
	*ret_more = false;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(all); i++) {
		sqlite3_stmt *s = mxw_store_statement(store, all[i]);
		if (!s)
			return -EIO;
		sqlite3_bind_int64(s, 1, before_wall_ms);
		sqlite3_bind_int64(s, 2, limit);
		int r = mxw_store_execute(store, s, "pruning");
		if (r < 0)
			return r;
		*ret_more = *ret_more || sqlite3_changes(store->db) >= (int)limit;
	}
	return 0;
}
