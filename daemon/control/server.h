/* The control socket: HTTP/1.1 on a Unix socket, one request a connection, bounded in every way.
 *
 * Messages are read and written by lib/http, so that nothing of libevent's HTTP server is needed: it lets bare line feeds, NUL and folded
 * headers through, cannot limit its connections, and spins when descriptors run out. */
#pragma once

#include "daemon/loop.h"
#include "lib/http/http.h"

enum {
	MXW_CONTROL_MAX_CONNECTIONS = 64, /* one more is answered 503 */
	MXW_CONTROL_TIMEOUT_MS = 5000,    /* for a whole request to come, and again for the response to go */
	MXW_CONTROL_MODE = 0660,          /* of the socket: owner and group */
};

struct mxw_control_server;

struct mxw_control_params {
	const char *path; /* copied; at most MXW_MAX_SOCKET_PATH octets */
	/* Answers a request: the bytes of a whole response to *ret. 0, or -ENOMEM to drop the connection. */
	int (*handle)(void *arg, const struct mxw_http_request *request, unsigned peer_uid, struct mxw_strbuf *ret);
	/* The same for what is no good request. */
	int (*refuse)(void *arg, unsigned status, struct mxw_strbuf *ret);
	void *arg;
};

/* A socket that nobody listens on is replaced; -EADDRINUSE: somebody does; -EEXIST: the path is something else. */
int mxw_control_server_new(struct mxw_control_server **ret, struct mxw_loop *loop,
			   const struct mxw_control_params *params);
void mxw_control_server_free(struct mxw_control_server *server); /* removes the socket if it is still ours */
