/* Host names to addresses without waiting: getaddrinfo_a(3), polled. One lookup at a time for a name however many
 * ask.
 *
 * The resolver of the C library is used on purpose: receivers are looked up as every other program of this host
 * looks them up. Its threads may hang as long as they like (the DNS that is watched may be the one that is broken):
 * nobody waits for them, askers have timers of their own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "daemon/loop.h"
#include "lib/base/ip.h"

enum {
	MXW_NAMES_MAX_ADDRESSES = 8,
	MXW_NAMES_MAX_RUNNING = 16,    /* lookups at once; the C library has 20 threads for them */
	MXW_NAMES_MAX_KNOWN = 64,      /* answers kept */
	MXW_NAMES_KEEP_MS = 30 * 1000, /* a burst of alerts asks once; a moved receiver is found soon */
};

struct mxw_addresses {
	struct mxw_ip ips[MXW_NAMES_MAX_ADDRESSES];
	size_t n;
};

struct mxw_names;

int mxw_names_new(struct mxw_names **ret, struct mxw_loop *loop);
/* Nobody may be waiting. Lookups that still run keep a little memory until the process ends. */
void mxw_names_free(struct mxw_names *names);

/* Addresses that need no lookup: literals (IPv6 without brackets), and "localhost", which is always the loopback
 * (RFC 6761 6.3). */
bool mxw_names_literal(const char *host, struct mxw_addresses *ret);

/* Somebody waiting; embedded, zero-initialised before its first use. */
struct mxw_names_wait {
	struct mxw_names_wait *prev, *next; /* private */
	void *lookup;                       /* private; NULL while not waiting */
	/* `problem`: static text, or NULL when there are addresses. */
	void (*callback)(void *arg, const char *problem, const struct mxw_addresses *addresses);
	void *arg;
};

/* The callback comes once, from the loop, never from inside this call. 0, -ENOMEM, -EBUSY (too many lookups run). */
int mxw_names_ask(struct mxw_names *names, const char *host, struct mxw_names_wait *wait);
void mxw_names_cancel(struct mxw_names_wait *wait); /* no-op while not waiting */
