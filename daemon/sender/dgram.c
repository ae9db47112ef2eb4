/* Datagrams from a queue; see dgram.h. */
#include "daemon/sender/dgram.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utlist.h>

enum { MAX_AGE_MS = 5 * 60 * 1000 }; /* of a UDP socket: the host may have moved */

struct mxw_dgram {
	struct mxw_loop *loop;
	struct mxw_names *names;
	struct mxw_endpoint endpoint;
	struct mxw_names_wait lookup;
	int fd; /* connected, or -1 */
	int64_t opened_ms;
	struct mxw_io io;
	struct mxw_job *queue; /* each with its own timer */
};

static void close_socket(struct mxw_dgram *dgram)
{
	mxw_io_stop(&dgram->io);
	if (dgram->fd >= 0)
		close(dgram->fd);
	dgram->fd = -1;
}

static struct mxw_job *pop(struct mxw_dgram *dgram)
{
	struct mxw_job *job = dgram->queue;
	DL_DELETE(dgram->queue, job);
	return job;
}

static void fail_all(struct mxw_dgram *dgram, const char *what, const char *problem)
{
	close_socket(dgram);
	while (dgram->queue)
		mxw_job_end(pop(dgram), MXW_RETRY, 0, "%s: %s", what, problem);
}

static void on_ready(void *arg, int fd, unsigned ready);

static int open_socket(struct mxw_dgram *dgram, const struct sockaddr_storage *address, socklen_t n)
{
	close_socket(dgram);
	dgram->fd = socket(address->ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (dgram->fd < 0 || connect(dgram->fd, (const struct sockaddr *)address, n) < 0) {
		int r = -errno;
		close_socket(dgram);
		return r;
	}
	dgram->opened_ms = mxw_loop_now_ms(dgram->loop);
	mxw_io_init(&dgram->io, dgram->loop, dgram->fd, on_ready, dgram);
	return 0;
}

static int open_unix(struct mxw_dgram *dgram)
{
	struct sockaddr_storage address;
	socklen_t n = mxw_endpoint_unix_address(dgram->endpoint.host, &address);
	return open_socket(dgram, &address, n);
}

/* The first address that this host has a route to. */
static int open_udp(struct mxw_dgram *dgram, const struct mxw_addresses *addresses)
{
	int r = -EHOSTUNREACH;
	for (size_t i = 0; i < addresses->n && r < 0; i++) {
		struct sockaddr_storage address;
		socklen_t n = mxw_endpoint_ip_address(&addresses->ips[i], dgram->endpoint.port, &address);
		r = open_socket(dgram, &address, n);
	}
	return r;
}

/* The local socket's server went away and may be back under the same name. */
static bool is_stale(int error)
{
	return error == ECONNREFUSED || error == ECONNRESET || error == ENOTCONN || error == EPIPE ||
	       error == EDESTADDRREQ;
}

/* One try to send the head of the queue: 0, or the error. */
static int send_head(struct mxw_dgram *dgram)
{
	ssize_t n;
	do
		n = send(dgram->fd, dgram->queue->wire, dgram->queue->n_wire, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	return n < 0 ? errno : 0;
}

static void end_head(struct mxw_dgram *dgram, int error)
{
	if (!error)
		mxw_job_end(pop(dgram), MXW_DELIVERED, 0, "sent");
	else if (error == EMSGSIZE)
		mxw_job_end(pop(dgram), MXW_PARKED, 0, "send: %s", strerror(error));
	else
		mxw_job_end(pop(dgram), MXW_RETRY, 0, "send: %s", strerror(error));
}

static void flush(struct mxw_dgram *dgram)
{
	while (dgram->queue) {
		int error = send_head(dgram);
		if (is_stale(error) && dgram->endpoint.kind == MXW_ENDPOINT_UNIX) {
			int r = open_unix(dgram);
			if (r < 0) {
				fail_all(dgram, "connect", strerror(-r));
				return;
			}
			error = send_head(dgram);
		}
		if (error == EAGAIN) {
			int r = mxw_io_watch(&dgram->io, MXW_IO_WRITE);
			if (r < 0)
				fail_all(dgram, "watch", strerror(-r));
			return;
		}
		end_head(dgram, error);
	}
	mxw_io_stop(&dgram->io);
}

static void on_ready(void *arg, int fd, unsigned ready)
{
	flush(arg);
}

static void on_addresses(void *arg, const char *problem, const struct mxw_addresses *addresses)
{
	struct mxw_dgram *dgram = arg;
	int r = problem ? 0 : open_udp(dgram, addresses);
	if (problem)
		fail_all(dgram, "name lookup", problem);
	else if (r < 0)
		fail_all(dgram, "connect", strerror(-r));
	else
		flush(dgram);
}

/* 0: open; -EINPROGRESS: later. */
static int make_ready(struct mxw_dgram *dgram)
{
	struct mxw_addresses literal;
	bool is_unix = dgram->endpoint.kind == MXW_ENDPOINT_UNIX;
	if (dgram->fd >= 0 && (is_unix || mxw_loop_now_ms(dgram->loop) - dgram->opened_ms < MAX_AGE_MS))
		return 0;
	if (is_unix)
		return open_unix(dgram);
	if (mxw_names_literal(dgram->endpoint.host, &literal))
		return open_udp(dgram, &literal);
	int r = mxw_names_ask(dgram->names, dgram->endpoint.host, &dgram->lookup);
	return r < 0 ? r : -EINPROGRESS;
}

static void on_late(void *arg)
{
	struct mxw_job *job = arg;
	struct mxw_dgram *dgram = job->owner;
	DL_DELETE(dgram->queue, job);
	mxw_job_end(job, MXW_RETRY, 0,
		    dgram->lookup.lookup ? "name lookup: timeout" : "no room in the socket: timeout");
}

int mxw_dgram_new(struct mxw_dgram **ret, struct mxw_loop *loop, struct mxw_names *names,
		  const struct mxw_endpoint *endpoint)
{
	struct mxw_dgram *dgram = calloc(1, sizeof(*dgram));
	if (!dgram)
		return -ENOMEM;
	*dgram = (struct mxw_dgram){ .loop = loop, .names = names, .endpoint = *endpoint, .fd = -1 };
	dgram->lookup.callback = on_addresses;
	dgram->lookup.arg = dgram;
	*ret = dgram;
	return 0;
}

void mxw_dgram_free(struct mxw_dgram *dgram)
{
	if (!dgram)
		return;
	mxw_names_cancel(&dgram->lookup);
	close_socket(dgram);
	while (dgram->queue)
		mxw_job_free(pop(dgram));
	free(dgram);
}

void mxw_dgram_send(struct mxw_dgram *dgram, struct mxw_job *job)
{
	bool is_waiting = dgram->queue != NULL; /* for room, or for a name */
	job->owner = dgram;
	DL_APPEND(dgram->queue, job);
	mxw_job_arm(job, job->request.timeout_ms, on_late);
	if (is_waiting)
		return;
	int r = dgram->lookup.lookup ? -EINPROGRESS : make_ready(dgram);
	if (r == 0)
		flush(dgram);
	else if (r != -EINPROGRESS)
		fail_all(dgram, "connect", strerror(-r));
}

bool mxw_dgram_is_idle(const struct mxw_dgram *dgram)
{
	return !dgram->queue;
}
