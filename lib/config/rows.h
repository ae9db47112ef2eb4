/* The option rows of the configuration's own mappings; those of checks and notifiers stand with them. */
#pragma once

#include "lib/schema/option.h"

extern const struct mxw_option mxw_config_top_rows[];
extern const struct mxw_option
	mxw_config_shared_rows[]; /* at the top level the defaults of all domains, in a domain its own */
extern const struct mxw_option mxw_config_domain_rows[]; /* beside the shared ones */
extern const struct mxw_option mxw_config_expect_rows[];
extern const struct mxw_option mxw_config_expected_rows[]; /* of one type of record in `expect` */
extern const struct mxw_option mxw_config_confirm_age_rows[];
extern const struct mxw_option mxw_config_escalation_rows[]; /* of `escalation` */
extern const struct mxw_option mxw_config_flapping_rows[];   /* of `flapping` */
extern const struct mxw_option mxw_config_authority_rows[];
extern const struct mxw_option mxw_config_resolver_rows[];
extern const struct mxw_option mxw_config_canary_rows[];
extern const struct mxw_option mxw_config_route_rows[];
extern const struct mxw_option mxw_config_match_rows[];       /* of a route */
extern const struct mxw_option mxw_config_maintenance_rows[]; /* of a window */
extern const struct mxw_option mxw_config_once_rows[];
extern const struct mxw_option mxw_config_daily_rows[];
extern const struct mxw_option mxw_config_weekly_rows[];
extern const struct mxw_option mxw_config_notifier_rows[]; /* beside the rows of its type */

/* Rows for the mappings of checks at the top level: one CUSTOM row a check that has options. `ret` holds
 * MXW_MAX_CHECKS + 1 rows. */
void mxw_config_check_rows(struct mxw_option *ret);
