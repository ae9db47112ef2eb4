/* Packets: queries are written (query.c), responses are parsed as hostile input (wire.c, the only file that knows ldns).
 *
 * ldns is never asked to print what was received (faults.md 0.1), and every RDATA field is fetched through a checked
 * count (0.2). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/dns/answer.h"
#include "lib/dns/name.h"

enum {
	MXW_EDNS_SIZE = 1232, /* octets that we accept over UDP: no fragments on the way (DNS flag day 2020) */
	MXW_QUERY_MAX = 12 + MXW_NAME_WIRE_MAX + 4 + 11,
	MXW_MESSAGE_MAX = 65535,
};

struct mxw_question {
	const char *name; /* canonical */
	uint16_t type;    /* class IN always */
	bool direct;      /* asked of a server of the zone, without recursion; else of a resolver */
};

struct mxw_query_options {
	bool edns;
	bool checking_disabled; /* CD=1 (RFC 4035 3.2.2) */
	uint64_t case_bits;     /* 0x20: letter i of the name is upper case if bit (i mod 64) is set; 0: as it is */
};

/* Writes a query with RD=1 and AD=1 (RFC 6840 5.7: tell us about validation), a direct one with RD=0 and AD=0. Returns its
 * length, or -EINVAL for a name that has no wire form. */
int mxw_wire_query(const struct mxw_question *question, uint16_t id, const struct mxw_query_options *options,
		   uint8_t ret[MXW_QUERY_MAX]);

/* First look at a message, before ldns sees it: does it answer this query at all? (RFC 5452 9.1) A resolver without
 * 0x20, or asked over TCP, may take MXW_MATCH_CASE as MXW_MATCH_OK. */
enum mxw_match {
	MXW_MATCH_OK,
	MXW_MATCH_NOT_OURS,    /* too short, QR=0, opcode, id, or another question: ignore, go on waiting */
	MXW_MATCH_CASE,        /* ours but for the letter case of the question (0x20): retry over TCP */
	MXW_MATCH_NO_QUESTION, /* ours by id; QDCOUNT 0 with an error rcode, as some servers send FORMERR or REFUSED */
};
enum mxw_match mxw_wire_match(const uint8_t *packet, size_t n, const uint8_t *query, size_t n_query);

/* What one message says about the question, after following the aliases inside the packet. */
enum mxw_reading {
	MXW_READING_DONE,      /* parts hold the answer */
	MXW_READING_UNPROVEN,  /* a denial without proof (RFC 2308 2.2 type 3), over UDP only: ask again over TCP */
	MXW_READING_TRUNCATED, /* TC=1: ask over TCP */
	/* The chain leaves the packet. Ask for the last name of parts->chain at the same resolver; a direct question ends
	 * here, with a REFERRAL in the parts: the name may be in another zone. */
	MXW_READING_CONTINUE,
	MXW_READING_MALFORMED, /* unparsable: as if it had not arrived */
};

/* How the message came. The second time over UDP is for want of TCP: there is no better source, so nothing is UNPROVEN; but what
 * TC=1 cut off is cut off. */
enum mxw_via { MXW_VIA_UDP, MXW_VIA_UDP_AGAIN, MXW_VIA_TCP };

struct mxw_message; /* a parsed message with its memory */
/* Takes a copy of what it needs. -ENOMEM; -EBADMSG unparsable (of a message with TC=1 the header is enough: RFC 2181 9). */
int mxw_message_parse(struct mxw_message **ret, const uint8_t *packet, size_t n);
void mxw_message_free(struct mxw_message *message);

/* Reads the message as the response to `question`, the one that was asked first. `chain` holds the aliases followed in
 * earlier messages (n_chain of them, MXW_MAX_CHAIN at most): their end is what was asked now. The parts are filled for
 * every reading; their chain begins with the earlier aliases and holds MXW_MAX_CHAIN at most; their TTL is that of this
 * message, so a caller that continues keeps the smallest. For UNPROVEN they hold the denial that it may become.
 * Borrowed from `message`, `question` and `chain` while these live.
 *
 * A direct question is answered, or denied, with AA=1 only, and AA speaks for the question's name, not for what its
 * aliases lead to (RFC 1035 4.1.1). As no answer is without AA, AA alone proves no absence: an empty message without SOA
 * is UNPROVEN (RFC 2308 2.2). What rcode 0 or 3 says otherwise is a REFERRAL, one of three:
 *   head.referral is set   the server refers to others: NS records of the name or an ancestor, and nothing else
 *                          (RFC 1034 4.3.2 step 3b)
 *   n_chain > 0            an alias whose end is not in the packet (CONTINUE): to be asked for elsewhere
 *   neither                AA=0: the server does not serve the zone, it is lame (RFC 1912 2.8); TTL 0 */
enum mxw_reading mxw_message_read(struct mxw_message *message, const struct mxw_question *question,
				  const char *const *chain, size_t n_chain, enum mxw_via via,
				  struct mxw_answer_parts *ret);
