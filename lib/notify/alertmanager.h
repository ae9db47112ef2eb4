/* The body that Prometheus Alertmanager sends to its webhook receivers (version 4), so that what listens to it
 * listens to us. */
#pragma once

#include "lib/alert/alert.h"
#include "lib/base/strbuf.h"

/* One alert in a group of its own. groupKey and fingerprint stand for (domain, check) and stay the same over an
 * incident, so that a receiver that keys on them resolves what it opened. 0, -ENOMEM, -EBADMSG if findings_json is
 * no JSON array. */
int mxw_notify_alertmanager_json(const struct mxw_alert *alert, struct mxw_strbuf *ret);
