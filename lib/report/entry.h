/* One verdict entry made readable: texts filled, commands with a resolver. What all renderers of this room share.
 *
 * Texts are raw: they hold what strangers sent, and every sink escapes them in its own way. Commands are quoted for a
 * POSIX shell, because people paste them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/arena.h"
#include "lib/report/report.h"
#include "lib/verdict/verdict.h"

struct mxw_report_entry {
	const struct mxw_verdict_entry *verdict;
	const char *message; /* never empty */
	const char *symptom; /* "" for none */
	/* At a resolver that says yes, one that says no, and a name server of the zone that says yes or contradicts; else
	 * at a resolver that cannot tell. */
	const char *const *reproduce;
	size_t n_reproduce;
	const char *const *fix;
	size_t n_fix;
};

/* The context with the name servers of the round (NULL: without); borrows from both. */
struct mxw_report_context mxw_report_context_of(const struct mxw_report_context *context,
						const struct mxw_round *round);

/* Of resolvers, then of name servers; "" beyond them. */
const char *mxw_report_view_name(const struct mxw_report_context *context, size_t view);

/* Strings live in the arena; its `failed` flag tells of missing memory. An undecided key that no resolver reports has
 * neither symptom nor fix: nothing is known to be wrong. */
void mxw_report_entry_fill(struct mxw_report_entry *ret, const struct mxw_verdict_entry *verdict,
			   const struct mxw_report_context *context, struct mxw_arena *arena);

/* Whether reports show the entry: keys that hold, and undecided or recovering ones worth telling; in alerts keys that hold
 * and are a warning at least. */
bool mxw_report_entry_is_told(const struct mxw_verdict_entry *verdict, bool alerting_only);

/* An earlier check of the round tells the same (id, subject) with the same status: failed lookups of a shared question. */
bool mxw_report_entry_is_repeated(const struct mxw_round *round, size_t check, const struct mxw_verdict_entry *verdict);

/* The entry that explains the state of the round best: worst first, confirmed before undecided. NULL if none is told. */
const struct mxw_verdict_entry *mxw_report_worst_entry(const struct mxw_round *round);

/* Nobody saw it and too few could deny it: it says something about the lookups, not about the domain. */
bool mxw_report_entry_is_blank(const struct mxw_verdict_entry *verdict);

/* "2 of 3 resolvers" for a confirmed entry. */
void mxw_report_votes_short(const struct mxw_verdict_entry *verdict, const struct mxw_report_context *context,
			    struct mxw_strbuf *ret);
/* Name servers of the zone were asked. */
bool mxw_report_has_servers(const struct mxw_verdict_entry *verdict);
