/* One connection of the control socket: reads a request, writes the response, closes. Used by server.c only. */
#pragma once

#include <stdbool.h>

#include "daemon/control/server.h"

struct mxw_control_connection {
	struct mxw_control_connection *next, **link; /* in the owner's list */
	const struct mxw_control_params *params;     /* the owner's */
	void (*closed)(void *owner);                 /* after it was freed */
	void *owner;
	struct mxw_io io;
	struct mxw_timer deadline;
	unsigned peer_uid;
	bool has_continued; /* "100 Continue" was said */
	struct mxw_strbuf in, out;
	size_t n_written;
};

/* Takes over the descriptor, also when it fails. The caller links it. */
int mxw_control_connection_new(struct mxw_control_connection **ret, struct mxw_loop *loop, int fd,
			       const struct mxw_control_params *params);
void mxw_control_connection_free(struct mxw_control_connection *connection);
