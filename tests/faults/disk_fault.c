/* A disk that fails on request, for an mxwatchd under test: writes or synchronisations of its store end in an error.
 *
 * Preload it (LD_PRELOAD). MXWATCH_DISK_FAULT names a file that is looked at in each call; while it holds "write N" all
 * that writes fails with error number N, while it holds "sync N" what brings it to the disk. These calls are SQLite's: the
 * log uses others. Nothing fails in another program, such as the sender, which inherits the environment. */
#undef _FILE_OFFSET_BITS /* with 64, pwrite() would be another name of pwrite64() here */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Is this kind of call to fail now? Sets errno then. */
static bool fails(const char *kind)
{
	const char *path = getenv("MXWATCH_DISK_FAULT");
	char text[32] = "", what[16] = "";
	int error = 0;
	if (!path || strcmp(program_invocation_short_name, "mxwatchd") != 0)
		return false;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0 || sscanf(text, "%15s %d", what, &error) != 2 || strcmp(what, kind) != 0)
		return false;
	errno = error;
	return true;
}

/* The function that would be called without us. A pointer to an object is no pointer to a function in ISO C. */
static void *next(const char *name)
{
	void *function = dlsym(RTLD_NEXT, name);
	if (!function)
		abort();
	return function;
}

#define STAND_IN(kind, type, name, parameters, ...) \
	type name parameters;                       \
	type name parameters                        \
	{                                           \
		type(*real) parameters;             \
		*(void **)&real = next(#name);      \
		if (fails(kind))                    \
			return -1;                  \
		return real(__VA_ARGS__);           \
	}

STAND_IN("write", ssize_t, pwrite, (int fd, const void *bytes, size_t n, off_t offset), fd, bytes, n, offset)
STAND_IN("write", ssize_t, pwrite64, (int fd, const void *bytes, size_t n, off64_t offset), fd, bytes, n, offset)
STAND_IN("write", int, ftruncate, (int fd, off_t length), fd, length)
STAND_IN("write", int, ftruncate64, (int fd, off64_t length), fd, length)
STAND_IN("sync", int, fsync, (int fd), fd)
STAND_IN("sync", int, fdatasync, (int fd), fd)
