/* An alert: one event, complete enough to be rendered for any notifier without looking at anything else. */
#pragma once

#include <stdint.h>
#include <stddef.h>

#include "lib/finding/severity.h"
#include "lib/state/state.h"

enum mxw_alert_kind {
	MXW_ALERT_PROBLEM,
	MXW_ALERT_CHANGE,
	MXW_ALERT_RECOVERY,
	MXW_ALERT_REMINDER,
	MXW_ALERT_MONITOR,
};

struct mxw_label {
	char *name, *value;
};

struct mxw_alert {
	char *id;     /* epoch-keyhash-seq[-rN], in [A-Za-z0-9_-] */
	uint64_t seq; /* of its key */
	enum mxw_alert_kind kind;
	int64_t time_wall_ms;
	char *instance; /* host name */
	char *domain;   /* canonical A-label; NULL for MONITOR */
	char *check;    /* NULL for MONITOR */
	enum mxw_severity from, to;
	int64_t since_wall_ms;    /* start of the incident */
	int64_t duration_ms;      /* since then */
	char *summary;            /* one line for a pager, starts with the domain */
	char *finding_id;         /* the worst finding, for filters; "" for none */
	char *findings_json;      /* JSON array as in design.md 5.3: what is wrong, or what had been wrong (RECOVERY) */
	struct mxw_label *labels; /* of the domain */
	size_t n_labels;
};

void mxw_alert_done(struct mxw_alert *alert);
const char *mxw_alert_kind_name(enum mxw_alert_kind kind);
/* What an event's transition becomes; asserts that it is one that is told. */
enum mxw_alert_kind mxw_alert_kind_of(const struct mxw_transition *transition);

enum { MXW_ALERT_ID_MAX = 64, MXW_ALERT_EPOCH_LEN = 8 };

/* The key of an event stream: a domain and a check, or a monitor subject ("notifier:ops"). */
uint64_t mxw_alert_key_hash(const char *domain, const char *check);
void mxw_alert_id(char ret[MXW_ALERT_ID_MAX], const char *epoch, uint64_t key_hash, uint64_t seq, uint32_t reminder);

/* The summary line of a transition: "example.com mx CRITICAL (was OK): domain does not exist in DNS (mx-nxdomain), 2
 * of 3 resolvers". `cause` is the worst finding's message, `finding_id` its id, both may be ""; `extra` more
 * findings. */
char *mxw_alert_summary(const char *domain, const char *check, const struct mxw_transition *transition,
			const char *cause, const char *finding_id, unsigned n_yes, unsigned n_resolvers, unsigned extra,
			int64_t duration_ms);
