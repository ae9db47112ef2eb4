/* Hostile text at each sink (property E1: nothing breaks a line, a JSON string, a terminal). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/escape.h"
#include "lib/base/rng.h"
#include "lib/base/util.h"

struct row {
	const char *input, *expected;
	size_t n; /* of input; 0: up to its NUL */
};

static void check_rows(const struct row *rows, size_t n_rows,
		       void (*escape)(struct mxw_strbuf *ret, const char *bytes, size_t n))
{
	for (size_t i = 0; i < n_rows; i++) {
		struct mxw_strbuf text MXW_CLEANUP(mxw_strbuf_done) = MXW_STRBUF_INIT;
		escape(&text, rows[i].input, rows[i].n ? rows[i].n : strlen(rows[i].input));
		assert_string_equal(mxw_strbuf_get(&text), rows[i].expected);
		assert_int_equal(text.len, strlen(rows[i].expected));
	}
}

static void escape_line(struct mxw_strbuf *ret, const char *bytes, size_t n)
{
	mxw_escape_line(ret, bytes, n, 0);
}

static void test_line(void **state)
{
	static const struct row rows[] = {
		{ "", "" },
		{ "plain ~text", "plain ~text" },
		{ "a\nb\r\n", "a\\x0ab\\x0d\\x0a" },
		{ "\x1b[31m", "\\x1b[31m" },
		{ "a\0b", "a\\x00b", 3 },
		{ "\x7f\x80\xff", "\\x7f\\x80\\xff" },
		{ "\xc3\xbc", "\\xc3\\xbc" },
		{ "a\\.b \\032", "a\\.b \\032" }, /* canonical names stay readable */
		{ "\\x41", "\\x5cx41" },          /* not to be taken for an escaped octet */
		{ "end\\", "end\\" },
	};
	check_rows(rows, MXW_ARRAY_SIZE(rows), escape_line);
}

static void escape_line_once(struct mxw_strbuf *ret, const char *bytes, size_t n)
{
	mxw_escape_line_once(ret, bytes, n, 0);
}

static void test_line_once(void **state)
{
	static const struct row rows[] = {
		{ "", "" },
		{ "plain \\x41 \\032", "plain \\x41 \\032" }, /* escaped before: not again */
		{ "a\nb", "a\\x0ab" },
		{ "\\x41\x80", "\\x5cx41\\x80" }, /* not escaped before, whoever says so */
	};
	check_rows(rows, MXW_ARRAY_SIZE(rows), escape_line_once);
}

static void test_line_is_capped(void **state)
{
	static const struct {
		const char *input, *expected;
		size_t cap;
	} rows[] = {
		{ "abcdef", "abcdef", 0 },
		{ "abcdef", "abcdef", 6 },
		{ "abcdef", "abcde...", 5 },
		{ "\n\n\n", "\\x0a...", 1 },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_strbuf text MXW_CLEANUP(mxw_strbuf_done) = MXW_STRBUF_INIT;
		mxw_escape_line(&text, rows[i].input, strlen(rows[i].input), rows[i].cap);
		assert_string_equal(mxw_strbuf_get(&text), rows[i].expected);
	}
}

static void test_terminal(void **state)
{
	static const struct row rows[] = {
		{ "bücher 例え שלום", "bücher 例え שלום" },
		{ "\x1b]0;title\a", "\\x1b]0;title\\x07" },
		{ "a\tb\n", "a\\x09b\\x0a" },
		{ "\xc2\x9b"
		  "31m",
		  "\\xc2\\x9b31m" },                           /* C1 CSI */
		{ "\u202egpj.exe", "\\xe2\\x80\\xaegpj.exe" }, /* right-to-left override */
		{ "a\u2066b\u2069", "a\\xe2\\x81\\xa6b\\xe2\\x81\\xa9" },
		{ "a\u200bb", "a\\xe2\\x80\\x8bb" }, /* zero width */
		{ "\u2028", "\\xe2\\x80\\xa8" },
		{ "\xef\xbb\xbf", "\\xef\\xbb\\xbf" }, /* BOM */
		{ "\xff", "\\xff" },
	};
	check_rows(rows, MXW_ARRAY_SIZE(rows), mxw_escape_terminal);
}

static void test_utf8(void **state)
{
	static const struct row rows[] = {
		{ "bücher \xf0\x9f\x92\xa9", "bücher \xf0\x9f\x92\xa9" },
		{ "a\nb", "a\nb" }, /* the JSON library's work */
		{ "a\0b", "a\\x00b", 3 },
		{ "\xc3", "\\xc3" },
		{ "\xc3(", "\\xc3(" },
		{ "\xe4\xbe", "\\xe4\\xbe" },
		{ "\xc0\xaf", "\\xc0\\xaf" }, /* overlong */
		{ "\xe0\x80\xaf", "\\xe0\\x80\\xaf" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80" },          /* surrogate */
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" }, /* above U+10FFFF */
		{ "\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80" },
		{ "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf" },
		{ "\x80ok", "\\x80ok" },
	};
	check_rows(rows, MXW_ARRAY_SIZE(rows), mxw_escape_utf8);
}

static void test_sd_value(void **state)
{
	static const struct row rows[] = {
		{ "plain", "plain" },
		{ "\"] [x@1 a=\"", "\\\"\\] [x@1 a=\\\"" },
		{ "back\\slash", "back\\\\slash" },
		{ "a\nb", "a\\\\x0ab" },
		{ "\xff", "\\\\xff" },
		{ "bücher", "bücher" },
	};
	check_rows(rows, MXW_ARRAY_SIZE(rows), mxw_escape_sd_value);
}

/* Random octets never leave a control character (or, for lines, anything but printable ASCII), and an SD value never
 * ends early. */
static void test_random_octets(void **state)
{
	struct mxw_rng rng;
	mxw_rng_seed(&rng, 7);
	for (unsigned turn = 0; turn < 2000; turn++) {
		char octets[64];
		for (size_t i = 0; i < sizeof(octets); i++)
			octets[i] = (char)mxw_rng_below(&rng, 256);
		struct mxw_strbuf line MXW_CLEANUP(mxw_strbuf_done) = MXW_STRBUF_INIT;
		struct mxw_strbuf terminal MXW_CLEANUP(mxw_strbuf_done) = MXW_STRBUF_INIT;
		struct mxw_strbuf value MXW_CLEANUP(mxw_strbuf_done) = MXW_STRBUF_INIT;
		mxw_escape_line(&line, octets, sizeof(octets), 0);
		mxw_escape_terminal(&terminal, octets, sizeof(octets));
		mxw_escape_sd_value(&value, octets, sizeof(octets));
		for (size_t i = 0; i < line.len; i++)
			assert_in_range((unsigned char)line.data[i], 0x20, 0x7e);
		for (size_t i = 0; i < terminal.len; i++)
			assert_true((unsigned char)terminal.data[i] >= 0x20 && terminal.data[i] != 0x7f);
		for (size_t i = 0; i < value.len; i++) {
			assert_true((unsigned char)value.data[i] >= 0x20);
			if (value.data[i] == '\\')
				assert_non_null(strchr("\"\\]", value.data[++i]));
			else
				assert_true(value.data[i] != '"' && value.data[i] != ']');
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line_once),      cmocka_unit_test(test_line),
		cmocka_unit_test(test_line_is_capped), cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_utf8),           cmocka_unit_test(test_sd_value),
		cmocka_unit_test(test_random_octets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
