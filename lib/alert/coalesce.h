/* Which of a stream's waiting messages a receiver can do without when too many wait (alerts.md 3, number 8).
 *
 * A stream is what one receiver gets about one key: problem (problem | change | reminder | flapping)* recovery, and messages
 * that stand apart from it, anywhere. Nobody knows how much of what waits has been received already (an acknowledgement may
 * be lost, the daemon killed before it was noted), so what stays is well-formed behind every beginning of what waited: the
 * newest message of the stream, and the last problem before it. So a receiver always hears of a key's last incident, and how
 * it stands; what lies before it may go. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/alert/alert.h"

/* What a message does to the stream of its key. */
enum mxw_stream_part {
	MXW_STREAM_OPENS,   /* may come at any place, and leaves a problem open */
	MXW_STREAM_GOES_ON, /* is about an open problem, which stays open */
	MXW_STREAM_ENDS,    /* is about an open problem, and closes it */
	MXW_STREAM_APART,   /* may come at any place and changes nothing */
};
enum mxw_stream_part mxw_alert_part(enum mxw_alert_kind kind, enum mxw_severity to);
/* From the names of both, as the store has them. An unknown kind stands apart. */
enum mxw_stream_part mxw_alert_part_named(const char *kind, const char *to);

struct mxw_coalesce_item {
	enum mxw_stream_part part;
	bool is_fixed;  /* under way or tried: stays */
	bool is_folded; /* the decision: the receiver will not get it. False before */
};

/* Folds what can be folded of the stream of one key, oldest first in `items`. What waits behind them may stay unlooked at.
 * Returns how many. The last item is never folded: it stands for those before it. */
size_t mxw_coalesce_stream(struct mxw_coalesce_item *items, size_t n);
/* The same for what stands apart: all but the newest, at most `max`, oldest first. Each of them says something that no other
 * one says, so they go last. */
size_t mxw_coalesce_apart(struct mxw_coalesce_item *items, size_t n, size_t max);
