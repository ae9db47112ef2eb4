/* The daemon's log: lines on stderr with a syslog priority prefix ("<4>") when the journal reads them, else plain.
 *
 * Never blocks: stderr is written without waiting, lines that do not fit are counted and told later. Text from
 * strangers is escaped here, once. lib/ never logs. */
#pragma once

#include <stdarg.h>

#include "lib/base/util.h"

enum mxw_log_level { MXW_LOG_ERROR = 3, MXW_LOG_WARNING = 4, MXW_LOG_NOTICE = 5, MXW_LOG_INFO = 6, MXW_LOG_DEBUG = 7 };

void mxw_log_open(enum mxw_log_level threshold); /* prefixes are used if stderr is the journal ($JOURNAL_STREAM) */
void mxw_log(enum mxw_log_level level, const char *format, ...) MXW_PRINTF(2, 3); /* one line, subject first */
