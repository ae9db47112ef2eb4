/* Alertmanager webhook version 4; see alertmanager.h. */
#include "lib/notify/alertmanager.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/escape.h"
#include "lib/base/hash.h"
#include "lib/notify/render.h"
#include "lib/report/json.h"

/* Alertmanager writes Go's zero time for "not yet". */
static const char zero_time[] = "0001-01-01T00:00:00Z";

/* A record change is over when it is told: an alert that fires would never be resolved. */
static bool is_firing(const struct mxw_alert *alert)
{
	if (alert->change)
		return false;
	return alert->kind != MXW_ALERT_RECOVERY && (alert->to == MXW_WARNING || alert->to == MXW_CRITICAL);
}

/* A resolved alert has the labels that it had while it fired. */
static enum mxw_severity severity_of(const struct mxw_alert *alert)
{
	if (alert->change)
		return alert->change->severity;
	return is_firing(alert) ? alert->to : alert->from;
}

static bool put_text(json_t *object, const char *key, const char *text)
{
	return mxw_report_json_put(object, key, mxw_report_json_text(text));
}

/* What an event about the monitor is about, so that two resolvers in trouble are two alerts. NULL: a domain's, or no finding
 * tells. */
static const char *subject_of(const struct mxw_alert *alert, const json_t *findings)
{
	return alert->domain ? NULL : json_string_value(json_object_get(json_array_get(findings, 0), "subject"));
}

static json_t *group_labels(const struct mxw_alert *alert, const char *subject)
{
	json_t *object = json_object();
	bool ok = object != NULL;
	if (subject)
		ok &= put_text(object, "subject", subject);
	if (alert->domain)
		ok &= put_text(object, "domain", alert->domain);
	if (alert->check)
		ok &= put_text(object, "check", alert->check);
	if (alert->affects) /* a cause may be told along several routes */
		ok &= put_text(object, "route", alert->affects->route);
	if (alert->change) /* nor may it end what is wrong with the key */
		ok &= put_text(object, "changed", alert->change->type);
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

static bool put_user_label(json_t *object, const struct mxw_label *label)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf name = MXW_STRBUF_INIT;
	mxw_escape_utf8(&name, label->name, strlen(label->name));
	return !mxw_strbuf_failed(&name) && put_text(object, mxw_strbuf_get(&name), label->value);
}

static json_t *labels(const struct mxw_alert *alert, const char *subject)
{
	char fallback[64];
	snprintf(fallback, sizeof(fallback), "%.32s-%s", alert->check ? alert->check : "mxwatch",
		 mxw_severity_name(severity_of(alert)));
	const char *finding = alert->finding_id && *alert->finding_id ? alert->finding_id : fallback;
	json_t *object = json_object();
	bool ok = object != NULL;
	for (size_t i = 0; i < alert->n_labels; i++)
		ok &= put_user_label(object, &alert->labels[i]);
	ok &= put_text(object, "alertname", finding); /* after the user's: these names are ours */
	ok &= put_text(object, "severity", mxw_severity_name(severity_of(alert)));
	ok &= put_text(object, "instance", alert->instance ? alert->instance : "");
	if (alert->domain)
		ok &= put_text(object, "domain", alert->domain);
	if (alert->check)
		ok &= put_text(object, "check", alert->check);
	if (subject)
		ok &= put_text(object, "subject", subject);
	if (alert->affects)
		ok &= put_text(object, "route", alert->affects->route);
	if (alert->change)
		ok &= put_text(object, "changed", alert->change->type);
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

/* "affects 214 domains: a.example b.example ..." */
static void add_affected(struct mxw_strbuf *ret, const struct mxw_affects *affects)
{
	mxw_strbuf_addf(ret, "%saffects %zu domain%s", ret->len ? "\n" : "", affects->n, affects->n == 1 ? "" : "s");
	for (size_t i = 0; i < affects->n_domains; i++)
		mxw_strbuf_addf(ret, "%s%s", i ? " " : ": ", affects->domains[i]);
	if (affects->n > affects->n_domains)
		mxw_strbuf_adds(ret, " ...");
}

/* The findings' messages, one a line, and what a group explains. */
static json_t *description(const struct mxw_alert *alert, const json_t *findings)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	size_t i;
	json_t *finding;
	json_array_foreach ((json_t *)findings, i, finding) {
		const char *message = json_string_value(json_object_get(finding, "message"));
		const char *id = json_string_value(json_object_get(finding, "id"));
		if (message && id)
			mxw_strbuf_addf(&text, "%s%s (%s)", text.len ? "\n" : "", message, id);
	}
	if (alert->affects)
		add_affected(&text, alert->affects);
	return mxw_strbuf_failed(&text) ? NULL : mxw_report_json_text(mxw_strbuf_get(&text));
}

static json_t *annotations(const struct mxw_alert *alert, const json_t *findings)
{
	json_t *object = json_object();
	bool ok = put_text(object, "summary", alert->summary);
	ok &= mxw_report_json_put(object, "description", description(alert, findings));
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

/* What group_labels() tells apart has fingerprints of its own. */
static uint64_t fingerprint_of(const struct mxw_alert *alert, const char *subject)
{
	if (alert->affects)
		return mxw_alert_group_hash(alert->domain, alert->check, alert->affects->route);
	uint64_t hash = mxw_alert_key_hash(alert->domain, subject ? subject : alert->check);
	return alert->change ? mxw_hash64(hash, alert->change->type, strlen(alert->change->type) + 1) : hash;
}

static json_t *alerts(const struct mxw_alert *alert, const char *subject, const json_t *all_labels,
		      const json_t *all_annotations)
{
	char fingerprint[17];
	snprintf(fingerprint, sizeof(fingerprint), "%016" PRIx64, fingerprint_of(alert, subject));
	json_t *object = json_object(), *array = json_array();
	bool firing = is_firing(alert), ok = put_text(object, "status", firing ? "firing" : "resolved");
	ok &= mxw_report_json_put(object, "labels", json_copy((json_t *)all_labels));
	ok &= mxw_report_json_put(object, "annotations", json_copy((json_t *)all_annotations));
	ok &= mxw_report_json_put(object, "startsAt", mxw_report_json_time(alert->since_wall_ms));
	ok &= mxw_report_json_put(object, "endsAt",
				  firing ? json_string(zero_time) : mxw_report_json_time(alert->time_wall_ms));
	ok &= put_text(object, "generatorURL", "");
	ok &= put_text(object, "fingerprint", fingerprint);
	ok &= json_array_append_new(array, object) == 0;
	if (ok)
		return array;
	json_decref(array);
	return NULL;
}

static json_t *group_key(const struct mxw_alert *alert, const char *subject)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf key = MXW_STRBUF_INIT;
	if (subject)
		mxw_strbuf_addf(&key, "{}:{subject=\"%s\"}", subject);
	else if (alert->affects)
		mxw_strbuf_addf(&key, "{}:{check=\"%s\", domain=\"%s\", route=\"%s\"}", mxw_notify_check(alert),
				mxw_notify_domain(alert), alert->affects->route);
	else if (alert->change)
		mxw_strbuf_addf(&key, "{}:{changed=\"%s\", check=\"%s\", domain=\"%s\"}", alert->change->type,
				mxw_notify_check(alert), mxw_notify_domain(alert));
	else
		mxw_strbuf_addf(&key, "{}:{check=\"%s\", domain=\"%s\"}", mxw_notify_check(alert),
				mxw_notify_domain(alert));
	return mxw_strbuf_failed(&key) ? NULL : mxw_report_json_text(mxw_strbuf_get(&key));
}

static int build(const struct mxw_alert *alert, const json_t *findings, struct mxw_strbuf *ret)
{
	const char *subject = subject_of(alert, findings);
	json_t *object = json_object(), *all_labels = labels(alert, subject),
	       *all_annotations = annotations(alert, findings);
	bool ok = put_text(object, "version", "4");
	ok &= mxw_report_json_put(object, "groupKey", group_key(alert, subject));
	ok &= mxw_report_json_put(object, "truncatedAlerts", json_integer(0));
	ok &= put_text(object, "status", is_firing(alert) ? "firing" : "resolved");
	ok &= put_text(object, "receiver", "mxwatch");
	ok &= mxw_report_json_put(object, "groupLabels", group_labels(alert, subject));
	ok &= mxw_report_json_put(object, "alerts", alerts(alert, subject, all_labels, all_annotations));
	ok &= mxw_report_json_put(object, "commonLabels", all_labels);
	ok &= mxw_report_json_put(object, "commonAnnotations", all_annotations);
	ok &= put_text(object, "externalURL", "");
	int r = ok ? mxw_report_json_dump(object, ret) : -ENOMEM;
	json_decref(object);
	return r;
}

int mxw_notify_alertmanager_json(const struct mxw_alert *alert, struct mxw_strbuf *ret)
{
	json_error_t error;
	json_t *findings = json_loads(alert->findings_json ? alert->findings_json : "[]", JSON_REJECT_DUPLICATES,
				      &error);
	if (!findings)
		return json_error_code(&error) == json_error_out_of_memory ? -ENOMEM : -EBADMSG;
	int r = json_is_array(findings) ? build(alert, findings, ret) : -EBADMSG;
	json_decref(findings);
	return r;
}
