/* From the statuses of all resolvers to what is told about them; see gate.h.
 *
 * The gate is judged first: while it is closed the network is the likely cause of every resolver's trouble, so that
 * nothing is told of a resolver, and what was seen of it before counts no more. */
#include "lib/health/gate.h"

#include <assert.h>

void mxw_gate_init(struct mxw_gate *gate, size_t n_resolvers)
{
	assert(n_resolvers <= MXW_MAX_UPSTREAMS);
	*gate = (struct mxw_gate){ .is_settled = true, .n_resolvers = n_resolvers };
}

void mxw_gate_restore(struct mxw_gate *gate, size_t resolver, enum mxw_trouble told)
{
	if (resolver != MXW_GATE_NETWORK) {
		gate->resolvers[resolver].told = told;
		return;
	}
	gate->is_blind = told != MXW_TROUBLE_NONE;
	if (gate->is_blind && gate->status == MXW_GATE_UNKNOWN) {
		gate->status = MXW_GATE_CLOSED;
		gate->is_settled = false;
	}
}

void mxw_gate_doubt(struct mxw_gate *gate)
{
	if (gate->status == MXW_GATE_OPEN)
		gate->status = MXW_GATE_UNKNOWN;
}

void mxw_gate_reshape(struct mxw_gate *gate, size_t n_resolvers, const size_t *from)
{
	struct mxw_gate before = *gate;
	assert(n_resolvers <= MXW_MAX_UPSTREAMS);
	gate->n_resolvers = n_resolvers;
	for (size_t i = 0; i < n_resolvers; i++)
		gate->resolvers[i] = from[i] < before.n_resolvers ? before.resolvers[from[i]]
								  : (struct mxw_gate_resolver){ 0 };
}

static bool is_telling(const struct mxw_gate_policy *policy, enum mxw_trouble trouble)
{
	return policy->telling >> trouble & 1;
}

static enum mxw_trouble trouble_of(enum mxw_health_status status)
{
	switch (status) {
	case MXW_HEALTH_FAILING:
		return MXW_TROUBLE_DOWN;
	case MXW_HEALTH_REFUSING:
	case MXW_HEALTH_REFUSING_DOMAINS:
		return MXW_TROUBLE_REFUSED;
	case MXW_HEALTH_LYING:
	case MXW_HEALTH_FILTERING_DOMAINS:
		return MXW_TROUBLE_FILTER;
	case MXW_HEALTH_UNTESTED:
	case MXW_HEALTH_GOOD:
		break;
	}
	return MXW_TROUBLE_NONE;
}

static bool is_quorum_good(const struct mxw_gate *gate, const struct mxw_gate_policy *policy,
			   const enum mxw_health_status *statuses)
{
	unsigned n_good = 0;
	for (size_t i = 0; i < gate->n_resolvers; i++)
		n_good += statuses[i] == MXW_HEALTH_GOOD || statuses[i] == MXW_HEALTH_REFUSING_DOMAINS ||
			  statuses[i] == MXW_HEALTH_FILTERING_DOMAINS;
	return n_good >= policy->quorum;
}

/* A gate that closes again before it is settled has never been open for long: its closed ticks are counted on, or a
 * network that flaps from tick to tick would silence all domains without a word. */
static void note_gate(struct mxw_gate *gate, bool is_open, int64_t now_ms)
{
	if (!is_open) {
		if (gate->n_closed++ == 0)
			gate->closed_ms = now_ms;
		gate->is_settled = false;
	} else if (gate->status == MXW_GATE_OPEN) {
		gate->is_settled = true;
	}
	if (gate->is_settled)
		gate->n_closed = 0;
	gate->status = is_open ? MXW_GATE_OPEN : MXW_GATE_CLOSED;
}

static bool judge_gate(struct mxw_gate *gate, const struct mxw_gate_policy *policy, int64_t now_ms,
		       struct mxw_gate_news *ret)
{
	*ret = (struct mxw_gate_news){ .resolver = MXW_GATE_NETWORK };
	if (gate->is_blind) {
		gate->is_blind = !gate->is_settled;
		return gate->is_settled;
	}
	if (gate->status != MXW_GATE_CLOSED || gate->n_closed < MXW_GATE_BLIND_TICKS ||
	    !is_telling(policy, MXW_TROUBLE_BLIND))
		return false;
	gate->is_blind = true;
	ret->trouble = MXW_TROUBLE_BLIND;
	ret->age_ms = now_ms - gate->closed_ms;
	return true;
}

static void note_resolver(struct mxw_gate_resolver *resolver, enum mxw_trouble seen, int64_t now_ms)
{
	if (resolver->n_seen == 0 || resolver->seen != seen) {
		if (resolver->n_seen == 0 || resolver->seen == MXW_TROUBLE_NONE)
			resolver->bad_ms = now_ms;
		resolver->seen = seen;
		resolver->seen_ms = now_ms;
		resolver->n_seen = 0;
	}
	resolver->n_seen++;
}

/* A first trouble counts from the last good tick: one that now fails and now refuses is told as well. A worse one than
 * what was told must last by itself. */
static bool is_sure(const struct mxw_gate_resolver *resolver, const struct mxw_gate_policy *policy, int64_t now_ms)
{
	int64_t since_ms = resolver->told ? resolver->seen_ms : resolver->bad_ms;
	if (resolver->seen != MXW_TROUBLE_DOWN && resolver->n_seen >= MXW_GATE_TROUBLE_TICKS)
		return true;
	return now_ms - since_ms >= policy->down_after_ms;
}

static bool judge_resolver(struct mxw_gate_resolver *resolver, const struct mxw_gate_policy *policy, int64_t now_ms,
			   struct mxw_gate_news *ret)
{
	enum mxw_trouble seen = resolver->seen, told = resolver->told;
	bool is_well = seen == MXW_TROUBLE_NONE && resolver->n_seen >= MXW_GATE_WELL_TICKS;
	*ret = (struct mxw_gate_news){ 0 };
	if (told && is_well) {
		resolver->told = MXW_TROUBLE_NONE;
		return true;
	}
	if (seen <= told || !is_telling(policy, seen) || !is_sure(resolver, policy, now_ms))
		return false;
	ret->trouble = resolver->told = seen;
	ret->age_ms = now_ms - resolver->bad_ms;
	return true;
}

size_t mxw_gate_tick(struct mxw_gate *gate, const struct mxw_gate_policy *policy,
		     const enum mxw_health_status *statuses, int64_t now_ms,
		     struct mxw_gate_news ret[static MXW_GATE_MAX_NEWS])
{
	size_t n_news = 0;
	note_gate(gate, is_quorum_good(gate, policy, statuses), now_ms);
	n_news += judge_gate(gate, policy, now_ms, &ret[n_news]);
	for (size_t i = 0; i < gate->n_resolvers; i++) {
		struct mxw_gate_resolver *resolver = &gate->resolvers[i];
		if (gate->status == MXW_GATE_CLOSED) {
			resolver->n_seen = 0;
			continue;
		}
		note_resolver(resolver, trouble_of(statuses[i]), now_ms);
		if (judge_resolver(resolver, policy, now_ms, &ret[n_news]))
			ret[n_news++].resolver = i;
	}
	return n_news;
}
