/* Good configurations: defaults, what domains inherit and what they change, files and resolvers from elsewhere. */
#include "lib/config/config.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "lib/dns/type.h"
#include "tests/unit/config_source.h"

static const int64_t second = 1000, minute = 60 * 1000, hour = 60 * 60 * 1000, day = 24 * 60 * 60 * 1000;

/* A text that must be read without a word. */
static struct mxw_config *read_good(const char *text)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf diags = MXW_STRBUF_INIT;
	struct mxw_config *config = test_config_read_text(text, &diags);
	assert_string_equal(mxw_strbuf_get(&diags), "");
	assert_non_null(config);
	return config;
}

static const struct mxw_domain_settings *settings_of(const struct mxw_config *config, const char *name)
{
	const struct mxw_domain *domain = mxw_config_find_domain(config, name);
	if (!domain)
		fail_msg("%s is not there", name);
	return domain->settings;
}

static void expect_upstream(const struct mxw_upstream_spec *spec, const char *name, const char *addresses)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	for (size_t i = 0; i < spec->n_addresses; i++) {
		char ip[MXW_IP_TEXT_MAX];
		mxw_ip_format(&spec->addresses[i].ip, ip);
		mxw_strbuf_addf(&text, "%s%s %u", i ? ", " : "", ip, spec->addresses[i].port);
	}
	assert_string_equal(spec->name, name);
	assert_string_equal(mxw_strbuf_get(&text), addresses);
}

#define NOTIFIERS "notifiers: [{ name: log, type: syslog }, { name: ops, type: journal }]\n"

static void test_defaults(void **state)
{
	struct mxw_config *config = read_good("resolvers: [9.9.9.9]\ndomains: [example.com]\n" NOTIFIERS);
	const struct mxw_domain_settings *d = &config->defaults;
	assert_int_equal(config->n_upstreams, 1);
	expect_upstream(&config->upstreams[0], "9.9.9.9", "9.9.9.9 53");
	assert_int_equal(config->upstreams[0].max_qps, 10000);
	assert_int_equal(config->upstreams[0].max_in_flight, 1000);
	assert_true(config->upstreams[0].randomize_case);
	assert_int_equal(config->quorum, 1);
	assert_int_equal(config->timeout_ms, 10 * second);
	assert_int_equal(config->max_age_ms, 5 * day);
	assert_true(config->send_on_resolved);
	assert_null(config->state_dir);
	assert_int_equal(config->n_canaries, 1);
	assert_string_equal(config->canaries[0].name, ".");
	assert_int_equal(config->canaries[0].type, MXW_TYPE_NS);
	assert_int_equal(d->policy.interval_ms, 5 * minute);
	assert_int_equal(d->policy.retry_interval_ms, minute);
	assert_int_equal(d->policy.failure_threshold, 3);
	assert_int_equal(d->policy.success_threshold, 2);
	assert_int_equal(d->policy.confirm_critical_ms, 2 * minute);
	assert_int_equal(d->policy.confirm_warning_ms, 10 * minute);
	assert_int_equal(d->policy.confirm_recovery_ms, minute);
	assert_int_equal(d->policy.n_reminders, 3);
	assert_int_equal(d->policy.reminders_ms[0], hour);
	assert_int_equal(d->policy.reminders_ms[2], 24 * hour);
	assert_int_equal(d->checks, mxw_check_defaults());
	assert_int_equal(d->profile.receive, MXW_AUTO);
	assert_int_equal(d->profile.send, MXW_AUTO);
	assert_int_equal(d->profile.mx_hosts_send, MXW_AUTO);
	assert_int_equal(d->profile.topology, MXW_TOPOLOGY_AUTO);
	assert_int_equal(d->profile.n_send_ip, 0);
	assert_false(d->profile.strict);
	assert_int_equal(d->n_overrides, 0);
	assert_int_equal(d->n_labels, 0);
	assert_int_equal(d->notifiers, 3);
	assert_ptr_equal(settings_of(config, "example.com"), d);
	assert_null(mxw_config_find_domain(config, "example.org"));
	mxw_config_free(config);
}

static void test_every_key_of_the_top_level(void **state)
{
	struct mxw_config *config = read_good(
		"resolvers: [9.9.9.9, '[2620:fe::fe]:5353', { name: g, addresses: [8.8.8.8, '8.8.4.4:54'] },\n"
		"  { address: 192.0.2.53, max_qps: 200, max_in_flight: 7, randomize_case: false }]\n"
		"quorum: 2\ninterval: 10m\nretry_interval: 30s\ntimeout: 100ms\nfailure_threshold: "
		"1\nsuccess_threshold: 100\n"
		"confirm_age: { warning: 0s }\nreminders: []\nsend_on_resolved: false\nchecks: [spf, mx]\n"
		"severity: { mx-single: off, mx-nxdomain: warning }\nlabels: { team: mail }\nnotify: [ops]\n"
		"state_dir: /srv/mxwatch\nmax_age: 1d\ncanaries: [{ name: Example.COM., type: soa }]\nmx: { providers: "
		"[p.example] }\n"
		"receive: yes\nsend: no\ntopology: balanced\nmx_hosts_send: no\nsend_ip: [192.0.2.1, "
		"2001:db8::1]\nstrict: true\n"
		"domains: [example.com]\n" NOTIFIERS);
	const struct mxw_domain_settings *d = &config->defaults;
	assert_int_equal(config->n_upstreams, 4);
	expect_upstream(&config->upstreams[1], "[2620:fe::fe]:5353", "2620:fe::fe 5353");
	expect_upstream(&config->upstreams[2], "g", "8.8.8.8 53, 8.8.4.4 54");
	expect_upstream(&config->upstreams[3], "192.0.2.53", "192.0.2.53 53");
	assert_int_equal(config->upstreams[3].max_qps, 200);
	assert_int_equal(config->upstreams[3].max_in_flight, 7);
	assert_false(config->upstreams[3].randomize_case);
	assert_int_equal(config->quorum, 2);
	assert_int_equal(config->timeout_ms, 100);
	assert_int_equal(config->max_age_ms, day);
	assert_false(config->send_on_resolved);
	assert_string_equal(config->state_dir, "/srv/mxwatch");
	assert_string_equal(config->canaries[0].name, "example.com");
	assert_int_equal(config->canaries[0].type, MXW_TYPE_SOA);
	assert_int_equal(d->policy.interval_ms, 10 * minute);
	assert_int_equal(d->policy.retry_interval_ms, 30 * second);
	assert_int_equal(d->policy.failure_threshold, 1);
	assert_int_equal(d->policy.success_threshold, 100);
	assert_int_equal(d->policy.confirm_critical_ms, 2 * minute);
	assert_int_equal(d->policy.confirm_warning_ms, 0);
	assert_int_equal(d->policy.n_reminders, 0);
	assert_int_equal(d->checks, 1u << mxw_check_find("mx") | 1u << mxw_check_find("spf"));
	assert_int_equal(d->n_overrides, 2);
	assert_string_equal(d->overrides[0].def->id, "mx-single");
	assert_int_equal(d->overrides[0].severity, MXW_OFF);
	assert_int_equal(d->overrides[1].severity, MXW_WARNING);
	assert_string_equal(d->labels[0].name, "team");
	assert_string_equal(d->labels[0].value, "mail");
	assert_int_equal(d->notifiers, 2);
	assert_int_equal(d->profile.receive, MXW_YES);
	assert_int_equal(d->profile.send, MXW_NO);
	assert_int_equal(d->profile.mx_hosts_send, MXW_NO);
	assert_int_equal(d->profile.topology, MXW_TOPOLOGY_BALANCED);
	assert_int_equal(d->profile.n_send_ip, 2);
	assert_int_equal(d->profile.send_ip[1].family, 6);
	assert_true(d->profile.strict);
	const struct mxw_values *mx = &config->check_options[mxw_check_find("mx")];
	assert_string_equal(mxw_values_get(mx, "providers")->texts[0], "p.example");
	assert_string_equal(config->notifiers[1].name, "ops");
	assert_ptr_equal(config->notifiers[1].type, mxw_notifier_find("journal"));
	assert_string_equal(mxw_values_get(&config->notifiers[0].options, "socket")->text, "/dev/log");
	mxw_config_free(config);
}

static void test_majority(void **state)
{
	static const struct {
		const char *resolvers;
		unsigned quorum;
	} rows[] = {
		{ "[1.1.1.1]", 1 },
		{ "[1.1.1.1, 1.1.1.2]", 2 },
		{ "[1.1.1.1, 1.1.1.2, 1.1.1.3]", 2 },
		{ "[1.1.1.1, 1.1.1.2, 1.1.1.3, 1.1.1.4]", 3 },
		{ "[1.1.1.1, 1.1.1.2, 1.1.1.3, 1.1.1.4, 1.1.1.5]", 3 },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
		mxw_strbuf_addf(&text, "resolvers: %s\ndomains: [example.com]\nquorum: majority\n" NOTIFIERS,
				rows[i].resolvers);
		struct mxw_config *config = read_good(mxw_strbuf_get(&text));
		assert_int_equal(config->quorum, rows[i].quorum);
		mxw_config_free(config);
	}
}

/* A domain changes what it names and inherits the rest; severity and labels are added, its own win. */
static void test_a_domain_over_the_defaults(void **state)
{
	struct mxw_config *config = read_good(
		"resolvers: [9.9.9.9]\nfailure_threshold: 7\nseverity: { mx-single: off }\nlabels: { team: mail, site: "
		"a }\nreminders: [2h]\n"
		"confirm_age: { recovery: 3m }\nescalation: { warning: 5m }\nflapping: { changes: 0 }\n" NOTIFIERS
		"domains:\n- plain.example\n"
		"- { name: B\xc3\xbc"
		"cher.Example., interval: 2m, labels: { site: b, tier: '1' }, severity: { mx-single: warning },\n"
		"    notify: [], checks: [mx], send_ip: [192.0.2.1], confirm_age: { critical: 5s }, reminders: [],\n"
		"    escalation: { critical: 20m }, flapping: { window: 10m } }\n");
	const struct mxw_domain_settings *s = settings_of(config, "xn--bcher-kva.example");
	assert_int_equal(s->policy.interval_ms, 2 * minute);
	assert_int_equal(s->policy.retry_interval_ms, minute);
	assert_int_equal(s->policy.failure_threshold, 7);
	assert_int_equal(s->policy.confirm_critical_ms, 5 * second);
	assert_int_equal(s->policy.confirm_recovery_ms, 3 * minute); /* not the default: the top level's */
	assert_int_equal(s->policy.escalate_warning_ms, 5 * minute);
	assert_int_equal(s->policy.escalate_critical_ms, 20 * minute);
	assert_int_equal(s->policy.flapping_changes, 0);
	assert_int_equal(s->policy.flapping_window_ms, 10 * minute);
	assert_int_equal(s->policy.n_reminders, 0);
	assert_int_equal(s->checks, 1u << mxw_check_find("mx"));
	assert_int_equal(s->notifiers, 0);
	assert_int_equal(s->profile.n_send_ip, 1);
	assert_int_equal(s->n_overrides, 2);
	assert_int_equal(s->overrides[0].severity, MXW_OFF);
	assert_int_equal(s->overrides[1].severity, MXW_WARNING);
	assert_int_equal(s->n_labels, 3);
	assert_string_equal(s->labels[1].name, "site");
	assert_string_equal(s->labels[1].value, "b");
	assert_string_equal(s->labels[2].value, "1");
	const struct mxw_domain_settings *plain = settings_of(config, "plain.example");
	assert_int_equal(plain->policy.escalate_critical_ms, 60 * minute);
	assert_int_equal(plain->policy.flapping_window_ms, 60 * minute);
	assert_int_equal(plain->n_overrides, 1);
	assert_int_equal(plain->n_labels, 2);
	assert_string_equal(plain->labels[1].value, "a");
	assert_int_equal(plain->policy.n_reminders, 1);
	assert_int_equal(plain->notifiers, 3);
	mxw_config_free(config);
}

/* Each domain's own words take the place of the default; what is watched is looked at whatever `checks` names. */
static void test_notify_changes(void **state)
{
	const unsigned mx = MXW_RECORD_BIT(MXW_RECORD_MX), ns = MXW_RECORD_BIT(MXW_RECORD_NS);
	const uint32_t consistency = 1u << mxw_check_find("consistency");
	const struct {
		const char *name;
		unsigned types;
	} rows[] = {
		{ "a.example", mx | ns }, { "b.example", MXW_RECORD_BIT(MXW_RECORD_PTR) - 1 },
		{ "c.example", 0 },       { "d.example", MXW_RECORD_BIT(MXW_RECORD_ADDRESS) },
		{ "e.example", 0 },       { "f.example", mx | ns },
	};
	struct mxw_config *config = read_good("resolvers: [9.9.9.9]\nnotify_changes: [ns, mx]\nchecks: [mx]\n" NOTIFIERS
					      "domains:\n- a.example\n- { name: b.example, notify_changes: true }\n"
					      "- { name: c.example, notify_changes: false }\n"
					      "- { name: d.example, notify_changes: [address] }\n"
					      "- { name: e.example, notify_changes: [] }\n"
					      "- { name: f.example, checks: [spf] }\n");
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		const struct mxw_domain_settings *s = settings_of(config, rows[i].name);
		assert_int_equal(s->watched_types, rows[i].types);
		if (rows[i].types)
			assert_true(s->checks & consistency);
	}
	mxw_config_free(config);
	config = read_good("resolvers: [9.9.9.9]\ndomains: [a.example]\n" NOTIFIERS);
	assert_int_equal(config->defaults.watched_types, 0);
	assert_false(config->defaults.checks & consistency);
	mxw_config_free(config);
}

/* A retry interval that nobody wrote beside a shorter interval gives way. */
static void test_a_short_interval(void **state)
{
	struct mxw_config *config = read_good(
		"resolvers: [9.9.9.9]\ninterval: 30s\n" NOTIFIERS "domains:\n- a.example\n"
		"- { name: b.example, interval: 10s }\n- { name: c.example, interval: 5m }\n");
	assert_int_equal(settings_of(config, "a.example")->policy.retry_interval_ms, 30 * second);
	assert_int_equal(settings_of(config, "b.example")->policy.retry_interval_ms, 10 * second);
	assert_int_equal(settings_of(config, "c.example")->policy.retry_interval_ms, 30 * second);
	mxw_config_free(config);
}

static void test_equal_settings_are_stored_once(void **state)
{
	struct mxw_config *config = read_good("resolvers: [9.9.9.9]\n" NOTIFIERS "domains:\n"
					      "- { name: a.example, interval: 1m, labels: { x: y } }\n- { labels: { x: "
					      "y }, name: b.example, interval: 60s }\n"
					      "- { name: c.example, interval: 1m, labels: { x: z } }\n- { name: "
					      "d.example, interval: 1m }\n- { name: e.example }\n");
	assert_ptr_equal(settings_of(config, "a.example"), settings_of(config, "b.example"));
	assert_ptr_not_equal(settings_of(config, "a.example"), settings_of(config, "c.example"));
	assert_ptr_not_equal(settings_of(config, "a.example"), settings_of(config, "d.example"));
	assert_ptr_not_equal(settings_of(config, "d.example"), settings_of(config, "e.example"));
	mxw_config_free(config);
}

static void test_state_directory(void **state)
{
	static const struct {
		const char *key, *environment, *expected;
	} rows[] = {
		{ "", NULL, NULL },
		{ "", "", NULL },
		{ "", "/var/lib/mxwatch", "/var/lib/mxwatch" },
		{ "", "/var/lib/a:/var/lib/b", "/var/lib/a" },
		{ "state_dir: /srv/x:y\n", "/var/lib/mxwatch", "/srv/x:y" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT, diags = MXW_STRBUF_INIT;
		mxw_strbuf_addf(&text, "resolvers: [9.9.9.9]\n%s", rows[i].key);
		const struct test_file file = { "/etc/mxwatch.yaml", mxw_strbuf_get(&text), 0 };
		struct test_source source;
		test_source_init(&source, &file, 1);
		source.state_directory = rows[i].environment;
		struct mxw_config *config = test_config_read(&source, &diags);
		assert_non_null(config);
		if (rows[i].expected)
			assert_string_equal(config->state_dir, rows[i].expected);
		else
			assert_null(config->state_dir);
		mxw_config_free(config);
	}
}

static void test_canaries_off(void **state)
{
	struct mxw_config *config = read_good("resolvers: [9.9.9.9]\ncanaries: []\ndomains: [example.com]\n" NOTIFIERS);
	assert_int_equal(config->n_canaries, 0);
	mxw_config_free(config);
}

static void test_arguments(void **state)
{
	static const char *const good[] = { "127.0.0.1:5301", "[::1]:5302", "127.0.0.1:5303" }, *const bad[] = {
		"127.0.0.1", "x"
	};
	static const char *const twice[] = { "127.0.0.1", "127.0.0.1:53" };
	MXW_CLEANUP(mxw_diags_done) struct mxw_diags diags = { 0 };
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
	struct test_source source;
	struct mxw_config *config = NULL, *none = NULL;
	test_source_init(&source, NULL, 0);
	assert_int_equal(mxw_config_from_arguments(&config, good, 3, &source.source, &diags), 0);
	assert_int_equal(diags.n, 0);
	assert_int_equal(config->n_upstreams, 3);
	assert_int_equal(config->quorum, 2);
	expect_upstream(&config->upstreams[1], "[::1]:5302", "::1 5302");
	assert_int_equal(config->defaults.policy.interval_ms, 5 * minute);
	assert_int_equal(config->n_domains, 0);

	assert_int_equal(mxw_config_from_arguments(&none, bad, 2, &source.source, &diags), 0);
	assert_null(none);
	assert_int_equal(mxw_config_set_resolvers(config, twice, 2, &source.source, &diags), 0);
	assert_int_equal(mxw_config_set_resolvers(config, NULL, 0, &source.source, &diags), 0);
	mxw_diags_print(&diags, &text);
	assert_string_equal(mxw_strbuf_get(&text),
			    "-r: \"x\" is no address, expected an address, address:port, [IPv6]:port or system\n"
			    "-r: 127.0.0.1 port 53 is given twice; expected every operator once, as one vote\n"
			    "-r: missing, expected at least one resolver\n");
	assert_int_equal(config->n_upstreams, 3); /* as they were */
	assert_int_equal(mxw_config_set_resolvers(config, bad, 1, &source.source, &diags), 0);
	assert_int_equal(config->n_upstreams, 1);
	assert_int_equal(config->quorum, 1);
	mxw_config_free(config);
}

/* The tables for the manual name every mapping, and every row explains itself and has a default that its reader takes. */
static void test_option_tables(void **state)
{
	struct mxw_option_table tables[MXW_MAX_OPTION_TABLES];
	size_t n = mxw_config_option_tables(tables);
	assert_true(n >= 7 + mxw_n_notifiers + 1);
	assert_string_equal(tables[0].name, "(top level)");
	for (size_t i = 0; i < n; i++) {
		struct mxw_values values;
		assert_int_equal(mxw_values_init(&values, tables[i].options), 0);
		mxw_values_done(&values);
		for (const struct mxw_option *row = tables[i].options; row->name; row++) {
			if (!row->doc || !*row->doc)
				fail_msg("%s: %s has no text", tables[i].name, row->name);
			for (const struct mxw_option *other = tables[i].options; other != row; other++)
				assert_string_not_equal(other->name, row->name);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_every_key_of_the_top_level),
		cmocka_unit_test(test_majority),
		cmocka_unit_test(test_a_domain_over_the_defaults),
		cmocka_unit_test(test_notify_changes),
		cmocka_unit_test(test_a_short_interval),
		cmocka_unit_test(test_equal_settings_are_stored_once),
		cmocka_unit_test(test_state_directory),
		cmocka_unit_test(test_canaries_off),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_option_tables),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
