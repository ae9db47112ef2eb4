/* A group's message in one line. */
#pragma once

#include "lib/group/group.h"

/* "mail.example.net CRITICAL (was OK): MX target mail.example.net does not exist; affects 214 domains: a.example,
 * b.example, c.example and 211 more". `what` is what is wrong in the words of a finding, or ""; untrusted text is escaped.
 * The caller's to free; NULL: out of memory. */
char *mxw_group_summary(const struct mxw_group_message *message, const char *what, int64_t duration_ms);
