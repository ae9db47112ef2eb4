/* Webhooks: an HTTP POST an event, in our own format or Alertmanager's, signed by the sender (Standard Webhooks). */
#include <stdio.h>
#include <string.h>

#include "lib/notify/address.h"
#include "lib/notify/alertmanager.h"
#include "lib/notify/notify.h"
#include "lib/notify/render.h"
#include "lib/report/report.h"

enum { FORMAT_MXWATCH, FORMAT_ALERTMANAGER };
static const char *const formats[] = { "mxwatch", "alertmanager", NULL };

enum { MAX_HEADERS = 16, MAX_HEADER_NAME = 64, MAX_HEADER_VALUE = 1024 };

static const struct mxw_option options[] = {
	{ "url", MXW_OPTION_TEXT, .required = true, .min = 1, .max = 2048,
	  .doc = "Where events are posted: https, or http to a loopback address. Redirects are not followed, proxies "
		 "not used." },
	{ "format", MXW_OPTION_CHOICE, .fallback = "mxwatch", .choices = formats,
	  .doc = "The body: the mxwatch event, or the webhook of Prometheus Alertmanager (version 4)." },
	{ "secret_file", MXW_OPTION_TEXT, .min = 1, .max = 4096,
	  .doc = "Signs requests as Standard Webhooks has it. The file holds whsec_ and base64, or the secret as it "
		 "is (a final newline does not count). A relative name is looked up in $CREDENTIALS_DIRECTORY. The "
		 "file must not be readable by others; without it nothing is sent, the event waits." },
	{ "auth_file", MXW_OPTION_TEXT, .min = 1, .max = 4096,
	  .doc = "The file with the value of the Authorization header (\"Bearer ...\"); found as secret_file is." },
	{ "ca_file", MXW_OPTION_TEXT, .min = 1, .max = 4096,
	  .doc = "Certificates (PEM) that are trusted instead of the system's; found as secret_file is." },
	{ "headers", MXW_OPTION_MAP, .doc = "Further headers. Their values are no secrets: use auth_file for those." },
	{ "timeout", MXW_OPTION_DURATION, .fallback = "15s", .min = 1000, .max = 300 * 1000,
	  .doc = "For one try, from the connection to the end of the answer's header." },
	{ 0 },
};

static bool is_token(const char *text)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~"; /* RFC 9110 5.6.2 */
	return *text && strspn(text, allowed) == strlen(text);
}

static bool is_field_value(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7e)
			return false;
	return true;
}

/* Headers that are ours, that frame the message, or that would make the answer larger. */
static bool is_reserved(const char *name)
{
	static const char *const reserved[] = { "Host",
						"Content-Length",
						"Content-Type",
						"Content-Encoding",
						"Transfer-Encoding",
						"TE",
						"Trailer",
						"Connection",
						"Keep-Alive",
						"Upgrade",
						"Expect",
						"User-Agent",
						"Accept-Encoding",
						"Range" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(reserved); i++)
		if (strcasecmp(name, reserved[i]) == 0)
			return true;
	return strncasecmp(name, "webhook-", strlen("webhook-")) == 0 ||
	       strncasecmp(name, "mxwatch-", strlen("mxwatch-")) == 0;
}

static const char *header_problem(const char *name, const char *value)
{
	if (!is_token(name) || strlen(name) > MAX_HEADER_NAME)
		return "bad header name, expected an RFC 9110 token";
	if (strcasecmp(name, "Authorization") == 0)
		return "a secret in the configuration, expected auth_file";
	if (is_reserved(name))
		return "not a header to set, expected another one";
	if (!is_field_value(value) || strlen(value) > MAX_HEADER_VALUE)
		return "bad header value, expected printable ASCII of at most 1024 octets";
	return NULL;
}

static void check(const struct mxw_values *values, struct mxw_diags *diags)
{
	const char *url = mxw_values_get(values, "url")->text;
	const char *problem = url ? mxw_notify_url_problem(url) : NULL;
	if (problem)
		mxw_values_error(values, "url", diags, "%s", problem);
	const struct mxw_value *headers = mxw_values_get(values, "headers");
	if (headers->n > MAX_HEADERS)
		mxw_values_error(values, "headers", diags, "too many headers, expected at most %d", (int)MAX_HEADERS);
	for (size_t i = 0; i < headers->n; i++) {
		problem = header_problem(headers->keys[i], headers->texts[i]);
		if (problem)
			mxw_values_item_error(values, "headers", i, diags, "%s", problem);
	}
}

static int render(const struct mxw_alert *alert, const struct mxw_values *values, struct mxw_request *ret)
{
	struct mxw_renderer renderer;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf body = MXW_STRBUF_INIT;
	const struct mxw_value *headers = mxw_values_get(values, "headers");
	mxw_renderer_begin(&renderer, ret, MXW_TRANSPORT_HTTP, alert, mxw_values_get(values, "timeout")->number);
	mxw_renderer_option(&renderer, &ret->address, values, "url");
	mxw_renderer_text(&renderer, &ret->method, "POST");
	mxw_renderer_option(&renderer, &ret->secret_file, values, "secret_file");
	mxw_renderer_option(&renderer, &ret->auth_file, values, "auth_file");
	mxw_renderer_option(&renderer, &ret->ca_file, values, "ca_file");
	mxw_renderer_header(&renderer, "Content-Type", "application/json");
	mxw_renderer_header(&renderer, "User-Agent", "mxwatch/" MXW_VERSION);
	mxw_renderer_header(&renderer, "webhook-id", alert->id);
	for (size_t i = 0; i < headers->n; i++)
		mxw_renderer_header(&renderer, headers->keys[i], headers->texts[i]);
	if (!renderer.error && mxw_values_get(values, "format")->number == FORMAT_ALERTMANAGER)
		renderer.error = mxw_notify_alertmanager_json(alert, &body);
	else if (!renderer.error)
		renderer.error = mxw_report_event_json(alert, &body);
	mxw_renderer_body(&renderer, &body);
	return mxw_renderer_end(&renderer);
}

const struct mxw_notifier mxw_notifier_webhook = {
	.name = "webhook",
	.doc = "An HTTP POST for each event, signed as Standard Webhooks has it.",
	.options = options,
	.check = check,
	.render = render,
};
