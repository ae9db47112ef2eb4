/* Who gets an event: routes, and who was told before; lib/route decides.
 *
 * Whom an incident was told to is kept by name: a reload may give the notifiers other places. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/monitor/internal.h"
#include "lib/route/route.h"

static bool has_name(const char *names, const char *name)
{
	size_t n = strlen(name);
	for (const char *at = names; (at = strstr(at, name)); at += n)
		if (at > names && at[-1] == ' ' && (at[n] == ' ' || !at[n]))
			return true;
	return false;
}

/* Those of the names that the configuration has. */
static uint64_t find_names(const struct mxw_config *config, const char *names)
{
	uint64_t ret = 0;
	for (size_t i = 0; i < config->n_notifiers; i++)
		if (has_name(names, config->notifiers[i].name))
			ret |= UINT64_C(1) << i;
	return ret;
}

/* The names from before, and those that get this event. */
static int note_names(const struct mxw_config *config, uint64_t notifiers, const char *before, struct told *told)
{
	if (!before && !notifiers)
		return 0;
	struct mxw_strbuf names = MXW_STRBUF_INIT;
	mxw_strbuf_adds(&names, before ? before : "");
	for (size_t i = 0; i < config->n_notifiers; i++)
		if (notifiers & UINT64_C(1) << i && !has_name(mxw_strbuf_get(&names), config->notifiers[i].name))
			mxw_strbuf_addf(&names, " %s", config->notifiers[i].name);
	char *text = mxw_strbuf_take(&names);
	if (!text)
		return -ENOMEM;
	free(told->notifiers);
	told->notifiers = text;
	return 0;
}

/* Whom the routes name, and those who were told before. */
static uint64_t choose(const struct mxw_config *config, const struct mxw_domain_settings *settings,
		       const struct key *key, const struct mxw_alert *alert)
{
	const char *before = key->told.notifiers;
	struct mxw_route_event event = { .kind = alert->kind,
					 .severity = mxw_severity_worse(alert->from, alert->to),
					 .check_index = key->check_index,
					 .labels = settings->labels,
					 .n_labels = settings->n_labels };
	uint64_t picked = settings->has_own_notifiers
				  ? settings->notifiers
				  : mxw_route_pick(config->routes, config->n_routes, &event, settings->notifiers);
	uint64_t known = before ? find_names(config, before) : 0;
	/* Of an incident from before this was kept, or of which all who heard are gone, somebody must hear the end. */
	if (!before || (*before && !known))
		known = picked;
	return mxw_route_follow(alert->kind, picked, known);
}

int mxw_monitor_targets(struct mxw_monitor *monitor, const struct mxw_domain_settings *settings, const struct key *key,
			const struct mxw_alert *alert, struct told *told, uint64_t *ret)
{
	const struct mxw_config *config = monitor->config;
	bool silent = alert->muted_by || (alert->kind == MXW_ALERT_RECOVERY && !config->send_on_resolved);
	*ret = silent ? 0 : choose(config, settings, key, alert);
	/* What nobody could hear because of a mute says nothing about who hears the rest. */
	bool is_unknown = !key->told.notifiers && silent;
	return is_unknown ? 0 : note_names(config, *ret, key->told.notifiers, told);
}

uint64_t mxw_monitor_own_targets(const struct mxw_monitor *monitor, uint64_t notifiers)
{
	const struct mxw_config *config = monitor->config;
	struct mxw_route_event event = { .kind = MXW_ALERT_MONITOR };
	uint64_t routed = notifiers & mxw_route_pick(config->routes, config->n_routes, &event, UINT64_MAX);
	return routed ? routed : notifiers; /* the one of the route may be the one in trouble */
}
