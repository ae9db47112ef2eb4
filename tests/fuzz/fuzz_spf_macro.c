/* Fuzz target: macro strings. The first octet chooses the form and the client; then come a local part, NUL, a domain, NUL and
 * the text. A text that was checked expands; a name that is made of it can be told again. */
#include <string.h>

#include "lib/spf/domain.h"
#include "lib/spf/macro.h"
#include "tests/fuzz/fuzz.h"

enum { MAX_NAME = 253 };

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if (*text & 0x80)
			return false;
	return true;
}

static void check_name(const char *text, size_t n)
{
	char name[MXW_NAME_TEXT_MAX], again[MXW_NAME_TEXT_MAX];
	size_t n_left = n;
	const char *left = mxw_spf_macro_truncate(text, &n_left);
	CHECK(left >= text && left + n_left == text + n);  /* what is cut off is at the left, */
	CHECK(left == text || left[-1] == '.' || !n_left); /* in whole labels, */
	CHECK(n_left <= MAX_NAME || (n_left == MAX_NAME + 1 && left[n_left - 1] == '.'));
	if (left > text && n_left) { /* and no more than it takes */
		const char *label = left - 1;
		while (label > text && label[-1] != '.')
			label--;
		CHECK((size_t)(text + n - label) - (text[n - 1] == '.') > MAX_NAME);
	}
	if (mxw_spf_domain_name(left, n_left, name) == 0) {
		CHECK(mxw_name_canonical(name, again) == 0 && strcmp(name, again) == 0);
		CHECK(mxw_spf_domain_is_usable(left, n_left) == (left[0] != '[' && mxw_name_n_labels(name) > 1));
	} else {
		CHECK(!mxw_spf_domain_is_usable(left, n_left));
	}
}

static void check_expansion(const char *text, size_t n, const struct mxw_spf_macro_values *values)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf expansion = MXW_STRBUF_INIT;
	bool is_usable = is_ascii(values->local_part) ||
			 (!mxw_spf_macro_uses(text, n, 'l') && !mxw_spf_macro_uses(text, n, 's'));
	int r = mxw_spf_macro_expand(text, n, values, &expansion);
	CHECK(r == (is_usable ? 0 : MXW_SPF_MACRO_E_UNUSABLE));
	CHECK(!mxw_strbuf_failed(&expansion));
	if (r != 0)
		return;
	if (!mxw_spf_macro_is_present(text, n))
		CHECK(expansion.len == n && memcmp(mxw_strbuf_get(&expansion), text, n) == 0);
	check_name(mxw_strbuf_get(&expansion), expansion.len);
}

/* The text up to a NUL, which is passed; what remains if there is none. NULL without memory. */
static char *take_text(const uint8_t **data, size_t *size)
{
	size_t n = strnlen((const char *)*data, *size);
	char *text = strndup((const char *)*data, n);
	if (n < *size)
		n++;
	*data += n;
	*size -= n;
	return text;
}

static void check(enum mxw_spf_macro_form form, const char *text, size_t n, const struct mxw_spf_macro_values *values)
{
	size_t at = 0, at_fault = 0;
	int r = mxw_spf_macro_check(form, text, n, &at);
	const char *reason = mxw_spf_macro_fault(form, text, n, &at_fault);
	CHECK(r == (reason ? MXW_SPF_MACRO_E_SYNTAX : 0));
	if (reason)
		CHECK(at == at_fault && at <= n);
	else
		check_expansion(text, n, values);
	if (!reason && form != MXW_SPF_EXPLAIN_STRING) /* the forms are ever wider */
		CHECK(mxw_spf_macro_check(form + 1, text, n, &at) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t address[16] = { 0x20, 0x01, 0x0d, 0xb8, [14] = 0xcb, [15] = 0x01 };
	if (size < 1)
		return 0;
	enum mxw_spf_macro_form form = data[0] % 3;
	struct mxw_ip ip = mxw_ip_from_bytes(data[0] & 0x80 ? 6 : 4, address);
	data++;
	size--;
	char *local_part MXW_CLEANUP(mxw_freep) = take_text(&data, &size);
	char *domain MXW_CLEANUP(mxw_freep) = take_text(&data, &size);
	CHECK(local_part && domain);
	check_name(domain, strlen(domain));
	const struct mxw_spf_macro_values values = {
		.local_part = local_part,
		.sender_domain = domain,
		.domain = domain,
		.helo = "mx.example.org",
		.ip = ip,
		.validated = "unknown",
		.receiver = "unknown",
		.now_s = 1700000000,
	};
	check(form, (const char *)data, size, &values);
	return 0;
}
