/* Fuzz target: what one process tells the other. The first octet chooses between a stream of frames, a request and a
 * result. What is accepted must be within the limits, and written again it must read the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/strbuf.h"
#include "lib/request/request.h"
#include "tests/fuzz/fuzz.h"

/* Holds in every build, unlike assert. */
#define CHECK(condition)                                                                \
	do {                                                                            \
		if (!(condition)) {                                                     \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                        \
		}                                                                       \
	} while (0)

static void check_request(const uint8_t *data, size_t size)
{
	struct mxw_request request;
	if (mxw_request_decode(&request, data, size) < 0) {
		CHECK(!request.id && !request.headers && !request.args && !request.body);
		return;
	}
	CHECK(request.n_headers <= MXW_REQUEST_MAX_HEADERS && request.n_args <= MXW_REQUEST_MAX_ARGS);
	CHECK(request.timeout_ms > 0 && request.timeout_ms <= MXW_REQUEST_MAX_TIMEOUT_MS);
	CHECK(request.address && request.method && request.secret_file && request.auth_file && request.ca_file &&
	      request.body);
	CHECK(!request.n_args || !request.args[request.n_args]);
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf again = MXW_STRBUF_INIT;
	CHECK(mxw_request_encode(&request, &again) == 0);
	CHECK(again.len == size && memcmp(mxw_strbuf_get(&again), data, size) == 0); /* there is one way to write it */
	mxw_request_done(&request);
}

static void check_result(const uint8_t *data, size_t size)
{
	struct mxw_result result;
	if (mxw_result_decode(&result, data, size) < 0) {
		CHECK(!result.text);
		return;
	}
	CHECK(result.status >= MXW_DELIVERED && result.status <= MXW_PARKED);
	CHECK(result.retry_after_ms >= 0 && result.retry_after_ms <= MXW_RESULT_MAX_RETRY_AFTER_MS);
	CHECK(strlen(result.text) <= 255);
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf again = MXW_STRBUF_INIT;
	CHECK(mxw_result_encode(&result, &again) == 0);
	CHECK(again.len == size && memcmp(mxw_strbuf_get(&again), data, size) == 0);
	mxw_result_done(&result);
}

static void check_frames(const uint8_t *data, size_t size)
{
	while (size) {
		uint64_t delivery;
		const void *message;
		size_t n;
		int64_t length = mxw_frame_get(data, size, &delivery, &message, &n);
		if (length <= 0)
			return;
		CHECK((size_t)length <= size && (size_t)length == n + MXW_FRAME_HEADER);
		CHECK((const uint8_t *)message == data + MXW_FRAME_HEADER);
		check_request(message, n);
		check_result(message, n);
		data += length;
		size -= (size_t)length;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	if (data[0] % 3 == 0)
		check_frames(data + 1, size - 1);
	else if (data[0] % 3 == 1)
		check_request(data + 1, size - 1);
	else
		check_result(data + 1, size - 1);
	return 0;
}
