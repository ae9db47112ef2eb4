/* From the schema of an earlier version to ours: all steps in one transaction, so that a file is of one version or the other.
 * What was there before is kept as a file beside the store, one a version: the way back. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/log.h"
#include "daemon/store/internal.h"
#include "daemon/store/schema.h"
#include "lib/base/strbuf.h"

/* It has its name when it is complete. */
static int write_copy(struct mxw_store *store, const char *path, const char *new_path)
{
	char *sql = sqlite3_mprintf("VACUUM INTO %Q", new_path);
	int r = !sql ? -ENOMEM : unlink(new_path) < 0 && errno != ENOENT ? -errno : 0;
	if (r == 0)
		r = mxw_store_run_sql(store, sql);
	if (r == 0)
		r = mxw_store_sync(new_path);
	if (r == 0 && rename(new_path, path) < 0)
		r = -errno;
	if (r < 0)
		unlink(new_path);
	sqlite3_free(sql);
	return r;
}

static int keep_copy(struct mxw_store *store, int version)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf path = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf new_path = MXW_STRBUF_INIT;
	const char *file = sqlite3_db_filename(store->db, "main");
	mxw_strbuf_addf(&path, "%s.v%d", file, version);
	mxw_strbuf_addf(&new_path, "%s.new", mxw_strbuf_get(&path));
	if (mxw_strbuf_failed(&path) || mxw_strbuf_failed(&new_path))
		return -ENOMEM;
	int r = write_copy(store, path.data, new_path.data);
	if (r < 0)
		mxw_log(MXW_LOG_ERROR, "store: version %d cannot be kept as %s, and is not taken over without: %s",
			version, path.data, strerror(-r));
	return r;
}

static int run_steps(struct mxw_store *store, int from)
{
	char version[64];
	int r = 0;
	for (int i = from; r == 0 && i < MXW_STORE_VERSION; i++)
		r = mxw_store_run_sql(store, mxw_store_migrations[i - 1]);
	snprintf(version, sizeof(version), "PRAGMA user_version = %d; COMMIT", MXW_STORE_VERSION);
	return r < 0 ? r : mxw_store_run_sql(store, version);
}

int mxw_store_migrate(struct mxw_store *store, int from)
{
	int r = keep_copy(store, from);
	if (r == 0)
		r = mxw_store_run_sql(store, "BEGIN EXCLUSIVE");
	if (r < 0)
		return r;
	r = run_steps(store, from);
	if (r < 0)
		mxw_store_rollback(store);
	else
		mxw_log(MXW_LOG_NOTICE, "store: taken over from version %d to %d; what it was is kept as %s.v%d", from,
			MXW_STORE_VERSION, sqlite3_db_filename(store->db, "main"), from);
	return r;
}
