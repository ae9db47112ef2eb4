/* What the judges of the check mx share: one resolver's view of one domain, read once. */
#pragma once

#include "lib/check/judge.h"
#include "lib/check/mx_findings.h"
#include "lib/check/mx_set.h"
#include "lib/check/profile.h"
#include "lib/schema/option.h"
#include "lib/target/target.h"

struct mxw_mx_view {
	struct mxw_judge judge;
	const struct mxw_target *target;
	const struct mxw_values *options; /* NULL: defaults */
	const struct mxw_observation *observation;
	struct mxw_mx_set set;
	enum mxw_choice receive;
};

/* ---- check_mx.c ---- */

/* A row about the record set, subject the domain, with {ttl}, {n}, {pref}, {mx} (of the best record) and the MX question
 * as evidence. */
struct mxw_finding *mxw_mx_judge_set(const struct mxw_mx_view *view, enum mxw_mx_row row);

/* {place}, {instead}, {at} and {ttl} of the MX records. */
void mxw_mx_set_place(const struct mxw_mx_view *view, struct mxw_finding *finding);

/* {cand} and {edit}. */
void mxw_mx_set_candidate(const struct mxw_mx_view *view, struct mxw_finding *finding);

/* ---- mx_target.c: findings about one host ---- */

void mxw_mx_judge_targets(const struct mxw_mx_view *view);
/* {host}: the name, if DNS can be asked for it. {hostline}: an A record for it, where that is a host name that somebody meant;
 * else "". */
void mxw_mx_set_host(const struct mxw_mx_view *view, struct mxw_finding *finding, const struct mxw_mx_host *host);
/* Asks for names that a forgotten final dot may have hidden. */
void mxw_mx_ask_targets(const struct mxw_mx_view *view, struct mxw_missing *missing);

/* ---- mx_order.c: findings about the hosts together ---- */

void mxw_mx_judge_order(const struct mxw_mx_view *view);
