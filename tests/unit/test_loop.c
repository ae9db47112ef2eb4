/* The loop: order of timers, callbacks that change what is armed, descriptors, signals, lag. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/lag.h"
#include "daemon/loop.h"

struct probe {
	struct mxw_loop *loop;
	struct mxw_timer timer, end;
	struct mxw_io io;
	struct probe *other;
	char *trace;
	char letter;
	int n_calls, max_calls;
	int64_t fired_at_ms;
};

static void stop_loop(void *arg)
{
	mxw_loop_stop(arg);
}

static void run_for(struct mxw_loop *loop, int64_t ms)
{
	struct mxw_timer end;
	mxw_timer_init(&end, loop, stop_loop, loop);
	mxw_timer_in(&end, ms);
	assert_int_equal(mxw_loop_run(loop), 0);
	mxw_timer_cancel(&end);
}

static void note(void *arg)
{
	struct probe *probe = arg;
	strncat(probe->trace, &probe->letter, 1);
	probe->fired_at_ms = mxw_loop_now_ms(probe->loop);
}

static void test_timers_fire_in_order(void **state)
{
	struct mxw_loop *loop = *state;
	char trace[8] = "";
	static const struct {
		char letter;
		int64_t delay_ms;
	} rows[] = { { 'c', 12 }, { 'a', -5 }, { 'd', 20 }, { 'b', 4 } };
	struct probe probes[4] = { 0 };
	int64_t start_ms = mxw_loop_now_ms(loop);
	for (size_t i = 0; i < 4; i++) {
		probes[i] = (struct probe){ .loop = loop, .trace = trace, .letter = rows[i].letter };
		mxw_timer_init(&probes[i].timer, loop, note, &probes[i]);
		assert_false(mxw_timer_is_armed(&probes[i].timer));
		mxw_timer_in(&probes[i].timer, rows[i].delay_ms);
		assert_true(mxw_timer_is_armed(&probes[i].timer));
	}
	run_for(loop, 30);
	assert_string_equal(trace, "abcd");
	for (size_t i = 0; i < 4; i++) {
		assert_false(mxw_timer_is_armed(&probes[i].timer));
		assert_true(probes[i].fired_at_ms >= start_ms + rows[i].delay_ms);
	}
}

static void test_rearming_moves_a_timer(void **state)
{
	struct mxw_loop *loop = *state;
	char trace[8] = "";
	struct probe a = { .loop = loop, .trace = trace, .letter = 'a' },
		     b = { .loop = loop, .trace = trace, .letter = 'b' };
	mxw_timer_init(&a.timer, loop, note, &a);
	mxw_timer_init(&b.timer, loop, note, &b);
	mxw_timer_in(&a.timer, 2);
	mxw_timer_in(&b.timer, 6);
	mxw_timer_in(&a.timer, 10);
	run_for(loop, 20);
	assert_string_equal(trace, "ba");
}

static void cancel_other(void *arg)
{
	struct probe *probe = arg;
	mxw_timer_cancel(&probe->other->timer);
	mxw_timer_cancel(&probe->other->timer); /* idempotent */
	probe->n_calls++;
}

/* One timer that stands for the earliest of many: a later wish must not put off an earlier one. */
static void test_at_latest_never_puts_off(void **state)
{
	struct mxw_loop *loop = *state;
	char trace[8] = "";
	struct probe probe = { .loop = loop, .trace = trace, .letter = 'a' };
	int64_t start_ms = mxw_loop_now_ms(loop);
	mxw_timer_init(&probe.timer, loop, note, &probe);
	mxw_timer_at_latest(&probe.timer, start_ms + 3600 * 1000);
	mxw_timer_at_latest(&probe.timer, start_ms + 10);
	mxw_timer_at_latest(&probe.timer, start_ms + 3600 * 1000);
	mxw_timer_at_latest(&probe.timer, start_ms + 11);
	run_for(loop, 500);
	assert_string_equal(trace, "a");
	assert_in_range((uintmax_t)(probe.fired_at_ms - start_ms), 10, 250);
}

static void test_cancel_in_callback(void **state)
{
	/* Both are due in one pass; whichever comes first cancels the other. */
	struct mxw_loop *loop = *state;
	struct probe a = { .loop = loop }, b = { .loop = loop };
	a.other = &b;
	b.other = &a;
	mxw_timer_init(&a.timer, loop, cancel_other, &a);
	mxw_timer_init(&b.timer, loop, cancel_other, &b);
	mxw_timer_in(&a.timer, 3);
	mxw_timer_in(&b.timer, 3);
	run_for(loop, 10);
	assert_int_equal(a.n_calls + b.n_calls, 1);
	struct mxw_timer zeroed = { 0 };
	mxw_timer_cancel(&zeroed);
}

static void again_now(void *arg)
{
	struct probe *probe = arg;
	if (++probe->n_calls < probe->max_calls)
		mxw_timer_in(&probe->timer, 0);
}

static void on_readable(void *arg, int fd, unsigned ready)
{
	struct probe *probe = arg;
	char c;
	assert_true(ready & MXW_IO_READ);
	assert_int_equal(read(fd, &c, 1), 1);
	probe->fired_at_ms = probe->n_calls; /* how far the timer had come */
	mxw_io_stop(&probe->io);
	mxw_loop_stop(probe->loop);
}

static void test_timer_for_now_starves_nobody(void **state)
{
	struct mxw_loop *loop = *state;
	struct probe probe = { .loop = loop, .max_calls = 1000000, .fired_at_ms = -1 };
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	mxw_timer_init(&probe.timer, loop, again_now, &probe);
	mxw_timer_in(&probe.timer, 0);
	mxw_io_init(&probe.io, loop, pair[0], on_readable, &probe);
	assert_int_equal(mxw_io_watch(&probe.io, MXW_IO_READ), 0);
	assert_int_equal(write(pair[1], "x", 1), 1);
	assert_int_equal(mxw_loop_run(loop), 0);
	assert_in_range(probe.fired_at_ms, 0, 2);
	mxw_timer_cancel(&probe.timer);
	close(pair[0]);
	close(pair[1]);
}

static void free_self(void *arg)
{
	struct probe *probe = arg;
	probe->other->n_calls++;
	free(probe);
}

static void test_callback_frees_its_timer(void **state)
{
	struct mxw_loop *loop = *state;
	struct probe witness = { 0 };
	struct probe *probe = calloc(1, sizeof(*probe));
	assert_non_null(probe);
	probe->other = &witness;
	mxw_timer_init(&probe->timer, loop, free_self, probe);
	mxw_timer_in(&probe->timer, 1);
	run_for(loop, 5);
	assert_int_equal(witness.n_calls, 1);
}

static void on_ready_free(void *arg, int fd, unsigned ready)
{
	struct probe *probe = arg;
	strcat(probe->trace, ready & MXW_IO_WRITE ? "w" : "r");
	if (ready & MXW_IO_WRITE) {
		assert_int_equal(mxw_io_watch(&probe->io, MXW_IO_READ), 0);
		return;
	}
	mxw_io_stop(&probe->io);
	mxw_loop_stop(probe->loop);
	close(fd);
	free(probe);
}

static void test_descriptor(void **state)
{
	struct mxw_loop *loop = *state;
	char trace[8] = "";
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	struct probe *probe = calloc(1, sizeof(*probe));
	assert_non_null(probe);
	*probe = (struct probe){ .loop = loop, .trace = trace };
	mxw_io_init(&probe->io, loop, pair[0], on_ready_free, probe);
	assert_int_equal(mxw_io_watch(&probe->io, MXW_IO_WRITE), 0);
	run_for(loop, 3);
	assert_string_equal(trace, "w"); /* no longer watched for writing */
	close(pair[1]);                  /* end of file is readable */
	assert_int_equal(mxw_loop_run(loop), 0);
	assert_string_equal(trace, "wr");
	struct mxw_io zeroed = { 0 };
	mxw_io_stop(&zeroed);
}

static void on_signal(void *arg, int number)
{
	struct probe *probe = arg;
	probe->n_calls++;
	assert_int_equal(number, SIGUSR1);
	mxw_loop_stop(probe->loop);
}

static void test_signal(void **state)
{
	struct mxw_loop *loop = *state;
	struct probe probe = { .loop = loop };
	assert_int_equal(mxw_loop_on_signal(loop, SIGUSR1, on_signal, &probe), 0);
	assert_int_equal(raise(SIGUSR1), 0);
	assert_int_equal(probe.n_calls, 0); /* not from the handler */
	assert_int_equal(mxw_loop_run(loop), 0);
	assert_int_equal(probe.n_calls, 1);
}

static void test_stop_before_run(void **state)
{
	struct mxw_loop *loop = *state;
	mxw_loop_stop(loop);
	assert_int_equal(mxw_loop_run(loop), 0);
	int64_t start_ms = mxw_clock_monotonic_ms();
	run_for(loop, 5); /* the stop was used up */
	assert_true(mxw_clock_monotonic_ms() - start_ms >= 4);
}

static void block_40_ms(void *arg)
{
	usleep(40000);
}

static void test_lag_is_seen(void **state)
{
	struct mxw_loop *loop = *state;
	struct probe blocker = { 0 }, late = { .loop = loop, .trace = (char[8]){ "" }, .letter = 'x' };
	mxw_timer_init(&blocker.timer, loop, block_40_ms, NULL);
	mxw_timer_init(&late.timer, loop, note, &late);
	mxw_timer_in(&blocker.timer, 1);
	mxw_timer_in(&late.timer, 10);
	run_for(loop, 60);
	struct mxw_loop_lag lag;
	mxw_loop_lag_take(loop, &lag);
	assert_int_equal(lag.n, 3);
	assert_true(lag.max_ms >= 25 && lag.p99_ms <= lag.max_ms && lag.p50_ms <= lag.p99_ms);
	mxw_loop_lag_take(loop, &lag);
	assert_int_equal(lag.n, 0);
	assert_true(lag.max_ms == 0 && lag.p99_ms == 0);
}

static void test_lag_percentiles(void **state)
{
	struct mxw_lag lag = { 0 };
	assert_int_equal(mxw_lag_percentile(&lag, 99), 0);
	for (int64_t us = 1; us <= 100000; us++)
		mxw_lag_add(&lag, us);
	static const unsigned percents[] = { 1, 50, 90, 99 };
	for (size_t i = 0; i < 4; i++) {
		int64_t exact = percents[i] * 1000;
		assert_in_range(mxw_lag_percentile(&lag, percents[i]), exact, exact + exact / 8);
	}
	assert_int_equal(mxw_lag_percentile(&lag, 100), 100000);
	mxw_lag_add(&lag, -3);
	mxw_lag_add(&lag, INT64_MAX);
	assert_int_equal(lag.max_us, INT64_MAX);
	assert_true(mxw_lag_percentile(&lag, 100) > 0);
}

static int set_up(void **state)
{
	struct mxw_loop *loop = NULL;
	int r = mxw_loop_new(&loop);
	*state = loop;
	return r;
}

static int tear_down(void **state)
{
	mxw_loop_free(*state);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_timers_fire_in_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_rearming_moves_a_timer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_at_latest_never_puts_off, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_cancel_in_callback, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_timer_for_now_starves_nobody, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_callback_frees_its_timer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_descriptor, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_signal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_stop_before_run, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_lag_is_seen, set_up, tear_down),
		cmocka_unit_test(test_lag_percentiles),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
