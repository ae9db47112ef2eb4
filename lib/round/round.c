/* The questions and answers of one round, and the turn from answers to verdicts; see round.h.
 *
 * A question's turn is one more than the highest turn among the answers that made it necessary. So the cap on turns
 * bounds chains of dependent questions, however the caller batches its answers. */
#include "lib/round/round.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "lib/base/util.h"
#include "lib/round/internal.h"

struct view {
	struct mxw_observation *observation;
	struct mxw_missing asked;               /* every question of this view, answered or not */
	uint8_t turns[MXW_ROUND_MAX_QUESTIONS]; /* of `asked` */
	size_t n_waiting;                       /* asked and not answered */
	unsigned newest_turn;                   /* among the answers since the checks were last asked */
	bool is_stale;                          /* an answer came since the checks were last asked */
};

struct mxw_round {
	struct mxw_round_spec spec;
	struct view *views;          /* [n_views] */
	struct mxw_values *defaults; /* [mxw_n_checks]: for checks without options in the spec */
	struct mxw_missing wanted, fresh;
	struct mxw_findings *findings; /* [mxw_n_checks][n_views]; NULL until judged */
	struct mxw_verdict *verdicts;  /* [mxw_n_checks]; NULL until judged */
};

static bool has_check(const struct mxw_round *round, size_t check)
{
	return round->spec.checks >> check & 1;
}

static bool has_vote(const struct mxw_round *round, size_t view)
{
	return round->spec.voters >> view & 1;
}

static const struct mxw_values *options_of(const struct mxw_round *round, size_t check)
{
	if (round->spec.options && round->spec.options[check])
		return round->spec.options[check];
	return mxw_checks[check]->options ? &round->defaults[check] : NULL;
}

static int init_defaults(struct mxw_round *round)
{
	round->defaults = mxw_new_array(mxw_n_checks, sizeof(*round->defaults));
	if (!round->defaults)
		return -ENOMEM;
	for (size_t i = 0; i < mxw_n_checks; i++) {
		bool given = round->spec.options && round->spec.options[i];
		if (!has_check(round, i) || given || !mxw_checks[i]->options)
			continue;
		int rc = mxw_values_init(&round->defaults[i], mxw_checks[i]->options);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int init_views(struct mxw_round *round)
{
	round->views = mxw_new_array(round->spec.n_views, sizeof(*round->views));
	if (!round->views)
		return -ENOMEM;
	for (size_t i = 0; i < round->spec.n_views; i++) {
		int rc = mxw_observation_new(&round->views[i].observation);
		if (rc < 0)
			return rc;
		round->views[i].is_stale = true;
	}
	return 0;
}

int mxw_round_new(struct mxw_round **ret, const struct mxw_round_spec *spec)
{
	assert(spec->n_views >= 1 && spec->n_views <= 32 && spec->quorum >= 1);
	assert(mxw_n_checks <= MXW_MAX_CHECKS);
	struct mxw_round *round = calloc(1, sizeof(*round));
	if (!round)
		return -ENOMEM;
	round->spec = *spec;
	round->spec.voters &= UINT32_MAX >> (32 - spec->n_views);
	round->spec.checks &= (uint32_t)((UINT64_C(1) << mxw_n_checks) - 1);
	int rc = init_defaults(round);
	if (rc == 0)
		rc = init_views(round);
	if (rc < 0) {
		mxw_round_free(round);
		return rc;
	}
	*ret = round;
	return 0;
}

static void drop_verdicts(struct mxw_round *round)
{
	for (size_t i = 0; round->verdicts && i < mxw_n_checks; i++)
		mxw_verdict_done(&round->verdicts[i]);
	for (size_t i = 0; round->findings && i < mxw_n_checks * round->spec.n_views; i++)
		mxw_findings_done(&round->findings[i]);
	free(round->verdicts);
	free(round->findings);
	round->verdicts = NULL;
	round->findings = NULL;
}

void mxw_round_free(struct mxw_round *round)
{
	if (!round)
		return;
	drop_verdicts(round);
	for (size_t i = 0; round->views && i < round->spec.n_views; i++) {
		mxw_observation_free(round->views[i].observation);
		mxw_missing_done(&round->views[i].asked);
	}
	for (size_t i = 0; round->defaults && i < mxw_n_checks; i++)
		mxw_values_done(&round->defaults[i]);
	mxw_missing_done(&round->wanted);
	mxw_missing_done(&round->fresh);
	free(round->defaults);
	free(round->views);
	free(round);
}

/* Everything that the checks still miss in this view, asked before or not, into round->wanted. */
static int ask_checks(struct mxw_round *round, const struct view *view)
{
	for (size_t i = 0; i < mxw_n_checks; i++) {
		if (!has_check(round, i))
			continue;
		int rc = mxw_checks[i]->ask(&round->spec.target, options_of(round, i), view->observation,
					    round->spec.seed, &round->wanted);
		if (rc < 0)
			return rc;
	}
	return round->wanted.failed ? -ENOMEM : 0;
}

/* Moves what is new and within the caps from round->wanted to round->fresh. The rest stays unasked: a failed lookup. */
static int take_fresh(struct mxw_round *round, struct view *view)
{
	unsigned turn = view->newest_turn + 1;
	for (size_t i = 0; i < round->wanted.n; i++) {
		const struct mxw_missing_question *question = &round->wanted.items[i];
		if (turn > MXW_ROUND_MAX_ASKS || view->asked.n >= MXW_ROUND_MAX_QUESTIONS)
			break;
		if (mxw_missing_find(&view->asked, question->name, question->type) >= 0)
			continue;
		mxw_missing_add(&round->fresh, question->name, question->type);
		mxw_missing_add(&view->asked, question->name, question->type);
		if (round->fresh.failed || view->asked.failed)
			return -ENOMEM;
		view->turns[view->asked.n - 1] = (uint8_t)turn;
		view->n_waiting++;
	}
	view->newest_turn = 0;
	view->is_stale = false;
	return 0;
}

int mxw_round_questions(struct mxw_round *round, size_t view, const struct mxw_missing **ret)
{
	assert(view < round->spec.n_views);
	mxw_missing_clear(&round->wanted);
	mxw_missing_clear(&round->fresh);
	*ret = &round->fresh;
	if (!has_vote(round, view) || !round->views[view].is_stale)
		return 0;
	int rc = ask_checks(round, &round->views[view]);
	return rc < 0 ? rc : take_fresh(round, &round->views[view]);
}

int mxw_round_answer(struct mxw_round *round, size_t view, const char *name, uint16_t type, struct mxw_answer *answer)
{
	assert(view < round->spec.n_views);
	struct view *v = &round->views[view];
	if (mxw_observation_get(v->observation, name, type))
		return 0;
	int rc = mxw_observation_put(v->observation, name, type, answer);
	if (rc < 0)
		return rc;
	v->is_stale = true;
	int i = mxw_missing_find(&v->asked, name, type);
	if (i >= 0) {
		v->n_waiting--;
		v->newest_turn = MXW_MAX(v->newest_turn, v->turns[i]);
	}
	return 0;
}

bool mxw_round_is_complete(const struct mxw_round *round)
{
	for (size_t i = 0; i < round->spec.n_views; i++)
		if (has_vote(round, i) && (round->views[i].is_stale || round->views[i].n_waiting))
			return false;
	return true;
}

void mxw_round_drop_voter(struct mxw_round *round, size_t view)
{
	assert(view < round->spec.n_views);
	round->spec.voters &= ~(UINT32_C(1) << view);
}

/* The severity that the configuration gives to the definition; its last entry wins. */
static enum mxw_severity configured_severity(const struct mxw_round_spec *spec, const struct mxw_finding *finding)
{
	for (size_t i = spec->n_overrides; i > 0; i--)
		if (spec->overrides[i - 1].def == finding->def)
			return spec->overrides[i - 1].severity;
	return finding->severity;
}

/* YES and UNKNOWN rows alike: a finding made mild no longer makes a state unknown, a hidden one is as if never made. */
static void apply_overrides(const struct mxw_round_spec *spec, struct mxw_findings *findings)
{
	size_t n = 0;
	for (size_t i = 0; i < findings->n; i++) {
		struct mxw_finding *finding = findings->items[i];
		finding->severity = configured_severity(spec, finding);
		if (finding->severity != MXW_OFF)
			findings->items[n++] = finding;
	}
	findings->n = n;
}

static int judge_view(const struct mxw_round *round, size_t check, size_t view, struct mxw_findings *ret)
{
	int rc = mxw_checks[check]->judge(&round->spec.target, options_of(round, check), round->views[view].observation,
					  ret);
	if (rc < 0)
		return rc;
	if (mxw_findings_failed(ret))
		return -ENOMEM;
	apply_overrides(&round->spec, ret);
	return 0;
}

static int judge_check(struct mxw_round *round, size_t check)
{
	struct mxw_findings *findings = &round->findings[check * round->spec.n_views];
	struct mxw_verdict_view views[32] = { 0 };
	for (size_t i = 0; i < round->spec.n_views; i++) {
		if (!has_vote(round, i))
			continue;
		int rc = judge_view(round, check, i, &findings[i]);
		if (rc < 0)
			return rc;
		views[i].findings = &findings[i];
	}
	return mxw_verdict_count(&round->verdicts[check], views, round->spec.n_views, round->spec.quorum);
}

int mxw_round_judge(struct mxw_round *round)
{
	drop_verdicts(round);
	round->findings = mxw_new_array(mxw_n_checks * round->spec.n_views, sizeof(*round->findings));
	round->verdicts = mxw_new_array(mxw_n_checks, sizeof(*round->verdicts));
	int rc = round->findings && round->verdicts ? 0 : -ENOMEM;
	for (size_t i = 0; rc == 0 && i < mxw_n_checks; i++)
		if (has_check(round, i))
			rc = judge_check(round, i);
	if (rc < 0)
		drop_verdicts(round);
	return rc;
}

const struct mxw_verdict *mxw_round_verdict(const struct mxw_round *round, size_t check)
{
	assert(check < mxw_n_checks);
	return round->verdicts && has_check(round, check) ? &round->verdicts[check] : NULL;
}

struct mxw_verdict *mxw_round_own_verdict(struct mxw_round *round, size_t check)
{
	return mxw_round_verdict(round, check) ? &round->verdicts[check] : NULL;
}

enum mxw_severity mxw_round_state(const struct mxw_round *round)
{
	if (!round->verdicts || !round->spec.checks)
		return MXW_UNKNOWN;
	enum mxw_severity state = MXW_OK;
	for (size_t i = 0; i < mxw_n_checks; i++)
		if (has_check(round, i))
			state = mxw_severity_worse(state, round->verdicts[i].state);
	return state;
}

const struct mxw_observation *mxw_round_observation(const struct mxw_round *round, size_t view)
{
	assert(view < round->spec.n_views);
	return round->views[view].observation;
}

const struct mxw_round_spec *mxw_round_get_spec(const struct mxw_round *round)
{
	return &round->spec;
}
