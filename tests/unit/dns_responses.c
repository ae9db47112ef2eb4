/* Well-formed responses, one a form; see dns_responses.h. */
#include "tests/unit/dns_responses.h"

#include "lib/base/util.h"

void begin_response(struct packet *p, const struct response *row)
{
	packet_begin(p, (unsigned)RESPONSE_FLAGS ^ row->flags, QNAME, row->type ? row->type : MXW_TYPE_MX);
	row->build(p);
}

static void mx_with_pointers(struct packet *p)
{
	for (unsigned i = 0; i < 2; i++) {
		put_pointer(p, 12);
		put_fixed(p, SECTION_ANSWER, MXW_TYPE_MX, 1, 300 - i);
		put_u16(p, 20 - i);
		put_octets(p, i ? "\3mx2" : "\3MX1", 4);
		put_pointer(p, 12);
		rr_end(p);
	}
}

static void mx_mixed_case(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, "eXample.ORG", 300, 10, "MX.Example.Org");
	put_mx(p, SECTION_ANSWER, "Example.org", 300, 10, "mx.example.org");
}

static void mx_null(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, QNAME, 300, 0, ".");
}

static void a_and_aaaa(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_A, 300, "\xc0\0\2\2", 4);
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_A, 300, "\xc0\0\2\1", 4);
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_AAAA, 30, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
}

static void txt(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_TXT, 300, "\7v=spf1 \4-all", 13);
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_TXT, 300, "\0", 1);
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_TXT, 300, "\4a\0\xff\"", 5);
}

static void unknown_type(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, QNAME, 65280, 300, "\xca\xfe", 2);
	put_raw(p, SECTION_ANSWER, QNAME, 65280, 300, "", 0);
}

static void soa_asked(struct packet *p)
{
	put_pointer(p, 12);
	put_fixed(p, SECTION_ANSWER, MXW_TYPE_SOA, 1, 300);
	put_octets(p, "\1n", 2);
	put_pointer(p, 12);
	put_pointer(p, 12);
	put_octets(p, "\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5", 20);
	rr_end(p);
}

static void ptr(struct packet *p)
{
	put_name_rr(p, SECTION_ANSWER, QNAME, MXW_TYPE_PTR, 300, "Mail.example.net");
}

static void aliases(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, "c.net", 300, 10, "mx.c.net");
	put_name_rr(p, SECTION_ANSWER, "b.net", MXW_TYPE_CNAME, 60, "C.net");
	put_name_rr(p, SECTION_ANSWER, QNAME, MXW_TYPE_CNAME, 90, "B.net");
}

static void dname(struct packet *p)
{
	put_name_rr(p, SECTION_ANSWER, "ORG", MXW_TYPE_DNAME, 60, "net");
	put_mx(p, SECTION_ANSWER, "example.net", 300, 10, "mx.c.net");
}

static void dname_loop(struct packet *p)
{
	put_name_rr(p, SECTION_ANSWER, "org", MXW_TYPE_DNAME, 60, "x.org");
}

static void alias_leaves(struct packet *p)
{
	put_name_rr(p, SECTION_ANSWER, QNAME, MXW_TYPE_CNAME, 90, "b.net");
}

static void other_class(struct packet *p)
{
	put_name(p, QNAME);
	put_fixed(p, SECTION_ANSWER, MXW_TYPE_MX, 3, 300);
	put_octets(p, "??", 2); /* nobody reads it */
	rr_end(p);
	put_mx(p, SECTION_ANSWER, QNAME, 300, 10, "mx.example.org");
}

static void ttl_top_bit(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, QNAME, 0x80000001, 10, "mx.example.org");
}

static void ttl_largest(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, QNAME, 0x7fffffff, 10, "mx.example.org");
}

static void denial(struct packet *p)
{
	put_soa(p, "ORG", 3600, 900);
}

static void denial_for_long(struct packet *p)
{
	put_soa(p, "org", 0x04030201, 0x01020304);
}

static void denial_with_proof(struct packet *p)
{
	put_raw(p, SECTION_AUTHORITY, QNAME, 47, 300, "???", 3); /* NSEC: nobody reads it */
	put_soa(p, "org", 60, 900);
	put_raw(p, SECTION_AUTHORITY, "org", 46, 300, "???", 3);
	put_raw(p, SECTION_ADDITIONAL, "org", MXW_TYPE_A, 300, "?", 1);
}

static void referral(struct packet *p)
{
	put_name_rr(p, SECTION_AUTHORITY, "org", MXW_TYPE_NS, 60, "ns.org");
	put_raw(p, SECTION_ADDITIONAL, "ns.org", MXW_TYPE_A, 300, "\xc0\0\2\2", 4);
}

static void nothing(struct packet *p)
{
}

static void badvers(struct packet *p)
{
	opt_begin(p, 1);
	rr_end(p);
}

static void ede_blocked(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, QNAME, 300, 10, "mx.example.org");
	put_opt_ede(p, 15, "blocked: \x1b[31m");
}

static void ede_first_counts(struct packet *p)
{
	opt_begin(p, 0);
	put_octets(p, "\0\12\0\2ab", 6); /* a cookie before it */
	put_ede(p, 9, "no DNSKEY");
	put_ede(p, 22, "later");
	rr_end(p);
}

static void ede_filter_last(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, QNAME, 30, 10, "mx.example.org");
	opt_begin(p, 0);
	put_ede(p, 22, "first");
	put_ede(p, 9, "no DNSKEY");
	put_ede(p, 17, "filtered");
	put_ede(p, 15, "blocked");
	rr_end(p);
}

static void ede_bogus_second(struct packet *p)
{
	opt_begin(p, 0);
	put_ede(p, 22, "no reachable authority");
	put_ede(p, 7, "expired");
	put_ede(p, 0, "other");
	rr_end(p);
}

static void ede_stale_second(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, QNAME, 30, 10, "mx.example.org");
	opt_begin(p, 0);
	put_ede(p, 22, "");
	put_ede(p, 3, "old");
	rr_end(p);
}

static void ede_too_short(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, QNAME, 30, 10, "mx.example.org");
	opt_begin(p, 0);
	put_octets(p, "\0\17\0\1x", 5);
	rr_end(p);
}

static void ede_with_nul(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, QNAME, 30, 10, "mx.example.org");
	opt_begin(p, 0);
	put_octets(p, "\0\17\0\6\0\0ab\0c", 10);
	rr_end(p);
}

static void crowd(struct packet *p)
{
	for (unsigned i = 0; i < 4000; i++) {
		put_pointer(p, 12);
		put_fixed(p, SECTION_ANSWER, MXW_TYPE_MX, 1, 300);
		put_u16(p, i % 2);
		put_pointer(p, 12);
		rr_end(p);
	}
}

void put_name_with_tail(struct packet *p, unsigned n_labels)
{
	size_t first = 0;
	for (unsigned k = 0; k < 2; k++) {
		rr_begin(p, SECTION_ANSWER, QNAME, MXW_TYPE_MX, 300);
		put_u16(p, k);
		if (k == 0)
			first = p->n;
		for (unsigned i = 0; i < (k ? n_labels : 57); i++)
			put_octets(p, "\1a", 2);
		if (k)
			put_pointer(p, first);
		else
			put_u8(p, 0);
		rr_end(p);
	}
}

static void name_longest_by_pointer(struct packet *p)
{
	put_name_with_tail(p, 70);
}

const struct response good_responses[] = {
	{ "MX", mx_with_pointers, 0, 0, false, "answer: 19 mx2.example.org., 20 mx1.example.org. ttl=299" },
	{ "mixed case", mx_mixed_case, 0, 0, false, "answer: 10 mx.example.org. ttl=300" },
	{ "null MX", mx_null, FLAG_AD, 0, false, "answer: 0 . ttl=300 ad" },
	{ "A", a_and_aaaa, FLAG_AA, MXW_TYPE_A, false, "answer: 192.0.2.1, 192.0.2.2 ttl=300 aa" },
	{ "AAAA", a_and_aaaa, 0, MXW_TYPE_AAAA, false, "answer: 2001:db8::1 ttl=30" },
	{ "TXT", txt, 0, MXW_TYPE_TXT, false, "answer: \"\", \"a\\000\\255\\\"\", \"v=spf1 \" \"-all\" ttl=300" },
	{ "unknown type", unknown_type, 0, 65280, false, "answer: \\# 0, \\# 2 cafe ttl=300" },
	{ "SOA", soa_asked, 0, MXW_TYPE_SOA, false,
	  "answer: \\# 48 "
	  "016e076578616d706c65036f726700076578616d706c65036f7267000000000100000002000000030000000400000005 ttl=300" },
	{ "PTR", ptr, 0, MXW_TYPE_PTR, false, "answer: mail.example.net. ttl=300" },
	{ "CNAME asked", alias_leaves, 0, MXW_TYPE_CNAME, false, "answer: b.net. ttl=90" },
	{ "aliases", aliases, 0, 0, false, "answer -> b.net -> c.net: 10 mx.c.net. ttl=60" },
	{ "DNAME", dname, 0, 0, false, "answer -> example.net: 10 mx.c.net. ttl=60" },
	{ "DNAME asked below it", dname, 0, MXW_TYPE_DNAME, false, "continue -> example.net ttl=60" },
	{ "DNAME loop", dname_loop, 0, 0, false,
	  "loop -> example.x.org -> example.x.x.org -> example.x.x.x.org -> example.x.x.x.x.org -> "
	  "example.x.x.x.x.x.org -> "
	  "example.x.x.x.x.x.x.org -> example.x.x.x.x.x.x.x.org -> example.x.x.x.x.x.x.x.x.org -> "
	  "example.x.x.x.x.x.x.x.x.x.org -> "
	  "example.x.x.x.x.x.x.x.x.x.x.org ttl=60" },
	{ "alias leaves", alias_leaves, 0, 0, false, "continue -> b.net ttl=90" },
	{ "other class", other_class, 0, 0, false, "answer: 10 mx.example.org. ttl=300" },
	{ "TTL with the top bit", ttl_top_bit, 0, 0, false, "answer: 10 mx.example.org. ttl=0" },
	{ "largest TTL", ttl_largest, 0, 0, false, "answer: 10 mx.example.org. ttl=2147483647" },
	{ "NXDOMAIN", denial, 3, 0, false, "nxdomain ttl=900 rcode=3 soa=org/3600/900#1" },
	{ "NXDOMAIN, each octet of MINIMUM", denial_for_long, 3, 0, false,
	  "nxdomain ttl=16909060 rcode=3 soa=org/67305985/16909060#1" },
	{ "NODATA", denial_with_proof, 0, 0, false, "nodata ttl=60 soa=org/60/900#1" },
	{ "referral", referral, FLAG_RA, 0, false, "referral ttl=0 no-ra" },
	{ "referral with RA, by its NS", referral, 0, 0, false, "referral ttl=0" },
	{ "empty", nothing, 0, 0, false, "unproven ttl=0" },
	{ "empty over TCP", nothing, 0, 0, true, "nodata ttl=0" },
	{ "SERVFAIL", nothing, 2, 0, false, "servfail ttl=0 rcode=2" },
	{ "BADVERS", badvers, 0, 0, false, "formerr ttl=0 rcode=16" },
	{ "BADVERS and low bits", badvers, 3, 0, false, "malformed ttl=0 rcode=19" },
	{ "blocked", ede_blocked, 0, 0, false, "filtered ttl=0 ede=15(blocked: \x1b[31m)" },
	{ "filtered by the third option", ede_filter_last, 0, 0, false, "filtered ttl=0 ede=17(filtered)" },
	{ "bogus by the second option", ede_bogus_second, 2, 0, false, "bogus ttl=0 rcode=2 ede=7(expired)" },
	{ "bogus", ede_first_counts, 2, 0, false, "bogus ttl=0 rcode=2 ede=9(no DNSKEY)" },
	{ "stale by the second option", ede_stale_second, 0, 0, false,
	  "answer: 10 mx.example.org. ttl=30 ede=22() stale" },
	{ "EDE of one octet", ede_too_short, 0, 0, false, "answer: 10 mx.example.org. ttl=30" },
	{ "EDE with a NUL", ede_with_nul, 0, 0, false, "answer: 10 mx.example.org. ttl=30 ede=0(ab)" },
	{ "4,000 records", crowd, 0, 0, true, "answer: 0 example.org., 1 example.org. ttl=300" },
#define A10 "a.a.a.a.a.a.a.a.a.a."
	{ "name of 255 octets by a pointer", name_longest_by_pointer, 0, 0, false,
	  "answer: 0 " A10 A10 A10 A10 A10 "a.a.a.a.a.a.a., 1 " A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10
	  "a.a.a.a.a.a.a. ttl=300" },
	{ "truncated", mx_mixed_case, FLAG_TC, 0, false, "truncated ttl=0" },
	{ "TC over TCP", mx_mixed_case, FLAG_TC, 0, true, "answer: 10 mx.example.org. ttl=300" },
};
const size_t n_good_responses = MXW_ARRAY_SIZE(good_responses);
