/* The only readers of the system's clocks; see clock.h. */
#include "daemon/clock.h"

#include <time.h>

static int64_t read_us(clockid_t clock)
{
	struct timespec ts = { 0 };
	clock_gettime(clock, &ts); /* fails only for a clock that does not exist */
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t mxw_clock_monotonic_us(void)
{
	return read_us(CLOCK_BOOTTIME);
}

int64_t mxw_clock_monotonic_ms(void)
{
	return read_us(CLOCK_BOOTTIME) / 1000;
}

int64_t mxw_clock_wall_ms(void)
{
	return read_us(CLOCK_REALTIME) / 1000;
}
