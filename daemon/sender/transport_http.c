/* HTTP: requests in turn, at most a few to one host, so that a receiver that hangs delays only itself.
 *
 * A transfer's life: waiting for its turn, looking up its name, running in libcurl, over. Its job's timer is the
 * deadline of each part. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "daemon/sender/http_easy.h"
#include "daemon/sender/http_multi.h"
#include "daemon/sender/transport.h"

enum {
	MAX_TRANSFERS = 64,
	MAX_TRANSFERS_HOST = 8,
	MAX_BODY_MS = 5 * 1000, /* for the answer's body, which nobody reads */
};

struct http;

struct transfer {
	struct transfer *prev, *next;
	struct http *http;
	struct mxw_job *job;
	struct mxw_http_target target;
	struct mxw_names_wait lookup;
	int64_t deadline_ms;
	struct mxw_http_easy easy;
	bool is_running; /* in libcurl */
};

struct http {
	struct mxw_transport_context context;
	struct mxw_http_multi *multi;
	struct transfer *waiting, *active;
	size_t n_active;
	struct mxw_timer next; /* starts waiting transfers, never from inside libcurl or the end of another */
};

static void free_active(struct transfer *transfer)
{
	struct http *http = transfer->http;
	mxw_names_cancel(&transfer->lookup);
	if (transfer->is_running)
		mxw_http_multi_remove(http->multi, transfer->easy.handle);
	mxw_http_easy_done(&transfer->easy);
	DL_DELETE(http->active, transfer);
	http->n_active--;
	mxw_timer_in(&http->next, 0);
	free(transfer);
}

static void fail(struct transfer *transfer, enum mxw_result_status status, const char *text)
{
	struct mxw_job *job = transfer->job;
	free_active(transfer);
	mxw_job_end(job, status, 0, "%s", text);
}

static void finish(struct transfer *transfer, CURLcode code)
{
	struct mxw_job *job = transfer->job;
	struct mxw_http_verdict verdict;
	mxw_http_easy_judge(&transfer->easy, code, &verdict);
	free_active(transfer);
	mxw_job_end(job, verdict.status, verdict.retry_after_ms, "%s", verdict.text);
}

static void on_done(void *arg, CURL *handle, CURLcode code)
{
	struct transfer *transfer = NULL;
	curl_easy_getinfo(handle, CURLINFO_PRIVATE, (char **)&transfer);
	finish(transfer, code == CURLE_OK && !transfer->easy.has_header ? CURLE_GOT_NOTHING : code);
}

/* The deadline of the transfer, or of the answer's body: a complete header decides all the same. */
static void on_deadline(void *arg)
{
	struct mxw_job *job = arg;
	struct transfer *transfer = job->owner;
	if (transfer->is_running)
		finish(transfer, CURLE_OK);
	else
		fail(transfer, MXW_RETRY, "name lookup: timeout");
}

static void on_header(void *arg)
{
	struct transfer *transfer = arg;
	int64_t left_ms = transfer->deadline_ms - mxw_loop_now_ms(transfer->http->context.loop);
	mxw_job_arm(transfer->job, MXW_MIN(left_ms, (int64_t)MAX_BODY_MS), on_deadline);
}

static void run(struct transfer *transfer, const struct mxw_addresses *addresses)
{
	struct http *http = transfer->http;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf problem = MXW_STRBUF_INIT;
	transfer->easy.on_header = on_header;
	transfer->easy.arg = transfer;
	int r = mxw_http_easy_init(&transfer->easy, &transfer->job->request, &transfer->target, addresses,
				   mxw_loop_wall_ms(http->context.loop), &problem);
	if (r < 0) {
		fail(transfer, r == -EINVAL ? MXW_PARKED : MXW_RETRY, mxw_strbuf_get(&problem));
		return;
	}
	curl_easy_setopt(transfer->easy.handle, CURLOPT_PRIVATE, transfer);
	mxw_job_arm(transfer->job, transfer->deadline_ms - mxw_loop_now_ms(http->context.loop), on_deadline);
	if (mxw_http_multi_add(http->multi, transfer->easy.handle) < 0)
		fail(transfer, MXW_RETRY, "out of memory");
	else
		transfer->is_running = true;
}

static void on_addresses(void *arg, const char *problem, const struct mxw_addresses *addresses)
{
	struct transfer *transfer = arg;
	if (!problem) {
		run(transfer, addresses);
		return;
	}
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_strbuf_addf(&text, "name lookup: %s", problem);
	fail(transfer, MXW_RETRY, mxw_strbuf_get(&text));
}

static void start(struct transfer *transfer)
{
	struct http *http = transfer->http;
	struct mxw_addresses literal;
	int64_t timeout_ms = transfer->job->request.timeout_ms;
	transfer->deadline_ms = mxw_loop_now_ms(http->context.loop) + timeout_ms;
	if (mxw_names_literal(transfer->target.host, &literal)) {
		run(transfer, &literal);
		return;
	}
	transfer->lookup.callback = on_addresses;
	transfer->lookup.arg = transfer;
	mxw_job_arm(transfer->job, MXW_MIN(timeout_ms, (int64_t)MXW_HTTP_CONNECT_MS), on_deadline);
	int r = mxw_names_ask(http->context.names, transfer->target.host, &transfer->lookup);
	if (r < 0)
		fail(transfer, MXW_RETRY, r == -EBUSY ? "name lookup: too many at once" : strerror(-r));
}

static bool has_room(const struct http *http, const struct mxw_http_target *target)
{
	size_t n = 0;
	const struct transfer *each;
	DL_FOREACH (http->active, each)
		n += each->target.port == target->port && strcasecmp(each->target.host, target->host) == 0;
	return n < MAX_TRANSFERS_HOST;
}

static void on_next(void *arg)
{
	struct http *http = arg;
	struct transfer *transfer, *following;
	DL_FOREACH_SAFE (http->waiting, transfer, following) {
		if (http->n_active == MAX_TRANSFERS)
			break;
		if (!has_room(http, &transfer->target))
			continue;
		DL_DELETE(http->waiting, transfer);
		DL_APPEND(http->active, transfer);
		http->n_active++;
		start(transfer);
	}
}

static void on_waited_too_long(void *arg)
{
	struct mxw_job *job = arg;
	struct transfer *transfer = job->owner;
	DL_DELETE(transfer->http->waiting, transfer);
	free(transfer);
	mxw_job_end(job, MXW_RETRY, 0, "busy: too many requests wait for this host");
}

static void submit_http(void *transport, struct mxw_job *job)
{
	struct http *http = transport;
	struct mxw_http_target target;
	struct mxw_addresses literal;
	if (mxw_http_target_read(&target, job->request.address) < 0) {
		mxw_job_end(job, MXW_PARKED, 0, "bad URL");
		return;
	}
	bool is_loopback = mxw_names_literal(target.host, &literal) && mxw_ip_is_self(&literal.ips[0]);
	if (!target.is_https && !is_loopback) {
		mxw_job_end(job, MXW_PARKED, 0, "http is for loopback addresses only");
		return;
	}
	struct transfer *transfer = calloc(1, sizeof(*transfer));
	if (!transfer) {
		mxw_job_end(job, MXW_RETRY, 0, "out of memory");
		return;
	}
	*transfer = (struct transfer){ .http = http, .job = job, .target = target };
	job->owner = transfer;
	DL_APPEND(http->waiting, transfer);
	mxw_job_arm(job, MXW_JOB_MAX_WAIT_MS, on_waited_too_long);
	mxw_timer_in(&http->next, 0);
}

static void close_http(void *transport)
{
	struct http *http = transport;
	if (!http)
		return;
	while (http->active) {
		struct mxw_job *job = http->active->job;
		free_active(http->active);
		mxw_job_free(job);
	}
	while (http->waiting) {
		struct transfer *transfer = http->waiting;
		DL_DELETE(http->waiting, transfer);
		mxw_job_free(transfer->job);
		free(transfer);
	}
	mxw_http_multi_free(http->multi);
	mxw_timer_cancel(&http->next);
	free(http);
	curl_global_cleanup();
}

static int open_http(void **ret, const struct mxw_transport_context *context)
{
	struct http *http = calloc(1, sizeof(*http));
	if (!http)
		return -ENOMEM;
	http->context = *context;
	mxw_timer_init(&http->next, context->loop, on_next, http);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(http);
		return -ENOMEM;
	}
	int r = mxw_http_multi_new(&http->multi, context->loop, on_done, http);
	if (r < 0) {
		close_http(http);
		return r;
	}
	*ret = http;
	return 0;
}

const struct mxw_transport_ops mxw_transport_http = {
	.name = "http",
	.open = open_http,
	.submit = submit_http,
	.close = close_http,
};
