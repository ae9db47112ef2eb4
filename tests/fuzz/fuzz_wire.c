/* Fuzz target: a received message from the first look to records as text. The first octet chooses transport, question,
 * earlier aliases and who was asked; the rest is the message. What must hold for every message is checked, beyond memory safety. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/dns/wire.h"
#include "tests/fuzz/fuzz.h"

static const uint16_t types[8] = { MXW_TYPE_MX,  MXW_TYPE_A,   MXW_TYPE_TXT,   MXW_TYPE_CNAME,
				   MXW_TYPE_PTR, MXW_TYPE_SOA, MXW_TYPE_DNAME, 65280 };

static void check_canonical(const char *name)
{
	char again[MXW_NAME_TEXT_MAX];
	CHECK(mxw_name_canonical(name, again) == 0);
	CHECK(strcmp(name, again) == 0);
}

static void check_rr(const struct mxw_rr *rr, uint16_t type)
{
	CHECK(rr->type == type);
	CHECK(rr->ttl <= INT32_MAX);
	CHECK(rr->rdata);
	if (rr->name)
		check_canonical(rr->name);
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_rr_format(rr, &text);
	for (size_t i = 0; i < text.len; i++)
		CHECK(text.data[i] >= 0x20 && text.data[i] < 0x7f);
	mxw_rr_text(rr, &text);
	struct mxw_ip ip;
	if (mxw_rr_ip(rr, &ip))
		CHECK(ip.family == (type == MXW_TYPE_A ? 4 : 6));
}

static void check_referral(const struct mxw_referral *referral, const struct mxw_answer *answer, const char *name)
{
	check_canonical(referral->cut);
	CHECK(mxw_name_is_below(name, referral->cut));
	CHECK(answer->outcome == MXW_OUTCOME_REFERRAL && answer->ttl <= referral->ttl && referral->ttl <= INT32_MAX);
	CHECK(referral->n_servers >= 1 && referral->n_servers <= MXW_MAX_REFERRAL_SERVERS);
	for (size_t i = 0; i < referral->n_servers; i++) {
		check_canonical(referral->servers[i]);
		CHECK(i == 0 || strcmp(referral->servers[i - 1], referral->servers[i]) < 0);
	}
	CHECK(referral->n_glue <= MXW_MAX_GLUE);
	for (size_t i = 0; i < referral->n_glue; i++) {
		const struct mxw_glue *glue = &referral->glue[i], *before = i ? glue - 1 : NULL;
		CHECK(glue->server < referral->n_servers);
		CHECK(glue->ip.family == 4 || glue->ip.family == 6);
		CHECK(!before || before->server < glue->server ||
		      (before->server == glue->server && mxw_ip_compare(&before->ip, &glue->ip) < 0));
	}
}

/* What counts from a server that was asked directly. */
static void check_direct(const struct mxw_answer *answer, enum mxw_reading reading, const char *name)
{
	if (mxw_outcome_is_determinate(answer->outcome))
		CHECK(answer->aa);
	CHECK(reading != MXW_READING_CONTINUE || (answer->outcome == MXW_OUTCOME_REFERRAL && !answer->referral));
	if (answer->referral)
		check_referral(answer->referral, answer, name);
	else if (answer->outcome == MXW_OUTCOME_REFERRAL && reading == MXW_READING_DONE)
		CHECK(!answer->aa && answer->ttl == 0);
}

static void check_answer(const struct mxw_answer *answer, enum mxw_reading reading, uint16_t type, bool over_tcp)
{
	CHECK(answer->outcome < MXW_N_OUTCOMES);
	CHECK(answer->n_chain <= MXW_MAX_CHAIN);
	CHECK(answer->n_rrs <= MXW_MAX_ANSWER_RRS);
	CHECK((answer->n_rrs > 0) == (reading == MXW_READING_DONE && answer->outcome == MXW_OUTCOME_ANSWER));
	CHECK(reading != MXW_READING_CONTINUE || answer->n_chain > 0);
	CHECK(!over_tcp || (reading != MXW_READING_UNPROVEN && reading != MXW_READING_TRUNCATED));
	CHECK(answer->ttl <= INT32_MAX);
	CHECK(strlen(answer->ede_text) <= 255);
	if (answer->soa_owner) {
		check_canonical(answer->soa_owner);
		CHECK(answer->outcome == MXW_OUTCOME_NODATA || answer->outcome == MXW_OUTCOME_NXDOMAIN);
	}
	for (size_t i = 0; i < answer->n_chain; i++)
		check_canonical(answer->chain[i]);
	for (size_t i = 0; i < answer->n_rrs; i++)
		check_rr(&answer->rrs[i], type);
}

static void check_match(const uint8_t *packet, size_t n, const struct mxw_question *question)
{
	uint8_t query[MXW_QUERY_MAX];
	uint16_t id = n >= 2 ? (uint16_t)(packet[0] << 8 | packet[1]) : 0;
	struct mxw_query_options options = { .edns = true, .case_bits = 0x155 };
	int n_query = mxw_wire_query(question, id, &options, query);
	CHECK(n_query > 0);
	enum mxw_match match = mxw_wire_match(packet, n, query, (size_t)n_query);
	if (match == MXW_MATCH_OK || match == MXW_MATCH_CASE)
		CHECK(n >= (size_t)n_query - 11);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const earlier[] = { "b.net", "c.net" };
	if (size < 1 || size > MXW_MESSAGE_MAX)
		return 0;
	bool over_tcp = data[0] & 1;
	bool direct = data[0] & 0x40;
	struct mxw_question question = { "example.org", types[data[0] >> 1 & 7], direct };
	size_t n_chain = MXW_MIN(data[0] >> 4 & 3, 2);
	check_match(data + 1, size - 1, &question);
	struct mxw_message *message = NULL;
	if (mxw_message_parse(&message, data + 1, size - 1) < 0)
		return 0;
	struct mxw_answer_parts parts;
	enum mxw_reading reading = mxw_message_read(message, &question, earlier, n_chain,
						    over_tcp ? MXW_VIA_TCP : MXW_VIA_UDP, &parts);
	struct mxw_answer *answer = NULL;
	CHECK(mxw_answer_new(&answer, &parts) == 0);
	mxw_message_free(message);
	check_answer(answer, reading, question.type, over_tcp);
	CHECK(direct || !answer->referral);
	if (direct)
		check_direct(answer, reading, n_chain ? earlier[n_chain - 1] : question.name);
	mxw_answer_unref(answer);
	return 0;
}
