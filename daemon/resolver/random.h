/* Unpredictable numbers for query ids and letter case (RFC 5452 9.2), from the kernel, fetched in batches. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { MXW_RANDOM_BATCH = 256 }; /* octets; getrandom(2) delivers this many without interruption */

struct mxw_random {
	uint8_t bytes[MXW_RANDOM_BATCH];
	size_t n_left;
};

/* Fetches the first batch, so that a kernel that refuses is known at start. Negative errno. */
int mxw_random_init(struct mxw_random *random);
uint16_t mxw_random_u16(struct mxw_random *random);
uint64_t mxw_random_u64(struct mxw_random *random);
