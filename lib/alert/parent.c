/* The table of parents; see parent.h. */
#include "lib/alert/parent.h"

#include <stddef.h>
#include <string.h>

#include "lib/base/util.h"

static const struct {
	const char *finding_id;
	bool explains_all; /* else only what rests on lookups */
} parents[] = {
	{ "mx-nxdomain", true }, /* no domain, no records */
	{ "dnssec-bogus", false },  { "dns-servfail", false },  { "dns-timeout", false },
	{ "dns-truncated", false }, { "dns-malformed", false }, { "dns-cname-loop", false },
};

const char *mxw_parent_explains(const char *finding_id, bool rests_on_lookups)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(parents); i++)
		if (strcmp(parents[i].finding_id, finding_id) == 0)
			return parents[i].explains_all || rests_on_lookups ? parents[i].finding_id : NULL;
	return NULL;
}
