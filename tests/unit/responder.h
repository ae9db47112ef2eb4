/* A scripted DNS server on 127.0.0.1 that lives in the loop of the test: the n-th query gets the n-th act. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/loop.h"
#include "lib/dns/upstream.h"

enum act {
	ACT_A, /* 192.0.2.1, TTL 60 */
	ACT_A_TTL_0,
	ACT_DROP,
	ACT_TRUNCATED,
	ACT_WRONG_ID, /* followed by the right answer, as those below */
	ACT_WRONG_QUESTION,
	ACT_NO_RESPONSE_BIT,
	ACT_GARBAGE,    /* our id and question, cut behind it */
	ACT_FORGED,     /* four answers with the right id and another question, no right one */
	ACT_GUESSED,    /* forty answers with random ids, no right one */
	ACT_LATE,       /* LATE_MS after the first one of them */
	ACT_LOWER_CASE, /* the question in lower case */
	ACT_FORMERR,
	ACT_FORMERR_HEADER, /* a bare header */
	ACT_SERVFAIL,
	ACT_BOGUS, /* SERVFAIL with EDE 6 and a text */
	ACT_REFUSED,
	ACT_NXDOMAIN, /* with an SOA of example.org */
	ACT_NODATA,   /* neither SOA nor AA */
	ACT_ALIAS,    /* CNAME n<k>.example.org with growing k, and nothing else */
	ACT_REFERRAL, /* NS of example.org, TTL 50, and its address 192.0.2.53 */
	ACT_CLOSE,    /* TCP: without an answer */
	ACT_DRIP,     /* TCP: one octet, then silence */
	ACT_WITH_AA = 0x100,
};

/* The same from a server of the zone: AA=1, RA=0. */
#define AA(what) ((enum act)((what) | ACT_WITH_AA))

enum { MAX_SEEN = 256, MAX_LATE = 64, LATE_MS = 600 };

struct seen {
	bool over_tcp, edns, checking_disabled;
	bool recursion_desired, authentic; /* RD, AD */
	uint16_t id, port;                 /* of the client */
	char name[256];
};

struct responder {
	struct mxw_loop *loop;
	int udp, tcp, client;
	struct mxw_io udp_io, tcp_io, client_io;
	struct mxw_timer late_timer;
	uint16_t port;
	const enum act *acts; /* the last one repeats */
	size_t n_acts;
	size_t n_seen;
	struct seen seen[MAX_SEEN]; /* the first ones */
	unsigned n_aliases;
	struct {
		uint8_t packet[512];
		size_t n;
		uint16_t port;
	} late[MAX_LATE];
	size_t n_late;
};

void responder_start(struct responder *responder, struct mxw_loop *loop, const enum act *acts, size_t n_acts);
void responder_stop(struct responder *responder);
struct mxw_endpoint responder_endpoint(uint16_t port);
uint16_t responder_unused_port(void);
