/* A 64-bit hash of bytes (FNV-1a with a final mix). Stable across versions: event ids and the start-up spread of
 * domains are made of it. Not for tables that strangers can fill: those use uthash with a bound. */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint64_t mxw_hash64(uint64_t seed, const void *bytes, size_t n);
