/* Non-blocking connect, write, read; see tcp.h. */
#include "daemon/resolver/tcp.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

enum { SHORTAGE_PAUSE_MS = 20 }; /* before another try to get a descriptor or a port */

void mxw_tcp_try_cancel(struct mxw_tcp_try *try)
{
	mxw_timer_cancel(&try->timer);
	mxw_io_stop(&try->io);
	if (try->is_open)
		close(try->fd);
	try->is_open = false;
	free(try->message);
	try->message = NULL;
}

static void fail(struct mxw_tcp_try *try, enum mxw_attempt_event event)
{
	mxw_tcp_try_cancel(try);
	try->sink->failed(try->arg, event);
}

/* The peer or the way to it said no: what is down here is told apart from a resolver without TCP. */
static void fail_with_errno(struct mxw_tcp_try *try, int error)
{
	bool is_local = error == ENETUNREACH || error == EHOSTUNREACH || error == ENETDOWN || error == EPERM ||
			error == EACCES || error == EAFNOSUPPORT || error == EINVAL;
	fail(try, is_local ? MXW_ATTEMPT_NETWORK : MXW_ATTEMPT_TCP_FAILED);
}

static void finish(struct mxw_tcp_try *try)
{
	uint8_t *message = try->message;
	size_t n = try->n_message;
	enum mxw_match match = mxw_wire_match(message, n, try->query, try->n_query);
	try->message = NULL;
	mxw_tcp_try_cancel(try);
	if (match == MXW_MATCH_NOT_OURS)
		try->sink->failed(try->arg, MXW_ATTEMPT_TCP_FAILED);
	else
		try->sink->received(try->arg, match, message, n);
	free(message);
}

/* Reads what is there. Returns 1 when the message is complete, 0 to wait, negative errno. */
static int read_some(struct mxw_tcp_try *try)
{
	for (;;) {
		bool in_prefix = try->n_read < sizeof(try->prefix);
		size_t at = in_prefix ? try->n_read : try->n_read - sizeof(try->prefix);
		size_t want = (in_prefix ? sizeof(try->prefix) : try->n_message) - at;
		ssize_t n = recv(try->fd, (in_prefix ? try->prefix : try->message) + at, want, 0);
		if (n == 0)
			return -ECONNRESET;
		if (n < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -errno;
		try->n_read += (size_t)n;
		if (in_prefix && try->n_read == sizeof(try->prefix)) {
			try->n_message = (size_t)try->prefix[0] << 8 | try->prefix[1];
			if (!try->n_message)
				return -EBADMSG;
			try->message = malloc(try->n_message);
			if (!try->message)
				return -ENOMEM;
		}
		if (try->message && try->n_read == sizeof(try->prefix) + try->n_message)
			return 1;
	}
}

/* Writes length and query (RFC 1035 4.2.2), in one segment if the kernel takes it. Returns 1 when all is written. */
static int write_some(struct mxw_tcp_try *try)
{
	uint8_t prefix[2] = { (uint8_t)(try->n_query >> 8), (uint8_t)try->n_query };
	size_t n_prefix = try->n_written < sizeof(prefix) ? sizeof(prefix) - try->n_written : 0;
	size_t at = n_prefix ? 0 : try->n_written - sizeof(prefix);
	struct iovec parts[] = {
		{ .iov_base = prefix + sizeof(prefix) - n_prefix, .iov_len = n_prefix },
		{ .iov_base = (void *)(uintptr_t)(try->query + at), .iov_len = try->n_query - at },
	};
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t n = sendmsg(try->fd, &message, MSG_NOSIGNAL);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	try->n_written += (size_t)n;
	return try->n_written == sizeof(prefix) + try->n_query;
}

static int on_writable(struct mxw_tcp_try *try)
{
	if (!try->is_connected) {
		int error = 0;
		socklen_t len = sizeof(error);
		if (getsockopt(try->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
			return -errno;
		if (error)
			return -error;
		try->is_connected = true;
	}
	int r = write_some(try);
	return r > 0 ? mxw_io_watch(&try->io, MXW_IO_READ) : r;
}

static void on_ready(void *arg, int fd, unsigned ready)
{
	struct mxw_tcp_try *try = arg;
	int r = ready & MXW_IO_WRITE ? on_writable(try) : read_some(try);
	if (r < 0)
		fail_with_errno(try, -r);
	else if (r > 0)
		finish(try);
}

static int open_connection(struct mxw_tcp_try *try)
{
	const struct sockaddr *sockaddr = (const struct sockaddr *)&try->address->storage;
	int fd = socket(sockaddr->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	try->fd = fd;
	try->is_open = true;
	if (connect(fd, sockaddr, try->address->len) < 0 && errno != EINPROGRESS)
		return -errno;
	mxw_io_init(&try->io, try->timer.loop, fd, on_ready, try);
	return mxw_io_watch(&try->io, MXW_IO_WRITE);
}

static void on_timer(void *arg)
{
	struct mxw_tcp_try *try = arg;
	int r = open_connection(try);
	if (r >= 0)
		return;
	bool is_shortage = mxw_error_is_shortage(-r) || r == -EADDRNOTAVAIL; /* the latter: no free port (connect(2)) */
	if (!is_shortage) {
		fail_with_errno(try, -r);
		return;
	}
	mxw_tcp_try_cancel(try);
	mxw_timer_in(&try->timer, SHORTAGE_PAUSE_MS);
}

void mxw_tcp_try_start(struct mxw_tcp_try *try, struct mxw_loop *loop, const struct mxw_address *address,
		       const uint8_t *query, size_t n_query, const struct mxw_try_sink *sink, void *arg)
{
	*try = (struct mxw_tcp_try){ .address = address, .query = query, .n_query = n_query, .sink = sink, .arg = arg };
	mxw_timer_init(&try->timer, loop, on_timer, try);
	mxw_timer_in(&try->timer, 0);
}
