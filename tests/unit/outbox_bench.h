/* The outbox on the real store, in virtual time, with a courier of the tests' own, which holds what it was given until the
 * test answers. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/courier.h"
#include "daemon/outbox/outbox.h"

enum {
	SECOND = 1000,
	HOUR = 3600 * SECOND,
	MAX_AGE_MS = 48 * HOUR,
};

struct mxw_courier {
	uint64_t held[MXW_COURIER_MAX_IN_FLIGHT];
	size_t n, capacity;
	unsigned n_sends;
	char coalesced[16]; /* what the last request said */
};

/* One outbox and what it is made on. */
struct bench {
	char dir[64];
	struct mxw_loop *loop;
	struct mxw_store *store;
	struct mxw_outbox *outbox;
	struct mxw_outbox_policy policy; /* of the next start */
	struct mxw_courier courier;
	unsigned n_events;
	char troubles[256];  /* "parked ops;works ops;" */
	char last_text[128]; /* of the last trouble */
};

int make_bench(void **state);
int remove_bench(void **state);
#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, make_bench, remove_bench)

/* Begins so much wall time after fake_loop_start_wall_ms. */
void start_at(struct bench *bench, int64_t later_ms);
void stop(struct bench *bench);
void advance(struct bench *bench, int64_t ms);

/* Commits an event of this kind with one delivery and hands it to the outbox. */
uint64_t add_kind(struct bench *bench, const char *notifier, uint64_t key, enum mxw_alert_kind kind);
uint64_t add(struct bench *bench, const char *notifier, uint64_t key); /* none of these stands for another */

bool holds(const struct mxw_courier *courier, uint64_t delivery);
void answer_after(struct bench *bench, uint64_t delivery, enum mxw_result_status status, int64_t retry_after_ms);
void answer(struct bench *bench, uint64_t delivery, enum mxw_result_status status);

/* What the store has of it; false if it is not open any more. */
bool find_open(const struct bench *bench, uint64_t id, struct mxw_delivery *ret);
/* Pending and parked as they are, everything else as delivered. */
enum mxw_delivery_status status_of(const struct bench *bench, uint64_t id);
