/* The questions and answers of one round; see round.h. What they mean is in judge.c.
 *
 * A question's turn is one more than the highest turn among the answers that made it necessary. So the cap on turns
 * bounds chains of dependent questions, however the caller batches its answers. */
#include "lib/round/round.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/dns/name.h"
#include "lib/round/internal.h"

static int init_defaults(struct mxw_round *round)
{
	round->defaults = mxw_new_array(mxw_n_checks, sizeof(*round->defaults));
	if (!round->defaults)
		return -ENOMEM;
	for (size_t i = 0; i < mxw_n_checks; i++) {
		bool given = round->spec.options && round->spec.options[i];
		if (!mxw_round_has_check(round, i) || given || !mxw_checks[i]->options)
			continue;
		int rc = mxw_values_init(&round->defaults[i], mxw_checks[i]->options);
		if (rc < 0)
			return rc;
	}
	return 0;
}

const struct mxw_values *mxw_round_options(const struct mxw_round *round, size_t check)
{
	if (round->spec.options && round->spec.options[check])
		return round->spec.options[check];
	return mxw_checks[check]->options ? &round->defaults[check] : NULL;
}

static int init_views(struct mxw_round_view *views, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int rc = mxw_observation_new(&views[i].observation);
		if (rc < 0)
			return rc;
		views[i].is_stale = true;
	}
	return 0;
}

static void free_views(struct mxw_round_view *views, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		mxw_observation_free(views[i].observation);
		mxw_missing_done(&views[i].asked);
	}
}

static uint32_t all_of(size_t n)
{
	return n ? UINT32_MAX >> (32 - n) : 0;
}

int mxw_round_new(struct mxw_round **ret, const struct mxw_round_spec *spec)
{
	assert(spec->n_views >= 1 && spec->n_views <= MXW_VERDICT_MAX_VIEWS && spec->quorum >= 1);
	assert(spec->n_servers <= MXW_ROUND_MAX_SERVERS && (spec->zone || !spec->n_servers));
	assert(mxw_n_checks <= MXW_MAX_CHECKS);
	struct mxw_round *round = calloc(1, sizeof(*round));
	if (!round)
		return -ENOMEM;
	round->spec = *spec;
	round->spec.voters &= all_of(spec->n_views);
	round->spec.servers &= all_of(spec->n_servers);
	round->spec.checks &= (uint32_t)((UINT64_C(1) << mxw_n_checks) - 1);
	round->views = mxw_new_array(mxw_round_n_views(round), sizeof(*round->views));
	int rc = round->views ? init_defaults(round) : -ENOMEM;
	if (rc == 0)
		rc = init_views(round->views, mxw_round_n_views(round));
	if (rc < 0) {
		mxw_round_free(round);
		return rc;
	}
	*ret = round;
	return 0;
}

void mxw_round_free(struct mxw_round *round)
{
	if (!round)
		return;
	mxw_round_drop_verdicts(round);
	if (round->views)
		free_views(round->views, mxw_round_n_views(round));
	for (size_t i = 0; round->defaults && i < mxw_n_checks; i++)
		mxw_values_done(&round->defaults[i]);
	mxw_missing_done(&round->own);
	mxw_missing_done(&round->wanted);
	mxw_missing_done(&round->fresh);
	free(round->defaults);
	free(round->views);
	free(round);
}

bool mxw_round_is_own(const struct mxw_round *round, const char *name)
{
	return round->spec.zone && mxw_name_is_below(name, round->spec.zone);
}

/* A server knows its zone. Somebody else's word about other names would be one resolver's, with the weight of the
 * authority. */
static bool can_ask(const struct mxw_round *round, size_t view, const char *name)
{
	return !mxw_round_is_server(round, view) || mxw_round_is_own(round, name);
}

/* Everything that the checks still miss in this view, asked before or not, into round->wanted. A check that misses nothing
 * has the answers that it wants; those that others wait for change nothing for it. */
static int ask_checks(struct mxw_round *round, struct mxw_round_view *view)
{
	for (size_t i = 0; i < mxw_n_checks; i++) {
		if (!mxw_round_has_check(round, i) || view->settled >> i & 1)
			continue;
		mxw_missing_clear(&round->own);
		int rc = mxw_checks[i]->ask(&round->spec.target, mxw_round_options(round, i), view->observation,
					    round->spec.seed, &round->own);
		if (rc < 0)
			return rc;
		mxw_missing_add_all(&round->wanted, &round->own);
		if (round->own.n == 0)
			view->settled |= UINT32_C(1) << i;
	}
	return round->wanted.failed ? -ENOMEM : 0;
}

/* Moves what is new and within the caps from round->wanted to round->fresh. The rest stays unasked: a failed lookup. */
static int take_fresh(struct mxw_round *round, size_t i_view)
{
	struct mxw_round_view *view = &round->views[i_view];
	unsigned turn = view->newest_turn + 1;
	for (size_t i = 0; i < round->wanted.n; i++) {
		const struct mxw_missing_question *question = &round->wanted.items[i];
		if (!can_ask(round, i_view, question->name) ||
		    mxw_missing_find(&view->asked, question->name, question->type) >= 0)
			continue;
		if (turn > MXW_ROUND_MAX_ASKS || view->asked.n >= MXW_ROUND_MAX_QUESTIONS) {
			view->cap = turn > MXW_ROUND_MAX_ASKS ? MXW_ROUND_CAP_TURNS : MXW_ROUND_CAP_QUESTIONS;
			break;
		}
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
	assert(view < mxw_round_n_views(round));
	mxw_missing_clear(&round->wanted);
	mxw_missing_clear(&round->fresh);
	*ret = &round->fresh;
	if (!mxw_round_takes_part(round, view) || !round->views[view].is_stale)
		return 0;
	int rc = ask_checks(round, &round->views[view]);
	return rc < 0 ? rc : take_fresh(round, view);
}

int mxw_round_answer(struct mxw_round *round, size_t view, const char *name, uint16_t type, struct mxw_answer *answer)
{
	assert(view < mxw_round_n_views(round));
	struct mxw_round_view *v = &round->views[view];
	if (!can_ask(round, view, name) || mxw_observation_get(v->observation, name, type))
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
	for (size_t i = 0; i < mxw_round_n_views(round); i++)
		if (mxw_round_takes_part(round, i) && (round->views[i].is_stale || round->views[i].n_waiting))
			return false;
	return true;
}

enum mxw_round_cap mxw_round_cap(const struct mxw_round *round, size_t view)
{
	assert(view < mxw_round_n_views(round));
	return round->views[view].cap;
}

const char *mxw_round_cap_text(const struct mxw_round *round)
{
	static_assert(MXW_ROUND_MAX_QUESTIONS == 100 && MXW_ROUND_MAX_ASKS == 24, "the texts say so");
	static const char *const texts[] = {
		[MXW_ROUND_CAP_NONE] = NULL,
		[MXW_ROUND_CAP_QUESTIONS] = "the domain needs more than 100 questions",
		[MXW_ROUND_CAP_TURNS] = "the domain needs more than 24 questions one after the other",
	};
	enum mxw_round_cap cap = MXW_ROUND_CAP_NONE;
	for (size_t i = 0; i < mxw_round_n_views(round) && cap == MXW_ROUND_CAP_NONE; i++)
		if (mxw_round_takes_part(round, i))
			cap = round->views[i].cap;
	return texts[cap];
}

void mxw_round_drop_voter(struct mxw_round *round, size_t view)
{
	assert(view < mxw_round_n_views(round));
	if (mxw_round_is_server(round, view))
		round->spec.servers &= ~(UINT32_C(1) << (view - round->spec.n_views));
	else
		round->spec.voters &= ~(UINT32_C(1) << view);
}

void mxw_round_keep_servers(struct mxw_round *round)
{
	round->is_rederived = true;
}

int mxw_round_replace_servers(struct mxw_round *round, const struct mxw_round_server *servers, size_t n)
{
	size_t n_views = round->spec.n_views;
	assert(n <= MXW_ROUND_MAX_SERVERS && round->spec.zone);
	struct mxw_round_view *views = mxw_new_array(n_views + n, sizeof(*views));
	if (!views)
		return -ENOMEM;
	int rc = init_views(views + n_views, n);
	if (rc < 0) {
		free_views(views + n_views, n);
		free(views);
		return rc;
	}
	mxw_round_drop_verdicts(round);
	memcpy(views, round->views, n_views * sizeof(*views));
	free_views(round->views + n_views, round->spec.n_servers);
	free(round->views);
	round->views = views;
	round->spec.server = servers;
	round->spec.n_servers = n;
	round->spec.servers = all_of(n);
	round->is_rederived = true;
	return 0;
}

const struct mxw_observation *mxw_round_observation(const struct mxw_round *round, size_t view)
{
	assert(view < mxw_round_n_views(round));
	return round->views[view].observation;
}

const struct mxw_round_spec *mxw_round_get_spec(const struct mxw_round *round)
{
	return &round->spec;
}
