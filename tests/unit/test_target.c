/* Names that people write, and what becomes of each. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/target/target.h"

#define L10 "abcdefghij"
#define L60 L10 L10 L10 L10 L10 L10
#define L63 L60 "abc"
#define N252 L63 "." L63 "." L63 "." L60 /* 3 * 64 + 60 */

static void test_accepted(void **state)
{
	static const struct {
		const char *text, *expected;
	} rows[] = {
		{ "example.com", "example.com" },
		{ "Example.COM", "example.com" },
		{ "example.com.", "example.com" },
		{ "a.b.c.d.example", "a.b.c.d.example" },
		{ "co.uk", "co.uk" },
		{ "1.example", "1.example" },
		{ "1-2.example", "1-2.example" },
		{ "123.45.example", "123.45.example" },
		{ "1.2.3.4.example", "1.2.3.4.example" },
		{ "4.3.2.1.in-addr.arpa", "4.3.2.1.in-addr.arpa" },
		{ "a--b.example", "a--b.example" },
		{ "r3---sn.example", "r3---sn.example" },
		{ L63 ".example", L63 ".example" },
		{ N252 "a", N252 "a" }, /* 253 */
		{ N252 "a.", N252 "a" },
		{ "bücher.example", "xn--bcher-kva.example" },
		{ "BÜCHER.Example.", "xn--bcher-kva.example" },
		{ "bu\u0308cher.example", "xn--bcher-kva.example" }, /* not NFC */
		{ "faß.de", "xn--fa-hia.de" },                       /* IDNA2003 would give fass.de */
		{ "xn--bcher-kva.example", "xn--bcher-kva.example" },
		{ "XN--BCHER-KVA.EXAMPLE", "xn--bcher-kva.example" },
		{ "例え。テスト", "xn--r8jz45g.xn--zckzah" }, /* ideographic full stop */
		{ "ｅｘａｍｐｌｅ.com", "example.com" },      /* full width */
		{ "שלום.example", "xn--9dbne9b.example" },
		{ "例え.テスト。", "xn--r8jz45g.xn--zckzah" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		char name[MXW_NAME_TEXT_MAX];
		const char *reason;
		int rc = mxw_target_parse_domain(rows[i].text, name, &reason);
		if (rc < 0)
			fail_msg("%s: %s", rows[i].text, reason);
		assert_null(reason);
		assert_string_equal(name, rows[i].expected);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *reason; /* a part of it */
	} rows[] = {
		{ "", "is empty" },
		{ ".", "is the root" },
		{ "..", "empty label" },
		{ "example..com", "empty label" },
		{ ".example.com", "empty label" },
		{ "example.com..", "empty label" },
		{ "bücher..example", "empty label" },
		{ "localhost", "one label only" },
		{ "com.", "one label only" },
		{ "bücher", "one label only" },
		{ L63 "d.example", "longer than 63" },
		{ L60 "bücher.example", "longer than 63" }, /* as A-label */
		{ "xn--" L60 ".example", "longer than 63" },
		{ N252 "ab", "longer than 253" },
		{ N252 ".ab.", "longer than 253" },
		{ "192.0.2.1", "IP address" },
		{ "192.0.2.1.", "IP address" },
		{ "2001:db8::1", "IP address" },
		{ "[2001:db8::1]", "IP address" },
		{ "[192.0.2.1]", "IP address" },
		{ "::ffff:192.0.2.1", "IP address" },
		{ "１９２.0.2.1", "IP address" }, /* full width digits */
		{ "[example.com]", "other than letters" },
		{ "[", "other than letters" },
		{ "192.0.2.256", "digits only" },
		{ "192.0.2", "digits only" },
		{ "example.123", "digits only" },
		{ "*.example.com", "wildcard" },
		{ "*", "wildcard" },
		{ "_dmarc.example.com", "underscore" },
		{ "a_b.example.com", "underscore" },
		{ "ü_b.example.com", "underscore" },
		{ "ü\uff3fb.example.com", "underscore" }, /* full width */
		{ "xn--_x-wka.com", "underscore" },
		{ "user@example.com", "mail address" },
		{ "example.com ", "space" },
		{ " bücher.example", "space" },
		{ "exa\tmple.com", "control character" },
		{ "example.com\n", "control character" },
		{ "bücher\x1b.example", "control character" },
		{ "exa\x7fmple.com", "control character" },
		{ "exa/mple.com", "other than letters" },
		{ "exa\\046mple.com", "other than letters" },
		{ "https://example.com", "other than letters" },
		{ "-example.com", "hyphen" },
		{ "example-.com", "hyphen" },
		{ "a.-.com", "hyphen" },
		{ "-bücher.example", "hyphen" },
		{ "bücher-.example", "hyphen" },
		{ "bü--cher.example", "IDNA2008" },
		{ "\u2603.example", "IDNA2008: a character that no name" }, /* snowman */
		{ "xn--ls8h.example", "IDNA2008" },                         /* an emoji as A-label */
		{ "xn--.example", "IDNA2008" },
		{ "xn--a.example", "IDNA2008" },
		{ "xn--zzzzzz99999.example", "IDNA2008" },
		{ "אa.example", "directions" },
		{ "a\u200db.example", "at its place" }, /* zero width joiner */
		{ "\u0301a.example", "combining mark" },
		{ "\xff\xfe.example", "UTF-8" },
		{ "b\xc3.example", "UTF-8" },
		{ "\xc0\xaf.example", "UTF-8" }, /* overlong */
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		char name[MXW_NAME_TEXT_MAX];
		const char *reason = NULL;
		if (mxw_target_parse_domain(rows[i].text, name, &reason) == 0)
			fail_msg("accepted: %s", rows[i].text);
		if (!strstr(reason, rows[i].reason))
			fail_msg("%s: %s", rows[i].text, reason);
	}
}

static void test_very_long_text(void **state)
{
	static const char *const units[] = { "a", ".", "a.", "ü", "ü.", "xn--", "1.", "\xf0\x9f" };
	static char text[100001];
	for (size_t u = 0; u < MXW_ARRAY_SIZE(units); u++) {
		size_t n = strlen(units[u]);
		for (size_t i = 0; i < sizeof(text) - 1; i++)
			text[i] = units[u][i % n];
		char name[MXW_NAME_TEXT_MAX];
		const char *reason = NULL;
		assert_true(mxw_target_parse_domain(text, name, &reason) < 0);
		assert_non_null(reason);
	}
}

static void test_display(void **state)
{
	static const struct {
		const char *domain, *expected;
	} rows[] = {
		{ "example.com", "example.com" },
		{ "xn--bcher-kva.example", "bücher.example" },
		{ "mail.xn--r8jz45g.xn--zckzah", "mail.例え.テスト" },
		{ "xn--ls8h.example", "xn--ls8h.example" }, /* not valid: stays */
		{ "xn--a.example", "xn--a.example" },
		{ "_dmarc.xn--bcher-kva.example", "_dmarc.xn--bcher-kva.example" },
		{ "a\\.b.example", "a\\.b.example" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_strbuf text MXW_CLEANUP(mxw_strbuf_done) = MXW_STRBUF_INIT;
		mxw_target_display(rows[i].domain, &text);
		assert_string_equal(mxw_strbuf_get(&text), rows[i].expected);
	}
}

static void test_alabels(void **state)
{
	static const struct {
		const char *text, *expected; /* NULL: -EINVAL */
	} rows[] = {
		{ "", "" },
		{ "Example", "Example" },
		{ "[192.0.2.1]", "[192.0.2.1]" },
		{ "a..b.", "a..b." },
		{ "B\xc3\x9c"
		  "CHER",
		  "xn--bcher-kva" },
		{ "_spf.b\xc3\xbc"
		  "cher.example",
		  "_spf.xn--bcher-kva.example" },
		{ "\xff.example", NULL },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		char *got MXW_CLEANUP(mxw_freep) = NULL;
		assert_int_equal(mxw_target_to_alabels(rows[i].text, &got), rows[i].expected ? 0 : -EINVAL);
		if (rows[i].expected)
			assert_string_equal(got, rows[i].expected);
		else
			assert_null(got);
	}
}

static void test_org_domain(void **state)
{
	static const struct {
		const char *name, *expected;
	} rows[] = {
		{ "example.com", "example.com" },
		{ "a.b.example.com", "example.com" },
		{ "mail.example.co.uk", "example.co.uk" },
		{ "co.uk", "co.uk" },
		{ "com", "com" },
		{ ".", "." },
		{ "a.b.unlisted-tld", "b.unlisted-tld" },
		{ "a.b.xn--55qx5d.cn", "b.xn--55qx5d.cn" },
		{ "x.y.ck", "x.y.ck" }, /* *.ck */
		{ "z.x.y.ck", "x.y.ck" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		const char *org = mxw_target_org_domain(rows[i].name);
		assert_string_equal(org, rows[i].expected);
		assert_true(org >= rows[i].name && org <= rows[i].name + strlen(rows[i].name)); /* borrowed */
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),       cmocka_unit_test(test_refused),
		cmocka_unit_test(test_very_long_text), cmocka_unit_test(test_display),
		cmocka_unit_test(test_org_domain),     cmocka_unit_test(test_alabels),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
