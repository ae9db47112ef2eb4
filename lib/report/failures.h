/* Why something could not be decided: the questions behind it and what became of them at each resolver. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lib/base/strbuf.h"
#include "lib/report/report.h"

enum { MXW_FAILURES_MAX = 8 }; /* questions in a report: one resolver in trouble fails them all in the same way */

struct mxw_report_failure {
	const char *name; /* of the question; borrowed from the round */
	uint16_t type;
	uint32_t resolvers[MXW_N_OUTCOMES]; /* bit i: resolver i, by the outcome; indeterminate ones only */
};

/* Why nobody can tell: "too few resolvers gave a usable answer", or the cap of the round that left questions unasked. Static;
 * `round` may be NULL. */
const char *mxw_report_blank_reason(const struct mxw_round *round);

/* The first questions that undecided keys rest on and that failed somewhere; how many. */
size_t mxw_report_failures(const struct mxw_round *round, struct mxw_report_failure ret[static MXW_FAILURES_MAX]);

/* "example.com MX: refused at 9.9.9.9, 1.1.1.1; timeout at 8.8.8.8" */
void mxw_report_failure_format(const struct mxw_report_failure *failure, const struct mxw_report_context *context,
			       struct mxw_strbuf *ret);
