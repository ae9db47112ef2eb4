/* Syslog: options, priorities, the line and the structured data, and what strangers' text may not do to them. */
#include "tests/unit/notify_fixture.h"

#include <stdio.h>

static const struct mxw_notifier *const syslog = &mxw_notifier_syslog;

static void test_options(void **state)
{
	static const struct notify_check_row rows[] = {
		{ "{}", NULL },
		{ "facility: local7", NULL },
		{ "socket: /run/log", NULL },
		{ "server: udp:192.0.2.1", NULL },
		{ "server: 'udp:[2001:db8::1]:5514'", NULL },
		{ "server: tcp:log.example.net:601", NULL },
		{ "facility: cats", "facility" },
		{ "socket: log", "expected an absolute one" },
		{ "{ socket: /dev/log, server: udp:192.0.2.1 }", "expected one of them" },
		{ "server: 192.0.2.1", "expected udp:HOST[:PORT]" },
		{ "server: tls:log.example.net", "expected udp:HOST[:PORT]" },
		{ "server: 'udp:'", "bad host" },
		{ "server: udp:2001:db8::1", "bad port" },
		{ "server: 'udp:[192.0.2.1]'", "bad host" },
		{ "server: 'udp:a b'", "bad host" },
		{ "server: udp:a:99999", "bad port" },
	};
	notify_check_rows(syslog, rows, MXW_ARRAY_SIZE(rows));
}

static void test_addresses(void **state)
{
	static const struct {
		const char *yaml, *address;
	} rows[] = {
		{ "{}", "unix:/dev/log" },
		{ "socket: /tmp/x", "unix:/tmp/x" },
		{ "server: udp:192.0.2.1", "udp:192.0.2.1:514" },
		{ "server: tcp:log.example.net:601", "tcp:log.example.net:601" },
		{ "server: 'udp:[2001:db8::1]'", "udp:[2001:db8::1]:514" },
	};
	struct mxw_alert alert = notify_alert();
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_request request;
		notify_render(syslog, rows[i].yaml, &alert, &request);
		assert_int_equal(request.transport, MXW_TRANSPORT_SYSLOG);
		assert_string_equal(request.address, rows[i].address);
		mxw_request_done(&request);
	}
	mxw_alert_done(&alert);
}

static void test_parts(void **state)
{
	struct mxw_alert alert = notify_alert();
	struct mxw_request request;
	notify_render(syslog, "{}", &alert, &request);
	assert_string_equal(request.body,
			    "example.com mx CRITICAL (was OK): domain does not exist (mx-nxdomain), 2 of 3 resolvers; "
			    "id=0a1b2c3d-0123456789abcdef-17");
	assert_int_equal(request.n_body, strlen(request.body));
	assert_string_equal(mxw_request_header(&request, "app"), "mxwatch");
	assert_string_equal(mxw_request_header(&request, "host"), "watch.example.net");
	assert_string_equal(mxw_request_header(&request, "msgid"), "problem");
	assert_string_equal(
		mxw_request_header(&request, "sd"),
		"[mxwatch@32473 id=\"0a1b2c3d-0123456789abcdef-17\" kind=\"problem\" time=\"2026-11-23T09:12:45.123Z\" "
		"domain=\"example.com\" check=\"mx\" from=\"ok\" to=\"critical\" finding=\"mx-nxdomain\"]");
	mxw_request_done(&request);
	mxw_alert_done(&alert);
}

static void test_priorities(void **state)
{
	static const struct {
		const char *facility;
		enum mxw_alert_kind kind;
		enum mxw_severity to;
		const char *pri;
	} rows[] = {
		{ "daemon", MXW_ALERT_PROBLEM, MXW_CRITICAL, "26" },
		{ "daemon", MXW_ALERT_PROBLEM, MXW_WARNING, "28" },
		{ "daemon", MXW_ALERT_RECOVERY, MXW_OK, "29" },
		{ "daemon", MXW_ALERT_RECOVERY, MXW_UNKNOWN, "29" },
		{ "daemon", MXW_ALERT_REMINDER, MXW_CRITICAL, "26" },
		{ "daemon", MXW_ALERT_CHANGE, MXW_WARNING, "28" },
		{ "daemon", MXW_ALERT_MONITOR, MXW_WARNING, "28" },
		{ "daemon", MXW_ALERT_MONITOR, MXW_OK, "29" },
		{ "kern", MXW_ALERT_PROBLEM, MXW_CRITICAL, "2" },
		{ "mail", MXW_ALERT_PROBLEM, MXW_CRITICAL, "18" },
		{ "ftp", MXW_ALERT_PROBLEM, MXW_CRITICAL, "90" },
		{ "local0", MXW_ALERT_PROBLEM, MXW_CRITICAL, "130" },
		{ "local7", MXW_ALERT_PROBLEM, MXW_CRITICAL, "186" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_alert alert = notify_alert();
		struct mxw_request request;
		char yaml[64];
		snprintf(yaml, sizeof(yaml), "facility: %s", rows[i].facility);
		alert.kind = rows[i].kind;
		alert.to = rows[i].to;
		notify_render(syslog, yaml, &alert, &request);
		assert_string_equal(mxw_request_header(&request, "pri"), rows[i].pri);
		mxw_request_done(&request);
		mxw_alert_done(&alert);
	}
}

/* A change is a notice whatever the state of its key is, unless somebody has given it a severity. */
static void test_priority_of_a_change(void **state)
{
	static const struct {
		enum mxw_severity severity;
		const char *pri;
	} rows[] = { { MXW_INFO, "29" }, { MXW_WARNING, "28" }, { MXW_CRITICAL, "26" } };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_alert alert = notify_change_alert();
		struct mxw_request request;
		alert.change->severity = rows[i].severity;
		notify_render(syslog, "{}", &alert, &request);
		assert_string_equal(mxw_request_header(&request, "pri"), rows[i].pri);
		assert_string_equal(mxw_request_header(&request, "msgid"), "record-change");
		mxw_request_done(&request);
		mxw_alert_done(&alert);
	}
}

/* Every octet in every field that a stranger may have written (faults.md I6). */
static void test_one_line_whatever_comes(void **state)
{
	for (int octet = 1; octet < 256; octet++) {
		struct mxw_alert alert = notify_alert();
		struct mxw_request request;
		char text[16];
		snprintf(text, sizeof(text), "a%cb\"]\\", octet);
		notify_replace(&alert.summary, text);
		notify_replace(&alert.finding_id, text);
		notify_replace(&alert.domain, text);
		notify_render(syslog, "{}", &alert, &request);
		for (size_t i = 0; i < request.n_body; i++)
			assert_true(request.body[i] >= 0x20 && request.body[i] <= 0x7e);
		const char *sd = mxw_request_header(&request, "sd");
		unsigned quotes = 0;
		for (const char *c = sd; *c; c++) {
			assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
			if (*c == '\\') {
				c++;
				assert_true(*c == '"' || *c == '\\' || *c == ']');
			} else if (*c == '"') {
				quotes++;
			} else if (*c == ']') {
				assert_int_equal(c[1], '\0'); /* the end, and nowhere else */
			}
		}
		assert_int_equal(quotes, 16); /* eight parameters */
		mxw_request_done(&request);
		mxw_alert_done(&alert);
	}
}

static void test_a_monitor_alert(void **state)
{
	struct mxw_alert alert = notify_alert();
	struct mxw_request request;
	alert.kind = MXW_ALERT_MONITOR;
	notify_replace(&alert.domain, NULL);
	notify_replace(&alert.check, NULL);
	notify_replace(&alert.finding_id, "");
	notify_render(syslog, "{}", &alert, &request);
	assert_null(strstr(mxw_request_header(&request, "sd"), "domain="));
	assert_string_equal(mxw_request_header(&request, "msgid"), "monitor");
	mxw_request_done(&request);
	mxw_alert_done(&alert);
}

static void test_a_group(void **state)
{
	struct mxw_alert alert = notify_group_alert();
	struct mxw_request request;
	notify_render(syslog, "{}", &alert, &request);
	assert_non_null(strstr(mxw_request_header(&request, "sd"), " affected=\"214\"]"));
	mxw_request_done(&request);
	mxw_alert_done(&alert);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_group),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_priorities),
		cmocka_unit_test(test_priority_of_a_change),
		cmocka_unit_test(test_one_line_whatever_comes),
		cmocka_unit_test(test_a_monitor_alert),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
