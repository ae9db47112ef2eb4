/* What senders and their users see when something is wrong: short texts for the codes that finding tables use
 * (findings.md 1.6). Codes keep the tables short and the same symptom in the same words everywhere.
 *
 * The texts hold no placeholders, so that any finding may name any code. */
#pragma once

#include <stddef.h>

struct mxw_symptom {
	const char *code; /* "B-NX" */
	const char *text; /* one clause, no final dot, lower case start unless a name */
};

/* All codes, ended by a row without code. */
extern const struct mxw_symptom mxw_symptoms[];

/* The text of the code in the first n octets of `code`; NULL if there is no such code. */
const char *mxw_symptom_text(const char *code, size_t n);
