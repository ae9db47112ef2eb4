/* Numbers of the DNS with their names: record types, response codes, outcome classes of a query. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* RR types (IANA DNS parameters) that mxwatch asks for or reads. */
enum mxw_rrtype {
	MXW_TYPE_A = 1,
	MXW_TYPE_NS = 2,
	MXW_TYPE_CNAME = 5,
	MXW_TYPE_SOA = 6,
	MXW_TYPE_PTR = 12,
	MXW_TYPE_MX = 15,
	MXW_TYPE_TXT = 16,
	MXW_TYPE_AAAA = 28,
	MXW_TYPE_DNAME = 39,
	MXW_TYPE_OPT = 41,
	MXW_TYPE_SPF = 99,
};

enum mxw_rcode {
	MXW_RCODE_NOERROR = 0,
	MXW_RCODE_FORMERR = 1,
	MXW_RCODE_SERVFAIL = 2,
	MXW_RCODE_NXDOMAIN = 3,
	MXW_RCODE_NOTIMP = 4,
	MXW_RCODE_REFUSED = 5,
	MXW_RCODE_BADVERS = 16,
};

/* What became of one question at one resolver; the exact conditions are findings.md section 2. */
enum mxw_outcome {
	MXW_OUTCOME_ANSWER,
	MXW_OUTCOME_NODATA,
	MXW_OUTCOME_NXDOMAIN,
	MXW_OUTCOME_LOOP, /* alias loop or a chain of more than MXW_MAX_CHAIN */
	MXW_OUTCOME_SERVFAIL,
	MXW_OUTCOME_BOGUS, /* DNSSEC validation failed at the resolver (RFC 4035 5.5, RFC 8914) */
	MXW_OUTCOME_REFUSED,
	MXW_OUTCOME_REFERRAL,
	MXW_OUTCOME_FORMERR,
	MXW_OUTCOME_NOTIMP,
	MXW_OUTCOME_FILTERED,
	MXW_OUTCOME_TRUNCATED, /* TC over UDP and no answer over TCP (RFC 7766 5) */
	MXW_OUTCOME_TIMEOUT,
	MXW_OUTCOME_NETWORK_ERROR, /* ours: no route, no socket */
	MXW_OUTCOME_MALFORMED,
	MXW_N_OUTCOMES,
};

/* ANSWER, NODATA, NXDOMAIN and LOOP prove something about the name. All others prove nothing about it: a check must
 * never derive an absence from them. */
bool mxw_outcome_is_determinate(enum mxw_outcome outcome);

/* Lower-case word of the formats: "answer", "network-error", ... (static). */
const char *mxw_outcome_name(enum mxw_outcome outcome);

/* "MX"; "TYPE65280" for a type without a name here. The buffer is used only for the latter. */
const char *mxw_rrtype_name(uint16_t type, char buffer[static 10]);
/* 0 for an unknown word; "TYPEnnn" (RFC 3597) is understood; case is ignored. */
uint16_t mxw_rrtype_parse(const char *text);
