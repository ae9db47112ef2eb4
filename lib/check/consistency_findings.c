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
	[MXW_CONSISTENCY_PROPAGATING] = {
		.id = "cons-propagating", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 1, .rfc = "RFC 1034 3.6, RFC 2308 5",
		.message = "{what} of {name}: {progress}; {advice}",
		.symptom = "some senders still see the old records, the others the new ones",
		.reproduce = "dig {name} {qtype}", .fix = "; nothing to publish: wait until {until}{keep}",
		.doc = "A record set has changed at its name servers, and copies of the old one may still be in caches. Each copy lives "
		       "for its TTL and no longer: the last one expires that long after the last name server gave it. Resolvers "
		       "that show the old set until then are right, and nobody is alerted; what is wrong with the new set itself "
		       "is told at once.",
	},
	[MXW_CONSISTENCY_STALE_RESOLVER] = {
		.id = "cons-stale-resolver", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 8767 5, RFC 2181 8",
		.message = "{resolvers} still {gives} {old} for {name} {qtype}, {dur} after the last copy of it expired{how}",
		.symptom = "senders behind such a resolver use the old records", .reproduce = "dig {name} {qtype}",
		.fix = "; let the operator of {resolvers} flush {name} {qtype}\n; until then the old records are in use{keep}",
		.doc = "A resolver shows a record set that no name server of the zone gives any more, and every copy that kept to its "
		       "TTL is gone, with a minute or a tenth more: twice, freshly asked. It serves expired data (RFC 8767), "
		       "stretches TTLs, or asks servers of a former delegation.",
	},
	[MXW_CONSISTENCY_SPLIT] = {
		.id = "cons-split", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 2181 5",
		.message = "resolvers disagree on {what} of {name} since {since}: {partition}",
		.symptom = "what a sender sees depends on the resolver it asks", .reproduce = "dig {name} {qtype}",
		.fix = "; have the name servers of the zone asked too: they tell which of the sets is right\n"
		       "; look for answers that depend on who asks: split DNS, answers by place",
		.doc = "Resolvers have shown different record sets for longer than twice the largest TTL that was seen, so caches do not "
		       "explain it. No name server of the zone was asked, or none answered: nobody knows which set is right.",
	},
	[MXW_CONSISTENCY_ALIEN_ANSWER] = {
		.id = "cons-alien-answer", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 3, .rfc = "RFC 5452, RFC 8914",
		.message = "{resolvers} {gives} {new} for {name} {qtype}, which no name server of the zone gives or gave: there it is {current}",
		.symptom = "mail may go to a host that is not yours", .reproduce = "dig {name} {qtype};dig {name} {qtype} +norec @{address}",
		.fix = "; look for a filter, a forged answer or a former delegation at {resolvers}\n"
		       "; sign the zone: resolvers that validate then refuse what is not yours (DNSSEC)",
		.doc = "A resolver has shown a record set twice that none of the zone's name servers gives and that none has given while "
		       "they were watched. Critical for MX where two resolvers do so with copies that were fetched meanwhile. Addresses "
		       "of names outside the zone do not count: those may depend on who asks.",
	},
	[MXW_CONSISTENCY_AUTH_DISAGREE] = {
		.id = "cons-auth-disagree", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 1034 4.3.5",
		.message = "name servers of {zone} give different {what} records for {name} since {since}: {partition}",
		.symptom = "what a sender sees depends on the name server that its resolver asks",
		.reproduce = "dig {name} {qtype} +norec @{address};dig {name} {qtype} +norec @{other_address}",
		.fix = "; have {late} transfer the zone: see NOTIFY, the transfer ACL and TSIG there\n"
		       "; raise the serial of the SOA of {zone}, so that secondaries see that there is something new",
		.doc = "Delegated name servers answer with authority and differ. With the same SOA serial, or where none is known, that is "
		       "told after two rounds; where the serial says that a server is behind, after twice refresh + retry. Critical, "
		       "and at once after two rounds, where one of them denies the MX records that another one has.",
	},
	[MXW_CONSISTENCY_SERIAL] = {
		.id = "cons-serial", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 1982 3.2, RFC 1034 4.3.5",
		.message = "SOA serial of {zone} differs: {serials}", .symptom = "", .reproduce = "dig +nssearch {zone}",
		.fix = "; have {late} transfer the zone: see NOTIFY, the transfer ACL and TSIG there",
		.doc = "The name servers of the zone have different versions of it. For a while after a change that is as it must be; it is "
		       "a warning when a server has made no progress for refresh + retry of the SOA.",
	},
	[MXW_CONSISTENCY_SERIAL_BACKWARD] = {
		.id = "cons-serial-backward", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 3, .rfc = "RFC 1982 3.2, RFC 1912 2.2",
		.message = "SOA serial of {zone} went back from {old} to {new} at {server}",
		.symptom = "secondaries take the zone that they have for the newer one and never update it",
		.reproduce = "dig {zone} SOA;dig {zone} SOA +norec @{address}",
		.fix = "; set the serial to {next}\n; for one before that, go there in two steps, and wait in between until every name server has followed (RFC 1982 7)",
		.doc = "A name server gives a SOA serial that is smaller, by the arithmetic of serials, than one it gave before. It ends when "
		       "it has passed that one again, or when all name servers have agreed on the new one for refresh + retry.",
	},
	[MXW_CONSISTENCY_NEGTTL_HIGH] = {
		.id = "cons-negttl-high", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 3, .rfc = "RFC 2308 5",
		.message = "the negative TTL of {zone} is {ttl} s: a name or record that was asked for too early stays absent that long",
		.symptom = "", .reproduce = "dig {zone} SOA",
		.fix = "; set the last number of the SOA of {zone} to 300 to 3600 seconds",
		.doc = "Denials are kept for the smaller of the SOA's TTL and its last field. More than an hour makes each record that was "
		       "missing for a moment missing for long.",
	},
	[MXW_CONSISTENCY_CHANGE_UNREADY] = {
		.id = "cons-change-unready", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 1912 2.2",
		.message = "the {what} records of {domain} are to change at {time}, but caches keep the old ones past that: {why}",
		.symptom = "for so long after the change some senders use the old records", .reproduce = "dig {domain} {qtype}",
		.fix = "{lines}\n; {publish}change the records at {ready} or later",
		.doc = "A planned change (`expect`) begins before copies of the present records have expired, and their TTL is more than ten "
		       "minutes. With a TTL that was lowered one old TTL before the change, the change takes effect at once.",
	},
	MXW_LOOKUP_ROWS,
	{ 0 },
};
