/* The audit of the store; see ledger.h. Reads the tables as they are, without the code that wrote them. */
#include "tests/scenario/ledger.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/strbuf.h"
#include "lib/finding/severity.h"

struct audit {
	sqlite3 *db;
	const struct inbox *inbox;
	size_t n_wrong;
};

static void wrong(struct audit *audit, const char *what, const char *id, const char *who)
{
	fprintf(stderr, "store: %s: %s (%s)\n", what, id, who);
	audit->n_wrong++;
}

/* Calls back for each row of a statement. */
static void each_row(struct audit *audit, const char *sql, void (*callback)(struct audit *audit, sqlite3_stmt *row))
{
	sqlite3_stmt *statement = NULL;
	int r = sqlite3_prepare_v2(audit->db, sql, -1, &statement, NULL);
	while (r == SQLITE_OK || r == SQLITE_ROW) {
		r = sqlite3_step(statement);
		if (r == SQLITE_ROW)
			callback(audit, statement);
	}
	if (r != SQLITE_DONE)
		wrong(audit, sqlite3_errmsg(audit->db), sql, "SQL");
	sqlite3_finalize(statement);
}

static const char *text(sqlite3_stmt *row, int column)
{
	const unsigned char *value = sqlite3_column_text(row, column);
	return value ? (const char *)value : "";
}

/* A1, the half that can be seen here: what the daemon holds for delivered did arrive. */
static void judge_delivered(struct audit *audit, sqlite3_stmt *row)
{
	if (!inbox_find(audit->inbox, text(row, 1), text(row, 0)))
		wrong(audit, "delivered, but never received (A1)", text(row, 0), text(row, 1));
}

/* A6: the last event of a key that was told says what people were told, and the last of all what is so (the notice that a
 * state flaps names the worst one instead, and a record change what people were told). */
static void judge_state(struct audit *audit, sqlite3_stmt *row)
{
	const char *hard = mxw_severity_name((enum mxw_severity)sqlite3_column_int(row, 2)),
		   *told = mxw_severity_name((enum mxw_severity)sqlite3_column_int(row, 4));
	bool is_flapping = strcmp(text(row, 6), "flapping") == 0;
	/* It was removed, is back, and well: that is silent. */
	bool is_back = sqlite3_column_int(row, 2) == (int)MXW_OK && strcmp(text(row, 3), "unknown") == 0;
	if (strcmp(hard, text(row, 3)) != 0 && !is_flapping && !is_back)
		wrong(audit, "the last event does not say what the state is (A6)", text(row, 0), text(row, 1));
	if (*text(row, 5) && strcmp(told, text(row, 5)) != 0 && !is_back)
		wrong(audit, "the last event does not say what was told (A6)", text(row, 0), text(row, 1));
}

static void judge_sequence(struct audit *audit, sqlite3_stmt *row)
{
	if (sqlite3_column_int64(row, 2) != sqlite3_column_int64(row, 3))
		wrong(audit, "the state's sequence number is not that of its last event", text(row, 0), text(row, 1));
}

/* The history of records agrees with the events about them, and ends with the set that is known. */
static void judge_changes(struct audit *audit, sqlite3_stmt *row)
{
	if (sqlite3_column_int(row, 2) != sqlite3_column_int(row, 3))
		wrong(audit, "not every record change has its event", text(row, 0), text(row, 1));
	if (sqlite3_column_type(row, 4) != SQLITE_NULL && strcmp(text(row, 4), text(row, 5)) != 0)
		wrong(audit, "the known record set is not what it was changed to at last", text(row, 0), text(row, 1));
}

/* An incident is open exactly while the state is a problem, or people believe that it is. */
static void judge_incident(struct audit *audit, sqlite3_stmt *row)
{
	bool is_problem = sqlite3_column_int(row, 2) >= (int)MXW_WARNING ||
			  sqlite3_column_int(row, 4) >= (int)MXW_WARNING;
	if (sqlite3_column_int(row, 3) != (is_problem ? 1 : 0))
		wrong(audit, "the open incidents do not fit the state", text(row, 0), text(row, 1));
}

/* That the store takes nothing cannot be stored. */
static bool is_about_writes(const struct inbox_event *event)
{
	static const char summary[] = "the store takes no writes";
	return !*event->domain && strncmp(event->summary, summary, strlen(summary)) == 0;
}

/* A2: nothing is received that was not committed. */
static void judge_received(struct audit *audit)
{
	static const char sql[] =
		"SELECT count(*) FROM delivery JOIN event ON event.id = event_id WHERE event.id = ?1 AND notifier = ?2";
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(audit->db, sql, -1, &statement, NULL) != SQLITE_OK) {
		wrong(audit, sqlite3_errmsg(audit->db), sql, "SQL");
		return;
	}
	for (const struct inbox_event *event = audit->inbox->events; event; event = event->next) {
		if (is_about_writes(event))
			continue;
		sqlite3_bind_text(statement, 1, event->id, -1, SQLITE_STATIC);
		sqlite3_bind_text(statement, 2, event->receiver, -1, SQLITE_STATIC);
		if (sqlite3_step(statement) != SQLITE_ROW || sqlite3_column_int(statement, 0) != 1)
			wrong(audit, "received, but never committed (A2)", event->id, event->receiver);
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
}

/* A9: what was folded is counted on what the receiver gets in its place. */
static void judge_folded(struct audit *audit, sqlite3_stmt *row)
{
	if (sqlite3_column_int64(row, 1) != sqlite3_column_int64(row, 2))
		wrong(audit, "not every folded delivery is counted on another one (A9)", text(row, 0), "folded");
}

static size_t count_expired(struct audit *audit)
{
	sqlite3_stmt *statement = NULL;
	size_t n = 0;
	if (sqlite3_prepare_v2(audit->db, "SELECT count(*) FROM delivery WHERE status = 3", -1, &statement, NULL) ==
		    SQLITE_OK &&
	    sqlite3_step(statement) == SQLITE_ROW)
		n = (size_t)sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return n;
}

bool ledger_audit(const char *dir, const struct inbox *inbox, size_t n_expired_expected)
{
	struct audit audit = { .inbox = inbox };
	struct mxw_strbuf path = MXW_STRBUF_INIT;
	mxw_strbuf_addf(&path, "%s/mxwatch.db", dir);
	if (sqlite3_open_v2(mxw_strbuf_get(&path), &audit.db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		wrong(&audit, sqlite3_errmsg(audit.db), mxw_strbuf_get(&path), "open");
	mxw_strbuf_done(&path);
	if (audit.n_wrong == 0) {
		each_row(&audit, "SELECT event_id, notifier FROM delivery WHERE status = 1", judge_delivered);
		each_row(&audit,
			 "SELECT s.domain, s.check_name, s.hard, e.to_state, s.told,"
			 " (SELECT to_state FROM event WHERE domain = s.domain AND check_name = s.check_name"
			 "  AND muted_by = '' ORDER BY seq DESC LIMIT 1), e.kind FROM state AS s JOIN event AS e"
			 " ON e.domain = s.domain AND e.check_name = s.check_name AND e.seq ="
			 " (SELECT max(seq) FROM event WHERE domain = s.domain AND check_name = s.check_name"
			 "  AND kind != 'record-change') WHERE s.domain != ''",
			 judge_state);
		each_row(&audit,
			 "SELECT s.domain, s.check_name, s.seq, max(e.seq) FROM state AS s JOIN event AS e"
			 " ON e.domain = s.domain AND e.check_name = s.check_name WHERE s.domain != ''"
			 " GROUP BY s.domain, s.check_name",
			 judge_sequence);
		each_row(&audit,
			 "SELECT c.domain, c.type, count(*), (SELECT count(*) FROM event AS e, record_change AS r"
			 "  WHERE e.id = r.event_id AND e.kind = 'record-change' AND r.domain = c.domain AND r.type = "
			 "c.type),"
			 " s.records, (SELECT new FROM record_change WHERE domain = c.domain AND type = c.type"
			 "  ORDER BY id DESC LIMIT 1) FROM record_change AS c LEFT JOIN record_set AS s"
			 " ON s.domain = c.domain AND s.type = c.type AND s.since <= (SELECT max(time) FROM "
			 "record_change"
			 "  WHERE domain = c.domain AND type = c.type) GROUP BY c.domain, c.type",
			 judge_changes);
		each_row(&audit,
			 "SELECT s.domain, s.check_name, s.hard, count(i.id), s.told FROM state AS s LEFT JOIN "
			 "incident AS i"
			 " ON i.domain = s.domain AND i.check_name = s.check_name AND i.until IS NULL"
			 " WHERE s.domain != '' GROUP BY s.domain, s.check_name",
			 judge_incident);
		each_row(&audit,
			 "SELECT notifier, sum(status = 4), sum(CASE WHEN status = 4 THEN 0 ELSE n_folded END)"
			 " FROM delivery GROUP BY notifier, key_hash",
			 judge_folded);
		judge_received(&audit);
		if (count_expired(&audit) != n_expired_expected)
			wrong(&audit, "another number of deliveries has expired than the script says", "expired", "A1");
	}
	sqlite3_close(audit.db);
	return audit.n_wrong == 0;
}
