/* An alert: one event, complete enough to be rendered for any notifier without looking at anything else. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/finding/severity.h"
#include "lib/state/state.h"

enum mxw_alert_kind {
	MXW_ALERT_PROBLEM,
	MXW_ALERT_CHANGE,
	MXW_ALERT_RECOVERY,
	MXW_ALERT_REMINDER,
	MXW_ALERT_FLAPPING,
	MXW_ALERT_RECORD_CHANGE, /* no part of an incident: neither begins, changes nor ends one */
	MXW_ALERT_MONITOR,
	MXW_ALERT_TEST, /* somebody asked for it: does this notifier work? */
};
enum { MXW_N_ALERT_KINDS = MXW_ALERT_TEST + 1 };

struct mxw_label {
	char *name, *value;
};
bool mxw_label_is_among(const struct mxw_label *wanted, const struct mxw_label *labels, size_t n);

/* What the event of a group (lib/group) explains. */
struct mxw_affects {
	char *route;    /* whom the group speaks to: names of notifiers separated by blanks */
	size_t n;       /* domains, 0 in a recovery */
	char **domains; /* the first of them; owned */
	size_t n_domains;
};

/* What a record-change event is about. Sets are texts of lib/records; owned. */
struct mxw_alert_change {
	const char *type;           /* mxw_record_type_name */
	enum mxw_severity severity; /* of the finding: MXW_INFO unless the configuration says otherwise */
	char *old, *new;
};

struct mxw_alert {
	char *id;     /* epoch-keyhash-seq[-rN], in [A-Za-z0-9_-] */
	uint64_t seq; /* of its key */
	enum mxw_alert_kind kind;
	int64_t time_wall_ms;
	char *instance; /* host name */
	char *domain;   /* canonical A-label; NULL for MONITOR and TEST, as the check is */
	char *check;
	enum mxw_severity from, to;
	int64_t since_wall_ms; /* start of the incident */
	int64_t duration_ms;   /* since then */
	bool ends_incident;    /* nothing is wrong any more, and nobody believes that something is */
	bool is_low;           /* confidence: not as many independent sources as should be (findings.md 4.7) */
	const char *muted_by;  /* static; why it is stored and not told: "flapping", "silence", ...; NULL: it is told */
	char *summary;         /* one line for a pager, starts with the domain */
	char *finding_id;      /* the worst finding, for filters; "" for none */
	char *findings_json;   /* JSON array as in design.md 5.3: what is wrong, or what had been wrong (RECOVERY) */
	struct mxw_label *labels; /* of the domain */
	size_t n_labels;
	/* NULL but in the event of a group: its domain is the cause's name then, its check the kind of group. */
	struct mxw_affects *affects;
	struct mxw_alert_change *change; /* of RECORD_CHANGE, else NULL */
};

void mxw_alert_done(struct mxw_alert *alert);
const char *mxw_alert_kind_name(enum mxw_alert_kind kind);
/* What an event's transition becomes; asserts that it is one that is told. */
enum mxw_alert_kind mxw_alert_kind_of(const struct mxw_transition *transition);

enum { MXW_ALERT_ID_MAX = 64, MXW_ALERT_EPOCH_LEN = 8 };

/* Makes the alert that of a group. Texts are copied. -ENOMEM */
int mxw_alert_set_affects(struct mxw_alert *alert, const char *route, size_t n, const char *const *domains,
			  size_t n_domains);

/* What a RECORD_CHANGE is about; `type` is kept as it is, the sets are copied. -ENOMEM */
int mxw_alert_set_change(struct mxw_alert *alert, const char *type, enum mxw_severity severity, const char *old,
			 const char *new);

/* The key of an event stream: a domain and a check, or a monitor subject ("notifier:ops"). */
uint64_t mxw_alert_key_hash(const char *domain, const char *check);
/* Of a group: a cause has one for each route. */
uint64_t mxw_alert_group_hash(const char *name, const char *kind, const char *route);
void mxw_alert_id(char ret[MXW_ALERT_ID_MAX], const char *epoch, uint64_t key_hash, uint64_t seq, uint32_t reminder);

/* The summary line of a transition: "example.com mx CRITICAL (was OK): domain does not exist in DNS (mx-nxdomain), 2
 * of 3 resolvers". `cause` is the worst finding's message, `finding_id` its id, both may be ""; `extra` more
 * findings. */
char *mxw_alert_summary(const char *domain, const char *check, const struct mxw_transition *transition,
			const char *cause, const char *finding_id, unsigned n_yes, unsigned n_resolvers, unsigned extra,
			int64_t duration_ms);
