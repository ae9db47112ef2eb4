/* Binary heap of intrusive nodes; see heap.h. */
#include "lib/base/heap.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

static void place(struct mxw_heap *heap, size_t i, struct mxw_heap_node *node)
{
	heap->nodes[i] = node;
	node->slot = i + 1;
}

static void sift_up(struct mxw_heap *heap, size_t i)
{
	struct mxw_heap_node *node = heap->nodes[i];
	while (i > 0 && heap->nodes[(i - 1) / 2]->key > node->key) {
		place(heap, i, heap->nodes[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	place(heap, i, node);
}

static void sift_down(struct mxw_heap *heap, size_t i)
{
	struct mxw_heap_node *node = heap->nodes[i];
	for (;;) {
		size_t child = 2 * i + 1;
		if (child >= heap->n)
			break;
		if (child + 1 < heap->n && heap->nodes[child + 1]->key < heap->nodes[child]->key)
			child++;
		if (heap->nodes[child]->key >= node->key)
			break;
		place(heap, i, heap->nodes[child]);
		i = child;
	}
	place(heap, i, node);
}

void mxw_heap_done(struct mxw_heap *heap)
{
	assert(heap->n == 0);
	free(heap->nodes);
	*heap = (struct mxw_heap){ 0 };
}

int mxw_heap_push(struct mxw_heap *heap, struct mxw_heap_node *node, int64_t key)
{
	if (node->slot)
		mxw_heap_remove(heap, node);
	if (heap->n == heap->capacity) {
		size_t capacity = heap->capacity ? heap->capacity * 2 : 16;
		struct mxw_heap_node **nodes = realloc(heap->nodes, capacity * sizeof(*nodes));
		if (!nodes)
			return -ENOMEM;
		heap->nodes = nodes;
		heap->capacity = capacity;
	}
	node->key = key;
	place(heap, heap->n++, node);
	sift_up(heap, heap->n - 1);
	return 0;
}

void mxw_heap_remove(struct mxw_heap *heap, struct mxw_heap_node *node)
{
	if (!node->slot)
		return;
	size_t i = node->slot - 1;
	assert(i < heap->n && heap->nodes[i] == node);
	struct mxw_heap_node *last = heap->nodes[--heap->n];
	node->slot = 0;
	if (last == node)
		return;
	place(heap, i, last);
	sift_up(heap, i);
	sift_down(heap, last->slot - 1);
}

struct mxw_heap_node *mxw_heap_peek(const struct mxw_heap *heap)
{
	return heap->n ? heap->nodes[0] : NULL;
}
