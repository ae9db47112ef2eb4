/* The event loop on libevent; see loop.h.
 *
 * libevent waits for descriptors and signals. Time is ours: one timerfd on CLOCK_BOOTTIME stands for the earliest timer
 * of the heap, so the wait is exact to the microsecond and a timer that came due during a suspend fires on resume.
 * An iteration is: wait, callbacks of descriptors and signals, then every timer that is due. */
#include "daemon/loop.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <event2/event.h>

#include "daemon/clock.h"
#include "daemon/lag.h"
#include "daemon/log.h"

enum { NOTHING = -1, EXPIRED = -2 }; /* instead of a time: what the timerfd waits for */

struct signal_watch {
	struct signal_watch *next;
	struct mxw_loop *loop;
	struct event *event;
	void (*callback)(void *arg, int signal);
	void *arg;
};

struct mxw_loop {
	struct event_base *base;
	struct mxw_heap timers; /* keys are microseconds */
	int64_t now_us;
	bool now_is_old; /* the loop has waited since now_us was read */
	int64_t pass_us; /* while timers are called: those that are due by then; 0 at other times */
	int timer_fd;
	struct event *timer_event;
	int64_t timer_fd_us; /* what it waits for */
	size_t n_io;         /* descriptors with an event */
	struct signal_watch *signals;
	bool stop;
	struct mxw_lag lag;
};

static void read_clock(struct mxw_loop *loop)
{
	loop->now_us = mxw_clock_monotonic_us();
	loop->now_is_old = false;
}

/* The first callback after a wait reads the clock for all that follow. */
static void wake(struct mxw_loop *loop)
{
	if (loop->now_is_old)
		read_clock(loop);
}

static void on_timer_fd(evutil_socket_t fd, short ready, void *arg)
{
	struct mxw_loop *loop = arg;
	wake(loop);
	loop->timer_fd_us = EXPIRED; /* it stays readable until it is set again */
}

static int open_base(struct mxw_loop *loop)
{
	struct event_config *config = event_config_new();
	if (!config)
		return -ENOMEM;
	event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
	event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV);
	loop->base = event_base_new_with_config(config);
	event_config_free(config);
	return loop->base ? 0 : -ENOMEM;
}

static int open_timer_fd(struct mxw_loop *loop)
{
	loop->timer_fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	if (loop->timer_fd < 0)
		return -errno;
	loop->timer_event = event_new(loop->base, loop->timer_fd, EV_READ | EV_PERSIST, on_timer_fd, loop);
	if (!loop->timer_event || event_add(loop->timer_event, NULL))
		return -ENOMEM;
	return 0;
}

int mxw_loop_new(struct mxw_loop **ret)
{
	struct mxw_loop *loop = calloc(1, sizeof(*loop));
	if (!loop)
		return -ENOMEM;
	loop->timer_fd = -1;
	loop->timer_fd_us = NOTHING;
	int r = open_base(loop);
	if (r == 0)
		r = open_timer_fd(loop);
	if (r < 0) {
		mxw_loop_free(loop);
		return r;
	}
	read_clock(loop);
	*ret = loop;
	return 0;
}

void mxw_loop_free(struct mxw_loop *loop)
{
	if (!loop)
		return;
	assert(loop->n_io == 0);
	while (loop->signals) {
		struct signal_watch *watch = loop->signals;
		loop->signals = watch->next;
		event_free(watch->event);
		free(watch);
	}
	mxw_heap_done(&loop->timers);
	if (loop->timer_event)
		event_free(loop->timer_event);
	if (loop->timer_fd >= 0)
		close(loop->timer_fd);
	if (loop->base)
		event_base_free(loop->base);
	free(loop);
}

/* Makes the timerfd stand for the earliest timer. */
static int set_timer_fd(struct mxw_loop *loop)
{
	const struct mxw_heap_node *first = mxw_heap_peek(&loop->timers);
	int64_t at_us = first ? first->key : NOTHING;
	if (at_us == loop->timer_fd_us)
		return 0;
	struct itimerspec when = { 0 }; /* all zero disarms, and makes an expired one unreadable */
	if (first) {
		when.it_value.tv_sec = at_us / 1000000;
		when.it_value.tv_nsec = at_us % 1000000 * 1000;
	}
	if (timerfd_settime(loop->timer_fd, TFD_TIMER_ABSTIME, &when, NULL) < 0)
		return -errno;
	loop->timer_fd_us = at_us;
	return 0;
}

static void run_timers(struct mxw_loop *loop)
{
	loop->pass_us = loop->now_us;
	for (;;) {
		struct mxw_heap_node *first = mxw_heap_peek(&loop->timers);
		if (!first || first->key > loop->pass_us || loop->stop)
			break;
		struct mxw_timer *timer = MXW_CONTAINER(first, struct mxw_timer, node);
		mxw_lag_add(&loop->lag, mxw_clock_monotonic_us() - first->key);
		mxw_heap_remove(&loop->timers, first);
		timer->callback(timer->arg); /* may free the timer */
	}
	loop->pass_us = 0;
}

static int run_once(struct mxw_loop *loop)
{
	const struct mxw_heap_node *first = mxw_heap_peek(&loop->timers);
	bool is_due = first && first->key <= loop->now_us;
	int r = is_due ? 0 : set_timer_fd(loop);
	if (r < 0)
		return r;
	loop->now_is_old = true;
	if (event_base_loop(loop->base, EVLOOP_ONCE | (is_due ? EVLOOP_NONBLOCK : 0)) < 0)
		return errno ? -errno : -EIO;
	read_clock(loop);
	run_timers(loop);
	return 0;
}

int mxw_loop_run(struct mxw_loop *loop)
{
	int r = 0;
	read_clock(loop);
	while (!loop->stop && r == 0)
		r = run_once(loop);
	loop->stop = false;
	return r;
}

void mxw_loop_stop(struct mxw_loop *loop)
{
	loop->stop = true;
}

int64_t mxw_loop_now_ms(const struct mxw_loop *loop)
{
	return loop->now_us / 1000;
}

int64_t mxw_loop_now_us(const struct mxw_loop *loop)
{
	return loop->now_us;
}

int64_t mxw_loop_wall_ms(const struct mxw_loop *loop)
{
	return mxw_clock_wall_ms();
}

void mxw_timer_init(struct mxw_timer *timer, struct mxw_loop *loop, void (*callback)(void *arg), void *arg)
{
	*timer = (struct mxw_timer){ .loop = loop, .callback = callback, .arg = arg };
}

static int64_t us_of(int64_t at_ms)
{
	return at_ms > INT64_MAX / 1000 ? INT64_MAX : at_ms < 0 ? 0 : at_ms * 1000;
}

void mxw_timer_at(struct mxw_timer *timer, int64_t at_ms)
{
	struct mxw_loop *loop = timer->loop;
	int64_t at_us = us_of(at_ms);
	/* A timer that arms itself for now must let descriptors have their turn: it is not due in the running pass. */
	at_us = MXW_MAX(at_us, loop->pass_us ? loop->pass_us + 1 : loop->now_us);
	if (mxw_heap_push(&loop->timers, &timer->node, at_us) < 0) {
		/* A timer that never fires is a hang that nobody sees; a restart is seen. */
		mxw_log(MXW_LOG_ERROR, "loop: no memory for a timer, giving up");
		abort();
	}
}

void mxw_timer_in(struct mxw_timer *timer, int64_t delay_ms)
{
	int64_t now_ms = mxw_loop_now_ms(timer->loop);
	mxw_timer_at(timer, delay_ms > INT64_MAX - now_ms ? INT64_MAX : now_ms + delay_ms);
}

void mxw_timer_at_latest(struct mxw_timer *timer, int64_t at_ms)
{
	if (!mxw_timer_is_armed(timer) || timer->node.key > us_of(at_ms))
		mxw_timer_at(timer, at_ms);
}

void mxw_timer_cancel(struct mxw_timer *timer)
{
	if (timer->loop)
		mxw_heap_remove(&timer->loop->timers, &timer->node);
}

bool mxw_timer_is_armed(const struct mxw_timer *timer)
{
	return mxw_heap_contains(&timer->node);
}

static void on_io(evutil_socket_t fd, short ready, void *arg)
{
	struct mxw_io *io = arg;
	wake(io->loop);
	io->callback(io->arg, fd, (ready & EV_READ ? MXW_IO_READ : 0u) | (ready & EV_WRITE ? MXW_IO_WRITE : 0u));
}

void mxw_io_init(struct mxw_io *io, struct mxw_loop *loop, int fd, void (*callback)(void *arg, int fd, unsigned ready),
		 void *arg)
{
	*io = (struct mxw_io){ .loop = loop, .fd = fd, .callback = callback, .arg = arg };
}

int mxw_io_watch(struct mxw_io *io, unsigned what)
{
	if (!what) {
		mxw_io_stop(io);
		return 0;
	}
	short events = (short)(EV_PERSIST | (what & MXW_IO_READ ? EV_READ : 0) | (what & MXW_IO_WRITE ? EV_WRITE : 0));
	if (io->event) {
		if (event_get_events(io->event) == events)
			return 0;
		event_del(io->event);
		event_assign(io->event, io->loop->base, io->fd, events, on_io, io);
	} else {
		io->event = event_new(io->loop->base, io->fd, events, on_io, io);
		if (!io->event)
			return -ENOMEM;
		io->loop->n_io++;
	}
	if (event_add(io->event, NULL) < 0) {
		int error = errno;
		mxw_io_stop(io);
		return error ? -error : -EIO;
	}
	return 0;
}

void mxw_io_stop(struct mxw_io *io)
{
	if (!io->event)
		return;
	event_free(io->event);
	io->event = NULL;
	io->loop->n_io--;
}

static void on_signal(evutil_socket_t signal, short ready, void *arg)
{
	struct signal_watch *watch = arg;
	wake(watch->loop);
	watch->callback(watch->arg, signal);
}

int mxw_loop_on_signal(struct mxw_loop *loop, int signal, void (*callback)(void *arg, int signal), void *arg)
{
	struct signal_watch *watch = calloc(1, sizeof(*watch));
	if (!watch)
		return -ENOMEM;
	*watch = (struct signal_watch){ .next = loop->signals, .loop = loop, .callback = callback, .arg = arg };
	watch->event = evsignal_new(loop->base, signal, on_signal, watch);
	if (!watch->event || evsignal_add(watch->event, NULL) < 0) {
		if (watch->event)
			event_free(watch->event);
		free(watch);
		return -EINVAL;
	}
	loop->signals = watch;
	return 0;
}

void mxw_loop_lag_take(struct mxw_loop *loop, struct mxw_loop_lag *ret)
{
	*ret = (struct mxw_loop_lag){
		.n = loop->lag.n,
		.p50_ms = (double)mxw_lag_percentile(&loop->lag, 50) / 1000,
		.p99_ms = (double)mxw_lag_percentile(&loop->lag, 99) / 1000,
		.max_ms = (double)loop->lag.max_us / 1000,
	};
	loop->lag = (struct mxw_lag){ 0 };
}
