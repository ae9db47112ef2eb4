/* What was so, and when: questions about the moments of a trace.
 *
 * A span of time is a range of moments, [from, to]. What was so at some time in it may have been seen, what was so all of
 * the time must have been. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/property/condition.h"
#include "tests/property/trace.h"

/* The first moment that is not over at `at_ms`. */
size_t truth_moment(const struct trace *trace, int64_t at_ms);

static inline bool truth_has_resolver(const struct moment *moment, unsigned resolver)
{
	return moment->config->resolvers & 1u << resolver;
}

/* It answers, and truthfully as far as its canaries and names that cannot exist go. */
static inline bool truth_is_well(const struct moment *moment, unsigned resolver)
{
	return !moment->failure[resolver] && !moment->lies[resolver];
}

static inline bool truth_has_key(const struct moment *moment, unsigned domain, enum plan_check check)
{
	return (moment->config->domains & 1u << domain) && (check == PLAN_MX || moment->config->has_spf);
}

/* When something can happen in it: after the sleep. */
static inline int64_t truth_awake_ms(const struct moment *moment)
{
	return moment->at_ms + (moment->deed && moment->deed->kind == DEED_SUSPEND ? moment->deed->ms : 0);
}

/* How many of its resolvers are well. */
unsigned truth_n_well(const struct moment *moment);
static inline bool truth_can_see(const struct moment *moment)
{
	return truth_n_well(moment) >= plan_quorum(moment->config);
}

/* What this resolver says of the domain is another thing at some time in the span: a round may have seen something of each. */
bool truth_changes(const struct trace *trace, size_t from, size_t to, unsigned domain, unsigned resolver);

/* So many resolvers may be wrong without a wrong word about a domain (alerts.md Q1). */
unsigned truth_max_liars(const struct plan_config *config);

/* So long a round takes at most. */
int64_t truth_round_ms(const struct plan_config *config);

/* The last round of the domain that began before that event was decided; NULL if there is none. */
const struct trace_round *truth_round_of(const struct trace *trace, const struct trace_event *event);

/* The event is about a key: a domain of the plan and one of its checks. */
static inline bool truth_is_of(const struct trace_event *event, unsigned domain, enum plan_check check)
{
	return event->domain_number == domain && event->check_number == check;
}
static inline bool truth_is_problem(enum mxw_severity severity)
{
	return severity >= MXW_WARNING;
}
/* Both are of one stream, which the id names: a cause has one for each route. */
bool truth_is_same_key(const struct trace_event *a, const struct trace_event *b);
/* A group tells it. */
bool truth_is_folded(const struct trace_event *event);
/* The event is a group's own. */
bool truth_is_of_group(const struct trace_event *event);
/* The domain or the check was taken out of the configuration. */
bool truth_is_removal(const struct trace_event *event);
bool truth_is_kind(const struct trace_event *event, const char *kind);
