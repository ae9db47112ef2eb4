/* Text for people; see print.h. */
#include "lib/report/print.h"

#include <string.h>

#include "lib/base/escape.h"

static const char *const inks[] = {
	[MXW_INK_NONE] = "",    [MXW_INK_BOLD] = "1",    [MXW_INK_DIM] = "2",      [MXW_INK_RED] = "1;31",
	[MXW_INK_GREEN] = "32", [MXW_INK_YELLOW] = "33", [MXW_INK_MAGENTA] = "35",
};

static void escape(const struct mxw_print *print, const char *text, struct mxw_strbuf *ret)
{
	if (print->style->utf8)
		mxw_escape_terminal(ret, text, strlen(text));
	else
		mxw_escape_line(ret, text, strlen(text), 0);
}

void mxw_print_text(const struct mxw_print *print, const char *text)
{
	escape(print, text, print->out);
}

void mxw_print_ink(const struct mxw_print *print, enum mxw_ink ink, const char *text)
{
	bool inked = print->style->colour && ink != MXW_INK_NONE && *text;
	if (inked)
		mxw_strbuf_addf(print->out, "\x1b[%sm", inks[ink]);
	escape(print, text, print->out);
	if (inked)
		mxw_strbuf_adds(print->out, "\x1b[0m");
}

void mxw_print_spaces(const struct mxw_print *print, unsigned n)
{
	mxw_strbuf_addf(print->out, "%*s", (int)n, "");
}

void mxw_print_tag(const struct mxw_print *print, enum mxw_ink ink, const char *word)
{
	unsigned columns = MXW_PRINT_TAG_COLUMN + (unsigned)strlen(word);
	mxw_print_spaces(print, MXW_PRINT_TAG_COLUMN);
	mxw_print_ink(print, ink, word);
	mxw_print_spaces(print, columns < MXW_PRINT_TEXT_COLUMN ? MXW_PRINT_TEXT_COLUMN - columns : 1);
}

unsigned mxw_print_columns(const char *text, size_t n)
{
	unsigned columns = 0;
	for (size_t i = 0; i < n; i++)
		columns += ((unsigned char)text[i] & 0xc0) != 0x80;
	return columns;
}

void mxw_print_wrapped(const struct mxw_print *print, unsigned column, unsigned indent, const char *text)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf safe = MXW_STRBUF_INIT;
	unsigned width = print->style->width >= MXW_PRINT_MIN_WIDTH ? print->style->width : 0;
	bool is_first = true;
	escape(print, text, &safe);
	if (mxw_strbuf_failed(&safe))
		print->out->failed = true;
	for (const char *word = mxw_strbuf_get(&safe); *word;) {
		size_t n = strcspn(word, " ");
		unsigned columns = mxw_print_columns(word, n);
		if (!is_first && width && column + 1 + columns > width) {
			mxw_strbuf_addc(print->out, '\n');
			mxw_print_spaces(print, indent);
			column = indent;
		} else if (!is_first) {
			mxw_strbuf_addc(print->out, ' ');
			column++;
		}
		mxw_strbuf_add(print->out, word, n);
		column += columns;
		is_first = false;
		word += n + (word[n] == ' ');
	}
	mxw_strbuf_addc(print->out, '\n');
}

enum mxw_ink mxw_print_severity_ink(enum mxw_severity severity)
{
	switch (severity) {
	case MXW_CRITICAL:
		return MXW_INK_RED;
	case MXW_WARNING:
		return MXW_INK_YELLOW;
	case MXW_UNKNOWN:
		return MXW_INK_MAGENTA;
	case MXW_OK:
		return MXW_INK_GREEN;
	default:
		return MXW_INK_NONE;
	}
}

const char *mxw_print_severity_word(enum mxw_severity severity)
{
	switch (severity) {
	case MXW_CRITICAL:
		return "CRITICAL";
	case MXW_WARNING:
		return "WARNING";
	case MXW_UNKNOWN:
		return "UNKNOWN";
	case MXW_INFO:
		return "advice";
	case MXW_OK:
		return "ok";
	default:
		return "off";
	}
}
