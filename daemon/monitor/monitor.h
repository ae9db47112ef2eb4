/* The monitor: every configured domain in its rounds, verdicts into states, transitions into events that are committed
 * before anything is sent. It decides nothing itself: lib/ does.
 *
 *	schedule -> round (runner) -> verdict -> state step -> alert -> commit (store) -> outbox */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/loop.h"
#include "daemon/outbox/outbox.h"
#include "daemon/store/store.h"
#include "lib/config/config.h"

struct mxw_monitor;

struct mxw_monitor_params {
	struct mxw_store *store; /* borrowed, like the outbox; both outlive the monitor */
	struct mxw_outbox *outbox;
	const char *instance; /* host name in events; copied */
	uint64_t seed;
	/* The store has lost what was written, or is damaged: the monitor can only be freed, and all begun anew with
	 * what a newly opened store knows. Comes from the loop; that it is so has been told, unstored. May be NULL. */
	void (*store_lost)(void *arg);
	void *arg;
};

int mxw_monitor_new(struct mxw_monitor **ret, struct mxw_loop *loop, const struct mxw_monitor_params *params);
/* Running rounds are abandoned; what is decided is committed. */
void mxw_monitor_free(struct mxw_monitor *monitor);

/* Takes over `config` and starts watching its domains, or goes on with those that were watched already (a reload): states
 * are kept, incidents of domains that are gone are closed. On an error (-ENOMEM, or what the sockets said) nothing has
 * changed and `config` is still the caller's. */
int mxw_monitor_configure(struct mxw_monitor *monitor, struct mxw_config *config);
/* After the first configure, before the loop runs: takes the states of an earlier process from the store. */
int mxw_monitor_restore(struct mxw_monitor *monitor);
const struct mxw_config *mxw_monitor_config(const struct mxw_monitor *monitor); /* NULL before the first configure */

/* The store was damaged and set aside under a new name: one event that says so to every notifier, and at the next start,
 * that has found its successor good, one that ends it. After the first configure and restore. */
void mxw_monitor_store_damaged(struct mxw_monitor *monitor, const char *kept_as);

/* After store_lost of an earlier monitor, restored from the store that was opened again: it is good. */
void mxw_monitor_store_reopened(struct mxw_monitor *monitor);

/* A notifier is in trouble or works again: an event for the other notifiers. What the outbox calls. */
void mxw_monitor_notifier_trouble(void *monitor, const char *notifier, enum mxw_outbox_trouble trouble,
				  const char *text);

struct mxw_monitor_stats {
	size_t n_domains, n_running;
	size_t n_warning, n_critical, n_unknown; /* domains by their worst hard state */
	uint64_t n_rounds, n_events;
	bool is_held; /* the resolvers cannot be used: no domain is judged */
};
void mxw_monitor_stats(const struct mxw_monitor *monitor, struct mxw_monitor_stats *ret);
