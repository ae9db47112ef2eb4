/* Signatures of webhooks: the published example of Standard Webhooks and others made with another implementation. */
#include "daemon/sender/sign.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_vectors(void **state)
{
	static const struct {
		const char *secret, *id;
		int64_t timestamp_s;
		const char *body, *expected;
	} rows[] = {
		{ "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
		  "{\"test\": 2432232314}", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" },
		{ "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\r", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
		  "{\"test\": 2432232314}", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" },
		{ "topsecret", "0a1b2c3d-0000000000001234-17", 1795427799, "{\"a\":1}",
		  "v1,uKX/3kPJ8Q0F8fWhlk2lWX1UEgIeyGhNchsShs55mIY=" },
		{ "whsec_AA==", "x", 0, "", "v1,OjFea3zqE+MY/f3bFhq8BeFiiaAp2EEdXuCygJsotY0=" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf signature = MXW_STRBUF_INIT;
		assert_int_equal(mxw_sign_webhook(rows[i].secret, strlen(rows[i].secret), rows[i].id,
						  rows[i].timestamp_s, rows[i].body, strlen(rows[i].body), &signature),
				 0);
		assert_string_equal(mxw_strbuf_get(&signature), rows[i].expected);
	}
}

static void test_every_part_is_signed(void **state)
{
	static const struct {
		const char *secret, *id;
		int64_t timestamp_s;
		const char *body;
	} rows[] = { { "a", "id", 1, "body" },
		     { "b", "id", 1, "body" },
		     { "a", "ie", 1, "body" },
		     { "a", "id", 2, "body" },
		     { "a", "id", 1, "bodz" } };
	struct mxw_strbuf signatures[MXW_ARRAY_SIZE(rows)] = { 0 };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		assert_int_equal(mxw_sign_webhook(rows[i].secret, 1, rows[i].id, rows[i].timestamp_s, rows[i].body, 4,
						  &signatures[i]),
				 0);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(mxw_strbuf_get(&signatures[i]), mxw_strbuf_get(&signatures[k]));
	}
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		mxw_strbuf_done(&signatures[i]);
}

static void test_bad_keys(void **state)
{
	static const char *const rows[] = { "",           "whsec_",      "whsec_====", "whsec_abc",     "whsec_ab=c",
					    "whsec_a b=", "whsec_abc\n", "whsec_ab*d", "whsec_AAA=AAAA" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf signature = MXW_STRBUF_INIT;
		assert_int_equal(mxw_sign_webhook(rows[i], strlen(rows[i]), "id", 1, "", 0, &signature), -EINVAL);
		assert_int_equal(signature.len, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_every_part_is_signed),
		cmocka_unit_test(test_bad_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
