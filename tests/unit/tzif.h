/* TZif files made by hand, for the tests of time zones. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/mute/zone.h"

struct tzif {
	char version;            /* '\0', '2' or '3' */
	const int64_t *at;       /* transitions */
	const uint8_t *types_at; /* the type that begins there */
	size_t n_times;
	const int32_t *offsets; /* of the types */
	size_t n_types;
	const char *footer; /* without its line ends */
	uint32_t n_leap;    /* only the count is written */
};

enum { TZIF_MAX = 4096 };
size_t tzif_write(unsigned char ret[TZIF_MAX], const struct tzif *file);

/* A zone without transitions and with that rule; `arena` keeps it. Fails the test if it cannot be read. */
void tzif_zone(struct mxw_zone *ret, const char *rule, struct mxw_arena *arena);
