/* A receiver of HTTP requests in a thread, that answers with bytes from a table: the path "/N" asks for reply N. */
#pragma once

#include <netinet/in.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

enum http_after { HTTP_KEEP, HTTP_CLOSE, HTTP_HANG, HTTP_ENDLESS };

struct http_reply {
	const char *bytes;
	enum http_after after; /* what follows the bytes; ENDLESS: octets without end */
};

enum { HTTP_MAX_CONNECTIONS = 64, HTTP_MAX_REQUEST = 8192 };

struct http_server {
	int listener;
	uint16_t port;
	const struct http_reply *replies;
	size_t n_replies;
	pthread_t acceptor, threads[HTTP_MAX_CONNECTIONS];
	size_t n_threads;
	pthread_mutex_t lock;
	size_t n_requests;           /* under the lock */
	char last[HTTP_MAX_REQUEST]; /* the last request, header and body; under the lock */
	uint64_t n_endless;          /* octets that an endless reply could send; under the lock */
};

void http_server_start(struct http_server *server, const struct http_reply *replies, size_t n);
void http_server_stop(struct http_server *server); /* after every client has closed */
size_t http_server_requests(struct http_server *server);
uint64_t http_server_endless(struct http_server *server);
/* The value of a header of the last request, or "(none)"; the body for "". In one static buffer. */
const char *http_server_header(struct http_server *server, const char *name);
