/* The findings of the check ptr; see ptr_findings.h. */
#include "lib/check/ptr_findings.h"

#include "lib/check/lookup_rows.h"

const struct mxw_finding_def mxw_ptr_findings[] = {
	[MXW_PTR_NONE] = {
		.id = "ptr-none", .severity = MXW_CRITICAL, .kind = MXW_KIND_ABSENCE, .tier = 1, .rfc = "RFC 1912 2.1, RFC 7372 3.3",
		.message = "{ip} ({host}) has no reverse DNS ({denial})", .symptom = "B-PTR", .reproduce = "dig -x {ip}",
		.fix = "{owner}. 3600 IN PTR {mx}. ; at the holder of the address, in the zone {zone}",
		.doc = "The address has no PTR record, proven by an answer. Large receivers refuse mail from such an address: critical "
		       "for declared senders, a warning for MX hosts of your own and for those of others that SPF lets send, advice for "
		       "the rest.",
	},
	[MXW_PTR_NO_FCRDNS] = {
		.id = "ptr-no-fcrdns", .severity = MXW_CRITICAL, .kind = MXW_KIND_ABSENCE, .tier = 1, .rfc = "RFC 1912 2.1, RFC 8601 2.7.3",
		.message = "reverse name {ptr} of {ip} ({host}) does not resolve back to it ({n} of {n} names tried)",
		.symptom = "B-PTR", .reproduce = "dig -x {ip};dig {ptr} {addrtype}",
		.fix = "{forward}. 3600 IN {addrtype} {ip}\n{owner}. 3600 IN PTR {mx}. ; at the holder of the address",
		.doc = "The address has PTR records, but none of their names has this address (forward-confirmed reverse DNS, iprev); "
		       "every lookup was answered. One confirmed name would be enough.",
	},
	[MXW_PTR_MISMATCH] = {
		.id = "ptr-mismatch", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 1, .rfc = "RFC 1912 2.1, RFC 5321 4.1.4",
		.message = "{ip} of {host} has the reverse name {ptr}",
		.symptom = "a worse spam score; strict sites reject", .reproduce = "dig -x {ip}",
		.fix = "{owner}. 3600 IN PTR {mx}. ; at the holder of the address",
		.doc = "Reverse and forward DNS confirm each other, but under another name than the MX host of this address. Some filters "
		       "want both to be equal.",
	},
	[MXW_PTR_GENERIC] = {
		.id = "ptr-generic", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 1912 2.1",
		.message = "{ip} ({host}) has the generic reverse name {ptr}", .symptom = "receivers reject mail from what looks like an "
		"access line (generic rDNS), or score it as spam", .reproduce = "dig -x {ip}",
		.fix = "{owner}. 3600 IN PTR {mx}. ; at the holder of the address",
		.doc = "Every reverse name of the address looks machine-made: it holds the digits of the address or a word of access "
		       "lines such as dyn, dsl or pool.",
	},
	[MXW_PTR_MALFORMED] = {
		.id = "ptr-malformed", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 1035 5.1",
		.message = "reverse name of {ip} ({host}) is \"{ptr}\": {reason}", .symptom = "B-PTR", .reproduce = "dig -x {ip}",
		.fix = "{owner}. 3600 IN PTR {stripped}. ; at the holder of the address",
		.doc = "A PTR record holds no host name: one label, localhost, an address, an odd character, or a name with the reverse "
		       "zone behind it because the final dot was forgotten.",
	},
	[MXW_PTR_CNAME_BROKEN] = {
		.id = "ptr-cname-broken", .severity = MXW_CRITICAL, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 2317 4",
		.message = "the classless delegation of {ip} ({host}) is broken at {link} ({chain})", .symptom = "B-PTR",
		.reproduce = "dig {rev} PTR;dig {link} PTR", .fix = "{link}. 3600 IN PTR {mx}. ; {where}",
		.doc = "The reverse name of the address is an alias, as in classless delegations, and its end has no PTR record, does not "
		       "exist, or runs in a circle.",
	},
	[MXW_PTR_MULTIPLE] = {
		.id = "ptr-multiple", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 2181 10.2, RFC 7208 4.6.4",
		.message = "{ip} ({host}) has {n} reverse names", .symptom = "receivers that look at one name only see a different one "
		"each time", .reproduce = "dig -x {ip}", .fix = "{owner}. 3600 IN PTR {mx}. ; as the only one, at the holder of the address",
		.doc = "The address has more than one PTR record. More than ten are a warning: receivers read the first ten at most.",
	},
	[MXW_PTR_V6_GAP] = {
		.id = "ptr-v6-gap", .severity = MXW_CRITICAL, .kind = MXW_KIND_SET, .tier = 2, .rfc = "RFC 8601 2.7.3",
		.message = "{ip} ({host}) lacks the confirmed reverse DNS that {ip4} has", .symptom = "B-PTR",
		.reproduce = "dig -x {ip};dig -x {ip4}",
		.fix = "{owner}. 3600 IN PTR {mx}. ; at the holder of the address, or stop sending over IPv6",
		.doc = "The IPv4 address of a host passes the reverse DNS test and its IPv6 address does not. Mail over IPv6 is then "
		       "refused while mail over IPv4 passes, and large receivers are stricter on IPv6.",
	},
	[MXW_PTR_LOOKUP_FAILED] = {
		.id = "ptr-lookup-failed", .severity = MXW_UNKNOWN, .kind = MXW_KIND_PRESENCE, .tier = 2, .warn_after_min = 60,
		.rfc = "RFC 2308 7.1",
		.message = "the reverse zone of {ip} ({host}) gives no usable answer at {votes} resolvers ({outcome})",
		.symptom = "receivers defer mail from this address (450 4.7.1)", .reproduce = "dig -x {ip};dig +trace -x {ip}",
		.fix = "the holder of the address repairs the delegation of its reverse zone",
		.doc = "The PTR lookup failed: no answer, SERVFAIL, or an answer that cannot be used. This proves nothing about the "
		       "record; receivers usually defer the mail.",
	},
	[MXW_PTR_N_ROWS] = MXW_LOOKUP_ROWS,
	{ 0 },
};
