/* The findings of the check consistency; see consistency_findings.h. */
#include "lib/check/consistency_findings.h"

#include "lib/check/lookup_rows.h"

const struct mxw_finding_def mxw_consistency_findings[] = {
	[MXW_CONSISTENCY_EXPECT] = {
		.id = "cons-expect", .severity = MXW_CRITICAL, .kind = MXW_KIND_ABSENCE, .tier = 2, .rfc = "",
		.message = "{owner} has other {what} records than expected: {diff}{plan}",
		.symptom = "none where the other records work as well; else {effect}",
		.reproduce = "dig {name} {qtype}",
		.fix = "{lines}\n; if the change was meant, expect in the configuration needs {setting}",
		.doc = "The records are not those that `expect` of the domain pins, order, TTL and letter case aside: critical for MX, SPF "
		       "and NS, a warning for PTR. A lookup that fails says nothing about them. During a planned change the old set and "
		       "the new one are both right, each as a whole; after its deadline only the new one.",
	},
	[MXW_CONSISTENCY_CHANGED] = {
		.id = "cons-changed", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 1, .rfc = "RFC 2181 5",
		.message = "{what} of {domain} changed: {old} -> {new}",
		.symptom = "none by itself: senders see the old records or the new ones until the TTL of the old ones has passed",
		.reproduce = "dig {name} {qtype}", .fix = "; if nobody meant to change it, {restore}",
		.doc = "A watched record set (`notify_changes`) is not what it was: a quorum of resolvers sees the same new set, order "
		       "and TTL aside. Told once, as an event of the kind record-change; it is no problem, so nothing recovers.",
	},
	MXW_LOOKUP_ROWS,
	{ 0 },
};
