/* Referrals (RFC 1034 4.3.2 step 3b) in a parsed response: which zone, which servers, which addresses. */
#pragma once

#include <stdint.h>

#include "lib/dns/classify.h"

/* Memory for what is read. */
struct mxw_referral_space {
	struct mxw_referral referral;
	const char *servers[MXW_MAX_REFERRAL_SERVERS];
	struct mxw_glue glue[MXW_MAX_GLUE];
};

/* The referral for `name`: NS records of the nearest zone at or above it and nothing in the answer section; else NULL.
 * Of more servers or addresses than there is room for, the first in their order stay. *ret_ttl: the smallest TTL of all
 * records used. Lives in `parsed` and `space`. */
const struct mxw_referral *mxw_referral_read(const struct mxw_parsed *parsed, const char *name,
					     struct mxw_referral_space *space, uint32_t *ret_ttl);
