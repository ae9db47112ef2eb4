/* How long a version that was replaced may still be seen; see versions.h. Pure arithmetic over one version. */
#include "lib/base/util.h"
#include "lib/versions/internal.h"

/* Hostile TTLs and timers reach 136 years: far from the end of the clock, but sums stop there. */
int64_t mxw_add_seconds(int64_t ms, uint64_t seconds)
{
	int64_t sum;
	if (__builtin_add_overflow(ms, (int64_t)seconds * 1000, &sum))
		return INT64_MAX;
	return sum;
}

int64_t mxw_versions_late_ms(const struct mxw_versions *versions)
{
	return 1000 * (int64_t)(versions->refresh_s ? versions->refresh_s : MXW_VERSIONS_USUAL_REFRESH_S);
}

/* Until when a server that still gives it, or has fallen silent with it, is waited for. */
static int64_t bound_ms(const struct mxw_versions *versions, const struct mxw_version *version)
{
	return version->replaced_ms + mxw_versions_late_ms(versions);
}

bool mxw_version_is_served(const struct mxw_versions *versions, const struct mxw_version *version)
{
	return version->servers &&
	       (version->replaced_ms == MXW_VERSIONS_NEVER || version->last_auth_ms > bound_ms(versions, version));
}

int64_t mxw_version_everywhere_ms(const struct mxw_versions *versions, const struct mxw_version *version)
{
	if (version->gone_ms != MXW_VERSIONS_NEVER)
		return version->gone_ms;
	if (version->replaced_ms == MXW_VERSIONS_NEVER)
		return MXW_VERSIONS_NEVER;
	return bound_ms(versions, version);
}

int64_t mxw_version_expires_ms(const struct mxw_versions *versions, const struct mxw_version *version)
{
	int64_t everywhere = mxw_version_everywhere_ms(versions, version);
	if (everywhere == MXW_VERSIONS_NEVER)
		return MXW_VERSIONS_NEVER;
	return MXW_MAX(mxw_add_seconds(everywhere, version->ttl_s), version->until_ms);
}

int64_t mxw_version_deadline_ms(const struct mxw_versions *versions, const struct mxw_version *version)
{
	int64_t everywhere = mxw_version_everywhere_ms(versions, version), min_ms = MXW_VERSIONS_MIN_SLACK_S * 1000;
	if (everywhere == MXW_VERSIONS_NEVER)
		return MXW_VERSIONS_NEVER;
	int64_t expires = mxw_version_expires_ms(versions, version), tenth = (expires - everywhere) / 10;
	return expires + MXW_MAX(min_ms, tenth);
}

enum mxw_age mxw_versions_age(const struct mxw_versions *versions, const char *set, int64_t at_ms)
{
	const struct mxw_version *version = mxw_versions_find(versions, set);
	if (!version)
		return MXW_AGE_UNKNOWN;
	if (version == versions->first)
		return MXW_AGE_CURRENT;
	bool is_served = mxw_version_is_served(versions, version);
	if (is_served && version->replaced_ms == MXW_VERSIONS_NEVER)
		return MXW_AGE_CURRENT; /* servers differ, and nobody knows which of the sets came later */
	if (is_served || at_ms <= mxw_version_deadline_ms(versions, version))
		return MXW_AGE_OLD_IN_TIME;
	return MXW_AGE_OLD_LATE;
}

int64_t mxw_versions_cached_until_ms(const struct mxw_versions *versions, int64_t now_ms)
{
	if (!versions->first)
		return now_ms;
	return MXW_MAX(mxw_add_seconds(now_ms, versions->first->ttl_s), versions->first->until_ms);
}
