/* A text of lines, one at a time, without copying. LF and CRLF end a line, and so does the end of the text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct mxw_lines {
	const char *next, *end;
	unsigned number; /* of the line that was returned last, from 1 */
};

/* A byte order mark at the start is passed over. `bytes` may be NULL when n is 0. */
void mxw_lines_init(struct mxw_lines *lines, const char *bytes, size_t n);
/* The next line, borrowed and not NUL-terminated; false at the end. */
bool mxw_lines_next(struct mxw_lines *lines, const char **ret, size_t *ret_n);
