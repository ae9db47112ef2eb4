/* What tests of notifiers share: options read from YAML as the configuration has them, and an alert to render. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/notify/notify.h"

/* Options of one entry ("url: ..."), read and checked. */
struct notify_options {
	struct mxw_values values;
	struct mxw_diags diags;
	struct mxw_document *document;
};
void notify_options_read(struct notify_options *ret, const struct mxw_notifier *notifier, const char *yaml);
void notify_options_done(struct notify_options *options);
/* The first diagnostic, "" if there is none. Borrowed. */
const char *notify_first_error(const struct notify_options *options);
/* Asserts that each entry is refused with a text that holds `part`, or accepted where it is NULL. */
struct notify_check_row {
	const char *yaml, *part;
};
void notify_check_rows(const struct mxw_notifier *notifier, const struct notify_check_row *rows, size_t n);

/* A critical problem of example.com with one finding and the label team=mail. The caller frees it with
 * mxw_alert_done. */
struct mxw_alert notify_alert(void);
/* A critical problem of the host mail.shared.example that 214 domains share, two of them listed. */
struct mxw_alert notify_group_alert(void);
/* The MX records of example.com have changed while its key had a problem. */
struct mxw_alert notify_change_alert(void);
void notify_replace(char **text, const char *with); /* NULL: none */

/* Renders with these options; asserts success. */
void notify_render(const struct mxw_notifier *notifier, const char *yaml, const struct mxw_alert *alert,
		   struct mxw_request *ret);
