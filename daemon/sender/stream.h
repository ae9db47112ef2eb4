/* A TCP peer for syslog lines with octet counting (RFC 6587 3.4.1): one connection, kept while it is used.
 *
 * A line counts as delivered when the other side's kernel has acknowledged it (SIOCOUTQ); what a broken connection left
 * unacknowledged is sent again by the core, so that lines may come twice but are not lost on the way. */
#pragma once

#include <stdbool.h>

#include "daemon/loop.h"
#include "daemon/sender/endpoint.h"
#include "daemon/sender/job.h"
#include "daemon/sender/names.h"

enum {
	MXW_STREAM_CONNECT_MS = 5 * 1000, /* for one address */
	MXW_STREAM_IDLE_MS = 60 * 1000,   /* then the connection is closed */
};

struct mxw_stream;

int mxw_stream_new(struct mxw_stream **ret, struct mxw_loop *loop, struct mxw_names *names,
		   const struct mxw_endpoint *endpoint);
void mxw_stream_free(struct mxw_stream *stream); /* frees waiting jobs without a result */
/* Takes the job, whose `wire` is the whole frame. */
void mxw_stream_send(struct mxw_stream *stream, struct mxw_job *job);
bool mxw_stream_is_idle(const struct mxw_stream *stream);
