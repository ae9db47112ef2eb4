/* The webhook: options, headers, both bodies. */
#include "tests/unit/notify_fixture.h"

#include <errno.h>

#include <jansson.h>

#include "lib/report/report.h"

static const struct mxw_notifier *const webhook = &mxw_notifier_webhook;

static void test_registry(void **state)
{
	static const char *const names[] = { "syslog", "journal", "webhook", "exec" };
	assert_int_equal(mxw_n_notifiers, MXW_ARRAY_SIZE(names));
	for (size_t i = 0; i < MXW_ARRAY_SIZE(names); i++) {
		const struct mxw_notifier *notifier = mxw_notifier_find(names[i]);
		assert_non_null(notifier);
		assert_string_equal(notifier->name, names[i]);
		assert_true(*notifier->doc);
		for (const struct mxw_option *option = notifier->options; option->name; option++)
			assert_true(option->doc && *option->doc);
	}
	assert_null(mxw_notifier_find("pigeon"));
}

static void test_urls(void **state)
{
	static const struct notify_check_row rows[] = {
		{ "url: https://hooks.example.net/mx", NULL },
		{ "url: HTTPS://hooks.example.net:8443/a?b=c#d", NULL },
		{ "url: https://192.0.2.1", NULL },
		{ "url: 'https://[2001:db8::1]:443/'", NULL },
		{ "url: http://127.0.0.1:8080/", NULL },
		{ "url: http://127.8.9.1/", NULL },
		{ "url: 'http://[::1]/'", NULL },
		{ "url: http://LOCALHOST/", NULL },
		{ "format: mxwatch", "notifiers[0].url: missing" },
		{ "url: ''", "notifiers[0].url" },
		{ "url: hooks.example.net/mx", "expected https://" },
		{ "url: ftp://hooks.example.net/", "expected https://" },
		{ "url: file:///etc/passwd", "expected https://" },
		{ "url: http://hooks.example.net/", "expected https (http is for" },
		{ "url: http://192.0.2.1/", "expected https (http is for" },
		{ "url: http://localhost.example.net/", "expected https (http is for" },
		{ "url: http://127.0.0.1.example.net/", "expected https (http is for" },
		{ "url: http://0177.0.0.1/", "expected https (http is for" },
		{ "url: 'http://[::ffff:127.0.0.1]/'", "expected https (http is for" },
		{ "url: http://127.0.0.1@example.net/", "user information" },
		{ "url: https://user:secret@example.net/", "user information" },
		{ "url: https://example.net:0/", "bad port" },
		{ "url: https://example.net:65536/", "bad port" },
		{ "url: 'https://example.net:/'", "bad port" },
		{ "url: 'https://example.net:80x/'", "bad port" },
		{ "url: 'https://'", "bad host" },
		{ "url: https:///path", "bad host" },
		{ "url: 'https://[::1'", "bad host" },
		{ "url: 'https://[fe80::1%25eth0]/'", "bad host" },
		{ "url: https://exa%6dple.net/", "bad host" },
		{ "url: 'https://example.net/a b'", "bad character" },
		{ "url: \"https://example.net/\\n\"", "bad character" },
		{ "url: 'https://example.net\\@evil.example/'", "bad character" },
		{ "url: https://ex\xc3\xa4mple.net/", "bad character" },
	};
	notify_check_rows(webhook, rows, MXW_ARRAY_SIZE(rows));
}

static void test_a_bad_url_is_not_printed(void **state)
{
	struct notify_options options;
	notify_options_read(&options, webhook, "url: http://hooks.example.net/T0PSECRET");
	assert_null(strstr(notify_first_error(&options), "T0PSECRET"));
	assert_int_equal(options.diags.items[0].line, 1);
	assert_int_equal(options.diags.items[0].column, 6);
	notify_options_done(&options);
}

#define URL "url: https://a.example/\n"

static void test_other_options(void **state)
{
	static const struct notify_check_row rows[] = {
		{ URL "headers: { X-Team: mail, Accept: '*/*' }", NULL },
		{ URL "headers: { X-Empty: '' }", NULL },
		{ URL "headers: { host: evil }", "not a header to set" },
		{ URL "headers: { Content-Length: '5' }", "not a header to set" },
		{ URL "headers: { transfer-encoding: chunked }", "not a header to set" },
		{ URL "headers: { Accept-Encoding: gzip }", "not a header to set" },
		{ URL "headers: { Webhook-Signature: x }", "not a header to set" },
		{ URL "headers: { webhook-id: x }", "not a header to set" },
		{ URL "headers: { Authorization: Bearer x }", "expected auth_file" },
		{ URL "headers: { 'X Y': z }", "bad header name" },
		{ URL "headers: { 'X:Y': z }", "bad header name" },
		{ URL "headers: { \"X\\r\\nY\": z }", "bad header name" },
		{ URL "headers: { X: \"a\\r\\nY: z\" }", "bad header value" },
		{ URL "headers: { X: \"\xc3\xa4\" }", "bad header value" },
		{ URL "headers: { X1: a, X2: a, X3: a, X4: a, X5: a, X6: a, X7: a, X8: a, X9: a, X10: a, X11: a, X12: "
		      "a, X13: a, "
		      "X14: a, X15: a, X16: a, X17: a }",
		  "at most 16" },
		{ URL "timeout: 0s", "timeout" },
		{ URL "timeout: 1h", "timeout" },
		{ URL "format: nagios", "format" },
		{ URL "secret: abc", "unknown key" },
	};
	notify_check_rows(webhook, rows, MXW_ARRAY_SIZE(rows));
}

static void test_request(void **state)
{
	struct mxw_alert alert = notify_alert();
	struct mxw_request request;
	notify_render(webhook,
		      URL
		      "secret_file: key\nauth_file: /etc/auth\nca_file: ca.pem\ntimeout: 3s\nheaders: { X-Team: mail }",
		      &alert, &request);
	assert_int_equal(request.transport, MXW_TRANSPORT_HTTP);
	assert_string_equal(request.address, "https://a.example/");
	assert_string_equal(request.method, "POST");
	assert_string_equal(request.id, alert.id);
	assert_string_equal(request.secret_file, "key");
	assert_string_equal(request.auth_file, "/etc/auth");
	assert_string_equal(request.ca_file, "ca.pem");
	assert_int_equal(request.timeout_ms, 3000);
	assert_string_equal(mxw_request_header(&request, "Content-Type"), "application/json");
	assert_string_equal(mxw_request_header(&request, "User-Agent"), "mxwatch/" MXW_VERSION);
	assert_string_equal(mxw_request_header(&request, "webhook-id"), alert.id);
	assert_string_equal(mxw_request_header(&request, "X-Team"), "mail");
	assert_string_equal(mxw_request_header(&request, "webhook-signature"), ""); /* the sender's work */
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf event = MXW_STRBUF_INIT;
	assert_int_equal(mxw_report_event_json(&alert, &event), 0);
	assert_int_equal(request.n_body, event.len);
	assert_memory_equal(request.body, event.data, event.len);
	mxw_request_done(&request);
	notify_render(webhook, URL, &alert, &request);
	assert_string_equal(request.secret_file, "");
	assert_int_equal(request.timeout_ms, 15000);
	mxw_request_done(&request);
	mxw_alert_done(&alert);
}

static void test_bad_findings_are_fatal(void **state)
{
	struct mxw_alert alert = notify_alert();
	struct notify_options options;
	struct mxw_request request;
	notify_replace(&alert.findings_json, "{}");
	for (int i = 0; i < 2; i++) {
		notify_options_read(&options, webhook, i ? URL : URL "format: alertmanager");
		assert_int_equal(webhook->render(&alert, &options.values, &request), -EBADMSG);
		assert_null(request.id);
		notify_options_done(&options);
	}
	mxw_alert_done(&alert);
}

static json_t *render_alertmanager(const struct mxw_alert *alert)
{
	struct mxw_request request;
	notify_render(webhook, URL "format: alertmanager", alert, &request);
	json_t *body = json_loadb(request.body, request.n_body, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(body);
	mxw_request_done(&request);
	return body;
}

static const char *text_at(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "(none)";
}

static void test_alertmanager_firing(void **state)
{
	struct mxw_alert alert = notify_alert();
	json_t *body = render_alertmanager(&alert);
	assert_string_equal(text_at(body, "version"), "4");
	assert_string_equal(text_at(body, "status"), "firing");
	assert_string_equal(text_at(body, "receiver"), "mxwatch");
	assert_string_equal(text_at(body, "groupKey"), "{}:{check=\"mx\", domain=\"example.com\"}");
	assert_string_equal(text_at(json_object_get(body, "groupLabels"), "domain"), "example.com");
	const json_t *list = json_object_get(body, "alerts"), *one = json_array_get(list, 0),
		     *labels = json_object_get(one, "labels");
	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(text_at(one, "status"), "firing");
	assert_string_equal(text_at(one, "startsAt"), "2026-11-23T09:11:45.000Z");
	assert_string_equal(text_at(one, "endsAt"), "0001-01-01T00:00:00Z");
	assert_int_equal(strlen(text_at(one, "fingerprint")), 16);
	assert_string_equal(text_at(one, "generatorURL"), "");
	assert_string_equal(text_at(labels, "alertname"), "mx-nxdomain");
	assert_string_equal(text_at(labels, "severity"), "critical");
	assert_string_equal(text_at(labels, "domain"), "example.com");
	assert_string_equal(text_at(labels, "check"), "mx");
	assert_string_equal(text_at(labels, "instance"), "watch.example.net");
	assert_string_equal(text_at(labels, "team"), "mail");
	assert_true(json_equal(json_object_get(body, "commonLabels"), labels));
	const json_t *annotations = json_object_get(one, "annotations");
	assert_string_equal(text_at(annotations, "summary"), alert.summary);
	assert_string_equal(text_at(annotations, "description"),
			    "The domain does not exist. (mx-nxdomain)\nAnother. (mx-other)");
	json_decref(body);
	mxw_alert_done(&alert);
}

/* Two resolvers in the same trouble are two alerts: what they are about is all that tells them apart. */
static void test_alertmanager_two_resolvers(void **state)
{
	static const char *const findings[] = {
		"[{\"id\":\"mon-resolver-down\",\"subject\":\"r1\",\"message\":\"It is down.\"}]",
		"[{\"id\":\"mon-resolver-down\",\"subject\":\"r2\",\"message\":\"It is down.\"}]",
	};
	struct mxw_alert alert = notify_alert();
	json_t *bodies[2];
	alert.kind = MXW_ALERT_MONITOR;
	notify_replace(&alert.domain, NULL);
	notify_replace(&alert.check, NULL);
	for (size_t i = 0; i < 2; i++) {
		notify_replace(&alert.findings_json, findings[i]);
		bodies[i] = render_alertmanager(&alert);
	}
	const json_t *first = json_array_get(json_object_get(bodies[0], "alerts"), 0),
		     *second = json_array_get(json_object_get(bodies[1], "alerts"), 0);
	assert_string_equal(text_at(json_object_get(first, "labels"), "subject"), "r1");
	assert_string_equal(text_at(json_object_get(bodies[0], "groupLabels"), "subject"), "r1");
	assert_string_equal(text_at(bodies[0], "groupKey"), "{}:{subject=\"r1\"}");
	assert_string_not_equal(text_at(first, "fingerprint"), text_at(second, "fingerprint"));
	json_decref(bodies[0]);
	json_decref(bodies[1]);
	mxw_alert_done(&alert);
}

static void test_alertmanager_resolved(void **state)
{
	struct mxw_alert alert = notify_alert();
	json_t *firing = render_alertmanager(&alert);
	alert.kind = MXW_ALERT_RECOVERY;
	alert.from = MXW_CRITICAL;
	alert.to = MXW_OK;
	json_t *resolved = render_alertmanager(&alert);
	const json_t *before = json_array_get(json_object_get(firing, "alerts"), 0);
	const json_t *after = json_array_get(json_object_get(resolved, "alerts"), 0);
	assert_string_equal(text_at(resolved, "status"), "resolved");
	assert_string_equal(text_at(after, "status"), "resolved");
	assert_string_equal(text_at(after, "endsAt"), "2026-11-23T09:12:45.123Z");
	/* What opened it must find it again. */
	assert_true(json_equal(json_object_get(before, "labels"), json_object_get(after, "labels")));
	assert_string_equal(text_at(before, "fingerprint"), text_at(after, "fingerprint"));
	assert_string_equal(text_at(firing, "groupKey"), text_at(resolved, "groupKey"));
	json_decref(firing);
	json_decref(resolved);
	alert.to = MXW_UNKNOWN; /* the domain was removed */
	resolved = render_alertmanager(&alert);
	assert_string_equal(text_at(resolved, "status"), "resolved");
	json_decref(resolved);
	mxw_alert_done(&alert);
}

static void test_alertmanager_monitor(void **state)
{
	struct mxw_alert alert = notify_alert();
	alert.kind = MXW_ALERT_MONITOR;
	alert.to = MXW_WARNING;
	notify_replace(&alert.domain, NULL);
	notify_replace(&alert.check, NULL);
	notify_replace(&alert.finding_id, "");
	json_t *body = render_alertmanager(&alert);
	const json_t *labels = json_object_get(json_array_get(json_object_get(body, "alerts"), 0), "labels");
	assert_string_equal(text_at(body, "status"), "firing");
	assert_string_equal(text_at(labels, "alertname"), "mxwatch-warning");
	assert_null(json_object_get(labels, "domain"));
	json_decref(body);
	mxw_alert_done(&alert);
}

static void test_user_labels_do_not_replace_ours(void **state)
{
	struct mxw_alert alert = notify_alert();
	notify_replace(&alert.labels[0].name, "severity");
	json_t *body = render_alertmanager(&alert);
	assert_string_equal(text_at(json_object_get(body, "commonLabels"), "severity"), "critical");
	json_decref(body);
	mxw_alert_done(&alert);
}

static void test_a_group(void **state)
{
	struct mxw_alert alert = notify_group_alert();
	struct mxw_request request;
	notify_render(webhook, URL, &alert, &request);
	json_t *body = json_loadb(request.body, request.n_body, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(body);
	const json_t *affects = json_object_get(body, "affects"), *domains = json_object_get(affects, "domains");
	assert_int_equal(json_integer_value(json_object_get(affects, "count")), 214);
	assert_int_equal(json_array_size(domains), 2);
	assert_string_equal(json_string_value(json_array_get(domains, 1)), "b.example");
	assert_string_equal(text_at(body, "domain"), "mail.shared.example");
	assert_string_equal(text_at(body, "check"), "cause");
	json_decref(body);
	mxw_request_done(&request);
	mxw_alert_done(&alert);
}

/* The same cause along another route is another alert: one must not resolve the other. */
static void test_alertmanager_groups(void **state)
{
	static const char *const routes[] = { "ops pager", "customer" };
	struct mxw_alert alert = notify_group_alert();
	json_t *bodies[2];
	for (size_t i = 0; i < 2; i++) {
		notify_replace(&alert.affects->route, routes[i]);
		bodies[i] = render_alertmanager(&alert);
		const json_t *one = json_array_get(json_object_get(bodies[i], "alerts"), 0);
		assert_string_equal(text_at(json_object_get(one, "labels"), "route"), routes[i]);
		assert_non_null(strstr(text_at(json_object_get(one, "annotations"), "description"),
				       "affects 214 domains: a.example b.example ..."));
	}
	assert_string_equal(text_at(bodies[0], "groupKey"),
			    "{}:{check=\"cause\", domain=\"mail.shared.example\", route=\"ops pager\"}");
	for (size_t i = 0; i < 2; i++) {
		const json_t *one = json_array_get(json_object_get(bodies[i], "alerts"), 0);
		const json_t *other = json_array_get(json_object_get(bodies[1 - i], "alerts"), 0);
		assert_string_not_equal(text_at(one, "fingerprint"), text_at(other, "fingerprint"));
	}
	json_decref(bodies[0]);
	json_decref(bodies[1]);
	mxw_alert_done(&alert);
}

/* Over when it is told, in its own group: it opens nothing, and ends nothing that the key has open. */
static void test_alertmanager_record_change(void **state)
{
	struct mxw_alert alert = notify_change_alert(), problem = notify_change_alert(), spf = notify_change_alert();
	problem.kind = MXW_ALERT_PROBLEM;
	assert_int_equal(mxw_alert_set_change(&spf, "spf", MXW_INFO, "a", "b"), 0);
	json_t *body = render_alertmanager(&alert);
	const json_t *one = json_array_get(json_object_get(body, "alerts"), 0),
		     *labels = json_object_get(one, "labels");
	assert_string_equal(text_at(body, "status"), "resolved");
	assert_string_equal(text_at(one, "status"), "resolved");
	assert_string_equal(text_at(one, "startsAt"), "2026-11-23T09:12:45.123Z");
	assert_string_equal(text_at(one, "endsAt"), "2026-11-23T09:12:45.123Z");
	assert_string_equal(text_at(labels, "alertname"), "cons-changed");
	assert_string_equal(text_at(labels, "severity"), "info");
	assert_string_equal(text_at(labels, "changed"), "mx");
	assert_string_equal(text_at(json_object_get(body, "groupLabels"), "changed"), "mx");
	free(problem.change->old);
	free(problem.change->new);
	free(problem.change);
	problem.change = NULL;
	json_t *others[] = { render_alertmanager(&problem), render_alertmanager(&spf) };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(others); i++) {
		const json_t *other = json_array_get(json_object_get(others[i], "alerts"), 0);
		assert_string_not_equal(text_at(body, "groupKey"), text_at(others[i], "groupKey"));
		assert_string_not_equal(text_at(one, "fingerprint"), text_at(other, "fingerprint"));
		json_decref(others[i]);
	}
	json_decref(body);
	mxw_alert_done(&alert);
	mxw_alert_done(&problem);
	mxw_alert_done(&spf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_group),
		cmocka_unit_test(test_alertmanager_groups),
		cmocka_unit_test(test_alertmanager_record_change),
		cmocka_unit_test(test_registry),
		cmocka_unit_test(test_urls),
		cmocka_unit_test(test_a_bad_url_is_not_printed),
		cmocka_unit_test(test_other_options),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_bad_findings_are_fatal),
		cmocka_unit_test(test_alertmanager_firing),
		cmocka_unit_test(test_alertmanager_two_resolvers),
		cmocka_unit_test(test_alertmanager_resolved),
		cmocka_unit_test(test_alertmanager_monitor),
		cmocka_unit_test(test_user_labels_do_not_replace_ours),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
