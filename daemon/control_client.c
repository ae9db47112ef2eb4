/* One request over the control socket; see control_client.h. */
#include "daemon/control_client.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/terminal.h"
#include "lib/control/text.h"
#include "lib/http/http.h"
#include "lib/report/json.h"

enum { MAX_REPLY = 64 * 1024 * 1024 }; /* all silences and acknowledgements that there can be, each at its longest */

void mxw_control_reply_done(struct mxw_control_reply *reply)
{
	json_decref(reply->root);
	mxw_strbuf_done(&reply->raw);
	*reply = (struct mxw_control_reply){ 0 };
}

const char *mxw_control_author(void)
{
	const struct passwd *user = getpwuid(getuid());
	return user ? user->pw_name : NULL;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int connect_to(const char *path, int64_t timeout_ms)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval wait = { .tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000 };
	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));
	MXW_CLEANUP(close_fd) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) < 0 ||
	    connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return errno == EAGAIN ? -ETIMEDOUT : -errno; /* its queue of connections is full */
	int connected = fd;
	fd = -1;
	return connected;
}

/* A daemon that refuses early closes before everything was sent: its answer is what counts. */
static int send_all(int fd, const struct mxw_strbuf *text)
{
	for (size_t n_sent = 0; n_sent < text->len;) {
		ssize_t n = send(fd, text->data + n_sent, text->len - n_sent, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
			return 0;
		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		n_sent += (size_t)n;
	}
	return 0;
}

static int receive_all(int fd, struct mxw_strbuf *ret)
{
	char chunk[16 * 1024];
	for (;;) {
		ssize_t n = recv(fd, chunk, sizeof(chunk), 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0 || (n < 0 && errno == ECONNRESET))
			return mxw_strbuf_failed(ret) ? -ENOMEM : 0;
		if (n < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		mxw_strbuf_add(ret, chunk, (size_t)n);
		if (ret->len > MAX_REPLY)
			return -EFBIG;
	}
}

static int exchange(const char *socket_path, const struct mxw_strbuf *request, int64_t timeout_ms,
		    struct mxw_strbuf *ret)
{
	MXW_CLEANUP(close_fd) int fd = connect_to(socket_path, timeout_ms);
	if (fd < 0)
		return fd;
	int r = send_all(fd, request);
	return r < 0 ? r : receive_all(fd, ret);
}

static void tell_failure(const char *path, int error)
{
	switch (error) {
	case -ENOENT:
	case -ECONNREFUSED:
		mxw_terminal_error("%s: nobody listens: is mxwatchd running? (--socket names another socket)", path);
		break;
	case -EACCES:
	case -EPERM:
		mxw_terminal_error("%s: permission denied: its owner and its group may talk to mxwatchd", path);
		break;
	case -ETIMEDOUT:
		mxw_terminal_error("%s: mxwatchd does not answer", path);
		break;
	case -EBADMSG:
		mxw_terminal_error("%s: the answer is none of mxwatchd", path);
		break;
	default:
		mxw_terminal_error("%s: %s", path, strerror(-error));
	}
}

static int read_reply(struct mxw_control_reply *ret)
{
	struct mxw_http_response response;
	int r = mxw_http_response_read(&response, mxw_strbuf_get(&ret->raw), ret->raw.len);
	if (r < 0)
		return r;
	ret->status = response.status;
	ret->root = mxw_api_text_parse(response.body, response.n_body);
	if (!ret->root)
		return -EBADMSG;
	struct mxw_strbuf body = MXW_STRBUF_INIT;
	mxw_strbuf_add(&body, response.body, response.n_body);
	mxw_strbuf_done(&ret->raw);
	ret->raw = body;
	return 0;
}

/* 0, or -EIO after having told. */
static int check_status(const struct mxw_control_reply *reply)
{
	if (reply->status >= 200 && reply->status < 300)
		return 0;
	const char *error = json_string_value(json_object_get(reply->root, "error"));
	mxw_terminal_error("%s", error ? error : mxw_http_status_text(reply->status));
	return -EIO;
}

int mxw_control_call(struct mxw_control_reply *ret, const char *socket_path, const char *method, const char *path,
		     json_t *body, int64_t timeout_ms)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf json = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf request = MXW_STRBUF_INIT;
	int r = body ? mxw_report_json_dump(body, &json) : 0;
	json_decref(body);
	mxw_http_request_write(&request, method, path, body ? mxw_strbuf_get(&json) : NULL, json.len);
	if (r == 0)
		r = mxw_strbuf_failed(&request) ? -ENOMEM : exchange(socket_path, &request, timeout_ms, &ret->raw);
	if (r == 0)
		r = read_reply(ret);
	if (r < 0)
		tell_failure(socket_path, r);
	else
		r = check_status(ret);
	if (r < 0)
		mxw_control_reply_done(ret);
	return r < 0 ? -EIO : 0;
}
