/* What several notifiers say of an alert in the same way, and small steps of building a request. */
#pragma once

#include <stdbool.h>

#include "lib/alert/alert.h"
#include "lib/base/strbuf.h"
#include "lib/request/request.h"
#include "lib/schema/option.h"

/* RFC 5424 6.2.1 severity: critical is "crit", a warning "warning", a recovery "notice"; what cannot be told
 * "notice" too, the rest "info". A record change has the severity of its finding, "notice" at least. */
unsigned mxw_notify_priority(const struct mxw_alert *alert);
/* The line for a log: the summary and "; id=...", printable ASCII. */
void mxw_notify_line(const struct mxw_alert *alert, struct mxw_strbuf *ret);
/* The domain of an alert, its check; "" for a monitor alert. */
const char *mxw_notify_domain(const struct mxw_alert *alert);
const char *mxw_notify_check(const struct mxw_alert *alert);

/* Steps of a renderer: the first that fails leaves its error in `error`, the later ones do nothing. */
struct mxw_renderer {
	struct mxw_request *request;
	int error;
};
void mxw_renderer_begin(struct mxw_renderer *renderer, struct mxw_request *ret, enum mxw_transport transport,
			const struct mxw_alert *alert, int64_t timeout_ms);
void mxw_renderer_text(struct mxw_renderer *renderer, char **ret, const char *text); /* copies; NULL is "" */
void mxw_renderer_option(struct mxw_renderer *renderer, char **ret, const struct mxw_values *options, const char *name);
void mxw_renderer_header(struct mxw_renderer *renderer, const char *name, const char *value);
void mxw_renderer_number(struct mxw_renderer *renderer, const char *name, int64_t value);
void mxw_renderer_built(struct mxw_renderer *renderer, char **ret, struct mxw_strbuf *text); /* takes the content */
void mxw_renderer_built_header(struct mxw_renderer *renderer, const char *name, const struct mxw_strbuf *value);
void mxw_renderer_body(struct mxw_renderer *renderer, struct mxw_strbuf *body); /* takes the content */
/* 0 or the error; the request is emptied then. */
int mxw_renderer_end(struct mxw_renderer *renderer);
