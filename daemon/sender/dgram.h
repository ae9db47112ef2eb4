/* A datagram peer: a local socket (/dev/log, the journal) or a host by UDP. Sends one datagram a job, in order, never
 * waiting: a full socket is watched until it has room, each job for its own time. */
#pragma once

#include <stdbool.h>

#include "daemon/loop.h"
#include "daemon/sender/endpoint.h"
#include "daemon/sender/job.h"
#include "daemon/sender/names.h"

struct mxw_dgram;

int mxw_dgram_new(struct mxw_dgram **ret, struct mxw_loop *loop, struct mxw_names *names,
		  const struct mxw_endpoint *endpoint);
void mxw_dgram_free(struct mxw_dgram *dgram); /* frees waiting jobs without a result */
/* Takes the job, whose `wire` is the datagram. DELIVERED: the socket took it, which is all that a datagram can tell. */
void mxw_dgram_send(struct mxw_dgram *dgram, struct mxw_job *job);
bool mxw_dgram_is_idle(const struct mxw_dgram *dgram);
