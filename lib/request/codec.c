/* Fields to bytes and back; see codec.h. */
#include "lib/request/codec.h"

#include <errno.h>
#include <string.h>

static void put_number(struct mxw_strbuf *ret, uint64_t value, unsigned octets)
{
	for (unsigned i = octets; i-- > 0;)
		mxw_strbuf_addc(ret, (char)(unsigned char)(value >> (8 * i)));
}

void mxw_codec_put_u8(struct mxw_strbuf *ret, uint8_t value)
{
	put_number(ret, value, 1);
}

void mxw_codec_put_u32(struct mxw_strbuf *ret, uint32_t value)
{
	put_number(ret, value, 4);
}

void mxw_codec_put_u64(struct mxw_strbuf *ret, uint64_t value)
{
	put_number(ret, value, 8);
}

void mxw_codec_put_bytes(struct mxw_strbuf *ret, const void *bytes, size_t n)
{
	mxw_codec_put_u32(ret, (uint32_t)n);
	mxw_strbuf_add(ret, bytes, n);
}

void mxw_codec_put_text(struct mxw_strbuf *ret, const char *text)
{
	mxw_codec_put_bytes(ret, text ? text : "", text ? strlen(text) : 0);
}

static const unsigned char *take(struct mxw_codec_reader *reader, size_t n)
{
	if (!reader->error && n > reader->left)
		reader->error = -EBADMSG;
	if (reader->error)
		return NULL;
	const unsigned char *at = reader->at;
	reader->at += n;
	reader->left -= n;
	return at;
}

static uint64_t get_number(struct mxw_codec_reader *reader, unsigned octets)
{
	const unsigned char *at = take(reader, octets);
	uint64_t value = 0;
	for (unsigned i = 0; at && i < octets; i++)
		value = value << 8 | at[i];
	return value;
}

uint8_t mxw_codec_get_u8(struct mxw_codec_reader *reader)
{
	return (uint8_t)get_number(reader, 1);
}

uint32_t mxw_codec_get_u32(struct mxw_codec_reader *reader)
{
	return (uint32_t)get_number(reader, 4);
}

uint64_t mxw_codec_get_u64(struct mxw_codec_reader *reader)
{
	return get_number(reader, 8);
}

char *mxw_codec_get_bytes(struct mxw_codec_reader *reader, size_t *ret_n)
{
	size_t n = mxw_codec_get_u32(reader);
	const unsigned char *at = take(reader, n);
	*ret_n = 0;
	if (!at)
		return NULL;
	char *copy = malloc(n + 1);
	if (!copy) {
		reader->error = -ENOMEM;
		return NULL;
	}
	memcpy(copy, at, n);
	copy[n] = '\0';
	*ret_n = n;
	return copy;
}

char *mxw_codec_get_text(struct mxw_codec_reader *reader)
{
	size_t n;
	char *text = mxw_codec_get_bytes(reader, &n);
	if (text && memchr(text, '\0', n)) {
		reader->error = -EBADMSG;
		free(text);
		return NULL;
	}
	return text;
}

uint32_t mxw_codec_get_count(struct mxw_codec_reader *reader, uint32_t max)
{
	uint32_t count = mxw_codec_get_u32(reader);
	if (count <= max)
		return count;
	reader->error = -EBADMSG;
	return 0;
}

int mxw_codec_finish(struct mxw_codec_reader *reader)
{
	if (!reader->error && reader->left)
		reader->error = -EBADMSG;
	return reader->error;
}
