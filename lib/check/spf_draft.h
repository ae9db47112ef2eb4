/* SPF records that are written: drafts of corrected ones, and their form in a zone file. What every fix of the check spf
 * is made of. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/arena.h"
#include "lib/base/strbuf.h"
#include "lib/dns/answer.h"
#include "lib/spf/tree.h"

/* A record of more is no proposal; a placeholder stands for the rest. Somebody else's zone must not make us write a record of
 * 64 KiB once for each of its terms. */
enum { MXW_MAX_DRAFT_TERMS = 100, MXW_MAX_DRAFT_OCTETS = 4096 };

/* What a domain that sends no mail publishes; in zone-file form. */
#define MXW_SPF_SILENT_RECORD "\"v=spf1 -all\""

struct mxw_spf_draft {
	struct mxw_arena *arena; /* takes what is made; its flag tells of missing memory */
	/* One slot a term, in order. A slot may come to hold several terms, divided by spaces, or none (""). */
	const char *slots[MXW_MAX_DRAFT_TERMS];
	size_t n, n_octets;
	bool is_full;     /* terms were left out */
	bool had_senders; /* somebody passes, or was meant to, before anything is changed */
	const char *lost; /* terms that are gone from it, divided by spaces, raw; "" */
};

void mxw_spf_draft_init(struct mxw_spf_draft *draft, struct mxw_arena *arena);
/* The terms of a record that can be read: slot i is branch i. */
void mxw_spf_draft_read(struct mxw_spf_draft *draft, struct mxw_arena *arena, const struct mxw_spf_node *node);
/* The terms of a record that is not well-formed: corrected, or left out where nobody knows what was meant. */
void mxw_spf_draft_correct(struct mxw_spf_draft *draft, struct mxw_arena *arena, const char *text, size_t n);
/* The same for all SPF records of the answer together, each term once, with the strictest "all" of them and
 * an include for a redirect. */
void mxw_spf_draft_merge(struct mxw_spf_draft *draft, struct mxw_arena *arena, const struct mxw_answer *txt);

/* Each of them ignores a slot that was left out. Texts are copied. */
void mxw_spf_draft_append(struct mxw_spf_draft *draft, const char *text, size_t n);
void mxw_spf_draft_replace(struct mxw_spf_draft *draft, size_t slot, const char *text);
void mxw_spf_draft_remove(struct mxw_spf_draft *draft, size_t slot);
/* Puts the text before the slot; behind everything if there is no such slot. */
void mxw_spf_draft_insert(struct mxw_spf_draft *draft, size_t slot, const char *text);

/* Notes a term that was left out for good. */
void mxw_spf_draft_lose(struct mxw_spf_draft *draft, const char *text, size_t n);
/* Where somebody passed before and nobody does now, a "-all" would have all mail of the domain rejected: it becomes "~all".
 * True if so. */
bool mxw_spf_draft_soften(struct mxw_spf_draft *draft);

/* One of the terms is an "all". */
bool mxw_spf_draft_has_all(const struct mxw_spf_draft *draft);
/* Leaves out networks that lie in others of the same qualifier, where that makes no difference. */
void mxw_spf_draft_simplify(struct mxw_spf_draft *draft);
/* The same terms in the same order, case and spaces aside. */
bool mxw_spf_draft_equals(const struct mxw_spf_draft *draft, const char *text, size_t n);

/* The record in zone-file form; in the arena. */
const char *mxw_spf_draft_write(const struct mxw_spf_draft *draft);

/* RDATA of a TXT record in zone-file form: quoted, escaped, cut at 255 octets. */
void mxw_spf_quote(const char *text, size_t n, struct mxw_strbuf *ret);
