/* Fuzz target: the RDATA of a TXT record as SPF. What is refused is refused at an octet of a term; what opens can be walked,
 * and its terms lie in it, in order. */
#include <string.h>

#include "lib/dns/type.h"
#include "lib/spf/domain.h"
#include "lib/spf/macro.h"
#include "lib/spf/record.h"
#include "tests/fuzz/fuzz.h"

static bool is_slice(const char *slice, size_t n, const char *text, size_t n_text)
{
	return slice >= text && n <= n_text && (size_t)(slice - text) <= n_text - n;
}

static void check_term(const struct mxw_spf_term *term)
{
	size_t at;
	CHECK(term->n_text && !memchr(term->text, ' ', term->n_text));
	CHECK(mxw_spf_kind_is_modifier(term->kind) ? !term->qualifier : strchr("+-~?", term->qualifier) != NULL);
	CHECK(term->bits4 <= 32 && term->bits6 <= 128);
	if (term->kind == MXW_SPF_IP4 || term->kind == MXW_SPF_IP6)
		CHECK(term->network.family == (term->kind == MXW_SPF_IP4 ? 4 : 6));
	if (!term->spec) {
		CHECK(!mxw_spf_kind_is_modifier(term->kind));
		CHECK(term->kind != MXW_SPF_INCLUDE && term->kind != MXW_SPF_EXISTS);
		return;
	}
	CHECK(is_slice(term->spec, term->n_spec, term->text, term->n_text));
	enum mxw_spf_macro_form form = term->kind == MXW_SPF_UNKNOWN_MODIFIER ? MXW_SPF_MACRO_STRING
									      : MXW_SPF_DOMAIN_SPEC;
	CHECK(mxw_spf_macro_check(form, term->spec, term->n_spec, &at) == 0);
	char name[MXW_NAME_TEXT_MAX], again[MXW_NAME_TEXT_MAX];
	if (mxw_spf_domain_name(term->spec, term->n_spec, name) == 0)
		CHECK(mxw_name_canonical(name, again) == 0 && strcmp(name, again) == 0);
}

/* Each piece behind the version is one term, and the record remembers its modifiers. */
static void check_walk(const struct mxw_spf_record *record)
{
	struct mxw_spf_term term;
	const char *piece;
	size_t n, at = 0, at_piece = 0;
	bool has_all = false, has_redirect = false, has_exp = false;
	CHECK(mxw_spf_record_next_piece(record->text, record->n_text, &at_piece, &piece, &n) && n == strlen("v=spf1"));
	while (mxw_spf_record_next(record, &at, &term)) {
		CHECK(mxw_spf_record_next_piece(record->text, record->n_text, &at_piece, &piece, &n));
		CHECK(piece == term.text && n == term.n_text);
		CHECK(is_slice(term.text, term.n_text, record->text, record->n_text));
		check_term(&term);
		has_all |= term.kind == MXW_SPF_ALL;
		if (term.kind == MXW_SPF_REDIRECT)
			CHECK(!has_redirect && record->redirect.text == term.text);
		if (term.kind == MXW_SPF_EXP)
			CHECK(!has_exp && record->exp.text == term.text);
		has_redirect |= term.kind == MXW_SPF_REDIRECT;
		has_exp |= term.kind == MXW_SPF_EXP;
	}
	CHECK(!mxw_spf_record_next_piece(record->text, record->n_text, &at_piece, &piece, &n));
	CHECK(has_all == record->has_all && has_redirect == record->has_redirect && has_exp == record->has_exp);
}

/* The error names a whole term and an octet in it or at its end. */
static void check_error(const struct mxw_spf_record *record, const struct mxw_spf_error *error)
{
	CHECK(error->reason && *error->reason);
	CHECK(error->n_term && error->n_term <= record->n_text && error->term <= record->n_text - error->n_term);
	CHECK(error->at >= error->term && error->at <= error->term + error->n_term);
	CHECK(!memchr(record->text + error->term, ' ', error->n_term));
	CHECK(record->text[error->term - 1] == ' ');
	size_t end = error->term + error->n_term;
	CHECK(end == record->n_text || record->text[end] == ' ');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size || size > UINT16_MAX)
		return 0;
	struct mxw_rr rr = { .type = MXW_TYPE_TXT, .rdata = data, .n_rdata = (uint16_t)size };
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf joined = MXW_STRBUF_INIT;
	struct mxw_spf_record record;
	struct mxw_spf_error error = { 0 };
	if (!mxw_spf_record_is(&rr))
		return 0;
	int r = mxw_spf_record_open(&record, &rr, &error);
	CHECK(r >= 0);
	mxw_rr_text(&rr, &joined);
	CHECK(joined.len == record.n_text && memcmp(mxw_strbuf_get(&joined), record.text, joined.len) == 0);
	if (r == 0)
		check_walk(&record);
	else
		check_error(&record, &error);
	mxw_spf_record_done(&record);
	return 0;
}
