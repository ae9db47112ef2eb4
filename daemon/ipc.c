/* Frames over a non-blocking stream socket; see ipc.h.
 *
 * What comes in is collected until a frame is whole; its length is checked from its first octets, so that a stranger
 * cannot make us wait for gigabytes. What goes out waits in one buffer that starts to move when half of it is gone. */
#include "daemon/ipc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/strbuf.h"
#include "lib/request/request.h"

enum {
	CHUNK = 64 * 1024,
	MAX_READS = 4, /* chunks a turn: the others in the loop want to live too */
};

struct mxw_ipc {
	int fd;
	struct mxw_io io;
	struct mxw_ipc_handler handler;
	struct mxw_strbuf in, out;
	size_t sent; /* octets of `out` that are gone already */
	bool is_closed;
	struct mxw_timer closed; /* a failure inside a call is told from the loop */
	int error;               /* that `closed` tells */
	bool *freed;             /* on the stack of a running callback */
};

static void stop(struct mxw_ipc *ipc)
{
	mxw_io_stop(&ipc->io);
	mxw_timer_cancel(&ipc->closed);
	if (ipc->fd >= 0)
		close(ipc->fd);
	ipc->fd = -1;
	ipc->is_closed = true;
}

/* The last thing that happens to an object: its callback may free it. */
static void complete(struct mxw_ipc *ipc, int error)
{
	stop(ipc);
	ipc->handler.closed(ipc->handler.arg, error);
}

static void on_closed(void *arg)
{
	struct mxw_ipc *ipc = arg;
	complete(ipc, ipc->error);
}

static void close_later(struct mxw_ipc *ipc, int error)
{
	stop(ipc);
	ipc->error = error;
	mxw_timer_in(&ipc->closed, 0);
}

static void forget_sent(struct mxw_ipc *ipc)
{
	size_t left = ipc->out.len - ipc->sent;
	if (left && ipc->sent < ipc->out.len / 2)
		return;
	if (left)
		memmove(ipc->out.data, ipc->out.data + ipc->sent, left);
	ipc->out.len = left;
	ipc->sent = 0;
	if (!left && ipc->out.capacity > CHUNK)
		mxw_strbuf_done(&ipc->out); /* a burst is over: its memory is given back */
}

/* 0 or the error of the socket. */
static int flush(struct mxw_ipc *ipc)
{
	while (ipc->sent < ipc->out.len) {
		ssize_t n = send(ipc->fd, ipc->out.data + ipc->sent, ipc->out.len - ipc->sent, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			return -errno;
		if (n < 0)
			break;
		ipc->sent += (size_t)n;
	}
	forget_sent(ipc);
	return mxw_io_watch(&ipc->io, MXW_IO_READ | (ipc->out.len ? MXW_IO_WRITE : 0));
}

/* Hands over every whole frame. 0, an error, or 1 when a callback freed or closed the object. */
static int dispatch(struct mxw_ipc *ipc)
{
	size_t used = 0;
	int r = 0;
	bool freed = false;
	ipc->freed = &freed;
	while (r == 0) {
		uint64_t delivery;
		const void *message;
		size_t n;
		int64_t length = mxw_frame_get(ipc->in.data + used, ipc->in.len - used, &delivery, &message, &n);
		if (length == 0)
			break;
		if (length < 0) {
			r = (int)length;
			break;
		}
		ipc->handler.message(ipc->handler.arg, delivery, message, n);
		if (freed)
			return 1;
		used += (size_t)length;
		r = ipc->is_closed ? 1 : 0;
	}
	ipc->freed = NULL;
	if (used) {
		memmove(ipc->in.data, ipc->in.data + used, ipc->in.len - used);
		ipc->in.len -= used;
	}
	return r;
}

/* As dispatch(); -EPIPE at the end of the stream. */
static int receive(struct mxw_ipc *ipc)
{
	char chunk[CHUNK];
	for (int i = 0; i < MAX_READS; i++) {
		ssize_t n = recv(ipc->fd, chunk, sizeof(chunk), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		if (n == 0)
			return -EPIPE;
		mxw_strbuf_add(&ipc->in, chunk, (size_t)n);
		if (mxw_strbuf_failed(&ipc->in))
			return -ENOMEM;
		int r = dispatch(ipc);
		if (r)
			return r;
	}
	return 0;
}

static void on_ready(void *arg, int fd, unsigned ready)
{
	struct mxw_ipc *ipc = arg;
	int r = ready & MXW_IO_READ ? receive(ipc) : 0;
	if (r > 0)
		return;
	if (r == 0 && ready & MXW_IO_WRITE)
		r = flush(ipc);
	if (r < 0)
		complete(ipc, r);
}

static int prepare(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return -errno;
	return 0;
}

int mxw_ipc_new(struct mxw_ipc **ret, struct mxw_loop *loop, int fd, const struct mxw_ipc_handler *handler)
{
	struct mxw_ipc *ipc = calloc(1, sizeof(*ipc));
	int r = ipc ? prepare(fd) : -ENOMEM;
	if (r == 0) {
		ipc->fd = fd;
		ipc->handler = *handler;
		mxw_timer_init(&ipc->closed, loop, on_closed, ipc);
		mxw_io_init(&ipc->io, loop, fd, on_ready, ipc);
		r = mxw_io_watch(&ipc->io, MXW_IO_READ);
	}
	if (r < 0) {
		close(fd);
		free(ipc);
		return r;
	}
	*ret = ipc;
	return 0;
}

void mxw_ipc_free(struct mxw_ipc *ipc)
{
	if (!ipc)
		return;
	if (ipc->freed)
		*ipc->freed = true;
	stop(ipc);
	mxw_strbuf_done(&ipc->in);
	mxw_strbuf_done(&ipc->out);
	free(ipc);
}

int mxw_ipc_send(struct mxw_ipc *ipc, uint64_t delivery, const void *message, size_t n)
{
	if (ipc->is_closed)
		return -EPIPE;
	size_t queued = ipc->out.len - ipc->sent, length = ipc->out.len;
	if (queued + n + MXW_FRAME_HEADER > MXW_IPC_MAX_QUEUED)
		return -ENOBUFS;
	int r = mxw_frame_put(&ipc->out, delivery, message, n);
	if (r < 0) {
		ipc->out.len = length; /* half a frame would spoil all that follow */
		ipc->out.failed = false;
		return r;
	}
	if (queued)
		return 0; /* written in its turn */
	r = flush(ipc);
	if (r == 0)
		return 0;
	close_later(ipc, r);
	return -EPIPE;
}
