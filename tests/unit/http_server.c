/* See http_server.h. */
#include "tests/unit/http_server.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct connection {
	struct http_server *server;
	int fd;
};

/* Reads one request whole; false at the end of the connection. */
static bool read_request(int fd, char text[HTTP_MAX_REQUEST])
{
	size_t n = 0, wanted = 0;
	while (!wanted || n < wanted) {
		ssize_t more = n < HTTP_MAX_REQUEST - 1 ? recv(fd, text + n, HTTP_MAX_REQUEST - 1 - n, 0) : 0;
		if (more <= 0)
			return false;
		n += (size_t)more;
		text[n] = '\0';
		const char *end = strstr(text, "\r\n\r\n"), *length = strcasestr(text, "\r\nContent-Length:");
		if (end)
			wanted = (size_t)(end + 4 - text) +
				 (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
	}
	return true;
}

static void send_endless(struct connection *connection)
{
	static const char junk[16384];
	ssize_t n;
	while ((n = send(connection->fd, junk, sizeof(junk), MSG_NOSIGNAL)) > 0) {
		pthread_mutex_lock(&connection->server->lock);
		connection->server->n_endless += (uint64_t)n;
		pthread_mutex_unlock(&connection->server->lock);
	}
}

static bool answer(struct connection *connection, const char *request)
{
	struct http_server *server = connection->server;
	const char *slash = strchr(request, '/');
	size_t i = slash ? strtoul(slash + 1, NULL, 10) : 0;
	const struct http_reply *reply = &server->replies[i < server->n_replies ? i : 0];
	char trash[64];
	send(connection->fd, reply->bytes, strlen(reply->bytes), MSG_NOSIGNAL);
	if (reply->after == HTTP_ENDLESS)
		send_endless(connection);
	if (reply->after == HTTP_HANG)
		while (recv(connection->fd, trash, sizeof(trash), 0) > 0)
			;
	return reply->after == HTTP_KEEP;
}

static void *serve(void *arg)
{
	struct connection *connection = arg;
	struct http_server *server = connection->server;
	char text[HTTP_MAX_REQUEST];
	while (read_request(connection->fd, text)) {
		pthread_mutex_lock(&server->lock);
		server->n_requests++;
		memcpy(server->last, text, sizeof(text));
		pthread_mutex_unlock(&server->lock);
		if (!answer(connection, text))
			break;
	}
	close(connection->fd);
	free(connection);
	return NULL;
}

static void *accept_all(void *arg)
{
	struct http_server *server = arg;
	int fd;
	while ((fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		struct connection *connection = malloc(sizeof(*connection));
		if (!connection || server->n_threads == HTTP_MAX_CONNECTIONS)
			abort();
		*connection = (struct connection){ server, fd };
		if (pthread_create(&server->threads[server->n_threads++], NULL, serve, connection) != 0)
			abort();
	}
	return NULL;
}

void http_server_start(struct http_server *server, const struct http_reply *replies, size_t n)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	memset(server, 0, sizeof(*server));
	server->replies = replies;
	server->n_replies = n;
	pthread_mutex_init(&server->lock, NULL);
	server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(server->listener, (struct sockaddr *)&address, length), 0);
	assert_int_equal(listen(server->listener, HTTP_MAX_CONNECTIONS), 0);
	assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &length), 0);
	server->port = ntohs(address.sin_port);
	assert_int_equal(pthread_create(&server->acceptor, NULL, accept_all, server), 0);
}

void http_server_stop(struct http_server *server)
{
	shutdown(server->listener, SHUT_RDWR);
	pthread_join(server->acceptor, NULL);
	for (size_t i = 0; i < server->n_threads; i++)
		pthread_join(server->threads[i], NULL);
	close(server->listener);
	pthread_mutex_destroy(&server->lock);
}

size_t http_server_requests(struct http_server *server)
{
	pthread_mutex_lock(&server->lock);
	size_t n = server->n_requests;
	pthread_mutex_unlock(&server->lock);
	return n;
}

uint64_t http_server_endless(struct http_server *server)
{
	pthread_mutex_lock(&server->lock);
	uint64_t n = server->n_endless;
	pthread_mutex_unlock(&server->lock);
	return n;
}

const char *http_server_header(struct http_server *server, const char *name)
{
	static char value[HTTP_MAX_REQUEST];
	char key[128];
	snprintf(key, sizeof(key), *name ? "\r\n%s: " : "\r\n\r\n", name);
	pthread_mutex_lock(&server->lock);
	const char *at = strcasestr(server->last, key);
	snprintf(value, sizeof(value), "%s", at ? at + strlen(key) : "(none)");
	pthread_mutex_unlock(&server->lock);
	if (*name)
		value[strcspn(value, "\r")] = '\0';
	return value;
}
