/* A delivery inside the sender: a request, who has it now, and the one door through which it ends. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "daemon/loop.h"
#include "lib/base/util.h"
#include "lib/request/request.h"

struct mxw_job {
	struct mxw_job *prev, *next; /* in a list of whoever has the job (utlist.h) */
	uint64_t delivery;
	struct mxw_request request;
	struct mxw_timer timer; /* free for whoever has the job; cancelled when it ends */
	char *wire;             /* what a socket transport made of the request, or NULL */
	size_t n_wire;
	void *owner; /* whoever has the job */
	void (*end)(void *arg, struct mxw_job *job, const struct mxw_result *result);
	void *end_arg;
};

enum { MXW_JOB_MAX_WAIT_MS = 60 * 1000 }; /* for a turn; well below what the core takes for a hang (courier.h) */

/* Takes the request's content. NULL when memory runs out; the request is emptied then too. */
struct mxw_job *mxw_job_new(struct mxw_loop *loop, uint64_t delivery, struct mxw_request *request);
void mxw_job_free(struct mxw_job *job);

/* Ends the job: it is in no list and nobody uses it afterwards. The text is for logs: never a secret, never a URL. */
void mxw_job_end(struct mxw_job *job, enum mxw_result_status status, int64_t retry_after_ms, const char *format, ...)
	MXW_PRINTF(4, 5);

/* Arms the job's timer for its owner. */
void mxw_job_arm(struct mxw_job *job, int64_t delay_ms, void (*callback)(void *job));
