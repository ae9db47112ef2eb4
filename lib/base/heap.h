/* An intrusive binary heap ordered by a 64-bit key (a time in ms): timers of the loop, the schedule of domains.
 *
 * The heap holds pointers to nodes that live in their owners; a node is in one heap at most. Equal keys leave in an
 * unspecified order. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mxw_heap_node {
	int64_t key;
	size_t slot; /* index + 1; 0: in no heap */
};

struct mxw_heap {
	struct mxw_heap_node **nodes;
	size_t n, capacity;
};

void mxw_heap_done(struct mxw_heap *heap); /* the heap must be empty */
int mxw_heap_push(struct mxw_heap *heap, struct mxw_heap_node *node,
		  int64_t key);                                          /* -ENOMEM; moves a node that is in already */
void mxw_heap_remove(struct mxw_heap *heap, struct mxw_heap_node *node); /* no-op for a node in no heap */
struct mxw_heap_node *mxw_heap_peek(const struct mxw_heap *heap);        /* smallest key; NULL when empty; borrowed */

static inline bool mxw_heap_contains(const struct mxw_heap_node *node)
{
	return node->slot != 0;
}
