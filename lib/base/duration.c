/* Durations, parsed strictly and printed; see duration.h. */
#include "lib/base/duration.h"

#include <errno.h>
#include <string.h>

static const struct unit {
	const char *name;
	int64_t ms;
} units[] = { { "d", 86400000 }, { "h", 3600000 }, { "m", 60000 }, { "s", 1000 }, { "ms", 1 } };

static const int64_t max_ms = 100LL * 366 * 86400000;

static int unit_of(const char *text, size_t *ret_len)
{
	*ret_len = strncmp(text, "ms", 2) == 0 ? 2 : 1;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(units); i++)
		if (strlen(units[i].name) == *ret_len && strncmp(text, units[i].name, *ret_len) == 0)
			return (int)i;
	return -1;
}

int mxw_duration_parse(const char *text, int64_t *ret_ms)
{
	int64_t total = 0;
	int last = -1;
	if (strcmp(text, "0") == 0) {
		*ret_ms = 0;
		return 0;
	}
	if (!*text)
		return -EINVAL;
	while (*text) {
		int64_t value = 0;
		size_t digits = 0, len;
		if (text[0] == '0' && text[1] >= '0' && text[1] <= '9')
			return -EINVAL; /* strict decimals: no leading zeros */
		for (; *text >= '0' && *text <= '9'; text++, digits++) {
			value = value * 10 + (*text - '0');
			if (value > max_ms)
				return -ERANGE;
		}
		int unit = unit_of(text, &len);
		if (!digits || unit <= last)
			return -EINVAL;
		last = unit;
		text += len;
		if (value > max_ms / units[unit].ms)
			return -ERANGE;
		total += value * units[unit].ms;
	}
	if (total > max_ms)
		return -ERANGE;
	*ret_ms = total;
	return 0;
}

static void format(struct mxw_strbuf *ret, int64_t ms, unsigned max_parts)
{
	unsigned parts = 0;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(units) && parts < max_parts; i++) {
		if (ms >= units[i].ms) {
			mxw_strbuf_addf(ret, "%lld%s", (long long)(ms / units[i].ms), units[i].name);
			ms %= units[i].ms;
			parts++;
		} else if (parts) {
			parts++; /* a short form names neighbouring units only */
		}
	}
	if (!parts)
		mxw_strbuf_adds(ret, "0s");
}

void mxw_duration_format(struct mxw_strbuf *ret, int64_t ms)
{
	/* Every unit counts here, also those that are skipped between two others. */
	if (ms < 0)
		ms = 0;
	format(ret, ms, 2 * (unsigned)MXW_ARRAY_SIZE(units));
}

void mxw_duration_format_short(struct mxw_strbuf *ret, int64_t ms)
{
	if (ms < 0)
		ms = 0;
	if (ms >= 1000)
		ms -= ms % 1000;
	format(ret, ms, 2);
}
