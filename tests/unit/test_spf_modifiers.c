/* redirect, exp, and modifiers that nobody knows: RFC 7208 6. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "tests/unit/spf_world.h"

#define WRONG "", MXW_SPF_PERMERROR, MXW_SPF_SYNTAX, .cost = "0/0", .asked = SPF_ONE_QUESTION
#define RIGHT(result) "", result, .cost = "0/0", .asked = SPF_ONE_QUESTION
#define TARGET_NONE MXW_SPF_PERMERROR, MXW_SPF_TARGET_NONE

static const struct spf_world any[] = {
	{ "6 redirect twice: permerror", "v=spf1 redirect=a.example.org redirect=a.example.org", WRONG },
	{ "6 redirect twice, in another case: permerror", "v=spf1 redirect=a.example.org REDIRECT=b.example.org",
	  WRONG },
	{ "6 redirect twice beside all: permerror", "v=spf1 redirect=a.example.org -all redirect=b.example.org",
	  WRONG },
	{ "6 exp twice: permerror", "v=spf1 exp=a.example.org exp=a.example.org +all", WRONG },
	{ "6 unknown modifiers are ignored wherever they are",
	  "v=spf1 x=y ip4:10.0.0.1 moo=%{d} ip4:192.0.2.1 foo=bar -all", RIGHT(MXW_SPF_PASS) },
	{ "6 unknown modifiers are ignored however often they are", "v=spf1 x=y x=y X=z -all x=y",
	  RIGHT(MXW_SPF_FAIL) },
	{ "6 an unknown modifier may be empty", "v=spf1 x= -all", RIGHT(MXW_SPF_FAIL) },
	{ "6 an unknown modifier is a macro-string", "v=spf1 x=a:b/c=%%%_%-%{c}%{R}%{t}%{l1r+} -all",
	  RIGHT(MXW_SPF_FAIL) },
	{ "6 a wrong macro in an unknown modifier: permerror", "v=spf1 x=%{q} -all", WRONG },
	{ "6 a single percent in an unknown modifier: permerror", "v=spf1 x=100% -all", WRONG },
};

#define REDIRECT "v=spf1 ip4:10.0.0.1 redirect=a.example.org"
#define TARGET(record) IN_TXT("a.example.org", record)

static const struct spf_world redirect[] = {
	{ "6.1 nothing matches: the result is that of the target", REDIRECT, TARGET("v=spf1 ~all"), MXW_SPF_SOFTFAIL,
	  .cost = "1/0", .asked = SPF_ONE_QUESTION " a.example.org/TXT", .by = "a.example.org ~all" },
	{ "6.1 pass", REDIRECT, TARGET("v=spf1 ip4:192.0.2.1 -all"), MXW_SPF_PASS },
	{ "6.1 fail", REDIRECT, TARGET("v=spf1 -all"), MXW_SPF_FAIL },
	{ "6.1 neutral", REDIRECT, TARGET("v=spf1 ip4:10.0.0.1"), MXW_SPF_NEUTRAL },
	{ "6.1 something matches: the target is not asked", "v=spf1 redirect=a.example.org -ip4:192.0.2.1",
	  RIGHT(MXW_SPF_FAIL) },
	{ "6.1 its place means nothing: mechanisms behind it come first", "v=spf1 redirect=a.example.org a",
	  TARGET("v=spf1 ~all") IN_A("example.com", "192.0.2.1"), MXW_SPF_PASS,
	  .asked = SPF_ONE_QUESTION " example.com/A" },
	{ "6.1 temperror", REDIRECT, "a.example.org TXT SERVFAIL\n", MXW_SPF_TEMPERROR, MXW_SPF_LOOKUP_FAILED,
	  .cost = "1/0" },
	{ "6.1 temperror of a term of the target", REDIRECT, TARGET("v=spf1 mx -all") "a.example.org MX TIMEOUT\n",
	  MXW_SPF_TEMPERROR, MXW_SPF_LOOKUP_FAILED, .by = "a.example.org mx" },
	{ "6.1 permerror, syntax", REDIRECT, TARGET("v=spf1 -all wrong"), MXW_SPF_PERMERROR, MXW_SPF_SYNTAX,
	  .by = "a.example.org wrong" },
	{ "6.1 permerror, two records", REDIRECT, TARGET("v=spf1 -all") TARGET("v=spf1 +all"), MXW_SPF_PERMERROR,
	  MXW_SPF_MULTIPLE },
	{ "6.1 none, no record: permerror", REDIRECT, TARGET("x"), TARGET_NONE, .cost = "1/0" },
	{ "6.1 none, no such domain: permerror", REDIRECT, "", TARGET_NONE, .cost = "1/0",
	  .by = "example.com redirect=a.example.org" },
	{ "6.1 none, no name for DNS: permerror", "v=spf1 redirect=a..example.org", "", TARGET_NONE, .cost = "1/0",
	  .asked = SPF_ONE_QUESTION },
	{ "6.1 %{d} is the target in its record, the sender stays", REDIRECT,
	  TARGET("v=spf1 exists:%{d}.%{o}.%{l}.x.org -all") IN_A("*.x.org", "127.0.0.2"), MXW_SPF_PASS,
	  .asked = SPF_ONE_QUESTION " a.example.org/TXT a.example.org.example.com.user.x.org/A" },
	{ "6.1 mechanisms of the target without domain mean the target", REDIRECT,
	  TARGET("v=spf1 a -all") IN_A("a.example.org", "192.0.2.1"), MXW_SPF_PASS },
	{ "6.1 the target is macro-expanded", "v=spf1 redirect=%{l}.%{d}.%{v}.org",
	  IN_TXT("user.example.com.in-addr.org", "v=spf1 ~all"), MXW_SPF_SOFTFAIL },
	{ "6.1 the target redirects again", REDIRECT,
	  TARGET("v=spf1 redirect=b.example.org") IN_TXT("b.example.org", "v=spf1 ~all"), MXW_SPF_SOFTFAIL,
	  .cost = "2/0" },
	{ "6.1 a redirect inside an include ends there", "v=spf1 include:a.example.org ~all",
	  TARGET("v=spf1 redirect=b.example.org") IN_TXT("b.example.org", "v=spf1 -all"), MXW_SPF_SOFTFAIL,
	  .by = "example.com ~all" },
	{ "6.1 all inside an include keeps no redirect outside from its turn",
	  "v=spf1 include:a.example.org redirect=b.example.org",
	  TARGET("v=spf1 -all") IN_TXT("b.example.org", "v=spf1 ~all"), MXW_SPF_SOFTFAIL, .cost = "2/0" },
	{ "6.1 a redirect to nowhere inside an include: permerror", "v=spf1 include:a.example.org ~all",
	  TARGET("v=spf1 redirect=b.example.org"), TARGET_NONE },
	{ "6.1 needs a domain", "v=spf1 redirect=", WRONG },
	{ "6.1 has no prefix length", "v=spf1 redirect=a.example.org/24", WRONG },
	{ "6.1 a single label", "v=spf1 redirect=localhost", WRONG },
};

#define EXPLAINED "v=spf1 ip4:10.0.0.1 -all exp=why.example.org"
#define WHY(text) IN_TXT("why.example.org", text)
#define NOT_EXPLAINED MXW_SPF_FAIL, .explanation = ""

static const struct spf_world explanation[] = {
	{ "6.2 a fail is explained", EXPLAINED, WHY("Mail of %{o} does not come from %{i}."), MXW_SPF_FAIL,
	  .explanation = "Mail of example.com does not come from 192.0.2.1.", .cost = "0/0",
	  .asked = SPF_ONE_QUESTION " why.example.org/TXT" },
	{ "6.2 its place means nothing", "v=spf1 exp=why.example.org -ip4:192.0.2.1 +all", WHY("why"), MXW_SPF_FAIL,
	  .explanation = "why" },
	{ "6.2 strings are joined without a space", EXPLAINED, "why.example.org. 300 IN TXT \"no%\" \"{d}t\" \" so\"\n",
	  MXW_SPF_FAIL, .explanation = "noexample.comt so" },
	{ "6.2 spaces stay", EXPLAINED, WHY("  a  b  "), MXW_SPF_FAIL, .explanation = "  a  b  " },
	{ "6.2 the target is macro-expanded", "v=spf1 -all exp=%{l}.%{d}", IN_TXT("user.example.com", "why"),
	  MXW_SPF_FAIL, .explanation = "why" },
	{ "6.2 an alias is followed", EXPLAINED,
	  IN_CNAME("why.example.org", "x.example.org") IN_TXT("x.example.org", "why"), MXW_SPF_FAIL,
	  .explanation = "why" },
	{ "6.2 no exp", "v=spf1 -all", "", NOT_EXPLAINED, .asked = SPF_ONE_QUESTION },
	{ "6.2 softfail is not explained", "v=spf1 ~all exp=why.example.org", WHY("why"), MXW_SPF_SOFTFAIL,
	  .explanation = "", .asked = SPF_ONE_QUESTION },
	{ "6.2 pass is not explained", "v=spf1 +all exp=why.example.org", WHY("why"), MXW_SPF_PASS, .explanation = "",
	  .asked = SPF_ONE_QUESTION },
	{ "6.2 no such domain", EXPLAINED, "", NOT_EXPLAINED, .cost = "0/0",
	  .asked = SPF_ONE_QUESTION " why.example.org/TXT" },
	{ "6.2 no TXT record", EXPLAINED, IN_A("why.example.org", "10.0.0.1"), NOT_EXPLAINED },
	{ "6.2 lookup fails", EXPLAINED, "why.example.org TXT SERVFAIL\n", NOT_EXPLAINED },
	{ "6.2 lookup times out", EXPLAINED, "why.example.org TXT TIMEOUT\n", NOT_EXPLAINED },
	{ "6.2 alias loop", EXPLAINED, IN_CNAME("why.example.org", "why.example.org"), NOT_EXPLAINED },
	{ "6.2 two records", EXPLAINED, WHY("one") WHY("two"), NOT_EXPLAINED },
	{ "6.2 empty text", EXPLAINED, WHY(""), NOT_EXPLAINED },
	{ "6.2 unknown macro letter", EXPLAINED, WHY("why %{q}"), NOT_EXPLAINED },
	{ "6.2 single percent", EXPLAINED, WHY("100% sure"), NOT_EXPLAINED },
	{ "6.2 octets beyond ASCII", EXPLAINED, WHY("pourquoi \\195\\169"), NOT_EXPLAINED },
	{ "6.2 control characters", EXPLAINED, WHY("why\\013\\010250 OK"), NOT_EXPLAINED },
	{ "6.2 NUL", EXPLAINED, WHY("why\\000not"), NOT_EXPLAINED },
	{ "6.2 a local part beyond ASCII", EXPLAINED, WHY("not for %{l}"), NOT_EXPLAINED,
	  .mail_from = "m\xc3\xbcller@example.com" },
	{ "6.2 no name for DNS: nothing is asked", "v=spf1 -all exp=a..example.org", "", NOT_EXPLAINED,
	  .asked = SPF_ONE_QUESTION },
	{ "6.2 no name for this message: nothing is asked", "v=spf1 -all exp=%{l}.example.org", "", NOT_EXPLAINED,
	  .asked = SPF_ONE_QUESTION, .mail_from = "m\xc3\xbcller@example.com" },
	{ "6.2 a SPF record is a text as any other", EXPLAINED, WHY("v=spf1 -all"), MXW_SPF_FAIL,
	  .explanation = "v=spf1 -all" },
	{ "6.2 of an include that fails: ignored", "v=spf1 include:a.example.org -all",
	  TARGET("v=spf1 -all exp=why.example.org") WHY("why"), NOT_EXPLAINED,
	  .asked = SPF_ONE_QUESTION " a.example.org/TXT" },
	{ "6.2 of an include that matches: ignored", "v=spf1 -include:a.example.org",
	  TARGET("v=spf1 +all exp=why.example.org") WHY("why"), NOT_EXPLAINED,
	  .asked = SPF_ONE_QUESTION " a.example.org/TXT" },
	{ "6.2 the record's own beside that of an include", "v=spf1 -include:a.example.org exp=b.example.org",
	  TARGET("v=spf1 +all exp=why.example.org") WHY("why") IN_TXT("b.example.org", "own %{d}"), MXW_SPF_FAIL,
	  .explanation = "own example.com" },
	{ "6.2 redirect: that of the target", "v=spf1 redirect=a.example.org exp=b.example.org",
	  TARGET("v=spf1 -all exp=why.example.org") WHY("why %{d} %{o}") IN_TXT("b.example.org", "own"), MXW_SPF_FAIL,
	  .explanation = "why a.example.org example.com",
	  .asked = SPF_ONE_QUESTION " a.example.org/TXT why.example.org/TXT" },
	{ "6.2 redirect: the target has none", "v=spf1 redirect=a.example.org exp=b.example.org",
	  TARGET("v=spf1 -all") IN_TXT("b.example.org", "own"), NOT_EXPLAINED,
	  .asked = SPF_ONE_QUESTION " a.example.org/TXT" },
	{ "6.2 redirect inside an include: none of theirs", "v=spf1 -include:a.example.org",
	  TARGET("v=spf1 redirect=b.example.org") IN_TXT("b.example.org", "v=spf1 +all exp=why.example.org") WHY("why"),
	  NOT_EXPLAINED },
	{ "6.2 a permerror is not explained", "v=spf1 include:a.example.org -all exp=why.example.org", WHY("why"),
	  TARGET_NONE, .explanation = "", .asked = SPF_ONE_QUESTION " a.example.org/TXT" },
	{ "6.2 is no term that counts, nor a void", "v=spf1 a:a.example.org a:b.example.org -all exp=why.example.org",
	  "", NOT_EXPLAINED, .cost = "2/2" },
	{ "6.2 needs a domain", "v=spf1 exp= -all", WRONG },
	{ "6.2 has no single label", "v=spf1 exp=why -all", WRONG },
	{ "6.2 no macro of texts in the domain", "v=spf1 exp=%{r}.example.org -all", WRONG },
};

static void test_any(void **state)
{
	spf_world_run(any, MXW_ARRAY_SIZE(any));
}

static void test_redirect(void **state)
{
	spf_world_run(redirect, MXW_ARRAY_SIZE(redirect));
}

static void test_explanation(void **state)
{
	spf_world_run(explanation, MXW_ARRAY_SIZE(explanation));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any),
		cmocka_unit_test(test_redirect),
		cmocka_unit_test(test_explanation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
