/* The options that domains share or set for themselves; see reader.h. */
#include "lib/config/reader.h"

#include <errno.h>
#include <string.h>

#include "lib/base/duration.h"
#include "lib/config/rows.h"
#include "lib/schema/scalar.h"

enum {
	MAX_SEND_IP = 256
}; /* each is a chain of lookups; a larger park of senders is better judged by its SPF record */

static void take_number(const struct mxw_values *values, const char *name, int64_t *ret)
{
	const struct mxw_value *value = mxw_values_get(values, name);
	if (value->is_set)
		*ret = value->number;
}

static void take_count(const struct mxw_values *values, const char *name, unsigned *ret)
{
	const struct mxw_value *value = mxw_values_get(values, name);
	if (value->is_set)
		*ret = (unsigned)value->number;
}

/* A retry interval that was inherited gives way to a shorter interval; one that was written must fit. */
static void read_intervals(struct mxw_config_reader *reader, const struct mxw_values *values,
			   struct mxw_state_policy *policy)
{
	take_number(values, "interval", &policy->interval_ms);
	take_number(values, "retry_interval", &policy->retry_interval_ms);
	if (policy->retry_interval_ms <= policy->interval_ms)
		return;
	const struct mxw_value *retry = mxw_values_get(values, "retry_interval");
	if (retry->is_given && retry->is_set) {
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		mxw_duration_format(&text, policy->retry_interval_ms);
		mxw_strbuf_adds(&text, " is longer than the interval, expected at most ");
		mxw_duration_format(&text, policy->interval_ms);
		mxw_values_error(values, "retry_interval", reader->diags, "%s", mxw_strbuf_get(&text));
		mxw_strbuf_done(&text);
	}
	policy->retry_interval_ms = policy->interval_ms;
}

/* One number of a mapping of numbers. */
struct number {
	const char *name;
	int64_t *to;
};

/* The mapping `key` of durations and numbers: at the top level all of them, in a domain those that are written there. */
static int read_numbers(struct mxw_config_reader *reader, const struct mxw_values *values, const char *key,
			const struct mxw_option *rows, const struct number *numbers, size_t n, bool is_top)
{
	const struct mxw_node *node = mxw_values_get(values, key)->node;
	struct mxw_values own;
	struct mxw_strbuf path = MXW_STRBUF_INIT;
	if (!node && !is_top)
		return 0;
	int r = mxw_values_init(&own, rows);
	if (r < 0)
		return r;
	if (node) {
		mxw_strbuf_addf(&path, "%s%s.", values->path, key);
		r = mxw_values_read(&own, node, mxw_strbuf_get(&path), reader->diags);
	}
	for (size_t i = 0; i < n; i++)
		if (is_top || mxw_values_get(&own, numbers[i].name)->is_given)
			*numbers[i].to = mxw_values_get(&own, numbers[i].name)->number;
	mxw_strbuf_done(&path);
	mxw_values_done(&own);
	return r;
}

static int read_confirm_age(struct mxw_config_reader *reader, const struct mxw_values *values, bool is_top,
			    struct mxw_state_policy *policy)
{
	const struct number ages[] = {
		{ "critical", &policy->confirm_critical_ms },
		{ "warning", &policy->confirm_warning_ms },
		{ "recovery", &policy->confirm_recovery_ms },
	};
	return read_numbers(reader, values, "confirm_age", mxw_config_confirm_age_rows, ages, MXW_ARRAY_SIZE(ages),
			    is_top);
}

static int read_escalation(struct mxw_config_reader *reader, const struct mxw_values *values, bool is_top,
			   struct mxw_state_policy *policy)
{
	const struct number ages[] = {
		{ "warning", &policy->escalate_warning_ms },
		{ "critical", &policy->escalate_critical_ms },
	};
	return read_numbers(reader, values, "escalation", mxw_config_escalation_rows, ages, MXW_ARRAY_SIZE(ages),
			    is_top);
}

static int read_flapping(struct mxw_config_reader *reader, const struct mxw_values *values, bool is_top,
			 struct mxw_state_policy *policy)
{
	int64_t changes = policy->flapping_changes;
	const struct number numbers[] = { { "changes", &changes }, { "window", &policy->flapping_window_ms } };
	int r = read_numbers(reader, values, "flapping", mxw_config_flapping_rows, numbers, MXW_ARRAY_SIZE(numbers),
			     is_top);
	policy->flapping_changes = (unsigned)changes;
	return r;
}

static void read_reminders(struct mxw_config_reader *reader, const struct mxw_values *values,
			   struct mxw_state_policy *policy)
{
	const struct mxw_value *value = mxw_values_get(values, "reminders");
	if (!value->is_set)
		return;
	if (value->n > MXW_MAX_REMINDERS) {
		mxw_values_error(values, "reminders", reader->diags, "a list of %zu reminders, expected at most %d",
				 value->n, MXW_MAX_REMINDERS);
		return;
	}
	for (size_t i = 1; i < value->n; i++)
		if (value->numbers[i] <= value->numbers[i - 1])
			mxw_values_item_error(values, "reminders", i, reader->diags,
					      "not later than the one before, expected rising times");
	memset(policy->reminders_ms, 0, sizeof(policy->reminders_ms));
	for (size_t i = 0; i < value->n; i++)
		policy->reminders_ms[i] = value->numbers[i];
	policy->n_reminders = value->n;
}

static int read_send_ip(struct mxw_config_reader *reader, const struct mxw_values *values, struct mxw_profile *profile,
			struct mxw_arena *arena)
{
	const struct mxw_value *value = mxw_values_get(values, "send_ip");
	if (!value->is_set)
		return 0;
	if (value->n > MAX_SEND_IP) {
		mxw_values_error(values, "send_ip", reader->diags, "a list of %zu addresses, expected at most %d",
				 value->n, MAX_SEND_IP);
		return 0;
	}
	struct mxw_ip *ips = mxw_arena_alloc(arena, value->n * sizeof(*ips));
	if (!ips)
		return -ENOMEM;
	for (size_t i = 0; i < value->n; i++) {
		if (mxw_ip_parse(value->texts[i], &ips[i]) == 0)
			continue;
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		mxw_quote(&text, value->texts[i]);
		mxw_values_item_error(values, "send_ip", i, reader->diags,
				      "%s is no IP address, expected one such as 192.0.2.1", mxw_strbuf_get(&text));
		mxw_strbuf_done(&text);
	}
	profile->send_ip = ips;
	profile->n_send_ip = value->n;
	return 0;
}

static int read_profile(struct mxw_config_reader *reader, const struct mxw_values *values, struct mxw_profile *profile,
			struct mxw_arena *arena)
{
	const struct {
		const char *name;
		enum mxw_choice *choice;
	} choices[] = {
		{ "receive", &profile->receive },
		{ "send", &profile->send },
		{ "mx_hosts_send", &profile->mx_hosts_send },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(choices); i++) {
		const struct mxw_value *value = mxw_values_get(values, choices[i].name);
		if (value->is_set)
			*choices[i].choice = (enum mxw_choice)value->number;
	}
	const struct mxw_value *topology = mxw_values_get(values, "topology"),
			       *strict = mxw_values_get(values, "strict");
	if (topology->is_set)
		profile->topology = (enum mxw_topology)topology->number;
	if (strict->is_set)
		profile->strict = strict->boolean;
	return read_send_ip(reader, values, profile, arena);
}

static void read_checks(struct mxw_config_reader *reader, const struct mxw_values *values,
			struct mxw_domain_settings *settings)
{
	struct mxw_name_set set = { .key = "checks", .what = "check" };
	if (!mxw_values_get(values, "checks")->is_set)
		return;
	for (; set.n < mxw_n_checks; set.n++)
		set.names[set.n] = mxw_checks[set.n]->name;
	if (!mxw_values_get(values, "checks")->n)
		mxw_values_error(values, "checks", reader->diags, "an empty list, expected at least one check");
	settings->checks = (uint32_t)mxw_config_read_name_set(reader, values, &set);
}

/* What is pinned or watched must be looked at, whatever `checks` names. */
static void add_needed_checks(struct mxw_domain_settings *settings)
{
	if (settings->expect || settings->watched_types)
		settings->checks |= UINT32_C(1) << mxw_check_find(mxw_check_consistency.name);
}

static void read_notify(struct mxw_config_reader *reader, const struct mxw_values *values,
			struct mxw_domain_settings *settings)
{
	struct mxw_name_set set = { .key = "notify", .what = "notifier" };
	if (!mxw_values_get(values, "notify")->is_set)
		return;
	for (; set.n < reader->config->n_notifiers; set.n++)
		set.names[set.n] = reader->config->notifiers[set.n].name;
	settings->notifiers = mxw_config_read_name_set(reader, values, &set);
	settings->has_own_notifiers = settings != &reader->config->defaults;
}

int mxw_config_read_settings(struct mxw_config_reader *reader, const struct mxw_values *values,
			     struct mxw_domain_settings *settings, struct mxw_arena *arena)
{
	bool is_top = settings == &reader->config->defaults;
	read_intervals(reader, values, &settings->policy);
	take_count(values, "failure_threshold", &settings->policy.failure_threshold);
	take_count(values, "success_threshold", &settings->policy.success_threshold);
	read_reminders(reader, values, &settings->policy);
	read_checks(reader, values, settings);
	read_notify(reader, values, settings);
	mxw_config_read_notify_changes(reader, values, settings);
	int r = mxw_config_read_authority(reader, values, settings);
	if (r >= 0)
		r = read_confirm_age(reader, values, is_top, &settings->policy);
	if (r >= 0)
		r = read_escalation(reader, values, is_top, &settings->policy);
	if (r >= 0)
		r = read_flapping(reader, values, is_top, &settings->policy);
	if (r >= 0)
		r = read_profile(reader, values, &settings->profile, arena);
	if (r >= 0)
		r = mxw_config_read_severity(reader, values, settings, arena);
	if (r >= 0)
		r = mxw_config_read_labels(reader, values, settings, arena);
	add_needed_checks(settings);
	return r;
}
