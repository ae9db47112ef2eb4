/* From the configuration file to an object, or to words; see config_file.h. */
#include "daemon/config_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "daemon/files.h"
#include "daemon/log.h"

/* A running daemon must not wait for the reader of its stderr: the log rather drops lines. */
static void log_lines(enum mxw_log_level level, char *text)
{
	char *rest = text;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		mxw_log(level, "%s", line);
}

struct mxw_config *mxw_config_file_read(const char *path, bool is_running)
{
	struct mxw_config *config = NULL;
	struct mxw_diags diags = { 0 };
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	int r = mxw_config_read(&config, path, mxw_files_source(), &diags);
	mxw_diags_print(&diags, &text);
	if (text.len && is_running)
		log_lines(config ? MXW_LOG_WARNING : MXW_LOG_ERROR, text.data);
	else if (text.len && write(STDERR_FILENO, text.data, text.len) < 0)
		mxw_log(MXW_LOG_ERROR, "%s: cannot say what is wrong with it: %s", path, strerror(errno));
	if (r < 0)
		mxw_log(MXW_LOG_ERROR, "%s: %s", path, strerror(-r));
	mxw_strbuf_done(&text);
	mxw_diags_done(&diags);
	return config;
}
