/* The findings of the check mx; see mx_findings.h. A fix that begins with ';' is a record to delete. */
#include "lib/check/mx_findings.h"

#include "lib/check/lookup_rows.h"

const struct mxw_finding_def mxw_mx_findings[] = {
	[MXW_MX_OK] = {
		.id = "mx-ok", .severity = MXW_OK, .kind = MXW_KIND_SET, .tier = 1, .rfc = "RFC 5321 5.1",
		.message = "{domain}: {usable} of {n} MX hosts usable", .symptom = "", .reproduce = "dig {domain} MX", .fix = "",
		.doc = "At least one MX host can be reached by mail and nothing is wrong with the MX records. Kept as a positive "
		       "statement so that a recovery can be proven.",
	},
	[MXW_MX_NONE] = {
		.id = "mx-none", .severity = MXW_CRITICAL, .kind = MXW_KIND_ABSENCE, .tier = 1, .rfc = "RFC 5321 5.1, RFC 2308 2.2",
		.message = "{domain} has no MX and no address record: mail to it cannot be delivered",
		.symptom = "B-NODATA; B-SENDER; caches remember the absence for {neg_ttl}",
		.reproduce = "dig {domain} MX;dig {domain} A;dig {domain} AAAA",
		.fix = "{place}. 3600 IN MX 10 {cand}.{instead}{edit}\n{place}. 3600 IN MX 0 .{instead} ; if the domain receives no mail",
		.doc = "The name exists, but it has neither MX nor A nor AAAA records, each proven absent, so a sender has no host to "
		       "turn to. With `receive: no` this is as it should be.",
	},
	[MXW_MX_NXDOMAIN] = {
		.id = "mx-nxdomain", .severity = MXW_CRITICAL, .kind = MXW_KIND_ABSENCE, .tier = 1, .rfc = "RFC 5321 5.1, RFC 8020 2",
		.message = "{domain} does not exist in DNS ({denial})", .symptom = "B-NX; B-SENDER",
		.reproduce = "dig {domain} SOA;dig +trace {domain} NS",
		.fix = "{org}. 172800 IN NS <name-server>. ; denied by the registry's zone: renew the registration, restore the "
		       "delegation\n{place}. 3600 IN MX 10 {cand}.{instead} ; denied by your own zone: publish the name again",
		.doc = "The MX lookup ends in NXDOMAIN without any alias: the name does not exist, and mail to and from it is "
		       "rejected. Which zone denies the name tells who must act: the registry's (not delegated, expired, on hold) or "
		       "your own (the name was deleted).",
	},
	[MXW_MX_IMPLICIT] = {
		.id = "mx-implicit", .severity = MXW_WARNING, .kind = MXW_KIND_ABSENCE, .tier = 1, .rfc = "RFC 5321 5.1",
		.message = "{domain} has no MX; senders fall back to its address {ip}", .symptom = "B-CONN; B-RELAY",
		.reproduce = "dig {domain} MX;dig {domain} {addrtype}", .fix = "{place}. 3600 IN MX 10 {cand}.{instead}{edit}",
		.doc = "MX is proven absent while the domain has an address, so senders deliver to that address (the implicit MX). "
		       "Usually that is a web server, which refuses the mail or does not listen for it.",
	},
	[MXW_MX_NULL] = {
		.id = "mx-null", .severity = MXW_OK, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7505 3",
		.message = "{domain} declares that it accepts no mail (null MX)", .symptom = "B-NULL", .reproduce = "dig {domain} MX",
		.fix = "",
		.doc = "The only MX record names the root with preference 0: the domain says that it accepts no mail, and senders "
		       "tell their users at once. This is the right record for a domain without mail.",
	},
	[MXW_MX_NULL_UNEXPECTED] = {
		.id = "mx-null-unexpected", .severity = MXW_CRITICAL, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7505 3, 4.1",
		.message = "{domain} is configured to receive mail but publishes a null MX", .symptom = "B-NULL",
		.reproduce = "dig {domain} MX", .fix = "{place}. 3600 IN MX 10 {cand}.{instead}{edit}",
		.doc = "A null MX is published for a domain that is watched with `receive: yes`. All mail to it bounces at once, "
		       "without another try.",
	},
	[MXW_MX_NULL_MIXED] = {
		.id = "mx-null-mixed", .severity = MXW_CRITICAL, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7505 3",
		.message = "{domain} mixes a null MX with other MX records ({n} in all): Postfix senders bounce everything",
		.symptom = "B-NULL", .reproduce = "dig {domain} MX", .fix = "; delete {at}. {ttl} IN MX {pref} .",
		.doc = "Among two or more MX records at least one names the root. A null MX must stand alone: some senders then bounce "
		       "all mail for the domain, others ignore the odd record.",
	},
	[MXW_MX_NULL_NONZERO] = {
		.id = "mx-null-nonzero", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7505 3",
		.message = "the null MX of {domain} has preference {pref}, it must be 0", .symptom = "B-NULL",
		.reproduce = "dig {domain} MX", .fix = "{place}. 3600 IN MX 0 .{instead}",
		.doc = "The only MX record names the root, but not with preference 0. Not every sender takes that for a null MX: some "
		       "look for addresses of the root and keep the mail in the queue.",
	},
	[MXW_MX_NULL_BUT_SENDS] = {
		.id = "mx-null-but-sends", .severity = MXW_WARNING, .kind = MXW_KIND_SET, .tier = 2, .rfc = "RFC 7505 4.2, RFC 7208 10.1",
		.message = "{domain} sends mail but refuses all replies and bounces", .symptom = "B-SENDER",
		.reproduce = "dig {domain} MX;dig {domain} TXT",
		.fix = "{place}. 3600 IN MX 10 {cand}.{instead}{edit}\n{place}. 3600 IN TXT \"v=spf1 -all\"{instead} ; if the domain sends no mail",
		.doc = "The domain has a null MX, yet its SPF record authorises senders or it is watched with `send: yes`. Receivers "
		       "may reject mail from a domain that cannot take the bounce.",
	},
	[MXW_MX_NULL_RECOMMENDED] = {
		.id = "mx-null-recommended", .severity = MXW_INFO, .kind = MXW_KIND_SET, .tier = 2, .rfc = "RFC 7505 1",
		.message = "{domain} receives no mail; a null MX makes that explicit",
		.symptom = "mistyped addresses bounce only after 4 to 5 days in the sender's queue", .reproduce = "dig {domain} MX",
		.fix = "{place}. 3600 IN MX 0 .{instead}\n{place}. 3600 IN TXT \"v=spf1 -all\"{instead} ; if it sends none either",
		.doc = "The domain is watched with `receive: no` and publishes no MX record. With a null MX senders learn at once that "
		       "there is no mail here.",
	},
	[MXW_MX_UNEXPECTED] = {
		.id = "mx-unexpected", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7505 3",
		.message = "{domain} is declared to receive no mail but has the MX {mx}", .symptom = "",
		.reproduce = "dig {domain} MX", .fix = "{place}. 3600 IN MX 0 .{instead}",
		.doc = "The domain is watched with `receive: no`, but an MX record names a real host. Either the declaration or the "
		       "record is out of date.",
	},
	[MXW_MX_TARGET_NXDOMAIN] = {
		.id = "mx-target-nxdomain", .severity = MXW_WARNING, .kind = MXW_KIND_ABSENCE, .tier = 1, .rfc = "RFC 5321 5.1",
		.message = "MX target {mx} (preference {pref}) of {domain} does not exist ({denial})",
		.symptom = "the host is skipped; B-DEAD if no other is left", .reproduce = "dig {mx} A;dig {mx} AAAA",
		.fix = "{hostline}\n{place}. {ttl} IN MX {pref} {cand}.{instead}{edit}",
		.doc = "An MX record names a host whose A or AAAA lookup says NXDOMAIN, without any alias. Senders skip it; when every "
		       "host of the domain is like that, mx-all-dead follows.",
	},
	[MXW_MX_TARGET_NO_ADDRESS] = {
		.id = "mx-target-no-address", .severity = MXW_WARNING, .kind = MXW_KIND_ABSENCE, .tier = 1, .rfc = "RFC 5321 5.1",
		.message = "MX target {mx} (preference {pref}) of {domain} has neither A nor AAAA",
		.symptom = "the host is skipped; B-DEAD if no other is left", .reproduce = "dig {mx} A;dig {mx} AAAA",
		.fix = "{hostline}\n{place}. {ttl} IN MX {pref} {cand}.{instead}{edit}",
		.doc = "An MX record names a host that exists but has no address: A and AAAA are both proven absent. Senders skip it; "
		       "when every host of the domain is like that, mx-all-dead follows.",
	},
	[MXW_MX_ALL_DEAD] = {
		.id = "mx-all-dead", .severity = MXW_CRITICAL, .kind = MXW_KIND_SET, .tier = 1, .rfc = "RFC 5321 5.1",
		.message = "{n} of {n} MX hosts of {domain} are unusable: {reasons}", .symptom = "B-DEAD",
		.reproduce = "dig {domain} MX;dig {host} A;dig {host} AAAA",
		.fix = "{place}. {ttl} IN MX {pref} {cand}.{instead}{edit}\n{hostline}",
		.doc = "MX records exist, but not one of the hosts has a globally reachable address, and no lookup is left open. "
		       "Senders must report an error; the address of the domain itself is not a fallback once MX records exist.",
	},
	[MXW_MX_PRIMARY_DEAD] = {
		.id = "mx-primary-dead", .severity = MXW_WARNING, .kind = MXW_KIND_SET, .tier = 2, .rfc = "RFC 5321 5.1",
		.message = "{dead} of {n} MX hosts of {domain} are unusable, all of the best preference {pref}: mail goes to {mx} "
			   "(preference {mx_pref})",
		.symptom = "every delivery is late by one attempt; a backup host queues or loops (B-LOOP)",
		.reproduce = "dig {domain} MX;dig {host} A;dig {host} AAAA",
		.fix = "{hostline}\n{place}. {ttl} IN MX {pref} {mx}.{instead} ; if {mx} is to be the primary",
		.doc = "All hosts of the lowest preference value are unusable while one of a higher value is usable: mail takes the "
		       "backup. If that host only queues for the primary, mail piles up there.",
	},
	[MXW_MX_TARGET_CNAME] = {
		.id = "mx-target-cname", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 1,
		.rfc = "RFC 2181 10.3, RFC 5321 5.1", .message = "MX target {mx} of {domain} is an alias ({chain})",
		.symptom = "most senders follow the alias; strict ones refuse the domain, old ones rewrite addresses",
		.reproduce = "dig {mx} A", .fix = "{place}. {ttl} IN MX {pref} {link}.{instead}\n{hostline}",
		.doc = "An MX record must name a host with addresses of its own, not an alias; here the lookup starts with a CNAME that "
		       "ends in an address. Most senders follow it. With `strict: true` the finding is critical.",
	},
	[MXW_MX_TARGET_CNAME_BROKEN] = {
		.id = "mx-target-cname-broken", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2,
		.rfc = "RFC 1034 3.6.2, 5.2.2", .message = "the alias chain of MX target {mx} of {domain} is broken at {link} ({chain})",
		.symptom = "the host is skipped; B-DEAD if no other is left", .reproduce = "dig {mx} A;dig {link} A",
		.fix = "{hostline}\n{place}. {ttl} IN MX {pref} {cand}.{instead}{edit}",
		.doc = "The MX target is an alias whose chain ends in a name that does not exist or has no address, runs in a circle, "
		       "or is longer than ten. The host counts as dead.",
	},
	[MXW_MX_TARGET_IP] = {
		.id = "mx-target-ip", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 1035 3.3.9, RFC 5321 5.1",
		.message = "an MX of {domain} points to the IP address {mx}; it must name a host",
		.symptom = "most senders skip it; B-DEAD if no other host is left", .reproduce = "dig {domain} MX",
		.fix = "{cand}. 3600 IN {addrtype} {ip} ; first a name for the host\n{place}. {ttl} IN MX {pref} {cand}.{instead} ; then the MX that "
		       "names it",
		.doc = "The exchange of an MX record looks like an IP address. MX records hold names; most senders treat this one as a "
		       "host that does not exist, so it counts as dead.",
	},
	[MXW_MX_TARGET_LOCALHOST] = {
		.id = "mx-target-localhost", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 6761 6.3",
		.message = "an MX of {domain} points every sender at itself ({mx})", .symptom = "B-LOOP", .reproduce = "dig {domain} MX",
		.fix = "{place}. {ttl} IN MX {pref} {cand}.{instead}{edit}\n{place}. 3600 IN MX 0 .{instead} ; if the domain receives no mail",
		.doc = "The exchange is localhost, or has loopback and unspecified addresses only: each sender would deliver the mail to "
		       "itself. A domain that wants no mail says so with a null MX.",
	},
	[MXW_MX_TARGET_SPECIAL] = {
		.id = "mx-target-special", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2,
		.rfc = "RFC 6761, RFC 6762, RFC 8375, RFC 9476",
		.message = "MX target {mx} of {domain} is below a special-use name and can never resolve",
		.symptom = "the host is skipped; B-DEAD if no other is left", .reproduce = "dig {domain} MX",
		.fix = "{place}. {ttl} IN MX {pref} {cand}.{instead}{edit}",
		.doc = "The exchange lies below invalid, test, example, local, internal, onion, alt or home.arpa, names that the public "
		       "DNS never resolves. The host counts as dead.",
	},
	[MXW_MX_M365_PROOF] = {
		.id = "mx-m365-proof", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 6761 6.4",
		.message = "{domain} has a leftover Microsoft 365 proof of ownership: MX {mx}", .symptom = "",
		.reproduce = "dig {domain} MX", .fix = "; delete {at}. {ttl} IN MX {pref} {mx}. (a TXT record proves ownership as well)",
		.doc = "An MX record below msv1.invalid, worse than every real one, once proved to Microsoft who owns the domain. It does "
		       "no harm and counts neither as a mail host nor as a dead one.",
	},
	[MXW_MX_TARGET_DOUBLED] = {
		.id = "mx-target-doubled", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 1035 5.1",
		.message = "MX target {mx} of {domain} repeats the zone name: a trailing dot is missing",
		.symptom = "the host is skipped, or a wildcard leads to a wrong one; B-DEAD if no other is left",
		.reproduce = "dig {domain} MX;dig {stripped} A", .fix = "{place}. {ttl} IN MX {pref} {stripped}.{instead}",
		.doc = "The exchange ends in the zone name twice, or is the name of another host with the zone name behind it: in the "
		       "zone file the final dot was forgotten. It counts as dead unless it resolves.",
	},
	[MXW_MX_TARGET_SINGLE_LABEL] = {
		.id = "mx-target-single-label", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 5321 2.3.5",
		.message = "MX target \"{mx}\" of {domain} is a bare label: the zone name is missing",
		.symptom = "the host is skipped; B-DEAD if no other is left", .reproduce = "dig {domain} MX;dig {mx}.{domain} A",
		.fix = "{place}. {ttl} IN MX {pref} {mx}.{domain}.{instead}",
		.doc = "The exchange has one label only. Host names in mail are fully qualified; the host counts as dead.",
	},
	[MXW_MX_TARGET_SYNTAX] = {
		.id = "mx-target-syntax", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2,
		.rfc = "RFC 952, RFC 1123 2.1, RFC 1035 2.3.1, RFC 5890", .message = "MX target \"{mx}\" of {domain} is not a valid host name",
		.symptom = "strict senders skip the host (malformed domain name in resource data); B-DEAD if no other is left",
		.reproduce = "dig {domain} MX", .fix = "{place}. {ttl} IN MX {pref} {clean}.{instead}{edit}",
		.doc = "The exchange holds something else than letters, digits, hyphens and dots, has a label that begins or ends with a "
		       "hyphen, or ends in a number. It counts as dead if it does not resolve; strict senders refuse it even then.",
	},
	[MXW_MX_EQUAL_PRIORITY] = {
		.id = "mx-equal-priority", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 1, .rfc = "RFC 5321 5.1",
		.message = "all {n} MX of {domain} have preference {pref}: no failover order",
		.symptom = "senders choose at random: the intended standby gets its share of the mail", .reproduce = "dig {domain} MX",
		.fix = "{place}. {ttl} IN MX {next_pref} {mx}.{instead} ; if {mx} is the standby",
		.doc = "Two or more hosts share one preference, so senders spread their mail over all of them. That is right for a "
		       "balanced group and wrong for a standby: a warning with `topology: failover`, or when a name says backup.",
	},
	[MXW_MX_SINGLE] = {
		.id = "mx-single", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 1, .rfc = "RFC 5321 5.1",
		.message = "{domain} has a single MX host, {mx} (IPv4 addresses: {n4}, IPv6 addresses: {n6})",
		.symptom = "an outage of the host leaves mail in the senders' queues", .reproduce = "dig {domain} MX;dig {host} A;dig {host} AAAA",
		.fix = "{place}. {ttl} IN MX {next_pref} <second-host>.{instead} ; put the name of another mail host here",
		.doc = "All MX records name one host with at most one IPv4 and one IPv6 address. It is advice only when the host has more "
		       "addresses or belongs to a provider known to serve one name from many machines (option `providers`).",
	},
	[MXW_MX_DUPLICATE] = {
		.id = "mx-duplicate", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 5321 5.1",
		.message = "{domain} lists the MX host {mx} {n} times", .symptom = "", .reproduce = "dig {domain} MX",
		.fix = "; delete {at}. {ttl} IN MX {worse} {mx}.",
		.doc = "The same exchange stands in two or more MX records of different preference. The worse ones are without effect.",
	},
	[MXW_MX_DOMAIN_CNAME] = {
		.id = "mx-domain-cname", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 2,
		.rfc = "RFC 5321 5.1, RFC 1034 3.6.2, RFC 2181 10.1",
		.message = "{domain} is an alias of {link}: MX and TXT records of its own cannot stand beside a CNAME",
		.symptom = "MX and TXT vanish depending on what a cache saw first; senders may rewrite the address",
		.reproduce = "dig {domain} CNAME;dig {domain} MX;dig {domain} SOA",
		.fix = "{domain}. 3600 IN MX {pref} {mx}. ; together with A and AAAA records in place of the CNAME",
		.doc = "The mail domain owns a CNAME. That is advice, a warning at the apex of a zone (where SOA and NS must stand), and "
		       "critical if the alias leads to no MX and no address.",
	},
	[MXW_MX_TTL] = {
		.id = "mx-ttl", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 1912 2.2, RFC 2181 8",
		.message = "the MX TTL of {domain} is {ttl} s",
		.symptom = "below 300 s every sender asks again and again; above a day a change takes long to be seen",
		.reproduce = "dig {domain} MX", .fix = "{place}. 3600 IN MX {pref} {mx}.{instead}",
		.doc = "The largest TTL of the MX records is below 300 s or above 86400 s. A resolver counts the TTL down in its cache, "
		       "so a low value may also be the rest of a longer one.",
	},
	[MXW_MX_N_ROWS] = MXW_LOOKUP_ROWS,
	{ 0 },
};
