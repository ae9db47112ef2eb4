/* What the check spf proposes: records as they would be published, whole; and what they are made of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/check/spf_correct.h"
#include "lib/check/spf_draft.h"
#include "lib/check/spf_reach.h"
#include "tests/unit/spf_worlds.h"

#define NOBODY_BUT(terms) " ; without \"" terms "\" nobody is left who may send: list those that do"
#define PUBLISH(record) "example.com. 300 IN TXT \"v=spf1 " record "\""
#define HOSTS "*.h.example.org. 300 IN A 20.0.0.9\n*.h.example.org. 300 IN AAAA 2a00:1::9\n"
#define A9                                                                                           \
	"a:1.h.example.org a:2.h.example.org a:3.h.example.org a:4.h.example.org a:5.h.example.org " \
	"a:6.h.example.org a:7.h.example.org a:8.h.example.org a:9.h.example.org "

#define OTHERS                                                                                   \
	"example.net. 300 IN MX 10 m0.example.net.\nexample.net. 300 IN MX 10 m1.example.net.\n" \
	"example.net. 300 IN MX 10 m2.example.net.\nexample.net. 300 IN MX 10 m3.example.net.\n" \
	"example.net. 300 IN MX 10 m4.example.net.\nexample.net. 300 IN MX 10 m5.example.net.\n" \
	"example.net. 300 IN MX 10 m6.example.net.\nexample.net. 300 IN MX 10 m7.example.net.\n" \
	"example.net. 300 IN MX 10 m8.example.net.\nexample.net. 300 IN MX 10 m9.example.net.\n" \
	"example.net. 300 IN MX 10 m10.example.net.\n"

static const struct mxw_ip private_sender = { 4, { 10, 0, 0, 1 } };
#define PRIVATE_SENDER                                     \
	{                                                  \
		.send_ip = &private_sender, .n_send_ip = 1 \
	}

struct fix_case {
	const char *zone, *id, *subject, *expect; /* subject NULL: example.com */
	struct mxw_profile profile;
};

/* Everything that a reader sees of the finding but its evidence. */
static void expand(const struct fix_case *fix, const char *(*template_of)(const struct mxw_finding_def *),
		   struct mxw_strbuf *ret)
{
	const struct zone_case world = { "fix", fix->zone, "", .profile = fix->profile };
	const struct mxw_finding_def *def = mxw_check_find_finding(fix->id, NULL);
	struct mxw_findings findings = { 0 };
	zone_view_judge(&mxw_check_spf, &world, &findings);
	const struct mxw_finding *finding = mxw_findings_get(&findings, def,
							     fix->subject ? fix->subject : "example.com");
	if (!finding || finding->vote != MXW_VOTE_YES)
		fail_msg("no %s in \"%s\"", fix->id, fix->zone);
	mxw_finding_expand(finding, template_of(def), ret);
	mxw_findings_done(&findings);
}

static const char *fix_of(const struct mxw_finding_def *def)
{
	return def->fix;
}

static const char *message_of(const struct mxw_finding_def *def)
{
	return def->message;
}

static void run(const struct fix_case *cases, size_t n, const char *(*template_of)(const struct mxw_finding_def *))
{
	size_t n_wrong = 0;
	for (size_t i = 0; i < n; i++) {
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		expand(&cases[i], template_of, &text);
		while (text.len && text.data[text.len - 1] == '\n') /* an alternative that is not there */
			text.data[--text.len] = '\0';
		if (strcmp(mxw_strbuf_get(&text), cases[i].expect) != 0) {
			print_error("%s: expected\n%s\ngot\n%s\n", cases[i].id, cases[i].expect, mxw_strbuf_get(&text));
			n_wrong++;
		}
		mxw_strbuf_done(&text);
	}
	assert_int_equal(n_wrong, 0);
}

static const struct fix_case record_cases[] = {
	{ "example.com. 300 IN A 20.0.0.1\n", "spf-none", NULL,
	  "example.com. 3600 IN TXT \"v=spf1 mx -all\" ; begin with ~all while you look for all senders\n"
	  "example.com. 3600 IN TXT \"v=spf1 -all\" ; if the domain sends no mail" },
	{ "example.com. 300 IN A 20.0.0.1\n", "spf-none", NULL,
	  "example.com. 3600 IN TXT \"v=spf1 mx ip4:20.0.0.1 ip6:2a00:1::1 -all\" ; begin with ~all while you look for "
	  "all "
	  "senders\nexample.com. 3600 IN TXT \"v=spf1 -all\" ; if the domain sends no mail",
	  TWO_SENDERS },
	{ "example.com. 300 IN TXT \"v=spf1; mx -all\"\n", "spf-version-typo", NULL, PUBLISH("mx -all") },
	{ "example.com. 300 IN TXT \"v=spf1,mx,ip:20.0.0.1,-all\"\n", "spf-version-typo", NULL,
	  PUBLISH("mx ip4:20.0.0.1 -all") },
	{ "example.com. 300 IN TXT \"\\226\\128\\156v=spf 1 mx -all\\226\\128\\157\"\n", "spf-version-typo", NULL,
	  PUBLISH("mx -all") },
	{ SPF("mx include:a.org ~all") SPF("INCLUDE:a.org a redirect=b.org -all"), "spf-multiple", NULL,
	  PUBLISH("mx include:a.org a -all") " ; and delete the other 2 records" },
	{ SPF("a") SPF("redirect=b.org"), "spf-multiple", NULL,
	  PUBLISH("a include:b.org ~all") " ; and delete the other 2 records" },
	{ SPF("redirect=a.org") SPF("ip:20.0.0.1 redirect=b.org"), "spf-multiple", NULL,
	  PUBLISH("include:a.org ip4:20.0.0.1 include:b.org ~all") " ; and delete the other 2 records" },
	{ SPF("a mx -all") SPF("a ~all"), "spf-multiple", NULL, PUBLISH("a mx -all") " ; and delete the other record" },
	{ SPF("a ~all") SPF("mx a -all") SPF("mx -all"), "spf-multiple", NULL,
	  PUBLISH("a mx -all") " ; and delete the other 3 records" },
	{ SPF("-all") SPF("+all") SPF("all"), "spf-multiple", NULL,
	  PUBLISH("-all") " ; and delete the other 2 records" },
	{ SPF("+all") SPF("all"), "spf-multiple", NULL, PUBLISH("~all") " ; and delete the other 2 records" },
	{ SPF("mx include:a.example.org -all") TXT("a.example.org", "a ?all") TXT("a.example.org", "mx ~all"),
	  "spf-multiple", "a.example.org",
	  "a.example.org. 300 IN TXT \"v=spf1 a mx ~all\" ; and delete the other 2 records\n" PUBLISH(
		  "mx -all") " ; until then, without \"include:a.example.org\"" },

	/* ---- syntax ---- */
	{ SPF("ip:20.0.0.1 ipv4:20.0.0.2 ipv6:2a00:1::1 ip4=20.0.0.3 ip6:20.0.0.4 ip4:2a00:1::2 20.0.0.5 -all"),
	  "spf-syntax", NULL,
	  PUBLISH("ip4:20.0.0.1 ip4:20.0.0.2 ip6:2a00:1::1 ip4:20.0.0.3 ip4:20.0.0.4 ip6:2a00:1::2 ip4:20.0.0.5 "
		  "-all") },
	{ SPF("include=a.example.org mx=b.example.org foo -all"), "spf-syntax", NULL,
	  PUBLISH("include:a.example.org mx:b.example.org -all") },
	{ SPF("include=a.example.org -all"), "spf-syntax", NULL, PUBLISH("include:a.example.org -all") },
	{ SPF("ip4:mail.example.org a:20.0.0.1 mx:20.0.0.2/28 -all"), "spf-syntax", NULL,
	  PUBLISH("a:mail.example.org ip4:20.0.0.1 ip4:20.0.0.2/28 -all") },
	/* No correction lets everybody pass. */
	{ SPF("mx *all"), "spf-syntax", NULL, PUBLISH("mx ~all") },
	{ SPF("mx .all"), "spf-syntax", NULL, PUBLISH("mx ~all") },
	{ SPF("mx all."), "spf-syntax", NULL, PUBLISH("mx ~all") },
	{ SPF("mx all-"), "spf-syntax", NULL, PUBLISH("mx ~all") },
	{ SPF("mx -all."), "spf-syntax", NULL, PUBLISH("mx -all") },
	{ SPF("ip:20.0.0.1 all"), "spf-syntax", NULL, PUBLISH("ip4:20.0.0.1 ~all") },
	/* A line end divides terms; what is legal stays as it is. */
	{ SPF("ip4:20.0.0.1/32\\013\\010mx\\009-all"), "spf-syntax", NULL, PUBLISH("ip4:20.0.0.1/32 mx -all") },
	{ SPF("ip:20.0.0.1 x=\\\"a\\\\b\\\" -all"), "spf-syntax", NULL, PUBLISH("ip4:20.0.0.1 x=\\\"a\\\\b\\\" -all") },
	{ SPF("ip:20.0.0.1 -all"), "spf-syntax", NULL, PUBLISH("-all"), SENDS_NO },
	{ SPF("include:a.example.org -all") TXT("a.example.org", "ip:20.0.0.1 -all"), "spf-syntax", "a.example.org",
	  PUBLISH("-all"), SENDS_NO },
	{ SPF("mx -all") SPF("a -all"), "spf-multiple", NULL, PUBLISH("-all") " ; and delete the other 2 records",
	  SENDS_NO },
	{ SPF("mx -all") SPF("-all"), "spf-multiple", NULL, PUBLISH("-all") " ; and delete the other record",
	  SENDS_NO },
	{ "example.com. 300 IN A 20.0.0.1\n", "spf-none", NULL, "example.com. 3600 IN TXT \"v=spf1 -all\"", SENDS_NO },
	{ "example.com. 300 IN TXT \"v=spf1; mx -all\"\n", "spf-version-typo", NULL, PUBLISH("-all"), SENDS_NO },
	{ SPF("ip4:20.0.0.1-all"), "spf-syntax", NULL, PUBLISH("ip4:20.0.0.1 -all") },
	{ SPF("ip4:20.0.0.0/33 ip4:20.0.0/24 ip4:20/8 ip4:20.0.0.1/024 -all"), "spf-syntax", NULL,
	  PUBLISH("ip4:20.0.0.0 ip4:20.0.0.0/24 ip4:20.0.0.0/8 ip4:20.0.0.1/24 -all") },
	{ SPF("include: a.example.org ip4: 20.0.0.1 - all"), "spf-syntax", NULL,
	  PUBLISH("include:a.example.org ip4:20.0.0.1 -all") },
	{ SPF("mx; ip4:20.0.0.1, inlcude:a.example.org redirect:b.example.org"), "spf-syntax", NULL,
	  PUBLISH("mx ip4:20.0.0.1 include:a.example.org redirect=b.example.org") },
	{ SPF("mx \\226\\128\\147all"), "spf-syntax", NULL, PUBLISH("mx -all") },
	{ SPF("mx redirect=a.example.org redirect=b.example.org"), "spf-syntax", NULL,
	  PUBLISH("mx redirect=a.example.org") },
	{ SPF("mx v=spf1 https://example.org/ -all -"), "spf-syntax", NULL, PUBLISH("mx -all") },
	{ SPF("mx include:a.example.org -all") TXT("a.example.org", "ip:20.0.0.1 -all"), "spf-syntax", "a.example.org",
	  "a.example.org. 300 IN TXT \"v=spf1 ip4:20.0.0.1 -all\"\n" PUBLISH(
		  "mx -all") " ; until then, without \"include:a.example.org\"" },
	{ SPF("mx include:_spf.example.com -all") TXT("_spf.example.com", "ip:20.0.0.1 -all"), "spf-syntax",
	  "_spf.example.com", "_spf.example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.1 -all\"" },
	{ SPF("include:_spf.example.com -all") TXT("_spf.example.com", "mx include:a.example.org -all")
		  TXT("a.example.org", "foo -all"),
	  "spf-syntax", "a.example.org",
	  "a.example.org. 300 IN TXT \"v=spf1 ~all\"" NOBODY_BUT(
		  "foo") "\n_spf.example.com. 300 IN TXT \"v=spf1 mx -all\" ; until then, without "
			 "\"include:a.example.org\"" },

	/* ---- nobody left: no mail is rejected for our mistake ---- */
	{ SPF("ip4:300.0.0.1 bar -all"), "spf-syntax", NULL, PUBLISH("~all") NOBODY_BUT("ip4:300.0.0.1 bar") },
	{ SPF("?mx foo -all"), "spf-syntax", NULL, PUBLISH("?mx ~all") NOBODY_BUT("foo") },
	{ SPF("foo ~all"), "spf-syntax", NULL, PUBLISH("~all") },
	{ SPF("foo -all"), "spf-syntax", NULL, PUBLISH("-all"), SENDS_NO },
	{ SPF("exp=%{ -all"), "spf-syntax", NULL, PUBLISH("-all") },
	{ SPF("foo -all") SPF("\\255 -all"), "spf-multiple", NULL,
	  PUBLISH("~all") NOBODY_BUT("\\xff foo") " ; and delete the other 2 records" },
	{ SPF("include:a.example.org -all"), "spf-include-none", "a.example.org",
	  PUBLISH("~all") NOBODY_BUT("include:a.example.org") },
	{ SPF("mx include:a.example.org -all"), "spf-include-none", "a.example.org", PUBLISH("mx -all") },
	{ SPF("include:a.example.org -all") TXT("a.example.org", "mx foo -all"), "spf-syntax", "a.example.org",
	  "a.example.org. 300 IN TXT \"v=spf1 mx -all\"\n" PUBLISH(
		  "~all") " ; until then, without \"include:a.example.org\"" },
	{ SPF("a:a.example.org a:b.example.org a:c.example.org -all"), "spf-void-lookups", NULL,
	  PUBLISH("~all") " ; nobody is left who may send: list those that do" },
	{ SPF("ip4:10.0.0.1 -all"), "spf-private-ip", "ip4:10.0.0.1/32",
	  PUBLISH("~all") " ; nobody is left who may send: list those that do" },
	{ SPF("?ip4:10.0.0.1 -all"), "spf-private-ip", "ip4:10.0.0.1/32", PUBLISH("-all") },

	/* ---- glue ---- */
	{ "example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.1\" \"include:a.example.org\" \"-all\"\n", "spf-join-glue", NULL,
	  PUBLISH("ip4:20.0.0.1 include:a.example.org -all") },
	{ "example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.1\" \"ip4:20.0.0.2\" \"ip4:20.0.0.3 mx\" \"-all\"\n",
	  "spf-join-glue", NULL, PUBLISH("ip4:20.0.0.1 ip4:20.0.0.2 ip4:20.0.0.3 mx -all") },
	{ "example.com. 300 IN TXT \"v=spf1 ip4:20.0.0.1\" \"include:a.example.org -all\"\n", "spf-syntax", NULL,
	  PUBLISH("ip4:20.0.0.1 include:a.example.org -all") },

	{ "example.com. 300 IN TXT \"v=spf1 include:a.example.org\" \"include:b.example.org -all\"\n",
	  "spf-include-none", "a.example.orginclude:b.example.org",
	  PUBLISH("include:a.example.org include:b.example.org -all") },
	{ "example.com. 300 IN TXT \"v=spf1 a:alpha.example.com\" \"mx -all\"\nalpha.example.com. 300 IN A 20.0.0.1\n",
	  "spf-join-glue", NULL, PUBLISH("a:alpha.example.com mx -all") },
	{ "example.com. 300 IN TXT \"v=spf1 a:alpha.example.com\" \"mx\"\nalpha.example.com. 300 IN A 20.0.0.1\n",
	  "spf-no-all", NULL, PUBLISH("a:alpha.example.com mx -all") },
	{ "example.com. 300 IN TXT \"v=spf1 a:alpha.example.com\" \"mx -all\"\nalpha.example.com. 300 IN A 20.0.0.1\n",
	  "spf-include-unregistered", "alpha.example.commx", PUBLISH("a:alpha.example.com mx -all") },

	/* ---- included records ---- */
	{ SPF("mx include:a.example.org -all") "a.example.org. 300 IN TXT \"x\"\n", "spf-include-none", "a.example.org",
	  PUBLISH("mx -all") },
	{ SPF("mx redirect=a.example.org") "a.example.org. 300 IN TXT \"x\"\n", "spf-include-none", "a.example.org",
	  PUBLISH("mx ~all") },
	{ SPF("mx include:a.example.org-all"), "spf-include-none", "a.example.org-all",
	  PUBLISH("mx include:a.example.org -all") },
	{ SPF("mx include:a.example.org -all") TXT("a.example.org", "include:b.example.net -all"), "spf-include-none",
	  "b.example.net",
	  PUBLISH("mx -all") " ; without \"include:a.example.org\", until a.example.org is corrected" },
	{ SPF("mx a:mail.gone-provider.net -all"), "spf-include-unregistered", "mail.gone-provider.net",
	  PUBLISH("mx -all") },
	{ SPF("mx include:a.example.org -all") TXT("a.example.org", "include:example.com -all"), "spf-loop", NULL,
	  PUBLISH("mx -all") " ; without \"include:a.example.org\", until a.example.org is corrected" },
	{ SPF("mx include:example.com -all"), "spf-loop", NULL, PUBLISH("mx -all") },

	/* ---- the answer ---- */
	{ SPF("-all") "example.com. 300 IN TXT \"spf2.0/pra \\\"a\\\"\"\n", "spf-senderid", NULL,
	  "; delete example.com. 300 IN TXT \"spf2.0/pra \\\"a\\\"\"" },
	{ SPF("mx include:a.example.org -all") "a.example.org TXT SERVFAIL\n", "spf-temperror", "a.example.org",
	  "see that every name server of a.example.org answers\n" PUBLISH(
		  "mx -all") " ; until then, without \"include:a.example.org\"" },
};

static void test_record_fixes(void **state)
{
	run(record_cases, MXW_ARRAY_SIZE(record_cases), fix_of);
}

static const struct fix_case limit_cases[] = {
	/* What leads nowhere and what is there twice goes first, then addresses take the place of hosts. */
	{ SPF(A9 "include:gone.example.org a:1.h.example.org ip4:20.0.0.1 -all") HOSTS, "spf-too-many-lookups", NULL,
	  PUBLISH("a:1.h.example.org a:2.h.example.org a:3.h.example.org a:4.h.example.org a:5.h.example.org "
		  "a:6.h.example.org a:7.h.example.org a:8.h.example.org a:9.h.example.org ip4:20.0.0.1 -all") " ; 9 "
													       "lookup"
													       "s" },
	{ SPF("a:a.example.com mx/24 exists:b.example.com " A9 "-all") HOSTS
	  "a.example.com. 300 IN A 20.0.0.1\na.example.com. 300 IN AAAA 2a00:1::1\n"
	  "example.com. 300 IN MX 10 m.example.com.\nm.example.com. 300 IN A 20.0.0.2\nb.example.com. 300 IN A "
	  "20.0.0.3\n",
	  "spf-too-many-lookups", NULL,
	  "example.com. 300 IN TXT \"v=spf1 ip6:2a00:1::1 ip4:20.0.0.2/24 exists:b.example.com "
	  "a:1.h.example.org a:2.h.example.org a:3.h.example.org a:4.h.example.org a:5.h.example.org a:6.h.example.org "
	  "a:7.h.example.org a:8.h.example.org a:9.h.example.org -all\" ; 10 lookups" },
	/* Networks of included records, the dearest first, only when nothing else helps. */
	{ SPF("exists:1.h.example.org exists:2.h.example.org exists:3.h.example.org exists:4.h.example.org "
	      "exists:5.h.example.org exists:6.h.example.org exists:7.h.example.org \" \"include:a.example.net "
	      "include:b.example.net include:c.example.net -all") HOSTS TXT("a.example.net", "ip4:20.1.0.0/24 ~all")
		  TXT("b.example.net", "ip4:20.2.0.0/24 include:d.example.net ~all") TXT(
			  "c.example.net", "exists:%{i}.example.net -all") TXT("d.example.net", "ip6:2a00:2::/48 -all"),
	  "spf-too-many-lookups", NULL,
	  "example.com. 300 IN TXT \"v=spf1 exists:1.h.example.org exists:2.h.example.org exists:3.h.example.org "
	  "exists:4.h.example.org exists:5.h.example.org exists:6.h.example.org exists:7.h.example.org "
	  "include:a.example.net ip4:20.2.0.0/24 ip6:2a00:2::/48 include:c.example.net -all\" ; 10 lookups; follow the "
	  "changes of the records whose networks stand here" },
	{ SPF("exists:1.h.example.org exists:2.h.example.org exists:3.h.example.org exists:4.h.example.org "
	      "exists:5.h.example.org exists:6.h.example.org exists:7.h.example.org \" \"exists:8.h.example.org "
	      "exists:9.h.example.org exists:10.h.example.org exists:11.h.example.org -all") HOSTS,
	  "spf-too-many-lookups", NULL, "; no term of example.com can be written shorter: drop what no mail needs" },
	{ SPF("redirect=a.example.net") TXT("a.example.net", A9 "a a:10.h.example.org -all") HOSTS
	  "a.example.net. 300 IN A 20.0.0.9\n",
	  "spf-too-many-lookups", NULL,
	  PUBLISH("ip4:20.0.0.9 ip6:2a00:1::9 a:2.h.example.org a:3.h.example.org a:4.h.example.org a:5.h.example.org "
		  "a:6.h.example.org a:7.h.example.org a:8.h.example.org a:9.h.example.org a:a.example.net "
		  "a:10.h.example.org -all") " ; 10 lookups; follow the changes of the records whose networks stand "
					     "here" },
	{ SPF(A9 "a:10.h.example.org a:11.h.example.org -all") HOSTS, "spf-too-many-lookups", NULL, PUBLISH("-all"),
	  SENDS_NO },
	{ SPF("include:1.i.example.org include:2.i.example.org include:3.i.example.org include:4.i.example.org "
	      "include:5.i.example.org include:6.i.example.org include:7.i.example.org include:8.i.example.org \" "
	      "\"include:9.i.example.org -all") "*.i.example.org. 300 IN TXT \"v=spf1 ip4:20.0.0.1 -all\"\n",
	  "spf-lookups-near", NULL, "; no term of example.com can be written shorter: drop what no mail needs" },
	{ SPF(A9 "-all") HOSTS, "spf-lookups-near", NULL,
	  PUBLISH("ip4:20.0.0.9 ip6:2a00:1::9 a:2.h.example.org a:3.h.example.org a:4.h.example.org a:5.h.example.org "
		  "a:6.h.example.org a:7.h.example.org a:8.h.example.org a:9.h.example.org -all") " ; 8 lookups" },

	{ SPF("a:x.example.com mx:y.example.com exists:z.example.com ip4:20.0.0.1 -all"), "spf-void-lookups", NULL,
	  PUBLISH("ip4:20.0.0.1 -all") },
	{ SPF("a:x.example.com a:y.example.com a:z.example.com -all") "x.example.com. 300 IN A 20.0.0.7\n"
								      "y.example.com. 300 IN A 20.0.0.8\n",
	  "spf-void-lookups", NULL, PUBLISH("ip4:20.0.0.7 ip4:20.0.0.8 -all") },
	{ SPF("ip4:20.0.0.1 include:a.example.net -all")
		  TXT("a.example.net", "a:x.example.net a:y.example.net a:z.example.net -all"),
	  "spf-void-lookups", NULL,
	  PUBLISH("ip4:20.0.0.1 -all") " ; without \"include:a.example.net\", until a.example.net is corrected" },
	{ SPF("exists:1.%{i}.x.example.com exists:2.%{i}.x.example.com exists:3.%{i}.x.example.com -all"),
	  "spf-void-lookups", NULL,
	  PUBLISH("ip4:20.0.0.1 exists:1.%{i}.x.example.com exists:2.%{i}.x.example.com exists:3.%{i}.x.example.com "
		  "-all"),
	  ONE_SENDER },
	{ SPF("mx ip4:20.0.0.1 -all") "example.com. 300 IN MX 10 m0.example.com.\nexample.com. 300 IN MX 10 "
				      "m1.example.com.\n"
				      "example.com. 300 IN MX 10 m2.example.com.\nexample.com. 300 IN MX 10 "
				      "m3.example.com.\n"
				      "example.com. 300 IN MX 10 m4.example.com.\nexample.com. 300 IN MX 10 "
				      "m5.example.com.\n"
				      "example.com. 300 IN MX 10 m6.example.com.\nexample.com. 300 IN MX 10 "
				      "m7.example.com.\n"
				      "example.com. 300 IN MX 10 m8.example.com.\nexample.com. 300 IN MX 10 "
				      "m9.example.com.\n"
				      "example.com. 300 IN MX 10 m10.example.com.\nm3.example.com. 300 IN A "
				      "20.0.0.3\nm7.example.com. 300 IN AAAA 2a00:1::7\n",
	  "spf-mx-too-many", NULL, PUBLISH("ip4:20.0.0.3 ip6:2a00:1::7 ip4:20.0.0.1 -all") },
	{ SPF("mx:example.net ip4:20.0.0.1 -all") OTHERS "m3.example.net. 300 IN A 20.0.0.3\n", "spf-mx-too-many",
	  "example.net", PUBLISH("ip4:20.0.0.3 ip4:20.0.0.1 -all") },
	{ SPF("mx:example.net//64 ip4:20.0.0.1 -all") OTHERS "m3.example.net A SERVFAIL\nm4.example.net A SERVFAIL\n",
	  "spf-mx-too-many", "example.net", PUBLISH("a:m3.example.net//64 a:m4.example.net//64 ip4:20.0.0.1 -all") },
	{ SPF(A9 "mx:example.net -all") HOSTS OTHERS "m3.example.net A SERVFAIL\nm4.example.net A SERVFAIL\n",
	  "spf-mx-too-many", "example.net",
	  PUBLISH(A9 "a:m3.example.net -all") " ; not authorised any more: m4.example.net; list those that send" },
};

static void test_limit_fixes(void **state)
{
	run(limit_cases, MXW_ARRAY_SIZE(limit_cases), fix_of);
}

static const struct fix_case policy_cases[] = {
	{ SPF("mx +all"), "spf-pass-all", NULL, PUBLISH("mx ~all") " ; and -all when all senders are listed" },
	{ SPF("all"), "spf-pass-all", NULL, PUBLISH("mx ~all") " ; and -all when all senders are listed" },
	{ SPF("+all"), "spf-pass-all", NULL, PUBLISH("ip4:20.0.0.1 ~all") " ; and -all when all senders are listed",
	  ONE_SENDER },
	{ SPF("ip4:0.0.0.0/1 mx ip4:128.0.0.0/1"), "spf-pass-all", NULL,
	  PUBLISH("mx ~all") " ; and -all when all senders are listed" },
	{ SPF("redirect=_spf.example.com") TXT("_spf.example.com", "+all"), "spf-pass-all", NULL,
	  "_spf.example.com. 300 IN TXT \"v=spf1 ~all\" ; and -all when all senders are listed" },
	{ SPF("ip4:20.0.0.0/8 mx -all"), "spf-too-broad", "ip4:20.0.0.0/8",
	  PUBLISH("ip4:20.0.0.1 mx -all") " ; list the hosts that send", TWO_SENDERS },
	{ SPF("mx ?all"), "spf-neutral-all", NULL, PUBLISH("mx ~all") " ; and -all when all senders are listed" },
	{ SPF("mx exp=a.example.com"), "spf-no-all", NULL, PUBLISH("mx exp=a.example.com -all") },
	{ SPF("ip4:20.0.0.2"), "spf-no-all", NULL, PUBLISH("ip4:20.0.0.2 ~all"), ONE_SENDER },
	{ SPF("ip4:20.0.0.1"), "spf-no-all", NULL, PUBLISH("ip4:20.0.0.1 -all"), ONE_SENDER },
	{ SPF("redirect=r.example") TXT("r.example", "+all"), "spf-pass-all", NULL,
	  "r.example. 300 IN TXT \"v=spf1 ~all\" ; and -all when all senders are listed" },
	{ SPF("redirect=r.example") TXT("r.example", "a all"), "spf-pass-all", NULL,
	  "r.example. 300 IN TXT \"v=spf1 a ~all\" ; and -all when all senders are listed", ONE_SENDER },
	{ SPF("a/0 -all") "example.com. 300 IN A 20.0.0.1\n", "spf-pass-all", NULL, PUBLISH("a -all") },
	{ SPF("a:x.example.com/8 -all") "x.example.com. 300 IN A 20.0.0.1\n", "spf-too-broad", "a:x.example.com/8",
	  PUBLISH("a:x.example.com -all") " ; list the hosts that send" },
	{ SPF("mx -all ip4:20.0.0.1 exp=a.example.com ~all a redirect=b.example.com") "example.com. 300 IN A "
										      "20.0.0.1\n",
	  "spf-after-all", NULL, PUBLISH("mx ip4:20.0.0.1 a -all exp=a.example.com") },
	{ SPF("-all include:a.example.org include:b.example.org include:example.com include:c.gone.net")
		  TXT("a.example.org", "ip4:20.0.0.1 -all") "b.example.org. 300 IN TXT \"x\"\n",
	  "spf-after-all", NULL,
	  PUBLISH("include:a.example.org -all") " ; deleted: include:b.example.org (no SPF record there), "
						"include:example.com (a loop), include:c.gone.net (not registered)" },
	{ SPF(A9 "-all a:10.h.example.org a:11.h.example.org mx:example.net ip4:0.0.0.0/0 ptr") HOSTS, "spf-after-all",
	  NULL,
	  PUBLISH(A9 "a:10.h.example.org -all") " ; deleted: a:11.h.example.org (more than 10 lookups), mx:example.net "
						"(more than 10 lookups), ip4:0.0.0.0/0 (too many addresses), ptr (ptr "
						"should not be published)" },
	{ SPF("-all mx:example.net") OTHERS, "spf-after-all", NULL,
	  PUBLISH("-all") " ; deleted: mx:example.net (more than 10 MX hosts)" },
	{ SPF("-ptr mx -all"), "spf-ptr", NULL, PUBLISH("mx -all"), ONE_SENDER },
	{ SPF("ip4:20.0.0.2 ~ptr ptr -all"), "spf-ptr", NULL, PUBLISH("ip4:20.0.0.2 ip4:20.0.0.1 -all"), ONE_SENDER },
	{ SPF("ip4:10.0.0.0/8 ip4:192.168.0.1 -all"), "spf-private-ip", "ip4:192.168.0.1/32",
	  PUBLISH("ip4:10.0.0.0/8 -all"), PRIVATE_SENDER },
	{ SPF("ip4:10.0.0.0/8 -all"), "spf-private-ip", "ip4:10.0.0.0/8",
	  "; keep it: a host of send_ip has an address there", PRIVATE_SENDER },
	{ SPF("ptr ptr:example.net -all"), "spf-ptr", NULL, PUBLISH("mx -all") },
	{ SPF("ptr mx -all"), "spf-ptr", NULL, PUBLISH("mx -all") },
	{ SPF("ptr mx -all"), "spf-ptr", NULL, PUBLISH("ip4:20.0.0.1 mx -all"), ONE_SENDER },
	{ SPF("ip4:10.0.0.1 mx ip6:fe80::1 -all"), "spf-private-ip", "ip6:fe80::1/128", PUBLISH("mx -all") },
	{ SPF("mx -all"), "spf-parked-weak", NULL, PUBLISH("-all"), SENDS_NO },
};

static void test_policy_fixes(void **state)
{
	run(policy_cases, MXW_ARRAY_SIZE(policy_cases), fix_of);
}

static const struct fix_case sender_cases[] = {
	{ SPF("mx -all"), "spf-sender-fail", "20.0.0.1", PUBLISH("mx ip4:20.0.0.1 -all"), ONE_SENDER },
	{ SPF("mx"), "spf-sender-fail", "20.0.0.1", PUBLISH("mx ip4:20.0.0.1"), ONE_SENDER },
	{ SPF("mx -ip4:20.0.0.0/24 ~all"), "spf-sender-fail", "20.0.0.1",
	  PUBLISH("mx ip4:20.0.0.1 -ip4:20.0.0.0/24 ~all"), ONE_SENDER },
	{ SPF("mx redirect=a.example.org") TXT("a.example.org", "-all"), "spf-sender-fail", "20.0.0.1",
	  PUBLISH("mx redirect=a.example.org ip4:20.0.0.1"), ONE_SENDER },
	{ SPF("mx include:a.example.org ip4:20.0.0.1 -all") TXT("a.example.org", "foo"), "spf-sender-fail", "20.0.0.1",
	  PUBLISH("ip4:20.0.0.1 mx include:a.example.org ip4:20.0.0.1 -all"), ONE_SENDER },
	{ SPF("ip4:20.0.0.9 -all") "example.com. 300 IN MX 10 a.example.com.\na.example.com. 300 IN AAAA 2a00:1::1\n",
	  "spf-not-covering-mx", "2a00:1::1",
	  PUBLISH("ip4:20.0.0.9 ip6:2a00:1::1 -all") "\n" PUBLISH(
		  "ip4:20.0.0.9 mx -all") " ; all MX hosts, for one more lookup" },
	{ SPF("ip4:20.0.0.1 -all") "1.0.0.20.in-addr.arpa. 300 IN PTR out.example.com.\nout.example.com. 300 IN A "
				   "20.0.0.1\n",
	  "spf-helo-none", "out.example.com", "out.example.com. 3600 IN TXT \"v=spf1 a -all\"", ONE_SENDER },
};

static void test_sender_fixes(void **state)
{
	run(sender_cases, MXW_ARRAY_SIZE(sender_cases), fix_of);
}

static const struct fix_case messages[] = {
	{ SPF("include:a.example.org -all") TXT("a.example.org", "mx  ip4:20.0.0.1/33"), "spf-syntax", "a.example.org",
	  "SPF of a.example.org: syntax error at \"ip4:20.0.0.1/33\", octet 25 of the record: prefix length over 32 "
	  "(example.com -> a.example.org)" },
	{ SPF("include=a.example.org mx -all"), "spf-syntax", NULL,
	  "SPF of example.com: \"include=a.example.org\" is an unknown modifier that does nothing; the mechanism "
	  "\"include:\" was meant" },
	{ "example.com. 300 IN TXT \"x\"\n", "spf-none", NULL, "example.com has no SPF record (1 TXT record seen)" },
	{ SPF("mx \\000\\255foo -all"), "spf-syntax", NULL,
	  "SPF of example.com: syntax error at \"\\x00\\xfffoo\", octet 11 of the record: not a printable ASCII "
	  "character" },
	{ SPF(A9 "include:a.example.net a:10.h.example.org -all") HOSTS TXT("a.example.net", "ip4:20.0.0.1 -all"),
	  "spf-too-many-lookups", NULL,
	  "SPF of example.com needs 11 DNS lookups, the limit is 10; beyond it: \"a:10.h.example.org\" of "
	  "example.com" },
	{ SPF("a:x.example.com mx:y.example.com include:a.example.net -all")
		  TXT("a.example.net", "a:z.example.net -all"),
	  "spf-void-lookups", NULL,
	  "SPF of example.com has 3 lookups without records, the limit is 2: a:x.example.com, mx:y.example.com, "
	  "a:z.example.net" },
	{ SPF("include:a.example.org -all") TXT("a.example.org", "include:b.example.org -all")
		  TXT("b.example.org", "include:a.example.org -all"),
	  "spf-loop", "a.example.org",
	  "SPF include loop: example.com -> a.example.org -> b.example.org -> a.example.org" },
	{ SPF("mx ip4:20.0.0.2 ~all"), "spf-sender-fail", "20.0.0.1",
	  "SPF softfail for the sending host 20.0.0.1 of example.com: it matches \"~all\" of example.com", ONE_SENDER },
	{ SPF("include:a.example.org -all") TXT("a.example.org", "foo"), "spf-sender-fail", "20.0.0.1",
	  "SPF permerror for the sending host 20.0.0.1 of example.com: syntax error (at \"foo\" of a.example.org)",
	  ONE_SENDER },
	{ SPF("ip4:20.0.0.1 -all"), "spf-ok", NULL,
	  "SPF of example.com: 0 of 10 DNS lookups, 0 without records, 1 declared sender passes", ONE_SENDER },
	{ SPF("ip4:20.0.0.0/8 -all"), "spf-too-broad", "ip4:20.0.0.0/8",
	  "SPF of example.com authorises 16777216 IPv4 addresses (ip4:20.0.0.0/8)" },
	{ SPF("a:x.gone-provider.net -all"), "spf-include-unregistered", "x.gone-provider.net",
	  "SPF term \"a:x.gone-provider.net\" of example.com leads to gone-provider.net, a domain that is not "
	  "registered "
	  "(denied by net)" },
};

static void test_messages(void **state)
{
	run(messages, MXW_ARRAY_SIZE(messages), message_of);
}

/* ---- what they are made of ---- */

static void test_terms(void **state)
{
	static const struct {
		const char *text, *expect; /* NULL: nobody knows what was meant */
	} cases[] = {
		{ "mx", "mx" },
		{ "~MX:a.example.org//64", "~MX:a.example.org//64" },
		{ "op=auth", "op=auth" },
		{ "-include=a.example.org", "-include:a.example.org" },
		{ "?ip:2a00:1::1/48", "?ip6:2a00:1::1/48" },
		{ "a:example.org,b", NULL },
		{ "mx,a;ptr", "mx a ptr" },
		{ "include:a.example.org-all", "include:a.example.org-all" }, /* well-formed */
		{ "include:a.example.org~all", "include:a.example.org ~all" },
		{ "ip6:2a00:1::1?all", "ip6:2a00:1::1 ?all" },
		{ "\"-all\"", "-all" },
		{ "_all", "-all" },
		{ "al", "~all" },
		{ "all", "~all" },
		{ "-.all", "-all" },
		{ "exits:%{i}.example.org", "exists:%{i}.example.org" },
		{ "", NULL },
		{ "-", NULL },
		{ ":", NULL },
		{ "google-site-verification", NULL },
		{ "ip4:", NULL },
		{ "include:", NULL },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		bool is_known = mxw_spf_correct_term(cases[i].text, strlen(cases[i].text), &text);
		if (is_known != (cases[i].expect != NULL) ||
		    (is_known && strcmp(mxw_strbuf_get(&text), cases[i].expect) != 0))
			fail_msg("\"%s\" became \"%s\"", cases[i].text, mxw_strbuf_get(&text));
		mxw_strbuf_done(&text);
	}
}

/* What a stranger's text may hold neither ends the reading early nor passes into the record. */
static void test_octets(void **state)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	char octets[600];
	memset(octets, 'a', sizeof(octets));
	mxw_spf_quote("\"\\\0\x7f ", 5, &text);
	assert_string_equal(mxw_strbuf_get(&text), "\"\\\"\\\\\\000\\127 \"");
	mxw_strbuf_clear(&text);
	mxw_spf_quote(octets, sizeof(octets), &text);
	assert_int_equal(text.len, sizeof(octets) + 2 + 2 * 3);
	mxw_strbuf_clear(&text);
	assert_false(mxw_spf_correct_version("v\0spf1", 6, &text));
	assert_false(mxw_spf_correct_version("", 0, &text));
	assert_true(mxw_spf_correct_version("v=spf1\0mx", 9, &text));
	mxw_strbuf_done(&text);
}

/* Text that a hostile zone makes long is neither walked again and again nor proposed whole. */
static void test_bounds(void **state)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_arena arena = { 0 };
	struct mxw_spf_draft draft;
	for (int i = 0; i < 20000; i++)
		mxw_strbuf_adds(&text, "mx,");
	assert_false(mxw_spf_correct_term(mxw_strbuf_get(&text), text.len, &text));
	mxw_strbuf_clear(&text);
	for (int i = 0; i < 2000; i++)
		mxw_strbuf_addf(&text, "ip4:20.0.%d.%d ", i / 250, i % 250);
	mxw_spf_draft_correct(&draft, &arena, mxw_strbuf_get(&text), text.len);
	assert_int_equal(draft.n, MXW_MAX_DRAFT_TERMS);
	assert_non_null(strstr(mxw_spf_draft_write(&draft), "<further-terms>"));
	mxw_spf_draft_replace(&draft, 1999, "a");
	mxw_spf_draft_remove(&draft, 1999);
	mxw_arena_done(&arena);
	mxw_strbuf_done(&text);
}

static void add_network(struct mxw_spf_reach *reach, const char *address, unsigned bits)
{
	struct mxw_ip ip;
	assert_int_equal(mxw_ip_parse(address, &ip), 0);
	mxw_spf_reach_add(reach, &ip, bits);
}

static void test_reach(void **state)
{
	struct mxw_spf_reach reach = { 0 };
	assert_int_equal(mxw_spf_reach_count4(&reach), 0);
	add_network(&reach, "20.0.0.255", 32);
	add_network(&reach, "20.0.0.77", 24);
	add_network(&reach, "20.0.1.0", 31);
	assert_int_equal(mxw_spf_reach_count4(&reach), 258);
	assert_int_equal(mxw_spf_reach_covers(&reach), 0);
	add_network(&reach, "::", 1);
	assert_int_equal(mxw_spf_reach_covers(&reach), 0);
	add_network(&reach, "8000::", 1);
	assert_int_equal(mxw_spf_reach_covers(&reach), 6);
	add_network(&reach, "255.255.255.255", 32);
	add_network(&reach, "128.0.0.0", 1);
	assert_int_equal(mxw_spf_reach_count4(&reach), 258 + (UINT64_C(1) << 31));
	add_network(&reach, "0.0.0.0", 1);
	assert_int_equal(mxw_spf_reach_covers(&reach), 4);
	mxw_spf_reach_done(&reach);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_record_fixes), cmocka_unit_test(test_limit_fixes),
		cmocka_unit_test(test_policy_fixes), cmocka_unit_test(test_sender_fixes),
		cmocka_unit_test(test_messages),     cmocka_unit_test(test_terms),
		cmocka_unit_test(test_octets),       cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_reach),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
