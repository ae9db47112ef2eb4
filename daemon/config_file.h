/* The configuration file, read for the daemon. */
#pragma once

#include <stdbool.h>

#include "lib/config/config.h"

/* Reads it and says what is wrong with it: on stderr, or while the daemon is running in the log. NULL when it cannot be used. */
struct mxw_config *mxw_config_file_read(const char *path, bool is_running);
