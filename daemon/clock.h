/* The clocks. Monotonic time includes suspend (CLOCK_BOOTTIME) so that a gap is seen; wall time is only printed. */
#pragma once

#include <stdint.h>

int64_t mxw_clock_monotonic_us(void);
int64_t mxw_clock_monotonic_ms(void);
int64_t mxw_clock_wall_ms(void);
