/* Spellings of SPF made one; see normal.h. */
#include "lib/spf/normal.h"

#include "lib/spf/record.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static void add_term(const char *text, size_t n, struct mxw_strbuf *ret)
{
	size_t n_kept = 0; /* octets ahead that stay as they are: "%%", or "%{" and its letter */
	for (size_t i = n > 1 && text[0] == '+'; i < n; i++) {
		if (!n_kept && text[i] == '%' && i + 1 < n)
			n_kept = text[i + 1] == '{' ? 3 : 2;
		mxw_strbuf_addc(ret, n_kept ? text[i] : lower(text[i]));
		n_kept -= n_kept > 0;
	}
}

void mxw_spf_normalise(const char *text, size_t n, struct mxw_strbuf *ret)
{
	const char *piece;
	size_t n_piece, at = 0;
	for (bool first = true; mxw_spf_record_next_piece(text, n, &at, &piece, &n_piece); first = false) {
		if (!first)
			mxw_strbuf_addc(ret, ' ');
		add_term(piece, n_piece, ret);
	}
}
