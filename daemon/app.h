/* The service as a whole: arguments in, exit status out. Known to main() only. */
#pragma once

#include <stdbool.h>

struct mxw_app_options {
	const char *config_path;
	bool only_test; /* -t: read the configuration, say what is wrong, stop */
};

enum {
	MXW_EXIT_FAILURE = 1,
	MXW_EXIT_ANOTHER_INSTANCE = 75, /* EX_TEMPFAIL: another daemon holds the state directory */
};

/* Runs until SIGTERM or SIGINT. 0, or one of the above. */
int mxw_app_run(const struct mxw_app_options *options);
