/* Finds mxwatch-sender; see sender_path.h. */
#include "daemon/sender_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/util.h"

static int take(char ret[PATH_MAX], const char *dir, const char *name)
{
	int n = snprintf(ret, PATH_MAX, "%s/%s", dir, name);
	return n > 0 && n < PATH_MAX && access(ret, X_OK) == 0 ? 0 : -ENOENT;
}

int mxw_sender_path(char ret[PATH_MAX])
{
	static const char *const beside[] = { "sender/mxwatch-sender", "mxwatch-sender",
					      "../libexec/mxwatch/mxwatch-sender" };
	const char *given = getenv("MXWATCH_SENDER");
	char own[PATH_MAX];
	if (given && *given) {
		int len = snprintf(ret, PATH_MAX, "%s", given);
		return len < PATH_MAX && access(ret, X_OK) == 0 ? 0 : -ENOENT;
	}
	ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);
	char *slash = n > 0 ? memrchr(own, '/', (size_t)n) : NULL;
	if (slash) {
		*slash = '\0';
		for (size_t i = 0; i < MXW_ARRAY_SIZE(beside); i++)
			if (take(ret, own, beside[i]) == 0)
				return 0;
	}
	return take(ret, MXW_LIBEXECDIR, "mxwatch-sender");
}
