/* Where a record belongs that a fix proposes, and for how long it may be cached.
 *
 * Nothing stands beside a CNAME (RFC 1034 3.6.2): what answers for an alias is at the end of its chain. Where that is not ours
 * the record belongs at the name itself, in place of the alias. */
#pragma once

#include <stdint.h>

#include "lib/dns/answer.h"
#include "lib/finding/finding.h"

struct mxw_place {
	const char *owner;
	const char *instead; /* "", or " ; in place of the CNAME" */
	unsigned ttl;        /* seconds */
};

/* The name whose records the answer shows: the end of its aliases, `name` without. `answer` may be NULL. */
const char *mxw_place_end(const char *name, const struct mxw_answer *answer);
/* The place of records of `name`, which is ours. */
struct mxw_place mxw_place_of(const char *name, const struct mxw_answer *answer);
/* What to publish: the largest TTL seen. A resolver tells what is left of it, so that a small one, or none, gives way to an
 * hour. */
unsigned mxw_place_ttl(const struct mxw_answer *answer);

/* {place}, {instead} and {ttl}; {at}: the end of the aliases, for a record to delete. */
void mxw_place_set(struct mxw_findings *findings, struct mxw_finding *finding, const char *name,
		   const struct mxw_answer *answer);
