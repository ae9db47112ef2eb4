/* Option rows of the top level, of domains, resolvers, canaries and notifiers; see rows.h. */
#include "lib/config/rows.h"

#include <stdio.h>

#include "lib/check/check.h"
#include "lib/config/config.h"

enum {
	MS = 1,
	SECOND = 1000 * MS,
	MINUTE = 60 * SECOND,
	HOUR = 60 * MINUTE,
	DAY = 24 * HOUR,
};
#define DAYS(n) ((n) * (int64_t)DAY)

/* In the order of enum mxw_choice and enum mxw_topology: a value's number is the enum. */
static const char *const auto_yes_no[] = { "auto", "yes", "no", NULL };
static const char *const topologies[] = { "auto", "failover", "balanced", NULL };

const struct mxw_option mxw_config_top_rows[] = {
	{ .name = "resolvers",
	  .type = MXW_OPTION_CUSTOM,
	  .required = true,
	  .expected = "a list of resolvers such as [9.9.9.9, 1.1.1.1]",
	  .doc = "The upstream resolvers; each entry is one vote. An entry is an address, address:port, "
		 "[IPv6]:port, system (the nameservers of /etc/resolv.conf, together one vote) or a "
		 "mapping." },
	{ .name = "quorum",
	  .type = MXW_OPTION_TEXT,
	  .fallback = "majority",
	  .expected = "majority or a number",
	  .doc = "Votes that make a verdict: majority, or a number up to that of the resolvers." },
	{ .name = "timeout",
	  .type = MXW_OPTION_DURATION,
	  .fallback = "10s",
	  .min = 100 * MS,
	  .max = 5 * MINUTE,
	  .doc = "Time for one question to one resolver, all its tries." },
	{ .name = "send_on_resolved",
	  .type = MXW_OPTION_BOOL,
	  .fallback = "true",
	  .doc = "Whether recoveries are told." },
	{ .name = "state_dir",
	  .type = MXW_OPTION_TEXT,
	  .min = 1,
	  .max = 4000,
	  .doc = "Where the daemon keeps its state; $STATE_DIRECTORY, which systemd sets, if not given." },
	{ .name = "max_age",
	  .type = MXW_OPTION_DURATION,
	  .fallback = "5d",
	  .min = MINUTE,
	  .max = DAYS(30),
	  .doc = "How long the delivery of an event is tried." },
	{ .name = "canaries",
	  .type = MXW_OPTION_CUSTOM,
	  .fallback = "[{ name: \".\", type: NS }]",
	  .expected = "a list of questions such as [{ name: \".\", type: NS }]",
	  .doc = "Questions that a healthy resolver can always answer; one that cannot loses its vote, and "
		 "while fewer than the quorum can no domain is judged. [] turns this off." },
	{ .name = "resolver_down_after",
	  .type = MXW_OPTION_DURATION,
	  .fallback = "15m",
	  .min = SECOND,
	  .max = DAYS(30),
	  .doc = "How long a resolver must fail its canaries before that is told (mon-resolver-down)." },
	{ .name = "domains",
	  .type = MXW_OPTION_CUSTOM,
	  .expected = "a list of domains",
	  .doc = "The domains to watch: names, or mappings with a name and options of their own." },
	{ .name = "domain_files",
	  .type = MXW_OPTION_TEXTS,
	  .min = 1,
	  .max = 4000,
	  .expected = "a list of file name patterns such as [\"/etc/mxwatch.d/*.txt\"]",
	  .doc = "Files with one domain a line, for long lists; # starts a comment. Patterns are relative "
		 "to the configuration file's folder." },
	{ .name = "notifiers",
	  .type = MXW_OPTION_CUSTOM,
	  .expected = "a list of notifiers such as [{ name: log, type: syslog }]",
	  .doc = "Who is told: mappings with a name, a type and the options of that type." },
	{ .name = "routes",
	  .type = MXW_OPTION_CUSTOM,
	  .expected = "a list of routes such as [{ match: { severity: [critical] }, notify: [ops] }]",
	  .doc = "Which notifiers get which events: the first route that matches decides. What none matches goes to "
		 "those of notify. A domain with a notify of its own passes the routes by." },
	{ .name = "maintenance",
	  .type = MXW_OPTION_CUSTOM,
	  .expected = "a list of windows such as [{ name: backup, daily: { from: \"02:00\", to: \"04:00\" } }]",
	  .doc = "Windows in which nothing is told of their domains. Checks go on; what is still wrong at the end is "
		 "told then." },
	{ .name = "control_socket",
	  .type = MXW_OPTION_TEXT,
	  .min = 1,
	  .max = 4000,
	  .expected = "an absolute path or off",
	  .doc = "The Unix socket through which mxwatch talks to the daemon; off for none. If not given, "
		 "control.sock in $RUNTIME_DIRECTORY, which systemd sets, or else in the state directory." },
	{ 0 },
};

const struct mxw_option mxw_config_shared_rows[] = {
	{ .name = "interval",
	  .type = MXW_OPTION_DURATION,
	  .fallback = "5m",
	  .min = SECOND,
	  .max = DAYS(30),
	  .doc = "Time between two rounds of a domain." },
	{ .name = "retry_interval",
	  .type = MXW_OPTION_DURATION,
	  .fallback = "1m",
	  .min = SECOND,
	  .max = DAYS(30),
	  .doc = "Time to the next round while a change waits for confirmation; at most the interval. "
		 "Where it is not written beside a shorter interval, it is that interval." },
	{ .name = "failure_threshold",
	  .type = MXW_OPTION_INT,
	  .fallback = "3",
	  .min = 1,
	  .max = 100,
	  .doc = "Rounds that must agree on a problem before it is told." },
	{ .name = "success_threshold",
	  .type = MXW_OPTION_INT,
	  .fallback = "2",
	  .min = 1,
	  .max = 100,
	  .doc = "Rounds that must agree that a problem is over before the recovery is told." },
	{ .name = "confirm_age",
	  .type = MXW_OPTION_CUSTOM,
	  .fallback = "{ critical: 2m, warning: 10m, recovery: 1m }",
	  .expected = "a mapping such as { critical: 2m, warning: 10m, recovery: 1m }",
	  .doc = "How old a change must be at least before it is told, by what it leads to. Where fewer independent "
		 "answers than the threshold can be had, 2.5 times (critical) or 1.5 times that." },
	{ .name = "escalation",
	  .type = MXW_OPTION_CUSTOM,
	  .fallback = "{ warning: 15m, critical: 60m }",
	  .expected = "a mapping such as { warning: 15m, critical: 60m }",
	  .doc = "How long lookups must keep failing (the dns-* findings) before that is a warning, and critical. "
		 "Other failures that last, spf-temperror and ptr-lookup-failed, scale with it." },
	{ .name = "flapping",
	  .type = MXW_OPTION_CUSTOM,
	  .fallback = "{ changes: 4, window: 1h }",
	  .expected = "a mapping such as { changes: 4, window: 1h }",
	  .doc = "So many changes of a state in so short a time are told as one: then only what is worse is told, "
		 "until there was none for as long." },
	{ .name = "reminders",
	  .type = MXW_OPTION_DURATIONS,
	  .fallback = "[1h, 4h, 24h]",
	  .min = SECOND,
	  .max = DAYS(365),
	  .doc = "Times after a problem was told at which it is told again, then daily; [] for none." },
	{ .name = "checks",
	  .type = MXW_OPTION_TEXTS,
	  .expected = "a list of checks such as [mx, address, ptr, spf]",
	  .doc = "The checks to run; all of them if not given." },
	{ .name = "severity",
	  .type = MXW_OPTION_MAP,
	  .expected = "a mapping such as { mx-single: off }",
	  .doc = "Severity of single findings by their ids: off, info, warning or critical. A domain's "
		 "own are added to the top level's and win." },
	{ .name = "labels",
	  .type = MXW_OPTION_MAP,
	  .expected = "a mapping such as { team: mail }",
	  .doc = "Labels that every event carries. A domain's own are added to the top level's and win." },
	{ .name = "notify",
	  .type = MXW_OPTION_TEXTS,
	  .expected = "a list of notifier names",
	  .doc = "Names of the notifiers that get the events; all of them if not given, none for []." },
	{ .name = "receive",
	  .type = MXW_OPTION_CHOICE,
	  .fallback = "auto",
	  .choices = auto_yes_no,
	  .doc = "Whether the domain receives mail. auto: it does unless its MX says no (RFC 7505)." },
	{ .name = "send",
	  .type = MXW_OPTION_CHOICE,
	  .fallback = "auto",
	  .choices = auto_yes_no,
	  .doc = "Whether the domain sends mail. auto: it does unless its SPF record is \"v=spf1 -all\"." },
	{ .name = "topology",
	  .type = MXW_OPTION_CHOICE,
	  .fallback = "auto",
	  .choices = topologies,
	  .doc = "How the MX hosts share the work: one after the other (failover) or side by side "
		 "(balanced)." },
	{ .name = "mx_hosts_send",
	  .type = MXW_OPTION_CHOICE,
	  .fallback = "auto",
	  .choices = auto_yes_no,
	  .doc = "Whether the MX hosts also send mail of the domain, so that their reverse DNS and what SPF "
		 "says to them matter." },
	{ .name = "send_ip",
	  .type = MXW_OPTION_TEXTS,
	  .expected = "a list of IP addresses",
	  .doc = "Addresses that send mail of the domain: their reverse DNS must be right, and SPF must let them "
		 "pass." },
	{ .name = "strict",
	  .type = MXW_OPTION_BOOL,
	  .fallback = "false",
	  .doc = "Judge some findings more severely, as far as their descriptions say so." },
	{ 0 },
};

const struct mxw_option mxw_config_domain_rows[] = {
	{ .name = "name",
	  .type = MXW_OPTION_TEXT,
	  .required = true,
	  .expected = "a mail domain such as example.com",
	  .doc = "The domain. Other scripts are converted (IDNA2008)." },
	{ 0 },
};

const struct mxw_option mxw_config_confirm_age_rows[] = {
	{ .name = "critical",
	  .type = MXW_OPTION_DURATION,
	  .fallback = "2m",
	  .max = DAY,
	  .doc = "Age of a change to critical." },
	{ .name = "warning",
	  .type = MXW_OPTION_DURATION,
	  .fallback = "10m",
	  .max = DAY,
	  .doc = "Age of a change to warning." },
	{ .name = "recovery",
	  .type = MXW_OPTION_DURATION,
	  .fallback = "1m",
	  .max = DAY,
	  .doc = "Age of a change to ok." },
	{ 0 },
};

const struct mxw_option mxw_config_escalation_rows[] = {
	{ .name = "warning",
	  .type = MXW_OPTION_DURATION,
	  .fallback = "15m",
	  .min = SECOND,
	  .max = DAYS(7),
	  .doc = "Age of a failing lookup that is a warning." },
	{ .name = "critical",
	  .type = MXW_OPTION_DURATION,
	  .fallback = "60m",
	  .min = SECOND,
	  .max = DAYS(7),
	  .doc = "Age of a failing lookup that is critical." },
	{ 0 },
};

const struct mxw_option mxw_config_flapping_rows[] = {
	{ .name = "changes",
	  .type = MXW_OPTION_INT,
	  .fallback = "4",
	  .min = 0,
	  .max = MXW_MAX_TURNS,
	  .doc = "Changes of a state within the window; 0 turns it off." },
	{ .name = "window",
	  .type = MXW_OPTION_DURATION,
	  .fallback = "1h",
	  .min = SECOND,
	  .max = DAYS(7),
	  .doc = "The time in which they come, and without a change the time after which the state is settled." },
	{ 0 },
};

const struct mxw_option mxw_config_resolver_rows[] = {
	{ .name = "name",
	  .type = MXW_OPTION_TEXT,
	  .min = 1,
	  .max = 64,
	  .doc = "What votes and evidence call it; its address if not given." },
	{ .name = "address",
	  .type = MXW_OPTION_TEXT,
	  .expected = "an address, address:port, [IPv6]:port or system",
	  .doc = "Its address, or system." },
	{ .name = "addresses",
	  .type = MXW_OPTION_TEXTS,
	  .expected = "a list of addresses such as [8.8.8.8, 8.8.4.4]",
	  .doc = "Several addresses of one operator: one vote, the others are fallbacks." },
	{ .name = "max_qps",
	  .type = MXW_OPTION_INT,
	  .fallback = "10000",
	  .min = 1,
	  .max = 1000000,
	  .doc = "Questions a second at most." },
	{ .name = "max_in_flight",
	  .type = MXW_OPTION_INT,
	  .fallback = "1000",
	  .min = 1,
	  .max = 65535,
	  .doc = "Questions that wait for an answer at most." },
	{ .name = "randomize_case",
	  .type = MXW_OPTION_BOOL,
	  .fallback = "true",
	  .doc = "Ask in mixed letter case (0x20), which makes forged answers harder; false for resolvers "
		 "that change it." },
	{ 0 },
};

const struct mxw_option mxw_config_canary_rows[] = {
	{ .name = "name",
	  .type = MXW_OPTION_TEXT,
	  .required = true,
	  .expected = "a name such as \".\" or example.com",
	  .doc = "The name to ask for." },
	{ .name = "type",
	  .type = MXW_OPTION_TEXT,
	  .required = true,
	  .expected = "a record type such as NS",
	  .doc = "The type to ask for." },
	{ 0 },
};

const struct mxw_option mxw_config_notifier_rows[] = {
	{ .name = "name",
	  .type = MXW_OPTION_TEXT,
	  .required = true,
	  .expected = "a name of letters, digits, _ and -, at most 64",
	  .doc = "The name that notify and the log use." },
	{ .name = "type",
	  .type = MXW_OPTION_TEXT,
	  .required = true,
	  .expected = "a type of notifier",
	  .doc = "How it tells: which of the types of notifiers it is." },
	{ 0 },
};

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
	add_table(ret, &n, mxw_config_confirm_age_rows, "confirm_age", "");
	add_table(ret, &n, mxw_config_escalation_rows, "escalation", "");
	add_table(ret, &n, mxw_config_flapping_rows, "flapping", "");
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
