/* The check mx: the vectors of findings.md 5 and one world for each further condition and severity. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "tests/unit/zone_view.h"

#define ALL_UNKNOWN                                                                                                 \
	"mx-ok ?\nmx-none ?\nmx-nxdomain ?\nmx-implicit ?\nmx-null ?\nmx-null-mixed ?\nmx-null-nonzero ?\n"         \
	"mx-null-but-sends ?\nmx-target-nxdomain ?\nmx-target-no-address ?\nmx-all-dead ?\nmx-primary-dead ?\n"     \
	"mx-target-cname ?\nmx-target-cname-broken ?\nmx-target-ip ?\nmx-target-localhost ?\nmx-target-special ?\n" \
	"mx-m365-proof ?\nmx-target-doubled ?\nmx-target-single-label ?\nmx-target-syntax ?\nmx-equal-priority ?\n" \
	"mx-single ?\nmx-duplicate ?\nmx-domain-cname ?\nmx-ttl ?\n"

#define A_OK "a.example.com. 300 IN A 20.0.0.1\n"
#define B_OK "b.example.com. 300 IN A 20.0.0.2\n"

/* findings.md 5, "Test vectors"; those about addresses are in test_check_address.c as well. */
static const struct zone_case vectors[] = {
	{
		"null MX beside a real one",
		"example.com. 300 IN MX 0 .\nexample.com. 300 IN MX 10 a.example.com.\n" A_OK,
		"mx-null-mixed critical example.com",
	},
	{
		"the backup does not exist",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 b.example.com.\n" A_OK,
		"mx-target-nxdomain warning b.example.com",
	},
	{
		"the primary does not exist",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 b.example.com.\n" B_OK,
		"mx-target-nxdomain warning a.example.com\nmx-primary-dead warning example.com",
	},
	{
		"one of two equal ones does not exist",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 10 b.example.com.\n" B_OK,
		"mx-target-nxdomain warning a.example.com\nmx-equal-priority info example.com",
	},
	{
		"the primary does not exist, the backup is not to be seen",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 b.example.com.\nb.example.com * "
		"SERVFAIL\n",
		"mx-target-nxdomain warning a.example.com\nmx-all-dead ? example.com\nmx-primary-dead ? example.com\n"
		"mx-target-nxdomain ? b.example.com\nmx-target-no-address ? b.example.com\nmx-target-cname ? "
		"b.example.com\n"
		"mx-target-cname-broken ? b.example.com\nmx-target-localhost ? b.example.com",
	},
	{
		"a private address only",
		"example.com. 300 IN MX 10 a.example.com.\na.example.com. 300 IN A 10.0.0.1\n",
		"mx-all-dead critical example.com\nmx-single warning example.com",
	},
	{
		"an alias to a host",
		"example.com. 300 IN MX 10 c.example.com.\nc.example.com. 300 IN CNAME a.example.com.\n" A_OK,
		"mx-target-cname warning c.example.com\nmx-single warning example.com",
	},
	{
		"an alias to nothing",
		"example.com. 300 IN MX 10 c.example.com.\nc.example.com. 300 IN CNAME gone.example.com.\n",
		"mx-target-cname-broken warning c.example.com\nmx-all-dead critical example.com\nmx-single warning "
		"example.com",
	},
	{
		"implicit MX",
		"example.com. 300 IN A 20.0.0.1\n",
		"mx-implicit warning example.com",
	},
	{
		"the MX lookup fails, the address does not",
		"example.com MX SERVFAIL\nexample.com. 300 IN A 20.0.0.1\n",
		"dns-servfail unknown example.com/MX\n" ALL_UNKNOWN,
	},
	{
		"a referral instead of an answer",
		"example.com MX REFERRAL\nexample.com. 300 IN NS ns.example.com.\n",
		ALL_UNKNOWN,
	},
	{
		"a missing final dot",
		"example.com. 300 IN MX 10 mail.example.com.example.com.\nmail.example.com. 300 IN A 20.0.0.1\n",
		"mx-target-doubled warning mail.example.com.example.com\nmx-target-nxdomain warning "
		"mail.example.com.example.com\n"
		"mx-all-dead critical example.com\nmx-single warning example.com",
	},
	{
		"IPv6 only: the host is usable",
		"example.com. 300 IN MX 10 x.example.com.\nx.example.com. 300 IN AAAA 2a00:1::1\n",
		"mx-single warning example.com",
	},
	{
		"Microsoft's proof of ownership",
		"example.com. 300 IN MX 1 ms123.msv1.invalid.\nexample.com. 300 IN MX 0 "
		"x.mail.protection.outlook.com.\n"
		"x.mail.protection.outlook.com. 300 IN A 20.0.0.1\n",
		"mx-ok ok example.com\nmx-m365-proof info ms123.msv1.invalid\nmx-single info example.com",
	},
	{
		"a record twice, an owner in capitals",
		"EXAMPLE.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 10 A.example.com.\n"
		"example.com. 300 IN MX 20 b.example.com.\n" A_OK B_OK,
		"mx-ok ok example.com",
	},
};

/* The record set as a whole. */
static const struct zone_case sets[] = {
	{
		"no MX and no address",
		"example.com. 300 IN SOA 300\nexample.com. 300 IN TXT \"x\"\n",
		"mx-none critical example.com",
	},
	{
		"no MX, one address lookup fails",
		"example.com. 300 IN TXT \"x\"\nexample.com A TIMEOUT\n",
		"dns-timeout unknown example.com/A\nmx-none ? example.com\nmx-implicit ? example.com",
	},
	{
		"no MX, an address although the other lookup fails",
		"example.com. 300 IN AAAA 2a00:1::1\nexample.com A SERVFAIL\n",
		"dns-servfail unknown example.com/A\nmx-implicit warning example.com",
	},
	{
		"declared deaf: nothing there",
		"example.com. 300 IN TXT \"x\"\n",
		"mx-none ok example.com\nmx-null-recommended info example.com",
		{ .receive = MXW_NO },
	},
	{
		"declared deaf: an address",
		"example.com. 300 IN A 20.0.0.1\n",
		"mx-implicit warning example.com\nmx-null-recommended info example.com",
		{ .receive = MXW_NO },
	},
	{
		"declared deaf: the lookup fails",
		"example.com MX TIMEOUT\n",
		"dns-timeout unknown example.com/MX\nmx-null-recommended ?\nmx-unexpected ?\n" ALL_UNKNOWN,
		{ .receive = MXW_NO },
	},
	{ "the registry denies the domain", "a.test2.org. 300 IN A 20.0.0.1\n", "mx-nxdomain critical example.com" },
	{
		"its own zone denies the subdomain",
		"example.com. 300 IN SOA 300\n",
		"mx-nxdomain critical mail.example.com",
		{ 0 },
		"mail.example.com",
	},
	{ "declared deaf: no such domain",
	  "a.test2.org. 300 IN A 20.0.0.1\n",
	  "mx-nxdomain warning example.com",
	  { .receive = MXW_NO } },
	{ "null MX", "example.com. 300 IN MX 0 .\n", "mx-null ok example.com" },
	{ "null MX, nobody sends", "example.com. 300 IN MX 0 .\nexample.com. 300 IN TXT \"v=spf1 -all\"\n",
	  "mx-null ok example.com" },
	{
		"null MX, somebody may send",
		"example.com. 300 IN MX 0 .\nexample.com. 300 IN TXT \"v=spf1 ip4:20.0.0.1 -all\"\n",
		"mx-null ok example.com\nmx-null-but-sends warning example.com",
	},
	{
		"null MX, a redirect may authorise",
		"example.com. 300 IN MX 0 .\nexample.com. 300 IN TXT \"v=spf1 redirect=_spf.example.org\"\n",
		"mx-null ok example.com\nmx-null-but-sends warning example.com",
	},
	{
		"null MX, nothing passes before -all",
		"example.com. 300 IN MX 0 .\nexample.com. 300 IN TXT \"v=spf1 ?mx -all include:x.org "
		"redirect=y.org\"\n",
		"mx-null ok example.com",
	},
	{
		"null MX, declared to send",
		"example.com. 300 IN MX 0 .\n",
		"mx-null ok example.com\nmx-null-but-sends warning example.com",
		{ .send = MXW_YES },
	},
	{
		"null MX, SPF is not to be seen",
		"example.com. 300 IN MX 0 .\nexample.com TXT SERVFAIL\n",
		"mx-null ok example.com\nmx-null-but-sends ? example.com",
	},
	{
		"null MX, declared to receive",
		"example.com. 300 IN MX 0 .\nmail.example.com. 300 IN A 20.0.0.1\n",
		"mx-null-unexpected critical example.com",
		{ .receive = MXW_YES },
	},
	{ "null MX with a preference", "example.com. 300 IN MX 10 .\n", "mx-null-nonzero warning example.com" },
	{
		"declared deaf: null MX with a preference",
		"example.com. 300 IN MX 10 .\n",
		"mx-null-nonzero info example.com",
		{ .receive = MXW_NO },
	},
	{ "two null MX", "example.com. 300 IN MX 0 .\nexample.com. 300 IN MX 5 .\n",
	  "mx-null-mixed critical example.com" },
	{
		"declared deaf: a real MX",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 b.example.com.\n" A_OK B_OK,
		"mx-unexpected warning example.com",
		{ .receive = MXW_NO },
	},
	{ "short TTL", "example.com. 299 IN MX 0 .\n", "mx-null ok example.com\nmx-ttl info example.com" },
	{ "TTL of a day", "example.com. 86400 IN MX 0 .\n", "mx-null ok example.com" },
	{ "TTL of more than a day", "example.com. 86401 IN MX 0 .\n",
	  "mx-null ok example.com\nmx-ttl info example.com" },
	{
		"the same host twice",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 30 a.example.com.\n"
		"example.com. 300 IN MX 20 b.example.com.\n" A_OK B_OK,
		"mx-ok ok example.com\nmx-duplicate info a.example.com",
	},
	{
		"one host twice is still a single one",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 30 a.example.com.\n" A_OK,
		"mx-single warning example.com\nmx-duplicate info a.example.com",
	},
};

static const struct zone_case orders[] = {
	{
		"equal preference",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 10 b.example.com.\n" A_OK B_OK,
		"mx-ok ok example.com\nmx-equal-priority info example.com",
	},
	{
		"equal preference where failover is meant",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 10 b.example.com.\n" A_OK B_OK,
		"mx-equal-priority warning example.com",
		{ .topology = MXW_TOPOLOGY_FAILOVER },
	},
	{
		"equal preference, a name says backup",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 10 mail-backup.example.com.\n" A_OK
		"mail-backup.example.com. 300 IN A 20.0.0.2\n",
		"mx-equal-priority warning example.com",
	},
	{
		"equal preference, a name says second",
		"example.com. 300 IN MX 10 mx1.example.com.\nexample.com. 300 IN MX 10 mx2.example.com.\n"
		"mx1.example.com. 300 IN A 20.0.0.1\nmx2.example.com. 300 IN A 20.0.0.2\n",
		"mx-equal-priority warning example.com",
	},
	{
		"equal preference, twentieth of many, balanced",
		"example.com. 300 IN MX 10 mx1.example.com.\nexample.com. 300 IN MX 10 mx20.example.com.\n"
		"mx1.example.com. 300 IN A 20.0.0.1\nmx20.example.com. 300 IN A 20.0.0.2\n",
		"mx-ok ok example.com\nmx-equal-priority info example.com",
	},
	{
		"equal preference, balanced on purpose",
		"example.com. 300 IN MX 10 mx1.example.com.\nexample.com. 300 IN MX 10 mx2.example.com.\n"
		"mx1.example.com. 300 IN A 20.0.0.1\nmx2.example.com. 300 IN A 20.0.0.2\n",
		"mx-ok ok example.com\nmx-equal-priority info example.com",
		{ .topology = MXW_TOPOLOGY_BALANCED },
	},
	{
		"the registered name says nothing",
		"example.com. 300 IN MX 10 a.relay.net.\nexample.com. 300 IN MX 10 b.relay.net.\n"
		"a.relay.net. 300 IN A 20.0.0.1\nb.relay.net. 300 IN A 20.0.0.2\n",
		"mx-ok ok example.com\nmx-equal-priority info example.com",
	},
	{
		"a single host with two addresses",
		"example.com. 300 IN MX 10 a.example.com.\n" A_OK "a.example.com. 300 IN A 20.0.0.9\n",
		"mx-ok ok example.com\nmx-single info example.com",
	},
	{
		"a single host with one address of each family",
		"example.com. 300 IN MX 10 a.example.com.\n" A_OK "a.example.com. 300 IN AAAA 2a00:1::1\n",
		"mx-single warning example.com",
	},
	{
		"a single host, one address seen, the other lookup fails",
		"example.com. 300 IN MX 10 a.example.com.\n" A_OK "a.example.com AAAA TIMEOUT\n",
		"mx-single ? example.com\nmx-ok ? example.com",
	},
	{
		"a single host of a provider",
		"example.com. 300 IN MX 1 smtp.google.com.\nsmtp.google.com. 300 IN A 20.0.0.1\n",
		"mx-ok ok example.com\nmx-single info example.com",
	},
	{
		"a single host whose addresses are not to be seen",
		"example.com. 300 IN MX 10 a.example.com.\na.example.com A UNANSWERED\na.example.com AAAA REFUSED\n",
		"mx-single ? example.com\nmx-all-dead ? example.com\nmx-ok ? example.com\nmx-target-nxdomain ? "
		"a.example.com\n"
		"mx-target-no-address ? a.example.com\nmx-target-cname ? a.example.com\nmx-target-cname-broken ? "
		"a.example.com\n"
		"mx-target-localhost ? a.example.com",
	},
	{
		"all of the best are dead, the backup lives",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 10 c.example.com.\n"
		"example.com. 300 IN MX 20 b.example.com.\nc.example.com. 300 IN A 192.168.1.1\n" B_OK,
		"mx-target-nxdomain warning a.example.com\nmx-primary-dead warning example.com",
	},
	{
		"one of the best is not to be seen",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 10 c.example.com.\n"
		"example.com. 300 IN MX 20 b.example.com.\nc.example.com * SERVFAIL\n" B_OK,
		"mx-target-nxdomain warning a.example.com\nmx-primary-dead ? example.com\n...",
	},
	{
		"one usable host refutes mx-all-dead",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 b.example.com.\nb.example.com * "
		"SERVFAIL\n" A_OK,
		"mx-ok ? example.com\nmx-target-nxdomain ? b.example.com\nmx-target-no-address ? b.example.com\n"
		"mx-target-cname ? b.example.com\nmx-target-cname-broken ? b.example.com\nmx-target-localhost ? "
		"b.example.com",
	},
};

static const struct zone_case targets[] = {
	{
		"the name is there, an address is not",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 b.example.com.\n"
		"b.example.com. 300 IN TXT \"x\"\n" A_OK,
		"mx-target-no-address warning b.example.com",
	},
	{
		"A is denied, AAAA has no record",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 b.example.com.\n"
		"b.example.com. 300 IN TXT \"x\"\nb.example.com A NXDOMAIN\n" A_OK,
		"mx-target-nxdomain warning b.example.com",
	},
	{
		"A is denied, AAAA works: not this check's finding",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 b.example.com.\n"
		"b.example.com. 300 IN AAAA 2a00:1::1\nb.example.com A NXDOMAIN\n" A_OK,
		"mx-ok ok example.com",
	},
	{
		"A is denied, AAAA fails",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 b.example.com.\n"
		"b.example.com AAAA SERVFAIL\nb.example.com A NXDOMAIN\n" A_OK,
		"mx-target-nxdomain ? b.example.com\nmx-target-localhost ? b.example.com\nmx-ok ? example.com",
	},
	{
		"an alias, strictly",
		"example.com. 300 IN MX 10 c.example.com.\nexample.com. 300 IN MX 20 b.example.com.\n"
		"c.example.com. 300 IN CNAME d.example.com.\nd.example.com. 300 IN CNAME a.example.com.\n" A_OK B_OK,
		"mx-target-cname critical c.example.com",
		{ .strict = true },
	},
	{
		"an alias to a name without address",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 c.example.com.\n"
		"c.example.com. 300 IN CNAME d.example.com.\nd.example.com. 300 IN TXT \"x\"\n" A_OK,
		"mx-target-cname-broken warning c.example.com",
	},
	{
		"aliases in a circle",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 c.example.com.\n"
		"c.example.com. 300 IN CNAME d.example.com.\nd.example.com. 300 IN CNAME c.example.com.\n" A_OK,
		"mx-target-cname-broken warning c.example.com",
	},
	{
		"eleven aliases",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 c0.example.com.\n"
		"c0.example.com. 9 IN CNAME c1.example.com.\nc1.example.com. 9 IN CNAME c2.example.com.\n"
		"c2.example.com. 9 IN CNAME c3.example.com.\nc3.example.com. 9 IN CNAME c4.example.com.\n"
		"c4.example.com. 9 IN CNAME c5.example.com.\nc5.example.com. 9 IN CNAME c6.example.com.\n"
		"c6.example.com. 9 IN CNAME c7.example.com.\nc7.example.com. 9 IN CNAME c8.example.com.\n"
		"c8.example.com. 9 IN CNAME c9.example.com.\nc9.example.com. 9 IN CNAME c10.example.com.\n"
		"c10.example.com. 9 IN CNAME a.example.com.\n" A_OK,
		"mx-target-cname-broken warning c0.example.com",
	},
	{
		"an alias whose end is not to be seen",
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 c.example.com.\n"
		"c.example.com. 300 IN CNAME d.example.net.\nd.example.net * SERVFAIL\n" A_OK,
		"mx-target-cname ? c.example.com\nmx-target-cname-broken ? c.example.com\nmx-target-localhost ? "
		"c.example.com\n"
		"mx-ok ? example.com",
	},
	{
		"an IPv4 address",
		"example.com. 300 IN MX 10 20.0.0.1.\n",
		"mx-target-ip warning 20.0.0.1\nmx-all-dead critical example.com\nmx-single warning example.com",
	},
	{
		"IPv6 addresses in two spellings",
		"example.com. 300 IN MX 10 [ipv6:2a00:1::1].\nexample.com. 300 IN MX 20 2a00:1::2.\nexample.com. 300 "
		"IN MX 30 a.example.com.\n" A_OK,
		"mx-target-ip warning [ipv6:2a00:1::1]\nmx-target-ip warning 2a00:1::2\nmx-primary-dead warning "
		"example.com",
	},
	{
		"not an address: the number is too large",
		"example.com. 300 IN MX 10 20.0.0.256.\n",
		"mx-target-syntax warning 20.0.0.256\nmx-target-nxdomain warning 20.0.0.256\nmx-all-dead critical "
		"example.com\n"
		"mx-single warning example.com",
	},
	{
		"localhost in three spellings",
		"example.com. 300 IN MX 10 localhost.\nexample.com. 300 IN MX 20 localhost.localdomain.\n"
		"example.com. 300 IN MX 30 mail.localhost.\n",
		"mx-target-localhost warning localhost\nmx-target-localhost warning localhost.localdomain\n"
		"mx-target-localhost warning mail.localhost\nmx-all-dead critical example.com",
	},
	{
		"loopback addresses only",
		"example.com. 300 IN MX 10 a.example.com.\na.example.com. 300 IN A 127.0.0.1\na.example.com. 300 IN "
		"AAAA ::1\n",
		"mx-target-localhost warning a.example.com\nmx-all-dead critical example.com\nmx-single warning "
		"example.com",
	},
	{
		"a loopback address beside a real one",
		"example.com. 300 IN MX 10 a.example.com.\na.example.com. 300 IN A 127.0.0.1\n" A_OK,
		"mx-ok ok example.com\nmx-single info example.com",
	},
	{
		"special-use names",
		"example.com. 300 IN MX 10 mail.corp.local.\nexample.com. 300 IN MX 20 mail.home.arpa.\nexample.com. "
		"300 IN MX 30 a.example.com.\n" A_OK,
		"mx-target-special warning mail.corp.local\nmx-target-special warning mail.home.arpa\nmx-primary-dead "
		"warning example.com",
	},
	{
		"Microsoft's proof before the real host",
		"example.com. 300 IN MX 10 ms1.msv1.invalid.\nexample.com. 300 IN MX 10 a.example.com.\n" A_OK,
		"mx-target-special warning ms1.msv1.invalid\nmx-equal-priority info example.com",
	},
	{
		"Microsoft's proof alone",
		"example.com. 300 IN MX 10 ms1.msv1.invalid.\n",
		"mx-target-special warning ms1.msv1.invalid\nmx-all-dead critical example.com\nmx-single warning "
		"example.com",
	},
	{
		"another host with the zone name behind it",
		"example.com. 300 IN MX 10 mail.provider.net.example.com.\nmail.provider.net. 300 IN A 20.0.0.1\n",
		"mx-target-doubled warning mail.provider.net.example.com\nmx-target-nxdomain warning "
		"mail.provider.net.example.com\n"
		"mx-all-dead critical example.com\nmx-single warning example.com",
	},
	{
		"a wildcard hides the missing dot",
		"example.com. 300 IN MX 10 mail.provider.net.example.com.\nmail.provider.net. 300 IN A 20.0.0.1\n"
		"mail.provider.net.example.com. 300 IN A 20.0.0.2\n",
		"mx-target-doubled warning mail.provider.net.example.com\nmx-single warning example.com",
	},
	{
		"the zone is above the domain",
		"sub.example.com. 300 IN MX 10 mail.example.com.example.com.\nexample.com. 300 IN SOA 300\n",
		"mx-target-doubled warning mail.example.com.example.com\nmx-target-nxdomain warning "
		"mail.example.com.example.com\n"
		"mx-all-dead critical sub.example.com\nmx-single warning sub.example.com",
		{ 0 },
		"sub.example.com",
	},
	{
		"a deep name that works is no missing dot",
		"example.com. 300 IN MX 10 mail.eu.example.com.\nmail.eu.example.com. 300 IN A 20.0.0.1\n"
		"mail.eu.example.com. 300 IN A 20.0.0.2\nmail.eu. 300 IN A 20.0.0.3\n",
		"mx-ok ok example.com\nmx-single info example.com",
	},
	{
		"a bare label",
		"example.com. 300 IN MX 10 mail.\n",
		"mx-target-single-label warning mail\nmx-all-dead critical example.com\nmx-single warning example.com",
	},
	{
		"a preference typed twice",
		"example.com. 300 IN MX 10 10\\032mail.example.com.\n",
		"mx-target-syntax warning 10\\032mail.example.com\nmx-target-nxdomain warning 10\\032mail.example.com\n"
		"mx-all-dead critical example.com\nmx-single warning example.com",
	},
	{
		"an underscore that resolves",
		"example.com. 300 IN MX 10 my_mail.example.com.\nmy_mail.example.com. 300 IN A 20.0.0.1\n",
		"mx-target-syntax warning my_mail.example.com\nmx-single warning example.com",
	},
	{
		"NAT64 addresses are no addresses of the host",
		"example.com. 300 IN MX 10 a.example.com.\na.example.com. 300 IN A 10.0.0.1\n"
		"a.example.com. 300 IN AAAA 64:ff9b::10.0.0.1\n",
		"mx-all-dead critical example.com\nmx-single warning example.com",
	},
};

static const struct zone_case aliases[] = {
	{
		"the domain is an alias with MX at its end",
		"example.com. 300 IN CNAME web.example.net.\nweb.example.net. 300 IN MX 10 a.example.net.\n"
		"web.example.net. 300 IN MX 20 b.example.net.\na.example.net. 300 IN A 20.0.0.1\nb.example.net. 300 IN "
		"A 20.0.0.2\n",
		"mx-ok ok example.com\nmx-domain-cname info example.com",
	},
	{
		"the alias stands at the apex",
		"example.com. 300 IN CNAME web.example.net.\nexample.com. 300 IN SOA 300\n"
		"web.example.net. 300 IN MX 0 .\n",
		"mx-null ok example.com\nmx-domain-cname warning example.com",
	},
	{
		"an apex alias leaves no mx-ok",
		"example.com. 300 IN CNAME web.example.net.\nexample.com. 300 IN SOA 300\n"
		"web.example.net. 300 IN MX 10 a.example.net.\nweb.example.net. 300 IN MX 20 b.example.net.\n"
		"a.example.net. 300 IN A 20.0.0.1\nb.example.net. 300 IN A 20.0.0.2\n",
		"mx-domain-cname warning example.com",
	},
	{
		"whether it is the apex is not to be seen",
		"example.com. 300 IN CNAME web.example.net.\nexample.com SOA SERVFAIL\n"
		"web.example.net. 300 IN MX 10 a.example.net.\nweb.example.net. 300 IN MX 20 b.example.net.\n"
		"a.example.net. 300 IN A 20.0.0.1\nb.example.net. 300 IN A 20.0.0.2\n",
		"mx-domain-cname ? example.com\nmx-ok ? example.com",
	},
	{
		"an address at its end",
		"example.com. 300 IN CNAME web.example.net.\nweb.example.net. 300 IN A 20.0.0.1\n",
		"mx-implicit warning example.com\nmx-domain-cname info example.com",
	},
	{
		"nothing at its end",
		"example.com. 300 IN CNAME web.example.net.\nweb.example.net. 300 IN TXT \"x\"\n",
		"mx-none critical example.com\nmx-domain-cname critical example.com",
	},
	{
		"its end does not exist",
		"example.com. 300 IN CNAME web.example.net.\n",
		"mx-domain-cname critical example.com",
	},
	{
		"its end is not to be seen",
		"example.com. 300 IN CNAME web.example.net.\nweb.example.net. 300 IN TXT \"x\"\nweb.example.net A "
		"SERVFAIL\n",
		"dns-servfail unknown example.com/A\nmx-domain-cname ? example.com\nmx-none ? "
		"example.com\nmx-implicit ? example.com",
	},
	{
		"a circle",
		"example.com. 300 IN CNAME www.example.com.\nwww.example.com. 300 IN CNAME example.com.\n",
		"dns-cname-loop unknown example.com/MX\nmx-domain-cname info example.com\nmx-none ?\nmx-all-dead "
		"?\nmx-implicit ?\n...",
	},
};

static const struct zone_case failures[] = {
	{ "SERVFAIL", "example.com MX SERVFAIL\n", "dns-servfail unknown example.com/MX\n" ALL_UNKNOWN },
	{ "TIMEOUT", "example.com MX TIMEOUT\n", "dns-timeout unknown example.com/MX\n" ALL_UNKNOWN },
	{ "our network", "example.com MX NETWORK-ERROR\n", ALL_UNKNOWN },
	{ "TRUNCATED", "example.com MX TRUNCATED\n", "dns-truncated unknown example.com/MX\n" ALL_UNKNOWN },
	{ "MALFORMED", "example.com MX MALFORMED\n", "dns-malformed unknown example.com/MX\n" ALL_UNKNOWN },
	{ "FORMERR", "example.com MX FORMERR\n", "dns-malformed unknown example.com/MX\n" ALL_UNKNOWN },
	{ "NOTIMP", "example.com MX NOTIMP\n", "dns-malformed unknown example.com/MX\n" ALL_UNKNOWN },
	{ "BOGUS", "example.com MX BOGUS\n", "dnssec-bogus critical example.com/MX\n" ALL_UNKNOWN },
	{ "REFUSED", "example.com MX REFUSED\n", ALL_UNKNOWN },
	{ "FILTERED", "example.com MX FILTERED\n", ALL_UNKNOWN },
	{ "never answered", "example.com MX UNANSWERED\n", ALL_UNKNOWN },
	{ "declared to receive",
	  "example.com MX REFUSED\n",
	  "mx-none ?\nmx-null-unexpected ?\nmx-all-dead ?\n...",
	  { .receive = MXW_YES } },
};

static void test_vectors(void **state)
{
	zone_view_run(&mxw_check_mx, vectors, MXW_ARRAY_SIZE(vectors));
}

static void test_sets(void **state)
{
	zone_view_run(&mxw_check_mx, sets, MXW_ARRAY_SIZE(sets));
}

static void test_orders(void **state)
{
	zone_view_run(&mxw_check_mx, orders, MXW_ARRAY_SIZE(orders));
}

static void test_targets(void **state)
{
	zone_view_run(&mxw_check_mx, targets, MXW_ARRAY_SIZE(targets));
}

static void test_aliases(void **state)
{
	zone_view_run(&mxw_check_mx, aliases, MXW_ARRAY_SIZE(aliases));
}

static void test_failures(void **state)
{
	zone_view_run(&mxw_check_mx, failures, MXW_ARRAY_SIZE(failures));
}

/* The option `providers` adds to the built-in table. */
static void test_providers(void **state)
{
	char suffix[] = "Mail-Farm.example.NET.";
	char *texts[] = { suffix };
	struct mxw_value value = { .is_set = true, .is_given = true, .texts = texts, .n = 1 };
	struct mxw_values options = { .options = mxw_check_mx.options, .items = &value, .n = 1 };
	const struct zone_case cases[] = {
		{
			"a provider of the configuration",
			"example.com. 300 IN MX 10 in.mail-farm.example.net.\nin.mail-farm.example.net. 300 IN A "
			"20.0.0.1\n",
			"mx-ok ok example.com\nmx-single info example.com",
			{ 0 },
			NULL,
			&options,
		},
		{
			"not below it",
			"example.com. 300 IN MX 10 in.other-mail-farm.example.net.\nin.other-mail-farm.example.net. "
			"300 IN A 20.0.0.1\n",
			"mx-single warning example.com",
			{ 0 },
			NULL,
			&options,
		},
	};
	zone_view_run(&mxw_check_mx, cases, MXW_ARRAY_SIZE(cases));
}

/* Twenty hosts are asked about; what is behind them stays open and is never denied. */
static void test_many_hosts(void **state)
{
	struct mxw_strbuf zone = MXW_STRBUF_INIT;
	for (int i = 0; i < 25; i++)
		mxw_strbuf_addf(&zone, "example.com. 300 IN MX %d h%d.example.com.\n", 10 + i, 10 + i);
	struct zone_case dead = { "25 hosts, 20 of them dead", mxw_strbuf_get(&zone), "mx-all-dead ? example.com\n...",
				  .profile = { 0 } };
	struct mxw_findings findings = { 0 };
	zone_view_judge(&mxw_check_mx, &dead, &findings);
	size_t n_nxdomain = 0;
	for (size_t i = 0; i < findings.n; i++)
		n_nxdomain += strcmp(findings.items[i]->def->id, "mx-target-nxdomain") == 0 &&
			      findings.items[i]->vote == MXW_VOTE_YES;
	assert_int_equal(n_nxdomain, 20);
	const struct mxw_finding *all_dead = mxw_findings_get(&findings, mxw_check_find_finding("mx-all-dead", NULL),
							      "example.com");
	assert_non_null(all_dead);
	assert_int_equal(all_dead->vote, MXW_VOTE_UNKNOWN);
	mxw_findings_done(&findings);
	mxw_strbuf_done(&zone);
}

/* Records that were not read still count for the order. */
static void test_order_of_many(void **state)
{
	for (int last = 10; last <= 20; last += 10) {
		struct mxw_strbuf zone = MXW_STRBUF_INIT;
		struct mxw_findings findings = { 0 };
		for (int i = 0; i < 24; i++)
			mxw_strbuf_addf(&zone, "example.com. 300 IN MX 10 h%d.example.com.\n", 10 + i);
		mxw_strbuf_addf(&zone, "example.com. 300 IN MX %d z.example.com.\n", last);
		struct zone_case world = { "25 hosts", mxw_strbuf_get(&zone), "", .profile = { 0 } };
		zone_view_judge(&mxw_check_mx, &world, &findings);
		const struct mxw_finding_def *def = mxw_check_find_finding("mx-equal-priority", NULL);
		assert_int_equal(mxw_findings_get(&findings, def, "example.com") != NULL, last == 10);
		mxw_findings_done(&findings);
		mxw_strbuf_done(&zone);
	}
}

static void assert_message(const char *zone, const char *id, const char *expect)
{
	struct zone_case world = { "message", zone, "", .profile = { 0 } };
	struct mxw_findings findings = { 0 };
	struct mxw_strbuf message = MXW_STRBUF_INIT;
	zone_view_judge(&mxw_check_mx, &world, &findings);
	const struct mxw_finding_def *def = mxw_check_find_finding(id, NULL);
	const struct mxw_finding *finding = mxw_findings_get(&findings, def, "example.com");
	assert_non_null(finding);
	mxw_finding_expand(finding, def->message, &message);
	assert_string_equal(mxw_strbuf_get(&message), expect);
	mxw_strbuf_done(&message);
	mxw_findings_done(&findings);
}

/* Sentences that count and compare name the right hosts. */
static void test_messages(void **state)
{
	assert_message("example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 dead.example.com.\n"
		       "example.com. 300 IN MX 30 b.example.com.\nexample.com. 300 IN MX 40 c.example.com.\n"
		       "b.example.com. 300 IN A 20.0.0.2\nc.example.com. 300 IN A 20.0.0.3\n",
		       "mx-primary-dead",
		       "2 of 4 MX hosts of example.com are unusable, all of the best preference 10: mail goes to "
		       "b.example.com "
		       "(preference 30)");
	assert_message(
		"example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 mail.\n"
		"example.com. 300 IN MX 30 b.example.com.\nb.example.com. 300 IN A 10.0.0.1\n",
		"mx-all-dead",
		"3 of 3 MX hosts of example.com are unusable: a.example.com does not exist, mail is a bare label, "
		"b.example.com has non-public addresses only");
	assert_message("example.com. 300 IN MX 10 a.example.com.\nexample.com. 300 IN MX 20 b.example.com.\n" A_OK B_OK,
		       "mx-ok", "example.com: 2 of 2 MX hosts usable");
	assert_message("example.org. 300 IN A 20.0.0.1\n", "mx-nxdomain",
		       "example.com does not exist in DNS (denied by com)");
}

static void assert_fix_of(const struct zone_case *world, const char *id, const char *subject, const char *expect)
{
	struct mxw_findings findings = { 0 };
	struct mxw_strbuf fix = MXW_STRBUF_INIT;
	zone_view_judge(&mxw_check_mx, world, &findings);
	const struct mxw_finding_def *def = mxw_check_find_finding(id, NULL);
	const struct mxw_finding *finding = mxw_findings_get(&findings, def, subject);
	assert_non_null(finding);
	mxw_finding_expand(finding, def->fix, &fix);
	assert_string_equal(mxw_strbuf_get(&fix), expect);
	mxw_strbuf_done(&fix);
	mxw_findings_done(&findings);
}

static void assert_fix(const char *zone, const char *id, const char *subject, const char *expect)
{
	const struct zone_case world = { "fix", zone, "" };
	assert_fix_of(&world, id, subject, expect);
}

/* What somebody expects is a better guess than any usual name; of a planned change the new set, once it may come. */
static void test_fixes_with_expected_hosts(void **state)
{
	static const struct mxw_expected old[] = { { 10, "a.example.net", "a.example.net" },
						   { 20, "b.example.net", "b.example.net" } };
	static const struct mxw_expected new = { 10, "c.example.net", "c.example.net" };
	static const struct mxw_expectation item = {
		.type = MXW_RECORD_MX,
		.is_planned = true,
		.old = { true, old, MXW_ARRAY_SIZE(old) },
		.new = { true, &new, 1 },
		.not_before_wall_ms = 1000,
		.deadline_wall_ms = 2000,
	};
	static const struct mxw_expect pins = { &item, 1 };
	struct zone_case world = { "implicit", "example.com. 300 IN A 20.0.0.1\nmx.example.com. 300 IN A 20.0.0.2\n",
				   "", .pins = &pins, .now_wall_ms = 999 };
	assert_fix_of(&world, "mx-implicit", "example.com", "example.com. 3600 IN MX 10 a.example.net.");
	world.now_wall_ms = 2000;
	assert_fix_of(&world, "mx-implicit", "example.com", "example.com. 3600 IN MX 10 c.example.net.");
	world.zone = "example.com. 500 IN MX 10 a.example.net.\n";
	world.now_wall_ms = 999;
	assert_fix_of(&world, "mx-target-nxdomain", "a.example.net",
		      "a.example.net. 3600 IN A <ipv4-address> ; put its address here\nexample.com. 500 IN MX 10 "
		      "b.example.net.");
}

/* The records that are proposed hold what was seen, and say where the reader must fill in. */
static void test_fixes(void **state)
{
	assert_fix("example.com. 300 IN A 20.0.0.1\nmx.example.com. 300 IN A 20.0.0.2\n", "mx-implicit", "example.com",
		   "example.com. 3600 IN MX 10 mx.example.com.");
	assert_fix("example.com. 300 IN A 20.0.0.1\nmx.example.com. 300 IN A 10.0.0.2\n", "mx-implicit", "example.com",
		   "example.com. 3600 IN MX 10 <your-mail-host>. ; put the name of your mail host here");
	assert_fix("example.com. 500 IN MX 10 mail.example.com.\nmx.example.com. 300 IN A 20.0.0.2\n",
		   "mx-target-nxdomain", "mail.example.com",
		   "mail.example.com. 3600 IN A <ipv4-address> ; put its address here\nexample.com. 500 IN MX 10 "
		   "mx.example.com.");
	assert_fix("example.com. 500 IN MX 5 mail.example.com.example.com.\n", "mx-target-doubled",
		   "mail.example.com.example.com", "example.com. 500 IN MX 5 mail.example.com.");
	assert_fix("example.com. 500 IN MX 10 10\\032mail.example.com.\n", "mx-target-syntax",
		   "10\\032mail.example.com", "example.com. 500 IN MX 10 mail.example.com.");
	assert_fix("example.com. 500 IN MX 10 m\\195\\188hle.example.org.\n", "mx-target-syntax",
		   "m\\195\\188hle.example.org", "example.com. 500 IN MX 10 xn--mhle-0ra.example.org.");
	assert_fix("example.com. 500 IN MX 10 [ipv6:2a00:1::1].\n", "mx-target-ip", "[ipv6:2a00:1::1]",
		   "<your-mail-host>. 3600 IN AAAA 2a00:1::1 ; first a name for the host\n"
		   "example.com. 500 IN MX 10 <your-mail-host>. ; then the MX that names it");
	assert_fix("example.com. 500 IN MX 10 .\nexample.com. 500 IN MX 20 a.example.com.\n", "mx-null-mixed",
		   "example.com", "; delete example.com. 500 IN MX 10 .");
	assert_fix("example.com. 86500 IN MX 0 .\n", "mx-ttl", "example.com", "example.com. 3600 IN MX 0 .");
}

/* Last: what all the others have produced. */
static void test_coverage(void **state)
{
	static const char *const list[] = {
		"mx-ok ok",
		"mx-none ok critical",
		"mx-nxdomain warning critical",
		"mx-implicit warning",
		"mx-null ok",
		"mx-null-unexpected critical",
		"mx-null-mixed critical",
		"mx-null-nonzero info warning",
		"mx-null-but-sends warning",
		"mx-null-recommended info",
		"mx-unexpected warning",
		"mx-target-nxdomain warning",
		"mx-target-no-address warning",
		"mx-all-dead critical",
		"mx-primary-dead warning",
		"mx-target-cname warning critical",
		"mx-target-cname-broken warning",
		"mx-target-ip warning",
		"mx-target-localhost warning",
		"mx-target-special warning",
		"mx-m365-proof info",
		"mx-target-doubled warning",
		"mx-target-single-label warning",
		"mx-target-syntax warning",
		"mx-equal-priority info warning",
		"mx-single info warning",
		"mx-duplicate info",
		"mx-domain-cname info warning critical",
		"mx-ttl info",
		"dns-servfail unknown",
		"dns-timeout unknown",
		"dns-truncated unknown",
		"dns-malformed unknown",
		"dns-cname-loop unknown",
		"dnssec-bogus critical",
		NULL,
	};
	zone_view_assert_covered(&mxw_check_mx, list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),       cmocka_unit_test(test_sets),
		cmocka_unit_test(test_orders),        cmocka_unit_test(test_targets),
		cmocka_unit_test(test_aliases),       cmocka_unit_test(test_failures),
		cmocka_unit_test(test_providers),     cmocka_unit_test(test_many_hosts),
		cmocka_unit_test(test_order_of_many), cmocka_unit_test(test_messages),
		cmocka_unit_test(test_fixes),         cmocka_unit_test(test_fixes_with_expected_hosts),
		cmocka_unit_test(test_coverage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
