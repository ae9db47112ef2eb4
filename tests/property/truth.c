/* Questions about moments; see truth.h. */
#include "tests/property/truth.h"

#include <string.h>

#include "lib/base/util.h"

enum { MAX_DEPENDENT_QUESTIONS = 4 };

size_t truth_moment(const struct trace *trace, int64_t at_ms)
{
	size_t i = 0;
	while (i + 1 < trace->n_moments && trace_end_of(trace, i) < at_ms)
		i++;
	return i;
}

unsigned truth_n_well(const struct moment *moment)
{
	unsigned n = 0;
	for (unsigned i = 0; i < PLAN_MAX_RESOLVERS; i++)
		n += truth_has_resolver(moment, i) && truth_is_well(moment, i);
	return n;
}

bool truth_changes(const struct trace *trace, size_t from, size_t to, unsigned domain, unsigned resolver)
{
	for (size_t i = from + 1; i <= to; i++) {
		const struct moment *before = &trace->moments[i - 1], *after = &trace->moments[i];
		if (before->says[resolver][domain] != after->says[resolver][domain] ||
		    before->failure[resolver] != after->failure[resolver])
			return true;
	}
	return false;
}

unsigned truth_max_liars(const struct plan_config *config)
{
	unsigned quorum = plan_quorum(config);
	return MXW_MIN(plan_count(config->resolvers) - quorum, quorum - 1);
}

int64_t truth_round_ms(const struct plan_config *config)
{
	return MAX_DEPENDENT_QUESTIONS * config->timeout_ms + SECOND;
}

const struct trace_round *truth_round_of(const struct trace *trace, const struct trace_event *event)
{
	for (size_t i = trace->n_rounds; i > 0; i--) {
		const struct trace_round *round = &trace->rounds[i - 1];
		if (round->domain == event->domain_number && round->moment <= event->moment &&
		    round->at_ms <= event->at_ms)
			return round;
	}
	return NULL;
}

bool truth_is_removal(const struct trace_event *event)
{
	return truth_is_kind(event, "recovery") && event->to == MXW_UNKNOWN;
}

bool truth_is_kind(const struct trace_event *event, const char *kind)
{
	return strcmp(event->kind, kind) == 0;
}

bool truth_is_folded(const struct trace_event *event)
{
	return strcmp(event->muted_by, "group") == 0;
}

bool truth_is_of_group(const struct trace_event *event)
{
	static const char *const kinds[] = { "cause", "mass", "storm", "digest" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(kinds); i++)
		if (strcmp(event->check, kinds[i]) == 0)
			return true;
	return false;
}

bool truth_is_same_key(const struct trace_event *a, const struct trace_event *b)
{
	size_t n_epoch = strcspn(a->id, "-") + 1, n = n_epoch + strcspn(a->id + n_epoch, "-");
	return strncmp(a->id, b->id, n + 1) == 0;
}
