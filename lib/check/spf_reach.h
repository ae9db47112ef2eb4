/* How many addresses a record authorises by its own networks, and a term alone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/ip.h"
#include "lib/spf/term.h"

struct mxw_spf_reach {
	struct mxw_spf_range {
		uint32_t first, last; /* IPv4, host order, both included */
	} * ranges;
	size_t n, capacity;
	bool has_all6, has_half6[2]; /* ::/0; ::/1 and 8000::/1 */
	bool failed;                 /* out of memory */
};
void mxw_spf_reach_done(struct mxw_spf_reach *reach); /* zero-initialised is empty */

void mxw_spf_reach_add(struct mxw_spf_reach *reach, const struct mxw_ip *network, unsigned bits);
/* IPv4 addresses in all networks together, each counted once. Sorts. */
uint64_t mxw_spf_reach_count4(struct mxw_spf_reach *reach);
/* The networks of one family together are all its addresses: 4, 6, or 0 for neither. Sorts. */
unsigned mxw_spf_reach_covers(struct mxw_spf_reach *reach);

/* The term lets hosts of the family (4 or 6) pass in a network that is wider than what anybody sends from: a network, or what
 * lies around the addresses of a host. */
bool mxw_spf_term_is_wide(const struct mxw_spf_term *term, unsigned family);
