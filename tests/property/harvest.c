/* What the daemon has stored, read as it lies there, without the code that wrote it. */
#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/alert/alert.h"
#include "lib/base/strbuf.h"
#include "lib/base/util.h"
#include "tests/property/trace.h"
#include "tests/scenario/fake_loop.h"

static sqlite3 *open_database(const char *dir)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf path = MXW_STRBUF_INIT;
	sqlite3 *db = NULL;
	mxw_strbuf_addf(&path, "%s/mxwatch.db", dir);
	if (sqlite3_open_v2(mxw_strbuf_get(&path), &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s: cannot be opened\n", mxw_strbuf_get(&path));
		abort();
	}
	return db;
}

/* Calls back for each row. */
static void each_row(sqlite3 *db, const char *sql, void (*callback)(void *arg, sqlite3_stmt *row), void *arg)
{
	sqlite3_stmt *row = NULL;
	if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", sql, sqlite3_errmsg(db));
		abort();
	}
	while (sqlite3_step(row) == SQLITE_ROW)
		callback(arg, row);
	sqlite3_finalize(row);
}

static void copy_word(char *ret, size_t size, sqlite3_stmt *row, int column)
{
	const unsigned char *text = sqlite3_column_text(row, column);
	snprintf(ret, size, "%s", text ? (const char *)text : "");
}

/* ---- events ---- */

static enum mxw_severity parse_severity(const char *text)
{
	static const enum mxw_severity severities[] = { MXW_OK, MXW_UNKNOWN, MXW_WARNING, MXW_CRITICAL };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(severities); i++)
		if (text && strcmp(text, mxw_severity_name(severities[i])) == 0)
			return severities[i];
	return MXW_UNKNOWN;
}

static uint32_t parse_resolvers(const json_t *names)
{
	uint32_t set = 0;
	size_t i;
	json_t *name;
	json_array_foreach (names, i, name)
		for (unsigned k = 0; k < PLAN_MAX_RESOLVERS; k++) {
			char resolver[PLAN_NAME_MAX];
			plan_resolver_name(resolver, k);
			if (json_string_value(name) && strcmp(resolver, json_string_value(name)) == 0)
				set |= 1u << k;
		}
	return set;
}

static void read_findings(struct trace_event *event, const char *text)
{
	json_t *findings = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *finding;
	size_t i;
	json_array_foreach (findings, i, finding) {
		struct trace_finding *place = &event->findings[event->n_findings];
		const char *id = json_string_value(json_object_get(finding, "id"));
		if (event->n_findings == TRACE_MAX_FINDINGS)
			break;
		snprintf(place->id, sizeof(place->id), "%s", id ? id : "?");
		place->severity = parse_severity(json_string_value(json_object_get(finding, "severity")));
		place->yes = parse_resolvers(json_object_get(json_object_get(finding, "votes"), "yes"));
		event->n_findings++;
	}
	json_decref(findings);
}

/* The store names no subject of the monitor, but the key's hash in the id does. */
static bool is_about(const struct trace_event *event, const char *subject)
{
	const char *dash = strchr(event->id, '-');
	return dash && strtoull(dash + 1, NULL, 16) == mxw_alert_key_hash("", subject);
}

static void find_subject(struct trace_event *event)
{
	static const char *const prefixes[] = { "resolver:r", "notifier:n" };
	char subject[TRACE_WORD_MAX];
	if (is_about(event, "network"))
		snprintf(event->check, sizeof(event->check), "network");
	for (size_t i = 0; i < MXW_ARRAY_SIZE(prefixes); i++)
		for (unsigned k = 1; k <= PLAN_MAX_RESOLVERS; k++) {
			snprintf(subject, sizeof(subject), "%s%u", prefixes[i], k);
			if (is_about(event, subject))
				memcpy(event->check, subject, sizeof(subject));
		}
}

static void find_numbers(struct trace_event *event)
{
	event->domain_number = PLAN_ALL;
	if (!*event->domain)
		find_subject(event);
	event->check_number = strcmp(event->check, plan_check_names[PLAN_SPF]) == 0 ? PLAN_SPF : PLAN_MX;
	for (unsigned i = 0; i < PLAN_MAX_DOMAINS; i++) {
		char name[PLAN_NAME_MAX];
		plan_domain_name(name, i);
		if (strcmp(event->domain, name) == 0)
			event->domain_number = i;
	}
}

static void read_event(struct trace_event *event, sqlite3_stmt *row)
{
	char word[TRACE_WORD_MAX];
	copy_word(event->id, sizeof(event->id), row, 0);
	copy_word(event->domain, sizeof(event->domain), row, 1);
	copy_word(event->check, sizeof(event->check), row, 2);
	event->seq = sqlite3_column_int64(row, 3);
	copy_word(event->kind, sizeof(event->kind), row, 4);
	copy_word(word, sizeof(word), row, 5);
	event->from = parse_severity(word);
	copy_word(word, sizeof(word), row, 6);
	event->to = parse_severity(word);
	copy_word(word, sizeof(word), row, 9);
	event->is_low = strcmp(word, "low") == 0;
	copy_word(event->muted_by, sizeof(event->muted_by), row, 10);
	read_findings(event, (const char *)sqlite3_column_text(row, 8));
	const char *repeat = strstr(event->id, "-r");
	event->reminder = repeat ? (unsigned)strtoul(repeat + strlen("-r"), NULL, 10) : 0;
	find_numbers(event);
}

struct harvest {
	struct trace *trace;
	int64_t since_ms;
	size_t n_known;
};

static bool is_known(const struct harvest *harvest, const char *id)
{
	for (size_t i = harvest->n_known; i > 0; i--)
		if (strcmp(harvest->trace->events[i - 1].id, id) == 0)
			return true;
	return false;
}

static void take_event(void *arg, sqlite3_stmt *row)
{
	struct harvest *harvest = arg;
	struct trace *trace = harvest->trace;
	if (is_known(harvest, (const char *)sqlite3_column_text(row, 0)))
		return;
	trace->events = reallocarray(trace->events, trace->n_events + 1, sizeof(trace->events[0]));
	if (!trace->events)
		abort();
	struct trace_event *event = &trace->events[trace->n_events++];
	*event = (struct trace_event){ .moment = trace->n_moments - 1 };
	read_event(event, row);
	event->at_ms = sqlite3_column_int64(row, 7) - fake_loop_start_wall_ms -
		       trace->moments[event->moment].wall_offset_ms;
	event->is_late = event->at_ms < harvest->since_ms;
}

static void take_events(struct trace *trace, sqlite3 *db, int64_t since_ms)
{
	struct harvest harvest = { .trace = trace, .since_ms = since_ms, .n_known = trace->n_events };
	each_row(db,
		 "SELECT id, domain, check_name, seq, kind, from_state, to_state, time, findings, confidence, muted_by"
		 " FROM event ORDER BY time, seq, length(id), id",
		 take_event, &harvest);
}

void trace_harvest(struct trace *trace, const char *dir, int64_t since_ms)
{
	sqlite3 *db = open_database(dir);
	take_events(trace, db, since_ms);
	sqlite3_close(db);
}

/* ---- deliveries ---- */

static void take_delivery(void *arg, sqlite3_stmt *row)
{
	struct trace *trace = arg;
	trace->deliveries = reallocarray(trace->deliveries, trace->n_deliveries + 1, sizeof(trace->deliveries[0]));
	if (!trace->deliveries)
		abort();
	struct trace_delivery *delivery = &trace->deliveries[trace->n_deliveries++];
	copy_word(delivery->event_id, sizeof(delivery->event_id), row, 0);
	copy_word(delivery->notifier, sizeof(delivery->notifier), row, 1);
	delivery->status = sqlite3_column_int(row, 2);
}

/* ---- the rest ---- */

static void take_number(void *arg, sqlite3_stmt *row)
{
	*(int64_t *)arg = sqlite3_column_int64(row, 0);
}

void trace_harvest_end(struct trace *trace, const char *dir, int64_t since_ms)
{
	struct trace_rest *rest = &trace->rest;
	sqlite3 *db = open_database(dir);
	take_events(trace, db, since_ms);
	each_row(db, "SELECT event_id, notifier, status FROM delivery ORDER BY id", take_delivery, trace);
	each_row(db, "SELECT count(*) FROM incident WHERE until IS NULL AND domain != ''", take_number,
		 &rest->n_incidents);
	each_row(db, "SELECT count(*) FROM place", take_number, &rest->n_places);
	each_row(db, "SELECT count(*) FROM cause WHERE told >= 3", take_number, &rest->n_causes);
	each_row(db, "SELECT count(*) FROM ack", take_number, &rest->n_acks);
	sqlite3_close(db);
}
