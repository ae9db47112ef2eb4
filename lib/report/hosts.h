/* The mail hosts of a domain as one resolver sees them: names, addresses, reverse names. Read from the answers of a round,
 * for the lines that show a person what was looked at. */
#pragma once

#include "lib/base/strbuf.h"
#include "lib/round/round.h"

enum { MXW_HOSTS_MAX_SHOWN = 10 }; /* hosts in a report; nobody reads more */

/* "10 mx1.example.com (192.0.2.1, 2001:db8::1), 20 ..." by the first resolver that has an MX set; nothing for none. */
void mxw_report_hosts(const struct mxw_round *round, struct mxw_strbuf *ret);

/* "3 of 3 addresses lead back" for the same hosts; nothing if no reverse name was asked for. */
void mxw_report_reverse(const struct mxw_round *round, struct mxw_strbuf *ret);
