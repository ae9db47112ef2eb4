/* What people told the monitor not to tell them: silences, acknowledgements; and tests of notifiers.
 *
 * What is changed is in the store before it holds. Functions return 0 or a negative errno of the store. */
#pragma once

#include "daemon/monitor/monitor.h"
#include "lib/mute/silence.h"

/* Borrowed until the next change. */
const struct mxw_mutes *mxw_monitor_mutes(const struct mxw_monitor *monitor);

/* Sets its id. -E2BIG: there are too many. */
int mxw_monitor_add_silence(struct mxw_monitor *monitor, struct mxw_silence *silence);
int mxw_monitor_remove_silence(struct mxw_monitor *monitor, uint64_t id);
int mxw_monitor_put_acks(struct mxw_monitor *monitor, const struct mxw_ack *acks,
			 size_t n); /* all or none; MXW_MAX_CHECKS at most */

/* The open incidents of a domain, by check; the domain's name must be canonical. Returns how many. */
struct mxw_monitor_incident {
	const char *check;
	enum mxw_severity severity;
	int64_t since_wall_ms;
};
size_t mxw_monitor_incidents(const struct mxw_monitor *monitor, const char *domain,
			     struct mxw_monitor_incident ret[MXW_MAX_CHECKS]);

/* Commits an event of kind test for one notifier of the configuration, by its index; `author` asked for it. */
int mxw_monitor_test_notifier(struct mxw_monitor *monitor, size_t notifier, const char *author,
			      char ret_id[MXW_ALERT_ID_MAX]);
