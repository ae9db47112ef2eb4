/* Which set the resolvers agree on; see records.h. At most 32 resolvers, so pairs are compared. */
#include <assert.h>
#include <string.h>

#include "lib/records/records.h"

static uint32_t voters_of(const char *set, const char *const *sets, size_t n)
{
	uint32_t ret = 0;
	for (size_t i = 0; i < n; i++)
		if (sets[i] && strcmp(sets[i], set) == 0)
			ret |= UINT32_C(1) << i;
	return ret;
}

static uint32_t all_of(size_t n)
{
	return n ? UINT32_MAX >> (32 - n) : 0;
}

void mxw_records_vote(struct mxw_records_vote *ret, const char *const *sets, size_t n, unsigned quorum)
{
	unsigned n_most = 0;
	uint32_t seen = 0;
	assert(n <= 32);
	*ret = (struct mxw_records_vote){ 0 };
	for (size_t i = 0; i < n; i++) {
		if (!sets[i] || seen >> i & 1)
			continue;
		uint32_t yes = voters_of(sets[i], sets, n);
		unsigned n_yes = (unsigned)__builtin_popcount(yes);
		seen |= yes;
		if (n_yes == n_most)
			ret->set = NULL;
		if (n_yes <= n_most)
			continue;
		n_most = n_yes;
		ret->set = sets[i];
		ret->votes.yes = yes;
	}
	if (n_most < quorum)
		ret->set = NULL;
	if (!ret->set)
		ret->votes.yes = seen = 0;
	ret->votes.no = seen & ~ret->votes.yes;
	ret->votes.unknown = all_of(n) & ~seen;
}
