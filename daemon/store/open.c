/* The file of the store: opened and checked, made if there is none, set aside if it is damaged.
 *
 * A kill at any moment leaves a directory from which the next start goes on. A new file is made under another name and gets
 * its own when it is complete; a damaged one is set aside only when its successor is complete, and that one says where
 * its predecessor is kept until somebody was told of it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/log.h"
#include "daemon/store/internal.h"
#include "daemon/store/schema.h"
#include "lib/base/strbuf.h"

/* Somebody with sqlite3 on the file. */
enum {
	START_BUSY_TIMEOUT_MS = 5000, /* before the loop runs there is time */
	BUSY_TIMEOUT_MS = 100,        /* the loop does not wait long, a failed commit is tried again */
};

/* What belongs to a file of SQLite, itself last: as long as that is there the others are looked for. */
static const char *const suffixes[] = { "-journal", "-wal", "-shm", "" };

struct place {
	const char *dir;
	struct mxw_strbuf path, new_path;
};

/* ---- the database in a file ---- */

/* First column of the first row as text into ret; "" if there is no row. */
static int query_text(struct mxw_store *store, const char *sql, char *ret, size_t n)
{
	sqlite3_stmt *statement = NULL;
	ret[0] = '\0';
	int r = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);
	if (r == SQLITE_OK) {
		r = sqlite3_step(statement);
		const unsigned char *text = r == SQLITE_ROW ? sqlite3_column_text(statement, 0) : NULL;
		if (text)
			snprintf(ret, n, "%s", (const char *)text);
	}
	sqlite3_finalize(statement);
	return r == SQLITE_ROW || r == SQLITE_DONE ? 0 : mxw_store_error(store, r, sql);
}

static int connect_file(struct mxw_store *store, const char *path)
{
	int r = sqlite3_open_v2(path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
				NULL);
	if (r != SQLITE_OK)
		return mxw_store_error(store, r, path);
	sqlite3_busy_timeout(store->db, START_BUSY_TIMEOUT_MS);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return mxw_store_run_sql(store, "PRAGMA synchronous = FULL");
}

static void disconnect(struct mxw_store *store)
{
	for (size_t i = 0; i < MXW_N_STATEMENTS; i++) {
		sqlite3_finalize(store->statements[i]);
		store->statements[i] = NULL;
	}
	if (store->health != MXW_STORE_GOOD) /* what cannot be trusted is written nowhere else */
		sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_close(store->db);
	store->db = NULL;
}

static int read_version(struct mxw_store *store, int *ret)
{
	char text[16];
	int r = query_text(store, "PRAGMA user_version", text, sizeof(text));
	*ret = atoi(text);
	return r;
}

static int read_predecessor(struct mxw_store *store)
{
	return query_text(store, "SELECT value FROM meta WHERE key = 'predecessor'", store->predecessor,
			  sizeof(store->predecessor));
}

/* Is the open file a store that we can trust? -EPROTO: from the future; -EUCLEAN: damaged, or none of ours. Any other error
 * says nothing about the file: one that is locked, read-only or on a failing disk must not be taken for damaged. */
static int check(struct mxw_store *store)
{
	char text[256];
	int version = 0;
	int r = query_text(store, "PRAGMA quick_check(1)", text, sizeof(text));
	if (r < 0)
		return r;
	if (strcmp(text, "ok") != 0)
		return -EUCLEAN;
	r = read_version(store, &version);
	if (r < 0)
		return r;
	if (version > MXW_STORE_VERSION)
		return -EPROTO;
	if (version <= 0)
		return -EUCLEAN;
	if (version < MXW_STORE_VERSION && (r = mxw_store_migrate(store, version)) < 0)
		return r;
	r = mxw_store_prepare(store); /* the quick check reads no names */
	if (r < 0)
		return r;
	r = query_text(store, "SELECT value FROM meta WHERE key = 'epoch'", store->epoch, sizeof(store->epoch));
	if (r == 0)
		r = read_predecessor(store);
	if (r < 0)
		return r;
	return strlen(store->epoch) == MXW_ALERT_EPOCH_LEN ? 0 : -EUCLEAN;
}

/* A file of no length is no new one: that gets its name when it is complete. */
static bool is_emptied(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0;
}

static int use_file(struct mxw_store *store, const char *path)
{
	char mode[16];
	if (is_emptied(path))
		return -EUCLEAN;
	int r = connect_file(store, path);
	if (r == 0)
		r = query_text(store, "PRAGMA journal_mode = WAL", mode, sizeof(mode));
	if (r < 0)
		return r;
	if (strcmp(mode, "wal") != 0)
		return -EIO;
	r = check(store);
	/* SQLite only reads a file whose header asks for a later format. One that we may not write is another matter. */
	if (r == 0 && sqlite3_db_readonly(store->db, "main") == 1)
		r = access(path, W_OK) == 0 ? -EUCLEAN : -errno;
	if (r == 0)
		sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
	return r;
}

/* ---- a new file ---- */

/* For a file and its companions: renamed, or removed if there is no new name. What does not exist is as wanted. */
static int move_file(const char *from_path, const char *to_path, size_t n_suffixes)
{
	int r = 0;
	for (size_t i = 0; r == 0 && i < n_suffixes; i++) {
		struct mxw_strbuf from = MXW_STRBUF_INIT, to = MXW_STRBUF_INIT;
		mxw_strbuf_addf(&from, "%s%s", from_path, suffixes[i]);
		mxw_strbuf_addf(&to, "%s%s", to_path, suffixes[i]);
		if (from.failed || to.failed)
			r = -ENOMEM;
		else if ((*to_path ? rename(from.data, to.data) : unlink(from.data)) < 0 && errno != ENOENT)
			r = -errno;
		mxw_strbuf_done(&from);
		mxw_strbuf_done(&to);
	}
	return r;
}

int mxw_store_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int r = fd < 0 || fsync(fd) < 0 ? -errno : 0;
	if (fd >= 0)
		close(fd);
	return r;
}

static int make_epoch(char ret[MXW_ALERT_EPOCH_LEN + 1])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	unsigned char random[MXW_ALERT_EPOCH_LEN];
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return -EIO;
	for (size_t i = 0; i < MXW_ALERT_EPOCH_LEN; i++)
		ret[i] = letters[random[i] % (sizeof(letters) - 1)];
	ret[MXW_ALERT_EPOCH_LEN] = '\0';
	return 0;
}

/* All tables in one transaction: the version says whether a file is complete. */
static int fill(struct mxw_store *store, const char *predecessor)
{
	char epoch[MXW_ALERT_EPOCH_LEN + 1];
	int r = make_epoch(epoch);
	if (r < 0)
		return r;
	char *sql = sqlite3_mprintf("INSERT INTO meta VALUES ('epoch', %Q), ('predecessor', %Q);"
				    " PRAGMA user_version = %d; COMMIT",
				    epoch, predecessor, MXW_STORE_VERSION);
	if (!sql)
		return -ENOMEM;
	if ((r = mxw_store_run_sql(store, "BEGIN EXCLUSIVE")) == 0 &&
	    (r = mxw_store_run_sql(store, mxw_store_schema)) == 0)
		r = mxw_store_run_sql(store, sql);
	sqlite3_free(sql);
	return r;
}

/* A complete new file beside the place of the store. */
static int make_new(struct mxw_store *store, const struct place *place, const char *predecessor)
{
	const char *path = place->new_path.data;
	int r = move_file(path, "", MXW_ARRAY_SIZE(suffixes));
	if (r == 0)
		r = connect_file(store, path);
	if (r == 0)
		r = fill(store, predecessor);
	disconnect(store);
	if (r < 0)
		move_file(path, "", MXW_ARRAY_SIZE(suffixes));
	return r;
}

/* Gives the new file the store's name; the file that has it makes way for it. Companions without a file are nobody's. */
static int put_in_place(const struct place *place, const char *predecessor)
{
	size_t n_suffixes = MXW_ARRAY_SIZE(suffixes) - (*predecessor ? 0 : 1);
	int r = move_file(place->path.data, predecessor, n_suffixes);
	if (r == 0 && rename(place->new_path.data, place->path.data) < 0)
		r = -errno;
	return r < 0 ? r : mxw_store_sync(place->dir);
}

/* Goes on where an earlier process was killed while it made or replaced the store. */
static int finish_replacement(struct mxw_store *store, const struct place *place)
{
	int version = 0;
	if (access(place->new_path.data, F_OK) < 0)
		return 0;
	int r = connect_file(store, place->new_path.data);
	if (r == 0)
		r = read_version(store, &version);
	bool is_complete = r == 0 && version == MXW_STORE_VERSION;
	if (is_complete)
		r = read_predecessor(store);
	disconnect(store);
	if (is_complete && r == 0)
		return put_in_place(place, store->predecessor);
	return r == 0 || r == -EUCLEAN ? move_file(place->new_path.data, "", MXW_ARRAY_SIZE(suffixes)) : r;
}

/* ---- opening ---- */

static int take_lock(struct mxw_store *store, const char *dir)
{
	struct mxw_strbuf path = MXW_STRBUF_INIT;
	mxw_strbuf_addf(&path, "%s/lock", dir);
	if (path.failed)
		return -ENOMEM;
	store->lock_fd = open(path.data, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	int r = store->lock_fd < 0 ? -errno : flock(store->lock_fd, LOCK_EX | LOCK_NB) < 0 ? -errno : 0;
	mxw_strbuf_done(&path);
	return r;
}

/* A new store, the damaged one being kept under another name. */
static int replace(struct mxw_store *store, const struct place *place, int64_t now_wall_ms, char **ret_set_aside)
{
	struct mxw_strbuf kept = MXW_STRBUF_INIT;
	mxw_strbuf_addf(&kept, "%s.corrupt.%" PRId64, place->path.data, now_wall_ms);
	int r = kept.failed || kept.len >= sizeof(store->predecessor) ? -ENOMEM : 0;
	if (r == 0)
		r = make_new(store, place, kept.data);
	if (r == 0)
		r = put_in_place(place, kept.data);
	if (r == 0)
		r = use_file(store, place->path.data);
	if (r == 0)
		*ret_set_aside = mxw_strbuf_take(&kept);
	mxw_strbuf_done(&kept);
	return r;
}

static int open_place(struct mxw_store *store, const struct place *place, int64_t now_wall_ms, bool is_damaged,
		      char **ret_set_aside)
{
	if (place->path.failed || place->new_path.failed)
		return -ENOMEM;
	int r = take_lock(store, place->dir);
	if (r == 0)
		r = finish_replacement(store, place);
	if (r == 0 && access(place->path.data, F_OK) < 0 && (r = make_new(store, place, "")) == 0)
		r = put_in_place(place, "");
	if (r == 0)
		r = is_damaged ? -EUCLEAN : use_file(store, place->path.data);
	if (r == -EUCLEAN) {
		disconnect(store);
		store->health = MXW_STORE_GOOD;
		r = replace(store, place, now_wall_ms, ret_set_aside);
	}
	return r;
}

static int open_store(struct mxw_store **ret, const char *dir, int64_t now_wall_ms, bool is_damaged,
		      char **ret_set_aside)
{
	struct place place = { .dir = dir, .path = MXW_STRBUF_INIT, .new_path = MXW_STRBUF_INIT };
	struct mxw_store *store = calloc(1, sizeof(*store));
	*ret_set_aside = NULL;
	if (!store)
		return -ENOMEM;
	store->lock_fd = -1;
	mxw_strbuf_addf(&place.path, "%s/mxwatch.db", dir);
	mxw_strbuf_addf(&place.new_path, "%s/mxwatch.db.new", dir);
	int r = open_place(store, &place, now_wall_ms, is_damaged, ret_set_aside);
	if (r < 0)
		mxw_store_close(store);
	else
		*ret = store;
	mxw_strbuf_done(&place.path);
	mxw_strbuf_done(&place.new_path);
	return r;
}

int mxw_store_open(struct mxw_store **ret, const char *dir, int64_t now_wall_ms, char **ret_set_aside)
{
	return open_store(ret, dir, now_wall_ms, false, ret_set_aside);
}

int mxw_store_open_anew(struct mxw_store **ret, const char *dir, int64_t now_wall_ms, char **ret_set_aside)
{
	return open_store(ret, dir, now_wall_ms, true, ret_set_aside);
}

void mxw_store_close(struct mxw_store *store)
{
	if (!store)
		return;
	disconnect(store);
	if (store->lock_fd >= 0)
		close(store->lock_fd);
	free(store);
}
