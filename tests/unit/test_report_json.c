/* JSON of findings, of `mxwatch check` and of events: every key of design.md 5.2 and 5.3, and text of strangers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/report_asserts.h"
#include "tests/unit/report_fixture.h"

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	if (!text)
		fail_msg("no text \"%s\"", key);
	return text;
}

static void assert_texts(const json_t *array, const char *const *texts, size_t n)
{
	assert_int_equal(json_array_size(array), n);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(json_string_value(json_array_get(array, i)), texts[i]);
}

static json_t *check_report(const struct mxw_round *round)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_report_result result = { round };
	assert_int_equal(mxw_report_check_json(&result, 1, &fixture_context, &text), 0);
	assert_int_equal(mxw_strbuf_get(&text)[text.len - 1], '\n');
	assert_ptr_equal(strchr(mxw_strbuf_get(&text), '\n'), mxw_strbuf_get(&text) + text.len - 1);
	json_t *object = load_json(mxw_strbuf_get(&text));
	mxw_strbuf_done(&text);
	return object;
}

static json_t *mx_findings(const json_t *report)
{
	json_t *domain = json_array_get(json_object_get(report, "domains"), 0);
	json_t *check = json_array_get(json_object_get(domain, "checks"), 0);
	return json_object_get(check, "findings");
}

static json_t *first_finding(const json_t *report)
{
	return json_array_get(mx_findings(report), 0);
}

static json_t *find(const json_t *report, const char *key, const char *value)
{
	json_t *findings = mx_findings(report);
	for (size_t i = 0; i < json_array_size(findings); i++)
		if (strcmp(text_of(json_array_get(findings, i), key), value) == 0)
			return json_array_get(findings, i);
	fail_msg("no finding with %s \"%s\"", key, value);
	return NULL;
}

static void test_check_object(void **state)
{
	struct mxw_round *round = fixture_broken();
	json_t *report = check_report(round);
	assert_int_equal(json_integer_value(json_object_get(report, "version")), 1);
	assert_string_equal(text_of(report, "checked_at"), "2026-11-23T09:12:45.123Z");
	assert_string_equal(text_of(report, "state"), "critical");
	json_t *domain = json_array_get(json_object_get(report, "domains"), 0);
	assert_string_equal(text_of(domain, "domain"), "example.com");
	assert_string_equal(text_of(domain, "state"), "critical");
	json_t *checks = json_object_get(domain, "checks");
	assert_int_equal(json_array_size(checks), 2);
	assert_string_equal(text_of(json_array_get(checks, 0), "check"), "mx");
	assert_string_equal(text_of(json_array_get(checks, 0), "state"), "critical");
	assert_string_equal(text_of(json_array_get(checks, 1), "check"), "ptr");
	assert_int_equal(json_array_size(json_object_get(json_array_get(checks, 1), "findings")), 0);
	json_decref(report);
	fixture_free(round);
}

static void test_finding_object(void **state)
{
	static const char *const reproduce[] = {
		"dig example.com MX @9.9.9.9 +noall +comments +answer +authority",
		"dig example.com A @9.9.9.9 +noall +comments +answer +authority",
		"dig +trace example.com NS",
	};
	static const char *const fix[] = { "example.com. 3600 IN MX 10 mail.example.com.",
					   "example.com. 3600 IN MX 0 ." };
	static const char *const yes[] = { "9.9.9.9", "office" }, *const unknown[] = { "2001:db8::53" };
	struct mxw_round *round = fixture_broken();
	json_t *report = check_report(round), *finding = first_finding(report),
	       *votes = json_object_get(finding, "votes");
	assert_string_equal(text_of(finding, "id"), "mx-none");
	assert_string_equal(text_of(finding, "severity"), "critical");
	assert_string_equal(text_of(finding, "subject"), "example.com");
	assert_string_equal(text_of(finding, "message"),
			    "example.com has no MX and no address record; mail cannot be delivered");
	assert_true(strncmp(text_of(finding, "symptom"), "mail bounces", 12) == 0);
	assert_string_equal(text_of(finding, "rfc"), "RFC 5321 5.1");
	assert_texts(json_object_get(finding, "reproduce"), reproduce, 3);
	assert_texts(json_object_get(finding, "fix"), fix, 2);
	assert_texts(json_object_get(votes, "yes"), yes, 2);
	assert_texts(json_object_get(votes, "no"), NULL, 0);
	assert_texts(json_object_get(votes, "unknown"), unknown, 1);
	json_decref(report);
	fixture_free(round);
}

static void test_evidence(void **state)
{
	struct mxw_round *round = fixture_healthy();
	json_t *report = check_report(round), *ok = find(report, "id", "mx-ok");
	assert_string_equal(text_of(ok, "severity"), "ok");
	json_t *evidence = json_object_get(ok, "evidence");
	static const char *const answers[] = { "10 mx1.example.org.", "20 mx2.example.org." };
	assert_int_equal(json_array_size(evidence), 3);
	json_t *first = json_array_get(evidence, 0);
	assert_string_equal(text_of(first, "resolver"), "9.9.9.9");
	assert_string_equal(text_of(first, "name"), "example.org.");
	assert_string_equal(text_of(first, "type"), "MX");
	assert_string_equal(text_of(first, "outcome"), "answer");
	assert_texts(json_object_get(first, "answers"), answers, 2);
	assert_true(json_is_integer(json_object_get(first, "ttl")));
	assert_int_equal(json_integer_value(json_object_get(first, "ttl")), 300);
	assert_true(json_is_real(json_object_get(first, "rtt_ms")));
	assert_true(json_real_value(json_object_get(first, "rtt_ms")) == 12.5);
	assert_null(json_object_get(first, "ede"));
	json_decref(report);
	fixture_free(round);
}

/* A resolver that disagrees gets its own command beside that of one that agrees; ports show. */
static void test_disagreement(void **state)
{
	static const char *const reproduce[] = {
		"dig example.com MX @192.0.2.53 -p 5353 +noall +comments +answer +authority",
		"dig example.com MX @9.9.9.9 +noall +comments +answer +authority",
	};
	struct mxw_round *round = fixture_new("example.com", 3);
	for (size_t view = 1; view < 3; view++) {
		struct mxw_finding *ttl = fixture_say(round, FIXTURE_MX, view, &fixture_mx_defs[DEF_MX_TTL],
						      "example.com");
		fixture_set(round, FIXTURE_MX, view, ttl, "ttl", "60");
	}
	fixture_judge(round);
	json_t *report = check_report(round), *finding = first_finding(report);
	assert_texts(json_object_get(finding, "reproduce"), reproduce, 2);
	assert_string_equal(text_of(report, "state"), "ok");
	json_decref(report);
	fixture_free(round);
}

/* Nobody could tell: no claim, no fix, nothing with an open placeholder. */
static void test_undecided(void **state)
{
	struct mxw_round *round = fixture_new("example.com", 3);
	for (size_t view = 0; view < 3; view++)
		fixture_cannot_tell(round, FIXTURE_MX, view, &fixture_mx_defs[DEF_MX_NONE]);
	fixture_judge(round);
	json_t *report = check_report(round), *finding = first_finding(report);
	assert_string_equal(text_of(report, "state"), "unknown");
	assert_string_equal(text_of(finding, "severity"), "unknown");
	assert_string_equal(text_of(finding, "message"), "undecided: too few resolvers gave a usable answer");
	assert_int_equal(json_array_size(json_object_get(finding, "fix")), 0);
	assert_int_equal(json_array_size(json_object_get(json_object_get(finding, "votes"), "unknown")), 3);
	json_decref(report);
	fixture_set_cap(round, "it needs too many questions");
	report = check_report(round);
	assert_string_equal(text_of(first_finding(report), "message"), "undecided: it needs too many questions");
	json_decref(report);
	fixture_free(round);
}

/* One of three says yes, the others cannot tell: the message is its own, marked. */
static void test_undecided_with_a_yes(void **state)
{
	struct mxw_round *round = fixture_new("example.com", 3);
	fixture_say(round, FIXTURE_MX, 0, &fixture_mx_defs[DEF_MX_NONE], "example.com");
	fixture_cannot_tell(round, FIXTURE_MX, 1, &fixture_mx_defs[DEF_MX_NONE]);
	fixture_cannot_tell(round, FIXTURE_MX, 2, &fixture_mx_defs[DEF_MX_NONE]);
	fixture_judge(round);
	json_t *report = check_report(round), *finding = find(report, "subject", "example.com");
	assert_string_equal(text_of(finding, "severity"), "unknown");
	assert_string_equal(text_of(finding, "message"),
			    "undecided: example.com has no MX and no address record; mail cannot be delivered");
	json_decref(report);
	fixture_free(round);
}

static void test_votes_placeholder(void **state)
{
	struct mxw_round *round = fixture_new("example.com", 3);
	for (size_t view = 0; view < 2; view++)
		fixture_say(round, FIXTURE_MX, view, &fixture_mx_defs[DEF_MX_TIMEOUT], "example.com/MX");
	fixture_judge(round);
	json_t *report = check_report(round);
	assert_string_equal(text_of(first_finding(report), "message"), "example.com/MX: no answer at 2/3 resolvers");
	json_decref(report);
	fixture_free(round);
}

/* What a stranger can put into a name: shell, options of dig, controls, invalid UTF-8 (faults.md I6). */
static void test_hostile_names(void **state)
{
	static const struct {
		const char *name, *command;
	} rows[] = {
		{ "a`reboot`.example", "dig 'a`reboot`.example' A" },
		{ "a'b.example", "dig 'a'\\''b.example' A" },
		{ "a|b&c.example", "dig 'a|b&c.example' A" },
		{ "a\\010b.example", "dig 'a\\010b.example' A" },
		{ "-froot.example", "dig -q -froot.example A" },
		{ "+short.example", "dig -q +short.example A" },
		{ "a;b.example", "dig 'a;b.example' A" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_round *round = fixture_new("example.com", 3);
		for (size_t view = 0; view < 3; view++) {
			struct mxw_finding *syntax = fixture_say(round, FIXTURE_MX, view,
								 &fixture_mx_defs[DEF_MX_SYNTAX], rows[i].name);
			fixture_set(round, FIXTURE_MX, view, syntax, "mx", rows[i].name);
		}
		fixture_judge(round);
		json_t *report = check_report(round), *finding = first_finding(report);
		const char *command = json_string_value(json_array_get(json_object_get(finding, "reproduce"), 0));
		assert_int_equal(json_array_size(json_object_get(finding, "reproduce")), 1);
		assert_true(strncmp(command, rows[i].command, strlen(rows[i].command)) == 0);
		json_decref(report);
		fixture_free(round);
	}
}

static void test_every_octet_is_safe(void **state)
{
	for (unsigned octet = 1; octet < 256; octet++) {
		char value[] = { 'x', (char)octet, 'y', '\0' };
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		struct mxw_round *round = fixture_new("example.com", 3);
		for (size_t view = 0; view < 3; view++) {
			struct mxw_finding *syntax = fixture_say(round, FIXTURE_MX, view,
								 &fixture_mx_defs[DEF_MX_SYNTAX], value);
			fixture_set(round, FIXTURE_MX, view, syntax, "mx", value);
			fixture_cite(round, FIXTURE_MX, view, syntax, "example.com", MXW_TYPE_TXT);
			const char *txt = value;
			fixture_answer(round, view, "example.com", MXW_TYPE_TXT, MXW_OUTCOME_ANSWER, &txt, 1);
		}
		fixture_judge(round);
		assert_int_equal(mxw_report_findings_json(round, FIXTURE_MX, &fixture_context, true, &text), 0);
		for (size_t i = 0; i < text.len; i++)
			assert_true((unsigned char)text.data[i] >= 0x20 && (unsigned char)text.data[i] <= 0x7f);
		json_decref(load_json(mxw_strbuf_get(&text)));
		mxw_strbuf_done(&text);
		fixture_free(round);
	}
}

static void test_alerting_only(void **state)
{
	struct mxw_round *round = fixture_healthy();
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	assert_int_equal(mxw_report_findings_json(round, FIXTURE_MX, &fixture_context, true, &text), 0);
	assert_string_equal(mxw_strbuf_get(&text), "[]");
	mxw_strbuf_clear(&text);
	assert_int_equal(mxw_report_findings_json(round, FIXTURE_MX, &fixture_context, false, &text), 0);
	json_t *all = load_json(mxw_strbuf_get(&text));
	assert_int_equal(json_array_size(all), 2);
	json_decref(all);
	mxw_strbuf_done(&text);
	fixture_free(round);
}

/* A zone with a thousand bad targets cannot make an alert that no request can hold. */
static void test_alert_is_bounded(void **state)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_round *round = fixture_new("example.com", 3);
	char subject[512];
	for (int i = 0; i < 2000; i++) {
		memset(subject, 'a', sizeof(subject));
		snprintf(subject + 500, sizeof(subject) - 500, "%d", i);
		for (size_t view = 0; view < 3; view++) {
			struct mxw_finding *syntax = fixture_say(round, FIXTURE_MX, view,
								 &fixture_mx_defs[DEF_MX_SYNTAX], subject);
			fixture_set(round, FIXTURE_MX, view, syntax, "mx", subject);
		}
	}
	fixture_judge(round);
	assert_int_equal(mxw_report_findings_json(round, FIXTURE_MX, &fixture_context, true, &text), 0);
	assert_in_range(text.len, 100 * 1024, 900 * 1024);
	json_decref(load_json(mxw_strbuf_get(&text)));
	mxw_strbuf_done(&text);
	fixture_free(round);
}

/* The evidence of a finding that cites an answer of `n` TXT records, each of that many strings of 200 octets. */
static json_t *evidence_of(size_t n, size_t n_strings)
{
	static uint8_t rdata[100][201 * 50];
	struct mxw_rr rrs[100];
	struct mxw_answer_parts parts = { .head = { .ede = -1 }, .rrs = rrs, .n_rrs = n };
	struct mxw_answer *answer;
	struct mxw_round *round = fixture_new("example.com", 1);
	struct mxw_finding *finding = fixture_say(round, FIXTURE_MX, 0, &fixture_mx_defs[DEF_MX_NONE], "example.com");
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < n_strings; k++) {
			rdata[i][201 * k] = 200;
			memset(&rdata[i][201 * k + 1], '.', 200);
		}
		rdata[i][1] = (uint8_t)('0' + i / 10); /* no two are the same */
		rdata[i][2] = (uint8_t)('0' + i % 10);
		rrs[i] = (struct mxw_rr){ .type = MXW_TYPE_TXT,
					  .n_rdata = (uint16_t)(201 * n_strings),
					  .rdata = rdata[i] };
	}
	assert_int_equal(mxw_answer_new(&answer, &parts), 0);
	fixture_put(round, 0, "example.com", MXW_TYPE_TXT, answer);
	fixture_cite(round, FIXTURE_MX, 0, finding, "example.com", MXW_TYPE_TXT);
	fixture_judge(round);
	json_t *report = check_report(round);
	json_t *evidence = json_incref(json_array_get(json_object_get(first_finding(report), "evidence"), 0));
	json_decref(report);
	fixture_free(round);
	return evidence;
}

/* What a hostile zone makes large is cut, and one sees that it is. */
static void test_answers_are_bounded(void **state)
{
	static const struct {
		size_t n, n_strings, n_shown, n_octets; /* of the first one */
	} rows[] = {
		{ 1, 1, 1, 202 },    { 1, 50, 1, 4096 + 3 }, { 40, 1, 40, 202 }, { 41, 1, 40, 202 }, /* 8192 octets */
		{ 10, 10, 4, 2029 }, { 100, 0, 1, 4 }, /* one and the same */
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		json_t *evidence = evidence_of(rows[i].n, rows[i].n_strings),
		       *answers = json_object_get(evidence, "answers");
		size_t n = rows[i].n_strings ? rows[i].n : 1;
		assert_int_equal(json_array_size(answers), rows[i].n_shown);
		assert_int_equal(json_string_length(json_array_get(answers, 0)), rows[i].n_octets);
		assert_int_equal(json_integer_value(json_object_get(evidence, "omitted")), n - rows[i].n_shown);
		assert_int_equal(json_object_get(evidence, "omitted") != NULL, n > rows[i].n_shown);
		json_decref(evidence);
	}
}

static struct mxw_alert sample_alert(void)
{
	static char id[] = "abcdefgh-0123-17", instance[] = "mon1", domain[] = "example.com", check[] = "mx",
		    none[] = "mx-none";
	static char summary[] = "example.com mx CRITICAL (was OK): no MX (mx-none)", team[] = "team", mail[] = "mail";
	static char findings[] = "[{\"id\":\"mx-none\",\"rtt_ms\":12.5,\"z\":1,\"a\":2}]";
	static struct mxw_label labels[] = { { team, mail } };
	return (struct mxw_alert){
		.id = id,
		.seq = 17,
		.kind = MXW_ALERT_PROBLEM,
		.time_wall_ms = 1795425165123,
		.instance = instance,
		.domain = domain,
		.check = check,
		.from = MXW_OK,
		.to = MXW_CRITICAL,
		.since_wall_ms = 1795425105123,
		.duration_ms = 60999,
		.summary = summary,
		.finding_id = none,
		.findings_json = findings,
		.labels = labels,
		.n_labels = 1,
	};
}

static void test_event(void **state)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_alert alert = sample_alert();
	assert_int_equal(mxw_report_event_json(&alert, &text), 0);
	assert_string_equal(
		mxw_strbuf_get(&text),
		"{\"version\":1,\"id\":\"abcdefgh-0123-17\",\"seq\":17,\"time\":\"2026-11-23T09:12:45.123Z\","
		"\"instance\":\"mon1\",\"kind\":\"problem\",\"domain\":\"example.com\",\"check\":\"mx\","
		"\"from\":\"ok\",\"to\":\"critical\",\"since\":\"2026-11-23T09:11:45.123Z\",\"duration_s\":60,"
		"\"summary\":\"example.com mx CRITICAL (was OK): no MX (mx-none)\",\"confidence\":\"high\","
		"\"findings\":[{\"id\":\"mx-none\",\"rtt_ms\":12.5,\"z\":1,\"a\":2}],\"labels\":{\"team\":\"mail\"}}");
	mxw_strbuf_done(&text);
}

/* No such records is an empty list, no such name is null. */
static void test_event_of_a_change(void **state)
{
	static const struct {
		const char *old, *new, *json;
	} rows[] = {
		{ "10 a.example.com\n20 b.example.com", "no records",
		  "\"change\":{\"type\":\"mx\",\"old\":[\"10 a.example.com\",\"20 b.example.com\"],\"new\":[]}}" },
		{ "no such name", "v=spf1 exp=\\x22",
		  "\"change\":{\"type\":\"mx\",\"old\":null,\"new\":[\"v=spf1 exp=\\\\x22\"]}}" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		struct mxw_alert alert = sample_alert();
		struct mxw_alert_change change = { .type = "mx",
						   .old = (char *)(uintptr_t)rows[i].old,
						   .new = (char *)(uintptr_t)rows[i].new };
		alert.kind = MXW_ALERT_RECORD_CHANGE;
		alert.change = &change;
		assert_int_equal(mxw_report_event_json(&alert, &text), 0);
		assert_non_null(strstr(mxw_strbuf_get(&text), "\"kind\":\"record-change\""));
		assert_non_null(strstr(mxw_strbuf_get(&text), rows[i].json));
		mxw_strbuf_done(&text);
	}
}

static void test_monitor_event(void **state)
{
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_alert alert = sample_alert();
	alert.kind = MXW_ALERT_MONITOR;
	alert.domain = alert.check = alert.findings_json = NULL;
	alert.n_labels = 0;
	assert_int_equal(mxw_report_event_json(&alert, &text), 0);
	json_t *event = load_json(mxw_strbuf_get(&text));
	assert_string_equal(text_of(event, "kind"), "monitor");
	assert_true(json_is_null(json_object_get(event, "domain")));
	assert_true(json_is_null(json_object_get(event, "check")));
	assert_int_equal(json_array_size(json_object_get(event, "findings")), 0);
	json_decref(event);
	mxw_strbuf_done(&text);
}

static void test_event_refuses_no_array(void **state)
{
	static const char *const rows[] = { "{}", "[", "", "[] x", "{\"a\":1", "null" };
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_strbuf text = MXW_STRBUF_INIT;
		struct mxw_alert alert = sample_alert();
		alert.findings_json = (char *)rows[i];
		assert_int_equal(mxw_report_event_json(&alert, &text), -EBADMSG);
		mxw_strbuf_done(&text);
	}
}

static void test_exit_codes(void **state)
{
	struct mxw_round *broken = fixture_broken(), *healthy = fixture_healthy(),
			 *unsure = fixture_new("example.net", 3);
	for (size_t view = 0; view < 3; view++)
		fixture_cannot_tell(unsure, FIXTURE_MX, view, &fixture_mx_defs[DEF_MX_NONE]);
	fixture_judge(unsure);
	struct mxw_report_result results[] = { { healthy }, { unsure }, { broken } };
	assert_int_equal(mxw_report_exit_code(results, 1), 0);
	assert_int_equal(mxw_report_exit_code(results, 2), 3);
	assert_int_equal(mxw_report_exit_code(results, 3), 2);
	assert_int_equal(mxw_report_exit_code(NULL, 0), 0);
	fixture_free(broken);
	fixture_free(healthy);
	fixture_free(unsure);
}

/* What the monitor says about itself: no round, no evidence, the same form. */
static void test_entries_without_a_round(void **state)
{
	static const struct mxw_finding_def def = { .id = "mon-test",
						    .severity = MXW_WARNING,
						    .message = "resolver {resolver} is odd ({why})",
						    .reproduce = "dig {name} NS",
						    .fix = "mend {resolver}\nreplace it" };
	struct mxw_findings findings = { 0 };
	struct mxw_finding *finding = mxw_findings_add(&findings, &def, "office");
	mxw_finding_set(&findings, finding, "why", "line\nbreak");
	mxw_finding_set(&findings, finding, "name", ".");
	const struct mxw_verdict_entry entry = { .def = &def,
						 .subject = "office",
						 .status = MXW_CONFIRMED,
						 .severity = MXW_CRITICAL,
						 .votes = { .yes = 2, .unknown = 5 },
						 .finding = finding };
	struct mxw_strbuf text = MXW_STRBUF_INIT;
	assert_int_equal(mxw_report_entries_json(NULL, &entry, 1, &fixture_context, &text), 0);
	json_t *array = load_json(mxw_strbuf_get(&text));
	const json_t *object = json_array_get(array, 0), *votes = json_object_get(object, "votes");
	assert_int_equal(json_array_size(array), 1);
	assert_string_equal(text_of(object, "id"), "mon-test");
	assert_string_equal(text_of(object, "severity"), "critical");
	assert_string_equal(text_of(object, "subject"), "office");
	assert_non_null(strstr(text_of(object, "message"), "resolver office is odd (line"));
	assert_texts(json_object_get(object, "fix"), (const char *const[]){ "mend office", "replace it" }, 2);
	assert_texts(json_object_get(votes, "yes"), (const char *const[]){ "office" }, 1);
	assert_texts(json_object_get(votes, "unknown"), (const char *const[]){ "9.9.9.9", "2001:db8::53" }, 2);
	assert_int_equal(json_array_size(json_object_get(object, "evidence")), 0);
	const json_t *reproduce = json_object_get(object, "reproduce");
	assert_int_equal(json_array_size(reproduce), 1);
	assert_memory_equal(json_string_value(json_array_get(reproduce, 0)), "dig . NS @192.0.2.53 -p 5353", 28);
	json_decref(array);
	mxw_strbuf_done(&text);
	mxw_findings_done(&findings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries_without_a_round),
		cmocka_unit_test(test_check_object),
		cmocka_unit_test(test_finding_object),
		cmocka_unit_test(test_evidence),
		cmocka_unit_test(test_disagreement),
		cmocka_unit_test(test_undecided),
		cmocka_unit_test(test_undecided_with_a_yes),
		cmocka_unit_test(test_votes_placeholder),
		cmocka_unit_test(test_hostile_names),
		cmocka_unit_test(test_every_octet_is_safe),
		cmocka_unit_test(test_alerting_only),
		cmocka_unit_test(test_alert_is_bounded),
		cmocka_unit_test(test_answers_are_bounded),
		cmocka_unit_test(test_event),
		cmocka_unit_test(test_event_of_a_change),
		cmocka_unit_test(test_monitor_event),
		cmocka_unit_test(test_event_refuses_no_array),
		cmocka_unit_test(test_exit_codes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
