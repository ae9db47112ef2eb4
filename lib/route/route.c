/* Routes; see route.h. */
#include "lib/route/route.h"

static bool is_in(uint32_t set, unsigned bit)
{
	return !set || set & UINT32_C(1) << bit;
}

static bool matches(const struct mxw_route *route, const struct mxw_route_event *event)
{
	if (!is_in(route->kinds, event->kind))
		return false;
	if (event->kind == MXW_ALERT_MONITOR && (route->kinds & UINT32_C(1) << MXW_ALERT_MONITOR))
		return true;
	if (event->kind == MXW_ALERT_MONITOR)
		return !route->n_labels && !route->checks && !route->severities;
	if (!is_in(route->severities, event->severity) || !is_in(route->checks, (unsigned)event->check_index))
		return false;
	for (size_t i = 0; i < route->n_labels; i++)
		if (!mxw_label_is_among(&route->labels[i], event->labels, event->n_labels))
			return false;
	return true;
}

uint64_t mxw_route_pick(const struct mxw_route *routes, size_t n, const struct mxw_route_event *event,
			uint64_t fallback)
{
	uint64_t notifiers = 0;
	bool has_matched = false;
	for (size_t i = 0; i < n; i++) {
		if (!matches(&routes[i], event))
			continue;
		has_matched = true;
		notifiers |= routes[i].notifiers;
		if (!routes[i].goes_on)
			break;
	}
	return has_matched ? notifiers : fallback;
}

uint64_t mxw_route_follow(enum mxw_alert_kind kind, uint64_t picked, uint64_t told)
{
	switch (kind) {
	case MXW_ALERT_PROBLEM:
		return picked | told;
	case MXW_ALERT_REMINDER:
		return picked & told;
	case MXW_ALERT_CHANGE:
	case MXW_ALERT_RECOVERY:
	case MXW_ALERT_FLAPPING:
		return told;
	default: /* no part of an incident */
		return picked;
	}
}
