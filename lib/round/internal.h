/* Shared inside lib/round: asking (round.c) and judging (judge.c) work on the same views. */
#pragma once

#include "lib/round/round.h"

/* What one resolver, or one server, was asked and has said. */
struct mxw_round_view {
	struct mxw_observation *observation;
	struct mxw_missing asked;               /* every question of this view, answered or not */
	uint8_t turns[MXW_ROUND_MAX_QUESTIONS]; /* of `asked` */
	size_t n_waiting;                       /* asked and not answered */
	unsigned newest_turn;                   /* among the answers since the checks were last asked */
	bool is_stale;                          /* an answer came since the checks were last asked */
	uint32_t settled;                       /* bit i: mxw_checks[i] misses nothing any more */
	enum mxw_round_cap cap;
};

struct mxw_round {
	struct mxw_round_spec spec;
	bool is_rederived;
	struct mxw_round_view *views;          /* [mxw_round_n_views] */
	struct mxw_values *defaults;           /* [mxw_n_checks]: for checks without options in the spec */
	struct mxw_missing own, wanted, fresh; /* of one check, of all, and what is new of that */
	struct mxw_findings *findings;         /* [mxw_n_checks][mxw_round_n_views]; NULL until judged */
	struct mxw_verdict *verdicts;          /* [mxw_n_checks]; NULL until judged */
};

/* Resolvers and servers. */
static inline size_t mxw_round_n_views(const struct mxw_round *round)
{
	return round->spec.n_views + round->spec.n_servers;
}

static inline bool mxw_round_is_server(const struct mxw_round *round, size_t view)
{
	return view >= round->spec.n_views;
}

static inline bool mxw_round_has_check(const struct mxw_round *round, size_t check)
{
	return round->spec.checks >> check & 1;
}

/* The view is asked and judged. */
static inline bool mxw_round_takes_part(const struct mxw_round *round, size_t view)
{
	const struct mxw_round_spec *spec = &round->spec;
	return mxw_round_is_server(round, view) ? spec->servers >> (view - spec->n_views) & 1
						: spec->voters >> view & 1;
}

/* NULL for a check without any. */
const struct mxw_values *mxw_round_options(const struct mxw_round *round, size_t check);
void mxw_round_drop_verdicts(struct mxw_round *round);

/* Rows about a question that failed at whoever was asked, not about what the zone says. */
bool mxw_round_is_lookup(const struct mxw_finding_def *def);

/* A lookup of a judged check fails at a quorum of resolvers, in whatever way. */
bool mxw_round_fails(const struct mxw_round *round, size_t check);

/* The verdict of a judged check, to be changed. */
struct mxw_verdict *mxw_round_own_verdict(struct mxw_round *round, size_t check);
