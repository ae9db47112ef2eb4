/* daemon/loop.h in virtual time; see fake_loop.h. */
#include "tests/scenario/fake_loop.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/base/util.h"

/* Timers of the same millisecond come in the order in which they were set: their keys have a number behind the time. */
enum { KEYS_PER_MS = 1 << 24 };

struct mxw_loop {
	struct mxw_heap timers;
	int64_t now_ms, wall_ms;
	int64_t n_set;
};

static int64_t due_ms(const struct mxw_heap_node *node)
{
	return node->key / KEYS_PER_MS;
}

int mxw_loop_new(struct mxw_loop **ret)
{
	struct mxw_loop *loop = calloc(1, sizeof(*loop));
	if (!loop)
		return -ENOMEM;
	loop->now_ms = FAKE_LOOP_START_MS;
	loop->wall_ms = fake_loop_start_wall_ms;
	*ret = loop;
	return 0;
}

void mxw_loop_free(struct mxw_loop *loop)
{
	if (!loop)
		return;
	mxw_heap_done(&loop->timers);
	free(loop);
}

int64_t mxw_loop_now_ms(const struct mxw_loop *loop)
{
	return loop->now_ms;
}

int64_t mxw_loop_wall_ms(const struct mxw_loop *loop)
{
	return loop->wall_ms;
}

void mxw_timer_init(struct mxw_timer *timer, struct mxw_loop *loop, void (*callback)(void *arg), void *arg)
{
	*timer = (struct mxw_timer){ .loop = loop, .callback = callback, .arg = arg };
}

void mxw_timer_at(struct mxw_timer *timer, int64_t at_ms)
{
	int64_t key = at_ms * KEYS_PER_MS + timer->loop->n_set++ % KEYS_PER_MS;
	if (mxw_heap_push(&timer->loop->timers, &timer->node, key) < 0)
		abort();
}

void mxw_timer_in(struct mxw_timer *timer, int64_t delay_ms)
{
	mxw_timer_at(timer, timer->loop->now_ms + delay_ms);
}

void mxw_timer_at_latest(struct mxw_timer *timer, int64_t at_ms)
{
	if (!mxw_timer_is_armed(timer) || due_ms(&timer->node) > at_ms)
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

static void move_to(struct mxw_loop *loop, int64_t at_ms)
{
	if (at_ms > loop->now_ms) {
		loop->wall_ms += at_ms - loop->now_ms;
		loop->now_ms = at_ms;
	}
}

bool fake_loop_step(struct mxw_loop *loop, int64_t end_ms)
{
	struct mxw_heap_node *node = mxw_heap_peek(&loop->timers);
	if (!node || due_ms(node) > end_ms) {
		move_to(loop, end_ms);
		return false;
	}
	struct mxw_timer *timer = MXW_CONTAINER(node, struct mxw_timer, node);
	mxw_heap_remove(&loop->timers, node);
	move_to(loop, due_ms(node));
	timer->callback(timer->arg);
	return true;
}

void fake_loop_advance(struct mxw_loop *loop, int64_t ms)
{
	int64_t end_ms = loop->now_ms + ms;
	while (fake_loop_step(loop, end_ms))
		;
}

void fake_loop_suspend(struct mxw_loop *loop, int64_t ms)
{
	move_to(loop, loop->now_ms + ms);
}

void fake_loop_step_wall(struct mxw_loop *loop, int64_t ms)
{
	loop->wall_ms += ms;
}
