/* `mxwatch list` and `mxwatch explain`; see command_list.h. Tables of checks and findings come from lib/report, those of
 * notifiers and options are made here: lib/report stands below them. */
#include "daemon/command_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/args_value.h"
#include "daemon/terminal.h"
#include "lib/base/arena.h"
#include "lib/base/duration.h"
#include "lib/base/nearest.h"
#include "lib/check/check.h"
#include "lib/config/config.h"
#include "lib/notify/notify.h"
#include "lib/report/catalogue.h"

enum { EXIT_USAGE = 3 };

static const char *const formats[] = { "text", "json", "markdown" }; /* in the order of enum mxw_catalogue_format */

static const struct mxw_args_option list_options[] = {
	{ .letter = 'f',
	  .is_long_only = true,
	  .name = "format",
	  .value = "FORMAT",
	  .doc = "text, json or markdown (default: text)" },
	{ .letter = 'h', .name = "help", .doc = "show this help" },
	{ 0 },
};

const struct mxw_args_command mxw_command_list_args = {
	.name = "mxwatch list",
	.usage = "[OPTION]... checks|findings|notifiers|options",
	.doc = "Show what mxwatch knows: its checks, everything that they may find, notifiers, options of the "
	       "configuration.",
	.options = list_options,
};

static const struct mxw_args_option explain_options[] = {
	{ .letter = 'h', .name = "help", .doc = "show this help" },
	{ 0 },
};

const struct mxw_args_command mxw_command_explain_args = {
	.name = "mxwatch explain",
	.usage = "FINDING-ID",
	.doc = "Explain a finding: what it means, what senders see, how to see it, how to mend it.",
	.options = explain_options,
};

static int list_notifiers(enum mxw_catalogue_format format, unsigned width, struct mxw_strbuf *ret)
{
	static const char *const columns[] = { "notifier", "doc" };
	MXW_CLEANUP(mxw_freep) const char **cells = mxw_new_array(2 * mxw_n_notifiers, sizeof(*cells));
	struct mxw_catalogue_table table = {
		.columns = columns, .n_columns = 2, .cells = cells, .n_rows = mxw_n_notifiers
	};
	if (!cells)
		return -ENOMEM;
	for (size_t i = 0; i < mxw_n_notifiers; i++) {
		cells[2 * i] = mxw_notifiers[i]->name;
		cells[2 * i + 1] = mxw_notifiers[i]->doc;
	}
	return mxw_catalogue_print(&table, format, width, ret);
}

/* What values an option takes, for people: "100ms to 5m", "auto, yes, no". */
static const char *allowed_values(const struct mxw_option *option, struct mxw_arena *arena)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	if (option->expected)
		return option->expected;
	for (size_t i = 0; option->choices && option->choices[i]; i++)
		mxw_strbuf_addf(&text, "%s%s", i ? ", " : "", option->choices[i]);
	if (option->type == MXW_OPTION_BOOL)
		mxw_strbuf_adds(&text, "true, false");
	if (option->type == MXW_OPTION_INT && (option->min || option->max))
		mxw_strbuf_addf(&text, "%lld to %lld", (long long)option->min, (long long)option->max);
	if ((option->type == MXW_OPTION_DURATION || option->type == MXW_OPTION_DURATIONS) &&
	    (option->min || option->max)) {
		mxw_duration_format(&text, option->min);
		mxw_strbuf_adds(&text, " to ");
		mxw_duration_format(&text, option->max);
	}
	arena->failed |= mxw_strbuf_failed(&text);
	return mxw_arena_text(arena, mxw_strbuf_get(&text));
}

static void fill_row(const char **row, const struct mxw_option_table *table, const struct mxw_option *option,
		     struct mxw_arena *arena)
{
	row[0] = table->name;
	row[1] = option->name;
	row[2] = mxw_option_type_name(option->type);
	row[3] = option->required ? "yes" : "";
	row[4] = option->fallback ? option->fallback : "";
	row[5] = allowed_values(option, arena);
	row[6] = option->doc;
}

/* People get three columns: what a machine wants apart is a sentence to them. */
static void fill_text_row(const char **row, const struct mxw_option_table *table, const struct mxw_option *option,
			  struct mxw_arena *arena)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	const char *values = allowed_values(option, arena);
	mxw_strbuf_adds(&text, option->doc);
	if (*values)
		mxw_strbuf_addf(&text, " Expected: %s.", values);
	if (option->fallback)
		mxw_strbuf_addf(&text, " Default: %s.", option->fallback);
	if (option->required)
		mxw_strbuf_adds(&text, " Required.");
	arena->failed |= mxw_strbuf_failed(&text);
	row[0] = table->name;
	row[1] = option->name;
	row[2] = mxw_arena_text(arena, mxw_strbuf_get(&text));
}

static int list_config_options(enum mxw_catalogue_format format, unsigned width, struct mxw_strbuf *ret)
{
	static const char *const columns[] = { "where", "key", "type", "required", "default", "values", "doc" };
	static const char *const text_columns[] = { "where", "key", "doc" };
	bool is_text = format == MXW_CATALOGUE_TEXT;
	struct mxw_option_table tables[MXW_MAX_OPTION_TABLES];
	size_t n_tables = mxw_config_option_tables(tables), n_rows = 0;
	MXW_CLEANUP(mxw_arena_done) struct mxw_arena arena = { 0 };
	for (size_t i = 0; i < n_tables; i++)
		n_rows += mxw_options_count(tables[i].options);
	MXW_CLEANUP(mxw_freep) const char **cells = mxw_new_array(n_rows * MXW_ARRAY_SIZE(columns), sizeof(*cells));
	struct mxw_catalogue_table table = { .columns = is_text ? text_columns : columns, .cells = cells };
	table.n_columns = is_text ? MXW_ARRAY_SIZE(text_columns) : MXW_ARRAY_SIZE(columns);
	if (!cells)
		return -ENOMEM;
	for (size_t i = 0; i < n_tables; i++) {
		for (const struct mxw_option *option = tables[i].options; option->name; option++) {
			const char **row = cells + table.n_rows++ * table.n_columns;
			(is_text ? fill_text_row : fill_row)(row, &tables[i], option, &arena);
		}
	}
	return arena.failed ? -ENOMEM : mxw_catalogue_print(&table, format, width, ret);
}

static const struct {
	const char *name;
	int (*print)(enum mxw_catalogue_format format, unsigned width, struct mxw_strbuf *ret);
} lists[] = {
	{ "checks", mxw_catalogue_checks },
	{ "findings", mxw_catalogue_findings },
	{ "notifiers", list_notifiers },
	{ "options", list_config_options },
};

static int write_result(int r, const struct mxw_strbuf *text)
{
	if (r == 0)
		r = mxw_terminal_write(text);
	if (r == 0)
		return 0;
	mxw_terminal_error("cannot write: %s", strerror(-r));
	return EXIT_USAGE;
}

static int print_help(const struct mxw_args_command *command)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_args_help(command, &text);
	return write_result(0, &text);
}

static int print_list(const char *word, enum mxw_catalogue_format format)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	const char *names[MXW_ARRAY_SIZE(lists)];
	struct mxw_report_style style;
	mxw_terminal_style(&style);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(lists); i++) {
		names[i] = lists[i].name;
		if (strcmp(word, names[i]) == 0)
			return write_result(lists[i].print(format, style.width, &text), &text);
	}
	const char *nearest = mxw_nearest(word, names, MXW_ARRAY_SIZE(names));
	mxw_terminal_error("list: unknown list \"%s\", %s%s%s", word, nearest ? "did you mean " : "expected ",
			   nearest ? nearest : "checks, findings, notifiers or options", nearest ? "?" : "");
	return EXIT_USAGE;
}

int mxw_command_list(int argc, char **argv)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf error = MXW_STRBUF_INIT;
	enum mxw_catalogue_format format = MXW_CATALOGUE_TEXT;
	struct mxw_args args;
	int option;
	mxw_args_start(&args, &mxw_command_list_args, argc, argv);
	while ((option = mxw_args_next(&args, &error)) >= 0) {
		if (list_options[option].letter == 'h')
			return print_help(&mxw_command_list_args);
		int index = mxw_args_value_format(args.value, formats, MXW_ARRAY_SIZE(formats));
		if (index < 0)
			return EXIT_USAGE;
		format = (enum mxw_catalogue_format)index;
	}
	if (option == MXW_ARGS_ERROR) {
		mxw_terminal_error("list: %s", mxw_strbuf_get(&error));
		return EXIT_USAGE;
	}
	if (args.n_operands != 1) {
		mxw_terminal_error("list: expected one of checks, findings, notifiers, options");
		return EXIT_USAGE;
	}
	return print_list(args.operands[0], format);
}

/* The nearest finding id to a misspelt one; NULL if none is near. */
static const char *nearest_finding(const char *word)
{
	enum { MAX_IDS = 1024 };
	const char *ids[MAX_IDS];
	return mxw_nearest(word, ids, mxw_catalogue_finding_ids(ids, MAX_IDS));
}

static int explain(const char *id)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_report_style style;
	mxw_terminal_style(&style);
	int r = mxw_catalogue_explain(id, &style, &text);
	if (r != -ENOENT)
		return write_result(r, &text);
	const char *nearest = nearest_finding(id);
	if (nearest)
		mxw_terminal_error("explain: unknown finding \"%s\", did you mean %s?", id, nearest);
	else
		mxw_terminal_error("explain: unknown finding \"%s\" (mxwatch list findings shows all)", id);
	return EXIT_USAGE;
}

int mxw_command_explain(int argc, char **argv)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf error = MXW_STRBUF_INIT;
	struct mxw_args args;
	mxw_args_start(&args, &mxw_command_explain_args, argc, argv);
	int option = mxw_args_next(&args, &error);
	if (option >= 0)
		return print_help(&mxw_command_explain_args);
	if (option == MXW_ARGS_ERROR) {
		mxw_terminal_error("explain: %s", mxw_strbuf_get(&error));
		return EXIT_USAGE;
	}
	if (args.n_operands != 1) {
		mxw_terminal_error("explain: expected one finding id, such as mx-none");
		return EXIT_USAGE;
	}
	return explain(args.operands[0]);
}
