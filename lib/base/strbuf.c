/* Growing string. Doubling growth, one sticky failure flag; see strbuf.h. */
#include "lib/base/strbuf.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static bool reserve(struct mxw_strbuf *sb, size_t extra)
{
	if (sb->failed)
		return false;
	if (extra > SIZE_MAX / 2 - sb->len - 1) {
		sb->failed = true;
		return false;
	}
	size_t need = sb->len + extra + 1;
	if (need <= sb->capacity)
		return true;
	size_t capacity = sb->capacity ? sb->capacity : 64;
	while (capacity < need)
		capacity *= 2;
	char *data = realloc(sb->data, capacity);
	if (!data) {
		sb->failed = true;
		return false;
	}
	sb->data = data;
	sb->capacity = capacity;
	return true;
}

void mxw_strbuf_done(struct mxw_strbuf *sb)
{
	free(sb->data);
	*sb = (struct mxw_strbuf)MXW_STRBUF_INIT;
}

void mxw_strbuf_clear(struct mxw_strbuf *sb)
{
	sb->len = 0;
	sb->failed = false;
	if (sb->data)
		sb->data[0] = '\0';
}

void mxw_strbuf_add(struct mxw_strbuf *sb, const void *bytes, size_t n)
{
	if (!reserve(sb, n))
		return;
	if (n)
		memcpy(sb->data + sb->len, bytes, n);
	sb->len += n;
	sb->data[sb->len] = '\0';
}

void mxw_strbuf_adds(struct mxw_strbuf *sb, const char *text)
{
	mxw_strbuf_add(sb, text, strlen(text));
}

void mxw_strbuf_addc(struct mxw_strbuf *sb, char c)
{
	mxw_strbuf_add(sb, &c, 1);
}

void mxw_strbuf_vaddf(struct mxw_strbuf *sb, const char *format, va_list args)
{
	va_list again;
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, format, args);
	if (n < 0)
		sb->failed = true;
	else if (reserve(sb, (size_t)n)) {
		vsnprintf(sb->data + sb->len, (size_t)n + 1, format, again);
		sb->len += (size_t)n;
	}
	va_end(again);
}

void mxw_strbuf_addf(struct mxw_strbuf *sb, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	mxw_strbuf_vaddf(sb, format, args);
	va_end(args);
}

const char *mxw_strbuf_get(const struct mxw_strbuf *sb)
{
	return sb->data ? sb->data : "";
}

bool mxw_strbuf_failed(const struct mxw_strbuf *sb)
{
	return sb->failed;
}

char *mxw_strbuf_take(struct mxw_strbuf *sb)
{
	char *text = NULL;
	if (reserve(sb, 0)) {
		text = sb->data;
		text[sb->len] = '\0';
		sb->data = NULL;
	}
	mxw_strbuf_done(sb);
	return text;
}
