/* Batches out, batches in, ids; see socket.h. */
#include "daemon/resolver/socket.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <utlist.h>

#include "lib/base/util.h"

enum {
	MAX_BATCHES = 8, /* read from one socket before others have their turn */
	ID_AT = 0,       /* octets of the id in a message (RFC 1035 4.1.1) */
	MIN_DATAGRAM = 12,
};

int mxw_udp_shared_init(struct mxw_udp_shared *shared, struct mxw_loop *loop)
{
	*shared = (struct mxw_udp_shared){ .loop = loop };
	shared->buffers = malloc(MXW_UDP_BATCH * sizeof(*shared->buffers));
	return shared->buffers ? mxw_random_init(&shared->random) : -ENOMEM;
}

void mxw_udp_shared_done(struct mxw_udp_shared *shared)
{
	mxw_timer_cancel(&shared->sweep);
	free(shared->buffers);
	shared->buffers = NULL;
}

static void begin_idling(struct mxw_udp_socket *socket)
{
	struct mxw_udp_shared *shared = socket->shared;
	socket->idle_since_ms = mxw_loop_now_ms(shared->loop);
	DL_APPEND2(shared->idle, socket, idle_prev, idle_next);
	if (shared->max_idle_ms && !mxw_timer_is_armed(&shared->sweep))
		mxw_timer_in(&shared->sweep, shared->max_idle_ms);
}

static void end_idling(struct mxw_udp_socket *socket)
{
	DL_DELETE2(socket->shared->idle, socket, idle_prev, idle_next);
}

static uint16_t id_of(const uint8_t *packet)
{
	return (uint16_t)(packet[ID_AT] << 8 | packet[ID_AT + 1]);
}

static struct mxw_udp_try *find(const struct mxw_udp_socket *socket, uint16_t id)
{
	struct mxw_udp_try *try = socket->buckets[id % MXW_UDP_ID_BUCKETS];
	while (try && id_of(try->packet) != id)
		try = try->next;
	return try;
}

void mxw_udp_socket_add(struct mxw_udp_socket *socket, struct mxw_udp_try *try)
{
	uint16_t id;
	do /* a socket is retired long before its ids run out */
		id = mxw_random_u16(&socket->shared->random);
	while (find(socket, id));
	try->packet[ID_AT] = (uint8_t)(id >> 8);
	try->packet[ID_AT + 1] = (uint8_t)id;
	try->socket = socket;
	try->last_socket = socket->serial;
	try->sent_at_us = 0;
	try->is_answered = false;
	try->n_strange = 0;
	DL_APPEND(socket->buckets[id % MXW_UDP_ID_BUCKETS], try);
	if (socket->n_tries++ == 0)
		end_idling(socket);
	socket->n_used++;
}

void mxw_udp_socket_remove(struct mxw_udp_socket *socket, struct mxw_udp_try *try)
{
	assert(try->socket == socket && socket->n_tries > 0);
	DL_DELETE(socket->buckets[id_of(try->packet) % MXW_UDP_ID_BUCKETS], try);
	try->socket = NULL;
	if (--socket->n_tries == 0)
		begin_idling(socket);
	if (try->sent_at_us && !try->is_answered)
		socket->n_abandoned++;
}

void mxw_udp_socket_fail(struct mxw_udp_socket *socket, enum mxw_attempt_event event)
{
	/* What the callbacks send anew is only queued, so it is not found here. */
	for (size_t i = 0; i < MXW_UDP_ID_BUCKETS; i++) {
		struct mxw_udp_try *try = socket->buckets[i];
		while (try) {
			if (!try->sent_at_us) {
				try = try->next;
				continue;
			}
			mxw_udp_socket_remove(socket, try);
			try->pool = NULL;
			try->sink->failed(try->arg, event);
			try = socket->buckets[i];
		}
	}
}

int mxw_udp_socket_send(struct mxw_udp_socket *socket, struct mxw_udp_try *const *tries, size_t n)
{
	struct iovec parts[MXW_UDP_BATCH];
	struct mmsghdr messages[MXW_UDP_BATCH];
	n = MXW_MIN(n, (size_t)MXW_UDP_BATCH);
	for (size_t i = 0; i < n; i++) {
		parts[i] = (struct iovec){ .iov_base = tries[i]->packet, .iov_len = tries[i]->n_packet };
		messages[i] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &parts[i], .msg_iovlen = 1 } };
	}
	int n_sent = sendmmsg(socket->io.fd, messages, (unsigned)n, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n_sent < 0)
		return -errno;
	for (int i = 0; i < n_sent; i++)
		tries[i]->sent_at_us = mxw_loop_now_us(socket->shared->loop);
	return n_sent;
}

/* A datagram with an id that nobody waits for. More of them than answers are due: somebody guesses (RFC 5452 9.3), and
 * every try on this port is better off over TCP. */
static void meet_stranger(struct mxw_udp_socket *socket)
{
	++*socket->n_ignored;
	if (socket->n_abandoned > 0) {
		socket->n_abandoned--;
	} else if (++socket->n_strangers >= MXW_UDP_MAX_STRANGERS) {
		socket->n_strangers = 0;
		socket->is_exposed = true;
		mxw_udp_socket_fail(socket, MXW_ATTEMPT_CASE);
	}
}

static void deliver(struct mxw_udp_socket *socket, const uint8_t *packet, size_t n)
{
	struct mxw_udp_try *try = n >= MIN_DATAGRAM ? find(socket, id_of(packet)) : NULL;
	if (!try) {
		meet_stranger(socket);
		return;
	}
	enum mxw_match match = mxw_wire_match(packet, n, try->packet, try->n_packet);
	if (match != MXW_MATCH_NOT_OURS) {
		try->is_answered = true;
		try->sink->received(try->arg, match, packet, n);
		return;
	}
	++*socket->n_ignored;
	if (++try->n_strange >= MXW_UDP_MAX_STRANGE) {
		mxw_udp_socket_remove(socket, try);
		try->pool = NULL;
		try->sink->failed(try->arg, MXW_ATTEMPT_CASE);
	}
}

static int receive(struct mxw_udp_socket *socket)
{
	struct iovec parts[MXW_UDP_BATCH];
	struct mmsghdr messages[MXW_UDP_BATCH];
	for (size_t i = 0; i < MXW_UDP_BATCH; i++) {
		parts[i] = (struct iovec){ .iov_base = socket->shared->buffers[i], .iov_len = MXW_MESSAGE_MAX };
		messages[i] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &parts[i], .msg_iovlen = 1 } };
	}
	int n = recvmmsg(socket->io.fd, messages, MXW_UDP_BATCH, MSG_DONTWAIT, NULL);
	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++)
		deliver(socket, socket->shared->buffers[i], messages[i].msg_len);
	return n;
}

static void on_readable(void *arg, int fd, unsigned ready)
{
	struct mxw_udp_socket *socket =
		arg; /* lives on through callbacks: the pool frees sockets from its own timer only */
	for (int i = 0; i < MAX_BATCHES; i++) {
		int r = receive(socket);
		if (r < 0 && !mxw_error_is_shortage(-r))
			mxw_udp_socket_fail(socket, MXW_ATTEMPT_NETWORK); /* ICMP: it does not say whose */
		if (r < MXW_UDP_BATCH)
			return;
	}
}

int mxw_udp_socket_new(struct mxw_udp_socket **ret, struct mxw_udp_shared *shared, const struct mxw_address *address)
{
	struct mxw_udp_socket *socket_new = calloc(1, sizeof(*socket_new));
	if (!socket_new)
		return -ENOMEM;
	const struct sockaddr *sockaddr = (const struct sockaddr *)&address->storage;
	int fd = socket(sockaddr->sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	/* connect(2) of an unbound socket chooses a random port of ip_local_port_range. */
	int r = fd < 0 || connect(fd, sockaddr, address->len) < 0 ? -errno : 0;
	if (r == 0) {
		socket_new->shared = shared;
		socket_new->opened_at_ms = mxw_loop_now_ms(shared->loop);
		mxw_io_init(&socket_new->io, shared->loop, fd, on_readable, socket_new);
		r = mxw_io_watch(&socket_new->io, MXW_IO_READ);
	}
	if (r < 0) {
		if (fd >= 0)
			close(fd);
		free(socket_new);
		return r;
	}
	shared->n_sockets++;
	begin_idling(socket_new);
	*ret = socket_new;
	return 0;
}

void mxw_udp_socket_free(struct mxw_udp_socket *socket)
{
	if (!socket)
		return;
	assert(socket->n_tries == 0);
	end_idling(socket);
	socket->shared->n_sockets--;
	mxw_io_stop(&socket->io);
	close(socket->io.fd);
	free(socket);
}
