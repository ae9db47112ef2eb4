/* Starting another program with nothing of ours but what is named: no descriptor above standard error, no blocked or
 * ignored signal, a process group of its own (a ^C on the terminal is for us alone; a whole group can be killed). */
#pragma once

#include <sys/types.h>

struct mxw_child {
	char *const *argv; /* argv[0]: the program, an absolute or relative path, never looked up in $PATH */
	char *const *env;
	int input, output;     /* become its standard input, its standard output and error; -1: ours */
	const char *directory; /* to start in; NULL: ours */
};

/* 0, or the negative errno of whatever failed, execve(2) included. The process is the caller's to reap. */
int mxw_child_start(const struct mxw_child *child, pid_t *ret_pid);
