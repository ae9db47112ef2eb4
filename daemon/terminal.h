/* Standard output and error as people and programs read them: what the terminal can show, and writing that cannot fail unseen. */
#pragma once

#include "lib/base/strbuf.h"
#include "lib/report/report.h"

/* Colour, character set and width of stdout. Colour only on a terminal that is not dumb, and without NO_COLOR. */
void mxw_terminal_style(struct mxw_report_style *ret);

/* Writes the whole text to stdout and flushes it: 0, or a negative errno (-EPIPE, -ENOSPC, ...). SIGPIPE must be ignored. */
int mxw_terminal_write(const struct mxw_strbuf *text);

/* One line on stderr, "mxwatch: ...", escaped. */
void mxw_terminal_error(const char *format, ...) MXW_PRINTF(1, 2);
