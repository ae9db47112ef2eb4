/* The report for people: what stands in it, in which order, how wide, in which colours, and what strangers cannot do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/report_asserts.h"
#include "tests/unit/report_fixture.h"

static char *report(struct mxw_round *const *rounds, size_t n, struct mxw_report_style style)
{
	struct mxw_report_result results[4];
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	for (size_t i = 0; i < n; i++)
		results[i].round = rounds[i];
	assert_int_equal(mxw_report_check_text(results, n, &fixture_context, &style, &text), 0);
	char *taken = mxw_strbuf_take(&text);
	if (!taken)
		abort();
	return taken;
}

static void test_broken_domain(void **state)
{
	struct mxw_round *round = fixture_broken();
	char *text = report(&round, 1, (struct mxw_report_style){ 0 });
	static const char head[] =
		"example.com: CRITICAL\n"
		"  CRITICAL  example.com has no MX and no address record; mail cannot be delivered [mx-none]\n"
		"            seen by  2 of 3 resolvers: 9.9.9.9, office; could not tell: 2001:db8::53\n"
		"            senders  mail bounces";
	static const char tail[] =
		"            look     dig example.com MX @9.9.9.9 +noall +comments +answer +authority\n"
		"                     dig example.com A @9.9.9.9 +noall +comments +answer +authority\n"
		"                     dig +trace example.com NS\n"
		"            fix      example.com. 3600 IN MX 10 mail.example.com.\n"
		"                     example.com. 3600 IN MX 0 .\n";
	assert_memory_equal(text, head, sizeof(head) - 1);
	assert_string_equal(text + strlen(text) - (sizeof(tail) - 1), tail);
	free(text);
	fixture_free(round);
}

static void test_healthy_domain(void **state)
{
	struct mxw_round *round = fixture_healthy();
	char *text = report(&round, 1, (struct mxw_report_style){ 0 });
	assert_string_equal(text, "example.org: OK\n"
				  "  ok        example.org: 2 MX, all usable [mx-ok]\n"
				  "  hosts     10 mx1.example.org (192.0.2.1), 20 mx2.example.org (192.0.2.2)\n"
				  "  reverse   2 of 2 addresses lead back\n"
				  "  advice    mx-ttl (-v shows more)\n");
	free(text);
	text = report(&round, 1, (struct mxw_report_style){ .verbose = true });
	assert_contains(text,
			"  advice    MX TTL of example.org is 60 s [mx-ttl]\n            seen by  3 of 3 resolvers: ");
	free(text);
	fixture_free(round);
}

/* A question that several checks ask fails once, and keys that nobody saw are one line. */
static void test_unknown_domain(void **state)
{
	struct mxw_round *round = fixture_new("example.net", 3);
	for (size_t view = 0; view < 3; view++) {
		fixture_say(round, FIXTURE_MX, view, &fixture_mx_defs[DEF_MX_TIMEOUT], "example.net/MX");
		fixture_say(round, FIXTURE_PTR, view, &fixture_ptr_defs[DEF_PTR_TIMEOUT], "example.net/MX");
		fixture_cannot_tell(round, FIXTURE_MX, view, &fixture_mx_defs[DEF_MX_NONE]);
		fixture_cannot_tell(round, FIXTURE_PTR, view, &fixture_ptr_defs[DEF_PTR_NONE]);
		fixture_answer(round, view, "example.net", MXW_TYPE_MX,
			       view ? MXW_OUTCOME_TIMEOUT : MXW_OUTCOME_REFUSED, NULL, 0);
	}
	fixture_judge(round);
	char *text = report(&round, 1, (struct mxw_report_style){ 0 });
	assert_contains(text,
			"example.net: UNKNOWN\n  UNKNOWN   example.net/MX: no answer at 3/3 resolvers [dns-timeout]\n");
	assert_null(strstr(strstr(text, "[dns-timeout]") + 1, "[dns-timeout]"));
	assert_contains(text,
			"  UNKNOWN   not decided, too few resolvers gave a usable answer: mx-none, ptr-none\n"
			"            lookups  example.net MX: refused at 9.9.9.9; timeout at office, 2001:db8::53\n");
	free(text);
	fixture_set_cap(round, "it needs too many questions");
	text = report(&round, 1, (struct mxw_report_style){ 0 });
	assert_contains(text, "  UNKNOWN   not decided, it needs too many questions: mx-none, ptr-none\n");
	free(text);
	fixture_free(round);
}

static void test_several_domains(void **state)
{
	struct mxw_round *rounds[] = { fixture_healthy(), fixture_broken() };
	char *text = report(rounds, 2, (struct mxw_report_style){ 0 });
	assert_contains(text, "\n\nexample.com: CRITICAL\n");
	assert_contains(text, "\n\n2 domains: 1 critical 1 ok\n");
	assert_true(strstr(text, "example.org: OK") < strstr(text, "example.com: CRITICAL"));
	free(text);
	fixture_free(rounds[0]);
	fixture_free(rounds[1]);
}

/* Prose wraps, commands and records never do. */
static void test_width(void **state)
{
	struct mxw_round *round = fixture_broken();
	char *text = report(&round, 1, (struct mxw_report_style){ .width = 60 });
	for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (!strstr(line, "dig ") && !strstr(line, " IN ") && strlen(line) > 60)
			fail_msg("%zu columns: %s", strlen(line), line);
		*end = '\n';
	}
	assert_contains(text, "delivered [mx-none]\n");
	assert_contains(text, "dig example.com MX @9.9.9.9 +noall +comments +answer +authority\n");
	free(text);
	fixture_free(round);
}

static void test_colour(void **state)
{
	struct mxw_round *round = fixture_broken();
	char *text = report(&round, 1, (struct mxw_report_style){ .colour = true });
	assert_contains(text, "\x1b[1;31mCRITICAL\x1b[0m");
	free(text);
	text = report(&round, 1, (struct mxw_report_style){ 0 });
	assert_null(strchr(text, '\x1b'));
	free(text);
	fixture_free(round);
}

/* Whatever octet a stranger sends, the terminal gets printable characters and our own line ends. */
static void test_every_octet_is_safe(void **state)
{
	for (unsigned octet = 1; octet < 256; octet++) {
		char value[] = { 'x', (char)octet, '[', '2', 'J', '\0' };
		struct mxw_round *round = fixture_new("example.com", 3);
		for (size_t view = 0; view < 3; view++) {
			struct mxw_finding *syntax = fixture_say(round, FIXTURE_MX, view,
								 &fixture_mx_defs[DEF_MX_SYNTAX], value);
			fixture_set(round, FIXTURE_MX, view, syntax, "mx", value);
		}
		fixture_judge(round);
		for (int utf8 = 0; utf8 < 2; utf8++) {
			char *text = report(&round, 1, (struct mxw_report_style){ .utf8 = utf8, .verbose = true });
			size_t n_lines = 0;
			for (const char *c = text; *c; c++) {
				n_lines += *c == '\n';
				assert_true(*c == '\n' || ((unsigned char)*c >= 0x20 && (unsigned char)*c <= 0x7e));
			}
			assert_int_equal(n_lines, 5); /* domain, message, seen by, look, publish */
			free(text);
		}
		fixture_free(round);
	}
}

static void test_other_scripts(void **state)
{
	struct mxw_round *round = fixture_new("xn--bcher-kva.example", 3);
	fixture_judge(round);
	char *text = report(&round, 1, (struct mxw_report_style){ .utf8 = true });
	assert_contains(text, "b\xc3\xbc"
			      "cher.example: OK\n");
	free(text);
	text = report(&round, 1, (struct mxw_report_style){ 0 });
	assert_contains(text, "xn--bcher-kva.example: OK\n");
	free(text);
	fixture_free(round);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broken_domain),
		cmocka_unit_test(test_healthy_domain),
		cmocka_unit_test(test_unknown_domain),
		cmocka_unit_test(test_several_domains),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_colour),
		cmocka_unit_test(test_every_octet_is_safe),
		cmocka_unit_test(test_other_scripts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
