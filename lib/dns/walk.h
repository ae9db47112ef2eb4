/* The frame of a DNS message (RFC 1035 4.1): where its names and records begin and end, every offset checked. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MXW_HEADER_SIZE = 12,
	MXW_RR_FIXED_SIZE = 10, /* TYPE, CLASS, TTL, RDLENGTH */
	MXW_RR_MIN_SIZE = 1 + MXW_RR_FIXED_SIZE,
	MXW_CLASS_IN = 1,
};

struct mxw_walk {
	const uint8_t *packet;
	size_t n, at; /* at <= n */
};

struct mxw_raw_rr {
	size_t start, rdata, end; /* offsets into the packet */
	uint16_t type, class;
	uint32_t ttl; /* as sent; EDNS keeps the extended rcode here */
};

/* Octets that the name at `start` takes there (a pointer ends it); 0 if it is none. A pointer must lead to before the
 * part of the name that it continues (RFC 1035 4.1.4 "prior"): neither forward nor in circles. */
size_t mxw_walk_name(const uint8_t *packet, size_t n, size_t start);

/* Step over the next question or record; false if the message does not hold it whole. */
bool mxw_walk_question(struct mxw_walk *walk);
bool mxw_walk_rr(struct mxw_walk *walk, struct mxw_raw_rr *ret);

static inline uint16_t mxw_read_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t mxw_read_u32(const uint8_t *p)
{
	return (uint32_t)mxw_read_u16(p) << 16 | mxw_read_u16(p + 2);
}
