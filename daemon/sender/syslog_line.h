/* A syslog line from the parts that the core rendered and the time of sending. Every part is made safe once more:
 * one line, printable ASCII (structured data: no control characters), bounded. */
#pragma once

#include <stdint.h>

#include "lib/base/strbuf.h"
#include "lib/request/request.h"

enum { MXW_SYSLOG_MAX_LINE = 8192 }; /* what common servers take; RFC 5424 6.1 asks for 2048 */

/* RFC 5424 with structured data: parts "pri", "host", "app", "msgid", "sd" are headers, the body is the message. */
void mxw_syslog_line_5424(const struct mxw_request *request, int64_t wall_ms, long pid, struct mxw_strbuf *ret);
/* The traditional form (RFC 3164) without host name, as readers of /dev/log expect it, in local time. */
void mxw_syslog_line_local(const struct mxw_request *request, int64_t wall_ms, long pid, struct mxw_strbuf *ret);
