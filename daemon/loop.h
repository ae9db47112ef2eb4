/* The event loop: timers, descriptors, signals. The only file that knows libevent.
 *
 * Timers are ours (an intrusive heap), so that a hundred thousand of them cost no allocation and scenario tests can
 * replace this file by one with virtual time. One thread; callbacks run from mxw_loop_run and may free their own object. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/heap.h"

struct mxw_loop;

int mxw_loop_new(struct mxw_loop **ret);   /* negative errno */
void mxw_loop_free(struct mxw_loop *loop); /* every timer and descriptor must be gone; signals go with it */
int mxw_loop_run(struct mxw_loop *loop);   /* until mxw_loop_stop; 0 or negative errno */
void mxw_loop_stop(struct mxw_loop *loop);

/* Monotonic milliseconds, read once per iteration of the loop. */
int64_t mxw_loop_now_ms(const struct mxw_loop *loop);
int64_t mxw_loop_now_us(const struct mxw_loop *loop); /* the same reading, for round-trip times */
/* Wall-clock milliseconds; for printing and storing only. */
int64_t mxw_loop_wall_ms(const struct mxw_loop *loop);

/* A one-shot timer, embedded in its owner. */
struct mxw_timer {
	struct mxw_heap_node node;
	struct mxw_loop *loop;
	void (*callback)(void *arg);
	void *arg;
};
void mxw_timer_init(struct mxw_timer *timer, struct mxw_loop *loop, void (*callback)(void *arg), void *arg);
/* (Re)arms. A time in the past fires at the end of this iteration; if set from a timer's callback, of the next one. */
void mxw_timer_at(struct mxw_timer *timer, int64_t at_ms);
void mxw_timer_in(struct mxw_timer *timer, int64_t delay_ms);
/* Arms, or moves forward what is armed for later; never moves back. For a timer that stands for the earliest of many. */
void mxw_timer_at_latest(struct mxw_timer *timer, int64_t at_ms);
void mxw_timer_cancel(struct mxw_timer *timer); /* idempotent; on a zeroed timer a no-op */
bool mxw_timer_is_armed(const struct mxw_timer *timer);

/* A watched descriptor, embedded in its owner. The descriptor stays the owner's to close, after mxw_io_stop. */
enum { MXW_IO_READ = 1, MXW_IO_WRITE = 2 };
struct mxw_io {
	struct mxw_loop *loop;
	void *event;
	int fd;
	void (*callback)(void *arg, int fd, unsigned ready);
	void *arg;
};
void mxw_io_init(struct mxw_io *io, struct mxw_loop *loop, int fd, void (*callback)(void *arg, int fd, unsigned ready),
		 void *arg);
int mxw_io_watch(struct mxw_io *io,
		 unsigned what);     /* level-triggered, replaces what was watched; 0 for nothing; negative errno */
void mxw_io_stop(struct mxw_io *io); /* idempotent; on a zeroed one a no-op */

/* Calls back from the loop, never from the handler, for each arrival (coalesced). Negative errno. */
int mxw_loop_on_signal(struct mxw_loop *loop, int signal, void (*callback)(void *arg, int signal), void *arg);

/* How late timers fired since the last call, from a histogram: the loop's lag. */
struct mxw_loop_lag {
	uint64_t n;
	double p50_ms, p99_ms, max_ms;
};
void mxw_loop_lag_take(struct mxw_loop *loop, struct mxw_loop_lag *ret);
