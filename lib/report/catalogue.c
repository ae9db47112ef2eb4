/* The tables behind `mxwatch list` and `mxwatch explain`; see catalogue.h. */
#include "lib/report/catalogue.h"

#include <errno.h>
#include <string.h>

#include "lib/health/findings.h"
#include "lib/report/json.h"
#include "lib/report/print.h"

static const char *cell(const struct mxw_catalogue_table *table, size_t row, size_t column)
{
	return table->cells[row * table->n_columns + column];
}

static int print_json(const struct mxw_catalogue_table *table, struct mxw_strbuf *ret)
{
	json_t *array = json_array();
	bool ok = array;
	for (size_t row = 0; ok && row < table->n_rows; row++) {
		json_t *object = json_object();
		for (size_t column = 0; ok && column < table->n_columns; column++)
			ok = mxw_report_json_put(object, table->columns[column],
						 mxw_report_json_text(cell(table, row, column)));
		if (ok)
			ok = json_array_append(array, object) == 0;
		json_decref(object);
	}
	int r = ok ? mxw_report_json_dump(array, ret) : -ENOMEM;
	mxw_strbuf_addc(ret, '\n');
	json_decref(array);
	return r;
}

/* '|' ends a cell, '<' and '_' would be markup; one line a row. */
static void add_markdown_cell(struct mxw_strbuf *ret, const char *text)
{
	for (const char *c = text; *c; c++) {
		if (strchr("|<>_*`\\[]", *c))
			mxw_strbuf_addc(ret, '\\');
		mxw_strbuf_addc(ret, *c == '\n' ? ' ' : *c);
	}
}

static void print_markdown(const struct mxw_catalogue_table *table, struct mxw_strbuf *ret)
{
	for (size_t column = 0; column < table->n_columns; column++)
		mxw_strbuf_addf(ret, "| %s ", table->columns[column]);
	mxw_strbuf_adds(ret, "|\n");
	for (size_t column = 0; column < table->n_columns; column++)
		mxw_strbuf_adds(ret, "|---");
	mxw_strbuf_adds(ret, "|\n");
	for (size_t row = 0; row < table->n_rows; row++) {
		for (size_t column = 0; column < table->n_columns; column++) {
			mxw_strbuf_adds(ret, "| ");
			add_markdown_cell(ret, cell(table, row, column));
			mxw_strbuf_addc(ret, ' ');
		}
		mxw_strbuf_adds(ret, "|\n");
	}
}

static unsigned column_width(const struct mxw_catalogue_table *table, size_t column)
{
	unsigned width = 0;
	for (size_t row = 0; row < table->n_rows; row++) {
		const char *text = cell(table, row, column);
		unsigned columns = mxw_print_columns(text, strlen(text));
		width = MXW_MAX(width, columns);
	}
	return width;
}

static void print_text(const struct mxw_catalogue_table *table, unsigned width, struct mxw_strbuf *ret)
{
	struct mxw_report_style style = { .utf8 = true, .width = width };
	struct mxw_print print = { .out = ret, .style = &style };
	for (size_t row = 0; row < table->n_rows; row++) {
		unsigned at = 0, indent = 0;
		for (size_t column = 0; column + 1 < table->n_columns; column++) {
			const char *text = cell(table, row, column);
			indent += column_width(table, column) + 2;
			mxw_print_text(&print, text);
			at += mxw_print_columns(text, strlen(text));
			mxw_print_spaces(&print, indent - at);
			at = indent;
		}
		mxw_print_wrapped(&print, at, indent, cell(table, row, table->n_columns - 1));
	}
}

int mxw_catalogue_print(const struct mxw_catalogue_table *table, enum mxw_catalogue_format format, unsigned width,
			struct mxw_strbuf *ret)
{
	int r = 0;
	switch (format) {
	case MXW_CATALOGUE_JSON:
		r = print_json(table, ret);
		break;
	case MXW_CATALOGUE_MARKDOWN:
		print_markdown(table, ret);
		break;
	case MXW_CATALOGUE_TEXT:
		print_text(table, width, ret);
		break;
	}
	return r == 0 && mxw_strbuf_failed(ret) ? -ENOMEM : r;
}

int mxw_catalogue_checks(enum mxw_catalogue_format format, unsigned width, struct mxw_strbuf *ret)
{
	static const char *const columns[] = { "check", "doc" };
	const char *cells[2 * MXW_MAX_CHECKS];
	struct mxw_catalogue_table table = {
		.columns = columns, .n_columns = 2, .cells = cells, .n_rows = mxw_n_checks
	};
	for (size_t i = 0; i < mxw_n_checks; i++) {
		cells[2 * i] = mxw_checks[i]->name;
		cells[2 * i + 1] = mxw_checks[i]->doc;
	}
	return mxw_catalogue_print(&table, format, width, ret);
}

static size_t count_findings(void)
{
	size_t n = 0;
	for (const struct mxw_finding_def *def = mxw_health_findings; def->id; def++)
		n++;
	for (size_t c = 0; c < mxw_n_checks; c++)
		for (const struct mxw_finding_def *def = mxw_checks[c]->findings; def->id; def++)
			n++;
	return n;
}

/* The checks that report an id: failed lookups belong to each check that asks the question. */
static const char *checks_of(const char *id, struct mxw_arena *arena)
{
	const char *list = "";
	for (size_t c = 0; c < mxw_n_checks; c++)
		for (const struct mxw_finding_def *def = mxw_checks[c]->findings; def->id; def++)
			if (strcmp(def->id, id) == 0)
				list = mxw_arena_textf(arena, "%s%s%s", list, *list ? ", " : "", mxw_checks[c]->name);
	return list;
}

static bool is_first_of_its_id(const struct mxw_finding_def *wanted, size_t check)
{
	for (size_t c = 0; c < check; c++)
		for (const struct mxw_finding_def *def = mxw_checks[c]->findings; def->id; def++)
			if (strcmp(def->id, wanted->id) == 0)
				return false;
	return true;
}

size_t mxw_catalogue_finding_ids(const char **ret, size_t max)
{
	size_t n = 0;
	for (size_t c = 0; c < mxw_n_checks; c++)
		for (const struct mxw_finding_def *def = mxw_checks[c]->findings; def->id && n < max; def++)
			if (is_first_of_its_id(def, c))
				ret[n++] = def->id;
	for (const struct mxw_finding_def *def = mxw_health_findings; def->id && n < max; def++)
		ret[n++] = def->id;
	return n;
}

static void add_finding(struct mxw_catalogue_table *table, const char **cells, const struct mxw_finding_def *def,
			const char *check)
{
	const char **row = cells + table->n_rows++ * table->n_columns;
	row[0] = def->id;
	row[1] = mxw_severity_name(def->severity);
	row[2] = check;
	row[3] = def->message;
	if (table->n_columns > 4)
		row[4] = def->rfc ? def->rfc : "";
}

int mxw_catalogue_findings(enum mxw_catalogue_format format, unsigned width, struct mxw_strbuf *ret)
{
	static const char *const columns[] = { "id", "severity", "check", "message", "rfc" };
	MXW_CLEANUP(mxw_arena_done) struct mxw_arena arena = { 0 };
	MXW_CLEANUP(mxw_freep)
	const char **cells = mxw_new_array(count_findings() * MXW_ARRAY_SIZE(columns), sizeof(*cells));
	struct mxw_catalogue_table table = { .columns = columns, .n_columns = MXW_ARRAY_SIZE(columns), .cells = cells };
	if (format == MXW_CATALOGUE_TEXT)
		table.n_columns--; /* lines of a screen's width; `mxwatch explain` tells the rule */
	if (!cells)
		return -ENOMEM;
	for (size_t c = 0; c < mxw_n_checks; c++)
		for (const struct mxw_finding_def *def = mxw_checks[c]->findings; def->id; def++)
			if (is_first_of_its_id(def, c))
				add_finding(&table, cells, def, checks_of(def->id, &arena));
	for (const struct mxw_finding_def *def = mxw_health_findings; def->id; def++)
		add_finding(&table, cells, def, "monitor");
	return arena.failed ? -ENOMEM : mxw_catalogue_print(&table, format, width, ret);
}
