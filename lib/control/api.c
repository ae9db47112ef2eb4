/* Which requests there are, and how they are answered; see api.h. The resources themselves are in mutes.c and events.c. */
#include "lib/control/api.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "lib/control/internal.h"
#include "lib/report/json.h"

int mxw_api_error(unsigned status, const char *text, struct mxw_api_response *ret)
{
	json_t *root = json_object();
	bool ok = mxw_report_json_put(root, "error", mxw_report_json_text(text));
	ret->status = status;
	int r = ok ? mxw_report_json_dump(root, &ret->body) : -ENOMEM;
	json_decref(root);
	mxw_strbuf_addc(&ret->body, '\n');
	return r;
}

int mxw_api_refuse(struct mxw_api_call *call, unsigned status, const char *format, ...)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	va_list args;
	va_start(args, format);
	mxw_strbuf_vaddf(&text, format, args);
	va_end(args);
	return mxw_api_error(status, mxw_strbuf_get(&text), call->response);
}

int mxw_api_failed(struct mxw_api_call *call, int error)
{
	if (error == -ENOMEM)
		return error;
	if (error == -E2BIG)
		return mxw_api_refuse(call, 409, "there are too many already");
	return mxw_api_refuse(call, 503, "the store takes nothing now, see the log of mxwatchd");
}

int mxw_api_answer(struct mxw_api_call *call, unsigned status, json_t *root, bool ok)
{
	call->response->status = status;
	int r = ok ? mxw_report_json_dump(root, &call->response->body) : -ENOMEM;
	mxw_strbuf_addc(&call->response->body, '\n');
	json_decref(root);
	return r;
}

int mxw_api_read_body(struct mxw_api_call *call, const struct mxw_api_member *members, size_t n_members,
		      json_t **ret_root)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf error = MXW_STRBUF_INIT;
	int r = mxw_api_read_members(call->request->body, call->request->n_body, members, n_members, ret_root, &error);
	if (r == -EINVAL) {
		r = mxw_api_refuse(call, 400, "%s", mxw_strbuf_get(&error));
		return r < 0 ? r : 1;
	}
	return r;
}

bool mxw_api_append(json_t *array, json_t *item)
{
	return item && json_array_append_new(array, item) == 0;
}

static int get_version(struct mxw_api_call *call)
{
	json_t *root = json_object();
	bool ok = mxw_report_json_put(root, "version", mxw_report_json_text(MXW_VERSION));
	ok &= mxw_report_json_put(root, "api", json_integer(1));
	return mxw_api_answer(call, 200, root, ok);
}

/* The resources; one that has an operand ends in a slash. */
static const struct {
	const char *method, *path;
	int (*handle)(struct mxw_api_call *call);
	const char *allow;
} resources[] = {
	{ "GET", "version", get_version, "GET" },
	{ "GET", "silences", mxw_api_get_silences, "GET, POST" },
	{ "POST", "silences", mxw_api_post_silence, "GET, POST" },
	{ "DELETE", "silences/", mxw_api_delete_silence, "DELETE" },
	{ "POST", "acks", mxw_api_post_ack, "POST" },
	{ "POST", "test-notify", mxw_api_post_test, "POST" },
	{ "GET", "events/", mxw_api_get_event, "GET" },
};

/* What follows the resource's path; NULL if it is another one. */
static const char *operand_of(const char *resource, const char *path)
{
	size_t n = strlen(resource);
	if (strncmp(path, resource, n) != 0)
		return NULL;
	bool has_operand = resource[n - 1] == '/';
	return has_operand == (path[n] != '\0') && !strchr(path + n, '/') ? path + n : NULL;
}

int mxw_api_handle(const struct mxw_api_host *host, const struct mxw_api_request *request, struct mxw_api_response *ret)
{
	size_t n_prefix = strlen(MXW_API_PREFIX);
	struct mxw_api_call call = { host, request, NULL, ret };
	const char *path = strncmp(request->path, MXW_API_PREFIX, n_prefix) == 0 ? request->path + n_prefix : "";
	for (size_t i = 0; i < MXW_ARRAY_SIZE(resources); i++) {
		call.operand = operand_of(resources[i].path, path);
		if (call.operand && strcmp(resources[i].method, request->method) == 0) {
			ret->allow = NULL;
			return resources[i].handle(&call);
		}
		if (call.operand)
			ret->allow = resources[i].allow;
	}
	return ret->allow ? mxw_api_refuse(&call, 405, "the method %s is not allowed here", request->method)
			  : mxw_api_refuse(&call, 404, "there is nothing of this name");
}

void mxw_api_response_done(struct mxw_api_response *response)
{
	mxw_strbuf_done(&response->body);
	*response = (struct mxw_api_response){ 0 };
}
