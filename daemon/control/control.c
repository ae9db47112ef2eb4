/* Between server and API: what the API asks for is done by monitor and store; see control.h. */
#include "daemon/control/control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/control/server.h"
#include "daemon/log.h"
#include "daemon/monitor/mute.h"
#include "lib/control/api.h"

enum { PEER_MAX = 24 };

struct mxw_control {
	struct mxw_loop *loop;
	struct mxw_control_host host;
	struct mxw_control_server *server; /* NULL: not listening */
	char *path;                        /* where it listens */
	char peer[PEER_MAX];               /* of the request that is being handled */
};

static int add_silence(void *arg, struct mxw_silence *silence)
{
	struct mxw_control *control = arg;
	int r = mxw_monitor_add_silence(control->host.monitor, silence);
	if (r == 0)
		mxw_log(MXW_LOG_NOTICE, "silence %llu of %s%s%s by %s (%s): %s", (unsigned long long)silence->id,
			silence->pattern, silence->check ? " " : "", silence->check ? silence->check : "",
			silence->author, control->peer, silence->reason);
	return r;
}

static int remove_silence(void *arg, uint64_t id)
{
	struct mxw_control *control = arg;
	int r = mxw_monitor_remove_silence(control->host.monitor, id);
	if (r == 0)
		mxw_log(MXW_LOG_NOTICE, "silence %llu removed by %s", (unsigned long long)id, control->peer);
	return r;
}

static size_t incidents(void *arg, const char *domain, struct mxw_api_incident ret[MXW_MAX_CHECKS])
{
	struct mxw_control *control = arg;
	struct mxw_monitor_incident found[MXW_MAX_CHECKS];
	size_t n = mxw_monitor_incidents(control->host.monitor, domain, found);
	for (size_t i = 0; i < n; i++)
		ret[i] = (struct mxw_api_incident){ found[i].check, found[i].severity, found[i].since_wall_ms };
	return n;
}

static int put_acks(void *arg, const struct mxw_ack *acks, size_t n)
{
	struct mxw_control *control = arg;
	int r = mxw_monitor_put_acks(control->host.monitor, acks, n);
	for (const struct mxw_ack *ack = acks; r == 0 && ack < acks + n; ack++)
		mxw_log(MXW_LOG_NOTICE, "%s %s: acknowledged by %s (%s)%s%s", ack->domain, ack->check, ack->author,
			control->peer, *ack->reason ? ": " : "", ack->reason);
	return r;
}

static int test_notify(void *arg, size_t notifier, const char *author, char ret_id[MXW_ALERT_ID_MAX])
{
	struct mxw_control *control = arg;
	return mxw_monitor_test_notifier(control->host.monitor, notifier, author, ret_id);
}

struct delivery_reader {
	int (*callback)(void *arg, const struct mxw_api_delivery *delivery);
	void *arg;
};

static int on_delivery(void *arg, const struct mxw_delivery *row, const char *text)
{
	static const char *const names[] = {
		[MXW_DELIVERY_PENDING] = "pending",  [MXW_DELIVERY_DELIVERED] = "delivered",
		[MXW_DELIVERY_PARKED] = "parked",    [MXW_DELIVERY_EXPIRED] = "expired",
		[MXW_DELIVERY_FOLDED] = "coalesced",
	};
	struct delivery_reader *reader = arg;
	struct mxw_api_delivery delivery = { row->notifier, names[row->status], row->n_attempts, text };
	return reader->callback(reader->arg, &delivery);
}

static int each_delivery(void *arg, const char *event_id,
			 int (*callback)(void *arg, const struct mxw_api_delivery *delivery), void *callback_arg)
{
	struct mxw_control *control = arg;
	struct delivery_reader reader = { callback, callback_arg };
	return mxw_store_each_event_delivery(control->host.store, event_id, on_delivery, &reader);
}

static int write_response(struct mxw_api_response *response, int r, struct mxw_strbuf *ret)
{
	if (r == 0 && !mxw_strbuf_failed(&response->body))
		mxw_http_response_write(ret, response->status, response->allow, response->body.data,
					response->body.len);
	mxw_api_response_done(response);
	return r;
}

static int refuse(void *arg, unsigned status, struct mxw_strbuf *ret)
{
	struct mxw_api_response response = { 0 };
	int r = mxw_api_error(status, mxw_http_status_text(status), &response);
	return write_response(&response, r, ret);
}

static int handle(void *arg, const struct mxw_http_request *request, unsigned peer_uid, struct mxw_strbuf *ret)
{
	struct mxw_control *control = arg;
	struct mxw_api_response response = { 0 };
	struct mxw_api_host host = { .arg = control,
				     .config = mxw_monitor_config(control->host.monitor),
				     .mutes = mxw_monitor_mutes(control->host.monitor),
				     .now_wall_ms = mxw_loop_wall_ms(control->loop),
				     .add_silence = add_silence,
				     .remove_silence = remove_silence,
				     .incidents = incidents,
				     .put_acks = put_acks,
				     .test_notify = test_notify,
				     .each_delivery = each_delivery };
	snprintf(control->peer, sizeof(control->peer), "uid %u", peer_uid);
	struct mxw_api_request call = { .method = request->method,
					.path = request->path,
					.body = request->body,
					.n_body = request->n_body,
					.peer = control->peer };
	int r = mxw_api_handle(&host, &call, &response);
	return write_response(&response, r, ret);
}

int mxw_control_new(struct mxw_control **ret, struct mxw_loop *loop, const struct mxw_control_host *host)
{
	struct mxw_control *control = calloc(1, sizeof(*control));
	if (!control)
		return -ENOMEM;
	control->loop = loop;
	control->host = *host;
	*ret = control;
	return 0;
}

static void stop(struct mxw_control *control)
{
	mxw_control_server_free(control->server);
	control->server = NULL;
	free(control->path);
	control->path = NULL;
}

void mxw_control_free(struct mxw_control *control)
{
	if (!control)
		return;
	stop(control);
	free(control);
}

static const char *words_for(int error)
{
	return error == -EADDRINUSE ? "another process listens there"
	       : error == -EEXIST   ? "there is something else than a socket"
				    : strerror(-error);
}

void mxw_control_configure(struct mxw_control *control, const char *path)
{
	if (control->path && path && strcmp(control->path, path) == 0)
		return;
	stop(control);
	if (!path)
		return;
	struct mxw_control_params params = { .path = path, .handle = handle, .refuse = refuse, .arg = control };
	control->path = strdup(path);
	int r = control->path ? mxw_control_server_new(&control->server, control->loop, &params) : -ENOMEM;
	if (r == 0)
		return;
	mxw_log(MXW_LOG_ERROR, "control_socket: cannot listen at %s: %s; mxwatch cannot talk to this daemon", path,
		words_for(r));
	stop(control);
}
