/* The findings of the check spf; see spf_findings.h. */
#include "lib/check/spf_findings.h"

#include "lib/check/lookup_rows.h"

/* {line}: a record of the domain or of whoever can correct it, as it should be, in zone-file form; or words where there is none
 * to propose. {note}: what is said of it, or nothing. {otherwise}: one more line, or nothing. */
const struct mxw_finding_def mxw_spf_findings[] = {
	[MXW_SPF_ROW_OK] = {
		.id = "spf-ok", .severity = MXW_OK, .kind = MXW_KIND_SET, .tier = 2, .rfc = "RFC 7208",
		.message = "SPF of {domain}: {n} of 10 DNS lookups, {voids} without records, {senders}", .symptom = "",
		.reproduce = "dig {domain} TXT", .fix = "",
		.doc = "There is exactly one SPF record, it and all records that it includes can be read, it stays within the limits of "
		       "the standard, and every declared sender passes.",
	},
	[MXW_SPF_ROW_NONE] = {
		.id = "spf-none", .severity = MXW_WARNING, .kind = MXW_KIND_ABSENCE, .tier = 1, .rfc = "RFC 7208 4.5",
		.message = "{domain} has no SPF record ({seen} seen)", .symptom = "B-AUTH", .reproduce = "dig {domain} TXT",
		.fix = "{line}\n{otherwise}",
		.doc = "No TXT record of the domain is an SPF record, proven by an answer. Large receivers want SPF or DKIM from every "
		       "sender. With `send: no` it is advice only.",
	},
	[MXW_SPF_ROW_VERSION_TYPO] = {
		.id = "spf-version-typo", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7208 4.5",
		.message = "the TXT record {rr} of {domain} looks like SPF but is ignored", .symptom = "B-AUTH",
		.reproduce = "dig {domain} TXT", .fix = "{place}. {ttl} IN TXT {corrected}{instead}",
		.doc = "There is no valid SPF record, but a TXT record that was meant to be one: the version is misspelt, or a space, a "
		       "quote or an invisible mark stands before it. Receivers take it for no SPF record at all.",
	},
	[MXW_SPF_ROW_MULTIPLE] = {
		.id = "spf-multiple", .severity = MXW_CRITICAL, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7208 3.2, 4.5",
		.message = "{name} has {n} SPF records: the result is permerror{where}", .symptom = "B-AUTH",
		.reproduce = "dig {name} TXT", .fix = "{line}{note}{delete}\n{otherwise}",
		.doc = "Two or more different TXT records of the domain, or of a domain that its record includes, are SPF records. A "
		       "receiver must not choose one of them, so SPF fails for all mail that gets there. A warning for a domain that sends "
		       "no mail.",
	},
	[MXW_SPF_ROW_SYNTAX] = {
		.id = "spf-syntax", .severity = MXW_CRITICAL, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7208 4.6, 5, 12",
		.message = "SPF of {name}: {problem}{where}",
		.symptom = "B-AUTH", .reproduce = "dig {name} TXT", .fix = "{line}{note}\n{otherwise}",
		.doc = "The record, or one that it includes, breaks the grammar. One error anywhere makes the whole record a permerror, "
		       "also where no message gets to it. A warning for a word with \"=\" that stands for a mechanism (\"include=\"): it is "
		       "legal and ignored, and whoever it names is not authorised. A warning, too, with `send: no`: no mail is lost then.",
	},
	[MXW_SPF_ROW_JOIN_GLUE] = {
		.id = "spf-join-glue", .severity = MXW_CRITICAL, .kind = MXW_KIND_PRESENCE, .tier = 3, .rfc = "RFC 7208 3.3",
		.message = "the character-strings of the SPF record of {name} join to \"{token}\": a space is missing at the boundary{where}",
		.symptom = "B-AUTH", .reproduce = "dig {name} TXT", .fix = "{line}{note}\n{otherwise}",
		.doc = "A TXT record of several character-strings is read as one text without anything between them. Here the last term of "
		       "one and the first of the next become a single term that was never meant.",
	},
	[MXW_SPF_ROW_TOO_MANY_LOOKUPS] = {
		.id = "spf-too-many-lookups", .severity = MXW_CRITICAL, .kind = MXW_KIND_ABSENCE, .tier = 2, .rfc = "RFC 7208 4.6.4",
		.message = "SPF of {domain} needs {n} DNS lookups, the limit is 10; beyond it: {term}", .symptom = "B-AUTH",
		.reproduce = "dig {domain} TXT", .fix = "{line}{note}",
		.doc = "The terms that ask DNS (include, a, mx, ptr, exists, redirect), in this record and in all that it includes, are more "
		       "than ten: permerror for every message that gets so far. A warning while every declared sender passes before the "
		       "limit, or when the domain sends no mail.",
	},
	[MXW_SPF_ROW_LOOKUPS_NEAR] = {
		.id = "spf-lookups-near", .severity = MXW_INFO, .kind = MXW_KIND_ABSENCE, .tier = 3, .rfc = "RFC 7208 4.6.4",
		.message = "SPF of {domain} uses {n} of 10 DNS lookups",
		.symptom = "the next change of an included provider makes the record a permerror", .reproduce = "dig {domain} TXT",
		.fix = "{line}{note}",
		.doc = "The record needs nine or ten of the ten lookups that receivers allow, counted over everything that it includes.",
	},
	[MXW_SPF_ROW_VOID_LOOKUPS] = {
		.id = "spf-void-lookups", .severity = MXW_WARNING, .kind = MXW_KIND_ABSENCE, .tier = 2, .rfc = "RFC 7208 4.6.4, 11.1",
		.message = "SPF of {domain} has {n} lookups without records, the limit is 2: {terms}",
		.symptom = "many verifiers give up: permerror (B-AUTH)", .reproduce = "dig {name} A;dig {name} AAAA",
		.fix = "{line}{note}",
		.doc = "More than two terms ask for names that do not exist or have no such records, for clients of one address family. "
		       "Verifiers should stop at the third. Critical when that makes a declared sender fail.",
	},
	[MXW_SPF_ROW_MX_TOO_MANY] = {
		.id = "spf-mx-too-many", .severity = MXW_CRITICAL, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7208 4.6.4",
		.message = "SPF term \"{term}\" of {where}: {name} has {n} MX hosts, the limit is 10", .symptom = "B-AUTH",
		.reproduce = "dig {name} MX", .fix = "{line}{note}",
		.doc = "A term `mx` leads to more than ten MX records: permerror for every message that gets to it.",
	},
	[MXW_SPF_ROW_INCLUDE_NONE] = {
		.id = "spf-include-none", .severity = MXW_CRITICAL, .kind = MXW_KIND_ABSENCE, .tier = 2, .rfc = "RFC 7208 5.2, 6.1",
		.message = "SPF term \"{term}\" of {where}: {name} has no SPF record ({class})", .symptom = "B-AUTH",
		.reproduce = "dig {name} TXT", .fix = "{line}{note}",
		.doc = "An include or redirect leads to a name without SPF record, proven by an answer: permerror for every message that "
		       "gets to it.",
	},
	[MXW_SPF_ROW_UNREGISTERED] = {
		.id = "spf-include-unregistered", .severity = MXW_CRITICAL, .kind = MXW_KIND_PRESENCE, .tier = 3, .rfc = "RFC 7208 11",
		.message = "SPF term \"{term}\" of {where} leads to {org}, a domain that is not registered (denied by {zone})",
		.symptom = "whoever registers it can send mail as {domain}", .reproduce = "dig {name} A;dig {org} SOA",
		.fix = "{line}{note}",
		.doc = "A term of the record, or of one that it includes, asks a name of another organisation that does not exist, and the "
		       "denial comes from the registry above. Anybody can register the domain and decide who may send.",
	},
	[MXW_SPF_ROW_LOOP] = {
		.id = "spf-loop", .severity = MXW_CRITICAL, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7208 4.6.4, 5.2",
		.message = "SPF include loop: {path}", .symptom = "B-AUTH", .reproduce = "dig {name} TXT",
		.fix = "{line}{note}",
		.doc = "Records include or redirect to each other in a circle: permerror at the latest at the tenth lookup.",
	},
	[MXW_SPF_ROW_PASS_ALL] = {
		.id = "spf-pass-all", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7208 5.1",
		.message = "SPF of {domain} authorises the whole Internet ({term})", .symptom = "mail that others forge passes SPF; filters "
		"count it against the domain", .reproduce = "dig {domain} TXT",
		.fix = "{line}{note}",
		.doc = "`all` with the qualifier \"+\" or without one, or networks that together are all addresses, as a/0 is, in the record or in one "
		       "that it redirects to.",
	},
	[MXW_SPF_ROW_TOO_BROAD] = {
		.id = "spf-too-broad", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 3, .rfc = "RFC 7208 11.4",
		.message = "SPF of {domain} authorises {size} ({term})", .symptom = "a pass proves little; filters may count it against the "
		"domain", .reproduce = "dig {domain} TXT", .fix = "{line}{note}",
		.doc = "One network of the record is wider than an IPv4 /16 or an IPv6 /32, or its IPv4 networks together hold more than "
		       "2^20 addresses; or a term `a` or `mx` has a prefix length that is as short. Records of known providers, which a record may redirect to, are left out.",
	},
	[MXW_SPF_ROW_NEUTRAL_ALL] = {
		.id = "spf-neutral-all", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7208 5.1, 8.2",
		.message = "SPF of {domain} ends in ?all: mail that others forge is neutral", .symptom = "no protection against forgery",
		.reproduce = "dig {owner} TXT", .fix = "{line}{note}",
		.doc = "The record, or the one that it redirects to, says nothing about senders that it does not list.",
	},
	[MXW_SPF_ROW_NO_ALL] = {
		.id = "spf-no-all", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7208 4.7",
		.message = "SPF of {domain} has no \"all\" term: mail that others forge is neutral",
		.symptom = "no protection against forgery", .reproduce = "dig {owner} TXT", .fix = "{line}{note}",
		.doc = "The record ends without `all` and without `redirect`, so whoever it does not list is neutral, as with ?all.",
	},
	[MXW_SPF_ROW_AFTER_ALL] = {
		.id = "spf-after-all", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7208 5.1, 6.1",
		.message = "SPF terms of {domain} that \"all\" makes ineffective: {terms}",
		.symptom = "senders that are listed there are not authorised", .reproduce = "dig {owner} TXT",
		.fix = "{line}{note}",
		.doc = "A mechanism after `all` is never evaluated, and so is a redirect anywhere beside `all`. Advice where it is a redirect "
		       "only. The proposal moves what can work and deletes what would break the record.",
	},
	[MXW_SPF_ROW_PTR] = {
		.id = "spf-ptr", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7208 5.5",
		.message = "SPF of {domain} uses the mechanism ptr, which should not be published any more",
		.symptom = "some receivers do not evaluate it", .reproduce = "dig {owner} TXT", .fix = "{line}{note}",
		.doc = "`ptr` is slow, loads the reverse zones of others and is passed over by some receivers. A warning if it is the only "
		       "mechanism before `all`.",
	},
	[MXW_SPF_ROW_MACRO] = {
		.id = "spf-macro", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 3, .rfc = "RFC 7208 7",
		.message = "SPF of {domain} uses macros ({term}): what they lead to depends on the message", .symptom = "",
		.reproduce = "dig {owner} TXT", .fix = "",
		.doc = "A term whose domain is made of the message cannot be followed without one. It is evaluated for the declared "
		       "senders.",
	},
	[MXW_SPF_ROW_SENDER_FAIL] = {
		.id = "spf-sender-fail", .severity = MXW_CRITICAL, .kind = MXW_KIND_ABSENCE, .tier = 2, .rfc = "RFC 7208 2.6, 8",
		.message = "SPF {result} for the sending host {ip} of {domain}: {reason}", .symptom = "B-AUTH",
		.reproduce = "dig {domain} TXT", .fix = "{line}",
		.doc = "A host of `send_ip` that sends mail of the domain does not pass SPF: critical for fail and permerror, a warning for "
		       "softfail and neutral. Where the domain has not exactly one SPF record that can be read, the result is the same "
		       "for everybody: that is told once, by spf-none, spf-multiple or spf-syntax, and not for each host.",
	},
	[MXW_SPF_ROW_NOT_COVERING_MX] = {
		.id = "spf-not-covering-mx", .severity = MXW_WARNING, .kind = MXW_KIND_ABSENCE, .tier = 2, .rfc = "RFC 7208 8",
		.message = "SPF of {domain} does not cover its MX host {mx} [{ip}]: {result}",
		.symptom = "replies and bounces that this host sends fail SPF", .reproduce = "dig {domain} TXT",
		.fix = "{line}\n{otherwise}",
		.doc = "An address of a usable MX host does not pass SPF for the domain. A warning with `mx_hosts_send: yes`; advice for "
		       "MX hosts in the domain's own organisational domain; not told with `mx_hosts_send: no` or when the domain sends no "
		       "mail.",
	},
	[MXW_SPF_ROW_HELO_NONE] = {
		.id = "spf-helo-none", .severity = MXW_INFO, .kind = MXW_KIND_ABSENCE, .tier = 3, .rfc = "RFC 7208 2.3, 2.4",
		.message = "the HELO name {ptr} of the sending host {ip} has no SPF record",
		.symptom = "bounces, which have no other sender, are not authenticated", .reproduce = "dig {ptr} TXT",
		.fix = "{place}. 3600 IN TXT \"v=spf1 a -all\"{instead}",
		.doc = "The confirmed reverse name of a declared sender (`send_ip`, and the MX hosts with `mx_hosts_send: yes`), which it "
		       "should greet with, has no SPF record.",
	},
	[MXW_SPF_ROW_PARKED_WEAK] = {
		.id = "spf-parked-weak", .severity = MXW_WARNING, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7208 10.1.2, RFC 7505 4.2",
		.message = "{domain} {why}, but its SPF record is not \"v=spf1 -all\"", .symptom = "others can forge mail of the domain",
		.reproduce = "dig {domain} TXT", .fix = "{place}. {ttl} IN TXT \"v=spf1 -all\"{instead}",
		.doc = "The domain is watched with `send: no`, or its record authorises nobody (advice), and the record, or the one that it "
		       "redirects to, is something else than a plain -all.",
	},
	[MXW_SPF_ROW_RESPONSE_SIZE] = {
		.id = "spf-response-size", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7208 3.4, RFC 7766",
		.message = "the TXT answer of {domain} has {n} octets", .symptom = "receivers behind old or filtered resolvers see no record, or "
		"defer the mail", .reproduce = "dig +notcp +noedns +ignore {domain} TXT;dig +tcp {domain} TXT",
		.fix = "; delete or move to another name: {at}. {ttl} IN TXT {rr}",
		.doc = "The answer to the TXT question is larger than 450 octets: header, question, and twelve octets and the data for "
		       "each record, of whatever purpose. With what else an answer carries it may not fit into 512 octets, which is what "
		       "old resolvers take over UDP.",
	},
	[MXW_SPF_ROW_TYPE99] = {
		.id = "spf-type99", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = "RFC 7208 3.1",
		.message = "{domain} has {seen} of the obsolete type SPF (99)", .symptom = "", .reproduce = "dig {domain} TYPE99",
		.fix = "; delete {at}. {ttl} IN TYPE99 {rr}",
		.doc = "The record type SPF is not used any more: nobody reads it, and it may come to say something else than the TXT "
		       "record. Asked for by `mxwatch check`, and once a day by the daemon.",
	},
	[MXW_SPF_ROW_SENDERID] = {
		.id = "spf-senderid", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 3, .rfc = "RFC 6654",
		.message = "{domain} has an obsolete Sender ID record ({rr})", .symptom = "", .reproduce = "dig {domain} TXT",
		.fix = "; delete {at}. {ttl} IN TXT {rr}",
		.doc = "Sender ID was an experiment that ended; nobody evaluates its records any more.",
	},
	[MXW_SPF_ROW_PRIVATE_IP] = {
		.id = "spf-private-ip", .severity = MXW_INFO, .kind = MXW_KIND_PRESENCE, .tier = 3, .rfc = "RFC 6890",
		.message = "SPF of {domain} lists {term}, inside {block}", .symptom = "", .reproduce = "dig {owner} TXT",
		.fix = "{line}{note}",
		.doc = "A network of the record is special-purpose: no mail arrives from there, and to a receiver inside such a network the "
		       "record authorises strangers.",
	},
	[MXW_SPF_ROW_TEMPERROR] = {
		.id = "spf-temperror", .severity = MXW_UNKNOWN, .kind = MXW_KIND_PRESENCE, .tier = 2, .warn_after_min = 15,
		.rfc = "RFC 7208 2.6.6, 4.4",
		.message = "SPF of {domain} cannot be evaluated: {name} {type} gives {outcome} at {votes} resolvers",
		.symptom = "receivers defer mail that gets to this term (451 4.7.24)", .reproduce = "dig {name} {type}",
		.fix = "see that every name server of {name} answers\n{otherwise}",
		.doc = "A lookup that the record, or one that it includes, needs has failed. This proves nothing about the record: "
		       "receivers keep the mail waiting and try again.",
	},
	[MXW_SPF_N_ROWS] = MXW_LOOKUP_ROWS,
	{ 0 },
};
