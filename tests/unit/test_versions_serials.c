/* SOA serials over rounds, negative TTLs, and planned changes that come too early. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/versions/plan.h"
#include "lib/versions/serials.h"
#include "tests/unit/versions_world.h"

static const struct mxw_soa_times soa = { .ttl_s = 3600, .refresh_s = 600, .retry_s = 120, .minimum_s = 300 };

/* ---- serials ---- */

struct serial_row {
	int at_s;
	const char *serials;  /* of ns1, ns2, ...; "-": none */
	const char *expected; /* "id severity: message", one a line */
};

static size_t read_serials(const char *at, int64_t at_ms, struct mxw_versions_view *ret)
{
	static const char *const names[] = { "ns1", "ns2", "ns3" };
	size_t n = 0;
	while (*at) {
		char *end = (char *)at + 1;
		ret[n] = (struct mxw_versions_view){ .name = names[n], .address = "192.0.2.1", .at_ms = at_ms };
		if (*at != '-') {
			ret[n].has_serial = true;
			ret[n].serial = (uint32_t)strtoul(at, &end, 10);
		}
		at = end + strspn(end, " ");
		n++;
	}
	return n;
}

static void write_findings(const struct mxw_findings *findings, struct mxw_strbuf *ret)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct mxw_finding *finding = findings->items[i];
		versions_expect_filled(finding);
		mxw_strbuf_addf(ret, "%s%s %s: ", i ? "\n" : "", finding->def->id,
				mxw_severity_name(finding->severity));
		mxw_finding_expand(finding, finding->def->message, ret);
	}
}

static void play_serials(const char *name, const struct serial_row *rows, size_t n)
{
	struct mxw_serials serials = { 0 };
	for (size_t i = 0; i < n; i++) {
		struct mxw_versions_view servers[3];
		struct mxw_findings findings = { 0 };
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		int64_t now_ms = 1000 * (int64_t)rows[i].at_s;
		size_t n_servers = read_serials(rows[i].serials, now_ms, servers);
		mxw_serials_update(&serials, servers, n_servers, &soa);
		mxw_serials_findings(&serials, "example.com", servers, n_servers, &soa, now_ms, &findings);
		assert_false(mxw_findings_failed(&findings));
		write_findings(&findings, &text);
		if (strcmp(mxw_strbuf_get(&text), rows[i].expected) != 0)
			fail_msg("%s, %d s:\n  it is \"%s\",\nexpected \"%s\"", name, rows[i].at_s,
				 mxw_strbuf_get(&text), rows[i].expected);
		mxw_strbuf_done(&text);
		mxw_findings_done(&findings);
	}
}
#define PLAY(rows_) play_serials(__func__, rows_, MXW_ARRAY_SIZE(rows_))

#define DIFFERS(severity_, serials_) "cons-serial " severity_ ": SOA serial of example.com differs: " serials_
#define BACK(old_, new_, server_) \
	"cons-serial-backward warning: SOA serial of example.com went back from " old_ " to " new_ " at " server_

static void test_serial(void **unused)
{
	static const struct serial_row transfer[] = {
		{ 0, "7 7", "" },
		{ 60, "8 7", DIFFERS("info", "ns1=8, ns2=7") },
		{ 780, "8 7", DIFFERS("info", "ns1=8, ns2=7") },
		{ 781, "8 7", DIFFERS("warning", "ns1=8, ns2=7") },
		{ 800, "8 -", "" },
		{ 840, "8 8", "" },
	};
	/* A busy zone: the secondary is always behind, but it moves. */
	static const struct serial_row moving[] = {
		{ 0, "8 7 8", DIFFERS("info", "ns1=8, ns2=7, ns3=8") },
		{ 700, "9 8 9", DIFFERS("info", "ns1=9, ns2=8, ns3=9") },
		{ 1400, "10 9 10", DIFFERS("info", "ns1=10, ns2=9, ns3=10") },
		{ 2100, "11 9 11", DIFFERS("info", "ns1=11, ns2=9, ns3=11") },
		{ 2121, "12 9 12", DIFFERS("warning", "ns1=12, ns2=9, ns3=12") },
	};
	static const struct serial_row wrapped[] = {
		{ 0, "4294967295 2", DIFFERS("info", "ns1=4294967295, ns2=2") },
		{ 60, "2 2", "" },
	};
	(void)unused;
	PLAY(transfer);
	PLAY(moving);
	PLAY(wrapped);
}

static void test_late_is_named(void **unused)
{
	struct mxw_versions_view servers[3];
	struct mxw_serials serials = { 0 };
	struct mxw_findings findings = { 0 };
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	(void)unused;
	assert_int_equal(read_serials("1 4294967290 1", 0, servers), 3);
	mxw_serials_update(&serials, servers, 3, &soa);
	mxw_serials_findings(&serials, "example.com", servers, 3, &soa, 0, &findings);
	assert_int_equal(findings.n, 1);
	mxw_finding_expand(findings.items[0], "{late}", &text);
	assert_string_equal(mxw_strbuf_get(&text), "ns2");
	assert_string_equal(findings.items[0]->subject, "example.com");
	mxw_strbuf_done(&text);
	mxw_findings_done(&findings);
}

static void test_backward(void **unused)
{
	static const struct serial_row at_primary[] = {
		{ 0, "2026112301 2026112301", "" },
		{ 60, "5 2026112301",
		  DIFFERS("info", "ns1=5, ns2=2026112301") }, /* once may be another node of an anycast */
		{ 120, "5 2026112301", DIFFERS("info", "ns1=5, ns2=2026112301") "\n" BACK("2026112301", "5", "ns1") },
		{ 180, "2026112302 2026112301", DIFFERS("info", "ns1=2026112302, ns2=2026112301") },
		{ 240, "2026112302 2026112302", "" },
	};
	/* All follow: after refresh + retry nobody is left who could be ahead. */
	static const struct serial_row at_all[] = {
		{ 0, "10 10", "" },
		{ 60, "5 5", "" },
		{ 120, "5 5", BACK("10", "5", "ns1") },
		{ 780, "5 5", BACK("10", "5", "ns1") },
		{ 781, "5 5", "" },
		{ 840, "6 6", "" },
	};
	static const struct serial_row wrapped[] = {
		{ 0, "4294967295", "" },
		{ 60, "3", "" },
		{ 120, "3", "" },
	};
	static const struct serial_row no_order[] = {
		{ 0, "2147483648", "" },
		{ 60, "0", "" },
		{ 120, "0", "" },
	};
	static const struct serial_row other_servers[] = {
		{ 0, "10 10", "" },
		{ 60, "5 5 5", "" },
		{ 120, "5 5 5", "" },
	};
	(void)unused;
	PLAY(at_primary);
	PLAY(at_all);
	PLAY(wrapped);
	PLAY(no_order);
	PLAY(other_servers);
}

static void test_serial_arithmetic(void **unused)
{
	static const struct {
		uint32_t a, b;
		bool is_later;
	} rows[] = {
		{ 1, 0, true },           { 0, 1, false },         { 5, 5, false },          { 0, UINT32_MAX, true },
		{ UINT32_MAX, 0, false }, { 0x7fffffff, 0, true }, { 0x80000000, 0, false }, { 0, 0x80000000, false },
		{ 0x80000001, 0, false }, { 0, 0x80000001, true },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		assert_int_equal(mxw_serial_is_later(rows[i].a, rows[i].b), rows[i].is_later);
}

/* ---- negative TTL ---- */

static void test_negttl(void **unused)
{
	static const struct {
		uint32_t ttl_s, minimum_s;
		const char *expected;
	} rows[] = {
		{ 86400, 3600, "" },
		{ 3600, 86400, "" },
		{ 86400, 3601,
		  "cons-negttl-high info: the negative TTL of example.com is 3601 s: a name or record that was asked "
		  "for too early "
		  "stays absent that long" },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		const struct mxw_soa_times times = { .ttl_s = rows[i].ttl_s, .minimum_s = rows[i].minimum_s };
		struct mxw_findings findings = { 0 };
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		mxw_negttl_findings("example.com", &times, &findings);
		write_findings(&findings, &text);
		assert_string_equal(mxw_strbuf_get(&text), rows[i].expected);
		mxw_strbuf_done(&text);
		mxw_findings_done(&findings);
	}
}

/* ---- planned changes ---- */

static void expect_plan(const struct versions_world *world, const struct mxw_expectation *expectation,
			const char *message, const char *fix)
{
	struct mxw_findings findings = { 0 };
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_plan_findings(&world->versions, expectation, "example.com", "MX", world->round.now_ms,
			  world->round.now_wall_ms, &findings);
	write_findings(&findings, &text);
	assert_string_equal(mxw_strbuf_get(&text), message);
	mxw_strbuf_clear(&text);
	if (*fix) {
		mxw_finding_expand(findings.items[0], findings.items[0]->def->fix, &text);
		assert_string_equal(mxw_strbuf_get(&text), fix);
		assert_string_equal(findings.items[0]->subject, "mx");
	}
	mxw_strbuf_done(&text);
	mxw_findings_done(&findings);
}

#define UNREADY "cons-change-unready warning: the MX records of example.com are to change at "

/* Times of the plan are seconds after noon. */
static void test_plan(void **unused)
{
	static const struct {
		struct versions_row rows[2];
		int not_before_s;
		const char *message, *fix;
	} cases[] = {
		{ { { 0, "A/3600", "A", NULL } }, 3600, "", "" }, /* the last moment to lower it */
		{ { { 0, "A/3600", "A", NULL } },
		  3599,
		  UNREADY "12:59:59 UTC, but caches keep the old ones past that: their TTL is 3600 s, a copy that is "
			  "made now lives "
			  "until 13:00:00 UTC",
		  "example.com. 300 IN MX 10 a.example.com.\n; publish these now, and change the records at 13:00:00 "
		  "UTC or later" },
		{ { { 0, "A/600", "A", NULL } }, 100, "", "" }, /* low enough */
		{ { { 0, "A/3600", "A", NULL }, { 60, "A/300", "A", NULL } },
		  3000,
		  UNREADY
		  "12:50:00 UTC, but caches keep the old ones past that: their TTL is 300 s now, but copies with the "
		  "former one live until 13:01:00 UTC",
		  "\n; change the records at 13:01:00 UTC or later" },
		{ { { 0, "A/3600", "A", NULL }, { 60, "A/300", "A", NULL } }, 3060, "", "" },
		{ { { 0, "A/3600", "A", NULL } }, 0, "", "" },   /* it has begun */
		{ { { 0, "N/3600", "N", NULL } }, 100, "", "" }, /* nothing is there that could be cached */
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		struct versions_world world;
		versions_world_init(&world);
		for (size_t k = 0; k < 2 && cases[i].rows[k].resolvers; k++)
			versions_world_look(&world, &cases[i].rows[k]);
		struct mxw_expectation expectation = {
			.type = MXW_RECORD_MX,
			.is_planned = true,
			.not_before_wall_ms = world.wall_offset_ms + 1000 * (int64_t)cases[i].not_before_s,
			.deadline_wall_ms = INT64_MAX,
		};
		expect_plan(&world, &expectation, cases[i].message, cases[i].fix);
		expectation.is_planned = false;
		expect_plan(&world, &expectation, "", "");
		expectation.is_planned = true;
		expectation.not_before_wall_ms = INT64_MIN;
		expect_plan(&world, &expectation, "", "");
		expectation.not_before_wall_ms = INT64_MAX;
		expect_plan(&world, &expectation, "", "");
		mxw_versions_done(&world.versions);
		expect_plan(&world, &expectation, "", "");
		versions_world_done(&world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_serial),   cmocka_unit_test(test_late_is_named),
		cmocka_unit_test(test_backward), cmocka_unit_test(test_serial_arithmetic),
		cmocka_unit_test(test_negttl),   cmocka_unit_test(test_plan),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
