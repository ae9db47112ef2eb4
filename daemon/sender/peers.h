/* The socket peers of a transport by address: made when first used, freed when idle. One that hangs delays no other. */
#pragma once

#include "daemon/sender/endpoint.h"
#include "daemon/sender/transport.h"

struct mxw_peers;

enum { MXW_PEERS_MAX = 64 }; /* as many as there can be notifiers */

int mxw_peers_new(struct mxw_peers **ret, const struct mxw_transport_context *context);
void mxw_peers_free(struct mxw_peers *peers); /* frees waiting jobs without a result */
/* Takes the job, whose `wire` is ready. */
void mxw_peers_send(struct mxw_peers *peers, const struct mxw_endpoint *endpoint, struct mxw_job *job);
