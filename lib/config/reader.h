/* One reading of a configuration, shared by the files of this folder.
 *
 * Every mxw_config_read_* tells what is wrong in diags and returns 0, or -ENOMEM. */
#pragma once

#include "lib/config/config.h"
#include "lib/schema/option.h"
#include "lib/schema/yaml.h"

struct mxw_config_reader {
	struct mxw_config *config; /* being built; its arena takes what lasts */
	const struct mxw_config_source *source;
	struct mxw_diags *diags;
	const char *path; /* of the configuration file */
};

/* resolvers.c */
int mxw_config_read_resolvers(struct mxw_config_reader *reader, const struct mxw_values *top);
void mxw_config_read_quorum(struct mxw_config_reader *reader, const struct mxw_values *top);

/* notifiers.c */
int mxw_config_read_notifiers(struct mxw_config_reader *reader, const struct mxw_values *top);

/* routes.c: tells when every way to tell people leads through a watched domain (alerts.md 3.7); needs the sorted domains. */
void mxw_config_check_routes(struct mxw_config_reader *reader);

/* settings.c: the shared rows, of the top level when `settings` is the configuration's defaults, else of a domain. Starts from
 * *settings; arrays go to `arena`. */
int mxw_config_read_settings(struct mxw_config_reader *reader, const struct mxw_values *values,
			     struct mxw_domain_settings *settings, struct mxw_arena *arena);

/* name_set.c: a list of names as a set of bits. What is no name of the set, or is named twice, is told. */
struct mxw_name_set {
	const char *key, *what; /* "checks", "check" */
	const char *names[MXW_MAX_CHECKS + MXW_MAX_NOTIFIERS];
	size_t n;
};
uint64_t mxw_config_read_name_set(struct mxw_config_reader *reader, const struct mxw_values *values,
				  const struct mxw_name_set *set);

/* expect.c: `expect` among a domain's own values; *ret stays as it is without. It lives in the configuration's arena. */
int mxw_config_read_expect(struct mxw_config_reader *reader, const struct mxw_values *own,
			   const struct mxw_expect **ret);

/* changes.c: `notify_changes`, which takes the place of what *settings has. */
void mxw_config_read_notify_changes(struct mxw_config_reader *reader, const struct mxw_values *values,
				    struct mxw_domain_settings *settings);

/* authority.c: `authority`, which takes the place of what *settings has. */
int mxw_config_read_authority(struct mxw_config_reader *reader, const struct mxw_values *values,
			      struct mxw_domain_settings *settings);
/* Of a domain with these settings, told at `at`: the zone must hold it. */
void mxw_config_check_authority(struct mxw_config_reader *reader, const char *domain,
				const struct mxw_domain_settings *settings, struct mxw_position at);

/* overrides.c: `severity` and `labels`, which add to those of *settings. */
int mxw_config_read_severity(struct mxw_config_reader *reader, const struct mxw_values *values,
			     struct mxw_domain_settings *settings, struct mxw_arena *arena);
int mxw_config_read_labels(struct mxw_config_reader *reader, const struct mxw_values *values,
			   struct mxw_domain_settings *settings, struct mxw_arena *arena);

/* domains.c: `domains` and `domain_files`. */
int mxw_config_read_domains(struct mxw_config_reader *reader, const struct mxw_values *top);

/* canaries.c */
int mxw_config_read_canaries(struct mxw_config_reader *reader, const struct mxw_values *top);

/* routing.c: `routes`; needs the notifiers. */
int mxw_config_read_routes(struct mxw_config_reader *reader, const struct mxw_values *top);

/* maintenance.c: `maintenance`, with the files of its time zones. */
int mxw_config_read_maintenance(struct mxw_config_reader *reader, const struct mxw_values *top);

/* control.c: `control_socket`, of which the default needs the state directory. */
int mxw_config_read_control(struct mxw_config_reader *reader, const struct mxw_values *top);

/* system.c: the nameservers of /etc/resolv.conf, as far as they fit; what is odd there becomes a warning. */
int mxw_config_read_system_resolvers(const struct mxw_config_source *source, struct mxw_upstream_spec *spec,
				     struct mxw_position at, const char *key, struct mxw_diags *diags);

/* Words for a negative errno of the source ("does not exist"). Static. */
const char *mxw_config_source_error(int error);

/* grouping.c: `group_above` and its kin, after the defaults of domains. */
void mxw_config_read_grouping(struct mxw_config_reader *reader, const struct mxw_values *top);
