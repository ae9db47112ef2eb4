/* Routes: which notifiers get an event, by the domain's labels, the severity, the check and the kind.
 *
 * Routes decide who hears of a beginning: a problem (new or worse), a record change, a monitor event. Whoever heard of a
 * problem also hears how it goes on and that it is over, so that nobody is left with an open problem or hears the end
 * of one that he was never told (alerts.md A5); mxw_route_follow decides that. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/alert/alert.h"

struct mxw_route {
	const struct mxw_label *labels; /* the domain must have them all */
	size_t n_labels;
	uint32_t severities; /* bit of enum mxw_severity; 0: any */
	uint32_t checks;     /* bit i: the check of that index; 0: any */
	uint32_t kinds;      /* bit of enum mxw_alert_kind; 0: any */
	uint64_t notifiers;  /* bits */
	bool goes_on;        /* the routes below are looked at, too */
};

struct mxw_route_event {
	enum mxw_alert_kind kind;
	enum mxw_severity severity; /* the worse of from and to */
	size_t check_index;         /* ignored for monitor events */
	const struct mxw_label *labels;
	size_t n_labels;
};

/* The notifiers of the first route that matches, and of those below while they go on; `fallback` when none matches. A
 * monitor event is matched by routes that name its kind and by such as ask for no label, check or severity. */
uint64_t mxw_route_pick(const struct mxw_route *routes, size_t n, const struct mxw_route_event *event,
			uint64_t fallback);

/* Who gets an event of a domain: `picked` is what mxw_route_pick said of it, `told` who was told in this incident so far.
 * A problem goes to both, a reminder to those that are in both, everything else that follows to those that were told. */
uint64_t mxw_route_follow(enum mxw_alert_kind kind, uint64_t picked, uint64_t told);
