/* `expect` of a domain: both forms of a type, plans at both levels, and the exact lines for what is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/wallclock.h"
#include "tests/unit/config_source.h"

#define F "/etc/mxwatch.yaml:"
#define TOP "resolvers: [9.9.9.9]\nnotifiers: [{ name: log, type: syslog }]\n"
/* What follows is in line 4. */
#define DOMAIN TOP "domains:\n- { name: example.org, expect: "
#define DOMAIN_END " }\n"

/* ---- what is read ---- */

static void write_set(const char *label, const struct mxw_expected_set *set, struct mxw_strbuf *ret)
{
	if (!set->is_given)
		return;
	mxw_strbuf_addf(ret, " %s(", label);
	for (size_t i = 0; i < set->n; i++)
		mxw_strbuf_addf(ret, "%s%d %s", i ? ", " : "", set->items[i].preference, set->items[i].key);
	mxw_strbuf_addc(ret, ')');
}

static void write_time(const char *label, int64_t wall_ms, struct mxw_strbuf *ret)
{
	char text[MXW_RFC3339_MAX] = "ever";
	if (wall_ms != INT64_MIN)
		mxw_wallclock_rfc3339(wall_ms, text);
	mxw_strbuf_addf(ret, " %s %.19s", label, text);
}

/* "mx exact old(10 a.example) new(20 b.example) from TIME to TIME" a line. */
static void write_expect(const struct mxw_expect *expect, struct mxw_strbuf *ret)
{
	static const char *const modes[] = { "exact", "at_least", "forbid" };
	char ip[MXW_IP_TEXT_MAX];
	for (size_t i = 0; expect && i < expect->n; i++) {
		const struct mxw_expectation *item = &expect->items[i];
		mxw_strbuf_adds(ret, mxw_record_type_name(item->type));
		mxw_ip_format(&item->ip, ip);
		if (item->type == MXW_RECORD_PTR)
			mxw_strbuf_addf(ret, "/%s", ip);
		mxw_strbuf_addf(ret, " %s", modes[item->mode]);
		write_set("old", &item->old, ret);
		write_set("new", &item->new, ret);
		if (item->is_planned) {
			write_time("from", item->not_before_wall_ms, ret);
			write_time("to", item->deadline_wall_ms, ret);
		}
		mxw_strbuf_addc(ret, '\n');
	}
}

static const struct {
	const char *text, *expect;
} good[] = {
	{ "{ mx: [10 mx1.example.org, 20 MX2.Example.Org.] }",
	  "mx exact old(10 mx1.example.org, 20 mx2.example.org)\n" },
	{ "{ mx: [mx1.example.org] }", "mx exact old(-1 mx1.example.org)\n" },
	{ "{ mx: \"10  m\xc3\xbcller.example\" }", "mx exact old(10 xn--mller-kva.example)\n" },
	{ "{ mx: 0 . }", "mx exact old(0 .)\n" },
	{ "{ mx: [] }", "mx exact old()\n" },
	{ "{ mx: { mode: at_least, records: [10 mx1.example.org] } }", "mx at_least old(10 mx1.example.org)\n" },
	{ "{ mx: { mode: forbid, records: mx1.example.org } }", "mx forbid old(-1 mx1.example.org)\n" },
	{ "{ spf: \"v=spf1  +MX ip4:192.0.2.0/24 exists:%{I}.EXAMPLE.org -all \" }",
	  "spf exact old(0 v=spf1 mx ip4:192.0.2.0/24 exists:%{I}.example.org -all)\n" },
	{ "{ spf: [] }", "spf exact old()\n" },
	{ "{ spf: { mode: at_least, records: [\"+include:spf.example.net\", v=spf1 mx -all] } }",
	  "spf at_least old(0 include:spf.example.net, 0 v=spf1 mx -all)\n" },
	{ "{ ns: [ns1.example.net, ns2.example.net] }", "ns exact old(0 ns1.example.net, 0 ns2.example.net)\n" },
	{ "{ ptr: [192.0.2.25 a.example.org, \"2001:DB8::25 a.example.org\", 192.0.2.25 b.example.org] }",
	  "ptr/192.0.2.25 exact old(0 a.example.org, 0 b.example.org)\nptr/2001:db8::25 exact old(0 a.example.org)\n" },
	{ "{ ns: [ns1.example.net], mx: [mx1.example.org] }",
	  "mx exact old(-1 mx1.example.org)\nns exact old(0 ns1.example.net)\n" },
	/* plans */
	{ "{ mx: { records: [a.example.org], next: [b.example.org], not_before: 2026-12-01T02:00:00Z, deadline: "
	  "2026-12-01 "
	  "06:30 } }",
	  "mx exact old(-1 a.example.org) new(-1 b.example.org) from 2026-12-01T02:00:00 to 2026-12-01T06:30:00\n" },
	{ "{ mx: { records: [b.example.org], deadline: 2026-12-01T06:00:59Z } }",
	  "mx exact new(-1 b.example.org) from ever to 2026-12-01T06:00:59\n" },
	{ "{ mx: { next: [b.example.org], deadline: 2026-12-01T06:00:00Z } }",
	  "mx exact new(-1 b.example.org) from ever to 2026-12-01T06:00:00\n" },
	{ "{ mx: [b.example.org], ns: { records: [a.example.net], next: [b.example.net] }, not_before: 2026-12-01 "
	  "02:00, "
	  "deadline: 2026-12-01 06:00 }",
	  "mx exact new(-1 b.example.org) from 2026-12-01T02:00:00 to 2026-12-01T06:00:00\n"
	  "ns exact old(0 a.example.net) new(0 b.example.net) from 2026-12-01T02:00:00 to 2026-12-01T06:00:00\n" },
	{ "{ mx: { records: [b.example.org], deadline: 2026-12-02 06:00 }, spf: [], deadline: 2026-12-01 06:00 }",
	  "mx exact new(-1 b.example.org) from ever to 2026-12-02T06:00:00\n"
	  "spf exact new() from ever to 2026-12-01T06:00:00\n" },
	{ "{ ptr: { records: [192.0.2.1 a.example.org, 192.0.2.2 b.example.org], next: [192.0.2.2 c.example.org, "
	  "192.0.2.3 "
	  "d.example.org], deadline: 2026-12-01 06:00 } }",
	  "ptr/192.0.2.1 exact old(0 a.example.org) from ever to 2026-12-01T06:00:00\n"
	  "ptr/192.0.2.2 exact old(0 b.example.org) new(0 c.example.org) from ever to 2026-12-01T06:00:00\n"
	  "ptr/192.0.2.3 exact new(0 d.example.org) from ever to 2026-12-01T06:00:00\n" },
};

static void test_good(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(good); i++) {
		MXW_CLEANUP(mxw_strbuf_done)
		struct mxw_strbuf text = MXW_STRBUF_INIT, diags = MXW_STRBUF_INIT, seen = MXW_STRBUF_INIT;
		mxw_strbuf_addf(&text, DOMAIN "%s" DOMAIN_END, good[i].text);
		struct mxw_config *config = test_config_read_text(mxw_strbuf_get(&text), &diags);
		if (!config || diags.len)
			fail_msg("%s\n-> %s", good[i].text, mxw_strbuf_get(&diags));
		write_expect(mxw_config_find_domain(config, "example.org")->settings->expect, &seen);
		if (strcmp(mxw_strbuf_get(&seen), good[i].expect) != 0)
			fail_msg("%s\n-> %s", good[i].text, mxw_strbuf_get(&seen));
		mxw_config_free(config);
	}
}

/* The check runs where something is pinned, whatever `checks` says, and nowhere else unless it is named. */
static void test_check_is_on_demand(void **state)
{
	static const struct {
		const char *domain;
		bool has_mx, has_consistency;
	} rows[] = {
		{ "plain.example", true, false },
		{ "pinned.example", true, true },
		{ "other.example", false, true },
		{ "named.example", false, true },
	};
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf diags = MXW_STRBUF_INIT;
	struct mxw_config *config = test_config_read_text(
		TOP "domains:\n"
		    "- plain.example\n"
		    "- { name: pinned.example, expect: { ns: [] } }\n"
		    "- { name: other.example, checks: [spf], expect: { ns: [] } }\n"
		    "- { name: named.example, checks: [consistency] }\n",
		&diags);
	assert_string_equal(mxw_strbuf_get(&diags), "");
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		uint32_t checks = mxw_config_find_domain(config, rows[i].domain)->settings->checks;
		assert_int_equal(checks >> mxw_check_find("mx") & 1, rows[i].has_mx);
		assert_int_equal(checks >> mxw_check_find("consistency") & 1, rows[i].has_consistency);
	}
	mxw_config_free(config);
}

/* ---- what is told ---- */

static const struct {
	const char *text, *diags; /* every line without the name of the file */
} bad[] = {
	{ "[]", "4:32: domains[0].expect: found an empty list, expected a mapping\n" },
	{ "{}", "4:32: domains[0].expect: pins nothing, expected at least one of mx, spf, ns and ptr\n" },
	{ "{ mxx: [] }", "4:32: domains[0].expect: pins nothing, expected at least one of mx, spf, ns and ptr\n"
			 "4:34: domains[0].expect.mxx: unknown key, did you mean \"mx\"?\n" },
	{ "{ mx: [10 mx1.example.org, 10 mx1.example.org 5, 70000 a.example.org, x a.example.org, 10 192.0.2.1, 10, 10 "
	  ".] }",
	  "4:59: domains[0].expect.mx[1]: \"10 mx1.example.org 5\" is no MX record, expected one such as \"10 "
	  "mx1.example.org\" "
	  "or \"0 .\"\n"
	  "4:81: domains[0].expect.mx[2]: \"70000 a.example.org\" is no MX record, expected one such as \"10 "
	  "mx1.example.org\" or \"0 .\"\n"
	  "4:102: domains[0].expect.mx[3]: \"x a.example.org\" is no MX record, expected one such as \"10 "
	  "mx1.example.org\" or "
	  "\"0 .\"\n"
	  "4:119: domains[0].expect.mx[4]: \"10 192.0.2.1\" is no host name, expected one such as mx1.example.org\n"
	  "4:133: domains[0].expect.mx[5]: \"10\" is no host name, expected one such as mx1.example.org\n"
	  "4:137: domains[0].expect.mx[6]: \"10 .\" is no host name, expected one such as mx1.example.org\n" },
	{ "{ mx: [10 a.example.org, a.example.org] }",
	  "4:57: domains[0].expect.mx[1]: \"a.example.org\" is listed twice, expected once\n" },
	{ "{ mx: [[]] }", "4:39: domains[0].expect.mx[0]: found an empty list, expected a record\n" },
	{ "{ mx: { records: { a: b } } }",
	  "4:49: domains[0].expect.mx.records: found a mapping, expected a list of records\n" },
	{ "{ mx: {} }", "4:38: domains[0].expect.mx.records: missing, expected a list of records\n" },
	{ "{ mx: { mode: forbid, records: [] } }",
	  "4:63: domains[0].expect.mx.records: an empty list, expected at least one record\n" },
	{ "{ ptr: [] }", "4:39: domains[0].expect.ptr: an empty list, expected at least one record\n" },
	{ "{ ns: [a.b,a.c,a.d,a.e,a.f,a.g,a.h,a.i,a.j,a.k,a.l,a.m,a.n,a.o,a.p,a.q,a.r] }",
	  "4:38: domains[0].expect.ns: a list of 17 records, expected at most 16\n" },
	{ "{ mx: { mode: some, records: [] } }",
	  "4:46: domains[0].expect.mx.mode: found text \"some\", expected exact, at_least or forbid\n" },
	{ "{ spf: [mx, v=spf1 ipv4:192.0.2.1] }",
	  "4:40: domains[0].expect.spf[0]: \"mx\" is no SPF record, expected one such as \"v=spf1 mx -all\"\n"
	  "4:44: domains[0].expect.spf[1]: \"v=spf1 ipv4:192.0.2.1\" is no SPF: \"ipv4:192.0.2.1\": unknown "
	  "mechanism\n" },
	{ "{ spf: { mode: at_least, records: [mx a, ipv4] } }",
	  "4:67: domains[0].expect.spf.records[0]: \"mx a\" is not one term, expected one such as mx, or a record such "
	  "as "
	  "\"v=spf1 mx -all\"\n"
	  "4:73: domains[0].expect.spf.records[1]: \"ipv4\" is no SPF: \"ipv4\": unknown mechanism\n" },
	{ "{ spf: \"v=spf1 mx\\t-all\" }", "4:39: domains[0].expect.spf: \"v=spf1 mx\\x09-all\" holds an octet that "
					   "SPF does not allow, expected printable ASCII\n" },
	{ "{ ns: [ns1.example.net 5, localhost] }",
	  "4:39: domains[0].expect.ns[0]: \"ns1.example.net 5\" is no host name, expected one such as mx1.example.org\n"
	  "4:58: domains[0].expect.ns[1]: \"localhost\" is no host name, expected one such as mx1.example.org\n" },
	{ "{ ptr: [192.0.2.1, 192.0.2 a.example.org, 192.0.2.1 192.0.2.1] }",
	  "4:40: domains[0].expect.ptr[0]: \"192.0.2.1\" is no PTR record, expected an address and a name such as "
	  "\"192.0.2.25 "
	  "mail.example.org\"\n"
	  "4:51: domains[0].expect.ptr[1]: \"192.0.2 a.example.org\" is no PTR record, expected an address and a name "
	  "such as "
	  "\"192.0.2.25 mail.example.org\"\n"
	  "4:74: domains[0].expect.ptr[2]: \"192.0.2.1 192.0.2.1\" is no host name, expected one such as "
	  "mx1.example.org\n" },
	/* plans */
	{ "{ mx: { records: [], next: [] } }", "4:38: domains[0].expect.mx.deadline: missing, a planned change must be "
					       "done at some time, expected one such as "
					       "2026-12-01T06:00:00Z\n" },
	{ "{ mx: { records: [], not_before: 2026-12-01 02:00 } }",
	  "4:38: domains[0].expect.mx.deadline: missing, a planned change must be done at some time, expected one such "
	  "as "
	  "2026-12-01T06:00:00Z\n" },
	{ "{ mx: [], not_before: 2026-12-01 02:00 }", "4:32: domains[0].expect.deadline: missing beside not_before, "
						      "expected a time such as 2026-12-01T06:00:00Z\n" },
	{ "{ mx: [], not_before: 2026-12-01 02:00, deadline: 2026-12-01 02:00 }",
	  "4:82: domains[0].expect.deadline: is not after not_before, expected a later time\n" },
	{ "{ mx: [], deadline: tomorrow }", "4:52: domains[0].expect.deadline: \"tomorrow\" is no time, expected one "
					    "such as 2026-12-01T02:00:00Z or \"2026-12-01 "
					    "02:00\", in UTC\n" },
	{ "{ mx: [], deadline: \"2026-12-01T02:00:60Z\" }",
	  "4:52: domains[0].expect.deadline: \"2026-12-01T02:00:60Z\" is no time, expected one such as "
	  "2026-12-01T02:00:00Z or "
	  "\"2026-12-01 02:00\", in UTC\n" },
	{ "{ mx: [], deadline: \"2026-12-01T02:00:00+01:00\" }",
	  "4:52: domains[0].expect.deadline: \"2026-12-01T02:00:00+01:00\" is no time, expected one such as "
	  "2026-12-01T02:00:00Z or \"2026-12-01 02:00\", in UTC\n" },
	{ "{ mx: [], deadline: 2026-02-30 02:00 }", "4:52: domains[0].expect.deadline: \"2026-02-30 02:00\" is no "
						    "time, expected one such as 2026-12-01T02:00:00Z or "
						    "\"2026-12-01 02:00\", in UTC\n" },
};

static void test_bad(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(bad); i++) {
		MXW_CLEANUP(mxw_strbuf_done)
		struct mxw_strbuf text = MXW_STRBUF_INIT, diags = MXW_STRBUF_INIT, expected = MXW_STRBUF_INIT;
		mxw_strbuf_addf(&text, DOMAIN "%s" DOMAIN_END, bad[i].text);
		for (const char *line = bad[i].diags; *line; line = strchr(line, '\n') + 1)
			mxw_strbuf_addf(&expected, F "%.*s\n", (int)strcspn(line, "\n"), line);
		assert_null(test_config_read_text(mxw_strbuf_get(&text), &diags));
		if (strcmp(mxw_strbuf_get(&diags), mxw_strbuf_get(&expected)) != 0)
			fail_msg("%s\n-> %s", bad[i].text, mxw_strbuf_get(&diags));
	}
}

/* At the top level there is no such key: what is pinned is one domain's own. */
static void test_top_level(void **state)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf diags = MXW_STRBUF_INIT;
	assert_null(test_config_read_text(TOP "domains: [example.org]\nexpect: { mx: [] }\n", &diags));
	assert_non_null(strstr(mxw_strbuf_get(&diags), "4:1: expect: unknown key"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_check_is_on_demand),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_top_level),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
