/* One resolver's answer to one question: compact, immutable once made, shared by counting references.
 *
 * An answer is one block of memory: records, names and RDATA lie behind the struct. The cache, the observations of
 * rounds and the evidence of findings all hold the same object. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/ip.h"
#include "lib/base/strbuf.h"
#include "lib/dns/type.h"

enum {
	MXW_MAX_CHAIN = 10,        /* aliases followed from one question (findings.md section 2) */
	MXW_MAX_ANSWER_RRS = 4096, /* a 64 KiB message holds no more of the shortest records that matter */
	/* 13 is what fits into 512 octets and what the largest zones have. */
	MXW_MAX_REFERRAL_SERVERS = 32,
	MXW_MAX_GLUE = 64, /* both families for each server */
};

struct mxw_rr {
	uint32_t ttl; /* seconds, remaining; values with the top bit set count as 0 (RFC 2181 8) */
	uint16_t type;
	uint16_t preference; /* MX */
	uint16_t n_rdata;
	/* Wire RDATA of A, AAAA, TXT, SOA and unknown types, without compression, the SOA's names in lower case; never NULL,
	 * n_rdata may be 0. */
	const uint8_t *rdata;
	/* MX exchange, PTR, CNAME, DNAME, NS target, canonical (n_rdata is 0 then); NULL for other types. */
	const char *name;
};

/* An address that came with a referral (RFC 9499 "glue"). */
struct mxw_glue {
	struct mxw_ip ip;
	uint8_t server; /* index into the referral's servers */
};

/* Where a server that was asked directly sends us: the NS records of a zone that it does not serve itself. What a packet
 * held is all here; how much of it to believe depends on the zone that the server was asked for. A `cut` that is not
 * below that zone delegates nothing (a server that refers to the root is lame: RFC 1912 2.8), and glue for names outside
 * of that zone is nobody's word (RFC 2181 5.4.1). */
struct mxw_referral {
	const char *cut;             /* owner of the NS records: the question's name or an ancestor */
	uint32_t ttl;                /* seconds, smallest of the NS records */
	uint8_t n_servers, n_glue;   /* at least 1 server */
	const char *const *servers;  /* targets of the NS records, unique, in the order of names */
	const struct mxw_glue *glue; /* unique, in the order of servers, then of addresses */
};

struct mxw_answer {
	unsigned refs;
	enum mxw_outcome outcome;
	uint16_t rcode;       /* extended rcode (RFC 6891 6.1.3); 0 when no packet was accepted */
	int32_t ede;          /* extended DNS error info-code (RFC 8914), -1 when there was none */
	const char *ede_text; /* as sent, untrusted; "" when none */
	bool aa, tc, ra, ad;
	bool over_tcp;
	bool never_sent; /* TIMEOUT in our own queue: says nothing of the other side */
	bool stale;      /* EDE 3 or 19: served from an expired cache entry (RFC 8767) */
	uint32_t ttl; /* seconds that this answer may be cached: smallest TTL of its records and chain, or RFC 2308 5 */
	uint32_t rtt_us;        /* of the try that succeeded; 0 when none did */
	int64_t received_at_ms; /* monotonic clock of the loop */
	const char *soa_owner;  /* owner of the SOA of a negative answer: the zone that denied; NULL when none */
	uint32_t soa_ttl, soa_minimum, soa_serial;
	uint32_t n_octets; /* of the whole block: what a cache bounded by memory counts */
	/* Aliases in order: chain[0] is what the question's name is an alias of, the last one is the chain's end.
	 * For LOOP the names up to the repetition. For the REFERRAL of a server that was asked directly the names up to the
	 * one that has to be asked for elsewhere. */
	size_t n_chain;
	const char *const *chain;
	/* Records of the asked type at the end of the chain, identical ones collapsed, in canonical order (sorted by
	 * preference, then RDATA), so that two answers with the same set are equal record for record. */
	size_t n_rrs;
	const struct mxw_rr *rrs;
	const struct mxw_referral *referral; /* of a REFERRAL, see wire.h; else NULL */
};

struct mxw_answer *mxw_answer_ref(struct mxw_answer *answer); /* NULL passes */
void mxw_answer_unref(struct mxw_answer *answer);             /* NULL passes; frees with the last reference */
void mxw_answer_unrefp(struct mxw_answer **answer);

/* The parts of an answer while it is built; mxw_answer_new copies everything, nothing is borrowed afterwards. */
struct mxw_answer_parts {
	struct mxw_answer head; /* scalar members and ede_text, soa_owner, referral */
	const char *const *chain;
	size_t n_chain;
	const struct mxw_rr *rrs; /* any order, duplicates allowed */
	size_t n_rrs;
};
int mxw_answer_new(struct mxw_answer **ret, const struct mxw_answer_parts *parts); /* -ENOMEM; one reference */

/* An answer without a packet: TIMEOUT, NETWORK_ERROR, ... */
int mxw_answer_new_failure(struct mxw_answer **ret, enum mxw_outcome outcome);

/* How many names of the chain, from its beginning, lie in `zone` (n_chain: all). A server of the zone has no say about what
 * the next one leads to. */
size_t mxw_answer_n_inside(const struct mxw_answer *answer, const char *zone);

/* Address of an A or AAAA record; false for other types or a wrong RDLENGTH. */
bool mxw_rr_ip(const struct mxw_rr *rr, struct mxw_ip *ret);

/* The numbers of an SOA record (RFC 1035 3.3.13), seconds but for the serial; false for other types or short RDATA. */
struct mxw_soa {
	uint32_t serial; /* compare by RFC 1982 only */
	uint32_t refresh, retry, expire, minimum;
};
bool mxw_rr_soa(const struct mxw_rr *rr, struct mxw_soa *ret);

/* The character-strings of a TXT record joined without a separator (RFC 7208 3.3), raw octets. Records with broken
 * length octets yield what is readable. */
void mxw_rr_text(const struct mxw_rr *rr, struct mxw_strbuf *ret);

/* RDATA in presentation form as dig +short prints it ("10 mx1.example.org.", "\"v=spf1 -all\""), printable ASCII only. */
void mxw_rr_format(const struct mxw_rr *rr, struct mxw_strbuf *ret);
