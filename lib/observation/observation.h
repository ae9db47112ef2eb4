/* What one resolver has answered so far in one round, and the questions that are still missing.
 *
 * A check reads observations and asks for more; it keeps no progress of its own (design.md 2, re-asking). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/dns/answer.h"

struct mxw_observation;

int mxw_observation_new(struct mxw_observation **ret);
void mxw_observation_free(struct mxw_observation *observation);

/* Stores the answer to (name, type); takes a reference of its own. The first answer of a question stays. -ENOMEM. */
int mxw_observation_put(struct mxw_observation *observation, const char *name, uint16_t type,
			struct mxw_answer *answer);
/* Borrowed; NULL if this was not answered (yet). */
const struct mxw_answer *mxw_observation_get(const struct mxw_observation *observation, const char *name,
					     uint16_t type);
/* Some answer was served after its time (RFC 8767). */
bool mxw_observation_has_stale(const struct mxw_observation *observation);
size_t mxw_observation_count(const struct mxw_observation *observation);

/* Questions of one set. Whoever misses more is asked again after these are answered, so nothing is lost by the bound. */
enum { MXW_MAX_MISSING = 256 };

/* The questions that a check misses: a set without repetitions, in the order of asking. Zero-initialised is empty. */
struct mxw_missing {
	struct mxw_missing_question {
		char *name;
		uint16_t type;
	} * items;
	size_t n, capacity;
	bool failed; /* out of memory */
};
void mxw_missing_done(struct mxw_missing *missing);
void mxw_missing_clear(struct mxw_missing *missing); /* keeps the memory and forgets a failure */
/* Notes a question unless it is in the set already or the set is full; `failed` tells when memory runs out. */
void mxw_missing_add(struct mxw_missing *missing, const char *name, uint16_t type);
/* Notes every question of another set; its failure is ours, too. */
void mxw_missing_add_all(struct mxw_missing *missing, const struct mxw_missing *other);
/* Index of the question, or -ENOENT. */
int mxw_missing_find(const struct mxw_missing *missing, const char *name, uint16_t type);

/* The answer to (name, type) if there is one; else notes the question as missing and returns NULL. What ask() is made of. */
const struct mxw_answer *mxw_observation_want(const struct mxw_observation *observation, struct mxw_missing *missing,
					      const char *name, uint16_t type);
