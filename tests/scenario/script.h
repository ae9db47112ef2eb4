/* The text of a scenario, read into commands: one a line, "#" begins a comment, a block lasts until a line "end".
 *
 *	include NAME			the lines of another file beside this one
 *	repeat N VERB WORD...		N commands; "%" in a word is the number, from 1
 *	VERB WORD...			a command
 *	VERB WORD...			a command with a block
 *	  any text
 *	  repeat N TEXT			N lines, with the blanks before TEXT but the first; "%" in it is the number
 *	end
 *
 * Which verbs there are, and what they mean, is in run.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { SCRIPT_MAX_WORDS = 24 };

struct stage;
struct script_command;

struct script_verb {
	const char *name;
	size_t min_words, max_words; /* after the verb */
	bool has_block;
	/* Not called here. NULL, or what went wrong. */
	const char *(*run)(struct stage *stage, const struct script_command *command);
};

struct script_command {
	const struct script_verb *verb;
	char *file;
	unsigned line; /* from 1 */
	char *words[SCRIPT_MAX_WORDS];
	size_t n_words;
	char *block; /* with its line ends; NULL for none */
};

struct script {
	struct script_command *commands;
	size_t n;
};

/* Reads `path`. `verbs` ends in a row without a name. False when something is wrong, which has been said then on stderr
 * as FILE:LINE. */
bool script_read(struct script *ret, const char *path, const struct script_verb *verbs);
void script_done(struct script *script);
