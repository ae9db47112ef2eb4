/* Macro strings of SPF: syntax, expansion, names. The values of the expansion are those of RFC 7208 7.4. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/spf/domain.h"
#include "lib/spf/macro.h"

#define L10 "abcdefghi."
#define L50 L10 L10 L10 L10 L10
#define L60 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefgh"

#define DOMAIN_SPEC MXW_SPF_DOMAIN_SPEC
#define STRING MXW_SPF_MACRO_STRING
#define EXPLAIN MXW_SPF_EXPLAIN_STRING

enum { GOOD = -1 };

static const struct {
	const char *paragraph;
	enum mxw_spf_macro_form form;
	const char *text;
	int at; /* of the fault; GOOD */
} syntax[] = {
	{ "7.1, domain-end", DOMAIN_SPEC, "example.com", GOOD },
	{ "7.1, domain-end, final dot", DOMAIN_SPEC, "example.com.", GOOD },
	{ "7.1, empty labels are for DNS to refuse", DOMAIN_SPEC, "a..com", GOOD },
	{ "7.1, macro-string may be empty", DOMAIN_SPEC, ".com", GOOD },
	{ "7.1, domain-end is a macro", DOMAIN_SPEC, "%{d}", GOOD },
	{ "7.1, domain-end is a macro", DOMAIN_SPEC, "x%%", GOOD },
	{ "7.1, domain-end is a macro", DOMAIN_SPEC, "x%_", GOOD },
	{ "7.1, domain-end is a macro", DOMAIN_SPEC, "x%-", GOOD },
	{ "7.1, toplabel", DOMAIN_SPEC, "%{d}.c0m", GOOD },
	{ "7.1, toplabel with hyphens", DOMAIN_SPEC, "a.xn--zckzah", GOOD },
	{ "7.1, toplabel of digits and a hyphen", DOMAIN_SPEC, "a.1-2", GOOD },
	{ "7.1, toplabel of one letter", DOMAIN_SPEC, "a.b", GOOD },
	{ "7.1, macro-literals", DOMAIN_SPEC, "!\"#$&'()*+,-/:;<=>?@[\\]^_`{|}~.com", GOOD },
	{ "7.1, never empty", DOMAIN_SPEC, "", 0 },
	{ "7.1, a dot before toplabel", DOMAIN_SPEC, "com", 0 },
	{ "7.1, a dot before toplabel", DOMAIN_SPEC, "com.", 0 },
	{ "7.1, a dot before toplabel", DOMAIN_SPEC, "%{d}com", 4 },
	{ "7.1, a dot that belongs to no macro", DOMAIN_SPEC, "a.%{d}com", 6 },
	{ "7.1, toplabel after the dot", DOMAIN_SPEC, ".", 0 },
	{ "7.1, toplabel after the dot", DOMAIN_SPEC, "%{d}.", 4 },
	{ "7.1, one final dot", DOMAIN_SPEC, "example.com..", 12 },
	{ "7.1, toplabel is no number", DOMAIN_SPEC, "a.123", 2 },
	{ "7.1, toplabel is no number", DOMAIN_SPEC, "a.123.", 2 },
	{ "7.1, toplabel begins with no hyphen", DOMAIN_SPEC, "a.-b", 2 },
	{ "7.1, toplabel ends with no hyphen", DOMAIN_SPEC, "a.b-", 3 },
	{ "7.1, toplabel ends with no hyphen", DOMAIN_SPEC, "a.b-.", 3 },
	{ "7.1, toplabel of one hyphen", DOMAIN_SPEC, "a.-", 2 },
	{ "7.1, toplabel has no underscore", DOMAIN_SPEC, "a.b_c", 3 },
	{ "7.1, no space", DOMAIN_SPEC, "a b.com", 1 },
	{ "7.2, all letters", DOMAIN_SPEC, "%{s}%{l}%{o}%{d}%{i}%{p}%{v}%{h}", GOOD },
	{ "7.2, all upper-case letters", DOMAIN_SPEC, "%{S}%{L}%{O}%{D}%{I}%{P}%{V}%{H}", GOOD },
	{ "7.2, c for explanations", DOMAIN_SPEC, "%{d}.%{c}", 7 },
	{ "7.2, r for explanations", DOMAIN_SPEC, "%{R}", 2 },
	{ "7.2, t for explanations", DOMAIN_SPEC, "%{t}.com", 2 },
	{ "7.2, no such letter", DOMAIN_SPEC, "%{a}.example.com", 2 },
	{ "7.2, one letter", DOMAIN_SPEC, "%{cdr}", 3 },
	{ "7.1, no letter", DOMAIN_SPEC, "%{}", 2 },
	{ "7.1, no letter", DOMAIN_SPEC, "%{", 2 },
	{ "7.1, percent alone", DOMAIN_SPEC, "%", 1 },
	{ "7.1, percent alone", DOMAIN_SPEC, "a.%.com", 3 },
	{ "7.1, other brackets", DOMAIN_SPEC, "%(ir).example.com", 1 },
	{ "7.1, an escaped percent begins nothing", DOMAIN_SPEC, "%%{d}.com", GOOD },
	{ "7.1, unterminated", DOMAIN_SPEC, "%{d", 3 },
	{ "7.1, unterminated", DOMAIN_SPEC, "%{d.example.com", 4 },
	{ "7.1, transformers", DOMAIN_SPEC, "%{d2}%{dr}%{d2r}%{d12R}", GOOD },
	{ "7.1, digits before r", DOMAIN_SPEC, "%{dr2}", 4 },
	{ "7.1, one r", DOMAIN_SPEC, "%{drr}", 4 },
	{ "7.1, zero parts", DOMAIN_SPEC, "%{d0}", 3 },
	{ "7.1, zero parts", DOMAIN_SPEC, "%{d00r}", 3 },
	{ "7.1, leading zeros", DOMAIN_SPEC, "%{d01}", GOOD },
	{ "7.1, as many parts as you like", DOMAIN_SPEC, "%{d99999999999999999999999999}", GOOD },
	{ "7.1, delimiters", DOMAIN_SPEC, "%{l.-+,/_=}", GOOD },
	{ "7.1, no other delimiter", DOMAIN_SPEC, "%{l-:}", 4 },
	{ "7.1, delimiters come last", DOMAIN_SPEC, "%{l-r}", 4 },
	{ "6, macro-string", STRING, "", GOOD },
	{ "6, macro-string", STRING, "com.", GOOD },
	{ "6, macro-string, letters of explanations", STRING, "%{c}%{r}%{t}", GOOD },
	{ "6, macro-string, no such letter", STRING, "%{x}", 2 },
	{ "6, macro-string, no space", STRING, "a b", 1 },
	{ "6.2, explain-string", EXPLAIN, "", GOOD },
	{ "6.2, explain-string, spaces", EXPLAIN, " See http://%{d}/why.html?s=%{S}&i=%{C} ", GOOD },
	{ "6.2, explain-string, no tab", EXPLAIN, "a\tb", 1 },
	{ "6.2, explain-string, ASCII only", EXPLAIN, "na\xc3\xafve", 2 },
	{ "6.2, explain-string, percent", EXPLAIN, "100% sure", 4 },
};

static void test_syntax(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(syntax); i++) {
		size_t at = 0, n = strlen(syntax[i].text);
		int r = mxw_spf_macro_check(syntax[i].form, syntax[i].text, n, &at);
		int got = r ? (int)at : GOOD;
		if (got != syntax[i].at)
			fail_msg("%s: %s: expected %d, got %d", syntax[i].paragraph, syntax[i].text, syntax[i].at, got);
		assert_int_equal(r, syntax[i].at == GOOD ? 0 : MXW_SPF_MACRO_E_SYNTAX);
		const char *reason = mxw_spf_macro_fault(syntax[i].form, syntax[i].text, n, &at);
		assert_int_equal(!reason, !r);
	}
}

static const struct mxw_spf_macro_values *values_of(const char *ip)
{
	static struct mxw_spf_macro_values values = {
		.local_part = "strong-bad",
		.sender_domain = "email.example.com",
		.domain = "email.example.com",
		.helo = "mx.example.org",
		.validated = "mx.example.org",
		.receiver = "mx.example.net",
		.now_s = 1700000000,
	};
	assert_int_equal(mxw_ip_parse(ip, &values.ip), 0);
	return &values;
}

#define V4 "192.0.2.3"
#define V6 "2001:db8::cb01"

static const struct {
	const char *paragraph, *ip, *text, *expect;
} expansions[] = {
	{ "7.4", V4, "%{s}", "strong-bad@email.example.com" },
	{ "7.4", V4, "%{o}", "email.example.com" },
	{ "7.4", V4, "%{d}", "email.example.com" },
	{ "7.4", V4, "%{d4}", "email.example.com" },
	{ "7.4", V4, "%{d3}", "email.example.com" },
	{ "7.4", V4, "%{d2}", "example.com" },
	{ "7.4", V4, "%{d1}", "com" },
	{ "7.4", V4, "%{dr}", "com.example.email" },
	{ "7.4", V4, "%{d2r}", "example.email" },
	{ "7.4", V4, "%{l}", "strong-bad" },
	{ "7.4", V4, "%{l-}", "strong.bad" },
	{ "7.4", V4, "%{lr}", "strong-bad" },
	{ "7.4", V4, "%{lr-}", "bad.strong" },
	{ "7.4", V4, "%{l1r-}", "strong" },
	{ "7.4", V4, "%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com" },
	{ "7.4", V4, "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com" },
	{ "7.4", V4, "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com" },
	{ "7.4", V4, "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com" },
	{ "7.4", V4, "%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net" },
	{ "7.4", V6, "%{ir}.%{v}._spf.%{d2}",
	  "1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.ip6._spf.example.com" },
	{ "7.3, i of IPv4", V4, "%{i}", "192.0.2.3" },
	{ "7.3, i of IPv6", V6, "%{i}", "2.0.0.1.0.D.B.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.C.B.0.1" },
	{ "7.3, parts of i", V6, "%{i4}|%{i4r}", "C.B.0.1|1.0.0.2" },
	{ "7.3, c of IPv4", V4, "%{c}", "192.0.2.3" },
	{ "7.3, c of IPv6", V6, "%{c}", "2001:db8::cb01" },
	{ "7.2, h", V4, "%{h}", "mx.example.org" },
	{ "7.2, p", V4, "%{p}|%{p2}", "mx.example.org|example.org" },
	{ "7.2, r", V4, "%{r}", "mx.example.net" },
	{ "7.2, t", V4, "%{t}", "1700000000" },
	{ "7.3, %%, %_ and %-", V4, "%%a%_b%-c", "%a b%20c" },
	{ "7.3, an escaped percent begins nothing", V4, "%%{d}", "%{d}" },
	{ "7.3, literals stay", V4, "a+b=c/d.e ", "a+b=c/d.e " },
	{ "7.3, nothing", V4, "", "" },
	{ "7.3, several delimiters", V4, "%{s2.-@}", NULL }, /* "@" is none */
	{ "7.3, several delimiters", V4, "%{s-.}", "strong.bad@email.example.com" },
	{ "7.3, given delimiters replace the dot", V4, "%{s1-}", "bad@email.example.com" },
	{ "7.3, a delimiter twice", V4, "%{s2--}", "strong.bad@email.example.com" },
	{ "7.3, more parts than there are", V4, "%{d99999999999999999999}", "email.example.com" },
	{ "7.3, more parts than there are, reversed", V4, "%{d4294967297r}", "com.example.email" },
	{ "7.3, leading zeros", V4, "%{d02}", "example.com" },
	{ "7.3, r in either case", V4, "%{dR}", "com.example.email" },
	{ "7.3, upper case expands like lower case", V4, "%{D2R}", "example.email" },
	{ "7.3, upper case escapes", V4, "%{S}", "strong-bad%40email.example.com" },
	{ "7.3, upper case escapes what was split", V6, "%{C}", "2001%3Adb8%3A%3Acb01" },
};

static void test_expansion(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(expansions); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf got = MXW_STRBUF_INIT;
		size_t at, n = strlen(expansions[i].text);
		int r = mxw_spf_macro_check(MXW_SPF_EXPLAIN_STRING, expansions[i].text, n, &at);
		assert_int_equal(r, expansions[i].expect ? 0 : MXW_SPF_MACRO_E_SYNTAX);
		if (!expansions[i].expect)
			continue;
		mxw_strbuf_adds(&got, "="); /* is kept: expansion appends */
		assert_int_equal(mxw_spf_macro_expand(expansions[i].text, n, values_of(expansions[i].ip), &got), 0);
		if (mxw_strbuf_get(&got)[0] != '=' || strcmp(mxw_strbuf_get(&got) + 1, expansions[i].expect) != 0)
			fail_msg("%s: %s: expected \"=%s\", got \"%s\"", expansions[i].paragraph, expansions[i].text,
				 expansions[i].expect, mxw_strbuf_get(&got));
	}
}

static const struct {
	const char *paragraph, *local_part, *text, *expect; /* NULL: MXW_SPF_MACRO_E_UNUSABLE */
} local_parts[] = {
	{ "RFC 3986 2.3", "~jack&jill=up-a_b3.c", "?l=%{L}", "?l=~jack%26jill%3Dup-a_b3.c" },
	{ "7.3, lower case does not escape", "a&b=c", "%{l}", "a&b=c" },
	{ "7.3, all delimiters", "a.b-c+d,e/f_g=h", "%{l.-+,/_=}|%{lr.-+,/_=}", "a.b.c.d.e.f.g.h|h.g.f.e.d.c.b.a" },
	{ "7.3, each delimiter counts", "a.b-c+d,e/f_g=h", "%{l2-}|%{l2+}|%{l1,}|%{l1/}|%{l1_}|%{l1=}",
	  "a.b.c+d,e/f_g=h|a.b-c.d,e/f_g=h|e/f_g=h|f_g=h|g=h|h" },
	{ "7.3, empty parts are parts", ".a..b.", "%{l}|%{lr}|%{l2}|%{l2r}|%{l3}|%{l4r}",
	  ".a..b.|.b..a.|b.|a.|.b.|b..a." },
	{ "7.3, one part", "a", "%{l}|%{lr}|%{l1}|%{l1r}|%{l2}|%{l2r}", "a|a|a|a|a|a" },
	{ "7.3, dots alone", "..", "%{l}|%{lr}|%{l1}|%{l1r}", "..|..||" },
	{ "7.3, quotes are octets", "\"a b\"", "%{l}|%{L}", "\"a b\"|%22a%20b%22" },
	{ "RFC 8616 4, l", "j\xc3\xbcrgen", "%{l}.%{d}", NULL },
	{ "RFC 8616 4, s", "j\xc3\xbcrgen", "x.%{S2r}", NULL },
	{ "RFC 8616 4, other letters work", "j\xc3\xbcrgen", "%{o2}", "example.com" },
};

static void test_local_parts(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(local_parts); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf got = MXW_STRBUF_INIT;
		struct mxw_spf_macro_values values = *values_of(V4);
		values.local_part = local_parts[i].local_part;
		int r = mxw_spf_macro_expand(local_parts[i].text, strlen(local_parts[i].text), &values, &got);
		assert_int_equal(r, local_parts[i].expect ? 0 : MXW_SPF_MACRO_E_UNUSABLE);
		if (local_parts[i].expect && strcmp(mxw_strbuf_get(&got), local_parts[i].expect) != 0)
			fail_msg("%s: %s: expected \"%s\", got \"%s\"", local_parts[i].paragraph, local_parts[i].text,
				 local_parts[i].expect, mxw_strbuf_get(&got));
	}
}

/* A final dot of a name (4.3 allows it) makes no part of its own. */
static void test_final_dot(void **state)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf got = MXW_STRBUF_INIT;
	struct mxw_spf_macro_values values = *values_of(V4);
	static const char text[] = "%{d1}.x %{o2r} %{s}";
	values.domain = values.sender_domain = "example.com.";
	assert_int_equal(mxw_spf_macro_expand(text, strlen(text), &values, &got), 0);
	assert_string_equal(mxw_strbuf_get(&got), "com.x com.example strong-bad@example.com");
}

/* A local part of 16 KiB, a thousand times: what comes out is bounded, and the name it ends in is the same. */
static void test_explosion(void **state)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT, got = MXW_STRBUF_INIT;
	struct mxw_spf_macro_values values = *values_of(V4);
	char local_part[16 * 1024];
	memset(local_part, 'x', sizeof(local_part));
	for (size_t i = 50; i < sizeof(local_part); i += 50)
		local_part[i] = '.';
	local_part[sizeof(local_part) - 1] = '\0';
	values.local_part = local_part;
	for (unsigned i = 0; i < 1000; i++)
		mxw_strbuf_adds(&text, "%{l}.");
	mxw_strbuf_adds(&text, "%{d}");
	assert_int_equal(mxw_spf_macro_expand(mxw_strbuf_get(&text), text.len, &values, &got), 0);
	assert_in_range(got.len, MXW_SPF_MAX_EXPANSION / 2, MXW_SPF_MAX_EXPANSION);
	size_t n = got.len;
	const char *name = mxw_spf_macro_truncate(mxw_strbuf_get(&got), &n);
	assert_in_range(n, 200, 253);
	assert_string_equal(name + n - strlen(".email.example.com"), ".email.example.com");
}

static void test_presence(void **state)
{
	assert_true(mxw_spf_macro_is_present("a.%{d}", 6));
	assert_true(mxw_spf_macro_is_present("%%", 2));
	assert_false(mxw_spf_macro_is_present("a.b%{d}", 3));
	assert_false(mxw_spf_macro_is_present(NULL, 0));
	static const char text[] = "p%%{p}.%{I2r-}%_%{d}";
	assert_true(mxw_spf_macro_uses(text, strlen(text), 'i'));
	assert_true(mxw_spf_macro_uses(text, strlen(text), 'I'));
	assert_true(mxw_spf_macro_uses(text, strlen(text), 'D'));
	assert_false(mxw_spf_macro_uses(text, strlen(text), 'p')); /* behind an escaped percent */
	assert_false(mxw_spf_macro_uses(text, strlen(text), 'r')); /* a transformer */
	assert_false(mxw_spf_macro_uses(text, strlen(text), '%'));
	assert_false(mxw_spf_macro_uses(NULL, 0, 'd'));
}

/* RFC 7208 7.3: no more than 253 octets, whole labels go. */
static void test_truncation(void **state)
{
	static const struct {
		const char *name;
		size_t n_removed;
	} rows[] = {
		{ "", 0 },
		{ "example.com", 0 },
		{ L50 L50 L50 L50 L50 "com", 0 },
		{ L50 L50 L50 L50 L50 "com.", 0 },
		{ L50 L50 L50 L50 L50 "coms", 10 },
		{ L50 L50 L50 L50 L50 "coms.", 10 },
		{ "a." L50 L50 L50 L50 L50 "com", 2 },
		{ "a.b." L50 L50 L50 L50 L50 "com", 4 },
		{ L60 L60 L60 L60 L60 ".com", 301 },
		{ L60 L60 L60 L60 L60, 300 },
		{ L60 L60 L60 L60 L60 ".", 301 },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		size_t n = strlen(rows[i].name);
		const char *name = mxw_spf_macro_truncate(rows[i].name, &n);
		assert_int_equal(name - rows[i].name, rows[i].n_removed);
		assert_int_equal(n, strlen(rows[i].name) - rows[i].n_removed);
	}
}

/* Only dots mean something in a name that macros made. */
static void test_names(void **state)
{
	static const struct {
		const char *text, *canonical; /* NULL: -EINVAL */
	} rows[] = {
		{ "Example.COM", "example.com" },
		{ "example.com.", "example.com" },
		{ "com", "com" },
		{ "a\\.b.com", "a\\\\.b.com" },
		{ "\"a b\"@x.com", "\\\"a\\032b\\\"\\@x.com" },
		{ "\xc3\xbc.com", "\\195\\188.com" },
		{ L60 "abc.com", L60 "abc.com" },
		{ L50 L50 L50 L50 L50 "com", L50 L50 L50 L50 L50 "com" },
		{ L50 L50 L50 L50 L50 "com.", L50 L50 L50 L50 L50 "com" },
		{ L50 L50 L50 L50 L50 "coms", NULL },
		{ L60 "abcd.com", NULL },
		{ "", NULL },
		{ ".", NULL },
		{ "..", NULL },
		{ ".com", NULL },
		{ "a..com", NULL },
		{ "com..", NULL },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		char name[MXW_NAME_TEXT_MAX];
		int r = mxw_spf_domain_name(rows[i].text, strlen(rows[i].text), name);
		assert_int_equal(r, rows[i].canonical ? 0 : -EINVAL);
		if (rows[i].canonical)
			assert_string_equal(name, rows[i].canonical);
	}
	char name[MXW_NAME_TEXT_MAX];
	assert_int_equal(mxw_spf_domain_name("a\0b.c", 5, name), 0);
	assert_string_equal(name, "a\\000b.c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_syntax),     cmocka_unit_test(test_expansion), cmocka_unit_test(test_local_parts),
		cmocka_unit_test(test_final_dot),  cmocka_unit_test(test_explosion), cmocka_unit_test(test_presence),
		cmocka_unit_test(test_truncation), cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
