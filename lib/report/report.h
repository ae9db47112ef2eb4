/* What people and programs read: findings with their votes and evidence as JSON, text for a terminal, a Nagios line. Pure:
 * a round in, bytes out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/alert/alert.h"
#include "lib/base/strbuf.h"
#include "lib/dns/upstream.h"
#include "lib/round/round.h"

/* How the resolvers of a round are called, and the name servers of its zone. */
struct mxw_report_context {
	const struct mxw_upstream_spec *upstreams;
	size_t n_upstreams;                     /* = resolvers of the round */
	const struct mxw_round_server *servers; /* who has the round need not fill it: reports take them from there */
	size_t n_servers;
	int64_t now_wall_ms;
};

/* The `findings` array of design.md 5.2 for one check of a judged round, as JSON text. `alerting_only`: confirmed findings of at
 * least warning severity, as events carry them; otherwise confirmed and listed undecided keys. 0, -ENOMEM, -ENOENT. */
int mxw_report_findings_json(const struct mxw_round *round, size_t check, const struct mxw_report_context *context,
			     bool alerting_only, struct mxw_strbuf *ret);

/* The same array from entries that no check made: what the monitor says about itself, and record changes. `round` has the
 * answers that they cite; NULL where they cite none. 0 or -ENOMEM. */
int mxw_report_entries_json(const struct mxw_round *round, const struct mxw_verdict_entry *entries, size_t n,
			    const struct mxw_report_context *context, struct mxw_strbuf *ret);

/* `mxwatch check`: collects judged rounds (borrowed until mxw_report_check_*) and prints them once. */
struct mxw_report_result {
	const struct mxw_round *round;
};

/* The JSON object of design.md 5.2, one line at the end a newline. */
int mxw_report_check_json(const struct mxw_report_result *results, size_t n, const struct mxw_report_context *context,
			  struct mxw_strbuf *ret);

struct mxw_report_style {
	bool colour;
	bool utf8;      /* the terminal shows it: IDN names as U-labels, else A-labels and ASCII only */
	unsigned width; /* columns; 0: do not wrap */
	bool verbose;   /* advice and evidence of what is fine too */
};
/* For people: what is wrong, who saw it, how to see it, what to publish. */
int mxw_report_check_text(const struct mxw_report_result *results, size_t n, const struct mxw_report_context *context,
			  const struct mxw_report_style *style, struct mxw_strbuf *ret);
/* One Nagios plugin line: "MXWATCH CRITICAL - example.com: domain does not exist (mx-nxdomain) | domains=1 critical=1 ..." with
 * details on the lines below (long output), '|' never inside text. */
int mxw_report_check_nagios(const struct mxw_report_result *results, size_t n, const struct mxw_report_context *context,
			    struct mxw_strbuf *ret);

/* 0 ok, 1 warning, 2 critical, 3 unknown: of the worst state of all. */
int mxw_report_exit_code(const struct mxw_report_result *results, size_t n);

/* The webhook body of design.md 5.3 (format mxwatch). -EBADMSG if findings_json is no JSON array. */
int mxw_report_event_json(const struct mxw_alert *alert, struct mxw_strbuf *ret);
