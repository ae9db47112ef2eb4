/* Syslog: one line an event, to the local socket or to a server (RFC 5424 with structured data over UDP, RFC 5426,
 * or TCP with octet counting, RFC 6587).
 *
 * The parts of the line are headers here; the sender puts them together when it sends, so that the line carries the
 * time of sending. Structured data use the enterprise number that RFC 5612 reserves for documentation: mxwatch has
 * none. */
#include <string.h>

#include "lib/base/escape.h"
#include "lib/base/wallclock.h"
#include "lib/notify/address.h"
#include "lib/notify/notify.h"
#include "lib/notify/render.h"

enum { TIMEOUT_MS = 10 * 1000 };

/* In the order of their codes (RFC 5424 6.2.1); 12 to 15 have no name that all systems share. */
static const char *const facilities[] = { "kern",   "user",   "mail",   "daemon",   "auth",   "syslog", "lpr",
					  "news",   "uucp",   "cron",   "authpriv", "ftp",    "local0", "local1",
					  "local2", "local3", "local4", "local5",   "local6", "local7", NULL };
enum { N_LOW_FACILITIES = 12, LOCAL0 = 16 };

static const struct mxw_option options[] = {
	{ "socket", MXW_OPTION_TEXT, .fallback = "/dev/log", .min = 1, .max = 107,
	  .doc = "The local socket; lines have the traditional form that its readers expect." },
	{ "server", MXW_OPTION_TEXT, .min = 1, .max = 300,
	  .doc = "udp:HOST[:PORT] or tcp:HOST[:PORT] instead of the local socket; RFC 5424 with structured data. The "
		 "port is 514 if there is none. A datagram that was sent counts as delivered; over TCP the other "
		 "side's kernel must have acknowledged the line." },
	{ "facility", MXW_OPTION_CHOICE, .fallback = "daemon", .choices = facilities, .doc = "The syslog facility." },
	{ 0 },
};

static void check(const struct mxw_values *values, struct mxw_diags *diags)
{
	const struct mxw_value *socket = mxw_values_get(values, "socket"), *server = mxw_values_get(values, "server");
	const char *problem = server->text ? mxw_notify_server_problem(server->text, NULL) : NULL;
	if (problem)
		mxw_values_error(values, "server", diags, "%s", problem);
	if (socket->is_given && server->is_given)
		mxw_values_error(values, "server", diags, "given beside socket, expected one of them");
	if (socket->text && *socket->text != '/')
		mxw_values_error(values, "socket", diags, "bad path, expected an absolute one");
}

static void add_param(struct mxw_strbuf *ret, const char *name, const char *value)
{
	if (!*value)
		return;
	mxw_strbuf_addf(ret, " %s=\"", name);
	mxw_escape_sd_value(ret, value, MXW_MIN(strlen(value), (size_t)MXW_MAX_FIELD));
	mxw_strbuf_addc(ret, '"');
}

static void add_structured_data(struct mxw_renderer *renderer, const struct mxw_alert *alert)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf sd = MXW_STRBUF_INIT;
	char time[MXW_RFC3339_MAX];
	mxw_wallclock_rfc3339(alert->time_wall_ms, time);
	mxw_strbuf_adds(&sd, "[mxwatch@32473");
	add_param(&sd, "id", alert->id);
	add_param(&sd, "kind", mxw_alert_kind_name(alert->kind));
	add_param(&sd, "time", time);
	add_param(&sd, "domain", mxw_notify_domain(alert));
	add_param(&sd, "check", mxw_notify_check(alert));
	add_param(&sd, "from", mxw_severity_name(alert->from));
	add_param(&sd, "to", mxw_severity_name(alert->to));
	add_param(&sd, "finding", alert->finding_id ? alert->finding_id : "");
	if (alert->affects)
		mxw_strbuf_addf(&sd, " affected=\"%zu\"", alert->affects->n);
	mxw_strbuf_addc(&sd, ']');
	mxw_renderer_built_header(renderer, "sd", &sd);
}

static int render(const struct mxw_alert *alert, const struct mxw_values *values, struct mxw_request *ret)
{
	struct mxw_renderer renderer;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf address = MXW_STRBUF_INIT;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf line = MXW_STRBUF_INIT;
	const char *server = mxw_values_get(values, "server")->text;
	int64_t facility = mxw_values_get(values, "facility")->number;
	if (facility >= N_LOW_FACILITIES)
		facility += LOCAL0 - N_LOW_FACILITIES;
	if (server)
		mxw_notify_server_problem(server, &address);
	else
		mxw_strbuf_addf(&address, "unix:%s", mxw_values_get(values, "socket")->text);
	mxw_notify_line(alert, &line);

	mxw_renderer_begin(&renderer, ret, MXW_TRANSPORT_SYSLOG, alert, TIMEOUT_MS);
	mxw_renderer_built(&renderer, &ret->address, &address);
	mxw_renderer_number(&renderer, "pri", facility * 8 + mxw_notify_priority(alert));
	mxw_renderer_header(&renderer, "app", "mxwatch");
	mxw_renderer_header(&renderer, "host", alert->instance);
	mxw_renderer_header(&renderer, "msgid", mxw_alert_kind_name(alert->kind));
	add_structured_data(&renderer, alert);
	mxw_renderer_body(&renderer, &line);
	return mxw_renderer_end(&renderer);
}

const struct mxw_notifier mxw_notifier_syslog = {
	.name = "syslog",
	.doc = "One line an event, to the local syslog socket or to a syslog server over UDP or TCP.",
	.options = options,
	.check = check,
	.render = render,
};
