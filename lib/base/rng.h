/* Random numbers as an argument: seeded once by the caller, the same seed gives the same sequence (xoshiro256**).
 * For jitter and spreading; ids of DNS queries come from getrandom() in the daemon. */
#pragma once

#include <stdint.h>

struct mxw_rng {
	uint64_t s[4];
};

void mxw_rng_seed(struct mxw_rng *rng, uint64_t seed);
uint64_t mxw_rng_next(struct mxw_rng *rng);
uint64_t mxw_rng_below(struct mxw_rng *rng, uint64_t bound); /* 0 .. bound-1; 0 if bound is 0 */
