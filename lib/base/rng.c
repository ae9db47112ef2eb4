/* xoshiro256** by Blackman and Vigna (public domain algorithm), seeded with splitmix64. */
#include "lib/base/rng.h"

static uint64_t rotl(uint64_t x, int k)
{
	return x << k | x >> (64 - k);
}

void mxw_rng_seed(struct mxw_rng *rng, uint64_t seed)
{
	for (int i = 0; i < 4; i++) {
		uint64_t z = seed += 0x9e3779b97f4a7c15u;
		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
		z = (z ^ z >> 27) * 0x94d049bb133111ebu;
		rng->s[i] = z ^ z >> 31;
	}
}

uint64_t mxw_rng_next(struct mxw_rng *rng)
{
	uint64_t *s = rng->s;
	uint64_t result = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return result;
}

uint64_t mxw_rng_below(struct mxw_rng *rng, uint64_t bound)
{
	/* The bias of a 64-bit remainder is far below anything that scheduling could show. */
	return bound ? mxw_rng_next(rng) % bound : 0;
}
