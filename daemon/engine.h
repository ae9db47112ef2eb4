/* A loop and the resolvers on it: what every command that asks questions starts with. */
#pragma once

#include "daemon/loop.h"
#include "daemon/resolver/resolver.h"
#include "lib/config/config.h"

struct mxw_engine {
	struct mxw_loop *loop;
	struct mxw_resolver *resolver; /* asks the first n_upstreams of the configuration */
	struct mxw_resolver *servers;  /* asks name servers of zones */
};

/* 0 or a negative errno; mxw_engine_done is due in both cases. */
int mxw_engine_init(struct mxw_engine *ret, const struct mxw_config *config, size_t n_upstreams);
void mxw_engine_done(struct mxw_engine *engine); /* nothing may wait for an answer any more */
