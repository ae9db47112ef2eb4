/* The check ptr: roles, forward confirmation, names that look wrong, and what a failed lookup leaves open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/check/reverse_name.h"
#include "tests/unit/zone_view.h"

#define MX                                                                                                     \
	"example.com. 300 IN MX 10 a.example.com.\na.example.com. 300 IN A 20.0.0.1\nexample.com. 300 IN TXT " \
	"\"v=spf1 mx -all\"\n"
#define MX_OF_OTHERS "example.com. 300 IN MX 10 a.example.org.\na.example.org. 300 IN A 20.0.0.1\n"
#define TXT(name, record) name ". 300 IN TXT \"v=spf1 " record "\"\n"
#define SPF(record) TXT("example.com", record)
#define MX_OF_OTHERS_SEND MX_OF_OTHERS SPF("mx -all")
#define NO_SENDER                                                                                              \
	"example.com. 300 IN MX 10 a.example.com.\na.example.com. 300 IN A 20.0.0.1\nexample.com. 300 IN TXT " \
	"\"V=SPF1  -ALL\"\n"
#define V6 "a.example.com. 300 IN AAAA 2a00:1::1\n"
#define REV "1.0.0.20.in-addr.arpa"
#define REV6 "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.a.2.ip6.arpa"
#define GOOD_PTR REV ". 300 IN PTR a.example.com.\n"
#define GOOD_PTR6 REV6 ". 300 IN PTR a.example.com.\n"
#define ALL_UNKNOWN                                                                                      \
	"ptr-none ?\nptr-no-fcrdns ?\nptr-mismatch ?\nptr-generic ?\nptr-malformed ?\nptr-cname-broken " \
	"?\nptr-multiple ?\nptr-v6-gap ?\n"
#define PTR_UNKNOWN(ip)                                                                        \
	"ptr-none ? " ip "\nptr-no-fcrdns ? " ip "\nptr-generic ? " ip "\nptr-malformed ? " ip \
	"\nptr-cname-broken ? " ip "\nptr-multiple ? " ip "\n"

static const struct mxw_ip declared[] = {
	{ 4, { 20, 0, 0, 1 } },
	{ 6, { 0x2a, 0, 0, 1, [15] = 1 } },
};

/* Profiles of the cases. */
#define DECLARED                                    \
	{                                           \
		.send_ip = declared, .n_send_ip = 1 \
	}
#define DECLARED_BOTH                               \
	{                                           \
		.send_ip = declared, .n_send_ip = 2 \
	}
#define MX_SENDS                         \
	{                                \
		.mx_hosts_send = MXW_YES \
	}

static const struct zone_case worlds[] = {
	{ "all is well", MX GOOD_PTR, "" },
	{ "no PTR at an own MX host", MX, "ptr-none warning 20.0.0.1" },
	{ "no PTR: the name is there", MX REV ". 300 IN TXT \"x\"\n", "ptr-none warning 20.0.0.1" },
	{ "no PTR at a declared sender", "example.com. 300 IN MX 0 .\n", "ptr-none critical 20.0.0.1", DECLARED },
	{ "no PTR at an MX host that sends", MX, "ptr-none critical 20.0.0.1", MX_SENDS },
	{ "no PTR at an MX host of others", MX_OF_OTHERS, "ptr-none info 20.0.0.1" },
	{ "no PTR at an MX host of others that SPF lets send", MX_OF_OTHERS_SEND, "ptr-none warning 20.0.0.1" },
	{ "the same by an include",
	  MX_OF_OTHERS SPF("include:spf.example.org -all") TXT("spf.example.org", "ip4:20.0.0.1 -all"),
	  "ptr-none warning 20.0.0.1" },
	{ "no PTR at an MX host of others that gets softfail", MX_OF_OTHERS SPF("ip4:20.0.0.2 ~all"),
	  "ptr-none info 20.0.0.1" },
	{ "SPF lets an MX host of others send, the domain is declared to receive only",
	  MX_OF_OTHERS_SEND,
	  "ptr-none info 20.0.0.1",
	  { .send = MXW_NO } },
	{ "SPF would tell whether an MX host of others may send", MX_OF_OTHERS "example.com TXT SERVFAIL\n",
	  "ptr-none ? 20.0.0.1" },
	{ "the same deeper", MX_OF_OTHERS SPF("include:spf.example.org -all") "spf.example.org TXT REFUSED\n",
	  "ptr-none ? 20.0.0.1" },
	{ "the same where all is well", MX_OF_OTHERS REV ". 300 IN PTR a.example.org.\nexample.com TXT SERVFAIL\n",
	  "" },
	{ "the name does not lead back, at others that send", MX_OF_OTHERS_SEND REV ". 300 IN PTR b.example.org.\n",
	  "ptr-no-fcrdns warning 20.0.0.1" },
	{ "the same, not to be seen", MX_OF_OTHERS "example.com TXT SERVFAIL\n" REV ". 300 IN PTR b.example.org.\n",
	  "ptr-no-fcrdns ? 20.0.0.1" },
	{ "a classless delegation in a circle, at others that send", MX_OF_OTHERS_SEND REV ". 300 IN CNAME " REV ".\n",
	  "ptr-cname-broken warning 20.0.0.1" },
	{ "the names of others are theirs, though they send",
	  MX_OF_OTHERS_SEND REV
	  ". 300 IN PTR host-20-0-0-1.example.org.\nhost-20-0-0-1.example.org. 300 IN A 20.0.0.1\n",
	  "ptr-mismatch info 20.0.0.1" },
	{ "IPv4 passes, IPv6 has no PTR, at others that send",
	  MX_OF_OTHERS SPF("mx -all") "a.example.org. 300 IN AAAA 2a00:1::1\n" REV ". 300 IN PTR a.example.org.\n",
	  "ptr-none warning 2a00:1::1\nptr-v6-gap warning 2a00:1::1" },
	{ "the same, not to be seen",
	  MX_OF_OTHERS "a.example.org. 300 IN AAAA 2a00:1::1\n" REV
		       ". 300 IN PTR a.example.org.\nexample.com TXT REFUSED\n",
	  "ptr-none ? 2a00:1::1\nptr-v6-gap ? 2a00:1::1" },
	{ "no PTR, the domain only receives", NO_SENDER, "ptr-none info 20.0.0.1" },
	{ "no PTR, the domain is declared to receive only", MX, "ptr-none info 20.0.0.1", { .send = MXW_NO } },
	{ "no PTR, declared to send whatever SPF says", NO_SENDER, "ptr-none warning 20.0.0.1", { .send = MXW_YES } },
	{ "a declared sender is no receiver", NO_SENDER, "ptr-none critical 20.0.0.1", DECLARED },
	{
		"SPF is not to be seen: the domain counts as sending",
		"example.com. 300 IN MX 10 a.example.com.\na.example.com. 300 IN A 20.0.0.1\nexample.com TXT "
		"SERVFAIL\n",
		"ptr-none warning 20.0.0.1",
	},
	{
		"the name does not lead back",
		MX REV ". 300 IN PTR b.example.com.\nb.example.com. 300 IN A 20.0.0.2\n",
		"ptr-no-fcrdns warning 20.0.0.1",
	},
	{ "the name does not exist", MX REV ". 300 IN PTR b.example.com.\n", "ptr-no-fcrdns warning 20.0.0.1" },
	{ "it has the other family only", MX REV ". 300 IN PTR b.example.com.\nb.example.com. 300 IN AAAA 2a00:1::1\n",
	  "ptr-no-fcrdns warning 20.0.0.1" },
	{ "the same at a declared sender", MX REV ". 300 IN PTR b.example.com.\n", "ptr-no-fcrdns critical 20.0.0.1",
	  DECLARED },
	{ "the same at others", MX_OF_OTHERS REV ". 300 IN PTR b.example.org.\n", "ptr-no-fcrdns info 20.0.0.1" },
	{
		"one of two names leads back, through an alias",
		MX REV ". 300 IN PTR x.example.com.\n" REV ". 300 IN PTR b.example.com.\n"
		       "b.example.com. 300 IN CNAME a.example.com.\n",
		"ptr-multiple info 20.0.0.1\nptr-mismatch warning 20.0.0.1",
	},
	{
		"one name leads back, the other lookup fails",
		MX GOOD_PTR REV ". 300 IN PTR b.example.com.\nb.example.com A SERVFAIL\n",
		"dns-servfail unknown b.example.com/A\nptr-multiple info 20.0.0.1",
	},
	{
		"no name leads back, one lookup fails",
		MX REV ". 300 IN PTR b.example.com.\n" REV ". 300 IN PTR c.example.com.\nb.example.com A TIMEOUT\n",
		"dns-timeout unknown b.example.com/A\nptr-multiple info 20.0.0.1\nptr-no-fcrdns ? "
		"20.0.0.1\nptr-mismatch ? 20.0.0.1",
	},
	{
		"the forward lookup fails, the name is the MX host",
		"example.com. 300 IN MX 10 a.example.com.\na.example.com. 300 IN AAAA 2a00:1::1\na.example.com. 300 IN "
		"A 20.0.0.1\n"
		"example.com. 300 IN TXT \"x\"\n" GOOD_PTR6 GOOD_PTR,
		"",
	},
	{
		"another name",
		MX REV ". 300 IN PTR b.example.com.\nb.example.com. 300 IN A 20.0.0.1\n",
		"ptr-mismatch warning 20.0.0.1",
	},
	{
		"another name at others",
		MX_OF_OTHERS REV ". 300 IN PTR b.example.org.\nb.example.org. 300 IN A 20.0.0.1\n",
		"ptr-mismatch info 20.0.0.1",
	},
	{
		"a declared sender that is no MX host has no name to compare with",
		"example.com. 300 IN MX 0 .\n" REV
		". 300 IN PTR out.example.com.\nout.example.com. 300 IN A 20.0.0.1\n",
		"",
		DECLARED,
	},
	{
		"any MX name of the address will do, in capitals too",
		MX "example.com. 300 IN MX 20 b.example.com.\nb.example.com. 300 IN A 20.0.0.1\n" REV
		   ". 300 IN PTR B.Example.COM.\n",
		"",
	},
	{
		"a generic name",
		MX REV ". 300 IN PTR host-20-0-0-1.example.com.\nhost-20-0-0-1.example.com. 300 IN A 20.0.0.1\n",
		"ptr-generic info 20.0.0.1\nptr-mismatch warning 20.0.0.1",
	},
	{
		"a generic name at a declared sender",
		MX REV ". 300 IN PTR 1.0.0.20.dsl.example.com.\n1.0.0.20.dsl.example.com. 300 IN A 20.0.0.1\n",
		"ptr-generic warning 20.0.0.1\nptr-mismatch warning 20.0.0.1",
		DECLARED,
	},
	{
		"a generic name at others is not told",
		MX_OF_OTHERS REV
		". 300 IN PTR host-20-0-0-1.example.org.\nhost-20-0-0-1.example.org. 300 IN A 20.0.0.1\n",
		"ptr-mismatch info 20.0.0.1",
	},
	{
		"one name is not generic",
		MX GOOD_PTR REV ". 300 IN PTR host-20-0-0-1.example.com.\n",
		"ptr-multiple info 20.0.0.1",
	},
	{
		"a missing final dot in the reverse zone",
		MX REV ". 300 IN PTR a.example.com.0.0.20.in-addr.arpa.\n",
		"ptr-malformed info 20.0.0.1\nptr-no-fcrdns warning 20.0.0.1",
	},
	{
		"the root as name",
		MX REV ". 300 IN PTR .\n",
		"ptr-malformed info 20.0.0.1\nptr-no-fcrdns warning 20.0.0.1",
	},
	{
		"a bare label at a declared sender",
		MX REV ". 300 IN PTR mail.\n",
		"ptr-malformed warning 20.0.0.1\nptr-no-fcrdns critical 20.0.0.1",
		DECLARED,
	},
	{
		"a declared sender alone: which name to publish is left open",
		"example.com. 300 IN MX 0 .\n" REV ". 300 IN PTR localhost.\n",
		"ptr-malformed warning 20.0.0.1\nptr-no-fcrdns critical 20.0.0.1",
		DECLARED,
	},
	{
		"an address as name, beside a good one",
		MX GOOD_PTR REV ". 300 IN PTR 20.0.0.1.\n",
		"ptr-malformed info 20.0.0.1\nptr-multiple info 20.0.0.1",
	},
	{
		"a classless delegation that works",
		MX REV
		". 300 IN CNAME 1.0-15.0.0.20.in-addr.arpa.\n1.0-15.0.0.20.in-addr.arpa. 300 IN PTR a.example.com.\n",
		"",
	},
	{
		"a classless delegation that does not",
		MX REV ". 300 IN CNAME 1.0-15.0.0.20.in-addr.arpa.\n",
		"ptr-none warning 20.0.0.1\nptr-cname-broken warning 20.0.0.1",
	},
	{
		"the same at a declared sender, in a circle",
		MX REV ". 300 IN CNAME " REV ".\n",
		"ptr-cname-broken critical 20.0.0.1",
		DECLARED,
	},
	{
		"the same at others",
		MX_OF_OTHERS REV ". 300 IN CNAME " REV ".\n",
		"ptr-cname-broken info 20.0.0.1",
	},
	{
		"eleven names: ten are confirmed, the eleventh is not asked",
		MX REV ". 300 IN PTR a.example.com.\n" REV ". 300 IN PTR p0.example.com.\n" REV
		       ". 300 IN PTR p1.example.com.\n" REV ". 300 IN PTR p2.example.com.\n" REV
		       ". 300 IN PTR p3.example.com.\n" REV ". 300 IN PTR p4.example.com.\n" REV
		       ". 300 IN PTR p5.example.com.\n" REV ". 300 IN PTR p6.example.com.\n" REV
		       ". 300 IN PTR p7.example.com.\n" REV ". 300 IN PTR p8.example.com.\n" REV
		       ". 300 IN PTR p9.example.com.\np9.example.com A SERVFAIL\n",
		"ptr-multiple warning 20.0.0.1",
	},
	{
		"ten names",
		MX REV ". 300 IN PTR a.example.com.\n" REV ". 300 IN PTR p0.example.com.\n" REV
		       ". 300 IN PTR p1.example.com.\n" REV ". 300 IN PTR p2.example.com.\n" REV
		       ". 300 IN PTR p3.example.com.\n" REV ". 300 IN PTR p4.example.com.\n" REV
		       ". 300 IN PTR p5.example.com.\n" REV ". 300 IN PTR p6.example.com.\n" REV
		       ". 300 IN PTR p7.example.com.\n" REV ". 300 IN PTR p8.example.com.\n",
		"ptr-multiple info 20.0.0.1",
	},
	{ "IPv4 passes, IPv6 has no PTR", MX V6 GOOD_PTR, "ptr-none warning 2a00:1::1\nptr-v6-gap warning 2a00:1::1" },
	{
		"IPv4 passes, IPv6 is not confirmed, at others",
		MX_OF_OTHERS "a.example.org. 300 IN AAAA 2a00:1::1\n" REV ". 300 IN PTR a.example.org.\n" REV6
			     ". 300 IN PTR b.example.org.\n",
		"ptr-no-fcrdns info 2a00:1::1\nptr-v6-gap info 2a00:1::1",
	},
	{
		"declared senders of both families",
		"example.com. 300 IN MX 0 .\n" REV
		". 300 IN PTR out.example.com.\nout.example.com. 300 IN A 20.0.0.1\n",
		"ptr-none critical 2a00:1::1\nptr-v6-gap critical 2a00:1::1",
		DECLARED_BOTH,
	},
	{ "both pass", MX V6 GOOD_PTR GOOD_PTR6, "" },
	{ "neither passes: no gap", MX V6, "ptr-none warning 20.0.0.1\nptr-none warning 2a00:1::1" },
	{
		"IPv4 of another host: no gap",
		MX GOOD_PTR "example.com. 300 IN MX 20 b.example.com.\nb.example.com. 300 IN AAAA 2a00:1::1\n",
		"ptr-none warning 2a00:1::1",
	},
	{
		"IPv6 has no PTR, that of IPv4 is not to be seen",
		MX V6 REV " PTR REFUSED\n",
		"ptr-none warning 2a00:1::1\nptr-v6-gap ? 2a00:1::1\nptr-mismatch ? 20.0.0.1\n" PTR_UNKNOWN("20.0.0.1"),
	},
	{
		"PTR SERVFAIL",
		MX REV " PTR SERVFAIL\n",
		"ptr-lookup-failed unknown 20.0.0.1\nptr-mismatch ? 20.0.0.1\n" PTR_UNKNOWN("20.0.0.1"),
	},
	{
		"PTR TIMEOUT at a declared sender",
		"example.com. 300 IN MX 0 .\n" REV " PTR TIMEOUT\n",
		"ptr-lookup-failed unknown 20.0.0.1\n" PTR_UNKNOWN("20.0.0.1"),
		DECLARED,
	},
	{
		"PTR BOGUS",
		MX REV " PTR BOGUS\n",
		"ptr-lookup-failed unknown 20.0.0.1\nptr-mismatch ? 20.0.0.1\n" PTR_UNKNOWN("20.0.0.1"),
	},
	{
		"PTR never answered",
		MX REV " PTR UNANSWERED\n",
		"ptr-mismatch ? 20.0.0.1\n" PTR_UNKNOWN("20.0.0.1"),
	},
	{
		"PTR fails at an MX host of others",
		MX_OF_OTHERS REV " PTR SERVFAIL\n",
		"ptr-lookup-failed unknown 20.0.0.1\nptr-none ? 20.0.0.1\nptr-no-fcrdns ? 20.0.0.1\nptr-mismatch ? "
		"20.0.0.1\n"
		"ptr-malformed ? 20.0.0.1\nptr-cname-broken ? 20.0.0.1\nptr-multiple ? 20.0.0.1",
	},
	{
		"other failures of the forward lookup",
		MX REV ". 300 IN PTR b.example.com.\n" REV ". 300 IN PTR c.example.com.\n" REV
		       ". 300 IN PTR d.example.com.\n"
		       "b.example.com A TRUNCATED\nc.example.com A MALFORMED\nd.example.com A BOGUS\n",
		"dns-truncated unknown b.example.com/A\ndns-malformed unknown c.example.com/A\ndnssec-bogus critical "
		"d.example.com/A\n"
		"ptr-multiple info 20.0.0.1\nptr-no-fcrdns ? 20.0.0.1\nptr-mismatch ? 20.0.0.1",
	},
	{ "MX SERVFAIL", "example.com MX SERVFAIL\n", ALL_UNKNOWN },
	{
		"MX SERVFAIL, a declared sender all the same",
		"example.com MX SERVFAIL\n",
		"ptr-none critical 20.0.0.1\n" ALL_UNKNOWN,
		DECLARED,
	},
	{ "no MX: nothing to look at", "example.com. 300 IN A 20.0.0.1\n", "" },
	{ "a dead host is not looked at",
	  "example.com. 300 IN MX 10 a.example.com.\na.example.com. 300 IN A 10.0.0.1\n", "" },
	{
		"an address lookup fails: there may be more addresses",
		MX GOOD_PTR "a.example.com AAAA SERVFAIL\n",
		ALL_UNKNOWN,
	},
	{
		"the same at others: at most advice, and nothing about generic names",
		MX_OF_OTHERS "a.example.org AAAA SERVFAIL\n" REV ". 300 IN PTR a.example.org.\n",
		"ptr-none ?\nptr-no-fcrdns ?\nptr-mismatch ?\nptr-malformed ?\nptr-cname-broken ?\nptr-multiple "
		"?\nptr-v6-gap ?",
	},
};

static void test_worlds(void **state)
{
	zone_view_run(&mxw_check_ptr, worlds, MXW_ARRAY_SIZE(worlds));
}

/* The fix of this finding about 20.0.0.1. */
static void assert_fix(const char *zone, const char *id, const char *expected)
{
	struct zone_case world = { "fix", zone, "", DECLARED };
	struct mxw_findings findings = { 0 };
	struct mxw_strbuf fix = MXW_STRBUF_INIT;
	zone_view_judge(&mxw_check_ptr, &world, &findings);
	const struct mxw_finding *row = mxw_findings_get(&findings, mxw_check_find_finding(id, NULL), "20.0.0.1");
	assert_non_null(row);
	mxw_finding_expand(row, row->def->fix, &fix);
	assert_string_equal(mxw_strbuf_get(&fix), expected);
	mxw_strbuf_done(&fix);
	mxw_findings_done(&findings);
}

/* Where the name of the address is an alias, the record belongs to the alias' end: nothing can stand beside a CNAME. */
static void test_fix_of_classless_delegation(void **state)
{
#define CLASSLESS "1.0-15.0.0.20.in-addr.arpa"
#define DELEGATED MX REV ". 300 IN CNAME " CLASSLESS ".\n"
#define RECORD CLASSLESS ". 3600 IN PTR a.example.com. ; "
	assert_fix(DELEGATED, "ptr-none", RECORD "at the holder of the address, in the zone 20.in-addr.arpa");
	assert_fix(DELEGATED, "ptr-cname-broken", RECORD "in the zone 20.in-addr.arpa");
	assert_fix(DELEGATED CLASSLESS ". 300 IN PTR b.example.com.\nb.example.com. 300 IN A 20.0.0.1\n",
		   "ptr-mismatch", RECORD "at the holder of the address");
	assert_fix(MX REV ". 300 IN CNAME " REV ".\n", "ptr-cname-broken",
		   REV ". 3600 IN PTR a.example.com. ; in place of the CNAME");
}

/* An UNKNOWN row weighs what the finding would: advice leaves the state alone. */
static void test_unknown_weighs_by_role(void **state)
{
	static const struct {
		const char *zone;
		enum mxw_severity severity;
	} cases[] = {
		{ MX REV " PTR SERVFAIL\n", MXW_WARNING },
		{ MX_OF_OTHERS REV " PTR SERVFAIL\n", MXW_INFO },
		{ MX_OF_OTHERS_SEND REV " PTR SERVFAIL\n", MXW_WARNING },
		{ MX_OF_OTHERS "example.com TXT SERVFAIL\n", MXW_WARNING },
		{ NO_SENDER REV " PTR SERVFAIL\n", MXW_INFO },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		struct zone_case world = { "weight", cases[i].zone, "", .profile = { 0 } };
		struct mxw_findings findings = { 0 };
		zone_view_judge(&mxw_check_ptr, &world, &findings);
		const struct mxw_finding *row = mxw_findings_get(&findings, mxw_check_find_finding("ptr-none", NULL),
								 "20.0.0.1");
		assert_non_null(row);
		assert_int_equal(row->vote, MXW_VOTE_UNKNOWN);
		assert_int_equal(row->severity, cases[i].severity);
		mxw_findings_done(&findings);
	}
}

static void test_generic(void **state)
{
	static const struct {
		const char *name, *ip;
		bool is_generic;
	} cases[] = {
		{ "mail.example.com", "20.30.40.50", false },
		{ "mx1.example.com", "20.30.40.50", false },
		{ "20-30-40-50.example.com", "20.30.40.50", true },
		{ "ip20.30.40.50.example.com", "20.30.40.50", true },
		{ "h50-40-30-20.example.com", "20.30.40.50", true },
		{ "30-40-50.example.com", "20.30.40.50", true },
		{ "020030040050.example.com", "20.30.40.50", true },
		{ "020-030-040-050.example.com", "20.30.40.50", true },
		{ "141e2832.example.com", "20.30.40.50", true },
		{ "32281e14.example.com", "20.30.40.50", true },
		{ "14-1e-28-32.example.com", "20.30.40.50", true },
		{ "30-40.example.com", "20.30.40.50", false },
		{ "120-30-40.example.com", "20.30.40.50", false },
		{ "20-30-401.example.com", "20.30.40.50", false },
		{ "mx1.dc1.rack2.example.com", "8.1.1.2", false },
		{ "dyn-17.example.com", "20.30.40.50", true },
		{ "x.pool.example.com", "20.30.40.50", true },
		{ "static-ip-17.example.com", "20.30.40.50", true },
		{ "dynamo.example.com", "20.30.40.50", false },
		{ "mail.cable.com", "20.30.40.50", false },
		{ "pool.com", "20.30.40.50", false },
		{ "2a00-1-0-0-0-0-0-1.example.com", "2a00:1::1", true },
		{ "2a000001000000000000000000000001.example.com", "2a00:1::1", true },
		{ "1.0.0.0.0.0.0.0.a.b.example.com", "2a00:1::1", true },
		{ "mail6.example.com", "2a00:1::1", false },
		{ "mx2a00.example.com", "2a00:1::1", false },
	};
	struct mxw_ip ip;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		assert_int_equal(mxw_ip_parse(cases[i].ip, &ip), 0);
		if (mxw_reverse_name_is_generic(cases[i].name, &ip) != cases[i].is_generic)
			fail_msg("%s of %s", cases[i].name, cases[i].ip);
	}
}

static void test_malformed(void **state)
{
	static const struct {
		const char *name;
		bool is_malformed;
		const char *stripped; /* NULL: nothing to strip */
	} cases[] = {
		{ "mail.example.com", false, NULL },
		{ "mail", true, NULL },
		{ ".", true, NULL },
		{ "localhost", true, NULL },
		{ "20.0.0.1", true, NULL },
		{ "my_mail.example.com", true, NULL },
		{ "my\\032mail.example.com", true, NULL },
		{ "mail.example.com.0.0.20.in-addr.arpa", true, "mail.example.com" },
		{ "mail.example.com.0-15.0.0.20.in-addr.arpa", true, "mail.example.com" },
		{ "mail.example.com.1.0.0.0.0.0.a.2.ip6.arpa", true, "mail.example.com" },
		{ "1.0.0.20.in-addr.arpa", true, NULL },
		{ "in-addr.arpa", true, NULL },
	};
	char stripped[MXW_NAME_TEXT_MAX];
	for (size_t i = 0; i < MXW_ARRAY_SIZE(cases); i++) {
		if (mxw_reverse_name_is_malformed(cases[i].name) != cases[i].is_malformed)
			fail_msg("%s", cases[i].name);
		bool is_stripped = mxw_reverse_name_strip(cases[i].name, stripped);
		if (is_stripped != (cases[i].stripped != NULL) ||
		    (is_stripped && strcmp(stripped, cases[i].stripped) != 0))
			fail_msg("%s", cases[i].name);
	}
}

static void test_coverage(void **state)
{
	static const char *const list[] = {
		"ptr-none info warning critical",
		"ptr-no-fcrdns info warning critical",
		"ptr-mismatch info warning",
		"ptr-generic info warning",
		"ptr-malformed info warning",
		"ptr-cname-broken info warning critical",
		"ptr-multiple info warning",
		"ptr-v6-gap info warning critical",
		"ptr-lookup-failed unknown",
		"dns-servfail unknown",
		"dns-timeout unknown",
		"dns-truncated unknown",
		"dns-malformed unknown",
		"dns-cname-loop never",
		"dnssec-bogus critical",
		NULL,
	};
	zone_view_assert_covered(&mxw_check_ptr, list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worlds),
		cmocka_unit_test(test_fix_of_classless_delegation),
		cmocka_unit_test(test_unknown_weighs_by_role),
		cmocka_unit_test(test_generic),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_coverage),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
