/* `mxwatch list` and `mxwatch explain`: the tables of checks, findings, notifiers and options, printed. Pure. */
#pragma once

#include <stddef.h>

#include "lib/base/strbuf.h"
#include "lib/report/report.h"
#include "lib/schema/option.h"

enum mxw_catalogue_format { MXW_CATALOGUE_TEXT, MXW_CATALOGUE_JSON, MXW_CATALOGUE_MARKDOWN };

/* One row of any list. Cells are borrowed. */
struct mxw_catalogue_table {
	const char *const *columns; /* n_columns headings, also JSON keys */
	size_t n_columns;
	const char *const *cells; /* n_rows * n_columns, row by row; "" for an empty one */
	size_t n_rows;
};
/* JSON: an array of objects; text: aligned columns, last one wrapped to `width`; Markdown: a table. 0 or -ENOMEM. */
int mxw_catalogue_print(const struct mxw_catalogue_table *table, enum mxw_catalogue_format format, unsigned width,
			struct mxw_strbuf *ret);

int mxw_catalogue_checks(enum mxw_catalogue_format format, unsigned width, struct mxw_strbuf *ret);
int mxw_catalogue_findings(enum mxw_catalogue_format format, unsigned width, struct mxw_strbuf *ret);

/* Every finding id once, borrowed; how many, `max` at most. */
size_t mxw_catalogue_finding_ids(const char **ret, size_t max);

/* Everything about one finding id: what it means, severity, RFC, what senders see, how to see it, how to fix it.
 * -ENOENT for an unknown id. */
int mxw_catalogue_explain(const char *finding_id, const struct mxw_report_style *style, struct mxw_strbuf *ret);
