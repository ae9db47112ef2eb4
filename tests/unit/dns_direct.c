/* Responses of servers that are asked directly, good and hostile; see dns_responses.h. */
#include "tests/unit/dns_responses.h"

#include "lib/base/util.h"

enum { NOT_RECURSIVE = FLAG_RD | FLAG_RA, AUTHORITATIVE = FLAG_AA | NOT_RECURSIVE };

static void put_ns(struct packet *p, uint32_t ttl, const char *host)
{
	put_name_rr(p, SECTION_AUTHORITY, QNAME, MXW_TYPE_NS, ttl, host);
}

static void put_a(struct packet *p, const char *owner, uint32_t ttl)
{
	put_raw(p, SECTION_ADDITIONAL, owner, MXW_TYPE_A, ttl, "\xc0\0\2\2", 4);
}

static void put_aaaa(struct packet *p, const char *owner, uint32_t ttl)
{
	put_raw(p, SECTION_ADDITIONAL, owner, MXW_TYPE_AAAA, ttl, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\2", 16);
}

static void mx_with_addresses(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, QNAME, 300, 10, "mx.example.org");
	put_ns(p, 300, "ns.example.net");
	put_a(p, "ns.example.net", 5);
	put_raw(p, SECTION_ADDITIONAL, "mx.example.org", MXW_TYPE_A, 5, "?", 1);
}

static void soa_of_denial(struct packet *p)
{
	put_soa(p, QNAME, 300, 60);
}

static void soa_in_mixed_case(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, "eXample.org", MXW_TYPE_SOA, 300,
		"\2NS\0\1h\1A\0\x41\x41\x41\x5a\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5", 29);
}

static void alias_to_elsewhere(struct packet *p)
{
	put_name_rr(p, SECTION_ANSWER, QNAME, MXW_TYPE_CNAME, 90, "b.net");
}

static void referral(struct packet *p)
{
	put_ns(p, 170, "NS2.example.org");
	put_pointer(p, 12);
	put_fixed(p, SECTION_AUTHORITY, MXW_TYPE_NS, 1, 160);
	size_t ns1 = p->n;
	put_octets(p, "\3ns1", 4);
	put_pointer(p, 12);
	rr_end(p);
	put_ns(p, 180, "ns.example.net");
	put_a(p, "ns2.Example.org", 150);
	put_pointer(p, ns1);
	put_fixed(p, SECTION_ADDITIONAL, MXW_TYPE_AAAA, 1, 0x80000001);
	put_octets(p, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	rr_end(p);
	put_a(p, "stranger.example.org", 1);
}

static void referral_without_addresses(struct packet *p)
{
	put_ns(p, 170, "ns.example.net");
}

static void glue_between_options(struct packet *p)
{
	put_ns(p, 170, "ns.example.net");
	put_a(p, "ns.example.net", 200);
	put_opt_ede(p, 22, "somewhere");
	put_aaaa(p, "ns.example.net", 200);
}

static void glue_of_wrong_length(struct packet *p)
{
	put_ns(p, 170, "ns.example.net");
	put_raw(p, SECTION_ADDITIONAL, "ns.example.net", MXW_TYPE_A, 1, "\xc0\0\2", 3);
	put_raw(p, SECTION_ADDITIONAL, "ns.example.net", MXW_TYPE_A, 1, "", 0);
	put_raw(p, SECTION_ADDITIONAL, "ns.example.net", MXW_TYPE_AAAA, 1, "\xc0\0\2\2", 4);
	put_a(p, "ns.example.net", 200);
}

static void glue_of_other_class(struct packet *p)
{
	put_ns(p, 170, "ns.example.net");
	put_name(p, "ns.example.net");
	put_fixed(p, SECTION_ADDITIONAL, MXW_TYPE_A, 3, 1);
	put_octets(p, "\xc0\0\2\2", 4);
	rr_end(p);
}

static void upward(struct packet *p)
{
	put_name_rr(p, SECTION_AUTHORITY, ".", MXW_TYPE_NS, 500, "a.root-servers.net");
	put_a(p, "a.root-servers.net", 500);
}

static void nothing(struct packet *p)
{
}

static void glue_with_a_circle(struct packet *p)
{
	put_ns(p, 170, "ns.example.net");
	put_pointer(p, p->n);
	put_fixed(p, SECTION_ADDITIONAL, MXW_TYPE_A, 1, 300);
	put_octets(p, "\xc0\0\2\1", 4);
	rr_end(p);
}

static void glue_past_the_end(struct packet *p)
{
	put_ns(p, 170, "ns.example.net");
	put_a(p, "ns.example.net", 200);
	p->octets[p->rdlength_at] = 0x10;
}

static void one_address_less(struct packet *p)
{
	put_ns(p, 170, "ns.example.net");
	put_a(p, "ns.example.net", 200);
	p->octets[11] = 2;
}

static void ns_without_target(struct packet *p)
{
	put_raw(p, SECTION_AUTHORITY, QNAME, MXW_TYPE_NS, 170, "", 0);
}

static void ns_with_more_behind(struct packet *p)
{
	put_raw(p, SECTION_AUTHORITY, QNAME, MXW_TYPE_NS, 170, "\1a\0x", 4);
}

static void ns_into_the_glue(struct packet *p)
{
	rr_begin(p, SECTION_AUTHORITY, QNAME, MXW_TYPE_NS, 170);
	put_pointer(p, p->n + 2);
	rr_end(p);
	put_a(p, "ns.example.net", 200);
}

#define DIRECT(name, build, flags, expected)                 \
	{                                                    \
		name, build, flags, 0, false, expected, true \
	}

const struct response direct_responses[] = {
	DIRECT("direct answer", mx_with_addresses, AUTHORITATIVE, "answer: 10 mx.example.org. ttl=300 aa no-ra"),
	DIRECT("direct denial", soa_of_denial, AUTHORITATIVE | 3,
	       "nxdomain ttl=60 rcode=3 soa=example.org/300/60#1 aa no-ra"),
	DIRECT("direct NODATA", soa_of_denial, AUTHORITATIVE, "nodata ttl=60 soa=example.org/300/60#1 aa no-ra"),
	{ "direct SOA in mixed case", soa_in_mixed_case, AUTHORITATIVE, MXW_TYPE_SOA, false,
	  "answer: \\# 29 026e730001680161004141415a00000002000000030000000400000005 ttl=300 aa no-ra", true },
	DIRECT("direct alias", alias_to_elsewhere, AUTHORITATIVE, "continue -> b.net ttl=90 aa no-ra"),
	DIRECT("direct and empty", nothing, AUTHORITATIVE, "unproven ttl=0 aa no-ra"),
	DIRECT("direct referral", referral, NOT_RECURSIVE,
	       "referral ttl=0 no-ra cut=example.org/160 ns.example.net, ns1.example.org=2001:db8::1, "
	       "ns2.example.org=192.0.2.2"),
	DIRECT("direct referral without addresses", referral_without_addresses, NOT_RECURSIVE,
	       "referral ttl=170 no-ra cut=example.org/170 ns.example.net"),
	DIRECT("glue on both sides of OPT", glue_between_options, NOT_RECURSIVE,
	       "referral ttl=170 ede=22(somewhere) no-ra cut=example.org/170 ns.example.net=192.0.2.2=2001:db8::2"),
	DIRECT("glue of a wrong length", glue_of_wrong_length, NOT_RECURSIVE,
	       "referral ttl=170 no-ra cut=example.org/170 ns.example.net=192.0.2.2"),
	DIRECT("glue of another class", glue_of_other_class, NOT_RECURSIVE,
	       "referral ttl=170 no-ra cut=example.org/170 ns.example.net"),
	DIRECT("upward referral", upward, NOT_RECURSIVE,
	       "referral ttl=500 no-ra cut=./500 a.root-servers.net=192.0.2.2"),
	DIRECT("lame: an answer without AA", mx_with_addresses, NOT_RECURSIVE, "referral ttl=0 no-ra"),
	DIRECT("lame: a resolver's denial", soa_of_denial, 3, "referral ttl=0 rcode=3"),
	DIRECT("lame: empty", nothing, NOT_RECURSIVE, "referral ttl=0 no-ra"),
	DIRECT("direct REFUSED", nothing, NOT_RECURSIVE | 5, "refused ttl=0 rcode=5 no-ra"),
	DIRECT("direct and truncated", referral, NOT_RECURSIVE | FLAG_TC, "truncated ttl=0 no-ra"),
};
const size_t n_direct_responses = MXW_ARRAY_SIZE(direct_responses);

const struct response hostile_direct_responses[] = {
	DIRECT("glue with a pointer to itself", glue_with_a_circle, NOT_RECURSIVE, "unparsable"),
	DIRECT("glue past the end", glue_past_the_end, NOT_RECURSIVE, "unparsable"),
	DIRECT("one address less than said", one_address_less, NOT_RECURSIVE, "unparsable"),
	DIRECT("NS without RDATA", ns_without_target, NOT_RECURSIVE, "unparsable"),
	DIRECT("NS with more behind", ns_with_more_behind, NOT_RECURSIVE, "unparsable"),
	DIRECT("NS that points into the glue", ns_into_the_glue, NOT_RECURSIVE, "unparsable"),
	DIRECT("truncated inside the glue", glue_past_the_end, NOT_RECURSIVE | FLAG_TC, "truncated ttl=0 no-ra"),
};
const size_t n_hostile_direct_responses = MXW_ARRAY_SIZE(hostile_direct_responses);
