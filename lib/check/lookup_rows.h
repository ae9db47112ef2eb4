/* The dns-* rows, written once and placed into the table of each check that asks questions; see lookup.h. */
#pragma once

/* clang-format off */

enum { MXW_LOOKUP_WARN_AFTER_MIN = 15, MXW_LOOKUP_CRITICAL_AFTER_MIN = 60 };

#define MXW_LOOKUP_TEXTS(id_, rfc_, message_, fix_, doc_) \
	.id = id_, .kind = MXW_KIND_PRESENCE, .tier = 2, .rfc = rfc_, .message = message_, .symptom = "B-TEMP", \
	.reproduce = "dig {name} {type};dig +trace {name} {type}", .fix = fix_, .doc = doc_

/* What proves nothing at first: senders wait, and nothing is lost for hours. */
#define MXW_LOOKUP_ROW(...) \
	{ \
		MXW_LOOKUP_TEXTS(__VA_ARGS__), .severity = MXW_UNKNOWN, .warn_after_min = MXW_LOOKUP_WARN_AFTER_MIN, \
		.critical_after_min = MXW_LOOKUP_CRITICAL_AFTER_MIN, \
	}

/* What is determinate: it needs no waiting. */
#define MXW_LOOKUP_CRITICAL_ROW(...) \
	{ \
		MXW_LOOKUP_TEXTS(__VA_ARGS__), .severity = MXW_CRITICAL, \
	}

#define MXW_LOOKUP_ROWS \
	MXW_LOOKUP_ROW("dns-servfail", "RFC 2308 7.1, RFC 9520", "{name} {type}: SERVFAIL at {votes} resolvers{detail}", \
		       "see that every name server of the zone loads it and answers for it with authority", \
		       "A resolver could not get an answer from the name servers of the zone (SERVFAIL). This proves nothing " \
		       "about the record: senders keep their mail in the queue and try again."), \
	MXW_LOOKUP_ROW("dns-timeout", "RFC 1035 7.2", "{name} {type}: no answer at {votes} resolvers{detail}", \
		       "make the name servers of the zone reachable on port 53 over UDP and TCP", \
		       "All tries of one question ended without an answer, or our own network did not let it out. This proves " \
		       "nothing about the record: senders keep their mail in the queue and try again."), \
	MXW_LOOKUP_ROW("dns-truncated", "RFC 7766 5, RFC 9210", \
		       "{name} {type}: the answer needs TCP, and TCP fails at {votes} resolvers{detail}", \
		       "open port 53 for TCP, or make the record set smaller", \
		       "The answer is too large for UDP and could not be fetched over TCP. Senders behind such a resolver " \
		       "cannot read the records and keep their mail in the queue."), \
	MXW_LOOKUP_ROW("dns-malformed", "RFC 1035 4, RFC 6891 7", "{name} {type}: malformed answer at {votes} resolvers ({outcome}){detail}", \
		       "update or replace the name server software of the zone", \
		       "The answer cannot be parsed, or the server refuses the very form of the question (FORMERR, NOTIMP) even " \
		       "without EDNS. This proves nothing about the record."), \
	MXW_LOOKUP_ROW("dns-cname-loop", "RFC 1034 3.6.2", "alias loop at {name} ({chain})", \
		       "let one name of the circle own address and mail records instead of its CNAME", \
		       "The aliases of the name run in a circle, or there are more than ten of them in a row. No record can be " \
		       "found through it; some senders bounce, others keep their mail in the queue."), \
	MXW_LOOKUP_CRITICAL_ROW("dnssec-bogus", "RFC 4035 5.5, RFC 8914", \
		       "DNSSEC validation of {name} {type} fails{detail}: validating senders cannot resolve it", \
		       "sign the zone anew, or correct or delete the DS record at the registrar", \
		       "A validating resolver holds signatures of the zone to be wrong and withholds the records. To senders " \
		       "behind validating resolvers the name cannot be resolved; to all others nothing is wrong.")

/* clang-format on */
