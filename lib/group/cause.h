/* What may be the cause of a key's trouble: the subjects that its findings are about, other than the domain itself. */
#pragma once

#include "lib/base/arena.h"
#include "lib/group/group.h"
#include "lib/verdict/verdict.h"

/* Fills the findings of `ret`, whose domain and `to` are set, from a verdict: one for each confirmed entry that is as bad
 * as `to`, or, when `to` is what failing lookups have become, for each lookup that fails at somebody.
 *
 * A finding about a host, an address or another record has that as its root. One about the domain that is derived from
 * others (mx-all-dead) has the roots of those others that it cites, or, if it is critical
 * and no such is there, all that it cites. A failing lookup has the name that was asked for.
 * Everything else is the domain's own. Texts live in the arena or with the verdict. -ENOMEM */
int mxw_cause_find(const struct mxw_verdict *verdict, struct mxw_arena *arena, struct mxw_group_item *ret);
