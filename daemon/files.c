/* Files for the reader of the configuration; see files.h. */
#include "daemon/files.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/util.h"
#include "lib/config/config.h"
#include "lib/schema/yaml.h"

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int check_kind(const struct stat *st)
{
	if (S_ISDIR(st->st_mode))
		return -EISDIR;
	if (!S_ISREG(st->st_mode))
		return -ENODEV;
	return st->st_size > MXW_YAML_MAX_BYTES ? -EFBIG : 0;
}

/* Reads at least once more than expected: the file may grow meanwhile, up to the cap. */
static int read_all(int fd, size_t expected, char **ret_bytes, size_t *ret_n)
{
	size_t capacity = expected + 1, n = 0;
	MXW_CLEANUP(mxw_freep) char *bytes = malloc(capacity + 1);
	if (!bytes)
		return -ENOMEM;
	for (;;) {
		ssize_t got = read(fd, bytes + n, capacity - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		n += (size_t)got;
		if (n > MXW_YAML_MAX_BYTES)
			return -EFBIG;
		if (n < capacity)
			continue;
		char *larger = realloc(bytes, 2 * capacity + 1);
		if (!larger)
			return -ENOMEM;
		bytes = larger;
		capacity *= 2;
	}
	bytes[n] = '\0';
	*ret_bytes = bytes;
	*ret_n = n;
	bytes = NULL;
	return 0;
}

int mxw_files_read(const char *path, char **ret_bytes, size_t *ret_n)
{
	struct stat st;
	MXW_CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENXIO ? -ENODEV : -errno; /* ENXIO: a socket */
	if (fstat(fd, &st) < 0)
		return -errno;
	int r = check_kind(&st);
	return r < 0 ? r : read_all(fd, (size_t)st.st_size, ret_bytes, ret_n);
}

static int last_error;

/* glob(3) tells the reason only here. */
static int note_error(const char *path, int error)
{
	last_error = error;
	return error == ENOENT || error == ENOTDIR ? 0 : 1;
}

int mxw_files_glob(const char *pattern, char ***ret_paths, size_t *ret_n)
{
	glob_t found = { 0 };
	last_error = 0;
	int code = glob(pattern, GLOB_NOMAGIC, note_error, &found);
	if (code != 0 && code != GLOB_NOMATCH) {
		globfree(&found);
		return code == GLOB_ABORTED && last_error ? -last_error : -ENOMEM;
	}
	char **paths = mxw_new_array(found.gl_pathc, sizeof(*paths));
	size_t n = 0;
	while (paths && n < found.gl_pathc && (paths[n] = strdup(found.gl_pathv[n])))
		n++;
	bool is_complete = paths && n == found.gl_pathc;
	globfree(&found);
	if (!is_complete) {
		while (paths && n > 0)
			free(paths[--n]);
		free(paths);
		return -ENOMEM;
	}
	*ret_paths = paths;
	*ret_n = n;
	return 0;
}

static int source_read(void *arg, const char *path, char **ret_bytes, size_t *ret_n)
{
	return mxw_files_read(path, ret_bytes, ret_n);
}

static int source_glob(void *arg, const char *pattern, char ***ret_paths, size_t *ret_n)
{
	return mxw_files_glob(pattern, ret_paths, ret_n);
}

static const char *source_env(void *arg, const char *name)
{
	return getenv(name);
}

const struct mxw_config_source *mxw_files_source(void)
{
	static const struct mxw_config_source source = { .read = source_read, .glob = source_glob, .env = source_env };
	return &source;
}
