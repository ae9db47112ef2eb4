/* Rows of the tables state, event and incident. */
#include <errno.h>
#include <string.h>

#include "daemon/store/internal.h"
#include "lib/base/util.h"

int mxw_store_put_state(struct mxw_store *store, const struct mxw_store_state *row)
{
	const struct mxw_state *state = &row->state;
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_PUT_STATE);
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, row->domain, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, row->check, -1, SQLITE_STATIC);
	sqlite3_bind_int(s, 3, (int)state->hard);
	sqlite3_bind_int(s, 4, (int)state->told);
	sqlite3_bind_int64(s, 5, (sqlite3_int64)state->hard_set);
	sqlite3_bind_int64(s, 6, (sqlite3_int64)state->told_set);
	sqlite3_bind_int64(s, 7, state->hard_since_wall_ms);
	sqlite3_bind_int64(s, 8, state->incident_since_wall_ms);
	sqlite3_bind_int64(s, 9, state->problem_ms);
	sqlite3_bind_int64(s, 10, state->n_reminders);
	sqlite3_bind_int(s, 11, state->is_flapping);
	sqlite3_bind_int(s, 12, state->is_escalated);
	sqlite3_bind_int(s, 13, state->n_low);
	sqlite3_bind_int64(s, 14, (sqlite3_int64)state->seq);
	if (row->soft) /* native byte order: no machine of another kind reads it within minutes */
		sqlite3_bind_blob64(s, 15, row->soft, mxw_soft_size(row->soft), SQLITE_STATIC);
	sqlite3_bind_int64(s, 16, row->saved_ms);
	sqlite3_bind_int64(s, 17, row->saved_wall_ms);
	sqlite3_bind_text(s, 18, row->findings_json, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 19, row->finding_id, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 20, row->cause, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 21, row->notifiers, -1, SQLITE_STATIC); /* NULL binds NULL */
	return mxw_store_execute(store, s, "writing a state");
}

static enum mxw_severity read_severity(sqlite3_stmt *s, int column)
{
	int value = sqlite3_column_int(s, column);
	bool is_state = value == MXW_OK || value == MXW_WARNING || value == MXW_CRITICAL;
	return is_state ? (enum mxw_severity)value : MXW_UNKNOWN;
}

/* Rows may have been written by hand (faults.md I8): a state that cannot be is read as UNKNOWN, and what is under way and
 * cannot be read (an earlier layout, damage) is gathered anew. */
static void read_state(sqlite3_stmt *s, struct mxw_store_state *ret, struct mxw_soft *ret_soft)
{
	struct mxw_state *state = &ret->state;
	mxw_state_init(state);
	ret->domain = mxw_store_text(s, 0);
	ret->check = mxw_store_text(s, 1);
	state->hard = read_severity(s, 2);
	state->told = read_severity(s, 3);
	state->hard_set = (uint64_t)sqlite3_column_int64(s, 4);
	state->told_set = (uint64_t)sqlite3_column_int64(s, 5);
	state->hard_since_wall_ms = mxw_store_time(s, 6);
	bool is_open = state->hard >= MXW_WARNING || state->told >= MXW_WARNING;
	state->incident_since_wall_ms = is_open ? mxw_store_time(s, 7) : 0;
	state->problem_ms = mxw_store_time(s, 8);
	state->n_reminders = mxw_store_count(s, 9);
	state->is_flapping = sqlite3_column_int(s, 10) != 0;
	state->is_escalated = sqlite3_column_int(s, 11) != 0;
	state->n_low = (uint8_t)sqlite3_column_int(s, 12);
	state->seq = (uint64_t)sqlite3_column_int64(s, 13);
	const void *blob = sqlite3_column_blob(s, 14);
	bool has_soft = mxw_soft_load(ret_soft, blob, blob ? (size_t)sqlite3_column_bytes(s, 14) : 0);
	ret->soft = has_soft ? ret_soft : NULL;
	ret->saved_ms = mxw_store_time(s, 15);
	ret->saved_wall_ms = mxw_store_time(s, 16);
	ret->findings_json = mxw_store_text(s, 17);
	ret->finding_id = mxw_store_text(s, 18);
	ret->cause = mxw_store_text(s, 19);
	ret->notifiers = sqlite3_column_type(s, 20) == SQLITE_NULL ? NULL : mxw_store_text(s, 20);
}

int mxw_store_each_state(struct mxw_store *store, int (*callback)(void *arg, const struct mxw_store_state *state),
			 void *arg)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_EACH_STATE);
	int r;
	while ((r = mxw_store_next_row(store, s, "reading states")) > 0) {
		struct mxw_store_state row;
		struct mxw_soft soft;
		read_state(s, &row, &soft);
		r = callback(arg, &row);
		if (r < 0)
			break;
	}
	sqlite3_reset(s);
	return r;
}

int mxw_store_get_seq(struct mxw_store *store, const char *domain, const char *check, uint64_t *ret)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_GET_SEQ);
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, domain, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, check, -1, SQLITE_STATIC);
	int r = mxw_store_next_row(store, s, "reading a sequence number");
	*ret = r > 0 ? (uint64_t)sqlite3_column_int64(s, 0) : 0;
	sqlite3_reset(s);
	return MXW_MIN(r, 0);
}

static int open_incident(struct mxw_store *store, const struct mxw_alert *alert)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_OPEN_INCIDENT);
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, alert->domain, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, alert->check, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 3, alert->since_wall_ms);
	sqlite3_bind_int(s, 4, (int)alert->to);
	sqlite3_bind_text(s, 5, alert->id, -1, SQLITE_STATIC);
	return mxw_store_execute(store, s, "opening an incident");
}

static int put_incident(struct mxw_store *store, const struct mxw_alert *alert)
{
	bool ends = alert->ends_incident;
	int r = alert->to >= MXW_WARNING ? open_incident(store, alert) : 0;
	if (r < 0)
		return r;
	sqlite3_stmt *s = mxw_store_statement(store, ends ? MXW_SQL_CLOSE_INCIDENT : MXW_SQL_WORSEN_INCIDENT);
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, alert->domain, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, alert->check, -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 3, ends ? alert->time_wall_ms : (sqlite3_int64)alert->to);
	sqlite3_bind_text(s, 4, alert->id, -1, SQLITE_STATIC);
	return mxw_store_execute(store, s, "writing an incident");
}

int mxw_store_put_event(struct mxw_store *store, const struct mxw_alert *alert)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_PUT_EVENT);
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, alert->id, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, alert->domain ? alert->domain : "", -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 3, alert->check ? alert->check : "", -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 4, (sqlite3_int64)alert->seq);
	sqlite3_bind_text(s, 5, mxw_alert_kind_name(alert->kind), -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 6, mxw_severity_name(alert->from), -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 7, mxw_severity_name(alert->to), -1, SQLITE_STATIC);
	sqlite3_bind_int64(s, 8, alert->time_wall_ms);
	sqlite3_bind_text(s, 9, alert->summary, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 10, alert->findings_json, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 11, alert->is_low ? "low" : "high", -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 12, alert->muted_by ? alert->muted_by : "", -1, SQLITE_STATIC);
	int r = mxw_store_execute(store, s, "writing an event");
	if (r < 0 || !alert->domain || alert->kind == MXW_ALERT_RECORD_CHANGE)
		return r;
	return put_incident(store, alert);
}
