/* Values of options that several commands take. What is wrong is said on stderr, with the name of the option. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* A duration (lib/base/duration.h) from min_ms to max_ms. 0 or -EINVAL. */
int mxw_args_value_duration(const char *option, const char *text, int64_t min_ms, int64_t max_ms, int64_t *ret_ms);

/* `--timeout`: the time for one question with all its tries, within the limits of the configuration's `timeout`. */
int mxw_args_value_timeout(const char *text, int64_t *ret_ms);

/* A decimal number without sign from 0 to max. 0 or -EINVAL. */
int mxw_args_value_number(const char *option, const char *text, unsigned max, unsigned *ret);

/* `--format`: the index of the text among the formats, or -EINVAL. */
int mxw_args_value_format(const char *text, const char *const *formats, size_t n);
