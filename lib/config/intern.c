/* A hash table from the bytes of settings, written out member by member, to their one copy; see intern.h. */
#include "lib/config/intern.h"

#include <errno.h>
#include <string.h>

/* uthash exits when memory runs out unless it is told not to. */
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(entry) ((entry)->failed = true)
#include <uthash.h>

struct mxw_intern_entry {
	UT_hash_handle hh;
	const struct mxw_domain_settings *settings;
	bool failed;
	size_t n_key;
	char key[];
};

static void add_number(struct mxw_strbuf *ret, int64_t number)
{
	mxw_strbuf_add(ret, &number, sizeof(number));
}

static void add_text(struct mxw_strbuf *ret, const char *text)
{
	mxw_strbuf_add(ret, text, strlen(text) + 1);
}

static void add_policy(struct mxw_strbuf *ret, const struct mxw_state_policy *policy)
{
	add_number(ret, policy->failure_threshold);
	add_number(ret, policy->success_threshold);
	add_number(ret, policy->confirm_critical_ms);
	add_number(ret, policy->confirm_warning_ms);
	add_number(ret, policy->confirm_recovery_ms);
	add_number(ret, policy->escalate_warning_ms);
	add_number(ret, policy->escalate_critical_ms);
	add_number(ret, policy->flapping_changes);
	add_number(ret, policy->flapping_window_ms);
	add_number(ret, policy->interval_ms);
	add_number(ret, policy->retry_interval_ms);
	add_number(ret, (int64_t)policy->n_reminders);
	mxw_strbuf_add(ret, policy->reminders_ms, policy->n_reminders * sizeof(policy->reminders_ms[0]));
}

static void add_profile(struct mxw_strbuf *ret, const struct mxw_profile *profile)
{
	add_number(ret, profile->receive);
	add_number(ret, profile->send);
	add_number(ret, profile->mx_hosts_send);
	add_number(ret, profile->topology);
	add_number(ret, profile->strict);
	add_number(ret, (int64_t)profile->n_send_ip);
	mxw_strbuf_add(ret, profile->send_ip, profile->n_send_ip * sizeof(*profile->send_ip));
}

static void add_settings(struct mxw_strbuf *ret, const struct mxw_domain_settings *settings)
{
	add_policy(ret, &settings->policy);
	add_profile(ret, &settings->profile);
	add_number(ret, settings->checks);
	add_number(ret, (intptr_t)settings->expect); /* each lies in the arena: it is its own, and lasts */
	add_number(ret, settings->watched_types);
	add_number(ret, (intptr_t)settings->authority); /* as expect, or one for all */
	add_number(ret, (int64_t)settings->notifiers);
	add_number(ret, settings->has_own_notifiers);
	add_number(ret, (int64_t)settings->n_overrides);
	for (size_t i = 0; i < settings->n_overrides; i++) {
		add_number(ret, (intptr_t)settings->overrides[i].def);
		add_number(ret, settings->overrides[i].severity);
	}
	add_number(ret, (int64_t)settings->n_labels);
	for (size_t i = 0; i < settings->n_labels; i++) {
		add_text(ret, settings->labels[i].name);
		add_text(ret, settings->labels[i].value);
	}
}

static void *copy(struct mxw_arena *arena, const void *items, size_t n, size_t size)
{
	void *to = n ? mxw_arena_alloc(arena, n * size) : NULL;
	return to ? memcpy(to, items, n * size) : NULL;
}

static void copy_settings(struct mxw_arena *arena, struct mxw_domain_settings *to,
			  const struct mxw_domain_settings *from)
{
	*to = *from;
	to->profile.send_ip = copy(arena, from->profile.send_ip, from->profile.n_send_ip,
				   sizeof(*from->profile.send_ip));
	to->overrides = copy(arena, from->overrides, from->n_overrides, sizeof(*from->overrides));
	to->labels = copy(arena, from->labels, from->n_labels, sizeof(*from->labels));
	for (size_t i = 0; to->labels && i < to->n_labels; i++)
		to->labels[i] = (struct mxw_label){ mxw_arena_text(arena, from->labels[i].name),
						    mxw_arena_text(arena, from->labels[i].value) };
}

void mxw_intern_init(struct mxw_intern *intern, struct mxw_arena *arena)
{
	*intern = (struct mxw_intern){ .arena = arena };
}

void mxw_intern_done(struct mxw_intern *intern)
{
	struct mxw_intern_entry *entry, *next;
	HASH_ITER (hh, intern->table, entry, next) {
		HASH_DEL(intern->table, entry);
		free(entry);
	}
}

static int add_entry(struct mxw_intern *intern, const struct mxw_strbuf *key,
		     const struct mxw_domain_settings *settings, struct mxw_intern_entry **ret)
{
	struct mxw_domain_settings *stored = mxw_arena_alloc(intern->arena, sizeof(*stored));
	struct mxw_intern_entry *entry = calloc(1, sizeof(*entry) + key->len);
	if (!stored || !entry) {
		free(entry);
		return -ENOMEM;
	}
	copy_settings(intern->arena, stored, settings);
	entry->settings = stored;
	entry->n_key = key->len;
	memcpy(entry->key, key->data, key->len);
	HASH_ADD_KEYPTR(hh, intern->table, entry->key, entry->n_key, entry);
	if (entry->failed) {
		free(entry);
		return -ENOMEM;
	}
	*ret = entry;
	return intern->arena->failed ? -ENOMEM : 0;
}

int mxw_intern_settings(struct mxw_intern *intern, const struct mxw_domain_settings *settings,
			const struct mxw_domain_settings **ret)
{
	struct mxw_strbuf key = MXW_STRBUF_INIT;
	struct mxw_intern_entry *entry = NULL;
	int r = 0;
	add_settings(&key, settings);
	if (mxw_strbuf_failed(&key)) {
		mxw_strbuf_done(&key);
		return -ENOMEM;
	}
	HASH_FIND(hh, intern->table, key.data, key.len, entry);
	if (!entry)
		r = add_entry(intern, &key, settings, &entry);
	mxw_strbuf_done(&key);
	if (r >= 0)
		*ret = entry->settings;
	return r;
}
