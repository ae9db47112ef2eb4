/* What may be so with a domain: what a resolver says then, and what is to be told of it (findings.md 5, 8, 9.1). */
#pragma once

#include <stdbool.h>

#include "lib/base/strbuf.h"
#include "lib/finding/severity.h"
#include "tests/property/plan.h"

enum condition {
	GOOD,
	NO_MX,     /* the MX records are gone */
	DEAD_HOST, /* its only mail host has no address */
	LOST_HOST, /* and that is the same one for all domains that are in this condition */
	HALF_DEAD, /* one of two has none */
	NO_SPF,
	GONE,    /* the domain does not exist */
	FAILING, /* its name servers fail */
	BOGUS,   /* its signatures are wrong */
	EVIL,    /* its SPF record is broken, and would break lines and terminals */
	N_CONDITIONS,
};

struct condition_row {
	const char *name;
	enum mxw_severity severity[PLAN_N_CHECKS]; /* UNKNOWN: nothing can be known */
	const char *findings[PLAN_N_CHECKS];       /* ids that say so, each between blanks */
	bool explains_rest; /* what the other checks see has the cause that mx tells: of them nothing is told */
	bool hides_rest; /* nobody knows whether something else that is as bad is over or not: what was told of it stays */
	const char *zone; /* what is other than in a good one: "@" stands for the domain, "$" for the TTL */
};
extern const struct condition_row condition_rows[N_CONDITIONS];

/* Lines of tests/zone/zone.h: all domains of the plan as they should be, */
void condition_add_good_zone(struct mxw_strbuf *ret, const struct plan *plan);
/* and what is other than that when domain i is in condition says[i]. */
void condition_add_zone(struct mxw_strbuf *ret, const struct plan *plan, const uint8_t *says);
