/* A world and what happens in it, as data: made from a seed (roll.c), played (play.c), judged (judge.c), made smaller
 * (shrink.c), and printed as a scenario (print.c). Any plan can be played: a deed that cannot be done is left out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/strbuf.h"
#include "lib/dns/answer.h"
#include "tests/scenario/world.h"

enum {
	PLAN_MAX_DOMAINS = 6,
	PLAN_MAX_RESOLVERS = 5,
	PLAN_MAX_NOTIFIERS = 3,
	PLAN_MAX_CONFIGS = 4,
	PLAN_MAX_DEEDS = 160,
	PLAN_MAX_REMINDERS = 2,
};

enum plan_check { PLAN_MX, PLAN_SPF, PLAN_N_CHECKS };
extern const char *const plan_check_names[PLAN_N_CHECKS];

enum {
	MS = 1,
	SECOND = 1000 * MS,
	MINUTE = 60 * SECOND,
	HOUR = 60 * MINUTE,
	DAY = 24 * HOUR, /* 86,400,000: products of it with a number are int64_t */
};

/* One configuration of the daemon. Sets are bits. */
struct plan_config {
	uint32_t domains, resolvers, notifiers;
	unsigned quorum; /* 0: the majority */
	unsigned failure_threshold, success_threshold;
	int64_t interval_ms, retry_interval_ms, timeout_ms;
	int64_t confirm_ms[3]; /* critical, warning, recovery */
	int64_t escalate_warning_ms, escalate_critical_ms;
	int64_t resolver_down_after_ms;
	int64_t reminders_ms[PLAN_MAX_REMINDERS];
	size_t n_reminders;
	unsigned flapping_changes; /* 0: off */
	int64_t flapping_window_ms;
	unsigned group_above; /* domains of one cause that are told on their own */
	int64_t group_interval_ms;
	bool has_spf;        /* checks: [mx, spf], else [mx] */
	bool has_canaries;   /* else the gate is off */
	bool is_routed;      /* n1 gets what is critical and what is about the monitor, the others get everything */
	uint32_t maintained; /* domains that have a window of maintenance, daily */
	unsigned window_from, window_to; /* minutes of the day in UTC */
};

enum deed_kind {
	DEED_SAY,      /* resolver(s) `resolver` say from now on that domain `who` is in condition `what` */
	DEED_FAIL,     /* every question to resolver(s) `resolver` ends in outcome `what` */
	DEED_WORK,     /* or does not any more */
	DEED_LIE,      /* names that cannot exist have an address at resolver `resolver` */
	DEED_HONEST,   /* or have not any more */
	DEED_RECEIVER, /* receiver `who` does what enum receiver_mode `what` says */
	DEED_KILL,     /* kill -9, after `what` further callbacks of the loop */
	DEED_STOP,
	DEED_START,
	DEED_RELOAD, /* configuration `what` is in force */
	DEED_CLOCK,  /* the wall clock steps by `ms` */
	DEED_SUSPEND,
	DEED_SILENCE,   /* domain `who` (PLAN_ALL: every one), check `what` (PLAN_ALL: every one), for `ms` */
	DEED_UNSILENCE, /* the silence number `what`, from 1 */
	DEED_ACK,       /* domain `who`, all its checks */
	DEED_DISK_FULL,
	DEED_DISK_OK,
	DEED_LOSE_SENDER,
	DEED_NOTHING,
	N_DEEDS
};
enum { PLAN_ALL = 99 };

struct deed {
	enum deed_kind kind;
	int64_t at_ms; /* of true time, from the beginning of the world; never before the deed before */
	unsigned who, resolver, what;
	int64_t ms;
};

struct plan {
	uint64_t seed;
	unsigned n_domains, n_resolvers, n_notifiers; /* in any of the configurations */
	uint32_t ttl;                                 /* of all records, in seconds */
	struct plan_config configs[PLAN_MAX_CONFIGS]; /* the first one is in force at first */
	size_t n_configs;
	struct deed deeds[PLAN_MAX_DEEDS];
	size_t n_deeds;
	int64_t end_ms;
};

/* roll.c: the same seed gives the same plan. */
void plan_roll(struct plan *ret, uint64_t seed);

/* print.c: as the daemon reads it, and as tests/scenario/run.c does. */
void plan_add_yaml(struct mxw_strbuf *ret, const struct plan_config *config);
void plan_add_scenario(struct mxw_strbuf *ret, const struct plan *plan);

/* plan.c. Names of things: "d1.example.com", "r1", "n1". */
enum { PLAN_NAME_MAX = 32 };
void plan_domain_name(char ret[PLAN_NAME_MAX], unsigned domain);
void plan_resolver_name(char ret[PLAN_NAME_MAX], unsigned resolver);
void plan_notifier_name(char ret[PLAN_NAME_MAX], unsigned notifier);

static inline unsigned plan_count(uint32_t set)
{
	return (unsigned)__builtin_popcount(set);
}

/* Votes that make a verdict: more than half, or what the configuration says. */
static inline unsigned plan_quorum(const struct plan_config *config)
{
	unsigned n = plan_count(config->resolvers);
	return config->quorum && config->quorum <= n ? config->quorum : n / 2 + 1;
}
