/* check_host() of RFC 7208 4, pure: from the answers that one resolver has given, by asking again.
 *
 * Terms are evaluated strictly from left to right and questions are asked only when their turn comes, so a record costs no
 * more than RFC 7208 4.6.4 allows: the caller asks what is missing and calls again. Each call starts from the beginning; it
 * needs at most 32 KiB (frames of 11 nested records) and, for records of several character-strings, a copy of each open one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/strbuf.h"
#include "lib/observation/observation.h"
#include "lib/spf/identity.h"
#include "lib/spf/term.h"
#include "lib/spf/trace.h"

enum mxw_spf_result { /* RFC 7208 2.6 */
		      MXW_SPF_NONE,
		      MXW_SPF_NEUTRAL,
		      MXW_SPF_PASS,
		      MXW_SPF_FAIL,
		      MXW_SPF_SOFTFAIL,
		      MXW_SPF_TEMPERROR,
		      MXW_SPF_PERMERROR,
};
const char *mxw_spf_result_name(enum mxw_spf_result result); /* "softfail", ...; static */

/* What stands in the way of a definite answer; for messages. */
enum mxw_spf_problem {
	MXW_SPF_NO_PROBLEM,
	MXW_SPF_BAD_DOMAIN,       /* none: the domain to check is no name of two labels (4.3) */
	MXW_SPF_NO_RECORD,        /* none */
	MXW_SPF_MULTIPLE,         /* permerror (4.5) */
	MXW_SPF_SYNTAX,           /* permerror (4.6) */
	MXW_SPF_TOO_MANY_LOOKUPS, /* permerror (4.6.4), as the next two */
	MXW_SPF_TOO_MANY_VOIDS,
	MXW_SPF_TOO_MANY_MX,
	MXW_SPF_TARGET_NONE,   /* permerror: an include or redirect leads to no record (5.2, 6.1) */
	MXW_SPF_LOOKUP_FAILED, /* temperror */
	MXW_SPF_OUT_OF_TIME,   /* temperror (4.6.4); set by the caller that holds the clock */
	MXW_SPF_N_PROBLEMS,
};
const char *mxw_spf_problem_text(enum mxw_spf_problem problem); /* static: "more than 10 terms that need DNS lookups" */

enum { MXW_SPF_MAX_LOOKUPS = 10, MXW_SPF_MAX_MX = 10, MXW_SPF_MAX_PTR = 10, MXW_SPF_MAX_VOIDS = 2 };

struct mxw_spf_query {
	const struct mxw_spf_identity *identity;
	const char *receiver;   /* NULL: "unknown" */
	int64_t now_s;          /* macro t */
	unsigned max_voids;     /* MXW_SPF_MAX_VOIDS is what the RFC recommends */
	bool wants_explanation; /* of a fail: costs a lookup more (6.2) */
};

struct mxw_spf_evaluation {
	enum mxw_spf_result result;
	enum mxw_spf_problem problem;
	/* The record that decided, and its term: the one that matched, or the one at fault; "" where there is none (default
	 * result, no record). Raw octets. */
	struct mxw_strbuf domain, term;
	struct mxw_spf_error error;    /* SYNTAX: where in the record of `domain` */
	struct mxw_strbuf explanation; /* "" unless the result is fail and the domain explains it; raw 7-bit text */
	struct mxw_strbuf failed_name; /* LOOKUP_FAILED: the question, canonical name */
	uint16_t failed_type;
	enum mxw_outcome failed_outcome;
	unsigned n_lookups,
		n_voids; /* terms that asked, terms whose question had no records; the excess one included */
};
void mxw_spf_evaluation_done(struct mxw_spf_evaluation *evaluation);

/* Evaluates as far as the answers reach. Adds to `missing` what is needed next; if nothing was added, *ret is the result.
 * `trace` (may be NULL) is cleared and takes what was done. *ret must be zero-initialised or from an earlier call. 0 or
 * -ENOMEM. */
int mxw_spf_evaluate(const struct mxw_spf_query *query, const struct mxw_observation *observation,
		     struct mxw_missing *missing, struct mxw_spf_trace *trace, struct mxw_spf_evaluation *ret);
