/* daemon/courier.h without a process: receivers do what the scenario's world says. The receiver's name is the last part
 * of the URL. */
#include "tests/scenario/fake_courier.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/scenario/world.h"

enum {
	ROUND_TRIP_MS = 30,
	RESTART_MS = 100,
};

struct carried {
	struct carried *next;
	struct mxw_timer timer;
	struct mxw_courier *courier;
	uint64_t delivery;
	struct mxw_result result;
};

struct mxw_courier {
	struct mxw_loop *loop;
	mxw_courier_result result;
	void *result_arg;
	void (*ready)(void *arg);
	void *ready_arg;
	struct mxw_timer restart;
	struct carried *carried;
	size_t n_in_flight;
	int64_t last_ms; /* when the core heard of a delivery for the last time, and of how many then */
	size_t n_last;
};

static void on_restart(void *arg)
{
	struct mxw_courier *courier = arg;
	if (courier->ready)
		courier->ready(courier->ready_arg);
}

int mxw_courier_new(struct mxw_courier **ret, struct mxw_loop *loop, const char *path, mxw_courier_result callback,
		    void *arg)
{
	struct mxw_courier *courier = calloc(1, sizeof(*courier));
	(void)path;
	if (!courier)
		return -ENOMEM;
	*courier = (struct mxw_courier){ .loop = loop, .result = callback, .result_arg = arg };
	mxw_timer_init(&courier->restart, loop, on_restart, courier);
	*ret = courier;
	return 0;
}

/* Out of the list, its timer stopped; still to be freed. */
static void land(struct carried *carried)
{
	struct carried **at = &carried->courier->carried;
	while (*at != carried)
		at = &(*at)->next;
	*at = carried->next;
	carried->courier->n_in_flight--;
	mxw_timer_cancel(&carried->timer);
}

void mxw_courier_free(struct mxw_courier *courier, int64_t grace_ms)
{
	(void)grace_ms;
	if (!courier)
		return;
	while (courier->carried) {
		struct carried *carried = courier->carried;
		land(carried);
		free(carried);
	}
	mxw_timer_cancel(&courier->restart);
	free(courier);
}

static void on_result(void *arg)
{
	struct carried *carried = arg;
	struct mxw_courier *courier = carried->courier;
	int64_t now_ms = mxw_loop_now_ms(courier->loop);
	land(carried);
	if (carried->result.status == MXW_DELIVERED) {
		courier->n_last = courier->last_ms == now_ms ? courier->n_last + 1 : 1;
		courier->last_ms = now_ms;
	}
	courier->result(courier->result_arg, carried->delivery, &carried->result);
	free(carried);
}

static size_t count_unheard(const struct mxw_courier *courier)
{
	size_t n = 0;
	for (const struct carried *carried = courier->carried; carried; carried = carried->next)
		n += carried->result.status == MXW_DELIVERED;
	return n;
}

void fake_courier_lose(struct mxw_courier *courier)
{
	char text[] = "sender restarted";
	world.n_lost_acks += count_unheard(courier);
	mxw_timer_in(&courier->restart, RESTART_MS);
	while (courier->carried) {
		struct carried *carried = courier->carried;
		carried->result = (struct mxw_result){ .status = MXW_RETRY, .text = text };
		on_result(carried);
	}
}

size_t fake_courier_n_unwritten(const struct mxw_courier *courier)
{
	bool just_heard = courier->last_ms == mxw_loop_now_ms(courier->loop);
	return count_unheard(courier) + (just_heard ? courier->n_last : 0);
}

/* What a receiver of each mode does with an event, and what the core hears of it. */
static const struct {
	enum mxw_result_status status;
	const char *text;
	bool takes_it;
} modes[] = {
	[RECEIVER_OK] = { MXW_DELIVERED, "", true },
	[RECEIVER_RETRY] = { MXW_RETRY, "HTTP 503", false },
	[RECEIVER_PARK] = { MXW_PARKED, "HTTP 404", false },
	[RECEIVER_HANG] = { MXW_RETRY, "timeout", false },
	[RECEIVER_LOSE_ACK] = { MXW_RETRY, "connection reset", true },
};

static struct carried *take_off(struct mxw_courier *courier, uint64_t delivery)
{
	struct carried *carried = calloc(1, sizeof(*carried));
	if (!carried)
		return NULL;
	carried->courier = courier;
	carried->delivery = delivery;
	carried->next = courier->carried;
	courier->carried = carried;
	courier->n_in_flight++;
	mxw_timer_init(&carried->timer, courier->loop, on_result, carried);
	return carried;
}

int mxw_courier_send(struct mxw_courier *courier, uint64_t delivery, const void *bytes, size_t n, int64_t timeout_ms)
{
	struct mxw_request request = { 0 };
	if (courier->n_in_flight == MXW_COURIER_MAX_IN_FLIGHT || mxw_timer_is_armed(&courier->restart))
		return -EAGAIN;
	int r = mxw_request_decode(&request, bytes, n);
	if (r < 0)
		return r;
	const char *slash = strrchr(request.address, '/');
	struct world_receiver *receiver = slash ? world_get_receiver(slash + 1) : NULL;
	struct carried *carried = receiver ? take_off(courier, delivery) : NULL;
	if (!carried)
		abort(); /* a scenario's notifiers are few, and webhooks */
	enum receiver_mode mode = receiver->mode;
	if (receiver->n_left && --receiver->n_left == 0)
		receiver->mode = RECEIVER_OK;
	carried->result.status = modes[mode].status;
	carried->result.text = (char *)(uintptr_t)modes[mode].text; /* nobody writes to it */
	mxw_timer_in(&carried->timer, mode == RECEIVER_HANG ? timeout_ms : ROUND_TRIP_MS);
	world.n_lost_acks += mode == RECEIVER_LOSE_ACK;
	if (modes[mode].takes_it)
		inbox_receive(&world.inbox, receiver->name, &request, world_true_ms(mxw_loop_now_ms(courier->loop)));
	mxw_request_done(&request);
	return 0;
}

void mxw_courier_on_ready(struct mxw_courier *courier, void (*callback)(void *arg), void *arg)
{
	courier->ready = callback;
	courier->ready_arg = arg;
}

size_t mxw_courier_in_flight(const struct mxw_courier *courier)
{
	return courier->n_in_flight;
}
