/* HTTP of the control socket: what is understood, what is refused and with which status, in every cut. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "lib/http/http.h"

#define HOST "Host: localhost\r\n"

static void test_good(void **unused)
{
	static const struct {
		const char *bytes, *method, *path, *body;
	} rows[] = {
		{ "GET /api/v1/version HTTP/1.1\r\n" HOST "\r\n", "GET", "/api/v1/version", "" },
		{ "DELETE /a HTTP/1.0\r\nhost:x\r\n\r\n", "DELETE", "/a", "" },
		{ "POST /a HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}", "POST", "/a", "{}" },
		{ "POST /a HTTP/1.1\r\n" HOST "content-length: \t 0 \r\n\r\n", "POST", "/a", "" },
		{ "POST /a HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 1\r\n\r\nx", "POST", "/a", "x" },
		{ "GET /a HTTP/1.1\r\n" HOST "X-Odd:\xc3\xa4\r\nAccept: */*\r\n\r\n", "GET", "/a", "" },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_http_request request;
		size_t n = strlen(rows[i].bytes);
		for (size_t k = 0; k < n; k++)
			assert_int_equal(mxw_http_request_read(&request, rows[i].bytes, k), MXW_HTTP_INCOMPLETE);
		assert_int_equal(mxw_http_request_read(&request, rows[i].bytes, n), MXW_HTTP_COMPLETE);
		assert_string_equal(request.method, rows[i].method);
		assert_string_equal(request.path, rows[i].path);
		assert_int_equal(request.n_body, strlen(rows[i].body));
		assert_memory_equal(request.body, rows[i].body, request.n_body);
	}
}

static void test_bad(void **unused)
{
	static const struct {
		const char *bytes;
		unsigned status;
	} rows[] = {
		{ "\r\n\r\n", 400 },
		{ "GET /a\r\n" HOST "\r\n", 400 },
		{ "GET  /a HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET /a HTTP/1.1 \r\n" HOST "\r\n", 400 },
		{ "GET /a HTTP/9.9\r\n" HOST "\r\n", 505 },
		{ "GET /a http/1.1\r\n" HOST "\r\n", 400 },
		{ "GET http://localhost/a HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET * HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET /a?b HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "GET /%2e%2e HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "G@T /a HTTP/1.1\r\n" HOST "\r\n", 400 },
		{ "AVERYLONGMETHODNAME /a HTTP/1.1\r\n" HOST "\r\n", 501 },
		{ "GET /a HTTP/1.1\r\n\r\n", 400 }, /* no Host */
		{ "GET /a HTTP/1.1\r\n" HOST HOST "\r\n", 400 },
		{ "GET /a HTTP/1.1\r\n" HOST " folded: yes\r\n\r\n", 400 },
		{ "GET /a HTTP/1.1\r\n" HOST "X : y\r\n\r\n", 400 },
		{ "GET /a HTTP/1.1\r\n" HOST "X\r\n\r\n", 400 },
		{ "GET /a HTTP/1.1\r\n" HOST "X: a\nY: b\r\n\r\n", 400 }, /* a bare LF */
		{ "GET /a HTTP/1.1\r\n" HOST "X: a\rY: b\r\n\r\n", 400 },
		{ "GET /a HTTP/1.1\n" HOST "\r\n", 400 },
		{ "POST /a HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400 },
		{ "POST /a HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\nx", 400 },
		{ "POST /a HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n", 400 },
		{ "POST /a HTTP/1.1\r\n" HOST "Content-Length: 0x1\r\n\r\n", 400 },
		{ "POST /a HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n", 400 },
		{ "POST /a HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999\r\n\r\n", 400 },
		{ "POST /a HTTP/1.1\r\n" HOST "Content-Length: 65537\r\n\r\n", 413 },
		{ "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", 501 },
		{ "POST /a HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n", 400 },
		{ "POST /a HTTP/1.1\r\n" HOST "Expect: gold\r\n\r\n", 417 },
		{ "GET /a HTTP/1.1\r\n" HOST "\r\nGET /b HTTP/1.1\r\n", 400 }, /* a second request */
	};
	struct mxw_http_request request;
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		if (mxw_http_request_read(&request, rows[i].bytes, strlen(rows[i].bytes)) != MXW_HTTP_BAD ||
		    request.status != rows[i].status)
			fail_msg("row %zu: status %u", i, request.status);
	}
	static const char nul[] = "GET /a HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n",
			  in_path[] = "GET /\0 HTTP/1.1\r\n" HOST "\r\n";
	assert_int_equal(mxw_http_request_read(&request, nul, sizeof(nul) - 1), MXW_HTTP_BAD);
	assert_int_equal(mxw_http_request_read(&request, in_path, sizeof(in_path) - 1), MXW_HTTP_BAD);
}

static void test_limits(void **unused)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_http_request request;
	(void)unused;
	mxw_strbuf_adds(&text, "GET /a HTTP/1.1\r\n" HOST);
	for (int i = 0; i < MXW_HTTP_MAX_HEADERS; i++)
		mxw_strbuf_adds(&text, "X: y\r\n");
	mxw_strbuf_adds(&text, "\r\n");
	assert_int_equal(mxw_http_request_read(&request, text.data, text.len), MXW_HTTP_BAD);
	assert_int_equal(request.status, 431);
	mxw_strbuf_clear(&text);
	mxw_strbuf_adds(&text, "GET /a HTTP/1.1\r\nX: ");
	while (text.len < MXW_HTTP_MAX_HEAD - 1)
		mxw_strbuf_addc(&text, 'x');
	assert_int_equal(mxw_http_request_read(&request, text.data, text.len), MXW_HTTP_INCOMPLETE);
	mxw_strbuf_addc(&text, 'x'); /* it will never end within the limit */
	assert_int_equal(mxw_http_request_read(&request, text.data, text.len), MXW_HTTP_BAD);
	assert_int_equal(request.status, 431);
	mxw_strbuf_clear(&text);
	mxw_strbuf_adds(&text, "GET /");
	while (text.len < MXW_HTTP_MAX_TARGET + 10)
		mxw_strbuf_addc(&text, 'x');
	mxw_strbuf_adds(&text, " HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(mxw_http_request_read(&request, text.data, text.len), MXW_HTTP_BAD);
	assert_int_equal(request.status, 414);
}

static void test_continue(void **unused)
{
	static const char bytes[] = "POST /a HTTP/1.1\r\n" HOST "Expect: 100-continue\r\nContent-Length: 1\r\n\r\n";
	struct mxw_http_request request;
	(void)unused;
	assert_int_equal(mxw_http_request_read(&request, bytes, sizeof(bytes) - 2), MXW_HTTP_INCOMPLETE);
	assert_false(request.wants_continue);
	assert_int_equal(mxw_http_request_read(&request, bytes, sizeof(bytes) - 1), MXW_HTTP_INCOMPLETE);
	assert_true(request.wants_continue);
}

/* What one side writes the other reads. */
static void test_both_ways(void **unused)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_http_request request;
	struct mxw_http_response response;
	(void)unused;
	mxw_http_request_write(&text, "POST", "/a", "{}", 2);
	assert_int_equal(mxw_http_request_read(&request, text.data, text.len), MXW_HTTP_COMPLETE);
	assert_int_equal(request.n_body, 2);
	mxw_strbuf_clear(&text);
	mxw_http_request_write(&text, "GET", "/a", NULL, 0);
	assert_int_equal(mxw_http_request_read(&request, text.data, text.len), MXW_HTTP_COMPLETE);
	mxw_strbuf_clear(&text);
	mxw_strbuf_adds(&text, "HTTP/1.1 100 Continue\r\n\r\n");
	mxw_http_response_write(&text, 405, "GET, POST", "{\"error\":\"x\"}", 13);
	assert_non_null(strstr(text.data, "\r\nAllow: GET, POST\r\n"));
	assert_int_equal(mxw_http_response_read(&response, text.data, text.len), 0);
	assert_int_equal(response.status, 405);
	assert_int_equal(response.n_body, 13);
	for (size_t n = 0; n < text.len; n++)
		assert_int_equal(mxw_http_response_read(&response, text.data, n), -EBADMSG);
}

static void test_bad_responses(void **unused)
{
	static const char *const rows[] = {
		"",
		"nonsense",
		"HTTP/1.1 20\r\n\r\n",
		"HTTP/2 200\r\n\r\n",
		"HTTP/1.1 200 OK\r\nX\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\n",
	};
	struct mxw_http_response response;
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		assert_int_equal(mxw_http_response_read(&response, rows[i], strlen(rows[i])), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),     cmocka_unit_test(test_bad),       cmocka_unit_test(test_limits),
		cmocka_unit_test(test_continue), cmocka_unit_test(test_both_ways), cmocka_unit_test(test_bad_responses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
