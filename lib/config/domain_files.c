/* `domain_files`: one domain a line, blank lines and # comments allowed; see domains.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/config/domains.h"
#include "lib/config/lines.h"
#include "lib/schema/scalar.h"

struct paths {
	char **items;
	size_t n;
};

static void paths_done(struct paths *paths)
{
	for (size_t i = 0; i < paths->n; i++)
		free(paths->items[i]);
	free(paths->items);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static int read_line(struct mxw_config_reader *reader, struct mxw_domain_list *list, const char *line, size_t n,
		     struct mxw_position at)
{
	char text[MXW_NAME_TEXT_MAX];
	size_t start = 0;
	const char *comment = memchr(line, '#', n);
	if (comment)
		n = (size_t)(comment - line);
	while (n && is_blank(line[n - 1]))
		n--;
	while (start < n && is_blank(line[start]))
		start++;
	if (start == n)
		return 0;
	at.column = (unsigned)start + 1;
	line += start;
	n -= start;
	if (n >= sizeof(text) || memchr(line, '\0', n)) {
		mxw_diags_add(reader->diags, MXW_DIAG_ERROR, at,
			      "the line %s, expected a mail domain such as example.com",
			      n >= sizeof(text) ? "is too long" : "contains a NUL character");
		return 0;
	}
	memcpy(text, line, n);
	text[n] = '\0';
	return mxw_domain_list_add(reader, list, text, &reader->config->defaults, at, MXW_DOMAIN_NO_INDEX, "");
}

static int read_file(struct mxw_config_reader *reader, const struct mxw_values *top, struct mxw_domain_list *list,
		     const char *path)
{
	char *bytes MXW_CLEANUP(mxw_freep) = NULL;
	size_t n = 0, len;
	const char *line;
	struct mxw_lines lines;
	struct mxw_position at = { .file = mxw_arena_text(&reader->config->arena, path) };
	int r = reader->source->read(reader->source->arg, path, &bytes, &n);
	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		mxw_values_error(top, "domain_files", reader->diags, "%s %s, expected a readable file", path,
				 mxw_config_source_error(r));
		return 0;
	}
	mxw_lines_init(&lines, bytes, n);
	while (r >= 0 && mxw_lines_next(&lines, &line, &len)) {
		at.line = lines.number;
		r = read_line(reader, list, line, len, at);
	}
	return r;
}

/* Relative patterns belong to the folder of the configuration file. */
static char *absolute_pattern(const char *config_path, const char *pattern)
{
	struct mxw_strbuf path = MXW_STRBUF_INIT;
	const char *slash = strrchr(config_path, '/');
	if (pattern[0] != '/' && slash)
		mxw_strbuf_add(&path, config_path, (size_t)(slash - config_path) + 1);
	mxw_strbuf_adds(&path, pattern);
	return mxw_strbuf_take(&path);
}

/* Nothing there is a warning for a pattern, which may match later, and an error for a name. */
static void tell_no_match(struct mxw_config_reader *reader, const struct mxw_values *top, size_t i, const char *pattern)
{
	const struct mxw_value *value = mxw_values_get(top, "domain_files");
	if (strpbrk(pattern, "*?["))
		mxw_diags_add(reader->diags, MXW_DIAG_WARNING, value->positions[i],
			      "domain_files[%zu]: %s matches no file", i, pattern);
	else
		mxw_values_item_error(top, "domain_files", i, reader->diags,
				      "%s does not exist, expected a readable file", pattern);
}

static int add_matches(struct mxw_config_reader *reader, const struct mxw_values *top, size_t i, struct paths *all)
{
	const struct mxw_value *value = mxw_values_get(top, "domain_files");
	char *pattern MXW_CLEANUP(mxw_freep) = absolute_pattern(reader->path, value->texts[i]);
	struct paths found = { 0 };
	int r = pattern ? reader->source->glob(reader->source->arg, pattern, &found.items, &found.n) : -ENOMEM;
	if (r == -ENOMEM)
		return r;
	if (r < 0) {
		mxw_values_item_error(top, "domain_files", i, reader->diags, "%s %s, expected a readable folder",
				      pattern, mxw_config_source_error(r));
		return 0;
	}
	if (!found.n)
		tell_no_match(reader, top, i, pattern);
	char **items = reallocarray(all->items, all->n + found.n + 1, sizeof(*items));
	if (!items) {
		paths_done(&found);
		return -ENOMEM;
	}
	all->items = items;
	for (size_t k = 0; k < found.n; k++)
		items[all->n++] = found.items[k];
	free(found.items);
	return 0;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int mxw_config_read_domain_files(struct mxw_config_reader *reader, const struct mxw_values *top,
				 struct mxw_domain_list *list)
{
	struct paths paths = { 0 };
	int r = 0;
	for (size_t i = 0; i < mxw_values_get(top, "domain_files")->n && r >= 0; i++)
		r = add_matches(reader, top, i, &paths);
	if (paths.n)
		qsort(paths.items, paths.n, sizeof(*paths.items), compare_paths);
	/* A file that several patterns match is read once. */
	for (size_t i = 0; i < paths.n && r >= 0; i++)
		if (!i || strcmp(paths.items[i - 1], paths.items[i]) != 0)
			r = read_file(reader, top, list, paths.items[i]);
	paths_done(&paths);
	return r;
}
