/* Messages built octet by octet, for tests. Names are written uncompressed unless a pointer is asked for. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "lib/dns/name.h"
#include "lib/dns/type.h"

enum { SECTION_ANSWER = 1, SECTION_AUTHORITY = 2, SECTION_ADDITIONAL = 3 };
enum { FLAG_QR = 0x8000, FLAG_AA = 0x0400, FLAG_TC = 0x0200, FLAG_RD = 0x0100, FLAG_RA = 0x0080, FLAG_AD = 0x0020 };

struct packet {
	uint8_t octets[65535];
	size_t n;
	size_t rdlength_at; /* of the record that is open */
};

static inline void put_octets(struct packet *p, const void *octets, size_t n)
{
	memcpy(p->octets + p->n, octets, n);
	p->n += n;
}

static inline void put_u8(struct packet *p, unsigned value)
{
	p->octets[p->n++] = (uint8_t)value;
}

static inline void put_u16(struct packet *p, unsigned value)
{
	put_u8(p, value >> 8);
	put_u8(p, value);
}

static inline void put_u32(struct packet *p, uint32_t value)
{
	put_u16(p, value >> 16);
	put_u16(p, value & 0xffff);
}

static inline void put_name(struct packet *p, const char *name)
{
	uint8_t wire[MXW_NAME_WIRE_MAX];
	int n = mxw_name_to_wire(name, wire);
	put_octets(p, wire, n > 0 ? (size_t)n : 0);
}

static inline void put_pointer(struct packet *p, size_t target)
{
	put_u16(p, 0xc000u | (unsigned)target);
}

/* Header and question; name NULL: no question. */
static inline void packet_begin(struct packet *p, unsigned flags, const char *name, unsigned type)
{
	p->n = 0;
	put_u16(p, 0x1234);
	put_u16(p, flags);
	put_u16(p, name ? 1 : 0);
	put_u16(p, 0);
	put_u32(p, 0);
	if (!name)
		return;
	put_name(p, name);
	put_u16(p, type);
	put_u16(p, 1);
}

/* Counts a record of the section; what follows the owner name (put before by the caller). */
static inline void put_fixed(struct packet *p, unsigned section, unsigned type, unsigned class, uint32_t ttl)
{
	p->octets[5 + 2 * section]++;
	if (p->octets[5 + 2 * section] == 0)
		p->octets[4 + 2 * section]++;
	put_u16(p, type);
	put_u16(p, class);
	put_u32(p, ttl);
	p->rdlength_at = p->n;
	put_u16(p, 0);
}

static inline void rr_begin(struct packet *p, unsigned section, const char *owner, unsigned type, uint32_t ttl)
{
	put_name(p, owner);
	put_fixed(p, section, type, 1, ttl);
}

static inline void rr_end(struct packet *p)
{
	size_t n = p->n - p->rdlength_at - 2;
	p->octets[p->rdlength_at] = (uint8_t)(n >> 8);
	p->octets[p->rdlength_at + 1] = (uint8_t)n;
}

/* NS, CNAME, PTR, DNAME. */
static inline void put_name_rr(struct packet *p, unsigned section, const char *owner, unsigned type, uint32_t ttl,
			       const char *target)
{
	rr_begin(p, section, owner, type, ttl);
	put_name(p, target);
	rr_end(p);
}

static inline void put_mx(struct packet *p, unsigned section, const char *owner, uint32_t ttl, unsigned preference,
			  const char *host)
{
	rr_begin(p, section, owner, MXW_TYPE_MX, ttl);
	put_u16(p, preference);
	put_name(p, host);
	rr_end(p);
}

static inline void put_raw(struct packet *p, unsigned section, const char *owner, unsigned type, uint32_t ttl,
			   const void *rdata, size_t n)
{
	rr_begin(p, section, owner, type, ttl);
	put_octets(p, rdata, n);
	rr_end(p);
}

static inline void put_soa(struct packet *p, const char *owner, uint32_t ttl, uint32_t minimum)
{
	rr_begin(p, SECTION_AUTHORITY, owner, MXW_TYPE_SOA, ttl);
	put_name(p, "ns.example.net");
	put_name(p, "hostmaster.example.net");
	for (uint32_t i = 1; i <= 4; i++)
		put_u32(p, i);
	put_u32(p, minimum);
	rr_end(p);
}

/* OPT with the upper octet of the extended rcode; options follow until rr_end. */
static inline void opt_begin(struct packet *p, unsigned extended_rcode)
{
	put_u8(p, 0);
	put_fixed(p, SECTION_ADDITIONAL, MXW_TYPE_OPT, 1232, (uint32_t)extended_rcode << 24);
}

static inline void put_ede(struct packet *p, unsigned code, const char *text)
{
	put_u16(p, 15);
	put_u16(p, (unsigned)(2 + strlen(text)));
	put_u16(p, code);
	put_octets(p, text, strlen(text));
}

static inline void put_opt_ede(struct packet *p, unsigned code, const char *text)
{
	opt_begin(p, 0);
	put_ede(p, code, text);
	rr_end(p);
}
