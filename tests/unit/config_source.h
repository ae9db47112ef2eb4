/* A configuration source in memory: a table of files and the environment. */
#pragma once

#include <stddef.h>

#include "lib/base/strbuf.h"
#include "lib/config/config.h"

struct test_file {
	const char *path, *text;
	int error; /* what reading gives instead of the text, 0 for none */
};

struct test_source {
	const struct test_file *files;
	size_t n_files;
	const char *state_directory;     /* NULL: unset */
	struct mxw_config_source source; /* set by test_source_init */
};

void test_source_init(struct test_source *source, const struct test_file *files, size_t n_files);

/* Reads the file "/etc/mxwatch.yaml" and returns the diagnostics as printed in *ret_diags. NULL with errors. */
struct mxw_config *test_config_read(struct test_source *source, struct mxw_strbuf *ret_diags);
/* The same for one text alone. */
struct mxw_config *test_config_read_text(const char *text, struct mxw_strbuf *ret_diags);
