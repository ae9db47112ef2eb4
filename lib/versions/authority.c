/* What the servers of a zone give, into its history; see versions.h. Of at most eight servers and nine versions each pair is
 * looked at.
 *
 * Each server is remembered with the set that it gave last, so one that does not answer is still taken to give that: the
 * change is not everywhere until it is seen with another, or has had the time that the SOA gives secondaries. */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/util.h"
#include "lib/versions/internal.h"
#include "lib/versions/serials.h"

/* What may be new: versions that servers show in this round and none gave before it, or that a server has turned to which
 * had the current one: secondaries that are late never go back. One of each server at most. */
struct appeared {
	struct mxw_version *items[MXW_VERSIONS_MAX_SERVERS];
	size_t n;
};

static bool shows(const struct mxw_versions_view *view, const struct mxw_version *version)
{
	return view->set && strcmp(view->set, version->set) == 0;
}

static struct mxw_version *find(struct mxw_versions *versions, const char *set)
{
	struct mxw_version *version = versions->first;
	while (version && strcmp(version->set, set) != 0)
		version = version->next;
	return version;
}

/* ---- who gives what ---- */

/* Another delegation has other servers in the places of these. */
static void know_servers(struct mxw_versions *versions, const struct mxw_versions_round *round)
{
	uint64_t hash = round->n_servers;
	for (size_t i = 0; i < round->n_servers; i++)
		hash = mxw_hash64(hash, round->servers[i].name, strlen(round->servers[i].name));
	if (versions->server_names == (uint32_t)hash)
		return;
	versions->server_names = (uint32_t)hash;
	for (struct mxw_version *version = versions->first; version; version = version->next)
		version->servers = 0;
}

static void take(struct mxw_versions *versions, uint8_t bit)
{
	for (struct mxw_version *version = versions->first; version; version = version->next)
		version->servers = (uint8_t)(version->servers & ~bit);
}

static int see_server(struct mxw_versions *versions, const struct mxw_versions_view *server, uint8_t bit,
		      struct appeared *appeared)
{
	struct mxw_version *version = find(versions, server->set);
	bool is_known = version && version->gone_ms == MXW_VERSIONS_NEVER;
	bool had_current = versions->first && versions->first->servers & bit;
	take(versions, bit);
	if (!version)
		version = mxw_versions_add(versions, server->set, server->is_negative, server->at_ms);
	if (!version)
		return -ENOMEM;
	version->servers |= bit;
	version->gone_ms = MXW_VERSIONS_NEVER;
	if ((!is_known || had_current) && version != versions->first)
		appeared->items[appeared->n++] = version;
	return 0;
}

/* ---- TTL and delegation ---- */

static void see_ttl(struct mxw_version *version, uint32_t ttl_s, int64_t at_ms, bool *ret_changed)
{
	if (ttl_s == version->ttl_s)
		return;
	if (ttl_s < version->ttl_s && version->last_auth_ms != MXW_VERSIONS_NEVER)
		version->until_ms = MXW_MAX(version->until_ms, mxw_add_seconds(at_ms, version->ttl_s));
	version->ttl_s = ttl_s;
	*ret_changed = true;
}

static uint32_t parent_ttl(const struct mxw_versions_round *round)
{
	return round->parent_ttl_s ? round->parent_ttl_s : MXW_VERSIONS_USUAL_PARENT_S;
}

static bool is_delegated_anew(const struct mxw_version *version, const struct mxw_versions_round *round)
{
	return version->ns_set && round->ns_set && version->ns_set != round->ns_set;
}

/* The set stayed, the delegation did not: whoever has the old one may still ask the old servers, whatever they will say. */
static void see_delegation(struct mxw_version *version, const struct mxw_versions_round *round, int64_t at_ms,
			   bool *ret_changed)
{
	if (is_delegated_anew(version, round))
		version->until_ms = MXW_MAX(version->until_ms, mxw_add_seconds(at_ms, parent_ttl(round)));
	if (round->ns_set && version->ns_set != round->ns_set) {
		version->ns_set = round->ns_set;
		*ret_changed = true;
	}
}

/* One version that servers of this round show: times, TTL and delegation. */
static void touch(struct mxw_version *version, const struct mxw_versions_round *round, bool *ret_changed)
{
	int64_t last_ms = MXW_VERSIONS_NEVER;
	uint32_t ttl_s = 0;
	for (size_t i = 0; i < round->n_servers; i++) {
		if (!shows(&round->servers[i], version))
			continue;
		last_ms = MXW_MAX(last_ms, round->servers[i].at_ms);
		ttl_s = MXW_MAX(ttl_s, round->servers[i].ttl_s);
		version->is_negative = round->servers[i].is_negative;
	}
	if (last_ms == MXW_VERSIONS_NEVER)
		return;
	see_ttl(version, ttl_s, last_ms, ret_changed);
	see_delegation(version, round, last_ms, ret_changed);
	version->last_auth_ms = last_ms;
}

/* ---- which one is current ---- */

static bool serial_of(const struct mxw_version *version, const struct mxw_versions_round *round, uint32_t *ret)
{
	bool is_found = false;
	for (size_t i = 0; i < round->n_servers; i++) {
		const struct mxw_versions_view *server = &round->servers[i];
		if (!server->has_serial || !shows(server, version))
			continue;
		if (!is_found || mxw_serial_is_later(server->serial, *ret))
			*ret = server->serial;
		is_found = true;
	}
	return is_found;
}

/* Of two sets that servers give: the one of the later serial; where that says nothing, the one of more servers. */
static bool is_newer(const struct mxw_version *a, const struct mxw_version *b, const struct mxw_versions_round *round)
{
	uint32_t serial_a, serial_b;
	if (serial_of(a, round, &serial_a) && serial_of(b, round, &serial_b) && serial_a != serial_b)
		return mxw_serial_is_later(serial_a, serial_b);
	return __builtin_popcount(a->servers) > __builtin_popcount(b->servers);
}

/* What appears is new, unless its serial says that a server has come back with what it had long ago. */
static bool is_behind(const struct mxw_version *version, const struct mxw_version *current,
		      const struct mxw_versions_round *round)
{
	uint32_t serial, serial_current;
	return serial_of(version, round, &serial) && serial_of(current, round, &serial_current) &&
	       mxw_serial_is_later(serial_current, serial);
}

static struct mxw_version *find_current(const struct mxw_versions *versions, const struct appeared *appeared,
					bool is_first_sight, const struct mxw_versions_round *round)
{
	struct mxw_version *current = versions->first, *best = is_first_sight ? current : NULL;
	for (size_t i = 0; i < appeared->n; i++)
		if (!is_behind(appeared->items[i], current, round) &&
		    (!best || is_newer(appeared->items[i], best, round)))
			best = appeared->items[i];
	if (best)
		return best;
	if (current->servers)
		return current;
	for (struct mxw_version *version = current->next; version; version = version->next)
		if (version->servers && (!best || is_newer(version, best, round)))
			best = version;
	return best ? best : current;
}

void mxw_versions_succeed(struct mxw_versions *versions, struct mxw_version *current, int64_t at_ms)
{
	versions->first->replaced_ms = at_ms;
	current->since_ms = at_ms;
	current->replaced_ms = current->gone_ms = MXW_VERSIONS_NEVER;
	mxw_versions_to_front(versions, current);
}

static int64_t first_seen(const struct mxw_version *version, const struct mxw_versions_round *round)
{
	int64_t first_ms = INT64_MAX;
	for (size_t i = 0; i < round->n_servers; i++)
		if (shows(&round->servers[i], version))
			first_ms = MXW_MIN(first_ms, round->servers[i].at_ms);
	return MXW_MIN(first_ms, round->now_ms);
}

/* What appears and is not current was current between two rounds, or is what a server had long ago: the zone has just turned
 * away from it, as far as anybody can know. */
static void settle_behind(const struct mxw_versions *versions, const struct appeared *appeared,
			  const struct mxw_versions_round *round)
{
	for (size_t i = 0; i < appeared->n; i++)
		if (appeared->items[i] != versions->first)
			appeared->items[i]->replaced_ms = first_seen(appeared->items[i], round);
}

/* On first sight of a zone nothing has changed: there is no old version, only sets that differ. */
static void settle_current(struct mxw_versions *versions, const struct appeared *appeared, bool is_first_sight,
			   const struct mxw_versions_round *round, bool *ret_changed)
{
	struct mxw_version *current = find_current(versions, appeared, is_first_sight, round), *old = versions->first;
	if (current == old && old->since_ms != MXW_VERSIONS_NEVER)
		return;
	*ret_changed = true;
	if (current == old) {
		old->since_ms = first_seen(old, round);
		return;
	}
	if (is_delegated_anew(old, round))
		old->ttl_s = MXW_MAX(old->ttl_s, parent_ttl(round));
	mxw_versions_succeed(versions, current, first_seen(current, round));
	if (is_first_sight)
		old->replaced_ms = MXW_VERSIONS_NEVER;
}

/* T_all of those that no server gives any more. */
static void settle_gone(struct mxw_versions *versions, int64_t last_ms, bool *ret_changed)
{
	for (struct mxw_version *version = versions->first->next; version; version = version->next) {
		if (version->servers || version->gone_ms != MXW_VERSIONS_NEVER)
			continue;
		if (version->replaced_ms == MXW_VERSIONS_NEVER)
			version->replaced_ms = last_ms;
		int64_t bound_ms = version->replaced_ms + mxw_versions_late_ms(versions);
		version->gone_ms = version->last_auth_ms > bound_ms ? last_ms : MXW_MIN(last_ms, bound_ms);
		*ret_changed = true;
	}
}

/* ---- the round ---- */

static void report_servers(const struct mxw_versions *versions, const struct mxw_versions_round *round,
			   struct mxw_versions_report *report)
{
	for (size_t i = 0; i < round->n_servers; i++) {
		uint8_t bit = (uint8_t)(1u << i);
		if (!round->servers[i].set)
			continue;
		report->servers_answering |= bit;
		if (shows(&round->servers[i], versions->first))
			report->servers_new |= bit;
		else
			report->servers_other |= bit;
	}
}

static void see_soa(struct mxw_versions *versions, const struct mxw_versions_round *round)
{
	uint64_t sum = (uint64_t)round->refresh_s + round->retry_s;
	if (round->has_soa && sum)
		versions->refresh_s = (uint32_t)MXW_MIN(sum, (uint64_t)MXW_VERSIONS_MAX_REFRESH_S);
}

/* When the last answer of a server came; NEVER: none has any. */
static int64_t last_answer(const struct mxw_versions_round *round)
{
	int64_t last_ms = MXW_VERSIONS_NEVER;
	for (size_t i = 0; i < round->n_servers; i++)
		if (round->servers[i].set)
			last_ms = MXW_MAX(last_ms, round->servers[i].at_ms);
	return last_ms;
}

int mxw_versions_see_servers(struct mxw_versions *versions, const struct mxw_versions_round *round,
			     struct mxw_versions_report *report)
{
	struct appeared appeared = { 0 };
	int64_t last_ms = last_answer(round);
	bool is_first_sight = !versions->first;
	assert(round->n_servers <= MXW_VERSIONS_MAX_SERVERS);
	if (last_ms == MXW_VERSIONS_NEVER)
		return 0;
	if (!versions->first || versions->first->last_auth_ms == MXW_VERSIONS_NEVER ||
	    last_ms - versions->first->last_auth_ms > MXW_VERSIONS_GAP_MS)
		versions->watched_ms = last_ms;
	know_servers(versions, round);
	see_soa(versions, round);
	report->is_changed |= is_first_sight;
	for (size_t i = 0; i < round->n_servers; i++) {
		if (!round->servers[i].set)
			continue;
		int r = see_server(versions, &round->servers[i], (uint8_t)(1u << i), &appeared);
		if (r < 0)
			return r;
	}
	report->is_changed |= appeared.n > 0;
	settle_current(versions, &appeared, is_first_sight, round, &report->is_changed);
	if (!is_first_sight)
		settle_behind(versions, &appeared, round);
	for (struct mxw_version *version = versions->first; version; version = version->next)
		touch(version, round, &report->is_changed);
	settle_gone(versions, last_ms, &report->is_changed);
	report_servers(versions, round, report);
	return 0;
}

/* ---- without an authority ---- */

static unsigned votes_for(const char *set, const struct mxw_versions_round *round)
{
	unsigned n = 0;
	for (size_t i = 0; i < round->n_resolvers; i++)
		n += round->resolvers[i].set && strcmp(round->resolvers[i].set, set) == 0;
	return n;
}

/* The one set that most resolvers show, a quorum at least; NULL where there is none. */
static const struct mxw_versions_view *find_quorum(const struct mxw_versions_round *round)
{
	const struct mxw_versions_view *ret = NULL;
	unsigned n_most = 0;
	for (size_t i = 0; i < round->n_resolvers; i++) {
		const struct mxw_versions_view *resolver = &round->resolvers[i];
		unsigned n = resolver->set ? votes_for(resolver->set, round) : 0;
		if (n < round->quorum || n < n_most || (ret && strcmp(ret->set, resolver->set) == 0))
			continue;
		ret = n > n_most ? resolver : NULL;
		n_most = n;
	}
	return ret;
}

int mxw_versions_see_quorum(struct mxw_versions *versions, const struct mxw_versions_round *round,
			    struct mxw_versions_report *report)
{
	const struct mxw_versions_view *shown = find_quorum(round);
	if (!shown)
		return 0;
	struct mxw_version *version = find(versions, shown->set);
	if (!version)
		version = mxw_versions_add(versions, shown->set, shown->is_negative, shown->at_ms);
	if (!version)
		return -ENOMEM;
	if (version->since_ms == MXW_VERSIONS_NEVER) {
		version->since_ms = shown->at_ms;
		report->is_changed = true;
	}
	if (version != versions->first) {
		struct mxw_version *old = versions->first;
		mxw_versions_succeed(versions, version, shown->at_ms);
		old->servers = 0;
		old->gone_ms = shown->at_ms;
		report->is_changed = true;
	}
	return 0;
}
