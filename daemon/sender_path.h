/* Where the sender's binary is. */
#pragma once

#include <limits.h>

/* $MXWATCH_SENDER if set; else beside the running mxwatchd (a build directory); else where it was installed, by the
 * configured path or relative to ours (a relocated tree). -ENOENT. */
int mxw_sender_path(char ret[PATH_MAX]);
