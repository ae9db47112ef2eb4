/* The outcome classes, from parsed responses: one row a rule. Packets are test_dns_wire's matter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/strbuf.h"
#include "lib/base/util.h"
#include "lib/dns/referral.h"

enum { MAX_RECORDS = 14, MAX_AUTHORITY = 5, MAX_GLUE = 6 };

static const uint8_t soa_rdata[24] = { [23] = 200 }; /* two root names, four numbers, MINIMUM 200 */
static const uint8_t soa_rdata_huge[24] = { [20] = 0x80 };

/* clang-format off */
#define NAMED(owner_, type_, target, ttl_) { owner_, { .type = type_, .ttl = ttl_, .name = target } }
#define DENIAL(owner_, ttl_, octets) { owner_, { .type = MXW_TYPE_SOA, .ttl = ttl_, .rdata = octets, .n_rdata = sizeof(octets) } }
#define OTHER(owner_) { owner_, { .type = MXW_TYPE_TXT, .ttl = 1 } }
#define GLUE4(owner_, last, ttl_) { owner_, { .type = MXW_TYPE_A, .ttl = ttl_, .n_rdata = 4, .rdata = (const uint8_t *)"\xc0\0\2" last } }
#define GLUE6(owner_, last, ttl_) { owner_, { .type = MXW_TYPE_AAAA, .ttl = ttl_, .n_rdata = 16, .rdata = (const uint8_t *)"\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0" last } }
/* clang-format on */
#define CNAME(owner, target, ttl) NAMED(owner, MXW_TYPE_CNAME, target, ttl)
#define DNAME(owner, target, ttl) NAMED(owner, MXW_TYPE_DNAME, target, ttl)
#define MX(owner, host, ttl) NAMED(owner, MXW_TYPE_MX, host, ttl)
#define NS(owner) NAMED(owner, MXW_TYPE_NS, "ns.example.net", 50)
#define NS_AT(owner, host, ttl) NAMED(owner, MXW_TYPE_NS, host, ttl)
#define SOA(owner, ttl) DENIAL(owner, ttl, soa_rdata)
#define SOA_HUGE(owner) DENIAL(owner, 90, soa_rdata_huge)

#define A MX("a.org", "mx.a.org", 60) /* the answer that is asked for */
#define CHAIN10                                                                                                      \
	CNAME("a.org", "1", 60), CNAME("1", "2", 60), CNAME("2", "3", 60), CNAME("3", "4", 60), CNAME("4", "5", 60), \
		CNAME("5", "6", 60), CNAME("6", "7", 60), CNAME("7", "8", 60), CNAME("8", "9", 60),                  \
		CNAME("9", "10", 60)

/* ede is shifted by one so that 0 means none. Results read "reading outcome chain | records ttl[ soa]", and of a referral
 * "cut/ttl: servers, addresses with the number of their server". */
#define EDE(code) .ede_plus_1 = (code) + 1

struct row {
	const char *name;
	uint16_t rcode, type; /* type 0: MX */
	bool direct, aa, no_ra, tc, tcp, again, cut;
	int32_t ede_plus_1;
	struct mxw_record answer[MAX_RECORDS], authority[MAX_AUTHORITY], glue[MAX_GLUE];
	const char *earlier[MXW_MAX_CHAIN];
	const char *result;
};

static const struct row rows[] = {
	/* answers */
	{ "answer", .answer = { A }, .result = "done answer | mx.a.org 60" },
	{ "answer, authoritative server", .aa = true, .no_ra = true, .answer = { A },
	  .result = "done answer | mx.a.org 60" },
	{ "answer, neither RA nor AA", .no_ra = true, .answer = { A }, .result = "done answer | mx.a.org 60" },
	{ "answer with the zone's NS", .answer = { A }, .authority = { NS("a.org") },
	  .result = "done answer | mx.a.org 60" },
	{ "smallest TTL of the set", .answer = { A, MX("a.org", "mx2.a.org", 30) },
	  .result = "done answer | mx.a.org mx2.a.org 30" },
	{ "strangers are ignored",
	  .answer = { MX("evil.org", "mx.evil.org", 1), A, OTHER("a.org"), CNAME("evil.org", "a.org", 1) },
	  .result = "done answer | mx.a.org 60" },
	{ "through a CNAME", .answer = { CNAME("a.org", "b.org", 20), MX("b.org", "mx.b.org", 60) },
	  .result = "done answer b.org | mx.b.org 20" },
	{ "through a CNAME, order turned", .answer = { MX("b.org", "mx.b.org", 60), CNAME("a.org", "b.org", 20) },
	  .result = "done answer b.org | mx.b.org 20" },
	{ "records at the alias do not count",
	  .answer = { CNAME("a.org", "b.org", 20), A, MX("b.org", "mx.b.org", 60) },
	  .result = "done answer b.org | mx.b.org 20" },
	{ "two CNAMEs: the order of records does not matter",
	  .answer = { CNAME("a.org", "c.org", 20), CNAME("a.org", "b.org", 20), MX("b.org", "mx.b.org", 60) },
	  .result = "done answer b.org | mx.b.org 20" },
	{ "two CNAMEs, turned",
	  .answer = { CNAME("a.org", "b.org", 20), CNAME("a.org", "c.org", 20), MX("b.org", "mx.b.org", 60) },
	  .result = "done answer b.org | mx.b.org 20" },
	{ "the CNAME itself is asked for", .type = MXW_TYPE_CNAME,
	  .answer = { CNAME("a.org", "b.org", 20), CNAME("b.org", "c.org", 5) }, .result = "done answer | b.org 20" },
	{ "ten aliases", .answer = { CHAIN10, MX("10", "mx", 60) },
	  .result = "done answer 1 2 3 4 5 6 7 8 9 10 | mx 60" },
	{ "the second packet of a chain", .answer = { MX("c.org", "mx.c.org", 60) }, .earlier = { "b.org", "c.org" },
	  .result = "done answer b.org c.org | mx.c.org 60" },
	{ "what belongs to the first packet's name does not count in the second",
	  .answer = { A, MX("c.org", "mx.c.org", 50) }, .earlier = { "c.org" },
	  .result = "done answer c.org | mx.c.org 50" },

	/* DNAME */
	{ "DNAME without its CNAME", .answer = { DNAME("org", "net", 20), MX("a.net", "mx.a.net", 60) },
	  .result = "done answer a.net | mx.a.net 20" },
	{ "DNAME with its CNAME",
	  .answer = { DNAME("org", "net", 20), CNAME("a.org", "a.net", 10), MX("a.net", "mx.a.net", 60) },
	  .result = "done answer a.net | mx.a.net 10" },
	{ "DNAME to the root", .answer = { DNAME("org", ".", 30), MX("a", "mx.a", 60) },
	  .result = "done answer a | mx.a 30" },
	{ "DNAME at the root, into a loop",
	  .answer = { DNAME(".", "x", 20), DNAME("org.x", ".", 30), DNAME("x", "org", 5) },
	  .result = "done loop a.org.x a a.x a.org | 5" },
	{ "DNAME does not hold for its own owner", .answer = { DNAME("a.org", "net", 20), A },
	  .result = "done answer | mx.a.org 60" },
	{ "DNAME of another branch", .answer = { DNAME("b.org", "net", 20), A },
	  .result = "done answer | mx.a.org 60" },
	{ "the nearest DNAME",
	  .answer = { DNAME("org", "x", 20), DNAME("b.org", "net", 30), MX("a.net", "mx.a.net", 60) },
	  .earlier = { "a.b.org" }, .result = "done answer a.b.org a.net | mx.a.net 30" },
	{ "two DNAMEs at one owner: the order does not matter",
	  .answer = { DNAME("org", "net", 20), DNAME("org", "com", 20), MX("a.com", "mx.a.com", 60) },
	  .result = "done answer a.com | mx.a.com 20" },
	{ "DNAME onto itself grows until there are too many", .answer = { DNAME("org", "b.org", 20) },
	  .result = "done loop a.b.org a.b.b.org a.b.b.b.org a.b.b.b.b.org a.b.b.b.b.b.org a.b.b.b.b.b.b.org "
		    "a.b.b.b.b.b.b.b.org "
		    "a.b.b.b.b.b.b.b.b.org a.b.b.b.b.b.b.b.b.b.org a.b.b.b.b.b.b.b.b.b.b.org | 20" },
	{ "DNAME loop", .answer = { DNAME("org", "net", 20), DNAME("net", "org", 20) },
	  .result = "done loop a.net a.org | 20" },
#define L63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
	{ "DNAME to a name that is too long",
	  .answer = { DNAME("org",
			    L63 "." L63 "." L63 "."
				"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi",
			    20) },
	  .result = "malformed" },

	/* loops */
	{ "loop of one", .answer = { CNAME("a.org", "a.org", 60) }, .result = "done loop a.org | 60" },
	{ "loop of two", .answer = { CNAME("a.org", "b.org", 60), CNAME("b.org", "a.org", 30) },
	  .result = "done loop b.org a.org | 30" },
	{ "loop behind an alias",
	  .answer = { CNAME("c.org", "b.org", 60), CNAME("a.org", "b.org", 60), CNAME("b.org", "c.org", 60) },
	  .result = "done loop b.org c.org b.org | 60" },
	{ "loop over packets", .answer = { CNAME("c.org", "b.org", 60) }, .earlier = { "b.org", "c.org" },
	  .result = "done loop b.org c.org b.org | 60" },
	{ "loop over packets to the question", .answer = { CNAME("b.org", "a.org", 60) }, .earlier = { "b.org" },
	  .result = "done loop b.org a.org | 60" },
	{ "eleven aliases", .answer = { CHAIN10, CNAME("10", "11", 60), MX("11", "mx", 60) },
	  .result = "done loop 1 2 3 4 5 6 7 8 9 10 | 60" },
	{ "eleven aliases over packets", .answer = { CNAME("10", "11", 60) },
	  .earlier = { "1", "2", "3", "4", "5", "6", "7", "8", "9", "10" },
	  .result = "done loop 1 2 3 4 5 6 7 8 9 10 | 2147483647" },
	{ "ten aliases over packets", .answer = { MX("10", "mx", 60) },
	  .earlier = { "1", "2", "3", "4", "5", "6", "7", "8", "9", "10" },
	  .result = "done answer 1 2 3 4 5 6 7 8 9 10 | mx 60" },
	{ "loop with NXDOMAIN", .rcode = 3, .answer = { CNAME("a.org", "a.org", 60) },
	  .result = "done loop a.org | 60" },

	/* denials */
	{ "NXDOMAIN", .rcode = 3, .authority = { SOA("org", 300) }, .result = "done nxdomain | 200 org" },
	{ "NXDOMAIN, TTL of the SOA is smaller", .rcode = 3, .authority = { SOA("org", 100) },
	  .result = "done nxdomain | 100 org" },
	{ "NXDOMAIN, MINIMUM with the top bit", .rcode = 3, .authority = { SOA_HUGE("org") },
	  .result = "done nxdomain | 0 org" },
	{ "NXDOMAIN without SOA", .rcode = 3, .result = "done nxdomain | 0" },
	{ "NXDOMAIN with a foreign SOA", .rcode = 3, .authority = { SOA("net", 300) },
	  .result = "unproven nxdomain | 0" },
	{ "NXDOMAIN with a foreign SOA over TCP", .rcode = 3, .tcp = true, .authority = { SOA("net", 300) },
	  .result = "done malformed | 0" },
	{ "NXDOMAIN with a foreign SOA, the second time over UDP", .rcode = 3, .again = true,
	  .authority = { SOA("net", 300) }, .result = "done malformed | 0" },
	{ "NXDOMAIN with a foreign SOA and the zone's", .rcode = 3, .authority = { SOA("net", 300), SOA("org", 300) },
	  .result = "done nxdomain | 200 org" },
	{ "NXDOMAIN with NS alone", .rcode = 3, .authority = { NS("org") }, .result = "done nxdomain | 0" },
	{ "NXDOMAIN by AA, foreign SOA", .rcode = 3, .aa = true, .authority = { SOA("net", 300) },
	  .result = "done nxdomain | 0" },
	{ "NXDOMAIN of the chain's end", .rcode = 3, .answer = { CNAME("a.org", "b.net", 50) },
	  .authority = { SOA("net", 300) }, .result = "done nxdomain b.net | 50 net" },
	{ "NXDOMAIN: the SOA is one for the end, not for the question", .rcode = 3,
	  .answer = { CNAME("a.org", "b.net", 50) }, .authority = { SOA("org", 300) },
	  .result = "continue answer b.net | 50" },
	{ "NXDOMAIN with records of the name", .rcode = 3, .answer = { A }, .authority = { SOA("org", 300) },
	  .result = "done nxdomain | 200 org" },
	{ "the nearest SOA", .rcode = 3, .authority = { SOA(".", 10), SOA("a.org", 20), SOA("org", 30) },
	  .result = "done nxdomain | 20 a.org" },
	{ "NODATA by SOA", .authority = { SOA("a.org", 300) }, .result = "done nodata | 200 a.org" },
	{ "NODATA by the root's SOA", .authority = { SOA(".", 300) }, .result = "done nodata | 200 ." },
	{ "NODATA by SOA, with NS", .authority = { NS("a.org"), SOA("a.org", 300) },
	  .result = "done nodata | 200 a.org" },
	{ "NODATA by SOA, neither RA nor AA", .no_ra = true, .authority = { SOA("a.org", 300) },
	  .result = "done nodata | 200 a.org" },
	{ "NODATA by AA", .aa = true, .result = "done nodata | 0" },
	{ "NODATA by AA, no recursion", .aa = true, .no_ra = true, .result = "done nodata | 0" },
	{ "NODATA by AA with RA, NS present", .aa = true, .authority = { NS("a.org") }, .result = "done nodata | 0" },
	{ "NODATA by AA, foreign SOA", .aa = true, .authority = { SOA("net", 300) }, .result = "done nodata | 0" },
	{ "NODATA of the chain's end", .answer = { CNAME("a.org", "b.net", 50) }, .authority = { SOA("net", 300) },
	  .result = "done nodata b.net | 50 net" },
	{ "NODATA, other types are there", .answer = { OTHER("a.org") }, .authority = { SOA("a.org", 300) },
	  .result = "done nodata | 200 a.org" },

	/* no proof */
	{ "nothing over UDP", .result = "unproven nodata | 0" },
	{ "nothing over TCP", .tcp = true, .result = "done nodata | 0" },
	{ "a foreign SOA proves nothing", .authority = { SOA("net", 300) }, .result = "unproven nodata | 0" },
	{ "an SOA below proves nothing", .authority = { SOA("x.a.org", 300) }, .result = "unproven nodata | 0" },
	{ "an SOA of a name with the same end proves nothing", .authority = { SOA("rg", 300) },
	  .result = "unproven nodata | 0" },
	{ "a foreign SOA over TCP proves nothing either", .tcp = true, .authority = { SOA("net", 300) },
	  .result = "done malformed | 0" },
	{ "only strangers", .answer = { MX("evil.org", "mx.evil.org", 1) }, .result = "unproven nodata | 0" },
	{ "only strangers over TCP", .tcp = true, .answer = { MX("evil.org", "mx.evil.org", 1) },
	  .result = "done malformed | 0" },
	{ "only strangers, AA", .aa = true, .answer = { MX("evil.org", "mx.evil.org", 1) },
	  .result = "unproven nodata | 0" },
	{ "only strangers, but the zone's SOA", .answer = { MX("evil.org", "mx.evil.org", 1) },
	  .authority = { SOA("a.org", 300) }, .result = "done nodata | 200 a.org" },
	{ "other types over TCP are no strangers", .tcp = true, .answer = { OTHER("a.org") },
	  .result = "done nodata | 0" },
	{ "nothing for the second name", .earlier = { "b.org" }, .result = "unproven nodata b.org | 0" },
	{ "nothing for the second name over TCP", .tcp = true, .earlier = { "b.org" },
	  .result = "done nodata b.org | 0" },
	{ "the alias leaves the packet", .answer = { CNAME("a.org", "b.net", 50) },
	  .result = "continue answer b.net | 50" },
	{ "the alias leaves the packet, over TCP", .tcp = true, .answer = { CNAME("a.org", "b.net", 50) },
	  .result = "continue answer b.net | 50" },
	{ "the alias leaves the packet, AA is about the alias", .aa = true, .no_ra = true,
	  .answer = { CNAME("a.org", "b.net", 50) }, .result = "continue answer b.net | 50" },
	{ "the alias leaves the packet, foreign SOA", .answer = { CNAME("a.org", "b.net", 50) },
	  .authority = { SOA("org", 300) }, .result = "continue answer b.net | 50" },
	{ "the alias leaves the second packet", .answer = { CNAME("b.org", "c.org", 50) }, .earlier = { "b.org" },
	  .result = "continue answer b.org c.org | 50" },
	{ "DNAME leaves the packet", .answer = { DNAME("org", "net", 50) }, .result = "continue answer a.net | 50" },

	/* referrals */
	{ "referral", .no_ra = true, .authority = { NS("org") }, .result = "done referral | 0" },
	{ "referral with RA", .authority = { NS("org") }, .result = "done referral | 0" },
	{ "referral with AA", .aa = true, .no_ra = true, .authority = { NS("org") }, .result = "done referral | 0" },
	{ "referral with a foreign SOA", .authority = { NS("org"), SOA("net", 300) }, .result = "done referral | 0" },
	{ "neither RA nor AA nor records", .no_ra = true, .result = "unproven nodata | 0" },
	{ "neither RA nor AA, over TCP", .no_ra = true, .tcp = true, .result = "done nodata | 0" },
	{ "the alias leaves the packet, neither RA nor AA", .no_ra = true, .answer = { CNAME("a.org", "b.net", 50) },
	  .result = "continue answer b.net | 50" },

	/* rcodes */
	{ "FORMERR", .rcode = 1, .result = "done formerr | 0" },
	{ "SERVFAIL", .rcode = 2, .result = "done servfail | 0" },
	{ "SERVFAIL with a chain and records", .rcode = 2, .answer = { CNAME("a.org", "b.org", 50), A },
	  .result = "done servfail | 0" },
	{ "SERVFAIL of the second name", .rcode = 2, .earlier = { "b.org" }, .result = "done servfail b.org | 0" },
	{ "NOTIMP", .rcode = 4, .result = "done notimp | 0" },
	{ "REFUSED", .rcode = 5, .answer = { A }, .result = "done refused | 0" },
	{ "YXDOMAIN", .rcode = 6, .result = "done malformed | 0" },
	{ "NOTAUTH", .rcode = 9, .result = "done malformed | 0" },
	{ "BADVERS", .rcode = 16, .result = "done formerr | 0" },
	{ "BADCOOKIE", .rcode = 23, .result = "done malformed | 0" },
	{ "an rcode whose low bits are NXDOMAIN's", .rcode = 0x13, .result = "done malformed | 0" },

	/* extended errors */
	{ "SERVFAIL, other error", .rcode = 2, EDE(0), .result = "done servfail | 0" },
	{ "SERVFAIL, EDE 5", .rcode = 2, EDE(5), .result = "done servfail | 0" },
	{ "SERVFAIL, EDE 6", .rcode = 2, EDE(6), .result = "done bogus | 0" },
	{ "SERVFAIL, EDE 12", .rcode = 2, EDE(12), .result = "done bogus | 0" },
	{ "SERVFAIL, EDE 13", .rcode = 2, EDE(13), .result = "done servfail | 0" },
	{ "SERVFAIL, EDE 22", .rcode = 2, EDE(22), .result = "done servfail | 0" },
	{ "REFUSED, EDE 6", .rcode = 5, EDE(6), .result = "done refused | 0" },
	{ "answer, EDE 6", EDE(6), .answer = { A }, .result = "done answer | mx.a.org 60" },
	{ "answer, EDE 3", EDE(3), .answer = { A }, .result = "done answer | mx.a.org 60" },
	{ "answer, EDE 4", EDE(4), .answer = { A }, .result = "done filtered | 0" },
	{ "NXDOMAIN, EDE 15", .rcode = 3, EDE(15), .authority = { SOA("org", 300) }, .result = "done filtered | 0" },
	{ "REFUSED, EDE 16", .rcode = 5, EDE(16), .result = "done filtered | 0" },
	{ "SERVFAIL, EDE 17", .rcode = 2, EDE(17), .result = "done filtered | 0" },
	{ "NODATA, EDE 18", EDE(18), .authority = { SOA("org", 300) }, .result = "done filtered | 0" },
	{ "NXDOMAIN, EDE 14", .rcode = 3, EDE(14), .result = "done nxdomain | 0" },
	{ "NXDOMAIN, EDE 19", .rcode = 3, EDE(19), .result = "done nxdomain | 0" },

	/* truncation */
	{ "truncated", .tc = true, .answer = { A }, .result = "truncated" },
	{ "truncated SERVFAIL", .tc = true, .rcode = 2, .result = "truncated" },
	{ "truncated and filtered", .tc = true, EDE(15), .result = "truncated" },
	{ "truncated in the middle of a record", .tc = true, .cut = true, .result = "truncated" },
	{ "truncated, the second time over UDP", .tc = true, .again = true, .answer = { A }, .result = "truncated" },
	{ "nothing, the second time over UDP", .again = true, .result = "done nodata | 0" },
	{ "a foreign SOA, the second time over UDP", .again = true, .authority = { SOA("net", 300) },
	  .result = "done malformed | 0" },
	{ "only strangers, the second time over UDP", .again = true, .answer = { MX("evil.org", "mx.evil.org", 1) },
	  .result = "done malformed | 0" },
	{ "TC over TCP has no meaning", .tc = true, .tcp = true, .answer = { A },
	  .result = "done answer | mx.a.org 60" },
	{ "TC over TCP and nothing else proves nothing", .tc = true, .tcp = true, .result = "done truncated | 0" },
	{ "TC over TCP and AA", .tc = true, .tcp = true, .aa = true, .result = "done truncated | 0" },
	{ "TC over TCP behind the SOA", .tc = true, .tcp = true, .authority = { SOA("a.org", 300) },
	  .result = "done nodata | 200 a.org" },
	{ "cut over TCP", .tc = true, .tcp = true, .cut = true, .result = "malformed" },

	/* direct questions: what counts */
	{ "direct: answer", .direct = true, .aa = true, .no_ra = true, .answer = { A }, .authority = { NS("a.org") },
	  .result = "done answer | mx.a.org 60" },
	{ "direct: answer with RA", .direct = true, .aa = true, .answer = { A },
	  .result = "done answer | mx.a.org 60" },
	{ "direct: NODATA", .direct = true, .aa = true, .authority = { SOA("org", 300) },
	  .result = "done nodata | 200 org" },
	{ "direct: NODATA with NS", .direct = true, .aa = true, .authority = { NS("org"), SOA("org", 300) },
	  .result = "done nodata | 200 org" },
	{ "direct: NXDOMAIN", .direct = true, .aa = true, .rcode = 3, .authority = { SOA("org", 300) },
	  .result = "done nxdomain | 200 org" },
	{ "direct: NXDOMAIN without SOA", .direct = true, .aa = true, .rcode = 3, .result = "done nxdomain | 0" },
	{ "direct: NXDOMAIN with a foreign SOA", .direct = true, .aa = true, .rcode = 3,
	  .authority = { SOA("net", 300) }, .result = "unproven nxdomain | 0" },
	{ "direct: nothing but AA", .direct = true, .aa = true, .no_ra = true, .result = "unproven nodata | 0" },
	{ "direct: nothing but AA, over TCP", .direct = true, .aa = true, .no_ra = true, .tcp = true,
	  .result = "done nodata | 0" },
	{ "direct: nothing but AA, the second time over UDP", .direct = true, .aa = true, .again = true,
	  .result = "done nodata | 0" },
	{ "direct: a foreign SOA over TCP", .direct = true, .aa = true, .tcp = true, .authority = { SOA("net", 300) },
	  .result = "done malformed | 0" },
	{ "direct: an alias inside", .direct = true, .aa = true,
	  .answer = { CNAME("a.org", "b.org", 20), MX("b.org", "mx.b.org", 60) },
	  .result = "done answer b.org | mx.b.org 20" },
	{ "direct: loop", .direct = true, .aa = true, .answer = { CNAME("a.org", "a.org", 60) },
	  .result = "done loop a.org | 60" },
	{ "direct: truncated", .direct = true, .tc = true, .authority = { NS("a.org") }, .result = "truncated" },
	{ "direct: REFUSED", .direct = true, .rcode = 5, .result = "done refused | 0" },
	{ "direct: SERVFAIL", .direct = true, .rcode = 2, .authority = { NS("a.org") }, .result = "done servfail | 0" },

	/* direct questions: aliases that lead away */
	{ "direct: the alias leaves the packet", .direct = true, .aa = true, .answer = { CNAME("a.org", "b.net", 50) },
	  .result = "continue referral b.net | 50" },
	{ "direct: the alias leads below a cut", .direct = true, .aa = true, .no_ra = true,
	  .answer = { CNAME("a.org", "b.c.org", 50) }, .authority = { NS("c.org") },
	  .glue = { GLUE4("ns.example.net", "\1", 5) }, .result = "continue referral b.c.org | 50" },
	{ "direct: the alias leads to what does not exist", .direct = true, .aa = true, .rcode = 3,
	  .answer = { CNAME("a.org", "b.org", 50) }, .authority = { SOA("org", 300) },
	  .result = "done nxdomain b.org | 50 org" },
	{ "direct: NXDOMAIN behind an alias, foreign SOA", .direct = true, .aa = true, .rcode = 3,
	  .answer = { CNAME("a.org", "b.net", 50) }, .authority = { SOA("org", 300) },
	  .result = "continue referral b.net | 50" },

	/* direct questions: referrals */
	{ "direct: referral", .direct = true, .no_ra = true, .authority = { NS("a.org") },
	  .result = "done referral | 50 a.org/50: ns.example.net" },
	{ "direct: referral with glue", .direct = true, .no_ra = true,
	  .authority = { NS_AT("a.org", "ns2.a.org", 90), NS_AT("a.org", "ns1.a.org", 70),
			 NS_AT("a.org", "ns3.net", 80) },
	  .glue = { GLUE6("ns2.a.org", "\2", 60), GLUE4("ns2.a.org", "\2", 75), GLUE4("ns1.a.org", "\1", 99) },
	  .result = "done referral | 60 a.org/70: ns1.a.org ns2.a.org ns3.net 0=192.0.2.1 1=192.0.2.2 1=2001:db8::2" },
	{ "direct: referral, everything twice", .direct = true,
	  .authority = { NS("a.org"), NS_AT("a.org", "ns.example.net", 40) },
	  .glue = { GLUE4("ns.example.net", "\1", 99), GLUE4("ns.example.net", "\1", 98) },
	  .result = "done referral | 40 a.org/40: ns.example.net 0=192.0.2.1" },
	{ "direct: addresses of others are no glue", .direct = true, .authority = { NS("a.org") },
	  .glue = { GLUE4("evil.net", "\1", 1), GLUE4("a.org", "\1", 1), GLUE4("ns.example.net", "\2", 55) },
	  .result = "done referral | 50 a.org/50: ns.example.net 0=192.0.2.2" },
	{ "direct: referral of an ancestor", .direct = true, .authority = { NS("org") },
	  .result = "done referral | 50 org/50: ns.example.net" },
	{ "direct: referral to the root", .direct = true, .authority = { NS(".") },
	  .result = "done referral | 50 ./50: ns.example.net" },
	{ "direct: the nearest cut", .direct = true,
	  .authority = { NS_AT(".", "x", 1), NS_AT("a.org", "ns.a.org", 70), NS_AT("org", "y", 2) },
	  .glue = { GLUE4("x", "\1", 1), GLUE4("ns.a.org", "\2", 80) },
	  .result = "done referral | 70 a.org/70: ns.a.org 0=192.0.2.2" },
	{ "direct: referral with AA", .direct = true, .aa = true, .authority = { NS("a.org") },
	  .result = "done referral | 50 a.org/50: ns.example.net" },
	{ "direct: referral with a foreign SOA", .direct = true, .authority = { NS("a.org"), SOA("net", 300) },
	  .result = "done referral | 50 a.org/50: ns.example.net" },
	{ "direct: the truncated referral over TCP", .direct = true, .tc = true, .tcp = true,
	  .authority = { NS("a.org") }, .result = "done referral | 50 a.org/50: ns.example.net" },
	{ "a resolver's referral has no content", .authority = { NS("a.org") },
	  .glue = { GLUE4("ns.example.net", "\1", 99) }, .result = "done referral | 0" },

	/* direct questions: lame servers */
	{ "direct: an answer without AA", .direct = true, .answer = { A }, .authority = { NS("a.org") },
	  .result = "done referral | 0" },
	{ "direct: an alias without AA", .direct = true, .answer = { CNAME("a.org", "b.org", 50) },
	  .result = "done referral | 0" },
	{ "direct: NODATA without AA", .direct = true, .authority = { SOA("a.org", 300) },
	  .result = "done referral | 0" },
	{ "direct: NODATA without AA, with NS", .direct = true, .authority = { NS("a.org"), SOA("a.org", 300) },
	  .result = "done referral | 0" },
	{ "direct: NXDOMAIN without AA", .direct = true, .rcode = 3, .authority = { SOA("org", 300) },
	  .result = "done referral | 0" },
	{ "direct: NXDOMAIN without AA, with NS", .direct = true, .rcode = 3, .authority = { NS("org") },
	  .result = "done referral | 0" },
	{ "direct: nothing without AA", .direct = true, .result = "done referral | 0" },
	{ "direct: NS of another branch", .direct = true, .authority = { NS("b.org"), NS("x.a.org"), NS("rg") },
	  .result = "done referral | 0" },
	{ "direct: NS of another branch, with AA", .direct = true, .aa = true, .authority = { NS("b.org") },
	  .result = "unproven nodata | 0" },
	{ "direct: records of another type without AA, with NS", .direct = true, .answer = { OTHER("a.org") },
	  .authority = { NS("a.org") }, .result = "done referral | 0" },
	{ "direct: TC over TCP without AA", .direct = true, .tc = true, .tcp = true, .result = "done truncated | 0" },
};

static size_t n_records(const struct mxw_record *records, size_t max)
{
	size_t n = 0;
	while (n < max && records[n].owner)
		n++;
	return n;
}

static enum mxw_reading classify(const struct row *row, struct mxw_reading_space *space, struct mxw_answer_parts *parts)
{
	struct mxw_parsed parsed = {
		.rcode = row->rcode,
		.aa = row->aa,
		.tc = row->tc,
		.ra = !row->no_ra,
		.cut = row->cut,
		.ede = row->ede_plus_1 - 1,
		.ede_text = "",
		.answer = row->answer,
		.n_answer = n_records(row->answer, MAX_RECORDS),
		.authority = row->authority,
		.n_authority = n_records(row->authority, MAX_AUTHORITY),
		.glue = row->glue,
		.n_glue = n_records(row->glue, MAX_GLUE),
	};
	struct mxw_question question = {
		.name = "a.org",
		.type = row->type ? row->type : MXW_TYPE_MX,
		.direct = row->direct,
	};
	enum mxw_via via = row->tcp ? MXW_VIA_TCP : row->again ? MXW_VIA_UDP_AGAIN : MXW_VIA_UDP;
	size_t n_chain = 0;
	while (n_chain < MXW_MAX_CHAIN && row->earlier[n_chain])
		n_chain++;
	return mxw_classify(&parsed, &question, row->earlier, n_chain, via, space, parts);
}

static void describe_referral(const struct mxw_referral *referral, struct mxw_strbuf *ret)
{
	mxw_strbuf_addf(ret, " %s/%u:", referral->cut, referral->ttl);
	for (size_t i = 0; i < referral->n_servers; i++)
		mxw_strbuf_addf(ret, " %s", referral->servers[i]);
	for (size_t i = 0; i < referral->n_glue; i++) {
		char ip[MXW_IP_TEXT_MAX];
		mxw_ip_format(&referral->glue[i].ip, ip);
		mxw_strbuf_addf(ret, " %u=%s", referral->glue[i].server, ip);
	}
}

static void describe(enum mxw_reading reading, const struct mxw_answer_parts *parts, struct mxw_strbuf *ret)
{
	static const char *const words[] = {
		[MXW_READING_DONE] = "done",           [MXW_READING_UNPROVEN] = "unproven",
		[MXW_READING_TRUNCATED] = "truncated", [MXW_READING_CONTINUE] = "continue",
		[MXW_READING_MALFORMED] = "malformed",
	};
	mxw_strbuf_adds(ret, words[reading]);
	if (reading == MXW_READING_TRUNCATED || reading == MXW_READING_MALFORMED) {
		assert_string_equal(mxw_outcome_name(parts->head.outcome), words[reading]);
		return;
	}
	mxw_strbuf_addf(ret, " %s", mxw_outcome_name(parts->head.outcome));
	for (size_t i = 0; i < parts->n_chain; i++)
		mxw_strbuf_addf(ret, " %s", parts->chain[i]);
	mxw_strbuf_adds(ret, " |");
	for (size_t i = 0; i < parts->n_rrs; i++)
		mxw_strbuf_addf(ret, " %s", parts->rrs[i].name);
	mxw_strbuf_addf(ret, " %u", parts->head.ttl);
	if (parts->head.soa_owner)
		mxw_strbuf_addf(ret, " %s", parts->head.soa_owner);
	if (parts->head.referral)
		describe_referral(parts->head.referral, ret);
}

static void all_rows(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_rr rrs[MAX_RECORDS];
		char synthesised[MXW_MAX_CHAIN][MXW_NAME_TEXT_MAX];
		struct mxw_referral_space referral;
		struct mxw_reading_space space = { .rrs = rrs, .synthesised = synthesised, .referral = &referral };
		struct mxw_answer_parts parts;
		enum mxw_reading reading = classify(&rows[i], &space, &parts);
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
		describe(reading, &parts, &text);
		if (strcmp(mxw_strbuf_get(&text), rows[i].result) != 0)
			fail_msg("%s: %s, expected %s", rows[i].name, mxw_strbuf_get(&text), rows[i].result);
		assert_int_equal(parts.head.rcode, rows[i].rcode);
		assert_int_equal(parts.head.ede, rows[i].ede_plus_1 - 1);
	}
}

/* Records say the same in every order: each row with its sections turned round. */
static void order_is_irrelevant(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct row turned = rows[i];
		size_t n = n_records(turned.answer, MAX_RECORDS),
		       n_authority = n_records(turned.authority, MAX_AUTHORITY);
		size_t n_glue = n_records(turned.glue, MAX_GLUE);
		for (size_t k = 0; k < n; k++)
			turned.answer[k] = rows[i].answer[n - 1 - k];
		for (size_t k = 0; k < n_authority; k++)
			turned.authority[k] = rows[i].authority[n_authority - 1 - k];
		for (size_t k = 0; k < n_glue; k++)
			turned.glue[k] = rows[i].glue[n_glue - 1 - k];
		struct mxw_rr rrs[2][MAX_RECORDS];
		char synthesised[2][MXW_MAX_CHAIN][MXW_NAME_TEXT_MAX];
		struct mxw_answer *answers[2] = { NULL, NULL };
		for (int k = 0; k < 2; k++) {
			struct mxw_referral_space referral;
			struct mxw_reading_space space = { .rrs = rrs[k],
							   .synthesised = synthesised[k],
							   .referral = &referral };
			struct mxw_answer_parts parts;
			classify(k ? &turned : &rows[i], &space, &parts);
			assert_int_equal(mxw_answer_new(&answers[k], &parts), 0);
		}
		assert_int_equal(answers[0]->outcome, answers[1]->outcome);
		assert_int_equal(answers[0]->ttl, answers[1]->ttl);
		assert_int_equal(answers[0]->n_chain, answers[1]->n_chain);
		for (size_t k = 0; k < answers[0]->n_chain; k++)
			assert_string_equal(answers[0]->chain[k], answers[1]->chain[k]);
		assert_int_equal(answers[0]->n_rrs, answers[1]->n_rrs);
		for (size_t k = 0; k < answers[0]->n_rrs; k++)
			assert_string_equal(answers[0]->rrs[k].name, answers[1]->rrs[k].name);
		assert_int_equal(!answers[0]->referral, !answers[1]->referral);
		if (answers[0]->referral) {
			MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf first = MXW_STRBUF_INIT;
			MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf second = MXW_STRBUF_INIT;
			describe_referral(answers[0]->referral, &first);
			describe_referral(answers[1]->referral, &second);
			assert_string_equal(mxw_strbuf_get(&first), mxw_strbuf_get(&second));
		}
		mxw_answer_unref(answers[0]);
		mxw_answer_unref(answers[1]);
	}
}

/* More servers and addresses than an answer has room for: the first in their order stay, however they came. */
static void referral_is_bounded(void **state)
{
	enum { N = 200, N_SERVERS = MXW_MAX_REFERRAL_SERVERS };
	static char names[N][8];
	static uint8_t octets[N][4];
	static struct mxw_record authority[N], glue[3 * N];
	for (size_t i = 0; i < N; i++) {
		snprintf(names[i], sizeof(names[i]), "n%03zu", i * 77 % N); /* each once, in no order */
		authority[i] = (struct mxw_record)NS_AT("a.org", names[i], 50);
	}
	for (size_t i = 0; i < 3 * (size_t)N; i++) {
		octets[i % N][0] = 192;
		octets[i % N][3] = (uint8_t)(i % N);
		glue[i] =
			(struct mxw_record){ i / N == 0   ? "n031"
					     : i / N == 1 ? "n000"
							  : "n032",
					     { .type = MXW_TYPE_A, .ttl = 60, .rdata = octets[i % N], .n_rdata = 4 } };
	}
	struct mxw_parsed parsed = { .ede = -1, .authority = authority, .n_authority = N, .glue = glue };
	parsed.n_glue = MXW_ARRAY_SIZE(glue);
	struct mxw_referral_space space;
	uint32_t ttl = 0;
	const struct mxw_referral *referral = mxw_referral_read(&parsed, "a.org", &space, &ttl);
	assert_non_null(referral);
	assert_int_equal(ttl, 50);
	assert_int_equal(referral->n_servers, N_SERVERS);
	for (size_t i = 0; i < N_SERVERS; i++) {
		char name[8];
		snprintf(name, sizeof(name), "n%03zu", i);
		assert_string_equal(referral->servers[i], name);
	}
	assert_int_equal(referral->n_glue, MXW_MAX_GLUE);
	for (size_t i = 0; i < MXW_MAX_GLUE; i++) {
		assert_int_equal(referral->glue[i].server, 0);
		assert_int_equal(referral->glue[i].ip.bytes[3], i);
	}
	parsed.n_glue = N; /* those of the last server alone */
	referral = mxw_referral_read(&parsed, "a.org", &space, &ttl);
	assert_int_equal(referral->n_glue, MXW_MAX_GLUE);
	assert_int_equal(referral->glue[0].server, N_SERVERS - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(all_rows), cmocka_unit_test(order_is_irrelevant),
					    cmocka_unit_test(referral_is_bounded) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
