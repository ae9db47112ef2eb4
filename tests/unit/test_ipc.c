/* Frames over a socket pair: whole ones arrive in order however they are cut; strangers and the dead are noticed
 * once. */
#include "daemon/ipc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/request/request.h"

enum { PATIENCE_MS = 20 * 1000 };

struct side {
	struct mxw_loop *loop;
	struct mxw_ipc *ipc;
	unsigned n_messages, stop_at; /* the loop stops after that many */
	uint64_t last;
	size_t n_octets;
	unsigned n_closed;
	int error;
	bool frees; /* itself, in the first callback */
};

struct world {
	struct mxw_loop *loop;
	int fd; /* the raw end */
	struct side side;
	struct mxw_timer patience;
};

static void on_message(void *arg, uint64_t delivery, const void *message, size_t n)
{
	struct side *side = arg;
	assert_true(delivery == side->last + 1);
	side->last = delivery;
	side->n_octets += n;
	side->n_messages++;
	if (side->frees) {
		mxw_ipc_free(side->ipc);
		side->ipc = NULL;
	}
	if (side->frees || side->n_messages == side->stop_at)
		mxw_loop_stop(side->loop);
}

static void on_closed(void *arg, int error)
{
	struct side *side = arg;
	side->n_closed++;
	side->error = error;
	if (side->frees) {
		mxw_ipc_free(side->ipc);
		side->ipc = NULL;
	}
	mxw_loop_stop(side->loop);
}

static void on_out_of_patience(void *arg)
{
	fail_msg("nothing happened");
}

static struct mxw_ipc *open_side(struct side *side, struct mxw_loop *loop, int fd)
{
	struct mxw_ipc_handler handler = { .message = on_message, .closed = on_closed, .arg = side };
	side->loop = loop;
	assert_int_equal(mxw_ipc_new(&side->ipc, loop, fd, &handler), 0);
	return side->ipc;
}

static int set_up(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	int pair[2];
	assert_non_null(world);
	assert_int_equal(mxw_loop_new(&world->loop), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	world->fd = pair[1];
	open_side(&world->side, world->loop, pair[0]);
	mxw_timer_init(&world->patience, world->loop, on_out_of_patience, NULL);
	mxw_timer_in(&world->patience, PATIENCE_MS);
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;
	mxw_ipc_free(world->side.ipc);
	if (world->fd >= 0)
		close(world->fd);
	mxw_timer_cancel(&world->patience);
	mxw_loop_free(world->loop);
	free(world);
	return 0;
}

static void write_all(struct world *world, const char *bytes, size_t n)
{
	assert_int_equal(write(world->fd, bytes, n), (ssize_t)n);
}

static void test_frames_cut_anywhere(void **state)
{
	struct world *world = *state;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf stream = MXW_STRBUF_INIT;
	assert_int_equal(mxw_frame_put(&stream, 1, "one", 3), 0);
	assert_int_equal(mxw_frame_put(&stream, 2, "", 0), 0);
	assert_int_equal(mxw_frame_put(&stream, 3, "three", 5), 0);
	/* Whole frames arrive with the octet that completes them: one octet a run of the loop. */
	size_t complete[] = { MXW_FRAME_HEADER + 3, 2 * MXW_FRAME_HEADER + 3, 3 * MXW_FRAME_HEADER + 8 };
	size_t from = 0;
	for (unsigned i = 0; i < 3; i++) {
		for (; from < complete[i]; from++)
			write_all(world, stream.data + from, 1);
		world->side.stop_at = i + 1;
		assert_int_equal(mxw_loop_run(world->loop), 0);
		assert_int_equal(world->side.n_messages, i + 1);
	}
	assert_int_equal(world->side.n_octets, 8);
	assert_int_equal(world->side.n_closed, 0);
}

static void test_the_end_is_told_once(void **state)
{
	struct world *world = *state;
	close(world->fd);
	world->fd = -1;
	assert_int_equal(mxw_loop_run(world->loop), 0);
	assert_int_equal(world->side.error, -EPIPE);
	assert_int_equal(mxw_ipc_send(world->side.ipc, 1, "x", 1), -EPIPE);
	assert_int_equal(world->side.n_closed, 1);
}

static void test_a_stranger_is_refused(void **state)
{
	struct world *world = *state;
	write_all(world, "\xff\xff\xff\xff", 4);
	assert_int_equal(mxw_loop_run(world->loop), 0);
	assert_int_equal(world->side.error, -EBADMSG);
	assert_int_equal(world->side.n_closed, 1);
	assert_int_equal(world->side.n_messages, 0);
}

static void test_sending_to_the_dead(void **state)
{
	struct world *world = *state;
	close(world->fd);
	world->fd = -1;
	/* Never from inside the call: the callback comes from the loop. */
	assert_int_equal(mxw_ipc_send(world->side.ipc, 1, "x", 1), -EPIPE);
	assert_int_equal(world->side.n_closed, 0);
	assert_int_equal(mxw_loop_run(world->loop), 0);
	assert_int_equal(world->side.n_closed, 1);
}

static void test_the_queue_is_bounded(void **state)
{
	struct world *world = *state;
	size_t n = MXW_REQUEST_MAX;
	char *large = calloc(1, n);
	assert_non_null(large);
	uint64_t sent = 0;
	int r;
	while ((r = mxw_ipc_send(world->side.ipc, sent + 1, large, n)) == 0)
		sent++;
	assert_int_equal(r, -ENOBUFS);
	assert_true(sent >= 7 && sent <= 9); /* 8 MiB and what the socket holds */
	assert_int_equal(mxw_ipc_send(world->side.ipc, 9, large, n + 1), -ENOBUFS);
	free(large);
	/* The other side reads: everything arrives whole and in order, and there is room again. */
	struct side reader = { .stop_at = (unsigned)sent };
	open_side(&reader, world->loop, world->fd);
	world->fd = -1;
	assert_int_equal(mxw_loop_run(world->loop), 0);
	assert_int_equal(reader.n_messages, sent);
	assert_int_equal(reader.n_octets, sent * n);
	assert_int_equal(mxw_ipc_send(world->side.ipc, sent + 1, "x", 1), 0);
	reader.stop_at++;
	assert_int_equal(mxw_loop_run(world->loop), 0);
	mxw_ipc_free(reader.ipc);
}

static void test_a_message_that_is_too_large(void **state)
{
	struct world *world = *state;
	char *large = calloc(1, MXW_REQUEST_MAX + 1);
	assert_non_null(large);
	assert_int_equal(mxw_ipc_send(world->side.ipc, 1, large, MXW_REQUEST_MAX + 1), -E2BIG);
	free(large);
	assert_int_equal(mxw_ipc_send(world->side.ipc, 1, "x", 1), 0); /* nothing of it is in the stream */
	char bytes[64];
	assert_int_equal(read(world->fd, bytes, sizeof(bytes)), MXW_FRAME_HEADER + 1);
}

static void test_freed_in_its_callbacks(void **state)
{
	struct world *world = *state;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf stream = MXW_STRBUF_INIT;
	assert_int_equal(mxw_frame_put(&stream, 1, "one", 3), 0);
	assert_int_equal(mxw_frame_put(&stream, 2, "two", 3), 0);
	write_all(world, stream.data, stream.len);
	world->side.frees = true;
	assert_int_equal(mxw_loop_run(world->loop), 0);
	assert_int_equal(world->side.n_messages, 1); /* the second one found nobody */
	assert_null(world->side.ipc);
}

static void test_freed_when_closed(void **state)
{
	struct world *world = *state;
	world->side.frees = true;
	close(world->fd);
	world->fd = -1;
	assert_int_equal(mxw_loop_run(world->loop), 0);
	assert_int_equal(world->side.n_closed, 1);
	assert_null(world->side.ipc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_frames_cut_anywhere, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_end_is_told_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_stranger_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_sending_to_the_dead, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_queue_is_bounded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_message_that_is_too_large, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_freed_in_its_callbacks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_freed_when_closed, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
