/* What resolvers show against the history; see versions.h. */
#include <string.h>

#include "lib/base/hash.h"
#include "lib/base/util.h"
#include "lib/versions/internal.h"

static uint8_t count_up(uint8_t n)
{
	return (uint8_t)MXW_MIN(n + 1, UINT8_MAX);
}

/* ---- one that deviates ---- */

/* Where its copy ends by its own account. A stale answer's TTL is no TTL of a copy (RFC 8767 4). */
static int64_t eta_of(const struct mxw_versions_view *view)
{
	return view->is_stale ? MXW_VERSIONS_NEVER : mxw_add_seconds(view->at_ms, view->ttl_s);
}

static bool is_refetched(const struct mxw_deviant *deviant, const struct mxw_versions_view *view)
{
	int64_t limit_ms = deviant->first_eta_ms + MXW_VERSIONS_FETCH_TOLERANCE_MS;
	return !view->is_stale && (view->at_ms > limit_ms || eta_of(view) > limit_ms);
}

static uint32_t longest_ttl(const struct mxw_versions *versions)
{
	uint32_t ttl_s = 0;
	for (const struct mxw_version *version = versions->first; version; version = version->next)
		ttl_s = MXW_MAX(ttl_s, version->ttl_s);
	return ttl_s;
}

/* The copy that was seen first may be older than our knowledge of the authority. Its whole TTL is not known: it is taken to
 * be that of the versions we know, and at least twice what was left of it. */
static bool may_be_from_before(const struct mxw_versions *versions, const struct mxw_deviant *deviant)
{
	int64_t left_ms = deviant->first_eta_ms - deviant->first_ms;
	int64_t whole_ms = MXW_MAX(2 * left_ms, 1000 * (int64_t)longest_ttl(versions));
	return deviant->first_ms + left_ms - whole_ms <= versions->watched_ms + MXW_VERSIONS_FETCH_TOLERANCE_MS;
}

/* The copy that was seen first was made when no server gave the set any more, as far as we saw: it is from a moment between two
 * rounds when it was published again. What is kept for longer than its TTL is no such copy. */
static bool may_be_from_between(const struct mxw_versions *versions, const struct mxw_deviant *deviant,
				const struct mxw_version *version)
{
	int64_t left_ms = deviant->first_eta_ms - deviant->first_ms;
	int64_t expires_ms = mxw_version_expires_ms(versions, version);
	return deviant->first_eta_ms > mxw_add_seconds(expires_ms, MXW_VERSIONS_FETCH_TOLERANCE_MS / 1000) &&
	       left_ms <= 1000 * (int64_t)version->ttl_s;
}

/* The next look. A copy that counts down is awaited; one that was fetched again and is still the same may be of TTL 0. */
static int64_t poll_of(const struct mxw_versions_seen *seen, const struct mxw_versions_view *view)
{
	if (seen->age != MXW_AGE_OLD_IN_TIME || seen->eta_ms == MXW_VERSIONS_NEVER)
		return MXW_VERSIONS_NEVER;
	int64_t poll_ms = mxw_add_seconds(seen->eta_ms, MXW_VERSIONS_POLL_LATER_MS / 1000);
	return seen->is_refetched ? MXW_MAX(poll_ms, view->at_ms + MXW_VERSIONS_POLL_AGAIN_MS) : poll_ms;
}

static void count(const struct mxw_versions *versions, const struct mxw_versions_view *view, bool has_authority,
		  struct mxw_deviant *deviant, struct mxw_versions_seen *seen)
{
	uint64_t hash = mxw_hash64(0, view->set, strlen(view->set)) | 1;
	bool is_evidence = seen->age == MXW_AGE_OLD_LATE || (seen->age == MXW_AGE_UNKNOWN && !view->is_stale);
	if (deviant->hash != hash)
		*deviant = (struct mxw_deviant){ .hash = hash,
						 .first_ms = view->at_ms,
						 .first_eta_ms = mxw_add_seconds(view->at_ms, view->ttl_s),
						 .counted_ms = MXW_VERSIONS_NEVER };
	if (seen->age == MXW_AGE_OLD_IN_TIME)
		deviant->n_rounds = 0;
	if (is_evidence && has_authority && view->at_ms > deviant->counted_ms) {
		deviant->n_rounds = count_up(deviant->n_rounds);
		deviant->counted_ms = view->at_ms;
	}
	seen->n_rounds = deviant->n_rounds;
	seen->is_refetched = is_refetched(deviant, view);
	if (seen->n_rounds < MXW_VERSIONS_ROUNDS)
		return;
	seen->is_alien = seen->age == MXW_AGE_UNKNOWN && (seen->is_refetched || !may_be_from_before(versions, deviant));
	seen->is_late = seen->age == MXW_AGE_OLD_LATE && (seen->is_refetched || view->is_stale ||
							  !may_be_from_between(versions, deviant, seen->version));
}

static void touch(struct mxw_versions *versions, const struct mxw_versions_view *view)
{
	struct mxw_version *version = versions->first;
	while (version && strcmp(version->set, view->set) != 0)
		version = version->next;
	if (!version)
		return;
	version->first_any_ms = MXW_MIN(version->first_any_ms, view->at_ms);
	version->last_any_ms = MXW_MAX(version->last_any_ms, view->at_ms);
	if (version->last_auth_ms == MXW_VERSIONS_NEVER && !view->is_stale)
		version->ttl_s = MXW_MAX(version->ttl_s, view->ttl_s);
}

static void see_resolver(struct mxw_versions *versions, const struct mxw_versions_view *view, bool has_authority,
			 struct mxw_deviant *deviant, struct mxw_versions_seen *seen)
{
	*seen = (struct mxw_versions_seen){ .eta_ms = MXW_VERSIONS_NEVER, .poll_ms = MXW_VERSIONS_NEVER };
	if (!view->set)
		return; /* it neither advances nor resets anything */
	touch(versions, view);
	seen->is_answered = true;
	seen->age = mxw_versions_age(versions, view->set, view->at_ms);
	seen->version = mxw_versions_find(versions, view->set);
	seen->is_stale = view->is_stale;
	if (seen->age == MXW_AGE_CURRENT) {
		*deviant = (struct mxw_deviant){ 0 };
		return;
	}
	seen->eta_ms = eta_of(view);
	count(versions, view, has_authority, deviant, seen);
	seen->poll_ms = poll_of(seen, view);
}

/* ---- all of them ---- */

enum accord { ACCORD_UNKNOWN, ACCORD_ONE_SET, ACCORD_APART };

static enum accord accord_of(const struct mxw_versions_round *round)
{
	const char *first = NULL;
	enum accord accord = ACCORD_UNKNOWN;
	for (size_t i = 0; i < round->n_resolvers; i++) {
		const char *set = round->resolvers[i].set;
		if (set && first && strcmp(set, first) != 0)
			return ACCORD_APART;
		if (set && first)
			accord = ACCORD_ONE_SET; /* one alone is of one mind with nobody */
		if (set)
			first = set;
	}
	return accord;
}

static void see_apart(struct mxw_versions_watch *watch, const struct mxw_versions_round *round, bool has_history)
{
	int64_t last_ms = MXW_VERSIONS_NEVER;
	if (watch->apart_since_ms == MXW_VERSIONS_NEVER) {
		watch->apart_since_ms = round->now_ms;
		watch->apart_counted_ms = MXW_VERSIONS_NEVER;
		watch->apart_ttl_s = 0;
		watch->n_apart = 0;
		watch->has_history = has_history;
	}
	for (size_t i = 0; i < round->n_resolvers; i++) {
		const struct mxw_versions_view *view = &round->resolvers[i];
		if (!view->set)
			continue;
		last_ms = MXW_MAX(last_ms, view->at_ms);
		if (!view->is_stale)
			watch->apart_ttl_s = MXW_MAX(watch->apart_ttl_s, view->ttl_s);
	}
	if (last_ms > watch->apart_counted_ms)
		watch->n_apart = count_up(watch->n_apart);
	watch->apart_counted_ms = last_ms;
}

static void report_apart(const struct mxw_versions *versions, const struct mxw_versions_watch *watch,
			 struct mxw_versions_report *report)
{
	uint32_t ttl_s = MXW_MAX(watch->apart_ttl_s, longest_ttl(versions));
	report->apart_since_ms = watch->apart_since_ms;
	report->apart_until_ms = MXW_VERSIONS_NEVER;
	if (watch->apart_since_ms == MXW_VERSIONS_NEVER)
		return;
	report->apart_until_ms = mxw_add_seconds(watch->apart_since_ms, 2 * (uint64_t)ttl_s);
	report->n_apart_rounds = watch->n_apart;
}

void mxw_versions_see_resolvers(struct mxw_versions *versions, const struct mxw_versions_round *round, bool has_history,
				struct mxw_versions_report *report)
{
	struct mxw_versions_watch *watch = versions->watch;
	bool has_authority = report->servers_answering;
	enum accord accord = accord_of(round);
	for (size_t i = 0; i < round->n_resolvers; i++)
		see_resolver(versions, &round->resolvers[i], has_authority, &watch->resolvers[i],
			     &report->resolvers[i]);
	if (has_authority || accord == ACCORD_ONE_SET)
		watch->apart_since_ms = MXW_VERSIONS_NEVER;
	else if (accord == ACCORD_APART)
		see_apart(watch, round, has_history);
	report_apart(versions, watch, report);
}
