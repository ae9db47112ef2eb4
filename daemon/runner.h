/* The round made asynchronous: hands its questions to the resolver, its answers back, and calls back once when no check
 * misses anything (design.md 2, re-asking). The daemon and the one-shot command run the same. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "daemon/loop.h"
#include "daemon/resolver/resolver.h"
#include "lib/round/round.h"

struct mxw_runner_run; /* one running round */

/* Who is asked in the round's further views, one a server of its spec. Borrowed until the round ends. */
struct mxw_runner_servers {
	struct mxw_resolver *resolver; /* for_servers */
	const size_t *indexes;         /* [spec->n_servers] in it */
};

/* Starts a round. The callback comes from the loop, exactly once, never from inside this call; the round is complete and
 * not yet judged, and the callback's to free. `max_age_ms`: see mxw_resolver_ask. `servers`: copied; NULL when the spec has none.
 * 0 or a negative errno. */
int mxw_runner_start(struct mxw_runner_run **ret, struct mxw_loop *loop, struct mxw_resolver *resolver,
		     const struct mxw_round_spec *spec, const struct mxw_runner_servers *servers, int64_t max_age_ms,
		     void (*done)(void *arg, struct mxw_round *round), void *arg);

/* Ends a running round without a callback; NULL passes. A run is gone after its callback. */
void mxw_runner_cancel(struct mxw_runner_run *run);
