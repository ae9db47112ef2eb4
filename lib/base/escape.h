/* Text from strangers, made safe for a sink: one function a sink (faults.md I6).
 *
 * Everything that DNS, SMTP or HTTP peers sent passes here before it reaches a log, a terminal or JSON. */
#pragma once

#include <stddef.h>

#include "lib/base/strbuf.h"

enum { MXW_MAX_FIELD = 255 }; /* octets of untrusted text that one field of a log line may hold */

/* Log lines and terminals: 0x20 to 0x7e as they are, every other octet and the backslash that would make it
 * ambiguous as \xHH. `cap` octets of input at most (0: no cap); what was cut shows as "...". */
void mxw_escape_line(struct mxw_strbuf *ret, const char *bytes, size_t n, size_t cap);

/* The same for text that should have been escaped before, by somebody who need not be believed: what is printable
 * already passes as it is, so that nothing is escaped twice. */
void mxw_escape_line_once(struct mxw_strbuf *ret, const char *bytes, size_t n, size_t cap);

/* Terminals that show UTF-8: printable characters of any script pass; control characters, bidirectional overrides
 * and invalid UTF-8 become \xHH (of each octet). */
void mxw_escape_terminal(struct mxw_strbuf *ret, const char *bytes, size_t n);

/* Valid UTF-8 (RFC 3629) for a JSON string value: invalid octets become \xHH; U+0000 too. Quoting is the JSON
 * library's work. */
void mxw_escape_utf8(struct mxw_strbuf *ret, const char *bytes, size_t n);

/* RFC 5424 6.3.3 PARAM-VALUE: escapes '"', '\' and ']' with a backslash, after mxw_escape_utf8's rules; control
 * characters become \\xHH so that a line stays a line. */
void mxw_escape_sd_value(struct mxw_strbuf *ret, const char *bytes, size_t n);
