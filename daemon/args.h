/* Command lines: options as rows, read with getopt_long, help printed from the same rows.
 *
 *	mxw_args_start(&args, &command, argc, argv);
 *	while ((option = mxw_args_next(&args, &error)) != MXW_ARGS_END)
 *		if (option == MXW_ARGS_ERROR) -> print mxw_strbuf_get(&error), exit
 *		else switch (command.options[option].letter) ... args.value ...
 *	the operands are args.operands[0 .. args.n_operands - 1]
 *
 * getopt_long keeps its place in global variables: one command line at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/strbuf.h"

struct mxw_args_option {
	char letter;       /* 'c' for -c; what tells rows apart: never 0 */
	bool is_long_only; /* the letter is only for the switch statement */
	const char *name;  /* "config" for --config; NULL ends the rows */
	const char *value; /* "FILE": what the value is called in the help; NULL: a flag */
	const char *doc;
};

struct mxw_args_command {
	const char *name;  /* "mxwatch check" */
	const char *usage; /* what follows the name: "[OPTION]... DOMAIN..." */
	const char *doc;   /* one or two sentences */
	const struct mxw_args_option *options;
	const char *notes; /* below the options, lines; NULL for none */
};

enum { MXW_ARGS_MAX_OPTIONS = 24, MXW_ARGS_END = -1, MXW_ARGS_ERROR = -2 };

struct mxw_args {
	const struct mxw_args_command *command;
	int argc;
	char **argv;       /* permuted by getopt: operands come last */
	const char *value; /* of the option that mxw_args_next returned; NULL for a flag */
	char **operands;   /* after MXW_ARGS_END */
	size_t n_operands;
};

/* argv[0] is skipped: for a subcommand pass argv + 1. */
void mxw_args_start(struct mxw_args *args, const struct mxw_args_command *command, int argc, char **argv);

/* Index into the option rows, MXW_ARGS_END, or MXW_ARGS_ERROR with one line in *ret_error that names the option and, for a
 * misspelt one, the nearest. */
int mxw_args_next(struct mxw_args *args, struct mxw_strbuf *ret_error);

void mxw_args_help(const struct mxw_args_command *command, struct mxw_strbuf *ret);
