/* SPF records as text (RFC 7208): which TXT records are one, and the little about them that a domain's profile needs.
 * Nothing is evaluated here. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/strbuf.h"
#include "lib/dns/answer.h"

/* Selected by RFC 7208 4.5: the joined text is "v=spf1", in any case, alone or before a space. */
bool mxw_spf_text_is_record(const struct mxw_rr *rr);
/* Number of selected records of a TXT answer; 0 for any other answer. *ret_first: the first one or NULL, borrowed. */
size_t mxw_spf_text_count(const struct mxw_answer *answer, const struct mxw_rr **ret_first);

/* The record is "v=spf1 -all", spaces and case aside: nobody sends mail as this domain. */
bool mxw_spf_text_denies_all(const struct mxw_rr *rr, bool *ret_failed);
/* Some mechanism gives "pass" (or the record redirects): somebody may send mail as this domain. */
bool mxw_spf_text_authorises(const struct mxw_rr *rr, bool *ret_failed);

/* The corrected record, if the text is no SPF record but was surely meant to be one; false otherwise. */
bool mxw_spf_text_correct(const char *text, size_t n, struct mxw_strbuf *ret);

/* One record with all terms of all selected records of the answer and the strictest "all" of them. */
void mxw_spf_text_merge(const struct mxw_answer *answer, struct mxw_strbuf *ret);

/* RDATA of a TXT record in zone-file form: quoted, escaped, cut at 255 octets. */
void mxw_spf_text_quote(const char *text, size_t n, struct mxw_strbuf *ret);
