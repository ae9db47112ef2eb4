/* Text for people, on a terminal or in a pipe: escaping, colour, wrapping with a hanging indent. What the text renderers
 * of this room share. Everything goes through the escape of its sink here, so callers pass raw text. */
#pragma once

#include "lib/base/strbuf.h"
#include "lib/report/report.h"

enum mxw_ink { MXW_INK_NONE, MXW_INK_BOLD, MXW_INK_DIM, MXW_INK_RED, MXW_INK_GREEN, MXW_INK_YELLOW, MXW_INK_MAGENTA };

enum {
	MXW_PRINT_MIN_WIDTH = 40, /* narrower terminals get unwrapped lines: they wrap better themselves */
	MXW_PRINT_TAG_COLUMN = 2,
	MXW_PRINT_TEXT_COLUMN = 12,
};

struct mxw_print {
	struct mxw_strbuf *out;
	const struct mxw_report_style *style;
};

void mxw_print_ink(const struct mxw_print *print, enum mxw_ink ink, const char *text);
void mxw_print_text(const struct mxw_print *print, const char *text);
/* `text` from the present column, wrapped between words; further lines start at column `indent`. Ends the line. */
void mxw_print_wrapped(const struct mxw_print *print, unsigned column, unsigned indent, const char *text);
void mxw_print_spaces(const struct mxw_print *print, unsigned n);
/* A word at the tag column, then up to the text column. */
void mxw_print_tag(const struct mxw_print *print, enum mxw_ink ink, const char *word);

/* Columns that text takes, one a character: enough for Latin text and for aligning ASCII exactly. */
unsigned mxw_print_columns(const char *text, size_t n);

enum mxw_ink mxw_print_severity_ink(enum mxw_severity severity);
const char *mxw_print_severity_word(enum mxw_severity severity); /* "CRITICAL", ..., "advice", "ok" */
