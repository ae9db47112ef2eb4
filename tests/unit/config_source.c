/* Files from a table; see config_source.h. */
#include "tests/unit/config_source.h"

#include <errno.h>
#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* The block has the exact size: the sanitizer sees a reader that relies on a NUL. */
static int source_read(void *arg, const char *path, char **ret_bytes, size_t *ret_n)
{
	const struct test_source *source = arg;
	for (size_t i = 0; i < source->n_files; i++) {
		const struct test_file *file = &source->files[i];
		if (strcmp(file->path, path) != 0)
			continue;
		if (file->error)
			return file->error;
		*ret_n = strlen(file->text);
		*ret_bytes = malloc(*ret_n ? *ret_n : 1);
		if (!*ret_bytes)
			return -ENOMEM;
		memcpy(*ret_bytes, file->text, *ret_n);
		return 0;
	}
	return -ENOENT;
}

/* As GLOB_NOMAGIC: a pattern without wildcards is itself. A pattern "/denied/..." cannot be searched. */
static int source_glob(void *arg, const char *pattern, char ***ret_paths, size_t *ret_n)
{
	const struct test_source *source = arg;
	if (strncmp(pattern, "/denied/", 8) == 0)
		return -EACCES;
	bool is_name = !strpbrk(pattern, "*?[");
	char **paths = calloc(source->n_files + 1, sizeof(*paths));
	size_t n = 0;
	for (size_t i = 0; i < source->n_files && !is_name; i++)
		if (fnmatch(pattern, source->files[i].path, FNM_PATHNAME) == 0)
			paths[n++] = strdup(source->files[i].path);
	if (is_name)
		paths[n++] = strdup(pattern);
	*ret_paths = paths;
	*ret_n = n;
	return 0;
}

static const char *source_env(void *arg, const char *name)
{
	const struct test_source *source = arg;
	return strcmp(name, "STATE_DIRECTORY") == 0 ? source->state_directory : NULL;
}

void test_source_init(struct test_source *source, const struct test_file *files, size_t n_files)
{
	*source = (struct test_source){ .files = files, .n_files = n_files };
	source->source = (struct mxw_config_source){ source_read, source_glob, source_env, source };
}

struct mxw_config *test_config_read(struct test_source *source, struct mxw_strbuf *ret_diags)
{
	struct mxw_config *config = NULL;
	struct mxw_diags diags = { 0 };
	assert_int_equal(mxw_config_read(&config, "/etc/mxwatch.yaml", &source->source, &diags), 0);
	assert_int_equal(!config, diags.n_errors > 0);
	mxw_diags_print(&diags, ret_diags);
	mxw_diags_done(&diags);
	return config;
}

struct mxw_config *test_config_read_text(const char *text, struct mxw_strbuf *ret_diags)
{
	const struct test_file file = { "/etc/mxwatch.yaml", text, 0 };
	struct test_source source;
	test_source_init(&source, &file, 1);
	return test_config_read(&source, ret_diags);
}
