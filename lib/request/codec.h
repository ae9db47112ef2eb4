/* How fields become bytes between core and sender: integers in network order, texts with a u32 length before them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/base/strbuf.h"

void mxw_codec_put_u8(struct mxw_strbuf *ret, uint8_t value);
void mxw_codec_put_u32(struct mxw_strbuf *ret, uint32_t value);
void mxw_codec_put_u64(struct mxw_strbuf *ret, uint64_t value);
void mxw_codec_put_bytes(struct mxw_strbuf *ret, const void *bytes, size_t n);
void mxw_codec_put_text(struct mxw_strbuf *ret, const char *text); /* NULL is written as "" */

/* Reads in order; the first thing that does not fit or memory that runs out sets `error` (-EBADMSG, -ENOMEM), and every
 * later read gives zero or NULL, so that one check at the end is enough. */
struct mxw_codec_reader {
	const unsigned char *at;
	size_t left;
	int error;
};

uint8_t mxw_codec_get_u8(struct mxw_codec_reader *reader);
uint32_t mxw_codec_get_u32(struct mxw_codec_reader *reader);
uint64_t mxw_codec_get_u64(struct mxw_codec_reader *reader);
char *mxw_codec_get_bytes(struct mxw_codec_reader *reader, size_t *ret_n); /* a copy, NUL-terminated beyond n; free() */
char *mxw_codec_get_text(struct mxw_codec_reader *reader);                 /* as bytes, but NUL inside is -EBADMSG */
uint32_t mxw_codec_get_count(struct mxw_codec_reader *reader, uint32_t max); /* -EBADMSG above max */
int mxw_codec_finish(struct mxw_codec_reader *reader);                       /* the error; -EBADMSG if bytes are left */
