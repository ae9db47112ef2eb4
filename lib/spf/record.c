/* Selection, joining and walking of records; see record.h. */
#include "lib/spf/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/strbuf.h"
#include "lib/dns/type.h"

static const char version[] = "v=spf1";
enum { N_VERSION = sizeof(version) - 1 };

/* ---- selection ---- */

/* The first octets of the joined character-strings, without joining them all: most TXT records are not SPF. */
static size_t read_prefix(const struct mxw_rr *rr, char *ret, size_t max)
{
	size_t n = 0;
	for (size_t at = 0; at < rr->n_rdata && n < max;) {
		size_t len = rr->rdata[at++];
		for (size_t i = 0; i < len && at < rr->n_rdata && n < max; i++)
			ret[n++] = (char)rr->rdata[at++];
	}
	return n;
}

bool mxw_spf_record_is(const struct mxw_rr *rr)
{
	char prefix[N_VERSION + 1];
	size_t n = rr->type == MXW_TYPE_TXT ? read_prefix(rr, prefix, sizeof(prefix)) : 0;
	return n >= N_VERSION && strncasecmp(prefix, version, N_VERSION) == 0 &&
	       (n == N_VERSION || prefix[N_VERSION] == ' ');
}

size_t mxw_spf_record_select(const struct mxw_answer *txt, const struct mxw_rr **ret_first)
{
	size_t n = 0;
	*ret_first = NULL;
	for (size_t i = 0; txt && txt->outcome == MXW_OUTCOME_ANSWER && i < txt->n_rrs; i++) {
		if (!mxw_spf_record_is(&txt->rrs[i]))
			continue;
		if (!n++)
			*ret_first = &txt->rrs[i];
	}
	return n;
}

/* ---- terms ---- */

bool mxw_spf_record_next_piece(const char *text, size_t n, size_t *at, const char **ret, size_t *ret_n)
{
	while (*at < n && text[*at] == ' ')
		++*at;
	if (*at >= n)
		return false;
	const char *space = memchr(text + *at, ' ', n - *at);
	*ret = text + *at;
	*ret_n = space ? (size_t)(space - *ret) : n - *at;
	*at += *ret_n;
	return true;
}

/* The next term of the record behind its version, as text. */
static bool next_text(const struct mxw_spf_record *record, size_t *at, const char **ret, size_t *ret_n)
{
	if (*at < N_VERSION)
		*at = N_VERSION;
	return mxw_spf_record_next_piece(record->text, record->n_text, at, ret, ret_n);
}

bool mxw_spf_record_next(const struct mxw_spf_record *record, size_t *at, struct mxw_spf_term *ret)
{
	struct mxw_spf_error error;
	const char *text;
	size_t n;
	return next_text(record, at, &text, &n) && mxw_spf_term_parse(text, n, ret, &error) == 0;
}

/* ---- opening ---- */

/* One character-string is borrowed, several are joined (RFC 7208 3.3). */
static int join(struct mxw_spf_record *record, const struct mxw_rr *rr)
{
	size_t n = rr->n_rdata ? rr->n_rdata - 1u : 0;
	record->text = "";
	if (n && rr->rdata[0] >= n) {
		record->text = (const char *)rr->rdata + 1;
		record->n_text = n;
	} else if (n) {
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		mxw_rr_text(rr, &text);
		record->n_text = text.len;
		record->joined = mxw_strbuf_take(&text);
		if (!record->joined) {
			record->n_text = 0;
			return -ENOMEM;
		}
		record->text = record->joined;
	}
	return 0;
}

/* Keeps a modifier that may be there once (RFC 7208 6). The reason if it is there twice. */
static const char *keep(struct mxw_spf_record *record, const struct mxw_spf_term *term)
{
	switch (term->kind) {
	case MXW_SPF_ALL:
		record->has_all = true;
		return NULL;
	case MXW_SPF_REDIRECT:
		if (record->has_redirect)
			return "a second \"redirect\"";
		record->has_redirect = true;
		record->redirect = *term;
		return NULL;
	case MXW_SPF_EXP:
		if (record->has_exp)
			return "a second \"exp\"";
		record->has_exp = true;
		record->exp = *term;
		return NULL;
	default:
		return NULL;
	}
}

int mxw_spf_record_open(struct mxw_spf_record *ret, const struct mxw_rr *rr, struct mxw_spf_error *ret_error)
{
	*ret = (struct mxw_spf_record){ 0 };
	int r = join(ret, rr);
	if (r < 0)
		return r;
	struct mxw_spf_term term;
	const char *text;
	size_t n, at = 0;
	while (next_text(ret, &at, &text, &n)) {
		size_t begin = (size_t)(text - ret->text);
		if (mxw_spf_term_parse(text, n, &term, ret_error) != 0) {
			ret_error->at += begin;
			ret_error->term += begin;
			return MXW_SPF_E_SYNTAX;
		}
		const char *reason = keep(ret, &term);
		if (reason) {
			*ret_error = (struct mxw_spf_error){ begin, begin, n, reason };
			return MXW_SPF_E_SYNTAX;
		}
	}
	return 0;
}

void mxw_spf_record_done(struct mxw_spf_record *record)
{
	free(record->joined);
	*record = (struct mxw_spf_record){ 0 };
}
