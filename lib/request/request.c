/* The request as an object and as bytes; see request.h. */
#include "lib/request/request.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/request/codec.h"

enum { VERSION = 1 };

void mxw_request_done(struct mxw_request *request)
{
	if (!request)
		return;
	free(request->id);
	free(request->address);
	free(request->method);
	for (size_t i = 0; i < request->n_headers; i++) {
		free(request->headers[i].name);
		free(request->headers[i].value);
	}
	free(request->headers);
	for (size_t i = 0; i < request->n_args; i++)
		free(request->args[i]);
	free(request->args);
	free(request->body);
	free(request->secret_file);
	free(request->auth_file);
	free(request->ca_file);
	*request = (struct mxw_request){ 0 };
}

/* Both lists have a small limit, so that their memory is made whole once. Takes name and value, also when it fails. */
static int take_header(struct mxw_request *request, char *name, char *value)
{
	int r = 0;
	if (!request->headers)
		request->headers = mxw_new_array(MXW_REQUEST_MAX_HEADERS, sizeof(*request->headers));
	if (!request->headers || !name || !value)
		r = -ENOMEM;
	else if (request->n_headers == MXW_REQUEST_MAX_HEADERS)
		r = -E2BIG;
	if (r) {
		free(name);
		free(value);
		return r;
	}
	request->headers[request->n_headers++] = (struct mxw_request_header){ name, value };
	return 0;
}

static int take_arg(struct mxw_request *request, char *arg)
{
	int r = 0;
	if (!request->args)
		request->args = mxw_new_array(MXW_REQUEST_MAX_ARGS + 1,
					      sizeof(*request->args)); /* ends in NULL, as execve(2) wants */
	if (!request->args || !arg)
		r = -ENOMEM;
	else if (request->n_args == MXW_REQUEST_MAX_ARGS)
		r = -E2BIG;
	if (r) {
		free(arg);
		return r;
	}
	request->args[request->n_args++] = arg;
	return 0;
}

int mxw_request_add_header(struct mxw_request *request, const char *name, const char *value)
{
	return take_header(request, strdup(name), strdup(value));
}

int mxw_request_add_arg(struct mxw_request *request, const char *arg)
{
	return take_arg(request, strdup(arg));
}

int mxw_request_set_coalesced(struct mxw_request *request, uint32_t n)
{
	static const char *const names[] = {
		[MXW_TRANSPORT_HTTP] = "mxwatch-coalesced",
		[MXW_TRANSPORT_SYSLOG] = "coalesced",
		[MXW_TRANSPORT_JOURNAL] = "MXWATCH_COALESCED",
		[MXW_TRANSPORT_EXEC] = "MXWATCH_COALESCED",
	};
	char value[16];
	snprintf(value, sizeof(value), "%" PRIu32, n);
	return mxw_request_add_header(request, names[request->transport], value);
}

const char *mxw_request_header(const struct mxw_request *request, const char *name)
{
	for (size_t i = 0; i < request->n_headers; i++)
		if (strcmp(request->headers[i].name, name) == 0)
			return request->headers[i].value;
	return "";
}

int mxw_request_encode(const struct mxw_request *request, struct mxw_strbuf *ret)
{
	size_t start = ret->len;
	mxw_codec_put_u8(ret, VERSION);
	mxw_codec_put_u8(ret, (uint8_t)request->transport);
	mxw_codec_put_u64(ret, (uint64_t)request->timeout_ms);
	mxw_codec_put_text(ret, request->id);
	mxw_codec_put_text(ret, request->address);
	mxw_codec_put_text(ret, request->method);
	mxw_codec_put_text(ret, request->secret_file);
	mxw_codec_put_text(ret, request->auth_file);
	mxw_codec_put_text(ret, request->ca_file);
	mxw_codec_put_u32(ret, (uint32_t)request->n_headers);
	for (size_t i = 0; i < request->n_headers; i++) {
		mxw_codec_put_text(ret, request->headers[i].name);
		mxw_codec_put_text(ret, request->headers[i].value);
	}
	mxw_codec_put_u32(ret, (uint32_t)request->n_args);
	for (size_t i = 0; i < request->n_args; i++)
		mxw_codec_put_text(ret, request->args[i]);
	mxw_codec_put_bytes(ret, request->body, request->n_body);
	if (mxw_strbuf_failed(ret))
		return -ENOMEM;
	return ret->len - start > MXW_REQUEST_MAX ? -E2BIG : 0;
}

static bool is_transport(uint8_t value)
{
	return value >= MXW_TRANSPORT_HTTP && value <= MXW_TRANSPORT_EXEC;
}

static bool is_id(const char *text)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
	return *text && strspn(text, allowed) == strlen(text);
}

static void read_lists(struct mxw_request *ret, struct mxw_codec_reader *reader)
{
	uint32_t n_headers = mxw_codec_get_count(reader, MXW_REQUEST_MAX_HEADERS);
	for (uint32_t i = 0; i < n_headers && !reader->error; i++) {
		char *name = mxw_codec_get_text(reader);
		char *value = mxw_codec_get_text(reader);
		int r = take_header(ret, name, value);
		if (r && !reader->error)
			reader->error = r;
	}
	uint32_t n_args = mxw_codec_get_count(reader, MXW_REQUEST_MAX_ARGS);
	for (uint32_t i = 0; i < n_args && !reader->error; i++) {
		int r = take_arg(ret, mxw_codec_get_text(reader));
		if (r && !reader->error)
			reader->error = r;
	}
}

int mxw_request_decode(struct mxw_request *ret, const void *bytes, size_t n)
{
	*ret = (struct mxw_request){ 0 };
	struct mxw_codec_reader reader = { .at = bytes, .left = n };
	uint8_t version = mxw_codec_get_u8(&reader), transport = mxw_codec_get_u8(&reader);
	uint64_t timeout_ms = mxw_codec_get_u64(&reader);
	if (n > MXW_REQUEST_MAX || version != VERSION || !is_transport(transport) || !timeout_ms ||
	    timeout_ms > MXW_REQUEST_MAX_TIMEOUT_MS)
		return -EBADMSG;
	ret->transport = (enum mxw_transport)transport;
	ret->timeout_ms = (int64_t)timeout_ms;
	ret->id = mxw_codec_get_text(&reader);
	ret->address = mxw_codec_get_text(&reader);
	ret->method = mxw_codec_get_text(&reader);
	ret->secret_file = mxw_codec_get_text(&reader);
	ret->auth_file = mxw_codec_get_text(&reader);
	ret->ca_file = mxw_codec_get_text(&reader);
	read_lists(ret, &reader);
	ret->body = mxw_codec_get_bytes(&reader, &ret->n_body);
	int r = mxw_codec_finish(&reader);
	if (!r && !is_id(ret->id))
		r = -EBADMSG;
	if (r)
		mxw_request_done(ret);
	return r;
}
