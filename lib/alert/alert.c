/* Events in words: kinds, ids, the summary line; see alert.h. */
#include "lib/alert/alert.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/duration.h"
#include "lib/base/escape.h"
#include "lib/base/hash.h"
#include "lib/base/strbuf.h"

bool mxw_label_is_among(const struct mxw_label *wanted, const struct mxw_label *labels, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(labels[i].name, wanted->name) == 0)
			return strcmp(labels[i].value, wanted->value) == 0;
	return false;
}

static void free_affects(struct mxw_affects *affects)
{
	if (!affects)
		return;
	for (size_t i = 0; i < affects->n_domains; i++)
		free(affects->domains[i]);
	free(affects->domains);
	free(affects->route);
	free(affects);
}

static void free_change(struct mxw_alert_change *change)
{
	if (!change)
		return;
	free(change->old);
	free(change->new);
	free(change);
}

void mxw_alert_done(struct mxw_alert *alert)
{
	if (!alert)
		return;
	free(alert->id);
	free(alert->instance);
	free(alert->domain);
	free(alert->check);
	free(alert->summary);
	free(alert->finding_id);
	free(alert->findings_json);
	for (size_t i = 0; i < alert->n_labels; i++) {
		free(alert->labels[i].name);
		free(alert->labels[i].value);
	}
	free(alert->labels);
	free_affects(alert->affects);
	free_change(alert->change);
	*alert = (struct mxw_alert){ 0 };
}

int mxw_alert_set_affects(struct mxw_alert *alert, const char *route, size_t n, const char *const *domains,
			  size_t n_domains)
{
	struct mxw_affects *affects = calloc(1, sizeof(*affects));
	if (!affects)
		return -ENOMEM;
	free_affects(alert->affects);
	alert->affects = affects;
	affects->n = n;
	affects->route = strdup(route);
	affects->domains = mxw_new_array(n_domains, sizeof(*affects->domains));
	if (!affects->route || !affects->domains)
		return -ENOMEM;
	for (; affects->n_domains < n_domains; affects->n_domains++) {
		char *copy = strdup(domains[affects->n_domains]);
		if (!copy)
			return -ENOMEM;
		affects->domains[affects->n_domains] = copy;
	}
	return 0;
}

int mxw_alert_set_change(struct mxw_alert *alert, const char *type, enum mxw_severity severity, const char *old,
			 const char *new)
{
	struct mxw_alert_change *change = calloc(1, sizeof(*change));
	if (!change)
		return -ENOMEM;
	free_change(alert->change);
	alert->change = change;
	change->type = type;
	change->severity = severity;
	change->old = strdup(old);
	change->new = strdup(new);
	return change->old && change->new ? 0 : -ENOMEM;
}

const char *mxw_alert_kind_name(enum mxw_alert_kind kind)
{
	static const char *const names[] = {
		[MXW_ALERT_PROBLEM] = "problem",   [MXW_ALERT_CHANGE] = "change",
		[MXW_ALERT_RECOVERY] = "recovery", [MXW_ALERT_REMINDER] = "reminder",
		[MXW_ALERT_FLAPPING] = "flapping", [MXW_ALERT_RECORD_CHANGE] = "record-change",
		[MXW_ALERT_MONITOR] = "monitor",   [MXW_ALERT_TEST] = "test",
	};
	assert((size_t)kind < MXW_ARRAY_SIZE(names));
	return names[kind];
}

enum mxw_alert_kind mxw_alert_kind_of(const struct mxw_transition *transition)
{
	switch (transition->kind) {
	case MXW_TRANSITION_PROBLEM:
		return MXW_ALERT_PROBLEM;
	case MXW_TRANSITION_CHANGE:
		return MXW_ALERT_CHANGE;
	case MXW_TRANSITION_RECOVERY:
		return MXW_ALERT_RECOVERY;
	case MXW_TRANSITION_REMINDER:
		return MXW_ALERT_REMINDER;
	case MXW_TRANSITION_FLAPPING:
		return MXW_ALERT_FLAPPING;
	case MXW_TRANSITION_NONE:
	case MXW_TRANSITION_SILENT:
		break;
	}
	assert(!"a transition that is not told");
	abort();
}

uint64_t mxw_alert_key_hash(const char *domain, const char *check)
{
	/* The NUL between them is hashed too, so that "a" "bc" and "ab" "c" are two keys. */
	uint64_t hash = mxw_hash64(0, domain ? domain : "", domain ? strlen(domain) + 1 : 1);
	return mxw_hash64(hash, check ? check : "", check ? strlen(check) : 0);
}

uint64_t mxw_alert_group_hash(const char *name, const char *kind, const char *route)
{
	/* No check is called so: it holds a NUL. */
	uint64_t hash = mxw_hash64(mxw_alert_key_hash(name, kind), "", 1);
	return mxw_hash64(hash, route, strlen(route));
}

void mxw_alert_id(char ret[MXW_ALERT_ID_MAX], const char *epoch, uint64_t key_hash, uint64_t seq, uint32_t reminder)
{
	assert(strlen(epoch) <= MXW_ALERT_EPOCH_LEN);
	int n = snprintf(ret, MXW_ALERT_ID_MAX, "%s-%016" PRIx64 "-%" PRIu64, epoch, key_hash, seq);
	if (reminder)
		snprintf(ret + n, MXW_ALERT_ID_MAX - (size_t)n, "-r%" PRIu32, reminder);
}

static void add_state(struct mxw_strbuf *ret, enum mxw_severity severity)
{
	for (const char *c = mxw_severity_name(severity); *c; c++)
		mxw_strbuf_addc(ret, (char)toupper((unsigned char)*c));
}

/* A finding's message may begin with the domain, as the line does already. */
static const char *without_domain(const char *cause, const char *domain)
{
	size_t n = strlen(domain);
	return strncmp(cause, domain, n) == 0 && cause[n] == ' ' && cause[n + 1] ? cause + n + 1 : cause;
}

static void add_cause(struct mxw_strbuf *ret, const char *domain, const char *cause, const char *finding_id,
		      unsigned extra)
{
	cause = without_domain(cause, domain);
	mxw_escape_line(ret, *cause ? cause : finding_id, strlen(*cause ? cause : finding_id), MXW_MAX_FIELD);
	if (*cause && *finding_id)
		mxw_strbuf_addf(ret, " (%s)", finding_id);
	if (extra)
		mxw_strbuf_addf(ret, " and %u more finding%s", extra, extra == 1 ? "" : "s");
}

static void add_head(struct mxw_strbuf *ret, const struct mxw_transition *transition, int64_t duration_ms)
{
	if (transition->kind == MXW_TRANSITION_REMINDER) {
		mxw_strbuf_adds(ret, "still ");
		add_state(ret, transition->to);
		mxw_strbuf_adds(ret, " for ");
		mxw_duration_format_short(ret, duration_ms);
		return;
	}
	if (transition->kind == MXW_TRANSITION_FLAPPING) {
		mxw_strbuf_addf(ret, "FLAPPING (%u changes, at worst ", transition->n_turns);
		add_state(ret, transition->to);
		mxw_strbuf_addc(ret, ')');
		return;
	}
	add_state(ret, transition->to);
	if (transition->is_settled && transition->to >= MXW_WARNING) {
		mxw_strbuf_adds(ret, " (settled)");
		return;
	}
	if (transition->from == transition->to) {
		mxw_strbuf_adds(ret, " (changed)");
		return;
	}
	mxw_strbuf_adds(ret, " (was ");
	add_state(ret, transition->from);
	mxw_strbuf_addc(ret, ')');
}

/* A quorum of resolvers, but not as often independent of each other as the thresholds ask for. */
static void add_confidence(struct mxw_strbuf *ret, const struct mxw_transition *transition)
{
	if (transition->n_low == 1)
		mxw_strbuf_adds(ret, " (low confidence: one resolver)");
	else if (transition->n_low)
		mxw_strbuf_addf(ret, " (low confidence: %u resolvers)", (unsigned)transition->n_low);
}

char *mxw_alert_summary(const char *domain, const char *check, const struct mxw_transition *transition,
			const char *cause, const char *finding_id, unsigned n_yes, unsigned n_resolvers, unsigned extra,
			int64_t duration_ms)
{
	struct mxw_strbuf sb = MXW_STRBUF_INIT;
	bool has_cause = *cause || *finding_id;
	mxw_escape_line(&sb, domain, strlen(domain), MXW_MAX_FIELD);
	mxw_strbuf_addf(&sb, " %s ", check);
	add_head(&sb, transition, duration_ms);
	if (transition->kind == MXW_TRANSITION_RECOVERY) {
		mxw_strbuf_adds(&sb,
				transition->to == MXW_UNKNOWN ? ": no longer watched after " : ": recovered after ");
		mxw_duration_format_short(&sb, duration_ms);
		if (has_cause) {
			mxw_strbuf_adds(&sb, "; had been: ");
			add_cause(&sb, domain, cause, finding_id, extra);
		}
	} else if (has_cause) {
		mxw_strbuf_adds(&sb, ": ");
		add_cause(&sb, domain, cause, finding_id, extra);
		if (n_yes) /* a reminder may repeat what an earlier round saw */
			mxw_strbuf_addf(&sb, ", %u of %u resolvers", n_yes, n_resolvers);
	}
	add_confidence(&sb, transition);
	return mxw_strbuf_take(&sb);
}
