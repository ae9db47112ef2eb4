/* The heap against a plain search for the smallest key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/base/heap.h"
#include "lib/base/rng.h"

enum { N_NODES = 200 };

/* The smallest key among the nodes that are in a heap; false if none is. */
static bool smallest(const struct mxw_heap_node *nodes, int64_t *ret)
{
	bool any = false;
	for (size_t i = 0; i < N_NODES; i++) {
		if (!mxw_heap_contains(&nodes[i]) || (any && nodes[i].key >= *ret))
			continue;
		*ret = nodes[i].key;
		any = true;
	}
	return any;
}

static void assert_agrees(const struct mxw_heap *heap, const struct mxw_heap_node *nodes)
{
	int64_t key;
	const struct mxw_heap_node *top = mxw_heap_peek(heap);
	if (!smallest(nodes, &key)) {
		assert_null(top);
		return;
	}
	assert_non_null(top);
	assert_true(mxw_heap_contains(top));
	assert_true(top->key == key);
}

static void test_random_operations(void **state)
{
	struct mxw_heap heap = { 0 };
	struct mxw_heap_node nodes[N_NODES] = { 0 };
	struct mxw_rng rng;
	mxw_rng_seed(&rng, 1);
	for (unsigned step = 0; step < 20000; step++) {
		struct mxw_heap_node *node = &nodes[mxw_rng_below(&rng, N_NODES)];
		if (mxw_rng_below(&rng, 5) < 3)
			assert_int_equal(mxw_heap_push(&heap, node, (int64_t)mxw_rng_below(&rng, 50) - 25),
					 0); /* moves what is in */
		else
			mxw_heap_remove(&heap, node); /* also what is not in */
		assert_agrees(&heap, nodes);
	}
	int64_t last = INT64_MIN;
	size_t n = heap.n;
	for (; heap.n; n--) {
		struct mxw_heap_node *top = mxw_heap_peek(&heap);
		assert_true(top->key >= last);
		last = top->key;
		mxw_heap_remove(&heap, top);
		assert_false(mxw_heap_contains(top));
	}
	assert_int_equal(n, 0);
	mxw_heap_done(&heap);
}

static void test_keys_at_the_ends(void **state)
{
	struct mxw_heap heap = { 0 };
	struct mxw_heap_node nodes[N_NODES] = { 0 };
	assert_null(mxw_heap_peek(&heap));
	assert_int_equal(mxw_heap_push(&heap, &nodes[0], INT64_MAX), 0);
	assert_int_equal(mxw_heap_push(&heap, &nodes[1], INT64_MIN), 0);
	assert_int_equal(mxw_heap_push(&heap, &nodes[2], 0), 0);
	assert_ptr_equal(mxw_heap_peek(&heap), &nodes[1]);
	assert_int_equal(mxw_heap_push(&heap, &nodes[1], INT64_MAX), 0);
	assert_ptr_equal(mxw_heap_peek(&heap), &nodes[2]);
	assert_int_equal(heap.n, 3);
	for (size_t i = 0; i < 3; i++)
		mxw_heap_remove(&heap, &nodes[i]);
	assert_null(mxw_heap_peek(&heap));
	mxw_heap_done(&heap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_operations),
		cmocka_unit_test(test_keys_at_the_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
