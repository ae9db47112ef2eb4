/* Failing lookups of a round; see failing.h. */
#include "lib/round/failing.h"

#include <errno.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/util.h"
#include "lib/dns/name.h"
#include "lib/round/internal.h"

enum { USUAL_WARN_AFTER_MIN = 15 }; /* of the rows that the policy's times are for */

/* A row whose severity somebody has configured waits for nothing. */
static bool can_escalate(const struct mxw_verdict_entry *entry)
{
	return entry->def->warn_after_min && entry->finding->vote == MXW_VOTE_YES &&
	       entry->finding->severity == MXW_UNKNOWN;
}

/* Rows about the question itself, which may fail in another way elsewhere. */
static bool is_about_question(const struct mxw_verdict_entry *entry)
{
	return entry->def->critical_after_min > 0;
}

/* The resolvers at which the entry's question fails, in whatever way. */
static uint32_t failing_votes(const struct mxw_verdict *verdict, const struct mxw_verdict_entry *entry)
{
	uint32_t votes = entry->votes.yes;
	for (size_t i = 0; is_about_question(entry) && i < verdict->n_entries; i++) {
		const struct mxw_verdict_entry *other = &verdict->entries[i];
		if (can_escalate(other) && is_about_question(other) && strcmp(other->subject, entry->subject) == 0)
			votes |= other->votes.yes;
	}
	return votes;
}

static bool has_quorum(const struct mxw_round *round, uint32_t votes)
{
	return (unsigned)__builtin_popcount(votes) >= mxw_round_get_spec(round)->quorum;
}

/* Of several ways in which a question fails, the one that most resolvers see speaks for it; of equals the first. */
static bool is_speaker(const struct mxw_verdict *verdict, const struct mxw_verdict_entry *entry)
{
	int n = __builtin_popcount(entry->votes.yes);
	for (size_t i = 0; is_about_question(entry) && i < verdict->n_entries; i++) {
		const struct mxw_verdict_entry *other = &verdict->entries[i];
		int n_other = __builtin_popcount(other->votes.yes);
		if (other != entry && can_escalate(other) && is_about_question(other) &&
		    strcmp(other->subject, entry->subject) == 0 && (n_other > n || (n_other == n && other < entry)))
			return false;
	}
	return true;
}

static bool fails_earlier(const struct mxw_round *round, size_t check, const struct mxw_verdict_entry *entry)
{
	for (size_t c = 0; is_about_question(entry) && c < check; c++) {
		const struct mxw_verdict *other = mxw_round_verdict(round, c);
		for (size_t i = 0; other && i < other->n_entries; i++)
			if (can_escalate(&other->entries[i]) && is_about_question(&other->entries[i]) &&
			    strcmp(other->entries[i].subject, entry->subject) == 0 &&
			    has_quorum(round, failing_votes(other, &other->entries[i])))
				return true;
	}
	return false;
}

bool mxw_round_fails(const struct mxw_round *round, size_t check)
{
	const struct mxw_verdict *verdict = mxw_round_verdict(round, check);
	for (size_t i = 0; i < verdict->n_entries; i++)
		if (can_escalate(&verdict->entries[i]) &&
		    has_quorum(round, failing_votes(verdict, &verdict->entries[i])))
			return true;
	return false;
}

/* The entry stands for a failing lookup that is told under this check. */
static bool is_failing(const struct mxw_round *round, size_t check, const struct mxw_verdict_entry *entry)
{
	const struct mxw_verdict *verdict = mxw_round_verdict(round, check);
	return can_escalate(entry) && has_quorum(round, failing_votes(verdict, entry)) && is_speaker(verdict, entry) &&
	       !fails_earlier(round, check, entry);
}

/* Without its own records a domain has no mail; the record of another host that fails weighs as much as what it may hide. */
static bool may_become_critical(const struct mxw_round *round, size_t check, const struct mxw_verdict_entry *entry)
{
	const struct mxw_finding *finding = entry->finding;
	bool is_own = finding->n_evidence &&
		      strcmp(finding->evidence[0].name, mxw_round_get_spec(round)->target.domain) == 0;
	return entry->def->critical_after_min && (is_own || mxw_round_verdict(round, check)->may_be == MXW_CRITICAL);
}

static int64_t warn_after_ms(const struct mxw_verdict_entry *entry, const struct mxw_state_policy *policy)
{
	return policy->escalate_warning_ms * entry->def->warn_after_min / USUAL_WARN_AFTER_MIN;
}

static enum mxw_failing warn_level(const struct mxw_verdict_entry *entry)
{
	return entry->def->warn_after_min == USUAL_WARN_AFTER_MIN ? MXW_FAILING_WARNS : MXW_FAILING_WARNS_LATE;
}

void mxw_round_failing(const struct mxw_round *round, size_t check, const struct mxw_state_policy *policy,
		       struct mxw_state_input *input)
{
	const struct mxw_verdict *verdict = mxw_round_verdict(round, check);
	input->failing_set = 0;
	memset(input->failing_ms, 0, sizeof(input->failing_ms));
	if (verdict->state == MXW_OK) /* whatever fails, nothing hangs on it */
		return;
	for (size_t i = 0; i < verdict->n_entries; i++) {
		const struct mxw_verdict_entry *entry = &verdict->entries[i];
		if (!is_failing(round, check, entry))
			continue;
		input->failing_ms[warn_level(entry)] = warn_after_ms(entry, policy);
		if (may_become_critical(round, check, entry))
			input->failing_ms[MXW_FAILING_CRITICAL] = policy->escalate_critical_ms;
		input->failing_set += mxw_hash64(1, entry->subject, strlen(entry->subject));
	}
}

static enum mxw_severity grown_severity(const struct mxw_round *round, size_t check,
					const struct mxw_verdict_entry *entry, const struct mxw_state_policy *policy,
					const struct mxw_transition *transition)
{
	const int64_t *ages_ms = transition->failing_age_ms;
	if (transition->escalated == MXW_CRITICAL && may_become_critical(round, check, entry) &&
	    ages_ms[MXW_FAILING_CRITICAL] >= policy->escalate_critical_ms)
		return MXW_CRITICAL;
	bool warns = transition->escalated >= MXW_WARNING && ages_ms[warn_level(entry)] >= warn_after_ms(entry, policy);
	return warns ? MXW_WARNING : MXW_UNKNOWN;
}

/* A copy of the finding that says that the question fails in other ways too. */
static const struct mxw_finding *tell_others(struct mxw_verdict *verdict, const struct mxw_finding *finding)
{
	struct mxw_finding *copy = mxw_arena_alloc(&verdict->arena, sizeof(*copy));
	struct mxw_finding_var *vars = mxw_arena_alloc(&verdict->arena, (finding->n_vars + 1) * sizeof(*vars));
	if (!copy || !vars)
		return NULL;
	*copy = *finding;
	vars[0] = (struct mxw_finding_var){ "detail", ", or another failure" }; /* the first one of a name counts */
	memcpy(vars + 1, finding->vars, finding->n_vars * sizeof(*vars));
	copy->vars = vars;
	copy->n_vars = copy->max_vars = finding->n_vars + 1;
	return copy;
}

int mxw_round_escalate(struct mxw_round *round, size_t check, const struct mxw_state_policy *policy,
		       const struct mxw_transition *transition)
{
	struct mxw_verdict *verdict = mxw_round_own_verdict(round, check);
	const struct mxw_verdict_entry *entries = verdict->entries;
	uint32_t votes[MXW_ROUND_MAX_QUESTIONS * 2], n = 0;
	enum mxw_severity grown[MXW_ROUND_MAX_QUESTIONS * 2];
	size_t at[MXW_ROUND_MAX_QUESTIONS * 2];
	/* Looked at first and changed then: what an entry is depends on the others. */
	for (size_t i = 0; i < verdict->n_entries && n < MXW_ARRAY_SIZE(at); i++) {
		if (!is_failing(round, check, &entries[i]))
			continue;
		grown[n] = grown_severity(round, check, &entries[i], policy, transition);
		votes[n] = failing_votes(verdict, &entries[i]);
		at[n] = i;
		n += grown[n] >= MXW_WARNING;
	}
	for (size_t i = 0; i < n; i++) {
		struct mxw_verdict_entry *entry = &verdict->entries[at[i]];
		if (votes[i] != entry->votes.yes)
			entry->finding = tell_others(verdict, entry->finding);
		if (!entry->finding)
			return -ENOMEM;
		entry->status = MXW_CONFIRMED;
		entry->severity = grown[i];
		entry->votes.yes = votes[i];
		entry->votes.unknown &= ~votes[i];
		entry->votes.no &= ~votes[i];
	}
	mxw_verdict_sort(verdict);
	return 0;
}

bool mxw_round_is_lookup(const struct mxw_finding_def *def)
{
	return def->warn_after_min || strcmp(def->id, "dnssec-bogus") == 0;
}

static bool is_lookup_of_domain(const struct mxw_round *round, const struct mxw_verdict_entry *entry)
{
	const struct mxw_finding *finding = entry->finding;
	const char *domain = mxw_round_get_spec(round)->target.domain;
	bool is_lookup = mxw_round_is_lookup(entry->def);
	for (size_t i = 0; is_lookup && i < finding->n_evidence; i++)
		if (!mxw_name_is_below(finding->evidence[i].name, domain))
			return false;
	return is_lookup && finding->n_evidence > 0;
}

bool mxw_round_rests_on_lookups(const struct mxw_round *round, size_t check)
{
	const struct mxw_verdict *verdict = mxw_round_verdict(round, check);
	bool any = false;
	for (size_t i = 0; i < verdict->n_entries; i++) {
		const struct mxw_verdict_entry *entry = &verdict->entries[i];
		bool is_wrong = mxw_verdict_entry_holds(entry) && entry->severity >= MXW_WARNING;
		if (!is_wrong && !is_failing(round, check, entry))
			continue;
		if (!is_lookup_of_domain(round, entry))
			return false;
		any = true;
	}
	return any;
}
