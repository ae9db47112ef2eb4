/* The journal: fields, their ids, and bounds. */
#include "tests/unit/notify_fixture.h"

static const struct mxw_notifier *const journal = &mxw_notifier_journal;

static void test_options(void **state)
{
	static const struct notify_check_row rows[] = {
		{ "{}", NULL },
		{ "socket: /tmp/journal", NULL },
		{ "socket: journal", "expected an absolute one" },
		{ "facility: daemon", "unknown key" },
	};
	notify_check_rows(journal, rows, MXW_ARRAY_SIZE(rows));
}

static void test_fields(void **state)
{
	static const struct {
		const char *name, *value;
	} rows[] = {
		{ "MESSAGE", "example.com mx CRITICAL (was OK): domain does not exist (mx-nxdomain), 2 of 3 resolvers; "
			     "id=0a1b2c3d-0123456789abcdef-17" },
		{ "PRIORITY", "2" },
		{ "MESSAGE_ID", "b4518588367948ccab2eb43d1c308eac" }, /* public: never changes */
		{ "SYSLOG_IDENTIFIER", "mxwatch" },
		{ "MXWATCH_ID", "0a1b2c3d-0123456789abcdef-17" },
		{ "MXWATCH_KIND", "problem" },
		{ "MXWATCH_DOMAIN", "example.com" },
		{ "MXWATCH_CHECK", "mx" },
		{ "MXWATCH_FROM", "ok" },
		{ "MXWATCH_TO", "critical" },
		{ "MXWATCH_FINDING", "mx-nxdomain" },
	};
	struct mxw_alert alert = notify_alert();
	struct mxw_request request;
	notify_render(journal, "{}", &alert, &request);
	assert_int_equal(request.transport, MXW_TRANSPORT_JOURNAL);
	assert_string_equal(request.address, "/run/systemd/journal/socket");
	assert_int_equal(request.n_headers, MXW_ARRAY_SIZE(rows));
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		assert_string_equal(mxw_request_header(&request, rows[i].name), rows[i].value);
	mxw_request_done(&request);
	mxw_alert_done(&alert);
}

static void test_every_kind_has_its_message_id(void **state)
{
	char seen[MXW_N_ALERT_KINDS][33] = { 0 };
	for (int kind = 0; kind < MXW_N_ALERT_KINDS; kind++) {
		struct mxw_alert alert = notify_alert();
		struct mxw_request request;
		alert.kind = (enum mxw_alert_kind)kind;
		notify_render(journal, "{}", &alert, &request);
		const char *id = mxw_request_header(&request, "MESSAGE_ID");
		assert_int_equal(strlen(id), 32);
		assert_int_equal(strspn(id, "0123456789abcdef"), 32);
		strcpy(seen[kind], id);
		for (int k = 0; k < kind; k++)
			assert_string_not_equal(seen[k], id);
		mxw_request_done(&request);
		mxw_alert_done(&alert);
	}
}

static void test_empty_fields_are_left_out_and_long_ones_cut(void **state)
{
	struct mxw_alert alert = notify_alert();
	struct mxw_request request;
	char text[5000];
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	text[10] = '\n';
	notify_replace(&alert.domain, NULL);
	notify_replace(&alert.summary, text);
	notify_replace(&alert.finding_id, text);
	notify_render(journal, "{}", &alert, &request);
	assert_string_equal(mxw_request_header(&request, "MXWATCH_DOMAIN"), "");
	for (size_t i = 0; i < request.n_headers; i++) {
		assert_true(*request.headers[i].value);
		assert_true(strlen(request.headers[i].value) < 1200);
		assert_null(strchr(request.headers[i].value, '\n'));
	}
	mxw_request_done(&request);
	mxw_alert_done(&alert);
}

static void test_a_group(void **state)
{
	struct mxw_alert alert = notify_group_alert();
	struct mxw_request request;
	notify_render(journal, "{}", &alert, &request);
	assert_string_equal(mxw_request_header(&request, "MXWATCH_AFFECTED"), "214");
	mxw_request_done(&request);
	mxw_alert_done(&alert);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_group),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_every_kind_has_its_message_id),
		cmocka_unit_test(test_empty_fields_are_left_out_and_long_ones_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
