/* Worlds for the check spf: is there one record, can it and what it includes be read. */
#include "lib/base/util.h"
#include "tests/unit/spf_worlds.h"

#define NONE "spf-none warning example.com"
#define TYPO NONE "\nspf-version-typo warning example.com"
/* What may hold when nothing is known of the record. */
#define HIDDEN                                                                                                       \
	"spf-ok ?\nspf-none ?\nspf-version-typo ?\nspf-multiple ?\nspf-syntax ?\nspf-join-glue ?\n"                  \
	"spf-too-many-lookups ?\nspf-lookups-near ?\nspf-void-lookups ?\nspf-mx-too-many ?\nspf-include-none ?\n"    \
	"spf-include-unregistered ?\nspf-loop ?\nspf-pass-all ?\nspf-too-broad ?\nspf-neutral-all ?\nspf-no-all ?\n" \
	"spf-after-all ?\nspf-ptr ?\nspf-macro ?\nspf-not-covering-mx ?\nspf-parked-weak ?\nspf-response-size ?\n"   \
	"spf-senderid ?\nspf-private-ip ?\n"
/* What an included record may hide: all but the policy of the own one. */
#define HIDDEN_BELOW                                                                                       \
	"spf-ok ? example.com\nspf-multiple ?\nspf-syntax ?\nspf-join-glue ?\nspf-too-many-lookups ? "     \
	"example.com\nspf-lookups-near ? example.com\nspf-void-lookups ? example.com\nspf-mx-too-many ?\n" \
	"spf-include-none ?\nspf-include-unregistered ?\nspf-loop ?\n"
#define LONG_TEXT(c) c c c c c c c c c c c c c c c c c c c c
#define TEN "0123456789"

static const struct zone_case cases[] = {
	/* ---- one record ---- */
	{ "one record", SPF("ip4:20.0.0.1 -all"), GOOD },
	{ "one record in capitals, beside others",
	  "example.com. 300 IN TXT \"V=SPF1 IP4:20.0.0.1 -ALL\"\nexample.com. 300 IN TXT \"x\"\n", GOOD },
	{ "split inside the version", "example.com. 300 IN TXT \"v=s\" \"pf1 ip4:20.0.0.1 -all\"\n", GOOD },
	{ "the same record twice", SPF("ip4:20.0.0.1 ~all") SPF("ip4:20.0.0.1 ~all"), GOOD },
	{ "spaces at the end and in between", SPF(" ip4:20.0.0.1   ~all  "), GOOD },
	{ "an unknown modifier", SPF("ip4:20.0.0.1 op=auth -all"), GOOD },
	{ "a domain that sends no mail", SPF("-all"), GOOD },

	/* ---- none ---- */
	{ "no TXT", "example.com. 300 IN A 20.0.0.1\n", NONE },
	{ "no such domain", "example.org. 300 IN A 20.0.0.1\n", NONE },
	{ "other TXT", "example.com. 300 IN TXT \"google-site-verification=x\"\n", NONE },
	{ "a name is none", "example.com. 300 IN TXT \"spf1.example.org\"\n", NONE },
	{ "a Sender ID record is none", "example.com. 300 IN TXT \"spf2.0/mfrom +mx\"\n",
	  NONE "\nspf-senderid info example.com" },
	{ "Sender ID beside SPF", SPF("-all") "example.com. 300 IN TXT \"v=spf2.0/pra mx -all\"\n",
	  GOOD "\nspf-senderid info example.com" },
	{ "declared not to send", "example.com. 300 IN A 20.0.0.1\n", "spf-none info example.com", SENDS_NO },

	/* ---- several ---- */
	{ "two records", SPF("mx ~all") SPF("a -all"), "spf-multiple critical example.com" },
	{ "two records, each denying all", SPF("-all") SPF(" -all"), "spf-multiple critical example.com" },
	{ "two records, declared not to send", SPF("mx ~all") SPF("a -all"), "spf-multiple warning example.com",
	  SENDS_NO },
	{ "two records, a declared sender: told once", SPF("mx ~all") SPF("a -all"),
	  "spf-multiple critical example.com", ONE_SENDER },
	{ "two records at an included name",
	  SPF("include:a.example.org -all") TXT("a.example.org", "-all") TXT("a.example.org", "~all"),
	  "spf-multiple critical a.example.org" },

	/* ---- near misses ---- */
	{ "semicolon", "example.com. 300 IN TXT \"v=spf1; mx -all\"\n", TYPO },
	{ "comma", "example.com. 300 IN TXT \"v=spf1,mx,-all\"\n", TYPO },
	{ "space in the version", "example.com. 300 IN TXT \"v=spf 1 mx -all\"\n", TYPO },
	{ "no tag", "example.com. 300 IN TXT \"spf1 mx -all\"\n", TYPO },
	{ "version 10", "example.com. 300 IN TXT \"v=spf10 mx -all\"\n", TYPO },
	{ "leading space", "example.com. 300 IN TXT \" v=spf1 mx -all\"\n", TYPO },
	{ "leading quote", "example.com. 300 IN TXT \"\\\"v=spf1 mx -all\\\"\"\n", TYPO },
	{ "byte order mark", "example.com. 300 IN TXT \"\\239\\187\\191v=spf1 mx -all\"\n", TYPO },
	{ "smart quotes", "example.com. 300 IN TXT \"\\226\\128\\156v=spf1 mx -all\\226\\128\\157\"\n", TYPO },
	{ "the space lacks at the first boundary", "example.com. 300 IN TXT \"v=spf1\" \"mx -all\"\n", TYPO },
	{ "declared not to send, misspelt", "example.com. 300 IN TXT \" v=spf1 -all\"\n",
	  "spf-none info example.com\nspf-version-typo info example.com", SENDS_NO },
	{ "misspelt beside a good one", "example.com. 300 IN TXT \" v=spf1 -all\"\n" SPF("-all"), GOOD },

	/* ---- syntax ---- */
	{ "an unknown mechanism", SPF("ip:20.0.0.1 -all"), "spf-syntax critical example.com" },
	{ "behind all, too", SPF("-all ip4:20.0.0.256"), "spf-syntax critical example.com" },
	{ "declared not to send, broken", SPF("ip:20.0.0.1 -all"), "spf-syntax warning example.com", SENDS_NO },
	{ "a declared sender: told once", SPF("ip4:20.0.0.2-all"), "spf-syntax critical example.com", ONE_SENDER },
	{ "two redirects", SPF("redirect=a.example.com redirect=a.example.com"), "spf-syntax critical example.com" },
	{ "in an included record", SPF("include:a.example.org -all") TXT("a.example.org", "ipv4:20.0.0.1 -all"),
	  "spf-syntax critical a.example.org" },
	{ "in a record that an included one redirects to",
	  SPF("include:A.Example.Org -all") TXT("a.example.org", "redirect=b.example.net")
		  TXT("b.example.net", "mx/33 -all"),
	  "spf-syntax critical b.example.net" },
	{ "a mechanism written as modifier: legal, and ignored", SPF("include=a.example.org ip4:20.0.0.1 -all"),
	  "spf-syntax warning example.com" },
	{ "the same in a record of others is theirs",
	  SPF("include:a.example.org -all") TXT("a.example.org", "include=b.example.org ip4:20.0.0.1 -all"), GOOD },

	/* ---- glue ---- */
	{ "no space at the boundary",
	  "example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.1\" \"include:a.example.org -all\"\n" TXT("a.example.org",
												 "-all"),
	  "spf-join-glue critical example.com\nspf-syntax critical example.com" },
	{ "the joined term is well-formed and leads nowhere",
	  "example.com. 300 IN TXT \"v=spf1 include:a.example.org\" \"include:b.example.org -all\"\n"
	  "a.example.org. 300 IN TXT \"v=spf1 -all\"\n",
	  "spf-join-glue critical example.com\nspf-include-none critical a.example.orginclude:b.example.org" },
	{ "declared not to send, glued", "example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.1\" \"-all\"\n",
	  "spf-join-glue warning example.com\nspf-syntax warning example.com", SENDS_NO },
	{ "a name split in two is whole again",
	  "example.com. 300 IN TXT \"v=spf1 a:host.example.c\" \"a -all\"\n"
	  "host.example.ca. 300 IN A 20.0.0.1\nhost.example.ca. 300 IN AAAA 2a00:1::1\n",
	  GOOD },
	{ "a bare mechanism glued to a name that is there without it",
	  "example.com. 300 IN TXT \"v=spf1 a:alpha.example.com\" \"mx -all\"\nalpha.example.com. 300 IN A 20.0.0.1\n",
	  "spf-join-glue critical example.com\nspf-include-unregistered critical alpha.example.commx" },
	{ "neither the joined name nor the other one is there",
	  "example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.1 a:alpha.example.c\" \"a -all\"\nexample.ca. 300 IN A "
	  "20.0.0.1\n",
	  GOOD },
	{ "whether the joined name is there is not to be seen",
	  "example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.1 a:alpha.example.com\" \"mx -all\"\n"
	  "alpha.example.com. 300 IN A 20.0.0.1\nalpha.example.commx * REFUSED\n",
	  "spf-join-glue ? example.com\n..." },
	{ "a space before the boundary", "example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.1 \" \"-all\"\n", GOOD },
	{ "a space behind it", "example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.1\" \" -all\"\n", GOOD },
	{ "a number split in two", "example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.1/2\" \"4 -all\"\n", GOOD },

	/* ---- included records ---- */
	{ "an included name without SPF", SPF("include:a.example.org -all") "a.example.org. 300 IN TXT \"x\"\n",
	  "spf-include-none critical a.example.org" },
	{ "an included name that does not exist", SPF("include:a.example.org -all") "example.org. 300 IN A 20.0.0.1\n",
	  "spf-include-none critical a.example.org" },
	{ "a redirect to a name without TXT", SPF("redirect=a.example.com") "a.example.com. 300 IN A 20.0.0.1\n",
	  "spf-include-none critical a.example.com" },
	{ "deeper", SPF("include:a.example.org -all") TXT("a.example.org", "include:b.example.org -all"),
	  "spf-include-none critical b.example.org" },
	{ "what all hides is not looked at", SPF("-all include:a.example.org"), "spf-after-all warning example.com" },
	{ "DNS cannot hold the name", SPF("include:a..example.org -all"), "spf-include-none critical a..example.org" },
	{ "declared not to send", SPF("include:a.example.com -all"),
	  "spf-include-none warning a.example.com\nspf-parked-weak warning example.com", SENDS_NO },
	{ "not registered", SPF("include:spf.gone-provider.net -all"),
	  "spf-include-none critical spf.gone-provider.net\nspf-include-unregistered critical spf.gone-provider.net" },
	{ "not registered, by a", SPF("a:mail.gone-provider.net -all"),
	  "spf-include-unregistered critical mail.gone-provider.net" },
	{ "not registered, by mx, exists and redirect",
	  SPF("mx:gone-one.net exists:gone-two.net redirect=gone-three.net"),
	  "spf-include-unregistered critical gone-one.net\nspf-include-unregistered critical gone-two.net\n"
	  "spf-include-unregistered critical gone-three.net\nspf-include-none critical gone-three.net" },
	{ "not registered, in a record of others, though nothing is sent",
	  SPF("include:a.example.org -all") TXT("a.example.org", "a:x.gone-provider.net -all"),
	  "spf-include-unregistered critical x.gone-provider.net\nspf-parked-weak warning example.com", SENDS_NO },
	{ "an alias to what is not registered",
	  SPF("include:a.example.org -all") "a.example.org. 300 IN CNAME spf.gone-provider.net.\n",
	  "spf-include-none critical a.example.org\nspf-include-unregistered critical a.example.org" },
	{ "an own name that is an alias to what is not registered",
	  SPF("a:x.example.com ip4:20.0.0.1 -all") "x.example.com. 300 IN CNAME host.gone-provider.net.\n",
	  "spf-include-unregistered critical x.example.com" },
	{ "the registered domain itself denies the name",
	  SPF("a:x.provider.net ip4:20.0.0.1 -all") "provider.net. 300 IN SOA 900\n", GOOD },
	{ "a top-level domain that nobody can register below", SPF("a:x.nowhere-at-all -all") ". 300 IN SOA 900\n",
	  GOOD },
	{ "the own domain, though the registry denies it", SPF("a:x.example.com -all") "com. 300 IN SOA 900\n", GOOD },
	{ "a record that includes itself", SPF("include:example.com -all"), "spf-loop critical example.com" },
	{ "a circle of two", SPF("include:a.example.org -all") TXT("a.example.org", "redirect=example.com"),
	  "spf-loop critical example.com" },
	{ "a circle among others",
	  SPF("include:a.example.org -all") TXT("a.example.org", "include:b.example.org -all")
		  TXT("b.example.org", "include:a.example.org -all"),
	  "spf-loop critical a.example.org" },
	{ "declared not to send, a circle", SPF("include:example.com -all"),
	  "spf-loop warning example.com\nspf-parked-weak warning example.com", SENDS_NO },
	{ "the same record twice on different ways is no circle",
	  SPF("include:a.example.org include:b.example.org -all") TXT("a.example.org", "include:c.example.org -all")
		  TXT("b.example.org", "include:c.example.org -all") TXT("c.example.org", "ip4:20.0.0.1 -all"),
	  GOOD },

	/* ---- the answer as a whole ---- */
	{ "450 octets are enough",
	  SPF("-all") "example.com. 300 IN TXT \"" LONG_TEXT(TEN) "\"\nexample.com. 300 IN TXT \"" LONG_TEXT(
		  TEN) "\"\n",
	  GOOD },
	{ "a large answer",
	  SPF("-all") "example.com. 300 IN TXT \"a" LONG_TEXT(TEN) "\"\nexample.com. 300 IN TXT \"b" LONG_TEXT(
		  TEN) "\"\n",
	  GOOD "\nspf-response-size info example.com" },
	{ "type 99", SPF("-all") "example.com. 300 IN TYPE99 \"v=spf1 -all\"\n", GOOD "\nspf-type99 info example.com",
	  .has_probes = true },
	{ "no type 99", SPF("-all"), GOOD, .has_probes = true },
	{ "type 99 is not to be seen", SPF("-all") "example.com TYPE99 SERVFAIL\n", GOOD "\nspf-type99 ? example.com",
	  .has_probes = true },
	{ "type 99 is not asked for", SPF("-all") "example.com. 300 IN TYPE99 \"v=spf1 -all\"\n", GOOD },

	/* ---- failures ---- */
	{ "SERVFAIL", "example.com TXT SERVFAIL\n",
	  "dns-servfail unknown example.com/TXT\nspf-temperror unknown example.com\n" HIDDEN },
	{ "TIMEOUT", "example.com TXT TIMEOUT\n",
	  "dns-timeout unknown example.com/TXT\nspf-temperror unknown example.com\n" HIDDEN },
	{ "TRUNCATED", "example.com TXT TRUNCATED\n",
	  "dns-truncated unknown example.com/TXT\nspf-temperror unknown example.com\n" HIDDEN },
	{ "FORMERR", "example.com TXT FORMERR\n",
	  "dns-malformed unknown example.com/TXT\nspf-temperror unknown example.com\n" HIDDEN },
	{ "BOGUS", "example.com TXT BOGUS\n",
	  "dnssec-bogus critical example.com/TXT\nspf-temperror unknown example.com\n" HIDDEN },
	{ "REFUSED", "example.com TXT REFUSED\n", HIDDEN },
	{ "REFERRAL", "example.com TXT REFERRAL\n", HIDDEN },
	{ "FILTERED", "example.com TXT FILTERED\n", HIDDEN },
	{ "our own network", "example.com TXT NETWORK-ERROR\n", HIDDEN },
	{ "never answered", "example.com TXT UNANSWERED\n", HIDDEN },
	{ "a circle of aliases", "example.com. 300 IN CNAME example.com.\n",
	  "dns-cname-loop unknown example.com/TXT\nspf-temperror unknown example.com\n" HIDDEN },
	{ "declared senders may fail as well", "example.com TXT REFUSED\n", HIDDEN "spf-sender-fail ?", ONE_SENDER },
	{ "an included record is not to be seen", SPF("include:a.example.org -all") "a.example.org TXT SERVFAIL\n",
	  "dns-servfail unknown a.example.org/TXT\nspf-temperror unknown a.example.org\n" HIDDEN_BELOW },
	{ "an included name is a circle of aliases",
	  SPF("include:a.example.org -all") "a.example.org. 300 IN CNAME a.example.org.\n",
	  "spf-temperror unknown a.example.org\n" HIDDEN_BELOW },
	{ "an included record is refused, another one broken",
	  SPF("include:a.example.org include:b.example.org -all") "a.example.org TXT REFUSED\n" TXT("b.example.org",
												    "foo -all"),
	  "spf-syntax critical b.example.org\n..." },
	{ "a host is not to be seen",
	  SPF("a:a.example.org mx:b.example.org -all") "a.example.org A SERVFAIL\na.example.org AAAA "
						       "REFUSED\nb.example.org MX TIMEOUT\n",
	  "dns-servfail unknown a.example.org/A\nspf-temperror unknown a.example.org\n"
	  "dns-timeout unknown b.example.org/MX\nspf-temperror unknown b.example.org\n"
	  "spf-ok ? example.com\nspf-void-lookups ? example.com\nspf-mx-too-many ? b.example.org\n"
	  "spf-include-unregistered ? a.example.org\nspf-include-unregistered ? b.example.org" },
	{ "where the record redirects to is not to be seen",
	  SPF("redirect=a.example.org") "a.example.org TXT REFUSED\n",
	  HIDDEN_BELOW "spf-pass-all ? example.com\nspf-too-broad ?\nspf-neutral-all ? example.com\n"
		       "spf-no-all ? example.com\nspf-after-all ? example.com\nspf-ptr ? example.com\n"
		       "spf-macro ? example.com\nspf-private-ip ?\nspf-parked-weak ? example.com" },
};

const struct spf_worlds spf_worlds_records = { cases, MXW_ARRAY_SIZE(cases) };
