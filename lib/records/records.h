/* Record changes (`notify_changes`): what a domain publishes now against what was confirmed before.
 *
 * A set is text: one record a line, sorted, without repetitions, names in canonical form; neither the order of an answer nor
 * TTLs nor letter case are in it, so two sets are the same exactly when their texts are (findings.md 4.6, 4.9). All text is
 * printable ASCII and newlines.
 *
 *	round -> each view's set (mxw_records_read) -> the quorum's (mxw_records_vote) -> against the last one (mxw_records_step) */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/strbuf.h"
#include "lib/check/watched.h"
#include "lib/finding/finding.h"
#include "lib/verdict/verdict.h"

enum {
	MXW_RECORDS_MAX_TEXT = 4096, /* octets of a set before it is cut; a hostile zone chooses how much it sends */
	MXW_RECORDS_ROUNDS =
		2, /* in a row that must confirm a change: a resolver's caches may disagree among themselves */
	MXW_RECORDS_MAX_TRIES = 10, /* confirming rounds for sets that never come twice; then the interval is enough */
};

/* The texts of sets without a record: the name has none of this type (NODATA), or does not exist (NXDOMAIN). */
extern const char mxw_records_none[], mxw_records_no_name[];

/* ---- one view: record_set.c ---- */

/* The set of a watched type that one view shows, or *ret NULL when a lookup that it needs failed or has no answer: what is
 * not seen has not changed. The caller's to free. What is longer than MXW_RECORDS_MAX_TEXT is cut and ends in its length
 * and a hash of all of it. 0 or -ENOMEM. */
int mxw_records_read(enum mxw_record_type type, const struct mxw_target *target,
		     const struct mxw_observation *observation, char **ret);

/* ---- all views: vote.c ---- */

struct mxw_records_vote {
	const char *set;                /* borrowed from the views; NULL: no set has a quorum */
	struct mxw_verdict_votes votes; /* for the set; no: another set was seen; without a set all are unknown */
};

/* `sets`: one a configured resolver, NULL where it has none. A quorum must show exactly the same set; where the quorum is so
 * low that several sets have one, the one with the most votes counts, and none when two have as many. */
void mxw_records_vote(struct mxw_records_vote *ret, const char *const *sets, size_t n, unsigned quorum);

/* ---- over rounds: track.c ---- */

/* What is known of one watched type. Zero-initialised knows nothing. */
struct mxw_records_track {
	char *confirmed;  /* the last confirmed set; NULL: none was yet */
	char *candidate;  /* another one that waits for confirmation; NULL: none does */
	uint8_t n_rounds; /* in a row that confirmed the candidate */
	uint8_t n_tries;  /* rounds since `confirmed` was seen for the last time */
};

enum mxw_records_step {
	MXW_RECORDS_SAME,    /* nothing to tell, as yet at least */
	MXW_RECORDS_FIRST,   /* the first set: it is confirmed now, and nobody is told */
	MXW_RECORDS_CHANGED, /* the candidate is a change. The next rounds say so again until it is adopted */
};

void mxw_records_track_done(struct mxw_records_track *track);
/* One round; `set` is what the quorum shows, NULL when it could not decide: that neither advances nor resets anything. 0 or
 * -ENOMEM: then the round counts for nothing. */
int mxw_records_step(struct mxw_records_track *track, const char *set, enum mxw_records_step *ret);
/* The set is the confirmed one from now on; takes it over. */
void mxw_records_adopt(struct mxw_records_track *track, char *set);
/* The next round should come soon: a candidate waits. */
bool mxw_records_is_pending(const struct mxw_records_track *track);

/* ---- in words: words.c, finding.c ---- */

/* "MX", "SPF", "NS", "mail host address": what messages call the type. Static. */
const char *mxw_records_type_words(enum mxw_record_type type);
/* The set on one line: "10 a.example.com, 20 b.example.com". */
void mxw_records_line(const char *set, struct mxw_strbuf *ret);
/* The line of an event: "example.com MX changed: 10 a.example.com -> 20 b.example.com". NULL out of memory. */
char *mxw_records_summary(const char *domain, enum mxw_record_type type, const char *old, const char *new);
/* The finding cons-changed of a change to `new`, which this view shows; it cites the questions whose answers make up the
 * set. Never NULL, as mxw_findings_add. */
struct mxw_finding *mxw_records_finding(struct mxw_findings *findings, enum mxw_record_type type,
					const struct mxw_target *target, const struct mxw_observation *observation,
					const char *old, const char *new);
/* Walks the records of a set: start with *at = set; false at the end. A set without records has none. */
bool mxw_records_next(const char **at, const char **ret, size_t *ret_n);
