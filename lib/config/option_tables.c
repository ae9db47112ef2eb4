/* All option rows as tables with names, and the rows that stand for the mappings of checks; see rows.h and config.h. */
#include <stdio.h>

#include "lib/config/config.h"
#include "lib/config/rows.h"

void mxw_config_check_rows(struct mxw_option *ret)
{
	for (size_t i = 0; i < mxw_n_checks; i++)
		if (mxw_checks[i]->options)
			*ret++ = (struct mxw_option){
				.name = mxw_checks[i]->name,
				.type = MXW_OPTION_CUSTOM,
				.expected = "a mapping",
				.doc = "Options of this check.",
			};
	*ret = (struct mxw_option){ 0 };
}

static void add_table(struct mxw_option_table *ret, size_t *n, const struct mxw_option *rows, const char *prefix,
		      const char *name)
{
	if (!rows || *n == MXW_MAX_OPTION_TABLES)
		return;
	ret[*n].options = rows;
	snprintf(ret[*n].name, sizeof(ret[*n].name), "%s%s", prefix, name);
	++*n;
}

size_t mxw_config_option_tables(struct mxw_option_table ret[static MXW_MAX_OPTION_TABLES])
{
	size_t n = 0;
	add_table(ret, &n, mxw_config_top_rows, "(top level)", "");
	add_table(ret, &n, mxw_config_shared_rows, "(top level), domains[]", "");
	add_table(ret, &n, mxw_config_domain_rows, "domains[]", "");
	add_table(ret, &n, mxw_config_expect_rows, "domains[].expect", "");
	add_table(ret, &n, mxw_config_expected_rows, "domains[].expect.mx, spf, ns, ptr", "");
	add_table(ret, &n, mxw_config_confirm_age_rows, "confirm_age", "");
	add_table(ret, &n, mxw_config_escalation_rows, "escalation", "");
	add_table(ret, &n, mxw_config_flapping_rows, "flapping", "");
	add_table(ret, &n, mxw_config_authority_rows, "authority", "");
	add_table(ret, &n, mxw_config_resolver_rows, "resolvers[]", "");
	add_table(ret, &n, mxw_config_canary_rows, "canaries[]", "");
	add_table(ret, &n, mxw_config_route_rows, "routes[]", "");
	add_table(ret, &n, mxw_config_match_rows, "routes[].match", "");
	add_table(ret, &n, mxw_config_maintenance_rows, "maintenance[]", "");
	add_table(ret, &n, mxw_config_once_rows, "maintenance[].once", "");
	add_table(ret, &n, mxw_config_daily_rows, "maintenance[].daily", "");
	add_table(ret, &n, mxw_config_weekly_rows, "maintenance[].weekly", "");
	add_table(ret, &n, mxw_config_notifier_rows, "notifiers[]", "");
	for (size_t i = 0; i < mxw_n_notifiers; i++)
		add_table(ret, &n, mxw_notifiers[i]->options, "notifiers[] type: ", mxw_notifiers[i]->name);
	for (size_t i = 0; i < mxw_n_checks; i++)
		add_table(ret, &n, mxw_checks[i]->options, "", mxw_checks[i]->name);
	return n;
}
