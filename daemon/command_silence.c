/* Silences and acknowledgements by command; see command_silence.h. */
#include "daemon/command_silence.h"

#include <errno.h>
#include <string.h>

#include "daemon/control_client.h"
#include "daemon/control_request.h"
#include "daemon/terminal.h"
#include "lib/control/api.h"
#include "lib/control/text.h"

enum { EXIT_FAILED = 3, EXIT_GO_ON = -1 };

/* The exit status, or EXIT_GO_ON when there is something to ask for. */
static int parse(struct mxw_control_request *ret, const struct mxw_args_command *args, int argc, char **argv)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	if (mxw_control_request_parse(ret, args, argc, argv) < 0)
		return EXIT_FAILED;
	if (!ret->wants_help)
		return EXIT_GO_ON;
	mxw_args_help(args, &text);
	return mxw_terminal_write(&text) < 0 ? EXIT_FAILED : 0;
}

static void put(json_t *object, const char *name, const char *text)
{
	if (text)
		json_object_set_new(
			object, name,
			json_string(text)); /* NULL for what is no UTF-8 sets nothing: the daemon misses it */
}

static json_t *make_body(const struct mxw_control_request *request)
{
	json_t *body = json_object();
	put(body, "domain", request->operand);
	put(body, "check", request->check);
	put(body, "for", request->duration);
	put(body, "reason", request->reason);
	put(body, "author", mxw_control_author());
	return body;
}

static int print(struct mxw_strbuf *text)
{
	int r = mxw_terminal_write(text);
	if (r < 0)
		mxw_terminal_error("cannot write: %s", strerror(-r));
	return r < 0 ? EXIT_FAILED : 0;
}

int mxw_command_silence(int argc, char **argv)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_control_reply_done) struct mxw_control_reply reply = { 0 };
	struct mxw_control_request request;
	int status = parse(&request, &mxw_silence_args, argc, argv);
	if (status != EXIT_GO_ON)
		return status;
	if (mxw_control_call(&reply, request.socket, "POST", MXW_API_PREFIX "silences", make_body(&request),
			     request.timeout_ms) < 0)
		return EXIT_FAILED;
	mxw_api_text_silence(reply.root, &text);
	return print(&text);
}

int mxw_command_silences(int argc, char **argv)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_control_reply_done) struct mxw_control_reply reply = { 0 };
	struct mxw_control_request request;
	int status = parse(&request, &mxw_silences_args, argc, argv);
	if (status != EXIT_GO_ON)
		return status;
	if (mxw_control_call(&reply, request.socket, "GET", MXW_API_PREFIX "silences", NULL, request.timeout_ms) < 0)
		return EXIT_FAILED;
	if (request.is_json)
		return print(&reply.raw);
	mxw_api_text_silences(reply.root, &text);
	return print(&text);
}

int mxw_command_unsilence(int argc, char **argv)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf path = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_control_reply_done) struct mxw_control_reply reply = { 0 };
	struct mxw_control_request request;
	int status = parse(&request, &mxw_unsilence_args, argc, argv);
	if (status != EXIT_GO_ON)
		return status;
	if (!*request.operand || request.operand[strspn(request.operand, "0123456789")]) {
		mxw_terminal_error("unsilence: \"%s\" is no number of a silence", request.operand);
		return EXIT_FAILED;
	}
	mxw_strbuf_addf(&path, MXW_API_PREFIX "silences/%s", request.operand);
	if (mxw_control_call(&reply, request.socket, "DELETE", mxw_strbuf_get(&path), NULL, request.timeout_ms) < 0)
		return EXIT_FAILED;
	mxw_strbuf_adds(&text, "removed: ");
	mxw_api_text_silence(reply.root, &text);
	return print(&text);
}

int mxw_command_ack(int argc, char **argv)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_control_reply_done) struct mxw_control_reply reply = { 0 };
	struct mxw_control_request request;
	int status = parse(&request, &mxw_ack_args, argc, argv);
	if (status != EXIT_GO_ON)
		return status;
	if (mxw_control_call(&reply, request.socket, "POST", MXW_API_PREFIX "acks", make_body(&request),
			     request.timeout_ms) < 0)
		return EXIT_FAILED;
	size_t i;
	json_t *ack;
	json_array_foreach (json_object_get(reply.root, "acknowledged"), i, ack)
		mxw_api_text_ack(ack, &text);
	return print(&text);
}
