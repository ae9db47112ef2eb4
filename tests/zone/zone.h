/* What a resolver says, as text: for each question a record, an outcome, or a denial. For tests of checks and scenarios.
 *
 *	example.com. 300 IN MX 10 a.example.com.	a record: A, AAAA, MX, CNAME, PTR, NS, TXT, TYPE99, and SOA with its minimum only
 *	b.example.com A SERVFAIL			what becomes of a question instead: any outcome word, or UNANSWERED;
 *							type * for every type of the name
 *
 * A name "*.example.com" stands for all names below that have no line of their own (RFC 4592). Aliases are followed. A
 * missing type is NODATA and a missing name NXDOMAIN, denied by the closest SOA above, else by the organisational domain
 * if it has records, else by the registry above that. */
#pragma once

#include <stdint.h>

#include "lib/dns/answer.h"

struct zone;

/* `like` (may be NULL): what the zone says too, but for names and types that `text` speaks of. NULL when a line is wrong:
 * the reason is on stderr, after `where`. */
struct zone *zone_new(const char *where, const struct zone *like, const char *text);
void zone_free(struct zone *zone); /* NULL passes */

/* One reference for the caller; NULL: no answer ever comes. */
struct mxw_answer *zone_answer(const struct zone *zone, const char *name, uint16_t type);
