/* What the files of this room share: the list of versions, and what is counted while something deviates. */
#pragma once

#include "lib/versions/versions.h"

/* One resolver that does not show the current set. */
struct mxw_deviant {
	uint64_t hash;                  /* of the set it shows; 0: none deviates */
	int64_t first_ms, first_eta_ms; /* of the answer that showed it first */
	int64_t counted_ms;             /* answer that was counted last: one from a cache of ours is no new one */
	uint8_t n_rounds;
};

struct mxw_versions_watch {
	int64_t split_since_ms, apart_since_ms; /* NEVER: they agree */
	int64_t apart_counted_ms;
	uint32_t apart_ttl_s; /* the largest that was seen since */
	uint8_t n_split, n_apart;
	bool has_history; /* something was known before they fell apart */
	size_t n_resolvers;
	struct mxw_deviant resolvers[];
};

/* ---- history.c ---- */

/* A new version behind the current one, or as the current one when there is none. NULL out of memory. The oldest one goes
 * when there are too many. */
struct mxw_version *mxw_versions_add(struct mxw_versions *versions, const char *set, bool is_negative, int64_t at_ms);
/* Makes it the first one; it stands in the list. */
void mxw_versions_to_front(struct mxw_versions *versions, struct mxw_version *version);
/* Appends a version at the end, for a reader. NULL out of memory. */
struct mxw_version *mxw_versions_append(struct mxw_versions *versions, const char *set, size_t n);
bool mxw_set_is(const char *set, size_t n); /* a text that lib/records may have made */

/* ---- window.c ---- */

/* A server gives it although that is not current, longer than anybody is waited for; or nobody knows which one is. */
bool mxw_version_is_served(const struct mxw_versions *versions, const struct mxw_version *version);
int64_t mxw_versions_late_ms(const struct mxw_versions *versions); /* refresh + retry */
int64_t mxw_add_seconds(int64_t ms, uint64_t seconds);

/* ---- authority.c ---- */

/* Servers into the history. 0 or -ENOMEM. */
int mxw_versions_see_servers(struct mxw_versions *versions, const struct mxw_versions_round *round,
			     struct mxw_versions_report *report);
/* Without servers: the set that a quorum of resolvers shows becomes the current one. */
int mxw_versions_see_quorum(struct mxw_versions *versions, const struct mxw_versions_round *round,
			    struct mxw_versions_report *report);
/* `current` takes the place of the first version at at_ms. */
void mxw_versions_succeed(struct mxw_versions *versions, struct mxw_version *current, int64_t at_ms);

/* ---- resolvers.c ---- */

/* Ages, runs and times of each resolver, and whether they are of one mind; needs the watch. */
void mxw_versions_see_resolvers(struct mxw_versions *versions, const struct mxw_versions_round *round, bool has_history,
				struct mxw_versions_report *report);
