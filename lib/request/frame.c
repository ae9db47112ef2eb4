/* Frames on a stream; see request.h. */
#include "lib/request/request.h"

#include <errno.h>

#include "lib/request/codec.h"

int mxw_frame_put(struct mxw_strbuf *ret, uint64_t delivery, const void *message, size_t n)
{
	if (n > MXW_REQUEST_MAX)
		return -E2BIG;
	mxw_codec_put_u32(ret, (uint32_t)n);
	mxw_codec_put_u64(ret, delivery);
	mxw_strbuf_add(ret, message, n);
	return mxw_strbuf_failed(ret) ? -ENOMEM : 0;
}

int64_t mxw_frame_get(const void *bytes, size_t n, uint64_t *ret_delivery, const void **ret_message, size_t *ret_n)
{
	struct mxw_codec_reader reader = { .at = bytes, .left = n };
	size_t length = mxw_codec_get_u32(&reader);
	if (!reader.error && length > MXW_REQUEST_MAX)
		return -EBADMSG;
	uint64_t delivery = mxw_codec_get_u64(&reader);
	if (reader.error || reader.left < length)
		return 0;
	*ret_delivery = delivery;
	*ret_message = reader.at;
	*ret_n = length;
	return (int64_t)(MXW_FRAME_HEADER + length);
}
