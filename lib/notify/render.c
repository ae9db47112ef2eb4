/* Common parts of notifiers; see render.h. */
#include "lib/notify/render.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/escape.h"

enum { PRIORITY_CRIT = 2, PRIORITY_WARNING = 4, PRIORITY_NOTICE = 5, PRIORITY_INFO = 6 };

unsigned mxw_notify_priority(const struct mxw_alert *alert)
{
	if (alert->kind == MXW_ALERT_RECOVERY)
		return PRIORITY_NOTICE;
	switch (alert->change ? alert->change->severity : alert->to) {
	case MXW_CRITICAL:
		return PRIORITY_CRIT;
	case MXW_WARNING:
		return PRIORITY_WARNING;
	case MXW_UNKNOWN:
		return PRIORITY_NOTICE;
	case MXW_OK:
	case MXW_INFO:
	case MXW_OFF:
		break;
	}
	bool is_notice = alert->change || alert->kind == MXW_ALERT_MONITOR || alert->kind == MXW_ALERT_TEST;
	return is_notice ? PRIORITY_NOTICE : PRIORITY_INFO;
}

void mxw_notify_line(const struct mxw_alert *alert, struct mxw_strbuf *ret)
{
	mxw_escape_line_once(ret, alert->summary, strlen(alert->summary),
			     4 * MXW_MAX_FIELD); /* a summary holds a few fields */
	mxw_strbuf_addf(ret, "; id=%s", alert->id);
}

const char *mxw_notify_domain(const struct mxw_alert *alert)
{
	return alert->domain ? alert->domain : "";
}

const char *mxw_notify_check(const struct mxw_alert *alert)
{
	return alert->check ? alert->check : "";
}

void mxw_renderer_begin(struct mxw_renderer *renderer, struct mxw_request *ret, enum mxw_transport transport,
			const struct mxw_alert *alert, int64_t timeout_ms)
{
	*ret = (struct mxw_request){ .transport = transport, .timeout_ms = timeout_ms };
	*renderer = (struct mxw_renderer){ .request = ret };
	mxw_renderer_text(renderer, &ret->id, alert->id);
}

void mxw_renderer_text(struct mxw_renderer *renderer, char **ret, const char *text)
{
	if (renderer->error)
		return;
	*ret = strdup(text ? text : "");
	if (!*ret)
		renderer->error = -ENOMEM;
}

void mxw_renderer_option(struct mxw_renderer *renderer, char **ret, const struct mxw_values *options, const char *name)
{
	mxw_renderer_text(renderer, ret, mxw_values_get(options, name)->text);
}

void mxw_renderer_header(struct mxw_renderer *renderer, const char *name, const char *value)
{
	if (!renderer->error)
		renderer->error = mxw_request_add_header(renderer->request, name, value ? value : "");
}

void mxw_renderer_number(struct mxw_renderer *renderer, const char *name, int64_t value)
{
	char text[24];
	snprintf(text, sizeof(text), "%" PRId64, value);
	mxw_renderer_header(renderer, name, text);
}

void mxw_renderer_built(struct mxw_renderer *renderer, char **ret, struct mxw_strbuf *text)
{
	if (renderer->error)
		return;
	*ret = mxw_strbuf_take(text);
	if (!*ret)
		renderer->error = -ENOMEM;
}

void mxw_renderer_built_header(struct mxw_renderer *renderer, const char *name, const struct mxw_strbuf *value)
{
	if (!renderer->error && mxw_strbuf_failed(value))
		renderer->error = -ENOMEM;
	mxw_renderer_header(renderer, name, mxw_strbuf_get(value));
}

void mxw_renderer_body(struct mxw_renderer *renderer, struct mxw_strbuf *body)
{
	size_t n = body->len;
	mxw_renderer_built(renderer, &renderer->request->body, body);
	if (!renderer->error)
		renderer->request->n_body = n;
}

int mxw_renderer_end(struct mxw_renderer *renderer)
{
	if (renderer->error)
		mxw_request_done(renderer->request);
	return renderer->error;
}
