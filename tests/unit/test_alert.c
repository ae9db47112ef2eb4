/* Ids, kinds and the line for a pager. */
#include "lib/alert/alert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/alert/parent.h"
#include "lib/base/util.h"

static const int64_t minute_ms = 60 * 1000;

static void test_summaries(void **state)
{
	static const struct {
		enum mxw_transition_kind kind;
		enum mxw_severity from, to;
		const char *cause, *finding_id;
		unsigned n_yes, n_resolvers, extra, minutes;
		const char *expected;
	} rows[] = {
		{ MXW_TRANSITION_PROBLEM, MXW_OK, MXW_CRITICAL, "domain does not exist", "mx-nxdomain", 2, 3, 0, 0,
		  "example.com mx CRITICAL (was OK): domain does not exist (mx-nxdomain), 2 of 3 resolvers" },
		{ MXW_TRANSITION_PROBLEM, MXW_UNKNOWN, MXW_WARNING, "example.com has one MX host only", "mx-single", 1,
		  1, 2, 0,
		  "example.com mx WARNING (was UNKNOWN): has one MX host only (mx-single) and 2 more findings, 1 of 1 "
		  "resolvers" },
		{ MXW_TRANSITION_CHANGE, MXW_CRITICAL, MXW_WARNING, "one host", "mx-single", 3, 3, 1, 5,
		  "example.com mx WARNING (was CRITICAL): one host (mx-single) and 1 more finding, 3 of 3 resolvers" },
		{ MXW_TRANSITION_CHANGE, MXW_CRITICAL, MXW_CRITICAL, "no mail", "mx-null", 3, 3, 0, 5,
		  "example.com mx CRITICAL (changed): no mail (mx-null), 3 of 3 resolvers" },
		{ MXW_TRANSITION_RECOVERY, MXW_CRITICAL, MXW_OK, "domain does not exist", "mx-nxdomain", 2, 3, 0, 65,
		  "example.com mx OK (was CRITICAL): recovered after 1h5m; had been: domain does not exist "
		  "(mx-nxdomain)" },
		{ MXW_TRANSITION_RECOVERY, MXW_CRITICAL, MXW_OK, "", "", 0, 0, 0, 65,
		  "example.com mx OK (was CRITICAL): recovered after 1h5m" },
		{ MXW_TRANSITION_RECOVERY, MXW_CRITICAL, MXW_UNKNOWN, "", "mx-nxdomain", 0, 0, 0, 65,
		  "example.com mx UNKNOWN (was CRITICAL): no longer watched after 1h5m; had been: mx-nxdomain" },
		{ MXW_TRANSITION_REMINDER, MXW_CRITICAL, MXW_CRITICAL, "domain does not exist", "mx-nxdomain", 2, 3, 0,
		  240, "example.com mx still CRITICAL for 4h: domain does not exist (mx-nxdomain), 2 of 3 resolvers" },
		{ MXW_TRANSITION_PROBLEM, MXW_OK, MXW_CRITICAL, "", "", 2, 3, 0, 0,
		  "example.com mx CRITICAL (was OK)" },
		{ MXW_TRANSITION_PROBLEM, MXW_OK, MXW_CRITICAL, "host \"a\nb\x1b[31m\" is bad", "x", 0, 0, 0, 0,
		  "example.com mx CRITICAL (was OK): host \"a\\x0ab\\x1b[31m\" is bad (x)" },
		{ MXW_TRANSITION_PROBLEM, MXW_OK, MXW_CRITICAL, "example.community is bad", "x", 0, 0, 0, 0,
		  "example.com mx CRITICAL (was OK): example.community is bad (x)" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		struct mxw_transition transition = { .kind = rows[i].kind, .from = rows[i].from, .to = rows[i].to };
		char *line = mxw_alert_summary("example.com", "mx", &transition, rows[i].cause, rows[i].finding_id,
					       rows[i].n_yes, rows[i].n_resolvers, rows[i].extra,
					       rows[i].minutes * minute_ms);
		assert_non_null(line);
		assert_string_equal(line, rows[i].expected);
		free(line);
	}
}

/* What the state machine says beside the states. */
static void test_other_words(void **state)
{
	static const struct {
		struct mxw_transition transition;
		const char *expected;
	} rows[] = {
		{ { .kind = MXW_TRANSITION_PROBLEM, .from = MXW_OK, .to = MXW_CRITICAL, .n_low = 1 },
		  "example.com mx CRITICAL (was OK): no mail (mx-null), 1 of 1 resolvers (low confidence: one "
		  "resolver)" },
		{ { .kind = MXW_TRANSITION_RECOVERY, .from = MXW_CRITICAL, .to = MXW_OK, .n_low = 2 },
		  "example.com mx OK (was CRITICAL): recovered after 5m; had been: no mail (mx-null) (low confidence: "
		  "2 "
		  "resolvers)" },
		{ { .kind = MXW_TRANSITION_FLAPPING, .from = MXW_WARNING, .to = MXW_CRITICAL, .n_turns = 4 },
		  "example.com mx FLAPPING (4 changes, at worst CRITICAL): no mail (mx-null), 1 of 1 resolvers" },
		{ { .kind = MXW_TRANSITION_CHANGE, .from = MXW_CRITICAL, .to = MXW_CRITICAL, .is_settled = true },
		  "example.com mx CRITICAL (settled): no mail (mx-null), 1 of 1 resolvers" },
	};
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		char *line = mxw_alert_summary("example.com", "mx", &rows[i].transition, "no mail", "mx-null", 1, 1, 0,
					       5 * minute_ms);
		assert_non_null(line);
		assert_string_equal(line, rows[i].expected);
		free(line);
	}
}

static void test_parents(void **state)
{
	static const struct {
		const char *id;
		bool rests_on_lookups;
		const char *expected;
	} rows[] = {
		{ "mx-nxdomain", false, "mx-nxdomain" },
		{ "mx-nxdomain", true, "mx-nxdomain" },
		{ "dnssec-bogus", true, "dnssec-bogus" },
		{ "dnssec-bogus", false, NULL },
		{ "dns-servfail", true, "dns-servfail" },
		{ "dns-servfail", false, NULL },
		{ "mx-none", true, NULL },
		{ "", true, NULL },
	};
	(void)state;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		const char *cause = mxw_parent_explains(rows[i].id, rows[i].rests_on_lookups);
		assert_int_equal(cause != NULL, rows[i].expected != NULL);
		if (cause)
			assert_string_equal(cause, rows[i].expected);
	}
}

static void test_a_long_cause_is_cut(void **state)
{
	char cause[2000];
	memset(cause, 'x', sizeof(cause) - 1);
	cause[sizeof(cause) - 1] = '\0';
	struct mxw_transition transition = { .kind = MXW_TRANSITION_PROBLEM, .from = MXW_OK, .to = MXW_WARNING };
	char *line = mxw_alert_summary("example.com", "mx", &transition, cause, "mx-single", 1, 1, 0, 0);
	assert_non_null(line);
	assert_true(strlen(line) < 400);
	assert_non_null(strstr(line, "xxx... (mx-single)"));
	free(line);
}

static void test_ids(void **state)
{
	char id[MXW_ALERT_ID_MAX];
	mxw_alert_id(id, "0a1b2c3d", 0x1234, 17, 0);
	assert_string_equal(id, "0a1b2c3d-0000000000001234-17");
	mxw_alert_id(id, "0a1b2c3d", UINT64_MAX, UINT64_MAX, UINT32_MAX);
	assert_string_equal(id, "0a1b2c3d-ffffffffffffffff-18446744073709551615-r4294967295");
}

static void test_keys(void **state)
{
	uint64_t key = mxw_alert_key_hash("example.com", "mx");
	assert_true(key == mxw_alert_key_hash("example.com", "mx"));
	assert_true(key != mxw_alert_key_hash("example.com", "ptr"));
	assert_true(key != mxw_alert_key_hash("example.commx", ""));
	assert_true(mxw_alert_key_hash(NULL, "notifier:ops") != mxw_alert_key_hash("notifier:ops", NULL));
}

static void test_keys_of_groups(void **state)
{
	uint64_t key = mxw_alert_group_hash("mail.shared", "cause", "ops");
	assert_true(key == mxw_alert_group_hash("mail.shared", "cause", "ops"));
	assert_true(key != mxw_alert_group_hash("mail.shared", "cause", "pager"));
	assert_true(key != mxw_alert_group_hash("mail.shared", "mass", "ops"));
	assert_true(key != mxw_alert_key_hash("mail.shared", "cause"));
	assert_true(mxw_alert_group_hash("a", "b", "") != mxw_alert_key_hash("a", "b"));
}

static void test_kinds(void **state)
{
	static const struct {
		enum mxw_transition_kind transition;
		enum mxw_alert_kind kind;
		const char *name;
	} rows[] = {
		{ MXW_TRANSITION_PROBLEM, MXW_ALERT_PROBLEM, "problem" },
		{ MXW_TRANSITION_CHANGE, MXW_ALERT_CHANGE, "change" },
		{ MXW_TRANSITION_RECOVERY, MXW_ALERT_RECOVERY, "recovery" },
		{ MXW_TRANSITION_REMINDER, MXW_ALERT_REMINDER, "reminder" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		assert_int_equal(mxw_alert_kind_of(&(struct mxw_transition){ .kind = rows[i].transition }),
				 rows[i].kind);
		assert_string_equal(mxw_alert_kind_name(rows[i].kind), rows[i].name);
	}
	assert_string_equal(mxw_alert_kind_name(MXW_ALERT_MONITOR), "monitor");
	assert_string_equal(mxw_alert_kind_name(MXW_ALERT_RECORD_CHANGE), "record-change");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_summaries), cmocka_unit_test(test_other_words),
		cmocka_unit_test(test_parents),   cmocka_unit_test(test_a_long_cause_is_cut),
		cmocka_unit_test(test_ids),       cmocka_unit_test(test_keys),
		cmocka_unit_test(test_kinds),     cmocka_unit_test(test_keys_of_groups),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
