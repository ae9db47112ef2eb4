/* The life of a delivery in the sender; see job.h. */
#include "daemon/sender/job.h"

#include <stdarg.h>

#include "lib/base/strbuf.h"

struct mxw_job *mxw_job_new(struct mxw_loop *loop, uint64_t delivery, struct mxw_request *request)
{
	struct mxw_job *job = calloc(1, sizeof(*job));
	if (!job) {
		mxw_request_done(request);
		return NULL;
	}
	job->delivery = delivery;
	job->request = *request;
	mxw_timer_init(&job->timer, loop, NULL, job);
	*request = (struct mxw_request){ 0 };
	return job;
}

void mxw_job_free(struct mxw_job *job)
{
	if (!job)
		return;
	mxw_timer_cancel(&job->timer);
	mxw_request_done(&job->request);
	free(job->wire);
	free(job);
}

void mxw_job_end(struct mxw_job *job, enum mxw_result_status status, int64_t retry_after_ms, const char *format, ...)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	va_list args;
	va_start(args, format);
	mxw_strbuf_vaddf(&text, format, args);
	va_end(args);
	mxw_timer_cancel(&job->timer);
	struct mxw_result result = { .status = status,
				     .retry_after_ms = retry_after_ms,
				     .text = mxw_strbuf_take(&text) };
	job->end(job->end_arg, job, &result);
	mxw_result_done(&result);
}

void mxw_job_arm(struct mxw_job *job, int64_t delay_ms, void (*callback)(void *job))
{
	job->timer.callback = callback;
	mxw_timer_in(&job->timer, delay_ms);
}
