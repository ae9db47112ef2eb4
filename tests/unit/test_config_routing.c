/* `routes`, `maintenance` and `control_socket`: what they become, and every error with its place. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/config_source.h"
#include "tests/unit/tzif.h"

#define HEAD                                                                                                           \
	"resolvers: [192.0.2.1]\ndomains: [example.com]\nnotifiers: [{ name: ops, type: syslog }, { name: log, type: " \
	"journal }]\n"
#define BIT(n) (UINT32_C(1) << (n))

static struct mxw_config *read_good(const char *text)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf diags = MXW_STRBUF_INIT;
	struct mxw_config *config = test_config_read_text(text, &diags);
	if (!config || diags.len)
		fail_msg("%s", mxw_strbuf_get(&diags));
	return config;
}

static void test_routes(void **unused)
{
	struct mxw_config *config = read_good(HEAD "routes:\n"
						   "  - match: { labels: { team: mail }, severity: [critical], check: "
						   "[mx, spf], kind: [problem, recovery] }\n"
						   "    notify: [log]\n"
						   "    continue: true\n"
						   "  - notify: []\n");
	const struct mxw_route *first = &config->routes[0], *second = &config->routes[1];
	(void)unused;
	assert_int_equal(config->n_routes, 2);
	assert_string_equal(first->labels[0].name, "team");
	assert_string_equal(first->labels[0].value, "mail");
	assert_int_equal(first->n_labels, 1);
	assert_int_equal(first->severities, BIT(MXW_CRITICAL));
	assert_int_equal(__builtin_popcount(first->checks), 2);
	assert_int_equal(first->kinds, BIT(MXW_ALERT_PROBLEM) | BIT(MXW_ALERT_RECOVERY));
	assert_int_equal(first->notifiers, 2);
	assert_true(first->goes_on);
	assert_int_equal(second->notifiers, 0);
	assert_int_equal(second->severities | second->checks | second->kinds | second->goes_on, 0);
	mxw_config_free(config);
}

static void test_own_notify(void **unused)
{
	struct mxw_config *config = read_good(
		"resolvers: [192.0.2.1]\nnotifiers: [{ name: ops, type: syslog }, { name: log, type: journal }]\n"
		"notify: [ops]\ndomains: [a.example, { name: b.example, notify: [ops] }]\n");
	(void)unused;
	assert_int_equal(config->domains[0].settings->notifiers, 1);
	assert_false(config->domains[0].settings->has_own_notifiers);
	assert_true(config->domains[1].settings->has_own_notifiers); /* equal to the default, and still its own */
	mxw_config_free(config);
}

static void test_maintenance(void **unused)
{
	struct mxw_config *config = read_good(
		HEAD
		"maintenance:\n"
		"  - { name: a, domains: [Example.com, \"*.example.org\"], once: { from: 2026-11-23 02:00, to: "
		"2026-11-23T04:30 } }\n"
		"  - { name: b, labels: { team: mail }, daily: { from: \"23:00\", to: \"01:00\" } }\n"
		"  - { name: c, weekly: { days: [sun, Monday], from: 00:00, to: \"24:00\" }, timezone: Etc/UTC }\n");
	const struct mxw_window *windows = config->windows;
	(void)unused;
	assert_int_equal(config->n_windows, 3);
	assert_int_equal(windows[0].kind, MXW_WINDOW_ONCE);
	assert_string_equal(windows[0].patterns[0], "example.com");
	assert_int_equal(windows[0].n_patterns, 2);
	assert_int_equal(windows[0].to_s - windows[0].from_s, 9000);
	assert_int_equal(windows[1].from_s, 23 * 3600);
	assert_string_equal(windows[1].labels[0].value, "mail");
	assert_int_equal(windows[2].days, 3);
	assert_int_equal(windows[2].to_s, 86400);
	assert_string_equal(windows[0].zone->name, "UTC");
	assert_ptr_equal(windows[0].zone, windows[1].zone);
	mxw_config_free(config);
}

/* A source with one zone file, which holds NULs, and one that is none. */
static int read_zone_file(void *arg, const char *path, char **ret_bytes, size_t *ret_n)
{
	static const int32_t offsets[] = { 0 };
	*ret_bytes = malloc(TZIF_MAX);
	assert_non_null(*ret_bytes);
	if (strcmp(path, "/usr/share/zoneinfo/Europe/Berlin") == 0) {
		*ret_n = tzif_write((unsigned char *)*ret_bytes,
				    &(struct tzif){ .version = '2',
						    .offsets = offsets,
						    .n_types = 1,
						    .footer = "CET-1CEST,M3.5.0,M10.5.0/3" });
		return 0;
	}
	const char *text = strcmp(path, "/etc/mxwatch.yaml") == 0         ? arg
			   : strcmp(path, "/usr/share/zoneinfo/Odd") == 0 ? "no zone"
									  : NULL;
	if (!text) {
		free(*ret_bytes);
		*ret_bytes = NULL;
		return -ENOENT;
	}
	*ret_n = strlen(text);
	memcpy(*ret_bytes, text, *ret_n + 1);
	return 0;
}

static struct mxw_config *read_with_zone(const char *zone, struct mxw_strbuf *ret_diags)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct mxw_diags diags = { 0 };
	struct mxw_config *config = NULL;
	mxw_strbuf_addf(&text, HEAD "maintenance:\n  - { name: a, daily: { from: 02:00, to: 03:00 }, timezone: %s }\n",
			zone);
	struct mxw_config_source source = { .read = read_zone_file, .arg = text.data };
	assert_int_equal(mxw_config_read(&config, "/etc/mxwatch.yaml", &source, &diags), 0);
	mxw_diags_print(&diags, ret_diags);
	mxw_diags_done(&diags);
	return config;
}

static void test_zones(void **unused)
{
	static const struct {
		const char *zone, *problem;
	} rows[] = {
		{ "Europe/Berln", ":5:61: maintenance[0].timezone: \"Europe/Berln\" is no time zone below "
				  "/usr/share/zoneinfo/, expected" },
		{ "../../../etc/passwd",
		  ":5:61: maintenance[0].timezone: \"../../../etc/passwd\" is no name of a time zone, expected" },
		{ "Odd", ":5:61: maintenance[0].timezone: \"Odd\" is no time zone: its file below" },
	};
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf diags = MXW_STRBUF_INIT;
	(void)unused;
	struct mxw_config *config = read_with_zone("Europe/Berlin", &diags);
	assert_non_null(config);
	assert_int_equal(mxw_zone_offset(config->windows[0].zone, 1782000000), 7200);
	mxw_config_free(config);
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		mxw_strbuf_clear(&diags);
		assert_null(read_with_zone(rows[i].zone, &diags));
		if (!strstr(mxw_strbuf_get(&diags), rows[i].problem))
			fail_msg("%s", mxw_strbuf_get(&diags));
	}
}

static void test_errors(void **unused)
{
	static const struct {
		const char *yaml, *problem;
	} rows[] = {
		{ "routes: [{ match: { severity: [critical] } }]",
		  "4:10: routes[0].notify: missing, expected a list of notifier names" },
		{ "routes: [{ notify: [opps] }]",
		  "4:21: routes[0].notify[0]: \"opps\" is no notifier, did you mean \"ops\"?" },
		{ "routes: [{ notify: [ops], mach: {} }]",
		  "4:27: routes[0].mach: unknown key, did you mean \"match\"?" },
		{ "routes: [{ notify: [ops], match: { severity: [ok] } }]",
		  "4:47: routes[0].match.severity[0]: \"ok\" is no severity of an event, expected one of warning, "
		  "critical" },
		{ "routes: [{ notify: [ops], match: { check: [] } }]",
		  "routes[0].match.check: an empty list, expected at least one" },
		{ "routes: [{ notify: [ops], match: { check: [mxx] } }]",
		  "routes[0].match.check[0]: \"mxx\" is no check, did you mean \"mx\"?" },
		{ "routes: [{ notify: [ops], match: { kind: [recovery] } }]",
		  "routes[0].match.kind: change, recovery, reminder and flapping go to who was told the problem, "
		  "expected problem, too" },
		{ "routes: [{ notify: [ops], match: { kind: [flapping, monitor] } }]",
		  "routes[0].match.kind: change, recovery, reminder and flapping go to who was told the problem" },
		{ "routes: [{ notify: [ops], match: { kind: [test] } }]",
		  "routes[0].match.kind[0]: \"test\" is no kind of event" },
		{ "routes: [{ notify: [ops], match: { labels: { 1a: b } } }]",
		  "routes[0].match.labels.1a: no name of a label" },
		{ "routes: [{ notify: [ops], continue: yes }]",
		  "routes[0].continue: found text \"yes\", expected true or false" },
		{ "routes: ops", "4:9: routes: found text \"ops\", expected a list of routes" },
		{ "maintenance: [{ daily: { from: 02:00, to: 03:00 } }]", "maintenance[0].name: missing" },
		{ "maintenance: [{ name: a }]",
		  "maintenance[0].daily: missing, expected one of once, daily and weekly" },
		{ "maintenance: [{ name: a, daily: { from: 02:00, to: 03:00 }, once: { from: x, to: y } }]",
		  "maintenance[0].daily: given beside once, expected one of them" },
		{ "maintenance: [{ name: a, daily: { from: 2:00, to: 03:00 } }]",
		  "4:41: maintenance[0].daily.from: \"2:00\" is no time, expected one such as 02:00" },
		{ "maintenance: [{ name: a, daily: { from: 02:00, to: 02:00 } }]",
		  "maintenance[0].daily.to: \"02:00\" is not after from" },
		{ "maintenance: [{ name: a, daily: { from: 02:00 } }]",
		  "maintenance[0].daily.to: missing, expected a time such as 02:00" },
		{ "maintenance: [{ name: a, once: { from: 2026-02-30 02:00, to: 2026-03-01 02:00 } }]",
		  "maintenance[0].once.from: \"2026-02-30 02:00\" is no date and time" },
		{ "maintenance: [{ name: a, once: { from: 2026-03-02 02:00, to: 2026-03-01 02:00 } }]",
		  "maintenance[0].once.to: \"2026-03-01 02:00\" is not after from" },
		{ "maintenance: [{ name: a, weekly: { days: [sum], from: 02:00, to: 03:00 } }]",
		  "maintenance[0].weekly.days[0]: \"sum\" is no day, expected mon" },
		{ "maintenance: [{ name: a, weekly: { days: [], from: 02:00, to: 03:00 } }]",
		  "maintenance[0].weekly.days: an empty list" },
		{ "maintenance: [{ name: a, domains: [\"a*.example\"], daily: { from: 02:00, to: 03:00 } }]",
		  "maintenance[0].domains[0]: \"a*.example\" has a *" },
		{ "maintenance: [{ name: a, domains: [], daily: { from: 02:00, to: 03:00 } }]",
		  "maintenance[0].domains: a list of 0, expected 1 to 1000" },
		{ "maintenance: [7]", "4:15: maintenance[0]: found" },
		{ "control_socket: run/x.sock", "4:17: control_socket: a relative path, expected an absolute one" },
		{ "control_socket: "
		  "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaaaaa",
		  "control_socket: too long for the address of a socket" },
	};
	(void)unused;
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT, diags = MXW_STRBUF_INIT;
		mxw_strbuf_addf(&text, HEAD "%s\n", rows[i].yaml);
		struct mxw_config *config = test_config_read_text(mxw_strbuf_get(&text), &diags);
		if (config || !strstr(mxw_strbuf_get(&diags), rows[i].problem))
			fail_msg("%s: %s", rows[i].yaml, mxw_strbuf_get(&diags));
	}
}

static void test_control_socket(void **unused)
{
	struct mxw_config *config = read_good(HEAD "control_socket: /run/x.sock\n");
	(void)unused;
	assert_string_equal(config->control_socket, "/run/x.sock");
	mxw_config_free(config);
	config = read_good(HEAD "control_socket: off\n");
	assert_null(config->control_socket);
	mxw_config_free(config);
	config = read_good(HEAD "state_dir: /var/lib/x\n");
	assert_string_equal(config->control_socket, "/var/lib/x/control.sock");
	mxw_config_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_routes), cmocka_unit_test(test_own_notify), cmocka_unit_test(test_maintenance),
		cmocka_unit_test(test_zones),  cmocka_unit_test(test_errors),     cmocka_unit_test(test_control_socket),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
