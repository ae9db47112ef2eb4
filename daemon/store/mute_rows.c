/* Rows of the tables silence and ack, and what became of one event's deliveries. */
#include <errno.h>

#include "daemon/store/internal.h"

/* For members that are copied and never written to. */
static char *text(sqlite3_stmt *s, int column)
{
	return (char *)(uintptr_t)mxw_store_text(s, column);
}

int mxw_store_put_silence(struct mxw_store *store, const struct mxw_silence *silence, uint64_t *ret_id)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_PUT_SILENCE);
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, silence->pattern, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, silence->check, -1, SQLITE_STATIC); /* NULL binds NULL */
	sqlite3_bind_int64(s, 3, silence->until_wall_ms);
	sqlite3_bind_int64(s, 4, silence->created_wall_ms);
	sqlite3_bind_text(s, 5, silence->reason, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 6, silence->author, -1, SQLITE_STATIC);
	int r = mxw_store_execute(store, s, "writing a silence");
	if (r == 0)
		*ret_id = (uint64_t)sqlite3_last_insert_rowid(store->db);
	return r;
}

int mxw_store_delete_silence(struct mxw_store *store, uint64_t id)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_DELETE_SILENCE);
	if (!s)
		return -EIO;
	sqlite3_bind_int64(s, 1, (sqlite3_int64)id);
	return mxw_store_execute(store, s, "deleting a silence");
}

int mxw_store_put_ack(struct mxw_store *store, const struct mxw_ack *ack)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_PUT_ACK);
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, ack->domain, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, ack->check, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 3, ack->incident_since_wall_ms);
	sqlite3_bind_int64(s, 4, ack->created_wall_ms);
	sqlite3_bind_text(s, 5, ack->reason, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 6, ack->author, -1, SQLITE_STATIC);
	return mxw_store_execute(store, s, "writing an acknowledgement");
}

int mxw_store_delete_ack(struct mxw_store *store, const char *domain, const char *check)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_DELETE_ACK);
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, domain, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, check, -1, SQLITE_STATIC);
	return mxw_store_execute(store, s, "deleting an acknowledgement");
}

static int load_silences(struct mxw_store *store, struct mxw_mutes *ret)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_EACH_SILENCE);
	int r;
	while ((r = mxw_store_next_row(store, s, "reading silences")) > 0) {
		struct mxw_silence silence = {
			.id = (uint64_t)sqlite3_column_int64(s, 0),
			.pattern = text(s, 1),
			.check = sqlite3_column_type(s, 2) == SQLITE_NULL ? NULL : text(s, 2),
			.until_wall_ms = mxw_store_time(s, 3),
			.created_wall_ms = mxw_store_time(s, 4),
			.reason = text(s, 5),
			.author = text(s, 6),
		};
		r = mxw_mutes_add_silence(ret, &silence);
		if (r < 0)
			break;
	}
	sqlite3_reset(s);
	return r;
}

static int load_acks(struct mxw_store *store, struct mxw_mutes *ret)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_EACH_ACK);
	int r;
	while ((r = mxw_store_next_row(store, s, "reading acknowledgements")) > 0) {
		struct mxw_ack ack = {
			.domain = text(s, 0),
			.check = text(s, 1),
			.incident_since_wall_ms = mxw_store_time(s, 2),
			.created_wall_ms = mxw_store_time(s, 3),
			.reason = text(s, 4),
			.author = text(s, 5),
		};
		r = mxw_mutes_put_ack(ret, &ack);
		if (r < 0)
			break;
	}
	sqlite3_reset(s);
	return r;
}

/* More than the limit can only be there by somebody else's hand: the rest is left alone. */
int mxw_store_load_mutes(struct mxw_store *store, struct mxw_mutes *ret)
{
	int r = load_silences(store, ret);
	if (r == 0 || r == -E2BIG)
		r = load_acks(store, ret);
	return r == -E2BIG ? 0 : r;
}

int mxw_store_each_event_delivery(struct mxw_store *store, const char *event_id,
				  int (*callback)(void *arg, const struct mxw_delivery *delivery, const char *text),
				  void *arg)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_EACH_EVENT_DELIVERY);
	if (!s)
		return -EIO;
	int r;
	bool has_any = false;
	sqlite3_bind_text(s, 1, event_id, -1, SQLITE_STATIC);
	while ((r = mxw_store_next_row(store, s, "reading an event's deliveries")) > 0) {
		int status = sqlite3_column_int(s, 2);
		struct mxw_delivery delivery = {
			.id = (uint64_t)sqlite3_column_int64(s, 0),
			.event_id = event_id,
			.notifier = text(s, 1),
			.status = status >= MXW_DELIVERY_PENDING && status <= MXW_DELIVERY_FOLDED
					  ? (enum mxw_delivery_status)status
					  : MXW_DELIVERY_EXPIRED,
			.n_attempts = mxw_store_count(s, 3),
		};
		has_any = true;
		r = callback(arg, &delivery, mxw_store_text(s, 4));
		if (r < 0)
			break;
	}
	sqlite3_reset(s);
	return r == 0 && !has_any ? -ENOENT : r;
}
