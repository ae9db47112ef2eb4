/* Responses to "example.org", octet by octet, with what they say: the one table of the wire tests. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/unit/dns_packet.h"

enum { RESPONSE_FLAGS = FLAG_QR | FLAG_RD | FLAG_RA };

#define QNAME "example.org"

struct response {
	const char *name;
	void (*build)(struct packet *p);
	uint16_t flags; /* of the header, turned over against QR, RD, RA */
	uint16_t type;  /* 0: MX */
	bool tcp;
	const char *expected;
	bool direct; /* the question was */
};

extern const struct response good_responses[], hostile_responses[], direct_responses[], hostile_direct_responses[];
extern const size_t n_good_responses, n_hostile_responses, n_direct_responses, n_hostile_direct_responses;

/* Two MX: an exchange of 115 octets, and one of n labels of two octets that continues with it. */
void put_name_with_tail(struct packet *p, unsigned n_labels);

void begin_response(struct packet *p, const struct response *row);
