/* The sender process as the core sees it: started with fork and exec, restarted when it dies or hangs.
 *
 * A courier carries deliveries and reports results. While something is in flight the process must answer a pulse every
 * few seconds. When it is lost, everything in flight is reported as lost once (status MXW_RETRY, text "sender
 * restarted") and a new process is started after a pause that grows from 100 ms to 10 s. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "daemon/loop.h"
#include "lib/request/request.h"

struct mxw_courier;

enum {
	MXW_COURIER_MAX_IN_FLIGHT = 256, /* deliveries handed over and not yet answered */
	/* Without a result for its timeout plus this long: a delivery was forgotten. A stuck loop shows sooner, by its pulse. */
	MXW_COURIER_HANG_MS = 120 * 1000,
};

typedef void (*mxw_courier_result)(void *arg, uint64_t delivery, const struct mxw_result *result);

/* `path`: the mxwatch-sender binary. The process is started at once; negative errno if it cannot be. The callbacks
 * come from the loop, never from inside a call; they may send, but not free the courier. */
int mxw_courier_new(struct mxw_courier **ret, struct mxw_loop *loop, const char *path, mxw_courier_result callback,
		    void *arg);
/* Asks the process to end, waits at most `grace_ms` for it without the loop, then kills it. No callback comes. */
void mxw_courier_free(struct mxw_courier *courier, int64_t grace_ms);

/* Hands over an encoded request. `timeout_ms` is the request's own. 0, -EAGAIN (full or the process is being restarted:
 * the ready callback tells when to try again), -ENOMEM. The result comes later by the callback, exactly once. */
int mxw_courier_send(struct mxw_courier *courier, uint64_t delivery, const void *request, size_t n, int64_t timeout_ms);
void mxw_courier_on_ready(struct mxw_courier *courier, void (*callback)(void *arg), void *arg);
size_t mxw_courier_in_flight(const struct mxw_courier *courier);
