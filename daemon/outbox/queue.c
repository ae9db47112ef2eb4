/* Queues of deliveries, one a (notifier, key), and when the head of each is due. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/outbox/internal.h"

struct notifier *mxw_outbox_get_notifier(struct mxw_outbox *outbox, const char *name)
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

void mxw_outbox_drop_entry(struct mxw_outbox *outbox, struct notifier *notifier, struct entry *entry)
{
	outbox->n_open--;
	outbox->n_unstored -= entry->unstored != NULL;
	notifier->n_open--;
	notifier->n_bytes -= entry->n_bytes;
	free(entry->unstored);
	free(entry);
}

static void free_queue(struct mxw_outbox *outbox, struct queue *queue)
{
	mxw_heap_remove(&queue->notifier->due, &queue->due);
	HASH_DELETE(hh, queue->notifier->queues, queue);
	while (queue->head) {
		struct entry *next = queue->head->next;
		mxw_outbox_drop_entry(outbox, queue->notifier, queue->head);
		queue->head = next;
	}
	free(queue);
}

void mxw_outbox_free_notifier(struct mxw_outbox *outbox, struct notifier *notifier)
{
	struct queue *queue, *next;
	HASH_ITER (hh, notifier->queues, queue, next)
		free_queue(outbox, queue);
	mxw_heap_done(&notifier->due);
	free(notifier);
}

void mxw_outbox_schedule(struct mxw_outbox *outbox, struct queue *queue, int64_t at_ms)
{
	if (mxw_heap_push(&queue->notifier->due, &queue->due, at_ms) < 0) {
		mxw_log(MXW_LOG_ERROR, "notifier %s: out of memory; its alerts wait for the next start",
			queue->notifier->name);
		return;
	}
	mxw_timer_at_latest(&outbox->wake, at_ms);
}

int mxw_outbox_append(struct mxw_outbox *outbox, struct notifier *notifier, uint64_t key_hash, struct entry *entry,
		      int64_t due_ms)
{
	struct queue *queue = get_queue(notifier, key_hash);
	if (!queue)
		return -ENOMEM;
	outbox->n_open++;
	outbox->n_unstored += entry->unstored != NULL;
	notifier->n_open++;
	notifier->n_bytes += entry->n_bytes;
	queue->n++;
	if (queue->head) {
		queue->tail->next = entry;
		queue->tail = entry;
		return 0;
	}
	queue->head = queue->tail = entry;
	mxw_outbox_schedule(outbox, queue, due_ms);
	return 0;
}

void mxw_outbox_pop(struct mxw_outbox *outbox, struct queue *queue)
{
	struct entry *entry = queue->head;
	queue->head = entry->next;
	queue->n--;
	mxw_outbox_drop_entry(outbox, queue->notifier, entry);
	if (queue->head)
		mxw_outbox_schedule(outbox, queue, mxw_loop_now_ms(outbox->loop));
	else
		free_queue(outbox, queue);
}
