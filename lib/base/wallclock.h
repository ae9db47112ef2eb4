/* Wall-clock times as text. The time itself is always an argument; this only prints it. */
#pragma once

#include <stdint.h>

enum { MXW_RFC3339_MAX = 32 };

/* "2026-11-23T09:12:45.123Z" (RFC 3339, UTC, milliseconds), any int64 time clamped to years 0 to 9999. */
void mxw_wallclock_rfc3339(int64_t wall_ms, char ret[MXW_RFC3339_MAX]);
