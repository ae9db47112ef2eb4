/* curl_multi_socket_action(3) driven by mxw_loop; see http_multi.h. */
#include "daemon/sender/http_multi.h"

#include <errno.h>
#include <stdlib.h>

enum { MAX_KEPT_CONNECTIONS = 16 };

struct mxw_http_multi {
	struct mxw_loop *loop;
	CURLM *handle;
	struct mxw_timer timer;
	void (*done)(void *arg, CURL *easy, CURLcode code);
	void *arg;
};

/* One socket of libcurl; its own pointer is kept in libcurl (curl_multi_assign). */
struct watch {
	struct mxw_http_multi *multi;
	struct mxw_io io;
};

static void collect(struct mxw_http_multi *multi)
{
	int left;
	CURLMsg *message;
	while ((message = curl_multi_info_read(multi->handle, &left))) {
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result; /* the message is gone once the handle is removed */
		if (message->msg == CURLMSG_DONE)
			multi->done(multi->arg, easy, code);
	}
}

static void act(struct mxw_http_multi *multi, curl_socket_t fd, int what)
{
	int running;
	curl_multi_socket_action(multi->handle, fd, what, &running);
	collect(multi);
}

static void on_io(void *arg, int fd, unsigned ready)
{
	struct watch *watch = arg;
	act(watch->multi, fd,
	    (ready & MXW_IO_READ ? CURL_CSELECT_IN : 0) | (ready & MXW_IO_WRITE ? CURL_CSELECT_OUT : 0));
}

static void on_timer(void *arg)
{
	act(arg, CURL_SOCKET_TIMEOUT, 0);
}

static int set_timer(CURLM *handle, long timeout_ms, void *arg)
{
	struct mxw_http_multi *multi = arg;
	if (timeout_ms < 0)
		mxw_timer_cancel(&multi->timer);
	else
		mxw_timer_in(&multi->timer, timeout_ms);
	return 0;
}

static void forget(struct mxw_http_multi *multi, struct watch *watch, curl_socket_t fd)
{
	curl_multi_assign(multi->handle, fd, NULL);
	mxw_io_stop(&watch->io);
	free(watch);
}

static int set_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *fd_arg)
{
	struct mxw_http_multi *multi = arg;
	struct watch *watch = fd_arg;
	if (what == CURL_POLL_REMOVE) {
		if (watch)
			forget(multi, watch, fd);
		return 0;
	}
	if (!watch) {
		watch = calloc(1, sizeof(*watch));
		if (!watch)
			return -1;
		watch->multi = multi;
		mxw_io_init(&watch->io, multi->loop, fd, on_io, watch);
		curl_multi_assign(multi->handle, fd, watch);
	}
	unsigned wanted = (what & CURL_POLL_IN ? MXW_IO_READ : 0u) | (what & CURL_POLL_OUT ? MXW_IO_WRITE : 0u);
	return mxw_io_watch(&watch->io, wanted) < 0 ? -1 : 0;
}

int mxw_http_multi_new(struct mxw_http_multi **ret, struct mxw_loop *loop,
		       void (*done)(void *arg, CURL *easy, CURLcode code), void *arg)
{
	struct mxw_http_multi *multi = calloc(1, sizeof(*multi));
	if (!multi)
		return -ENOMEM;
	multi->loop = loop;
	multi->done = done;
	multi->arg = arg;
	mxw_timer_init(&multi->timer, loop, on_timer, multi);
	multi->handle = curl_multi_init();
	if (!multi->handle) {
		free(multi);
		return -ENOMEM;
	}
	curl_multi_setopt(multi->handle, CURLMOPT_SOCKETFUNCTION, set_socket);
	curl_multi_setopt(multi->handle, CURLMOPT_SOCKETDATA, multi);
	curl_multi_setopt(multi->handle, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(multi->handle, CURLMOPT_TIMERDATA, multi);
	curl_multi_setopt(multi->handle, CURLMOPT_MAXCONNECTS, (long)MAX_KEPT_CONNECTIONS);
	curl_multi_setopt(multi->handle, CURLMOPT_PIPELINING,
			  (long)CURLPIPE_NOTHING); /* a transfer that hangs holds itself only */
	*ret = multi;
	return 0;
}

void mxw_http_multi_free(struct mxw_http_multi *multi)
{
	if (!multi)
		return;
	curl_multi_cleanup(multi->handle); /* closes kept connections, through set_socket */
	mxw_timer_cancel(&multi->timer);
	free(multi);
}

int mxw_http_multi_add(struct mxw_http_multi *multi, CURL *easy)
{
	return curl_multi_add_handle(multi->handle, easy) == CURLM_OK ? 0 : -ENOMEM;
}

void mxw_http_multi_remove(struct mxw_http_multi *multi, CURL *easy)
{
	curl_multi_remove_handle(multi->handle, easy);
}
