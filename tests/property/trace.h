/* What has happened when a plan was played: the moments of the world, what the daemon stored, when it asked. The receipts
 * are in world.inbox. All times are true ones, in ms from the beginning of the world, whatever the clocks showed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/finding/severity.h"
#include "tests/property/plan.h"

/* How the world is from one deed to the next. */
struct moment {
	int64_t at_ms;           /* when it begins; it ends with the next one. DEED_SUSPEND: with the sleep */
	const struct deed *deed; /* that has brought it about; NULL for the first moment */
	int64_t wall_offset_ms;  /* what the wall clock has been stepped by so far */
	const struct plan_config *config;
	bool is_alive, is_disk_full;
	uint8_t says[PLAN_MAX_RESOLVERS][PLAN_MAX_DOMAINS]; /* enum condition */
	uint8_t failure[PLAN_MAX_RESOLVERS];                /* enum mxw_outcome; 0: it works */
	bool lies[PLAN_MAX_RESOLVERS];
	uint8_t receivers[PLAN_MAX_NOTIFIERS]; /* enum receiver_mode */
};

enum { TRACE_ID_MAX = 64, TRACE_WORD_MAX = 40, TRACE_MAX_FINDINGS = 8 };

struct trace_finding {
	char id[TRACE_WORD_MAX];
	enum mxw_severity severity;
	uint32_t yes; /* bit i: resolver i */
};

/* A row of the store's table of events. */
struct trace_event {
	char id[TRACE_ID_MAX];
	char kind[TRACE_WORD_MAX], muted_by[TRACE_WORD_MAX];
	char domain[TRACE_WORD_MAX], check[TRACE_WORD_MAX]; /* domain "": of the monitor; check is the subject then */
	unsigned domain_number;                             /* PLAN_ALL: none of the plan's */
	enum plan_check check_number;
	enum mxw_severity from, to;
	int64_t seq;
	unsigned reminder;
	bool is_low;  /* its confidence */
	bool is_late; /* decided earlier than it could be stored, nobody knows when */
	int64_t at_ms;
	size_t moment; /* in which it was decided */
	struct trace_finding findings[TRACE_MAX_FINDINGS];
	size_t n_findings;
};

/* A domain's round begins. */
struct trace_round {
	int64_t at_ms;
	size_t moment;
	unsigned domain;
};

/* A resolver has asked a zone anew for something of the domain; before, it gave what it had. */
struct trace_fetch {
	int64_t at_ms;
	unsigned resolver, domain;
};

struct trace_silence {
	size_t from, until; /* moments: added; removed by hand, SIZE_MAX if never */
	int64_t until_wall_ms;
	unsigned domain, check; /* PLAN_ALL: every one */
};

/* A row of the store's table of deliveries, as it is in the end. */
struct trace_delivery {
	char event_id[TRACE_ID_MAX], notifier[PLAN_NAME_MAX];
	int status; /* as in daemon/store: 0 pending, 1 delivered, 2 parked, 3 expired */
};

/* What the store has in the end beside events and deliveries. */
struct trace_rest {
	int64_t n_incidents; /* open ones, of domains */
	int64_t n_places;    /* keys that the groups know */
	int64_t n_causes;    /* groups whose end was not told */
	int64_t n_acks;
};

struct trace {
	const struct plan *plan;
	struct moment moments[PLAN_MAX_DEEDS + 1];
	size_t n_moments;
	struct trace_event *events; /* in the order of their storing, as far as that is known */
	size_t n_events;
	struct trace_round *rounds;
	size_t n_rounds;
	struct trace_fetch *fetches;
	size_t n_fetches;
	struct trace_silence silences[PLAN_MAX_DEEDS];
	size_t n_silences;
	struct trace_delivery *deliveries; /* all that the store has in the end */
	size_t n_deliveries;
	struct trace_rest rest;
	int64_t end_ms;
	bool agrees;       /* the store and the receipts: ledger.h */
	char problem[256]; /* what went wrong in playing: the daemon refused to start or to reload; "": nothing */
};

/* Plays a plan, from the beginning of a world to the last stop of the daemon. The world is there until play_done. */
void play(struct trace *ret, const struct plan *plan);
void play_done(struct trace *trace);

/* The wall clock at a time of that moment. */
int64_t trace_wall_ms(const struct trace *trace, size_t moment, int64_t at_ms);
/* When a moment ends. */
int64_t trace_end_of(const struct trace *trace, size_t moment);

/* harvest.c. Takes over what is new in the database in `dir`: it was decided in the last moment of the trace, since the last
 * harvest at `since_ms`. */
void trace_harvest(struct trace *trace, const char *dir, int64_t since_ms);
void trace_harvest_end(struct trace *trace, const char *dir, int64_t since_ms); /* and what there is beside events */
