/* The alert event of design.md 5.3: the webhook body of `format: mxwatch` and what exec notifiers read. */
#include <errno.h>
#include <string.h>

#include "lib/base/escape.h"
#include "lib/records/records.h"
#include "lib/report/json.h"
#include "lib/report/report.h"

static json_t *text_or_null(const char *text)
{
	return text ? mxw_report_json_text(text) : json_null();
}

static json_t *labels_object(const struct mxw_alert *alert)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf name = MXW_STRBUF_INIT;
	json_t *object = json_object();
	for (size_t i = 0; object && i < alert->n_labels; i++) {
		const struct mxw_label *label = &alert->labels[i];
		mxw_strbuf_clear(&name);
		mxw_escape_utf8(&name, label->name, strlen(label->name));
		if (mxw_strbuf_failed(&name) ||
		    !mxw_report_json_put(object, mxw_strbuf_get(&name), mxw_report_json_text(label->value))) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

static json_t *affects_object(const struct mxw_affects *affects)
{
	json_t *domains = json_array(), *object = json_object();
	bool ok = true;
	for (size_t i = 0; i < affects->n_domains; i++)
		ok &= json_array_append_new(domains, mxw_report_json_text(affects->domains[i])) == 0;
	ok &= mxw_report_json_put(object, "count", json_integer((json_int_t)affects->n));
	ok &= mxw_report_json_put(object, "domains", domains);
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

/* An empty list: the name has no such records; null: there is no such name. */
static json_t *records_array(const char *set)
{
	const char *at = set, *record;
	size_t n;
	if (strcmp(set, mxw_records_no_name) == 0)
		return json_null();
	json_t *array = json_array();
	while (array && mxw_records_next(&at, &record, &n)) {
		if (json_array_append_new(array, json_stringn(record, n)) == 0)
			continue;
		json_decref(array);
		return NULL;
	}
	return array;
}

static json_t *change_object(const struct mxw_alert_change *change)
{
	json_t *object = json_object();
	bool ok = mxw_report_json_put(object, "type", json_string(change->type));
	ok &= mxw_report_json_put(object, "old", records_array(change->old));
	ok &= mxw_report_json_put(object, "new", records_array(change->new));
	if (ok)
		return object;
	json_decref(object);
	return NULL;
}

int mxw_report_event_json(const struct mxw_alert *alert, struct mxw_strbuf *ret)
{
	const char *stored = alert->findings_json ? alert->findings_json : "[]";
	json_error_t error;
	json_t *findings = json_loads(stored, JSON_REJECT_DUPLICATES, &error);
	if (!findings)
		return json_error_code(&error) == json_error_out_of_memory ? -ENOMEM : -EBADMSG;
	if (!json_is_array(findings)) {
		json_decref(findings);
		return -EBADMSG;
	}
	json_t *object = json_object();
	bool ok = mxw_report_json_put(object, "version", json_integer(1));
	ok &= mxw_report_json_put(object, "id", mxw_report_json_text(alert->id));
	ok &= mxw_report_json_put(object, "seq", json_integer((json_int_t)alert->seq));
	ok &= mxw_report_json_put(object, "time", mxw_report_json_time(alert->time_wall_ms));
	ok &= mxw_report_json_put(object, "instance", mxw_report_json_text(alert->instance ? alert->instance : ""));
	ok &= mxw_report_json_put(object, "kind", json_string(mxw_alert_kind_name(alert->kind)));
	ok &= mxw_report_json_put(object, "domain", text_or_null(alert->domain));
	ok &= mxw_report_json_put(object, "check", text_or_null(alert->check));
	ok &= mxw_report_json_put(object, "from", json_string(mxw_severity_name(alert->from)));
	ok &= mxw_report_json_put(object, "to", json_string(mxw_severity_name(alert->to)));
	ok &= mxw_report_json_put(object, "since", mxw_report_json_time(alert->since_wall_ms));
	ok &= mxw_report_json_put(object, "duration_s", json_integer(alert->duration_ms / 1000));
	ok &= mxw_report_json_put(object, "summary", mxw_report_json_text(alert->summary ? alert->summary : ""));
	ok &= mxw_report_json_put(object, "confidence", json_string(alert->is_low ? "low" : "high"));
	ok &= mxw_report_json_put(object, "findings", findings);
	ok &= mxw_report_json_put(object, "labels", labels_object(alert));
	if (alert->affects)
		ok &= mxw_report_json_put(object, "affects", affects_object(alert->affects));
	if (alert->change)
		ok &= mxw_report_json_put(object, "change", change_object(alert->change));
	int r = ok ? mxw_report_json_dump(object, ret) : -ENOMEM;
	json_decref(object);
	return r;
}
