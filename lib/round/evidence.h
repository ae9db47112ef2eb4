/* The resolvers and name servers behind a verdict, and since when they can say what they say: what lib/state needs to tell a repeat from the
 * same cached answer from independent evidence (findings.md 4.7). */
#pragma once

#include "lib/round/round.h"
#include "lib/state/state.h"

/* Fills `about` and returns the sources of a judged check: for a problem the views that see its first finding, with the
 * answers that the finding cites; for an OK those with usable answers to the domain's own questions. A resolver's
 * number is its index, for the caller to put a lasting one in its place; a server's is made of its name (`is_server`).
 * None for UNKNOWN. */
size_t mxw_round_sources(const struct mxw_round *round, size_t check, struct mxw_source ret[static MXW_MAX_SOURCES],
			 uint32_t *ret_about);

/* The zone's servers, all that can tell, confirm the problem that decides the verdict. */
bool mxw_round_is_authoritative(const struct mxw_round *round, size_t check);
