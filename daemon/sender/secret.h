/* Secrets in files: read when they are needed, wiped when they were used. */
#pragma once

#include <stddef.h>

#include "lib/base/strbuf.h"

enum { MXW_SECRET_MAX = 4096 }; /* octets; more is a file that was not meant */

struct mxw_secret {
	char bytes[MXW_SECRET_MAX + 1]; /* NUL-terminated beyond n */
	size_t n;
};

/* Where a file of the configuration is: an absolute name as it is, a relative one in $CREDENTIALS_DIRECTORY
 * (systemd.exec(5)). 0, -ENOMEM, or -ENOENT with a text when there is no such directory. */
int mxw_secret_path(const char *file, struct mxw_strbuf *ret, struct mxw_strbuf *ret_problem);

/* Reads a file less one final newline. 0, or negative errno with a text that names the file and what is wrong: it is
 * missing, no regular file, empty, too large, or readable by others (mode & 077; credentials are guarded by
 * systemd). */
int mxw_secret_read(struct mxw_secret *ret, const char *file, struct mxw_strbuf *ret_problem);
void mxw_secret_wipe(struct mxw_secret *secret); /* usable with MXW_CLEANUP */
