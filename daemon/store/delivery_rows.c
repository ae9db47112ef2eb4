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

static void read_delivery(sqlite3_stmt *s, struct mxw_delivery *ret)
{
	bool is_parked = sqlite3_column_int(s, 4) == MXW_DELIVERY_PARKED;
	*ret = (struct mxw_delivery){
		.id = (uint64_t)sqlite3_column_int64(s, 0),
		.event_id = mxw_store_text(s, 1),
		.notifier = mxw_store_text(s, 2),
		.key_hash = (uint64_t)sqlite3_column_int64(s, 3),
		.status = is_parked ? MXW_DELIVERY_PARKED : MXW_DELIVERY_PENDING,
		.n_attempts = mxw_store_count(s, 5),
		.created_wall_ms = mxw_store_time(s, 6),
		.part = mxw_alert_part_named(mxw_store_text(s, 9), mxw_store_text(s, 10)),
		.n_bytes = (size_t)sqlite3_column_int64(s, 8),
		.n_folded = mxw_store_count(s, 7),
	};
}

int mxw_store_each_delivery(struct mxw_store *store, int (*callback)(void *arg, const struct mxw_delivery *delivery),
			    void *arg)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_EACH_DELIVERY);
	int r;
	while ((r = mxw_store_next_row(store, s, "reading deliveries")) > 0) {
		struct mxw_delivery row;
		read_delivery(s, &row);
		r = callback(arg, &row);
		if (r < 0)
			break;
	}
	sqlite3_reset(s);
	return r;
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

int mxw_store_set_folded(struct mxw_store *store, uint64_t id, uint32_t n_folded)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_SET_FOLDED);
	if (!s)
		return -EIO;
	sqlite3_bind_int64(s, 1, (sqlite3_int64)id);
	sqlite3_bind_int64(s, 2, n_folded);
	return mxw_store_execute(store, s, "writing what a delivery stands for");
}

int mxw_store_prune(struct mxw_store *store, int64_t before_wall_ms, unsigned limit, bool *ret_more)
{
	static const enum mxw_statement all[] = { MXW_SQL_PRUNE_DELIVERIES, MXW_SQL_PRUNE_EVENTS,
						  MXW_SQL_PRUNE_INCIDENTS, MXW_SQL_PRUNE_RECORD_CHANGES };
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
