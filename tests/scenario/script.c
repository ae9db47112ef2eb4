/* The parser of scenario files; see script.h. Memory that runs out ends the program: a test has nothing to save. */
#include "tests/scenario/script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/strbuf.h"

enum { MAX_INCLUDES = 4 };

struct reader {
	struct script *script;
	const struct script_verb *verbs;
	const char *path;
	FILE *file;
	unsigned line, depth;
	char *text; /* of the line */
	size_t n_text;
};

static bool complain(const struct reader *reader, const char *what, const char *word)
{
	fprintf(stderr, "%s:%u: %s %s\n", reader->path, reader->line, what, word);
	return false;
}

static bool next_line(struct reader *reader)
{
	if (getline(&reader->text, &reader->n_text, reader->file) < 0)
		return false;
	reader->line++;
	return true;
}

static const struct script_verb *find_verb(const struct reader *reader, const char *name)
{
	const struct script_verb *verb = reader->verbs;
	while (verb->name && strcmp(verb->name, name) != 0)
		verb++;
	return verb->name ? verb : NULL;
}

static char *copy(const char *text)
{
	char *ret = strdup(text);
	if (!ret)
		abort();
	return ret;
}

/* Cuts the line into words, in place. "#" begins a comment where a word would begin. */
static size_t cut_words(char *line, char *ret[], size_t max)
{
	size_t n = 0;
	char *rest = line, *word;
	while ((word = strsep(&rest, " \t\n")) && *word != '#')
		if (*word && n < max)
			ret[n++] = word;
	return n;
}

static bool is_end(const char *line)
{
	char word[8] = "", more[2] = "";
	return sscanf(line, "%7s %1s", word, more) == 1 && strcmp(word, "end") == 0;
}

/* The word with the number in the place of its "%"; 0: as it is. */
static char *fill(const char *word, unsigned long number)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	const char *sign = number ? strchr(word, '%') : NULL;
	if (!sign)
		return copy(word);
	mxw_strbuf_addf(&text, "%.*s%lu%s", (int)(sign - word), word, number, sign + 1);
	char *ret = mxw_strbuf_take(&text);
	if (!ret)
		abort();
	return ret;
}

static void add_line(struct mxw_strbuf *block, const char *line)
{
	unsigned long times = 0;
	int n_prefix = 0;
	if (sscanf(line, " repeat %lu%n", &times, &n_prefix) != 1 || line[n_prefix] != ' ') {
		mxw_strbuf_adds(block, line);
		return;
	}
	for (unsigned long i = 1; i <= times; i++) {
		char *text = fill(line + n_prefix + 1, i);
		mxw_strbuf_adds(block, text);
		free(text);
	}
}

static bool read_block(struct reader *reader, char **ret)
{
	struct mxw_strbuf block = MXW_STRBUF_INIT;
	unsigned begin = reader->line;
	bool ended = false;
	while (!ended && next_line(reader)) {
		ended = is_end(reader->text);
		if (!ended)
			add_line(&block, reader->text);
	}
	*ret = mxw_strbuf_take(&block);
	if (!*ret)
		abort();
	reader->line = ended ? reader->line : begin;
	return ended || complain(reader, "this block has no", "end");
}

static struct script_command *add_command(struct script *script)
{
	script->commands = reallocarray(script->commands, script->n + 1, sizeof(script->commands[0]));
	if (!script->commands)
		abort();
	script->commands[script->n] = (struct script_command){ 0 };
	return &script->commands[script->n++];
}

static bool read_command(struct reader *reader, char *const words[], size_t n, unsigned long number)
{
	const struct script_verb *verb = find_verb(reader, words[0]);
	if (!verb)
		return complain(reader, "no such command:", words[0]);
	if (n - 1 < verb->min_words)
		return complain(reader, "too few words after", words[0]);
	if (n - 1 > verb->max_words)
		return complain(reader, "too many words after", words[0]);
	struct script_command *command = add_command(reader->script);
	command->verb = verb;
	command->file = copy(reader->path);
	command->line = reader->line;
	for (size_t i = 1; i < n; i++)
		command->words[command->n_words++] = fill(words[i], number);
	return !verb->has_block || read_block(reader, &command->block);
}

static bool repeat(struct reader *reader, char *const words[], size_t n)
{
	unsigned long times = n > 2 ? strtoul(words[1], NULL, 10) : 0;
	const struct script_verb *verb = n > 2 ? find_verb(reader, words[2]) : NULL;
	bool ok = times > 0 && !(verb && verb->has_block);
	if (!ok)
		return complain(reader, "a number and a command without a block belong after", words[0]);
	for (unsigned long i = 1; i <= times && ok; i++)
		ok = read_command(reader, words + 2, n - 2, i);
	return ok;
}

static bool read_file(struct reader *reader);

static bool include(const struct reader *from, const char *name)
{
	struct mxw_strbuf path = MXW_STRBUF_INIT;
	const char *slash = strrchr(from->path, '/');
	if (from->depth == MAX_INCLUDES)
		return complain(from, "too deep:", name);
	if (slash)
		mxw_strbuf_add(&path, from->path, (size_t)(slash + 1 - from->path));
	mxw_strbuf_adds(&path, name);
	struct reader reader = {
		.script = from->script, .verbs = from->verbs, .path = mxw_strbuf_get(&path), .depth = from->depth + 1
	};
	bool ok = read_file(&reader);
	mxw_strbuf_done(&path);
	return ok;
}

static bool read_line(struct reader *reader)
{
	enum { MAX = SCRIPT_MAX_WORDS + 4 }; /* "repeat N", the verb, and one to see that there are too many */
	char *words[MAX];
	size_t n = cut_words(reader->text, words, MAX);
	if (n == 0)
		return true;
	if (strcmp(words[0], "include") == 0)
		return n == 2 ? include(reader, words[1]) : complain(reader, "one file name belongs after", words[0]);
	if (strcmp(words[0], "repeat") == 0)
		return repeat(reader, words, n);
	return read_command(reader, words, n, 0);
}

static bool read_file(struct reader *reader)
{
	bool ok = true;
	reader->file = fopen(reader->path, "re");
	if (!reader->file) {
		fprintf(stderr, "%s: %s\n", reader->path, strerror(errno));
		return false;
	}
	while (ok && next_line(reader))
		ok = read_line(reader);
	fclose(reader->file);
	free(reader->text);
	return ok;
}

bool script_read(struct script *ret, const char *path, const struct script_verb *verbs)
{
	struct reader reader = { .script = ret, .verbs = verbs, .path = path };
	*ret = (struct script){ 0 };
	if (read_file(&reader))
		return true;
	script_done(ret);
	return false;
}

void script_done(struct script *script)
{
	for (size_t i = 0; i < script->n; i++) {
		struct script_command *command = &script->commands[i];
		for (size_t k = 0; k < command->n_words; k++)
			free(command->words[k]);
		free(command->file);
		free(command->block);
	}
	free(script->commands);
	*script = (struct script){ 0 };
}
