/* Failed questions behind undecided keys; see failures.h. */
#include "lib/report/failures.h"

#include <string.h>

#include "lib/report/entry.h"

const char *mxw_report_blank_reason(const struct mxw_round *round)
{
	const char *cap = round ? mxw_round_cap_text(round) : NULL;
	return cap ? cap : "too few resolvers gave a usable answer";
}

static bool is_known(const struct mxw_report_failure *failures, size_t n, const struct mxw_finding_evidence *question)
{
	for (size_t i = 0; i < n; i++)
		if (failures[i].type == question->type && strcmp(failures[i].name, question->name) == 0)
			return true;
	return false;
}

/* Fills `ret` if the question failed at some resolver. */
static bool has_failed(const struct mxw_round *round, const struct mxw_finding_evidence *question,
		       struct mxw_report_failure *ret)
{
	bool failed = false;
	*ret = (struct mxw_report_failure){ .name = question->name, .type = question->type };
	for (size_t view = 0; view < mxw_round_get_spec(round)->n_views; view++) {
		const struct mxw_observation *observation = mxw_round_observation(round, view);
		const struct mxw_answer *answer =
			observation ? mxw_observation_get(observation, question->name, question->type) : NULL;
		if (!answer || mxw_outcome_is_determinate(answer->outcome))
			continue;
		ret->resolvers[answer->outcome] |= UINT32_C(1) << view;
		failed = true;
	}
	return failed;
}

static size_t add_failures(const struct mxw_round *round, const struct mxw_finding_evidence *questions,
			   size_t n_questions, struct mxw_report_failure *ret, size_t n)
{
	for (size_t i = 0; i < n_questions && n < MXW_FAILURES_MAX; i++)
		if (!is_known(ret, n, &questions[i]) && has_failed(round, &questions[i], &ret[n]))
			n++;
	return n;
}

size_t mxw_report_failures(const struct mxw_round *round, struct mxw_report_failure ret[static MXW_FAILURES_MAX])
{
	static const uint16_t types[] = { MXW_TYPE_MX, MXW_TYPE_A, MXW_TYPE_AAAA, MXW_TYPE_TXT };
	struct mxw_finding_evidence own[MXW_ARRAY_SIZE(types)];
	bool any = false;
	size_t n = 0;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(types); i++)
		own[i] = (struct mxw_finding_evidence){ mxw_round_get_spec(round)->target.domain, types[i] };
	for (size_t check = 0; check < mxw_n_checks; check++) {
		const struct mxw_verdict *verdict = mxw_round_verdict(round, check);
		for (size_t i = 0; verdict && i < verdict->n_entries; i++) {
			const struct mxw_verdict_entry *entry = &verdict->entries[i];
			if (entry->status != MXW_UNDECIDED || !mxw_report_entry_is_told(entry, false))
				continue;
			if (!any) /* what everything else rests on comes first */
				n = add_failures(round, own, MXW_ARRAY_SIZE(own), ret, n);
			n = add_failures(round, entry->finding->evidence, entry->finding->n_evidence, ret, n);
			any = true;
		}
	}
	return n;
}

void mxw_report_failure_format(const struct mxw_report_failure *failure, const struct mxw_report_context *context,
			       struct mxw_strbuf *ret)
{
	char type[10];
	bool is_first_outcome = true;
	mxw_strbuf_addf(ret, "%s %s: ", failure->name, mxw_rrtype_name(failure->type, type));
	for (unsigned outcome = 0; outcome < MXW_N_OUTCOMES; outcome++) {
		bool is_first_resolver = true;
		if (!failure->resolvers[outcome])
			continue;
		mxw_strbuf_addf(ret, "%s%s", is_first_outcome ? "" : "; ", mxw_outcome_name((enum mxw_outcome)outcome));
		for (size_t i = 0; i < context->n_upstreams; i++) {
			if (!(failure->resolvers[outcome] & UINT32_C(1) << i))
				continue;
			mxw_strbuf_addf(ret, "%s%s", is_first_resolver ? " at " : ", ", context->upstreams[i].name);
			is_first_resolver = false;
		}
		is_first_outcome = false;
	}
}
