/* Times, sets and names for people; see words.h. */
#include "lib/versions/words.h"

#include <inttypes.h>
#include <string.h>

#include "lib/base/escape.h"
#include "lib/base/util.h"
#include "lib/base/wallclock.h"

enum { N_DATE = 10, N_TIME = 8 }; /* of RFC 3339: 2026-11-24 T 14:02:11 */

void mxw_versions_time(struct mxw_strbuf *ret, int64_t at_ms, int64_t now_ms, int64_t now_wall_ms)
{
	char at[MXW_RFC3339_MAX], now[MXW_RFC3339_MAX];
	int64_t wall_ms;
	if (__builtin_sub_overflow(at_ms, now_ms, &wall_ms) || __builtin_add_overflow(wall_ms, now_wall_ms, &wall_ms))
		wall_ms = at_ms < now_ms ? INT64_MIN : INT64_MAX;
	mxw_wallclock_rfc3339(wall_ms, at);
	mxw_wallclock_rfc3339(now_wall_ms, now);
	if (strncmp(at, now, N_DATE) != 0)
		mxw_strbuf_addf(ret, "%.*s ", N_DATE, at);
	mxw_strbuf_addf(ret, "%.*s UTC", N_TIME, at + N_DATE + 1);
}

void mxw_versions_line(struct mxw_strbuf *ret, const char *set)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf line = MXW_STRBUF_INIT;
	for (const char *c = set; *c; c++) {
		if (*c == '\n')
			mxw_strbuf_adds(&line, ", ");
		else
			mxw_strbuf_addc(&line, *c);
	}
	mxw_escape_line_once(ret, mxw_strbuf_get(&line), line.len, MXW_MAX_FIELD);
	ret->failed |= mxw_strbuf_failed(&line);
}

void mxw_versions_names(struct mxw_strbuf *ret, const struct mxw_versions_view *views, uint32_t mask)
{
	for (size_t i = 0, n = 0; mask; i++, mask >>= 1) {
		if (!(mask & 1))
			continue;
		mxw_strbuf_adds(ret, n == 0 ? "" : mask == 1 ? " and " : ", ");
		mxw_strbuf_adds(ret, views[i].name);
		n++;
	}
}

static bool is_first_of_set(const struct mxw_versions_view *views, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (views[k].set && strcmp(views[k].set, views[i].set) == 0)
			return false;
	return true;
}

void mxw_versions_partition(struct mxw_strbuf *ret, const struct mxw_versions_view *views, size_t n)
{
	const char *group = "";
	for (size_t i = 0; i < n; i++) {
		if (!views[i].set || !is_first_of_set(views, i))
			continue;
		const char *separator = "";
		mxw_strbuf_adds(ret, group);
		for (size_t k = i; k < n; k++) {
			if (!views[k].set || strcmp(views[k].set, views[i].set) != 0)
				continue;
			mxw_strbuf_addf(ret, "%s%s", separator, views[k].name);
			if (views[k].has_serial)
				mxw_strbuf_addf(ret, " (serial %" PRIu32 ")", views[k].serial);
			separator = ", ";
		}
		mxw_strbuf_adds(ret, ": ");
		mxw_versions_line(ret, views[i].set);
		group = "; ";
	}
}

void mxw_versions_put(struct mxw_findings *findings, struct mxw_finding *finding, const char *key,
		      struct mxw_strbuf *text)
{
	mxw_finding_set(findings, finding, key, mxw_strbuf_get(text));
	findings->arena.failed |= mxw_strbuf_failed(text);
	mxw_strbuf_clear(text);
}
