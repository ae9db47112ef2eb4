/* Journal entries; see journal_entry.h. */
#include "daemon/sender/journal_entry.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

enum { MAX_NAME = 64 };

static bool is_field_name(const char *name)
{
	size_t n = strlen(name);
	return n && n <= MAX_NAME && *name >= 'A' && *name <= 'Z' &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == n;
}

static void add_field(struct mxw_strbuf *ret, const char *name, const char *value)
{
	size_t n = strnlen(value, MXW_JOURNAL_MAX_VALUE);
	mxw_strbuf_adds(ret, name);
	if (!memchr(value, '\n', n)) {
		mxw_strbuf_addc(ret, '=');
	} else {
		mxw_strbuf_addc(ret, '\n');
		for (unsigned i = 0; i < 64; i += 8) /* little endian */
			mxw_strbuf_addc(ret, (char)(unsigned char)((uint64_t)n >> i));
	}
	mxw_strbuf_add(ret, value, n);
	mxw_strbuf_addc(ret, '\n');
}

int mxw_journal_entry(const struct mxw_request *request, struct mxw_strbuf *ret)
{
	for (size_t i = 0; i < request->n_headers; i++) {
		if (!is_field_name(request->headers[i].name))
			return -EINVAL;
		add_field(ret, request->headers[i].name, request->headers[i].value);
	}
	return mxw_strbuf_failed(ret) ? -ENOMEM : 0;
}
