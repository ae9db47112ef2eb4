/* Which domains: "example.com" (it alone), "*.example.com" (every name below it, not itself), "*" (all). */
#pragma once

#include <stdbool.h>

#include "lib/dns/name.h"

enum { MXW_PATTERN_MAX = MXW_NAME_TEXT_MAX + 2 };

/* A pattern as people write it, to its canonical form; U-labels are converted. -EINVAL with *ret_reason (static, as
 * mxw_target_parse_domain says it). */
int mxw_pattern_parse(const char *text, char ret[MXW_PATTERN_MAX], const char **ret_reason);
/* One domain by its name. */
bool mxw_pattern_is_name(const char *pattern);
/* Both in canonical form. */
bool mxw_pattern_matches(const char *pattern, const char *domain);
