/* check_host() as a whole: RFC 7208 2.4, 3.3 and 4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "tests/unit/spf_world.h"

#define LABEL_31 "abcdefghijklmnopqrstuvwxyz01234"
#define LABEL_63 LABEL_31 "a" LABEL_31
#define LABEL_64 LABEL_63 "z"
/* 3 * 64 + 61 octets. */
#define NAME_253 LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_31 "abcdefghijklmnopqrstuvwxyz.org"
#define NAME_254 LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_31 "abcdefghijklmnopqrstuvwxyz0.org"

/* Results that need neither a lookup nor a second record. */
#define NOTHING_ASKED "", MXW_SPF_NONE, MXW_SPF_BAD_DOMAIN, .cost = "0/0", .asked = ""
#define NO_RECORD "", MXW_SPF_NONE, MXW_SPF_NO_RECORD, .cost = "0/0", .asked = SPF_ONE_QUESTION
#define WRONG "", MXW_SPF_PERMERROR, MXW_SPF_SYNTAX, .cost = "0/0", .asked = SPF_ONE_QUESTION
#define RIGHT(result) "", result, .cost = "0/0", .asked = SPF_ONE_QUESTION
#define FAILED "", MXW_SPF_TEMPERROR, MXW_SPF_LOOKUP_FAILED, .asked = SPF_ONE_QUESTION

static const struct spf_world initial[] = {
	{ "2.4 empty reverse-path: HELO name is checked as postmaster of it", "v=spf1 exists:%{l}.%{o}.%{d}.%{h} -all",
	  IN_A("*.example.com", "127.0.0.2"), MXW_SPF_PASS, .mail_from = "", .helo = "example.com",
	  .asked = SPF_ONE_QUESTION " postmaster.example.com.example.com.example.com/A" },
	{ "2.4 reverse-path in angle brackets, empty", "v=spf1 ip4:192.0.2.1 -all", RIGHT(MXW_SPF_PASS),
	  .mail_from = "<>", .helo = "example.com" },
	{ "2.4 reverse-path in angle brackets", "v=spf1 ip4:192.0.2.1 -all", RIGHT(MXW_SPF_PASS),
	  .mail_from = "<user@example.com>" },
	{ "2.3 HELO is an address literal: none", "v=spf1 -all", NOTHING_ASKED, .mail_from = "",
	  .helo = "[192.0.2.1]" },
	{ "2.3 HELO is an IPv6 address literal: none", "v=spf1 -all", NOTHING_ASKED, .mail_from = "",
	  .helo = "[IPv6:2001:db8::1]" },
	{ "2.3 HELO is a single label: none", "v=spf1 -all", NOTHING_ASKED, .mail_from = "", .helo = "mailserver" },
	{ "2.3 HELO is missing: none", "v=spf1 -all", NOTHING_ASKED, .mail_from = "", .helo = "" },
	{ "4.3 label of 64 octets: none", NULL, NOTHING_ASKED, .mail_from = "user@" LABEL_64 ".example.com" },
	{ "4.3 label of 63 octets", NULL, IN_TXT(LABEL_63 ".example.com", "v=spf1 -all"), MXW_SPF_FAIL,
	  .mail_from = "user@" LABEL_63 ".example.com", .asked = LABEL_63 ".example.com/TXT" },
	{ "4.3 name of 253 octets", NULL, IN_TXT(NAME_253, "v=spf1 -all"), MXW_SPF_FAIL, .mail_from = "user@" NAME_253,
	  .asked = NAME_253 "/TXT" },
	{ "4.3 name of 254 octets: none", NULL, NOTHING_ASKED, .mail_from = "user@" NAME_254 },
	{ "4.3 empty label inside: none", "v=spf1 -all", NOTHING_ASKED, .mail_from = "user@mail..example.com" },
	{ "4.3 empty label in front: none", "v=spf1 -all", NOTHING_ASKED, .mail_from = "user@.example.com" },
	{ "4.3 two final dots: none", "v=spf1 -all", NOTHING_ASKED, .mail_from = "user@example.com.." },
	{ "4.3 empty label at the end is the root", "v=spf1 -all", RIGHT(MXW_SPF_FAIL),
	  .mail_from = "user@example.com." },
	{ "4.3 the root's label is none of %{d} and %{o}", "v=spf1 exists:%{d1}.%{o}.x.org -all",
	  IN_A("*.x.org", "127.0.0.2"), MXW_SPF_PASS, .mail_from = "user@example.com.",
	  .asked = SPF_ONE_QUESTION " com.example.com.x.org/A" },
	{ "4.3 single label: none", "v=spf1 -all", NOTHING_ASKED, .mail_from = "user@localhost" },
	{ "4.3 single label and a dot: none", "v=spf1 -all", NOTHING_ASKED, .mail_from = "user@localhost." },
	{ "4.3 nothing behind the at sign: none", "v=spf1 -all", NOTHING_ASKED, .mail_from = "user@" },
	{ "4.3 address literal: none", "v=spf1 -all", NOTHING_ASKED, .mail_from = "user@[192.0.2.1]" },
	{ "4.3 the domain is checked in any case", "v=spf1 -all", RIGHT(MXW_SPF_FAIL),
	  .mail_from = "user@EXAMPLE.com" },
	{ "4.3 the domain need not be a host name", NULL, IN_TXT("_a.example.com", "v=spf1 -all"), MXW_SPF_FAIL,
	  .mail_from = "user@_a.example.com", .asked = "_a.example.com/TXT" },
	{ "4.3 U-labels are encoded as A-labels", NULL, IN_TXT("xn--bcher-kva.example", "v=spf1 -all"), MXW_SPF_FAIL,
	  .mail_from = "user@b\xc3\xbc"
		       "cher.example",
	  .asked = "xn--bcher-kva.example/TXT" },
	{ "4.3 no local part: postmaster", "v=spf1 exists:%{l}.example.org -all",
	  IN_A("postmaster.example.org", "127.0.0.2"), MXW_SPF_PASS, .mail_from = "@example.com" },
	{ "4.3 a bare domain: postmaster", "v=spf1 exists:%{s}.example.org -all",
	  IN_A("postmaster\\@example.com.example.org", "127.0.0.2"), MXW_SPF_PASS, .mail_from = "example.com" },
	{ "4.3 the last at sign divides", "v=spf1 ip4:192.0.2.1 -all", RIGHT(MXW_SPF_PASS),
	  .mail_from = "\"user@example.org\"@example.com" },
	{ "4.3 NXDOMAIN: none", NULL, IN_A("example.org", "192.0.2.1"), MXW_SPF_NONE, MXW_SPF_NO_RECORD, .cost = "0/0",
	  .asked = SPF_ONE_QUESTION },
	{ "4.5 NODATA: none", NULL, IN_A("example.com", "192.0.2.1"), MXW_SPF_NONE, MXW_SPF_NO_RECORD, .cost = "0/0",
	  .asked = SPF_ONE_QUESTION },
	{ "4.4 SERVFAIL: temperror", NULL, "example.com TXT SERVFAIL\n" FAILED },
	{ "4.4 timeout: temperror", NULL, "example.com TXT TIMEOUT\n" FAILED },
	{ "4.4 REFUSED: temperror", NULL, "example.com TXT REFUSED\n" FAILED },
	{ "4.4 NOTIMP: temperror", NULL, "example.com TXT NOTIMP\n" FAILED },
	{ "4.4 FORMERR: temperror", NULL, "example.com TXT FORMERR\n" FAILED },
	{ "4.4 bogus: temperror", NULL, "example.com TXT BOGUS\n" FAILED },
	{ "4.4 referral: temperror", NULL, "example.com TXT REFERRAL\n" FAILED },
	{ "4.4 truncated: temperror", NULL, "example.com TXT TRUNCATED\n" FAILED },
	{ "4.4 malformed: temperror", NULL, "example.com TXT MALFORMED\n" FAILED },
	{ "4.4 alias loop: temperror", NULL, IN_CNAME("example.com", "example.com") FAILED },
	{ "4.4 an alias is followed, the domain stays", NULL,
	  IN_CNAME("example.com", "spf.example.net") IN_TXT("spf.example.net", "v=spf1 a:%{d} -all")
		  IN_A("spf.example.net", "192.0.2.1"),
	  MXW_SPF_PASS, .asked = SPF_ONE_QUESTION " example.com/A", .by = "example.com a:%{d}" },
	{ "3.3 character-strings are joined without a space", NULL,
	  "example.com. 300 IN TXT \"v=spf\" \"1 ip4:192.\" \"0.2.1 -all\"\n", MXW_SPF_PASS },
	{ "3.3 a missing space between strings glues terms", NULL,
	  "example.com. 300 IN TXT \"v=spf1 ip4:192.0.2.1\" \"-all\"\n", MXW_SPF_PERMERROR, MXW_SPF_SYNTAX },
};

static const struct spf_world selection[] = {
	{ "4.5 the version alone is a record", "v=spf1", RIGHT(MXW_SPF_NEUTRAL) },
	{ "4.5 the version in capitals", "V=SPF1 -all", RIGHT(MXW_SPF_FAIL) },
	{ "4.5 the version and spaces", "v=spf1  ", RIGHT(MXW_SPF_NEUTRAL) },
	{ "4.5 another version", "v=spf10 -all", NO_RECORD },
	{ "4.5 Sender ID", "spf2.0/mfrom,pra -all", NO_RECORD },
	{ "4.5 a semicolon ends no version", "v=spf1; -all", NO_RECORD },
	{ "4.5 a tab ends no version", "v=spf1\t-all", NO_RECORD },
	{ "4.5 leading space", " v=spf1 -all", NO_RECORD },
	{ "4.5 half a version", "v=spf", NO_RECORD },
	{ "4.5 empty text", "", NO_RECORD },
	{ "4.5 others are discarded", NULL,
	  IN_TXT("example.com", "x") IN_TXT("example.com", "v=spf1 -all") IN_TXT("example.com", "v=spf10 +all"),
	  MXW_SPF_FAIL, .by = "example.com -all" },
	{ "4.5 two records: permerror", NULL,
	  IN_TXT("example.com", "v=spf1 a -all") IN_TXT("example.com", "v=spf1 -all"), MXW_SPF_PERMERROR,
	  MXW_SPF_MULTIPLE, .cost = "0/0", .asked = SPF_ONE_QUESTION },
	{ "4.5 two records, one of them wrong: permerror", NULL,
	  IN_TXT("example.com", "v=spf1 -all") IN_TXT("example.com", "v=spf1 wrong"), MXW_SPF_PERMERROR,
	  MXW_SPF_MULTIPLE },
	{ "4.5 two records, one of them in capitals: permerror", NULL,
	  IN_TXT("example.com", "v=spf1 -all") IN_TXT("example.com", "V=SPF1"), MXW_SPF_PERMERROR, MXW_SPF_MULTIPLE },
};

static const struct spf_world syntax[] = {
	{ "4.6 syntax error behind what matches: permerror", "v=spf1 ip4:192.0.2.1 wrong", WRONG },
	{ "4.6 syntax error behind all: permerror", "v=spf1 -all ip4:192.0.2", WRONG },
	{ "4.6 syntax error behind a lookup: nothing is asked", "v=spf1 a:example.org -all:", WRONG,
	  .by = "example.com -all:" },
	{ "4.6 syntax error in a modifier: permerror", "v=spf1 +all redirect=", WRONG },
	{ "4.6 included record: not reached, not asked", "v=spf1 ip4:192.0.2.1 include:a.example.org -all",
	  IN_TXT("a.example.org", "v=spf1 wrong"), MXW_SPF_PASS, .asked = SPF_ONE_QUESTION },
	{ "4.6 included record: reached", "v=spf1 include:a.example.org ip4:192.0.2.1 -all",
	  IN_TXT("a.example.org", "v=spf1 ip4:192.0.2.1 wrong"), MXW_SPF_PERMERROR, MXW_SPF_SYNTAX, .cost = "1/0",
	  .by = "a.example.org wrong" },
	{ "4.6.1 unknown mechanism", "v=spf1 host -all", WRONG },
	{ "4.6.1 unknown mechanism with a value", "v=spf1 ip:192.0.2.1 -all", WRONG },
	{ "4.6.1 mechanism with a longer name", "v=spf1 mxx -all", WRONG },
	{ "4.6.1 redirect is no mechanism", "v=spf1 redirect:example.org", WRONG },
	{ "4.6.1 a modifier has a name", "v=spf1 =value -all", WRONG },
	{ "4.6.1 the name of a modifier begins with a letter", "v=spf1 1a=value -all", WRONG },
	{ "4.6.1 letters of names of modifiers", "v=spf1 a-b_c.9=value -all", RIGHT(MXW_SPF_FAIL) },
	{ "4.6.1 no other letters in names of modifiers", "v=spf1 a+b=value -all", WRONG },
	{ "4.6.1 mechanism's name before an equals sign is a modifier", "v=spf1 include=example.org ip4=192.0.2.1 -all",
	  RIGHT(MXW_SPF_FAIL) },
	{ "4.6.1 a modifier has no qualifier", "v=spf1 -redirect=example.org", WRONG },
	{ "4.6.1 an unknown modifier has no qualifier", "v=spf1 ?unknown=value -all", WRONG },
	{ "4.6.1 two qualifiers", "v=spf1 --all", WRONG },
	{ "4.6.1 a qualifier alone", "v=spf1 - all", WRONG },
	{ "4.6.1 another qualifier", "v=spf1 !all", WRONG },
	{ "4.6.1 names in any case", "v=spf1 iP4:192.0.2.1 -All", RIGHT(MXW_SPF_PASS) },
	{ "4.6.1 more spaces than one", "v=spf1   -ip4:192.0.2.1   all   ", RIGHT(MXW_SPF_FAIL) },
	{ "4.6.1 a tab divides no terms", "v=spf1 mx\t-all", WRONG },
	{ "4.6.1 a comma divides no terms", "v=spf1 mx,-all", WRONG },
	{ "4.6.1 an octet beyond ASCII", "v=spf1 exists:\xe9.example.org -all", WRONG },
	{ "4.6.1 a dash that is no hyphen",
	  "v=spf1 \xe2\x80\x93"
	  "all",
	  WRONG },
	{ "4.6.1 NUL", NULL, IN_TXT("example.com", "v=spf1 a\\000 -all"), MXW_SPF_PERMERROR, MXW_SPF_SYNTAX },
	{ "4.6.1 line feed at the end", "v=spf1 -all\n", WRONG },
};

static const struct spf_world order[] = {
	{ "4.6.2 no qualifier: pass", "v=spf1 ip4:192.0.2.1", RIGHT(MXW_SPF_PASS) },
	{ "4.6.2 plus: pass", "v=spf1 +ip4:192.0.2.1", RIGHT(MXW_SPF_PASS) },
	{ "4.6.2 minus: fail", "v=spf1 -ip4:192.0.2.1", RIGHT(MXW_SPF_FAIL) },
	{ "4.6.2 tilde: softfail", "v=spf1 ~ip4:192.0.2.1", RIGHT(MXW_SPF_SOFTFAIL) },
	{ "4.6.2 question mark: neutral", "v=spf1 ?ip4:192.0.2.1 +all", RIGHT(MXW_SPF_NEUTRAL) },
	{ "4.6.2 from left to right, the first match decides", "v=spf1 -ip4:10.0.0.1 ~ip4:192.0.2.1 -ip4:192.0.2.1 all",
	  RIGHT(MXW_SPF_SOFTFAIL), .by = "example.com ~ip4:192.0.2.1" },
	{ "4.6.2 an exception ends the evaluation", "v=spf1 a:broken.example.org ip4:192.0.2.1 -all",
	  "broken.example.org A SERVFAIL\n", MXW_SPF_TEMPERROR, MXW_SPF_LOOKUP_FAILED, .cost = "1/0",
	  .by = "example.com a:broken.example.org" },
	{ "4.6.2 an exception behind a match is never met", "v=spf1 ip4:192.0.2.1 a:broken.example.org -all",
	  "broken.example.org A SERVFAIL\n", MXW_SPF_PASS, .cost = "0/0", .asked = SPF_ONE_QUESTION },
	{ "4.6.2 temperror before permerror", "v=spf1 a:broken.example.org include:none.example.org -all",
	  "broken.example.org A SERVFAIL\n", MXW_SPF_TEMPERROR, MXW_SPF_LOOKUP_FAILED },
	{ "4.6.2 permerror before temperror", "v=spf1 include:none.example.org a:broken.example.org -all",
	  "broken.example.org A SERVFAIL\n", MXW_SPF_PERMERROR, MXW_SPF_TARGET_NONE,
	  .asked = SPF_ONE_QUESTION " none.example.org/TXT" },
	{ "4.6.3 modifiers are no mechanisms: their place means nothing",
	  "v=spf1 redirect=a.example.org x=y ip4:192.0.2.1", RIGHT(MXW_SPF_PASS) },
	{ "4.7 nothing matches, no redirect: neutral", "v=spf1 ip4:10.0.0.0/8 -ip4:10.1.0.0/16", RIGHT(MXW_SPF_NEUTRAL),
	  .by = "example.com " },
	{ "4.7 nothing matches, exp and unknown modifiers: neutral", "v=spf1 -ip4:10.0.0.1 exp=a.example.org x=y",
	  RIGHT(MXW_SPF_NEUTRAL), .explanation = "" },
};

static const struct spf_world targets[] = {
	{ "4.8 no domain: the one that is checked", "v=spf1 a mx ptr -all", IN_A("example.com", "10.0.0.1"),
	  MXW_SPF_FAIL, .asked = SPF_ONE_QUESTION " example.com/A example.com/MX " SPF_REVERSE4 "/PTR", .cost = "3/2" },
	{ "4.8 no domain inside an include: the included one", "v=spf1 include:a.example.org -all",
	  IN_TXT("a.example.org", "v=spf1 a") IN_A("a.example.org", "192.0.2.1"), MXW_SPF_PASS,
	  .asked = SPF_ONE_QUESTION " a.example.org/TXT a.example.org/A" },
	{ "4.8 the target is macro-expanded", "v=spf1 a:%{l}.example.org -all", IN_A("user.example.org", "192.0.2.1"),
	  MXW_SPF_PASS, .by = "example.com a:%{l}.example.org" },
	{ "4.8 a final dot", "v=spf1 a:a.example.org. -all", IN_A("a.example.org", "192.0.2.1"), MXW_SPF_PASS,
	  .asked = SPF_ONE_QUESTION " a.example.org/A" },
	{ "4.8 a final dot of an include's domain is no label of it", "v=spf1 include:a.example.org. -all",
	  IN_TXT("a.example.org", "v=spf1 exists:%{d2}.%{d}.x.org -all") IN_A("*.x.org", "127.0.0.2"), MXW_SPF_PASS,
	  .asked = SPF_ONE_QUESTION " a.example.org/TXT example.org.a.example.org.x.org/A" },
	{ "4.8 a final dot of a redirect's domain is no label of it", "v=spf1 redirect=a.example.org.",
	  IN_TXT("a.example.org", "v=spf1 exists:%{d1}.x.org -all") IN_A("*.x.org", "127.0.0.2"), MXW_SPF_PASS,
	  .asked = SPF_ONE_QUESTION " a.example.org/TXT org.x.org/A" },
	{ "4.8 any visible letter is allowed in a label", "v=spf1 exists:!$&'*,;<>^`|~/.example.org -all",
	  IN_A("*.example.org", "127.0.0.2"), MXW_SPF_PASS,
	  .asked = SPF_ONE_QUESTION " !\\$&'*,\\;<>^`|~/.example.org/A" },
	{ "4.8 a single label is no domain", "v=spf1 a:mailserver -all", WRONG },
	{ "4.8 the last label holds a letter", "v=spf1 a:mail.123 -all", WRONG },
	{ "4.8 an address is no domain", "v=spf1 a:192.0.2.1 -all", WRONG },
	{ "4.8 the last label does not begin with a hyphen", "v=spf1 a:mail.-org -all", WRONG },
	{ "4.8 the last label does not end in a hyphen", "v=spf1 a:mail.org- -all", WRONG },
	{ "4.8 the last label has hyphens inside", "v=spf1 a:mail.xn--p1ai -all", IN_A("mail.xn--p1ai", "192.0.2.1"),
	  MXW_SPF_PASS },
	{ "4.8 the last label has digits and a hyphen", "v=spf1 a:mail.1-2 -all", IN_A("mail.1-2", "192.0.2.1"),
	  MXW_SPF_PASS },
	{ "4.8 an empty label inside the name: no match, nothing asked", "v=spf1 a:a..example.org -all", "",
	  MXW_SPF_FAIL, .asked = SPF_ONE_QUESTION, .cost = "1/0" },
	{ "4.8 an empty label in front: no match, nothing asked", "v=spf1 exists:.example.org mx:.example.org -all", "",
	  MXW_SPF_FAIL, .asked = SPF_ONE_QUESTION, .cost = "2/0" },
	{ "4.8 label of 64 octets: no match, nothing asked", "v=spf1 a:" LABEL_64 ".org mx:" LABEL_64 ".org -all", "",
	  MXW_SPF_FAIL, .asked = SPF_ONE_QUESTION, .cost = "2/0" },
	{ "4.8 label of 63 octets", "v=spf1 a:" LABEL_63 ".org -all", IN_A(LABEL_63 ".org", "192.0.2.1"),
	  MXW_SPF_PASS },
	{ "4.8 two final dots", "v=spf1 a:example.org.. -all", WRONG },
};

static void test_initial(void **state)
{
	spf_world_run(initial, MXW_ARRAY_SIZE(initial));
}

static void test_selection(void **state)
{
	spf_world_run(selection, MXW_ARRAY_SIZE(selection));
}

static void test_syntax(void **state)
{
	spf_world_run(syntax, MXW_ARRAY_SIZE(syntax));
}

static void test_order(void **state)
{
	spf_world_run(order, MXW_ARRAY_SIZE(order));
}

static void test_targets(void **state)
{
	spf_world_run(targets, MXW_ARRAY_SIZE(targets));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_initial), cmocka_unit_test(test_selection), cmocka_unit_test(test_syntax),
		cmocka_unit_test(test_order),   cmocka_unit_test(test_targets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
