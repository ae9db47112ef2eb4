/* Queues of deliveries, one a (notifier, key), and when the head of each is due. The store has the truth: what is kept
 * here is who comes next. */
#include "daemon/outbox.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "daemon/log.h"
#include "daemon/outcomes.h"
#include "lib/base/heap.h"
#include "lib/schedule/schedule.h"

enum {
	MIN_SHARE = 4, /* deliveries of one notifier in flight, however many notifiers there are */
	MAX_SHARE = 32,
};

struct entry {
	struct entry *next;
	uint64_t id;
	int64_t created_ms; /* monotonic */
	uint32_t n_attempts;
	bool is_tried; /* by this process */
	enum mxw_delivery_status status;
};

/* How bad a notifier's trouble is as far as it was told. An alert that is given up is told once, not each: such an event
 * is an alert for the others, and when they are all down it would breed. */
enum told { TOLD_NOTHING, TOLD_PARKED, TOLD_EXPIRED };

struct notifier;

struct queue {
	struct mxw_heap_node due; /* in notifier->due while its head is waiting and not in flight */
	UT_hash_handle hh;
	uint64_t key_hash;
	struct notifier *notifier;
	struct entry *head, *tail;
	bool in_flight;
};

struct notifier {
	struct notifier *next;
	struct mxw_heap due;
	struct queue *queues; /* by key_hash */
	size_t n_in_flight;
	enum told told;
	char name[];
};

/* A delivery that the courier has. */
struct flight {
	UT_hash_handle hh;
	uint64_t id;
	struct queue *queue;
};

struct mxw_outbox {
	struct mxw_loop *loop;
	struct mxw_outbox_params params;
	struct mxw_courier *courier;
	struct notifier *notifiers;
	size_t n_notifiers, n_open;
	struct flight *flights;
	struct mxw_outcomes *outcomes;
	struct mxw_timer wake;
	struct mxw_rng rng;
};

static struct notifier *get_notifier(struct mxw_outbox *outbox, const char *name)
{
	struct notifier **at = &outbox->notifiers;
	for (; *at; at = &(*at)->next)
		if (strcmp((*at)->name, name) == 0)
			return *at;
	size_t len = strlen(name) + 1;
	struct notifier *notifier = calloc(1, sizeof(*notifier) + len);
	if (notifier) {
		memcpy(notifier->name, name, len);
		*at = notifier;
		outbox->n_notifiers++;
	}
	return notifier;
}

static struct queue *get_queue(struct notifier *notifier, uint64_t key_hash)
{
	struct queue *queue = NULL;
	HASH_FIND(hh, notifier->queues, &key_hash, sizeof(key_hash), queue);
	if (queue)
		return queue;
	queue = calloc(1, sizeof(*queue));
	if (!queue)
		return NULL;
	queue->key_hash = key_hash;
	queue->notifier = notifier;
	HASH_ADD(hh, notifier->queues, key_hash, sizeof(key_hash), queue);
	return queue;
}

static void queue_free(struct queue *queue)
{
	mxw_heap_remove(&queue->notifier->due, &queue->due);
	HASH_DELETE(hh, queue->notifier->queues, queue);
	while (queue->head) {
		struct entry *next = queue->head->next;
		free(queue->head);
		queue->head = next;
	}
	free(queue);
}

/* The head of the queue is to be sent at this time. */
static void schedule_head(struct mxw_outbox *outbox, struct queue *queue, int64_t at_ms)
{
	if (mxw_heap_push(&queue->notifier->due, &queue->due, at_ms) < 0) {
		mxw_log(MXW_LOG_ERROR, "notifier %s: out of memory; its alerts wait for the next start",
			queue->notifier->name);
		return;
	}
	mxw_timer_at_latest(&outbox->wake, at_ms);
}

static void note_outcome(struct mxw_outbox *outbox, const struct entry *entry, enum mxw_delivery_status status,
			 const char *text)
{
	mxw_outcomes_note(outbox->outcomes, entry->id, status, entry->n_attempts, text);
}

static void tell_trouble(struct mxw_outbox *outbox, struct notifier *notifier, enum mxw_outbox_trouble trouble,
			 const char *text)
{
	enum told told = trouble == MXW_OUTBOX_PARKED    ? TOLD_PARKED
			 : trouble == MXW_OUTBOX_EXPIRED ? TOLD_EXPIRED
							 : TOLD_NOTHING;
	if (told == notifier->told || (told != TOLD_NOTHING && told < notifier->told))
		return;
	notifier->told = told;
	outbox->params.trouble(outbox->params.arg, notifier->name, trouble, text);
}

/* The head is done with, one way or the other; the next one is due at once. */
static void pop(struct mxw_outbox *outbox, struct queue *queue)
{
	struct entry *entry = queue->head;
	queue->head = entry->next;
	free(entry);
	outbox->n_open--;
	if (queue->head)
		schedule_head(outbox, queue, mxw_loop_now_ms(outbox->loop));
	else
		queue_free(queue);
}

static void expire(struct mxw_outbox *outbox, struct queue *queue)
{
	struct notifier *notifier = queue->notifier;
	mxw_log(MXW_LOG_ERROR, "notifier %s: delivery %llu expired after %u tries and is given up", notifier->name,
		(unsigned long long)queue->head->id, queue->head->n_attempts);
	note_outcome(outbox, queue->head, MXW_DELIVERY_EXPIRED, "expired");
	pop(outbox, queue);
	tell_trouble(outbox, notifier, MXW_OUTBOX_EXPIRED, "a delivery reached its maximum age");
}

/* Hands the head of a due queue to the courier. -EAGAIN: the courier takes nothing now. */
static int send_head(struct mxw_outbox *outbox, struct queue *queue)
{
	struct entry *entry = queue->head;
	struct mxw_request request = { 0 };
	void *bytes = NULL;
	size_t n = 0;
	struct flight *flight = calloc(1, sizeof(*flight));
	int r = flight ? mxw_store_get_request(outbox->params.store, entry->id, &bytes, &n) : -ENOMEM;
	if (r == 0)
		r = mxw_request_decode(&request, bytes, n);
	if (r == 0)
		r = mxw_courier_send(outbox->courier, entry->id, bytes, n, request.timeout_ms);
	mxw_request_done(&request);
	free(bytes);
	if (r < 0) {
		free(flight);
		return r;
	}
	flight->id = entry->id;
	flight->queue = queue;
	HASH_ADD(hh, outbox->flights, id, sizeof(flight->id), flight);
	mxw_heap_remove(&queue->notifier->due, &queue->due);
	queue->in_flight = true;
	queue->notifier->n_in_flight++;
	return 0;
}

/* What to do with a head that could not even be handed over. */
static void cannot_send(struct mxw_outbox *outbox, struct queue *queue, int error)
{
	struct notifier *notifier = queue->notifier;
	if (error == -ENOENT || error == -EBADMSG) { /* the row is gone or was damaged: say so, once, and go on */
		mxw_log(MXW_LOG_ERROR, "notifier %s: delivery %llu is unreadable in the store and is given up",
			notifier->name, (unsigned long long)queue->head->id);
		note_outcome(outbox, queue->head, MXW_DELIVERY_EXPIRED, "unreadable");
		pop(outbox, queue);
		tell_trouble(outbox, notifier, MXW_OUTBOX_EXPIRED, "a delivery is unreadable in the store");
		return;
	}
	queue->head->n_attempts++;
	queue->head->is_tried = true;
	schedule_head(outbox, queue,
		      mxw_loop_now_ms(outbox->loop) +
			      mxw_schedule_backoff_ms(queue->head->n_attempts, 0, &outbox->rng));
}

static size_t share(const struct mxw_outbox *outbox)
{
	size_t share = MXW_COURIER_MAX_IN_FLIGHT / (outbox->n_notifiers ? outbox->n_notifiers : 1);
	return share > MAX_SHARE ? MAX_SHARE : share < MIN_SHARE ? MIN_SHARE : share;
}

/* Nothing is given up without a try: an age that spans a restart comes from the wall clock, which may have stepped, and
 * what waited behind a parked head had none yet. */
static bool is_too_old(const struct mxw_outbox *outbox, const struct entry *entry, int64_t now_ms)
{
	return entry->is_tried && now_ms - entry->created_ms >= outbox->params.max_age_ms;
}

/* Sends what is due of one notifier within its share. False when the courier takes nothing more. */
static bool pump_notifier(struct mxw_outbox *outbox, struct notifier *notifier, int64_t now_ms)
{
	struct mxw_heap_node *node;
	while (notifier->n_in_flight < share(outbox) && (node = mxw_heap_peek(&notifier->due)) && node->key <= now_ms) {
		struct queue *queue = MXW_CONTAINER(node, struct queue, due);
		if (is_too_old(outbox, queue->head, now_ms)) {
			expire(outbox, queue);
			continue;
		}
		int r = send_head(outbox, queue);
		if (r == -EAGAIN)
			return false;
		if (r < 0)
			cannot_send(outbox, queue, r);
	}
	return true;
}

void mxw_outbox_pump(void *arg)
{
	struct mxw_outbox *outbox = arg;
	int64_t now_ms = mxw_loop_now_ms(outbox->loop);
	if (!outbox->courier)
		return;
	for (struct notifier *notifier = outbox->notifiers; notifier; notifier = notifier->next)
		if (!pump_notifier(outbox, notifier, now_ms))
			return; /* the courier's ready callback comes back here */
	for (struct notifier *notifier = outbox->notifiers; notifier; notifier = notifier->next) {
		struct mxw_heap_node *node = mxw_heap_peek(&notifier->due);
		if (node && node->key > now_ms) /* heads due now wait for a result of this notifier */
			mxw_timer_at_latest(&outbox->wake, node->key);
	}
}

static void on_delivered(struct mxw_outbox *outbox, struct queue *queue)
{
	struct notifier *notifier = queue->notifier;
	note_outcome(outbox, queue->head, MXW_DELIVERY_DELIVERED, "");
	pop(outbox, queue);
	tell_trouble(outbox, notifier, MXW_OUTBOX_WORKS, "");
}

void mxw_outbox_result(void *arg, uint64_t delivery, const struct mxw_result *result)
{
	struct mxw_outbox *outbox = arg;
	struct flight *flight = NULL;
	HASH_FIND(hh, outbox->flights, &delivery, sizeof(delivery), flight);
	if (!flight)
		return;
	struct queue *queue = flight->queue;
	HASH_DELETE(hh, outbox->flights, flight);
	free(flight);
	assert(queue->in_flight && queue->head->id == delivery);
	queue->in_flight = false;
	queue->notifier->n_in_flight--;
	struct entry *entry = queue->head;
	entry->n_attempts++;
	entry->is_tried = true;
	int64_t now_ms = mxw_loop_now_ms(outbox->loop);
	const char *text = result->text ? result->text : "";
	if (result->status == MXW_DELIVERED) {
		on_delivered(outbox, queue);
	} else if (result->status == MXW_PARKED) {
		entry->status = MXW_DELIVERY_PARKED;
		note_outcome(outbox, entry, MXW_DELIVERY_PARKED, text);
		mxw_log(MXW_LOG_ERROR, "notifier %s: delivery %llu was rejected (%s); parked, tried again every hour",
			queue->notifier->name, (unsigned long long)delivery, text);
		schedule_head(outbox, queue, now_ms + MXW_PARKED_RETRY_MS);
		tell_trouble(outbox, queue->notifier, MXW_OUTBOX_PARKED, text);
	} else {
		int64_t delay = mxw_schedule_backoff_ms(entry->n_attempts, result->retry_after_ms, &outbox->rng);
		note_outcome(outbox, entry, entry->status, text);
		mxw_log(MXW_LOG_WARNING, "notifier %s: delivery %llu failed (%s); try %u in %lld ms",
			queue->notifier->name, (unsigned long long)delivery, text, entry->n_attempts + 1,
			(long long)delay);
		schedule_head(outbox, queue, now_ms + delay);
	}
	mxw_timer_at_latest(&outbox->wake, now_ms);
}

static int add(struct mxw_outbox *outbox, const struct mxw_delivery *delivery, int64_t created_ms, int64_t due_ms)
{
	struct notifier *notifier = get_notifier(outbox, delivery->notifier);
	struct entry *entry = calloc(1, sizeof(*entry));
	struct queue *queue = notifier && entry ? get_queue(notifier, delivery->key_hash) : NULL;
	if (!queue) {
		free(entry);
		return -ENOMEM;
	}
	*entry = (struct entry){ .id = delivery->id,
				 .created_ms = created_ms,
				 .n_attempts = delivery->n_attempts,
				 .status = delivery->status };
	outbox->n_open++;
	if (queue->head) {
		queue->tail->next = entry;
		queue->tail = entry;
		return 0;
	}
	queue->head = queue->tail = entry;
	schedule_head(outbox, queue, due_ms);
	return 0;
}

int mxw_outbox_add(struct mxw_outbox *outbox, const struct mxw_delivery *delivery)
{
	int64_t now_ms = mxw_loop_now_ms(outbox->loop);
	return add(outbox, delivery, now_ms, now_ms);
}

/* What an earlier process left: its age by the wall clock, clamped because clocks step; a parked one is tried at once,
 * a restart is often the repair. */
static int load_one(void *arg, const struct mxw_delivery *delivery)
{
	struct mxw_outbox *outbox = arg;
	int64_t now_ms = mxw_loop_now_ms(outbox->loop);
	int64_t age_ms = mxw_loop_wall_ms(outbox->loop) - delivery->created_wall_ms;
	if (age_ms < 0)
		age_ms = 0;
	return add(outbox, delivery, now_ms - age_ms, now_ms);
}

int mxw_outbox_load(struct mxw_outbox *outbox)
{
	return mxw_store_each_delivery(outbox->params.store, load_one, outbox);
}

int mxw_outbox_set_in_trouble(struct mxw_outbox *outbox, const char *name)
{
	struct notifier *notifier = get_notifier(outbox, name);
	if (!notifier)
		return -ENOMEM;
	notifier->told =
		TOLD_EXPIRED; /* the worst that may have been told: a dead notifier is no news at every start */
	return 0;
}

void mxw_outbox_set_courier(struct mxw_outbox *outbox, struct mxw_courier *courier)
{
	outbox->courier = courier;
}

void mxw_outbox_set_max_age(struct mxw_outbox *outbox, int64_t max_age_ms)
{
	outbox->params.max_age_ms = max_age_ms;
}

size_t mxw_outbox_n_open(const struct mxw_outbox *outbox)
{
	return outbox->n_open;
}

int mxw_outbox_new(struct mxw_outbox **ret, struct mxw_loop *loop, const struct mxw_outbox_params *params)
{
	struct mxw_outbox *outbox = calloc(1, sizeof(*outbox));
	if (!outbox)
		return -ENOMEM;
	*outbox = (struct mxw_outbox){ .loop = loop, .params = *params };
	mxw_rng_seed(&outbox->rng, params->seed);
	mxw_timer_init(&outbox->wake, loop, mxw_outbox_pump, outbox);
	int r = mxw_outcomes_new(&outbox->outcomes, loop, params->store);
	if (r < 0) {
		free(outbox);
		return r;
	}
	*ret = outbox;
	return 0;
}

static void notifier_free(struct notifier *notifier)
{
	struct queue *queue, *next;
	HASH_ITER (hh, notifier->queues, queue, next)
		queue_free(queue);
	mxw_heap_done(&notifier->due);
	free(notifier);
}

void mxw_outbox_free(struct mxw_outbox *outbox)
{
	struct flight *flight, *next_flight;
	if (!outbox)
		return;
	mxw_outcomes_free(outbox->outcomes);
	mxw_timer_cancel(&outbox->wake);
	HASH_ITER (hh, outbox->flights, flight, next_flight) {
		HASH_DELETE(hh, outbox->flights, flight);
		free(flight);
	}
	while (outbox->notifiers) {
		struct notifier *next = outbox->notifiers->next;
		notifier_free(outbox->notifiers);
		outbox->notifiers = next;
	}
	free(outbox);
}
