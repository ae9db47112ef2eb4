/* Canonical names, wire form and relations; names of types and outcomes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/dns/name.h"
#include "lib/dns/type.h"

#define L63 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"
#define L61 "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi"

static void canonical_text(void **state)
{
	static const struct {
		const char *text, *canonical; /* NULL: -EINVAL */
	} rows[] = {
		{ "example.org", "example.org" },
		{ "Example.ORG.", "example.org" },
		{ ".", "." },
		{ "org", "org" },
		{ "*.example.org", "*.example.org" },
		{ "_dmarc.example.org", "_dmarc.example.org" },
		{ "a\\.b.org", "a\\.b.org" },
		{ "a\\046b.org", "a\\.b.org" },
		{ "\\065\\066.org", "ab.org" }, /* the codes of A and B: case folds after unescaping */
		{ "a\\ b.org", "a\\032b.org" },
		{ "a b.org", "a\\032b.org" },
		{ "a\\000.org", "a\\000.org" },
		{ "\xc3\xa4.org", "\\195\\164.org" },
		{ "\\255.org", "\\255.org" },
		{ "a\\\\.org", "a\\\\.org" },
		{ "\"();@$.org", "\\\"\\(\\)\\;\\@\\$.org" },
		{ "\\a.org", "a.org" },
		{ "!#%~.org", "!#%~.org" },
		{ L63 ".org", L63 ".org" },
		{ L63 "." L63 "." L63 "." L61, L63 "." L63 "." L63 "." L61 }, /* 255 octets */
		{ L63 "." L63 "." L63 "." L61 ".", L63 "." L63 "." L63 "." L61 },
		{ L63 "." L63 "." L63 "." L61 "x", NULL },
		{ L63 "." L63 "." L63 "." L61 ".x", NULL },
		{ L63 "x.org", NULL },
		{ "", NULL },
		{ "..", NULL },
		{ ".org", NULL },
		{ "a..org", NULL },
		{ "org..", NULL },
		{ "a\\", NULL },
		{ "a\\1", NULL },
		{ "a\\12", NULL },
		{ "a\\12x", NULL },
		{ "a\\256", NULL },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		char text[MXW_NAME_TEXT_MAX];
		int r = mxw_name_canonical(rows[i].text, text);
		if (!rows[i].canonical) {
			assert_int_equal(r, -EINVAL);
			continue;
		}
		assert_int_equal(r, 0);
		assert_string_equal(text, rows[i].canonical);
		char again[MXW_NAME_TEXT_MAX];
		assert_int_equal(mxw_name_canonical(text, again), 0);
		assert_string_equal(again, text);
	}
}

static void wire_form(void **state)
{
	uint8_t wire[MXW_NAME_WIRE_MAX];
	assert_int_equal(mxw_name_to_wire("Mx.org", wire), 8);
	assert_memory_equal(wire, "\2Mx\3org\0", 8);
	assert_int_equal(mxw_name_to_wire(".", wire), 1);
	assert_int_equal(wire[0], 0);
	assert_int_equal(mxw_name_to_wire(L63 "." L63 "." L63 "." L61, wire), 255);
	assert_int_equal(wire[254], 0);
}

static void from_wire(void **state)
{
	static const struct {
		const char *wire;
		size_t n;
		const char *text; /* NULL: -EINVAL */
	} rows[] = {
		{ "\0", 1, "." },
		{ "\2MX\3org\0", 8, "mx.org" },
		{ "\2MX\3org\0garbage", 15, "mx.org" },
		{ "\3a.b\0", 5, "a\\.b" },
		{ "", 0, NULL },
		{ "\2mx\3org", 7, NULL },
		{ "\2mx\3or", 6, NULL },
		{ "\2", 1, NULL },
		{ "\300\014", 2, NULL },
		{ "\100", 1, NULL },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		char text[MXW_NAME_TEXT_MAX];
		assert_int_equal(mxw_name_from_wire((const uint8_t *)rows[i].wire, rows[i].n, text),
				 rows[i].text ? 0 : -EINVAL);
		if (rows[i].text)
			assert_string_equal(text, rows[i].text);
	}
}

/* Every octet survives the way to text and back; the longest text fits. */
static void every_octet(void **state)
{
	for (unsigned c = 0; c < 256; c++) {
		uint8_t wire[MXW_NAME_WIRE_MAX], back[MXW_NAME_WIRE_MAX];
		char text[MXW_NAME_TEXT_MAX];
		size_t n = 0;
		static const uint8_t lengths[] = { 63, 63, 63, 61 };
		for (size_t i = 0; i < 4; i++) {
			wire[n++] = lengths[i];
			memset(wire + n, (int)c, lengths[i]);
			n += lengths[i];
		}
		wire[n++] = 0;
		assert_int_equal(n, 255);
		assert_int_equal(mxw_name_from_wire(wire, n, text), 0);
		assert_true(strlen(text) < MXW_NAME_TEXT_MAX);
		for (const char *p = text; *p; p++)
			assert_true(*p > 0x20 && *p < 0x7f);
		assert_int_equal(mxw_name_to_wire(text, back), 255);
		bool is_upper = c >= 'A' && c <= 'Z';
		for (size_t i = 1; i < 64; i++)
			assert_int_equal(back[i], is_upper ? c + 32 : c);
	}
	/* One octet more is none. */
	uint8_t wire[256];
	char text[MXW_NAME_TEXT_MAX];
	for (size_t i = 0; i < 256; i += 2)
		memcpy(wire + i, "\1a", 2);
	assert_int_equal(mxw_name_from_wire(wire, 256, text), -EINVAL);
}

static void labels_and_parents(void **state)
{
	static const struct {
		const char *name;
		unsigned n_labels;
		const char *parent;
	} rows[] = {
		{ ".", 0, NULL },          { "org", 1, "." },         { "example.org", 2, "org" },
		{ "a\\.b.org", 2, "org" }, { "a\\\\.org", 2, "org" }, { "a\\046.b", 2, "b" },
		{ "a.b.c.d", 4, "b.c.d" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		assert_int_equal(mxw_name_n_labels(rows[i].name), rows[i].n_labels);
		const char *parent = mxw_name_parent(rows[i].name);
		if (rows[i].parent)
			assert_string_equal(parent, rows[i].parent);
		else
			assert_null(parent);
	}
}

static void below(void **state)
{
	static const struct {
		const char *name, *ancestor;
		bool expected;
	} rows[] = {
		{ "example.org", "example.org", true },
		{ "mx.example.org", "example.org", true },
		{ "mx.example.org", "org", true },
		{ "mx.example.org", ".", true },
		{ ".", ".", true },
		{ ".", "org", false },
		{ "example.org", "mx.example.org", false },
		{ "badexample.org", "example.org", false },
		{ "a\\.example.org", "example.org", false }, /* the dot belongs to the label */
		{ "a\\\\.example.org", "example.org", true },
		{ "a\\\\\\.example.org", "example.org", false },
		{ "\\.example.org", "example.org", false },
		{ "example.com", "example.org", false },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		if (mxw_name_is_below(rows[i].name, rows[i].ancestor) != rows[i].expected)
			fail_msg("%s below %s", rows[i].name, rows[i].ancestor);
}

static void hostnames(void **state)
{
	static const struct {
		const char *name;
		bool expected;
	} rows[] = {
		{ "mx1.example.org", true },  { "MX-1.Example.org", true },
		{ "localhost", true },        { "AZ.az.09a", true },
		{ "[.example.org", false },   { "3com.com", true },
		{ "1.2.3.x4", true },         { ".", false },
		{ "192.0.2.1", false },       { "example.123", false },
		{ "-mx.example.org", false }, { "mx-.example.org", false },
		{ "mx.-.org", false },        { "m_x.example.org", false },
		{ "*.example.org", false },   { "m\\.x.example.org", false },
		{ "\\195\\164.org", false },  { "a..b", false },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		if (mxw_name_is_hostname(rows[i].name) != rows[i].expected)
			fail_msg("%s", rows[i].name);
}

static void types(void **state)
{
	char buffer[10];
	assert_string_equal(mxw_rrtype_name(MXW_TYPE_MX, buffer), "MX");
	assert_string_equal(mxw_rrtype_name(65280, buffer), "TYPE65280");
	assert_string_equal(mxw_rrtype_name(65535, buffer), "TYPE65535");
	static const struct {
		const char *text;
		uint16_t type;
	} rows[] = {
		{ "MX", 15 },        { "mx", 15 },       { "aaaa", 28 }, { "TYPE15", 15 }, { "type65535", 65535 },
		{ "TYPE0", 0 },      { "TYPE65536", 0 }, { "TYPE", 0 },  { "TYPE-1", 0 },  { "TYPE1x", 0 },
		{ "TYPE000015", 0 }, { "MXX", 0 },       { "", 0 },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		assert_int_equal(mxw_rrtype_parse(rows[i].text), rows[i].type);
	for (unsigned type = 1; type <= UINT16_MAX; type++)
		assert_int_equal(mxw_rrtype_parse(mxw_rrtype_name((uint16_t)type, buffer)), type);
}

static void outcomes(void **state)
{
	static const char *const names[] = { "answer",   "nodata",    "nxdomain", "loop",          "servfail",
					     "bogus",    "refused",   "referral", "formerr",       "notimp",
					     "filtered", "truncated", "timeout",  "network-error", "malformed" };
	assert_int_equal(MXW_ARRAY_SIZE(names), MXW_N_OUTCOMES);
	for (unsigned i = 0; i < MXW_N_OUTCOMES; i++) {
		assert_string_equal(mxw_outcome_name((enum mxw_outcome)i), names[i]);
		assert_int_equal(mxw_outcome_is_determinate((enum mxw_outcome)i), i < 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(canonical_text),     cmocka_unit_test(wire_form),
		cmocka_unit_test(from_wire),          cmocka_unit_test(every_octet),
		cmocka_unit_test(labels_and_parents), cmocka_unit_test(below),
		cmocka_unit_test(hostnames),          cmocka_unit_test(types),
		cmocka_unit_test(outcomes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
