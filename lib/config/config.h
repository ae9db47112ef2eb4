/* The configuration as the daemon uses it: read from YAML through option rows, checked, complete (design.md 5.1).
 *
 * Reading is pure: file contents come through a source that the caller provides. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/alert/alert.h"
#include "lib/base/arena.h"
#include "lib/check/check.h"
#include "lib/dns/upstream.h"
#include "lib/group/group.h"
#include "lib/mute/window.h"
#include "lib/notify/notify.h"
#include "lib/round/round.h"
#include "lib/route/route.h"
#include "lib/schema/option.h"
#include "lib/state/state.h"
#include "lib/target/target.h"

/* Where bytes come from. Both functions return 0 or a negative errno. */
struct mxw_config_source {
	int (*read)(void *arg, const char *path, char **ret_bytes,
		    size_t *ret_n); /* bytes are the caller's to free; -EFBIG over the cap */
	int (*glob)(void *arg, const char *pattern, char ***ret_paths,
		    size_t *ret_n);                      /* sorted; each and the array to free */
	const char *(*env)(void *arg, const char *name); /* NULL if unset; borrowed */
	void *arg;
};

/* Who is asked beside the resolvers: the name servers of the domain's zone. */
struct mxw_config_authority {
	const char *zone; /* apex; NULL: the domain's own name. Only with servers */
	struct mxw_endpoint servers[MXW_ROUND_MAX_SERVERS];
	size_t n_servers; /* 0: those that the zone above delegates to, who must be found */
};

/* Everything that domains share unless they say otherwise; interned, so a plain domain costs a pointer. */
struct mxw_domain_settings {
	struct mxw_profile profile;
	uint32_t checks;
	const struct mxw_expect *expect;              /* NULL: nothing is pinned */
	unsigned watched_types;                       /* MXW_RECORD_BIT: changes are told */
	const struct mxw_config_authority *authority; /* NULL: off */
	struct mxw_state_policy policy;
	struct mxw_override *overrides; /* the top level's first, then the domain's own */
	size_t n_overrides;
	struct mxw_label *labels;
	size_t n_labels;
	uint64_t notifiers;     /* bit i: config->notifiers[i] gets its events, unless a route says otherwise */
	bool has_own_notifiers; /* the domain names them itself: no route is looked at */
};

struct mxw_domain {
	char *name; /* canonical A-label */
	const struct mxw_domain_settings *settings;
};

struct mxw_notifier_config {
	char *name;
	const struct mxw_notifier *type;
	struct mxw_values options;
	unsigned max_per_minute; /* messages; 0: no limit */
};

struct mxw_canary {
	char *name;
	uint16_t type;
};

enum { MXW_MAX_NOTIFIERS = 64, MXW_MAX_CANARIES = 8, MXW_MAX_ROUTES = 256, MXW_MAX_WINDOWS = 64 };
enum { MXW_MAX_SOCKET_PATH = 107 }; /* octets that fit a Unix socket's address */

struct mxw_config {
	struct mxw_upstream_spec upstreams[MXW_MAX_UPSTREAMS];
	size_t n_upstreams;
	unsigned quorum; /* votes, resolved: never 0 */
	int64_t timeout_ms;
	bool send_on_resolved;
	char *state_dir;                         /* NULL: neither configured nor $STATE_DIRECTORY */
	int64_t max_age_ms;                      /* of a delivery */
	int64_t outbox_deliveries, outbox_bytes; /* that wait at most, for all notifiers together */
	struct mxw_canary canaries[MXW_MAX_CANARIES];
	size_t n_canaries; /* 0: health and gate are off */
	int64_t resolver_down_after_ms;
	struct mxw_group_policy grouping;
	struct mxw_notifier_config *notifiers;
	size_t n_notifiers;
	struct mxw_route *routes;
	size_t n_routes;
	struct mxw_window *windows; /* of maintenance */
	size_t n_windows;
	const char *control_socket;                      /* NULL: off */
	struct mxw_values check_options[MXW_MAX_CHECKS]; /* of mxw_checks[i]; options NULL if the check has none */
	struct mxw_domain_settings defaults;             /* used by `mxwatch check` for a domain that is not listed */
	struct mxw_domain *domains;                      /* sorted by name */
	size_t n_domains;
	struct mxw_arena arena; /* private: names, settings and what they hold */
};

/* Every mapping of the file with its rows, those of checks and notifiers included: for `mxwatch list options`. */
struct mxw_option_table {
	char name
		[96]; /* "(top level)", "(top level), domains[]", "domains[]", "resolvers[]", "notifiers[] type: webhook", "mx" */
	const struct mxw_option *options;
};
enum { MXW_MAX_OPTION_TABLES = 24 + MXW_MAX_CHECKS + MXW_MAX_NOTIFIERS };
size_t mxw_config_option_tables(struct mxw_option_table ret[static MXW_MAX_OPTION_TABLES]); /* how many */

/* Reads `path` and what it names. Errors and warnings go to diags; *ret is set only without errors. Returns 0 (look at
 * diags) or -ENOMEM. */
int mxw_config_read(struct mxw_config **ret, const char *path, const struct mxw_config_source *source,
		    struct mxw_diags *diags);

/* A configuration without a file: defaults, the given resolver texts (as in `resolvers:`), no domain. For `mxwatch check -r`. */
int mxw_config_from_arguments(struct mxw_config **ret, const char *const *resolvers, size_t n_resolvers,
			      const struct mxw_config_source *source, struct mxw_diags *diags);
/* Replaces the resolvers (`-r`) of a configuration that was read; the quorum becomes the majority. */
int mxw_config_set_resolvers(struct mxw_config *config, const char *const *resolvers, size_t n_resolvers,
			     const struct mxw_config_source *source, struct mxw_diags *diags);

void mxw_config_free(struct mxw_config *config);
const struct mxw_domain *mxw_config_find_domain(const struct mxw_config *config, const char *name); /* NULL if absent */
/* The index; n_notifiers or n_upstreams if absent. */
size_t mxw_config_find_notifier(const struct mxw_config *config, const char *name);
size_t mxw_config_find_upstream(const struct mxw_config *config, const char *name);
