/* One connected UDP socket on a random port, and the tries that wait for an answer there.
 *
 * Connected: the kernel drops what comes from any other address or port (RFC 5452 9.1), and tells of ICMP errors. An id
 * is unique among the tries of its socket. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "daemon/loop.h"
#include "daemon/resolver/address.h"
#include "daemon/resolver/random.h"
#include "daemon/resolver/try.h"

enum {
	/* Datagrams in one system call: more gains nothing measurable. */
	MXW_UDP_BATCH = 32,
	MXW_UDP_ID_BUCKETS = 128,
	/* Forged-looking datagrams for one try before it goes over TCP. */
	MXW_UDP_MAX_STRANGE = 3,
	/* Datagrams with ids that nobody asked with, before all tries of the socket go over TCP; some networks duplicate
	 * datagrams, so a few mean nothing. */
	MXW_UDP_MAX_STRANGERS = 16,
};

/* What all sockets of a resolver share. A received batch is used up before the next one is read. */
struct mxw_udp_shared {
	struct mxw_loop *loop;
	struct mxw_random random;
	size_t n_sockets;
	struct mxw_udp_socket *idle; /* those without a try, the longest so first */
	/* Of mxw_udp_pools_limit; 0: no limit. */
	size_t max_sockets;
	int64_t max_idle_ms;
	struct mxw_timer sweep;
	uint8_t (*buffers)[MXW_MESSAGE_MAX]; /* MXW_UDP_BATCH of them; memory comes with use, a page or so each */
};
int mxw_udp_shared_init(struct mxw_udp_shared *shared, struct mxw_loop *loop); /* negative errno */
void mxw_udp_shared_done(struct mxw_udp_shared *shared);

/* One datagram of a question and the wait for its answer; embedded in its owner. */
struct mxw_udp_try {
	struct mxw_udp_try *prev, *next; /* in the queue of the pool, or in a bucket of the socket */
	struct mxw_udp_pool *pool;       /* NULL: neither queued nor sent */
	struct mxw_udp_socket *socket;   /* NULL: queued */
	uint64_t last_socket;            /* serial number of the socket of this try, then of the try before */
	const struct mxw_try_sink *sink;
	void *arg;
	int64_t sent_at_us; /* 0: not yet */
	bool is_answered;   /* something that passed the first look has come */
	unsigned n_strange;
	size_t n_packet;
	uint8_t packet[MXW_QUERY_MAX]; /* the id is set when it is sent */
};

struct mxw_udp_socket {
	struct mxw_udp_socket *prev, *next;           /* among the retired ones of the pool */
	struct mxw_udp_socket *idle_prev, *idle_next; /* among those without a try */
	int64_t idle_since_ms;
	struct mxw_udp_shared *shared;
	struct mxw_udp_pool *pool;
	struct mxw_io io;
	uint64_t serial;
	int64_t opened_at_ms;
	unsigned n_used;      /* tries ever */
	unsigned n_tries;     /* now */
	unsigned n_abandoned; /* given up without an answer: as many may still come, late and innocent */
	unsigned n_strangers;
	bool is_exposed;     /* its port was found by somebody who guesses: to be retired */
	uint64_t *n_ignored; /* counter of the pool */
	struct mxw_udp_try *buckets[MXW_UDP_ID_BUCKETS];
};

int mxw_udp_socket_new(struct mxw_udp_socket **ret, struct mxw_udp_shared *shared, const struct mxw_address *address);
void mxw_udp_socket_free(struct mxw_udp_socket *socket); /* no tries on it */

void mxw_udp_socket_add(struct mxw_udp_socket *socket, struct mxw_udp_try *try); /* chooses its id */
void mxw_udp_socket_remove(struct mxw_udp_socket *socket, struct mxw_udp_try *try);

/* Sends up to MXW_UDP_BATCH tries that were added. How many were sent, from the first; negative errno if none was. */
int mxw_udp_socket_send(struct mxw_udp_socket *socket, struct mxw_udp_try *const *tries, size_t n);

/* Ends every try that was sent on this socket, because of an error of the socket that belongs to no one of them. */
void mxw_udp_socket_fail(struct mxw_udp_socket *socket, enum mxw_attempt_event event);
