/* SQL text of the store: tables first, then the statements in the order of enum mxw_statement. */
#include "daemon/store/schema.h"

/* clang-format off */

/* One row a key that ever left OK, or is about to. `soft` is what is under way, as one blob. */
#define TABLE_STATE(name) \
	"CREATE TABLE " name " (domain TEXT NOT NULL, check_name TEXT NOT NULL," \
	" hard INTEGER NOT NULL, told INTEGER NOT NULL, hard_set INTEGER NOT NULL, told_set INTEGER NOT NULL," \
	" hard_since INTEGER NOT NULL, incident_since INTEGER NOT NULL, problem_ms INTEGER NOT NULL," \
	" n_reminders INTEGER NOT NULL, is_flapping INTEGER NOT NULL, is_escalated INTEGER NOT NULL," \
	" n_low INTEGER NOT NULL, seq INTEGER NOT NULL, soft BLOB, saved_ms INTEGER NOT NULL," \
	" saved_wall INTEGER NOT NULL, findings TEXT NOT NULL, finding_id TEXT NOT NULL, cause TEXT NOT NULL," \
	" notifiers TEXT," \
	" PRIMARY KEY (domain, check_name)) WITHOUT ROWID;"

/* Tables that came with version 2. An acknowledgement is of the incident that began at `since`. */
#define TABLES_SINCE_2 \
	"CREATE TABLE silence (id INTEGER PRIMARY KEY AUTOINCREMENT, pattern TEXT NOT NULL, check_name TEXT," \
	" until INTEGER NOT NULL, created INTEGER NOT NULL, reason TEXT NOT NULL, author TEXT NOT NULL);" \
	"CREATE TABLE ack (domain TEXT NOT NULL, check_name TEXT NOT NULL, since INTEGER NOT NULL," \
	" created INTEGER NOT NULL, reason TEXT NOT NULL, author TEXT NOT NULL," \
	" PRIMARY KEY (domain, check_name)) WITHOUT ROWID;"

/* Tables that came with version 3. `place`: where the groups have a key that is in trouble, as text (lib/group/record.h).
 * `cause`: the groups that were told, those that are over included: their
 * sequences go on. `record_set`: the confirmed record set of a watched type.
 * `record_change`: what it was before and after, for people. */
#define TABLES_SINCE_3 \
	"CREATE TABLE place (domain TEXT NOT NULL, check_name TEXT NOT NULL, text TEXT NOT NULL," \
	" PRIMARY KEY (domain, check_name)) WITHOUT ROWID;" \
	"CREATE TABLE cause (kind INTEGER NOT NULL, name TEXT NOT NULL, route TEXT NOT NULL, seq INTEGER NOT NULL," \
	" told INTEGER NOT NULL, told_set INTEGER NOT NULL, n_told INTEGER NOT NULL, n_most INTEGER NOT NULL," \
	" since INTEGER NOT NULL, told_wall INTEGER NOT NULL, problem_wall INTEGER NOT NULL," \
	" n_reminders INTEGER NOT NULL, findings TEXT NOT NULL, finding_id TEXT NOT NULL, text TEXT NOT NULL," \
	" PRIMARY KEY (kind, name, route)) WITHOUT ROWID;" \
	"CREATE TABLE record_set (domain TEXT NOT NULL, type TEXT NOT NULL, records TEXT NOT NULL, since INTEGER NOT NULL," \
	" PRIMARY KEY (domain, type)) WITHOUT ROWID;" \
	"CREATE TABLE record_change (id INTEGER PRIMARY KEY AUTOINCREMENT, domain TEXT NOT NULL, type TEXT NOT NULL," \
	" time INTEGER NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL, event_id TEXT NOT NULL);" \
	"CREATE INDEX record_change_domain ON record_change (domain, time);" \
	"CREATE INDEX record_change_time ON record_change (time);"

const char mxw_store_schema[] =
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	TABLE_STATE("state")
	"CREATE TABLE incident (id INTEGER PRIMARY KEY, domain TEXT NOT NULL, check_name TEXT NOT NULL,"
	" since INTEGER NOT NULL, until INTEGER, worst INTEGER NOT NULL, first_event TEXT NOT NULL,"
	" last_event TEXT NOT NULL);"
	"CREATE INDEX incident_open ON incident (domain, check_name) WHERE until IS NULL;"
	"CREATE TABLE event (id TEXT PRIMARY KEY, domain TEXT NOT NULL, check_name TEXT NOT NULL, seq INTEGER NOT NULL,"
	" kind TEXT NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL, time INTEGER NOT NULL,"
	" summary TEXT NOT NULL, findings TEXT NOT NULL, confidence TEXT NOT NULL DEFAULT 'high',"
	" muted_by TEXT NOT NULL DEFAULT '') WITHOUT ROWID;"
	"CREATE TABLE delivery (id INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL REFERENCES event (id),"
	" notifier TEXT NOT NULL, key_hash INTEGER NOT NULL, status INTEGER NOT NULL, n_attempts INTEGER NOT NULL,"
	" created INTEGER NOT NULL, updated INTEGER NOT NULL, text TEXT NOT NULL, request BLOB,"
	" n_folded INTEGER NOT NULL DEFAULT 0);" /* deliveries that this one stands for, too */
	"CREATE INDEX delivery_open ON delivery (id) WHERE status IN (0, 2);"
	"CREATE INDEX delivery_done ON delivery (updated) WHERE status IN (1, 3, 4);"
	"CREATE INDEX delivery_event ON delivery (event_id);"
	"CREATE INDEX event_time ON event (time);"
	"CREATE INDEX incident_closed ON incident (until) WHERE until IS NOT NULL;"
	TABLES_SINCE_2
	TABLES_SINCE_3;

/* What a version 1 file told is what its hard states are; what was under way in it is gathered anew. */
static const char from_1[] =
	TABLE_STATE("state_2")
	"INSERT INTO state_2 SELECT domain, check_name, hard, hard, hard_set, hard_set, hard_since, incident_since,"
	" problem_ms, n_reminders, 0, 0, 0, seq, NULL, saved_ms, saved_wall, findings, finding_id, cause, NULL FROM state;"
	"DROP TABLE state;"
	"ALTER TABLE state_2 RENAME TO state;"
	"ALTER TABLE event ADD COLUMN confidence TEXT NOT NULL DEFAULT 'high';"
	"ALTER TABLE event ADD COLUMN muted_by TEXT NOT NULL DEFAULT '';"
	TABLES_SINCE_2;

static const char from_2[] =
	"ALTER TABLE delivery ADD COLUMN n_folded INTEGER NOT NULL DEFAULT 0;"
	"DROP INDEX delivery_done;"
	"CREATE INDEX delivery_done ON delivery (updated) WHERE status IN (1, 3, 4);"
	TABLES_SINCE_3;

/* clang-format on */

const char *const mxw_store_migrations[MXW_STORE_VERSION - 1] = { from_1, from_2 };

const char *const mxw_store_sql[MXW_N_STATEMENTS] = {
	[MXW_SQL_BEGIN] = "BEGIN IMMEDIATE",
	[MXW_SQL_COMMIT] = "COMMIT",
	[MXW_SQL_ROLLBACK] = "ROLLBACK",
	[MXW_SQL_PROBE] = "INSERT OR REPLACE INTO meta VALUES ('probe', hex(randomblob(8)))",
	[MXW_SQL_PUT_STATE] =
		"INSERT OR REPLACE INTO state VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
		" ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
	[MXW_SQL_EACH_STATE] =
		"SELECT domain, check_name, hard, told, hard_set, told_set, hard_since, incident_since, problem_ms,"
		" n_reminders, is_flapping, is_escalated, n_low, seq, soft, saved_ms, saved_wall, findings, finding_id,"
		" cause, notifiers FROM state",
	[MXW_SQL_GET_SEQ] = "SELECT seq FROM state WHERE domain = ?1 AND check_name = ?2",
	[MXW_SQL_PUT_EVENT] = "INSERT INTO event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
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
	[MXW_SQL_EACH_DELIVERY] =
		"SELECT d.id, d.event_id, d.notifier, d.key_hash, d.status, d.n_attempts, d.created, d.n_folded,"
		" length(d.request), e.kind, e.to_state FROM delivery AS d LEFT JOIN event AS e ON e.id = d.event_id"
		" WHERE d.status IN (0, 2) ORDER BY d.id",
	[MXW_SQL_GET_REQUEST] = "SELECT request FROM delivery WHERE id = ?1 AND request IS NOT NULL",
	[MXW_SQL_UPDATE_DELIVERY] = "UPDATE delivery SET status = ?2, n_attempts = ?3, updated = ?4, text = ?5,"
				    " request = CASE WHEN ?2 IN (1, 3, 4) THEN NULL ELSE request END WHERE id = ?1",
	[MXW_SQL_SET_FOLDED] = "UPDATE delivery SET n_folded = ?2 WHERE id = ?1",
	[MXW_SQL_PRUNE_DELIVERIES] = "DELETE FROM delivery WHERE id IN (SELECT id FROM delivery"
				     " WHERE status IN (1, 3, 4) AND updated < ?1 LIMIT ?2)",
	[MXW_SQL_PRUNE_EVENTS] = "DELETE FROM event WHERE id IN (SELECT id FROM event AS e WHERE time < ?1"
				 " AND NOT EXISTS (SELECT 1 FROM delivery WHERE event_id = e.id) LIMIT ?2)",
	[MXW_SQL_PUT_SILENCE] = "INSERT INTO silence (pattern, check_name, until, created, reason, author)"
				" VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[MXW_SQL_DELETE_SILENCE] = "DELETE FROM silence WHERE id = ?1",
	[MXW_SQL_EACH_SILENCE] =
		"SELECT id, pattern, check_name, until, created, reason, author FROM silence ORDER BY id",
	[MXW_SQL_PUT_ACK] = "INSERT OR REPLACE INTO ack VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[MXW_SQL_DELETE_ACK] = "DELETE FROM ack WHERE domain = ?1 AND check_name = ?2",
	[MXW_SQL_EACH_ACK] = "SELECT domain, check_name, since, created, reason, author FROM ack",
	[MXW_SQL_EACH_EVENT_DELIVERY] =
		"SELECT id, notifier, status, n_attempts, text FROM delivery WHERE event_id = ?1 ORDER BY id",
	[MXW_SQL_PUT_PLACE] = "INSERT OR REPLACE INTO place VALUES (?1, ?2, ?3)",
	[MXW_SQL_DELETE_PLACE] = "DELETE FROM place WHERE domain = ?1 AND check_name = ?2",
	[MXW_SQL_EACH_PLACE] = "SELECT domain, check_name, text FROM place",
	[MXW_SQL_PUT_CAUSE] = "INSERT OR REPLACE INTO cause VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
			      " ?13, ?14, ?15)",
	[MXW_SQL_EACH_CAUSE] = "SELECT kind, name, route, seq, told, told_set, n_told, n_most, since, told_wall,"
			       " problem_wall, n_reminders, findings, finding_id, text FROM cause WHERE told >= ?1",
	[MXW_SQL_GET_CAUSE] = "SELECT kind, name, route, seq, told, told_set, n_told, n_most, since, told_wall,"
			      " problem_wall, n_reminders, findings, finding_id, text FROM cause"
			      " WHERE kind = ?1 AND name = ?2 AND route = ?3",
	[MXW_SQL_PUT_RECORD_SET] = "INSERT OR REPLACE INTO record_set VALUES (?1, ?2, ?3, ?4)",
	[MXW_SQL_DELETE_RECORD_SET] = "DELETE FROM record_set WHERE domain = ?1 AND type = ?2",
	[MXW_SQL_EACH_RECORD_SET] = "SELECT domain, type, records, since FROM record_set",
	[MXW_SQL_PUT_RECORD_CHANGE] = "INSERT INTO record_change (domain, type, time, old, new, event_id)"
				      " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	[MXW_SQL_PRUNE_RECORD_CHANGES] = "DELETE FROM record_change WHERE id IN (SELECT id FROM record_change"
					 " WHERE time < ?1 LIMIT ?2)",
	[MXW_SQL_PRUNE_INCIDENTS] = "DELETE FROM incident WHERE id IN (SELECT id FROM incident WHERE until IS NOT NULL"
				    " AND until < ?1 LIMIT ?2)",
};
