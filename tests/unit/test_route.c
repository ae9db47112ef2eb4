/* Routes: who hears of a beginning, and that whoever heard of it hears the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "lib/base/util.h"
#include "lib/route/route.h"

static char team[] = "team", mail[] = "mail", web[] = "web";
static const struct mxw_label team_mail[] = { { team, mail } }, team_web[] = { { team, web } };

enum { A = 1, B = 2, C = 4, REST = 64, SPF = 3 };
#define BIT(n) (UINT32_C(1) << (n))

static const struct mxw_route routes[] = {
	{ .labels = team_mail, .n_labels = 1, .severities = BIT(MXW_CRITICAL), .notifiers = A, .goes_on = true },
	{ .checks = BIT(SPF), .notifiers = B },
	{ .kinds = BIT(MXW_ALERT_PROBLEM), .labels = team_mail, .n_labels = 1, .notifiers = C },
	{ .kinds = BIT(MXW_ALERT_MONITOR), .notifiers = A },
};

static void test_pick(void **unused)
{
	static const struct {
		struct mxw_route_event event;
		uint64_t notifiers;
	} rows[] = {
		{ { MXW_ALERT_PROBLEM, MXW_CRITICAL, 0, NULL, 0 }, REST },
		{ { MXW_ALERT_PROBLEM, MXW_CRITICAL, 0, team_web, 1 }, REST },
		{ { MXW_ALERT_PROBLEM, MXW_CRITICAL, 0, team_mail, 1 }, A | C },
		{ { MXW_ALERT_PROBLEM, MXW_WARNING, 0, team_mail, 1 }, C },
		{ { MXW_ALERT_REMINDER, MXW_CRITICAL, 0, team_mail, 1 }, A },
		{ { MXW_ALERT_REMINDER, MXW_WARNING, 0, team_mail, 1 }, REST },
		{ { MXW_ALERT_PROBLEM, MXW_CRITICAL, SPF, team_mail, 1 }, A | B }, /* the second does not go on */
		{ { MXW_ALERT_PROBLEM, MXW_WARNING, SPF, NULL, 0 }, B },
		{ { MXW_ALERT_MONITOR, MXW_WARNING, 0, NULL, 0 }, A },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		assert_int_equal(mxw_route_pick(routes, MXW_ARRAY_SIZE(routes), &rows[i].event, REST),
				 rows[i].notifiers);
	assert_int_equal(mxw_route_pick(NULL, 0, &rows[0].event, REST), REST);
}

static void test_monitor(void **unused)
{
	const struct mxw_route_event event = { .kind = MXW_ALERT_MONITOR, .severity = MXW_WARNING };
	const struct mxw_route any = { .notifiers = B }, severe = { .severities = BIT(MXW_WARNING), .notifiers = B },
			       domains = { .kinds = BIT(MXW_ALERT_PROBLEM), .notifiers = B };
	(void)unused;
	assert_int_equal(mxw_route_pick(&any, 1, &event, REST), B);
	assert_int_equal(mxw_route_pick(&severe, 1, &event, REST), REST);
	assert_int_equal(mxw_route_pick(&domains, 1, &event, REST), REST);
}

static void test_follow(void **unused)
{
	static const struct {
		enum mxw_alert_kind kind;
		uint64_t picked, told, notifiers;
	} rows[] = {
		{ MXW_ALERT_PROBLEM, A, 0, A },
		{ MXW_ALERT_PROBLEM, B, A, A | B }, /* worse: more hear of it */
		{ MXW_ALERT_CHANGE, B, A, A },
		{ MXW_ALERT_RECOVERY, A | B, A, A },
		{ MXW_ALERT_RECOVERY, 0, A | B, A | B },
		{ MXW_ALERT_RECOVERY, A, 0, 0 }, /* nobody was told: it began in a window */
		{ MXW_ALERT_REMINDER, A, A | B, A },
		{ MXW_ALERT_REMINDER, C, A, 0 },
		{ MXW_ALERT_MONITOR, A, B, A },
		{ MXW_ALERT_RECORD_CHANGE, A, B, A }, /* whoever has a problem open */
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++)
		assert_int_equal(mxw_route_follow(rows[i].kind, rows[i].picked, rows[i].told), rows[i].notifiers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pick),
		cmocka_unit_test(test_monitor),
		cmocka_unit_test(test_follow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
