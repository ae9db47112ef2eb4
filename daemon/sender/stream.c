/* One TCP connection and its queue; see stream.h. */
#include "daemon/sender/stream.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utlist.h>

enum { ACK_POLL_MS = 10, MAX_ACK_POLL_MS = 200 };

enum state { CLOSED, RESOLVING, CONNECTING, OPEN };

struct mxw_stream {
	struct mxw_loop *loop;
	struct mxw_names *names;
	struct mxw_endpoint endpoint;
	struct mxw_names_wait lookup;
	enum state state;
	struct mxw_addresses addresses;
	size_t next_address;
	int fd;
	struct mxw_io io;
	struct mxw_timer
		timer; /* CONNECTING: deadline; OPEN: the next look at what is acknowledged, or the end of idleness */
	int64_t ack_poll_ms;
	struct mxw_job *unsent;  /* the head may be written in part */
	size_t written;          /* of the head */
	struct mxw_job *unacked; /* written whole, oldest first */
};

static void close_socket(struct mxw_stream *stream)
{
	mxw_io_stop(&stream->io);
	mxw_timer_cancel(&stream->timer);
	if (stream->fd >= 0)
		close(stream->fd);
	stream->fd = -1;
	stream->written = 0;
	stream->state = CLOSED;
}

static void fail_list(struct mxw_job **list, const char *what, const char *problem)
{
	while (*list) {
		struct mxw_job *job = *list;
		DL_DELETE(*list, job);
		mxw_job_end(job, MXW_RETRY, 0, "%s: %s", what, problem);
	}
}

static void fail_all(struct mxw_stream *stream, const char *what, const char *problem)
{
	close_socket(stream);
	fail_list(&stream->unacked, what, problem);
	fail_list(&stream->unsent, what, problem);
}

static void connect_next(struct mxw_stream *stream, int error);
static void on_timer(void *arg);

/* Octets that the other side has not acknowledged yet. */
static size_t outstanding(const struct mxw_stream *stream)
{
	int n = 0;
	return ioctl(stream->fd, SIOCOUTQ, &n) < 0 || n < 0 ? SIZE_MAX : (size_t)n;
}

/* Ends the jobs that are acknowledged whole. What is outstanding is the tail of all that was written: the unacked jobs
 * and the written part of the head. */
static void collect_acked(struct mxw_stream *stream)
{
	size_t left = outstanding(stream), after = stream->written;
	struct mxw_job *job;
	DL_FOREACH (stream->unacked, job)
		after += job->n_wire;
	while ((job = stream->unacked) != NULL) {
		after -= job->n_wire; /* written after this job */
		if (left > after)
			return;
		DL_DELETE(stream->unacked, job);
		mxw_job_end(job, MXW_DELIVERED, 0, "acknowledged");
	}
}

static void await_acks(struct mxw_stream *stream)
{
	collect_acked(stream);
	if (stream->state != OPEN)
		return;
	if (!stream->unacked) {
		stream->ack_poll_ms = ACK_POLL_MS;
		mxw_timer_in(&stream->timer, MXW_STREAM_IDLE_MS);
		return;
	}
	mxw_timer_in(&stream->timer, stream->ack_poll_ms);
	stream->ack_poll_ms = MXW_MIN(2 * stream->ack_poll_ms, (int64_t)MAX_ACK_POLL_MS);
}

/* Writes what the socket takes: 0 or the error. */
static int write_some(struct mxw_stream *stream)
{
	while (stream->unsent) {
		struct mxw_job *job = stream->unsent;
		ssize_t n = send(stream->fd, job->wire + stream->written, job->n_wire - stream->written, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : errno;
		stream->written += (size_t)n;
		if (stream->written < job->n_wire)
			continue;
		stream->written = 0;
		DL_DELETE(stream->unsent, job);
		DL_APPEND(stream->unacked, job);
	}
	return 0;
}

static void flush(struct mxw_stream *stream)
{
	int error = write_some(stream);
	int r = error ? -error : mxw_io_watch(&stream->io, MXW_IO_READ | (stream->unsent ? MXW_IO_WRITE : 0));
	if (r < 0) {
		fail_all(stream, "send", strerror(-r));
		return;
	}
	stream->ack_poll_ms = ACK_POLL_MS;
	await_acks(stream);
}

/* A syslog server says nothing; what it says is thrown away, and its end of the stream ends ours. */
static void drain(struct mxw_stream *stream)
{
	char trash[4096];
	ssize_t n = recv(stream->fd, trash, sizeof(trash), 0);
	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	int error = n < 0 ? errno : 0;
	if (!error)
		collect_acked(stream);
	fail_all(stream, "connection lost", error ? strerror(error) : "closed by the other side");
}

static void on_connected(struct mxw_stream *stream)
{
	int error = 0;
	socklen_t n = sizeof(error);
	if (getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &error, &n) < 0)
		error = errno;
	if (error) {
		connect_next(stream, error);
		return;
	}
	stream->state = OPEN;
	flush(stream);
}

static void on_ready(void *arg, int fd, unsigned ready)
{
	struct mxw_stream *stream = arg;
	if (stream->state == CONNECTING) {
		on_connected(stream);
		return;
	}
	if (ready & MXW_IO_READ)
		drain(stream);
	if (stream->state == OPEN && ready & MXW_IO_WRITE)
		flush(stream);
}

static int start_connect(struct mxw_stream *stream, const struct mxw_ip *ip)
{
	static const int on = 1;
	struct sockaddr_storage address;
	socklen_t n = mxw_endpoint_ip_address(ip, stream->endpoint.port, &address);
	stream->fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (stream->fd < 0)
		return errno;
	setsockopt(stream->fd, IPPROTO_TCP, TCP_NODELAY, &on,
		   sizeof(on)); /* lines are small and few; failure costs ms */
	if (connect(stream->fd, (const struct sockaddr *)&address, n) < 0 && errno != EINPROGRESS)
		return errno;
	mxw_io_init(&stream->io, stream->loop, stream->fd, on_ready, stream);
	int r = mxw_io_watch(&stream->io, MXW_IO_WRITE);
	if (r < 0)
		return -r;
	stream->state = CONNECTING;
	mxw_timer_in(&stream->timer, MXW_STREAM_CONNECT_MS);
	return 0;
}

/* The next address, or the end with the error of the last one. */
static void connect_next(struct mxw_stream *stream, int error)
{
	do {
		close_socket(stream);
		if (stream->next_address == stream->addresses.n) {
			fail_all(stream, "connect", strerror(error));
			return;
		}
		error = start_connect(stream, &stream->addresses.ips[stream->next_address++]);
	} while (error);
}

static void on_timer(void *arg)
{
	struct mxw_stream *stream = arg;
	if (stream->state == CONNECTING)
		connect_next(stream, ETIMEDOUT);
	else if (stream->unacked)
		await_acks(stream);
	else if (!stream->unsent)
		close_socket(stream);
}

static void on_addresses(void *arg, const char *problem, const struct mxw_addresses *addresses)
{
	struct mxw_stream *stream = arg;
	stream->state = CLOSED;
	if (problem) {
		fail_all(stream, "name lookup", problem);
		return;
	}
	stream->addresses = *addresses;
	stream->next_address = 0;
	connect_next(stream, EHOSTUNREACH);
}

static void start(struct mxw_stream *stream)
{
	if (mxw_names_literal(stream->endpoint.host, &stream->addresses)) {
		stream->next_address = 0;
		connect_next(stream, EHOSTUNREACH);
		return;
	}
	int r = mxw_names_ask(stream->names, stream->endpoint.host, &stream->lookup);
	if (r < 0)
		fail_all(stream, "name lookup", strerror(-r));
	else
		stream->state = RESOLVING;
}

/* A job's time is over. Half a frame or a silent other side spoils the connection for the others as well. */
static void on_late(void *arg)
{
	static const char *const texts[] = {
		[CLOSED] = "connect", [RESOLVING] = "name lookup", [CONNECTING] = "connect"
	};
	struct mxw_job *job = arg;
	struct mxw_stream *stream = job->owner;
	if (stream->state == OPEN) {
		fail_all(stream, "timeout", stream->unacked ? "not acknowledged" : "no room in the socket");
		return;
	}
	DL_DELETE(stream->unsent, job);
	mxw_job_end(job, MXW_RETRY, 0, "%s: timeout", texts[stream->state]);
}

int mxw_stream_new(struct mxw_stream **ret, struct mxw_loop *loop, struct mxw_names *names,
		   const struct mxw_endpoint *endpoint)
{
	struct mxw_stream *stream = calloc(1, sizeof(*stream));
	if (!stream)
		return -ENOMEM;
	*stream = (struct mxw_stream){ .loop = loop, .names = names, .endpoint = *endpoint, .fd = -1 };
	stream->lookup.callback = on_addresses;
	stream->lookup.arg = stream;
	mxw_timer_init(&stream->timer, loop, on_timer, stream);
	*ret = stream;
	return 0;
}

static void free_list(struct mxw_job **list)
{
	while (*list) {
		struct mxw_job *job = *list;
		DL_DELETE(*list, job);
		mxw_job_free(job);
	}
}

void mxw_stream_free(struct mxw_stream *stream)
{
	if (!stream)
		return;
	mxw_names_cancel(&stream->lookup);
	close_socket(stream);
	free_list(&stream->unacked);
	free_list(&stream->unsent);
	free(stream);
}

void mxw_stream_send(struct mxw_stream *stream, struct mxw_job *job)
{
	bool is_waiting = stream->unsent != NULL;
	job->owner = stream;
	DL_APPEND(stream->unsent, job);
	mxw_job_arm(job, job->request.timeout_ms, on_late);
	if (stream->state == CLOSED)
		start(stream);
	else if (stream->state == OPEN && !is_waiting)
		flush(stream);
}

bool mxw_stream_is_idle(const struct mxw_stream *stream)
{
	return stream->state == CLOSED && !stream->unsent && !stream->unacked;
}
