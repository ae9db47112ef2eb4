/* The footer of a TZif file: the rule for times after its last transition, a TZ string of POSIX.1-2017 8.3 with the
 * longer times of RFC 9636 3.3.2. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mxw_zone_change {
	enum { MXW_CHANGE_JULIAN, MXW_CHANGE_DAY, MXW_CHANGE_MONTH } kind; /* "Jn", "n", "Mm.w.d" */
	int month, week, day;                                              /* JULIAN and DAY: `day` alone */
	int32_t time_s;                                                    /* of the local day; may be negative */
};

struct mxw_zone_rule {
	int32_t standard, daylight; /* seconds east of UTC */
	bool has_daylight;
	struct mxw_zone_change begins, ends; /* of daylight time, on the clock that is valid until then */
};

/* Reads n octets. 0 or -EINVAL. */
int mxw_zone_rule_parse(struct mxw_zone_rule *ret, const char *text, size_t n);
int32_t mxw_zone_rule_offset(const struct mxw_zone_rule *rule, int64_t utc_s);
