/* Loads the configuration of a one-shot command; see command_config.h. */
#include "daemon/command_config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/files.h"
#include "daemon/terminal.h"

static int read_config(const struct mxw_command_config *wanted, struct mxw_config **ret, struct mxw_diags *diags)
{
	static const char *const system_resolver[] = { "system" };
	const struct mxw_config_source *source = mxw_files_source();
	const char *path = wanted->path;
	if (!path && access(MXW_CONFIG_PATH, R_OK) == 0)
		path = MXW_CONFIG_PATH;
	if (!path) {
		bool is_given = wanted->n_resolvers > 0;
		return mxw_config_from_arguments(ret, is_given ? wanted->resolvers : system_resolver,
						 is_given ? wanted->n_resolvers : 1, source, diags);
	}
	int r = mxw_config_read(ret, path, source, diags);
	if (r == 0 && *ret && wanted->n_resolvers)
		r = mxw_config_set_resolvers(*ret, wanted->resolvers, wanted->n_resolvers, source, diags);
	return r;
}

static void print_diags(const struct mxw_diags *diags)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	mxw_diags_print(diags, &text);
	fputs(mxw_strbuf_get(&text), stderr);
}

struct mxw_config *mxw_command_config_load(const struct mxw_command_config *wanted)
{
	struct mxw_config *config = NULL;
	struct mxw_diags diags = { 0 };
	int r = read_config(wanted, &config, &diags);
	print_diags(&diags);
	if (r < 0)
		mxw_terminal_error("configuration: %s", strerror(-r));
	if (r < 0 || diags.n_errors) {
		mxw_config_free(config);
		config = NULL;
	}
	mxw_diags_done(&diags);
	if (config && wanted->timeout_ms)
		config->timeout_ms = wanted->timeout_ms;
	return config;
}
