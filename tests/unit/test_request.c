/* Requests, results and frames: what is written is read back, and bytes from a stranger are refused. */
#include "lib/request/request.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/util.h"

static char *copy(const char *text)
{
	char *made = strdup(text);
	assert_non_null(made);
	return made;
}

static struct mxw_request full_request(void)
{
	struct mxw_request request = {
		.transport = MXW_TRANSPORT_HTTP,
		.id = copy("0a1b2c3d-0123456789abcdef-17-r2"),
		.address = copy("https://hooks.example.net/mx"),
		.method = copy("POST"),
		.body = copy("{\"a\":\"\0b\"}"),
		.secret_file = copy("hook-key"),
		.auth_file = copy(""),
		.ca_file = copy("/etc/ssl/ca.pem"),
		.timeout_ms = 15000,
	};
	request.n_body = 5;
	assert_int_equal(mxw_request_add_header(&request, "Content-Type", "application/json"), 0);
	assert_int_equal(mxw_request_add_header(&request, "X-Empty", ""), 0);
	assert_int_equal(mxw_request_add_arg(&request, "/bin/true"), 0);
	assert_int_equal(mxw_request_add_arg(&request, "two words"), 0);
	return request;
}

static void test_request_round_trip(void **state)
{
	struct mxw_request request = full_request(), back;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf bytes = MXW_STRBUF_INIT;
	assert_int_equal(mxw_request_encode(&request, &bytes), 0);
	assert_int_equal(mxw_request_decode(&back, bytes.data, bytes.len), 0);
	assert_int_equal(back.transport, request.transport);
	assert_string_equal(back.id, request.id);
	assert_string_equal(back.address, request.address);
	assert_string_equal(back.method, "POST");
	assert_string_equal(back.secret_file, "hook-key");
	assert_string_equal(back.auth_file, "");
	assert_string_equal(back.ca_file, "/etc/ssl/ca.pem");
	assert_int_equal(back.timeout_ms, 15000);
	assert_int_equal(back.n_headers, 2);
	assert_string_equal(mxw_request_header(&back, "Content-Type"), "application/json");
	assert_string_equal(mxw_request_header(&back, "X-Other"), "");
	assert_int_equal(back.n_args, 2);
	assert_string_equal(back.args[1], "two words");
	assert_null(back.args[2]);
	assert_int_equal(back.n_body, 5);
	assert_memory_equal(back.body, request.body, 5);
	mxw_request_done(&back);
	mxw_request_done(&request);
	mxw_request_done(NULL);
}

static void test_missing_texts_become_empty(void **state)
{
	struct mxw_request request = { .transport = MXW_TRANSPORT_EXEC, .id = copy("x"), .timeout_ms = 1 }, back;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf bytes = MXW_STRBUF_INIT;
	assert_int_equal(mxw_request_encode(&request, &bytes), 0);
	assert_int_equal(mxw_request_decode(&back, bytes.data, bytes.len), 0);
	assert_string_equal(back.address, "");
	assert_string_equal(back.body, "");
	assert_int_equal(back.n_headers + back.n_args + back.n_body, 0);
	mxw_request_done(&back);
	mxw_request_done(&request);
}

static void test_every_truncation_is_refused(void **state)
{
	struct mxw_request request = full_request(), back;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf bytes = MXW_STRBUF_INIT;
	assert_int_equal(mxw_request_encode(&request, &bytes), 0);
	for (size_t n = 0; n < bytes.len; n++)
		assert_int_equal(mxw_request_decode(&back, bytes.data, n), -EBADMSG);
	mxw_strbuf_addc(&bytes, '\0');
	assert_int_equal(mxw_request_decode(&back, bytes.data, bytes.len), -EBADMSG);
	mxw_request_done(&request);
}

static void test_every_changed_octet_is_read_or_refused(void **state)
{
	struct mxw_request request = full_request(), back;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf bytes = MXW_STRBUF_INIT;
	assert_int_equal(mxw_request_encode(&request, &bytes), 0);
	static const unsigned char masks[] = { 0x01, 0x80, 0xff };
	size_t refused = 0;
	for (size_t i = 0; i < bytes.len; i++)
		for (size_t m = 0; m < MXW_ARRAY_SIZE(masks); m++) {
			bytes.data[i] = (char)((unsigned char)bytes.data[i] ^ masks[m]);
			int r = mxw_request_decode(&back, bytes.data, bytes.len);
			assert_true(r == 0 || r == -EBADMSG);
			refused += r != 0;
			mxw_request_done(&back);
			bytes.data[i] = (char)((unsigned char)bytes.data[i] ^ masks[m]);
		}
	assert_true(refused > 60); /* version, transport, timeout and every length at the least */
	mxw_request_done(&request);
}

static void test_bad_values_are_refused(void **state)
{
	static const struct {
		const char *id;
		int64_t timeout_ms;
		enum mxw_transport transport;
	} rows[] = {
		{ "", 1000, MXW_TRANSPORT_HTTP },          { "a b", 1000, MXW_TRANSPORT_HTTP },
		{ "a\r\nX: y", 1000, MXW_TRANSPORT_HTTP }, { "a", 0, MXW_TRANSPORT_HTTP },
		{ "a", -1, MXW_TRANSPORT_HTTP },           { "a", MXW_REQUEST_MAX_TIMEOUT_MS + 1, MXW_TRANSPORT_HTTP },
		{ "a", 1000, (enum mxw_transport)0 },      { "a", 1000, (enum mxw_transport)(MXW_TRANSPORT_EXEC + 1) },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_request request = { .transport = rows[i].transport,
					       .id = copy(rows[i].id),
					       .timeout_ms = rows[i].timeout_ms };
		struct mxw_request back;
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf bytes = MXW_STRBUF_INIT;
		assert_int_equal(mxw_request_encode(&request, &bytes), 0);
		assert_int_equal(mxw_request_decode(&back, bytes.data, bytes.len), -EBADMSG);
		mxw_request_done(&request);
	}
}

static void test_limits(void **state)
{
	struct mxw_request request = { .transport = MXW_TRANSPORT_EXEC, .id = copy("x"), .timeout_ms = 1 };
	for (size_t i = 0; i < MXW_REQUEST_MAX_HEADERS; i++)
		assert_int_equal(mxw_request_add_header(&request, "N", "v"), 0);
	assert_int_equal(mxw_request_add_header(&request, "N", "v"), -E2BIG);
	for (size_t i = 0; i < MXW_REQUEST_MAX_ARGS; i++)
		assert_int_equal(mxw_request_add_arg(&request, "a"), 0);
	assert_int_equal(mxw_request_add_arg(&request, "a"), -E2BIG);
	request.n_body = MXW_REQUEST_MAX;
	request.body = calloc(1, request.n_body);
	assert_non_null(request.body);
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf bytes = MXW_STRBUF_INIT;
	assert_int_equal(mxw_request_encode(&request, &bytes), -E2BIG);
	mxw_request_done(&request);
}

/* In the place where each transport looks, and nothing else is changed. */
static void test_coalesced(void **state)
{
	static const struct {
		enum mxw_transport transport;
		const char *header;
	} rows[] = {
		{ MXW_TRANSPORT_HTTP, "mxwatch-coalesced" },
		{ MXW_TRANSPORT_SYSLOG, "coalesced" },
		{ MXW_TRANSPORT_JOURNAL, "MXWATCH_COALESCED" },
		{ MXW_TRANSPORT_EXEC, "MXWATCH_COALESCED" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_request request = { .transport = rows[i].transport };
		assert_int_equal(mxw_request_set_coalesced(&request, UINT32_MAX), 0);
		assert_string_equal(mxw_request_header(&request, rows[i].header), "4294967295");
		assert_int_equal(request.n_headers, 1);
		mxw_request_done(&request);
	}
}

static void test_result_round_trip(void **state)
{
	char text[] = "HTTP 503: \x1b[31mred\n";
	struct mxw_result result = { MXW_RETRY, 2000, text }, back;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf bytes = MXW_STRBUF_INIT;
	assert_int_equal(mxw_result_encode(&result, &bytes), 0);
	assert_int_equal(mxw_result_decode(&back, bytes.data, bytes.len), 0);
	assert_int_equal(back.status, MXW_RETRY);
	assert_int_equal(back.retry_after_ms, 2000);
	assert_string_equal(back.text, "HTTP 503: \\x1b[31mred\\x0a");
	mxw_result_done(&back);
	for (size_t n = 0; n < bytes.len; n++)
		assert_int_equal(mxw_result_decode(&back, bytes.data, n), -EBADMSG);
	mxw_result_done(NULL);
}

static void test_result_text_is_cut(void **state)
{
	char text[1000];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	struct mxw_result result = { MXW_PARKED, 0, text }, back;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf bytes = MXW_STRBUF_INIT;
	assert_int_equal(mxw_result_encode(&result, &bytes), 0);
	assert_int_equal(mxw_result_decode(&back, bytes.data, bytes.len), 0);
	assert_int_equal(strlen(back.text), 255);
	mxw_result_done(&back);
}

static void test_hostile_results(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} rows[] = {
		{ "\x01\x00\0\0\0\0\0\0\0\0\0\0\0\0", 14 }, /* no such status */
		{ "\x01\x04\0\0\0\0\0\0\0\0\0\0\0\0", 14 },
		{ "\x02\x01\0\0\0\0\0\0\0\0\0\0\0\0", 14 },         /* version */
		{ "\x01\x02\xff\0\0\0\0\0\0\0\0\0\0\0", 14 },       /* retry in an age */
		{ "\x01\x02\0\0\0\0\0\0\0\0\0\0\0\x01\n", 15 },     /* a line break */
		{ "\x01\x02\0\0\0\0\0\0\0\0\0\0\0\x01\0", 15 },     /* NUL */
		{ "\x01\x02\0\0\0\0\0\0\0\0\xff\xff\xff\xff", 14 }, /* a length beyond the end */
	};
	struct mxw_result back;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		assert_int_equal(mxw_result_decode(&back, rows[i].bytes, rows[i].n), -EBADMSG);
	assert_int_equal(mxw_result_decode(&back, "\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0", 14), 0);
	assert_string_equal(back.text, "");
	mxw_result_done(&back);
}

static void test_frames(void **state)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf bytes = MXW_STRBUF_INIT;
	uint64_t delivery;
	const void *message;
	size_t n;
	assert_int_equal(mxw_frame_put(&bytes, 0x1122334455667788u, "hello", 5), 0);
	assert_int_equal(mxw_frame_put(&bytes, 2, "", 0), 0);
	for (size_t i = 0; i < MXW_FRAME_HEADER + 5; i++)
		assert_int_equal(mxw_frame_get(bytes.data, i, &delivery, &message, &n), 0);
	int64_t length = mxw_frame_get(bytes.data, bytes.len, &delivery, &message, &n);
	assert_int_equal(length, MXW_FRAME_HEADER + 5);
	assert_true(delivery == 0x1122334455667788u);
	assert_int_equal(n, 5);
	assert_memory_equal(message, "hello", 5);
	assert_int_equal(mxw_frame_get(bytes.data + length, bytes.len - (size_t)length, &delivery, &message, &n),
			 MXW_FRAME_HEADER);
	assert_int_equal(n, 0);
	/* The length alone condemns a frame; nobody waits for the rest of it. */
	assert_int_equal(mxw_frame_get("\x00\x10\x00\x01", 4, &delivery, &message, &n), -EBADMSG);
	assert_int_equal(mxw_frame_get("\xff\xff\xff\xff", 4, &delivery, &message, &n), -EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_request_round_trip),
		cmocka_unit_test(test_missing_texts_become_empty),
		cmocka_unit_test(test_every_truncation_is_refused),
		cmocka_unit_test(test_every_changed_octet_is_read_or_refused),
		cmocka_unit_test(test_bad_values_are_refused),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_coalesced),
		cmocka_unit_test(test_result_round_trip),
		cmocka_unit_test(test_result_text_is_cut),
		cmocka_unit_test(test_hostile_results),
		cmocka_unit_test(test_frames),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
