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
		if ((at == names || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
	return false;
}

uint64_t mxw_monitor_find_notifiers(const struct mxw_config *config, const char *names)
{
	uint64_t ret = 0;
	for (size_t i = 0; i < config->n_notifiers; i++)
		if (has_name(names, config->notifiers[i].name))
			ret |= UINT64_C(1) << i;
	return ret;
}

void mxw_monitor_name_notifiers(const struct mxw_config *config, uint64_t notifiers, struct mxw_strbuf *ret)
{
	for (size_t i = 0; i < config->n_notifiers; i++)
		if (notifiers & UINT64_C(1) << i)
			mxw_strbuf_addf(ret, "%s%s", ret->len ? " " : "", config->notifiers[i].name);
}

/* The names from before, and those that get this event. */
static int note_names(const struct mxw_config *config, uint64_t notifiers, const char *before, struct told *told)
{
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

static uint64_t pick(const struct mxw_config *config, const struct mxw_domain_settings *settings,
		     const struct mxw_route_event *event)
{
	if (settings->has_own_notifiers)
		return settings->notifiers;
	return mxw_route_pick(config->routes, config->n_routes, event, settings->notifiers);
}

uint64_t mxw_monitor_problem_targets(const struct mxw_monitor *monitor, const struct mxw_domain_settings *settings,
				     const struct key *key, enum mxw_severity severity)
{
	const struct mxw_route_event event = { .kind = MXW_ALERT_PROBLEM,
					       .severity = severity,
					       .check_index = key->check_index,
					       .labels = settings->labels,
					       .n_labels = settings->n_labels };
	return pick(monitor->config, settings, &event);
}

/* `before`: who was told so far. Of what began before that was kept, or of which all who heard are gone, somebody must hear
 * the end. */
static uint64_t follow(const struct mxw_config *config, enum mxw_alert_kind kind, uint64_t picked, const char *before)
{
	uint64_t known = before ? mxw_monitor_find_notifiers(config, before) : 0;
	if (!before || (*before && !known))
		known = picked;
	return mxw_route_follow(kind, picked, known);
}

/* Whom the routes name, and those who were told before. */
static uint64_t choose(const struct mxw_config *config, const struct mxw_domain_settings *settings,
		       const struct key *key, const struct mxw_alert *alert)
{
	struct mxw_route_event event = { .kind = alert->kind,
					 .severity = alert->change ? alert->change->severity
								   : mxw_severity_worse(alert->from, alert->to),
					 .check_index = key->check_index,
					 .labels = settings->labels,
					 .n_labels = settings->n_labels };
	return follow(config, alert->kind, pick(config, settings, &event), key->told.notifiers);
}

int mxw_monitor_targets(struct mxw_monitor *monitor, const struct mxw_domain_settings *settings, const struct key *key,
			const struct mxw_alert *alert, struct told *told, uint64_t *ret)
{
	const struct mxw_config *config = monitor->config;
	bool silent = alert->muted_by || (alert->kind == MXW_ALERT_RECOVERY && !config->send_on_resolved);
	*ret = silent ? 0 : choose(config, settings, key, alert);
	if (alert->change) /* whoever hears of it has not heard of an incident */
		return 0;
	/* What nobody could hear because of a mute says nothing about who hears the rest. */
	bool is_unknown = !key->told.notifiers && silent;
	return is_unknown ? 0 : note_names(config, *ret, key->told.notifiers, told);
}

/* Of those who may get an event about the monitor itself, whom the routes name. */
static uint64_t pick_own(const struct mxw_config *config, uint64_t notifiers)
{
	const struct mxw_route_event event = { .kind = MXW_ALERT_MONITOR };
	uint64_t picked = mxw_route_pick(config->routes, config->n_routes, &event, UINT64_MAX);
	uint64_t routed = notifiers & picked;
	return routed || !picked ? routed : notifiers; /* the one of the route may be the one in trouble */
}

int mxw_monitor_own_targets(const struct mxw_monitor *monitor, uint64_t notifiers, bool is_over, const char *before,
			    struct told *told, uint64_t *ret)
{
	const struct mxw_config *config = monitor->config;
	enum mxw_alert_kind part = is_over ? MXW_ALERT_RECOVERY : MXW_ALERT_PROBLEM;
	bool silent = is_over && !config->send_on_resolved;
	*ret = silent ? 0 : follow(config, part, pick_own(config, notifiers), before);
	return is_over ? 0 : note_names(config, *ret, before, told);
}
