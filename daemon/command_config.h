/* The configuration of a one-shot command: the file that is given or there, and what the command line says instead. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/config/config.h"

struct mxw_command_config {
	const char *path;             /* NULL: MXW_CONFIG_PATH, if it is there and readable */
	const char *const *resolvers; /* as written; instead of those of the file */
	size_t n_resolvers;           /* 0: those of the file, without a file `system` */
	int64_t timeout_ms;           /* 0: as configured */
};

/* NULL after having said on stderr what is wrong. The caller owns the configuration: mxw_config_free. */
struct mxw_config *mxw_command_config_load(const struct mxw_command_config *wanted);
