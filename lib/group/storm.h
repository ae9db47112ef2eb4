/* The limit of messages for one notifier. Pure.
 *
 * A bucket that holds as many messages as may go out in a minute and fills up evenly. What would begin while it is empty
 * is folded into the notifier's storm group (group.h), which says what is withheld; what ends or eases a problem that was
 * told, and what groups and the monitor itself say, is never withheld and counts all the same. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct mxw_storm {
	unsigned per_minute; /* 0: no limit */
	int64_t level;       /* thousandths of a message that may go; below zero after what is never withheld */
	int64_t filled_ms;
};

void mxw_storm_init(struct mxw_storm *storm, unsigned per_minute, int64_t now_ms); /* full */
bool mxw_storm_is_limited(struct mxw_storm *storm, int64_t now_ms);                /* no message may begin now */
void mxw_storm_count(struct mxw_storm *storm, int64_t now_ms);                     /* one goes out */
