/* The MX record set of a domain in one resolver's view, read into mail hosts; what mx, address and ptr start from. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/check/mx_host.h"
#include "lib/observation/observation.h"

/* Mail hosts that are read and asked about. A set of more serves nobody (senders try a handful), and a hostile zone can
 * name thousands: those after the twentieth, in the order of preference, are never asked and stay unknown. */
enum { MXW_MAX_MX_HOSTS = 20 };

struct mxw_mx_set {
	const struct mxw_answer *answer;            /* to the MX question, whatever it says; NULL when there is none */
	size_t n_rrs;                               /* records; 0 unless the answer is ANSWER */
	size_t n_null;                              /* those that name the root (RFC 7505) */
	struct mxw_mx_host hosts[MXW_MAX_MX_HOSTS]; /* distinct names but the root, best preference first */
	size_t n_hosts;
	size_t n_proofs; /* hosts of MXW_FORM_PROOF */
	bool has_more;   /* names beyond MXW_MAX_MX_HOSTS */
	uint32_t ttl;    /* the largest of the records, seconds */
};

/* Reads what the observation holds; missing answers are NULL in the hosts. */
void mxw_mx_set_read(struct mxw_mx_set *ret, const char *domain, const struct mxw_observation *observation);

/* Asks for the MX records, then for the addresses of all hosts at once. True when nothing is missing any more; *ret is
 * read in any case. */
bool mxw_mx_set_ask(struct mxw_mx_set *ret, const char *domain, const struct mxw_observation *observation,
		    struct mxw_missing *missing);

/* Exactly one record, which names the root with preference 0 (RFC 7505 3). */
bool mxw_mx_set_is_null(const struct mxw_mx_set *set);

/* The names that count as mail hosts: all but proofs. */
static inline size_t mxw_mx_set_n_targets(const struct mxw_mx_set *set)
{
	return set->n_hosts - set->n_proofs;
}

size_t mxw_mx_set_count_usable(const struct mxw_mx_set *set,
			       enum mxw_usable usable); /* among the hosts that were read */
