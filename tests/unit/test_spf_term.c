/* Terms of SPF records: what each mechanism and modifier may look like, and where a wrong one is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/strbuf.h"
#include "lib/spf/term.h"

/* "kind qualifier spec address bits4 bits6", without what a term of this kind does not have. */
static void describe(const struct mxw_spf_term *term, struct mxw_strbuf *ret)
{
	char address[MXW_IP_TEXT_MAX];
	mxw_strbuf_adds(ret, term->kind == MXW_SPF_UNKNOWN_MODIFIER ? "unknown" : mxw_spf_kind_name(term->kind));
	if (term->qualifier)
		mxw_strbuf_addf(ret, " %c", term->qualifier);
	if (term->spec)
		mxw_strbuf_addf(ret, " [%.*s]", (int)term->n_spec, term->spec);
	if (term->network.family) {
		mxw_ip_format(&term->network, address);
		mxw_strbuf_addf(ret, " %s", address);
	}
	if (term->bits4 != 32)
		mxw_strbuf_addf(ret, " /%u", term->bits4);
	if (term->bits6 != 128)
		mxw_strbuf_addf(ret, " //%u", term->bits6);
}

static const struct {
	const char *paragraph, *text, *expect;
} good[] = {
	{ "5.1", "all", "all +" },
	{ "4.6.1, names are case-blind", "aLL", "all +" },
	{ "4.6.2, qualifier -", "-all", "all -" },
	{ "4.6.2, qualifier ~", "~all", "all ~" },
	{ "4.6.2, qualifier ?", "?all", "all ?" },
	{ "4.6.2, qualifier +", "+all", "all +" },
	{ "5.2", "include:example.com", "include + [example.com]" },
	{ "5.2, case of the domain is kept", "-INCLUDE:Example.Com", "include - [Example.Com]" },
	{ "5.2, a macro", "include:%{l}._spf.%{d2}", "include + [%{l}._spf.%{d2}]" },
	{ "5.3, alone", "a", "a +" },
	{ "5.3, case", "A", "a +" },
	{ "5.3, domain", "a:example.com", "a + [example.com]" },
	{ "5.6, dual-cidr-length, IPv4", "a/24", "a + /24" },
	{ "5.6, dual-cidr-length, IPv6", "a//64", "a + //64" },
	{ "5.6, dual-cidr-length, both", "a/24//64", "a + /24 //64" },
	{ "5.6, zero", "a/0//0", "a + /0 //0" },
	{ "5.6, largest", "a/32//128", "a +" },
	{ "5.6, IPv4 behind a domain", "a:example.com/24", "a + [example.com] /24" },
	{ "5.6, IPv6 behind a domain", "a:example.com//64", "a + [example.com] //64" },
	{ "5.6, both behind a domain", "~a:example.com/8//64", "a ~ [example.com] /8 //64" },
	{ "12, a slash and a colon are macro-literals", "a:foo:bar/baz.example.com", "a + [foo:bar/baz.example.com]" },
	{ "12, digits behind a slash inside the domain", "a:net/24.example.com", "a + [net/24.example.com]" },
	{ "12, a slash as delimiter", "a:%{d/}/24", "a + [%{d/}] /24" },
	{ "12, prefix lengths behind a macro", "a:%{d}//64", "a + [%{d}] //64" },
	{ "12, the slash before %%", "a:x/%%/24", "a + [x/%%] /24" },
	{ "12, an equals sign behind the colon", "a:foo=bar.example.com", "a + [foo=bar.example.com]" },
	{ "12, final dot", "a:abc.example.com.", "a + [abc.example.com.]" },
	{ "12, final dot before a prefix length", "a:example.com./24", "a + [example.com.] /24" },
	{ "5.4, alone", "mx", "mx +" },
	{ "5.4, all of it", "?mx:example.com/24//64", "mx ? [example.com] /24 //64" },
	{ "5.4, no domain", "MX//0", "mx + //0" },
	{ "5.5, alone", "ptr", "ptr +" },
	{ "5.5, domain", "ptr:example.com", "ptr + [example.com]" },
	{ "5.6, ip4", "ip4:192.0.2.1", "ip4 + 192.0.2.1" },
	{ "5.6, ip4, host bits stay", "-ip4:192.0.2.1/24", "ip4 - 192.0.2.1 /24" },
	{ "5.6, ip4, zero", "ip4:0.0.0.0/0", "ip4 + 0.0.0.0 /0" },
	{ "5.6, ip4, 32", "IP4:192.0.2.1/32", "ip4 + 192.0.2.1" },
	{ "5.6, ip6", "ip6:2001:DB8::1", "ip6 + 2001:db8::1" },
	{ "5.6, ip6, prefix", "ip6:2001:db8::/32", "ip6 + 2001:db8:: //32" },
	{ "5.6, ip6, zero", "ip6:::/0", "ip6 + :: //0" },
	{ "5.6, ip6, loopback", "ip6:::1/128", "ip6 + ::1" },
	{ "5.6, ip6, IPv4 inside", "ip6:::1.1.1.1/0", "ip6 + ::1.1.1.1 //0" },
	{ "5.7", "exists:%{ir}.%{l1r+-}._spf.%{d}", "exists + [%{ir}.%{l1r+-}._spf.%{d}]" },
	{ "6.1", "redirect=_spf.example.com", "redirect [_spf.example.com]" },
	{ "6.1, case", "Redirect=%{d}", "redirect [%{d}]" },
	{ "6.2", "exp=explain._spf.%{d}", "exp [explain._spf.%{d}]" },
	{ "6, unknown", "moo.cow-far_out=man:dog/cat", "unknown [man:dog/cat]" },
	{ "6, unknown, empty value", "x=", "unknown []" },
	{ "6, unknown, any macro letter", "op=%{c}%{r}%{t}%%%_%-", "unknown [%{c}%{r}%{t}%%%_%-]" },
	{ "6, unknown, no domain is needed", "x=1.2.3.4", "unknown [1.2.3.4]" },
	{ "6, a mechanism's name is free", "all=x", "unknown [x]" },
	{ "6, a mechanism's name is free", "include=example.com", "unknown [example.com]" },
	{ "6, an equals sign in the value", "a1=b=c", "unknown [b=c]" },
};

static void test_good(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(good); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf got = MXW_STRBUF_INIT;
		struct mxw_spf_term term;
		struct mxw_spf_error error = { 0 };
		if (mxw_spf_term_parse(good[i].text, strlen(good[i].text), &term, &error) != 0)
			fail_msg("%s: %s: refused at %zu: %s", good[i].paragraph, good[i].text, error.at, error.reason);
		describe(&term, &got);
		if (strcmp(mxw_strbuf_get(&got), good[i].expect) != 0)
			fail_msg("%s: %s: expected \"%s\", got \"%s\"", good[i].paragraph, good[i].text, good[i].expect,
				 mxw_strbuf_get(&got));
		assert_ptr_equal(term.text, good[i].text);
		assert_int_equal(term.n_text, strlen(good[i].text));
	}
}

static const struct {
	const char *paragraph, *text;
	size_t at;
	const char *reason;
} bad[] = {
	{ "12, a term is something", "", 0, "no mechanism" },
	{ "4.6.1, a qualifier alone", "-", 1, "no mechanism" },
	{ "4.6.1", "foo", 0, "unknown mechanism" },
	{ "4.6.1, behind a qualifier", "~foo:example.com", 1, "unknown mechanism" },
	{ "4.6.1, one qualifier", "--all", 1, "unknown mechanism" },
	{ "4.6.1, no prefix of a name", "al", 0, "unknown mechanism" },
	{ "4.6.1, no longer name", "allx", 0, "unknown mechanism" },
	{ "4.6.1, not the name of a product", "ipv4:192.0.2.1", 0, "unknown mechanism" },
	{ "4.6.1, colon without name", ":example.com", 0, "no mechanism" },
	{ "4.6.1, an address", "192.0.2.1", 0, "address without \"ip4:\" before it" },
	{ "4.6.1, a network", "+192.0.2.1/24", 1, "address without \"ip4:\" before it" },
	{ "4.6.1, a domain", "example.com", 0, "unknown mechanism" },
	{ "12, all without argument", "all:x", 3, "\"all\" takes no argument" },
	{ "12, all without argument", "-all/24", 4, "\"all\" takes no argument" },
	{ "12, a dot is no part of all", "all.", 0, "unknown mechanism" },
	{ "12, include needs a domain", "include", 7, "no domain after \"include:\"" },
	{ "12, include needs a domain", "-include:", 9, "no domain after \"include:\"" },
	{ "12, include takes no prefix", "include/24", 7, "no domain after \"include:\"" },
	{ "12, include takes no prefix", "include:example.com/24", 19, "not allowed in the last label of a domain" },
	{ "12, exists needs a domain", "exists:", 7, "no domain after \"exists:\"" },
	{ "12, exists takes no prefix", "exists:%{d}/24", 11, "no dot before the last label of the domain" },
	{ "12, a needs something behind the colon", "a:", 2, "no domain after \"a:\"" },
	{ "12, a needs a domain before the prefix", "a:/24", 2, "no domain after \"a:\"" },
	{ "12, mx needs something behind the colon", "mx:", 3, "no domain after \"mx:\"" },
	{ "12, mx needs a domain before the prefix", "mx://64", 3, "no domain after \"mx:\"" },
	{ "12, ptr needs something behind the colon", "ptr:", 4, "no domain after \"ptr:\"" },
	{ "12, ptr takes no prefix", "ptr/24", 3, "\"ptr\" takes no prefix length" },
	{ "12, ptr takes no prefix", "ptr:example.com/24", 15, "not allowed in the last label of a domain" },
	{ "12, ip4-cidr-length", "a/", 2, "no prefix length after \"/\"" },
	{ "12, ip4-cidr-length", "a/33", 2, "prefix length over 32" },
	{ "12, ip4-cidr-length", "a/99999999999999999999", 2, "prefix length over 32" },
	{ "12, ip4-cidr-length", "a/024", 2, "prefix length with a leading zero" },
	{ "12, ip4-cidr-length", "a/00", 2, "prefix length with a leading zero" },
	{ "12, ip4-cidr-length", "a/24x", 4, "not allowed after a prefix length" },
	{ "12, ip6-cidr-length", "a//", 3, "no prefix length after \"/\"" },
	{ "12, ip6-cidr-length", "a//129", 3, "prefix length over 128" },
	{ "12, ip6-cidr-length", "a//064", 3, "prefix length with a leading zero" },
	{ "12, ip6-cidr-length", "a///64", 3, "no prefix length after \"/\"" },
	{ "12, dual-cidr-length", "a/24/64", 5, "an IPv6 prefix length needs \"//\" before it" },
	{ "12, dual-cidr-length", "a/24//64//64", 8, "not allowed after a prefix length" },
	{ "12, dual-cidr-length", "a//64/24", 5, "not allowed after a prefix length" },
	{ "12, behind a domain", "a:example.com/", 14, "no prefix length after \"/\"" },
	{ "12, behind a domain", "a:example.com/33", 14, "prefix length over 32" },
	{ "12, behind a domain", "mx:example.com//129", 16, "prefix length over 128" },
	{ "12, behind a domain", "a:example.com/024", 14, "prefix length with a leading zero" },
	{ "12, behind a domain", "a:example.com/24/64", 17, "an IPv6 prefix length needs \"//\" before it" },
	{ "7.1, toplabel after a dot", "a:museum", 2, "no dot before the last label of the domain" },
	{ "7.1, toplabel after a dot", "a:museum.", 2, "no dot before the last label of the domain" },
	{ "7.1, toplabel is no number", "a:111.222.33.44", 13, "the last label of a domain cannot be a number" },
	{ "7.1, toplabel is no number", "a:192.0.2.1/24", 10, "the last label of a domain cannot be a number" },
	{ "7.1, toplabel without a port", "a:example.com:8080", 13, "not allowed in the last label of a domain" },
	{ "7.1, hyphen first", "a:example.-com", 10, "the last label of a domain cannot begin or end with a hyphen" },
	{ "7.1, macro letters of explanations", "exists:%{c}.example.com", 9,
	  "macro letters c, r and t are for explanations only" },
	{ "7.1, no such macro", "include:%{x}.example.com", 10, "no such macro letter" },
	{ "5.6, ip4 needs an address", "ip4", 3, "no address after \"ip4:\"" },
	{ "5.6, ip4 needs an address", "ip4:", 4, "no address after \"ip4:\"" },
	{ "5.6, ip4 needs an address", "ip4:/24", 4, "no address after \"ip4:\"" },
	{ "5.6, ip4 needs an address", "ip4/24", 3, "no address after \"ip4:\"" },
	{ "5.6, ip4-network has four numbers", "ip4:1.2.3", 4, "not an IPv4 address" },
	{ "5.6, ip4-network has four numbers", "ip4:192.0/16", 4, "not an IPv4 address" },
	{ "5.6, qnum without leading zeros", "ip4:192.0.02.1", 4, "not an IPv4 address" },
	{ "5.6, qnum up to 255", "ip4:192.0.2.256", 4, "not an IPv4 address" },
	{ "5.6, no port", "ip4:1.2.3.4:8080", 4, "not an IPv4 address" },
	{ "5.6, no name", "ip4:example.com", 4, "not an IPv4 address" },
	{ "5.6, ip4 over 32", "ip4:1.2.3.4/33", 12, "prefix length over 32" },
	{ "5.6, ip4, leading zero", "ip4:1.2.3.4/032", 12, "prefix length with a leading zero" },
	{ "5.6, ip4 without number", "ip4:1.2.3.4/", 12, "no prefix length after \"/\"" },
	{ "5.6, ip4 has no dual length", "ip4:1.2.3.4//32", 12, "no prefix length after \"/\"" },
	{ "5.6, ip4 has one length", "ip4:1.2.3.4/24//64", 14, "not allowed after a prefix length" },
	{ "5.6, ip4 takes no IPv6", "ip4:::1", 4, "IPv6 address after \"ip4:\"" },
	{ "5.6, ip6 needs an address", "ip6:", 4, "no address after \"ip6:\"" },
	{ "5.6, ip6 takes no IPv4", "ip6:1.2.3.4", 4, "IPv4 address after \"ip6:\"" },
	{ "5.6, ip6-network", "ip6:2001:db8:::1", 4, "not an IPv6 address" },
	{ "5.6, ip6-network, too long for any", "ip6:2001:0db8:0000:0000:0000:0000:0000:0000:0000:0000:0000", 4,
	  "not an IPv6 address" },
	{ "5.6, ip6 without brackets", "ip6:[2001:db8::1]", 4, "not an IPv6 address" },
	{ "5.6, ip6 over 128", "ip6:::1.1.1.1/129", 14, "prefix length over 128" },
	{ "5.6, ip6 has one slash", "ip6:::1.1.1.1//33", 14, "no prefix length after \"/\"" },
	{ "6.1, redirect needs a domain", "redirect=", 9, "no domain after \"redirect=\"" },
	{ "6.1, redirect takes no prefix", "redirect=example.com/24", 20, "not allowed in the last label of a domain" },
	{ "6.1, redirect is a modifier", "redirect:example.com", 0, "this modifier needs \"=\" after its name" },
	{ "6.1, redirect is a modifier", "redirect", 0, "this modifier needs \"=\" after its name" },
	{ "6.2, exp needs a domain", "exp=", 4, "no domain after \"exp=\"" },
	{ "6, modifiers have no qualifier", "+redirect=example.com", 0, "a modifier takes no qualifier" },
	{ "6, modifiers have no qualifier", "-x=y", 0, "a modifier takes no qualifier" },
	{ "12, name", "=x", 0, "no name before \"=\"" },
	{ "12, name begins with a letter", "1x=y", 0, "not allowed in the name of a modifier" },
	{ "12, name", "x%=y", 1, "not allowed in the name of a modifier" },
	{ "6, the value is a macro-string", "x=%abc", 3, "\"%\" needs \"{\", \"%\", \"_\" or \"-\" after it" },
	{ "12, a tab is no space", "a\tmx", 1, "tab where only spaces may be" },
	{ "12, a line end is no space", "a\r\n", 1, "not a printable ASCII character" },
	{ "12, ASCII only",
	  "\xe2\x80\x93"
	  "all",
	  0, "not a printable ASCII character" },
	{ "12, ASCII only",
	  "a:b\xc3\xbc"
	  "cher.example",
	  3, "not a printable ASCII character" },
	{ "12, DEL", "x=\x7f", 2, "not a printable ASCII character" },
};

static void test_bad(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(bad); i++) {
		struct mxw_spf_term term;
		struct mxw_spf_error error = { 0 };
		if (mxw_spf_term_parse(bad[i].text, strlen(bad[i].text), &term, &error) != MXW_SPF_E_SYNTAX)
			fail_msg("%s: %s: accepted", bad[i].paragraph, bad[i].text);
		if (error.at != bad[i].at || strcmp(error.reason, bad[i].reason) != 0)
			fail_msg("%s: %s: expected %zu \"%s\", got %zu \"%s\"", bad[i].paragraph, bad[i].text,
				 bad[i].at, bad[i].reason, error.at, error.reason);
		assert_int_equal(error.term, 0);
		assert_int_equal(error.n_term, strlen(bad[i].text));
	}
}

/* A NUL ends nothing (RFC 7208 12: not a macro-literal). */
static void test_nul(void **state)
{
	static const char *const texts[] = { "a:\0.example.com", "a\0", "al\0l", "ip4:1.2.3.4\0", "x=\0" };
	static const size_t lengths[] = { 15, 2, 4, 12, 3 }, faults[] = { 2, 1, 2, 11, 2 };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(texts); i++) {
		struct mxw_spf_term term;
		struct mxw_spf_error error = { 0 };
		assert_int_equal(mxw_spf_term_parse(texts[i], lengths[i], &term, &error), MXW_SPF_E_SYNTAX);
		assert_int_equal(error.at, faults[i]);
		assert_string_equal(error.reason, "not a printable ASCII character");
	}
}

/* What follows the term in the record is not read. */
static void test_length(void **state)
{
	struct mxw_spf_term term;
	struct mxw_spf_error error;
	assert_int_equal(mxw_spf_term_parse("a/24//64", 4, &term, &error), 0);
	assert_int_equal(term.bits4, 24);
	assert_int_equal(term.bits6, 128);
	assert_int_equal(mxw_spf_term_parse("ip4:1.2.3.44", 11, &term, &error), 0);
	assert_int_equal(term.network.bytes[3], 4);
	assert_int_equal(mxw_spf_term_parse("a:", 1, &term, &error), 0);
	assert_null(term.spec);
	assert_int_equal(mxw_spf_term_parse("all", 2, &term, &error), MXW_SPF_E_SYNTAX);
}

/* RFC 7208 4.6.4 */
static void test_kinds(void **state)
{
	static const char *const lookups[] = { "include", "a", "mx", "ptr", "exists", "redirect" };
	size_t n = 0;
	for (enum mxw_spf_kind kind = MXW_SPF_ALL; kind <= MXW_SPF_UNKNOWN_MODIFIER; kind++) {
		if (mxw_spf_kind_is_lookup(kind))
			assert_string_equal(mxw_spf_kind_name(kind), lookups[n++]);
		assert_int_equal(mxw_spf_kind_is_modifier(kind), kind > MXW_SPF_EXISTS);
	}
	assert_int_equal(n, MXW_ARRAY_SIZE(lookups));
	assert_string_equal(mxw_spf_kind_name(MXW_SPF_UNKNOWN_MODIFIER), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),   cmocka_unit_test(test_bad),   cmocka_unit_test(test_nul),
		cmocka_unit_test(test_length), cmocka_unit_test(test_kinds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
