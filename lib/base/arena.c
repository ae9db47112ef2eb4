/* Bump allocation in blocks that double up to a limit; see arena.h. */
#include "lib/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct mxw_arena_block {
	struct mxw_arena_block *next;
	max_align_t data[];
};

enum { MIN_BLOCK = 1024, MAX_BLOCK = 64 * 1024 };

static char empty[1];

void mxw_arena_done(struct mxw_arena *arena)
{
	while (arena->blocks) {
		struct mxw_arena_block *next = arena->blocks->next;
		free(arena->blocks);
		arena->blocks = next;
	}
	*arena = (struct mxw_arena){ 0 };
}

void *mxw_arena_alloc(struct mxw_arena *arena, size_t n)
{
	const size_t align = sizeof(max_align_t);
	if (arena->failed || n > SIZE_MAX / 4) {
		arena->failed = true;
		return NULL;
	}
	n = (n + align - 1) / align * align;
	if (!arena->blocks || n > arena->size - arena->used) {
		size_t size = arena->size ? MXW_MIN(arena->size * 2, (size_t)MAX_BLOCK) : MIN_BLOCK;
		size = MXW_MAX(size, n);
		struct mxw_arena_block *block = malloc(sizeof(*block) + size);
		if (!block) {
			arena->failed = true;
			return NULL;
		}
		block->next = arena->blocks;
		arena->blocks = block;
		arena->size = size;
		arena->used = 0;
	}
	void *p = (char *)arena->blocks->data + arena->used;
	arena->used += n;
	return memset(p, 0, n);
}

char *mxw_arena_textn(struct mxw_arena *arena, const char *text, size_t n)
{
	char *copy = mxw_arena_alloc(arena, n + 1);
	if (!copy)
		return empty;
	memcpy(copy, text, n);
	return copy;
}

char *mxw_arena_text(struct mxw_arena *arena, const char *text)
{
	return mxw_arena_textn(arena, text, strlen(text));
}

char *mxw_arena_textf(struct mxw_arena *arena, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	char *text = n < 0 ? NULL : mxw_arena_alloc(arena, (size_t)n + 1);
	if (text)
		vsnprintf(text, (size_t)n + 1, format, again);
	va_end(again);
	va_end(args);
	return text ? text : empty;
}
