/* Responses: what each form says, and that hostile ones say nothing. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "lib/base/rng.h"
#include "lib/base/util.h"
#include "lib/dns/wire.h"
#include "tests/unit/dns_responses.h"

enum { MANY_OCTETS = 2000 }; /* larger ones are not taken apart octet by octet */

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

/* The cut with its TTL, then the servers, each with its addresses. */
static void describe_referral(const struct mxw_referral *referral, struct mxw_strbuf *ret)
{
	mxw_strbuf_addf(ret, " cut=%s/%u", referral->cut, referral->ttl);
	for (size_t i = 0, k = 0; i < referral->n_servers; i++) {
		mxw_strbuf_addf(ret, "%s %s", i ? "," : "", referral->servers[i]);
		for (; k < referral->n_glue && referral->glue[k].server == i; k++) {
			char ip[MXW_IP_TEXT_MAX];
			mxw_ip_format(&referral->glue[k].ip, ip);
			mxw_strbuf_addf(ret, "=%s", ip);
		}
	}
}

/* "malformed", "truncated", "continue", "unproven" or the outcome, then chain, records, TTL and what is not as usual. */
static void describe(enum mxw_reading reading, const struct mxw_answer *answer, struct mxw_strbuf *ret)
{
	static const char *const words[] = { [MXW_READING_UNPROVEN] = "unproven",
					     [MXW_READING_TRUNCATED] = "truncated",
					     [MXW_READING_CONTINUE] = "continue",
					     [MXW_READING_MALFORMED] = "malformed" };
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
		mxw_strbuf_addf(ret, " soa=%s/%u/%u#%u", answer->soa_owner, answer->soa_ttl, answer->soa_minimum,
				answer->soa_serial);
	mxw_strbuf_addf(ret, "%s%s%s%s", answer->stale ? " stale" : "", answer->aa ? " aa" : "",
			answer->ad ? " ad" : "", answer->ra ? "" : " no-ra");
	if (answer->referral)
		describe_referral(answer->referral, ret);
}

static void read_packet(const struct packet *p, struct mxw_question question, bool over_tcp, struct mxw_strbuf *ret)
{
	struct mxw_message *message = NULL;
	if (parse_exact(&message, p->octets, p->n) == -EBADMSG) {
		mxw_strbuf_adds(ret, "unparsable");
		return;
	}
	assert_non_null(message);
	struct mxw_answer_parts parts;
	enum mxw_reading reading = mxw_message_read(message, &question, NULL, 0, over_tcp ? MXW_VIA_TCP : MXW_VIA_UDP,
						    &parts);
	MXW_CLEANUP(mxw_answer_unrefp) struct mxw_answer *answer = NULL;
	assert_int_equal(mxw_answer_new(&answer, &parts), 0);
	assert_int_equal(answer->over_tcp, over_tcp);
	mxw_message_free(message);
	describe(reading, answer, ret);
}
static void txt_longest(struct packet *p)
{
	rr_begin(p, SECTION_ANSWER, QNAME, MXW_TYPE_TXT, 300);
	for (unsigned i = 0; i < 254; i++) {
		put_u8(p, 255);
		memset(p->octets + p->n, 'x', 255);
		p->n += 255;
	}
	rr_end(p);
}
static void check_responses(const struct response *rows, size_t n)
{
	struct packet p;
	for (size_t i = 0; i < n; i++) {
		const struct response *row = &rows[i];
		begin_response(&p, row);
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
		struct mxw_question question = { QNAME, row->type ? row->type : MXW_TYPE_MX, row->direct };
		read_packet(&p, question, row->tcp, &text);
		if (strcmp(mxw_strbuf_get(&text), row->expected) != 0)
			fail_msg("%s: %s, expected %s", row->name, mxw_strbuf_get(&text), row->expected);
	}
}

static void good(void **state)
{
	check_responses(good_responses, n_good_responses);
}

static void hostile(void **state)
{
	check_responses(hostile_responses, n_hostile_responses);
}

static void direct(void **state)
{
	check_responses(direct_responses, n_direct_responses);
	check_responses(hostile_direct_responses, n_hostile_direct_responses);
}

static void without_question(void **state)
{
	struct packet p;
	packet_begin(&p, RESPONSE_FLAGS | MXW_RCODE_REFUSED, NULL, 0);
	assert_int_equal(p.n, 12);
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	read_packet(&p, (struct mxw_question){ QNAME, MXW_TYPE_MX }, false, &text);
	assert_string_equal(mxw_strbuf_get(&text), "refused ttl=0 rcode=5");
}

/* One TXT of 254 strings, and a long EDE text: all of the one, a bounded part of the other. */
static void large_fields(void **state)
{
	struct packet p;
	packet_begin(&p, RESPONSE_FLAGS, QNAME, MXW_TYPE_TXT);
	txt_longest(&p);
	opt_begin(&p, 0);
	char text[300];
	memset(text, 'y', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	put_ede(&p, 0, text);
	rr_end(&p);
	struct mxw_message *message = NULL;
	assert_int_equal(parse_exact(&message, p.octets, p.n), 0);
	struct mxw_question question = { QNAME, MXW_TYPE_TXT };
	struct mxw_answer_parts parts;
	assert_int_equal(mxw_message_read(message, &question, NULL, 0, MXW_VIA_TCP, &parts), MXW_READING_DONE);
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

static long max_rss_kib(void)
{
	struct rusage usage;
	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return usage.ru_maxrss;
}

/* As many strings as a message holds, all empty: what they cost is what they take, not an object each. */
static void many_strings(void **state)
{
	enum { MANY = 65000, MAX_KIB = 32 * 1024 };
	struct packet p;
	packet_begin(&p, RESPONSE_FLAGS, QNAME, MXW_TYPE_TXT);
	rr_begin(&p, SECTION_ANSWER, QNAME, MXW_TYPE_TXT, 300);
	for (unsigned i = 0; i < MANY; i++)
		put_u8(&p, 0);
	rr_end(&p);
	long before_kib = max_rss_kib();
	struct mxw_message *message = NULL;
	assert_int_equal(parse_exact(&message, p.octets, p.n), 0);
	assert_in_range(max_rss_kib() - before_kib, 0, MAX_KIB);
	struct mxw_answer_parts parts;
	struct mxw_question question = { QNAME, MXW_TYPE_TXT };
	assert_int_equal(mxw_message_read(message, &question, NULL, 0, MXW_VIA_TCP, &parts), MXW_READING_DONE);
	assert_int_equal(parts.rrs[0].n_rdata, MANY);
	mxw_message_free(message);
}

/* The aliases of several messages make one chain. */
static void continued_chain(void **state)
{
	struct packet p;
	packet_begin(&p, RESPONSE_FLAGS, "b.net", MXW_TYPE_MX);
	put_name_rr(&p, SECTION_ANSWER, "b.net", MXW_TYPE_CNAME, 90, "c.net");
	put_mx(&p, SECTION_ANSWER, "c.net", 60, 10, "mx.c.net");
	struct mxw_message *message = NULL;
	assert_int_equal(parse_exact(&message, p.octets, p.n), 0);
	const char *chain[] = { "b.net" };
	struct mxw_answer_parts parts;
	assert_int_equal(
		mxw_message_read(message, &(struct mxw_question){ QNAME, MXW_TYPE_MX }, chain, 1, MXW_VIA_UDP, &parts),
		MXW_READING_DONE);
	assert_int_equal(parts.n_chain, 2);
	assert_string_equal(parts.chain[0], "b.net");
	assert_string_equal(parts.chain[1], "c.net");
	assert_int_equal(parts.head.ttl, 60);
	/* The same message, had its first alias led back to the question. */
	assert_int_equal(mxw_message_read(message, &(struct mxw_question){ "c.net", MXW_TYPE_MX }, chain, 1,
					  MXW_VIA_UDP, &parts),
			 MXW_READING_DONE);
	assert_int_equal(parts.head.outcome, MXW_OUTCOME_LOOP);
	mxw_message_free(message);
}

/* A full message of servers and addresses: both are bounded, and so is the work. */
static void crowded_referral(void **state)
{
	enum { N_NS = 1500, N_GLUE = 2000 };
	static struct packet p;
	packet_begin(&p, FLAG_QR, QNAME, MXW_TYPE_MX);
	size_t first = 0;
	for (unsigned i = 0; i < N_NS; i++) {
		put_pointer(&p, 12);
		put_fixed(&p, SECTION_AUTHORITY, MXW_TYPE_NS, 1, 300);
		first = first ? first : p.n;
		put_u8(&p, 3);
		put_u8(&p, 'a' + i / 26 / 26 % 26);
		put_u8(&p, 'a' + i / 26 % 26);
		put_u8(&p, 'a' + i % 26);
		put_pointer(&p, 12);
		rr_end(&p);
	}
	for (unsigned i = 0; i < N_GLUE; i++) {
		put_pointer(&p, first);
		put_fixed(&p, SECTION_ADDITIONAL, MXW_TYPE_A, 1, 300);
		put_u32(&p, 0xc6120000u + (i * 7919) % N_GLUE);
		rr_end(&p);
	}
	struct mxw_message *message = NULL;
	assert_int_equal(parse_exact(&message, p.octets, p.n), 0);
	struct mxw_question question = { QNAME, MXW_TYPE_MX, true };
	struct mxw_answer_parts parts;
	assert_int_equal(mxw_message_read(message, &question, NULL, 0, MXW_VIA_TCP, &parts), MXW_READING_DONE);
	MXW_CLEANUP(mxw_answer_unrefp) struct mxw_answer *answer = NULL;
	assert_int_equal(mxw_answer_new(&answer, &parts), 0);
	mxw_message_free(message);
	assert_int_equal(answer->referral->n_servers, MXW_MAX_REFERRAL_SERVERS);
	assert_string_equal(answer->referral->servers[MXW_MAX_REFERRAL_SERVERS - 1], "abf." QNAME);
	assert_int_equal(answer->referral->n_glue, MXW_MAX_GLUE);
	assert_int_equal(answer->referral->glue[MXW_MAX_GLUE - 1].ip.bytes[3], MXW_MAX_GLUE - 1);
}

/* A message that ends early is never half an answer. */
static void every_prefix(void **state)
{
	struct packet p;
	for (size_t i = 0; i < n_good_responses + n_direct_responses; i++) {
		const struct response *row = i < n_good_responses ? &good_responses[i]
								  : &direct_responses[i - n_good_responses];
		begin_response(&p, row);
		if ((row->flags & FLAG_TC) || p.n > MANY_OCTETS)
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

static const struct response *any_response(struct mxw_rng *rng)
{
	const struct {
		const struct response *rows;
		size_t n;
	} tables[] = { { good_responses, n_good_responses },
		       { hostile_responses, n_hostile_responses },
		       { direct_responses, n_direct_responses },
		       { hostile_direct_responses, n_hostile_direct_responses } };
	size_t n = 0;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(tables); i++)
		n += tables[i].n;
	size_t k = mxw_rng_below(rng, n), i = 0;
	while (k >= tables[i].n)
		k -= tables[i++].n;
	return &tables[i].rows[k];
}

static void mutations(void **state)
{
	struct mxw_rng rng;
	mxw_rng_seed(&rng, 2);
	struct packet p;
	unsigned n_parsed = 0;
	enum { RUNS = 100000 };
	for (unsigned run = 0; run < RUNS; run++) {
		const struct response *row = any_response(&rng);
		begin_response(&p, row);
		if (p.n > MANY_OCTETS)
			continue;
		mutate(&rng, &p);
		struct mxw_message *message = NULL;
		int r = parse_exact(&message, p.octets, p.n);
		if (r < 0) {
			assert_int_equal(r, -EBADMSG);
			continue;
		}
		n_parsed++;
		const char *chain[] = { "b.net" };
		struct mxw_question question = { QNAME, row->type ? row->type : MXW_TYPE_MX };
		for (unsigned k = 0; k < 12; k++) {
			struct mxw_answer_parts parts;
			question.direct = k >= 6;
			mxw_message_read(message, &question, chain, k & 1, (enum mxw_via)(k % 6 / 2), &parts);
			assert_true(parts.n_chain <= MXW_MAX_CHAIN);
			assert_true(parts.head.outcome == MXW_OUTCOME_ANSWER || parts.n_rrs == 0);
			assert_true(!parts.head.referral ||
				    (question.direct && parts.head.outcome == MXW_OUTCOME_REFERRAL));
			MXW_CLEANUP(mxw_answer_unrefp) struct mxw_answer *answer = NULL;
			assert_int_equal(mxw_answer_new(&answer, &parts), 0);
			MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
			for (size_t j = 0; j < answer->n_rrs; j++)
				mxw_rr_format(&answer->rrs[j], &text);
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
		cmocka_unit_test(good),
		cmocka_unit_test(hostile),
		cmocka_unit_test(direct),
		cmocka_unit_test(without_question),
		cmocka_unit_test(large_fields),
		cmocka_unit_test(many_strings),
		cmocka_unit_test(continued_chain),
		cmocka_unit_test(crowded_referral),
		cmocka_unit_test(every_prefix),
		cmocka_unit_test(mutations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
