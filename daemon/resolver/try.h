/* What a transport tells about one try of a question. Each call may end the try and reuse its memory: the transport
 * does not touch it afterwards. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/dns/attempt.h"
#include "lib/dns/wire.h"

struct mxw_try_sink {
	/* A message that passed the first look (never MXW_MATCH_NOT_OURS). UDP goes on waiting unless the try is cancelled;
	 * TCP is over. The packet is borrowed. */
	void (*received)(void *arg, enum mxw_match match, const uint8_t *packet, size_t n);
	/* The try is over: NETWORK or TCP_FAILED; or CASE: somebody sends forged answers, this should go over TCP. */
	void (*failed)(void *arg, enum mxw_attempt_event event);
};
