/* Worlds for the check spf: what the domain's own record says. */
#include "lib/base/util.h"
#include "tests/unit/spf_worlds.h"

#define WEAK_SILENT "spf-parked-weak info example.com"

static const struct zone_case cases[] = {
	/* ---- the end ---- */
	{ "softfail", SPF("ip4:20.0.0.1 ~all"), GOOD },
	{ "neutral", SPF("ip4:20.0.0.1 ?all"), GOOD "\nspf-neutral-all info example.com" },
	{ "neutral through a redirect", SPF("redirect=a.example.org") TXT("a.example.org", "ip4:20.0.0.1 ?all"),
	  GOOD "\nspf-neutral-all info example.com" },
	{ "neutral in an included record is theirs",
	  SPF("include:a.example.org -all") TXT("a.example.org", "ip4:20.0.0.1 ?all"), GOOD },
	{ "the version alone", "example.com. 300 IN TXT \"v=spf1\"\n", "spf-no-all warning example.com\n" WEAK_SILENT },
	{ "no end", SPF("ip4:20.0.0.1 exp=x.example.com"), "spf-no-all warning example.com" },
	{ "no end through a redirect", SPF("redirect=a.example.org") TXT("a.example.org", "ip4:20.0.0.1"),
	  "spf-no-all warning example.com" },
	{ "no end in an included record is theirs",
	  SPF("include:a.example.org -all") TXT("a.example.org", "ip4:20.0.0.1"), GOOD },
	{ "a redirect that the message decides is an end", SPF("ip4:20.0.0.1 redirect=%{d}.example.org"),
	  GOOD "\nspf-macro info example.com" },

	/* ---- behind all ---- */
	{ "a mechanism after all", SPF("-all ip4:20.0.0.1"), "spf-after-all warning example.com" },
	{ "all twice", SPF("ip4:20.0.0.1 ~all -all"), "spf-after-all warning example.com" },
	{ "a redirect beside all", SPF("ip4:20.0.0.1 redirect=a.example.org -all"),
	  GOOD "\nspf-after-all info example.com" },
	{ "other modifiers may stand anywhere", SPF("ip4:20.0.0.1 -all exp=x.example.com op=y"), GOOD },
	{ "after all in an included record is theirs",
	  SPF("include:a.example.org -all") TXT("a.example.org", "-all ip4:20.0.0.1"), GOOD },
	{ "after all in the record that it redirects to",
	  SPF("redirect=a.example.org") TXT("a.example.org", "ip4:20.0.0.1 -all mx"),
	  "spf-after-all warning example.com" },

	/* ---- everybody ---- */
	{ "+all", SPF("+all"), "spf-pass-all warning example.com" },
	{ "all without qualifier", SPF("ip4:20.0.0.1 all"), "spf-pass-all warning example.com" },
	{ "+all through a redirect", SPF("redirect=a.example.org") TXT("a.example.org", "all"),
	  "spf-pass-all warning example.com" },
	{ "+all behind -all", SPF("-all +all"), "spf-after-all warning example.com" },
	{ "all IPv4", SPF("ip4:0.0.0.0/0 -all"), "spf-pass-all warning example.com" },
	{ "all IPv6", SPF("ip6:::/0 -all"), "spf-pass-all warning example.com" },
	{ "two halves of IPv4", SPF("ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all"),
	  "spf-pass-all warning example.com\nspf-too-broad warning ip4:0.0.0.0/1\n"
	  "spf-too-broad warning ip4:128.0.0.0/1" },
	{ "two halves of IPv6, in two records",
	  SPF("ip6:::/1 redirect=a.example.org") TXT("a.example.org", "ip6:8000::/1 -all"),
	  "spf-pass-all warning example.com\nspf-too-broad warning ip6:::/1\nspf-too-broad warning ip6:8000::/1" },
	{ "everybody around a host", SPF("a/0 -all") "example.com. 300 IN A 20.0.0.1\n",
	  "spf-pass-all warning example.com" },
	{ "everybody around MX hosts",
	  SPF("mx:example.org//0 -all") "example.org. 300 IN MX 10 m.example.org.\nm.example.org. 300 IN AAAA "
					"2a00:1::1\n",
	  "spf-pass-all warning example.com" },
	{ "around a host without address of the family", SPF("a//0 -all") "example.com. 300 IN A 20.0.0.1\n", GOOD },
	{ "many around a host",
	  SPF("a:x.example.org/15//31 -all") "x.example.org. 300 IN A 20.0.0.1\nx.example.org. 300 IN AAAA 2a00:1::1\n",
	  "spf-too-broad warning a:x.example.org/15\nspf-too-broad warning a:x.example.org//31" },
	{ "around a host, not too many", SPF("a/16//32 -all") "example.com. 300 IN A 20.0.0.1\n", GOOD },
	{ "everybody but not with pass", SPF("?ip4:0.0.0.0/0 ~ip6:::/0 -all"), GOOD "\n" WEAK_SILENT },

	/* ---- many ---- */
	{ "a wide network", SPF("ip4:20.0.0.0/15 -all"), "spf-too-broad warning ip4:20.0.0.0/15" },
	{ "written with host bits and capitals", SPF("IP4:20.1.2.3/15 -all"), "spf-too-broad warning ip4:20.0.0.0/15" },
	{ "not too wide", SPF("ip4:20.0.0.0/16 ip6:2a00:1::/32 -all"), GOOD },
	{ "a wide IPv6 network", SPF("ip6:2a00::/31 -all"), "spf-too-broad warning ip6:2a00::/31" },
	{ "sixteen networks, one of them twice",
	  SPF("ip4:20.0.0.0/16 ip4:20.1.0.0/16 ip4:20.2.0.0/16 ip4:20.3.0.0/16 ip4:20.4.0.0/16 ip4:20.5.0.0/16 "
	      "ip4:20.6.0.0/16 ip4:20.7.0.0/16 \" \"ip4:20.8.0.0/16 ip4:20.9.0.0/16 ip4:20.10.0.0/16 ip4:20.11.0.0/16 "
	      "ip4:20.12.0.0/16 ip4:20.13.0.0/16 ip4:20.14.0.0/16 ip4:20.15.0.0/16 ip4:20.15.128.0/17 -all"),
	  GOOD },
	{ "one address more",
	  SPF("ip4:20.0.0.0/16 ip4:20.1.0.0/16 ip4:20.2.0.0/16 ip4:20.3.0.0/16 ip4:20.4.0.0/16 ip4:20.5.0.0/16 "
	      "ip4:20.6.0.0/16 ip4:20.7.0.0/16 \" \"ip4:20.8.0.0/16 ip4:20.9.0.0/16 ip4:20.10.0.0/16 ip4:20.11.0.0/16 "
	      "ip4:20.12.0.0/16 ip4:20.13.0.0/16 ip4:20.14.0.0/16 ip4:20.15.0.0/16 ip4:21.0.0.0 -all"),
	  "spf-too-broad warning example.com" },
	{ "a wide network of a provider that the record redirects to",
	  SPF("redirect=_spf.google.com") TXT("_spf.google.com", "ip4:20.0.0.0/8 ~all"), GOOD },
	{ "a wide network of somebody else that the record redirects to",
	  SPF("redirect=a.example.org") TXT("a.example.org", "ip4:20.0.0.0/8 ~all"),
	  "spf-too-broad warning ip4:20.0.0.0/8" },
	{ "a wide network in an included record is theirs",
	  SPF("include:a.example.org -all") TXT("a.example.org", "ip4:20.0.0.0/8 ~all"), GOOD },

	/* ---- terms ---- */
	{ "ptr among others", SPF("ip4:20.0.0.1 ptr -all"), GOOD "\nspf-ptr info example.com" },
	{ "ptr alone", SPF("ptr -all"), "spf-ptr warning example.com" },
	{ "ptr alone, with a redirect that brings more",
	  SPF("ptr redirect=a.example.org") TXT("a.example.org", "ip4:20.0.0.1 -all"),
	  GOOD "\nspf-ptr info example.com" },
	{ "ptr alone, where the redirect leads is not to be seen",
	  SPF("ptr redirect=a.example.org") "a.example.org TXT REFUSED\n", "spf-ptr ? example.com\n..." },
	{ "ptr in an included record is theirs", SPF("include:a.example.org -all") TXT("a.example.org", "ptr -all"),
	  GOOD },
	{ "a macro", SPF("exists:%{i}.x.example.org -all"), GOOD "\nspf-macro info example.com" },
	{ "a per cent sign is the same for every message", SPF("exists:a%%b%_c%-.example.com ip4:20.0.0.1 -all"),
	  GOOD },
	{ "a macro behind all", SPF("-all exists:%{i}.x.example.org"), "spf-after-all warning example.com" },
	{ "a macro in the explanation", SPF("ip4:20.0.0.1 exp=%{d}.x.example.org -all"), GOOD },
	{ "a private network", SPF("ip4:10.1.0.0/16 ip6:fd00::/8 ip4:20.0.0.1 -all"),
	  GOOD "\nspf-private-ip info ip4:10.1.0.0/16\nspf-private-ip info ip6:fd00::/8" },
	{ "a network around a private one", SPF("ip4:172.0.0.0/8 -all"), "spf-too-broad warning ip4:172.0.0.0/8" },
	{ "a private network in an included record is theirs",
	  SPF("include:a.example.org -all") TXT("a.example.org", "ip4:10.0.0.1 -all"), GOOD },

	/* ---- no mail ---- */
	{ "declared not to send", SPF("-all"), GOOD, SENDS_NO },
	{ "declared not to send, softly", SPF("~all"), "spf-parked-weak warning example.com", SENDS_NO },
	{ "declared not to send, with senders", SPF("mx -all"), "spf-parked-weak warning example.com", SENDS_NO },
	{ "declared not to send, by a redirect", SPF("redirect=parked.example.org") TXT("parked.example.org", "-all"),
	  GOOD, SENDS_NO },
	{ "the same is not to be seen", SPF("redirect=parked.example.org") "parked.example.org TXT REFUSED\n",
	  "spf-parked-weak ? example.com\n...", SENDS_NO },
	{ "nobody may send", SPF("~all"), GOOD "\n" WEAK_SILENT },
	{ "nobody may send, neutral", SPF("?ip4:20.0.0.1 ?all"),
	  GOOD "\nspf-neutral-all info example.com\n" WEAK_SILENT },
	{ "nobody may send, declared to send all the same", SPF("~all"), GOOD, SENDS_YES },
};

const struct spf_worlds spf_worlds_policy = { cases, MXW_ARRAY_SIZE(cases) };
