/* Addresses of receivers as users write them: URLs and syslog servers. Checked when the configuration is read, so that
 * the sender is never given one that means something else to another parser. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/strbuf.h"

/* What is wrong with the URL of an HTTP receiver and what is expected, static; NULL if it is good. https to
 * anywhere, http to loopback only; host and port strictly formed; no user information (a secret in a place that gets
 * printed), no octet outside 0x21 to 0x7e. The text never holds a part of the URL: its path may be a secret. */
const char *mxw_notify_url_problem(const char *url);

/* "udp:HOST[:PORT]" or "tcp:HOST[:PORT]", an IPv6 address in brackets, the port 514 when there is none. Writes the
 * form with port to `ret` (may be NULL); returns what is wrong, static, or NULL. */
const char *mxw_notify_server_problem(const char *text, struct mxw_strbuf *ret);
