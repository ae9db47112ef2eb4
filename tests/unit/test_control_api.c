/* The API: every resource, its errors and limits, on a host that remembers what it was asked to do. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "lib/control/api.h"
#include "lib/control/text.h"
#include "tests/unit/config_source.h"

#define YAML                                         \
	"resolvers: [192.0.2.1]\n"                   \
	"domains: [example.com, example.org]\n"      \
	"notifiers: [{ name: ops, type: syslog }]\n" \
	"maintenance: [{ name: nightly, daily: { from: \"00:00\", to: \"01:00\" } }]\n"

enum { NOW_MS = 90 * 60 * 1000 }; /* 1970-01-01T01:30 */

struct fixture {
	struct mxw_config *config;
	struct mxw_mutes mutes;
	struct mxw_api_host host;
	uint64_t last_id;
	int error; /* what the host answers */
	char tested[64];
};

static int add_silence(void *arg, struct mxw_silence *silence)
{
	struct fixture *fixture = arg;
	silence->id = ++fixture->last_id;
	return fixture->error ? fixture->error : mxw_mutes_add_silence(&fixture->mutes, silence);
}

static int remove_silence(void *arg, uint64_t id)
{
	struct fixture *fixture = arg;
	if (!fixture->error)
		mxw_mutes_remove_silence(&fixture->mutes, id);
	return fixture->error;
}

static size_t incidents(void *arg, const char *domain, struct mxw_api_incident ret[MXW_MAX_CHECKS])
{
	(void)arg;
	if (strcmp(domain, "example.com") != 0)
		return 0;
	ret[0] = (struct mxw_api_incident){ "mx", MXW_CRITICAL, 1000 };
	ret[1] = (struct mxw_api_incident){ "spf", MXW_WARNING, 2000 };
	return 2;
}

static int put_acks(void *arg, const struct mxw_ack *acks, size_t n)
{
	struct fixture *fixture = arg;
	int r = fixture->error;
	for (size_t i = 0; i < n && r == 0; i++)
		r = mxw_mutes_put_ack(&fixture->mutes, &acks[i]);
	return r;
}

static int test_notify(void *arg, size_t notifier, const char *author, char ret_id[MXW_ALERT_ID_MAX])
{
	struct fixture *fixture = arg;
	snprintf(fixture->tested, sizeof(fixture->tested), "%s by %s", fixture->config->notifiers[notifier].name,
		 author);
	snprintf(ret_id, MXW_ALERT_ID_MAX, "abc-1");
	return fixture->error;
}

static int each_delivery(void *arg, const char *event_id,
			 int (*callback)(void *arg, const struct mxw_api_delivery *delivery), void *callback_arg)
{
	struct mxw_api_delivery delivery = { "ops", "pending", 2, "connection refused" };
	(void)arg;
	return strcmp(event_id, "abc-1") == 0 ? callback(callback_arg, &delivery) : -ENOENT;
}

static int setup(void **state)
{
	static struct fixture fixture;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf diags = MXW_STRBUF_INIT;
	fixture = (struct fixture){ .config = test_config_read_text(YAML, &diags) };
	fixture.host = (struct mxw_api_host){ .arg = &fixture,
					      .config = fixture.config,
					      .mutes = &fixture.mutes,
					      .now_wall_ms = NOW_MS,
					      .add_silence = add_silence,
					      .remove_silence = remove_silence,
					      .incidents = incidents,
					      .put_acks = put_acks,
					      .test_notify = test_notify,
					      .each_delivery = each_delivery };
	*state = &fixture;
	return fixture.config ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	mxw_mutes_done(&fixture->mutes);
	mxw_config_free(fixture->config);
	return 0;
}

struct row {
	const char *method, *path, *body;
	unsigned status;
	const char *answer; /* a part of it */
};

static void ask(struct fixture *fixture, const struct row *row)
{
	struct mxw_api_request request = { row->method, row->path, row->body, row->body ? strlen(row->body) : 0,
					   "uid 7" };
	struct mxw_api_response response = { 0 };
	assert_int_equal(mxw_api_handle(&fixture->host, &request, &response), 0);
	if (response.status != row->status || !strstr(mxw_strbuf_get(&response.body), row->answer))
		fail_msg("%s %s %s: %u %s", row->method, row->path, row->body ? row->body : "", response.status,
			 mxw_strbuf_get(&response.body));
	json_t *root = mxw_api_text_parse(response.body.data, response.body.len);
	assert_non_null(root);
	assert_int_equal(json_is_string(json_object_get(root, "error")), response.status >= 400);
	json_decref(root);
	mxw_api_response_done(&response);
}

#define SILENCE "/api/v1/silences"

static void test_silences(void **state)
{
	static const struct row rows[] = {
		{ "GET", SILENCE, NULL, 200, "{\"silences\":[],\"acks\":[],\"maintenance\":[]}" },
		{ "POST", SILENCE, "{\"domain\":\"Example.com\",\"for\":\"2h\",\"reason\":\"moving\"}", 201,
		  "{\"id\":1,\"domain\":\"example.com\",\"check\":null,\"created\":\"1970-01-01T01:30:00.000Z\","
		  "\"until\":\"1970-01-01T03:30:00.000Z\",\"reason\":\"moving\",\"author\":\"uid 7\"}" },
		{ "POST", SILENCE,
		  "{\"domain\":\"*.example.net\",\"check\":\"mx\",\"for\":\"1d\",\"reason\":\"x\",\"author\":\"me\"}",
		  201, "\"domain\":\"*.example.net\",\"check\":\"mx\"" },
		{ "GET", SILENCE, NULL, 200, "\"id\":1,\"domain\":\"example.com\"" },
		{ "DELETE", SILENCE "/1", NULL, 200, "\"id\":1" },
		{ "DELETE", SILENCE "/1", NULL, 404, "there is no silence 1" },
		{ "GET", SILENCE, NULL, 200, "{\"silences\":[{\"id\":2," },
		{ "DELETE", SILENCE "/02", NULL, 404, "no silence" },
		{ "DELETE", SILENCE "/2x", NULL, 404, "no silence" },
		{ "DELETE", SILENCE "/99999999999999999999", NULL, 404, "no silence" },
		{ "DELETE", SILENCE "/", NULL, 404, "nothing of this name" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		ask(*state, &rows[i]);
}

static void test_bad_bodies(void **state)
{
	static const struct row rows[] = {
		{ "POST", SILENCE, NULL, 400, "no JSON" },
		{ "POST", SILENCE, "{", 400, "no JSON: line 1" },
		{ "POST", SILENCE, "[]", 400, "no JSON object" },
		{ "POST", SILENCE, "{} {}", 400, "no JSON" },
		{ "POST", SILENCE, "{\"domain\":\"a.example\",\"domain\":\"b.example\"}", 400, "no JSON" },
		{ "POST", SILENCE, "{\"for\":\"2h\",\"reason\":\"x\"}", 400, "domain: missing" },
		{ "POST", SILENCE, "{\"domain\":\"example.com\",\"reason\":\"x\"}", 400, "for: missing" },
		{ "POST", SILENCE, "{\"domain\":\"example.com\",\"for\":\"2h\"}", 400, "reason: missing" },
		{ "POST", SILENCE, "{\"domain\":\"example.com\",\"for\":\"2h\",\"reason\":\"\"}", 400,
		  "reason: is empty" },
		{ "POST", SILENCE, "{\"domain\":\"example.com\",\"for\":\"2h\",\"reason\":null}", 400,
		  "expected a text" },
		{ "POST", SILENCE, "{\"domain\":7}", 400, "domain: expected a text" },
		{ "POST", SILENCE, "{\"domian\":\"example.com\"}", 400, "did you mean \\\"domain\\\"?" },
		{ "POST", SILENCE, "{\"domain\":\"example.com\",\"for\":\"2h\",\"reason\":\"a\\nb\"}", 400,
		  "control character" },
		{ "POST", SILENCE, "{\"domain\":\"example.com\",\"for\":\"2h\",\"reason\":\"a\\u0000b\"}", 400,
		  "no JSON" },
		{ "POST", SILENCE, "{\"domain\":\"example.com\",\"for\":\"2h\",\"reason\":\"\xff\"}", 400, "no JSON" },
		{ "POST", SILENCE, "{\"domain\":\"example.com\",\"for\":\"2\",\"reason\":\"x\"}", 400,
		  "is no duration" },
		{ "POST", SILENCE, "{\"domain\":\"example.com\",\"for\":\"0\",\"reason\":\"x\"}", 400,
		  "is no duration" },
		{ "POST", SILENCE, "{\"domain\":\"example.com\",\"for\":\"367d\",\"reason\":\"x\"}", 400,
		  "is no duration" },
		{ "POST", SILENCE, "{\"domain\":\"a..b\",\"for\":\"2h\",\"reason\":\"x\"}", 400, "domain: " },
		{ "POST", SILENCE, "{\"domain\":\"exampel.com\",\"for\":\"2h\",\"reason\":\"x\"}", 404,
		  "exampel.com is not watched, did you mean example.com?" },
		{ "POST", SILENCE, "{\"domain\":\"example.com\",\"check\":\"mxx\",\"for\":\"2h\",\"reason\":\"x\"}",
		  404, "did you mean mx?" },
	};
	struct fixture *fixture = *state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		ask(fixture, &rows[i]);
	assert_int_equal(fixture->mutes.n_silences, 0);
}

/* Only some domains are compared with the name: those beside its place, at either end of the list too. */
static void test_nearest_of_many(void **state)
{
	enum { N = 5000 };
	static const int numbers[] = { 0, 1, N / 2, N - 2, N - 1 };
	struct fixture *fixture = *state;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf yaml = MXW_STRBUF_INIT, diags = MXW_STRBUF_INIT;
	mxw_strbuf_adds(&yaml, "resolvers: [192.0.2.1]\ndomains:\n");
	for (int i = 0; i < N; i++)
		mxw_strbuf_addf(&yaml, "  - name-%04d.example\n", i);
	mxw_config_free(fixture->config);
	fixture->config = test_config_read_text(mxw_strbuf_get(&yaml), &diags);
	assert_non_null(fixture->config);
	fixture->host.config = fixture->config;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(numbers); i++) {
		char body[64], answer[64];
		snprintf(body, sizeof(body), "{\"domain\":\"name-%04d.examples\"}", numbers[i]);
		snprintf(answer, sizeof(answer), "did you mean name-%04d.example?", numbers[i]);
		const struct row row = { "POST", "/api/v1/acks", body, 404, answer };
		ask(fixture, &row);
	}
}

static void test_acks(void **state)
{
	static const struct row rows[] = {
		{ "POST", "/api/v1/acks", "{\"domain\":\"example.org\"}", 409, "example.org has no problem" },
		{ "POST", "/api/v1/acks", "{\"domain\":\"example.com\",\"check\":\"ptr\"}", 409,
		  "example.com ptr has no" },
		{ "POST", "/api/v1/acks", "{\"domain\":\"*.example.com\"}", 400, "is a pattern" },
		{ "POST", "/api/v1/acks", "{\"domain\":\"example.net\"}", 404, "not watched" },
		{ "POST", "/api/v1/acks", "{\"domain\":\"example.com\",\"check\":\"spf\",\"reason\":\"known\"}", 200,
		  "{\"acknowledged\":[{\"domain\":\"example.com\",\"check\":\"spf\",\"since\":\"1970-01-01T00:00:02."
		  "000Z\"" },
		{ "POST", "/api/v1/acks", "{\"domain\":\"example.com\"}", 200, "\"check\":\"mx\"" },
		{ "GET", SILENCE, NULL, 200, "\"reason\":\"\",\"author\":\"uid 7\"" },
	};
	struct fixture *fixture = *state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		ask(fixture, &rows[i]);
	assert_true(mxw_mutes_is_acked(&fixture->mutes, "example.com", "mx", 1000));
	assert_int_equal(fixture->mutes.n_acks, 2);
}

static void test_tests(void **state)
{
	static const struct row rows[] = {
		{ "POST", "/api/v1/test-notify", "{\"notifier\":\"opps\"}", 404, "did you mean ops?" },
		{ "POST", "/api/v1/test-notify", "{\"notifier\":\"ops\"}", 202, "{\"id\":\"abc-1\"}" },
		{ "GET", "/api/v1/events/abc-1", NULL, 200,
		  "\"deliveries\":[{\"notifier\":\"ops\",\"status\":\"pending\",\"attempts\":2,\"text\":\"connection "
		  "refused\"}]" },
		{ "GET", "/api/v1/events/abc-2", NULL, 404, "there is no event abc-2" },
		{ "GET", "/api/v1/version", NULL, 200, "\"api\":1" },
	};
	struct fixture *fixture = *state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		ask(fixture, &rows[i]);
	assert_string_equal(fixture->tested, "ops by uid 7");
}

static void test_paths(void **state)
{
	static const struct row rows[] = {
		{ "GET", "/", NULL, 404, "nothing" },
		{ "GET", "/api/v2/version", NULL, 404, "nothing" },
		{ "GET", "/api/v1/", NULL, 404, "nothing" },
		{ "GET", "/api/v1/versionx", NULL, 404, "nothing" },
		{ "GET", "/api/v1/version/", NULL, 404, "nothing" },
		{ "GET", "/api/v1/../v1/version", NULL, 404, "nothing" },
		{ "GET", "//api/v1/version", NULL, 404, "nothing" },
		{ "GET", "/api/v1/events/a/b", NULL, 404, "nothing" },
		{ "POST", "/api/v1/version", NULL, 405, "POST is not allowed" },
		{ "HEAD", SILENCE, NULL, 405, "not allowed" },
		{ "DELETE", SILENCE, NULL, 405, "not allowed" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		ask(*state, &rows[i]);
}

static void test_failing_host(void **state)
{
	static const char body[] = "{\"domain\":\"example.com\",\"for\":\"2h\",\"reason\":\"x\"}";
	static const struct row full = { "POST", SILENCE, body, 409, "too many" },
				broken = { "POST", SILENCE, body, 503, "store" },
				no_ack = { "POST", "/api/v1/acks", "{\"domain\":\"example.com\"}", 503, "store" };
	struct fixture *fixture = *state;
	fixture->error = -E2BIG;
	ask(fixture, &full);
	fixture->error = -EIO;
	ask(fixture, &broken);
	ask(fixture, &no_ack);
}

static void test_windows(void **state)
{
	static const struct row row = { "GET", SILENCE, NULL, 200,
					"{\"name\":\"nightly\",\"until\":\"1970-01-01T01:00:00.000Z\"}" };
	struct fixture *fixture = *state;
	fixture->host.now_wall_ms = 0;
	ask(fixture, &row);
}

static void test_text(void **unused)
{
	static const char json[] = "{\"silences\":[{\"id\":3,\"domain\":\"a.example\",\"check\":\"mx\",\"until\":\"T\","
				   "\"reason\":\"\\u001b[31m\","
				   "\"author\":\"me\"}],\"acks\":[{\"domain\":\"b.example\",\"check\":\"spf\","
				   "\"since\":\"S\",\"reason\":\"\","
				   "\"author\":\"you\"}],\"maintenance\":[{\"name\":\"n\",\"until\":\"U\"}]}";
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	json_t *root = mxw_api_text_parse(json, strlen(json)), *empty = json_object();
	(void)unused;
	mxw_api_text_silences(root, &text);
	assert_string_equal(text.data, "maintenance: n, until U\n"
				       "silence 3: a.example mx, until T by me: \\x1b[31m\n"
				       "acknowledged: b.example spf, the problem since S by you\n");
	mxw_strbuf_clear(&text);
	mxw_api_text_silences(empty, &text);
	assert_string_equal(text.data, "nothing is silenced or acknowledged\n");
	json_decref(root);
	json_decref(empty);
	assert_null(mxw_api_text_parse("[]", 2));
	assert_null(mxw_api_text_parse(NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_silences, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_bodies, setup, teardown),
		cmocka_unit_test_setup_teardown(test_acks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nearest_of_many, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tests, setup, teardown),
		cmocka_unit_test_setup_teardown(test_paths, setup, teardown),
		cmocka_unit_test_setup_teardown(test_failing_host, setup, teardown),
		cmocka_unit_test_setup_teardown(test_windows, setup, teardown),
		cmocka_unit_test(test_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
