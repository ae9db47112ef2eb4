/* Token bucket and queue; see pace.h. */
#include "daemon/resolver/pace.h"

#include <assert.h>

#include <utlist.h>

#include "lib/base/util.h"

enum {
	/* Microtokens of one packet. */
	TOKEN = 1000000,
	/* A full bucket holds 1/20 s: it must outlast a few ms between two visits of the loop, and a resolver that limits
	 * rates must not see more than that at once. */
	BURST_DIVISOR = 20,
	/* No bucket takes longer; keeps the product far from overflow. */
	MAX_REFILL_US = 1000000,
};

static int64_t bucket_size(const struct mxw_pace *pace)
{
	return (int64_t)TOKEN * MXW_MAX(pace->max_qps / BURST_DIVISOR, 1u);
}

static void refill(struct mxw_pace *pace)
{
	int64_t now_us = mxw_loop_now_us(pace->timer.loop);
	int64_t elapsed_us = MXW_MIN(now_us - pace->filled_at_us, MAX_REFILL_US);
	pace->microtokens = MXW_MIN(pace->microtokens + elapsed_us * pace->max_qps, bucket_size(pace));
	pace->filled_at_us = now_us;
}

static bool has_token(const struct mxw_pace *pace)
{
	return !pace->max_qps || pace->microtokens >= TOKEN;
}

static bool has_room(const struct mxw_pace *pace)
{
	return !pace->max_in_flight || pace->n_in_flight < pace->max_in_flight;
}

static void spend(struct mxw_pace *pace)
{
	if (pace->max_qps)
		pace->microtokens -= TOKEN;
}

/* The first in the queue goes when there is a token and room, or is told that its time is over. */
static void arm(struct mxw_pace *pace)
{
	if (!pace->queue) {
		mxw_timer_cancel(&pace->timer);
		return;
	}
	int64_t now_ms = mxw_loop_now_ms(pace->timer.loop), at_ms = pace->queue->expires_at_ms;
	if (has_room(pace)) {
		int64_t missing = has_token(pace) ? 0 : TOKEN - pace->microtokens;
		int64_t wait_ms = missing ? missing / pace->max_qps / 1000 + 1 : 0;
		at_ms = MXW_MIN(at_ms, now_ms + wait_ms);
	}
	mxw_timer_at(&pace->timer, at_ms);
}

static void unqueue(struct mxw_pace *pace, struct mxw_turn *turn)
{
	DL_DELETE(pace->queue, turn);
	turn->is_waiting = false;
	pace->n_waiting--;
}

static void on_timer(void *arg)
{
	struct mxw_pace *pace = arg;
	int64_t now_ms = mxw_loop_now_ms(pace->timer.loop);
	refill(pace);
	while (pace->queue) {
		struct mxw_turn *first = pace->queue;
		bool is_late = first->expires_at_ms <= now_ms;
		if (!is_late && !(has_token(pace) && has_room(pace)))
			break;
		unqueue(pace, first);
		if (!is_late) {
			spend(pace);
			pace->n_in_flight++;
		}
		first->callback(first->arg, !is_late);
	}
	arm(pace);
}

void mxw_pace_init(struct mxw_pace *pace, struct mxw_loop *loop, uint32_t max_qps, uint32_t max_in_flight)
{
	*pace = (struct mxw_pace){ .max_qps = max_qps, .max_in_flight = max_in_flight };
	pace->microtokens = bucket_size(pace);
	pace->filled_at_us = mxw_loop_now_us(loop);
	mxw_timer_init(&pace->timer, loop, on_timer, pace);
}

void mxw_pace_done(struct mxw_pace *pace)
{
	assert(pace->n_in_flight == 0 && !pace->queue);
	mxw_timer_cancel(&pace->timer);
}

bool mxw_pace_enter(struct mxw_pace *pace, struct mxw_turn *turn, int64_t patience_ms)
{
	assert(!turn->is_waiting);
	if (!pace->queue) {
		refill(pace);
		if (has_token(pace) && has_room(pace)) {
			spend(pace);
			pace->n_in_flight++;
			return true;
		}
	}
	turn->is_waiting = true;
	turn->expires_at_ms = mxw_loop_now_ms(pace->timer.loop) + patience_ms;
	DL_APPEND(pace->queue, turn);
	if (pace->n_waiting++ == 0)
		arm(pace);
	return false;
}

void mxw_pace_leave(struct mxw_pace *pace)
{
	assert(pace->n_in_flight > 0);
	bool was_full = !has_room(pace);
	pace->n_in_flight--;
	if (was_full && pace->queue)
		arm(pace);
}

void mxw_pace_withdraw(struct mxw_pace *pace, struct mxw_turn *turn)
{
	if (turn->is_waiting)
		unqueue(pace, turn);
}

void mxw_pace_charge(struct mxw_pace *pace)
{
	/* A debt of more than a bucket would silence an upstream that is only lossy. */
	if (pace->max_qps && pace->microtokens > -bucket_size(pace))
		pace->microtokens -= TOKEN;
}
