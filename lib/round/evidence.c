/* Sources of a verdict; see evidence.h.
 *
 * Several answers lapse when the first of them does: from then on something of what the vote rests on is new. */
#include "lib/round/evidence.h"

#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/util.h"

static const uint16_t own_types[] = { MXW_TYPE_MX, MXW_TYPE_A, MXW_TYPE_AAAA, MXW_TYPE_TXT };

/* The finding that decides: the first confirmed one at the verdict's severity. Entries come in a fixed order. */
static const struct mxw_verdict_entry *deciding_entry(const struct mxw_verdict *verdict)
{
	for (size_t i = 0; i < verdict->n_entries; i++)
		if (verdict->entries[i].status == MXW_CONFIRMED && verdict->entries[i].severity == verdict->state)
			return &verdict->entries[i];
	return NULL;
}

static void add_answer(struct mxw_source *source, const struct mxw_answer *answer)
{
	int64_t expires_ms = answer->received_at_ms + (int64_t)answer->ttl * 1000;
	source->expires_ms = MXW_MIN(source->expires_ms, expires_ms);
	source->is_stale |= answer->stale;
}

/* Each resolver has a finding of its own; the questions that the first one cites are those of all. */
static bool fill_yes(const struct mxw_observation *observation, const struct mxw_finding *finding,
		     struct mxw_source *ret)
{
	for (size_t i = 0; i < finding->n_evidence; i++) {
		const struct mxw_answer *answer = mxw_observation_get(observation, finding->evidence[i].name,
								      finding->evidence[i].type);
		if (answer)
			add_answer(ret, answer);
	}
	return true;
}

static bool fill_ok(const struct mxw_observation *observation, const char *domain, struct mxw_source *ret)
{
	bool any = false;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(own_types); i++) {
		const struct mxw_answer *answer = mxw_observation_get(observation, domain, own_types[i]);
		if (!answer || !mxw_outcome_is_determinate(answer->outcome))
			continue;
		add_answer(ret, answer);
		any = true;
	}
	return any && !mxw_observation_has_stale(observation);
}

static uint32_t number_of(const struct mxw_verdict_entry *entry)
{
	uint64_t id = mxw_hash64(0, entry->def->id, strlen(entry->def->id));
	return (uint32_t)mxw_hash64(id, entry->subject, strlen(entry->subject)) | 1;
}

size_t mxw_round_sources(const struct mxw_round *round, size_t check, struct mxw_source ret[static MXW_MAX_SOURCES],
			 uint32_t *ret_about)
{
	const struct mxw_round_spec *spec = mxw_round_get_spec(round);
	const struct mxw_verdict *verdict = mxw_round_verdict(round, check);
	const struct mxw_verdict_entry *entry = verdict->state >= MXW_WARNING ? deciding_entry(verdict) : NULL;
	uint32_t views = entry ? entry->votes.yes : verdict->state == MXW_OK ? spec->voters : 0;
	size_t n = 0;
	*ret_about = entry ? number_of(entry) : 0;
	for (size_t view = 0; view < spec->n_views; view++) {
		const struct mxw_observation *observation = mxw_round_observation(round, view);
		struct mxw_source *source = &ret[n];
		if (!(views >> view & 1))
			continue;
		*source = (struct mxw_source){ .resolver = (uint32_t)view, .expires_ms = INT64_MAX };
		n += entry ? fill_yes(observation, entry->finding, source)
			   : fill_ok(observation, spec->target.domain, source);
	}
	return n;
}
