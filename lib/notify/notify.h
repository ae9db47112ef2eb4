/* A notifier: how an event is written for one kind of receiver. Pure: an alert and options in, a request out; one of
 * the sender's few transports carries it (design.md 2). */
#pragma once

#include <stddef.h>

#include "lib/alert/alert.h"
#include "lib/request/request.h"
#include "lib/schema/option.h"

struct mxw_notifier {
	const char *name, *doc;           /* `type` in the configuration */
	const struct mxw_option *options; /* rows beside `name` and `type`; ended by a row without name */
	/* Checks values beyond what rows can say (a URL, a facility); errors go to diags. May be NULL. */
	void (*check)(const struct mxw_values *options, struct mxw_diags *diags);
	/* 0, -ENOMEM or -E2BIG. The request is the caller's. */
	int (*render)(const struct mxw_alert *alert, const struct mxw_values *options, struct mxw_request *ret);
};

extern const struct mxw_notifier mxw_notifier_syslog, mxw_notifier_journal, mxw_notifier_webhook, mxw_notifier_exec;

extern const struct mxw_notifier *const mxw_notifiers[]; /* registry.c: one line a notifier */
extern const size_t mxw_n_notifiers;
const struct mxw_notifier *mxw_notifier_find(const char *name); /* NULL if unknown */
