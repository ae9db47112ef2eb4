/* Choice of sockets and the queue in front of them; see pool.h. */
#include "daemon/resolver/pool.h"

#include <assert.h>
#include <errno.h>

#include <utlist.h>

#include "lib/base/util.h"

static size_t n_waiting(const struct mxw_udp_pool *pool)
{
	size_t n = pool->n_queued;
	for (size_t i = 0; i < pool->n_sockets; i++)
		n += pool->sockets[i]->n_tries;
	return n;
}

/* Only from the flush timer: a socket must not vanish under its own callbacks. */
static void retire_old(struct mxw_udp_pool *pool)
{
	int64_t born_after_ms = mxw_loop_now_ms(pool->shared->loop) - MXW_POOL_SOCKET_MAX_AGE_MS;
	for (size_t i = pool->n_sockets; i-- > 0;) {
		struct mxw_udp_socket *socket = pool->sockets[i];
		if (socket->n_used < MXW_POOL_SOCKET_MAX_USES && socket->opened_at_ms > born_after_ms &&
		    !socket->is_exposed)
			continue;
		pool->sockets[i] = pool->sockets[--pool->n_sockets];
		DL_APPEND(pool->retired, socket);
	}
	struct mxw_udp_socket *socket, *next;
	DL_FOREACH_SAFE (pool->retired, socket, next) {
		if (socket->n_tries)
			continue;
		DL_DELETE(pool->retired, socket);
		mxw_udp_socket_free(socket);
	}
}

/* Closes the socket that has been idle for longest, whosever it is. Only from timers, as retire_old. */
static void close_idle(struct mxw_udp_shared *shared)
{
	struct mxw_udp_socket *socket = shared->idle;
	struct mxw_udp_pool *pool = socket->pool;
	size_t i = 0;
	while (i < pool->n_sockets && pool->sockets[i] != socket)
		i++;
	if (i < pool->n_sockets)
		pool->sockets[i] = pool->sockets[--pool->n_sockets];
	else
		DL_DELETE(pool->retired, socket);
	mxw_udp_socket_free(socket);
}

static void on_sweep(void *arg)
{
	struct mxw_udp_shared *shared = arg;
	int64_t idle_before_ms = mxw_loop_now_ms(shared->loop) - shared->max_idle_ms;
	while (shared->idle && shared->idle->idle_since_ms <= idle_before_ms)
		close_idle(shared);
	if (shared->idle)
		mxw_timer_at(&shared->sweep, shared->idle->idle_since_ms + shared->max_idle_ms);
}

void mxw_udp_pools_limit(struct mxw_udp_shared *shared, size_t max_sockets, int64_t max_idle_ms)
{
	shared->max_sockets = max_sockets;
	shared->max_idle_ms = max_idle_ms;
	mxw_timer_init(&shared->sweep, shared->loop, on_sweep, shared);
}

static int open_socket(struct mxw_udp_pool *pool, struct mxw_udp_socket **ret)
{
	struct mxw_udp_shared *shared = pool->shared;
	bool is_full = shared->max_sockets && shared->n_sockets >= shared->max_sockets;
	if (is_full && !shared->idle)
		return -EMFILE;
	if (is_full)
		close_idle(shared);
	int r = mxw_udp_socket_new(ret, shared, &pool->address);
	if (r < 0)
		return r;
	(*ret)->pool = pool;
	(*ret)->serial = ++pool->next_serial;
	(*ret)->n_ignored = &pool->n_ignored;
	return 0;
}

/* A socket for the next batch: a new one while the pool is small for what waits, else any. Negative errno if there is
 * none and none can be had. */
static int choose(struct mxw_udp_pool *pool, struct mxw_udp_socket **ret)
{
	size_t want = MXW_POOL_MIN_SOCKETS + n_waiting(pool) / MXW_POOL_TRIES_PER_SOCKET;
	if (pool->n_sockets < MXW_MIN(want, pool->max_sockets)) {
		struct mxw_udp_socket *socket = NULL;
		int r = open_socket(pool, &socket);
		if (r == 0) {
			pool->sockets[pool->n_sockets++] = socket;
			*ret = socket;
			return 0;
		}
		if (!pool->n_sockets)
			return r;
	}
	*ret = pool->sockets[mxw_random_u16(&pool->shared->random) % pool->n_sockets];
	return 0;
}

static void unqueue(struct mxw_udp_pool *pool, struct mxw_udp_try *try)
{
	DL_DELETE(pool->queue, try);
	pool->n_queued--;
}

static void requeue(struct mxw_udp_pool *pool, struct mxw_udp_try *try)
{
	DL_APPEND(pool->queue, try);
	pool->n_queued++;
}

/* Moves up to `max` tries from the queue to the socket, but those that used it last to the end of the queue: they will
 * meet another one. Returns how many left the front of the queue. */
static size_t take_batch(struct mxw_udp_pool *pool, struct mxw_udp_socket *socket, size_t max,
			 struct mxw_udp_try *ret[MXW_UDP_BATCH], size_t *ret_n)
{
	size_t n_taken = 0, n = 0;
	while (n_taken < max && n < MXW_UDP_BATCH && pool->queue) {
		struct mxw_udp_try *try = pool->queue;
		unqueue(pool, try);
		n_taken++;
		if (try->last_socket == socket->serial && pool->n_sockets > 1) {
			requeue(pool, try);
			continue;
		}
		mxw_udp_socket_add(socket, try);
		ret[n++] = try;
	}
	*ret_n = n;
	return n_taken;
}

static void fail(struct mxw_udp_try *try)
{
	mxw_udp_try_cancel(try);
	try->sink->failed(try->arg, MXW_ATTEMPT_NETWORK);
}

/* Sends a batch. 0, or an error of shortage; then what could not be sent is in the queue again. */
static int send_batch(struct mxw_udp_pool *pool, struct mxw_udp_socket *socket, struct mxw_udp_try **tries, size_t n)
{
	bool is_second = false;
	while (n) {
		int r = mxw_udp_socket_send(socket, tries, n);
		if (r > 0) {
			tries += r;
			n -= (size_t)r;
			pool->n_sent += (unsigned)r;
			is_second = false;
		} else if (mxw_error_is_shortage(-r) || r == 0) {
			for (size_t i = 0; i < n; i++) {
				mxw_udp_socket_remove(socket, tries[i]);
				requeue(pool, tries[i]);
			}
			return -EAGAIN;
		} else if (!is_second) {
			/* Perhaps news of an earlier datagram (ICMP). That uses up the error, so this one gets a second chance. */
			mxw_udp_socket_fail(socket, MXW_ATTEMPT_NETWORK);
			is_second = true;
		} else {
			fail(tries[0]);
			tries++;
			n--;
		}
	}
	return 0;
}

/* Sends what is queued now. What callbacks and second choices add meanwhile waits for the next iteration. */
static int send_queue(struct mxw_udp_pool *pool)
{
	size_t n_left = pool->n_queued;
	while (n_left && pool->queue) {
		struct mxw_udp_socket *socket = NULL;
		int r = choose(pool, &socket);
		if (r < 0 && mxw_error_is_shortage(-r))
			return r;
		if (r < 0) {
			fail(pool->queue);
			n_left--;
			continue;
		}
		struct mxw_udp_try *tries[MXW_UDP_BATCH];
		size_t n = 0;
		n_left -= take_batch(pool, socket, n_left, tries, &n);
		r = send_batch(pool, socket, tries, n);
		if (r < 0)
			return r;
	}
	return 0;
}

static void on_flush(void *arg)
{
	struct mxw_udp_pool *pool = arg;
	retire_old(pool);
	int r = send_queue(pool);
	if (pool->queue)
		mxw_timer_in(&pool->flush, r < 0 ? MXW_POOL_PAUSE_MS : 0);
}

void mxw_udp_pool_init(struct mxw_udp_pool *pool, struct mxw_udp_shared *shared, const struct mxw_endpoint *endpoint,
		       size_t max_sockets)
{
	*pool = (struct mxw_udp_pool){
		.shared = shared,
		.address = mxw_address_of(endpoint),
		.max_sockets = MXW_MIN(max_sockets, (size_t)MXW_POOL_MAX_SOCKETS),
	};
	mxw_timer_init(&pool->flush, shared->loop, on_flush, pool);
}

void mxw_udp_pool_done(struct mxw_udp_pool *pool)
{
	assert(!pool->queue);
	mxw_timer_cancel(&pool->flush);
	while (pool->n_sockets)
		mxw_udp_socket_free(pool->sockets[--pool->n_sockets]);
	struct mxw_udp_socket *socket, *next;
	DL_FOREACH_SAFE (pool->retired, socket, next) {
		DL_DELETE(pool->retired, socket);
		mxw_udp_socket_free(socket);
	}
}

void mxw_udp_pool_send(struct mxw_udp_pool *pool, struct mxw_udp_try *try)
{
	assert(!try->pool);
	try->pool = pool;
	requeue(pool, try);
	if (!mxw_timer_is_armed(&pool->flush))
		mxw_timer_in(&pool->flush, 0);
}

void mxw_udp_try_cancel(struct mxw_udp_try *try)
{
	if (!try->pool)
		return;
	if (try->socket)
		mxw_udp_socket_remove(try->socket, try);
	else
		unqueue(try->pool, try);
	try->pool = NULL;
}
