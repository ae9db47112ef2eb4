/* A bounded number of rounds at a time; see batch.h. A finished round makes place for the next. */
#include "daemon/batch.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>

#include "daemon/runner.h"
#include "lib/base/util.h"

/* One run shows each domain as it is now: what this process has just learned is fresh, its TTL is limit enough. */
enum { MAX_AGE_MS = 60 * 60 * 1000 };

struct batch;
struct slot {
	struct batch *batch;
	struct mxw_runner_run *run;          /* NULL: none */
	struct mxw_authority_search *search; /* before the round; NULL: none */
	size_t item;
};

struct batch {
	struct mxw_loop *loop;
	struct mxw_resolver *resolver, *servers;
	struct mxw_batch_item *items;
	size_t n_items, next, n_running;
	int error;
	bool is_over; /* the loop was told to stop */
	struct slot slots[MXW_BATCH_MAX_RUNNING];
};

static void stop(struct batch *batch, int error)
{
	if (batch->error == 0)
		batch->error = error;
	batch->is_over = true;
	mxw_loop_stop(batch->loop);
}

static void on_done(void *arg, struct mxw_round *round);

static void start_round(struct slot *slot)
{
	struct batch *batch = slot->batch;
	struct mxw_batch_item *item = &batch->items[slot->item];
	struct mxw_runner_servers servers = { .resolver = batch->servers };
	if (item->zone) {
		item->spec.zone = item->zone->apex;
		item->spec.server = item->zone->servers;
		item->spec.n_servers = item->zone->n;
		item->spec.servers = UINT32_MAX;
		servers.indexes = item->zone->indexes;
	}
	int r = mxw_runner_start(&slot->run, batch->loop, batch->resolver, &item->spec, &servers, MAX_AGE_MS, on_done,
				 slot);
	if (r < 0)
		stop(batch, r);
}

static void on_zone(void *arg, struct mxw_zone_servers *zone)
{
	struct slot *slot = arg;
	slot->search = NULL;
	slot->batch->items[slot->item].zone = zone;
	start_round(slot);
}

/* Those that the configuration names, or a search for them. */
static int find_zone(struct slot *slot)
{
	struct batch *batch = slot->batch;
	struct mxw_batch_item *item = &batch->items[slot->item];
	const struct mxw_config_authority *authority = item->authority;
	const char *domain = item->spec.target.domain;
	if (authority && authority->n_servers)
		return mxw_zone_servers_given(&item->zone, batch->servers, authority->zone ? authority->zone : domain,
					      authority->servers, authority->n_servers);
	if (!authority)
		return 0;
	const struct mxw_authority_params params = {
		.resolver = batch->resolver, .servers = batch->servers, .domain = domain, .max_age_ms = MAX_AGE_MS
	};
	return mxw_authority_find(&slot->search, batch->loop, &params, on_zone, slot);
}

static void start_next(struct slot *slot)
{
	struct batch *batch = slot->batch;
	if (batch->next == batch->n_items) {
		if (batch->n_running == 0)
			stop(batch, 0);
		return;
	}
	slot->item = batch->next++;
	batch->n_running++;
	int r = find_zone(slot);
	if (r < 0)
		stop(batch, r);
	else if (!slot->search)
		start_round(slot);
}

static void on_done(void *arg, struct mxw_round *round)
{
	struct slot *slot = arg;
	struct batch *batch = slot->batch;
	slot->run = NULL;
	batch->n_running--;
	batch->items[slot->item].round = round;
	mxw_round_keep_servers(round); /* the parent was asked a moment ago */
	int r = mxw_round_judge(round);
	if (r < 0)
		stop(batch, r);
	else
		start_next(slot);
}

static void on_interrupt(void *arg, int signal)
{
	stop(arg, -EINTR);
}

int mxw_batch_run(struct mxw_loop *loop, struct mxw_resolver *resolver, struct mxw_resolver *servers,
		  struct mxw_batch_item *items, size_t n)
{
	if (n == 0)
		return 0;
	MXW_CLEANUP(mxw_freep) struct batch *batch = calloc(1, sizeof(*batch));
	if (!batch)
		return -ENOMEM;
	*batch = (struct batch){ .loop = loop, .resolver = resolver, .servers = servers, .items = items, .n_items = n };
	int r = mxw_loop_on_signal(loop, SIGINT, on_interrupt, batch);
	if (r < 0)
		return r;
	for (size_t i = 0; i < MXW_BATCH_MAX_RUNNING && batch->next < n && !batch->is_over; i++) {
		batch->slots[i].batch = batch;
		start_next(&batch->slots[i]);
	}
	if (!batch->is_over)
		r = mxw_loop_run(loop);
	for (size_t i = 0; i < MXW_BATCH_MAX_RUNNING; i++) {
		mxw_runner_cancel(batch->slots[i].run);
		mxw_authority_cancel(batch->slots[i].search);
	}
	return r < 0 ? r : batch->error;
}

void mxw_batch_items_done(struct mxw_batch_item *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		mxw_round_free(items[i].round);
		mxw_zone_servers_free(items[i].zone);
	}
}
