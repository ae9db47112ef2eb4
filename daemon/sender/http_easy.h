/* One HTTP transfer as libcurl sees it: what is sent, how careful, and what of the answer is looked at. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <curl/curl.h>

#include "daemon/sender/names.h"
#include "lib/base/strbuf.h"
#include "lib/request/request.h"

enum {
	MXW_HTTP_CONNECT_MS = 5 * 1000,
	MXW_HTTP_MAX_HEADER = 64 * 1024, /* octets of the answer's header */
	MXW_HTTP_MAX_BODY = 64 * 1024,   /* octets of the answer's body that are read to keep the connection */
};

/* Where a URL leads. */
struct mxw_http_target {
	bool is_https;
	char host[256]; /* without brackets */
	unsigned port;
};

struct mxw_http_easy {
	CURL *handle;
	struct curl_slist *headers, *resolve;
	char error[CURL_ERROR_SIZE];
	size_t n_header, n_body;
	bool has_header; /* the final answer's header is complete: its status counts whatever becomes of the body */
	void (*on_header)(void *arg); /* called then, from inside libcurl */
	void *arg;
};

/* -EINVAL: not http or https, user information, no host. */
int mxw_http_target_read(struct mxw_http_target *ret, const char *url);

/* Makes a handle for the request; its strings and body must live as long. Reads and uses the secrets. 0, or negative
 * errno with a text for the result: -EINVAL when the request can never be sent, others when a later try may do. */
int mxw_http_easy_init(struct mxw_http_easy *easy, const struct mxw_request *request,
		       const struct mxw_http_target *target, const struct mxw_addresses *addresses, int64_t wall_ms,
		       struct mxw_strbuf *ret_problem);
void mxw_http_easy_done(struct mxw_http_easy *easy); /* the handle is in no multi */

/* What the answer means; `code` as libcurl ended, CURLE_OK if it was us. */
struct mxw_http_verdict {
	enum mxw_result_status status;
	int64_t retry_after_ms;
	char text[CURL_ERROR_SIZE + 32];
};
void mxw_http_easy_judge(const struct mxw_http_easy *easy, CURLcode code, struct mxw_http_verdict *ret);
