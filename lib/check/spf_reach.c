/* Networks as ranges; see spf_reach.h. */
#include "lib/check/spf_reach.h"

#include <stdlib.h>

#include "lib/base/util.h"

enum { MIN_BITS4 = 16, MIN_BITS6 = 32 }; /* no provider sends from more */

void mxw_spf_reach_done(struct mxw_spf_reach *reach)
{
	free(reach->ranges);
	*reach = (struct mxw_spf_reach){ 0 };
}

static bool reserve(struct mxw_spf_reach *reach)
{
	if (reach->n < reach->capacity)
		return true;
	size_t capacity = reach->capacity ? reach->capacity * 2 : 16;
	struct mxw_spf_range *ranges = realloc(reach->ranges, capacity * sizeof(*ranges));
	if (!ranges) {
		reach->failed = true;
		return false;
	}
	reach->ranges = ranges;
	reach->capacity = capacity;
	return true;
}

static void add4(struct mxw_spf_reach *reach, const uint8_t *octets, unsigned bits)
{
	uint32_t address = (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 | (uint32_t)octets[2] << 8 | octets[3];
	uint32_t hosts = bits ? (uint32_t)((UINT64_C(1) << (32 - bits)) - 1) : UINT32_MAX;
	if (reserve(reach))
		reach->ranges[reach->n++] = (struct mxw_spf_range){ address & ~hosts, address | hosts };
}

void mxw_spf_reach_add(struct mxw_spf_reach *reach, const struct mxw_ip *network, unsigned bits)
{
	if (network->family == 4)
		add4(reach, network->bytes, bits);
	else if (bits == 0)
		reach->has_all6 = true;
	else if (bits == 1)
		reach->has_half6[network->bytes[0] >> 7] = true;
}

static int compare_ranges(const void *left, const void *right)
{
	const struct mxw_spf_range *a = left, *b = right;
	return (a->first > b->first) - (a->first < b->first);
}

uint64_t mxw_spf_reach_count4(struct mxw_spf_reach *reach)
{
	uint64_t count = 0, end = 0; /* end: one behind what was counted */
	if (reach->n > 1)
		qsort(reach->ranges, reach->n, sizeof(*reach->ranges), compare_ranges);
	for (size_t i = 0; i < reach->n; i++) {
		uint64_t first = MXW_MAX((uint64_t)reach->ranges[i].first, end),
			 behind = (uint64_t)reach->ranges[i].last + 1;
		if (behind > first)
			count += behind - first;
		end = MXW_MAX(end, behind);
	}
	return count;
}

unsigned mxw_spf_reach_covers(struct mxw_spf_reach *reach)
{
	if (mxw_spf_reach_count4(reach) > UINT32_MAX)
		return 4;
	return reach->has_all6 || (reach->has_half6[0] && reach->has_half6[1]) ? 6 : 0;
}

bool mxw_spf_term_is_wide(const struct mxw_spf_term *term, unsigned family)
{
	bool is_host = term->kind == MXW_SPF_A || term->kind == MXW_SPF_MX;
	if (term->qualifier != '+')
		return false;
	if (family == 4)
		return (is_host || term->kind == MXW_SPF_IP4) && term->bits4 < MIN_BITS4;
	return (is_host || term->kind == MXW_SPF_IP6) && term->bits6 < MIN_BITS6;
}
