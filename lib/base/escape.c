/* Escaping for each sink; see escape.h. */
#include "lib/base/escape.h"

#include <stdbool.h>
#include <stdint.h>

/* Length of the valid UTF-8 sequence at `s` and its code point; 0 if the octet does not start one (RFC 3629). */
static size_t utf8_sequence(const unsigned char *s, size_t n, uint32_t *ret_code)
{
	static const uint32_t min[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = s[0] < 0x80             ? 1
		     : (s[0] & 0xe0) == 0xc0 ? 2
		     : (s[0] & 0xf0) == 0xe0 ? 3
		     : (s[0] & 0xf8) == 0xf0 ? 4
					     : 0;
	if (!len || len > n)
		return 0;
	uint32_t code = len == 1 ? s[0] : s[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if (code < min[len] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return 0;
	*ret_code = code;
	return len;
}

static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x2028 || code == 0x2029;
}

/* Characters that reorder or hide what a reader sees (UAX #9 explicit formatting, zero width). */
static bool is_deceptive(uint32_t code)
{
	return (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
	       (code >= 0x200b && code <= 0x200f) || code == 0x061c || code == 0xfeff;
}

/* `backslash` is how the sink writes one: the reader of structured data unescapes once. */
static void add_hex(struct mxw_strbuf *ret, const unsigned char *s, size_t n, const char *backslash)
{
	for (size_t i = 0; i < n; i++)
		mxw_strbuf_addf(ret, "%sx%02x", backslash, s[i]);
}

void mxw_escape_line(struct mxw_strbuf *ret, const char *bytes, size_t n, size_t cap)
{
	size_t end = cap && n > cap ? cap : n;
	for (size_t i = 0; i < end; i++) {
		unsigned char c = (unsigned char)bytes[i];
		bool ambiguous = c == '\\' && i + 1 < end && bytes[i + 1] == 'x';
		if (c >= 0x20 && c <= 0x7e && !ambiguous)
			mxw_strbuf_addc(ret, (char)c);
		else
			add_hex(ret, &c, 1, "\\");
	}
	if (end < n)
		mxw_strbuf_adds(ret, "...");
}

void mxw_escape_line_once(struct mxw_strbuf *ret, const char *bytes, size_t n, size_t cap)
{
	for (size_t i = 0; i < n; i++) {
		if ((unsigned char)bytes[i] < 0x20 || (unsigned char)bytes[i] > 0x7e) {
			mxw_escape_line(ret, bytes, n, cap);
			return;
		}
	}
	mxw_strbuf_add(ret, bytes, cap && n > cap ? cap : n);
	if (cap && n > cap)
		mxw_strbuf_adds(ret, "...");
}

static void escape_utf8(struct mxw_strbuf *ret, const char *bytes, size_t n, bool (*refuse)(uint32_t code),
			const char *quote)
{
	const unsigned char *s = (const unsigned char *)bytes;
	for (size_t i = 0; i < n;) {
		uint32_t code = 0;
		size_t len = utf8_sequence(s + i, n - i, &code);
		if (!len || refuse(code)) {
			add_hex(ret, s + i, len ? len : 1, *quote ? "\\\\" : "\\");
			i += len ? len : 1;
			continue;
		}
		for (const char *q = quote; *q; q++)
			if (code == (unsigned char)*q)
				mxw_strbuf_addc(ret, '\\');
		mxw_strbuf_add(ret, s + i, len);
		i += len;
	}
}

static bool refuse_terminal(uint32_t code)
{
	return is_control(code) || is_deceptive(code);
}

static bool refuse_nul(uint32_t code)
{
	return code == 0;
}

void mxw_escape_terminal(struct mxw_strbuf *ret, const char *bytes, size_t n)
{
	escape_utf8(ret, bytes, n, refuse_terminal, "");
}

void mxw_escape_utf8(struct mxw_strbuf *ret, const char *bytes, size_t n)
{
	escape_utf8(ret, bytes, n, refuse_nul, "");
}

void mxw_escape_sd_value(struct mxw_strbuf *ret, const char *bytes, size_t n)
{
	escape_utf8(ret, bytes, n, is_control, "\"\\]");
}
