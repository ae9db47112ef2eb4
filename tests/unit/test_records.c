/* Record sets as text: what belongs to a set and what does not, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/records/records.h"
#include "tests/zone/zone.h"

#define WATCHED (MXW_RECORD_BIT(MXW_RECORD_PTR) - 1)

static const struct mxw_target target = { .domain = "example.com", .watched_types = WATCHED };

/* What a resolver of this world has answered to all that is asked for watched types. */
static struct mxw_observation *observe(const char *text)
{
	struct mxw_observation *observation;
	struct mxw_missing missing = { 0 };
	struct zone *zone = zone_new("test", NULL, text);
	assert_non_null(zone);
	assert_int_equal(mxw_observation_new(&observation), 0);
	do {
		mxw_missing_clear(&missing);
		mxw_watched_ask(&target, observation, &missing);
		for (size_t i = 0; i < missing.n; i++) {
			struct mxw_answer *answer = zone_answer(zone, missing.items[i].name, missing.items[i].type);
			assert_non_null(answer);
			assert_int_equal(
				mxw_observation_put(observation, missing.items[i].name, missing.items[i].type, answer),
				0);
			mxw_answer_unref(answer);
		}
	} while (missing.n);
	mxw_missing_done(&missing);
	zone_free(zone);
	return observation;
}

/* The set that a world shows, or NULL; the caller's. */
static char *read_set(enum mxw_record_type type, const char *world)
{
	struct mxw_observation *observation = observe(world);
	char *set;
	assert_int_equal(mxw_records_read(type, &target, observation, &set), 0);
	mxw_observation_free(observation);
	return set;
}

static void test_sets(void **unused)
{
	static const struct {
		enum mxw_record_type type;
		const char *world, *set; /* NULL: none */
	} rows[] = {
		{ MXW_RECORD_MX, "example.com. 300 IN MX 10 a.example.com.\n", "10 a.example.com" },
		{ MXW_RECORD_MX, /* by preference as a number, then by name; case and final dot do not count */
		  "example.com. 300 IN MX 10 b.example.net.\nexample.com. 300 IN MX 10 A.Example.COM.\n"
		  "example.com. 300 IN MX 5 z.example.com.\n",
		  "5 z.example.com\n10 a.example.com\n10 b.example.net" },
		{ MXW_RECORD_MX, /* the same host twice is two records, the same record twice is one */
		  "example.com. 300 IN MX 10 a.example.com.\nexample.com. 60 IN MX 10 a.EXAMPLE.com.\n"
		  "example.com. 300 IN MX 20 a.example.com.\n",
		  "10 a.example.com\n20 a.example.com" },
		{ MXW_RECORD_MX, "example.com. 300 IN MX 0 .\n", "0 ." },
		{ MXW_RECORD_MX, "example.com. 300 IN A 192.0.2.1\n", "no records" },
		{ MXW_RECORD_MX, "other.com. 300 IN A 192.0.2.1\n", "no such name" },
		{ MXW_RECORD_MX, /* behind an alias: what senders find */
		  "example.com. 300 IN CNAME example.net.\nexample.net. 300 IN MX 10 a.example.net.\n",
		  "10 a.example.net" },
		{ MXW_RECORD_MX, "example.com. MX SERVFAIL\n", NULL },
		{ MXW_RECORD_MX, "example.com. MX TIMEOUT\n", NULL },
		{ MXW_RECORD_MX, "example.com. MX REFUSED\n", NULL },
		{ MXW_RECORD_MX, "example.com. MX BOGUS\n", NULL },
		{ MXW_RECORD_MX, "example.com. MX LOOP\n", NULL },

		{ MXW_RECORD_NS, "example.com. 300 IN NS ns2.example.net.\nexample.com. 300 IN NS NS1.example.net.\n",
		  "ns1.example.net\nns2.example.net" },
		{ MXW_RECORD_NS, "example.com. 300 IN A 192.0.2.1\n", "no records" },
		{ MXW_RECORD_NS, "example.com. NS TIMEOUT\n", NULL },

		{ MXW_RECORD_SPF, "example.com. 300 IN TXT \"v=spf1 mx -all\"\n", "v=spf1 mx -all" },
		{ MXW_RECORD_SPF, /* cut into strings elsewhere it is the same record; its letters are its own */
		  "example.com. 300 IN TXT \"v=spf1 \" \"MX -all\"\n", "v=spf1 MX -all" },
		{ MXW_RECORD_SPF, /* other TXT records do not count */
		  "example.com. 300 IN TXT \"v=spf1 mx -all\"\nexample.com. 300 IN TXT \"v=spf10 nothing\"\n"
		  "example.com. 300 IN TXT \"site-verification=1\"\n",
		  "v=spf1 mx -all" },
		{ MXW_RECORD_SPF, "example.com. 300 IN TXT \"v=spf1 mx\"\nexample.com. 300 IN TXT \"V=SPF1 a\"\n",
		  "V=SPF1 a\nv=spf1 mx" },
		{ MXW_RECORD_SPF, "example.com. 300 IN TXT \"site-verification=1\"\n", "no records" },
		{ MXW_RECORD_SPF, "example.com. 300 IN A 192.0.2.1\n", "no records" },
		{ MXW_RECORD_SPF, "other.com. 300 IN A 192.0.2.1\n", "no such name" },
		{ MXW_RECORD_SPF, "example.com. TXT SERVFAIL\n", NULL },

		{ MXW_RECORD_ADDRESS,
		  "example.com. 300 IN MX 10 mx.example.com.\nexample.com. 300 IN MX 20 mx.example.net.\n"
		  "mx.example.com. 300 IN A 192.0.2.2\nmx.example.com. 300 IN A 192.0.2.1\n"
		  "mx.example.com. 300 IN AAAA 2001:db8::1\nmx.example.net. 300 IN A 198.51.100.1\n",
		  "mx.example.com 192.0.2.1\nmx.example.com 192.0.2.2\nmx.example.com 2001:db8::1" },
		{ MXW_RECORD_ADDRESS, /* a provider's hosts are his */
		  "example.com. 300 IN MX 20 mx.example.net.\nmx.example.net. A SERVFAIL\n", "no records" },
		{ MXW_RECORD_ADDRESS, "example.com. 300 IN MX 10 example.com.\nexample.com. 300 IN A 192.0.2.1\n",
		  "example.com 192.0.2.1" },
		{ MXW_RECORD_ADDRESS, "example.com. 300 IN MX 10 mx.example.com.\n", "no records" },
		{ MXW_RECORD_ADDRESS, /* one that cannot be seen may be there */
		  "example.com. 300 IN MX 10 mx.example.com.\nmx.example.com. 300 IN A 192.0.2.1\n"
		  "mx.example.com. AAAA TIMEOUT\n",
		  NULL },
		{ MXW_RECORD_ADDRESS, "example.com. MX SERVFAIL\n", NULL },
		{ MXW_RECORD_ADDRESS, "example.com. 300 IN A 192.0.2.1\n", "no records" },
		{ MXW_RECORD_ADDRESS, "other.com. 300 IN A 192.0.2.1\n", "no such name" },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		char *set = read_set(rows[i].type, rows[i].world);
		if (!rows[i].set)
			assert_null(set);
		else if (!set)
			fail_msg("row %zu: no set, expected \"%s\"", i, rows[i].set);
		else
			assert_string_equal(set, rows[i].set);
		free(set);
	}
}

/* Nothing was asked: nothing is known. */
static void test_unasked(void **unused)
{
	struct mxw_observation *observation;
	(void)unused;
	assert_int_equal(mxw_observation_new(&observation), 0);
	for (unsigned type = 0; type < MXW_RECORD_PTR; type++) {
		char *set;
		assert_int_equal(mxw_records_read((enum mxw_record_type)type, &target, observation, &set), 0);
		assert_null(set);
	}
	mxw_observation_free(observation);
}

/* `n` hosts; the last one has a name of its own. */
static char *read_many(unsigned n, const char *last)
{
	struct mxw_strbuf world = MXW_STRBUF_INIT;
	for (unsigned i = 0; i < n; i++)
		mxw_strbuf_addf(&world, "example.com. 300 IN MX %u host-with-a-rather-long-name-%u.example.net.\n",
				10 + i, i);
	mxw_strbuf_addf(&world, "example.com. 300 IN MX 60000 %s.\n", last);
	char *set = read_set(MXW_RECORD_MX, mxw_strbuf_get(&world));
	mxw_strbuf_done(&world);
	assert_non_null(set);
	return set;
}

/* What is cut off still counts. */
static void test_long_sets(void **unused)
{
	char *a = read_many(110, "a.example.net"), *again = read_many(110, "a.example.net"),
	     *b = read_many(110, "b.example.net"), *more = read_many(111, "a.example.net");
	(void)unused;
	assert_string_equal(a, again);
	assert_string_not_equal(a, b);
	assert_string_not_equal(a, more);
	assert_memory_equal(a, b, MXW_RECORDS_MAX_TEXT);
	assert_in_range(strlen(a), MXW_RECORDS_MAX_TEXT, MXW_RECORDS_MAX_TEXT + 80);
	assert_non_null(strstr(a, "... ("));
	free(a);
	free(again);
	free(b);
	free(more);
}

/* Strangers' octets cannot break a line (E1). */
static void test_hostile_text(void **unused)
{
	char *set = read_set(MXW_RECORD_SPF, "example.com. 300 IN TXT \"v=spf1 \\010\\027[31m \\\\ \\255 -all\"\n");
	(void)unused;
	assert_non_null(set);
	for (const char *c = set; *c; c++)
		assert_in_range((unsigned char)*c, 0x20, 0x7e);
	free(set);
}

/* The finding is complete: no placeholder is left, and the answers that it rests on are named. */
static void test_finding(void **unused)
{
	static const struct {
		enum mxw_record_type type;
		const char *old, *new, *message, *command, *fix;
		size_t n_evidence;
		const char *last_name;
		uint16_t last_type;
	} rows[] = {
		{ MXW_RECORD_MX, "10 a.example.com\n20 b.example.com", "no records",
		  "MX of example.com changed: 10 a.example.com, 20 b.example.com -> no records", "dig example.com MX",
		  "; if nobody meant to change it, publish again: 10 a.example.com, 20 b.example.com", 1, "example.com",
		  MXW_TYPE_MX },
		{ MXW_RECORD_SPF, "no records", "v=spf1 -all", "SPF of example.com changed: no records -> v=spf1 -all",
		  "dig example.com TXT", "; if nobody meant to change it, remove: v=spf1 -all", 1, "example.com",
		  MXW_TYPE_TXT },
		{ MXW_RECORD_ADDRESS, "mx.example.com 192.0.2.1", "mx.example.com 192.0.2.2",
		  "mail host address of example.com changed: mx.example.com 192.0.2.1 -> mx.example.com 192.0.2.2",
		  "dig mx.example.com A", "; if nobody meant to change it, publish again: mx.example.com 192.0.2.1", 3,
		  "mx.example.com", MXW_TYPE_AAAA },
	};
	struct mxw_observation *observation = observe("example.com. 300 IN MX 10 mx.example.com.\n"
						      "example.com. 300 IN MX 20 mx.example.net.\n");
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_findings findings = { 0 };
		struct mxw_finding *finding = mxw_records_finding(&findings, rows[i].type, &target, observation,
								  rows[i].old, rows[i].new);
		const char *const texts[][2] = {
			{ finding->def->message, rows[i].message },
			{ finding->def->reproduce, rows[i].command },
			{ finding->def->fix, rows[i].fix },
		};
		assert_false(mxw_findings_failed(&findings));
		assert_string_equal(finding->def->id, "cons-changed");
		for (size_t k = 0; k < MXW_ARRAY_SIZE(texts); k++) {
			struct mxw_strbuf text = MXW_STRBUF_INIT;
			mxw_finding_expand(finding, texts[k][0], &text);
			assert_string_equal(mxw_strbuf_get(&text), texts[k][1]);
			mxw_strbuf_done(&text);
		}
		assert_int_equal(finding->n_evidence, rows[i].n_evidence);
		assert_string_equal(finding->evidence[rows[i].n_evidence - 1].name, rows[i].last_name);
		assert_int_equal(finding->evidence[rows[i].n_evidence - 1].type, rows[i].last_type);
		mxw_findings_done(&findings);
	}
	mxw_observation_free(observation);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sets),         cmocka_unit_test(test_unasked), cmocka_unit_test(test_long_sets),
		cmocka_unit_test(test_hostile_text), cmocka_unit_test(test_finding),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
