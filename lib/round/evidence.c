/* Sources of a verdict; see evidence.h.
 *
 * Several answers lapse when the first of them does: from then on something of what the vote rests on is new. What a name
 * server says of its own zone is new each time, whatever TTL it gives. */
#include "lib/round/evidence.h"

#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/util.h"

static const uint16_t own_types[] = { MXW_TYPE_MX, MXW_TYPE_A, MXW_TYPE_AAAA, MXW_TYPE_TXT, MXW_TYPE_NS };

/* The finding that decides: the first that holds at the verdict's severity. Entries come in a fixed order. */
static const struct mxw_verdict_entry *deciding_entry(const struct mxw_verdict *verdict)
{
	if (verdict->state < MXW_WARNING)
		return NULL;
	for (size_t i = 0; i < verdict->n_entries; i++)
		if (mxw_verdict_entry_holds(&verdict->entries[i]) && verdict->entries[i].severity == verdict->state)
			return &verdict->entries[i];
	return NULL;
}

static void add_answer(struct mxw_source *source, const struct mxw_answer *answer)
{
	int64_t cached_ms = source->is_server ? 0 : (int64_t)answer->ttl * 1000;
	int64_t expires_ms = answer->received_at_ms + cached_ms;
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

/* No index is that large. */
static uint32_t number_of_server(const struct mxw_round_server *server)
{
	return (uint32_t)mxw_hash64(1, server->name, strlen(server->name)) | UINT32_C(1) << 31;
}

/* Bit i: view i stands behind the verdict. */
static uint64_t views_behind(const struct mxw_round_spec *spec, const struct mxw_verdict *verdict,
			     const struct mxw_verdict_entry *entry)
{
	if (entry)
		return entry->votes.yes | (uint64_t)entry->servers.yes << spec->n_views;
	return verdict->state == MXW_OK ? spec->voters | (uint64_t)spec->servers << spec->n_views : 0;
}

size_t mxw_round_sources(const struct mxw_round *round, size_t check, struct mxw_source ret[static MXW_MAX_SOURCES],
			 uint32_t *ret_about)
{
	const struct mxw_round_spec *spec = mxw_round_get_spec(round);
	const struct mxw_verdict *verdict = mxw_round_verdict(round, check);
	const struct mxw_verdict_entry *entry = deciding_entry(verdict);
	uint64_t views = views_behind(spec, verdict, entry);
	size_t n = 0;
	*ret_about = entry ? number_of(entry) : 0;
	for (size_t view = 0; view < spec->n_views + spec->n_servers; view++) {
		const struct mxw_observation *observation = mxw_round_observation(round, view);
		struct mxw_source *source = &ret[n];
		if (!(views >> view & 1))
			continue;
		*source = (struct mxw_source){ .resolver = (uint32_t)view, .expires_ms = INT64_MAX };
		source->is_server = view >= spec->n_views;
		if (source->is_server)
			source->resolver = number_of_server(&spec->server[view - spec->n_views]);
		n += entry ? fill_yes(observation, entry->finding, source)
			   : fill_ok(observation, spec->target.domain, source);
	}
	return n;
}

bool mxw_round_is_authoritative(const struct mxw_round *round, size_t check)
{
	const struct mxw_verdict_entry *entry = deciding_entry(mxw_round_verdict(round, check));
	return entry && entry->authority == MXW_AUTHORITY_YES;
}
