/* Worlds for the check spf: the hosts that send. */
#include "lib/base/util.h"
#include "tests/unit/spf_worlds.h"

#define MX "example.com. 300 IN MX 10 a.example.com.\na.example.com. 300 IN A 20.0.0.1\n"
#define MX_OF_OTHERS "example.com. 300 IN MX 10 a.example.org.\na.example.org. 300 IN A 20.0.0.1\n"
#define REV "1.0.0.20.in-addr.arpa"
#define NAMED REV ". 300 IN PTR out.example.com.\nout.example.com. 300 IN A 20.0.0.1\n"

const struct mxw_ip spf_senders[3] = {
	{ 4, { 20, 0, 0, 1 } },
	{ 6, { 0x2a, 0, 0, 1, [15] = 1 } },
	{ 4, { 20, 0, 0, 2 } },
};

static const struct zone_case cases[] = {
	/* ---- declared ---- */
	{ "a sender passes", SPF("ip4:20.0.0.1 -all"), GOOD, ONE_SENDER },
	{ "a sender passes through an include",
	  SPF("include:a.example.org -all") TXT("a.example.org", "ip4:20.0.0.0/24 -all"), GOOD, ONE_SENDER },
	{ "fail", SPF("ip4:20.0.0.2 -all"), "spf-sender-fail critical 20.0.0.1", ONE_SENDER },
	{ "softfail", SPF("ip4:20.0.0.2 ~all"), "spf-sender-fail warning 20.0.0.1", ONE_SENDER },
	{ "neutral", SPF("ip4:20.0.0.2 ?all"), "spf-sender-fail warning 20.0.0.1\nspf-neutral-all info example.com",
	  ONE_SENDER },
	{ "neutral by default", SPF("ip4:20.0.0.2"), "spf-sender-fail warning 20.0.0.1\nspf-no-all warning example.com",
	  ONE_SENDER },
	{ "permerror where an included record is broken",
	  SPF("include:a.example.org ip4:20.0.0.1 -all") TXT("a.example.org", "foo -all"),
	  "spf-sender-fail critical 20.0.0.1\nspf-syntax critical a.example.org", ONE_SENDER },
	{ "an earlier term passes before the broken one",
	  SPF("ip4:20.0.0.1 include:a.example.org -all") TXT("a.example.org", "foo -all"),
	  "spf-syntax critical a.example.org", ONE_SENDER },
	{ "one of two", SPF("ip6:2a00:1::/32 -all"), "spf-sender-fail critical 20.0.0.1", TWO_SENDERS },
	{ "no record: told once", "example.com. 300 IN A 20.0.0.1\n", "spf-none warning example.com", ONE_SENDER },
	{ "a lookup on the way fails", SPF("a:a.example.org ip4:20.0.0.1 -all") "a.example.org A SERVFAIL\n",
	  "spf-sender-fail ? 20.0.0.1\ndns-servfail unknown a.example.org/A\nspf-temperror unknown a.example.org\n"
	  "spf-void-lookups ? example.com\nspf-ok ? example.com",
	  ONE_SENDER },
	{ "the sender passes before the lookup that fails",
	  SPF("ip4:20.0.0.1 a:a.example.org -all") "a.example.org A REFUSED\n",
	  "spf-void-lookups ? example.com\nspf-ok ? example.com", ONE_SENDER },
	{ "addresses of MX hosts fail",
	  SPF("mx -all") "example.com. 300 IN MX 10 a.example.org.\na.example.org A SERVFAIL\n",
	  "spf-sender-fail ? 20.0.0.1\ndns-servfail unknown a.example.org/A\nspf-temperror unknown a.example.org\n"
	  "spf-ok ? example.com",
	  ONE_SENDER },
	{ "ptr passes", SPF("ptr ip4:20.0.0.2 -all") NAMED "out.example.com. 300 IN TXT \"v=spf1 a -all\"\n",
	  GOOD "\nspf-ptr info example.com", ONE_SENDER },
	{ "a receiver without the PTR record would say fail; who sees it says pass",
	  SPF("ptr ip4:20.0.0.2 -all") REV " PTR SERVFAIL\n",
	  "spf-sender-fail ? 20.0.0.1\nspf-ok ? example.com\nspf-ptr info example.com\nspf-helo-none ?\n"
	  "spf-too-many-lookups ? example.com\nspf-void-lookups ? example.com",
	  ONE_SENDER },
	{ "the HELO name decides",
	  SPF("exists:%{h}.ok.example.com -all") NAMED "out.example.com.ok.example.com. 300 IN A 127.0.0.2\n"
						       "out.example.com. 300 IN TXT \"v=spf1 a -all\"\n",
	  GOOD "\nspf-macro info example.com", ONE_SENDER },
	{ "the HELO name is the domain where the host has no other",
	  SPF("exists:%{h}.ok.example.com -all") "example.com.ok.example.com. 300 IN A 127.0.0.2\n",
	  GOOD "\nspf-macro info example.com", ONE_SENDER },
	{ "the HELO name would decide, and is not to be seen",
	  SPF("exists:%{h}.ok.example.com -all") REV " PTR REFUSED\n",
	  "spf-sender-fail ? 20.0.0.1\nspf-ok ? example.com\nspf-macro info example.com\nspf-helo-none ?\n"
	  "spf-too-many-lookups ? example.com\nspf-void-lookups ? example.com",
	  ONE_SENDER },

	/* ---- HELO names ---- */
	{ "the HELO name has no SPF", SPF("ip4:20.0.0.1 -all") NAMED, GOOD "\nspf-helo-none info out.example.com",
	  ONE_SENDER },
	{ "the HELO name has SPF", SPF("ip4:20.0.0.1 -all") NAMED "out.example.com. 300 IN TXT \"v=spf1 a -all\"\n",
	  GOOD, ONE_SENDER },
	{ "a name that does not lead back is none", SPF("ip4:20.0.0.1 -all") REV ". 300 IN PTR out.example.com.\n",
	  GOOD, ONE_SENDER },
	{ "SPF of the HELO name is not to be seen", SPF("ip4:20.0.0.1 -all") NAMED "out.example.com TXT SERVFAIL\n",
	  GOOD "\nspf-helo-none ? out.example.com", ONE_SENDER },
	{ "the first of two names is not to be seen",
	  SPF("ip4:20.0.0.1 -all") NAMED REV ". 300 IN PTR first.example.com.\nfirst.example.com A REFUSED\n",
	  GOOD "\nspf-helo-none ?", ONE_SENDER },

	{ "the HELO name of an MX host that sends", SPF("mx -all") MX NAMED,
	  GOOD "\nspf-helo-none info out.example.com", MX_SENDS },
	{ "the same, of an MX host that may send", SPF("mx -all") MX NAMED, GOOD },

	/* ---- MX hosts ---- */
	{ "mx covers them", SPF("mx -all") MX, GOOD },
	{ "an own MX host is not covered", SPF("ip4:20.0.0.2 -all") MX, GOOD "\nspf-not-covering-mx info 20.0.0.1" },
	{ "softfail is not covered", SPF("ip4:20.0.0.2 ~all") MX, GOOD "\nspf-not-covering-mx info 20.0.0.1" },
	{ "an MX host of others is not told", SPF("ip4:20.0.0.2 -all") MX_OF_OTHERS, GOOD },
	{ "MX hosts send: own", SPF("ip4:20.0.0.2 -all") MX, "spf-not-covering-mx warning 20.0.0.1", MX_SENDS },
	{ "MX hosts send: of others", SPF("ip4:20.0.0.2 -all") MX_OF_OTHERS, "spf-not-covering-mx warning 20.0.0.1",
	  MX_SENDS },
	{ "MX hosts send and are covered", SPF("ip4:20.0.0.1 -all") MX_OF_OTHERS, GOOD, MX_SENDS },
	{ "MX hosts do not send", SPF("ip4:20.0.0.2 -all") MX, GOOD, MX_SENDS_NOT },
	{ "nothing is sent", SPF("-all") MX, GOOD },
	{ "declared not to send", SPF("-all") MX, GOOD, SENDS_NO },
	{ "an address that is declared too is told as that", SPF("ip4:20.0.0.2 -all") MX,
	  "spf-sender-fail critical 20.0.0.1", ONE_SENDER },
	{ "permerror to everybody: told once", SPF("foo -all") MX, "spf-syntax critical example.com", MX_SENDS },
	{ "a host without public address",
	  SPF("-all exp=x.example.com") "example.com. 300 IN MX 10 a.example.com.\n"
					"a.example.com. 300 IN A 10.0.0.1\n",
	  GOOD },
	{ "MX SERVFAIL", SPF("ip4:20.0.0.2 -all") "example.com MX SERVFAIL\n", GOOD "\nspf-not-covering-mx ?" },
	{ "MX SERVFAIL, and MX hosts send", SPF("ip4:20.0.0.2 -all") "example.com MX SERVFAIL\n",
	  "spf-ok ? example.com\nspf-not-covering-mx ?\nspf-helo-none ?", MX_SENDS },
	{ "an address of an own MX host is not to be seen", SPF("ip4:20.0.0.1 -all") MX "a.example.com AAAA TIMEOUT\n",
	  GOOD "\nspf-not-covering-mx ?" },
	{ "an address of an MX host of others does not matter",
	  SPF("ip4:20.0.0.1 -all") MX_OF_OTHERS "a.example.org AAAA TIMEOUT\n", GOOD },
	{ "MX hosts send and pass before the limit",
	  SPF("mx a:1.h.example.org a:2.h.example.org a:3.h.example.org "
	      "a:4.h.example.org a:5.h.example.org a:6.h.example.org a:7.h.example.org \" \"a:8.h.example.org "
	      "a:9.h.example.org "
	      "a:10.h.example.org -all") MX
	  "*.h.example.org. 300 IN A 20.0.0.9\n*.h.example.org. 300 IN AAAA 2a00:1::9\n",
	  "spf-too-many-lookups warning example.com", MX_SENDS },
};

const struct spf_worlds spf_worlds_senders = { cases, MXW_ARRAY_SIZE(cases) };
