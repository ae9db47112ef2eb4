/* The result of `mxwatch spf`: text and JSON, and text of strangers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/report/spf_result.h"
#include "tests/unit/report_asserts.h"
#include "tests/zone/zone.h"

enum { MAX_TURNS = 40 };

struct question {
	const char *world, *ip, *helo, *mail_from;
};

/* Evaluates and prints; the caller frees. NULL as style: JSON. */
static char *result_of(const struct question *question, const struct mxw_report_style *style)
{
	struct zone *zone = zone_new("spf", NULL, question->world);
	struct mxw_observation *observation;
	struct mxw_missing missing = { 0 };
	struct mxw_spf_trace trace = { 0 };
	struct mxw_spf_evaluation evaluation = { 0 };
	struct mxw_spf_identity identity = { 0 };
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_ip ip;
	assert_non_null(zone);
	assert_int_equal(mxw_observation_new(&observation), 0);
	assert_int_equal(mxw_ip_parse(question->ip, &ip), 0);
	assert_int_equal(mxw_spf_identity_init(&identity, &ip, question->helo, question->mail_from), 0);
	struct mxw_spf_query query = { .identity = &identity,
				       .max_voids = MXW_SPF_MAX_VOIDS,
				       .wants_explanation = true };
	for (int turn = 0; turn < MAX_TURNS; turn++) {
		mxw_missing_clear(&missing);
		assert_int_equal(mxw_spf_evaluate(&query, observation, &missing, &trace, &evaluation), 0);
		for (size_t i = 0; i < missing.n; i++) {
			struct mxw_answer *answer = zone_answer(zone, missing.items[i].name, missing.items[i].type);
			assert_non_null(answer);
			assert_int_equal(
				mxw_observation_put(observation, missing.items[i].name, missing.items[i].type, answer),
				0);
			mxw_answer_unref(answer);
		}
	}
	assert_int_equal(missing.n, 0);
	assert_int_equal(style ? mxw_report_spf_text(&query, &evaluation, &trace, "9.9.9.9", style, &text)
			       : mxw_report_spf_json(&query, &evaluation, &trace, "9.9.9.9", &text),
			 0);
	mxw_spf_identity_done(&identity);
	mxw_spf_evaluation_done(&evaluation);
	mxw_spf_trace_done(&trace);
	mxw_missing_done(&missing);
	mxw_observation_free(observation);
	zone_free(zone);
	char *taken = mxw_strbuf_take(&text);
	if (!taken)
		abort();
	return taken;
}

static const struct mxw_report_style plain = { 0 };

static const struct question failing = {
	.world = "example.com. 300 IN TXT \"v=spf1 include:i.example a mx -all exp=why.example\"\n"
		 "example.com. 300 IN TXT \"something else\"\n"
		 "example.com. 300 IN A 192.0.2.1\n"
		 "i.example. 300 IN TXT \"v=spf1 ip4:192.0.2.2 ~all\"\n"
		 "why.example. 300 IN TXT \"%{i} is not ours\"\n",
	.ip = "192.0.2.9",
	.helo = "mail.example.net",
	.mail_from = "user@example.com",
};

static void test_result_in_text(void **state)
{
	char *text = result_of(&failing, &plain);
	assert_text(text, "fail\n"
			  "explanation: 192.0.2.9 is not ours\n"
			  "identity: mailfrom, domain example.com, sender user@example.com, client 192.0.2.9, HELO "
			  "mail.example.net\n"
			  "because: \"-all\" in the record of example.com matches\n"
			  "trace: 3 lookups, 1 void, asked 9.9.9.9\n"
			  "  lookup example.com TXT: 2 records\n"
			  "  record example.com: v=spf1 include:i.example a mx -all exp=why.example\n"
			  "    lookup i.example TXT: 1 record\n"
			  "    record i.example: v=spf1 ip4:192.0.2.2 ~all\n"
			  "    term ip4:192.0.2.2: no match (lookups 1, void 0)\n"
			  "    term ~all: match (lookups 1, void 0)\n"
			  "  term include:i.example: no match (lookups 1, void 0)\n"
			  "  lookup example.com A: 192.0.2.1\n"
			  "  term a: no match (lookups 2, void 0)\n"
			  "  lookup example.com MX: nodata\n"
			  "  term mx: no match (lookups 3, void 1)\n"
			  "  term -all: match (lookups 3, void 1)\n"
			  "  lookup why.example TXT: 1 record\n");
	free(text);
	text = result_of(&failing, &(struct mxw_report_style){ .colour = true });
	assert_contains(text, "\x1b[1;31mfail\x1b[0m\n");
	free(text);
}

/* The line that says why, for every end an evaluation can have. */
static void test_reasons(void **state)
{
	static const struct {
		const char *world, *mail_from, *expect;
	} cases[] = {
		{ "example.com. 300 IN TXT \"v=spf1 ip4:192.0.2.0/24 -all\"", "u@example.com",
		  "pass\nidentity: mailfrom, domain example.com, sender u@example.com, client 192.0.2.9\n"
		  "because: \"ip4:192.0.2.0/24\" in the record of example.com matches\n" },
		{ "example.com. 300 IN TXT \"v=spf1 redirect=r.example\"\nr.example. 300 IN TXT \"v=spf1 ~all\"",
		  "u@example.com", "because: \"~all\" in the record of r.example matches\n" },
		{ "example.com. 300 IN TXT \"v=spf1 ip4:192.0.2.1\"", "u@example.com",
		  "because: no term matches in the record of example.com\n" },
		{ "", "u@example.com", "none\n" },
		{ "", "u@example.com", "because: the domain has no SPF record: example.com\n" },
		{ "", "u@localhost",
		  "because: the domain to check is no domain name of two labels or more: localhost\n" },
		{ "example.com. 300 IN TXT \"v=spf1 -all\"\nexample.com. 300 IN TXT \"v=spf1 +all\"", "u@example.com",
		  "permerror\nidentity: mailfrom, domain example.com, sender u@example.com, client 192.0.2.9\n"
		  "because: more than one SPF record: example.com\n" },
		{ "example.com. 300 IN TXT \"v=spf1 include:i.example -all\"\ni.example. 300 IN TXT \"v=spf1 "
		  "ip4:192.0.2.999\"",
		  "u@example.com", "because: syntax error: \"ip4:192.0.2.999\" in the record of i.example: " },
		{ "example.com. 300 IN TXT \"v=spf1 include:i.example -all\"", "u@example.com",
		  "because: no SPF record where the term leads: \"include:i.example\" in the record of example.com\n" },
		{ "example.com. 300 IN TXT \"v=spf1 a:i.example -all\"\ni.example A SERVFAIL", "u@example.com",
		  "because: a DNS lookup failed: i.example A: servfail, asked for by \"a:i.example\" in the record of "
		  "example.com\n" },
		{ "example.com TXT TIMEOUT", "u@example.com",
		  "because: a DNS lookup failed: example.com TXT: timeout\n" },
		{ "example.com. 300 IN TXT \"v=spf1 a:i.example a:j.example a:k.example -all\"", "u@example.com",
		  "because: too many lookups without an answer: \"a:k.example\" in the record of example.com\n" },
		{ "example.com. 300 IN TXT \"v=spf1 include:example.com -all\"", "u@example.com",
		  "because: more than 10 terms that need DNS lookups: \"include:example.com\" in the record of "
		  "example.com\n" },
		{ "example.com. 300 IN TXT \"v=spf1 -all\"", "",
		  "identity: helo, domain example.com, sender postmaster@example.com, client 192.0.2.9, HELO "
		  "example.com\n" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		const struct question question = { cases[i].world, "192.0.2.9",
						   *cases[i].mail_from ? "" : "example.com", cases[i].mail_from };
		char *text = result_of(&question, &plain);
		assert_contains(text, cases[i].expect);
		free(text);
	}
}

static void test_result_in_json(void **state)
{
	static const char head[] =
		"{\"version\":1,\"result\":\"fail\",\"explanation\":\"192.0.2.9 is not "
		"ours\",\"identity\":\"mailfrom\","
		"\"domain\":\"example.com\",\"ip\":\"192.0.2.9\",\"helo\":\"mail.example.net\",\"sender\":\"user@"
		"example.com\","
		"\"resolver\":\"9.9.9.9\",\"reason\":\"\\\"-all\\\" in the record of example.com matches\","
		"\"record_domain\":\"example.com\",\"term\":\"-all\",\"lookups\":3,\"void_lookups\":1,\"trace\":["
		"{\"step\":\"lookup\",\"name\":\"example.com.\",\"type\":\"TXT\",\"outcome\":\"answer\",\"answers\":[";
	char *text = result_of(&failing, NULL);
	json_t *object = load_json(text);
	assert_memory_equal(text, head, sizeof(head) - 1);
	assert_contains(
		text,
		"{\"step\":\"record\",\"domain\":\"i.example\",\"text\":\"v=spf1 ip4:192.0.2.2 ~all\",\"depth\":1}");
	assert_contains(
		text, "{\"step\":\"term\",\"domain\":\"i.example\",\"term\":\"ip4:192.0.2.2\",\"verdict\":\"no-match\","
		      "\"lookups\":1,\"void_lookups\":0,\"depth\":1}");
	assert_contains(text, "\"outcome\":\"nodata\",\"answers\":[],\"depth\":0}");
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	json_decref(object);
	free(text);
	text = result_of(
		&(struct question){ "example.com. 300 IN TXT \"v=spf1 foo -all\"", "2001:db8::1", "", "u@example.com" },
		NULL);
	json_decref(load_json(text));
	assert_contains(text, "\"result\":\"permerror\",\"identity\":\"mailfrom\"");
	assert_contains(text,
			"\"problem\":\"syntax\",\"reason\":\"syntax error: \\\"foo\\\" in the record of example.com: ");
	assert_contains(text, "\"record_domain\":\"example.com\",\"term\":\"foo\"");
	free(text);
}

/* The result and the explanation are a line each, whatever octet a domain or a client sends. */
static void test_result_is_safe(void **state)
{
	for (unsigned octet = 0; octet < 256; octet++) {
		char world[300], mail_from[] = { 'u', octet ? (char)octet : 'u', '@', 'e', '.', 'c', 'o', 'm', 0 };
		snprintf(world, sizeof(world),
			 "e.com. 300 IN TXT \"v=spf1 %s -all exp=why.e.com\"\nwhy.e.com. 300 IN TXT \"not %%{l}\"\n"
			 "i.e.com. 300 IN TXT \"v=spf1 a:x\\%03u\"",
			 octet % 2 ? "include:i.e.com" : "", octet);
		const struct question question = { world, "192.0.2.9", "x\x1b[2J", mail_from };
		for (int utf8 = 0; utf8 < 2; utf8++) {
			char *text = result_of(&question, &(struct mxw_report_style){ .utf8 = utf8 });
			for (const char *c = text; *c; c++)
				assert_true(*c == '\n' || ((unsigned char)*c >= 0x20 && (unsigned char)*c <= 0x7e));
			assert_true(strncmp(text, "fail\n", 5) == 0 || strncmp(text, "permerror\n", 10) == 0 ||
				    octet == '@' || octet == '"');
			if (octet == '\n')
				assert_contains(text, "fail\nexplanation: not u\\x0a\nidentity: ");
			free(text);
		}
		char *json = result_of(&question, NULL);
		json_decref(load_json(json));
		free(json);
	}
}

static void test_trace_says_that_it_is_cut(void **state)
{
	struct mxw_spf_identity identity = { .ip = { 4, { 192, 0, 2, 1 } },
					     .domain = (char[]){ "e.com" },
					     .local_part = (char[]){ "u" },
					     .helo = (char[]){ "" } };
	const struct mxw_spf_query query = { .identity = &identity };
	const struct mxw_spf_evaluation evaluation = { .result = MXW_SPF_TEMPERROR, .problem = MXW_SPF_OUT_OF_TIME };
	const struct mxw_spf_trace trace = { .is_cut = true };
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	assert_int_equal(mxw_report_spf_text(&query, &evaluation, &trace, "r", &plain, &text), 0);
	assert_text(mxw_strbuf_get(&text), "temperror\n"
					   "identity: mailfrom, domain e.com, sender u@e.com, client 192.0.2.1\n"
					   "because: the time for the whole evaluation is over\n"
					   "trace: 0 lookups, 0 void, asked r\n"
					   "  further steps are not shown\n");
	mxw_strbuf_clear(&text);
	assert_int_equal(mxw_report_spf_json(&query, &evaluation, &trace, "r", &text), 0);
	assert_contains(mxw_strbuf_get(&text), "\"problem\":\"out-of-time\"");
	assert_contains(mxw_strbuf_get(&text), "\"trace\":[],\"trace_cut\":true}\n");
	mxw_strbuf_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_result_in_text),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_result_in_json),
		cmocka_unit_test(test_result_is_safe),
		cmocka_unit_test(test_trace_says_that_it_is_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
