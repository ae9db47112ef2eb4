/* The turn from answers to verdicts; see round.h.
 *
 * A server's view holds answers to names of its zone only. What hangs on other names is unknown there, by the law that a
 * question without an answer is a failed lookup: so no resolver speaks with the authority's voice. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "lib/base/util.h"
#include "lib/round/internal.h"

void mxw_round_drop_verdicts(struct mxw_round *round)
{
	for (size_t i = 0; round->verdicts && i < mxw_n_checks; i++)
		mxw_verdict_done(&round->verdicts[i]);
	for (size_t i = 0; round->findings && i < mxw_n_checks * mxw_round_n_views(round); i++)
		mxw_findings_done(&round->findings[i]);
	free(round->verdicts);
	free(round->findings);
	round->verdicts = NULL;
	round->findings = NULL;
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
	int rc = mxw_checks[check]->judge(&round->spec.target, mxw_round_options(round, check),
					  round->views[view].observation, ret);
	if (rc < 0)
		return rc;
	if (mxw_findings_failed(ret))
		return -ENOMEM;
	apply_overrides(&round->spec, ret);
	return 0;
}

static bool can_tell(const struct mxw_finding_def *def)
{
	return !mxw_round_is_lookup(def);
}

static int judge_check(struct mxw_round *round, size_t check)
{
	const struct mxw_round_spec *spec = &round->spec;
	size_t n_views = mxw_round_n_views(round);
	struct mxw_findings *findings = &round->findings[check * n_views];
	struct mxw_verdict_view views[MXW_VERDICT_MAX_VIEWS + MXW_ROUND_MAX_SERVERS] = { 0 };
	const struct mxw_verdict_zone zone = {
		.servers = views + spec->n_views,
		.n_servers = spec->n_servers,
		.is_rederived = round->is_rederived,
		.can_tell = can_tell,
		.age = spec->age,
		.arg = spec->age_arg,
	};
	for (size_t i = 0; i < n_views; i++) {
		if (!mxw_round_takes_part(round, i))
			continue;
		int rc = judge_view(round, check, i, &findings[i]);
		if (rc < 0)
			return rc;
		views[i].findings = &findings[i];
	}
	return mxw_verdict_merge(&round->verdicts[check], views, spec->n_views, spec->quorum, &zone);
}

/* The zone's servers say that all is well, and a quorum of resolvers cannot find out: mail waits at senders behind them. */
static void heed_failures(struct mxw_round *round, size_t check)
{
	struct mxw_verdict *verdict = &round->verdicts[check];
	if (verdict->state == MXW_OK && verdict->is_cleared_alone && mxw_round_fails(round, check))
		verdict->state = MXW_UNKNOWN;
}

int mxw_round_judge(struct mxw_round *round)
{
	mxw_round_drop_verdicts(round);
	round->findings = mxw_new_array(mxw_n_checks * mxw_round_n_views(round), sizeof(*round->findings));
	round->verdicts = mxw_new_array(mxw_n_checks, sizeof(*round->verdicts));
	int rc = round->findings && round->verdicts ? 0 : -ENOMEM;
	for (size_t i = 0; rc == 0 && i < mxw_n_checks; i++) {
		if (!mxw_round_has_check(round, i))
			continue;
		rc = judge_check(round, i);
		if (rc == 0)
			heed_failures(round, i);
	}
	if (rc < 0)
		mxw_round_drop_verdicts(round);
	return rc;
}

const struct mxw_verdict *mxw_round_verdict(const struct mxw_round *round, size_t check)
{
	assert(check < mxw_n_checks);
	return round->verdicts && mxw_round_has_check(round, check) ? &round->verdicts[check] : NULL;
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
		if (mxw_round_has_check(round, i))
			state = mxw_severity_worse(state, round->verdicts[i].state);
	return state;
}

bool mxw_round_wants_rederivation(const struct mxw_round *round)
{
	for (size_t i = 0; i < mxw_n_checks; i++) {
		const struct mxw_verdict *verdict = mxw_round_verdict(round, i);
		if (verdict && verdict->wants_rederivation)
			return true;
	}
	return false;
}
