/* `maintenance`: windows in which nothing is told; see reader.h and lib/mute/window.h. */
#include "lib/config/reader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/config/rows.h"
#include "lib/mute/pattern.h"
#include "lib/schema/scalar.h"

#define ZONE_DIR "/usr/share/zoneinfo/"

enum { MAX_PATTERNS = 1000 };

static void tell(struct mxw_config_reader *reader, const struct mxw_values *values, const char *key, const char *what)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_quote(&text, mxw_values_get(values, key)->text);
	mxw_values_error(values, key, reader->diags, "%s %s", mxw_strbuf_get(&text), what);
	mxw_strbuf_done(&text);
}

static int read_domains(struct mxw_config_reader *reader, const struct mxw_values *values, struct mxw_window *window)
{
	const struct mxw_value *value = mxw_values_get(values, "domains");
	struct mxw_arena *arena = &reader->config->arena;
	if (value->is_set && (value->n == 0 || value->n > MAX_PATTERNS)) {
		mxw_values_error(values, "domains", reader->diags, "a list of %zu, expected 1 to %d", value->n,
				 MAX_PATTERNS);
		return 0;
	}
	const char **patterns = mxw_arena_alloc(arena, value->n * sizeof(*patterns) + 1);
	if (!patterns)
		return -ENOMEM;
	for (size_t i = 0; i < value->n; i++) {
		char pattern[MXW_PATTERN_MAX];
		const char *reason;
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		mxw_quote(&text, value->texts[i]);
		if (mxw_pattern_parse(value->texts[i], pattern, &reason) == 0)
			patterns[window->n_patterns++] = mxw_arena_text(arena, pattern);
		else
			mxw_values_item_error(values, "domains", i, reader->diags,
					      "%s %s, expected a domain, *.DOMAIN or *", mxw_strbuf_get(&text), reason);
		mxw_strbuf_done(&text);
	}
	window->patterns = patterns;
	return arena->failed ? -ENOMEM : 0;
}

static int read_labels(struct mxw_config_reader *reader, const struct mxw_values *values, struct mxw_window *window)
{
	struct mxw_domain_settings none = { 0 };
	int r = mxw_config_read_labels(reader, values, &none, &reader->config->arena);
	window->labels = none.labels;
	window->n_labels = none.n_labels;
	return r;
}

/* The zone of an earlier window; NULL if none has it. */
static const struct mxw_zone *known_zone(const struct mxw_config *config, const char *name)
{
	for (size_t i = 0; i < config->n_windows; i++)
		if (config->windows[i].zone && strcmp(config->windows[i].zone->name, name) == 0)
			return config->windows[i].zone;
	return NULL;
}

/* 0 with what is wrong in *ret_problem, or -ENOMEM. */
static int load_zone(struct mxw_config_reader *reader, struct mxw_zone *zone, const char *name,
		     const char **ret_problem)
{
	char path[sizeof(ZONE_DIR) + MXW_ZONE_NAME_MAX];
	char *bytes MXW_CLEANUP(mxw_freep) = NULL;
	size_t n = 0;
	snprintf(path, sizeof(path), ZONE_DIR "%s", name);
	int r = reader->source->read(reader->source->arg, path, &bytes, &n);
	if (r == 0) {
		r = mxw_zone_parse(zone, name, bytes, n, &reader->config->arena);
		if (r == -EINVAL)
			*ret_problem = "is no time zone: its file below " ZONE_DIR " is none, expected another";
	} else if (r != -ENOMEM) {
		*ret_problem = r == -ENOENT ? "is no time zone below " ZONE_DIR
					      ", expected one such as Europe/Berlin or UTC"
					    : "cannot be read below " ZONE_DIR ", expected another or UTC";
	}
	return r == -ENOMEM ? r : 0;
}

static int read_zone(struct mxw_config_reader *reader, const struct mxw_values *values, struct mxw_window *window)
{
	struct mxw_arena *arena = &reader->config->arena;
	const char *text = mxw_values_get(values, "timezone")->text, *problem = NULL;
	int r = 0;
	window->zone = known_zone(reader->config, text);
	if (window->zone)
		return 0;
	struct mxw_zone *zone = mxw_arena_alloc(arena, sizeof(*zone));
	const char *name = mxw_arena_text(arena, text);
	if (!zone || arena->failed)
		return -ENOMEM;
	if (mxw_zone_is_utc(name))
		mxw_zone_init_utc(zone, name);
	else if (!mxw_zone_is_name(name))
		problem = "is no name of a time zone, expected one such as Europe/Berlin or UTC";
	else
		r = load_zone(reader, zone, name, &problem);
	if (problem)
		tell(reader, values, "timezone", problem);
	else
		window->zone = zone;
	return r;
}

static void read_days(struct mxw_config_reader *reader, const struct mxw_values *values, struct mxw_window *window)
{
	const struct mxw_value *value = mxw_values_get(values, "days");
	if (value->is_set && !value->n)
		mxw_values_error(values, "days", reader->diags, "an empty list, expected at least one day");
	for (size_t i = 0; i < value->n; i++) {
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		int day = mxw_window_parse_day(value->texts[i]);
		mxw_quote(&text, value->texts[i]);
		if (day < 0)
			mxw_values_item_error(values, "days", i, reader->diags,
					      "%s is no day, expected mon, tue, wed, thu, fri, sat or sun",
					      mxw_strbuf_get(&text));
		else
			window->days |= 1u << day;
		mxw_strbuf_done(&text);
	}
}

/* `from` and `to`, whatever the kind. */
static void read_times(struct mxw_config_reader *reader, const struct mxw_values *values, struct mxw_window *window)
{
	const struct {
		const char *key;
		int64_t *ret_s;
	} times[] = { { "from", &window->from_s }, { "to", &window->to_s } };
	bool is_date = window->kind == MXW_WINDOW_ONCE, is_read = true;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(times); i++) {
		const char *text = mxw_values_get(values, times[i].key)->text;
		if (text && (is_date ? mxw_window_parse_date : mxw_window_parse_time)(text, times[i].ret_s) == 0)
			continue;
		is_read = false;
		if (text)
			tell(reader, values, times[i].key,
			     is_date ? "is no date and time, expected one such as 2026-11-23 02:00"
				     : "is no time, expected one such as 02:00");
	}
	if (is_read && (window->from_s == window->to_s || (is_date && window->from_s > window->to_s)))
		tell(reader, values, "to", "is not after from: the window is empty, expected a later one");
}

static int read_schedule(struct mxw_config_reader *reader, const struct mxw_node *node, const char *path,
			 struct mxw_window *window)
{
	static const struct mxw_option *const rows[] = {
		[MXW_WINDOW_ONCE] = mxw_config_once_rows,
		[MXW_WINDOW_DAILY] = mxw_config_daily_rows,
		[MXW_WINDOW_WEEKLY] = mxw_config_weekly_rows,
	};
	struct mxw_values values;
	int r = mxw_values_init(&values, rows[window->kind]);
	if (r >= 0)
		r = mxw_values_read(&values, node, path, reader->diags);
	if (r >= 0) {
		read_times(reader, &values, window);
		if (window->kind == MXW_WINDOW_WEEKLY)
			read_days(reader, &values, window);
	}
	mxw_values_done(&values);
	return r;
}

/* Which of the three it has; there must be exactly one. */
static int read_when(struct mxw_config_reader *reader, const struct mxw_values *values, struct mxw_window *window)
{
	static const char *const keys[] = {
		[MXW_WINDOW_ONCE] = "once", [MXW_WINDOW_DAILY] = "daily", [MXW_WINDOW_WEEKLY] = "weekly"
	};
	const struct mxw_node *node = NULL;
	const char *key = NULL;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(keys); i++) {
		const struct mxw_node *found = mxw_values_get(values, keys[i])->node;
		if (found && node) {
			mxw_values_error(values, keys[i], reader->diags, "given beside %s, expected one of them", key);
			return 0;
		}
		if (!found)
			continue;
		node = found;
		key = keys[i];
		window->kind = (enum mxw_window_kind)i;
	}
	if (!node) {
		mxw_values_error(values, "daily", reader->diags, "missing, expected one of once, daily and weekly");
		return 0;
	}
	char path[64];
	snprintf(path, sizeof(path), "%s%s.", values->path, key);
	return read_schedule(reader, node, path, window);
}

static int read_window(struct mxw_config_reader *reader, const struct mxw_node *node, size_t index,
		       struct mxw_window *window)
{
	struct mxw_values values;
	char path[40];
	snprintf(path, sizeof(path), "maintenance[%zu].", index);
	int r = mxw_values_init(&values, mxw_config_maintenance_rows);
	if (r >= 0)
		r = mxw_values_read(&values, node, path, reader->diags);
	if (r >= 0 && node->kind == MXW_NODE_MAPPING) {
		const char *name = mxw_values_get(&values, "name")->text;
		window->name = mxw_arena_text(&reader->config->arena, name ? name : "");
		r = read_domains(reader, &values, window);
		if (r >= 0)
			r = read_labels(reader, &values, window);
		if (r >= 0)
			r = read_zone(reader, &values, window);
		if (r >= 0)
			r = read_when(reader, &values, window);
	}
	mxw_values_done(&values);
	return r;
}

int mxw_config_read_maintenance(struct mxw_config_reader *reader, const struct mxw_values *top)
{
	struct mxw_config *config = reader->config;
	const struct mxw_node *node = mxw_values_list(top, "maintenance", reader->diags);
	int r = 0;
	if (!node || !node->n)
		return 0;
	if (node->n > MXW_MAX_WINDOWS) {
		mxw_values_error(top, "maintenance", reader->diags, "a list of %zu windows, expected at most %d",
				 node->n, MXW_MAX_WINDOWS);
		return 0;
	}
	config->windows = mxw_arena_alloc(&config->arena, node->n * sizeof(*config->windows));
	if (!config->windows)
		return -ENOMEM;
	for (; config->n_windows < node->n && r >= 0; config->n_windows++)
		r = read_window(reader, node->children[config->n_windows], config->n_windows,
				&config->windows[config->n_windows]);
	return r;
}
