/* What became of one try, as bytes; see request.h. */
#include "lib/request/request.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "lib/base/escape.h"
#include "lib/request/codec.h"

enum { VERSION = 1 };

void mxw_result_done(struct mxw_result *result)
{
	if (!result)
		return;
	free(result->text);
	*result = (struct mxw_result){ 0 };
}

int mxw_result_encode(const struct mxw_result *result, struct mxw_strbuf *ret)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	const char *raw = result->text ? result->text : "";
	mxw_escape_line_once(&text, raw, strlen(raw), 0);
	mxw_codec_put_u8(ret, VERSION);
	mxw_codec_put_u8(ret, (uint8_t)result->status);
	mxw_codec_put_u64(ret, (uint64_t)result->retry_after_ms);
	mxw_codec_put_bytes(ret, mxw_strbuf_get(&text), MXW_MIN(text.len, (size_t)MXW_MAX_FIELD));
	return mxw_strbuf_failed(ret) || mxw_strbuf_failed(&text) ? -ENOMEM : 0;
}

static bool is_printable(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7e)
			return false;
	return true;
}

int mxw_result_decode(struct mxw_result *ret, const void *bytes, size_t n)
{
	*ret = (struct mxw_result){ 0 };
	struct mxw_codec_reader reader = { .at = bytes, .left = n };
	uint8_t version = mxw_codec_get_u8(&reader), status = mxw_codec_get_u8(&reader);
	uint64_t retry_after_ms = mxw_codec_get_u64(&reader);
	if (version != VERSION || status < MXW_DELIVERED || status > MXW_PARKED ||
	    retry_after_ms > MXW_RESULT_MAX_RETRY_AFTER_MS)
		return -EBADMSG;
	ret->status = (enum mxw_result_status)status;
	ret->retry_after_ms = (int64_t)retry_after_ms;
	ret->text = mxw_codec_get_text(&reader);
	int r = mxw_codec_finish(&reader);
	if (!r && (strlen(ret->text) > MXW_MAX_FIELD || !is_printable(ret->text)))
		r = -EBADMSG;
	if (r)
		mxw_result_done(ret);
	return r;
}
