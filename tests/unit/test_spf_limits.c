/* What a record may cost, and what becomes of one that asks for more: RFC 7208 4.6.4, 11.1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/strbuf.h"
#include "lib/base/util.h"
#include "tests/unit/spf_world.h"

enum {
	MAX_RECORD = 65535 - 257, /* octets of text: 64 KiB of RDATA less the lengths of its strings */
};

#define TOO_MANY_LOOKUPS MXW_SPF_PERMERROR, MXW_SPF_TOO_MANY_LOOKUPS
#define TOO_MANY_VOIDS MXW_SPF_PERMERROR, MXW_SPF_TOO_MANY_VOIDS
#define TOO_MANY_MX MXW_SPF_PERMERROR, MXW_SPF_TOO_MANY_MX

/* Nine and ten terms that are no void and match nobody. */
#define NINE "a:1.x.org a:2.x.org a:3.x.org a:4.x.org a:5.x.org a:6.x.org a:7.x.org a:8.x.org a:9.x.org"
#define TEN NINE " a:10.x.org"
#define TEN_ASKED                                                                                 \
	SPF_ONE_QUESTION " 1.x.org/A 2.x.org/A 3.x.org/A 4.x.org/A 5.x.org/A 6.x.org/A 7.x.org/A" \
			 " 8.x.org/A 9.x.org/A 10.x.org/A"
#define OTHERS IN_A("*.x.org", "10.0.0.1")

static const struct spf_world lookups[] = {
	{ "4.6.4 ten terms", "v=spf1 " TEN " -all", OTHERS, MXW_SPF_FAIL, .cost = "10/0", .asked = TEN_ASKED },
	{ "4.6.4 the tenth matches", "v=spf1 " NINE " a:y.org -all", OTHERS IN_A("y.org", "192.0.2.1"), MXW_SPF_PASS,
	  .cost = "10/0" },
	{ "4.6.4 more than ten terms: permerror, the eleventh is not asked", "v=spf1 " TEN " a:y.org +all",
	  OTHERS IN_A("y.org", "192.0.2.1"), TOO_MANY_LOOKUPS, .cost = "11/0", .asked = TEN_ASKED,
	  .by = "example.com a:y.org" },
	{ "4.6.4 a match before the eleventh", "v=spf1 a:y.org " TEN " -all", OTHERS IN_A("y.org", "192.0.2.1"),
	  MXW_SPF_PASS, .cost = "1/0", .asked = SPF_ONE_QUESTION " y.org/A" },
	{ "4.6.4 include counts", "v=spf1 " TEN " include:y.org +all", OTHERS, TOO_MANY_LOOKUPS, .asked = TEN_ASKED },
	{ "4.6.4 a counts", "v=spf1 " TEN " a +all", OTHERS, TOO_MANY_LOOKUPS, .asked = TEN_ASKED },
	{ "4.6.4 mx counts", "v=spf1 " TEN " mx +all", OTHERS, TOO_MANY_LOOKUPS, .asked = TEN_ASKED },
	{ "4.6.4 ptr counts", "v=spf1 " TEN " ptr +all", OTHERS, TOO_MANY_LOOKUPS, .asked = TEN_ASKED },
	{ "4.6.4 exists counts", "v=spf1 " TEN " exists:y.org +all", OTHERS, TOO_MANY_LOOKUPS, .asked = TEN_ASKED },
	{ "4.6.4 redirect counts", "v=spf1 " TEN " redirect=y.org", OTHERS, TOO_MANY_LOOKUPS, .cost = "11/0",
	  .asked = TEN_ASKED, .by = "example.com redirect=y.org" },
	{ "4.6.4 all, ip4, ip6 and modifiers but redirect count nothing",
	  "v=spf1 " TEN " ip4:10.0.0.1 ip6:::1 x=y exp=why.x.org -all", OTHERS IN_TXT("why.x.org", "why"), MXW_SPF_FAIL,
	  .cost = "10/0", .explanation = "why", .asked = TEN_ASKED " why.x.org/TXT" },
	{ "4.6.4 redirect beside all counts nothing", "v=spf1 " TEN " -all redirect=y.org", OTHERS, MXW_SPF_FAIL,
	  .cost = "10/0" },
	{ "4.6.4 the same term counts each time", "v=spf1 a a a a a a a a a a a +all", IN_A("example.com", "10.0.0.1"),
	  TOO_MANY_LOOKUPS, .cost = "11/0", .asked = SPF_ONE_QUESTION " example.com/A" },
	{ "4.6.4 a term without a name for DNS counts", "v=spf1 a:..x.org " TEN " +all", OTHERS, TOO_MANY_LOOKUPS },
	{ "4.6.4 terms of included records count", "v=spf1 include:y.org a -all",
	  OTHERS IN_TXT("y.org", "v=spf1 " NINE " -all") IN_A("example.com", "192.0.2.1"), TOO_MANY_LOOKUPS,
	  .cost = "11/0", .by = "example.com a" },
	{ "4.6.4 terms of included records, ten in all", "v=spf1 include:y.org -all",
	  OTHERS IN_TXT("y.org", "v=spf1 " NINE " -all"), MXW_SPF_FAIL, .cost = "10/0" },
	{ "4.6.4 the limit inside an include", "v=spf1 include:y.org ip4:192.0.2.1 -all",
	  OTHERS IN_TXT("y.org", "v=spf1 " TEN " -all"), TOO_MANY_LOOKUPS, .by = "y.org a:10.x.org" },
	{ "4.6.4 an include matches before its eleventh", "v=spf1 include:y.org " TEN " -all",
	  OTHERS IN_TXT("y.org", "v=spf1 ip4:192.0.2.1 " TEN), MXW_SPF_PASS, .cost = "1/0" },
	{ "4.6.4 terms of a redirect's target count", "v=spf1 a:1.x.org redirect=y.org",
	  OTHERS IN_TXT("y.org", "v=spf1 " NINE " -all"), TOO_MANY_LOOKUPS, .cost = "11/0", .by = "y.org a:9.x.org" },
	{ "4.6.4 lookups of %{p} count nothing", "v=spf1 exists:%{p}.x.org " NINE " -all", OTHERS, MXW_SPF_PASS,
	  .cost = "1/0" },
	{ "4.6.4 the limit comes before a name is expanded", "v=spf1 " TEN " exists:%{p}.x.org -all", OTHERS,
	  TOO_MANY_LOOKUPS, .asked = TEN_ASKED },
};

#define MX1(host) IN_MX("example.com", "10", host)
#define TEN_MX         \
	MX1("a.x.org") \
	MX1("b.x.org") \
	MX1("c.x.org") \
	MX1("d.x.org") \
	MX1("e.x.org") \
	MX1("f.x.org") \
	MX1("g.x.org") \
	MX1("h.x.org") \
	MX1("i.x.org") \
	MX1("j.x.org")
#define NAMED(name) IN_PTR(SPF_REVERSE4, name)
#define TEN_NAMES              \
	NAMED("a.example.com") \
	NAMED("b.example.com") \
	NAMED("c.example.com") \
	NAMED("d.example.com") \
	NAMED("e.example.com") \
	NAMED("f.example.com") \
	NAMED("g.example.com") \
	NAMED("h.example.com") \
	NAMED("i.example.com") \
	NAMED("j.example.com")

static const struct spf_world sets[] = {
	{ "4.6.4 ten MX records", "v=spf1 mx -all", TEN_MX OTHERS IN_A("j.x.org", "192.0.2.1"), MXW_SPF_PASS,
	  .cost = "1/0" },
	{ "4.6.4 more than ten MX records: permerror, no host is asked", "v=spf1 mx ip4:192.0.2.1 -all",
	  TEN_MX MX1("k.x.org") OTHERS, TOO_MANY_MX, .cost = "1/0", .asked = SPF_ONE_QUESTION " example.com/MX",
	  .by = "example.com mx" },
	{ "4.6.4 more than ten MX records, the first one matches: permerror", "v=spf1 mx -all",
	  TEN_MX MX1("k.x.org") OTHERS IN_A("a.x.org", "192.0.2.1"), TOO_MANY_MX },
	{ "4.6.4 ten PTR records", "v=spf1 ptr -all", TEN_NAMES IN_A("j.example.com", "192.0.2.1"), MXW_SPF_PASS,
	  .cost = "1/0" },
	{ "4.6.4 of more than ten PTR records the others are ignored", "v=spf1 ptr -all",
	  TEN_NAMES NAMED("k.example.com") IN_A("k.example.com", "192.0.2.1"), MXW_SPF_FAIL, .cost = "1/0" },
	{ "4.6.4 of more than ten PTR records the first ten are used", "v=spf1 ptr -all",
	  TEN_NAMES NAMED("k.example.com") IN_A("i.example.com", "192.0.2.1"), MXW_SPF_PASS },
	{ "4.6.4 of more than ten PTR records %{p} is one of the first ten", "v=spf1 exists:%{p}.x.org -all",
	  TEN_NAMES NAMED("k.example.com") IN_A("k.example.com", "192.0.2.1") IN_A("unknown.x.org", "127.0.0.2"),
	  MXW_SPF_PASS },
};

#define VOID(n) "a:void" n ".org"

static const struct spf_world voids[] = {
	{ "4.6.4 two lookups without records", "v=spf1 " VOID("1") " " VOID("2") " ip4:192.0.2.1 -all", "",
	  MXW_SPF_PASS, .cost = "2/2" },
	{ "4.6.4 more than two lookups without records: permerror",
	  "v=spf1 " VOID("1") " " VOID("2") " " VOID("3") " " VOID("4") " +all", "", TOO_MANY_VOIDS, .cost = "3/3",
	  .by = "example.com a:void3.org", .asked = SPF_ONE_QUESTION " void1.org/A void2.org/A void3.org/A" },
	{ "4.6.4 a match before the third one", "v=spf1 " VOID("1") " " VOID("2") " ip4:192.0.2.1 " VOID("3") " -all",
	  "", MXW_SPF_PASS, .cost = "2/2" },
	{ "4.6.4 NODATA is one, as NXDOMAIN", "v=spf1 " VOID("1") " " VOID("2") " " VOID("3") " +all",
	  IN_TXT("void1.org", "x") IN_AAAA("void2.org", "2001:db8::1"), TOO_MANY_VOIDS, .cost = "3/3" },
	{ "4.6.4 of a, mx, ptr", "v=spf1 a:void1.org mx:void2.org ptr +all", "", TOO_MANY_VOIDS, .cost = "3/3",
	  .by = "example.com ptr" },
	{ "4.6.4 of exists", "v=spf1 exists:void1.org exists:void2.org exists:void3.org +all", "", TOO_MANY_VOIDS,
	  .by = "example.com exists:void3.org" },
	{ "4.6.4 the same question each time", "v=spf1 a a a +all", "", TOO_MANY_VOIDS, .cost = "3/3",
	  .asked = SPF_ONE_QUESTION " example.com/A" },
	{ "4.6.4 of the client's family only", "v=spf1 a:1.x.org a:2.x.org a:3.x.org -all", OTHERS, TOO_MANY_VOIDS,
	  .ip = "2001:db8::1", .cost = "3/3" },
	{ "4.6.4 inside includes they add up", "v=spf1 include:y.org include:z.org +all",
	  IN_TXT("y.org", "v=spf1 a:void1.org a:void2.org") IN_TXT("z.org", "v=spf1 a:void3.org"), TOO_MANY_VOIDS,
	  .cost = "5/3", .by = "z.org a:void3.org" },
	{ "4.6.4 an alias to nowhere is one", "v=spf1 a:y.org -all", IN_CNAME("y.org", "z.org"), MXW_SPF_FAIL,
	  .cost = "1/1" },
	{ "4.6.4 one without a name for DNS is none", "v=spf1 a:..x.org a:..x.org a:..x.org -all", "", MXW_SPF_FAIL,
	  .cost = "3/0" },
	{ "4.6.4 the number of lookups is looked at first", "v=spf1 " NINE " a:void1.org a:void2.org +all", OTHERS,
	  TOO_MANY_LOOKUPS, .cost = "11/1" },
	{ "4.6.4 the limit is configurable: none", "v=spf1 a:void1.org +all", "", TOO_MANY_VOIDS, .cost = "1/1",
	  .max_voids = SPF_NO_VOIDS },
	{ "4.6.4 the limit is configurable: five", "v=spf1 a:void1.org a:void2.org a a a ip4:192.0.2.1 -all", "",
	  MXW_SPF_PASS, .cost = "5/5", .max_voids = 5 },
	{ "4.6.4 the limit is configurable: five, exceeded", "v=spf1 a a a a a a ip4:192.0.2.1 -all", "",
	  TOO_MANY_VOIDS, .cost = "6/6", .max_voids = 5 },
};

static const struct spf_world loops[] = {
	{ "4.6.4 a record includes itself", "v=spf1 include:example.com -all", "", TOO_MANY_LOOKUPS, .cost = "11/0",
	  .asked = SPF_ONE_QUESTION },
	{ "4.6.4 a record includes itself behind what matches", "v=spf1 ip4:192.0.2.1 include:example.com -all", "",
	  MXW_SPF_PASS, .cost = "0/0" },
	{ "4.6.4 a record redirects to itself", "v=spf1 redirect=example.com", "", TOO_MANY_LOOKUPS, .cost = "11/0",
	  .asked = SPF_ONE_QUESTION },
	{ "4.6.4 two records include each other", "v=spf1 include:y.org -all",
	  IN_TXT("y.org", "v=spf1 include:example.com +all"), TOO_MANY_LOOKUPS, .cost = "11/0",
	  .asked = SPF_ONE_QUESTION " y.org/TXT" },
	{ "4.6.4 include and redirect in a circle", "v=spf1 include:y.org -all",
	  IN_TXT("y.org", "v=spf1 redirect=example.com"), TOO_MANY_LOOKUPS, .cost = "11/0",
	  .asked = SPF_ONE_QUESTION " y.org/TXT" },
	{ "4.6.4 records that include twice do not multiply", "v=spf1 include:y.org include:y.org -all",
	  IN_TXT("y.org", "v=spf1 include:z.org include:z.org") IN_TXT("z.org", "v=spf1 include:y.org include:y.org"),
	  TOO_MANY_LOOKUPS, .cost = "11/0", .asked = SPF_ONE_QUESTION " y.org/TXT z.org/TXT" },
	{ "4.6.4 a name that grows with each include", "v=spf1 include:a.%{d} -all",
	  IN_TXT("*.example.com", "v=spf1 include:a.%{d} -all"), TOO_MANY_LOOKUPS, .cost = "11/0" },
};

static void test_lookups(void **state)
{
	spf_world_run(lookups, MXW_ARRAY_SIZE(lookups));
}

static void test_sets(void **state)
{
	spf_world_run(sets, MXW_ARRAY_SIZE(sets));
}

static void test_voids(void **state)
{
	spf_world_run(voids, MXW_ARRAY_SIZE(voids));
}

static void test_loops(void **state)
{
	spf_world_run(loops, MXW_ARRAY_SIZE(loops));
}

/* ---- records that are too long for a table ---- */

/* Runs the world with all that spf_world_run() does, and counts its questions. */
static void assert_costs(const struct spf_world *world, size_t n_questions)
{
	struct spf_run run = SPF_RUN_INIT;
	spf_world_run(world, 1);
	spf_world_judge(world, &run);
	if (run.asked.n != n_questions)
		fail_msg("%s: expected %zu questions, %zu were asked", world->name, n_questions, run.asked.n);
	spf_run_done(&run);
}

/* The dearest record that is legal: ten mx of ten hosts each, none of which matches, a client of more names than ten
 * that are all asked for %{p}, and an explanation. */
static void test_dearest_record(void **state)
{
	struct mxw_strbuf record = MXW_STRBUF_INIT, zone = MXW_STRBUF_INIT;
	mxw_strbuf_adds(&record, "v=spf1");
	for (int i = 0; i < MXW_SPF_MAX_LOOKUPS; i++) {
		mxw_strbuf_addf(&record, " mx:m%d.x.org", i);
		for (int k = 0; k < MXW_SPF_MAX_MX; k++)
			mxw_strbuf_addf(&zone, "m%d.x.org. 300 IN MX %d h%d.m%d.y.org.\n", i, k, k, i);
	}
	for (int i = 0; i < 2 * MXW_SPF_MAX_PTR; i++)
		mxw_strbuf_addf(&zone, SPF_REVERSE4 ". 300 IN PTR n%d.y.org.\n", i);
	mxw_strbuf_adds(&zone, IN_A("*.y.org", "10.0.0.1") IN_TXT("why.x.org", "%{p}"));
	mxw_strbuf_adds(&record, " -all exp=why.x.org");
	const struct spf_world world = { "4.6.4 the dearest record",
					 mxw_strbuf_get(&record),
					 mxw_strbuf_get(&zone),
					 MXW_SPF_FAIL,
					 .cost = "10/0",
					 .explanation = "unknown" };
	assert_costs(&world, SPF_WORLD_MAX_QUESTIONS);
	mxw_strbuf_done(&record);
	mxw_strbuf_done(&zone);
}

/* Ten terms ptr: the client has the same names each time. */
static void test_ptr_again(void **state)
{
	struct mxw_strbuf record = MXW_STRBUF_INIT, zone = MXW_STRBUF_INIT;
	mxw_strbuf_adds(&record, "v=spf1");
	for (int i = 0; i < MXW_SPF_MAX_LOOKUPS; i++)
		mxw_strbuf_adds(&record, " ptr:y.org");
	mxw_strbuf_adds(&record, " -all");
	for (int i = 0; i < 2 * MXW_SPF_MAX_PTR; i++)
		mxw_strbuf_addf(&zone, SPF_REVERSE4 ". 300 IN PTR n%d.y.org.\n", i);
	const struct spf_world world = { "4.6.4 ptr ten times", mxw_strbuf_get(&record), mxw_strbuf_get(&zone),
					 MXW_SPF_FAIL, .cost = "10/0" };
	assert_costs(&world, 1 + 1 + MXW_SPF_MAX_PTR);
	mxw_strbuf_done(&record);
	mxw_strbuf_done(&zone);
}

/* A chain of records, each of which leads to the next one; the last one lets everybody through. */
static void run_chain(const char *name, const char *how, int n_links, enum mxw_spf_result result,
		      enum mxw_spf_problem problem, size_t n_questions)
{
	struct mxw_strbuf record = MXW_STRBUF_INIT, zone = MXW_STRBUF_INIT;
	mxw_strbuf_addf(&record, "v=spf1 %s1.x.org", how);
	for (int i = 1; i < n_links; i++)
		mxw_strbuf_addf(&zone, "%d.x.org. 300 IN TXT \"v=spf1 %s%d.x.org\"\n", i, how, i + 1);
	mxw_strbuf_addf(&zone, "%d.x.org. 300 IN TXT \"v=spf1 +all\"\n", n_links);
	const struct spf_world world = { name, mxw_strbuf_get(&record), mxw_strbuf_get(&zone), result, problem };
	assert_costs(&world, n_questions);
	mxw_strbuf_done(&record);
	mxw_strbuf_done(&zone);
}

static void test_chains(void **state)
{
	run_chain("4.6.4 ten nested includes", "include:", 10, MXW_SPF_PASS, MXW_SPF_NO_PROBLEM, 11);
	run_chain("4.6.4 eleven nested includes", "include:", 11, TOO_MANY_LOOKUPS, 11);
	run_chain("4.6.4 ten redirects", "redirect=", 10, MXW_SPF_PASS, MXW_SPF_NO_PROBLEM, 11);
	run_chain("4.6.4 eleven redirects", "redirect=", 11, TOO_MANY_LOOKUPS, 11);
}

/* A record as long as DNS allows: the term again and again, then the end. */
static void run_long(const char *name, const char *term, const char *end, const char *zone, enum mxw_spf_result result,
		     enum mxw_spf_problem problem, size_t n_questions)
{
	struct mxw_strbuf record = MXW_STRBUF_INIT;
	mxw_strbuf_adds(&record, "v=spf1");
	while (record.len + strlen(term) + strlen(end) <= MAX_RECORD)
		mxw_strbuf_adds(&record, term);
	mxw_strbuf_adds(&record, end);
	const struct spf_world world = { name, mxw_strbuf_get(&record), zone, result, problem };
	assert_costs(&world, n_questions);
	mxw_strbuf_done(&record);
}

static void test_long_records(void **state)
{
	const char *here = IN_A("example.com", "10.0.0.1");
	run_long("11.1 the shortest term", " a", "", here, TOO_MANY_LOOKUPS, 2);
	run_long("11.1 the shortest term, without records", " a", "", "", TOO_MANY_VOIDS, 2);
	run_long("11.1 networks, the last one matches", " ip4:10.0.0.1", " ip4:192.0.2.1", "", MXW_SPF_PASS,
		 MXW_SPF_NO_PROBLEM, 1);
	run_long("11.1 modifiers", " x=", " ~all", "", MXW_SPF_SOFTFAIL, MXW_SPF_NO_PROBLEM, 1);
	run_long("11.1 spaces", " ", "?all", "", MXW_SPF_NEUTRAL, MXW_SPF_NO_PROBLEM, 1);
	run_long("11.1 networks, the last one is wrong", " ip4:192.0.2.1", " ip4:192.0.2", "", MXW_SPF_PERMERROR,
		 MXW_SPF_SYNTAX, 1);
}

/* A record as long as DNS allows of one term: the macro again and again. */
static void run_macros(const char *name, const char *macro, const char *zone, size_t n_questions)
{
	struct mxw_strbuf record = MXW_STRBUF_INIT;
	mxw_strbuf_adds(&record, "v=spf1 exists:");
	while (record.len + strlen(macro) + strlen("x.org -all") <= MAX_RECORD)
		mxw_strbuf_adds(&record, macro);
	mxw_strbuf_adds(&record, "x.org -all");
	const struct spf_world world = {
		name,         mxw_strbuf_get(&record), zone,
		MXW_SPF_PASS, .cost = "1/0",           .mail_from = "a.quite.long.local.part.of.many.labels@example.com"
	};
	assert_costs(&world, n_questions);
	mxw_strbuf_done(&record);
}

static void test_long_macros(void **state)
{
	const char *exists = IN_A("*.x.org", "127.0.0.2");
	run_macros("7.3 a name of thousands of local parts", "%{l}.", exists, 2);
	run_macros("7.3 a name of thousands of reversed domains", "%{or}.", exists, 2);
	run_macros("7.3 a name of thousands of addresses", "%{i}.%{v}.", exists, 2);
	run_macros("7.3 a name of thousands of validated names", "%{p}.",
		   IN_PTR(SPF_REVERSE4, "y.org") IN_A("y.org", "192.0.2.1") IN_A("*.x.org", "127.0.0.2"), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lookups),        cmocka_unit_test(test_sets),
		cmocka_unit_test(test_voids),          cmocka_unit_test(test_loops),
		cmocka_unit_test(test_dearest_record), cmocka_unit_test(test_ptr_again),
		cmocka_unit_test(test_chains),         cmocka_unit_test(test_long_records),
		cmocka_unit_test(test_long_macros),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
