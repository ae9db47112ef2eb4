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

int64_t mxw_key_next_round_ms(const struct key *key, const struct mxw_state_policy *policy, int64_t started_ms)
{
	return mxw_state_next_round_ms(&key->state, key->soft ? key->soft : &calm, policy, started_ms);
}

/* Before a key is written for the first time: a domain that was removed and has come back goes on with its old sequence,
 * or an event id would be used twice. */
static int claim(struct mxw_monitor *monitor, struct key *key, struct mxw_state *next)
{
	uint64_t seq = 0;
	if (key->is_stored)
		return 0;
	int r = mxw_store_get_seq(monitor->params.store, key->watched->domain->name, key->check, &seq);
	if (r == 0) {
		key->state.seq += seq;
		next->seq += seq;
		key->is_stored = true;
	}
	return r;
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
	for (size_t i = 0; i < input->n_sources; i++) {
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
};

static int take_step(const struct step *step, const struct key *key, struct outcome *ret)
{
	struct mxw_monitor *monitor = step->monitor;
	const struct mxw_state_policy *policy = &key->watched->domain->settings->policy;
	const struct mxw_verdict *verdict = mxw_round_verdict(step->round, key->check_index);
	struct mxw_source sources[MXW_MAX_SOURCES];
	struct mxw_soft soft;
	const char *mute = find_mute(step, key);
	struct mxw_state_input input = {
		.verdict = verdict->state,
		.may_be = verdict->may_be,
		.set = mxw_state_fingerprint(verdict),
		.now_ms = mxw_loop_now_ms(monitor->loop),
		.now_wall_ms = mxw_loop_wall_ms(monitor->loop),
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
	if (!ret->transition.is_told)
		ret->muted_by = mute ? mute : ret->state.is_flapping ? "flapping" : "untold";
	return mxw_soft_keep(&ret->soft, &soft);
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
	};
	int r = outcome->transition.escalated >= MXW_WARNING
			? mxw_round_escalate(step->round, key->check_index, policy, &outcome->transition)
			: 0;
	if (r == 0)
		r = mxw_monitor_decide(step->monitor, key, &decision, step->round, ret_finding_id);
	if (r < 0)
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

/* *ret_hard and *ret_finding_id: what the key is hard with after this, if the commit succeeds. */
static void step_key(const struct step *step, struct key *key, enum mxw_severity *ret_hard, const char **ret_finding_id)
{
	struct mxw_monitor *monitor = step->monitor;
	struct outcome outcome = { 0 };
	*ret_hard = key->state.hard;
	*ret_finding_id = key->told.finding_id;
	if (key->has_pending)
		return;
	if (take_step(step, key, &outcome) < 0) {
		mxw_log(MXW_LOG_ERROR, "%s %s: out of memory; this round counts for nothing",
			key->watched->domain->name, key->check);
		return;
	}
	bool must_store = is_event(&outcome.transition) ||
			  mxw_state_is_pending(&outcome.state, outcome.soft ? outcome.soft : &calm);
	if (!must_store || claim(monitor, key, &outcome.state) == 0) {
		*ret_hard = outcome.state.hard;
		if (is_event(&outcome.transition))
			queue_event(step, key, &outcome, ret_finding_id);
		else
			take_over(monitor, key, &outcome);
	}
	free(outcome.soft);
}

void mxw_watched_step(struct watched *watched, struct mxw_round *round)
{
	struct step step = { .monitor = watched->monitor, .round = round };
	for (size_t i = 0; i < watched->n_keys; i++) {
		enum mxw_severity hard;
		const char *finding_id;
		if (!mxw_round_verdict(round, watched->keys[i].check_index))
			continue;
		step_key(&step, &watched->keys[i], &hard, &finding_id);
		if (hard >= MXW_WARNING && finding_id)
			step.parents[step.n_parents++] = finding_id;
	}
}
