/* Watched record sets (`notify_changes`): what was confirmed, from round to round, over reloads and restarts; what of it
 * the store must know. lib/records decides, record_events.c tells.
 *
 * A domain that watches nothing has none of this. The first sets of domains are written with others, a second later: what a
 * kill loses of them is learned anew. A change is in the store with its event. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/monitor/internal.h"
#include "daemon/monitor/records.h"

enum { MAX_SAVES = 200 }; /* domains a transaction: the loop must stay quick */

/* ---- what the store does not know yet ---- */

static void mark_unsaved(struct records *records, enum mxw_record_type type)
{
	struct mxw_monitor *monitor = records->watched->monitor;
	bool is_listed = records->unsaved != 0;
	records->unsaved |= MXW_RECORD_BIT(type);
	if (is_listed)
		return;
	records->next = monitor->unsaved_records;
	records->link = &monitor->unsaved_records;
	if (records->next)
		records->next->link = &records->next;
	monitor->unsaved_records = records;
	mxw_monitor_plan_save(monitor);
}

static void mark_saved(struct records *records, unsigned types)
{
	bool was_listed = records->unsaved != 0;
	records->unsaved &= ~types;
	if (!was_listed || records->unsaved)
		return;
	*records->link = records->next;
	if (records->next)
		records->next->link = records->link;
}

/* Rows that must go. What cannot be noted is found at the next start. */
static void mark_gone(struct mxw_monitor *monitor, const char *domain, unsigned types)
{
	size_t n = strlen(domain) + 1;
	struct gone_records *gone = calloc(1, sizeof(*gone) + n);
	if (!gone)
		return;
	memcpy(gone->domain, domain, n);
	gone->types = types;
	gone->next = monitor->gone_records;
	monitor->gone_records = gone;
	mxw_monitor_plan_save(monitor);
}

static int delete_gone(struct mxw_store *store, const struct gone_records *gone)
{
	int r = 0;
	for (unsigned type = 0; r == 0 && type < N_WATCHED_TYPES; type++)
		if (gone->types & MXW_RECORD_BIT(type))
			r = mxw_store_delete_record_set(store, gone->domain, mxw_record_type_name(type));
	return r;
}

static int put_unsaved(struct mxw_monitor *monitor, const struct records *records)
{
	int r = 0;
	for (unsigned type = 0; r == 0 && type < N_WATCHED_TYPES; type++) {
		if (!(records->unsaved & MXW_RECORD_BIT(type)))
			continue;
		const struct mxw_store_record_set set = {
			.domain = records->watched->domain->name,
			.type = mxw_record_type_name(type),
			.records = records->tracks[type].confirmed,
			.since_wall_ms = mxw_loop_wall_ms(monitor->loop),
		};
		r = mxw_store_put_record_set(monitor->params.store, &set);
	}
	return r;
}

static void drop_gone(struct mxw_monitor *monitor, const struct gone_records *until)
{
	while (monitor->gone_records != until) {
		struct gone_records *next = monitor->gone_records->next;
		free(monitor->gone_records);
		monitor->gone_records = next;
	}
}

bool mxw_monitor_has_unsaved_records(const struct mxw_monitor *monitor)
{
	return monitor->gone_records || monitor->unsaved_records;
}

/* What is gone goes first: the domain may have come back, with new sets. */
int mxw_monitor_save_records(struct mxw_monitor *monitor)
{
	struct mxw_store *store = monitor->params.store;
	const struct gone_records *gone = monitor->gone_records;
	const struct records *records = monitor->unsaved_records;
	size_t n = 0;
	int r = mxw_monitor_has_unsaved_records(monitor) ? mxw_store_begin(store) : -EAGAIN;
	if (r < 0)
		return r == -EAGAIN ? 0 : r;
	for (; r == 0 && gone && n < MAX_SAVES; gone = gone->next, n++)
		r = delete_gone(store, gone);
	for (; r == 0 && !gone && records && n < MAX_SAVES; records = records->next, n++)
		r = put_unsaved(monitor, records);
	if (r < 0) {
		mxw_store_rollback(store);
		return r;
	}
	r = mxw_store_commit(store);
	if (r < 0)
		return r;
	drop_gone(monitor, gone);
	while (monitor->unsaved_records != records)
		mark_saved(monitor->unsaved_records, ALL_WATCHED_TYPES);
	return 0;
}

void mxw_monitor_drop_records(struct mxw_monitor *monitor)
{
	drop_gone(monitor, NULL);
}

/* ---- rounds ---- */

static int read_views(const struct mxw_round *round, enum mxw_record_type type, char *ret[MXW_MAX_UPSTREAMS])
{
	const struct mxw_round_spec *spec = mxw_round_get_spec(round);
	int r = 0;
	for (size_t view = 0; view < spec->n_views; view++)
		ret[view] = NULL;
	for (size_t view = 0; r == 0 && view < spec->n_views; view++)
		if (spec->voters >> view & 1)
			r = mxw_records_read(type, &spec->target, mxw_round_observation(round, view), &ret[view]);
	return r;
}

/* A change that the configuration hides is known from now on, and that is all. */
static int take_step(struct watched *watched, const struct mxw_round *round, enum mxw_record_type type,
		     const struct mxw_records_vote *vote)
{
	struct mxw_records_track *track = &watched->records->tracks[type];
	enum mxw_records_step step;
	int r = mxw_records_step(track, vote->set, &step);
	if (r < 0)
		return r;
	if (step == MXW_RECORDS_CHANGED && !mxw_watched_hides_changes(watched))
		return mxw_watched_tell_change(watched, round, type, vote);
	if (step == MXW_RECORDS_CHANGED) {
		char *set = strdup(vote->set);
		if (!set)
			return -ENOMEM;
		mxw_records_adopt(track, set);
	}
	if (step != MXW_RECORDS_SAME)
		mark_unsaved(watched->records, type);
	return 0;
}

static int step_type(struct watched *watched, const struct mxw_round *round, enum mxw_record_type type)
{
	const struct mxw_round_spec *spec = mxw_round_get_spec(round);
	char *sets[MXW_MAX_UPSTREAMS];
	struct mxw_records_vote vote;
	int r = read_views(round, type, sets);
	if (r == 0) {
		mxw_records_vote(&vote, (const char *const *)sets, spec->n_views, spec->quorum);
		r = take_step(watched, round, type, &vote);
	}
	for (size_t i = 0; i < spec->n_views; i++)
		free(sets[i]);
	return r;
}

static struct records *get_records(struct watched *watched)
{
	if (!watched->records) {
		watched->records = calloc(1, sizeof(*watched->records));
		if (watched->records)
			watched->records->watched = watched;
	}
	return watched->records;
}

void mxw_watched_step_records(struct watched *watched, const struct mxw_round *round)
{
	unsigned types = watched->domain->settings->watched_types;
	if (!types || !watched->monitor->gate.is_settled)
		return;
	int r = get_records(watched) ? 0 : -ENOMEM;
	for (unsigned type = 0; r == 0 && type < N_WATCHED_TYPES; type++)
		if (types & MXW_RECORD_BIT(type))
			r = step_type(watched, round, type);
	if (r < 0)
		mxw_log(MXW_LOG_ERROR,
			"%s: watched records cannot be compared or written; tried again with the next round",
			watched->domain->name);
}

bool mxw_watched_awaits_records(const struct watched *watched)
{
	for (size_t i = 0; watched->records && i < N_WATCHED_TYPES; i++)
		if (mxw_records_is_pending(&watched->records->tracks[i]))
			return true;
	return false;
}

void mxw_records_take_over(struct records *records, enum mxw_record_type type, char *set)
{
	mxw_records_adopt(&records->tracks[type], set);
	mark_saved(records, MXW_RECORD_BIT(type));
}

/* ---- lifetime ---- */

static void forget_type(struct records *records, enum mxw_record_type type)
{
	mxw_records_track_done(&records->tracks[type]);
	mark_saved(records, MXW_RECORD_BIT(type));
}

void mxw_watched_free_records(struct watched *watched)
{
	struct records *records = watched->records;
	if (!records)
		return;
	for (struct pending *pending = watched->monitor->pending; pending; pending = pending->next)
		if (pending->records == records)
			pending->records = NULL;
	for (unsigned type = 0; type < N_WATCHED_TYPES; type++)
		forget_type(records, type);
	free(records);
	watched->records = NULL;
}

void mxw_watched_inherit_records(struct watched *old, struct watched *new)
{
	struct records *records = old->records;
	unsigned kept = new ? new->domain->settings->watched_types : 0, gone = 0;
	for (unsigned type = 0; records && type < N_WATCHED_TYPES; type++) {
		if (kept & MXW_RECORD_BIT(type) || !records->tracks[type].confirmed)
			continue;
		gone |= MXW_RECORD_BIT(type);
		forget_type(records, type);
	}
	if (gone)
		mark_gone(old->monitor, old->domain->name, gone);
	if (!records || !kept)
		return;
	records->watched = new;
	new->records = records;
	old->records = NULL;
}

static unsigned find_type(const char *name)
{
	unsigned type = 0;
	while (type < N_WATCHED_TYPES && strcmp(mxw_record_type_name(type), name) != 0)
		type++;
	return type;
}

/* What is watched no more had its last set: if it is watched again, that begins anew. */
static int restore_one(void *arg, const struct mxw_store_record_set *row)
{
	struct mxw_monitor *monitor = arg;
	struct watched *watched = mxw_monitor_find(monitor, row->domain);
	unsigned type = find_type(row->type);
	if (type == N_WATCHED_TYPES)
		return 0;
	if (!watched || !(watched->domain->settings->watched_types & MXW_RECORD_BIT(type))) {
		mark_gone(monitor, row->domain, MXW_RECORD_BIT(type));
		return 0;
	}
	char *set = get_records(watched) ? strdup(row->records) : NULL;
	if (!set)
		return -ENOMEM;
	mxw_records_adopt(&watched->records->tracks[type], set);
	return 0;
}

int mxw_monitor_restore_records(struct mxw_monitor *monitor)
{
	return mxw_store_each_record_set(monitor->params.store, restore_one, monitor);
}
