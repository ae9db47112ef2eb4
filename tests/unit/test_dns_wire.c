/* Packets: queries to the octet, what is ours, every form of a response, and hostile ones. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/rng.h"
#include "lib/base/util.h"
#include "lib/dns/wire.h"
#include "tests/unit/dns_packet.h"

enum { FLAGS = FLAG_QR | FLAG_RD | FLAG_RA };

#define Q "example.org"

/* ---- queries ---- */

static void queries(void **state)
{
	static const struct {
		const char *name;
		uint16_t type;
		struct mxw_query_options options;
		const char *octets;
		size_t n;
	} rows[] = {
		{ Q, MXW_TYPE_MX, { 0 }, "\xab\xcd\1\x20\0\1\0\0\0\0\0\0" "\7example\3org\0" "\0\17\0\1", 29 },
		{ Q, MXW_TYPE_AAAA, { .edns = true },
		  "\xab\xcd\1\x20\0\1\0\0\0\0\0\1" "\7example\3org\0" "\0\34\0\1" "\0\0\51\4\xd0\0\0\0\0\0\0", 40 },
		{ Q, 258, { .checking_disabled = true }, "\xab\xcd\1\x30\0\1\0\0\0\0\0\0" "\7example\3org\0" "\1\2\0\1", 29 },
		{ ".", MXW_TYPE_NS, { .case_bits = UINT64_MAX }, "\xab\xcd\1\x20\0\1\0\0\0\0\0\0" "\0" "\0\2\0\1", 17 },
		{ Q, MXW_TYPE_MX, { .case_bits = 0x201 }, "\xab\xcd\1\x20\0\1\0\0\0\0\0\0" "\7Example\3orG\0" "\0\17\0\1", 29 },
		{ "a1-b.\\@c", MXW_TYPE_MX, { .case_bits = UINT64_MAX }, "\xab\xcd\1\x20\0\1\0\0\0\0\0\0" "\4A1-B\2@C\0" "\0\17\0\1", 25 },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		uint8_t query[MXW_QUERY_MAX];
		struct mxw_question question = { rows[i].name, rows[i].type };
		int n = mxw_wire_query(&question, 0xabcd, &rows[i].options, query);
		assert_int_equal(n, rows[i].n);
		assert_memory_equal(query, rows[i].octets, rows[i].n);
	}
}

static void query_limits(void **state)
{
#define L63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
	uint8_t query[MXW_QUERY_MAX];
	struct mxw_question longest = { L63 "." L63 "." L63 ".abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi", MXW_TYPE_MX };
	struct mxw_query_options options = { .edns = true, .case_bits = 1 };
	assert_int_equal(mxw_wire_query(&longest, 1, &options, query), MXW_QUERY_MAX);
	/* The bits begin anew after 64 letters: letters 0, 64 and 128 of the name. */
	assert_true(query[13] == 'A' && query[14] == 'b' && query[12 + 64 + 2] == 'B' && query[12 + 128 + 3] == 'C');
	assert_int_equal(mxw_wire_query(&(struct mxw_question){ "a..b", MXW_TYPE_MX }, 1, &options, query), -EINVAL);
	assert_int_equal(mxw_wire_query(&(struct mxw_question){ L63 "x", MXW_TYPE_MX }, 1, &options, query), -EINVAL);
}

/* ---- matching ---- */

static void match(void **state)
{
	enum { SET, CUT };
	static const struct {
		const char *name;
		int what; /* SET: octet `at` becomes `value`; CUT: the message ends at `at` */
		size_t at;
		uint8_t value;
		enum mxw_match expected;
	} rows[] = {
		{ "as asked", SET, 0, 0x12, MXW_MATCH_OK },
		{ "id, first octet", SET, 0, 0x13, MXW_MATCH_NOT_OURS },
		{ "id, second octet", SET, 1, 0x35, MXW_MATCH_NOT_OURS },
		{ "a query", SET, 2, 0x01, MXW_MATCH_NOT_OURS },
		{ "opcode 4", SET, 2, 0xa1, MXW_MATCH_NOT_OURS },
		{ "TC and AA", SET, 2, 0x87, MXW_MATCH_OK },
		{ "rcode", SET, 3, 0x82, MXW_MATCH_OK },
		{ "two questions", SET, 5, 2, MXW_MATCH_NOT_OURS },
		{ "256 questions", SET, 4, 1, MXW_MATCH_NOT_OURS },
		{ "no question, no error", SET, 5, 0, MXW_MATCH_NOT_OURS },
		{ "other case", SET, 13, 'E', MXW_MATCH_CASE },
		{ "another letter", SET, 13, 'f', MXW_MATCH_NOT_OURS },
		{ "digit that differs in the bit of the case", SET, 14, '3' ^ 0x20, MXW_MATCH_NOT_OURS },
		{ "label length", SET, 12, 8, MXW_MATCH_NOT_OURS },
		{ "pointer", SET, 12, 0xc0, MXW_MATCH_NOT_OURS },
		{ "type", SET, 21, 16, MXW_MATCH_NOT_OURS },
		{ "class", SET, 23, 3, MXW_MATCH_NOT_OURS },
		{ "empty", CUT, 0, 0, MXW_MATCH_NOT_OURS },
		{ "half a header", CUT, 11, 0, MXW_MATCH_NOT_OURS },
		{ "header only", CUT, 12, 0, MXW_MATCH_NOT_OURS },
		{ "half a question", CUT, 23, 0, MXW_MATCH_NOT_OURS },
		{ "question and nothing more", CUT, 24, 0, MXW_MATCH_OK },
	};
	uint8_t query[MXW_QUERY_MAX];
	struct mxw_question question = { "e3.org", MXW_TYPE_MX };
	int n_query = mxw_wire_query(&question, 0x1234, &(struct mxw_query_options){ .edns = true }, query);
	assert_true(n_query > 0);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct packet p;
		packet_begin(&p, FLAGS, "e3.org", MXW_TYPE_MX);
		put_mx(&p, SECTION_ANSWER, "e3.org", 60, 10, "mx.e3.org");
		if (rows[i].what == CUT)
			p.n = rows[i].at;
		else
			p.octets[rows[i].at] = rows[i].value;
		uint8_t *exact = malloc(p.n + 1);
		memcpy(exact, p.octets, p.n);
		if (mxw_wire_match(exact, p.n, query, (size_t)n_query) != rows[i].expected)
			fail_msg("%s", rows[i].name);
		free(exact);
	}
	/* An error without a question, by rcode: not NOERROR and not NXDOMAIN, which would claim something. */
	for (unsigned rcode = 0; rcode < 16; rcode++) {
		struct packet p;
		packet_begin(&p, FLAGS | rcode, NULL, 0);
		assert_int_equal(mxw_wire_match(p.octets, p.n, query, (size_t)n_query),
				 rcode == 0 || rcode == 3 ? MXW_MATCH_NOT_OURS : MXW_MATCH_NO_QUESTION);
	}
	/* Own mixed case must come back as it was. */
	n_query = mxw_wire_query(&question, 0x1234, &(struct mxw_query_options){ .case_bits = 5 }, query);
	struct packet p;
	packet_begin(&p, FLAGS, "E3.oRg", MXW_TYPE_MX);
	assert_int_equal(mxw_wire_match(p.octets, p.n, query, (size_t)n_query), MXW_MATCH_OK);
	packet_begin(&p, FLAGS, "e3.org", MXW_TYPE_MX);
	assert_int_equal(mxw_wire_match(p.octets, p.n, query, (size_t)n_query), MXW_MATCH_CASE);
}

/* ---- responses ---- */

static int parse_exact(struct mxw_message **ret, const uint8_t *octets, size_t n)
{
	uint8_t *exact = malloc(n ? n : 1); /* its end is guarded by the sanitizer */
	assert_non_null(exact);
	memcpy(exact, octets, n);
	int r = mxw_message_parse(ret, exact, n);
	memset(exact, 0xee, n); /* nothing may be borrowed from the packet */
	free(exact);
	return r;
}

/* "malformed", "truncated", "continue", "unproven" or the outcome, then chain, records, TTL and what is not as usual. */
static void describe(enum mxw_reading reading, const struct mxw_answer *answer, struct mxw_strbuf *ret)
{
	static const char *const words[] = { [MXW_READING_UNPROVEN] = "unproven", [MXW_READING_TRUNCATED] = "truncated",
					     [MXW_READING_CONTINUE] = "continue", [MXW_READING_MALFORMED] = "malformed" };
	mxw_strbuf_adds(ret, reading == MXW_READING_DONE ? mxw_outcome_name(answer->outcome) : words[reading]);
	for (size_t i = 0; i < answer->n_chain; i++)
		mxw_strbuf_addf(ret, " -> %s", answer->chain[i]);
	for (size_t i = 0; i < answer->n_rrs; i++) {
		mxw_strbuf_adds(ret, i ? ", " : ": ");
		mxw_rr_format(&answer->rrs[i], ret);
	}
	mxw_strbuf_addf(ret, " ttl=%u", answer->ttl);
	if (answer->rcode)
		mxw_strbuf_addf(ret, " rcode=%u", answer->rcode);
	if (answer->ede >= 0)
		mxw_strbuf_addf(ret, " ede=%d(%s)", answer->ede, answer->ede_text);
	if (answer->soa_owner)
		mxw_strbuf_addf(ret, " soa=%s/%u/%u", answer->soa_owner, answer->soa_ttl, answer->soa_minimum);
	mxw_strbuf_addf(ret, "%s%s%s%s", answer->stale ? " stale" : "", answer->aa ? " aa" : "", answer->ad ? " ad" : "",
			answer->ra ? "" : " no-ra");
}

static void read_packet(const struct packet *p, uint16_t type, bool over_tcp, struct mxw_strbuf *ret)
{
	struct mxw_message *message = NULL;
	if (parse_exact(&message, p->octets, p->n) == -EBADMSG) {
		mxw_strbuf_adds(ret, "unparsable");
		return;
	}
	assert_non_null(message);
	struct mxw_question question = { Q, type };
	struct mxw_answer_parts parts;
	enum mxw_reading reading = mxw_message_read(message, &question, NULL, 0, over_tcp, &parts);
	MXW_CLEANUP(mxw_answer_unrefp) struct mxw_answer *answer = NULL;
	assert_int_equal(mxw_answer_new(&answer, &parts), 0);
	assert_int_equal(answer->over_tcp, over_tcp);
	mxw_message_free(message);
	describe(reading, answer, ret);
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
	put_mx(p, SECTION_ANSWER, Q, 300, 0, ".");
}

static void a_and_aaaa(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_A, 300, "\xc0\0\2\2", 4);
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_A, 300, "\xc0\0\2\1", 4);
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_AAAA, 30, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1", 16);
}

static void txt(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_TXT, 300, "\7v=spf1 \4-all", 13);
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_TXT, 300, "\0", 1);
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_TXT, 300, "", 0); /* ldns gives no field for it */
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_TXT, 300, "\4a\0\xff\"", 5);
}

static void txt_longest(struct packet *p)
{
	rr_begin(p, SECTION_ANSWER, Q, MXW_TYPE_TXT, 300);
	for (unsigned i = 0; i < 254; i++) {
		put_u8(p, 255);
		memset(p->octets + p->n, 'x', 255);
		p->n += 255;
	}
	rr_end(p);
}

static void unknown_type(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, Q, 65280, 300, "\xca\xfe", 2);
	put_raw(p, SECTION_ANSWER, Q, 65280, 300, "", 0);
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
	put_name_rr(p, SECTION_ANSWER, Q, MXW_TYPE_PTR, 300, "Mail.example.net");
}

static void aliases(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, "c.net", 300, 10, "mx.c.net");
	put_name_rr(p, SECTION_ANSWER, "b.net", MXW_TYPE_CNAME, 60, "C.net");
	put_name_rr(p, SECTION_ANSWER, Q, MXW_TYPE_CNAME, 90, "B.net");
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
	put_name_rr(p, SECTION_ANSWER, Q, MXW_TYPE_CNAME, 90, "b.net");
}

static void other_class(struct packet *p)
{
	put_name(p, Q);
	put_fixed(p, SECTION_ANSWER, MXW_TYPE_MX, 3, 300);
	put_octets(p, "??", 2); /* nobody reads it */
	rr_end(p);
	put_mx(p, SECTION_ANSWER, Q, 300, 10, "mx.example.org");
}

static void ttl_top_bit(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, Q, 0x80000001, 10, "mx.example.org");
}

static void ttl_largest(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, Q, 0x7fffffff, 10, "mx.example.org");
}

static void denial(struct packet *p)
{
	put_soa(p, "ORG", 3600, 900);
}

static void denial_with_proof(struct packet *p)
{
	put_raw(p, SECTION_AUTHORITY, Q, 47, 300, "???", 3); /* NSEC: nobody reads it */
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
	put_mx(p, SECTION_ANSWER, Q, 300, 10, "mx.example.org");
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

static void ede_stale_second(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, Q, 30, 10, "mx.example.org");
	opt_begin(p, 0);
	put_ede(p, 22, "");
	put_ede(p, 3, "old");
	rr_end(p);
}

static void ede_too_short(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, Q, 30, 10, "mx.example.org");
	opt_begin(p, 0);
	put_octets(p, "\0\17\0\1x", 5);
	rr_end(p);
}

static void ede_with_nul(struct packet *p)
{
	put_mx(p, SECTION_ANSWER, Q, 30, 10, "mx.example.org");
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

/* What must not parse. */
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
	rr_begin(p, SECTION_ANSWER, Q, MXW_TYPE_MX, 300);
	put_u16(p, 10);
	put_pointer(p, p->n + 2);
	rr_end(p);
	put_mx(p, SECTION_ANSWER, Q, 300, 10, "mx.example.org");
}

static void pointer_past_end(struct packet *p)
{
	rr_begin(p, SECTION_ANSWER, Q, MXW_TYPE_MX, 300);
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
	rr_begin(p, SECTION_ANSWER, Q, 65280, 300);
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
	put_octets(p, "\x41" "abc\0", 5);
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

/* An exchange of 115 octets, and one of n labels of two octets that continues with it. */
static void put_name_with_tail(struct packet *p, unsigned n_labels)
{
	size_t first = 0;
	for (unsigned k = 0; k < 2; k++) {
		rr_begin(p, SECTION_ANSWER, Q, MXW_TYPE_MX, 300);
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

static void name_too_long_by_pointer(struct packet *p)
{
	put_name_with_tail(p, 71);
}

static void mx_short(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_MX, 300, "\0", 1);
}

static void mx_preference_only(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_MX, 300, "\0\12", 2);
}

static void mx_empty(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_MX, 300, "", 0);
}

static void mx_trailing(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_MX, 300, "\0\12\0x", 4);
}

static void mx_name_beyond(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_MX, 300, "\0\12\3m", 4);
	put_octets(p, "xx\0", 3);
}

static void cname_empty(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_CNAME, 300, "", 0);
}

static void a_short(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_A, 300, "\xc0\0\2", 3);
}

static void a_long(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_A, 300, "\xc0\0\2\1\1", 5);
}

static void aaaa_short(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_AAAA, 300, "\xc0\0\2\1", 4);
}

static void txt_beyond(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_TXT, 300, "\5abc", 4);
}

static void soa_short(struct packet *p)
{
	put_raw(p, SECTION_AUTHORITY, "org", MXW_TYPE_SOA, 300, "\0\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4", 18);
}

static void rdlength_past_end(struct packet *p)
{
	put_raw(p, SECTION_ANSWER, Q, MXW_TYPE_A, 300, "\xc0\0\2\1", 4);
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
	put_mx(p, SECTION_ANSWER, Q, 300, 10, "mx.example.org");
	p->octets[7] = 2;
}

static void count_absurd(struct packet *p)
{
	p->octets[6] = p->octets[7] = p->octets[8] = p->octets[9] = p->octets[10] = p->octets[11] = 0xff;
}

static void two_questions(struct packet *p)
{
	put_name(p, Q);
	put_u16(p, MXW_TYPE_MX);
	put_u16(p, 1);
	p->octets[5] = 2;
}

static const struct response {
	const char *name;
	void (*build)(struct packet *p);
	uint16_t flags; /* beside QR, RD, RA, which are inverted */
	uint16_t type; /* 0: MX */
	bool tcp;
	const char *expected;
} responses[] = {
	{ "MX", mx_with_pointers, 0, 0, false, "answer: 19 mx2.example.org., 20 mx1.example.org. ttl=299" },
	{ "mixed case", mx_mixed_case, 0, 0, false, "answer: 10 mx.example.org. ttl=300" },
	{ "null MX", mx_null, FLAG_AD, 0, false, "answer: 0 . ttl=300 ad" },
	{ "A", a_and_aaaa, FLAG_AA, MXW_TYPE_A, false, "answer: 192.0.2.1, 192.0.2.2 ttl=300 aa" },
	{ "AAAA", a_and_aaaa, 0, MXW_TYPE_AAAA, false, "answer: 2001:db8::1 ttl=30" },
	{ "TXT", txt, 0, MXW_TYPE_TXT, false, "answer: \\# 0, \"\", \"a\\000\\255\\\"\", \"v=spf1 \" \"-all\" ttl=300" },
	{ "unknown type", unknown_type, 0, 65280, false, "answer: \\# 0, \\# 2 cafe ttl=300" },
	{ "SOA", soa_asked, 0, MXW_TYPE_SOA, false,
	  "answer: \\# 48 016e076578616d706c65036f726700076578616d706c65036f7267000000000100000002000000030000000400000005 ttl=300" },
	{ "PTR", ptr, 0, MXW_TYPE_PTR, false, "answer: mail.example.net. ttl=300" },
	{ "CNAME asked", alias_leaves, 0, MXW_TYPE_CNAME, false, "answer: b.net. ttl=90" },
	{ "aliases", aliases, 0, 0, false, "answer -> b.net -> c.net: 10 mx.c.net. ttl=60" },
	{ "DNAME", dname, 0, 0, false, "answer -> example.net: 10 mx.c.net. ttl=60" },
	{ "DNAME asked below it", dname, 0, MXW_TYPE_DNAME, false, "continue -> example.net ttl=60" },
	{ "DNAME loop", dname_loop, 0, 0, false,
	  "loop -> example.x.org -> example.x.x.org -> example.x.x.x.org -> example.x.x.x.x.org -> example.x.x.x.x.x.org -> "
	  "example.x.x.x.x.x.x.org -> example.x.x.x.x.x.x.x.org -> example.x.x.x.x.x.x.x.x.org -> example.x.x.x.x.x.x.x.x.x.org -> "
	  "example.x.x.x.x.x.x.x.x.x.x.org ttl=60" },
	{ "alias leaves", alias_leaves, 0, 0, false, "continue -> b.net ttl=90" },
	{ "other class", other_class, 0, 0, false, "answer: 10 mx.example.org. ttl=300" },
	{ "TTL with the top bit", ttl_top_bit, 0, 0, false, "answer: 10 mx.example.org. ttl=0" },
	{ "largest TTL", ttl_largest, 0, 0, false, "answer: 10 mx.example.org. ttl=2147483647" },
	{ "NXDOMAIN", denial, 3, 0, false, "nxdomain ttl=900 rcode=3 soa=org/3600/900" },
	{ "NODATA", denial_with_proof, 0, 0, false, "nodata ttl=60 soa=org/60/900" },
	{ "referral", referral, FLAG_RA, 0, false, "referral ttl=0 no-ra" },
	{ "empty", nothing, 0, 0, false, "unproven ttl=0" },
	{ "empty over TCP", nothing, 0, 0, true, "nodata ttl=0" },
	{ "SERVFAIL", nothing, 2, 0, false, "servfail ttl=0 rcode=2" },
	{ "BADVERS", badvers, 0, 0, false, "formerr ttl=0 rcode=16" },
	{ "BADVERS and low bits", badvers, 3, 0, false, "malformed ttl=0 rcode=19" },
	{ "blocked", ede_blocked, 0, 0, false, "filtered ttl=0 ede=15(blocked: \x1b[31m)" },
	{ "bogus", ede_first_counts, 2, 0, false, "bogus ttl=0 rcode=2 ede=9(no DNSKEY)" },
	{ "stale by the second option", ede_stale_second, 0, 0, false, "answer: 10 mx.example.org. ttl=30 ede=22() stale" },
	{ "EDE of one octet", ede_too_short, 0, 0, false, "answer: 10 mx.example.org. ttl=30" },
	{ "EDE with a NUL", ede_with_nul, 0, 0, false, "answer: 10 mx.example.org. ttl=30 ede=0(ab)" },
	{ "4,000 records", crowd, 0, 0, true, "answer: 0 example.org., 1 example.org. ttl=300" },
#define A10 "a.a.a.a.a.a.a.a.a.a."
	{ "name of 255 octets by a pointer", name_longest_by_pointer, 0, 0, false,
	  "answer: 0 " A10 A10 A10 A10 A10 "a.a.a.a.a.a.a., 1 " A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 A10 "a.a.a.a.a.a.a. ttl=300" },
	{ "truncated", mx_mixed_case, FLAG_TC, 0, false, "truncated ttl=0" },
	{ "truncated inside a record", rdlength_past_end, FLAG_TC, 0, false, "truncated ttl=0" },
	{ "TC over TCP", mx_mixed_case, FLAG_TC, 0, true, "answer: 10 mx.example.org. ttl=300" },
	{ "TC over TCP, cut", rdlength_past_end, FLAG_TC, 0, true, "malformed ttl=0" },
	{ "EDE is not taken from what is cut", option_past_end, FLAG_TC, 0, false, "truncated ttl=0" },

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
};

static void begin_response(struct packet *p, const struct response *row)
{
	packet_begin(p, (unsigned)FLAGS ^ row->flags, Q, row->type ? row->type : MXW_TYPE_MX);
	row->build(p);
}

static void all_responses(void **state)
{
	struct packet p;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(responses); i++) {
		const struct response *row = &responses[i];
		begin_response(&p, row);
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
		read_packet(&p, row->type ? row->type : MXW_TYPE_MX, row->tcp, &text);
		if (strcmp(mxw_strbuf_get(&text), row->expected) != 0)
			fail_msg("%s: %s, expected %s", row->name, mxw_strbuf_get(&text), row->expected);
	}
}

static void without_question(void **state)
{
	struct packet p;
	packet_begin(&p, FLAGS | MXW_RCODE_REFUSED, NULL, 0);
	assert_int_equal(p.n, 12);
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	read_packet(&p, MXW_TYPE_MX, false, &text);
	assert_string_equal(mxw_strbuf_get(&text), "refused ttl=0 rcode=5");
}

/* One TXT of 254 strings, and a long EDE text: all of the one, a bounded part of the other. */
static void large_fields(void **state)
{
	struct packet p;
	packet_begin(&p, FLAGS, Q, MXW_TYPE_TXT);
	txt_longest(&p);
	opt_begin(&p, 0);
	char text[300];
	memset(text, 'y', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	put_ede(&p, 0, text);
	rr_end(&p);
	struct mxw_message *message = NULL;
	assert_int_equal(parse_exact(&message, p.octets, p.n), 0);
	struct mxw_question question = { Q, MXW_TYPE_TXT };
	struct mxw_answer_parts parts;
	assert_int_equal(mxw_message_read(message, &question, NULL, 0, true, &parts), MXW_READING_DONE);
	assert_int_equal(parts.n_rrs, 1);
	assert_int_equal(parts.rrs[0].n_rdata, 254 * 256);
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf joined = MXW_STRBUF_INIT;
	mxw_rr_text(&parts.rrs[0], &joined);
	assert_int_equal(joined.len, 254 * 255);
	assert_int_equal(strspn(mxw_strbuf_get(&joined), "x"), 254 * 255);
	assert_int_equal(strlen(parts.head.ede_text), 255);
	mxw_message_free(message);
	mxw_message_free(NULL);
}

/* The aliases of several messages make one chain. */
static void continued_chain(void **state)
{
	struct packet p;
	packet_begin(&p, FLAGS, "b.net", MXW_TYPE_MX);
	put_name_rr(&p, SECTION_ANSWER, "b.net", MXW_TYPE_CNAME, 90, "c.net");
	put_mx(&p, SECTION_ANSWER, "c.net", 60, 10, "mx.c.net");
	struct mxw_message *message = NULL;
	assert_int_equal(parse_exact(&message, p.octets, p.n), 0);
	const char *chain[] = { "b.net" };
	struct mxw_answer_parts parts;
	assert_int_equal(mxw_message_read(message, &(struct mxw_question){ Q, MXW_TYPE_MX }, chain, 1, false, &parts), MXW_READING_DONE);
	assert_int_equal(parts.n_chain, 2);
	assert_string_equal(parts.chain[0], "b.net");
	assert_string_equal(parts.chain[1], "c.net");
	assert_int_equal(parts.head.ttl, 60);
	/* The same message, had its first alias led back to the question. */
	assert_int_equal(mxw_message_read(message, &(struct mxw_question){ "c.net", MXW_TYPE_MX }, chain, 1, false, &parts), MXW_READING_DONE);
	assert_int_equal(parts.head.outcome, MXW_OUTCOME_LOOP);
	mxw_message_free(message);
}

/* A message that ends early is never half an answer. */
static void every_prefix(void **state)
{
	struct packet p;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(responses); i++) {
		begin_response(&p, &responses[i]);
		if (strcmp(responses[i].expected, "unparsable") == 0 || (p.octets[2] & 2) || p.n > 2000)
			continue;
		for (size_t n = 0; n < p.n; n++) {
			struct mxw_message *message = NULL;
			assert_int_equal(parse_exact(&message, p.octets, n), -EBADMSG);
		}
	}
}

/* ---- mutations ---- */

static void mutate(struct mxw_rng *rng, struct packet *p)
{
	for (uint64_t n = 1 + mxw_rng_below(rng, 6); n > 0; n--) {
		size_t at = mxw_rng_below(rng, p->n);
		switch (mxw_rng_below(rng, 6)) {
		case 0:
			p->octets[at] = (uint8_t)mxw_rng_next(rng);
			break;
		case 1:
			p->octets[at] = 0xc0;
			break;
		case 2:
			p->n = at + 1;
			break;
		case 3:
			p->octets[at] = p->octets[mxw_rng_below(rng, p->n)];
			break;
		default:
			p->octets[at] ^= (uint8_t)(1u << mxw_rng_below(rng, 8));
		}
	}
}

static void mutations(void **state)
{
	struct mxw_rng rng;
	mxw_rng_seed(&rng, 2);
	struct packet p;
	unsigned n_parsed = 0;
	enum { RUNS = 100000 };
	for (unsigned run = 0; run < RUNS; run++) {
		const struct response *row = &responses[mxw_rng_below(&rng, MXW_ARRAY_SIZE(responses))];
		if (row->build == crowd || row->build == pointer_staircase)
			continue;
		begin_response(&p, row);
		mutate(&rng, &p);
		struct mxw_message *message = NULL;
		int r = parse_exact(&message, p.octets, p.n);
		if (r < 0) {
			assert_int_equal(r, -EBADMSG);
			continue;
		}
		n_parsed++;
		const char *chain[] = { "b.net" };
		struct mxw_question question = { Q, row->type ? row->type : MXW_TYPE_MX };
		for (unsigned k = 0; k < 4; k++) {
			struct mxw_answer_parts parts;
			mxw_message_read(message, &question, chain, k & 1, k & 2, &parts);
			assert_true(parts.n_chain <= MXW_MAX_CHAIN);
			assert_true(parts.head.outcome == MXW_OUTCOME_ANSWER || parts.n_rrs == 0);
			MXW_CLEANUP(mxw_answer_unrefp) struct mxw_answer *answer = NULL;
			assert_int_equal(mxw_answer_new(&answer, &parts), 0);
			MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
			for (size_t i = 0; i < answer->n_rrs; i++)
				mxw_rr_format(&answer->rrs[i], &text);
			for (const char *c = mxw_strbuf_get(&text); *c; c++)
				assert_true(*c >= 0x20 && *c < 0x7f);
		}
		mxw_message_free(message);
	}
	/* Neither all nor none: the mutations reach behind the first check. */
	assert_true(n_parsed > RUNS / 20 && n_parsed < RUNS * 19 / 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queries), cmocka_unit_test(query_limits), cmocka_unit_test(match), cmocka_unit_test(all_responses),
		cmocka_unit_test(without_question), cmocka_unit_test(large_fields), cmocka_unit_test(continued_chain),
		cmocka_unit_test(every_prefix), cmocka_unit_test(mutations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
