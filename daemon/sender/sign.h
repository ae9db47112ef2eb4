/* Signatures of webhooks: HMAC-SHA256 as Standard Webhooks has it. The only file that knows libcrypto. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/base/strbuf.h"

/* Appends "v1," and the base64 of HMAC-SHA256(key, "id.timestamp.body"). The key is `secret`, or what follows
 * "whsec_" in it, decoded from base64. 0, -ENOMEM, -EINVAL for bad base64 or an empty key. */
int mxw_sign_webhook(const char *secret, size_t n_secret, const char *id, int64_t timestamp_s, const void *body,
		     size_t n_body, struct mxw_strbuf *ret);
