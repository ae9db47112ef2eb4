/* The questions whose answers tell whether a watched record has changed (`notify_changes`). Nothing is judged by them: who
 * watches compares the confirmed answers of rounds. */
#pragma once

#include <stdbool.h>

#include "lib/observation/observation.h"
#include "lib/target/target.h"

/* The MX host is the domain's own, so that its addresses are the domain's records too: it has the same organisational
 * domain. Where its provider puts a host of his is not the domain's change. */
bool mxw_watched_has_host(const struct mxw_target *target, const char *host);

/* Asks what `watched_types` needs: MX, TXT, NS of the domain; for ADDRESS the MX records, then A and AAAA of the domain's
 * own hosts among them. */
void mxw_watched_ask(const struct mxw_target *target, const struct mxw_observation *observation,
		     struct mxw_missing *missing);
