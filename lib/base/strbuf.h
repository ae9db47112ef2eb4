/* A growing string of bytes, always NUL-terminated for reading as C string.
 *
 * Appending never fails visibly: when memory runs out the buffer turns `failed`, drops what follows, and the one
 * check is at the end (mxw_strbuf_take returns NULL, mxw_strbuf_failed tells). Zero-initialised is empty. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/base/util.h"

struct mxw_strbuf {
	char *data; /* NULL while nothing was appended */
	size_t len;
	size_t capacity;
	bool failed;
};

#define MXW_STRBUF_INIT \
	{               \
		0       \
	}

void mxw_strbuf_done(struct mxw_strbuf *sb);  /* usable with MXW_CLEANUP */
void mxw_strbuf_clear(struct mxw_strbuf *sb); /* keeps the memory and forgets a failure */
void mxw_strbuf_add(struct mxw_strbuf *sb, const void *bytes, size_t n);
void mxw_strbuf_adds(struct mxw_strbuf *sb, const char *text);
void mxw_strbuf_addc(struct mxw_strbuf *sb, char c);
void mxw_strbuf_addf(struct mxw_strbuf *sb, const char *format, ...) MXW_PRINTF(2, 3);
void mxw_strbuf_vaddf(struct mxw_strbuf *sb, const char *format, va_list args) MXW_PRINTF(2, 0);

/* Borrowed; "" while empty. */
const char *mxw_strbuf_get(const struct mxw_strbuf *sb);
bool mxw_strbuf_failed(const struct mxw_strbuf *sb);

/* The caller owns the returned string (free()); NULL when memory ran out. The buffer is empty again. */
char *mxw_strbuf_take(struct mxw_strbuf *sb);
