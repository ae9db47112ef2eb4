/* Time zones from TZif files (RFC 9636, of RFC 8536): what local clocks show at an instant, and when they show a time.
 *
 * Pure: the caller brings the file's bytes, which are treated as hostile. No tzset(), no environment. Zones that count
 * leap seconds ("right/...") are refused, because the wall clock does not. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/mute/rule.h"

enum {
	MXW_ZONE_MAX_BYTES = 64 * 1024, /* real files have at most some 4 kB */
	MXW_ZONE_MAX_TRANSITIONS = 2000,
	MXW_ZONE_NAME_MAX = 64,
};

struct mxw_zone {
	const char *name;
	const int64_t *at;         /* ascending: UTC seconds at which offsets[i] begins */
	const int32_t *offsets;    /* seconds east of UTC */
	size_t n;                  /* 0 for UTC */
	int32_t first;             /* offset before at[0] */
	struct mxw_zone_rule rule; /* after the last of them */
	bool has_rule;
};

/* A name such as Europe/Berlin that cannot lead out of the folder: parts of letters, digits, "_", "+" and "-", one "/"
 * between them. */
bool mxw_zone_is_name(const char *name);
/* UTC has no file. */
bool mxw_zone_is_utc(const char *name);
void mxw_zone_init_utc(struct mxw_zone *zone, const char *name); /* the name is borrowed */

/* What lasts goes to `arena`; the name is borrowed. 0, -EINVAL for what is no TZif file of a zone, -ENOMEM. */
int mxw_zone_parse(struct mxw_zone *ret, const char *name, const void *bytes, size_t n, struct mxw_arena *arena);

/* Seconds east of UTC at an instant. */
int32_t mxw_zone_offset(const struct mxw_zone *zone, int64_t utc_s);

/* The instants of a local time, given in seconds as if it were UTC. Clocks that are put forward skip some, and show some
 * twice when they are put back: _begin is the first instant at which they show `local_s` or later, _end the instant
 * after the last at which they show less than `local_s`. So what lasts from one local time to another never opens twice
 * and leaves out nothing between. Two changes of a zone within two days are not told apart. */
int64_t mxw_zone_begin(const struct mxw_zone *zone, int64_t local_s);
int64_t mxw_zone_end(const struct mxw_zone *zone, int64_t local_s);
