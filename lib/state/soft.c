/* Runs of rounds, their sources and their turns; see state.h.
 *
 * Sources: a resolver that is new to the run, or whose answer was fetched anew since it was last counted. Its answers
 * tell by when they lapse: the expiry of a cached answer stays where it is, that of a new one lies later. */
#include "lib/state/soft.h"

#include <stddef.h>
#include <string.h>

#include "lib/base/util.h"

static const int64_t not_counted = INT64_MIN; /* by this run */
static const int64_t counted_once =
	INT64_MAX; /* for something else than `about`: to be compared from the next vote on */

/* Whether a round agrees with a run. A round that cannot tell neither advances nor ends it. */
enum says { SAYS_NO, SAYS_NOTHING, SAYS_YES };

static enum says says(bool holds)
{
	return holds ? SAYS_YES : SAYS_NO;
}

void mxw_soft_init(struct mxw_soft *soft)
{
	*soft = (struct mxw_soft){ 0 };
}

bool mxw_soft_is_empty(const struct mxw_soft *soft)
{
	uint64_t n = soft->n_turns;
	for (size_t i = 0; i < MXW_N_RUNS; i++)
		n += soft->runs[i].n;
	return n == 0;
}

size_t mxw_soft_size(const struct mxw_soft *soft)
{
	return offsetof(struct mxw_soft, rows) + soft->n_rows * sizeof(soft->rows[0]);
}

/* So small that sums of a few do not overflow. */
static bool is_time(int64_t ms)
{
	return ms > INT64_MIN / 16 && ms < INT64_MAX / 16;
}

/* Expiries may be anything: after a restart they are not compared. */
static bool are_times(const struct mxw_soft *soft)
{
	bool ret = is_time(soft->last_round_ms) && is_time(soft->last_failing_ms);
	for (size_t i = 0; i < MXW_N_RUNS; i++)
		ret = ret && is_time(soft->runs[i].since_ms);
	return ret;
}

static bool are_turns(const struct mxw_soft *soft)
{
	for (size_t i = 0; i < soft->n_turns; i++) {
		uint8_t to = soft->turns_to[i];
		if (!is_time(soft->turns_ms[i]) || (to != MXW_OK && to != MXW_WARNING && to != MXW_CRITICAL))
			return false;
	}
	return true;
}

bool mxw_soft_load(struct mxw_soft *ret, const void *octets, size_t n)
{
	mxw_soft_init(ret);
	if (n < offsetof(struct mxw_soft, rows) || n > sizeof(*ret))
		return false;
	memcpy(ret, octets, n);
	bool fits = ret->n_rows <= MXW_MAX_SOURCES && ret->n_turns <= MXW_MAX_TURNS && mxw_soft_size(ret) == n &&
		    are_times(ret) && are_turns(ret);
	if (!fits)
		mxw_soft_init(ret);
	return fits;
}

/* ---- sources ---- */

static struct mxw_soft_row *get_row(struct mxw_soft *soft, uint32_t resolver)
{
	for (size_t i = 0; i < soft->n_rows; i++)
		if (soft->rows[i].resolver == resolver)
			return &soft->rows[i];
	if (soft->n_rows == MXW_MAX_SOURCES)
		return NULL;
	struct mxw_soft_row *row = &soft->rows[soft->n_rows++];
	row->resolver = resolver;
	for (size_t i = 0; i < MXW_N_CANDIDATES; i++)
		row->expires_ms[i] = not_counted;
	return row;
}

static void uncount(struct mxw_soft *soft, enum mxw_run_name run)
{
	for (size_t i = 0; i < soft->n_rows; i++)
		soft->rows[i].expires_ms[run] = not_counted;
}

/* The counted answers were about something else, or from before a restart. */
static void make_incomparable(struct mxw_soft *soft, enum mxw_run_name run)
{
	for (size_t i = 0; i < soft->n_rows; i++)
		if (soft->rows[i].expires_ms[run] != not_counted)
			soft->rows[i].expires_ms[run] = counted_once;
}

static bool is_new(int64_t counted_ms, const struct mxw_source *source)
{
	if (counted_ms == not_counted)
		return true;
	return counted_ms != counted_once && !source->is_stale &&
	       source->expires_ms > counted_ms + MXW_REFETCH_TOLERANCE_MS;
}

/* One piece of evidence a round at most: the first source that has something new to say. */
static void count_source(struct mxw_soft *soft, enum mxw_run_name run, const struct mxw_state_input *input)
{
	bool counted = false;
	if (soft->about[run] != input->about)
		make_incomparable(soft, run);
	soft->about[run] = input->about;
	for (size_t i = 0; i < input->n_sources; i++) {
		const struct mxw_source *source = &input->sources[i];
		struct mxw_soft_row *row = get_row(soft, source->resolver);
		if (!row)
			return;
		int64_t *expires_ms = &row->expires_ms[run];
		if (*expires_ms == counted_once) {
			*expires_ms = source->expires_ms;
		} else if (!counted && is_new(*expires_ms, source)) {
			*expires_ms = source->expires_ms;
			soft->runs[run].n_sources++;
			counted = true;
		}
	}
}

uint8_t mxw_soft_n_resolvers(const struct mxw_soft *soft, enum mxw_run_name run)
{
	uint8_t n = 0;
	for (size_t i = 0; i < soft->n_rows; i++)
		if (soft->rows[i].expires_ms[run] != not_counted)
			n++;
	return n;
}

/* ---- runs ---- */

static void note(struct mxw_soft *soft, enum mxw_run_name name, enum says says, int64_t now_ms)
{
	struct mxw_run *run = &soft->runs[name];
	if (says == SAYS_NO)
		*run = (struct mxw_run){ 0 };
	else if (says == SAYS_YES && run->n++ == 0)
		run->since_ms = now_ms;
}

static void note_candidate(struct mxw_soft *soft, enum mxw_run_name run, enum says says,
			   const struct mxw_state_input *input)
{
	note(soft, run, says, input->now_ms);
	if (says != SAYS_NOTHING && soft->runs[run].n <= 1)
		uncount(soft, run);
	if (says == SAYS_YES)
		count_source(soft, run, input);
}

void mxw_soft_end_candidates(struct mxw_soft *soft)
{
	memset(soft->runs, 0, MXW_N_CANDIDATES * sizeof(soft->runs[0]));
	memset(soft->about, 0, sizeof(soft->about));
	soft->changed_set = 0;
	soft->n_authoritative = 0;
	soft->n_rows = 0;
}

/* A change of the set that holds, at the same severity. */
static void note_set(struct mxw_soft *soft, const struct mxw_state *state, const struct mxw_state_input *input)
{
	bool same_severity = mxw_state_is_problem(state->hard) && input->verdict == state->hard;
	if (same_severity && !mxw_state_knows_set(state, input))
		return;
	bool other_set = same_severity && input->set != state->hard_set;
	if (other_set && input->set != soft->changed_set)
		soft->runs[MXW_RUN_CHANGED] = (struct mxw_run){ 0 };
	note_candidate(soft, MXW_RUN_CHANGED, says(other_set), input);
	soft->changed_set = other_set ? input->set : 0;
}

/* Follows the run CRITICAL: rounds in which the zone's own servers said the same. */
static void note_authority(struct mxw_soft *soft, const struct mxw_state_input *input)
{
	if (!soft->runs[MXW_RUN_CRITICAL].n)
		soft->n_authoritative = 0;
	else if (input->verdict == MXW_CRITICAL && input->is_authoritative)
		soft->n_authoritative++;
}

/* Did a round end too long before this one began to have a part in it? How long this one took does not matter: a resolver that
 * does not answer makes every round long. */
static bool is_long_ago(int64_t end_ms, const struct mxw_state_policy *policy, const struct mxw_state_input *input)
{
	return input->now_ms - input->took_ms - end_ms > 2 * policy->interval_ms;
}

/* Adds a determinate verdict to the runs it belongs to. A warning behind which a failed lookup may hide the critical is
 * a warning at least, and says nothing about more or less. */
static void note_verdict(struct mxw_soft *soft, const struct mxw_state *state, const struct mxw_state_policy *policy,
			 const struct mxw_state_input *input)
{
	enum mxw_severity verdict = input->verdict;
	bool in_problem = mxw_state_is_problem(state->hard);
	bool fails_badly = input->failing_ms[MXW_FAILING_CRITICAL] > 0;
	bool hides_critical = verdict < MXW_CRITICAL && (input->may_be == MXW_CRITICAL || fails_badly);
	bool hides_problem = verdict < state->hard && (input->may_be >= state->hard || fails_badly);
	if (soft->last_round_ms && is_long_ago(soft->last_round_ms, policy, input))
		mxw_soft_end_candidates(soft);
	soft->last_round_ms = input->now_ms;
	note_candidate(soft, MXW_RUN_CRITICAL, hides_critical ? SAYS_NOTHING : says(verdict == MXW_CRITICAL), input);
	note_authority(soft, input);
	note_candidate(soft, MXW_RUN_WARNING, says(mxw_state_is_problem(verdict)), input);
	note_candidate(soft, MXW_RUN_OK, says(in_problem && verdict == MXW_OK), input);
	if (in_problem)
		note_candidate(soft, MXW_RUN_EASED, hides_problem ? SAYS_NOTHING : says(verdict < state->hard), input);
	note_set(soft, state, input);
}

/* Lookups that fail go on failing through rounds that see nothing; a verdict without them ends it. */
static void note_failing(struct mxw_soft *soft, const struct mxw_state_policy *policy,
			 const struct mxw_state_input *input)
{
	bool fails = false;
	if (is_long_ago(soft->last_failing_ms, policy, input))
		memset(&soft->runs[MXW_RUN_FAILING], 0, MXW_N_FAILING * sizeof(soft->runs[0]));
	for (int i = 0; i < MXW_N_FAILING; i++) {
		enum says silent = input->verdict == MXW_UNKNOWN ? SAYS_NOTHING : SAYS_NO;
		note(soft, MXW_RUN_FAILING + i, input->failing_ms[i] ? SAYS_YES : silent, input->now_ms);
		fails = fails || input->failing_ms[i];
	}
	if (fails)
		soft->last_failing_ms = input->now_ms;
}

void mxw_soft_note(struct mxw_soft *soft, const struct mxw_state *state, const struct mxw_state_policy *policy,
		   const struct mxw_state_input *input)
{
	bool is_determinate = input->verdict != MXW_UNKNOWN;
	note(soft, MXW_RUN_UNKNOWN, says(!is_determinate), input->now_ms);
	if (is_determinate)
		note_verdict(soft, state, policy, input);
	note_failing(soft, policy, input);
	soft->n_rounds++;
}

/* ---- what they prove ---- */

struct mxw_bar mxw_bar_worse(const struct mxw_state_policy *policy, enum mxw_severity to)
{
	int64_t age_ms = to == MXW_CRITICAL ? policy->confirm_critical_ms : policy->confirm_warning_ms;
	return (struct mxw_bar){ .threshold = policy->failure_threshold,
				 .age_ms = age_ms,
				 .fallback_ms = to == MXW_CRITICAL ? age_ms * 5 / 2 : age_ms * 3 / 2 };
}

struct mxw_bar mxw_bar_critical(const struct mxw_state_policy *policy, const struct mxw_soft *soft)
{
	struct mxw_bar bar = mxw_bar_worse(policy, MXW_CRITICAL);
	if (soft->n_authoritative >= bar.threshold)
		bar.age_ms /= MXW_AUTHORITY_SPEED;
	return bar;
}

struct mxw_bar mxw_bar_better(const struct mxw_state_policy *policy)
{
	return (struct mxw_bar){ .threshold = policy->success_threshold,
				 .age_ms = policy->confirm_recovery_ms,
				 .fallback_ms = policy->confirm_recovery_ms * 3 / 2 };
}

enum mxw_confidence mxw_soft_confidence(const struct mxw_soft *soft, enum mxw_run_name name, const struct mxw_bar *bar,
					unsigned quorum, int64_t now_ms)
{
	const struct mxw_run *run = &soft->runs[name];
	int64_t age_ms = now_ms - run->since_ms;
	if (run->n < bar->threshold)
		return MXW_UNCONFIRMED;
	if (run->n_sources >= bar->threshold && age_ms >= bar->age_ms)
		return MXW_CONFIDENCE_HIGH;
	bool falls_back = run->n_sources >= MXW_MIN(quorum, bar->threshold) && age_ms >= bar->fallback_ms;
	return falls_back ? MXW_CONFIDENCE_LOW : MXW_UNCONFIRMED;
}

enum mxw_severity mxw_soft_escalated(const struct mxw_soft *soft, const struct mxw_state_input *input)
{
	enum mxw_severity escalated = MXW_OK;
	for (int i = 0; i < MXW_N_FAILING; i++) {
		const struct mxw_run *run = &soft->runs[MXW_RUN_FAILING + i];
		bool is_ripe = input->failing_ms[i] && run->n >= MXW_ESCALATION_ROUNDS &&
			       input->now_ms - run->since_ms >= input->failing_ms[i];
		if (is_ripe)
			escalated = MXW_MAX(escalated, i == MXW_FAILING_CRITICAL ? MXW_CRITICAL : MXW_WARNING);
	}
	return escalated;
}

/* ---- turns ---- */

static void drop_turns(struct mxw_soft *soft, size_t n)
{
	soft->n_turns -= (uint32_t)n;
	memmove(soft->turns_ms, soft->turns_ms + n, soft->n_turns * sizeof(soft->turns_ms[0]));
	memmove(soft->turns_to, soft->turns_to + n, soft->n_turns * sizeof(soft->turns_to[0]));
}

void mxw_soft_turn(struct mxw_soft *soft, enum mxw_severity to, int64_t now_ms)
{
	if (soft->n_turns == MXW_MAX_TURNS)
		drop_turns(soft, 1);
	soft->turns_ms[soft->n_turns] = now_ms;
	soft->turns_to[soft->n_turns] = (uint8_t)to;
	soft->n_turns++;
}

void mxw_soft_forget_turns(struct mxw_soft *soft, int64_t before_ms)
{
	size_t n = 0;
	while (n < soft->n_turns && soft->turns_ms[n] <= before_ms)
		n++;
	drop_turns(soft, n);
}

/* ---- a restart ---- */

void mxw_state_rebase(struct mxw_state *state, struct mxw_soft *soft, int64_t old_now_ms, int64_t elapsed_ms,
		      int64_t now_ms)
{
	int64_t by_ms = now_ms - elapsed_ms - old_now_ms;
	for (size_t i = 0; i < MXW_N_RUNS; i++)
		if (soft->runs[i].n)
			soft->runs[i].since_ms += by_ms;
	for (size_t i = 0; i < soft->n_turns; i++)
		soft->turns_ms[i] += by_ms;
	for (int i = 0; i < MXW_N_CANDIDATES; i++)
		make_incomparable(soft, (enum mxw_run_name)i);
	if (soft->last_round_ms)
		soft->last_round_ms += by_ms;
	soft->last_failing_ms += by_ms;
	state->problem_ms += by_ms;
}
