/* A program run for each event: the event as JSON on its standard input, the main words of it in the environment. */
#include <string.h>

#include "lib/base/wallclock.h"
#include "lib/notify/notify.h"
#include "lib/notify/render.h"
#include "lib/report/report.h"

static const struct mxw_option options[] = {
	{ "command", MXW_OPTION_TEXTS, .min = 1, .max = 4096, .required = true,
	  .doc = "The program (an absolute path) and its arguments; no shell is used. It reads the event as JSON on "
		 "its standard input; MXWATCH_ID, MXWATCH_KIND, MXWATCH_DOMAIN, MXWATCH_CHECK, MXWATCH_STATE, "
		 "MXWATCH_FROM, MXWATCH_FINDING, MXWATCH_SUMMARY, MXWATCH_TIME and MXWATCH_INSTANCE are in its "
		 "environment; of a cause also MXWATCH_AFFECTED. Exit status 0 "
		 "means delivered; 126, 127 and a program that cannot be started are parked and tried hourly; any "
		 "other status, a signal or a timeout is tried again soon. The same event may come again with the same "
		 "id." },
	{ "timeout", MXW_OPTION_DURATION, .fallback = "30s", .min = 1000, .max = 300 * 1000,
	  .doc = "After this long the program and its process group are killed." },
	{ 0 },
};

static void check(const struct mxw_values *values, struct mxw_diags *diags)
{
	const struct mxw_value *command = mxw_values_get(values, "command");
	if (!command->is_set)
		return;
	if (!command->n)
		mxw_values_error(values, "command", diags, "empty list, expected a program and its arguments");
	else if (command->texts[0][0] != '/')
		mxw_values_item_error(values, "command", 0, diags, "bad program, expected an absolute path");
	if (command->n > MXW_REQUEST_MAX_ARGS)
		mxw_values_error(values, "command", diags, "too many arguments, expected at most %d",
				 (int)MXW_REQUEST_MAX_ARGS);
}

static int render(const struct mxw_alert *alert, const struct mxw_values *values, struct mxw_request *ret)
{
	struct mxw_renderer renderer;
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf event = MXW_STRBUF_INIT;
	const struct mxw_value *command = mxw_values_get(values, "command");
	char time[MXW_RFC3339_MAX];
	mxw_wallclock_rfc3339(alert->time_wall_ms, time);

	mxw_renderer_begin(&renderer, ret, MXW_TRANSPORT_EXEC, alert, mxw_values_get(values, "timeout")->number);
	for (size_t i = 0; i < command->n && !renderer.error; i++)
		renderer.error = mxw_request_add_arg(ret, command->texts[i]);
	mxw_renderer_header(&renderer, "MXWATCH_ID", alert->id);
	mxw_renderer_header(&renderer, "MXWATCH_KIND", mxw_alert_kind_name(alert->kind));
	mxw_renderer_header(&renderer, "MXWATCH_DOMAIN", mxw_notify_domain(alert));
	mxw_renderer_header(&renderer, "MXWATCH_CHECK", mxw_notify_check(alert));
	mxw_renderer_header(&renderer, "MXWATCH_STATE", mxw_severity_name(alert->to));
	mxw_renderer_header(&renderer, "MXWATCH_FROM", mxw_severity_name(alert->from));
	mxw_renderer_header(&renderer, "MXWATCH_FINDING", alert->finding_id);
	mxw_renderer_header(&renderer, "MXWATCH_SUMMARY", alert->summary);
	if (alert->affects)
		mxw_renderer_number(&renderer, "MXWATCH_AFFECTED", (int64_t)alert->affects->n);
	mxw_renderer_header(&renderer, "MXWATCH_TIME", time);
	mxw_renderer_header(&renderer, "MXWATCH_INSTANCE", alert->instance);
	if (!renderer.error)
		renderer.error = mxw_report_event_json(alert, &event);
	mxw_renderer_body(&renderer, &event);
	return mxw_renderer_end(&renderer);
}

const struct mxw_notifier mxw_notifier_exec = {
	.name = "exec",
	.doc = "A program run for each event, with the event as JSON on its standard input.",
	.options = options,
	.check = check,
	.render = render,
};
