/* The log: escaping, length, priority prefix, and above all that a full pipe neither blocks nor goes unnoticed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/log.h"

struct sink {
	int saved_stderr;
	int reader;
	char text[65536 * 2];
};

static struct sink sink;

static void redirect(int reader, int writer)
{
	sink.saved_stderr = dup(STDERR_FILENO);
	assert_true(sink.saved_stderr >= 0);
	assert_true(dup2(writer, STDERR_FILENO) >= 0);
	close(writer);
	sink.reader = reader;
	assert_int_equal(fcntl(reader, F_SETFL, O_NONBLOCK), 0);
}

static void redirect_to_pipe(enum mxw_log_level threshold)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	redirect(ends[0], ends[1]);
	mxw_log_open(threshold);
}

static const char *drain(void)
{
	size_t n = 0;
	for (ssize_t r; (r = read(sink.reader, sink.text + n, sizeof(sink.text) - 1 - n)) > 0;)
		n += (size_t)r;
	sink.text[n] = '\0';
	return sink.text;
}

static int tear_down(void **state)
{
	dup2(sink.saved_stderr, STDERR_FILENO);
	close(sink.saved_stderr);
	close(sink.reader);
	unsetenv("JOURNAL_STREAM");
	mxw_log_open(MXW_LOG_INFO);
	return 0;
}

static void test_plain_line(void **state)
{
	redirect_to_pipe(MXW_LOG_INFO);
	errno = ENOENT;
	mxw_log(MXW_LOG_WARNING, "resolver %s: %d ms", "office", 12);
	assert_int_equal(errno, ENOENT);
	assert_string_equal(drain(), "resolver office: 12 ms\n");
}

static void test_threshold(void **state)
{
	redirect_to_pipe(MXW_LOG_NOTICE);
	mxw_log(MXW_LOG_INFO, "hidden");
	mxw_log(MXW_LOG_NOTICE, "shown");
	assert_string_equal(drain(), "shown\n");
}

static void test_text_of_strangers(void **state)
{
	redirect_to_pipe(MXW_LOG_INFO);
	mxw_log(MXW_LOG_INFO, "%s", "a\nb\x1b[2J\r\x7f\xc3\xa9");
	assert_string_equal(drain(), "a\\x0ab\\x1b[2J\\x0d\\x7f\\xc3\\xa9\n");
}

static void test_long_lines_are_cut(void **state)
{
	static char text[3 * PIPE_BUF];
	redirect_to_pipe(MXW_LOG_INFO);
	memset(text, '\n', sizeof(text) - 1);
	mxw_log(MXW_LOG_INFO, "%s", text);
	const char *line = drain();
	assert_int_equal(strlen(line), PIPE_BUF);
	assert_string_equal(line + PIPE_BUF - 4, "...\n");
	assert_ptr_equal(strchr(line, '\n'), line + PIPE_BUF - 1);
}

static void test_full_pipe(void **state)
{
	redirect_to_pipe(MXW_LOG_INFO);
	enum { MANY = 5000 };
	for (int i = 0; i < MANY; i++) /* a blocking write would hang here */
		mxw_log(MXW_LOG_INFO, "line %d, long enough to fill a pipe of 64 KiB soon", i);
	drain();
	int n_seen = 0;
	for (const char *p = sink.text; (p = strchr(p, '\n')); p++)
		n_seen++;
	assert_in_range(n_seen, 100, MANY - 100);
	mxw_log(MXW_LOG_INFO, "after");
	char expected[120];
	snprintf(expected, sizeof(expected), "log: %d lines were dropped, the reader of stderr is too slow\nafter\n",
		 MANY - n_seen);
	assert_string_equal(drain(), expected);
	mxw_log(MXW_LOG_INFO, "told once");
	assert_string_equal(drain(), "told once\n");
	assert_false(fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK); /* others share it */
}

static void on_sigpipe(int number)
{
	fail_msg("SIGPIPE");
}

static void test_nobody_reads(void **state)
{
	signal(SIGPIPE, on_sigpipe);
	redirect_to_pipe(MXW_LOG_INFO);
	close(sink.reader);
	mxw_log(MXW_LOG_INFO, "lost");
	tear_down(NULL);
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	redirect(pair[0], pair[1]);
	close(sink.reader);
	mxw_log_open(MXW_LOG_INFO);
	mxw_log(MXW_LOG_INFO, "lost");
	signal(SIGPIPE, SIG_DFL);
}

static void set_journal_stream(unsigned long inode_offset)
{
	struct stat st;
	char stream[64];
	assert_int_equal(fstat(STDERR_FILENO, &st), 0);
	snprintf(stream, sizeof(stream), "%lu:%lu", (unsigned long)st.st_dev, (unsigned long)st.st_ino + inode_offset);
	setenv("JOURNAL_STREAM", stream, 1);
	mxw_log_open(MXW_LOG_INFO);
}

static void test_journal(void **state)
{
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	redirect(pair[0], pair[1]);
	set_journal_stream(0);
	mxw_log(MXW_LOG_ERROR, "bad");
	assert_string_equal(drain(), "<3>bad\n");
	set_journal_stream(1); /* inherited from a parent, stderr is another one now */
	mxw_log(MXW_LOG_ERROR, "bad");
	assert_string_equal(drain(), "bad\n");
	for (int i = 0; i < 20000; i++) /* a stalled journal */
		mxw_log(MXW_LOG_INFO, "line %d", i);
	drain();
	mxw_log(MXW_LOG_INFO, "after");
	assert_non_null(strstr(drain(), "lines were dropped"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_plain_line, tear_down),
		cmocka_unit_test_teardown(test_threshold, tear_down),
		cmocka_unit_test_teardown(test_text_of_strangers, tear_down),
		cmocka_unit_test_teardown(test_long_lines_are_cut, tear_down),
		cmocka_unit_test_teardown(test_full_pipe, tear_down),
		cmocka_unit_test_teardown(test_nobody_reads, tear_down),
		cmocka_unit_test_teardown(test_journal, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
