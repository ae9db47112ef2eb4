/* `routes`: which notifiers get which events; see reader.h and lib/route. */
#include "lib/config/reader.h"

#include <errno.h>
#include <stdio.h>

#include "lib/config/rows.h"

static const enum mxw_severity severities[] = { MXW_WARNING, MXW_CRITICAL };

static uint32_t read_severities(struct mxw_config_reader *reader, const struct mxw_values *match)
{
	struct mxw_name_set set = { .key = "severity", .what = "severity of an event" };
	uint32_t ret = 0;
	for (; set.n < MXW_ARRAY_SIZE(severities); set.n++)
		set.names[set.n] = mxw_severity_name(severities[set.n]);
	uint64_t bits = mxw_config_read_name_set(reader, match, &set);
	for (size_t i = 0; i < set.n; i++)
		if (bits & UINT64_C(1) << i)
			ret |= UINT32_C(1) << severities[i];
	return ret;
}

static uint32_t read_checks(struct mxw_config_reader *reader, const struct mxw_values *match)
{
	struct mxw_name_set set = { .key = "check", .what = "check" };
	for (; set.n < mxw_n_checks; set.n++)
		set.names[set.n] = mxw_checks[set.n]->name;
	return (uint32_t)mxw_config_read_name_set(reader, match, &set);
}

/* Tests are for one notifier and pass all routes by. */
static uint32_t read_kinds(struct mxw_config_reader *reader, const struct mxw_values *match)
{
	const uint32_t problem = UINT32_C(1) << MXW_ALERT_PROBLEM,
		       following = UINT32_C(1) << MXW_ALERT_CHANGE | UINT32_C(1) << MXW_ALERT_RECOVERY |
				   UINT32_C(1) << MXW_ALERT_REMINDER | UINT32_C(1) << MXW_ALERT_FLAPPING;
	struct mxw_name_set set = { .key = "kind", .what = "kind of event" };
	enum mxw_alert_kind kinds[MXW_N_ALERT_KINDS];
	uint32_t ret = 0;
	for (unsigned kind = 0; kind < MXW_N_ALERT_KINDS; kind++) {
		if (kind == MXW_ALERT_TEST)
			continue;
		kinds[set.n] = (enum mxw_alert_kind)kind;
		set.names[set.n++] = mxw_alert_kind_name((enum mxw_alert_kind)kind);
	}
	uint64_t bits = mxw_config_read_name_set(reader, match, &set);
	for (size_t i = 0; i < set.n; i++)
		if (bits & UINT64_C(1) << i)
			ret |= UINT32_C(1) << kinds[i];
	if ((ret & following) && !(ret & problem))
		mxw_values_error(match, "kind", reader->diags,
				 "change, recovery, reminder and flapping go to who was told the problem, expected "
				 "problem, too");
	return ret;
}

static int read_labels(struct mxw_config_reader *reader, const struct mxw_values *match, struct mxw_route *route)
{
	struct mxw_domain_settings none = { 0 };
	int r = mxw_config_read_labels(reader, match, &none, &reader->config->arena);
	route->labels = none.labels;
	route->n_labels = none.n_labels;
	return r;
}

static bool is_empty(const struct mxw_values *values, const char *key)
{
	const struct mxw_value *value = mxw_values_get(values, key);
	return value->is_set && value->n == 0;
}

/* An empty list would match nothing: that is not what anybody means. */
static void refuse_empty(struct mxw_config_reader *reader, const struct mxw_values *match)
{
	static const char *const keys[] = { "severity", "check", "kind" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(keys); i++)
		if (is_empty(match, keys[i]))
			mxw_values_error(match, keys[i], reader->diags, "an empty list, expected at least one");
}

static int read_match(struct mxw_config_reader *reader, const struct mxw_node *node, const char *path,
		      struct mxw_route *route)
{
	struct mxw_values match;
	int r = mxw_values_init(&match, mxw_config_match_rows);
	if (r >= 0)
		r = mxw_values_read(&match, node, path, reader->diags);
	if (r >= 0) {
		refuse_empty(reader, &match);
		route->severities = read_severities(reader, &match);
		route->checks = read_checks(reader, &match);
		route->kinds = read_kinds(reader, &match);
		r = read_labels(reader, &match, route);
	}
	mxw_values_done(&match);
	return r;
}

static int read_route(struct mxw_config_reader *reader, const struct mxw_node *node, size_t index,
		      struct mxw_route *route)
{
	struct mxw_name_set notify = { .key = "notify", .what = "notifier" };
	struct mxw_values values;
	char path[48];
	for (; notify.n < reader->config->n_notifiers; notify.n++)
		notify.names[notify.n] = reader->config->notifiers[notify.n].name;
	snprintf(path, sizeof(path), "routes[%zu].", index);
	int r = mxw_values_init(&values, mxw_config_route_rows);
	if (r >= 0)
		r = mxw_values_read(&values, node, path, reader->diags);
	if (r >= 0) {
		route->notifiers = mxw_config_read_name_set(reader, &values, &notify);
		route->goes_on = mxw_values_get(&values, "continue")->boolean;
		snprintf(path, sizeof(path), "routes[%zu].match.", index);
		const struct mxw_node *match = mxw_values_get(&values, "match")->node;
		r = match ? read_match(reader, match, path, route) : 0;
	}
	mxw_values_done(&values);
	return r;
}

int mxw_config_read_routes(struct mxw_config_reader *reader, const struct mxw_values *top)
{
	struct mxw_config *config = reader->config;
	const struct mxw_node *node = mxw_values_list(top, "routes", reader->diags);
	int r = 0;
	if (!node || !node->n)
		return 0;
	if (node->n > MXW_MAX_ROUTES) {
		mxw_values_error(top, "routes", reader->diags, "a list of %zu routes, expected at most %d", node->n,
				 MXW_MAX_ROUTES);
		return 0;
	}
	config->routes = mxw_arena_alloc(&config->arena, node->n * sizeof(*config->routes));
	if (!config->routes)
		return -ENOMEM;
	for (; config->n_routes < node->n && r >= 0; config->n_routes++)
		r = read_route(reader, node->children[config->n_routes], config->n_routes,
			       &config->routes[config->n_routes]);
	return r;
}
