/* A transport: how a request of one kind leaves the host. One descriptor a transport; sender.c holds the list. */
#pragma once

#include "daemon/loop.h"
#include "daemon/sender/job.h"
#include "daemon/sender/names.h"

/* What transports share; it outlives them. */
struct mxw_transport_context {
	struct mxw_loop *loop;
	struct mxw_names *names;
};

struct mxw_transport_ops {
	const char *name;
	int (*open)(void **ret, const struct mxw_transport_context *context); /* negative errno */
	/* Takes the job, which ends in mxw_job_end, perhaps before this returns. Never waits. */
	void (*submit)(void *transport, struct mxw_job *job);
	/* Frees every job that has not ended, without a result; the loop does not run again. Takes NULL. */
	void (*close)(void *transport);
};

extern const struct mxw_transport_ops mxw_transport_http, mxw_transport_syslog, mxw_transport_journal,
	mxw_transport_exec;
