/* The rows of the monitor's own troubles; see findings.h. The daemon fills: {resolvers} what each of them does, {name} and
 * {type} a canary, {probe} a name that cannot exist, {outcome} what became of the canary, {what} mxw_health_what. */
#include "lib/health/findings.h"

#include <assert.h>
#include <string.h>

#include "lib/base/util.h"

/* In the order of enum mxw_trouble, less NONE. */
const struct mxw_finding_def mxw_health_findings[] = {
	{ .id = "mon-resolver-down",
	  .severity = MXW_WARNING,
	  .tier = 2,
	  .rfc = "RFC 1034 5.2.3",
	  .message = "resolver {resolver} does not answer its canaries ({outcome}); it has no vote",
	  .reproduce = "dig {name} {type}",
	  .fix = "see whether {resolver} is up, and reachable from here on UDP and TCP port 53\n"
		 "list another resolver in its place under resolvers",
	  .doc = "A resolver has failed every canary for resolver_down_after while enough others answered theirs. Its "
		 "vote is missing, so that less is needed for the next failure to blind the monitor. It ends after "
		 "two good ticks." },
	{ .id = "mon-resolver-refused",
	  .severity = MXW_WARNING,
	  .tier = 2,
	  .rfc = "RFC 1035 4.1.1",
	  .message = "resolver {resolver} {what}",
	  .reproduce = "dig {name} {type}",
	  .fix = "let this host in by the access list of {resolver}\n"
		 "ask it less: lower max_qps of {resolver}, or a longer interval\n"
		 "list another resolver in its place under resolvers",
	  .doc = "A resolver answered REFUSED to every canary, or to more than half of the questions about domains, "
		 "two "
		 "ticks in a row: an access list, or a limit of rate. REFUSED says nothing about any domain. It ends "
		 "after "
		 "two good ticks." },
	{ .id = "mon-resolver-filter",
	  .severity = MXW_WARNING,
	  .tier = 3,
	  .rfc = "RFC 6761 6.4, RFC 8914 4.16 to 4.19",
	  .message = "resolver {resolver} {what}",
	  .reproduce = "dig {probe} A;dig {name} {type}",
	  .fix = "turn off the filter, or the rewriting of NXDOMAIN, at {resolver}; many operators have an address "
		 "without\n"
		 "list another resolver in its place under resolvers",
	  .doc = "A resolver had an answer for a random name under .invalid, which cannot exist, or said itself that "
		 "it filters. Such answers would hide a name that is gone, and invent names that are not. The vote "
		 "is lost with the first such tick, it is told with the second. It ends after two good ticks." },
	{ .id = "mon-blind",
	  .severity = MXW_CRITICAL,
	  .tier = 2,
	  .rfc = "RFC 1034 5.2.3",
	  .message = "monitor cannot resolve its canaries ({resolvers}); all domain states are held",
	  .reproduce = "dig {name} {type}",
	  .fix = "see to the network of this host: route, firewall, UDP and TCP port 53 to its resolvers\n"
		 "list resolvers that can be reached from here under resolvers",
	  .doc = "Fewer resolvers than the quorum answered their canaries, for two ticks. No domain is judged, and "
		 "nothing is told about any, until they do again for two ticks: what is seen through a broken "
		 "network is the network." },
	{ 0 },
};
_Static_assert(MXW_ARRAY_SIZE(mxw_health_findings) == MXW_TROUBLE_BLIND + 1, "one row a trouble");

const struct mxw_finding_def *mxw_health_finding(enum mxw_trouble trouble)
{
	assert(trouble > MXW_TROUBLE_NONE && trouble <= MXW_TROUBLE_BLIND);
	return &mxw_health_findings[trouble - 1];
}

enum mxw_trouble mxw_health_trouble(const char *finding_id)
{
	for (enum mxw_trouble trouble = MXW_TROUBLE_DOWN; trouble <= MXW_TROUBLE_BLIND; trouble++)
		if (strcmp(mxw_health_finding(trouble)->id, finding_id) == 0)
			return trouble;
	return MXW_TROUBLE_NONE;
}

const struct mxw_finding_def *mxw_health_find_finding(const char *id)
{
	enum mxw_trouble trouble = mxw_health_trouble(id);
	return trouble ? mxw_health_finding(trouble) : NULL;
}
