/* A world in which everything happens at random: what has to hold then is what holds always. */
#pragma once

#include <stdint.h>

#include "tests/scenario/stage.h"

/* Does `n` random things to resolvers, receivers, clocks and the daemon, and lets random times pass between them. The same
 * seed does the same again. NULL or a problem. */
const char *chaos(struct stage *stage, uint64_t seed, unsigned long n);
