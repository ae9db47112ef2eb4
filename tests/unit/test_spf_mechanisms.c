/* What matches: the mechanisms of RFC 7208 5. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "tests/unit/spf_world.h"

#define WRONG "", MXW_SPF_PERMERROR, MXW_SPF_SYNTAX, .cost = "0/0", .asked = SPF_ONE_QUESTION
#define RIGHT(result) "", result, .cost = "0/0", .asked = SPF_ONE_QUESTION
#define TEMPERROR MXW_SPF_TEMPERROR, MXW_SPF_LOOKUP_FAILED
#define TARGET_NONE MXW_SPF_PERMERROR, MXW_SPF_TARGET_NONE
#define CLIENT6 "2001:db8::1"
#define MAPPED "::ffff:192.0.2.1"

static const struct spf_world addresses[] = {
	{ "5 an IPv4 client: A and nothing else", "v=spf1 a -all",
	  IN_A("example.com", "10.0.0.1") IN_AAAA("example.com", "2001:db8::1"), MXW_SPF_FAIL, .cost = "1/0",
	  .asked = SPF_ONE_QUESTION " example.com/A" },
	{ "5 an IPv6 client: AAAA and nothing else", "v=spf1 a -all",
	  IN_A("example.com", "192.0.2.1") IN_AAAA("example.com", "2001:db8::1"), MXW_SPF_PASS, .ip = CLIENT6,
	  .cost = "1/0", .asked = SPF_ONE_QUESTION " example.com/AAAA" },
	{ "5 an IPv4-mapped client is an IPv4 client", "v=spf1 a -all", IN_A("example.com", "192.0.2.1"), MXW_SPF_PASS,
	  .ip = MAPPED, .asked = SPF_ONE_QUESTION " example.com/A" },
	{ "5 an IPv4-mapped client and ip4", "v=spf1 ip4:192.0.2.1 -all", RIGHT(MXW_SPF_PASS), .ip = MAPPED },
	{ "5 an IPv4-mapped client and ip6", "v=spf1 ip6:::ffff:192.0.2.1 ip6:::/0 -all", RIGHT(MXW_SPF_FAIL),
	  .ip = MAPPED },
	{ "5 lookup fails: temperror", "v=spf1 a -all", "example.com A SERVFAIL\n", TEMPERROR, .by = "example.com a" },
	{ "5 lookup times out: temperror", "v=spf1 a -all", "example.com A TIMEOUT\n", TEMPERROR },
	{ "5 alias loop: temperror", "v=spf1 a:x.example.org -all", IN_CNAME("x.example.org", "x.example.org"),
	  TEMPERROR },
	{ "5 NXDOMAIN is no records", "v=spf1 a:x.example.org ip4:192.0.2.1 -all", "", MXW_SPF_PASS, .cost = "1/1" },
	{ "5 NODATA is no records", "v=spf1 a:x.example.org ip4:192.0.2.1 -all", IN_TXT("x.example.org", "x"),
	  MXW_SPF_PASS, .cost = "1/1" },
};

static const struct spf_world all[] = {
	{ "5.1 always matches", "v=spf1 all", RIGHT(MXW_SPF_PASS) },
	{ "5.1 mechanisms behind it are never tested", "v=spf1 ?all a:broken.example.org ip4:192.0.2.1",
	  RIGHT(MXW_SPF_NEUTRAL), .by = "example.com ?all" },
	{ "5.1 redirect behind it is ignored", "v=spf1 ~all redirect=a.example.org", RIGHT(MXW_SPF_SOFTFAIL) },
	{ "5.1 redirect before it is ignored", "v=spf1 redirect=a.example.org ~all", RIGHT(MXW_SPF_SOFTFAIL) },
	{ "5.1 has no domain", "v=spf1 all:example.org", WRONG },
	{ "5.1 has no prefix length", "v=spf1 all/0", WRONG },
	{ "5.1 has no empty domain", "v=spf1 -all.", WRONG },
};

#define INCLUDE "v=spf1 include:a.example.org ?all"
#define INCLUDED(record) IN_TXT("a.example.org", record)

static const struct spf_world include[] = {
	{ "5.2 pass: match", INCLUDE, INCLUDED("v=spf1 ip4:192.0.2.1 -all"), MXW_SPF_PASS, .cost = "1/0",
	  .asked = SPF_ONE_QUESTION " a.example.org/TXT", .by = "example.com include:a.example.org" },
	{ "5.2 fail: no match", INCLUDE, INCLUDED("v=spf1 -all"), MXW_SPF_NEUTRAL, .by = "example.com ?all" },
	{ "5.2 softfail: no match", INCLUDE, INCLUDED("v=spf1 ~all"), MXW_SPF_NEUTRAL },
	{ "5.2 neutral: no match", "v=spf1 include:a.example.org -all", INCLUDED("v=spf1 ?all"), MXW_SPF_FAIL },
	{ "5.2 neutral by default: no match", "v=spf1 include:a.example.org -all", INCLUDED("v=spf1"), MXW_SPF_FAIL },
	{ "5.2 temperror: temperror", INCLUDE, "a.example.org TXT SERVFAIL\n", TEMPERROR, .cost = "1/0" },
	{ "5.2 temperror inside: temperror", INCLUDE, INCLUDED("v=spf1 a +all") "a.example.org A SERVFAIL\n", TEMPERROR,
	  .by = "a.example.org a" },
	{ "5.2 permerror, syntax: permerror", INCLUDE, INCLUDED("v=spf1 +all wrong"), MXW_SPF_PERMERROR,
	  MXW_SPF_SYNTAX },
	{ "5.2 permerror, two records: permerror", INCLUDE, INCLUDED("v=spf1 +all") INCLUDED("v=spf1 -all"),
	  MXW_SPF_PERMERROR, MXW_SPF_MULTIPLE },
	{ "5.2 permerror inside an include that is included: permerror", INCLUDE,
	  INCLUDED("v=spf1 include:b.example.org +all") IN_TXT("b.example.org", "v=spf1 wrong"), MXW_SPF_PERMERROR,
	  MXW_SPF_SYNTAX, .cost = "2/0", .by = "b.example.org wrong" },
	{ "5.2 none, no record: permerror", INCLUDE, INCLUDED("v=spf2"), TARGET_NONE, .cost = "1/0" },
	{ "5.2 none, no such domain: permerror", INCLUDE, "", TARGET_NONE, .cost = "1/0",
	  .asked = SPF_ONE_QUESTION " a.example.org/TXT" },
	{ "5.2 none, no name for DNS: permerror", "v=spf1 include:a..example.org ?all", "", TARGET_NONE, .cost = "1/0",
	  .asked = SPF_ONE_QUESTION },
	{ "5.2 its qualifier is the result", "v=spf1 ~include:a.example.org -all", INCLUDED("v=spf1 ip4:192.0.2.1"),
	  MXW_SPF_SOFTFAIL },
	{ "5.2 a qualifier inside only decides about the match", "v=spf1 -include:a.example.org +all",
	  INCLUDED("v=spf1 +all"), MXW_SPF_FAIL },
	{ "5.2 the record is evaluated for its own domain and the same sender", "v=spf1 include:a.example.org -all",
	  INCLUDED("v=spf1 exists:%{d}.%{o}.%{l}.%{h}.x.org") IN_A("*.x.org", "127.0.0.2"), MXW_SPF_PASS,
	  .asked = SPF_ONE_QUESTION " a.example.org/TXT a.example.org.example.com.user.mail.example.com.x.org/A" },
	{ "5.2 the target is macro-expanded", "v=spf1 include:%{l}.example.org -all",
	  IN_TXT("user.example.org", "v=spf1 ip4:192.0.2.1"), MXW_SPF_PASS },
	{ "5.2 a redirect inside is followed", INCLUDE,
	  INCLUDED("v=spf1 redirect=b.example.org") IN_TXT("b.example.org", "v=spf1 ip4:192.0.2.1"), MXW_SPF_PASS,
	  .cost = "2/0" },
	{ "5.2 an include inside is followed", INCLUDE,
	  INCLUDED("v=spf1 include:b.example.org") IN_TXT("b.example.org", "v=spf1 ip4:192.0.2.1"), MXW_SPF_PASS,
	  .cost = "2/0" },
	{ "5.2 twice", "v=spf1 include:a.example.org include:a.example.org -all", INCLUDED("v=spf1 ip4:10.0.0.1"),
	  MXW_SPF_FAIL, .cost = "2/0", .asked = SPF_ONE_QUESTION " a.example.org/TXT" },
	{ "5.2 needs a domain", "v=spf1 include -all", WRONG },
	{ "5.2 needs a domain behind the colon", "v=spf1 include: -all", WRONG },
	{ "5.2 has no prefix length", "v=spf1 include:a.example.org/24 -all", WRONG },
};

static const struct spf_world a[] = {
	{ "5.3 another domain", "v=spf1 a:a.example.org -all", IN_A("a.example.org", "192.0.2.1"), MXW_SPF_PASS,
	  .cost = "1/0", .asked = SPF_ONE_QUESTION " a.example.org/A" },
	{ "5.3 any of several addresses", "v=spf1 a -all",
	  IN_A("example.com", "10.0.0.1") IN_A("example.com", "192.0.2.1") IN_A("example.com", "203.0.113.1"),
	  MXW_SPF_PASS },
	{ "5.3 none of several addresses", "v=spf1 a -all",
	  IN_A("example.com", "10.0.0.1") IN_A("example.com", "192.0.2.2"), MXW_SPF_FAIL },
	{ "5.3 an alias is followed", "v=spf1 a:a.example.org -all",
	  IN_CNAME("a.example.org", "b.example.org") IN_A("b.example.org", "192.0.2.1"), MXW_SPF_PASS },
	{ "5.3 prefix length", "v=spf1 a/24 -all", IN_A("example.com", "192.0.2.255"), MXW_SPF_PASS },
	{ "5.3 prefix length, outside", "v=spf1 a/25 -all", IN_A("example.com", "192.0.2.128"), MXW_SPF_FAIL },
	{ "5.3 prefix length behind a domain", "v=spf1 a:a.example.org/24 -all", IN_A("a.example.org", "192.0.2.77"),
	  MXW_SPF_PASS, .asked = SPF_ONE_QUESTION " a.example.org/A" },
	{ "5.3 prefix length behind a macro", "v=spf1 a:%{d}/24 -all", IN_A("example.com", "192.0.2.77"),
	  MXW_SPF_PASS },
	{ "5.3 both prefix lengths, IPv4", "v=spf1 a/24//64 -all", IN_A("example.com", "192.0.2.77"), MXW_SPF_PASS },
	{ "5.3 both prefix lengths, IPv6", "v=spf1 a/24//64 -all", IN_AAAA("example.com", "2001:db8::77"), MXW_SPF_PASS,
	  .ip = CLIENT6 },
	{ "5.3 both prefix lengths, IPv6, outside", "v=spf1 a/24//64 -all", IN_AAAA("example.com", "2001:db8:0:1::1"),
	  MXW_SPF_FAIL, .ip = CLIENT6 },
	{ "5.3 a length for IPv6 is none for IPv4", "v=spf1 a//24 -all", IN_A("example.com", "192.0.2.77"),
	  MXW_SPF_FAIL },
	{ "5.3 a length for IPv4 is none for IPv6", "v=spf1 a/24 -all", IN_AAAA("example.com", "2001:db8::77"),
	  MXW_SPF_FAIL, .ip = CLIENT6 },
	{ "5.3 length 0 takes any address", "v=spf1 a/0 -all", IN_A("example.com", "10.0.0.1"), MXW_SPF_PASS },
	{ "5.3 length 0 takes any address, IPv6", "v=spf1 a//0 -all", IN_AAAA("example.com", "fe80::1"), MXW_SPF_PASS,
	  .ip = CLIENT6 },
	{ "5.3 length 0 needs a record", "v=spf1 a/0 -all", "", MXW_SPF_FAIL, .cost = "1/1" },
	{ "5.3 lengths at their ends", "v=spf1 a/32//128 -all", IN_A("example.com", "192.0.2.1"), MXW_SPF_PASS },
	{ "5.3 a slash inside a label", "v=spf1 a:a/24.example.org -all", IN_A("a/24.example.org", "192.0.2.1"),
	  MXW_SPF_PASS, .asked = SPF_ONE_QUESTION " a/24.example.org/A" },
	{ "5.3 length over 32", "v=spf1 a/33 -all", WRONG },
	{ "5.3 length over 128", "v=spf1 a//129 -all", WRONG },
	{ "5.3 length of many digits", "v=spf1 a/4294967296 -all", WRONG },
	{ "5.3 length with a leading zero", "v=spf1 a/024 -all", WRONG },
	{ "5.3 length 00", "v=spf1 a//00 -all", WRONG },
	{ "5.3 length without digits", "v=spf1 a/ -all", WRONG },
	{ "5.3 length for IPv6 without digits", "v=spf1 a/24// -all", WRONG },
	{ "5.3 length with a letter", "v=spf1 a/2x -all", WRONG },
	{ "5.3 lengths in the wrong order", "v=spf1 a//64/24 -all", WRONG },
	{ "5.3 two lengths for IPv4", "v=spf1 a/24/24 -all", WRONG },
	{ "5.3 length before the domain", "v=spf1 a/24:a.example.org -all", WRONG },
	{ "5.3 no domain behind the colon", "v=spf1 a: -all", WRONG },
	{ "5.3 no domain behind the colon, but a length", "v=spf1 a:/24 -all", WRONG },
};

static const struct spf_world mx[] = {
	{ "5.4 the hosts of the domain", "v=spf1 mx -all",
	  IN_MX("example.com", "10", "m1.example.com") IN_MX("example.com", "20", "m2.example.com")
		  IN_A("m1.example.com", "10.0.0.1") IN_A("m2.example.com", "192.0.2.1"),
	  MXW_SPF_PASS, .cost = "1/0", .asked = SPF_ONE_QUESTION " example.com/MX m1.example.com/A m2.example.com/A" },
	{ "5.4 no host matches", "v=spf1 mx -all",
	  IN_MX("example.com", "10", "m1.example.com") IN_A("m1.example.com", "10.0.0.1"), MXW_SPF_FAIL },
	{ "5.4 another domain and a length", "v=spf1 mx:a.example.org/24//64 -all",
	  IN_MX("a.example.org", "10", "m1.example.org") IN_A("m1.example.org", "192.0.2.77"), MXW_SPF_PASS,
	  .asked = SPF_ONE_QUESTION " a.example.org/MX m1.example.org/A" },
	{ "5.4 an IPv6 client", "v=spf1 mx -all",
	  IN_MX("example.com", "10", "m1.example.com") IN_A("m1.example.com", "192.0.2.1")
		  IN_AAAA("m1.example.com", CLIENT6),
	  MXW_SPF_PASS, .ip = CLIENT6, .asked = SPF_ONE_QUESTION " example.com/MX m1.example.com/AAAA" },
	{ "5.4 no MX record: the domain's own address is not asked for", "v=spf1 mx -all",
	  IN_A("example.com", "192.0.2.1"), MXW_SPF_FAIL, .cost = "1/1", .asked = SPF_ONE_QUESTION " example.com/MX" },
	{ "5.4 no such domain", "v=spf1 mx:a.example.org -all", "", MXW_SPF_FAIL, .cost = "1/1",
	  .asked = SPF_ONE_QUESTION " a.example.org/MX" },
	{ "5.4 null MX: nothing to ask, no void", "v=spf1 mx -all", "example.com. 300 IN MX 0 .\n", MXW_SPF_FAIL,
	  .cost = "1/0", .asked = SPF_ONE_QUESTION " example.com/MX" },
	{ "5.4 null MX beside a host", "v=spf1 mx -all",
	  "example.com. 300 IN MX 0 .\n" IN_MX("example.com", "10", "m1.example.com")
		  IN_A("m1.example.com", "192.0.2.1"),
	  MXW_SPF_PASS, .asked = SPF_ONE_QUESTION " example.com/MX m1.example.com/A" },
	{ "5.4 hosts without address are no void", "v=spf1 mx -all",
	  IN_MX("example.com", "1", "m1.example.com") IN_MX("example.com", "2", "m2.example.com")
		  IN_MX("example.com", "3", "m3.example.com") IN_MX("example.com", "4", "m4.example.com")
			  IN_A("m4.example.com", "192.0.2.1"),
	  MXW_SPF_PASS, .cost = "1/0" },
	{ "5.4 MX lookup fails: temperror", "v=spf1 mx -all", "example.com MX SERVFAIL\n", TEMPERROR, .cost = "1/0" },
	{ "5.4 address lookup of a host fails: temperror", "v=spf1 mx -all",
	  IN_MX("example.com", "10", "m1.example.com") "m1.example.com A SERVFAIL\n", TEMPERROR,
	  .by = "example.com mx" },
	{ "5.4 a host that is an alias", "v=spf1 mx -all",
	  IN_MX("example.com", "10", "m1.example.com") IN_CNAME("m1.example.com", "m.example.org")
		  IN_A("m.example.org", "192.0.2.1"),
	  MXW_SPF_PASS },
	{ "5.4 no domain behind the colon", "v=spf1 mx: -all", WRONG },
	{ "5.4 length over 32", "v=spf1 mx/33 -all", WRONG },
	{ "5.4 length over 128 behind a domain", "v=spf1 mx:example.org/32//129 -all", WRONG },
};

#define NAMED(name) IN_PTR(SPF_REVERSE4, name)

static const struct spf_world ptr[] = {
	{ "5.5 the name is the domain", "v=spf1 ptr -all", NAMED("example.com") IN_A("example.com", "192.0.2.1"),
	  MXW_SPF_PASS, .cost = "1/0", .asked = SPF_ONE_QUESTION " " SPF_REVERSE4 "/PTR example.com/A" },
	{ "5.5 the name is below the domain", "v=spf1 ptr -all",
	  NAMED("mail.eu.example.com") IN_A("mail.eu.example.com", "192.0.2.1"), MXW_SPF_PASS },
	{ "5.5 the name ends alike but is not below", "v=spf1 ptr -all",
	  NAMED("anexample.com") IN_A("anexample.com", "192.0.2.1"), MXW_SPF_FAIL, .cost = "1/0" },
	{ "5.5 the name is above the domain", "v=spf1 ptr:mail.example.org -all",
	  NAMED("example.org") IN_A("example.org", "192.0.2.1"), MXW_SPF_FAIL },
	{ "5.5 another domain, in another case", "v=spf1 ptr:Example.ORG -all",
	  NAMED("mail.eXample.org") IN_A("mail.example.org", "192.0.2.1"), MXW_SPF_PASS },
	{ "5.5 the target is macro-expanded", "v=spf1 ptr:%{h2}.net -all",
	  NAMED("a.example.com.net") IN_A("a.example.com.net", "192.0.2.1"), MXW_SPF_PASS },
	{ "5.5 a name that does not lead back is not validated", "v=spf1 ptr -all",
	  NAMED("example.com") IN_A("example.com", "192.0.2.2"), MXW_SPF_FAIL },
	{ "5.5 a name without address is no void", "v=spf1 ptr ptr ptr ptr -all", NAMED("example.com"), MXW_SPF_FAIL,
	  .cost = "4/0" },
	{ "5.5 an IPv6 client", "v=spf1 ptr -all", IN_PTR(SPF_REVERSE6, "example.com") IN_AAAA("example.com", CLIENT6),
	  MXW_SPF_PASS, .ip = CLIENT6, .asked = SPF_ONE_QUESTION " " SPF_REVERSE6 "/PTR example.com/AAAA" },
	{ "5.5 an IPv4-mapped client", "v=spf1 ptr -all", NAMED("example.com") IN_A("example.com", "192.0.2.1"),
	  MXW_SPF_PASS, .ip = MAPPED },
	{ "5.5 one of several names", "v=spf1 ptr -all",
	  NAMED("a.example.org") NAMED("b.example.com") NAMED("c.example.com") IN_A("a.example.org", "192.0.2.1")
		  IN_A("b.example.com", "10.0.0.1") IN_A("c.example.com", "192.0.2.1"),
	  MXW_SPF_PASS },
	{ "5.5 a dot inside a label divides nothing", "v=spf1 ptr -all",
	  NAMED("an\\.example.com") IN_A("an\\.example.com", "192.0.2.1"), MXW_SPF_FAIL },
	{ "5.5 PTR lookup fails: no match", "v=spf1 ptr -all", SPF_REVERSE4 " PTR SERVFAIL\n", MXW_SPF_FAIL,
	  .cost = "1/0" },
	{ "5.5 PTR alias loop: no match", "v=spf1 ptr -all", IN_CNAME(SPF_REVERSE4, SPF_REVERSE4), MXW_SPF_FAIL },
	{ "5.5 no PTR record: no match, a void", "v=spf1 ptr -all", "", MXW_SPF_FAIL, .cost = "1/1" },
	{ "5.5 address lookup of a name fails: the name is skipped", "v=spf1 ptr -all",
	  NAMED("a.example.com") NAMED("b.example.com") "a.example.com A SERVFAIL\n" IN_A("b.example.com", "192.0.2.1"),
	  MXW_SPF_PASS },
	{ "5.5 address lookup of the only name fails: no match", "v=spf1 ptr ?all",
	  NAMED("a.example.com") "a.example.com A TIMEOUT\n", MXW_SPF_NEUTRAL },
	{ "5.5 an alias below in-addr.arpa is followed", "v=spf1 ptr -all",
	  IN_CNAME(SPF_REVERSE4, "1.sub.2.0.192.in-addr.arpa") IN_PTR("1.sub.2.0.192.in-addr.arpa", "example.com")
		  IN_A("example.com", "192.0.2.1"),
	  MXW_SPF_PASS },
	{ "5.5 has no prefix length", "v=spf1 ptr/24 -all", WRONG },
	{ "5.5 no domain behind the colon", "v=spf1 ptr: -all", WRONG },
};

static const struct spf_world networks[] = {
	{ "5.6 ip4 without length: one address", "v=spf1 ip4:192.0.2.1 -all", RIGHT(MXW_SPF_PASS) },
	{ "5.6 ip4 without length: not the next one", "v=spf1 ip4:192.0.2.0 ip4:192.0.2.2 -all", RIGHT(MXW_SPF_FAIL) },
	{ "5.6 ip4 with length", "v=spf1 ip4:192.0.2.0/24 -all", RIGHT(MXW_SPF_PASS) },
	{ "5.6 ip4 with host bits", "v=spf1 ip4:192.0.2.200/24 -all", RIGHT(MXW_SPF_PASS) },
	{ "5.6 ip4 length 0", "v=spf1 ip4:10.0.0.0/0 -all", RIGHT(MXW_SPF_PASS) },
	{ "5.6 ip4 length inside an octet", "v=spf1 -ip4:192.0.2.2/31 ip4:192.0.2.0/31 -all", RIGHT(MXW_SPF_PASS) },
	{ "5.6 ip4 length 32", "v=spf1 ip4:192.0.2.1/32 -all", RIGHT(MXW_SPF_PASS) },
	{ "5.6 ip4 and an IPv6 client", "v=spf1 ip4:0.0.0.0/0 -all", RIGHT(MXW_SPF_FAIL), .ip = CLIENT6 },
	{ "5.6 ip6 and an IPv4 client", "v=spf1 ip6:::/0 -all", RIGHT(MXW_SPF_FAIL) },
	{ "5.6 ip6 without length: one address", "v=spf1 ip6:2001:db8::1 -all", RIGHT(MXW_SPF_PASS), .ip = CLIENT6 },
	{ "5.6 ip6 without length: not the next one", "v=spf1 ip6:2001:db8::2 ip6:2001:db8:: -all", RIGHT(MXW_SPF_FAIL),
	  .ip = CLIENT6 },
	{ "5.6 ip6 with length", "v=spf1 ip6:2001:db8:1234::/32 -all", RIGHT(MXW_SPF_PASS), .ip = CLIENT6 },
	{ "5.6 ip6 length inside an octet", "v=spf1 -ip6:2001:db8::2/127 ip6:2001:db8::/127 -all", RIGHT(MXW_SPF_PASS),
	  .ip = CLIENT6 },
	{ "5.6 ip6 length 0", "v=spf1 ip6:::/0 -all", RIGHT(MXW_SPF_PASS), .ip = CLIENT6 },
	{ "5.6 ip6 length 128, in full and in capitals", "v=spf1 ip6:2001:0DB8:0:0:0:0:0:0001/128 -all",
	  RIGHT(MXW_SPF_PASS), .ip = CLIENT6 },
	{ "5.6 ip6 with four octets at the end", "v=spf1 ip6:2001:db8::0.0.0.1 -all", RIGHT(MXW_SPF_PASS),
	  .ip = CLIENT6 },
	{ "5.6 ip4 needs an address", "v=spf1 ip4 -all", WRONG },
	{ "5.6 ip4 needs an address behind the colon", "v=spf1 ip4: -all", WRONG },
	{ "5.6 ip4 of three numbers", "v=spf1 ip4:192.0.2 -all", WRONG },
	{ "5.6 ip4 of five numbers", "v=spf1 ip4:192.0.2.1.1 -all", WRONG },
	{ "5.6 ip4 number over 255", "v=spf1 ip4:192.0.2.256 -all", WRONG },
	{ "5.6 ip4 leading zero", "v=spf1 ip4:192.0.2.01 -all", WRONG },
	{ "5.6 ip4 hexadecimal", "v=spf1 ip4:0xc0.0.2.1 -all", WRONG },
	{ "5.6 ip4 and a name", "v=spf1 ip4:example.org -all", WRONG },
	{ "5.6 ip4 and an IPv6 address", "v=spf1 ip4:2001:db8::1 -all", WRONG },
	{ "5.6 ip4 and a macro", "v=spf1 ip4:%{i} -all", WRONG },
	{ "5.6 ip4 length over 32", "v=spf1 ip4:192.0.2.1/33 -all", WRONG },
	{ "5.6 ip4 length with a leading zero", "v=spf1 ip4:192.0.2.1/08 -all", WRONG },
	{ "5.6 ip4 length without digits", "v=spf1 ip4:192.0.2.1/ -all", WRONG },
	{ "5.6 ip4 length below 0", "v=spf1 ip4:192.0.2.1/-1 -all", WRONG },
	{ "5.6 ip4 length of IPv6", "v=spf1 ip4:192.0.2.1//32 -all", WRONG },
	{ "5.6 ip4 netmask", "v=spf1 ip4:192.0.2.0/255.255.255.0 -all", WRONG },
	{ "5.6 ip4 range", "v=spf1 ip4:192.0.2.1-192.0.2.9 -all", WRONG },
	{ "5.6 ip6 and an IPv4 address", "v=spf1 ip6:192.0.2.1 -all", WRONG },
	{ "5.6 ip6 in brackets", "v=spf1 ip6:[2001:db8::1] -all", WRONG },
	{ "5.6 ip6 with two gaps", "v=spf1 ip6:2001::db8::1 -all", WRONG },
	{ "5.6 ip6 of seven groups", "v=spf1 ip6:2001:db8:1:2:3:4:5 -all", WRONG },
	{ "5.6 ip6 group of five digits", "v=spf1 ip6:2001:0db8a::1 -all", WRONG },
	{ "5.6 ip6 with an interface", "v=spf1 ip6:fe80::1%eth0 -all", WRONG },
	{ "5.6 ip6 length over 128", "v=spf1 ip6:2001:db8::/129 -all", WRONG },
	{ "5.6 ip6 length of two slashes", "v=spf1 ip6:2001:db8:://32 -all", WRONG },
	{ "5.6 ip6 length 000", "v=spf1 ip6:2001:db8::/000 -all", WRONG },
};

static const struct spf_world exists[] = {
	{ "5.7 any A record matches", "v=spf1 exists:a.example.org -all", IN_A("a.example.org", "127.0.0.2"),
	  MXW_SPF_PASS, .cost = "1/0", .asked = SPF_ONE_QUESTION " a.example.org/A" },
	{ "5.7 A even when the client speaks IPv6", "v=spf1 exists:a.example.org -all",
	  IN_A("a.example.org", "127.0.0.2"), MXW_SPF_PASS, .ip = CLIENT6,
	  .asked = SPF_ONE_QUESTION " a.example.org/A" },
	{ "5.7 AAAA is no match", "v=spf1 exists:a.example.org -all", IN_AAAA("a.example.org", CLIENT6), MXW_SPF_FAIL,
	  .ip = CLIENT6, .cost = "1/1" },
	{ "5.7 no such name: no match", "v=spf1 exists:a.example.org -all", "", MXW_SPF_FAIL, .cost = "1/1" },
	{ "5.7 lookup fails: temperror", "v=spf1 exists:a.example.org -all", "a.example.org A SERVFAIL\n", TEMPERROR },
	{ "5.7 needs a domain", "v=spf1 exists -all", WRONG },
	{ "5.7 needs a domain behind the colon", "v=spf1 exists: -all", WRONG },
	{ "5.7 has no prefix length", "v=spf1 exists:a.example.org/24 -all", WRONG },
};

static void test_addresses(void **state)
{
	spf_world_run(addresses, MXW_ARRAY_SIZE(addresses));
}

static void test_all(void **state)
{
	spf_world_run(all, MXW_ARRAY_SIZE(all));
}

static void test_include(void **state)
{
	spf_world_run(include, MXW_ARRAY_SIZE(include));
}

static void test_a(void **state)
{
	spf_world_run(a, MXW_ARRAY_SIZE(a));
}

static void test_mx(void **state)
{
	spf_world_run(mx, MXW_ARRAY_SIZE(mx));
}

static void test_ptr(void **state)
{
	spf_world_run(ptr, MXW_ARRAY_SIZE(ptr));
}

static void test_networks(void **state)
{
	spf_world_run(networks, MXW_ARRAY_SIZE(networks));
}

static void test_exists(void **state)
{
	spf_world_run(exists, MXW_ARRAY_SIZE(exists));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses), cmocka_unit_test(test_all),    cmocka_unit_test(test_include),
		cmocka_unit_test(test_a),         cmocka_unit_test(test_mx),     cmocka_unit_test(test_ptr),
		cmocka_unit_test(test_networks),  cmocka_unit_test(test_exists),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
