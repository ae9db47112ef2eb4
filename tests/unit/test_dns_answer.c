/* The compact answer: copying, order, duplicates, records as text. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/dns/answer.h"

#define RDATA(text) .rdata = (const uint8_t *)(text), .n_rdata = sizeof(text) - 1

static struct mxw_rr mx(uint16_t preference, const char *host, uint32_t ttl)
{
	return (struct mxw_rr){ .type = MXW_TYPE_MX, .preference = preference, .name = host, .ttl = ttl };
}

static void nothing_is_borrowed(void **state)
{
	char alias[] = "www.example.org", owner[] = "example.org", ede[] = "because", host[] = "mx.example.org",
	     octets[] = "\3abc";
	const char *chain[] = { alias, "second.example.org" };
	struct mxw_rr rrs[] = {
		mx(10, host, 60),
		{ .type = MXW_TYPE_TXT, .rdata = (uint8_t *)octets, .n_rdata = 4 },
	};
	struct mxw_answer_parts parts = {
		.head = { .outcome = MXW_OUTCOME_ANSWER,
			  .rcode = 3,
			  .ede = 22,
			  .ede_text = ede,
			  .aa = true,
			  .tc = true,
			  .ra = true,
			  .ad = true,
			  .over_tcp = true,
			  .stale = true,
			  .ttl = 60,
			  .rtt_us = 5,
			  .received_at_ms = 77,
			  .soa_owner = owner,
			  .soa_ttl = 8,
			  .soa_minimum = 9 },
		.chain = chain,
		.n_chain = 2,
		.rrs = rrs,
		.n_rrs = 2,
	};
	struct mxw_answer *answer = NULL;
	assert_int_equal(mxw_answer_new(&answer, &parts), 0);
	alias[0] = owner[0] = ede[0] = host[0] = octets[1] = 'X';
	chain[0] = NULL;
	memset(rrs, 0xff, sizeof(rrs));

	assert_int_equal(answer->refs, 1);
	assert_int_equal(answer->rcode, 3);
	assert_int_equal(answer->ede, 22);
	assert_string_equal(answer->ede_text, "because");
	assert_true(answer->aa && answer->tc && answer->ra && answer->ad && answer->over_tcp && answer->stale);
	assert_int_equal(answer->ttl, 60);
	assert_int_equal(answer->rtt_us, 5);
	assert_int_equal(answer->received_at_ms, 77);
	assert_string_equal(answer->soa_owner, "example.org");
	assert_int_equal(answer->soa_ttl, 8);
	assert_int_equal(answer->soa_minimum, 9);
	assert_int_equal(answer->n_chain, 2);
	assert_string_equal(answer->chain[0], "www.example.org");
	assert_string_equal(answer->chain[1], "second.example.org");
	assert_int_equal(answer->n_rrs, 2);
	assert_string_equal(answer->rrs[0].name, "mx.example.org");
	assert_int_equal(answer->rrs[0].n_rdata, 0);
	assert_non_null(answer->rrs[0].rdata);
	assert_null(answer->rrs[1].name);
	assert_memory_equal(answer->rrs[1].rdata, "\3abc", 4);
	mxw_answer_unref(answer);
}

/* A referral lies in the same block, and one is not paid for by answers without. */
static void referrals(void **state)
{
	char cut[] = "example.org", first[] = "ns1.example.org";
	const char *servers[] = { first, "ns2.example.net" };
	struct mxw_glue glue[] = { { .ip = { .family = 4, .bytes = { 192, 0, 2, 1 } }, .server = 0 },
				   { .ip = { .family = 6, .bytes = { 0x20, 1 } }, .server = 1 } };
	struct mxw_referral referral = {
		.cut = cut, .ttl = 77, .n_servers = 2, .n_glue = 2, .servers = servers, .glue = glue
	};
	struct mxw_answer_parts parts = {
		.head = { .outcome = MXW_OUTCOME_REFERRAL, .ede_text = "", .referral = &referral }
	};
	MXW_CLEANUP(mxw_answer_unrefp) struct mxw_answer *answer = NULL, *copy = NULL, *plain = NULL;
	assert_int_equal(mxw_answer_new(&answer, &parts), 0);
	cut[0] = first[0] = 'X';
	servers[1] = NULL;
	memset(glue, 0xff, sizeof(glue));
	memset(&referral, 0xff, sizeof(referral));

	parts.head = *answer; /* as where a failure is made of another answer */
	assert_int_equal(mxw_answer_new(&copy, &parts), 0);
	assert_int_equal(copy->n_octets, answer->n_octets);
	assert_string_equal(copy->referral->cut, "example.org");
	assert_int_equal(copy->referral->ttl, 77);
	assert_int_equal(copy->referral->n_servers, 2);
	assert_string_equal(copy->referral->servers[0], "ns1.example.org");
	assert_string_equal(copy->referral->servers[1], "ns2.example.net");
	assert_int_equal(copy->referral->n_glue, 2);
	assert_int_equal(copy->referral->glue[0].ip.bytes[0], 192);
	assert_int_equal(copy->referral->glue[1].ip.family, 6);
	assert_int_equal(copy->referral->glue[1].server, 1);

	assert_int_equal(mxw_answer_new_failure(&plain, MXW_OUTCOME_TIMEOUT), 0);
	assert_null(plain->referral);
	assert_int_equal(plain->n_octets, sizeof(*plain));
}

static void inside(void **state)
{
	const char *const chain[] = { "a.example.org", "example.org", "b.net", "c.example.org" };
	struct mxw_answer answer = { .chain = chain, .n_chain = 4 };
	assert_int_equal(mxw_answer_n_inside(&answer, "example.org"), 2);
	assert_int_equal(mxw_answer_n_inside(&answer, "."), 4);
	assert_int_equal(mxw_answer_n_inside(&answer, "net"), 0);
	answer.n_chain = 0;
	assert_int_equal(mxw_answer_n_inside(&answer, "example.org"), 0);
}

static void references(void **state)
{
	MXW_CLEANUP(mxw_answer_unrefp) struct mxw_answer *answer = NULL;
	assert_int_equal(mxw_answer_new_failure(&answer, MXW_OUTCOME_TIMEOUT), 0);
	assert_int_equal(answer->outcome, MXW_OUTCOME_TIMEOUT);
	assert_int_equal(answer->ede, -1);
	assert_string_equal(answer->ede_text, "");
	assert_null(answer->soa_owner);
	assert_int_equal(answer->n_chain + answer->n_rrs, 0);
	assert_ptr_equal(mxw_answer_ref(answer), answer);
	assert_int_equal(answer->refs, 2);
	mxw_answer_unref(answer);
	assert_int_equal(answer->refs, 1);
	assert_null(mxw_answer_ref(NULL));
	mxw_answer_unref(NULL);
}

static void format_all(const struct mxw_answer *answer, struct mxw_strbuf *ret)
{
	for (size_t i = 0; i < answer->n_rrs; i++) {
		mxw_strbuf_adds(ret, i ? ", " : "");
		mxw_rr_format(&answer->rrs[i], ret);
		mxw_strbuf_addf(ret, " %u", answer->rrs[i].ttl);
	}
}

/* All rotations and the reverse of a set give the same answer: sorted, unique, with the smallest TTL of duplicates. */
static void canonical_order(void **state)
{
	const struct mxw_rr set[] = {
		mx(20, "a.example.org", 60),
		mx(10, "c.example.org", 60),
		mx(10, "b.example.org", 300),
		mx(10, "b.example.org", 30),
		mx(10, "b.example.org", 60),
		mx(256, "a.example.org", 60),
		mx(0, ".", 60),
	};
	enum { N = MXW_ARRAY_SIZE(set) };
	for (size_t turn = 0; turn < 2 * N; turn++) {
		struct mxw_rr rrs[N];
		for (size_t i = 0; i < N; i++)
			rrs[i] = set[turn < N ? (i + turn) % N : (2 * N - 1 - i + turn) % N];
		struct mxw_answer_parts parts = { .rrs = rrs, .n_rrs = N };
		MXW_CLEANUP(mxw_answer_unrefp) struct mxw_answer *answer = NULL;
		assert_int_equal(mxw_answer_new(&answer, &parts), 0);
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
		format_all(answer, &text);
		assert_string_equal(mxw_strbuf_get(&text), "0 . 60, 10 b.example.org. 30, 10 c.example.org. 60, "
							   "20 a.example.org. 60, 256 a.example.org. 60");
	}
}

static void rdata_order(void **state)
{
	const struct mxw_rr rrs[] = {
		{ .type = MXW_TYPE_TXT, RDATA("\2ab") },
		{ .type = MXW_TYPE_TXT, RDATA("\1a") },
		{ .type = MXW_TYPE_TXT },
		{ .type = MXW_TYPE_TXT, RDATA("\1a\1b") },
		{ .type = MXW_TYPE_TXT, RDATA("\1a") },
		{ .type = MXW_TYPE_TXT, RDATA("\1\xff") },
	};
	struct mxw_answer_parts parts = { .rrs = rrs, .n_rrs = MXW_ARRAY_SIZE(rrs) };
	MXW_CLEANUP(mxw_answer_unrefp) struct mxw_answer *answer = NULL;
	assert_int_equal(mxw_answer_new(&answer, &parts), 0);
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	format_all(answer, &text);
	assert_string_equal(mxw_strbuf_get(&text), "\\# 0 0, \"a\" 0, \"a\" \"b\" 0, \"\\255\" 0, \"ab\" 0");
}

/* More than the stack holds, and more than an answer may have. */
static void many_records(void **state)
{
	enum { N = MXW_MAX_ANSWER_RRS + 500 };
	static struct mxw_rr rrs[2 * N];
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rrs); i++)
		rrs[i] = mx((uint16_t)(i % N), "mx.example.org", 1);
	struct mxw_answer_parts parts = { .rrs = rrs, .n_rrs = MXW_ARRAY_SIZE(rrs) };
	struct mxw_answer *answer = NULL;
	assert_int_equal(mxw_answer_new(&answer, &parts), 0);
	assert_int_equal(answer->n_rrs, MXW_MAX_ANSWER_RRS);
	for (size_t i = 0; i < answer->n_rrs; i++)
		assert_int_equal(answer->rrs[i].preference, i);
	assert_int_equal(answer->n_octets,
			 sizeof(*answer) + answer->n_rrs * (sizeof(struct mxw_rr) + sizeof("mx.example.org")));
	mxw_answer_unref(answer);
	parts.n_rrs = 200;
	assert_int_equal(mxw_answer_new(&answer, &parts), 0);
	assert_int_equal(answer->n_rrs, 200);
	mxw_answer_unref(answer);
}

static void records_as_text(void **state)
{
	static const struct {
		struct mxw_rr rr;
		const char *format;
		const char *text; /* of mxw_rr_text; NULL: not a TXT record */
	} rows[] = {
		{ { .type = MXW_TYPE_A, RDATA("\xc0\0\2\1") }, "192.0.2.1", NULL },
		{ { .type = MXW_TYPE_A, RDATA("\xc0\0\2") }, "\\# 3 c00002", NULL },
		{ { .type = MXW_TYPE_AAAA, RDATA("\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1") }, "2001:db8::1", NULL },
		{ { .type = MXW_TYPE_AAAA, RDATA("\xc0\0\2\1") }, "\\# 4 c0000201", NULL },
		{ { .type = MXW_TYPE_MX, .preference = 10, .name = "mx1.example.org" }, "10 mx1.example.org.", NULL },
		{ { .type = MXW_TYPE_MX, .name = "." }, "0 .", NULL },
		{ { .type = MXW_TYPE_PTR, .name = "mx1.example.org" }, "mx1.example.org.", NULL },
		{ { .type = MXW_TYPE_TXT, RDATA("\13v=spf1 -all") }, "\"v=spf1 -all\"", "v=spf1 -all" },
		{ { .type = MXW_TYPE_TXT, RDATA("\7v=spf1 \4-all\0") }, "\"v=spf1 \" \"-all\" \"\"", "v=spf1 -all" },
		{ { .type = MXW_TYPE_SPF, RDATA("\1x") }, "\"x\"", "x" },
		{ { .type = MXW_TYPE_TXT, RDATA("\6a\"\\\n\x80~") }, "\"a\\\"\\\\\\010\\128~\"", "a\"\\\n\x80~" },
		{ { .type = MXW_TYPE_TXT, RDATA("\12abc") }, "\"abc\"", "abc" }, /* length octet beyond the end */
		{ { .type = MXW_TYPE_TXT, RDATA("\12") }, "\"\"", "" },
		{ { .type = MXW_TYPE_TXT }, "\\# 0", "" },
		{ { .type = 65280, RDATA("\xca\xfe") }, "\\# 2 cafe", NULL },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf sb = MXW_STRBUF_INIT;
		mxw_rr_format(&rows[i].rr, &sb);
		assert_string_equal(mxw_strbuf_get(&sb), rows[i].format);
		if (!rows[i].text)
			continue;
		mxw_strbuf_clear(&sb);
		mxw_rr_text(&rows[i].rr, &sb);
		assert_string_equal(mxw_strbuf_get(&sb), rows[i].text);
	}
}

static void soa_numbers(void **state)
{
	struct mxw_soa soa = { 0 };
	struct mxw_rr rr = { .type = MXW_TYPE_SOA, RDATA("\1n\0\0\x80\0\0\1\0\0\0\2\0\0\3\0\0\4\0\0\5\0\0\0") };
	assert_true(mxw_rr_soa(&rr, &soa));
	assert_int_equal(soa.serial, 0x80000001);
	assert_int_equal(soa.refresh, 2);
	assert_int_equal(soa.retry, 0x300);
	assert_int_equal(soa.expire, 0x40000);
	assert_int_equal(soa.minimum, 0x5000000);
	rr.n_rdata = 21;
	assert_false(mxw_rr_soa(&rr, &soa));
	rr.n_rdata = 24;
	rr.type = MXW_TYPE_TXT;
	assert_false(mxw_rr_soa(&rr, &soa));
}

static void addresses(void **state)
{
	struct mxw_ip ip = { 0 };
	char text[MXW_IP_TEXT_MAX];
	assert_true(mxw_rr_ip(&(struct mxw_rr){ .type = MXW_TYPE_A, RDATA("\xc0\0\2\1") }, &ip));
	mxw_ip_format(&ip, text);
	assert_string_equal(text, "192.0.2.1");
	assert_true(mxw_rr_ip(&(struct mxw_rr){ .type = MXW_TYPE_AAAA, RDATA("\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1") },
			      &ip));
	mxw_ip_format(&ip, text);
	assert_string_equal(text, "2001:db8::1");
	assert_false(mxw_rr_ip(&(struct mxw_rr){ .type = MXW_TYPE_A, RDATA("\xc0\0\2\1\1") }, &ip));
	assert_false(mxw_rr_ip(&(struct mxw_rr){ .type = MXW_TYPE_AAAA, RDATA("\xc0\0\2\1") }, &ip));
	assert_false(mxw_rr_ip(&(struct mxw_rr){ .type = MXW_TYPE_TXT, RDATA("\3abc") }, &ip));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_borrowed), cmocka_unit_test(referrals),       cmocka_unit_test(inside),
		cmocka_unit_test(references),          cmocka_unit_test(canonical_order), cmocka_unit_test(rdata_order),
		cmocka_unit_test(many_records),        cmocka_unit_test(records_as_text), cmocka_unit_test(soa_numbers),
		cmocka_unit_test(addresses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
