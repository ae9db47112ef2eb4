/* One connection; see connection.h. */
#include "daemon/control/connection.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK = 4096, MAX_IN = MXW_HTTP_MAX_HEAD + MXW_HTTP_MAX_BODY };

static void close_connection(struct mxw_control_connection *connection)
{
	void (*closed)(void *) = connection->closed;
	void *owner = connection->owner;
	mxw_control_connection_free(connection);
	closed(owner);
}

/* What the socket takes now. 0 when more is to be written, 1 when all is, or a negative errno. */
static int write_some(struct mxw_control_connection *connection)
{
	while (connection->n_written < connection->out.len) {
		ssize_t n = send(connection->io.fd, connection->out.data + connection->n_written,
				 connection->out.len - connection->n_written, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		connection->n_written += (size_t)n;
	}
	return 1;
}

static void on_writable(struct mxw_control_connection *connection)
{
	if (write_some(connection) != 0)
		close_connection(connection);
}

/* From now on nothing is read. */
static void respond(struct mxw_control_connection *connection, int r)
{
	mxw_timer_in(&connection->deadline, MXW_CONTROL_TIMEOUT_MS);
	if (r < 0 || mxw_strbuf_failed(&connection->out) || mxw_io_watch(&connection->io, MXW_IO_WRITE) < 0) {
		close_connection(connection);
		return;
	}
	on_writable(connection);
}

static void say_continue(struct mxw_control_connection *connection)
{
	static const char text[] = "HTTP/1.1 100 Continue\r\n\r\n";
	if (connection->has_continued)
		return;
	connection->has_continued = true;
	/* An empty socket takes it; if not, the client goes on by itself after a while. */
	if (send(connection->io.fd, text, sizeof(text) - 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		return;
}

static void look_at_request(struct mxw_control_connection *connection)
{
	const struct mxw_control_params *params = connection->params;
	struct mxw_http_request request;
	switch (mxw_http_request_read(&request, connection->in.data, connection->in.len)) {
	case MXW_HTTP_INCOMPLETE:
		if (request.wants_continue)
			say_continue(connection);
		break;
	case MXW_HTTP_COMPLETE:
		respond(connection, params->handle(params->arg, &request, connection->peer_uid, &connection->out));
		break;
	case MXW_HTTP_BAD:
		respond(connection, params->refuse(params->arg, request.status, &connection->out));
		break;
	}
}

/* One chunk a turn: a client that pours does not keep the loop. */
static void on_readable(struct mxw_control_connection *connection)
{
	char chunk[CHUNK];
	ssize_t n = recv(connection->io.fd, chunk, sizeof(chunk), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		close_connection(connection);
		return;
	}
	mxw_strbuf_add(&connection->in, chunk, (size_t)n);
	if (mxw_strbuf_failed(&connection->in) || connection->in.len > MAX_IN + CHUNK)
		close_connection(connection);
	else
		look_at_request(connection);
}

static void on_io(void *arg, int fd, unsigned ready)
{
	struct mxw_control_connection *connection = arg;
	if (connection->out.len)
		on_writable(connection);
	else if (ready & MXW_IO_READ)
		on_readable(connection);
}

static void on_deadline(void *arg)
{
	struct mxw_control_connection *connection = arg;
	const struct mxw_control_params *params = connection->params;
	enum { REQUEST_TIMEOUT = 408 };
	if (connection->out.len || !connection->in.len)
		close_connection(connection);
	else
		respond(connection, params->refuse(params->arg, REQUEST_TIMEOUT, &connection->out));
}

int mxw_control_connection_new(struct mxw_control_connection **ret, struct mxw_loop *loop, int fd,
			       const struct mxw_control_params *params)
{
	struct mxw_control_connection *connection = calloc(1, sizeof(*connection));
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t n = sizeof(peer);
	if (!connection) {
		close(fd);
		return -ENOMEM;
	}
	connection->params = params;
	mxw_io_init(&connection->io, loop, fd, on_io, connection);
	mxw_timer_init(&connection->deadline, loop, on_deadline, connection);
	int r = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) < 0 ? -errno
								       : mxw_io_watch(&connection->io, MXW_IO_READ);
	if (r < 0) {
		mxw_control_connection_free(connection);
		return r;
	}
	connection->peer_uid = peer.uid;
	mxw_timer_in(&connection->deadline, MXW_CONTROL_TIMEOUT_MS);
	*ret = connection;
	return 0;
}

void mxw_control_connection_free(struct mxw_control_connection *connection)
{
	if (connection->link) {
		*connection->link = connection->next;
		if (connection->next)
			connection->next->link = connection->link;
	}
	mxw_io_stop(&connection->io);
	mxw_timer_cancel(&connection->deadline);
	close(connection->io.fd);
	mxw_strbuf_done(&connection->in);
	mxw_strbuf_done(&connection->out);
	free(connection);
}
