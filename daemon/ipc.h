/* The socket pair between core and sender: frames of lib/request, non-blocking, bounded in both directions. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "daemon/loop.h"

struct mxw_ipc;

struct mxw_ipc_handler {
	/* A whole frame arrived; `message` is borrowed. */
	void (*message)(void *arg, uint64_t delivery, const void *message, size_t n);
	/* The other side is gone (-EPIPE, -ECONNRESET) or sent what can never be a frame (-EBADMSG), or memory ran out;
	 * called once, the object stays to be freed. */
	void (*closed)(void *arg, int error);
	void *arg;
};

/* Takes over the descriptor (non-blocking, close-on-exec from here on), also when it fails. Both handlers come from the
 * loop, never from inside a call, and may free the object. Negative errno. */
int mxw_ipc_new(struct mxw_ipc **ret, struct mxw_loop *loop, int fd, const struct mxw_ipc_handler *handler);
void mxw_ipc_free(struct mxw_ipc *ipc);

/* Queues one frame; -ENOBUFS when the queue is at its limit (try again after some results), -ENOMEM, -EPIPE once
 * closed. */
int mxw_ipc_send(struct mxw_ipc *ipc, uint64_t delivery, const void *message, size_t n);
enum { MXW_IPC_MAX_QUEUED = 8 * 1024 * 1024 };
