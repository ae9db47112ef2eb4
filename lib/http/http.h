/* HTTP/1.1 messages (RFC 9110, RFC 9112) of the control socket, both ways: one request and one response a connection.
 *
 * Strict where a lenient reader invites smuggling: lines end in CRLF, no folded header, no NUL or other control character,
 * one Host, at most one Content-Length, no Transfer-Encoding, a target of plain path characters. Pure: bytes in, bytes out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/strbuf.h"

enum {
	MXW_HTTP_MAX_HEAD = 8 * 1024, /* octets up to and with the empty line */
	MXW_HTTP_MAX_HEADERS = 64,
	MXW_HTTP_MAX_BODY = 64 * 1024, /* of a request */
	MXW_HTTP_MAX_METHOD = 15,
	MXW_HTTP_MAX_TARGET = 1023,
};

enum mxw_http_progress { MXW_HTTP_INCOMPLETE, MXW_HTTP_COMPLETE, MXW_HTTP_BAD };

struct mxw_http_request {
	char method[MXW_HTTP_MAX_METHOD + 1];
	char path[MXW_HTTP_MAX_TARGET + 1];
	const char *body; /* borrowed from the bytes; meaningful when complete */
	size_t n_body;
	bool wants_continue; /* INCOMPLETE: the client waits for "100 Continue" before it sends the body */
	unsigned status;     /* BAD: what to answer */
};

/* Reads what has come so far; call it again with more bytes while it says INCOMPLETE. What follows a complete request
 * is BAD: a connection carries one. */
enum mxw_http_progress mxw_http_request_read(struct mxw_http_request *ret, const char *bytes, size_t n);

/* A request with a JSON body, or without one (NULL). */
void mxw_http_request_write(struct mxw_strbuf *ret, const char *method, const char *path, const char *body,
			    size_t n_body);

/* A whole response; `allow` (NULL for none) are the methods of a 405. The connection ends with it. */
void mxw_http_response_write(struct mxw_strbuf *ret, unsigned status, const char *allow, const char *body,
			     size_t n_body);
const char *mxw_http_status_text(unsigned status);

struct mxw_http_response {
	unsigned status;
	const char *body; /* borrowed from the bytes */
	size_t n_body;
};
/* Reads a response that has come whole, by a server that is believed in what it says of itself. -EBADMSG for anything
 * else. Interim responses (1xx) are skipped. */
int mxw_http_response_read(struct mxw_http_response *ret, const char *bytes, size_t n);
