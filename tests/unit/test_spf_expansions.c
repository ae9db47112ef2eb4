/* Macros as an evaluation meets them: RFC 7208 7, RFC 8616 4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "tests/unit/spf_world.h"

/* What a domain-spec becomes: the name that `exists` asks for. */
#define ASKS(macros, name)                                                           \
	"v=spf1 exists:" macros " -all", IN_A("*.x.org", "127.0.0.2"), MXW_SPF_PASS, \
		.asked = SPF_ONE_QUESTION " " name "/A", .cost = "1/0"
#define ASKS_NOTHING(macros)                                                                                    \
	"v=spf1 exists:" macros " -all", IN_A("*.x.org", "127.0.0.2"), MXW_SPF_FAIL, .asked = SPF_ONE_QUESTION, \
										     .cost = "1/0"
#define WRONG(macros) \
	"v=spf1 exists:" macros " -all", "", MXW_SPF_PERMERROR, MXW_SPF_SYNTAX, .cost = "0/0", .asked = SPF_ONE_QUESTION
/* What an explanation becomes. */
#define SAYS(text, becomes) "v=spf1 -all exp=why.x.org", IN_TXT("why.x.org", text), MXW_SPF_FAIL, .explanation = becomes

#define LABEL_63 "abcdefghijklmnopqrstuvwxyz01234567890abcdefghijklmnopqrstuvwxyz"
#define LABEL_55 "abcdefghijklmnopqrstuvwxyz01234567890abcdefghijklmnopqr"
#define MULLER "m\xc3\xbcller@example.com"

static const struct spf_world syntax[] = {
	{ "7.1 a percent alone", WRONG("%.x.org") },
	{ "7.1 a percent at the end", WRONG("a.x.org%") },
	{ "7.1 a percent before a letter", WRONG("%d.x.org") },
	{ "7.1 a percent before a digit", WRONG("a%20b.x.org") },
	{ "7.1 no letter", WRONG("%{}.x.org") },
	{ "7.1 unknown letter", WRONG("%{q}.x.org") },
	{ "7.1 two letters", WRONG("%{do}.x.org") },
	{ "7.1 no closing brace", WRONG("%{d") },
	{ "7.1 round brackets", WRONG("%(d).x.org") },
	{ "7.1 r before the digits", WRONG("%{dr2}.x.org") },
	{ "7.1 r twice", WRONG("%{drr}.x.org") },
	{ "7.1 delimiter before the digits", WRONG("%{l-1}.x.org") },
	{ "7.1 delimiter before r", WRONG("%{l-r}.x.org") },
	{ "7.1 no delimiter", WRONG("%{l:}.x.org") },
	{ "7.1 digits below nothing", WRONG("%{d-1}.x.org") },
	{ "7.1 a domain may end in a macro", "v=spf1 exists:x.%{o} -all", IN_A("x.example.com", "127.0.0.2"),
	  MXW_SPF_PASS, .asked = SPF_ONE_QUESTION " x.example.com/A" },
	{ "7.1 text behind the last macro is no domain end", WRONG("x.%{o}g") },
	{ "7.2 letter c is for explanations", WRONG("%{c}.x.org") },
	{ "7.2 letter r is for explanations", WRONG("%{r}.x.org") },
	{ "7.2 letter t is for explanations", WRONG("%{t}.x.org") },
	{ "7.2 letter C is for explanations", WRONG("%{C}.x.org") },
	{ "7.3 zero right-hand parts", WRONG("%{d0}.x.org") },
	{ "7.3 zero right-hand parts in many digits", WRONG("%{d000}.x.org") },
};

static const struct spf_world letters[] = {
	{ "7.2 %% is a percent", ASKS("a%%b.x.org", "a%b.x.org") },
	{ "7.2 %_ is a space", ASKS("a%_b.x.org", "a\\032b.x.org") },
	{ "7.2 %- is an encoded space", ASKS("a%-b.x.org", "a%20b.x.org") },
	{ "7.2 s: the sender", ASKS("%{s}.x.org", "user\\@example.com.x.org") },
	{ "7.2 s: the sender of the HELO identity", ASKS("%{s}.x.org", "postmaster\\@example.com.x.org"),
	  .mail_from = "", .helo = "example.com" },
	{ "7.2 l: the local part", ASKS("%{l}.x.org", "user.x.org") },
	{ "7.2 l: the local part keeps its quotes", ASKS("%{l}.x.org", "\\\"a\\032b\\\".x.org"),
	  .mail_from = "\"a b\"@example.com" },
	{ "7.2 l: dots inside quotes divide labels", ASKS("%{lr}.x.org", "b\\\".\\\"a.x.org"),
	  .mail_from = "\"a.b\"@example.com" },
	{ "7.2 l: a missing local part is postmaster", ASKS("%{l}.x.org", "postmaster.x.org"),
	  .mail_from = "@example.com" },
	{ "7.2 o: the domain of the sender", ASKS("%{o}.x.org", "example.com.x.org") },
	{ "7.2 d: the domain", ASKS("%{d}.x.org", "example.com.x.org") },
	{ "7.2 i: an IPv4 address", ASKS("%{i}.x.org", "192.0.2.1.x.org") },
	{ "7.2 i: an IPv6 address is 32 nibbles",
	  ASKS("%{i}.x.org", "2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.x.org"),
	  .ip = "2001:db8::1" },
	{ "7.2 i: an IPv4-mapped address is IPv4", ASKS("%{i}.%{v}.x.org", "192.0.2.1.in-addr.x.org"),
	  .ip = "::ffff:192.0.2.1" },
	{ "7.2 v: in-addr", ASKS("%{v}.x.org", "in-addr.x.org") },
	{ "7.2 v: ip6", ASKS("%{v}.x.org", "ip6.x.org"), .ip = "2001:db8::1" },
	{ "7.2 h: the HELO name", ASKS("%{h}.x.org", "mail.example.com.x.org") },
	{ "7.2 h: a HELO that is an address literal", ASKS("%{h}.x.org", "[192.0.2.1].x.org"), .helo = "[192.0.2.1]" },
	{ "7.2 letters in any case", ASKS("%{L}.%{D}.%{V}.x.org", "user.example.com.in-addr.x.org") },
	{ "7.2 c: a readable address", SAYS("%{c}", "2001:db8::1"), .ip = "2001:0DB8:0::0:1" },
	{ "7.2 c: a readable IPv4 address", SAYS("%{c}", "192.0.2.1"), .ip = "::ffff:192.0.2.1" },
	{ "7.2 t: the time", SAYS("%{t}", "1000000000") },
	{ "7.2 r: the receiver", SAYS("%{r}", "mx.example.net"), .receiver = "mx.example.net" },
	{ "7.2 r: no receiver is known", SAYS("%{r}", "unknown") },
	{ "7.2 all other letters in an explanation",
	  SAYS("%{s} %{l} %{o} %{d} %{i} %{v} %{h}",
	       "user@example.com user example.com example.com 192.0.2.1 in-addr mail.example.com") },
	{ "7.2 % in an explanation", SAYS("%%%_%-", "% %20") },
};

static const struct spf_world transformers[] = {
	{ "7.3 right-hand parts", ASKS("%{i2}.x.org", "2.1.x.org") },
	{ "7.3 one right-hand part", ASKS("%{d1}.x.org", "com.x.org") },
	{ "7.3 more right-hand parts than there are", ASKS("%{d3}.x.org", "example.com.x.org") },
	{ "7.3 far more right-hand parts than there are", ASKS("%{d18446744073709551617}.x.org", "example.com.x.org") },
	{ "7.3 digits with a leading zero", ASKS("%{d01}.x.org", "com.x.org") },
	{ "7.3 r reverses", ASKS("%{ir}.x.org", "1.2.0.192.x.org") },
	{ "7.3 parts are counted behind the reversal", ASKS("%{i1r}.x.org", "192.x.org") },
	{ "7.3 R reverses, too", ASKS("%{iR}.x.org", "1.2.0.192.x.org") },
	{ "7.3 a delimiter splits, dots join", ASKS("%{l-}.x.org", "a.b.c.x.org"), .mail_from = "a-b-c@example.com" },
	{ "7.3 a delimiter, reversed", ASKS("%{lr-}.x.org", "c.b.a.x.org"), .mail_from = "a-b-c@example.com" },
	{ "7.3 a delimiter and right-hand parts", ASKS("%{l2-}.x.org", "b.c.x.org"), .mail_from = "a-b-c@example.com" },
	{ "7.3 a delimiter replaces the dot", ASKS("%{lr-}.x.org", "c.a.b.x.org"), .mail_from = "a.b-c@example.com" },
	{ "7.3 a delimiter that does not occur", ASKS("%{lr+}.x.org", "a-b.x.org"), .mail_from = "a-b@example.com" },
	{ "7.3 any of several delimiters", ASKS("%{lr.-+,/_=}.x.org", "h.g.f.e.d.c.b.a.x.org"),
	  .mail_from = "a.b-c+d,e/f_g=h@example.com" },
	{ "7.3 an address reversed below its suffix",
	  ASKS("%{ir}.%{v}.x.org", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.x.org"),
	  .ip = "2001:db8::1" },
	{ "7.3 parts between two delimiters are empty: no name", ASKS_NOTHING("%{l-}.x.org"),
	  .mail_from = "a--b@example.com" },
	{ "7.3 capitals escape for URLs, unreserved characters stay",
	  SAYS("%{S} %{L} %{l}", "a%2Bb~c_d.e%3D%2F%25%40example.com a%2Bb~c_d.e%3D%2F%25 a+b~c_d.e=/%"),
	  .mail_from = "a+b~c_d.e=/%@example.com" },
	{ "7.3 capitals escape behind the transformers", ASKS("%{L2-}.x.org", "b%2bc.d.x.org"),
	  .mail_from = "a-b+c-d@example.com" },
	{ "7.3 253 octets stay", ASKS("%{l}.x.org", LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_55 ".x.org"),
	  .mail_from = LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_55 "@example.com" },
	{ "7.3 253 octets and a final dot stay",
	  ASKS("%{l}.x.org.", LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_55 ".x.org"),
	  .mail_from = LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_55 "@example.com" },
	{ "7.3 of 254 octets the first label goes", ASKS("%{l}.x.org", LABEL_63 "." LABEL_63 "." LABEL_55 "s.x.org"),
	  .mail_from = LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_55 "s@example.com" },
	{ "7.3 labels go until no more than 253 octets are left",
	  ASKS("%{l}.%{l}.x.org", LABEL_63 "." LABEL_63 "." LABEL_63 ".x.org"),
	  .mail_from = LABEL_63 "." LABEL_63 "." LABEL_63 "@example.com" },
	{ "7.3 a label too long stays too long: no name", ASKS_NOTHING("%{l}.x.org"),
	  .mail_from = "a" LABEL_63 "@example.com" },
	{ "7.3 literal text is shortened, too",
	  ASKS(LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63 ".x.org", LABEL_63 "." LABEL_63 "." LABEL_63 ".x.org") },
};

#define NAMED(name) IN_PTR(SPF_REVERSE4, name)
#define LEADS_BACK(name) IN_A(name, "192.0.2.1")
#define VALIDATED "v=spf1 exists:%{p}.x.org -all"
#define EXISTS(name) IN_A(name ".x.org", "127.0.0.2")

static const struct spf_world validated[] = {
	{ "7.3 p: a validated name", VALIDATED, NAMED("a.org") LEADS_BACK("a.org") EXISTS("a.org"), MXW_SPF_PASS,
	  .cost = "1/0", .asked = SPF_ONE_QUESTION " " SPF_REVERSE4 "/PTR a.org/A a.org.x.org/A" },
	{ "7.3 p: the domain before names below it and others", VALIDATED,
	  NAMED("a.org") NAMED("a.example.com") NAMED("example.com") LEADS_BACK("a.org") LEADS_BACK("a.example.com")
		  LEADS_BACK("example.com") EXISTS("example.com"),
	  MXW_SPF_PASS },
	{ "7.3 p: names below the domain before others", VALIDATED,
	  NAMED("a.org") NAMED("m.example.com") NAMED("z.org") LEADS_BACK("a.org") LEADS_BACK("m.example.com")
		  LEADS_BACK("z.org") EXISTS("m.example.com"),
	  MXW_SPF_PASS },
	{ "7.3 p: a name that ends alike is not below", VALIDATED,
	  NAMED("an-example.com") NAMED("m.example.com") LEADS_BACK("an-example.com") LEADS_BACK("m.example.com")
		  EXISTS("m.example.com"),
	  MXW_SPF_PASS },
	{ "7.3 p: the domain itself is not validated", VALIDATED,
	  NAMED("a.org") NAMED("example.com") LEADS_BACK("a.org") IN_A("example.com", "10.0.0.1") EXISTS("a.org"),
	  MXW_SPF_PASS },
	{ "7.3 p: the domain of an include", "v=spf1 include:i.org -all",
	  IN_TXT("i.org", VALIDATED) NAMED("m.example.com") NAMED("m.i.org") LEADS_BACK("m.example.com")
		  LEADS_BACK("m.i.org") EXISTS("m.i.org"),
	  MXW_SPF_PASS },
	{ "7.3 p: no PTR record, and no void", VALIDATED, EXISTS("unknown"), MXW_SPF_PASS, .cost = "1/0",
	  .asked = SPF_ONE_QUESTION " " SPF_REVERSE4 "/PTR unknown.x.org/A" },
	{ "7.3 p: no name leads back", VALIDATED, NAMED("a.org") IN_A("a.org", "10.0.0.1") EXISTS("unknown"),
	  MXW_SPF_PASS },
	{ "7.3 p: PTR lookup fails", VALIDATED, SPF_REVERSE4 " PTR SERVFAIL\n" EXISTS("unknown"), MXW_SPF_PASS },
	{ "7.3 p: address lookup of a name fails: the name is skipped", VALIDATED,
	  NAMED("a.org") NAMED("b.org") "a.org A SERVFAIL\n" LEADS_BACK("b.org") EXISTS("b.org"), MXW_SPF_PASS },
	{ "7.3 p: address lookup of the only name fails", VALIDATED,
	  NAMED("a.org") "a.org A TIMEOUT\n" EXISTS("unknown"), MXW_SPF_PASS },
	{ "7.3 p: an IPv6 client", VALIDATED,
	  IN_PTR(SPF_REVERSE6, "a.org") IN_AAAA("a.org", "2001:db8::1") EXISTS("a.org"), MXW_SPF_PASS,
	  .ip = "2001:db8::1" },
	{ "7.3 p: transformers", "v=spf1 exists:%{p1r}.x.org -all", NAMED("a.b.org") LEADS_BACK("a.b.org") EXISTS("a"),
	  MXW_SPF_PASS },
	{ "7.3 p: in an explanation", "v=spf1 -all exp=why.x.org",
	  NAMED("a.org") LEADS_BACK("a.org") IN_TXT("why.x.org", "you are %{p}"), MXW_SPF_FAIL,
	  .explanation = "you are a.org", .cost = "0/0",
	  .asked = SPF_ONE_QUESTION " why.x.org/TXT " SPF_REVERSE4 "/PTR a.org/A" },
	{ "7.3 p: in an explanation, lookup fails", "v=spf1 -all exp=why.x.org",
	  SPF_REVERSE4 " PTR SERVFAIL\n" IN_TXT("why.x.org", "you are %{p}"), MXW_SPF_FAIL,
	  .explanation = "you are unknown" },
};

/* RFC 8616 4. The record lets through whoever is not told apart by the local part. */
static const struct spf_world international[] = {
	{ "8616 4 exists and a local part beyond ASCII: no match", ASKS_NOTHING("%{l}.x.org"), .mail_from = MULLER },
	{ "8616 4 exists and such a sender: no match", ASKS_NOTHING("%{s}.x.org"), .mail_from = MULLER },
	{ "8616 4 the letter in capitals: no match", ASKS_NOTHING("%{L}.x.org"), .mail_from = MULLER },
	{ "8616 4 one ASCII part of it: no match", ASKS_NOTHING("%{l1r-}.x.org"),
	  .mail_from = "a-\xc3\xbc@example.com" },
	{ "8616 4 a: no match", "v=spf1 a:%{l}.x.org ~all", IN_A("*.x.org", "192.0.2.1"), MXW_SPF_SOFTFAIL,
	  .mail_from = MULLER, .asked = SPF_ONE_QUESTION, .cost = "1/0" },
	{ "8616 4 mx: no match", "v=spf1 mx:%{l}.x.org ~all", IN_A("*.x.org", "192.0.2.1"), MXW_SPF_SOFTFAIL,
	  .mail_from = MULLER, .asked = SPF_ONE_QUESTION, .cost = "1/0" },
	{ "8616 4 ptr: no match", "v=spf1 ptr:%{s}.x.org ~all", IN_PTR(SPF_REVERSE4, "m.x.org"), MXW_SPF_SOFTFAIL,
	  .mail_from = MULLER, .asked = SPF_ONE_QUESTION, .cost = "1/0" },
	{ "8616 4 include: no match", "v=spf1 include:%{l}.x.org ~all", IN_TXT("*.x.org", "v=spf1 +all"),
	  MXW_SPF_SOFTFAIL, .mail_from = MULLER, .asked = SPF_ONE_QUESTION, .cost = "1/0" },
	{ "8616 4 terms without the local part match as ever", ASKS("%{o}.%{d}.x.org", "example.com.example.com.x.org"),
	  .mail_from = MULLER },
	{ "8616 4 the domain of the sender as A-labels", NULL,
	  IN_TXT("xn--bcher-kva.example", "v=spf1 exists:%{o}.%{d}.x.org -all") IN_A("*.x.org", "127.0.0.2"),
	  MXW_SPF_PASS,
	  .mail_from = "user@b\xc3\xbc"
		       "cher.example",
	  .asked = "xn--bcher-kva.example/TXT xn--bcher-kva.example.xn--bcher-kva.example.x.org/A" },
	{ "8616 4 the HELO name as A-labels", ASKS("%{h}.x.org", "xn--bcher-kva.example.x.org"),
	  .helo = "b\xc3\xbc"
		  "cher.example" },
};

static void test_syntax(void **state)
{
	spf_world_run(syntax, MXW_ARRAY_SIZE(syntax));
}

static void test_letters(void **state)
{
	spf_world_run(letters, MXW_ARRAY_SIZE(letters));
}

static void test_transformers(void **state)
{
	spf_world_run(transformers, MXW_ARRAY_SIZE(transformers));
}

static void test_validated(void **state)
{
	spf_world_run(validated, MXW_ARRAY_SIZE(validated));
}

static void test_international(void **state)
{
	spf_world_run(international, MXW_ARRAY_SIZE(international));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_syntax),        cmocka_unit_test(test_letters),
		cmocka_unit_test(test_transformers),  cmocka_unit_test(test_validated),
		cmocka_unit_test(test_international),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
