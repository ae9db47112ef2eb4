/* Listening on the control socket; see server.h. */
#include "daemon/control/server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/control/connection.h"
#include "daemon/log.h"

enum {
	BACKLOG = 128,
	MAX_ACCEPTS = 16, /* in one turn of the loop */
	NO_DESCRIPTOR_PAUSE_MS = 1000,
	SERVICE_UNAVAILABLE = 503,
};

struct mxw_control_server {
	struct mxw_loop *loop;
	struct mxw_control_params params;
	struct sockaddr_un address;
	struct stat file; /* of our socket */
	struct mxw_io io;
	struct mxw_timer pause;
	struct mxw_control_connection *connections;
	size_t n_connections;
};

static void on_closed(void *arg)
{
	struct mxw_control_server *server = arg;
	server->n_connections--;
}

/* Says why, as far as the socket takes it at once. */
static void turn_away(struct mxw_control_server *server, int fd)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	if (server->params.refuse(server->params.arg, SERVICE_UNAVAILABLE, &text) == 0 && text.len &&
	    send(fd, text.data, text.len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		mxw_log(MXW_LOG_DEBUG, "control: %s", strerror(errno));
	mxw_strbuf_done(&text);
	close(fd);
}

static void take_connection(struct mxw_control_server *server, int fd)
{
	struct mxw_control_connection *connection;
	if (server->n_connections >= MXW_CONTROL_MAX_CONNECTIONS) {
		turn_away(server, fd);
		return;
	}
	if (mxw_control_connection_new(&connection, server->loop, fd, &server->params) < 0)
		return;
	connection->closed = on_closed;
	connection->owner = server;
	connection->next = server->connections;
	connection->link = &server->connections;
	if (connection->next)
		connection->next->link = &connection->next;
	server->connections = connection;
	server->n_connections++;
}

/* A listener that cannot accept stays readable: without the pause the loop would do nothing else. */
static void on_connect(void *arg, int fd, unsigned ready)
{
	struct mxw_control_server *server = arg;
	for (int i = 0; i < MAX_ACCEPTS; i++) {
		int connected = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (connected >= 0) {
			take_connection(server, connected);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
			mxw_log(MXW_LOG_WARNING, "control: cannot accept: %s", strerror(errno));
			mxw_io_watch(&server->io, 0);
			mxw_timer_in(&server->pause, NO_DESCRIPTOR_PAUSE_MS);
		}
		return;
	}
}

static void on_pause_over(void *arg)
{
	struct mxw_control_server *server = arg;
	if (mxw_io_watch(&server->io, MXW_IO_READ) < 0)
		mxw_timer_in(&server->pause, NO_DESCRIPTOR_PAUSE_MS);
}

/* What is at the path? 0: nothing any more. */
static int make_room(const struct sockaddr_un *address)
{
	struct stat st;
	if (lstat(address->sun_path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	int error = connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 ? errno : 0;
	close(fd);
	if (error != ECONNREFUSED)
		return -EADDRINUSE; /* listening, or too busy to say so */
	return unlink(address->sun_path) < 0 ? -errno : 0;
}

/* Nobody can connect before listen(), so the mode may follow bind(). */
static int listen_on(struct mxw_control_server *server)
{
	const struct sockaddr_un *address = &server->address;
	int r = make_room(address);
	if (r < 0)
		return r;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	mxw_io_init(&server->io, server->loop, fd, on_connect, server);
	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
		return -errno;
	if (chmod(address->sun_path, MXW_CONTROL_MODE) < 0 || lstat(address->sun_path, &server->file) < 0 ||
	    listen(fd, BACKLOG) < 0)
		return -errno;
	return mxw_io_watch(&server->io, MXW_IO_READ);
}

int mxw_control_server_new(struct mxw_control_server **ret, struct mxw_loop *loop,
			   const struct mxw_control_params *params)
{
	struct mxw_control_server *server = calloc(1, sizeof(*server));
	if (!server)
		return -ENOMEM;
	server->loop = loop;
	server->params = *params;
	server->io.fd = -1;
	server->address.sun_family = AF_UNIX;
	mxw_timer_init(&server->pause, loop, on_pause_over, server);
	size_t n = strlen(params->path);
	int r = n < sizeof(server->address.sun_path) ? 0 : -ENAMETOOLONG;
	if (r == 0) {
		memcpy(server->address.sun_path, params->path, n);
		server->params.path = server->address.sun_path;
		r = listen_on(server);
	}
	if (r < 0) {
		mxw_control_server_free(server);
		return r;
	}
	*ret = server;
	return 0;
}

/* Another process may have put its own there meanwhile. */
static void remove_file(const struct mxw_control_server *server)
{
	struct stat st;
	if (server->file.st_ino && lstat(server->address.sun_path, &st) == 0 && st.st_ino == server->file.st_ino &&
	    st.st_dev == server->file.st_dev)
		unlink(server->address.sun_path);
}

void mxw_control_server_free(struct mxw_control_server *server)
{
	if (!server)
		return;
	while (server->connections)
		mxw_control_connection_free(server->connections);
	mxw_timer_cancel(&server->pause);
	mxw_io_stop(&server->io);
	if (server->io.fd >= 0)
		close(server->io.fd);
	remove_file(server);
	free(server);
}
