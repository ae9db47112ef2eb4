/* Values of options; see args_value.h. */
#include "daemon/args_value.h"

#include <errno.h>
#include <string.h>

#include "daemon/terminal.h"
#include "lib/base/duration.h"

enum { MIN_TIMEOUT_MS = 100, MAX_TIMEOUT_MS = 5 * 60 * 1000 };

int mxw_args_value_duration(const char *option, const char *text, int64_t min_ms, int64_t max_ms, int64_t *ret_ms)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf range = MXW_STRBUF_INIT;
	if (mxw_duration_parse(text, ret_ms) == 0 && *ret_ms >= min_ms && *ret_ms <= max_ms)
		return 0;
	mxw_duration_format(&range, min_ms);
	mxw_strbuf_adds(&range, " to ");
	mxw_duration_format(&range, max_ms);
	mxw_terminal_error("--%s: \"%s\" is no duration from %s, such as 500ms or 10s", option, text,
			   mxw_strbuf_get(&range));
	return -EINVAL;
}

int mxw_args_value_timeout(const char *text, int64_t *ret_ms)
{
	return mxw_args_value_duration("timeout", text, MIN_TIMEOUT_MS, MAX_TIMEOUT_MS, ret_ms);
}

int mxw_args_value_number(const char *option, const char *text, unsigned max, unsigned *ret)
{
	const char *at = text;
	for (*ret = 0; *at >= '0' && *at <= '9' && *ret <= max; at++)
		*ret = 10 * *ret + (unsigned)(*at - '0');
	if (at > text && !*at && *ret <= max)
		return 0;
	mxw_terminal_error("--%s: \"%s\" is no number from 0 to %u", option, text, max);
	return -EINVAL;
}

int mxw_args_value_format(const char *text, const char *const *formats, size_t n)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf known = MXW_STRBUF_INIT;
	for (size_t i = 0; i < n; i++) {
		if (strcmp(text, formats[i]) == 0)
			return (int)i;
		mxw_strbuf_addf(&known, "%s%s", i == 0 ? "" : i + 1 == n ? " or " : ", ", formats[i]);
	}
	mxw_terminal_error("--format: unknown format \"%s\", expected %s", text, mxw_strbuf_get(&known));
	return -EINVAL;
}
