/* Small helpers that every file may use: array size, cleanup attribute, bounds. No state, no I/O. */
#pragma once

#include <stddef.h>
#include <stdlib.h>

#define MXW_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MXW_MIN(a, b) ((a) < (b) ? (a) : (b))
#define MXW_MAX(a, b) ((a) > (b) ? (a) : (b))

/* Runs `f(&variable)` when the variable leaves its scope. */
#define MXW_CLEANUP(f) __attribute__((cleanup(f)))
#define MXW_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* The object that embeds `member` at `ptr`. */
#define MXW_CONTAINER(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

static inline void mxw_freep(void *p)
{
	free(*(void **)p);
}

/* malloc(n * size) with an overflow check; NULL when out of memory or when the product overflows. */
static inline void *mxw_new_array(size_t n, size_t size)
{
	return calloc(n ? n : 1, size);
}
