/* Hands deliveries over when they are due, and judges what became of them; see outbox.h. */
#include "daemon/outbox/outbox.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/outbox/internal.h"
#include "lib/schedule/schedule.h"

enum {
	MIN_SHARE = 4, /* deliveries of one notifier in flight, however many notifiers there are */
	MAX_SHARE = 32,
};

/* Deliveries that no row has count down from the top. */
static const uint64_t unstored_ids = UINT64_MAX;

static void note_outcome(struct mxw_outbox *outbox, const struct entry *entry, enum mxw_delivery_status status,
			 const char *text)
{
	if (!entry->unstored)
		mxw_outcomes_note(outbox->outcomes, entry->id, status, entry->n_attempts, text);
}

static bool is_known(const struct notifier *notifier, enum mxw_outbox_trouble trouble)
{
	switch (trouble) {
	case MXW_OUTBOX_PARKED:
		return notifier->told >= TOLD_PARKED;
	case MXW_OUTBOX_FOLDED:
		return notifier->is_told_full;
	case MXW_OUTBOX_EXPIRED:
		return notifier->told >= TOLD_EXPIRED;
	case MXW_OUTBOX_WORKS:
		break;
	}
	return notifier->told == TOLD_NOTHING && !notifier->is_told_full;
}

void mxw_outbox_tell(struct mxw_outbox *outbox, struct notifier *notifier, enum mxw_outbox_trouble trouble,
		     const char *text)
{
	if (is_known(notifier, trouble))
		return;
	if (trouble == MXW_OUTBOX_WORKS) {
		notifier->told = TOLD_NOTHING;
		notifier->is_told_full = false;
	} else if (trouble == MXW_OUTBOX_FOLDED) {
		notifier->is_told_full = true;
	} else {
		notifier->told = trouble == MXW_OUTBOX_PARKED ? TOLD_PARKED : TOLD_EXPIRED;
	}
	outbox->params.trouble(outbox->params.arg, notifier->name, trouble, text);
}

static void expire(struct mxw_outbox *outbox, struct queue *queue)
{
	struct notifier *notifier = queue->notifier;
	mxw_log(MXW_LOG_ERROR, "notifier %s: delivery %llu expired after %u tries and is given up", notifier->name,
		(unsigned long long)queue->head->id, queue->head->n_attempts);
	note_outcome(outbox, queue->head, MXW_DELIVERY_EXPIRED, "expired");
	mxw_outbox_pop(outbox, queue);
	mxw_outbox_tell(outbox, notifier, MXW_OUTBOX_EXPIRED, "a delivery reached its maximum age");
}

/* What the store has was rendered before it was known how many the message would stand for. */
static int add_folded(struct mxw_request *request, uint32_t n_folded, void **bytes, size_t *n)
{
	struct mxw_strbuf longer = MXW_STRBUF_INIT;
	int r = mxw_request_set_coalesced(request, n_folded);
	if (r == 0)
		r = mxw_request_encode(request, &longer);
	if (r == 0) {
		free(*bytes);
		*n = longer.len;
		*bytes = mxw_strbuf_take(&longer);
	}
	mxw_strbuf_done(&longer);
	return r == -E2BIG ? 0 : r; /* rather without the number than not at all */
}

static int read_request(struct mxw_outbox *outbox, const struct entry *entry, void **ret, size_t *ret_n,
			int64_t *ret_timeout_ms)
{
	struct mxw_request request = { 0 };
	int r = 0;
	if (!entry->unstored) {
		r = mxw_store_get_request(outbox->params.store, entry->id, ret, ret_n);
	} else if ((*ret = malloc(entry->n_bytes))) {
		memcpy(*ret, entry->unstored, entry->n_bytes);
		*ret_n = entry->n_bytes;
	} else {
		r = -ENOMEM;
	}
	if (r == 0)
		r = mxw_request_decode(&request, *ret, *ret_n);
	if (r == 0 && entry->n_folded)
		r = add_folded(&request, entry->n_folded, ret, ret_n);
	*ret_timeout_ms = request.timeout_ms;
	mxw_request_done(&request);
	return r;
}

/* Hands the head of a due queue to the courier. -EAGAIN: the courier takes nothing now. */
static int send_head(struct mxw_outbox *outbox, struct queue *queue)
{
	struct entry *entry = queue->head;
	void *bytes = NULL;
	size_t n = 0;
	int64_t timeout_ms;
	struct flight *flight = calloc(1, sizeof(*flight));
	int r = flight ? read_request(outbox, entry, &bytes, &n, &timeout_ms) : -ENOMEM;
	if (r == 0)
		r = mxw_courier_send(outbox->courier, entry->id, bytes, n, timeout_ms);
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
		mxw_outbox_pop(outbox, queue);
		mxw_outbox_tell(outbox, notifier, MXW_OUTBOX_EXPIRED, "a delivery is unreadable in the store");
		return;
	}
	queue->head->n_attempts++;
	queue->head->is_tried = true;
	mxw_outbox_schedule(outbox, queue,
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
	return entry->is_tried && now_ms - entry->created_ms >= outbox->params.policy.max_age_ms;
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
	char text[64] = "";
	note_outcome(outbox, queue->head, MXW_DELIVERY_DELIVERED, "");
	mxw_outbox_pop(outbox, queue);
	if (mxw_outbox_is_crowded(outbox, notifier))
		return;
	if (notifier->n_folded)
		snprintf(text, sizeof(text), "folded meanwhile: %llu", (unsigned long long)notifier->n_folded);
	notifier->n_folded = 0;
	mxw_outbox_tell(outbox, notifier, MXW_OUTBOX_WORKS, text);
}

static void on_parked(struct mxw_outbox *outbox, struct queue *queue, const char *text)
{
	struct entry *entry = queue->head;
	entry->status = MXW_DELIVERY_PARKED;
	note_outcome(outbox, entry, MXW_DELIVERY_PARKED, text);
	mxw_log(MXW_LOG_ERROR, "notifier %s: delivery %llu was rejected (%s); parked, tried again every hour",
		queue->notifier->name, (unsigned long long)entry->id, text);
	mxw_outbox_schedule(outbox, queue, mxw_loop_now_ms(outbox->loop) + MXW_PARKED_RETRY_MS);
	mxw_outbox_tell(outbox, queue->notifier, MXW_OUTBOX_PARKED, text);
}

static void on_failed(struct mxw_outbox *outbox, struct queue *queue, int64_t retry_after_ms, const char *text)
{
	struct entry *entry = queue->head;
	int64_t delay = mxw_schedule_backoff_ms(entry->n_attempts, retry_after_ms, &outbox->rng);
	note_outcome(outbox, entry, entry->status, text);
	mxw_log(MXW_LOG_WARNING, "notifier %s: delivery %llu failed (%s); try %u in %lld ms", queue->notifier->name,
		(unsigned long long)entry->id, text, entry->n_attempts + 1, (long long)delay);
	mxw_outbox_schedule(outbox, queue, mxw_loop_now_ms(outbox->loop) + delay);
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
	queue->head->n_attempts++;
	queue->head->is_tried = true;
	const char *text = result->text ? result->text : "";
	if (result->status == MXW_DELIVERED)
		on_delivered(outbox, queue);
	else if (result->status == MXW_PARKED)
		on_parked(outbox, queue, text);
	else
		on_failed(outbox, queue, result->retry_after_ms, text);
	mxw_timer_at_latest(&outbox->wake, mxw_loop_now_ms(outbox->loop));
}

static int add(struct mxw_outbox *outbox, const struct mxw_delivery *delivery, int64_t created_ms, int64_t due_ms)
{
	struct notifier *notifier = mxw_outbox_get_notifier(outbox, delivery->notifier);
	struct entry *entry = calloc(1, sizeof(*entry));
	if (notifier && entry) {
		*entry = (struct entry){ .id = delivery->id,
					 .created_ms = created_ms,
					 .n_attempts = delivery->n_attempts,
					 .n_folded = delivery->n_folded,
					 .n_bytes = (uint32_t)MXW_MIN(delivery->n_bytes, (size_t)MXW_REQUEST_MAX),
					 .status = delivery->status,
					 .part = delivery->part };
		if (mxw_outbox_append(outbox, notifier, delivery->key_hash, entry, due_ms) == 0) {
			mxw_outbox_watch_limit(outbox, notifier);
			return 0;
		}
	}
	free(entry);
	return -ENOMEM;
}

int mxw_outbox_add(struct mxw_outbox *outbox, const struct mxw_delivery *delivery)
{
	int64_t now_ms = mxw_loop_now_ms(outbox->loop);
	return add(outbox, delivery, now_ms, now_ms);
}

int mxw_outbox_add_unstored(struct mxw_outbox *outbox, const char *name, uint64_t key_hash, const void *request,
			    size_t n)
{
	int64_t now_ms = mxw_loop_now_ms(outbox->loop);
	struct notifier *notifier = mxw_outbox_get_notifier(outbox, name);
	struct entry *entry = calloc(1, sizeof(*entry));
	void *copy = malloc(n);
	if (notifier && entry && copy) {
		memcpy(copy, request, n);
		*entry = (struct entry){ .id = unstored_ids - outbox->last_unstored++,
					 .created_ms = now_ms,
					 .n_bytes = (uint32_t)n,
					 .part = MXW_STREAM_APART,
					 .unstored = copy };
		if (mxw_outbox_append(outbox, notifier, key_hash, entry, now_ms) == 0)
			return 0;
	}
	free(entry);
	free(copy);
	return -ENOMEM;
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
	int r = add(outbox, delivery, now_ms - age_ms, now_ms);
	if (r == 0)
		mxw_outbox_get_notifier(outbox, delivery->notifier)->n_folded += delivery->n_folded;
	return r;
}

int mxw_outbox_load(struct mxw_outbox *outbox)
{
	return mxw_store_each_delivery(outbox->params.store, load_one, outbox);
}

int mxw_outbox_set_in_trouble(struct mxw_outbox *outbox, const char *name)
{
	struct notifier *notifier = mxw_outbox_get_notifier(outbox, name);
	if (!notifier)
		return -ENOMEM;
	notifier->is_told_full = true;
	notifier->told =
		TOLD_EXPIRED; /* the worst that may have been told: a dead notifier is no news at every start */
	return 0;
}

void mxw_outbox_set_well(struct mxw_outbox *outbox, const char *name)
{
	for (struct notifier *notifier = outbox->notifiers; notifier; notifier = notifier->next) {
		if (strcmp(notifier->name, name) != 0)
			continue;
		notifier->is_told_full = false;
		notifier->told = TOLD_NOTHING;
	}
}

void mxw_outbox_set_courier(struct mxw_outbox *outbox, struct mxw_courier *courier)
{
	outbox->courier = courier;
}

void mxw_outbox_set_policy(struct mxw_outbox *outbox, const struct mxw_outbox_policy *policy)
{
	outbox->params.policy = *policy;
	for (struct notifier *notifier = outbox->notifiers; notifier; notifier = notifier->next)
		mxw_outbox_watch_limit(outbox, notifier);
}

size_t mxw_outbox_n_open(const struct mxw_outbox *outbox)
{
	return outbox->n_open;
}

size_t mxw_outbox_n_unstored(const struct mxw_outbox *outbox)
{
	return outbox->n_unstored;
}

int mxw_outbox_new(struct mxw_outbox **ret, struct mxw_loop *loop, const struct mxw_outbox_params *params)
{
	struct mxw_outbox *outbox = calloc(1, sizeof(*outbox));
	if (!outbox)
		return -ENOMEM;
	*outbox = (struct mxw_outbox){ .loop = loop, .params = *params };
	mxw_rng_seed(&outbox->rng, params->seed);
	mxw_timer_init(&outbox->wake, loop, mxw_outbox_pump, outbox);
	mxw_timer_init(&outbox->fold, loop, mxw_outbox_on_fold, outbox);
	int r = mxw_outcomes_new(&outbox->outcomes, loop, params->store);
	if (r < 0) {
		free(outbox);
		return r;
	}
	*ret = outbox;
	return 0;
}

void mxw_outbox_free(struct mxw_outbox *outbox)
{
	struct flight *flight, *next_flight;
	if (!outbox)
		return;
	mxw_outcomes_free(outbox->outcomes);
	mxw_timer_cancel(&outbox->wake);
	mxw_timer_cancel(&outbox->fold);
	HASH_ITER (hh, outbox->flights, flight, next_flight) {
		HASH_DELETE(hh, outbox->flights, flight);
		free(flight);
	}
	while (outbox->notifiers) {
		struct notifier *next = outbox->notifiers->next;
		mxw_outbox_free_notifier(outbox, outbox->notifiers);
		outbox->notifiers = next;
	}
	free(outbox);
}
