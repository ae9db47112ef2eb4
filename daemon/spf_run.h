/* An SPF evaluation made asynchronous: asks one resolver what lib/spf misses, and evaluates again, until nothing is missing
 * (design.md 2, re-asking) or the time is over. */
#pragma once

#include <stdint.h>

#include "daemon/loop.h"
#include "daemon/resolver/resolver.h"
#include "lib/spf/evaluate.h"

struct mxw_spf_run {
	struct mxw_spf_query query; /* what it points at outlives the run */
	int64_t time_limit_ms;      /* of the whole evaluation (RFC 7208 4.6.4) */
	/* What came of it; zero-initialised before. The trace borrows from the observation. */
	struct mxw_observation *observation;
	struct mxw_spf_trace trace;
	struct mxw_spf_evaluation evaluation;
};

/* Asks the resolver's first entry. When the time is over and the result is not known, it is temperror for
 * MXW_SPF_OUT_OF_TIME; if only the explanation was missing, the result stands without one. 0, -EINTR after SIGINT, or a
 * negative errno; then there is no evaluation. mxw_spf_run_done is due in all cases. */
int mxw_spf_run(struct mxw_spf_run *run, struct mxw_loop *loop, struct mxw_resolver *resolver);
void mxw_spf_run_done(struct mxw_spf_run *run);
