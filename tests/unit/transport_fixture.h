/* What tests of the sender's transports share: one transport on a real loop, requests, and waiting for their
 * results. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/sender/transport.h"

enum { TRANSPORT_MAX_RESULTS = 512 };

struct transport_world {
	struct mxw_loop *loop;
	struct mxw_names *names;
	const struct mxw_transport_ops *ops;
	void *transport;
	char directory[64]; /* for sockets and files; must be empty at the end */
	struct mxw_timer patience;
	size_t n_results, wanted;
	struct {
		uint64_t delivery;
		enum mxw_result_status status;
		int64_t retry_after_ms;
		char text[256];
	} results[TRANSPORT_MAX_RESULTS];
};

void transport_open(struct transport_world *world, const struct mxw_transport_ops *ops);
void transport_close(struct transport_world *world);

/* "DIRECTORY/name"; one buffer of the world's. */
const char *transport_path(struct transport_world *world, const char *name);

/* A request whose body is `body`; the caller adds what it needs. */
struct mxw_request transport_request(enum mxw_transport transport, const char *address, const char *body,
				     int64_t timeout_ms);
/* Hands a request over (its content is taken); deliveries count from 1. */
void transport_submit(struct transport_world *world, struct mxw_request *request);
/* Runs the loop until there are n results in all. */
void transport_wait(struct transport_world *world, size_t n);
/* Runs the loop for a while: to see that nothing happens. */
void transport_run(struct transport_world *world, int64_t ms);
/* Submits, waits, and asserts the status and that the text begins so. */
void transport_expect(struct transport_world *world, struct mxw_request *request, enum mxw_result_status status,
		      const char *text);

/* Teardown of a group that looked up names: the C library's threads end a second after their last lookup, and only
 * then give back what checkers of memory would miss. */
int transport_let_threads_end(void **state);
