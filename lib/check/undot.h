/* A final dot forgotten in a zone file: the server then puts the zone name behind the host name (RFC 1035 5.1). */
#pragma once

#include "lib/check/mx_host.h"
#include "lib/dns/name.h"
#include "lib/finding/severity.h"
#include "lib/observation/observation.h"

/* Asks whether the exchange without the zone name behind it is a host of its own. Only where that can be: the rest has
 * three labels, or two when the exchange itself has no address ("mail.eu.example.com" that works is no such case). */
void mxw_undot_ask(const char *domain, const struct mxw_mx_host *host, const struct mxw_observation *observation,
		   struct mxw_missing *missing);

/* Whether a dot was forgotten, and the name that was meant. */
enum mxw_vote mxw_undot_judge(const char *domain, const struct mxw_mx_host *host,
			      const struct mxw_observation *observation, char ret[MXW_NAME_TEXT_MAX]);
