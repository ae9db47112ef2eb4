/* Published records against expected ones (lib/target/expect.h), in one resolver's view. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/dns/answer.h"
#include "lib/dns/name.h"
#include "lib/target/expect.h"

/* The question whose answer holds the records of an expectation. */
struct mxw_expected_question {
	char name[MXW_NAME_TEXT_MAX];
	uint16_t type;
};
void mxw_expected_ask(const struct mxw_expectation *expectation, const char *domain, struct mxw_expected_question *ret);

/* What the answer holds of the type. Keys are as in struct mxw_expected; texts are raw octets of strangers. Outside EXACT the
 * terms of the SPF records are items too, behind the records. The items live in the arena, which tells a failure, and borrow
 * names from the answer. */
struct mxw_published {
	const struct mxw_answer *answer; /* ANSWER, NODATA or NXDOMAIN */
	struct mxw_expected *items;
	size_t n;
	uint32_t ttl; /* the largest of the records, seconds; 0 if there is none */
};
void mxw_published_read(struct mxw_published *ret, const struct mxw_expectation *expectation,
			const struct mxw_answer *answer, struct mxw_arena *arena);

/* The item is among the n, whichever of the two sides leaves a preference open. */
bool mxw_expected_is_among(const struct mxw_expected *item, const struct mxw_expected *items, size_t n);
/* The set, if it was given, is what the mode wants it to be. */
bool mxw_expected_fits(const struct mxw_expected_set *set, enum mxw_expect_mode mode,
		       const struct mxw_published *published);
/* What is published is right in this phase. */
bool mxw_expectation_holds(const struct mxw_expectation *expectation, enum mxw_plan_phase phase,
			   const struct mxw_published *published);
