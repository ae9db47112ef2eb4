/* The check address: the vectors of findings.md 5 that are about addresses, and one world for each further condition. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "tests/unit/zone_view.h"

#define ONE_MX "example.com. 300 IN MX 10 a.example.com.\n"
#define TWO_MX ONE_MX "example.com. 300 IN MX 20 b.example.com.\n"
#define ALL_UNKNOWN "addr-private ?\naddr-v6-only ?\naddr-no-ipv6 ?\naddr-aaaa-broken ?\n"

static const struct zone_case worlds[] = {
	{
		"vector: a private address only",
		ONE_MX "a.example.com. 300 IN A 10.0.0.1\n",
		"addr-private warning a.example.com/10.0.0.1\naddr-no-ipv6 info example.com",
	},
	{ "vector: IPv6 only", ONE_MX "a.example.com. 300 IN AAAA 2a00:1::1\n", "addr-v6-only critical example.com" },
	{
		"both families",
		ONE_MX "a.example.com. 300 IN A 20.0.0.1\na.example.com. 300 IN AAAA 2a00:1::1\n",
		"",
	},
	{ "no IPv6", ONE_MX "a.example.com. 300 IN A 20.0.0.1\n", "addr-no-ipv6 info example.com" },
	{
		"a private IPv6 address beside public ones",
		ONE_MX "a.example.com. 300 IN A 20.0.0.1\na.example.com. 300 IN AAAA fd00::1\na.example.com. 300 IN "
		       "AAAA 2a00:1::1\n",
		"addr-private warning a.example.com/fd00::1",
	},
	{
		"loopback and documentation addresses",
		ONE_MX "a.example.com. 300 IN A 127.0.0.1\na.example.com. 300 IN A 192.0.2.1\na.example.com. 300 IN A "
		       "192.0.0.9\n",
		"addr-private warning a.example.com/127.0.0.1\naddr-private warning a.example.com/192.0.2.1\n"
		"addr-no-ipv6 info example.com",
	},
	{
		"one host has IPv4, the other IPv6",
		TWO_MX "a.example.com. 300 IN A 20.0.0.1\nb.example.com. 300 IN AAAA 2a00:1::1\n",
		"",
	},
	{
		"IPv6 only beside a host that does not exist",
		TWO_MX "a.example.com. 300 IN AAAA 2a00:1::1\n",
		"addr-v6-only critical example.com",
	},
	{
		"IPv6 only as far as seen: the other A lookup fails",
		TWO_MX "a.example.com. 300 IN AAAA 2a00:1::1\nb.example.com A SERVFAIL\n",
		"dns-servfail unknown b.example.com/A\naddr-v6-only ? example.com\naddr-private ?",
	},
	{
		"the AAAA lookup fails",
		ONE_MX "a.example.com. 300 IN A 20.0.0.1\na.example.com AAAA TIMEOUT\n",
		"dns-timeout unknown a.example.com/AAAA\naddr-no-ipv6 ? example.com\naddr-private ?\naddr-aaaa-broken "
		"? a.example.com",
	},
	{
		"the AAAA lookup fails where A has no record",
		ONE_MX "a.example.com. 300 IN TXT \"x\"\na.example.com AAAA TIMEOUT\n",
		"dns-timeout unknown a.example.com/AAAA\naddr-no-ipv6 ? example.com\naddr-private ?\naddr-v6-only ? "
		"example.com",
	},
	{
		"A works, AAAA is denied",
		ONE_MX "a.example.com. 300 IN A 20.0.0.1\na.example.com AAAA NXDOMAIN\n",
		"addr-aaaa-broken warning a.example.com\naddr-no-ipv6 info example.com",
	},
	{
		"AAAA works, A is denied",
		TWO_MX
		"a.example.com. 300 IN AAAA 2a00:1::1\na.example.com A NXDOMAIN\nb.example.com. 300 IN A 20.0.0.1\n",
		"addr-aaaa-broken warning a.example.com",
	},
	{
		"AAAA made by a DNS64",
		ONE_MX "a.example.com. 300 IN A 20.0.0.1\na.example.com. 300 IN AAAA 64:ff9b::20.0.0.1\n",
		"addr-no-ipv6 info example.com",
	},
	{
		"the same prefix, another address: the host's own",
		ONE_MX "a.example.com. 300 IN A 20.0.0.1\na.example.com. 300 IN AAAA 64:ff9b::20.0.0.2\n",
		"",
	},
	{
		"names that cannot be hosts are not asked",
		"example.com. 300 IN MX 10 localhost.\nexample.com. 300 IN MX 20 20.0.0.1.\nlocalhost * SERVFAIL\n",
		"addr-no-ipv6 info example.com",
	},
	{ "null MX", "example.com. 300 IN MX 0 .\n", "" },
	{ "no MX", "example.com. 300 IN A 10.0.0.1\n", "" },
	{ "no such domain", "a.test2.org. 300 IN A 20.0.0.1\n", "" },
	{ "aliases in a circle are the check mx's matter", ONE_MX "a.example.com. 300 IN CNAME a.example.com.\n",
	  "addr-no-ipv6 info example.com" },
	{ "MX SERVFAIL", "example.com MX SERVFAIL\n", ALL_UNKNOWN },
	{ "MX never answered", "example.com MX UNANSWERED\n", ALL_UNKNOWN },
	{
		"A refused: it says nothing about the host",
		ONE_MX "a.example.com A REFUSED\na.example.com. 300 IN AAAA 2a00:1::1\n",
		"addr-v6-only ? example.com\naddr-private ?\naddr-aaaa-broken ? a.example.com",
	},
	{
		"other failures",
		TWO_MX "a.example.com A TRUNCATED\na.example.com AAAA MALFORMED\nb.example.com A BOGUS\nb.example.com "
		       "AAAA NOTIMP\n",
		"dns-truncated unknown a.example.com/A\ndns-malformed unknown a.example.com/AAAA\n"
		"dnssec-bogus critical b.example.com/A\ndns-malformed unknown b.example.com/AAAA\n"
		"addr-v6-only ? example.com\naddr-no-ipv6 ? example.com\naddr-private ?\naddr-aaaa-broken ? "
		"a.example.com\n"
		"addr-aaaa-broken ? b.example.com",
	},
};

static void test_worlds(void **state)
{
	zone_view_run(&mxw_check_address, worlds, MXW_ARRAY_SIZE(worlds));
}

/* A hostile host with many addresses makes no flood of findings, and what was not read is not denied. */
static void test_many_addresses(void **state)
{
	struct mxw_strbuf zone = MXW_STRBUF_INIT;
	mxw_strbuf_adds(&zone, ONE_MX);
	for (int i = 0; i < 100; i++)
		mxw_strbuf_addf(&zone, "a.example.com. 300 IN A 10.0.0.%d\n", i);
	struct zone_case world = { "100 private addresses", mxw_strbuf_get(&zone), "", .profile = { 0 } };
	struct mxw_findings findings = { 0 };
	zone_view_judge(&mxw_check_address, &world, &findings);
	assert_int_equal(findings.n, 20 + 1 + 1);
	const struct mxw_finding *rest = mxw_findings_get(&findings, mxw_check_find_finding("addr-private", NULL), "");
	assert_non_null(rest);
	assert_int_equal(rest->vote, MXW_VOTE_UNKNOWN);
	mxw_findings_done(&findings);
	mxw_strbuf_done(&zone);
}

static void test_coverage(void **state)
{
	static const char *const list[] = {
		"addr-private warning",
		"addr-v6-only critical",
		"addr-no-ipv6 info",
		"addr-aaaa-broken warning",
		"dns-servfail unknown",
		"dns-timeout unknown",
		"dns-truncated unknown",
		"dns-malformed unknown",
		"dns-cname-loop never",
		"dnssec-bogus critical",
		NULL,
	};
	zone_view_assert_covered(&mxw_check_address, list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worlds),
		cmocka_unit_test(test_many_addresses),
		cmocka_unit_test(test_coverage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
