/* SQL text of the store: tables first, then the statements in the order of enum mxw_statement. */
#include "daemon/store/schema.h"

const char mxw_store_schema[] =
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	/* One row a key that ever left OK, or is about to. Runs are the soft state. */
	"CREATE TABLE state (domain TEXT NOT NULL, check_name TEXT NOT NULL,"
	" hard INTEGER NOT NULL, hard_set INTEGER NOT NULL, hard_since INTEGER NOT NULL, incident_since INTEGER NOT "
	"NULL,"
	" problem_ms INTEGER NOT NULL, n_reminders INTEGER NOT NULL, seq INTEGER NOT NULL,"
	" runs BLOB NOT NULL, changed_set INTEGER NOT NULL, last_round_ms INTEGER NOT NULL,"
	" saved_ms INTEGER NOT NULL, saved_wall INTEGER NOT NULL,"
	" findings TEXT NOT NULL, finding_id TEXT NOT NULL, cause TEXT NOT NULL,"
	" PRIMARY KEY (domain, check_name)) WITHOUT ROWID;"
	"CREATE TABLE incident (id INTEGER PRIMARY KEY, domain TEXT NOT NULL, check_name TEXT NOT NULL,"
	" since INTEGER NOT NULL, until INTEGER, worst INTEGER NOT NULL, first_event TEXT NOT NULL, last_event TEXT "
	"NOT NULL);"
	"CREATE INDEX incident_open ON incident (domain, check_name) WHERE until IS NULL;"
	"CREATE TABLE event (id TEXT PRIMARY KEY, domain TEXT NOT NULL, check_name TEXT NOT NULL, seq INTEGER NOT NULL,"
	" kind TEXT NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL, time INTEGER NOT NULL,"
	" summary TEXT NOT NULL, findings TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE delivery (id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL REFERENCES event (id),"
	" notifier TEXT NOT NULL, key_hash INTEGER NOT NULL, status INTEGER NOT NULL, n_attempts INTEGER NOT NULL,"
	" created INTEGER NOT NULL, updated INTEGER NOT NULL, text TEXT NOT NULL, request BLOB);"
	"CREATE INDEX delivery_open ON delivery (id) WHERE status IN (0, 2);"
	"CREATE INDEX delivery_done ON delivery (updated) WHERE status IN (1, 3);"
	"CREATE INDEX delivery_event ON delivery (event_id);"
	"CREATE INDEX event_time ON event (time);"
	"CREATE INDEX incident_closed ON incident (until) WHERE until IS NOT NULL;";

const char *const mxw_store_sql[MXW_N_STATEMENTS] = {
	[MXW_SQL_BEGIN] = "BEGIN IMMEDIATE",
	[MXW_SQL_COMMIT] = "COMMIT",
	[MXW_SQL_ROLLBACK] = "ROLLBACK",
	[MXW_SQL_PUT_STATE] =
		"INSERT OR REPLACE INTO state VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
		" ?15, ?16, ?17)",
	[MXW_SQL_EACH_STATE] =
		"SELECT domain, check_name, hard, hard_set, hard_since, incident_since, problem_ms, n_reminders,"
		" seq, runs, changed_set, last_round_ms, saved_ms, saved_wall, findings, finding_id, cause FROM state",
	[MXW_SQL_GET_SEQ] = "SELECT seq FROM state WHERE domain = ?1 AND check_name = ?2",
	[MXW_SQL_PUT_EVENT] = "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
	[MXW_SQL_OPEN_INCIDENT] =
		"INSERT INTO incident (domain, check_name, since, until, worst, first_event, last_event)"
		" SELECT ?1, ?2, ?3, NULL, ?4, ?5, ?5"
		" WHERE NOT EXISTS (SELECT 1 FROM incident WHERE domain = ?1 AND check_name = ?2 AND until IS NULL)",
	[MXW_SQL_WORSEN_INCIDENT] = "UPDATE incident SET worst = max(worst, ?3), last_event = ?4"
				    " WHERE domain = ?1 AND check_name = ?2 AND until IS NULL",
	[MXW_SQL_CLOSE_INCIDENT] = "UPDATE incident SET until = ?3, last_event = ?4"
				   " WHERE domain = ?1 AND check_name = ?2 AND until IS NULL",
	[MXW_SQL_PUT_DELIVERY] =
		"INSERT INTO delivery (event_id, notifier, key_hash, status, n_attempts, created, updated, text,"
		" request) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?5, '', ?6)",
	[MXW_SQL_EACH_DELIVERY] = "SELECT id, event_id, notifier, key_hash, status, n_attempts, created FROM delivery"
				  " WHERE status IN (0, 2) ORDER BY id",
	[MXW_SQL_GET_REQUEST] = "SELECT request FROM delivery WHERE id = ?1 AND request IS NOT NULL",
	[MXW_SQL_UPDATE_DELIVERY] = "UPDATE delivery SET status = ?2, n_attempts = ?3, updated = ?4, text = ?5,"
				    " request = CASE WHEN ?2 IN (1, 3) THEN NULL ELSE request END WHERE id = ?1",
	[MXW_SQL_PRUNE_DELIVERIES] = "DELETE FROM delivery WHERE id IN (SELECT id FROM delivery"
				     " WHERE status IN (1, 3) AND updated < ?1 LIMIT ?2)",
	[MXW_SQL_PRUNE_EVENTS] = "DELETE FROM event WHERE id IN (SELECT id FROM event AS e WHERE time < ?1"
				 " AND NOT EXISTS (SELECT 1 FROM delivery WHERE event_id = e.id) LIMIT ?2)",
	[MXW_SQL_PRUNE_INCIDENTS] = "DELETE FROM incident WHERE id IN (SELECT id FROM incident WHERE until IS NOT NULL"
				    " AND until < ?1 LIMIT ?2)",
};
