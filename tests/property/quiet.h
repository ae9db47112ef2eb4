/* Times in which nothing happens that could keep a key from being told: until when is all told that is so (alerts.md D2)? */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/property/condition.h"
#include "tests/property/trace.h"

/* A key, and such a time. */
struct quiet {
	const struct trace *trace;
	unsigned domain;
	enum plan_check check;
	size_t from, to;  /* moments */
	int64_t begin_ms; /* by then all that had been disturbed before has settled, and nothing mutes the key */
	enum condition condition; /* that enough resolvers agree on */
	unsigned n_agree;
	const struct plan_config *config;
};

/* The next quiet time of the key that begins with moment `from` or later; false when there is none. `trace`, `domain` and
 * `check` are the caller's. */
bool quiet_find(struct quiet *quiet, size_t from);

/* When all has to be told. A window of maintenance that is open before then moves the beginning to its end. */
int64_t quiet_due_ms(struct quiet *quiet);

/* The event is about the key, and no reminder. */
bool quiet_is_of(const struct quiet *quiet, const struct trace_event *event);
/* The last event of the key until then, and the last one that was told; NULL for none. */
const struct trace_event *quiet_find_last(const struct quiet *quiet, int64_t at_ms);
const struct trace_event *quiet_find_told(const struct quiet *quiet, int64_t at_ms);
/* What people believe after that event; it may be NULL. */
enum mxw_severity quiet_severity(const struct trace_event *told);
