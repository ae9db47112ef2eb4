/* sd_notify(3); see service.h. */
#include "daemon/service.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>

#include "daemon/clock.h"

struct mxw_service {
	struct mxw_timer watchdog;
	int64_t period_ms;
};

static void on_watchdog(void *arg)
{
	struct mxw_service *service = arg;
	sd_notify(0, "WATCHDOG=1");
	mxw_timer_in(&service->watchdog, service->period_ms);
}

int mxw_service_new(struct mxw_service **ret, struct mxw_loop *loop)
{
	uint64_t watchdog_us = 0;
	struct mxw_service *service = calloc(1, sizeof(*service));
	if (!service)
		return -ENOMEM;
	mxw_timer_init(&service->watchdog, loop, on_watchdog, service);
	if (sd_watchdog_enabled(0, &watchdog_us) > 0) {
		service->period_ms = (int64_t)(watchdog_us / 3000); /* two may be late before it counts */
		mxw_timer_in(&service->watchdog, 0);
	}
	*ret = service;
	return 0;
}

void mxw_service_free(struct mxw_service *service)
{
	if (!service)
		return;
	mxw_timer_cancel(&service->watchdog);
	free(service);
}

void mxw_service_ready(void)
{
	sd_notify(0, "READY=1");
}

void mxw_service_reloading(void)
{
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRId64, mxw_clock_monotonic_ms() * 1000);
}

void mxw_service_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

void mxw_service_status(const char *format, ...)
{
	char text[256];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sd_notifyf(0, "STATUS=%s", text);
}
