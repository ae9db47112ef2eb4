/* Programs: the command, its environment, the event on standard input. */
#include "tests/unit/notify_fixture.h"

#include "lib/report/report.h"

static const struct mxw_notifier *const exec = &mxw_notifier_exec;

static void test_options(void **state)
{
	static const struct notify_check_row rows[] = {
		{ "command: [/bin/true]", NULL },
		{ "command: [/bin/sh, -c, 'cat >/dev/null']", NULL },
		{ "{ command: [/bin/true], timeout: 5m }", NULL },
		{ "{}", "command: missing" },
		{ "command: []", "expected a program" },
		{ "command: [true-command]", "expected an absolute path" },
		{ "command: [./x]", "expected an absolute path" },
		{ "command: [/bin/echo, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, "
		  "23, 24, 25, 26, "
		  "27, 28, 29, 30, 31, 32]",
		  "at most 32" },
		{ "{ command: [/bin/true], timeout: 10ms }", "timeout" },
		{ "{ command: [/bin/true], shell: true }", "unknown key" },
	};
	notify_check_rows(exec, rows, MXW_ARRAY_SIZE(rows));
}

static void test_request(void **state)
{
	static const struct {
		const char *name, *value;
	} rows[] = {
		{ "MXWATCH_ID", "0a1b2c3d-0123456789abcdef-17" },
		{ "MXWATCH_KIND", "problem" },
		{ "MXWATCH_DOMAIN", "example.com" },
		{ "MXWATCH_CHECK", "mx" },
		{ "MXWATCH_STATE", "critical" },
		{ "MXWATCH_FROM", "ok" },
		{ "MXWATCH_FINDING", "mx-nxdomain" },
		{ "MXWATCH_SUMMARY",
		  "example.com mx CRITICAL (was OK): domain does not exist (mx-nxdomain), 2 of 3 resolvers" },
		{ "MXWATCH_TIME", "2026-11-23T09:12:45.123Z" },
		{ "MXWATCH_INSTANCE", "watch.example.net" },
	};
	struct mxw_alert alert = notify_alert();
	struct mxw_request request;
	notify_render(exec, "{ command: [/bin/echo, 'two words'], timeout: 7s }", &alert, &request);
	assert_int_equal(request.transport, MXW_TRANSPORT_EXEC);
	assert_int_equal(request.timeout_ms, 7000);
	assert_int_equal(request.n_args, 2);
	assert_string_equal(request.args[0], "/bin/echo");
	assert_string_equal(request.args[1], "two words");
	assert_int_equal(request.n_headers, MXW_ARRAY_SIZE(rows));
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		assert_string_equal(mxw_request_header(&request, rows[i].name), rows[i].value);
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf event = MXW_STRBUF_INIT;
	assert_int_equal(mxw_report_event_json(&alert, &event), 0);
	assert_int_equal(request.n_body, event.len);
	assert_memory_equal(request.body, event.data, event.len);
	mxw_request_done(&request);
	mxw_alert_done(&alert);
}

static void test_a_monitor_alert_has_empty_words(void **state)
{
	struct mxw_alert alert = notify_alert();
	struct mxw_request request;
	alert.kind = MXW_ALERT_MONITOR;
	notify_replace(&alert.domain, NULL);
	notify_replace(&alert.check, NULL);
	notify_render(exec, "command: [/bin/true]", &alert, &request);
	bool has_domain = false;
	for (size_t i = 0; i < request.n_headers; i++)
		has_domain |= strcmp(request.headers[i].name, "MXWATCH_DOMAIN") == 0;
	assert_true(has_domain); /* set but empty: a script under `set -u` goes on */
	assert_string_equal(mxw_request_header(&request, "MXWATCH_DOMAIN"), "");
	mxw_request_done(&request);
	mxw_alert_done(&alert);
}

static void test_a_group(void **state)
{
	struct mxw_alert alert = notify_group_alert();
	struct mxw_request request;
	notify_render(exec, "{ command: [/bin/true] }", &alert, &request);
	assert_string_equal(mxw_request_header(&request, "MXWATCH_AFFECTED"), "214");
	mxw_request_done(&request);
	mxw_alert_done(&alert);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_group),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_a_monitor_alert_has_empty_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
