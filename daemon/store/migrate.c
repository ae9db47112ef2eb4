/* From the schema of an earlier version to ours: all steps in one transaction, so that a file is of one version or the other. */
#include <stdio.h>

#include "daemon/log.h"
#include "daemon/store/internal.h"
#include "daemon/store/schema.h"

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
	int r = mxw_store_run_sql(store, "BEGIN EXCLUSIVE");
	if (r < 0)
		return r;
	r = run_steps(store, from);
	if (r < 0)
		mxw_store_rollback(store);
	else
		mxw_log(MXW_LOG_NOTICE, "store: taken over from version %d to %d", from, MXW_STORE_VERSION);
	return r;
}
