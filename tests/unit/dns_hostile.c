/* Responses that must not parse, or only as truncated; see dns_responses.h. */
#include "tests/unit/dns_responses.h"

#include "lib/base/util.h"

static void pointer_to_itself(struct packet *p)
{
	put_pointer(p, p->n);
	put_fixed(p, SECTION_ANSWER, MXW_TYPE_A, 1, 300);
	put_octets(p, "\xc0\0\2\1", 4);
	rr_end(p);
}

static void pointer_round(struct packet *p)
{
	size_t start = p->n;
	put_octets(p, "\1a", 2);
	put_pointer(p, start);
	put_fixed(p, SECTION_ANSWER, MXW_TYPE_A, 1, 300);
	put_octets(p, "\xc0\0\2\1", 4);
	rr_end(p);
}

static void pointer_forward(struct packet *p)
{
	put_pointer(p, p->n + 12);
	put_fixed(p, SECTION_ANSWER, MXW_TYPE_TXT, 1, 300);
	put_octets(p, "\1a\0", 3);
	rr_end(p);
}

static void pointer_forward_in_rdata(struct packet *p)
{
	rr_begin(p, SECTION_ANSWER, QNAME, MXW_TYPE_MX, 300);
	put_u16(p, 10);
	put_pointer(p, p->n + 2);
	rr_end(p);
	put_mx(p, SECTION_ANSWER, QNAME, 300, 10, "mx.example.org");
}

static void pointer_past_end(struct packet *p)
{
	rr_begin(p, SECTION_ANSWER, QNAME, MXW_TYPE_MX, 300);
	put_u16(p, 10);
	put_pointer(p, 0x3fff);
	rr_end(p);
}

static void pointer_into_header(struct packet *p)
{
	put_pointer(p, 4);
	put_fixed(p, SECTION_ANSWER, MXW_TYPE_A, 1, 300);
	put_octets(p, "\xc0\0\2\1", 4);
	rr_end(p);
}

static void pointer_staircase(struct packet *p)
{
	/* Each pointer leads to the one before: strictly backward, and far too many. */
	rr_begin(p, SECTION_ANSWER, QNAME, 65280, 300);
	put_pointer(p, 12);
	for (unsigned i = 0; i < 5000; i++)
		put_pointer(p, p->n - 2);
	rr_end(p);
	put_pointer(p, p->n - 2);
	put_fixed(p, SECTION_ANSWER, MXW_TYPE_A, 1, 300);
	put_octets(p, "\xc0\0\2\1", 4);
	rr_end(p);
}

static void label_type_1(struct packet *p)
{
	put_octets(p,
		   "\x41"
		   "abc\0",
		   5);
	put_fixed(p, SECTION_ANSWER, MXW_TYPE_A, 1, 300);
	put_octets(p, "\xc0\0\2\1", 4);
	rr_end(p);
}

static void name_too_long(struct packet *p)
{
	for (unsigned i = 0; i < 128; i++)
		put_octets(p, "\1a", 2);
	put_u8(p, 0);
	put_fixed(p, SECTION_ANSWER, MXW_TYPE_A, 1, 300);
	put_octets(p, "\xc0\0\2\1", 4);
	rr_end(p);
}
static void name_too_long_by_pointer(struct packet *p)
{
	put_name_with_tail(p, 71);
}

static void mx_short(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_MX, 300, "\0", 1);
}

static void mx_preference_only(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_MX, 300, "\0\12", 2);
}

static void mx_empty(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_MX, 300, "", 0);
}

static void mx_trailing(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_MX, 300, "\0\12\0x", 4);
}

static void mx_name_beyond(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_MX, 300, "\0\12\3m", 4);
	put_octets(p, "xx\0", 3);
}

static void cname_empty(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_CNAME, 300, "", 0);
}

static void a_short(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_A, 300, "\xc0\0\2", 3);
}

static void a_long(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_A, 300, "\xc0\0\2\1\1", 5);
}

static void aaaa_short(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_AAAA, 300, "\xc0\0\2\1", 4);
}

/* ldns accepts it and has no field to give. */
static void txt_empty(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_TXT, 300, "", 0);
}

static void txt_beyond(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_TXT, 300, "\5abc", 4);
}

static void soa_short(struct packet *p)
{
	put_raw(p, SECTION_AUTHORITY, "org", MXW_TYPE_SOA, 300, "\0\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4", 18);
}

static void rdlength_past_end(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, QNAME, MXW_TYPE_A, 300, "\xc0\0\2\1", 4);
	p->octets[p->rdlength_at] = 0x10;
}

static void two_opts(struct packet *p)
{
	put_opt_ede(p, 3, "one");
	put_opt_ede(p, 3, "two");
}

static void opt_in_answer(struct packet *p)
{
	put_u8(p, 0);
	put_fixed(p, SECTION_ANSWER, MXW_TYPE_OPT, 1232, 0);
	rr_end(p);
}

static void option_past_end(struct packet *p)
{
	opt_begin(p, 0);
	put_octets(p, "\0\17\0\5\0\3", 6);
	rr_end(p);
}

static void option_half_a_header(struct packet *p)
{
	opt_begin(p, 0);
	put_octets(p, "\0\17\0", 3);
	rr_end(p);
}

static void count_too_high(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, QNAME, 300, 10, "mx.example.org");
	p->octets[7] = 2;
}

static void count_absurd(struct packet *p)
{
	p->octets[6] = p->octets[7] = p->octets[8] = p->octets[9] = p->octets[10] = p->octets[11] = 0xff;
}

static void two_questions(struct packet *p)
{
	put_name(p, QNAME);
	put_u16(p, MXW_TYPE_MX);
	put_u16(p, 1);
	p->octets[5] = 2;
}

const struct response hostile_responses[] = {
	{ "pointer to itself", pointer_to_itself, 0, 0, false, "unparsable" },
	{ "pointers in a circle", pointer_round, 0, 0, false, "unparsable" },
	{ "pointer forward", pointer_forward, 0, 0, false, "unparsable" },
	{ "pointer forward in RDATA", pointer_forward_in_rdata, 0, 0, false, "unparsable" },
	{ "pointer past the end", pointer_past_end, 0, 0, false, "unparsable" },
	{ "pointer into the header", pointer_into_header, 0, 0, false, "unparsable" },
	{ "staircase of pointers", pointer_staircase, 0, 0, true, "unparsable" },
	{ "label type 01", label_type_1, 0, 0, false, "unparsable" },
	{ "name of 257 octets", name_too_long, 0, 0, false, "unparsable" },
	{ "name of 257 octets by a pointer", name_too_long_by_pointer, 0, 0, false, "unparsable" },
	{ "MX of one octet", mx_short, 0, 0, false, "unparsable" },
	{ "MX without exchange", mx_preference_only, 0, 0, false, "unparsable" },
	{ "MX without RDATA", mx_empty, 0, 0, false, "unparsable" },
	{ "MX with more behind", mx_trailing, 0, 0, false, "unparsable" },
	{ "MX that goes on behind RDLENGTH", mx_name_beyond, 0, 0, false, "unparsable" },
	{ "CNAME without RDATA", cname_empty, 0, 0, false, "unparsable" },
	{ "A of 3", a_short, 0, 0, false, "unparsable" },
	{ "A of 5", a_long, 0, 0, false, "unparsable" },
	{ "AAAA of 4", aaaa_short, 0, 0, false, "unparsable" },
	{ "TXT without RDATA", txt_empty, 0, 0, false, "unparsable" },
	{ "TXT string past RDLENGTH", txt_beyond, 0, 0, false, "unparsable" },
	{ "SOA cut", soa_short, 3, 0, false, "unparsable" },
	{ "RDLENGTH past the end", rdlength_past_end, 0, 0, false, "unparsable" },
	{ "two OPT", two_opts, 0, 0, false, "unparsable" },
	{ "OPT among answers", opt_in_answer, 0, 0, false, "unparsable" },
	{ "option past the end", option_past_end, 0, 0, false, "unparsable" },
	{ "half an option", option_half_a_header, 0, 0, false, "unparsable" },
	{ "one record less than said", count_too_high, 0, 0, false, "unparsable" },
	{ "65,535 records of each", count_absurd, 0, 0, false, "unparsable" },
	{ "two questions", two_questions, 0, 0, false, "unparsable" },

	{ "truncated inside a record", rdlength_past_end, FLAG_TC, 0, false, "truncated ttl=0" },
	{ "TC over TCP, cut", rdlength_past_end, FLAG_TC, 0, true, "malformed ttl=0" },
	{ "EDE is not taken from what is cut", option_past_end, FLAG_TC, 0, false, "truncated ttl=0" },
};
const size_t n_hostile_responses = MXW_ARRAY_SIZE(hostile_responses);
