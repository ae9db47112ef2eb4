/* The service manager's side: readiness, status and watchdog of sd_notify(3). Without one everything here is a no-op. */
#pragma once

#include "daemon/loop.h"
#include "lib/base/util.h"

struct mxw_service;

/* Starts to feed the watchdog from the loop, if the manager wants it ($WATCHDOG_USEC): a stuck loop is restarted. */
int mxw_service_new(struct mxw_service **ret, struct mxw_loop *loop);
void mxw_service_free(struct mxw_service *service);

void mxw_service_ready(void);
void mxw_service_reloading(void);
void mxw_service_stopping(void);
void mxw_service_status(const char *format, ...) MXW_PRINTF(1, 2); /* one line for `systemctl status` */
