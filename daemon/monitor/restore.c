/* States of an earlier process, and the subjects of the monitor itself. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/monitor/internal.h"

struct watched *mxw_monitor_find(const struct mxw_monitor *monitor, const char *domain)
{
	size_t low = 0, high = monitor->n_domains;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(domain, monitor->domains[middle]->domain->name);
		if (order == 0)
			return monitor->domains[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

struct subject *mxw_monitor_subject(struct mxw_monitor *monitor, const char *name)
{
	struct subject *subject = monitor->subjects;
	while (subject && strcmp(subject->name, name) != 0)
		subject = subject->next;
	if (subject)
		return subject;
	size_t len = strlen(name) + 1;
	subject = calloc(1, sizeof(*subject) + len);
	if (!subject)
		return NULL;
	memcpy(subject->name, name, len);
	mxw_state_init(&subject->key.state);
	subject->key.check = subject->name;
	subject->next = monitor->subjects;
	monitor->subjects = subject;
	return subject;
}

/* The old process's clock is mapped onto ours by the wall time between; a clock that went backwards counts as no time. */
static int rebase(struct mxw_monitor *monitor, const struct mxw_store_state *row, struct key *key)
{
	int64_t elapsed_ms = mxw_loop_wall_ms(monitor->loop) - row->saved_wall_ms;
	struct mxw_soft soft;
	mxw_soft_init(&soft);
	if (row->soft)
		soft = *row->soft;
	key->state = row->state;
	mxw_state_rebase(&key->state, &soft, row->saved_ms, MXW_MAX(elapsed_ms, 0), mxw_loop_now_ms(monitor->loop));
	return mxw_soft_keep(&key->soft, &soft);
}

/* A state whose domain or check is no longer configured: its incident is closed, as at a reload. */
static int close_orphan(struct mxw_monitor *monitor, const struct mxw_store_state *row, const struct told *told)
{
	int check = mxw_check_find(row->check);
	struct key key = { .state = row->state,
			   .told = *told,
			   .check = row->check,
			   .check_index = check < 0 ? mxw_n_checks : (size_t)check }; /* that no route names */
	return mxw_monitor_close_removed(monitor, row->domain, &monitor->config->defaults, &key);
}

static int restore_subject(struct mxw_monitor *monitor, const struct mxw_store_state *row, const struct told *told)
{
	size_t n_prefix = strlen(MXW_SUBJECT_NOTIFIER);
	struct subject *subject = mxw_monitor_subject(monitor, row->check);
	if (!subject || mxw_told_copy(&subject->key.told, told) < 0)
		return -ENOMEM;
	int r = rebase(monitor, row, &subject->key);
	if (r < 0)
		return r;
	if (subject->key.state.hard < MXW_WARNING || strncmp(row->check, MXW_SUBJECT_NOTIFIER, n_prefix) != 0)
		return 0;
	return mxw_outbox_set_in_trouble(monitor->params.outbox, row->check + n_prefix);
}

static int restore_one(void *arg, const struct mxw_store_state *row)
{
	struct mxw_monitor *monitor = arg;
	struct told told, borrowed = {
		.findings_json = (char *)(uintptr_t)row->findings_json,
		.finding_id = (char *)(uintptr_t)row->finding_id,
		.cause = (char *)(uintptr_t)row->cause,
		.notifiers = (char *)(uintptr_t)row->notifiers,
	};
	if (!*row->domain)
		return restore_subject(monitor, row, &borrowed);
	struct watched *watched = mxw_monitor_find(monitor, row->domain);
	struct key *key = watched ? mxw_watched_find_key(watched, row->check) : NULL;
	if (!key)
		return close_orphan(monitor, row, &borrowed);
	int r = mxw_told_copy(&told, &borrowed);
	if (r < 0)
		return r;
	r = rebase(monitor, row, key);
	if (r < 0) {
		mxw_told_done(&told);
		return r;
	}
	mxw_told_done(&key->told);
	key->told = told;
	key->is_stored = true;
	return 0;
}

int mxw_monitor_restore(struct mxw_monitor *monitor)
{
	int r = mxw_store_each_state(monitor->params.store, restore_one, monitor);
	if (r == 0) {
		mxw_monitor_gate_adopt(monitor);
		mxw_monitor_adopt_notifiers(monitor);
		r = mxw_monitor_restore_groups(monitor);
	}
	if (r == 0)
		r = mxw_monitor_restore_records(monitor);
	return r < 0 ? r : mxw_monitor_load_mutes(monitor);
}
