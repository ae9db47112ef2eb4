/* How fast one upstream is asked: a token bucket for its max_qps, a limit of questions in flight, a queue behind them.
 *
 * A question takes its turn, goes when it may, and leaves when it has ended. Whoever waits too long is told so. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/loop.h"

/* Somebody's place in the queue, embedded in its owner. */
struct mxw_turn {
	struct mxw_turn *prev, *next;
	bool is_waiting;
	int64_t expires_at_ms;
	/* From the loop. may_go: as if mxw_pace_enter had returned true; else the time was over, and it has not entered. */
	void (*callback)(void *arg, bool may_go);
	void *arg;
};

struct mxw_pace {
	uint32_t max_qps, max_in_flight; /* 0: no limit */
	int64_t microtokens;             /* a question costs a million; below 0 after retries */
	int64_t filled_at_us;
	size_t n_in_flight, n_waiting;
	struct mxw_turn *queue;
	struct mxw_timer timer;
};

void mxw_pace_init(struct mxw_pace *pace, struct mxw_loop *loop, uint32_t max_qps, uint32_t max_in_flight);
void mxw_pace_done(struct mxw_pace *pace); /* nobody may be in flight or waiting; a zeroed one is fine */

/* True: go now. False: queued for at most patience_ms (the same for everybody), the callback comes once. */
bool mxw_pace_enter(struct mxw_pace *pace, struct mxw_turn *turn, int64_t patience_ms);
void mxw_pace_leave(struct mxw_pace *pace);                           /* one that went has ended */
void mxw_pace_withdraw(struct mxw_pace *pace, struct mxw_turn *turn); /* no-op for one that does not wait */

/* A further packet of a question in flight: sent without waiting, paid by those who come next. */
void mxw_pace_charge(struct mxw_pace *pace);
