/* The list of versions, newest first; see internal.h. */
#include "lib/versions/internal.h"

#include <stdlib.h>
#include <string.h>

void mxw_versions_done(struct mxw_versions *versions)
{
	struct mxw_version *version = versions->first;
	while (version) {
		struct mxw_version *next = version->next;
		free(version);
		version = next;
	}
	free(versions->watch);
	*versions = (struct mxw_versions){ 0 };
}

void mxw_versions_forget_resolvers(struct mxw_versions *versions)
{
	struct mxw_versions_watch *watch = versions->watch;
	if (!watch)
		return;
	watch->apart_since_ms = MXW_VERSIONS_NEVER;
	watch->n_apart = 0;
	memset(watch->resolvers, 0, watch->n_resolvers * sizeof(watch->resolvers[0]));
}

const struct mxw_version *mxw_versions_find(const struct mxw_versions *versions, const char *set)
{
	const struct mxw_version *version = set ? versions->first : NULL;
	while (version && strcmp(version->set, set) != 0)
		version = version->next;
	return version;
}

/* Printable ASCII and newlines, as lib/records writes it. */
bool mxw_set_is(const char *set, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (set[i] != '\n' && (set[i] < 0x20 || set[i] > 0x7e))
			return false;
	return n > 0 && n <= MXW_VERSIONS_MAX_SET;
}

static struct mxw_version *make(const char *set, size_t n)
{
	struct mxw_version *version = malloc(sizeof(*version) + n + 1);
	if (!version)
		return NULL;
	*version = (struct mxw_version){
		.since_ms = MXW_VERSIONS_NEVER,
		.last_auth_ms = MXW_VERSIONS_NEVER,
		.replaced_ms = MXW_VERSIONS_NEVER,
		.gone_ms = MXW_VERSIONS_NEVER,
		.until_ms = MXW_VERSIONS_NEVER,
	};
	memcpy(version->set, set, n);
	version->set[n] = '\0';
	return version;
}

/* Drops the oldest one that no server gives. There is one: the server that is to have a new version has none now, the seven
 * others have one at most, and there are eight beside the current one. */
static void shorten(struct mxw_versions *versions)
{
	struct mxw_version **oldest = NULL;
	size_t n = 0;
	for (struct mxw_version **at = &versions->first; *at; at = &(*at)->next, n++)
		if (n > 0 && !(*at)->servers)
			oldest = at;
	if (n < MXW_VERSIONS_MAX || !oldest)
		return;
	struct mxw_version *version = *oldest;
	*oldest = version->next;
	free(version);
}

struct mxw_version *mxw_versions_add(struct mxw_versions *versions, const char *set, bool is_negative, int64_t at_ms)
{
	struct mxw_version *version = make(set, strlen(set));
	if (!version)
		return NULL;
	shorten(versions);
	version->is_negative = is_negative;
	version->first_any_ms = version->last_any_ms = at_ms;
	struct mxw_version **at = versions->first ? &versions->first->next : &versions->first;
	version->next = *at;
	*at = version;
	return version;
}

void mxw_versions_to_front(struct mxw_versions *versions, struct mxw_version *version)
{
	struct mxw_version **at = &versions->first;
	while (*at != version)
		at = &(*at)->next;
	*at = version->next;
	version->next = versions->first;
	versions->first = version;
}

struct mxw_version *mxw_versions_append(struct mxw_versions *versions, const char *set, size_t n)
{
	struct mxw_version **at = &versions->first, *version = make(set, n);
	while (*at)
		at = &(*at)->next;
	*at = version;
	return version;
}
