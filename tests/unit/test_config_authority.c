/* `authority`: whose word it is, at the top level and in a domain, and the exact lines for what is wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/config_source.h"

#define F "/etc/mxwatch.yaml:"
#define TOP "resolvers: [9.9.9.9]\nnotifiers: [{ name: log, type: syslog }]\n"

static struct mxw_config *read_good(const char *text)
{
	MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf diags = MXW_STRBUF_INIT;
	struct mxw_config *config = test_config_read_text(text, &diags);
	if (!config)
		fail_msg("%s", mxw_strbuf_get(&diags));
	return config;
}

/* "off", "on", or "ZONE ADDRESS/PORT ADDRESS/PORT ...". */
static void describe(const struct mxw_config *config, const char *domain, struct mxw_strbuf *ret)
{
	const struct mxw_config_authority *authority = mxw_config_find_domain(config, domain)->settings->authority;
	char ip[MXW_IP_TEXT_MAX];
	if (!authority || !authority->n_servers) {
		mxw_strbuf_adds(ret, authority ? "on" : "off");
		return;
	}
	mxw_strbuf_adds(ret, authority->zone ? authority->zone : "itself");
	for (size_t i = 0; i < authority->n_servers; i++) {
		mxw_ip_format(&authority->servers[i].ip, ip);
		mxw_strbuf_addf(ret, " %s/%u", ip, authority->servers[i].port);
	}
}

static void test_what_is_read(void **state)
{
	static const struct {
		const char *domain, *authority;
	} rows[] = {
		{ "a.example", "itself 192.0.2.53/53 127.0.0.1/5301 2001:db8::53/54" },
		{ "b.example", "off" },
		{ "c.example", "on" },
		{ "www.d.example", "d.example 192.0.2.54/53" },
		{ "e.example", "itself 192.0.2.53/53 127.0.0.1/5301 2001:db8::53/54" },
	};
	struct mxw_config *config = read_good(
		TOP "authority: { servers: [192.0.2.53, 127.0.0.1:5301, \"[2001:db8::53]:54\"] }\n"
		    "domains:\n- a.example\n- { name: b.example, authority: off }\n"
		    "- { name: c.example, authority: on }\n"
		    "- { name: www.d.example, authority: { servers: [192.0.2.54], zone: D.example. } }\n"
		    "- { name: e.example, interval: 1m }\n");
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT;
		describe(config, rows[i].domain, &text);
		assert_string_equal(mxw_strbuf_get(&text), rows[i].authority);
	}
	mxw_config_free(config);
}

static void test_it_is_off(void **state)
{
	struct mxw_config *config = read_good(TOP "domains: [a.example]\n");
	assert_null(config->defaults.authority);
	mxw_config_free(config);
}

/* Domains with the same words share their settings; those that name servers have their own. */
static void test_settings_are_shared(void **state)
{
	struct mxw_config *config = read_good(TOP "domains:\n- { name: a.example, authority: on }\n"
						  "- { name: b.example, authority: on }\n"
						  "- { name: c.example, authority: off }\n");
	assert_ptr_equal(mxw_config_find_domain(config, "a.example")->settings,
			 mxw_config_find_domain(config, "b.example")->settings);
	assert_ptr_not_equal(mxw_config_find_domain(config, "a.example")->settings,
			     mxw_config_find_domain(config, "c.example")->settings);
	mxw_config_free(config);
}

static void test_errors(void **state)
{
	static const struct {
		const char *authority, *diags; /* of a domain, from column 33 of line 4 on */
	} rows[] = {
		{ "yes", F "4:33: domains[0].authority: found text \"yes\", expected on, off or a mapping such as "
			   "{ servers: [192.0.2.53] }\n" },
		{ "[192.0.2.53]", F "4:33: domains[0].authority: found a list, expected on, off or a mapping such as "
				    "{ servers: [192.0.2.53] }\n" },
		{ "{ servers: [] }",
		  F "4:44: domains[0].authority.servers: an empty list, expected at least one address\n" },
		{ "{ zone: a.example }", F
		  "4:33: domains[0].authority.servers: missing, expected a list of addresses such as [192.0.2.53]\n" },
		{ "{ servers: [ns1.a.example, 192.0.2.1, 192.0.2.1:53] }",
		  F "4:45: domains[0].authority.servers[0]: \"ns1.a.example\" is no address, expected an address, "
		    "address:port or [IPv6]:port\n" F
		    "4:71: domains[0].authority.servers[2]: 192.0.2.1:53 is given twice, expected once\n" },
		{ "{ servers: [192.0.2.1, 192.0.2.2, 192.0.2.3, 192.0.2.4, 192.0.2.5, 192.0.2.6, 192.0.2.7, "
		  "192.0.2.8, 192.0.2.9] }",
		  F "4:44: domains[0].authority.servers: a list of 9 servers, expected at most 8\n" },
		{ "{ servers: [192.0.2.1], zone: b.example }",
		  F "4:11: \"a.example\" is not in the zone b.example of its authority, expected a zone that holds "
		    "it\n" },
		{ "{ servers: [192.0.2.1], name: a.example }",
		  F "4:57: domains[0].authority.name: unknown key, expected one of servers, zone\n" },
	};
	for (size_t i = 0; i < MXW_ARRAY_SIZE(rows); i++) {
		MXW_CLEANUP(mxw_strbuf_done) struct mxw_strbuf text = MXW_STRBUF_INIT, diags = MXW_STRBUF_INIT;
		mxw_strbuf_addf(&text, TOP "domains:\n- { name: a.example, authority: %s }\n", rows[i].authority);
		assert_null(test_config_read_text(mxw_strbuf_get(&text), &diags));
		assert_string_equal(mxw_strbuf_get(&diags), rows[i].diags);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_read),
		cmocka_unit_test(test_it_is_off),
		cmocka_unit_test(test_settings_are_shared),
		cmocka_unit_test(test_errors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
