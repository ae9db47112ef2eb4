/* The event loop of the scenarios: daemon/loop.h in virtual time. Nothing waits; time moves when the scenario says so.
 * Descriptors, signals and the lag do not exist here. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "daemon/loop.h"

/* Of a new loop: 2026-11-18. Its monotonic clock always begins at the same small number, as after a reboot. */
enum { FAKE_LOOP_START_MS = 1000000 };
static const int64_t fake_loop_start_wall_ms = 1795000000000;

/* Runs the next timer that is due until `end_ms`, at its own time. False when there is none: then the clock stands at
 * `end_ms`. */
bool fake_loop_step(struct mxw_loop *loop, int64_t end_ms);

/* All of the steps within the next `ms`. */
void fake_loop_advance(struct mxw_loop *loop, int64_t ms);

/* The machine sleeps: both clocks go on, nothing runs. What is overdue then runs with the next steps. */
void fake_loop_suspend(struct mxw_loop *loop, int64_t ms);

/* A step of the wall clock, as an operator or NTP makes it; the monotonic clock goes on as before. */
void fake_loop_step_wall(struct mxw_loop *loop, int64_t ms);
