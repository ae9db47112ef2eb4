/* A list of upstream resolvers while it is read, from `resolvers:` or from arguments. */
#pragma once

#include "lib/config/reader.h"

struct mxw_resolver_list {
	struct mxw_upstream_spec specs[MXW_MAX_UPSTREAMS];
	struct mxw_position at[MXW_MAX_UPSTREAMS];
	size_t n;
};

/* An address as text, or `system`. What is wrong is told and nothing is added. 0 or -ENOMEM. */
int mxw_resolver_list_add_text(struct mxw_resolver_list *list, const char *text, struct mxw_position at,
			       const char *key, const struct mxw_config_source *source, struct mxw_diags *diags);
/* Replaces the configuration's resolvers by the list's, which is empty then; the quorum becomes the majority. */
void mxw_resolver_list_give(struct mxw_resolver_list *list, struct mxw_config *config);
void mxw_resolver_list_done(struct mxw_resolver_list *list);
