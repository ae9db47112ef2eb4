/* A judged round and the keys of its domain: each takes a step, what becomes of it waits for the commit or is taken over at once.
 *
 * The keys are stepped in the order of the registry of checks, so that a parent has moved before its children are looked at. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "daemon/monitor/internal.h"
#include "lib/alert/parent.h"
#include "lib/base/hash.h"
#include "lib/round/evidence.h"
#include "lib/round/failing.h"

static const struct mxw_soft calm;

int mxw_soft_keep(struct mxw_soft **ret, const struct mxw_soft *soft)
{
	size_t size = mxw_soft_size(soft);
	*ret = NULL;
	if (mxw_soft_is_empty(soft))
		return 0;
	*ret = malloc(size);
	if (!*ret)
		return -ENOMEM;
	memcpy(*ret, soft, size);
	return 0;
}

/* What a round has decided is not yet taken over when the next one is planned. */
int64_t mxw_key_next_round_ms(const struct key *key, const struct mxw_state_policy *policy, int64_t started_ms)
{
	const struct pending *pending = mxw_monitor_find_pending(key->watched->monitor, key);
	const struct mxw_state *state = pending ? &pending->state : &key->state;
	const struct mxw_soft *soft = pending ? pending->soft : key->soft;
	return mxw_state_next_round_ms(state, soft ? soft : &calm, policy, started_ms);
}

int mxw_key_claim(struct mxw_monitor *monitor, struct key *key, struct mxw_state *next)
{
	uint64_t seq = 0, hash = mxw_alert_key_hash(key->watched->domain->name, key->check);
	if (key->is_stored)
		return 0;
	int r = mxw_store_get_seq(monitor->params.store, key->watched->domain->name, key->check, &seq);
	if (r < 0)
		return r;
	for (const struct pending *pending = monitor->pending; pending; pending = pending->next)
		if (pending->key_hash == hash) /* the end of its removal, if the store has not taken that yet */
			seq = MXW_MAX(seq, pending->state.seq);
	key->state.seq += seq;
	next->seq += seq;
	key->is_stored = true;
	return 0;
}

/* What one round has found out so far. */
struct step {
	struct mxw_monitor *monitor;
	struct mxw_round *round;
	const char *parents[MXW_MAX_CHECKS]; /* ids of what the checks before are hard with */
	size_t n_parents;
};

/* Why nothing of this key is told now; NULL: it is told. Static. */
static const char *find_mute(const struct step *step, const struct key *key)
{
	const char *muted_by = mxw_monitor_muted_by(step->monitor, key);
	if (muted_by)
		return muted_by;
	bool rests_on_lookups = mxw_round_rests_on_lookups(step->round, key->check_index);
	for (size_t i = 0; i < step->n_parents; i++) {
		const char *cause = mxw_parent_explains(step->parents[i], rests_on_lookups);
		if (cause)
			return cause;
	}
	return NULL;
}

static void add_sources(const struct step *step, const struct key *key, struct mxw_source sources[MXW_MAX_SOURCES],
			struct mxw_state_input *input)
{
	const struct mxw_config *config = step->monitor->config;
	input->sources = sources;
	input->n_sources = mxw_round_sources(step->round, key->check_index, sources, &input->about);
	input->is_authoritative = mxw_round_is_authoritative(step->round, key->check_index);
	for (size_t i = 0; i < input->n_sources; i++) {
		if (sources[i].is_server)
			continue;
		const char *name = config->upstreams[sources[i].resolver].name;
		sources[i].resolver = (uint32_t)mxw_hash64(0, name, strlen(name));
	}
}

/* What the step has led to, before it is taken over. */
struct outcome {
	struct mxw_state state;
	struct mxw_soft *soft; /* owned */
	struct mxw_transition transition;
	const char *muted_by;
	char *place; /* among the groups; owned */
	bool is_placed, leaves;
};

static int take_step(const struct step *step, const struct key *key, const char *mute, struct outcome *ret)
{
	struct mxw_monitor *monitor = step->monitor;
	const struct mxw_state_policy *policy = &key->watched->domain->settings->policy;
	const struct mxw_verdict *verdict = mxw_round_verdict(step->round, key->check_index);
	struct mxw_source sources[MXW_MAX_SOURCES];
	struct mxw_soft soft;
	struct mxw_state_input input = {
		.verdict = verdict->state,
		.may_be = verdict->may_be,
		.set = mxw_state_fingerprint(verdict),
		.now_ms = mxw_loop_now_ms(monitor->loop),
		.now_wall_ms = mxw_loop_wall_ms(monitor->loop),
		.took_ms = mxw_loop_now_ms(monitor->loop) - key->watched->started_ms,
		.quorum = monitor->config->quorum,
		.is_held = !monitor->gate.is_settled,
		.is_muted = mute != NULL,
		.is_acked = mxw_monitor_is_acked(monitor, key),
	};
	add_sources(step, key, sources, &input);
	mxw_round_failing(step->round, key->check_index, policy, &input);
	mxw_soft_init(&soft);
	if (key->soft)
		memcpy(&soft, key->soft, mxw_soft_size(key->soft));
	ret->state = key->state;
	mxw_state_step(&ret->state, &soft, policy, &input, &ret->transition);
	mxw_log(MXW_LOG_DEBUG, "%s %s: verdict %s, hard state %s", key->watched->domain->name, key->check,
		mxw_severity_name(input.verdict), mxw_severity_name(ret->state.hard));
	ret->muted_by = NULL;
	if (!ret->transition.is_told)
		ret->muted_by = mute ? mute : ret->state.is_flapping ? "flapping" : "untold";
	return mxw_soft_keep(&ret->soft, &soft);
}

static void outcome_done(struct outcome *outcome)
{
	free(outcome->soft);
	free(outcome->place);
}

static const char grouped[] = "group";

/* What was told of the key itself is what is so: a group has nothing to add. */
static bool knows_all(const struct mxw_state *state)
{
	return state->hard == state->told && state->hard_set == state->told_set;
}

/* A group may tell it in the key's place. False: nothing is to be done now, the canaries are asked first. */
static bool find_place(const struct step *step, struct key *key, bool is_covered, struct outcome *outcome,
		       int *ret_error)
{
	enum mxw_transition_kind kind = outcome->transition.kind;
	bool begins = kind == MXW_TRANSITION_PROBLEM || kind == MXW_TRANSITION_CHANGE;
	if (!begins || outcome->transition.to < MXW_WARNING || (!outcome->transition.is_told && !is_covered)) {
		mxw_monitor_unhold(step->monitor, key);
		outcome->leaves = key->is_folded && !is_covered && knows_all(&outcome->state);
		return true;
	}
	enum mxw_group_place place = mxw_monitor_place(step->monitor, key, step->round, &outcome->transition,
						       &outcome->place);
	if (place == MXW_GROUP_HELD)
		return false;
	outcome->is_placed = true;
	if ((place == MXW_GROUP_FOLDED) == is_covered)
		return true;
	free(outcome->soft);
	*ret_error = take_step(step, key, place == MXW_GROUP_FOLDED ? grouped : NULL, outcome);
	return true;
}

/* The step that the round leads to, told by the key itself or by a group. -EAGAIN: the round counts for nothing. */
static int take_grouped_step(const struct step *step, struct key *key, struct outcome *ret)
{
	const char *mute = find_mute(step, key);
	bool is_covered = !mute && mxw_monitor_is_covered(step->monitor, key, step->round);
	int r = take_step(step, key, is_covered ? grouped : mute, ret);
	if (r == 0 && !mute && !find_place(step, key, is_covered, ret, &r))
		return -EAGAIN;
	return r;
}

static bool is_event(const struct mxw_transition *transition)
{
	return transition->kind != MXW_TRANSITION_NONE && transition->kind != MXW_TRANSITION_SILENT;
}

/* The state moves with the commit: when that fails the next round decides again. */
static void queue_event(const struct step *step, struct key *key, struct outcome *outcome, const char **ret_finding_id)
{
	const struct mxw_state_policy *policy = &key->watched->domain->settings->policy;
	const struct decision decision = {
		.state = &outcome->state,
		.soft = &outcome->soft,
		.transition = &outcome->transition,
		.muted_by = outcome->muted_by,
		.place = &outcome->place,
		.is_placed = outcome->is_placed,
		.leaves = outcome->leaves,
	};
	int r = outcome->transition.escalated >= MXW_WARNING
			? mxw_round_escalate(step->round, key->check_index, policy, &outcome->transition)
			: 0;
	if (r == 0)
		r = mxw_monitor_decide(step->monitor, key, &decision, step->round, ret_finding_id);
	if (r == 0)
		outcome->is_placed = false; /* it stands with what was queued */
	else
		mxw_log(MXW_LOG_ERROR, "%s %s: cannot write the event; tried again with the next round",
			key->watched->domain->name, key->check);
}

static void take_over(struct mxw_monitor *monitor, struct key *key, struct outcome *outcome)
{
	key->state = outcome->state;
	free(key->soft);
	key->soft = outcome->soft;
	outcome->soft = NULL;
	if (key->is_stored)
		mxw_monitor_mark_dirty(monitor, key);
}

/* A group tells what was hidden so far: no event, but a place to be kept. */
static void take_over_place(struct mxw_monitor *monitor, struct key *key, struct outcome *outcome)
{
	outcome->is_placed = false;
	if (outcome->leaves)
		mxw_groups_leave(monitor->groups, key->watched->domain->name, key->check);
	key->is_folded = mxw_monitor_is_folded(monitor, key);
	free(key->place);
	key->place = outcome->leaves ? strdup("")
				     : outcome->place; /* without memory it is found out again after a restart */
	if (!outcome->leaves)
		outcome->place = NULL;
	mxw_monitor_plan_groups(monitor);
}

/* *ret_hard and *ret_finding_id: what the key is hard with after this, if the commit succeeds. */
static void step_key(const struct step *step, struct key *key, enum mxw_severity *ret_hard, const char **ret_finding_id)
{
	struct mxw_monitor *monitor = step->monitor;
	struct outcome outcome = { 0 };
	*ret_hard = key->state.hard;
	*ret_finding_id = key->told.finding_id;
	if (key->has_pending)
		return;
	int r = take_grouped_step(step, key, &outcome);
	bool must_store = is_event(&outcome.transition) ||
			  mxw_state_is_pending(&outcome.state, outcome.soft ? outcome.soft : &calm);
	if (r < 0 && r != -EAGAIN)
		mxw_log(MXW_LOG_ERROR, "%s %s: out of memory; this round counts for nothing",
			key->watched->domain->name, key->check);
	else if (r == 0 && (!must_store || mxw_key_claim(monitor, key, &outcome.state) == 0)) {
		*ret_hard = outcome.state.hard;
		if (is_event(&outcome.transition))
			queue_event(step, key, &outcome, ret_finding_id);
		else
			take_over(monitor, key, &outcome);
		if ((outcome.is_placed || outcome.leaves) && !is_event(&outcome.transition))
			take_over_place(monitor, key, &outcome);
	}
	if (outcome.is_placed) /* not stored */
		mxw_groups_withdraw(monitor->groups, key->watched->domain->name, key->check);
	outcome_done(&outcome);
}

void mxw_watched_step(struct watched *watched, struct mxw_round *round)
{
	struct step step = { .monitor = watched->monitor, .round = round };
	mxw_watched_begin_turn(watched);
	for (size_t i = 0; i < watched->n_keys; i++) {
		enum mxw_severity hard;
		const char *finding_id;
		if (!mxw_round_verdict(round, watched->keys[i].check_index))
			continue;
		step_key(&step, &watched->keys[i], &hard, &finding_id);
		if (hard >= MXW_WARNING && finding_id)
			step.parents[step.n_parents++] = finding_id;
	}
	mxw_watched_end_turn(watched, round);
}
