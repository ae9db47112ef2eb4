/* Option rows of routes and maintenance windows: who is told, and when nobody is; see rows.h. */
#include "lib/config/rows.h"

const struct mxw_option mxw_config_route_rows[] = {
	{ .name = "match",
	  .type = MXW_OPTION_CUSTOM,
	  .expected = "a mapping such as { severity: [critical] }",
	  .doc = "What an event must be for the route to match; every event if not given." },
	{ .name = "notify",
	  .type = MXW_OPTION_TEXTS,
	  .required = true,
	  .expected = "a list of notifier names",
	  .doc = "Names of the notifiers that get the events; [] for none." },
	{ .name = "continue",
	  .type = MXW_OPTION_BOOL,
	  .fallback = "false",
	  .doc = "Whether the routes below are looked at too, for further notifiers." },
	{ 0 },
};

const struct mxw_option mxw_config_match_rows[] = {
	{ .name = "labels",
	  .type = MXW_OPTION_MAP,
	  .expected = "a mapping such as { team: mail }",
	  .doc = "Labels that the domain must have, all of them." },
	{ .name = "severity",
	  .type = MXW_OPTION_TEXTS,
	  .expected = "a list such as [critical]",
	  .doc = "Severities, one of which the event must have: warning or critical, the worse of before and after." },
	{ .name = "check",
	  .type = MXW_OPTION_TEXTS,
	  .expected = "a list of checks such as [mx]",
	  .doc = "Checks, one of which the event must be about." },
	{ .name = "kind",
	  .type = MXW_OPTION_TEXTS,
	  .expected = "a list such as [problem, reminder]",
	  .doc = "Kinds, one of which the event must be. Whoever gets a problem gets its changes and its recovery, "
		 "too, whatever stands here; reminders only if they match." },
	{ 0 },
};

const struct mxw_option mxw_config_maintenance_rows[] = {
	{ .name = "name",
	  .type = MXW_OPTION_TEXT,
	  .required = true,
	  .min = 1,
	  .max = 64,
	  .doc = "What the log and mxwatch silences call it." },
	{ .name = "domains",
	  .type = MXW_OPTION_TEXTS,
	  .expected = "a list of domains such as [example.com, \"*.example.org\"]",
	  .doc = "Its domains: a name, *.NAME for all below it, or *; all if not given." },
	{ .name = "labels",
	  .type = MXW_OPTION_MAP,
	  .expected = "a mapping such as { team: mail }",
	  .doc = "Labels that a domain must have besides, all of them." },
	{ .name = "once",
	  .type = MXW_OPTION_CUSTOM,
	  .expected = "a mapping such as { from: 2026-11-23 02:00, to: 2026-11-23 04:00 }",
	  .doc = "One time. Of once, daily and weekly there must be one." },
	{ .name = "daily",
	  .type = MXW_OPTION_CUSTOM,
	  .expected = "a mapping such as { from: 02:00, to: 04:00 }",
	  .doc = "Every day." },
	{ .name = "weekly",
	  .type = MXW_OPTION_CUSTOM,
	  .expected = "a mapping such as { days: [sun], from: 02:00, to: 04:00 }",
	  .doc = "On days of the week." },
	{ .name = "timezone",
	  .type = MXW_OPTION_TEXT,
	  .fallback = "UTC",
	  .expected = "a time zone such as Europe/Berlin or UTC",
	  .doc = "Whose clocks its times are of: a name below /usr/share/zoneinfo." },
	{ 0 },
};

static const char expected_date[] = "a date and time such as 2026-11-23 02:00";
static const char expected_time[] = "a time such as 02:00";

const struct mxw_option mxw_config_once_rows[] = {
	{ .name = "from", .type = MXW_OPTION_TEXT, .required = true, .expected = expected_date, .doc = "Its begin." },
	{ .name = "to", .type = MXW_OPTION_TEXT, .required = true, .expected = expected_date, .doc = "Its end." },
	{ 0 },
};

const struct mxw_option mxw_config_daily_rows[] = {
	{ .name = "from", .type = MXW_OPTION_TEXT, .required = true, .expected = expected_time, .doc = "Its begin." },
	{ .name = "to",
	  .type = MXW_OPTION_TEXT,
	  .required = true,
	  .expected = expected_time,
	  .doc = "Its end, up to 24:00; before the begin it is on the next day." },
	{ 0 },
};

const struct mxw_option mxw_config_weekly_rows[] = {
	{ .name = "days",
	  .type = MXW_OPTION_TEXTS,
	  .required = true,
	  .expected = "a list of days such as [sat, sun]",
	  .doc = "The days on which it begins: mon, tue, wed, thu, fri, sat, sun." },
	{ .name = "from", .type = MXW_OPTION_TEXT, .required = true, .expected = expected_time, .doc = "Its begin." },
	{ .name = "to",
	  .type = MXW_OPTION_TEXT,
	  .required = true,
	  .expected = expected_time,
	  .doc = "Its end, up to 24:00; before the begin it is on the next day." },
	{ 0 },
};
