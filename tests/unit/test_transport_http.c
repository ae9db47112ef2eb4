/* HTTP: what every kind of answer means, what is sent, and that one receiver's trouble is its own. */
#include "tests/unit/transport_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/sender/sign.h"
#include "tests/unit/http_server.h"

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
#define HEAD(status) "HTTP/1.1 " status " X\r\nContent-Length: 0\r\n"

enum { OUT_OF_TIME_MS = 700 };

static const struct row {
	struct http_reply reply;
	enum mxw_result_status status;
	const char *text;
	int64_t retry_after_ms;
} rows[] = {
	{ { OK, HTTP_KEEP }, MXW_DELIVERED, "HTTP 200", 0 },
	{ { "HTTP/1.1 204 No\r\n\r\n", HTTP_KEEP }, MXW_DELIVERED, "HTTP 204", 0 },
	{ { HEAD("299") "Retry-After: 9\r\n\r\n", HTTP_KEEP }, MXW_DELIVERED, "HTTP 299", 0 },
	{ { "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", HTTP_CLOSE },
	  MXW_DELIVERED,
	  "HTTP 200",
	  0 }, /* the body is nobody's concern */
	{ { "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", HTTP_HANG }, MXW_DELIVERED, "HTTP 200", 0 },
	{ { "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", HTTP_ENDLESS }, MXW_DELIVERED, "HTTP 200", 0 },
	{ { "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", HTTP_KEEP },
	  MXW_DELIVERED,
	  "HTTP 200",
	  0 },
	{ { "HTTP/1.1 103 Early\r\nX: y\r\n\r\n" OK, HTTP_KEEP }, MXW_DELIVERED, "HTTP 200", 0 },
	{ { "HTTP/1.1 200 OK\r\nX: y\r\n", HTTP_CLOSE }, MXW_RETRY, "", 0 }, /* no complete header */
	{ { "HTTP/1.1 200 OK\r\nX: y\r\n", HTTP_HANG }, MXW_RETRY, "timeout", 0 },
	{ { "HTTP/1.1 200 OK\r\nX: ", HTTP_ENDLESS }, MXW_RETRY, "", 0 },
	{ { "", HTTP_CLOSE }, MXW_RETRY, "Empty reply", 0 },
	{ { "", HTTP_HANG }, MXW_RETRY, "timeout", 0 },
	{ { "SSH-2.0-nonsense\r\n", HTTP_CLOSE }, MXW_RETRY, "", 0 },
	{ { "HTTP/1.1 103 Early\r\n\r\n", HTTP_HANG }, MXW_RETRY, "timeout", 0 },
	{ { HEAD("301") "Location: /0\r\n\r\n", HTTP_KEEP }, MXW_PARKED, "HTTP 301 (redirects are not followed)", 0 },
	{ { HEAD("302") "Location: file:///etc/passwd\r\n\r\n", HTTP_KEEP }, MXW_PARKED, "HTTP 302", 0 },
	{ { HEAD("307") "Location: /0\r\n\r\n", HTTP_KEEP }, MXW_PARKED, "HTTP 307", 0 },
	{ { HEAD("400") "\r\n", HTTP_KEEP }, MXW_PARKED, "HTTP 400", 0 },
	{ { HEAD("401") "WWW-Authenticate: Basic\r\n\r\n", HTTP_KEEP }, MXW_PARKED, "HTTP 401", 0 },
	{ { HEAD("404") "\r\n", HTTP_KEEP }, MXW_PARKED, "HTTP 404", 0 },
	{ { HEAD("410") "\r\n", HTTP_KEEP }, MXW_PARKED, "HTTP 410", 0 },
	{ { HEAD("408") "\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 408", 0 },
	{ { HEAD("425") "\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 425", 0 },
	{ { HEAD("429") "Retry-After: 7\r\n\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 429", 7000 },
	{ { HEAD("500") "\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 500", 0 },
	{ { HEAD("503") "Retry-After: 99999999\r\n\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 503", 3600000 },
	{ { HEAD("503") "Retry-After: Thu, 31 Dec 2099 23:59:59 GMT\r\n\r\n", HTTP_KEEP },
	  MXW_RETRY,
	  "HTTP 503",
	  3600000 },
	{ { HEAD("503") "Retry-After: Thu, 01 Jan 1970 00:00:09 GMT\r\n\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 503", 0 },
	{ { HEAD("503") "Retry-After: -5\r\n\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 503", 0 },
	{ { HEAD("503") "Retry-After: 99999999999999999999999999\r\n\r\n", HTTP_KEEP },
	  MXW_RETRY,
	  "HTTP 503",
	  3600000 },
	{ { HEAD("503") "Retry-After: 18446744073709551615\r\n\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 503", 3600000 },
	{ { HEAD("503") "Retry-After: 3600\r\n\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 503", 3600000 },
	{ { HEAD("503") "Retry-After: 3599\r\n\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 503", 3599000 },
	{ { HEAD("503") "Retry-After: 0\r\n\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 503", 0 },
	{ { HEAD("503") "Retry-After: \r\n\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 503", 0 },
	{ { HEAD("503") "Retry-After: -99999999999999999999999999\r\n\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 503", 0 },
	{ { HEAD("503") "Retry-After: 7 days\r\n\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 503", 0 },
	{ { HEAD("503") "Retry-After: 0x10\r\n\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 503", 0 },
	{ { HEAD("503") "Retry-After: 1e3\r\n\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 503", 0 },
	{ { HEAD("503") "Retry-After: soon\r\n\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 503", 0 },
	{ { HEAD("503") "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n\r\n", HTTP_KEEP },
	  MXW_RETRY,
	  "HTTP 503",
	  3600000 },
	{ { HEAD("599") "\r\n", HTTP_KEEP }, MXW_RETRY, "HTTP 599", 0 },
};
enum { REPLY_OK = 0, REPLY_ENDLESS = 5, REPLY_HANG = 12 };

static struct transport_world world;
static struct http_server server;

static int set_up(void **state)
{
	static struct http_reply replies[MXW_ARRAY_SIZE(rows)];
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		replies[i] = rows[i].reply;
	transport_open(&world, &mxw_transport_http);
	http_server_start(&server, replies, MXW_ARRAY_SIZE(rows));
	return 0;
}

static int tear_down(void **state)
{
	transport_close(&world);
	http_server_stop(&server);
	return 0;
}

static struct mxw_request post(const char *host, size_t reply, int64_t timeout_ms)
{
	char url[128];
	snprintf(url, sizeof(url), "http://%s:%u/%zu", host, server.port, reply);
	struct mxw_request request = transport_request(MXW_TRANSPORT_HTTP, url, "{\"event\":1}", timeout_ms);
	assert_int_equal(mxw_request_add_header(&request, "Content-Type", "application/json"), 0);
	assert_int_equal(mxw_request_add_header(&request, "User-Agent", "mxwatch/test"), 0);
	assert_int_equal(mxw_request_add_header(&request, "webhook-id", request.id), 0);
	return request;
}

static void test_answers(void **state)
{
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_request request = post("127.0.0.1", i,
						  rows[i].reply.after == HTTP_KEEP ? 20000 : OUT_OF_TIME_MS);
		transport_expect(&world, &request, rows[i].status, rows[i].text);
		assert_int_equal(world.results[world.n_results - 1].retry_after_ms, rows[i].retry_after_ms);
	}
	/* A redirect or a failure never became a second request. */
	assert_int_equal(http_server_requests(&server), MXW_ARRAY_SIZE(rows));
	assert_true(http_server_endless(&server) < 16 * 1024 * 1024); /* 64 KiB, and what the kernel's buffers hold */
}

static void test_what_is_sent(void **state)
{
	setenv("http_proxy", "http://127.0.0.1:1/", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1/", 1);
	struct mxw_request request = post("localhost", REPLY_OK, 20000);
	assert_int_equal(mxw_request_add_header(&request, "X-Empty", ""), 0);
	transport_expect(&world, &request, MXW_DELIVERED, "HTTP 200");
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
	assert_string_equal(http_server_header(&server, ""), "{\"event\":1}");
	assert_string_equal(http_server_header(&server, "Content-Type"), "application/json");
	assert_string_equal(http_server_header(&server, "User-Agent"), "mxwatch/test");
	assert_string_equal(http_server_header(&server, "webhook-id"), "0a1b2c3d-0123456789abcdef-17");
	assert_string_equal(http_server_header(&server, "webhook-signature"), "(none)");
	assert_string_equal(http_server_header(&server, "Authorization"), "(none)");
	assert_string_equal(http_server_header(&server, "Accept-Encoding"), "(none)");
	assert_string_equal(http_server_header(&server, "Expect"), "(none)");
	int64_t late_s = mxw_loop_wall_ms(world.loop) / 1000 -
			 strtoll(http_server_header(&server, "webhook-timestamp"), NULL, 10);
	assert_true(late_s >= 0 && late_s < 20);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

static void test_signed(void **state)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf expected = MXW_STRBUF_INIT;
	char path[128];
	snprintf(path, sizeof(path), "%s", transport_path(&world, "secret"));
	write_file(path, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", 0600);
	struct mxw_request request = post("127.0.0.1", REPLY_OK, 20000);
	free(request.secret_file);
	request.secret_file = strdup(path);
	transport_expect(&world, &request, MXW_DELIVERED, "HTTP 200");
	int64_t timestamp_s = strtoll(http_server_header(&server, "webhook-timestamp"), NULL, 10);
	assert_int_equal(mxw_sign_webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 38, "0a1b2c3d-0123456789abcdef-17",
					  timestamp_s, "{\"event\":1}", 11, &expected),
			 0);
	assert_string_equal(http_server_header(&server, "webhook-signature"), mxw_strbuf_get(&expected));
	write_file(path, "Bearer T0PSECRET\n", 0600);
	request = post("127.0.0.1", REPLY_OK, 20000);
	free(request.auth_file);
	request.auth_file = strdup(path);
	transport_expect(&world, &request, MXW_DELIVERED, "HTTP 200");
	assert_string_equal(http_server_header(&server, "Authorization"), "Bearer T0PSECRET");
	unlink(path);
}

/* Nothing ever leaves unsigned because a secret is in a bad state. */
static void test_bad_secrets(void **state)
{
	static const struct {
		const char *text;
		mode_t mode;
		bool as_auth;
		const char *problem;
	} secrets[] = {
		{ NULL, 0, false, "No such file" }, { "secret", 0644, false, "readable or writable by others" },
		{ "", 0600, false, "empty" },       { "whsec_not base64", 0600, false, "no base64 after whsec_" },
		{ NULL, 0, true, "No such file" },  { "Bearer a\nX: y", 0600, true, "not one line of text" },
	};
	char path[128];
	snprintf(path, sizeof(path), "%s", transport_path(&world, "secret"));
	for (size_t i = 0; i < MXW_ARRAY_SIZE(secrets); i++) {
		if (secrets[i].text)
			write_file(path, secrets[i].text, secrets[i].mode);
		struct mxw_request request = post("127.0.0.1", REPLY_OK, 20000);
		char **slot = secrets[i].as_auth ? &request.auth_file : &request.secret_file;
		free(*slot);
		*slot = strdup(path);
		transport_expect(&world, &request, MXW_RETRY, path);
		assert_non_null(strstr(world.results[world.n_results - 1].text, secrets[i].problem));
		unlink(path);
	}
	assert_int_equal(http_server_requests(&server), 0);
}

static void test_requests_that_are_never_sent(void **state)
{
	static const char *const urls[] = { "",
					    "nonsense",
					    "file:///etc/passwd",
					    "ftp://127.0.0.1/",
					    "http://192.0.2.1/",
					    "http://example.invalid/",
					    "http://u:p@127.0.0.1/",
					    "gopher://127.0.0.1/" };
	struct mxw_request request;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(urls); i++) {
		request = transport_request(MXW_TRANSPORT_HTTP, urls[i], "", 1000);
		transport_expect(&world, &request, MXW_PARKED, "");
	}
	request = post("127.0.0.1", REPLY_OK, 1000);
	assert_int_equal(mxw_request_add_header(&request, "X", "a\r\nEvil: yes"), 0);
	transport_expect(&world, &request, MXW_PARKED, "bad header");
	request = post("127.0.0.1", REPLY_OK, 1000);
	assert_int_equal(mxw_request_add_header(&request, "X: a\r\nEvil", "yes"), 0);
	transport_expect(&world, &request, MXW_PARKED, "bad header");
	request = post("127.0.0.1", REPLY_OK, 1000);
	strcpy(request.method, "GET");
	transport_expect(&world, &request, MXW_PARKED, "method is not POST");
	assert_int_equal(http_server_requests(&server), 0);
}

static void test_connections_that_fail(void **state)
{
	struct mxw_request request = transport_request(MXW_TRANSPORT_HTTP, "http://127.0.0.1:1/", "", 20000);
	transport_expect(&world, &request, MXW_RETRY, "Failed to connect");
	request = transport_request(MXW_TRANSPORT_HTTP, "https://nowhere.invalid/T0PSECRET", "", 20000);
	transport_expect(&world, &request, MXW_RETRY, "name lookup: ");
	char url[64];
	snprintf(url, sizeof(url), "https://127.0.0.1:%u/T0PSECRET", server.port); /* no TLS there */
	request = transport_request(MXW_TRANSPORT_HTTP, url, "", OUT_OF_TIME_MS);
	transport_expect(&world, &request, MXW_RETRY, "");
	for (size_t i = 0; i < world.n_results; i++)
		assert_null(strstr(world.results[i].text, "T0PSECRET"));
}

static void test_a_hanging_host_delays_itself_only(void **state)
{
	enum { N = 20, AT_ONCE = 8 };
	struct http_server other;
	static const struct http_reply fine = { OK, HTTP_KEEP };
	http_server_start(&other, &fine, 1);
	for (int i = 0; i < N; i++) {
		struct mxw_request request = post("127.0.0.1", REPLY_HANG, OUT_OF_TIME_MS);
		transport_submit(&world, &request);
	}
	char url[64];
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/0", other.port);
	struct mxw_request request = transport_request(MXW_TRANSPORT_HTTP, url, "", 20000);
	transport_expect(&world, &request, MXW_DELIVERED, "HTTP 200"); /* the first result of all */
	assert_int_equal(world.n_results, 1);
	transport_run(&world, OUT_OF_TIME_MS / 3);
	assert_int_equal(http_server_requests(&server), AT_ONCE);
	transport_wait(&world, N + 1);
	assert_int_equal(http_server_requests(&server), N);
	for (size_t i = 1; i <= N; i++)
		assert_string_equal(world.results[i].text, "timeout");
	transport_close(&world);
	http_server_stop(&other);
	transport_open(&world, &mxw_transport_http);
}

static void test_closing_in_the_middle(void **state)
{
	struct mxw_request request;
	for (int i = 0; i < 12; i++) {
		request = post("127.0.0.1", i % 2 ? REPLY_HANG : REPLY_ENDLESS, 20000);
		transport_submit(&world, &request);
	}
	request = transport_request(MXW_TRANSPORT_HTTP, "https://nowhere.invalid/", "", 20000);
	transport_submit(&world, &request);
	transport_run(&world, 1); /* running, waiting, and looking up a name; tear_down closes it all */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_answers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_what_is_sent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_signed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_bad_secrets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_requests_that_are_never_sent, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_connections_that_fail, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_hanging_host_delays_itself_only, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_closing_in_the_middle, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, transport_let_threads_end);
}
