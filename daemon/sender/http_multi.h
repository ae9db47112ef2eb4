/* libcurl's multi interface on our loop: sockets and the one timer that it asks for. */
#pragma once

#include <curl/curl.h>

#include "daemon/loop.h"

struct mxw_http_multi;

/* `done`: a transfer is over; the callback comes from the loop and removes the handle. Negative errno. */
int mxw_http_multi_new(struct mxw_http_multi **ret, struct mxw_loop *loop,
		       void (*done)(void *arg, CURL *easy, CURLcode code), void *arg);
void mxw_http_multi_free(struct mxw_http_multi *multi); /* every handle must have been removed */

int mxw_http_multi_add(struct mxw_http_multi *multi, CURL *easy);     /* -ENOMEM */
void mxw_http_multi_remove(struct mxw_http_multi *multi, CURL *easy); /* never from inside a callback of libcurl */
