/* SPF records: which TXT records are one (RFC 7208 4.5), and their terms in order (4.6, 12).
 *
 * A record is checked as a whole when it is opened: a syntax error anywhere makes all of it permerror, reached or not (4.6).
 * Terms are parsed again while they are walked, so an open record holds no list and needs no more memory than its text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/dns/answer.h"
#include "lib/spf/term.h"

/* Selected by RFC 7208 4.5: the joined text is "v=spf1", in any case, alone or before a space. */
bool mxw_spf_record_is(const struct mxw_rr *rr);
/* Number of selected records of a TXT answer (identical ones are one record there); 0 for any other answer and for NULL.
 * *ret_first: the first one or NULL, borrowed. */
size_t mxw_spf_record_select(const struct mxw_answer *txt, const struct mxw_rr **ret_first);

struct mxw_spf_record {
	const char *text; /* the character-strings joined without a separator (3.3); raw octets */
	size_t n_text;
	char *joined; /* owned; NULL when the record is one character-string and `text` is borrowed from the answer */
	/* The modifiers, valid where `has_` says so; slices of `text`. */
	bool has_redirect, has_exp, has_all;
	struct mxw_spf_term redirect, exp;
};

/* Joins and checks a selected record. 0; MXW_SPF_E_SYNTAX with *ret_error (offsets into ret->text, which is set); -ENOMEM.
 * mxw_spf_record_done is due in all cases. A second `redirect` or `exp` is an error (6). */
int mxw_spf_record_open(struct mxw_spf_record *ret, const struct mxw_rr *rr, struct mxw_spf_error *ret_error);
void mxw_spf_record_done(struct mxw_spf_record *record);

/* The terms of a well-formed record in order, modifiers included. Start with *at 0; false at the end. */
bool mxw_spf_record_next(const struct mxw_spf_record *record, size_t *at, struct mxw_spf_term *ret);

/* Cuts a text at spaces, whatever the pieces are; for records that are not well-formed. Start with *at 0. */
bool mxw_spf_record_next_piece(const char *text, size_t n, size_t *at, const char **ret, size_t *ret_n);
