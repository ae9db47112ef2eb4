/* The sender's pure parts: lines, journal entries, environments, endpoints, and files with secrets. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/sender/endpoint.h"
#include "daemon/sender/journal_entry.h"
#include "daemon/sender/program_env.h"
#include "daemon/sender/secret.h"
#include "daemon/sender/syslog_line.h"

static const int64_t wall_ms = 1795425165123; /* 2026-11-23T09:12:45.123Z */

static void add(struct mxw_request *request, const char *name, const char *value)
{
	assert_int_equal(mxw_request_add_header(request, name, value), 0);
}

static struct mxw_request syslog_request(const char *body)
{
	struct mxw_request request = { .transport = MXW_TRANSPORT_SYSLOG,
				       .body = strdup(body),
				       .n_body = strlen(body) };
	assert_non_null(request.body);
	return request;
}

static void test_syslog_lines(void **state)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf line = MXW_STRBUF_INIT;
	struct mxw_request request = syslog_request("example.com mx OK; id=x");
	add(&request, "pri", "26");
	add(&request, "app", "mxwatch");
	add(&request, "host", "watch.example.net");
	add(&request, "msgid", "problem");
	add(&request, "sd", "[mxwatch@32473 id=\"x\"]");
	mxw_syslog_line_5424(&request, wall_ms, 42, &line);
	assert_string_equal(mxw_strbuf_get(&line),
			    "<26>1 2026-11-23T09:12:45.123Z watch.example.net mxwatch 42 problem "
			    "[mxwatch@32473 id=\"x\"] example.com mx OK; id=x");
	mxw_strbuf_clear(&line);
	setenv("TZ", "XXX-2", 1); /* two hours east of UTC */
	tzset();
	mxw_syslog_line_local(&request, wall_ms, 42, &line);
	assert_string_equal(mxw_strbuf_get(&line), "<26>Nov 23 11:12:45 mxwatch[42]: example.com mx OK; id=x");
	mxw_strbuf_clear(&line);
	mxw_syslog_line_local(&request, wall_ms - 20ll * 86400 * 1000, 42, &line);
	assert_non_null(strstr(mxw_strbuf_get(&line), "<26>Nov  3 11:12:45 ")); /* RFC 3164 4.1.2: a blank, no zero */
	mxw_strbuf_clear(&line);
	assert_int_equal(mxw_request_set_coalesced(&request, 12), 0);
	mxw_syslog_line_local(&request, wall_ms, 42, &line);
	assert_string_equal(mxw_strbuf_get(&line),
			    "<26>Nov 23 11:12:45 mxwatch[42]: example.com mx OK; id=x (coalesced: 12)");
	mxw_request_done(&request);
}

static void test_syslog_lines_from_a_stranger(void **state)
{
	static const struct {
		const char *name, *value;
	} parts[] = {
		{ "pri", "999" },  { "pri", "-1" },        { "pri", "1\n" },       { "app", "a b\n" },
		{ "host", "h\r" }, { "msgid", "m\x1b" },   { "sd", "no" },         { "sd", "[a]\n[b]" },
		{ "sd", "[a" },    { "host", "\xc3\xa4" }, { "coalesced", "1\n" }, { "coalesced", "12345678901" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(parts); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf line = MXW_STRBUF_INIT;
		struct mxw_request request = syslog_request("a\nb\r\x1b[31m\xff");
		add(&request, parts[i].name, parts[i].value);
		mxw_syslog_line_5424(&request, wall_ms, 42, &line);
		mxw_syslog_line_local(&request, wall_ms, 42, &line);
		for (size_t k = 0; k < line.len; k++)
			assert_true(line.data[k] >= 0x20 && line.data[k] <= 0x7e);
		assert_int_equal(strncmp(line.data, "<29>1 ", 6), 0);
		assert_non_null(strstr(line.data, " - a\\x0ab\\x0d\\x1b[31m\\xff<29>"));
		mxw_request_done(&request);
	}
	char *body = malloc(100000);
	assert_non_null(body);
	memset(body, '\n', 99999);
	body[99999] = '\0';
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf line = MXW_STRBUF_INIT;
	struct mxw_request request = syslog_request(body);
	mxw_syslog_line_5424(&request, wall_ms, 42, &line);
	assert_true(line.len < MXW_SYSLOG_MAX_LINE);
	mxw_request_done(&request);
	free(body);
}

static void test_journal_entries(void **state)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf entry = MXW_STRBUF_INIT;
	struct mxw_request request = { .transport = MXW_TRANSPORT_JOURNAL };
	add(&request, "MESSAGE", "one line");
	add(&request, "MXWATCH_X", "two\nlines");
	assert_int_equal(mxw_journal_entry(&request, &entry), 0);
	static const char expected[] = "MESSAGE=one line\nMXWATCH_X\n\x09\0\0\0\0\0\0\0two\nlines\n";
	assert_int_equal(entry.len, sizeof(expected) - 1);
	assert_memory_equal(entry.data, expected, entry.len);
	mxw_strbuf_clear(&entry);
	assert_int_equal(mxw_request_set_coalesced(&request, 12), 0);
	assert_int_equal(mxw_journal_entry(&request, &entry), 0);
	assert_non_null(memmem(entry.data, entry.len, "\nMXWATCH_COALESCED=12\n", 22));
	mxw_strbuf_clear(&entry);
	free(request.headers[--request.n_headers].name);
	free(request.headers[request.n_headers].value);
	char large[MXW_JOURNAL_MAX_VALUE + 10];
	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	add(&request, "LARGE", large);
	assert_int_equal(mxw_journal_entry(&request, &entry), 0);
	assert_int_equal(entry.len, sizeof(expected) - 1 + strlen("LARGE=\n") + MXW_JOURNAL_MAX_VALUE);
	mxw_request_done(&request);
	static const char *const bad[] = { "", "message", "_PID", "1A", "A B", "A=B", "A\nB" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(bad); i++) {
		add(&request, bad[i], "x");
		mxw_strbuf_clear(&entry);
		assert_int_equal(mxw_journal_entry(&request, &entry), -EINVAL);
		mxw_request_done(&request);
	}
}

static bool has(char *const *env, const char *text)
{
	for (; *env; env++)
		if (strcmp(*env, text) == 0)
			return true;
	return false;
}

static void test_environments(void **state)
{
	struct mxw_request request = { .transport = MXW_TRANSPORT_EXEC };
	char **env;
	setenv("HOME", "/nowhere", 1);
	setenv("CREDENTIALS_DIRECTORY", "/run/credentials/x", 1);
	setenv("LD_LIBRARY_PATH_OF_TEST", "x", 1);
	unsetenv("PATH");
	add(&request, "MXWATCH_ID", "7");
	add(&request, "MXWATCH_DOMAIN", "");
	assert_int_equal(mxw_program_env(&request, &env), 0);
	assert_true(has(env, "MXWATCH_ID=7"));
	assert_true(has(env, "MXWATCH_DOMAIN="));
	assert_true(has(env, "HOME=/nowhere"));
	assert_true(has(env, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
	for (char **each = env; *each; each++)
		assert_true(!strstr(*each, "CREDENTIALS") && !strstr(*each, "LD_"));
	mxw_program_env_free(env);
	mxw_request_done(&request);
	static const char *const bad[] = { "LD_PRELOAD", "PATH", "mxwatch_id", "MXWATCH_ID=x", "MXWATCH_a", "" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(bad); i++) {
		add(&request, bad[i], "x");
		assert_int_equal(mxw_program_env(&request, &env), -EINVAL);
		mxw_request_done(&request);
	}
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void test_endpoints(void **state)
{
	static const struct {
		const char *address;
		enum mxw_endpoint_kind kind;
		const char *host;
		uint16_t port;
	} good[] = {
		{ "unix:/dev/log", MXW_ENDPOINT_UNIX, "/dev/log", 0 },
		{ "udp:192.0.2.1:514", MXW_ENDPOINT_UDP, "192.0.2.1", 514 },
		{ "tcp:[2001:db8::1]:65535", MXW_ENDPOINT_TCP, "2001:db8::1", 65535 },
		{ "tcp:log.example.net:1", MXW_ENDPOINT_TCP, "log.example.net", 1 },
	};
	static const char *const bad[] = { "",         "unix:",     "unix:log",   "udp:",        "udp:x",
					   "udp:x:",   "udp::514",  "udp:x:0",    "udp:x:65536", "udp:x:+5",
					   "udp:x:5 ", "udp:a:b:5", "udp:[]:514", "tls:x:514",   "udp:x:000514" };
	struct mxw_endpoint endpoint;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(good); i++) {
		assert_int_equal(mxw_endpoint_parse(&endpoint, good[i].address), 0);
		assert_int_equal(endpoint.kind, good[i].kind);
		assert_string_equal(endpoint.host, good[i].host);
		assert_int_equal(endpoint.port, good[i].port);
	}
	for (size_t i = 0; i < MXW_ARRAY_SIZE(bad); i++)
		assert_int_equal(mxw_endpoint_parse(&endpoint, bad[i]), -EINVAL);
	char path[300] = "unix:/";
	memset(path + 6, 'x', 200);
	assert_int_equal(mxw_endpoint_parse(&endpoint, path), -EINVAL);
}

/* --- secrets */

static void write_file(const char *path, mode_t mode, const char *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), (ssize_t)n);
	close(fd);
	assert_int_equal(chmod(path, mode), 0);
}

static void expect_secret(const char *file, const char *expected)
{
	struct mxw_secret secret;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf problem = MXW_STRBUF_INIT;
	assert_int_equal(mxw_secret_read(&secret, file, &problem), 0);
	assert_string_equal(secret.bytes, expected);
	assert_int_equal(secret.n, strlen(expected));
	mxw_secret_wipe(&secret);
	assert_int_equal(secret.bytes[0], '\0');
}

static void expect_no_secret(const char *file, int error, const char *text)
{
	struct mxw_secret secret;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf problem = MXW_STRBUF_INIT;
	assert_int_equal(mxw_secret_read(&secret, file, &problem), error);
	assert_non_null(strstr(mxw_strbuf_get(&problem), text));
	assert_non_null(strstr(mxw_strbuf_get(&problem), file)); /* which file is told, never what is in it */
	assert_null(strstr(mxw_strbuf_get(&problem), "T0PSECRET"));
}

static void test_secrets(void **state)
{
	char directory[] = "/tmp/mxw_secret_XXXXXX", path[64], large[MXW_SECRET_MAX + 1];
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/key", directory);
	memset(large, 'x', sizeof(large));
	write_file(path, 0600, "T0PSECRET\n", 10);
	expect_secret(path, "T0PSECRET");
	write_file(path, 0400, "T0PSECRET\n\n", 11);
	expect_secret(path, "T0PSECRET\n"); /* one newline only */
	write_file(path, 0640, "T0PSECRET", 9);
	expect_no_secret(path, -EPERM, "readable or writable by others");
	setenv("CREDENTIALS_DIRECTORY", directory, 1);
	expect_secret("key", "T0PSECRET"); /* systemd guards its directory, whatever the bits say */
	expect_no_secret("gone", -ENOENT, "No such file");
	unsetenv("CREDENTIALS_DIRECTORY");
	expect_no_secret("key", -ENOENT, "CREDENTIALS_DIRECTORY is not set");
	write_file(path, 0600, "\n", 1);
	expect_no_secret(path, -ENODATA, "empty");
	write_file(path, 0600, large, MXW_SECRET_MAX);
	struct mxw_secret secret;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf problem = MXW_STRBUF_INIT;
	assert_int_equal(mxw_secret_read(&secret, path, &problem), 0);
	assert_int_equal(secret.n, MXW_SECRET_MAX);
	write_file(path, 0600, large, MXW_SECRET_MAX + 1);
	expect_no_secret(path, -EFBIG, "larger than 4 KiB");
	unlink(path);
	expect_no_secret(path, -ENOENT, "No such file");
	assert_int_equal(mkfifo(path, 0600), 0);
	expect_no_secret(path, -EINVAL, "not a regular file"); /* and does not wait for a writer */
	unlink(path);
	expect_no_secret(directory, -EINVAL, "not a regular file");
	rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_syslog_lines),    cmocka_unit_test(test_syslog_lines_from_a_stranger),
		cmocka_unit_test(test_journal_entries), cmocka_unit_test(test_environments),
		cmocka_unit_test(test_endpoints),       cmocka_unit_test(test_secrets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
