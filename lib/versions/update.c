/* One round: servers, resolvers, and the state that follows; see versions.h. */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/util.h"
#include "lib/versions/internal.h"

/* ---- what is counted while something deviates ---- */

static int need_watch(struct mxw_versions *versions, size_t n_resolvers)
{
	struct mxw_versions_watch *watch = versions->watch;
	if (watch && watch->n_resolvers == n_resolvers)
		return 0;
	watch = calloc(1, sizeof(*watch) + n_resolvers * sizeof(watch->resolvers[0]));
	if (!watch)
		return -ENOMEM;
	*watch = (struct mxw_versions_watch){ .split_since_ms = MXW_VERSIONS_NEVER,
					      .apart_since_ms = MXW_VERSIONS_NEVER,
					      .n_resolvers = n_resolvers };
	if (versions->watch) {
		watch->split_since_ms = versions->watch->split_since_ms;
		watch->n_split = versions->watch->n_split;
	}
	free(versions->watch);
	versions->watch = watch;
	return 0;
}

static bool is_calm(const struct mxw_versions_watch *watch)
{
	bool is_calm = watch->split_since_ms == MXW_VERSIONS_NEVER && watch->apart_since_ms == MXW_VERSIONS_NEVER;
	for (size_t i = 0; is_calm && i < watch->n_resolvers; i++)
		is_calm = !watch->resolvers[i].hash;
	return is_calm;
}

/* ---- servers that differ ---- */

/* Since when what servers show beside the current set is not current any more; NEVER where nobody knows: it never was, as
 * far as we know. */
static int64_t behind_since(const struct mxw_versions *versions, uint8_t answering)
{
	int64_t since_ms = INT64_MAX;
	for (const struct mxw_version *version = versions->first->next; version; version = version->next)
		if (version->servers & answering)
			since_ms = MXW_MIN(since_ms, version->replaced_ms);
	return since_ms;
}

static bool is_one_behind(const struct mxw_versions *versions)
{
	for (const struct mxw_version *version = versions->first->next; version; version = version->next)
		if (version->servers)
			return true;
	return false;
}

static void see_split(struct mxw_versions *versions, const struct mxw_versions_round *round,
		      struct mxw_versions_report *report)
{
	struct mxw_versions_watch *watch = versions->watch;
	unsigned n_shown = 0;
	for (const struct mxw_version *version = versions->first; version; version = version->next)
		n_shown += (version->servers & report->servers_answering) != 0;
	if (n_shown > 1) {
		int64_t since_ms = behind_since(versions, report->servers_answering);
		watch->n_split = (uint8_t)MXW_MIN(watch->n_split + 1, UINT8_MAX);
		if (since_ms != MXW_VERSIONS_NEVER)
			watch->split_since_ms = since_ms;
		else if (watch->split_since_ms == MXW_VERSIONS_NEVER)
			watch->split_since_ms = round->now_ms;
	} else if (report->servers_answering && !is_one_behind(versions)) {
		watch->n_split = 0;
		watch->split_since_ms = MXW_VERSIONS_NEVER;
	}
	report->n_server_rounds = n_shown > 1 ? watch->n_split : 0;
	report->split_since_ms = watch->split_since_ms;
}

/* ---- the state ---- */

static bool is_shown(const struct mxw_version *version, const struct mxw_versions_round *round,
		     const struct mxw_versions_report *report)
{
	if (version->servers & report->servers_answering)
		return true;
	for (size_t i = 0; i < round->n_resolvers; i++)
		if (report->resolvers[i].version == version)
			return true;
	return false;
}

/* Copies of an old version may be out there; the slack is for those that are seen. */
static void find_window(const struct mxw_versions *versions, const struct mxw_versions_round *round,
			struct mxw_versions_report *report)
{
	for (const struct mxw_version *old = versions->first ? versions->first->next : NULL; old; old = old->next) {
		if (old->replaced_ms == MXW_VERSIONS_NEVER)
			continue;
		int64_t expires_ms = mxw_version_expires_ms(versions, old);
		int64_t deadline_ms = mxw_version_deadline_ms(versions, old);
		if (round->now_ms > (is_shown(old, round, report) ? deadline_ms : expires_ms))
			continue;
		if (!report->old) {
			report->old = old;
			report->everywhere_ms = old->gone_ms;
		}
		report->state = MXW_VERSIONS_PROPAGATING;
		report->expires_ms = MXW_MAX(report->expires_ms, expires_ms);
		report->deadline_ms = MXW_MAX(report->deadline_ms, deadline_ms);
	}
}

/* Without an authority, and before a quorum has moved, nobody knows which of the sets is the new one. */
static void find_apart_window(const struct mxw_versions *versions, const struct mxw_versions_round *round,
			      struct mxw_versions_report *report)
{
	if (round->n_servers || report->old || report->apart_since_ms == MXW_VERSIONS_NEVER ||
	    !versions->watch->has_history || round->now_ms > report->apart_until_ms)
		return;
	report->state = MXW_VERSIONS_PROPAGATING;
	report->expires_ms = report->deadline_ms = report->apart_until_ms;
}

static void settle_times(const struct mxw_versions_round *round, struct mxw_versions_report *report)
{
	for (size_t i = 0; i < round->n_resolvers; i++) {
		struct mxw_versions_seen *seen = &report->resolvers[i];
		if (seen->age == MXW_AGE_OLD_IN_TIME)
			report->eta_ms = MXW_MAX(report->eta_ms, seen->eta_ms);
		if (report->state == MXW_VERSIONS_SETTLED)
			seen->poll_ms = MXW_VERSIONS_NEVER;
	}
}

int mxw_versions_update(struct mxw_versions *versions, const struct mxw_versions_round *round,
			struct mxw_versions_report *ret)
{
	bool has_history = versions->first;
	assert(round->n_resolvers <= MXW_VERSIONS_MAX_RESOLVERS);
	*ret = (struct mxw_versions_report){ .everywhere_ms = MXW_VERSIONS_NEVER,
					     .expires_ms = MXW_VERSIONS_NEVER,
					     .deadline_ms = MXW_VERSIONS_NEVER,
					     .eta_ms = MXW_VERSIONS_NEVER };
	int r = need_watch(versions, round->n_resolvers);
	if (r == 0)
		r = round->n_servers ? mxw_versions_see_servers(versions, round, ret)
				     : mxw_versions_see_quorum(versions, round, ret);
	if (r < 0)
		return r;
	see_split(versions, round, ret);
	mxw_versions_see_resolvers(versions, round, has_history, ret);
	ret->new = versions->first;
	find_window(versions, round, ret);
	find_apart_window(versions, round, ret);
	settle_times(round, ret);
	if (is_calm(versions->watch)) {
		free(versions->watch);
		versions->watch = NULL;
	}
	return 0;
}

static int64_t earlier(int64_t next_ms, int64_t at_ms, int64_t now_ms)
{
	int64_t soonest_ms = now_ms + MXW_VERSIONS_POLL_SOONEST_MS;
	return at_ms == MXW_VERSIONS_NEVER ? next_ms : MXW_MIN(next_ms, MXW_MAX(at_ms, soonest_ms));
}

int64_t mxw_versions_next_ms(const struct mxw_versions_report *report, int64_t now_ms)
{
	int64_t next_ms = INT64_MAX;
	if (report->state == MXW_VERSIONS_SETTLED)
		return next_ms;
	for (size_t i = 0; i < MXW_VERSIONS_MAX_RESOLVERS; i++)
		if (report->resolvers[i].is_answered)
			next_ms = earlier(next_ms, report->resolvers[i].poll_ms, now_ms);
	int64_t end_ms = now_ms <= report->expires_ms ? report->expires_ms : report->deadline_ms;
	return earlier(next_ms, mxw_add_seconds(end_ms, MXW_VERSIONS_POLL_LATER_MS / 1000), now_ms);
}
