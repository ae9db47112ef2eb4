/* Collects what is wrong with a user's input and prints it as one line each; see diag.h. */
#include "lib/base/diag.h"

#include <string.h>

#include "lib/base/escape.h"

void mxw_diags_done(struct mxw_diags *diags)
{
	for (size_t i = 0; i < diags->n; i++) {
		free(diags->items[i].file);
		free(diags->items[i].text);
	}
	free(diags->items);
	*diags = (struct mxw_diags){ 0 };
}

void mxw_diags_add(struct mxw_diags *diags, enum mxw_diag_level level, struct mxw_position at, const char *format, ...)
{
	if (level == MXW_DIAG_ERROR)
		diags->n_errors++;
	struct mxw_diag *items = NULL;
	if (diags->n < MXW_MAX_DIAGS)
		items = realloc(diags->items, (diags->n + 1) * sizeof(*items));
	if (!items) {
		diags->n_dropped++;
		return;
	}
	diags->items = items;
	struct mxw_diag *diag = &items[diags->n++];
	*diag = (struct mxw_diag){ .level = level, .line = at.line, .column = at.column };
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	va_list args;
	va_start(args, format);
	mxw_strbuf_vaddf(&text, format, args);
	va_end(args);
	diag->text = mxw_strbuf_take(&text);
	diag->file = strdup(at.file ? at.file : "");
}

/* Insertion sort by file (first seen first) would need a map; files are read one after the other, so a stable
 * sort by line and column inside runs of the same file is what a reader expects. */
static bool before(const struct mxw_diag *a, const struct mxw_diag *b)
{
	if (!a->file || !b->file || strcmp(a->file, b->file) != 0)
		return false;
	return a->line != b->line ? a->line < b->line : a->column < b->column;
}

void mxw_diags_print(const struct mxw_diags *diags, struct mxw_strbuf *ret)
{
	size_t order[MXW_MAX_DIAGS];
	for (size_t i = 0; i < diags->n; i++) {
		size_t j = i;
		for (; j > 0 && before(&diags->items[i], &diags->items[order[j - 1]]); j--)
			order[j] = order[j - 1];
		order[j] = i;
	}
	for (size_t i = 0; i < diags->n; i++) {
		const struct mxw_diag *diag = &diags->items[order[i]];
		if (diag->file && diag->file[0]) {
			mxw_escape_line(ret, diag->file, strlen(diag->file), 0);
			if (diag->line)
				mxw_strbuf_addf(ret, ":%u:%u", diag->line, diag->column);
			mxw_strbuf_adds(ret, ": ");
		}
		if (diag->level == MXW_DIAG_WARNING)
			mxw_strbuf_adds(ret, "warning: ");
		const char *text = diag->text ? diag->text : "out of memory";
		mxw_escape_line(ret, text, strlen(text), 0);
		mxw_strbuf_addc(ret, '\n');
	}
	if (diags->n_dropped)
		mxw_strbuf_addf(ret, "and %zu more\n", diags->n_dropped);
}
