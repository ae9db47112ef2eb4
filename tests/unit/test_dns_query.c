/* Queries to the octet, which message is an answer to one, and names where they stand. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/dns/walk.h"
#include "lib/dns/wire.h"
#include "tests/unit/dns_packet.h"

enum { FLAGS = FLAG_QR | FLAG_RD | FLAG_RA };

#define Q "example.org"

static void queries(void **state)
{
	static const struct {
		const char *name;
		uint16_t type;
		struct mxw_query_options options;
		const char *octets;
		size_t n;
		bool direct;
	} rows[] = {
		{ Q,
		  MXW_TYPE_MX,
		  { 0 },
		  "\xab\xcd\1\x20\0\1\0\0\0\0\0\0"
		  "\7example\3org\0"
		  "\0\17\0\1",
		  29 },
		{ Q,
		  MXW_TYPE_AAAA,
		  { .edns = true },
		  "\xab\xcd\1\x20\0\1\0\0\0\0\0\1"
		  "\7example\3org\0"
		  "\0\34\0\1"
		  "\0\0\51\4\xd0\0\0\0\0\0\0",
		  40 },
		{ Q,
		  258,
		  { .checking_disabled = true },
		  "\xab\xcd\1\x30\0\1\0\0\0\0\0\0"
		  "\7example\3org\0"
		  "\1\2\0\1",
		  29 },
		{ ".",
		  MXW_TYPE_NS,
		  { .case_bits = UINT64_MAX },
		  "\xab\xcd\1\x20\0\1\0\0\0\0\0\0"
		  "\0"
		  "\0\2\0\1",
		  17 },
		{ Q,
		  MXW_TYPE_MX,
		  { .case_bits = 0x201 },
		  "\xab\xcd\1\x20\0\1\0\0\0\0\0\0"
		  "\7Example\3orG\0"
		  "\0\17\0\1",
		  29 },
		{ "a1-b.\\@c",
		  MXW_TYPE_MX,
		  { .case_bits = UINT64_MAX },
		  "\xab\xcd\1\x20\0\1\0\0\0\0\0\0"
		  "\4A1-B\2@C\0"
		  "\0\17\0\1",
		  25 },
		{ Q,
		  MXW_TYPE_MX,
		  { .edns = true, .case_bits = 1 },
		  "\xab\xcd\0\0\0\1\0\0\0\0\0\1"
		  "\7Example\3org\0"
		  "\0\17\0\1"
		  "\0\0\51\4\xd0\0\0\0\0\0\0",
		  40,
		  true },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		uint8_t query[MXW_QUERY_MAX];
		struct mxw_question question = { rows[i].name, rows[i].type, rows[i].direct };
		int n = mxw_wire_query(&question, 0xabcd, &rows[i].options, query);
		assert_int_equal(n, rows[i].n);
		assert_memory_equal(query, rows[i].octets, rows[i].n);
	}
}

static void query_limits(void **state)
{
#define L63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
	uint8_t query[MXW_QUERY_MAX];
	struct mxw_question longest = { L63 "." L63 "." L63
					    ".abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi",
					MXW_TYPE_MX };
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
		{ "no letter, but differs in the bit of the case", SET, 14, '[', MXW_MATCH_NOT_OURS },
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
	struct mxw_question question = { "e{.org", MXW_TYPE_MX };
	int n_query = mxw_wire_query(&question, 0x1234, &(struct mxw_query_options){ .edns = true }, query);
	assert_true(n_query > 0);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct packet p;
		packet_begin(&p, FLAGS, "e{.org", MXW_TYPE_MX);
		put_mx(&p, SECTION_ANSWER, "e{.org", 60, 10, "mx.e{.org");
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
	n_query = mxw_wire_query(&question, 0x1234, &(struct mxw_query_options){ .case_bits = 3 }, query);
	struct packet p;
	packet_begin(&p, FLAGS, "E{.Org", MXW_TYPE_MX);
	assert_int_equal(mxw_wire_match(p.octets, p.n, query, (size_t)n_query), MXW_MATCH_OK);
	packet_begin(&p, FLAGS, "e{.org", MXW_TYPE_MX);
	assert_int_equal(mxw_wire_match(p.octets, p.n, query, (size_t)n_query), MXW_MATCH_CASE);
}

/* ---- names in place ---- */

static void walk_name(void **state)
{
#define HEADER "............" /* what a name must not lead into */
#define X63 "\77xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X61 "\75xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define OCTETS(text) (const uint8_t *)(HEADER text), sizeof(HEADER text) - 1
	static const struct {
		const uint8_t *octets;
		size_t n, start, span; /* span 0: none */
	} rows[] = {
		{ OCTETS("\0"), 12, 1 },
		{ OCTETS("\1a\0rest"), 12, 3 },
		{ OCTETS("\1a\0\300\14"), 15, 2 },
		{ OCTETS("\1a\0\1b\300\14"), 15, 4 },
		{ OCTETS("\1a\0\1b\300\14\300\17"), 19, 2 },
		{ OCTETS(X63 X63 X63 X61 "\0"), 12, 255 },
		{ OCTETS(X63 X63 X63 X61 "\1x\0"), 12, 0 },
		{ OCTETS("\100xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\0"), 12, 0 },
		{ OCTETS("\200x\0"), 12, 0 },
		{ OCTETS(""), 12, 0 },
		{ OCTETS("\1a"), 12, 0 },
		{ OCTETS("\3a"), 12, 0 },
		{ OCTETS("\0\300"), 13, 0 },
		{ OCTETS("\300\14"), 12, 0 },
		{ OCTETS("\1a\300\14"), 12, 0 },
		{ OCTETS("\0\300\17\1a\0"), 13, 0 },
		{ OCTETS("\0\300\13"), 13, 0 },
		{ OCTETS("\1a\300\20\1b\300\14"), 16, 0 },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		uint8_t *exact = malloc(rows[i].n);
		assert_non_null(exact);
		memcpy(exact, rows[i].octets, rows[i].n);
		if (mxw_walk_name(exact, rows[i].n, rows[i].start) != rows[i].span)
			fail_msg("row %zu", i);
		free(exact);
	}
	/* A staircase of pointers, as many as a name has labels and one more. */
	struct packet p = { .n = 13 };
	size_t at = 12;
	for (unsigned i = 1; i <= 128; i++) {
		put_pointer(&p, at);
		at = p.n - 2;
		assert_int_equal(mxw_walk_name(p.octets, p.n, at), i <= 127 ? 2 : 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queries),
		cmocka_unit_test(query_limits),
		cmocka_unit_test(match),
		cmocka_unit_test(walk_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
