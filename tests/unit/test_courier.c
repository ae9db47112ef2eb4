/* The sender's keeper, with small programs in the place of the sender: one that echoes, one that is silent, some
 * that are broken. What is in flight is told exactly once, whatever becomes of the process. */
#include "daemon/courier.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/strbuf.h"

enum { PATIENCE_MS = 20 * 1000 };

/* Echoes frames: a result that is sent comes back as the result. */
static const char echo[] = "exec cat <&0 >&0\n";
/* Tells its process id and stays. */
static const char silent[] = "echo $$ >>pids; exec sleep 1000\n";
static const char deaf[] = "trap '' TERM HUP INT; echo $$ >>pids; exec sleep 1000\n";
static const char broken[] = "echo $$ >>pids; exit 3\n";
static const char curious[] = "ls /proc/self/fd >fds; exec sleep 1000\n";

struct world {
	char directory[64], path[96];
	struct mxw_loop *loop;
	struct mxw_courier *courier;
	struct mxw_timer patience, look;
	unsigned n_results, n_ready, stop_at;
	enum mxw_result_status status;
	char text[256];
	bool until_ready, resends;
	unsigned wanted_pids;
};

static char *file_text(struct world *world, const char *name)
{
	static char text[4096];
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", world->directory, name);
	FILE *file = fopen(path, "re");
	size_t n = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
	if (file)
		fclose(file);
	text[n] = '\0';
	return text;
}

/* The id of the n-th process that was started, 0 if there is none yet. */
static pid_t nth_pid(struct world *world, unsigned n)
{
	char *line = file_text(world, "pids");
	for (; n > 1 && line; n--)
		line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL;
	return line && strchr(line, '\n') ? (pid_t)strtol(line, NULL, 10) : 0;
}

static void on_out_of_patience(void *arg)
{
	fail_msg("nothing happened");
}

static void on_look(void *arg)
{
	struct world *world = arg;
	if (nth_pid(world, world->wanted_pids))
		mxw_loop_stop(world->loop);
	else
		mxw_timer_in(&world->look, 10);
}

/* Runs the loop until so many processes have told their ids. */
static pid_t wait_pid(struct world *world, unsigned n)
{
	world->wanted_pids = n;
	mxw_timer_in(&world->look, 0);
	assert_int_equal(mxw_loop_run(world->loop), 0);
	return nth_pid(world, n);
}

static void on_result(void *arg, uint64_t delivery, const struct mxw_result *result)
{
	struct world *world = arg;
	world->n_results++;
	world->status = result->status;
	snprintf(world->text, sizeof(world->text), "%s", result->text);
	if (world->resends) /* as the outbox might: refused while there is no process, or taken */
		mxw_courier_send(world->courier, 1000 + delivery, "", 0, 1000);
	if (world->n_results == world->stop_at)
		mxw_loop_stop(world->loop);
}

static void on_ready(void *arg)
{
	struct world *world = arg;
	world->n_ready++;
	if (world->until_ready)
		mxw_loop_stop(world->loop);
}

static int set_up(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	assert_non_null(world);
	strcpy(world->directory, "/tmp/mxw_courier_XXXXXX");
	assert_non_null(mkdtemp(world->directory));
	assert_int_equal(chdir(world->directory), 0);
	assert_int_equal(mxw_loop_new(&world->loop), 0);
	mxw_timer_init(&world->patience, world->loop, on_out_of_patience, NULL);
	mxw_timer_init(&world->look, world->loop, on_look, world);
	mxw_timer_in(&world->patience, PATIENCE_MS);
	*state = world;
	return 0;
}

static void start(struct world *world, const char *script)
{
	snprintf(world->path, sizeof(world->path), "%s/program", world->directory);
	FILE *file = fopen(world->path, "we");
	assert_non_null(file);
	fprintf(file, "#!/bin/sh\n%s", script);
	fclose(file);
	assert_int_equal(chmod(world->path, 0700), 0);
	assert_int_equal(mxw_courier_new(&world->courier, world->loop, world->path, on_result, world), 0);
	mxw_courier_on_ready(world->courier, on_ready, world);
}

static int tear_down(void **state)
{
	struct world *world = *state;
	static const char *const files[] = { "program", "pids", "fds" };
	mxw_courier_free(world->courier, 0);
	mxw_timer_cancel(&world->patience);
	mxw_timer_cancel(&world->look);
	mxw_loop_free(world->loop);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(files); i++)
		unlink(files[i]);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(world->directory), 0);
	free(world);
	return 0;
}

static void send_result(struct world *world, uint64_t delivery, enum mxw_result_status status, const char *text)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf bytes = MXW_STRBUF_INIT;
	char copy[32];
	snprintf(copy, sizeof(copy), "%s", text);
	struct mxw_result result = { .status = status, .text = copy };
	assert_int_equal(mxw_result_encode(&result, &bytes), 0);
	assert_int_equal(mxw_courier_send(world->courier, delivery, bytes.data, bytes.len, 1000), 0);
}

static void test_results_come_back(void **state)
{
	struct world *world = *state;
	start(world, echo);
	send_result(world, 7, MXW_DELIVERED, "sent");
	send_result(world, 8, MXW_PARKED, "HTTP 404");
	assert_int_equal(mxw_courier_in_flight(world->courier), 2);
	world->stop_at = 2;
	assert_int_equal(mxw_loop_run(world->loop), 0);
	assert_int_equal(mxw_courier_in_flight(world->courier), 0);
	assert_int_equal(world->status, MXW_PARKED);
	assert_string_equal(world->text, "HTTP 404");
}

static void test_a_killed_sender_loses_nothing(void **state)
{
	struct world *world = *state;
	start(world, silent);
	pid_t first = wait_pid(world, 1);
	for (uint64_t i = 1; i <= MXW_COURIER_MAX_IN_FLIGHT; i++)
		assert_int_equal(mxw_courier_send(world->courier, i, "x", 1, 1000), 0);
	assert_int_equal(mxw_courier_send(world->courier, 999, "x", 1, 1000), -EAGAIN);
	assert_int_equal(kill(first, SIGKILL), 0);
	world->resends = true; /* refused in the callback: the process is gone */
	world->until_ready = true;
	assert_int_equal(mxw_loop_run(world->loop), 0);
	assert_int_equal(world->n_results, MXW_COURIER_MAX_IN_FLIGHT); /* each once */
	assert_int_equal(world->status, MXW_RETRY);
	assert_string_equal(world->text, "sender restarted");
	assert_int_equal(world->n_ready, 1);
	assert_int_equal(mxw_courier_in_flight(world->courier), 0);
	pid_t second = wait_pid(world, 2);
	assert_int_not_equal(first, second);
	assert_int_equal(mxw_courier_send(world->courier, 1, "x", 1, 1000), 0);
}

static void test_a_bad_result_ends_the_sender(void **state)
{
	struct world *world = *state;
	start(world, echo);
	assert_int_equal(mxw_courier_send(world->courier, 1, "no result", 9, 1000), 0);
	world->stop_at = 1;
	assert_int_equal(mxw_loop_run(world->loop), 0);
	assert_int_equal(world->status, MXW_RETRY);
	assert_int_equal(mxw_courier_send(world->courier, 2, "x", 1, 1000), -EAGAIN);
	world->until_ready = true;
	assert_int_equal(mxw_loop_run(world->loop), 0);
	send_result(world, 3, MXW_DELIVERED, "sent"); /* the next one works */
	world->stop_at = 2;
	assert_int_equal(mxw_loop_run(world->loop), 0);
	assert_int_equal(world->status, MXW_DELIVERED);
}

static void test_a_hanging_sender_is_killed(void **state)
{
	struct world *world = *state;
	start(world, deaf);
	pid_t first = wait_pid(world, 1);
	/* A deadline 50 ms from now: the allowance for the sender's own queue is subtracted. */
	assert_int_equal(mxw_courier_send(world->courier, 1, "x", 1, 50 - MXW_COURIER_HANG_MS), 0);
	assert_int_equal(mxw_courier_send(world->courier, 2, "x", 1, 1000), 0);
	world->stop_at = 2;
	assert_int_equal(mxw_loop_run(world->loop), 0);
	assert_int_equal(world->status, MXW_RETRY);
	wait_pid(world, 2);
	assert_int_equal(kill(first, 0), -1); /* dead and reaped */
}

static void test_a_broken_sender_is_started_with_growing_pauses(void **state)
{
	struct world *world = *state;
	start(world, broken);
	int64_t begin_ms = mxw_loop_now_ms(world->loop);
	wait_pid(world, 4);
	assert_true(mxw_loop_now_ms(world->loop) - begin_ms >= 100 + 200 + 400);
	assert_int_equal(world->n_results, 0);
}

static void test_no_such_program(void **state)
{
	struct world *world = *state;
	assert_int_equal(mxw_courier_new(&world->courier, world->loop, "/nonexistent/sender", on_result, world),
			 -ENOENT);
	assert_null(world->courier);
}

static void test_nothing_is_inherited(void **state)
{
	struct world *world = *state;
	int fd = open("/dev/null", O_RDONLY); /* as a careless library would: without O_CLOEXEC */
	assert_true(fd > 2);
	int high = fcntl(fd, F_DUPFD, 100);
	start(world, curious);
	for (int i = 0; i < 1000 && !strchr(file_text(world, "fds"), '\n'); i++)
		usleep(10000);
	usleep(50000);
	assert_string_equal(file_text(world, "fds"), "0\n1\n2\n3\n"); /* 3 is the directory that ls reads */
	close(fd);
	close(high);
}

static void test_free_ends_the_process(void **state)
{
	struct world *world = *state;
	start(world, deaf); /* and it does not look at its input either */
	pid_t pid = wait_pid(world, 1);
	assert_int_equal(mxw_courier_send(world->courier, 1, "x", 1, 1000), 0);
	mxw_courier_free(world->courier, 50);
	world->courier = NULL;
	assert_int_equal(kill(pid, 0), -1);
	assert_int_equal(errno, ESRCH);
	assert_int_equal(world->n_results, 0); /* no callback comes */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_results_come_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_killed_sender_loses_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_bad_result_ends_the_sender, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_hanging_sender_is_killed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_broken_sender_is_started_with_growing_pauses, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_such_program, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nothing_is_inherited, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_free_ends_the_process, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
