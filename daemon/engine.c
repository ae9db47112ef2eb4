/* Loop and resolver of a command; see engine.h. */
#include "daemon/engine.h"

int mxw_engine_init(struct mxw_engine *ret, const struct mxw_config *config, size_t n_upstreams)
{
	struct mxw_resolver_params params = { .upstreams = config->upstreams,
					      .n_upstreams = n_upstreams,
					      .timeout_ms = config->timeout_ms };
	struct mxw_resolver_params servers = { .timeout_ms = config->timeout_ms, .for_servers = true };
	*ret = (struct mxw_engine){ 0 };
	int r = mxw_loop_new(&ret->loop);
	if (r == 0)
		r = mxw_resolver_new(&ret->resolver, ret->loop, &params);
	if (r == 0)
		r = mxw_resolver_new(&ret->servers, ret->loop, &servers);
	return r;
}

void mxw_engine_done(struct mxw_engine *engine)
{
	if (engine->resolver)
		mxw_resolver_free(engine->resolver);
	if (engine->servers)
		mxw_resolver_free(engine->servers);
	if (engine->loop)
		mxw_loop_free(engine->loop);
	*engine = (struct mxw_engine){ 0 };
}
