/* Standard Webhooks signatures; see sign.h. */
#include "daemon/sender/sign.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum { MAX_KEY = 4096, DIGEST = 32 };

static const char prefix[] = "whsec_";

/* Strict: the alphabet of RFC 4648 section 4, whole groups of four, padding at the end only. */
static bool is_base64(const char *text, size_t n)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t n_digits = n;
	while (n - n_digits < 2 && n_digits && text[n_digits - 1] == '=')
		n_digits--;
	for (size_t i = 0; i < n_digits; i++)
		if (!text[i] || !strchr(alphabet, text[i]))
			return false;
	return n && n % 4 == 0;
}

/* Octets of the key, -EINVAL. `ret` has room for MAX_KEY. */
static int decode_key(const char *text, size_t n, unsigned char *ret)
{
	while (n && strchr(" \t\r\n", text[n - 1]))
		n--;
	if (n > MAX_KEY || !is_base64(text, n))
		return -EINVAL;
	int decoded = EVP_DecodeBlock(ret, (const unsigned char *)text, (int)n);
	if (decoded < 0)
		return -EINVAL;
	decoded -= (text[n - 1] == '=') + (text[n - 2] == '='); /* it counts the padding as zeros */
	return decoded;
}

static int read_key(const char *secret, size_t n, unsigned char *ret)
{
	size_t n_prefix = strlen(prefix);
	if (n >= n_prefix && memcmp(secret, prefix, n_prefix) == 0)
		return decode_key(secret + n_prefix, n - n_prefix, ret);
	if (n > MAX_KEY)
		return -EINVAL;
	memcpy(ret, secret, n);
	return (int)n;
}

int mxw_sign_webhook(const char *secret, size_t n_secret, const char *id, int64_t timestamp_s, const void *body,
		     size_t n_body, struct mxw_strbuf *ret)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf message = MXW_STRBUF_INIT;
	unsigned char key[MAX_KEY], digest[EVP_MAX_MD_SIZE], text[EVP_MAX_MD_SIZE * 2];
	unsigned n_digest = 0;
	mxw_strbuf_addf(&message, "%s.%" PRId64 ".", id, timestamp_s);
	mxw_strbuf_add(&message, body, n_body);
	if (mxw_strbuf_failed(&message))
		return -ENOMEM;
	int n_key = read_key(secret, n_secret, key);
	const unsigned char *done = n_key > 0 ? HMAC(EVP_sha256(), key, n_key,
						     (const unsigned char *)mxw_strbuf_get(&message), message.len,
						     digest, &n_digest)
					      : NULL;
	OPENSSL_cleanse(key, sizeof(key));
	if (n_key <= 0)
		return -EINVAL;
	if (!done || n_digest != DIGEST)
		return -ENOMEM;
	EVP_EncodeBlock(text, digest, DIGEST);
	mxw_strbuf_addf(ret, "v1,%s", (const char *)text);
	return mxw_strbuf_failed(ret) ? -ENOMEM : 0;
}
