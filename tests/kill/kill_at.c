/* Kills mxwatchd with SIGKILL at its n-th durable system call, so that a test can leave the store as it is at any of them.
 *
 * Preload it (LD_PRELOAD). MXWATCH_KILL_AT is n, from 1; MXWATCH_KILL_WHEN is `before` the call, `after` it, or `torn`: of
 * what is written only the first half is. Durable calls are those that SQLite and set_aside() in daemon/store make; the
 * log is none. Nothing happens in another program, such as the sender, which inherits the environment. */
#undef _FILE_OFFSET_BITS /* with 64, pwrite() would be another name of pwrite64() here */

#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum when { NEVER, BEFORE, AFTER, TORN };

static atomic_ulong n_calls;

static void die(void)
{
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

/* Counts a call, and says what is to happen at this one. */
static enum when count(void)
{
	const char *at = getenv("MXWATCH_KILL_AT"), *when = getenv("MXWATCH_KILL_WHEN");
	if (!at || !when || strcmp(program_invocation_short_name, "mxwatchd") != 0)
		return NEVER;
	if (atomic_fetch_add(&n_calls, 1) + 1 != strtoul(at, NULL, 10))
		return NEVER;
	return strcmp(when, "before") == 0 ? BEFORE : strcmp(when, "torn") == 0 ? TORN : AFTER;
}

/* The function that would be called without us. A pointer to an object is no pointer to a function in ISO C. */
static void *next(const char *name)
{
	void *function = dlsym(RTLD_NEXT, name);
	if (!function)
		abort();
	return function;
}

/* The body of a stand-in for a call that is done or not; a torn one is like one that was not made. */
#define STAND_IN(type, name, parameters, ...)       \
	type name parameters;                       \
	type name parameters                        \
	{                                           \
		type(*real) parameters;             \
		*(void **)&real = next(#name);      \
		enum when when = count();           \
		if (when == BEFORE || when == TORN) \
			die();                      \
		type result = real(__VA_ARGS__);    \
		if (when == AFTER)                  \
			die();                      \
		return result;                      \
	}

#define STAND_IN_FOR_WRITE(name, offset_type)                                       \
	ssize_t name(int fd, const void *bytes, size_t n, offset_type offset);      \
	ssize_t name(int fd, const void *bytes, size_t n, offset_type offset)       \
	{                                                                           \
		ssize_t (*real)(int, const void *, size_t, offset_type);            \
		*(void **)&real = next(#name);                                      \
		enum when when = count();                                           \
		if (when == BEFORE)                                                 \
			die();                                                      \
		ssize_t result = real(fd, bytes, when == TORN ? n / 2 : n, offset); \
		if (when == AFTER || when == TORN)                                  \
			die();                                                      \
		return result;                                                      \
	}

STAND_IN_FOR_WRITE(pwrite, off_t)
STAND_IN_FOR_WRITE(pwrite64, off64_t)
STAND_IN(int, fsync, (int fd), fd)
STAND_IN(int, fdatasync, (int fd), fd)
STAND_IN(int, ftruncate, (int fd, off_t length), fd, length)
STAND_IN(int, ftruncate64, (int fd, off64_t length), fd, length)
STAND_IN(int, rename, (const char *from, const char *to), from, to)
STAND_IN(int, link, (const char *from, const char *to), from, to)
STAND_IN(int, unlink, (const char *path), path)
