/* Reading secrets; see secret.h. */
#include "daemon/sender/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(int r, const char *file, const char *problem, struct mxw_strbuf *ret_problem)
{
	mxw_strbuf_addf(ret_problem, "%s: %s", file, problem);
	return r;
}

int mxw_secret_path(const char *file, struct mxw_strbuf *ret, struct mxw_strbuf *ret_problem)
{
	const char *directory = *file == '/' ? NULL : getenv("CREDENTIALS_DIRECTORY");
	if (*file != '/' && !directory)
		return fail(-ENOENT, file, "a relative name, and $CREDENTIALS_DIRECTORY is not set", ret_problem);
	mxw_strbuf_addf(ret, "%s%s%s", directory ? directory : "", directory ? "/" : "", file);
	return mxw_strbuf_failed(ret) ? fail(-ENOMEM, file, strerror(ENOMEM), ret_problem) : 0;
}

static int read_all(struct mxw_secret *ret, int fd)
{
	ret->n = 0;
	while (ret->n < sizeof(ret->bytes)) {
		ssize_t n = read(fd, ret->bytes + ret->n, sizeof(ret->bytes) - ret->n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		ret->n += (size_t)n;
	}
	return ret->n > MXW_SECRET_MAX ? -EFBIG : 0;
}

static int read_checked(struct mxw_secret *ret, int fd, const char *file, struct mxw_strbuf *ret_problem)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return fail(-errno, file, strerror(errno), ret_problem);
	if (!S_ISREG(st.st_mode))
		return fail(-EINVAL, file, "not a regular file", ret_problem);
	if (*file == '/' && st.st_mode & 077)
		return fail(-EPERM, file, "readable or writable by others (chmod 600)", ret_problem);
	int r = read_all(ret, fd);
	if (r < 0)
		return fail(r, file, r == -EFBIG ? "larger than 4 KiB" : strerror(-r), ret_problem);
	if (ret->n && ret->bytes[ret->n - 1] == '\n')
		ret->n--;
	ret->bytes[ret->n] = '\0';
	return ret->n ? 0 : fail(-ENODATA, file, "empty", ret_problem);
}

int mxw_secret_read(struct mxw_secret *ret, const char *file, struct mxw_strbuf *ret_problem)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf path = MXW_STRBUF_INIT;
	ret->n = 0;
	int r = mxw_secret_path(file, &path, ret_problem);
	if (r < 0)
		return r;
	int fd = open(mxw_strbuf_get(&path),
		      O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); /* a FIFO must not hold us */
	if (fd < 0)
		return fail(-errno, file, strerror(errno), ret_problem);
	r = read_checked(ret, fd, file, ret_problem);
	close(fd);
	return r;
}

void mxw_secret_wipe(struct mxw_secret *secret)
{
	explicit_bzero(secret, sizeof(*secret));
}
