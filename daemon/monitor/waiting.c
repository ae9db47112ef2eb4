/* Events that wait for a store that takes nothing. A transition of a domain is decided again by its next round and does not
 * wait; the others do, and a resolver that comes and goes for a week must not fill the memory. Nobody has got any of them
 * yet, so what nobody needs of a key's stream can go. */
#include "daemon/log.h"
#include "daemon/monitor/internal.h"
#include "lib/alert/coalesce.h"

enum {
	MAX_WAITING = 500, /* above that what stands apart goes, too: of each key all but the newest */
	WINDOW = 64,       /* of one key */
};

static size_t count(const struct mxw_monitor *monitor)
{
	size_t n = 0;
	for (const struct pending *pending = monitor->pending; pending; pending = pending->next)
		n++;
	return n;
}

/* What a group says is known to lib/group: it stays. */
static bool is_foldable(const struct pending *pending)
{
	return pending->must_stay && !pending->message;
}

/* Marks what can go of the key that begins with this one. */
static size_t mark(struct pending *first, bool with_apart)
{
	struct pending *waiting[WINDOW];
	struct mxw_coalesce_item items[WINDOW];
	size_t n = 0;
	for (struct pending *pending = first; pending && n < WINDOW; pending = pending->next) {
		if (!is_foldable(pending) || pending->is_folded || pending->key_hash != first->key_hash)
			continue;
		waiting[n] = pending;
		items[n++] = (struct mxw_coalesce_item){ .part = mxw_alert_part(pending->alert.kind,
										pending->alert.to) };
	}
	size_t n_folded = mxw_coalesce_stream(items, n);
	if (with_apart)
		n_folded += mxw_coalesce_apart(items, n, n);
	for (size_t i = 0; i < n; i++)
		waiting[i]->is_folded = items[i].is_folded;
	return n_folded;
}

static void drop_marked(struct mxw_monitor *monitor)
{
	struct pending **at = &monitor->pending;
	while (*at) {
		struct pending *pending = *at;
		if (!pending->is_folded) {
			at = &pending->next;
			continue;
		}
		*at = pending->next;
		mxw_pending_free(pending);
	}
	monitor->pending_end = at;
	for (struct pending *pending = monitor->pending; pending; pending = pending->next)
		if (pending->key)
			pending->key->has_pending = true; /* by the one that stays */
}

void mxw_monitor_fold_waiting(struct mxw_monitor *monitor)
{
	bool with_apart = count(monitor) > MAX_WAITING;
	size_t n_folded = 0;
	for (struct pending *pending = monitor->pending; pending; pending = pending->next)
		if (is_foldable(pending) && !pending->is_folded)
			n_folded += mark(pending, with_apart);
	if (n_folded == 0)
		return;
	mxw_log(MXW_LOG_WARNING,
		"store: takes nothing; %zu events that wait for it are folded into the newest of their keys", n_folded);
	drop_marked(monitor);
}
