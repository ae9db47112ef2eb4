/* Rows of the tables state, event and incident. */
#include <errno.h>
#include <string.h>

#include "daemon/store/internal.h"

/* The runs of a state as one blob: they are written and read together and mean nothing to a query. Native byte order:
 * the file does not move between machines of different kinds while a run of minutes is under way. */
enum { N_RUNS = 6 };
struct runs {
	uint64_t n[N_RUNS];
	int64_t since_ms[N_RUNS];
};

static void pack_runs(const struct mxw_state *state, struct runs *ret)
{
	const struct mxw_run *runs[N_RUNS] = { &state->critical, &state->warning, &state->eased,
					       &state->ok,       &state->changed, &state->unknown };
	for (size_t i = 0; i < N_RUNS; i++) {
		ret->n[i] = runs[i]->n;
		ret->since_ms[i] = runs[i]->since_ms;
	}
}

/* A blob of another size (an earlier layout, damage) counts as no runs: evidence is gathered anew. */
static void unpack_runs(struct mxw_state *state, const void *blob, int n_blob)
{
	struct mxw_run *runs[N_RUNS] = { &state->critical, &state->warning, &state->eased,
					 &state->ok,       &state->changed, &state->unknown };
	struct runs packed = { 0 };
	if (blob && n_blob == (int)sizeof(packed))
		memcpy(&packed, blob, sizeof(packed));
	for (size_t i = 0; i < N_RUNS; i++)
		*runs[i] = (struct mxw_run){ .n = (uint32_t)packed.n[i], .since_ms = packed.since_ms[i] };
}

int mxw_store_put_state(struct mxw_store *store, const struct mxw_store_state *row)
{
	const struct mxw_state *state = &row->state;
	struct runs runs;
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_PUT_STATE);
	if (!s)
		return -EIO;
	pack_runs(state, &runs);
	sqlite3_bind_text(s, 1, row->domain, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, row->check, -1, SQLITE_STATIC);
	sqlite3_bind_int(s, 3, (int)state->hard);
	sqlite3_bind_int64(s, 4, (sqlite3_int64)state->hard_set);
	sqlite3_bind_int64(s, 5, state->hard_since_wall_ms);
	sqlite3_bind_int64(s, 6, state->incident_since_wall_ms);
	sqlite3_bind_int64(s, 7, state->problem_ms);
	sqlite3_bind_int64(s, 8, state->n_reminders);
	sqlite3_bind_int64(s, 9, (sqlite3_int64)state->seq);
	sqlite3_bind_blob(s, 10, &runs, sizeof(runs), SQLITE_STATIC);
	sqlite3_bind_int64(s, 11, (sqlite3_int64)state->changed_set);
	sqlite3_bind_int64(s, 12, state->last_round_ms);
	sqlite3_bind_int64(s, 13, row->saved_ms);
	sqlite3_bind_int64(s, 14, row->saved_wall_ms);
	sqlite3_bind_text(s, 15, row->findings_json, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 16, row->finding_id, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 17, row->cause, -1, SQLITE_STATIC);
	return mxw_store_execute(store, s, "writing a state");
}

static const char *text(sqlite3_stmt *s, int column)
{
	const unsigned char *value = sqlite3_column_text(s, column);
	return value ? (const char *)value : "";
}

/* Rows may have been written by hand (faults.md I8): a state that cannot be is read as UNKNOWN. */
static void read_state(sqlite3_stmt *s, struct mxw_store_state *ret)
{
	struct mxw_state *state = &ret->state;
	int hard = sqlite3_column_int(s, 2);
	mxw_state_init(state);
	ret->domain = text(s, 0);
	ret->check = text(s, 1);
	if (hard == MXW_OK || hard == MXW_WARNING || hard == MXW_CRITICAL)
		state->hard = (enum mxw_severity)hard;
	state->hard_set = (uint64_t)sqlite3_column_int64(s, 3);
	state->hard_since_wall_ms = sqlite3_column_int64(s, 4);
	state->incident_since_wall_ms = state->hard >= MXW_WARNING ? sqlite3_column_int64(s, 5) : 0;
	state->problem_ms = sqlite3_column_int64(s, 6);
	state->n_reminders = (uint32_t)sqlite3_column_int64(s, 7);
	state->seq = (uint64_t)sqlite3_column_int64(s, 8);
	const void *blob = sqlite3_column_blob(s, 9);
	unpack_runs(state, blob, sqlite3_column_bytes(s, 9));
	state->changed_set = (uint64_t)sqlite3_column_int64(s, 10);
	state->last_round_ms = sqlite3_column_int64(s, 11);
	ret->saved_ms = sqlite3_column_int64(s, 12);
	ret->saved_wall_ms = sqlite3_column_int64(s, 13);
	ret->findings_json = text(s, 14);
	ret->finding_id = text(s, 15);
	ret->cause = text(s, 16);
}

int mxw_store_each_state(struct mxw_store *store, int (*callback)(void *arg, const struct mxw_store_state *state),
			 void *arg)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_EACH_STATE);
	if (!s)
		return -EIO;
	int r, error = 0;
	while (error == 0 && (r = sqlite3_step(s)) != SQLITE_DONE) {
		if (r != SQLITE_ROW) {
			error = mxw_store_error(store, r, "reading states");
			break;
		}
		struct mxw_store_state row;
		read_state(s, &row);
		error = callback(arg, &row);
	}
	sqlite3_reset(s);
	return error;
}

int mxw_store_get_seq(struct mxw_store *store, const char *domain, const char *check, uint64_t *ret)
{
	sqlite3_stmt *s = mxw_store_statement(store, MXW_SQL_GET_SEQ);
	if (!s)
		return -EIO;
	sqlite3_bind_text(s, 1, domain, -1, SQLITE_STATIC);
	sqlite3_bind_text(s, 2, check, -1, SQLITE_STATIC);
	int r = sqlite3_step(s);
	*ret = r == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(s, 0) : 0;
	int error = r == SQLITE_ROW || r == SQLITE_DONE ? 0 : mxw_store_error(store, r, "reading a sequence number");
	sqlite3_reset(s);
	return error;
}

static int put_incident(struct mxw_store *store, const struct mxw_alert *alert)
{
	bool ends = alert->kind == MXW_ALERT_RECOVERY;
	sqlite3_stmt *s;
	int r = 0;
	if (alert->kind == MXW_ALERT_PROBLEM) {
		s = mxw_store_statement(store, MXW_SQL_OPEN_INCIDENT);
		if (!s)
			return -EIO;
		sqlite3_bind_text(s, 1, alert->domain, -1, SQLITE_STATIC);
		sqlite3_bind_text(s, 2, alert->check, -1, SQLITE_STATIC);
		sqlite3_bind_int64(s, 3, alert->since_wall_ms);
		sqlite3_bind_int(s, 4, (int)alert->to);
		sqlite3_bind_text(s, 5, alert->id, -1, SQLITE_STATIC);
		r = mxw_store_execute(store, s, "opening an incident");
		if (r < 0)
			return r;
	}
	s = mxw_store_statement(store, ends ? MXW_SQL_CLOSE_INCIDENT : MXW_SQL_WORSEN_INCIDENT);
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
	int r = mxw_store_execute(store, s, "writing an event");
	if (r < 0 || alert->kind == MXW_ALERT_MONITOR)
		return r;
	return put_incident(store, alert);
}
