/* Diagnostics about what a user wrote: FILE:LINE:COLUMN: KEY: what is wrong, what was expected (design.md 5.1).
 *
 * All errors of one reading are collected in a list and told at once. Zero-initialised is empty. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/strbuf.h"
#include "lib/base/util.h"

enum mxw_diag_level { MXW_DIAG_ERROR, MXW_DIAG_WARNING };

struct mxw_position {
	const char *file; /* borrowed; must outlive the list (configuration keeps its file names) */
	unsigned line;    /* from 1; 0: no position */
	unsigned column;  /* from 1, in characters */
};

struct mxw_diag {
	enum mxw_diag_level level;
	char *file;
	unsigned line, column;
	char *text;
};

struct mxw_diags {
	struct mxw_diag *items;
	size_t n;
	size_t n_errors;
	size_t n_dropped; /* beyond MXW_MAX_DIAGS: a file of a million bad lines must not fill memory */
};

enum { MXW_MAX_DIAGS = 200 };

void mxw_diags_done(struct mxw_diags *diags);
void mxw_diags_add(struct mxw_diags *diags, enum mxw_diag_level level, struct mxw_position at, const char *format, ...)
	MXW_PRINTF(4, 5);

/* Errors and warnings in the order of file position, one line each, control characters escaped; "and N more". */
void mxw_diags_print(const struct mxw_diags *diags, struct mxw_strbuf *ret);
