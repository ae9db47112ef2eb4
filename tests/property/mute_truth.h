/* Whether people had muted a key at some time: silences and windows, by the wall clock. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/property/trace.h"

enum mute_truth {
	MUTE_NO,
	MUTE_MAYBE, /* its end was reached once, and then the clock was put back */
	MUTE_YES,
};

enum mute_truth mute_truth_silence(const struct trace *trace, size_t moment, int64_t at_ms, unsigned domain,
				   enum plan_check check);
bool mute_truth_window(const struct trace *trace, size_t moment, int64_t at_ms, unsigned domain);

/* The end of the last silence that may hold, if nothing happens after the moment; `at_ms` if none holds then. */
int64_t mute_truth_silence_end(const struct trace *trace, size_t moment, int64_t at_ms, unsigned domain,
			       enum plan_check check);
/* The end of the window that is open at some time from `from_ms` to `to_ms`; `from_ms` if there is none. */
int64_t mute_truth_window_end(const struct trace *trace, size_t moment, int64_t from_ms, int64_t to_ms,
			      unsigned domain);
