/* The API on the control socket, over the monitor and the store. */
#pragma once

#include "daemon/loop.h"
#include "daemon/monitor/monitor.h"
#include "daemon/store/store.h"

struct mxw_control;

struct mxw_control_host {
	struct mxw_monitor *monitor; /* borrowed, like the store; both outlive the control */
	struct mxw_store *store;
};

int mxw_control_new(struct mxw_control **ret, struct mxw_loop *loop, const struct mxw_control_host *host);
void mxw_control_free(struct mxw_control *control);

/* Listens at `path` (NULL: nowhere), where it has not been listening already. What cannot be done is logged: the daemon watches
 * on without. */
void mxw_control_configure(struct mxw_control *control, const char *path);
