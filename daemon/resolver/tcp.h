/* One question over one TCP connection (RFC 7766), opened for it and closed after it.
 *
 * There is no deadline in here: the owner's timer for the whole try ends it, so an answer that drips in octet by octet
 * gains no time. At most one message of 65535 octets is read. */
#pragma once

#include <stdbool.h>

#include "daemon/loop.h"
#include "daemon/resolver/address.h"
#include "daemon/resolver/try.h"

struct mxw_tcp_try {
	struct mxw_io io;
	struct mxw_timer timer; /* connects from the loop; again after a shortage */
	const struct mxw_address *address;
	const uint8_t *query;
	size_t n_query;
	const struct mxw_try_sink *sink;
	void *arg;
	int fd;
	bool is_open, is_connected;
	size_t n_written; /* prefix included */
	size_t n_read;    /* prefix included */
	uint8_t prefix[2];
	uint8_t *message; /* allocated when its length is known */
	size_t n_message;
};

/* `address` and `query` are borrowed until the try ends. No callback from inside this call. */
void mxw_tcp_try_start(struct mxw_tcp_try *try, struct mxw_loop *loop, const struct mxw_address *address,
		       const uint8_t *query, size_t n_query, const struct mxw_try_sink *sink, void *arg);
void mxw_tcp_try_cancel(struct mxw_tcp_try *try); /* idempotent; on a zeroed one a no-op */
