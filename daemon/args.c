/* Command lines on getopt_long; see args.h. */
#include "daemon/args.h"

#include <getopt.h>
#include <string.h>

#include "lib/base/escape.h"
#include "lib/base/nearest.h"

static size_t count_options(const struct mxw_args_command *command)
{
	size_t n = 0;
	while (command->options[n].name)
		n++;
	return n;
}

void mxw_args_start(struct mxw_args *args, const struct mxw_args_command *command, int argc, char **argv)
{
	*args = (struct mxw_args){ .command = command, .argc = argc, .argv = argv };
	optind = 0; /* glibc: forget the last command line */
	opterr = 0;
}

/* The two tables that getopt_long wants. Every option returns its row number + 256, short ones their letter. */
static void make_tables(const struct mxw_args_command *command, char short_options[2 * MXW_ARGS_MAX_OPTIONS + 2],
			struct option long_options[MXW_ARGS_MAX_OPTIONS + 1])
{
	char *out = short_options;
	*out++ = ':'; /* tell a missing value from an unknown option */
	size_t n = count_options(command);
	for (size_t i = 0; i < n && i < MXW_ARGS_MAX_OPTIONS; i++) {
		const struct mxw_args_option *row = &command->options[i];
		if (!row->is_long_only) {
			*out++ = row->letter;
			if (row->value)
				*out++ = ':';
		}
		long_options[i] = (struct option){ .name = row->name,
						   .has_arg = row->value ? required_argument : no_argument,
						   .val = 256 + (int)i };
		long_options[i + 1] = (struct option){ 0 };
	}
	*out = '\0';
}

static int row_of(const struct mxw_args_command *command, int code)
{
	if (code >= 256)
		return code - 256;
	size_t n = count_options(command);
	for (size_t i = 0; i < n; i++)
		if (!command->options[i].is_long_only && command->options[i].letter == code)
			return (int)i;
	return MXW_ARGS_ERROR;
}

static void add_suggestion(const struct mxw_args_command *command, const char *name, struct mxw_strbuf *ret)
{
	const char *names[MXW_ARGS_MAX_OPTIONS];
	size_t n = MXW_MIN(count_options(command), (size_t)MXW_ARGS_MAX_OPTIONS);
	for (size_t i = 0; i < n; i++)
		names[i] = command->options[i].name;
	const char *nearest = mxw_nearest(name, names, n);
	if (nearest)
		mxw_strbuf_addf(ret, ", did you mean --%s?", nearest);
}

static void describe_unknown(const struct mxw_args_command *command, const char *word, int code, struct mxw_strbuf *ret)
{
	size_t len = strcspn(word, "=");
	if (code >= 256) { /* a flag that was given a value */
		mxw_strbuf_addf(ret, "option --%s takes no value", command->options[code - 256].name);
	} else if (code) {
		char letter = (char)code;
		mxw_strbuf_adds(ret, "unknown option -");
		mxw_escape_line(ret, &letter, 1, 0);
	} else {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf name = MXW_STRBUF_INIT;
		if (len > 2)
			mxw_strbuf_add(&name, word + 2, len - 2);
		size_t n_matches = 0;
		for (size_t i = 0; i < count_options(command); i++)
			n_matches += strncmp(command->options[i].name, mxw_strbuf_get(&name), name.len) == 0;
		mxw_strbuf_adds(ret, n_matches > 1 ? "ambiguous option --" : "unknown option --");
		mxw_escape_line(ret, mxw_strbuf_get(&name), name.len, MXW_MAX_FIELD);
		add_suggestion(command, mxw_strbuf_get(&name), ret);
	}
}

int mxw_args_next(struct mxw_args *args, struct mxw_strbuf *ret_error)
{
	char short_options[2 * MXW_ARGS_MAX_OPTIONS + 2];
	struct option long_options[MXW_ARGS_MAX_OPTIONS + 1];
	make_tables(args->command, short_options, long_options);
	int code = getopt_long(args->argc, args->argv, short_options, long_options, NULL);
	if (code == -1) {
		args->operands = args->argv + optind;
		args->n_operands = (size_t)(args->argc - optind);
		return MXW_ARGS_END;
	}
	if (code == '?') {
		describe_unknown(args->command, args->argv[optind - 1], optopt, ret_error);
		return MXW_ARGS_ERROR;
	}
	int row = row_of(args->command, code == ':' ? optopt : code);
	if (code == ':') {
		const struct mxw_args_option *option = &args->command->options[row];
		mxw_strbuf_addf(ret_error, "option --%s needs a value: %s", option->name, option->value);
		return MXW_ARGS_ERROR;
	}
	args->value = optarg;
	return row;
}

void mxw_args_help(const struct mxw_args_command *command, struct mxw_strbuf *ret)
{
	enum { DOC_COLUMN = 26 };
	mxw_strbuf_addf(ret, "Usage: %s %s\n\n%s\n\nOptions:\n", command->name, command->usage, command->doc);
	for (const struct mxw_args_option *row = command->options; row->name; row++) {
		size_t start = ret->len;
		if (row->is_long_only)
			mxw_strbuf_addf(ret, "      --%s", row->name);
		else
			mxw_strbuf_addf(ret, "  -%c, --%s", row->letter, row->name);
		if (row->value)
			mxw_strbuf_addf(ret, " %s", row->value);
		int used = (int)(ret->len - start);
		mxw_strbuf_addf(ret, "%*s%s\n", used < DOC_COLUMN ? DOC_COLUMN - used : 1, "", row->doc);
	}
	if (command->notes)
		mxw_strbuf_addf(ret, "\n%s\n", command->notes);
}
