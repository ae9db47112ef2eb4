/* The sender process, kept alive; see courier.h.
 *
 * The child's standard input is its end of the socket pair: when we die, however we die, it reads the end of the
 * stream and exits. Its death shows here as the end of the stream too; nobody waits for SIGCHLD. It is reaped before
 * the next one is started, so its pid is ours until then and a kill can hit nobody else. */
#include "daemon/courier.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "daemon/child.h"
#include "daemon/ipc.h"
#include "daemon/log.h"
#include "lib/base/util.h"

enum {
	MIN_PAUSE_MS = 100,
	MAX_PAUSE_MS = 10 * 1000,
	STABLE_MS = 60 * 1000, /* one that lived this long does not count as failing again and again */
	REAP_STEP_MS = 50,
	PULSE_MS = 5000,
	MAX_MISSED_PULSES = 2, /* one may be missed by a process that was stopped together with us (suspend) */
};

struct flight {
	struct mxw_courier *courier;
	bool is_used;
	uint64_t delivery;
	struct mxw_timer hang;
};

struct mxw_courier {
	struct mxw_loop *loop;
	char *path;
	mxw_courier_result result;
	void *result_arg;
	void (*ready)(void *arg);
	void *ready_arg;
	bool is_refused;     /* somebody got -EAGAIN and waits for `ready` */
	struct mxw_ipc *ipc; /* NULL while no process runs */
	pid_t pid;           /* 0: none, reaped */
	int64_t started_ms, pause_ms;
	struct mxw_timer restart;
	struct mxw_timer pulse; /* runs while something is in flight */
	unsigned n_missed_pulses;
	struct flight flights[MXW_COURIER_MAX_IN_FLIGHT];
	size_t n_flights;
};

static void tell_ready(struct mxw_courier *courier)
{
	if (!courier->is_refused || !courier->ready || !courier->ipc || courier->n_flights == MXW_COURIER_MAX_IN_FLIGHT)
		return;
	courier->is_refused = false;
	courier->ready(courier->ready_arg);
}

static void land(struct flight *flight)
{
	mxw_timer_cancel(&flight->hang);
	flight->is_used = false;
	flight->courier->n_flights--;
}

static void tell_status(int status)
{
	if (WIFSIGNALED(status))
		mxw_log(MXW_LOG_WARNING, "sender: ended by signal %d", WTERMSIG(status));
	else
		mxw_log(MXW_LOG_WARNING, "sender: exited with status %d", WEXITSTATUS(status));
}

/* The process is lost or has to be: what was in flight is told once, a new one is started after a pause. */
static void lose(struct mxw_courier *courier)
{
	char text[] = "sender restarted";
	const struct mxw_result lost = { .status = MXW_RETRY, .text = text };
	mxw_ipc_free(courier->ipc);
	courier->ipc = NULL;
	mxw_timer_cancel(&courier->pulse);
	if (courier->pid)
		kill(courier->pid, SIGKILL);
	if (mxw_loop_now_ms(courier->loop) - courier->started_ms >= STABLE_MS)
		courier->pause_ms = MIN_PAUSE_MS;
	mxw_log(MXW_LOG_WARNING,
		"sender: lost with %zu deliveries in flight, they are tried again; new process in %" PRId64 " ms",
		courier->n_flights, courier->pause_ms);
	mxw_timer_in(&courier->restart, courier->pause_ms);
	courier->pause_ms = MXW_MIN(2 * courier->pause_ms, (int64_t)MAX_PAUSE_MS);
	for (size_t i = 0; i < MXW_COURIER_MAX_IN_FLIGHT; i++) {
		struct flight *flight = &courier->flights[i];
		if (!flight->is_used)
			continue;
		uint64_t delivery = flight->delivery;
		land(flight);
		courier->result(courier->result_arg, delivery, &lost);
	}
}

static void on_message(void *arg, uint64_t delivery, const void *message, size_t n)
{
	struct mxw_courier *courier = arg;
	struct mxw_result result;
	struct flight *flight = NULL;
	if (delivery == MXW_FRAME_PULSE) {
		courier->n_missed_pulses = 0;
		return;
	}
	for (size_t i = 0; i < MXW_COURIER_MAX_IN_FLIGHT && !flight; i++)
		if (courier->flights[i].is_used && courier->flights[i].delivery == delivery)
			flight = &courier->flights[i];
	int r = flight ? mxw_result_decode(&result, message, n) : -EBADMSG;
	if (r < 0) {
		mxw_log(MXW_LOG_ERROR, "sender: sent a bad result (%s), killing it", strerror(-r));
		lose(courier);
		return;
	}
	land(flight);
	courier->result(courier->result_arg, delivery, &result);
	mxw_result_done(&result);
	tell_ready(courier);
}

static void on_closed(void *arg, int error)
{
	struct mxw_courier *courier = arg;
	if (error != -EPIPE && error != -ECONNRESET)
		mxw_log(MXW_LOG_ERROR, "sender: socket failed: %s", strerror(-error));
	lose(courier);
}

static void on_hang(void *arg)
{
	struct flight *flight = arg;
	mxw_log(MXW_LOG_ERROR, "sender: delivery %" PRIu64 " got no result in its time, killing the process",
		flight->delivery);
	lose(flight->courier);
}

/* Is its loop alive? A process that is stopped or stuck keeps its socket open; only an echo shows that it lives. */
static void on_pulse(void *arg)
{
	struct mxw_courier *courier = arg;
	if (courier->n_flights == 0)
		return;
	if (courier->n_missed_pulses >= MAX_MISSED_PULSES) {
		mxw_log(MXW_LOG_ERROR, "sender: does not answer for %d s, killing the process",
			MAX_MISSED_PULSES * PULSE_MS / 1000);
		lose(courier);
		return;
	}
	courier->n_missed_pulses++;
	mxw_timer_in(&courier->pulse, PULSE_MS);
	int r = mxw_ipc_send(courier->ipc, MXW_FRAME_PULSE, "", 0);
	if (r < 0 &&
	    r != -EPIPE) /* a full queue is no answer either: the next turn counts it; -EPIPE ends in on_closed */
		mxw_log(MXW_LOG_WARNING, "sender: takes no message: %s", strerror(-r));
}

static void start_pulse(struct mxw_courier *courier)
{
	if (mxw_timer_is_armed(&courier->pulse))
		return;
	courier->n_missed_pulses = 0;
	mxw_timer_in(&courier->pulse, PULSE_MS);
}

static int spawn(struct mxw_courier *courier, int fd)
{
	char *const argv[] = { courier->path, NULL };
	const struct mxw_child child = { .argv = argv, .env = environ, .input = fd, .output = -1 };
	int r = mxw_child_start(&child, &courier->pid);
	if (r < 0)
		courier->pid = 0;
	return r;
}

static int start(struct mxw_courier *courier)
{
	static const struct mxw_ipc_handler callbacks = { .message = on_message, .closed = on_closed };
	struct mxw_ipc_handler handler = callbacks;
	int pair[2];
	handler.arg = courier;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	int r = spawn(courier, pair[1]);
	close(pair[1]);
	if (r < 0) {
		close(pair[0]);
		return r;
	}
	courier->started_ms = mxw_loop_now_ms(courier->loop);
	r = mxw_ipc_new(&courier->ipc, courier->loop, pair[0],
			&handler); /* closes its end when it fails: the child exits */
	if (r == 0)
		mxw_log(MXW_LOG_INFO, "sender: started as process %ld", (long)courier->pid);
	return r;
}

static void on_restart(void *arg)
{
	struct mxw_courier *courier = arg;
	int status;
	pid_t reaped = courier->pid ? waitpid(courier->pid, &status, WNOHANG) : 0;
	if (courier->pid && reaped == 0) {
		mxw_timer_in(&courier->restart, REAP_STEP_MS); /* killed, but still busy dying */
		return;
	}
	if (reaped > 0)
		tell_status(status);
	courier->pid = 0;
	int r = start(courier);
	if (r < 0) {
		mxw_log(MXW_LOG_ERROR, "sender: cannot be started: %s: %s", courier->path, strerror(-r));
		mxw_timer_in(&courier->restart, courier->pause_ms);
		courier->pause_ms = MXW_MIN(2 * courier->pause_ms, (int64_t)MAX_PAUSE_MS);
		return;
	}
	tell_ready(courier);
}

int mxw_courier_new(struct mxw_courier **ret, struct mxw_loop *loop, const char *path, mxw_courier_result callback,
		    void *arg)
{
	struct mxw_courier *courier = calloc(1, sizeof(*courier));
	if (!courier)
		return -ENOMEM;
	courier->loop = loop;
	courier->path = strdup(path);
	courier->result = callback;
	courier->result_arg = arg;
	courier->pause_ms = MIN_PAUSE_MS;
	mxw_timer_init(&courier->restart, loop, on_restart, courier);
	mxw_timer_init(&courier->pulse, loop, on_pulse, courier);
	for (size_t i = 0; i < MXW_COURIER_MAX_IN_FLIGHT; i++) {
		courier->flights[i].courier = courier;
		mxw_timer_init(&courier->flights[i].hang, loop, on_hang, &courier->flights[i]);
	}
	int r = courier->path ? start(courier) : -ENOMEM;
	if (r < 0) {
		mxw_courier_free(courier, 0);
		return r;
	}
	*ret = courier;
	return 0;
}

/* Waits for the child without the loop: this is the end of the daemon, nothing else is left to do. */
static void wait_and_kill(pid_t pid, int64_t grace_ms)
{
	const struct timespec step = { .tv_nsec = REAP_STEP_MS / 10 * 1000 * 1000 };
	for (int64_t waited_ms = 0; waited_ms < grace_ms; waited_ms += REAP_STEP_MS / 10) {
		if (waitpid(pid, NULL, WNOHANG) != 0)
			return;
		nanosleep(&step, NULL);
	}
	if (waitpid(pid, NULL, WNOHANG) != 0)
		return;
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

void mxw_courier_free(struct mxw_courier *courier, int64_t grace_ms)
{
	if (!courier)
		return;
	mxw_ipc_free(courier->ipc); /* the end of the stream asks the child to exit */
	mxw_timer_cancel(&courier->restart);
	mxw_timer_cancel(&courier->pulse);
	for (size_t i = 0; i < MXW_COURIER_MAX_IN_FLIGHT; i++)
		mxw_timer_cancel(&courier->flights[i].hang);
	if (courier->pid)
		wait_and_kill(courier->pid, grace_ms);
	free(courier->path);
	free(courier);
}

int mxw_courier_send(struct mxw_courier *courier, uint64_t delivery, const void *request, size_t n, int64_t timeout_ms)
{
	struct flight *flight = courier->flights;
	if (!courier->ipc || courier->n_flights == MXW_COURIER_MAX_IN_FLIGHT) {
		courier->is_refused = true;
		return -EAGAIN;
	}
	while (flight->is_used)
		flight++;
	int r = mxw_ipc_send(courier->ipc, delivery, request, n);
	if (r == -ENOBUFS || r == -EPIPE) {
		courier->is_refused = true; /* results or the restart will make room */
		return -EAGAIN;
	}
	if (r < 0)
		return r;
	flight->is_used = true;
	flight->delivery = delivery;
	mxw_timer_in(&flight->hang, timeout_ms + MXW_COURIER_HANG_MS);
	courier->n_flights++;
	start_pulse(courier);
	return 0;
}

void mxw_courier_on_ready(struct mxw_courier *courier, void (*callback)(void *arg), void *arg)
{
	courier->ready = callback;
	courier->ready_arg = arg;
}

size_t mxw_courier_in_flight(const struct mxw_courier *courier)
{
	return courier->n_flights;
}
