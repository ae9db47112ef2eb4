/* Shared inside lib/verdict: the rows of one key, and how bad it is. */
#pragma once

#include "lib/verdict/verdict.h"

struct mxw_row {
	const struct mxw_finding *finding;
	unsigned view; /* servers follow the resolvers */
};

struct mxw_key {
	const struct mxw_row *rows; /* those of resolvers come first */
	size_t n, n_resolvers;
};

static inline unsigned mxw_popcount(uint32_t set)
{
	return (unsigned)__builtin_popcount(set);
}

/* How bad it is if it holds, as the resolvers see it. */
enum mxw_severity mxw_key_weight(const struct mxw_key *key);
/* The worst that any view says, servers included. */
enum mxw_severity mxw_key_worst(const struct mxw_key *key);
/* The severity of an entry whose status and votes are known. */
enum mxw_severity mxw_key_severity(const struct mxw_key *key, const struct mxw_verdict_entry *entry, unsigned quorum);
/* The row that speaks for the key: the first yes, else the first of the highest severity. */
const struct mxw_finding *mxw_key_speaker(const struct mxw_key *key);
