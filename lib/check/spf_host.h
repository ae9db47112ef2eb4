/* check_host() for a host that may send mail of a domain: MAIL FROM <postmaster@DOMAIN> (RFC 7208 4). */
#pragma once

#include <stdbool.h>

#include "lib/base/ip.h"
#include "lib/observation/observation.h"
#include "lib/spf/evaluate.h"

struct mxw_spf_host_result {
	/* No answer is missing, and none that the result rests on has failed. Otherwise the result says nothing. */
	bool is_decided;
	/* All that it waits for was named before: more hosts of its address family would most likely wait for the same. Records can
	 * be long, and turns of asking many, so it is better not to evaluate these before the next turn. */
	bool waits_with_others;
	struct mxw_spf_evaluation evaluation;
};
void mxw_spf_host_result_done(struct mxw_spf_host_result *result);

/* Evaluates as far as the answers reach and names what is missing; `missing` may be NULL. *ret must be zero-initialised or
 * from an earlier call. 0 or -ENOMEM. */
int mxw_spf_host_check(const char *domain, const struct mxw_ip *ip, const char *helo,
		       const struct mxw_observation *observation, struct mxw_missing *missing,
		       struct mxw_spf_host_result *ret);
