/* See notify_fixture.h. */
#include "tests/unit/notify_fixture.h"

#include <stdlib.h>

#include "lib/schema/yaml.h"

void notify_options_read(struct notify_options *ret, const struct mxw_notifier *notifier, const char *yaml)
{
	*ret = (struct notify_options){ 0 };
	assert_int_equal(mxw_yaml_parse(&ret->document, yaml, strlen(yaml), "test.yaml", &ret->diags), 0);
	assert_non_null(ret->document);
	assert_int_equal(mxw_values_init(&ret->values, notifier->options), 0);
	assert_int_equal(mxw_values_read(&ret->values, mxw_document_root(ret->document), "notifiers[0].", &ret->diags),
			 0);
	if (notifier->check)
		notifier->check(&ret->values, &ret->diags);
}

void notify_options_done(struct notify_options *options)
{
	mxw_values_done(&options->values);
	mxw_document_free(options->document);
	mxw_diags_done(&options->diags);
}

const char *notify_first_error(const struct notify_options *options)
{
	return options->diags.n ? options->diags.items[0].text : "";
}

void notify_check_rows(const struct mxw_notifier *notifier, const struct notify_check_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct notify_options options;
		notify_options_read(&options, notifier, rows[i].yaml);
		const char *error = notify_first_error(&options);
		if (rows[i].part ? !strstr(error, rows[i].part) : *error != '\0')
			fail_msg("%s: told \"%s\", expected \"%s\"", rows[i].yaml, error,
				 rows[i].part ? rows[i].part : "");
		notify_options_done(&options);
	}
}

static char *copy(const char *text)
{
	char *made = strdup(text);
	assert_non_null(made);
	return made;
}

struct mxw_alert notify_alert(void)
{
	struct mxw_alert alert = {
		.id = copy("0a1b2c3d-0123456789abcdef-17"),
		.seq = 17,
		.kind = MXW_ALERT_PROBLEM,
		.time_wall_ms = 1795425165123, /* 2026-11-23T09:12:45.123Z */
		.instance = copy("watch.example.net"),
		.domain = copy("example.com"),
		.check = copy("mx"),
		.from = MXW_OK,
		.to = MXW_CRITICAL,
		.since_wall_ms = 1795425105000,
		.duration_ms = 60123,
		.summary = copy(
			"example.com mx CRITICAL (was OK): domain does not exist (mx-nxdomain), 2 of 3 resolvers"),
		.finding_id = copy("mx-nxdomain"),
		.findings_json = copy("[{\"id\":\"mx-nxdomain\",\"message\":\"The domain does not exist.\"},"
				      "{\"id\":\"mx-other\",\"message\":\"Another.\"}]"),
		.labels = calloc(1, sizeof(*alert.labels)),
		.n_labels = 1,
	};
	assert_non_null(alert.labels);
	alert.labels[0] = (struct mxw_label){ copy("team"), copy("mail") };
	return alert;
}

struct mxw_alert notify_group_alert(void)
{
	static const char *const domains[] = { "a.example", "b.example" };
	struct mxw_alert alert = notify_alert();
	notify_replace(&alert.domain, "mail.shared.example");
	notify_replace(&alert.check, "cause");
	assert_int_equal(mxw_alert_set_affects(&alert, "ops pager", 214, domains, MXW_ARRAY_SIZE(domains)), 0);
	return alert;
}

struct mxw_alert notify_change_alert(void)
{
	struct mxw_alert alert = notify_alert();
	alert.kind = MXW_ALERT_RECORD_CHANGE;
	alert.from = alert.to = MXW_CRITICAL;
	alert.since_wall_ms = alert.time_wall_ms;
	alert.duration_ms = 0;
	notify_replace(&alert.check, "consistency");
	notify_replace(&alert.finding_id, "cons-changed");
	notify_replace(&alert.summary, "example.com MX changed: 10 a.example.com -> 20 b.example.com");
	notify_replace(&alert.findings_json, "[{\"id\":\"cons-changed\",\"message\":\"MX of example.com changed\"}]");
	assert_int_equal(mxw_alert_set_change(&alert, "mx", MXW_INFO, "10 a.example.com", "20 b.example.com"), 0);
	return alert;
}

void notify_replace(char **text, const char *with)
{
	free(*text);
	*text = with ? copy(with) : NULL;
}

void notify_render(const struct mxw_notifier *notifier, const char *yaml, const struct mxw_alert *alert,
		   struct mxw_request *ret)
{
	struct notify_options options;
	notify_options_read(&options, notifier, yaml);
	assert_string_equal(notify_first_error(&options), "");
	assert_int_equal(notifier->render(alert, &options.values, ret), 0);
	notify_options_done(&options);
	/* Whatever a renderer makes must pass to the sender. */
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf bytes = MXW_STRBUF_INIT;
	struct mxw_request back;
	assert_int_equal(mxw_request_encode(ret, &bytes), 0);
	assert_int_equal(mxw_request_decode(&back, bytes.data, bytes.len), 0);
	mxw_request_done(&back);
}
