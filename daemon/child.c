/* posix_spawn(3) with close-on-exec discipline; see child.h. */
#include "daemon/child.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

static int set_up_files(posix_spawn_file_actions_t *actions, const struct mxw_child *child)
{
	int r = 0;
	if (child->input >= 0)
		r = posix_spawn_file_actions_adddup2(actions, child->input, STDIN_FILENO);
	if (r == 0 && child->output >= 0)
		r = posix_spawn_file_actions_adddup2(actions, child->output, STDOUT_FILENO);
	if (r == 0 && child->output >= 0)
		r = posix_spawn_file_actions_adddup2(actions, child->output, STDERR_FILENO);
	if (r == 0)
		r = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
	if (r == 0 && child->directory)
		r = posix_spawn_file_actions_addchdir_np(actions, child->directory);
	return r;
}

static int set_up_process(posix_spawnattr_t *attributes)
{
	sigset_t none, all;
	sigemptyset(&none);
	sigfillset(&all);
	int r = posix_spawnattr_setsigmask(attributes, &none);
	if (r == 0)
		r = posix_spawnattr_setsigdefault(attributes, &all);
	if (r == 0)
		r = posix_spawnattr_setpgroup(attributes, 0);
	if (r == 0)
		r = posix_spawnattr_setflags(attributes,
					     POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
	return r;
}

int mxw_child_start(const struct mxw_child *child, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	if (access(child->argv[0], X_OK) <
	    0) /* the usual mistake: told without a process, also where spawn cannot tell */
		return -errno;
	int r = posix_spawn_file_actions_init(&actions);
	if (r)
		return -r;
	r = posix_spawnattr_init(&attributes);
	if (r == 0) {
		r = set_up_files(&actions, child);
		if (r == 0)
			r = set_up_process(&attributes);
		if (r == 0)
			r = posix_spawn(ret_pid, child->argv[0], &actions, &attributes, child->argv, child->env);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&actions);
	return -r;
}
