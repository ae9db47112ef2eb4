/* Watched record sets in the monitor: shared by records.c and record_events.c. */
#pragma once

#include "daemon/monitor/internal.h"
#include "lib/records/records.h"

enum {
	N_WATCHED_TYPES = MXW_RECORD_PTR, /* those before it can be watched */
	ALL_WATCHED_TYPES = MXW_RECORD_BIT(N_WATCHED_TYPES) - 1,
};

/* The sets of one domain; made with the first round that compares them. */
struct records {
	struct watched *watched;
	struct records *next, **link; /* in monitor->unsaved_records, while anything is unsaved */
	unsigned unsaved;             /* types whose confirmed sets the store does not have yet */
	struct mxw_records_track tracks[N_WATCHED_TYPES];
};

/* Sets that are not watched any more and are still in the store. */
struct gone_records {
	struct gone_records *next;
	unsigned types;
	char domain[];
};

/* records.c: after the commit; takes the set over. */
void mxw_records_take_over(struct records *records, enum mxw_record_type type, char *set);

/* record_events.c */
/* The configuration has turned the finding of changes off. */
bool mxw_watched_hides_changes(const struct watched *watched);
/* Queues the event of a change to the vote's set, unless one of the key waits for its commit: then a later round does. */
int mxw_watched_tell_change(struct watched *watched, const struct mxw_round *round, enum mxw_record_type type,
			    const struct mxw_records_vote *vote);
