/* Memory that is freed all at once: the strings and small objects of one round, one message, one configuration.
 *
 * Like struct mxw_strbuf it fails softly: after the first failed allocation `failed` stays set and every call returns
 * NULL (strings: ""), so builders check once at the end. Zero-initialised is empty. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/util.h"

struct mxw_arena_block;
struct mxw_arena {
	struct mxw_arena_block *blocks;
	size_t used, size; /* of the newest block */
	bool failed;
};

void mxw_arena_done(struct mxw_arena *arena);
void *mxw_arena_alloc(struct mxw_arena *arena, size_t n); /* zeroed, aligned for any object; NULL when out of memory */
char *mxw_arena_text(struct mxw_arena *arena, const char *text);            /* a copy */
char *mxw_arena_textn(struct mxw_arena *arena, const char *text, size_t n); /* a copy of n octets and a NUL */
char *mxw_arena_textf(struct mxw_arena *arena, const char *format, ...) MXW_PRINTF(2, 3);
