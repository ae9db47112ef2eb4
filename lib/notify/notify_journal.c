/* The systemd journal: one entry an event with fields to search by (systemd.journal-fields(7)), in the journal's native
 * protocol. `journalctl MXWATCH_DOMAIN=example.com` or `journalctl MESSAGE_ID=...` finds them. */
#include <string.h>

#include "lib/base/escape.h"
#include "lib/notify/notify.h"
#include "lib/notify/render.h"

enum { TIMEOUT_MS = 10 * 1000 };

static const struct mxw_option options[] = {
	{ "socket", MXW_OPTION_TEXT, .fallback = "/run/systemd/journal/socket", .min = 1, .max = 107,
	  .doc = "The journal's socket. Fields: MESSAGE, PRIORITY, MESSAGE_ID (one for each kind of event), "
		 "SYSLOG_IDENTIFIER=mxwatch, MXWATCH_ID, MXWATCH_KIND, MXWATCH_DOMAIN, MXWATCH_CHECK, MXWATCH_FROM, "
		 "MXWATCH_TO, MXWATCH_FINDING; of a cause that several domains share also MXWATCH_AFFECTED." },
	{ 0 },
};

/* Made once at random and never changed: what a catalogue or an alert rule refers to. */
static const char *const message_ids[] = {
	[MXW_ALERT_PROBLEM] = "b4518588367948ccab2eb43d1c308eac",
	[MXW_ALERT_CHANGE] = "145226e1e9d0492a8f2057e43312cbf4",
	[MXW_ALERT_RECOVERY] = "0cbcae22b04a4cc39d5ac764c0deef2f",
	[MXW_ALERT_REMINDER] = "9f71081b45624c6187f94a5023db53a7",
	[MXW_ALERT_FLAPPING] = "43f63c55afab4831b3e2dab89dac9d28",
	[MXW_ALERT_RECORD_CHANGE] = "f754f6d6dad7474ca06c3771eba4c73c",
	[MXW_ALERT_MONITOR] = "9d2e27896f7e462192d63d4a636ec6eb",
	[MXW_ALERT_TEST] = "0ae266035f5d4280b7636397a9d459ee",
};

static void check(const struct mxw_values *values, struct mxw_diags *diags)
{
	const char *socket = mxw_values_get(values, "socket")->text;
	if (socket && *socket != '/')
		mxw_values_error(values, "socket", diags, "bad path, expected an absolute one");
}

static void add_field(struct mxw_renderer *renderer, const char *name, const char *value)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf safe = MXW_STRBUF_INIT;
	if (!value || !*value)
		return;
	mxw_escape_line(&safe, value, strlen(value), MXW_MAX_FIELD);
	mxw_renderer_built_header(renderer, name, &safe);
}

static int render(const struct mxw_alert *alert, const struct mxw_values *values, struct mxw_request *ret)
{
	struct mxw_renderer renderer;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf line = MXW_STRBUF_INIT;
	mxw_notify_line(alert, &line);

	mxw_renderer_begin(&renderer, ret, MXW_TRANSPORT_JOURNAL, alert, TIMEOUT_MS);
	mxw_renderer_option(&renderer, &ret->address, values, "socket");
	mxw_renderer_built_header(&renderer, "MESSAGE", &line);
	mxw_renderer_number(&renderer, "PRIORITY", mxw_notify_priority(alert));
	mxw_renderer_header(&renderer, "MESSAGE_ID", message_ids[alert->kind]);
	mxw_renderer_header(&renderer, "SYSLOG_IDENTIFIER", "mxwatch");
	add_field(&renderer, "MXWATCH_ID", alert->id);
	add_field(&renderer, "MXWATCH_KIND", mxw_alert_kind_name(alert->kind));
	add_field(&renderer, "MXWATCH_DOMAIN", alert->domain);
	add_field(&renderer, "MXWATCH_CHECK", alert->check);
	add_field(&renderer, "MXWATCH_FROM", mxw_severity_name(alert->from));
	add_field(&renderer, "MXWATCH_TO", mxw_severity_name(alert->to));
	add_field(&renderer, "MXWATCH_FINDING", alert->finding_id);
	if (alert->affects)
		mxw_renderer_number(&renderer, "MXWATCH_AFFECTED", (int64_t)alert->affects->n);
	return mxw_renderer_end(&renderer);
}

const struct mxw_notifier mxw_notifier_journal = {
	.name = "journal",
	.doc = "One entry an event in the systemd journal, with MXWATCH_* fields and a MESSAGE_ID.",
	.options = options,
	.check = check,
	.render = render,
};
