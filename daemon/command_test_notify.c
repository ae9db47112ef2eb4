/* A test of one notifier; see command_test_notify.h. The daemon is asked again and again: an event that waits for its
 * delivery must not hold a connection of it. */
#include "daemon/command_test_notify.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "daemon/clock.h"
#include "daemon/control_client.h"
#include "daemon/control_request.h"
#include "daemon/terminal.h"
#include "lib/base/duration.h"
#include "lib/control/api.h"
#include "lib/control/text.h"

enum {
	EXIT_FAILED = 3,
	POLL_EVERY_MS = 200,
	CALL_TIMEOUT_MS = 5000,
};

static void pause_ms(int64_t ms)
{
	struct timespec wait = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
	nanosleep(&wait, NULL);
}

/* 0 with the path of the event's resource, or -EIO. */
static int start_test(const struct mxw_control_request *request, struct mxw_strbuf *ret_path)
{
	MXW_CLEANUP(mxw_control_reply_done) struct mxw_control_reply reply = { 0 };
	json_t *body = json_object();
	const char *author = mxw_control_author();
	json_object_set_new(body, "notifier", json_string(request->operand));
	if (author)
		json_object_set_new(body, "author", json_string(author));
	if (mxw_control_call(&reply, request->socket, "POST", MXW_API_PREFIX "test-notify", body, CALL_TIMEOUT_MS) < 0)
		return -EIO;
	mxw_strbuf_adds(ret_path, MXW_API_PREFIX "events/");
	mxw_api_text_member(reply.root, "id", ret_path);
	return 0;
}

/* What became of it: 1 delivered, 0 still under way, -1 given up; the last word of the receiver in *ret_text. */
static int look(const json_t *event, struct mxw_strbuf *ret_text)
{
	const json_t *delivery = json_array_get(json_object_get(event, "deliveries"), 0);
	const char *status = json_string_value(json_object_get(delivery, "status"));
	mxw_strbuf_clear(ret_text);
	mxw_api_text_member(delivery, "text", ret_text);
	if (!status)
		return -1;
	return strcmp(status, "delivered") == 0 ? 1 : strcmp(status, "pending") == 0 ? 0 : -1;
}

static int wait_for(const struct mxw_control_request *request, const char *path, struct mxw_strbuf *ret_text)
{
	int64_t end_ms = mxw_clock_monotonic_us() / 1000 + request->timeout_ms;
	for (;;) {
		MXW_CLEANUP(mxw_control_reply_done) struct mxw_control_reply reply = { 0 };
		if (mxw_control_call(&reply, request->socket, "GET", path, NULL, CALL_TIMEOUT_MS) < 0)
			return -EIO;
		int state = look(reply.root, ret_text);
		if (state || mxw_clock_monotonic_us() / 1000 >= end_ms)
			return state;
		pause_ms(POLL_EVERY_MS);
	}
}

static int tell(const struct mxw_control_request *request, int state, const struct mxw_strbuf *last)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf waited = MXW_STRBUF_INIT;
	const char *colon = last->len ? ": " : "";
	if (state > 0) {
		mxw_strbuf_addf(&text, "%s: delivered\n", request->operand);
		return mxw_terminal_write(&text) < 0 ? EXIT_FAILED : 0;
	}
	mxw_duration_format(&waited, request->timeout_ms);
	if (state < 0)
		mxw_terminal_error("%s: rejected%s%s", request->operand, colon, mxw_strbuf_get(last));
	else
		mxw_terminal_error("%s: not delivered within %s%s%s; mxwatchd goes on trying", request->operand,
				   mxw_strbuf_get(&waited), colon, mxw_strbuf_get(last));
	return EXIT_FAILED;
}

static int run(const struct mxw_control_request *request)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf path = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf last = MXW_STRBUF_INIT;
	if (start_test(request, &path) < 0)
		return EXIT_FAILED;
	int state = wait_for(request, mxw_strbuf_get(&path), &last);
	return state == -EIO ? EXIT_FAILED : tell(request, state, &last);
}

int mxw_command_test_notify(int argc, char **argv)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_control_request request;
	if (mxw_control_request_parse(&request, &mxw_test_notify_args, argc, argv) < 0)
		return EXIT_FAILED;
	if (!request.wants_help)
		return run(&request);
	mxw_args_help(&mxw_test_notify_args, &text);
	return mxw_terminal_write(&text) < 0 ? EXIT_FAILED : 0;
}
