/* A journal entry in the native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL): FIELD=value lines; a value with a
 * line break has its length before it. Fields are bounded, so that an entry always fits a datagram. */
#pragma once

#include "lib/base/strbuf.h"
#include "lib/request/request.h"

enum { MXW_JOURNAL_MAX_VALUE = 4096 };

/* The request's headers are the fields. 0, -ENOMEM, -EINVAL for a name that is not [A-Z][A-Z0-9_]* of at most 64
 * octets. */
int mxw_journal_entry(const struct mxw_request *request, struct mxw_strbuf *ret);
