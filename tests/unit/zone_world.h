/* A small world of DNS records written as text; the language is described in zone_view.h. */
#pragma once

#include <stdint.h>

#include "lib/dns/answer.h"

struct zone_world;

struct zone_world *zone_world_read(const char *text); /* a bad line fails the test; free() */
/* One reference for the caller; NULL: no answer ever comes. */
struct mxw_answer *zone_world_answer(const struct zone_world *world, const char *name, uint16_t type);
