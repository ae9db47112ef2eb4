/* Durations as people write them: 500ms, 30s, 5m, 1h30m, 7d. */
#pragma once

#include <stdint.h>

#include "lib/base/strbuf.h"

/* Milliseconds in *ret_ms. Units ms, s, m, h, d; several parts from large to small ("1h30m"); no sign, no fraction,
 * no bare number (but "0"). -EINVAL if the text is not of this form, -ERANGE above 100 years. */
int mxw_duration_parse(const char *text, int64_t *ret_ms);

/* The shortest exact form that mxw_duration_parse accepts, "0s" for 0. */
void mxw_duration_format(struct mxw_strbuf *ret, int64_t ms);

/* For people: at most two units, rounded down ("2h5m", "3d4h", "12s"). */
void mxw_duration_format_short(struct mxw_strbuf *ret, int64_t ms);
