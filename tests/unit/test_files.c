/* Reading files for the configuration: what is no regular file is refused at once, sizes are capped (faults.md P12). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/files.h"
#include "lib/config/config.h"
#include "lib/schema/yaml.h"

static char folder[] = "/tmp/mxwatch-test-files-XXXXXX";
static char path[sizeof(folder) + 32];

static const char *in_folder(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void write_file(const char *name, const char *text)
{
	FILE *file = fopen(in_folder(name), "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static int make_folder(void **state)
{
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	static const char *const names[] = { "a.txt", "b.txt", "c.txt", "fifo", "socket", "huge", "plain" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(names); i++)
		unlink(in_folder(names[i]));
	return rmdir(folder);
}

static void test_regular_file(void **state)
{
	static const char *const texts[] = { "", "x", "resolvers: [9.9.9.9]\n" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(texts); i++) {
		char *bytes = NULL;
		size_t n = 99;
		write_file("plain", texts[i]);
		assert_int_equal(mxw_files_read(in_folder("plain"), &bytes, &n), 0);
		assert_int_equal(n, strlen(texts[i]));
		assert_string_equal(bytes, texts[i]);
		free(bytes);
	}
}

/* A file of /proc says that it is empty and is not: it is read to its end. */
static void test_file_that_grows(void **state)
{
	char *bytes = NULL;
	size_t n = 0;
	assert_int_equal(mxw_files_read("/proc/self/status", &bytes, &n), 0);
	assert_true(n > 100);
	assert_int_equal(strlen(bytes), n);
	free(bytes);
}

static void make_socket(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_true(fd >= 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", in_folder(name));
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
}

static void test_refusals(void **state)
{
	char *bytes = NULL;
	size_t n = 0;
	assert_int_equal(mkfifo(in_folder("fifo"), 0600), 0);
	make_socket("socket");
	int fd = open(in_folder("huge"), O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)MXW_YAML_MAX_BYTES + 1), 0); /* no blocks: only its size is huge */
	close(fd);
	assert_int_equal(mxw_files_read(in_folder("fifo"), &bytes, &n), -ENODEV);
	assert_int_equal(mxw_files_read(in_folder("socket"), &bytes, &n), -ENODEV);
	assert_int_equal(mxw_files_read(in_folder("huge"), &bytes, &n), -EFBIG);
	assert_int_equal(mxw_files_read(folder, &bytes, &n), -EISDIR);
	assert_int_equal(mxw_files_read("/dev/null", &bytes, &n), -ENODEV);
	assert_int_equal(mxw_files_read(in_folder("missing"), &bytes, &n), -ENOENT);
	assert_null(bytes);
}

static void test_glob(void **state)
{
	char **paths = NULL;
	size_t n = 0;
	write_file("b.txt", "");
	write_file("a.txt", "");
	write_file("c.txt", "");
	assert_int_equal(mxw_files_glob(in_folder("*.txt"), &paths, &n), 0);
	assert_int_equal(n, 3);
	assert_string_equal(paths[0], in_folder("a.txt"));
	assert_string_equal(paths[2], in_folder("c.txt"));
	for (size_t i = 0; i < n; i++)
		free(paths[i]);
	free(paths);
	assert_int_equal(mxw_files_glob(in_folder("*.none"), &paths, &n), 0);
	assert_int_equal(n, 0);
	free(paths);
	assert_int_equal(mxw_files_glob(in_folder("missing"), &paths, &n), 0);
	assert_int_equal(n, 1); /* named, not searched: the reader says that it is missing */
	free(paths[0]);
	free(paths);
}

static void test_environment(void **state)
{
	const struct mxw_config_source *source = mxw_files_source();
	assert_int_equal(setenv("MXW_TEST_VARIABLE", "here", 1), 0);
	assert_string_equal(source->env(source->arg, "MXW_TEST_VARIABLE"), "here");
	assert_null(source->env(source->arg, "MXW_TEST_NO_VARIABLE"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_regular_file), cmocka_unit_test(test_file_that_grows),
		cmocka_unit_test(test_refusals),     cmocka_unit_test(test_glob),
		cmocka_unit_test(test_environment),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
